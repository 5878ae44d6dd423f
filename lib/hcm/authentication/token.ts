/** A token that a call gives: fetched once for many calls, kept until shortly before its end, fetched again when it is refused. */
import { compilePath } from '../../json/path';
import { mayPass } from '../throttle';
import { networkFault, TransportError } from '../networkErrors';
import { parseReply } from '../reply';
import { serverWords } from '../serverWords';
import type { HttpReply, HttpRequest, Send } from '../types';

export type TokenSource = {
	/** The call that gives a token. `withCredential` shows the client certificate: some products (ADP) ask for it here too. */
	readonly request: HttpRequest;
	/** Where the token stands in the reply. */
	readonly tokenPath: string;
	/** Where its lifetime in seconds stands; '' = it is kept until it is refused. */
	readonly lifetimePath: string;
	/** Seconds, where the reply does not say; null = until it is refused. */
	readonly lifetime: number | null;
	/** How messages call it: "the log-in", "the token call of the service account". */
	readonly name: string;
	/** Must stand in no message. */
	readonly secrets: readonly string[];
};

export type Token = {
	/** @throws TransportError when there is none to be had */
	readonly get: (signal: AbortSignal | undefined) => Promise<string>;
	/** Forgets the token that a refused request carried. A newer one, which another call fetched meanwhile, stays. */
	readonly refused: (request: HttpRequest) => void;
	/** Every token that was fetched, for masking. */
	readonly known: () => readonly string[];
};

/** Renewed so long before its end, so that none ends on its way. */
const EARLY_MS = 30_000;

/**
 * @param clock milliseconds since 1970
 * @throws PathError for a path that is none
 */
export function tokenFrom(source: TokenSource, send: Send, clock: () => number): Token {
	const tokenOf = compilePath(source.tokenPath);
	const lifetimeOf = source.lifetimePath.trim() === '' ? () => undefined : compilePath(source.lifetimePath);
	const known: string[] = [];
	let current: { readonly token: string; readonly until: number } | undefined;
	let underWay: Promise<string> | undefined;
	const fetchOne = async (signal: AbortSignal | undefined): Promise<string> => {
		const body = await login(source, send, signal, clock());
		const found = tokenOf(body);
		const token = typeof found === 'string' || typeof found === 'number' ? String(found).trim() : '';
		if (token === '')
			throw new TransportError(
				`${source.name} answered, but no token stands at "${source.tokenPath}"`,
				'Correct the path to the token in the credential.',
			);
		const seconds = Number(lifetimeOf(body) ?? source.lifetime ?? NaN);
		current = { token, until: seconds > 0 ? clock() + seconds * 1000 - EARLY_MS : Infinity };
		known.push(token);
		return token;
	};
	return {
		get: async (signal) => {
			// A token that lives shorter than it is renewed early is used once and fetched again.
			if (current && clock() < current.until) return current.token;
			underWay ??= fetchOne(signal).finally(() => (underWay = undefined));
			return await underWay;
		},
		refused: (request) => {
			const carried = current?.token;
			if (carried !== undefined && Object.values(request.headers).some((value) => value.includes(carried)))
				current = undefined;
		},
		known: () => known,
	};
}

async function login(
	{ request, name, secrets }: TokenSource,
	send: Send,
	signal: AbortSignal | undefined,
	now: number,
): Promise<unknown> {
	const origin = URL.parse(request.url)?.origin ?? request.url;
	let reply: HttpReply;
	try {
		reply = await send(request, signal);
	} catch (error) {
		if (signal?.aborted) throw error;
		const { reason, whatToDo, passing, unsent } = networkFault(error);
		throw new TransportError(`${name} at ${origin} failed: ${reason}`, whatToDo, { passing, unsent });
	}
	if (reply.status < 200 || reply.status > 299) {
		const said = serverWords(reply, secrets);
		throw new TransportError(
			`${name} at ${origin} was refused (HTTP ${reply.status})${said === '' ? '' : `: ${said}`}`,
			'Check user, password or client secret, and the address of the log-in, in the credential.',
			{ passing: mayPass(reply), unsent: true },
		);
	}
	try {
		return parseReply(reply, { endpoint: name, page: 1 }, { format: 'auto', now, secrets });
	} catch {
		throw new TransportError(
			`${name} at ${origin} answered with something that is no data`,
			'Check the address of the log-in in the credential.',
		);
	}
}
