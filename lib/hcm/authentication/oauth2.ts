/** OAuth2 with tokens that somebody else keeps and renews. */
import { networkFault, TransportError } from '../networkErrors';
import { quoted } from '../serverWords';
import { mayPass } from '../throttle';
import { originsOf, toBase, type Authentication } from './authentication';
import { domainRefusal, type DomainLimits } from './domains';

export type OAuth2Credential = DomainLimits & {
	readonly baseUrl?: string;
	/** The word before the token. */
	readonly headerPrefix?: string;
	readonly clientSecret?: string;
	readonly oauthTokenData?: { readonly access_token?: unknown; readonly refresh_token?: unknown };
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * @param fetchToken gets a new token from whoever keeps them; `known` is the one that will not do any more
 * @returns the means; `apply` rejects with TransportError when there is no token to be had
 */
export function oauth2Authentication(
	credential: OAuth2Credential,
	fetchToken: (known: string | undefined) => Promise<string>,
): Authentication {
	const { baseUrl = '', headerPrefix = '', clientSecret = '', oauthTokenData } = credential;
	const base = toBase(baseUrl) === '' ? null : toBase(baseUrl);
	let current = textOf(oauthTokenData?.access_token);
	let old: string | undefined;
	let underWay: Promise<string> | undefined;
	const known = new Set(
		[current, textOf(oauthTokenData?.refresh_token), textOf(clientSecret)].filter((one) => one !== undefined),
	);
	const renewed = async (): Promise<string> => {
		try {
			const token = await fetchToken(old);
			known.add(token);
			current = token;
			return token;
		} catch (error) {
			throw noToken(error, [...known]);
		}
	};
	return {
		base,
		origins: base === null ? null : originsOf(base),
		refusal: domainRefusal(credential, base),
		apply: async (request) => {
			underWay ??= current === undefined ? renewed().finally(() => (underWay = undefined)) : undefined;
			const token = current ?? (await underWay) ?? '';
			const prefix = headerPrefix.trim() === '' ? 'Bearer' : headerPrefix.trim();
			return { ...request, headers: { ...request.headers, authorization: `${prefix} ${token}` } };
		},
		renew: (refused) => {
			if (current !== undefined && refused.headers['authorization']?.endsWith(` ${current}`) === true) {
				old = current;
				current = undefined;
			}
			return true;
		},
		secrets: () => [...known],
		variables: {},
	};
}

/** @param error what n8n's HTTP library, its OAuth2 client or n8n itself threw; its words may repeat what the token server was sent */
function noToken(error: unknown, secrets: readonly string[]): TransportError {
	const status = statusOf(error);
	if (status !== undefined && mayPass({ status, headers: {} }))
		return new TransportError(
			`the token server of the credential answers with HTTP ${status}`,
			'Run again later; if it stays so, tell the operator of the token server.',
			{ passing: true, unsent: true },
		);
	if (typeof error === 'object' && error !== null && 'isAxiosError' in error) {
		const { reason, whatToDo, passing } = networkFault(error);
		return new TransportError(`the token server of the credential cannot be asked: ${reason}`, whatToDo, {
			passing,
			unsent: true,
		});
	}
	const said = error instanceof Error && error.message !== '' ? quoted(error.message, secrets) : 'it cannot be renewed';
	return new TransportError(
		`there is no token for the credential: ${said}`,
		'Open the credential and connect it again.',
		{ unsent: true },
	);
}

/** As axios and n8n's OAuth2 client keep it. */
function statusOf(error: unknown): number | undefined {
	const { response, status } = (error ?? {}) as { response?: { status?: unknown } | null; status?: unknown };
	const found = response?.status ?? status;
	return typeof found === 'number' ? found : undefined;
}
