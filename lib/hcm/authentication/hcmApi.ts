/** The general credential: key, Basic, Bearer or a log-in, with further secret headers and values. */
import { TransportError } from '../networkErrors';
import { buildRequest } from '../request';
import { TemplateError } from '../template';
import type { HttpMethod, HttpRequest, Send } from '../types';
import { originsOf, toBase, type Authentication } from './authentication';
import { tokenFrom, type Token, type TokenSource } from './token';

/** Fields as n8n stores them; secret ones are password fields there. */
export type HcmApiCredential = {
	readonly authenticateWith?: 'apiKey' | 'basic' | 'bearer' | 'login' | 'none';
	readonly baseUrl?: string;
	readonly keyIn?: 'header' | 'query';
	readonly keyName?: string;
	readonly keyPrefix?: string;
	readonly keyValue?: string;
	readonly user?: string;
	readonly password?: string;
	readonly token?: string;
	readonly loginUrl?: string;
	readonly loginMethod?: HttpMethod;
	readonly loginBodyType?: 'json' | 'form';
	/** A JSON object, whose texts may have `{credential.user}`. */
	readonly loginBody?: string;
	readonly tokenPath?: string;
	readonly lifetimePath?: string;
	readonly tokenHeader?: string;
	readonly tokenPrefix?: string;
	readonly [field: string]: unknown;
};

export const MOST_HEADERS = 5;
export const MOST_VALUES = 5;

/** As the credential's field has it. */
const LOGIN_BODY = '{ "username": "{credential.user}", "password": "{credential.password}" }';

type Named = { readonly name: string; readonly value: string };

/**
 * @param send without a credential, for the log-in
 * @param clock milliseconds since 1970
 * @throws TransportError for a log-in that is not filled in right, PathError for a path to the token that is none
 */
export function hcmApiAuthentication(credential: HcmApiCredential, send: Send, clock: () => number): Authentication {
	const base = toBase(credential.baseUrl ?? '');
	const headers = numbered(credential, 'header', credential['headerCount'], MOST_HEADERS);
	const values = numbered(credential, 'value', credential['valueCount'], MOST_VALUES);
	const { user = '', password = '' } = credential;
	const variables = { user, password, ...Object.fromEntries(values.map(({ name, value }) => [name, value])) };
	const basic = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
	const further = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
	const entered = [
		(credential.keyValue ?? '').trim(),
		(credential.token ?? '').trim(),
		password,
		// The key of some products is the user name of Basic, with a password that is none.
		...(credential.authenticateWith === 'basic' ? [basic, user] : []),
		...headers.map(({ value }) => value),
		...values.map(({ value }) => value),
	].filter((secret) => secret !== '');
	const token =
		credential.authenticateWith === 'login'
			? tokenFrom(loginOf(credential, { base, variables, further, secrets: entered }), send, clock)
			: undefined;
	return {
		base: base === '' ? null : base,
		origins: base === '' ? null : originsOf(base),
		apply: async (request, signal) => {
			const whole = { ...request, headers: { ...request.headers, ...further } };
			return await withSecret(whole, credential, basic, token, signal);
		},
		renew: (refused) => {
			token?.refused(refused);
			return token !== undefined;
		},
		secrets: () => [...entered, ...(token?.known() ?? [])],
		variables,
	};
}

async function withSecret(
	request: HttpRequest,
	credential: HcmApiCredential,
	basic: string,
	token: Token | undefined,
	signal: AbortSignal | undefined,
): Promise<HttpRequest> {
	const inHeader = (name: string, value: string): HttpRequest => ({
		...request,
		headers: { ...request.headers, [name]: value },
	});
	switch (credential.authenticateWith ?? 'apiKey') {
		case 'apiKey': {
			const { keyIn = 'header', keyName = '', keyPrefix = '', keyValue = '' } = credential;
			const value = prefixed(keyPrefix, keyValue.trim());
			if (keyIn === 'header') return inHeader(keyName.trim(), value);
			return {
				...request,
				query: [...request.query.filter(([name]) => name !== keyName.trim()), [keyName.trim(), value]],
			};
		}
		case 'basic':
			return inHeader('authorization', `Basic ${basic}`);
		case 'bearer':
			return inHeader('authorization', `Bearer ${(credential.token ?? '').trim()}`);
		case 'login': {
			const { tokenHeader = 'Authorization', tokenPrefix = 'Bearer' } = credential;
			return inHeader(tokenHeader.trim(), prefixed(tokenPrefix, (await token?.get(signal)) ?? ''));
		}
		case 'none':
			return request;
	}
}

const prefixed = (prefix: string, value: string) => (prefix.trim() === '' ? value : `${prefix.trim()} ${value}`);

type LogIn = {
	readonly base: string;
	readonly variables: Readonly<Record<string, string>>;
	/** Secret headers: products with a key for each customer ask for it at the log-in too (UKG). */
	readonly further: Readonly<Record<string, string>>;
	readonly secrets: readonly string[];
};

function loginOf(credential: HcmApiCredential, { base, variables, further, secrets }: LogIn): TokenSource {
	const request = loginRequest(credential, base, variables);
	// They are for the credential's own server; without a Base URL, the log-in's is all that it names.
	const own = base === '' || URL.parse(request.url)?.origin === URL.parse(base)?.origin;
	return {
		request: own ? { ...request, headers: { ...request.headers, ...further } } : request,
		tokenPath: credential.tokenPath ?? 'access_token',
		lifetimePath: credential.lifetimePath ?? '',
		lifetime: null,
		name: 'the log-in',
		secrets,
	};
}

/** @throws TransportError for a body or an address that is none */
function loginRequest(
	{ loginUrl = '', loginMethod = 'POST', loginBodyType = 'json', loginBody = LOGIN_BODY }: HcmApiCredential,
	base: string,
	variables: Readonly<Record<string, string>>,
): HttpRequest {
	const whole = /^[a-z][a-z0-9+.-]*:/i.test(loginUrl.trim());
	if (!whole && base === '')
		throw new TransportError(
			"'Log-In URL' of the credential is no whole address",
			'Write it like https://hr.example.com/login, or enter the Base URL that it is below.',
			{ unsent: true },
		);
	const url = whole ? loginUrl.trim() : `${base}/${loginUrl.trim().replace(/^\/+/, '')}`;
	const body = parsedBody(loginBody);
	const fields = Object.entries(body).map(
		([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
	);
	const filled =
		loginBodyType === 'json' ? ({ type: 'json', value: body } as const) : ({ type: 'form', fields } as const);
	try {
		return buildRequest(
			{
				method: loginMethod,
				url,
				query: [],
				headers: [['Accept', 'application/json']],
				body: loginMethod === 'GET' ? { type: 'none' } : filled,
			},
			{ variables: { preset: {}, credential: variables } },
		);
	} catch (error) {
		if (!(error instanceof TemplateError)) throw error;
		throw new TransportError(`the log-in of the credential cannot be made: ${error.message}`, error.whatToDo);
	}
}

function parsedBody(text: string): Readonly<Record<string, unknown>> {
	try {
		const body: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
		if (typeof body === 'object' && body !== null && !Array.isArray(body))
			return body as Readonly<Record<string, unknown>>;
	} catch {
		// Said below, without the text: it may hold a password.
	}
	throw new TransportError(
		"'Log-In Body' of the credential is no JSON object",
		'Write it like {"user": "{credential.user}", "password": "{credential.password}"}, for a form too.',
	);
}

/** Fields that come in numbers: header1Name, header1Value, ... as many as the credential says. */
function numbered(credential: HcmApiCredential, kind: 'header' | 'value', count: unknown, most: number): Named[] {
	const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
	return Array.from({ length: Math.min(Number(count ?? 0), most) }, (_, index) => ({
		name: text(credential[`${kind}${index + 1}Name`]),
		value: text(credential[`${kind}${index + 1}Value`]),
	})).filter(({ name }) => name !== '');
}
