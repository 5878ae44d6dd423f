/** How a credential gets into requests, and where it may go. */
import { TransportError } from '../networkErrors';
import type { HttpRequest, Send } from '../types';

export type Authentication = {
	/** The credential's own address, without a slash at its end; null = it has none. Paths are taken below it. */
	readonly base: string | null;
	/** Where the secret may go; null = to the origin of whatever endpoint it is used for. */
	readonly origins: readonly string[] | null;
	/** Why it may not go to a URL within these, for a credential with further limits. */
	readonly refusal?: (url: URL) => TransportError | undefined;
	/** Adds the secret to a request. @throws HcmError when a token cannot be had */
	readonly apply: (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpRequest>;
	/**
	 * Forgets the token that a request went out with, after the server refused it.
	 * @returns whether sending again makes sense: there is a token to renew
	 */
	readonly renew: (refused: HttpRequest) => boolean;
	/** What must stand in no message, fetched tokens included. */
	readonly secrets: () => readonly string[];
	/** What `{credential.name}` stands for. */
	readonly variables: Readonly<Record<string, string>>;
};

export function noAuthentication(): Authentication {
	return {
		base: null,
		origins: null,
		apply: (request) => Promise.resolve(request),
		renew: () => false,
		secrets: () => [],
		variables: {},
	};
}

/**
 * Sends with the credential: to its own origins only, and once more with a new token when the server refuses the one it got.
 * @returns a `send` that rejects with TransportError for a request that would carry the secret elsewhere
 */
export function authenticated(send: Send, { origins, refusal, apply, renew }: Authentication): Send {
	return async (request, signal) => {
		if (!request.withCredential) return await send(request, signal);
		const url = URL.parse(request.url);
		const origin = url?.origin;
		if (origins !== null && (origin === undefined || !origins.includes(origin)))
			throw new TransportError(
				`the credential is for ${origins.join(' and ') || 'no address'}, and the call goes to ${origin ?? 'no address'}`,
				'The secret is sent to its own server only. Correct the URL of the endpoint or the one in the credential, or choose Authentication: None.',
				{ unsent: true },
			);
		const refused = url && refusal?.(url);
		if (refused) throw refused;
		const first = await apply(request, signal);
		const reply = await send(first, signal);
		if (reply.status !== 401 || !renew(first)) return reply;
		return await send(await apply(request, signal), signal);
	};
}

/** The credential's address without blanks and slashes at its end. */
export const toBase = (address: string): string => address.trim().replace(/\/+$/, '');

/** The origin of an address, as a list; empty for one that is none, so that nothing is sent anywhere. */
export function originsOf(...addresses: readonly string[]): readonly string[] {
	return addresses.flatMap((address) => {
		const origin = URL.parse(address)?.origin;
		return origin === undefined || origin === 'null' ? [] : [origin];
	});
}
