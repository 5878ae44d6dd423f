/** The credential and the connections of a feed: decrypted once, opened once. */
import { NodeOperationError, type IExecuteFunctions, type ILoadOptionsFunctions } from 'n8n-workflow';
import { authenticated, noAuthentication, type Authentication } from '../../lib/hcm/authentication/authentication';
import { hcmApiAuthentication, type HcmApiCredential } from '../../lib/hcm/authentication/hcmApi';
import { jumpCloudAuthentication, type JumpCloudCredential } from '../../lib/hcm/authentication/jumpCloud';
import { oauth2Authentication, type OAuth2Credential } from '../../lib/hcm/authentication/oauth2';
import { TransportError } from '../../lib/hcm/networkErrors';
import { toPem } from '../../lib/pem';
import { openTransport, type Transport, type TransportSettings } from '../../lib/hcm/transport';
import type { Send } from '../../lib/hcm/types';
import { PathError } from '../../lib/json/path';

type Context = IExecuteFunctions | ILoadOptionsFunctions;

export type Connection = {
	readonly send: Send;
	/** A path as a whole address below the credential's; `{places}` in it stay as they are. */
	readonly absolute: (url: string) => string;
	/** What must stand in no message. */
	readonly secrets: () => readonly string[];
	/** What `{credential.name}` stands for. */
	readonly variables: Readonly<Record<string, string>>;
	readonly close: () => Promise<void>;
};

export type ConnectionOptions = {
	/** none, jumpCloud, hcmApi or hcmOAuth2Api. */
	readonly authentication: string;
	readonly timeoutMs: number;
	readonly maxReplyBytes: number;
};

/**
 * Decrypts the credential, opens the connections, and joins both. No call is made yet.
 * @param item whose expressions the credential may use, and which messages name
 * @throws NodeOperationError for a credential that is missing or cannot be used
 */
export async function openConnection(context: Context, item: number, options: ConnectionOptions): Promise<Connection> {
	try {
		return await open(context, item, options);
	} catch (error) {
		const said = credentialFault(error);
		// A credential that is not there, or not decrypted, is n8n's own to explain.
		if (!said) throw new NodeOperationError(context.getNode(), error as Error, { itemIndex: item });
		throw new NodeOperationError(context.getNode(), `${said.message} [Item ${item}]`, {
			description: said.whatToDo,
			itemIndex: item,
		});
	}
}

async function open(
	context: Context,
	item: number,
	{ authentication, timeoutMs, maxReplyBytes }: ConnectionOptions,
): Promise<Connection> {
	const credential =
		authentication === 'none'
			? {}
			: await credentialOf<HcmApiCredential>(context, CREDENTIALS[authentication] ?? '', item);
	// Before anything is opened, so that a credential that is not filled in right leaves nothing open.
	const means =
		authentication === 'hcmOAuth2Api'
			? oauth2Of(context, credential)
			: authenticationOf(authentication, credential, (request, signal) => transport.send(request, signal));
	const transport: Transport = openTransport({
		timeoutMs,
		maxReplyBytes,
		environment: process.env,
		...egressOf(context),
		...certificateOf(authentication === 'hcmApi' ? credential : {}),
	});
	return {
		send: authenticated(transport.send, means),
		absolute: (url) => below(means.base, url),
		secrets: means.secrets,
		variables: means.variables,
		close: transport.close,
	};
}

const CREDENTIALS: Readonly<Record<string, string>> = {
	jumpCloud: 'jumpCloudApi',
	hcmApi: 'hcmApi',
	hcmOAuth2Api: 'hcmOAuth2Api',
};

async function credentialOf<T extends object>(context: Context, type: string, item: number): Promise<T> {
	return 'getInputData' in context
		? await context.getCredentials<T>(type, item)
		: await context.getCredentials<T>(type);
}

/** @throws TransportError or PathError for a credential that is not filled in right */
export function authenticationOf(
	authentication: string,
	credential: HcmApiCredential | JumpCloudCredential,
	send: Send,
): Authentication {
	const clock = () => Date.now();
	if (authentication === 'jumpCloud') return jumpCloudAuthentication(credential as JumpCloudCredential, send, clock);
	if (authentication === 'hcmApi') return hcmApiAuthentication(credential as HcmApiCredential, send, clock);
	return noAuthentication();
}

/** The client certificate of a credential, for mutual TLS. */
export function certificateOf(credential: HcmApiCredential): Pick<TransportSettings, 'clientCertificate'> {
	const text = (name: string) => (typeof credential[name] === 'string' ? credential[name] : '');
	if (credential['mutualTls'] !== true) return {};
	const passphrase = text('certificatePassphrase');
	const authorities = toPem(text('certificateAuthorities'));
	return {
		clientCertificate: {
			certificate: toPem(text('certificate')),
			key: toPem(text('certificateKey')),
			...(passphrase === '' ? {} : { passphrase }),
			...(authorities === '' ? {} : { authorities }),
		},
	};
}

/** n8n's rules on where nodes may connect to (N8N_SSRF_PROTECTION_ENABLED); older versions have none. */
function egressOf(context: Context): Pick<TransportSettings, 'egress'> {
	const helpers = context.helpers as Partial<Pick<IExecuteFunctions['helpers'], 'getSecureEgressFilter'>>;
	const filter = helpers.getSecureEgressFilter?.();
	if (!filter) return {};
	return { egress: { validateUrl: (url) => filter.validateUrl(url), lookup: filter.createSecureLookup() } };
}

/** A path below the credential's address; whole addresses stay. */
function below(base: string | null, url: string): string {
	if (base === null || base === '' || /^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
	return `${base}/${url.replace(/^\/+/, '')}`;
}

/**
 * Tokens are n8n's: it keeps and renews them for all its workers. Its request helper is not used, because it writes no other word than Bearer
 * before a token (n8n-workflow 2.41, @n8n/client-oauth2: any other type of token goes into the query).
 */
function oauth2Of(context: Context, credential: OAuth2Credential): Authentication {
	const helpers = context.helpers as Partial<Context['helpers']>;
	return oauth2Authentication(credential, async (known) => {
		if (!helpers.refreshOAuth2Token) throw new Error('this version of n8n gives none to nodes: update n8n');
		// Without a token n8n's helper fails on reading it: it is shown an empty one.
		const withToken = { ...credential, oauthTokenData: known === undefined ? {} : credential.oauthTokenData };
		const asking = new Proxy(context, {
			get: (target, name) => {
				if (name === 'getCredentials' && known === undefined) return () => Promise.resolve(withToken);
				const value: unknown = Reflect.get(target, name);
				return typeof value === 'function' ? (value.bind(target) as unknown) : value;
			},
		});
		const data: unknown = await helpers.refreshOAuth2Token.call(asking as IExecuteFunctions, 'hcmOAuth2Api');
		const token = typeof data === 'object' && data !== null && 'access_token' in data ? data.access_token : undefined;
		if (typeof token !== 'string' || token === '') throw new Error('the reply of the token call has none');
		return token;
	});
}

/** @returns what is wrong with how a credential is filled in; undefined for any other error */
export function credentialFault(error: unknown): { readonly message: string; readonly whatToDo: string } | undefined {
	if (error instanceof PathError)
		return { message: error.message, whatToDo: "Correct 'Token Path' or 'Lifetime Path' in the credential." };
	return error instanceof TransportError ? { message: sentence(error.reason), whatToDo: error.whatToDo } : undefined;
}

const sentence = (reason: string) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
