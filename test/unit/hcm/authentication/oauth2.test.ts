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
			reason: 'there is no token for the credential: The grant was revoked',
			whatToDo: 'Open the credential and connect it again.',
		});
	});
});
