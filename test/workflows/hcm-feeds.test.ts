/** Feeds of several lists, of changes only, compared with the last one, and what is written back: the node in n8n's engine. */
import type { IDataObject, INode, INodeExecutionData, WorkflowExecuteMode } from 'n8n-workflow';
import { closeAll } from '../support/http';
import {
	chain,
	everythingKept,
	node,
	runWorkflow,
	TYPES,
	type RunOptions,
	type WorkflowRun,
} from '../support/n8n-core';
import { serveProduct, type Product } from '../support/products/server';
import { findSecret } from '../support/secret-search';

afterEach(closeAll);

type Parameters = INode['parameters'];
const custom = (endpoints: readonly IDataObject[], parameters: Parameters = {}): Parameters => ({
	authentication: 'none',
	source: 'custom',
	endpoints: { values: [...endpoints] } as IDataObject as INode['parameters'],
	...parameters,
	options: { retries: 0, ...(parameters['options'] as IDataObject | undefined) },
});

const hcm = (parameters: Parameters, extra: Partial<INode> = {}) =>
	node('HR', TYPES.customHcmEndpoint, parameters, extra);
const read = (parameters: Parameters, options: RunOptions = {}, extra: Partial<INode> = {}) =>
	runWorkflow(
		{ nodes: [node('Start', TYPES.start, {}), hcm(parameters, extra)], connections: chain('Start', 'HR') },
		options,
	);
const records = (run: WorkflowRun): IDataObject[] => run.out('HR')[0] ?? [];
const report = (run: WorkflowRun): IDataObject => run.out('HR')[1]?.[0] ?? {};
const pairs = (items: readonly INodeExecutionData[] = []) => items.map(({ pairedItem }) => pairedItem);

describe('several lists', () => {
	const people = [
		{ id: 1, name: 'Ada' },
		{ id: 2, name: 'Zoë' },
		{ id: 3, name: "O'Neil" },
	];
	let hr: Product;
	beforeEach(async () => {
		hr = await serveProduct(({ path }) => {
			if (path === '/people') return { json: people };
			if (path === '/contracts')
				return {
					json: {
						items: [
							{ person: ' 1', until: '2027-01-31' },
							{ person: '9', until: '2026-01-31' },
						],
					},
				};
			const [, id] = /^\/people\/(\d+)\/teams$/.exec(path) ?? [];
			if (id === '2') return { status: 404, json: { message: 'gone' } };
			return {
				json: [
					{ team: `T${id}`, person: Number(id) },
					{ team: 'All', person: Number(id) },
				],
			};
		});
	});
	const lists = () => [
		{ name: 'People', url: `${hr.base}/people`, primaryKey: 'id' },
		{ name: 'contract', url: `${hr.base}/contracts`, primaryKey: 'person', recordsPath: 'items' },
		{
			name: 'teams',
			url: `${hr.base}/people/{id}/teams`,
			primaryKey: 'team',
			settings: { dependsOn: 'People', joinOn: 'person', several: true },
		},
	];

	test('become one record for each person, in order, and strangers are reported', async () => {
		const run = await read(custom(lists()));
		expect(run.error).toBeUndefined();
		expect(records(run)).toEqual([
			{
				...people[0],
				contract: { person: ' 1', until: '2027-01-31' },
				teams: [
					{ team: 'T1', person: 1 },
					{ team: 'All', person: 1 },
				],
			},
			{ ...people[1], contract: null, teams: [] },
			{
				...people[2],
				contract: null,
				teams: [
					{ team: 'T3', person: 3 },
					{ team: 'All', person: 3 },
				],
			},
		]);
		expect(report(run)).toMatchObject({
			complete: true,
			kind: 'full',
			evidence: 'strong',
			warnings: ['"contract" has 1 person that "People" does not have: 9'],
			endpoints: [{ name: 'People' }, { name: 'contract' }, { name: 'teams', calls: 3 }],
		});
	});

	test('may be spread, and strangers kept', async () => {
		const run = await read(custom(lists().slice(0, 2), { join: { as: 'spread', unmatched: 'keep' } }));
		expect(records(run)).toEqual([
			{ ...people[0], person: ' 1', until: '2027-01-31' },
			people[1],
			people[2],
			{ id: '9', person: '9', until: '2026-01-31' },
		]);
	});

	test('are incomplete together when one of them is', async () => {
		const broken = [...lists().slice(0, 1), { name: 'rooms', url: `${hr.base}/people/7/teams`, primaryKey: 'room' }];
		const failed = await read(custom(broken));
		expect(failed.error?.message).toBe('The feed "People" was not read whole: 2 rows of "rooms" have no room [Item 0]');
		const on = await read(custom(broken, { options: { ifIncomplete: 'goOn' } }));
		expect(records(on)).toHaveLength(3);
		expect(report(on)).toMatchObject({ complete: false, reasons: ['2 rows of "rooms" have no room'] });
	});
});

describe('a limit', () => {
	test('stops the calls, is said in one word, and fails nothing', async () => {
		const hr = await serveProduct(({ query }) => {
			const skip = Number(query.get('offset'));
			const all = Array.from({ length: 500 }, (_, id) => ({ id }));
			return { json: { total: 500, rows: all.slice(skip, skip + 100) } };
		});
		const endpoint = {
			name: 'People',
			url: `${hr.base}/people`,
			primaryKey: 'id',
			recordsPath: 'rows',
			paging: 'offset',
			stops: { totalPath: 'total' },
		};
		const run = await read(custom([endpoint], { options: { limit: 150 } }));
		expect(run.error).toBeUndefined();
		expect(records(run)).toHaveLength(150);
		expect(report(run)).toMatchObject({ complete: false, reasons: ['limit'], kind: 'delta', records: 150 });
		expect(hr.calls).toHaveLength(2);
	});
});

describe('the last page', () => {
	test("is known by the builder's conditions, with n8n's own operators", async () => {
		const hr = await serveProduct(({ query }) => {
			const page = Number(query.get('page'));
			return { json: { rows: [{ id: page }], meta: { state: page === 3 ? 'DONE' : 'more' } } };
		});
		const condition = (leftValue: string) => ({
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			combinator: 'and',
			conditions: [
				{ id: '1', leftValue, rightValue: 'DONE', operator: { type: 'string', operation: 'equals' } },
				{ id: '2', leftValue: '', rightValue: '', operator: { type: 'string', operation: 'equals' } },
			],
		});
		for (const left of ['body.meta.state', '={{ $response.body.meta.state }}']) {
			const endpoint = {
				name: 'People',
				url: `${hr.base}/people`,
				primaryKey: 'id',
				recordsPath: 'rows',
				paging: 'page',
				pageSize: 1,
				limitParameter: '',
				stops: { shortPage: false, when: condition(left) },
			};
			const run = await read(custom([endpoint]));
			expect([left, run.error?.message]).toEqual([left, undefined]);
			expect(records(run)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
			expect(report(run)).toMatchObject({ complete: true, evidence: 'weak' });
		}
	});
});

describe('reading what changed', () => {
	const since = { values: { parameter: 'updated_after', overlap: 0, format: 'iso' } };
	let asked: (string | null)[];
	let hr: Product;
	beforeEach(async () => {
		asked = [];
		hr = await serveProduct(({ query }) => {
			asked.push(query.get('updated_after'));
			return { json: [{ id: 1 }] };
		});
	});

	/** Reads, applies (or fails to), and confirms, as a workflow does. */
	const flow = (
		staticData: IDataObject,
		{
			applies = true,
			mode = 'trigger',
			options = {},
		}: { readonly applies?: boolean; readonly mode?: WorkflowExecuteMode; readonly options?: IDataObject } = {},
	) => {
		const apply = node('Apply', 'test.apply', {});
		const parameters = custom([{ name: 'People', url: `${hr.base}/people`, primaryKey: 'id' }], {
			options: { changedSince: since, ...options },
		});
		return runWorkflow(
			{
				nodes: [
					node('Start', TYPES.start, {}),
					hcm(parameters),
					apply,
					node('Confirm', TYPES.customHcmEndpoint, { operation: 'confirmFeed' }),
				],
				connections: {
					...chain('Start', 'HR'),
					HR: { main: [[], [{ node: 'Apply', type: 'main', index: 0 }]] },
					...chain('Apply', 'Confirm'),
				},
			},
			{
				mode,
				staticData,
				extraNodes: {
					'test.apply': {
						description: {
							displayName: 'Apply',
							name: 'apply',
							group: ['transform'],
							version: 1,
							description: 'Stands for the nodes that apply changes',
							defaults: { name: 'Apply' },
							inputs: ['main'],
							outputs: ['main'],
							properties: [],
						},
						execute() {
							if (!applies) throw new Error('The domain controller is away.');
							return Promise.resolve([this.getInputData()]);
						},
					},
				},
			},
		);
	};

	test('begins with everything, then asks from the confirmed date, which a failed apply does not move', async () => {
		const staticData: IDataObject = {};
		const first = await flow(staticData);
		expect(first.error).toBeUndefined();
		const offered = report(first)['nextSince'];
		expect(report(first)).toMatchObject({ kind: 'full', node: 'HR', feed: 'People' });
		expect(first.out('Confirm')[0]).toEqual([{ node: 'HR', feed: 'People', since: offered, note: 'confirmed' }]);

		const second = await flow(staticData, { applies: false });
		expect(second.status).toBe('error');
		expect(report(second)).toMatchObject({ kind: 'delta' });
		const third = await flow(staticData);
		expect(third.error).toBeUndefined();
		const stamp = new Date(offered as string).toISOString().replace(/\.\d+Z$/, 'Z');
		expect(asked.map((date) => date?.replace(/\.\d+Z$/, 'Z') ?? null)).toEqual([null, stamp, stamp]);
		const fourth = await flow(staticData);
		expect(fourth.error).toBeUndefined();
		expect(Date.parse(asked[3] ?? '')).toBeGreaterThanOrEqual(Date.parse(stamp));
	});

	test('keeps nothing of a manual run, and reads everything in one', async () => {
		const staticData: IDataObject = {};
		const run = await flow(staticData, { mode: 'manual' });
		expect(run.out('Confirm')[0]).toMatchObject([{ note: 'not kept: this is a manual run' }]);
		expect(report(run)).toMatchObject({ kind: 'full', comparison: 'not compared: this is a manual run' });
		await flow(staticData, { mode: 'manual' });
		expect(asked).toEqual([null, null]);
	});

	test('starts with a date where one is given, in the format that is asked for', async () => {
		const values = { ...since.values, startWith: '2026-03-01T12:00:00.000Z', overlap: 30, format: 'epochSeconds' };
		const run = await flow({}, { options: { changedSince: { values } } });
		expect(run.error).toBeUndefined();
		expect(asked).toEqual([String(Date.UTC(2026, 2, 1, 11, 30) / 1000)]);
		expect(report(run)).toMatchObject({ kind: 'delta' });
	});

	test('moves on by itself where the builder wants that', async () => {
		const staticData: IDataObject = {};
		const values = { ...since.values, advance: 'read' };
		await flow(staticData, { applies: false, options: { changedSince: { values } } });
		await flow(staticData, { applies: false, options: { changedSince: { values } } });
		expect(asked[0]).toBeNull();
		expect(asked[1]).not.toBeNull();
	});
});

describe('a feed that shrinks', () => {
	test('is compared with the last complete one in production, and is what the builder says it is', async () => {
		let count = 100;
		const hr = await serveProduct(() => ({ json: Array.from({ length: count }, (_, id) => ({ id, mail: `m${id}` })) }));
		const staticData: IDataObject = {};
		const feed = (beyond: string) =>
			read(
				custom([{ name: 'People', url: `${hr.base}/people`, primaryKey: 'id' }], {
					options: { ifIncomplete: 'goOn', compare: { values: { beyond } } },
				}),
				{ mode: 'trigger', staticData },
			);
		expect(report(await feed('incomplete'))).toMatchObject({
			complete: true,
			comparison: 'not compared: it is the first complete feed',
		});
		count = 80;
		const refused = report(await feed('incomplete'));
		expect(refused).toMatchObject({ complete: false });
		expect(String((refused['reasons'] as string[])[0])).toMatch(
			/^80 rows instead of 100 .* 20 % are missing, more than 10 %$/,
		);
		const warned = report(await feed('warn'));
		expect(warned).toMatchObject({ complete: true, reasons: [] });
		expect(warned['warnings']).toHaveLength(1);
		expect(report(await feed('incomplete'))).toMatchObject({ complete: true, warnings: [] });
	});
});

describe('writing back', () => {
	const send = (
		parameters: Parameters,
		input: readonly IDataObject[],
		options: RunOptions = {},
		extra: Partial<INode> = {},
	) =>
		read(
			{ operation: 'sendRecord', authentication: 'none', options: { retries: 2 }, ...parameters },
			{ input, ...options },
			extra,
		);

	test('makes one call for each item, with its values encoded, and says who failed and why', async () => {
		const hr = await serveProduct(({ path }) =>
			path.endsWith('/2') ? { status: 422, json: { message: 'No such field' } } : { json: { ok: true } },
		);
		const parameters = {
			action: 'custom',
			method: 'PATCH',
			url: `${hr.base}/people/{id}`,
			bodyType: 'json',
			jsonBody: '{ "account": "{login}", "text": "of {name}" }',
		};
		const input = [
			{ id: '../1', login: 'a"b', name: 'Ada' },
			{ id: 2, login: 'c', name: 'Zoë' },
			{ id: 3, name: 'Nobody' },
		];
		const run = await send(parameters, input);
		const [sent = [], failed = []] = run.items('HR');
		expect(hr.calls.map(({ method, path, body }) => [method, path, JSON.parse(body) as unknown])).toEqual([
			['PATCH', '/people/..%2F1', { account: 'a"b', text: 'of Ada' }],
			['PATCH', '/people/2', { account: 'c', text: 'of Zoë' }],
		]);
		expect(sent.map(({ json }) => json)).toMatchObject([
			{ name: 'Ada', sent: { status: 200, response: { ok: true }, calls: 1 } },
		]);
		expect(failed.map(({ json }) => json)).toMatchObject([
			{ name: 'Zoë', failure: { status: 422, message: expect.stringContaining('No such field') as string } },
			{
				name: 'Nobody',
				failure: { status: null, message: expect.stringContaining('the record has no "login"') as string },
			},
		]);
		expect([pairs(sent), pairs(failed)]).toEqual([[{ item: 0 }], [{ item: 1 }, { item: 2 }]]);
	});

	test.each([
		['PUT', false, 2],
		['POST', false, 1],
		['POST', true, 2],
	])('by %s, with unsafe retries: %s, a busy server is called %i times', async (method, retryUnsafe, calls) => {
		let first = true;
		const hr = await serveProduct(() => {
			const status = first ? 503 : 200;
			first = false;
			return { status, json: {} };
		});
		const run = await send({ action: 'custom', method, url: `${hr.base}/x`, options: { retries: 2, retryUnsafe } }, [
			{},
		]);
		expect(hr.calls).toHaveLength(calls);
		expect(run.out('HR').map((items) => items.length)).toEqual(calls === 2 ? [1, 0] : [0, 1]);
	});

	describe('to JumpCloud', () => {
		const apiKey = 'canary-of-writing-back';
		let user: Record<string, unknown>;
		let jumpCloud: Product;
		beforeEach(async () => {
			user = {
				_id: 'u1',
				state: 'ACTIVATED',
				attributes: [
					{ name: 'badge', value: '7' },
					{ name: 'adAccount', value: 'old' },
				],
			};
			jumpCloud = await serveProduct(({ method, path, body }) => {
				if (path !== '/api/systemusers/u1') return { status: 404, json: { message: 'Not Found' } };
				if (method === 'PUT') user = { ...user, ...(JSON.parse(body) as object) };
				return { json: user };
			});
		});
		const act = (parameters: Parameters, input: readonly IDataObject[] = [{}]) =>
			send(
				{ authentication: 'jumpCloud', userId: 'u1', ...parameters },
				input,
				{ credentials: { jumpCloudApi: { apiKey, region: 'custom', customUrl: jumpCloud.base } } },
				{ credentials: { jumpCloudApi: { id: '1', name: 'JumpCloud' } } },
			);

		test('suspends and activates', async () => {
			await act({ action: 'jumpCloudSuspendUser' });
			expect(user).toMatchObject({ state: 'SUSPENDED', suspended: true });
			const run = await act({ action: 'jumpCloudActivateUser' });
			expect(user).toMatchObject({ state: 'ACTIVATED', suspended: false });
			expect(findSecret(apiKey, { run: Buffer.from(everythingKept(run)) })).toEqual([]);
		});

		test('sets one attribute and leaves the others, and nothing where it is so already', async () => {
			const set = (attributeValue: string) =>
				act({ action: 'jumpCloudSetAttribute', attributeName: 'adAccount', attributeValue });
			await set('ada.lovelace');
			expect(user['attributes']).toEqual([
				{ name: 'badge', value: '7' },
				{ name: 'adAccount', value: 'ada.lovelace' },
			]);
			const before = jumpCloud.calls.length;
			const again = await set('ada.lovelace');
			expect(jumpCloud.calls.slice(before).map(({ method }) => method)).toEqual(['GET']);
			expect(again.out('HR')[0]).toMatchObject([{ sent: { unchanged: true } }]);
			await set('');
			expect(user['attributes']).toEqual([{ name: 'badge', value: '7' }]);
		});

		test('refuses an id that leads elsewhere', async () => {
			const run = await act({ action: 'jumpCloudSuspendUser', userId: '..' });
			expect(run.out('HR')[1]).toMatchObject([{ failure: { message: expect.stringContaining('".."') as string } }]);
			expect(jumpCloud.calls).toEqual([]);
		});
	});
});

describe('the secrets of HCM API', () => {
	const canary = 'Canary-of-HCM-API-8c1f';
	const token = 'Token-canary-77aa31';
	test.each<[what: string, credential: IDataObject, header: string]>([
		[
			'a key with a prefix',
			{ authenticateWith: 'apiKey', keyName: 'Authorization', keyPrefix: 'SSWS', keyValue: canary },
			`SSWS ${canary}`,
		],
		[
			'Basic',
			{ authenticateWith: 'basic', user: 'isu', password: canary },
			`Basic ${Buffer.from(`isu:${canary}`).toString('base64')}`,
		],
		['Bearer', { authenticateWith: 'bearer', token: canary }, `Bearer ${canary}`],
		[
			'a log-in',
			{
				authenticateWith: 'login',
				loginUrl: '/login',
				loginBodyType: 'form',
				user: 'isu',
				password: canary,
				tokenPath: 'data.token',
				tokenPrefix: 'Zoho-oauthtoken',
			},
			`Zoho-oauthtoken ${token}`,
		],
	])('of %s go where they belong and nowhere else', async (_what, credential, header) => {
		let expired = false;
		const hr = await serveProduct(({ path, headers, body }) => {
			if (path === '/login')
				return body.includes(canary) ? { json: { data: { token } } } : { status: 403, json: { message: body } };
			if (headers.authorization !== header)
				return { status: 401, json: { message: `no: ${headers.authorization ?? ''}` } };
			if (expired) {
				expired = false;
				return { status: 401, json: { message: `expired: ${headers.authorization}` } };
			}
			return path === '/broken' ? { status: 400, json: { message: `${header} ${canary}` } } : { json: [{ id: 1 }] };
		});
		const run = (url: string) =>
			read(
				custom([{ name: 'People', url, primaryKey: 'id' }], { authentication: 'hcmApi' }),
				{ credentials: { hcmApi: { baseUrl: hr.base, ...credential } } },
				{ credentials: { hcmApi: { id: '1', name: 'HR' } } },
			);
		const whole = await run('/people');
		expect(whole.error).toBeUndefined();
		expect(records(whole)).toEqual([{ id: 1 }]);
		expired = credential['authenticateWith'] === 'login';
		expect(records(await run('people'))).toEqual([{ id: 1 }]);
		const broken = await run('/broken');
		expect(broken.error?.message).toContain('***');
		const elsewhere = await run('http://127.0.0.2:9/people');
		expect(elsewhere.error?.message).toContain(
			`the credential is for ${hr.base}, and the call goes to http://127.0.0.2:9`,
		);
		for (const secret of [canary, token, header])
			for (const kept of [whole, broken, elsewhere])
				expect(findSecret(secret, { run: Buffer.from(everythingKept(kept)) })).toEqual([]);
	});
});

describe('HCM OAuth2', () => {
	/** Gives t1, t2, ... for the client's secret; takes the newest, behind the product's own word. */
	async function product() {
		let tokens = 0;
		const own = { newest: '', server: undefined as Product | undefined };
		own.server = await serveProduct(({ path, headers, body }) => {
			if (path === '/token') {
				const given = body.includes('grant_type=client_credentials') && headers.authorization?.startsWith('Basic ');
				if (!given) return { status: 400, json: { error: 'invalid_request' } };
				tokens += 1;
				own.newest = `oauth-token-canary-${tokens}`;
				return { json: { access_token: own.newest, token_type: 'Bearer', expires_in: 3600 } };
			}
			if (headers.authorization === `Zoho-oauthtoken ${own.newest}`) return { json: [{ id: 1 }] };
			return { status: 401, json: { message: `no: ${headers.authorization ?? ''}` } };
		});
		return { base: own.server.base, calls: own.server.calls, tokens: () => tokens };
	}
	const run = (base: string, stored: IDataObject) =>
		read(
			custom([{ name: 'People', url: '/people', primaryKey: 'id' }], { authentication: 'hcmOAuth2Api' }),
			{
				credentials: {
					hcmOAuth2Api: {
						grantType: 'clientCredentials',
						accessTokenUrl: `${base}/token`,
						clientId: 'client',
						clientSecret: 'client-secret-canary',
						scope: 'people.read',
						authentication: 'header',
						headerPrefix: 'Zoho-oauthtoken',
						baseUrl: base,
						...stored,
					},
				},
			},
			{ credentials: { hcmOAuth2Api: { id: '1', name: 'HR' } } },
		);

	test.each<[what: string, stored: IDataObject]>([
		['no token yet', {}],
		['one that has ended', { oauthTokenData: { access_token: 'oauth-token-canary-old', token_type: 'Bearer' } }],
	])("with %s gets one from n8n's own helper, and sends it behind the product's word", async (_what, stored) => {
		const { base, calls, tokens } = await product();
		const ran = await run(base, stored);
		expect(ran.error?.message).toBeUndefined();
		expect(records(ran)).toEqual([{ id: 1 }]);
		expect(tokens()).toBe(1);
		expect(calls.at(-1)?.headers.authorization).toBe('Zoho-oauthtoken oauth-token-canary-1');
		for (const secret of ['oauth-token-canary-1', 'client-secret-canary'])
			expect(findSecret(secret, { run: Buffer.from(everythingKept(ran)) })).toEqual([]);
	});
});
