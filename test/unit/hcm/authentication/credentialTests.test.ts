/** The functions that n8n calls for "Test credential", against real servers. */
import type { ICredentialDataDecryptedObject, ICredentialTestFunctions } from 'n8n-workflow';
import { ORGANIZATION, seedPeople } from '../../../../demo/jumpcloud/people';
import { startJumpCloud } from '../../../../demo/jumpcloud/server';
import { credentialTests } from '../../../../nodes/CustomHcmEndpoint/credentialTests';
import { makeCertificates, PASSPHRASE, type Certificates } from '../../../support/certificates';
import { closeAll, closeLater } from '../../../support/http';
import { serveProduct, type Answer, type Asked } from '../../../support/products/server';

afterEach(closeAll);

const CANARY = 'canary-of-the-credential-tests';

/** They use nothing of n8n's context. */
const context = {} as ICredentialTestFunctions;
async function tested(name: keyof typeof credentialTests, data: ICredentialDataDecryptedObject) {
	const { status, message } = await credentialTests[name].call(context, { id: '1', name: 'HR', type: 'any', data });
	expect(message).not.toContain(CANARY);
	return [status, message];
}
const hcmApi = (data: ICredentialDataDecryptedObject) => tested('hcmApiTest', data);
const words = (text: string) => expect.stringContaining(text) as string;

describe('the test of HCM API', () => {
	const product = (answer: (asked: Asked) => Answer = () => ({ json: [] })) =>
		serveProduct((asked) => (asked.headers['x-api-key'] === CANARY ? answer(asked) : { status: 401, json: {} }));
	const key = { authenticateWith: 'apiKey', keyName: 'X-API-Key', keyValue: CANARY, testPath: '/people' };

	test('says which path answers', async () => {
		const hr = await product();
		expect(await hcmApi({ ...key, baseUrl: hr.base })).toEqual(['OK', 'Connected: "/people" answers with HTTP 200.']);
		expect(hr.calls.map(({ path }) => path)).toEqual(['/people']);
	});

	test.each<[what: string, answer: Answer, text: string]>([
		[
			'the key may not read',
			{ status: 403, json: { message: `no ${CANARY}` } },
			'may not read this. (HTTP 403: "no ***")',
		],
		['nothing is', { status: 404 }, 'There is nothing at this address.'],
		['the server fails', { status: 500, text: CANARY, type: 'text/plain' }, 'The server answers with HTTP 500.'],
		[
			'a login page is',
			{ text: '<!DOCTYPE html><title>Sign in</title>', type: 'text/html' },
			'usually this is a login page',
		],
		['the server redirects', { status: 302, headers: { location: '/login' } }, 'The server answers with HTTP 302.'],
	])('where %s says so', async (_what, answer, text) => {
		const hr = await product(() => answer);
		expect(await hcmApi({ ...key, baseUrl: hr.base })).toEqual([
			'Error',
			expect.stringMatching(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')) as string,
		]);
	});

	test('with a wrong key says so, without it', async () => {
		const hr = await serveProduct(({ headers }) => ({
			status: 401,
			json: { message: `no ${headers['x-api-key'] as string}` },
		}));
		expect(await hcmApi({ ...key, baseUrl: hr.base })).toEqual([
			'Error',
			'The server does not accept the credential. (HTTP 401: "no ***")',
		]);
	});

	test.each<[what: string, data: ICredentialDataDecryptedObject, text: string]>([
		['half an address', { ...key, baseUrl: 'hr.example.com' }, 'is no address of the web'],
		['a path and no address', { ...key }, "Enter the Base URL: 'Test Path' is taken below it."],
		['neither', { ...key, testPath: '' }, 'Nothing was tested, because there is no address to call.'],
		[
			'another server in the path',
			{ ...key, baseUrl: 'https://hr.example', testPath: 'https://other.example/' },
			'the call goes to https://other.example',
		],
		['a port where nothing listens', { ...key, baseUrl: 'http://127.0.0.1:9' }, 'Nothing listens there.'],
		[
			'no name of a header',
			{ ...key, baseUrl: 'http://127.0.0.1:9', keyName: 'X API' },
			'"x api" is no name of a header',
		],
	])('with %s says so', async (_what, data, text) => {
		expect(await hcmApi(data)).toEqual(['Error', words(text)]);
	});

	test('without a path claims only that the server answers', async () => {
		const hr = await product(() => ({ status: 404 }));
		expect(await hcmApi({ ...key, baseUrl: hr.base, testPath: '' })).toEqual([
			'OK',
			'The server answers (HTTP 404). Enter a Test Path to prove that the credential is accepted.',
		]);
		expect(await hcmApi({ ...key, keyValue: 'other', baseUrl: hr.base, testPath: '' })).toEqual([
			'Error',
			words('either the credential, or whatever is not below a path'),
		]);
	});
});

describe('the test of a log-in', () => {
	const login = {
		authenticateWith: 'login',
		loginUrl: '/auth',
		user: 'isu',
		password: CANARY,
		tokenPath: 'data.token',
	};
	const product = () =>
		serveProduct(({ path, headers, body }) => {
			if (path !== '/auth') return { status: headers.authorization === 'Bearer t1-canary' ? 200 : 401, json: [] };
			return body.includes(`"${CANARY}"`) ? { json: { data: { token: 't1-canary' } } } : { status: 401, text: body };
		});

	test('is the log-in itself where there is no path, and no other call', async () => {
		const hr = await product();
		expect(await hcmApi({ ...login, baseUrl: hr.base })).toEqual(['OK', words('The log-in gave a token.')]);
		expect(await hcmApi({ ...login, loginUrl: `${hr.base}/auth` })).toEqual(['OK', words('The log-in gave a token.')]);
		expect(hr.calls.map(({ path }) => path)).toEqual(['/auth', '/auth']);
	});

	test('reads the path with the token', async () => {
		const hr = await product();
		expect(await hcmApi({ ...login, baseUrl: hr.base, testPath: 'people' })).toEqual([
			'OK',
			'Connected: "people" answers with HTTP 200.',
		]);
	});

	test.each<[what: string, data: ICredentialDataDecryptedObject, text: string]>([
		['a wrong password', { password: 'wrong' }, 'was refused (HTTP 401)'],
		['a wrong path to the token', { tokenPath: 'token' }, 'no token stands at "token"'],
		['a path that is none', { tokenPath: '$[?(@.x)]' }, "Correct 'Token Path' or 'Lifetime Path'"],
		['a body that is none', { loginBody: '{' }, "'Log-In Body' of the credential is no JSON object"],
		[
			'a wrong address',
			{ loginUrl: 'http://127.0.0.1:9/auth' },
			'The log-in at http://127.0.0.1:9 failed: nothing listens there',
		],
	])('with %s says so', async (_what, data, text) => {
		const hr = await product();
		expect(await hcmApi({ ...login, baseUrl: hr.base, ...data })).toEqual(['Error', words(text)]);
	});
});

describe('the test of a client certificate', () => {
	let certificates: Certificates;
	beforeAll(() => {
		certificates = makeCertificates();
	});
	/** Lets in who shows a certificate of the authority, at the log-in too, as ADP does. */
	const strict = () =>
		serveProduct(({ path }) => (path === '/auth' ? { json: { access_token: 't' } } : { json: [] }), {
			...certificates.server,
			ca: certificates.authority,
			requestCert: true,
			rejectUnauthorized: true,
		});
	const shown = (): ICredentialDataDecryptedObject => ({
		authenticateWith: 'none',
		testPath: '/people',
		mutualTls: true,
		certificate: certificates.client.cert,
		certificateKey: certificates.client.key,
		certificateAuthorities: certificates.authority,
	});
	const oneLine = (pem: string) => pem.trim().replaceAll('\n', ' ');

	test('shows it, as it is pasted: in lines, in one line, or with \\n written out', async () => {
		const { base: baseUrl } = await strict();
		const pem = shown();
		const all = ['certificate', 'certificateKey', 'certificateAuthorities'] as const;
		for (const paste of [(text: string) => text, oneLine, (text: string) => text.replaceAll('\n', '\\n')]) {
			const pasted = Object.fromEntries(all.map((name) => [name, paste(pem[name] as string)]));
			expect(await hcmApi({ ...pem, ...pasted, baseUrl })).toEqual(['OK', words('answers with HTTP 200')]);
		}
	});

	test('opens a key that has a passphrase, in one line too', async () => {
		const { base: baseUrl } = await strict();
		const locked = { ...shown(), baseUrl, certificateKey: oneLine(certificates.lockedKey) };
		expect(await hcmApi({ ...locked, certificatePassphrase: PASSPHRASE })).toEqual(['OK', words('HTTP 200')]);
		expect(await hcmApi({ ...locked, certificatePassphrase: CANARY })).toEqual([
			'Error',
			words('Certificate, key and authorities of the credential cannot be used together.'),
		]);
	});

	test('shows it at the log-in too, with the same authorities', async () => {
		const { base: baseUrl } = await strict();
		const login = { ...shown(), baseUrl, authenticateWith: 'login', loginUrl: '/auth', user: 'u', password: CANARY };
		expect(await hcmApi(login)).toEqual(['OK', words('answers with HTTP 200')]);
	});

	test('without it says that the server asks for one', async () => {
		const { base: baseUrl } = await strict();
		const [status, message] = await hcmApi({
			...shown(),
			baseUrl,
			certificate: certificates.stranger.cert,
			certificateKey: certificates.stranger.key,
			mutualTls: false,
		});
		expect(status).toBe('Error');
		expect(message).toMatch(/authority of the server's certificate is not known/);
	});
});

describe('the test of JumpCloud', () => {
	const jumpCloud = async () => {
		const simulator = await startJumpCloud({
			host: '127.0.0.1',
			people: seedPeople({ seed: 5, count: 60 }),
			apiKey: CANARY,
			organizationId: ORGANIZATION,
			clientId: 'account',
			clientSecret: `${CANARY}-secret`,
		});
		closeLater(() => simulator.close());
		return simulator;
	};
	const jumpCloudApi = (data: ICredentialDataDecryptedObject) =>
		tested('jumpCloudApiTest', { region: 'custom', ...data });

	test('says how many people a key may read, and a service account', async () => {
		const { url: customUrl } = await jumpCloud();
		expect(await jumpCloudApi({ customUrl, apiKey: CANARY })).toEqual([
			'OK',
			'Connected: this key may read 60 people.',
		]);
		const account = { authenticateWith: 'serviceAccount', clientId: 'account', tokenUrl: `${customUrl}/oauth2/token` };
		expect(await jumpCloudApi({ customUrl, ...account, clientSecret: `${CANARY}-secret` })).toEqual([
			'OK',
			'Connected: this service account may read 60 people.',
		]);
		expect(await jumpCloudApi({ customUrl, ...account, clientSecret: `${CANARY}-wrong` })).toEqual([
			'Error',
			words('The token call of the service account'),
		]);
	});

	test('tells a key without the right to read from one that is not accepted', async () => {
		const simulator = await jumpCloud();
		simulator.failNext({ status: 403 });
		expect(await jumpCloudApi({ customUrl: simulator.url, apiKey: CANARY })).toEqual([
			'Error',
			words('The key is accepted, but its administrator may not read people.'),
		]);
	});

	test('does not take another server for JumpCloud', async () => {
		const hr = await serveProduct(() => ({ json: { hello: 'world' } }));
		expect(await jumpCloudApi({ customUrl: hr.base, apiKey: CANARY })).toEqual([
			'Error',
			words('answers, but not like JumpCloud'),
		]);
	});
});

describe('the test of HCM OAuth2', () => {
	const oauth2 = (data: ICredentialDataDecryptedObject) =>
		tested('hcmOAuth2ApiTest', { headerPrefix: 'Zoho-oauthtoken', testPath: '/people', ...data });

	test('sends the token behind the word that the product wants', async () => {
		const hr = await serveProduct(({ headers }) => ({
			status: headers.authorization === `Zoho-oauthtoken ${CANARY}` ? 200 : 401,
			json: [],
		}));
		const stored = { baseUrl: hr.base, oauthTokenData: { access_token: CANARY } };
		expect(await oauth2(stored)).toEqual(['OK', words('answers with HTTP 200')]);
		expect(await oauth2({ ...stored, headerPrefix: '' })).toEqual(['Error', words('does not accept the credential')]);
	});

	test('without a token says that it has to be connected', async () => {
		expect(await oauth2({ baseUrl: 'http://127.0.0.1:9' })).toEqual([
			'Error',
			words('There is no token for the credential: "it is not connected yet"'),
		]);
	});
});
