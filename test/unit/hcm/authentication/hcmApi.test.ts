import fc from 'fast-check';
import { authenticated } from '../../../../lib/hcm/authentication/authentication';
import { hcmApiAuthentication, type HcmApiCredential } from '../../../../lib/hcm/authentication/hcmApi';
import type { HttpReply, HttpRequest, Send } from '../../../../lib/hcm/types';

const BASE = 'https://hr.example.com';
const request = (url = `${BASE}/people`, changes: Partial<HttpRequest> = {}): HttpRequest => ({
	method: 'GET',
	url,
	query: [['limit', '10']],
	headers: { accept: 'application/json' },
	withCredential: true,
	...changes,
});
const reply = (status: number, value: unknown = {}): HttpReply => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(value),
});

/** A server that writes down what it is sent. */
function server(answer: (request: HttpRequest) => HttpReply) {
	const sent: HttpRequest[] = [];
	const send: Send = (asked) => {
		sent.push(asked);
		return Promise.resolve(answer(asked));
	};
	return { sent, send };
}

const means = (credential: HcmApiCredential, send: Send = () => Promise.resolve(reply(200)), clock = () => 0) =>
	hcmApiAuthentication({ baseUrl: `${BASE}/`, ...credential }, send, clock);
const applied = (credential: HcmApiCredential) => means(credential).apply(request(), undefined);

describe('a credential of HCM API', () => {
	test.each<[what: string, credential: HcmApiCredential, headers: Record<string, string>]>([
		['a key', { authenticateWith: 'apiKey', keyName: 'X-API-Key', keyValue: ' k1 ' }, { 'X-API-Key': 'k1' }],
		[
			'a key with a prefix',
			{ authenticateWith: 'apiKey', keyName: 'Authorization', keyPrefix: 'SSWS', keyValue: 'k1' },
			{ Authorization: 'SSWS k1' },
		],
		['Basic', { authenticateWith: 'basic', user: 'ü', password: '' }, { authorization: 'Basic w7w6' }],
		['Bearer', { authenticateWith: 'bearer', token: 't' }, { authorization: 'Bearer t' }],
		['nothing', { authenticateWith: 'none' }, {}],
		[
			'further headers',
			{
				authenticateWith: 'none',
				headerCount: 2,
				header1Name: 'A',
				header1Value: '1',
				header2Name: '',
				header3Name: 'C',
			},
			{ A: '1' },
		],
	])('sends %s', async (_what, credential, headers) => {
		const { headers: sent, query } = await applied(credential);
		expect(sent).toEqual({ accept: 'application/json', ...headers });
		expect(query).toEqual([['limit', '10']]);
	});

	test('puts a key into the query under its name, over one that stands there', async () => {
		const { query, headers } = await means({
			authenticateWith: 'apiKey',
			keyIn: 'query',
			keyName: 'limit',
			keyValue: 'k&=1',
		}).apply(request(), undefined);
		expect(query).toEqual([['limit', 'k&=1']]);
		expect(headers).toEqual({ accept: 'application/json' });
	});

	test('names its secrets for masking, and its values for bodies', () => {
		const { secrets, variables } = means({
			authenticateWith: 'basic',
			user: 'isu',
			password: 'pw',
			valueCount: 1,
			value1Name: 'tenant',
			value1Value: 'secret-tenant',
			headerCount: 1,
			header1Name: 'X',
			header1Value: 'secret-header',
		});
		expect(secrets()).toEqual(expect.arrayContaining(['pw', 'secret-tenant', 'secret-header', 'aXN1OnB3']));
		expect(variables).toEqual({ user: 'isu', password: 'pw', tenant: 'secret-tenant' });
	});

	test.each<[what: string, credential: HcmApiCredential]>([
		['a key', { authenticateWith: 'apiKey', keyName: 'X-API-Key', keyValue: ' pasted-secret\n' }],
		['a token', { authenticateWith: 'bearer', token: ' pasted-secret\n' }],
		['a header', { authenticateWith: 'none', headerCount: 1, header1Name: 'X', header1Value: ' pasted-secret\n' }],
	])('masks %s as it is sent, without the blanks that were pasted with it', async (_what, credential) => {
		const { headers } = await applied(credential);
		expect(Object.values(headers).some((value) => value.endsWith('pasted-secret'))).toBe(true);
		expect(means(credential).secrets()).toEqual(['pasted-secret']);
	});
});

describe('where a secret goes', () => {
	test('is its own origin and no other, whatever the address looks like', async () => {
		await fc.assert(
			fc.asyncProperty(fc.webUrl(), async (url) => {
				const { sent, send } = server(() => reply(200));
				const going = authenticated(send, means({ authenticateWith: 'bearer', token: 'secret' }, send))(
					request(url),
					undefined,
				);
				if (new URL(url).origin === BASE) await going;
				else {
					await expect(going).rejects.toThrow(
						`the credential is for ${BASE}, and the call goes to ${new URL(url).origin}`,
					);
					expect(sent).toEqual([]);
				}
			}),
		);
	});

	test.each([
		'https://hr.example.com.evil.example/',
		'https://hr.example.com@evil.example/',
		'http://hr.example.com/',
		'https://hr.example.com:444/',
		'//evil',
		'',
	])('is not %j', async (url) => {
		const { sent, send } = server(() => reply(200));
		await expect(
			authenticated(send, means({ authenticateWith: 'bearer', token: 's' }))(request(url), undefined),
		).rejects.toThrow('the credential is for');
		expect(sent).toEqual([]);
	});

	test('is nowhere for a call without the credential', async () => {
		const { sent, send } = server(() => reply(200));
		const call = request('https://pages.example/next', { withCredential: false });
		await authenticated(send, means({ authenticateWith: 'bearer', token: 's' }))(call, undefined);
		expect(sent).toEqual([call]);
	});

	test('is wherever the endpoint is, for a credential without an address', async () => {
		const { sent, send } = server(() => reply(200));
		const open = hcmApiAuthentication({ authenticateWith: 'bearer', token: 's' }, send, () => 0);
		await authenticated(send, open)(request('https://any.example/x'), undefined);
		expect(sent[0]?.headers['authorization']).toBe('Bearer s');
	});
});

describe('a log-in', () => {
	const LOGIN: HcmApiCredential = {
		authenticateWith: 'login',
		loginUrl: '/auth',
		loginBody: '{ "u": "{credential.user}", "p": "{credential.password}" }',
		user: 'isu',
		password: 'pass"word',
		tokenPath: 'data.token',
		lifetimePath: 'data.seconds',
	};

	/** Gives t1, t2, ... and takes the newest only. */
	function product(seconds?: number) {
		let logins = 0;
		let newest = '';
		const own = server((asked) => {
			if (asked.url === `${BASE}/auth`) {
				logins += 1;
				newest = `t${logins}`;
				return reply(200, { data: { token: newest, seconds } });
			}
			return reply(asked.headers['Authorization'] === `Bearer ${newest}` ? 200 : 401);
		});
		return { ...own, logins: () => logins, expire: () => (newest = 'another') };
	}

	test('is made once for many calls side by side, with the values in its body', async () => {
		const { sent, send, logins } = product();
		const call = authenticated(send, means(LOGIN, send));
		const replies = await Promise.all(Array.from({ length: 8 }, () => call(request(), undefined)));
		expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(logins()).toBe(1);
		expect(JSON.parse(sent[0]?.body?.text ?? '')).toEqual({ u: 'isu', p: 'pass"word' });
	});

	test('is made again when the token is refused, once for all that were refused', async () => {
		const { send, logins, expire } = product();
		const call = authenticated(send, means(LOGIN, send));
		await call(request(), undefined);
		expire();
		const replies = await Promise.all([1, 2, 3].map(() => call(request(), undefined)));
		expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(logins()).toBe(2);
	});

	test('is made again shortly before the token ends', async () => {
		let now = 0;
		const { send, logins } = product(100);
		const call = authenticated(
			send,
			means(LOGIN, send, () => now),
		);
		await call(request(), undefined);
		now = 69_000;
		await call(request(), undefined);
		expect(logins()).toBe(1);
		now = 71_000;
		await call(request(), undefined);
		expect(logins()).toBe(2);
	});

	test('gives up after one more try when the new token is refused too', async () => {
		const { sent, send } = server((asked) =>
			asked.url.endsWith('/auth') ? reply(200, { data: { token: 't' } }) : reply(401),
		);
		const { status } = await authenticated(send, means(LOGIN, send))(request(), undefined);
		expect(status).toBe(401);
		expect(sent).toHaveLength(4);
	});

	test('that is refused says so without the secrets', async () => {
		const { send } = server((asked) => reply(403, { message: `wrong: ${asked.body?.text ?? ''} pass"word` }));
		const going = authenticated(send, means(LOGIN, send))(request(), undefined);
		await expect(going).rejects.toThrow('the log-in at https://hr.example.com was refused (HTTP 403)');
		await expect(going).rejects.not.toThrow('pass"word');
		await expect(going).rejects.not.toThrow('pass\\"word');
	});

	test.each<[what: string, credential: HcmApiCredential, url: string, key: string | undefined]>([
		['below the Base URL', {}, `${BASE}/auth`, 'customer-key'],
		['at the same server, written whole', { loginUrl: `${BASE}/v2/auth` }, `${BASE}/v2/auth`, 'customer-key'],
		['at another server', { loginUrl: 'https://login.example.com/auth' }, 'https://login.example.com/auth', undefined],
		['without a Base URL', { baseUrl: '', loginUrl: `${BASE}/auth` }, `${BASE}/auth`, 'customer-key'],
	])('%s gets the further headers only where they belong', async (_what, credential, url, key) => {
		const { sent, send } = server(() => reply(200, { data: { token: 't1' } }));
		const own = means(
			{ ...LOGIN, headerCount: 1, header1Name: 'US-Customer-Api-Key', header1Value: 'customer-key', ...credential },
			send,
		);
		await authenticated(send, own)(request(), undefined);
		expect(sent[0]?.url).toBe(url);
		expect(sent[0]?.headers['US-Customer-Api-Key']).toBe(key);
		expect(sent[1]?.headers).toMatchObject({ 'US-Customer-Api-Key': 'customer-key', Authorization: 'Bearer t1' });
	});

	test('with half an address and no Base URL is refused before anything is sent', () => {
		expect(() => means({ ...LOGIN, baseUrl: '' })).toThrow("'Log-In URL' of the credential is no whole address");
	});

	test('by GET sends no body, and takes a token that is a number', async () => {
		const { sent, send } = server(({ url }) => reply(200, url.endsWith('/auth') ? { data: { token: 4711 } } : {}));
		await authenticated(send, means({ ...LOGIN, loginMethod: 'GET' }, send))(request(), undefined);
		expect(sent[0]?.body).toBeUndefined();
		expect(sent[1]?.headers['Authorization']).toBe('Bearer 4711');
	});

	test('as a form encodes what stands in the fields', async () => {
		const password = 'p&w=ü %7B';
		const { sent, send } = server(() => reply(200, { data: { token: 't' } }));
		await authenticated(send, means({ ...LOGIN, password, loginBodyType: 'form' }, send))(request(), undefined);
		expect(sent[0]?.body?.contentType).toBe('application/x-www-form-urlencoded');
		expect(Object.fromEntries(new URLSearchParams(sent[0]?.body?.text))).toEqual({ u: 'isu', p: password });
	});

	test('keeps every character of a password apart from the body that carries it', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ minLength: 1, unit: 'grapheme' }),
				fc.constantFrom<'json' | 'form'>('json', 'form'),
				async (password, loginBodyType) => {
					const { sent, send } = server(() => reply(200, { data: { token: 't' } }));
					await authenticated(send, means({ ...LOGIN, password, loginBodyType }, send))(request(), undefined);
					const text = sent[0]?.body?.text ?? '';
					const body: unknown =
						loginBodyType === 'json' ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
					expect(body).toEqual({ u: 'isu', p: password });
				},
			),
		);
	});

	test('that was refused once is made again by the next call', async () => {
		let logins = 0;
		const { send } = server(({ url }) => {
			if (!url.endsWith('/auth')) return reply(200);
			logins += 1;
			return logins === 1 ? reply(503, { message: 'busy' }) : reply(200, { data: { token: 't' } });
		});
		const call = authenticated(send, means(LOGIN, send));
		await expect(call(request(), undefined)).rejects.toMatchObject({ passing: true, unsent: true });
		expect((await call(request(), undefined)).status).toBe(200);
	});

	test('without a token in its reply says where it was looked for', async () => {
		const { send } = server(() => reply(200, { token: 'elsewhere' }));
		await expect(authenticated(send, means(LOGIN, send))(request(), undefined)).rejects.toThrow(
			'no token stands at "data.token"',
		);
	});

	test.each<[what: string, body: string, words: string]>([
		['no JSON', '{', 'is no JSON object'],
		['a list', '[]', 'is no JSON object'],
		['a place that there is not', '{ "a": "{credential.pin}" }', '{credential.pin} has no value'],
	])('with %s as body is refused before anything is sent', (_what, loginBody, words) => {
		expect(() => means({ ...LOGIN, loginBody })).toThrow(words);
	});
});
