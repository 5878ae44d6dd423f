import { authenticated } from '../../../../lib/hcm/authentication/authentication';
import { oauth2Authentication } from '../../../../lib/hcm/authentication/oauth2';
import type { HttpRequest, Send } from '../../../../lib/hcm/types';

const request: HttpRequest = {
	method: 'GET',
	url: 'https://hr.example/people',
	query: [],
	headers: {},
	withCredential: true,
};

/** Takes one token only, and writes down what it was sent. */
function server(taken: string) {
	const sent: string[] = [];
	const send: Send = ({ headers }) => {
		sent.push(headers['authorization'] ?? '');
		const status = headers['authorization']?.endsWith(` ${taken}`) ? 200 : 401;
		return Promise.resolve({ status, headers: {}, body: '' });
	};
	return { sent, send };
}

describe('OAuth2', () => {
	test('sends the stored token behind the word that the product wants', async () => {
		const { sent, send } = server('t1');
		const means = oauth2Authentication(
			{ headerPrefix: 'Zoho-oauthtoken', oauthTokenData: { access_token: 't1' } },
			() => Promise.reject(new Error('not asked for')),
		);
		expect((await authenticated(send, means)(request, undefined)).status).toBe(200);
		expect(sent).toEqual(['Zoho-oauthtoken t1']);
	});

	test('gets a new token when the stored one is refused, once for all calls', async () => {
		const { sent, send } = server('t2');
		const fetched: (string | undefined)[] = [];
		const means = oauth2Authentication({ oauthTokenData: { access_token: 't1' } }, (known) => {
			fetched.push(known);
			return Promise.resolve('t2');
		});
		const call = authenticated(send, means);
		const replies = await Promise.all([call(request, undefined), call(request, undefined), call(request, undefined)]);
		expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(fetched).toEqual(['t1']);
		expect(sent.filter((header) => header === 'Bearer t1')).toHaveLength(3);
		expect(means.secrets()).toEqual(['t1', 't2']);
		expect((await call(request, undefined)).status).toBe(200);
		expect(fetched).toEqual(['t1']);
	});

	test('gets its first token where none is stored', async () => {
		const { send } = server('t1');
		const fetched: (string | undefined)[] = [];
		const means = oauth2Authentication({}, (known) => {
			fetched.push(known);
			return Promise.resolve('t1');
		});
		expect((await authenticated(send, means)(request, undefined)).status).toBe(200);
		expect(fetched).toEqual([undefined]);
	});

	test('says what to do when there is no token to be had', async () => {
		const { send } = server('t1');
		const means = oauth2Authentication({}, () => Promise.reject(new Error('The grant was revoked')));
		await expect(authenticated(send, means)(request, undefined)).rejects.toMatchObject({
			reason: 'there is no token for the credential: "The grant was revoked"',
			whatToDo: 'Open the credential and connect it again.',
			passing: false,
		});
	});

	test('repeats no secret that the token server repeats', async () => {
		const { send } = server('t9');
		const credential = {
			clientSecret: 'client-secret-canary',
			oauthTokenData: { access_token: 'access-canary', refresh_token: 'refresh-canary' },
		};
		const basic = Buffer.from(`client:${credential.clientSecret}`).toString('base64');
		const means = oauth2Authentication(credential, () =>
			Promise.reject(new Error(`no JSON: Basic ${basic} client-secret-canary refresh-canary access-canary`)),
		);
		const failing = authenticated(send, means)(request, undefined);
		await expect(failing).rejects.toThrow('no JSON: Basic ');
		for (const secret of ['client-secret-canary', 'refresh-canary', 'access-canary', basic.slice(12)])
			await expect(failing).rejects.not.toThrow(secret);
	});

	test.each<[what: string, error: Error, reason: string, passing: boolean]>([
		[
			'is busy',
			Object.assign(new Error('x'), { isAxiosError: true, code: 'ERR_BAD_RESPONSE', response: { status: 503 } }),
			'the token server of the credential answers with HTTP 503',
			true,
		],
		[
			'limits calls',
			Object.assign(new Error('HTTP status 429'), { status: 429, body: '' }),
			'the token server of the credential answers with HTTP 429',
			true,
		],
		[
			'is not there',
			Object.assign(new Error('connect ECONNREFUSED'), { isAxiosError: true, code: 'ECONNREFUSED' }),
			'the token server of the credential cannot be asked: nothing listens there',
			true,
		],
		[
			'has no name',
			Object.assign(new Error('getaddrinfo'), { isAxiosError: true, code: 'ENOTFOUND' }),
			"the token server of the credential cannot be asked: the server's name is not known",
			false,
		],
		[
			'refuses',
			Object.assign(new Error('HTTP status 404'), { status: 404, body: '' }),
			'there is no token for the credential: "HTTP status 404"',
			false,
		],
	])('tells that the token server %s, and whether it may pass', async (_what, error, reason, passing) => {
		const { send } = server('t1');
		const means = oauth2Authentication({}, () => Promise.reject(error));
		await expect(authenticated(send, means)(request, undefined)).rejects.toMatchObject({
			reason,
			passing,
			unsent: true,
		});
	});

	test("goes only where n8n's own field of the credential lets it", async () => {
		const { sent, send } = server('t1');
		const limits = { allowedHttpRequestDomains: 'domains', allowedDomains: 'other.example' };
		const means = oauth2Authentication({ ...limits, oauthTokenData: { access_token: 't1' } }, () =>
			Promise.reject(new Error('not asked for')),
		);
		await expect(authenticated(send, means)(request, undefined)).rejects.toMatchObject({
			reason: "'Allowed Domains' of the credential does not list hr.example",
		});
		expect(sent).toEqual([]);
		const own = await authenticated(send, means)({ ...request, url: 'https://other.example/x' }, undefined);
		expect(own.status).toBe(200);
	});
});
