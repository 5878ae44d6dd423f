/** OAuth2 with tokens that somebody else keeps and renews. */
import { TransportError } from '../networkErrors';
import { originsOf, toBase, type Authentication } from './authentication';

export type OAuth2Credential = {
	readonly baseUrl?: string;
	/** The word before the token. */
	readonly headerPrefix?: string;
	readonly clientSecret?: string;
	readonly oauthTokenData?: { readonly access_token?: unknown };
};

/**
 * @param fetchToken gets a new token from whoever keeps them; `known` is the one that will not do any more
 * @returns the means; `apply` rejects with TransportError when there is no token to be had
 */
export function oauth2Authentication(
	{ baseUrl = '', headerPrefix = '', clientSecret = '', oauthTokenData }: OAuth2Credential,
	fetchToken: (known: string | undefined) => Promise<string>,
): Authentication {
	const base = toBase(baseUrl);
	const stored = oauthTokenData?.access_token;
	let current = typeof stored === 'string' && stored !== '' ? stored : undefined;
	let old: string | undefined;
	let underWay: Promise<string> | undefined;
	const known = new Set(current === undefined ? [] : [current]);
	const renewed = async (): Promise<string> => {
		try {
			const token = await fetchToken(old);
			known.add(token);
			current = token;
			return token;
		} catch (error) {
			throw new TransportError(
				`there is no token for the credential: ${error instanceof Error ? error.message : 'it cannot be renewed'}`,
				'Open the credential and connect it again.',
			);
		}
	};
	return {
		base: base === '' ? null : base,
		origins: base === '' ? null : originsOf(base),
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
		secrets: () => [...known, ...(clientSecret === '' ? [] : [clientSecret])],
		variables: {},
	};
}
