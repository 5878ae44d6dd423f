/** JumpCloud: an administrator's API key, or a service account's token (reference: JumpCloud's API descriptions and its command line tool). */
import type { HttpRequest, Send } from '../types';
import { originsOf, toBase, type Authentication } from './authentication';
import { tokenFrom } from './token';

export type JumpCloudCredential = {
	readonly authenticateWith?: 'apiKey' | 'serviceAccount';
	readonly apiKey?: string;
	readonly clientId?: string;
	readonly clientSecret?: string;
	readonly tokenUrl?: string;
	readonly region?: string;
	readonly customUrl?: string;
	readonly organizationId?: string;
};

/** The console, and beside it the host of Directory Insights. */
const HOSTS: Readonly<Record<string, readonly [console: string, api: string]>> = {
	us: ['https://console.jumpcloud.com', 'https://api.jumpcloud.com'],
	eu: ['https://console.eu.jumpcloud.com', 'https://api.eu.jumpcloud.com'],
	in: ['https://console.in.jumpcloud.com', 'https://api.in.jumpcloud.com'],
};
/** Documented for the US region; others are not. */
export const TOKEN_URL = 'https://admin-oauth.id.jumpcloud.com/oauth2/token';
/** Routes that answer 403 when they get an organisation id (JumpCloud's PowerShell module, Invoke-JCApi.ps1). */
const WITHOUT_ORGANIZATION = /^\/api\/(organizations|v2\/providers|v2\/organizations)(\/|$)/;
/** What JumpCloud's own command line tool assumes where the reply does not say. */
const LIFETIME_SECONDS = 3600;

/** @param send without a credential, for the token call @param clock milliseconds since 1970 */
export function jumpCloudAuthentication(
	credential: JumpCloudCredential,
	send: Send,
	clock: () => number,
): Authentication {
	const text = (value: string | undefined) => (value ?? '').trim();
	const hosts = HOSTS[credential.region ?? 'us'];
	const base = hosts?.[0] ?? toBase(text(credential.customUrl));
	const organization = text(credential.organizationId);
	const inHeaders = (request: HttpRequest, name: string, value: string): HttpRequest => {
		const takesOne = organization !== '' && !WITHOUT_ORGANIZATION.test(URL.parse(request.url)?.pathname ?? '');
		return {
			...request,
			headers: { ...request.headers, [name]: value, ...(takesOne ? { 'x-org-id': organization } : {}) },
		};
	};
	const shared = { base, origins: hosts ? originsOf(...hosts) : originsOf(base), variables: {} };
	if (credential.authenticateWith !== 'serviceAccount') {
		const key = text(credential.apiKey);
		return {
			...shared,
			apply: (request) => Promise.resolve(inHeaders(request, 'x-api-key', key)),
			renew: () => false,
			secrets: () => [key],
		};
	}
	const [id, secret] = [text(credential.clientId), text(credential.clientSecret)];
	const basic = Buffer.from(`${id}:${secret}`, 'utf8').toString('base64');
	const token = tokenFrom(
		{
			request: {
				method: 'POST',
				url: text(credential.tokenUrl) === '' ? TOKEN_URL : text(credential.tokenUrl),
				query: [],
				headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
				body: { text: 'grant_type=client_credentials&scope=api', contentType: 'application/x-www-form-urlencoded' },
				withCredential: false,
			},
			tokenPath: 'access_token',
			lifetimePath: 'expires_in',
			lifetime: LIFETIME_SECONDS,
			name: 'the token call of the service account',
			secrets: [secret, basic],
		},
		send,
		clock,
	);
	return {
		...shared,
		apply: async (request, signal) => inHeaders(request, 'authorization', `Bearer ${await token.get(signal)}`),
		renew: (refused) => {
			token.refused(refused);
			return true;
		},
		secrets: () => [secret, basic, ...token.known()],
	};
}
