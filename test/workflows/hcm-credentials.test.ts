/** Each credential of the endpoint node in n8n's engine: it goes where it belongs, and stands in no output, error or log. */
import { createRequire } from 'node:module';
import { CredentialTestContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	INode,
	INodeCredentialTestResult,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { ORGANIZATION, seedPeople } from '../../demo/jumpcloud/people';
import { startJumpCloud } from '../../demo/jumpcloud/server';
import { makeCertificates } from '../support/certificates';
import { closeAll, closeLater } from '../support/http';
import { chain, everythingKept, node, runWorkflow, TYPES, type WorkflowRun } from '../support/n8n-core';
import { serveProduct, type Asked, type Product } from '../support/products/server';
import { findSecret } from '../support/secret-search';

const CANARY = 'Canary-5d07-of-the-credentials';
const TOKEN = 'Token-canary-1f9b';

// The engine's own logger, which the tests keep silent: here it is listened to.
const ofEngine = createRequire(require.resolve('n8n-core'));
type Log = (message: string, details?: unknown) => void;
const { Container } = ofEngine('@n8n/di') as { readonly Container: { get: (type: unknown) => Record<string, Log> } };
const { Logger } = ofEngine('@n8n/backend-common') as { readonly Logger: unknown };
const logged: unknown[][] = [];

beforeEach(() => {
	logged.length = 0;
	const logger = Container.get(Logger);
	for (const level of ['error', 'warn', 'info', 'debug'])
		jest.spyOn(logger, level).mockImplementation((...words: unknown[]) => void logged.push(words));
});
afterEach(async () => {
	jest.restoreAllMocks();
	await closeAll();
});

type Source = { readonly authentication: string; readonly credential: ICredentialDataDecryptedObject };
const TYPE_OF: Readonly<Record<string, string>> = {
	jumpCloud: 'jumpCloudApi',
	hcmApi: 'hcmApi',
	hcmOAuth2Api: 'hcmOAuth2Api',
};

async function read(
	{ authentication, credential }: Source,
	endpoint: IDataObject,
	extra: Partial<INode> = {},
): Promise<WorkflowRun> {
	const type = TYPE_OF[authentication] ?? '';
	const parameters = {
		authentication,
		source: 'custom',
		endpoints: { values: [{ name: 'People', primaryKey: 'id', ...endpoint }] },
		options: { retries: 0 },
	} as INode['parameters'];
	return await runWorkflow(
		{
			nodes: [
				node('Start', TYPES.start, {}),
				node('HR', TYPES.customHcmEndpoint, parameters, {
					credentials: { [type]: { id: type, name: 'HR' } },
					...extra,
				}),
			],
			connections: chain('Start', 'HR'),
		},
		{ credentials: { [type]: credential } },
	);
}

const rows = (run: WorkflowRun) => run.out('HR')[0] ?? [];

/** Where one of the secrets stands: in what the runs kept, or in the log. */
function leaks(runs: readonly WorkflowRun[], ...secrets: readonly string[]): readonly string[] {
	expect(logged.length).toBeGreaterThan(0);
	const log = JSON.stringify(logged, (_key, value: unknown) =>
		value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
	);
	const places = Object.fromEntries(runs.map((run, index) => [`run ${index}`, Buffer.from(everythingKept(run))]));
	return secrets.flatMap((secret) => findSecret(secret, { ...places, log: Buffer.from(log) }));
}

/** Takes what `accepts` says; refuses everything else, and repeats all that it was sent. */
const product = (
	accepts: (asked: Asked) => boolean,
	...tls: readonly Parameters<typeof serveProduct>[1][]
): Promise<Product> =>
	serveProduct(
		(asked) => {
			const { path, headers, query, body } = asked;
			if (path === '/login') return { json: { access_token: TOKEN } };
			if (path !== '/broken' && accepts(asked)) return { json: [{ id: 1 }] };
			return { status: 401, json: { message: `no: ${JSON.stringify(headers)} ${query.toString()} ${body}` } };
		},
		...tls,
	);

describe.each<
	[what: string, credential: ICredentialDataDecryptedObject, endpoint: IDataObject, accepts: (asked: Asked) => boolean]
>([
	[
		'a key in the query',
		{ authenticateWith: 'apiKey', keyIn: 'query', keyName: 'api_key', keyValue: CANARY },
		{},
		({ query }) => query.get('api_key') === CANARY,
	],
	[
		'a key as the user of Basic',
		{ authenticateWith: 'basic', user: CANARY, password: 'x' },
		{},
		({ headers }) => headers.authorization === `Basic ${Buffer.from(`${CANARY}:x`).toString('base64')}`,
	],
	[
		'further headers, the log-in included',
		{
			authenticateWith: 'login',
			loginUrl: '/login',
			user: 'isu',
			password: `${CANARY}-password`,
			headerCount: 1,
			header1Name: 'US-Customer-Api-Key',
			header1Value: CANARY,
		},
		{},
		({ headers }) => headers['us-customer-api-key'] === CANARY && headers.authorization === `Bearer ${TOKEN}`,
	],
	[
		'a value in the body',
		{ authenticateWith: 'none', valueCount: 1, value1Name: 'tenant', value1Value: `${CANARY}"` },
		{ method: 'POST', bodyType: 'json', jsonBody: '{ "tenant": "{credential.tenant}" }' },
		({ body }) => (JSON.parse(body) as { tenant?: unknown }).tenant === `${CANARY}"`,
	],
])('%s of HCM API', (_what, credential, endpoint, accepts) => {
	test('is accepted, and repeated nowhere, though a server repeats it', async () => {
		const hr = await product(accepts);
		const source = { authentication: 'hcmApi', credential: { baseUrl: hr.base, ...credential } };
		const whole = await read(source, { url: '/people', ...endpoint });
		expect(whole.error?.message).toBeUndefined();
		expect(rows(whole)).toEqual([{ id: 1 }]);
		const refused = await read(source, { url: '/broken', ...endpoint });
		expect(refused.error?.message).toContain('***');
		const continued = await read(source, { url: '/broken', ...endpoint }, { onError: 'continueRegularOutput' });
		expect(rows(continued)).toMatchObject([{ error: expect.stringContaining('HTTP 401') as string }]);
		const elsewhere = await read(source, { url: 'http://127.0.0.2:9/people', ...endpoint });
		expect(elsewhere.error?.message).toContain(`the credential is for ${hr.base}`);
		expect(leaks([whole, refused, continued, elsewhere], CANARY, TOKEN)).toEqual([]);
	});
});

describe('a client certificate of HCM API', () => {
	test('is shown to the server and to its log-in, and its key stands nowhere', async () => {
		const { server, authority, client } = makeCertificates();
		const hr = await product(({ headers }) => headers.authorization === `Bearer ${TOKEN}`, {
			...server,
			ca: authority,
			requestCert: true,
			rejectUnauthorized: true,
		});
		const oneLine = (pem: string) => pem.trim().replaceAll('\n', ' ');
		const credential = {
			baseUrl: hr.base,
			authenticateWith: 'login',
			loginUrl: '/login',
			user: 'isu',
			password: CANARY,
			mutualTls: true,
			certificate: oneLine(client.cert),
			certificateKey: oneLine(client.key),
			certificateAuthorities: oneLine(authority),
		};
		const source = { authentication: 'hcmApi', credential };
		const whole = await read(source, { url: '/people' });
		expect(whole.error?.message).toBeUndefined();
		expect(rows(whole)).toEqual([{ id: 1 }]);
		const wrong = await read(
			{ ...source, credential: { ...credential, certificateKey: oneLine(server.key) } },
			{ url: '/people' },
		);
		expect(wrong.error?.message).toBe(
			'Certificate, key and authorities of the credential cannot be used together. [Item 0]',
		);
		const secretLine = client.key.split('\n')[1] ?? '';
		expect(secretLine.length).toBeGreaterThan(40);
		expect(leaks([whole, wrong], CANARY, TOKEN, secretLine)).toEqual([]);
	});
});

describe('a log-in of HCM API that is not filled in right', () => {
	test.each<[what: string, credential: ICredentialDataDecryptedObject, message: string, whatToDo: string]>([
		[
			'a path that is none',
			{ tokenPath: 'data[?(@.token)]' },
			'The path "data[?(@.token)]" cannot be used',
			"Correct 'Token Path' or 'Lifetime Path' in the credential.",
		],
		[
			'a body that is none',
			{ loginBody: `{ ${CANARY}` },
			"'Log-In Body' of the credential is no JSON object",
			'Write it like',
		],
		['half an address', { baseUrl: '' }, "'Log-In URL' of the credential is no whole address", 'enter the Base URL'],
	])('by %s stops the node before any call', async (_what, credential, message, whatToDo) => {
		const hr = await product(() => true);
		const login = { baseUrl: hr.base, authenticateWith: 'login', loginUrl: '/login', user: 'u', password: CANARY };
		const run = await read(
			{ authentication: 'hcmApi', credential: { ...login, ...credential } },
			{ url: `${hr.base}/people` },
		);
		expect(run.error?.message).toContain(message);
		expect(run.error?.message).toContain('[Item 0]');
		expect(run.error?.description).toContain(whatToDo);
		expect(hr.calls).toEqual([]);
		expect(leaks([run], CANARY)).toEqual([]);
	});
});

describe('a service account of JumpCloud', () => {
	test('gets a token, another one when that is refused, and its secret stands nowhere', async () => {
		const people = seedPeople({ seed: 11, count: 250 });
		const jumpCloud = await startJumpCloud({
			host: '127.0.0.1',
			people,
			apiKey: 'another-key',
			organizationId: ORGANIZATION,
			clientId: 'account',
			clientSecret: CANARY,
		});
		closeLater(() => jumpCloud.close());
		const credential = {
			authenticateWith: 'serviceAccount',
			clientId: 'account',
			clientSecret: CANARY,
			tokenUrl: `${jumpCloud.url}/oauth2/token`,
			region: 'custom',
			customUrl: jumpCloud.url,
		};
		let reads = 0;
		jumpCloud.onRequest = ({ path }) => {
			if (path === '/api/systemusers') reads += 1;
			if (reads === 2) jumpCloud.expireTokens();
		};
		const endpoint = {
			url: '/api/systemusers',
			primaryKey: '_id',
			recordsPath: 'results',
			query: { parameters: [{ name: 'sort', value: '_id' }] },
			paging: 'offset',
			offsetParameter: 'skip',
			stops: { totalPath: 'totalCount' },
		};
		const whole = await read({ authentication: 'jumpCloud', credential }, endpoint);
		expect(whole.error?.message).toBeUndefined();
		expect(rows(whole)).toHaveLength(250);
		expect(jumpCloud.requests.filter(({ path }) => path === '/oauth2/token')).toHaveLength(2);
		const refused = await read(
			{ authentication: 'jumpCloud', credential: { ...credential, clientSecret: `${CANARY}-wrong` } },
			endpoint,
		);
		expect(refused.error?.message).toContain('the token call of the service account');
		expect(leaks([whole, refused], CANARY)).toEqual([]);
	});

	test('has tokens that stand nowhere, though a server repeats them', async () => {
		const server = await product(({ headers }) => headers.authorization === `Bearer ${TOKEN}`);
		const credential = {
			authenticateWith: 'serviceAccount',
			clientId: 'account',
			clientSecret: CANARY,
			tokenUrl: `${server.base}/login`,
			region: 'custom',
			customUrl: server.base,
		};
		const whole = await read({ authentication: 'jumpCloud', credential }, { url: '/people' });
		expect(rows(whole)).toEqual([{ id: 1 }]);
		const refused = await read({ authentication: 'jumpCloud', credential }, { url: '/broken' });
		expect(refused.error?.message).toContain('Bearer ***');
		expect(leaks([whole, refused], CANARY, TOKEN)).toEqual([]);
	});
});

describe('HCM OAuth2', () => {
	const stored = (base: string, changes: ICredentialDataDecryptedObject = {}): Source => ({
		authentication: 'hcmOAuth2Api',
		credential: {
			grantType: 'clientCredentials',
			accessTokenUrl: `${base}/token`,
			clientId: 'client',
			clientSecret: CANARY,
			authentication: 'body',
			headerPrefix: 'Zoho-oauthtoken',
			baseUrl: base,
			oauthTokenData: { access_token: TOKEN, refresh_token: `${TOKEN}-refresh` },
			...changes,
		},
	});
	const accepted = ({ headers }: Asked) => headers.authorization === `Zoho-oauthtoken ${TOKEN}`;

	test("goes only where n8n's own fields of the credential let it", async () => {
		const hr = await product(accepted);
		const domains = (list: string) => ({ allowedHttpRequestDomains: 'domains', allowedDomains: list });
		const listed = await read(stored(hr.base, domains('127.0.0.1')), { url: '/people' });
		expect(rows(listed)).toEqual([{ id: 1 }]);
		const other = await read(stored(hr.base, domains('hr.example, *.example.com')), { url: '/people' });
		expect(other.error?.message).toBe(
			`Endpoint "People", page 1: 'Allowed Domains' of the credential does not list ${new URL(hr.base).host}. [Item 0]`,
		);
		const none = { allowedHttpRequestDomains: 'none' };
		const based = await read(stored(hr.base, none), { url: '/people' });
		expect(rows(based)).toEqual([{ id: 1 }]);
		const open = await read(stored(hr.base, { ...none, baseUrl: '' }), { url: `${hr.base}/people` });
		expect(open.error?.message).toContain('it has no Base URL that would let it go to');
		expect(hr.calls.map(({ path }) => path)).toEqual(['/people', '/people']);
		expect(leaks([listed, other, based, open], CANARY, TOKEN)).toEqual([]);
	});

	test.each<[what: string, status: number, type: string]>([
		['no JSON', 200, 'text/html'],
		['a refusal', 400, 'application/json'],
		['a fault', 500, 'text/plain'],
	])(
		'whose token server answers with %s, and repeats what it was sent, is repeated nowhere',
		async (_what, status, type) => {
			const hr = await serveProduct(({ path, headers, body }) => {
				if (path !== '/token') return { status: 401, json: { message: headers.authorization ?? '' } };
				const words = `${new URLSearchParams(body).get('client_secret') ?? ''} ${body}`;
				return {
					status,
					type,
					text: type === 'application/json' ? JSON.stringify({ error_description: words }) : words,
				};
			});
			const run = await read(stored(hr.base), { url: '/people' });
			expect(hr.calls.map(({ path }) => path)).toEqual(['/people', '/token']);
			expect(run.error?.message).toMatch(/page 1: (there is no token for|the token server of) the credential/);
			expect(leaks([run], CANARY, TOKEN)).toEqual([]);
		},
	);
});

describe("the node's tests of credentials, as n8n calls them", () => {
	type Tests = Readonly<
		Record<
			string,
			(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>
		>
	>;
	const tests = (): Tests => {
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- built CommonJS, as it is shipped
		const built = require('../../dist/nodes/CustomHcmEndpoint/CustomHcmEndpoint.node.js') as {
			readonly CustomHcmEndpoint: new () => { readonly methods: { readonly credentialTest: Tests } };
		};
		return new built.CustomHcmEndpoint().methods.credentialTest;
	};
	const ask = async (name: string, data: ICredentialDataDecryptedObject) => {
		const context = new CredentialTestContext({} as IWorkflowExecuteAdditionalData);
		const test = tests()[name];
		if (!test) throw new Error(`The node has no ${name}.`);
		return await test.call(context, { id: '1', name: 'HR', type: 'any', data });
	};

	test('of HCM API say whether the key is accepted, and do not repeat it', async () => {
		const hr = await product(({ headers }) => headers['x-api-key'] === CANARY);
		const data = { baseUrl: hr.base, authenticateWith: 'apiKey', keyName: 'X-API-Key', testPath: '/people' };
		expect(await ask('hcmApiTest', { ...data, keyValue: CANARY })).toMatchObject({ status: 'OK' });
		const { status, message } = await ask('hcmApiTest', { ...data, keyValue: `${CANARY}-wrong` });
		expect([status, message]).toEqual(['Error', expect.stringContaining('The server does not accept the credential.')]);
		expect(findSecret(CANARY, { message: Buffer.from(message) })).toEqual([]);
	});

	test('of JumpCloud say how many people the key may read', async () => {
		const jumpCloud = await startJumpCloud({
			host: '127.0.0.1',
			people: seedPeople({ seed: 2, count: 60 }),
			apiKey: CANARY,
			organizationId: ORGANIZATION,
		});
		closeLater(() => jumpCloud.close());
		expect(await ask('jumpCloudApiTest', { region: 'custom', customUrl: jumpCloud.url, apiKey: CANARY })).toEqual({
			status: 'OK',
			message: 'Connected: this key may read 60 people.',
		});
	});
});
