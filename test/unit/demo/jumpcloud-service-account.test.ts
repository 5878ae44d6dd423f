import { ORGANIZATION } from '../../../demo/jumpcloud/people';
import { startJumpCloud } from '../../../demo/jumpcloud/server';
import { apiKey, people, runningSimulator } from './simulator';

let now = new Date('2026-11-01T12:00:00Z');
beforeEach(() => (now = new Date('2026-11-01T12:00:00Z')));
const account = { clientId: 'client-of-these-tests', clientSecret: 'secret-of-these-tests' };
const { simulator, call, restart } = runningSimulator({ ...account, now: () => now });

const FORM = 'grant_type=client_credentials&scope=api';
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const authorization = basic(account.clientId, account.clientSecret);
const type = 'application/x-www-form-urlencoded';

async function askToken(form = FORM, headers: Record<string, string> = { authorization, 'content-type': type }) {
	const response = await fetch(`${simulator().url}/oauth2/token`, { method: 'POST', body: form, headers });
	return {
		status: response.status,
		body: (await response.json()) as Record<string, unknown>,
		headers: response.headers,
	};
}
const readWith = async (token: unknown) =>
	(await call('GET', '/api/systemusers?limit=1', undefined, { authorization: `Bearer ${String(token)}` })).status;

describe('a service account', () => {
	test('gets a token for its id and secret, which does what the key does on every route', async () => {
		const { status, body, headers } = await askToken();
		expect([status, body]).toEqual([
			200,
			{ access_token: expect.any(String) as string, expires_in: 3600, scope: 'api', token_type: 'bearer' },
		]);
		expect(headers.get('cache-control')).toBe('no-store');
		for (const route of ['/api/systemusers', '/api/v2/usergroups', '/api/organizations']) {
			const reply = await call('GET', route, undefined, { authorization: `Bearer ${String(body['access_token'])}` });
			expect(reply.status).toBe(200);
		}
	});

	test('gets another token each time, and both count', async () => {
		const tokens = [(await askToken()).body['access_token'], (await askToken()).body['access_token']];
		expect(tokens[0]).not.toBe(tokens[1]);
		expect([await readWith(tokens[0]), await readWith(tokens[1])]).toEqual([200, 200]);
	});

	test('has a token until its time is over', async () => {
		await restart({ tokenSeconds: 60 });
		const { body } = await askToken();
		expect(body['expires_in']).toBe(60);
		now = new Date('2026-11-01T12:00:59Z');
		expect(await readWith(body['access_token'])).toBe(200);
		now = new Date('2026-11-01T12:01:00Z');
		expect(await readWith(body['access_token'])).toBe(401);
	});

	test('loses its tokens at will, and gets a new one', async () => {
		const { body } = await askToken();
		simulator().expireTokens();
		expect(await readWith(body['access_token'])).toBe(401);
		expect(await readWith((await askToken()).body['access_token'])).toBe(200);
	});

	test.each<[string, string, Record<string, string>, number, string]>([
		[
			'a wrong secret',
			FORM,
			{ authorization: basic(account.clientId, 'x'), 'content-type': type },
			401,
			'invalid_client',
		],
		[
			'a wrong id',
			FORM,
			{ authorization: basic('x', account.clientSecret), 'content-type': type },
			401,
			'invalid_client',
		],
		['no authorization', FORM, { 'content-type': type }, 401, 'invalid_client'],
		['the API key', FORM, { 'x-api-key': apiKey, 'content-type': type }, 401, 'invalid_client'],
		['a body in JSON', '{}', { authorization, 'content-type': 'application/json' }, 400, 'invalid_request'],
		[
			'another grant',
			'grant_type=password&scope=api',
			{ authorization, 'content-type': type },
			400,
			'unsupported_grant_type',
		],
		[
			'another scope',
			'grant_type=client_credentials&scope=all',
			{ authorization, 'content-type': type },
			400,
			'invalid_scope',
		],
		['no scope', 'grant_type=client_credentials', { authorization, 'content-type': type }, 400, 'invalid_scope'],
	])('gets no token for %s', async (_what, form, headers, status, error) => {
		expect(await askToken(form, headers)).toMatchObject({ status, body: { error } });
	});

	test('is not there unless it was set up', async () => {
		const without = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
		try {
			for (const given of [authorization, basic('undefined', 'undefined'), basic('', '')]) {
				const headers = { authorization: given, 'content-type': type };
				const response = await fetch(`${without.url}/oauth2/token`, { method: 'POST', body: FORM, headers });
				expect(response.status).toBe(401);
			}
		} finally {
			await without.close();
		}
	});

	test.each(['', 'x', 'undefined'])('is not known by the token "%s"', async (token) => {
		expect(await readWith(token)).toBe(401);
	});

	test('is asked for an organization like a key is', async () => {
		await restart({ multiTenant: true });
		const { body } = await askToken();
		expect(await readWith(body['access_token'])).toBe(401);
	});

	test('leaves neither secret nor token in the log', async () => {
		const { body } = await askToken(`${FORM}&client_secret=${account.clientSecret}`);
		await readWith(body['access_token']);
		expect(simulator().requests[0]?.body).toEqual({
			grant_type: 'client_credentials',
			scope: 'api',
			client_secret: '***',
		});
		const log = JSON.stringify(simulator().requests);
		for (const secret of [account.clientSecret, String(body['access_token'])]) expect(log).not.toContain(secret);
	});
});
