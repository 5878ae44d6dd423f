import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { ORGANIZATION, seedPeople } from '../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudSimulator } from '../../demo/jumpcloud/server';
import {
	chain,
	everythingKept,
	node,
	runWorkflow,
	TYPES,
	withCredentials,
	type RunOptions,
	type WorkflowRun,
} from '../support/n8n-core';
import { findSecret } from '../support/secret-search';
import { requestFaults } from '../support/published';

const people = seedPeople({ seed: 7, count: 250 });
const apiKey = 'canary-key-of-the-workflow-tests';
const byId = (left: { _id: string }, right: { _id: string }) => (left._id < right._id ? -1 : 1);

type HcmNode = { readonly parameters?: INode['parameters']; readonly extra?: Partial<INode> };

/** Start, then Custom HCM Endpoint named "HR", with the credential of `url`. */
async function readFrom(url: string, { parameters = {}, extra = {} }: HcmNode = {}, options: RunOptions = {}) {
	return await runWorkflow(
		{
			nodes: [
				node('Start', TYPES.start, {}),
				node('HR', TYPES.customHcmEndpoint, parameters, { ...withCredentials('jumpCloudApi'), ...extra }),
			],
			connections: chain('Start', 'HR'),
		},
		{
			credentials: { jumpCloudApi: { apiKey, region: 'custom', customUrl: url, organizationId: ORGANIZATION } },
			...options,
		},
	);
}

const records = (run: WorkflowRun): IDataObject[] => run.out('HR')[0] ?? [];
const reports = (run: WorkflowRun): IDataObject[] => run.out('HR')[1] ?? [];
const ids = (of: ReadonlyArray<{ readonly _id?: unknown }>) => of.map(({ _id }) => _id);
const pairs = (items: readonly INodeExecutionData[] = []) => items.map(({ pairedItem }) => pairedItem);
const leaks = (run: WorkflowRun) => findSecret(apiKey, { run: Buffer.from(everythingKept(run)) });

describe('the people of JumpCloud', () => {
	let jumpCloud: JumpCloudSimulator;
	beforeEach(async () => {
		jumpCloud = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
	});
	afterEach(() => jumpCloud.close());
	const read = (hcm?: HcmNode, options?: RunOptions) => readFrom(jumpCloud.url, hcm, options);

	test('are all read, each once and unchanged, each paired with the item that asked', async () => {
		const run = await read();
		expect(run.error).toBeUndefined();
		expect(records(run)).toEqual([...people].sort(byId));
		expect(new Set(pairs(run.items('HR')[0]).map((pair) => JSON.stringify(pair)))).toEqual(new Set(['{"item":0}']));
	});

	test('come with one report that says they are all', async () => {
		const run = await read();
		expect(reports(run)).toEqual([
			{
				formatVersion: 1,
				node: 'HR',
				feed: 'People',
				kind: 'full',
				complete: true,
				reasons: [],
				evidence: 'strong',
				warnings: [],
				comparison: 'not compared: this is a manual run',
				records: 250,
				nextSince: null,
				endpoints: [
					{
						name: 'People',
						calls: 3,
						retries: 0,
						rows: 250,
						unique: 250,
						duplicates: 0,
						total: 250,
						pages: 3,
						ms: expect.any(Number) as number,
					},
				],
			},
		]);
		expect(pairs(run.items('HR')[1])).toEqual([{ item: 0 }]);
	});

	test('are asked for in pages that overlap by one row, sorted by id, with key and organization', async () => {
		await read();
		expect(jumpCloud.requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual(
			['0', '99', '198'].map((skip) => ({
				method: 'GET',
				path: '/api/systemusers',
				query: { sort: '_id', limit: '100', skip },
			})),
		);
		for (const { headerNames } of jumpCloud.requests)
			expect(headerNames).toEqual(expect.arrayContaining(['x-api-key', 'x-org-id']));
	});

	test('are all read though somebody leaves between two pages', async () => {
		const [first] = [...people].sort(byId);
		jumpCloud.onRequest = () => {
			const index = jumpCloud.users.findIndex(({ _id }) => _id === first?._id);
			if (index >= 0) jumpCloud.users.splice(index, 1);
		};
		const run = await read();
		expect(ids(records(run))).toEqual(ids([...people].sort(byId)).slice(1));
		expect(reports(run)).toMatchObject([{ complete: true, evidence: 'strong', records: 249 }]);
		expect(jumpCloud.requests.map(({ query }) => query['skip'])).toEqual(['0', '99', '0', '99', '198']);
	});

	test('are not passed on when somebody leaves again and again', async () => {
		jumpCloud.onRequest = () => {
			const [first] = [...jumpCloud.users].sort(byId);
			jumpCloud.users.splice(
				jumpCloud.users.findIndex(({ _id }) => _id === first?._id),
				1,
			);
		};
		const run = await read();
		expect(run.status).toBe('error');
		expect(run.error?.message).toBe(
			'The feed "People" was not read whole: rows moved while "People" was read, twice in a row [Item 0]',
		);
		expect(run.error?.description).toContain('none is passed on');
		expect(run.items('HR')).toEqual([]);
	});

	test('come with their groups, in calls that JumpCloud describes', async () => {
		const run = await read({ parameters: { source: 'jumpCloudUsersWithGroups' } });
		expect(run.error).toBeUndefined();
		const byName = new Map(jumpCloud.groups.map(({ name, members }) => [name, members.length]));
		const counted = new Map<string, number>();
		for (const { groups } of records(run))
			for (const { name } of groups as Array<{ name: string }>) counted.set(name, (counted.get(name) ?? 0) + 1);
		expect(Object.fromEntries(counted)).toEqual(Object.fromEntries([...byName].filter(([, members]) => members > 0)));
		expect(reports(run)).toMatchObject([{ complete: true, evidence: 'strong', records: 250, warnings: [] }]);
		expect(jumpCloud.requests.flatMap((request) => requestFaults(request))).toEqual([]);
	});

	test('are read once for each input item, each with a report of its own', async () => {
		const run = await read(
			{ parameters: { options: { feedName: '={{ $json.feed }}' } } },
			{ input: [{ feed: 'one' }, { feed: 'two' }] },
		);
		expect(records(run)).toHaveLength(500);
		expect(reports(run)).toMatchObject([{ feed: 'one' }, { feed: 'two' }]);
		expect(pairs(run.items('HR')[1])).toEqual([{ item: 0 }, { item: 1 }]);
		expect(pairs(run.items('HR')[0])[250]).toEqual({ item: 1 });
	});

	test('are read in the end when the server is busy in between', async () => {
		jumpCloud.failNext(
			{ status: 429, headers: { 'retry-after': '0' } },
			{ status: 503, headers: { 'retry-after': '0' } },
		);
		const run = await read();
		expect(records(run)).toHaveLength(250);
		expect(reports(run)).toMatchObject([{ endpoints: [{ calls: 5, retries: 2, pages: 3 }] }]);
	});

	test('are not read with a wrong key, and the message says what to do', async () => {
		const run = await read(
			{},
			{ credentials: { jumpCloudApi: { apiKey: 'wrong', region: 'custom', customUrl: jumpCloud.url } } },
		);
		expect(run.status).toBe('error');
		expect(run.error?.message).toBe(
			'Endpoint "People", page 1: the server does not accept the credential (HTTP 401). It says: "Unauthorized: api key not provided or not valid" [Item 0]',
		);
		expect(run.error?.description).toMatch(/^Check the key in the credential/);
		expect(run.error?.node?.name).toBe('HR');
	});

	test.each([
		[400, 'does not accept the request'],
		[403, 'may not read this'],
		[404, 'nothing at this address'],
		[302, 'the server redirects to http://127.0.0.1:'],
		[500, 'a fault of its own'],
	])('are not read when the server answers %i, and the message says: %s', async (status, words) => {
		jumpCloud.failNext({ status, headers: { location: `${jumpCloud.url}/elsewhere` } });
		const run = await read({ parameters: { options: { retries: 0 } } });
		expect(run.error?.message).toContain(words);
		expect(jumpCloud.requests).toHaveLength(1);
	});

	test('leave no trace of the key, read or not, though the server repeats it', async () => {
		const echo = { status: 401, body: JSON.stringify({ message: `Unknown key ${apiKey}` }) };
		const whole = await read();
		jumpCloud.failNext(echo);
		const failed = await read();
		jumpCloud.failNext(echo);
		const continued = await read({ extra: { onError: 'continueRegularOutput' } });
		expect(failed.error?.message).toContain('"Unknown key ***"');
		expect([whole, failed, continued].map(leaks)).toEqual([[], [], []]);
		// The search itself finds: the organization is no secret and stands in every record.
		expect(findSecret(ORGANIZATION, { run: Buffer.from(everythingKept(whole)) })).not.toEqual([]);
	});

	test('of one item are read though those of another one are not, when the node may continue', async () => {
		jumpCloud.failNext({ status: 400 });
		const run = await read({ extra: { onError: 'continueRegularOutput' } }, { input: [{}, {}] });
		expect(run.status).toBe('success');
		const [fault, ...rest] = run.items('HR')[0] ?? [];
		expect(fault).toMatchObject({
			json: { error: expect.stringContaining('page 1: the server does not accept the request') as string },
			pairedItem: { item: 0 },
		});
		expect(rest.map(({ json }) => json)).toEqual([...people].sort(byId));
		expect(rest[0]?.pairedItem).toEqual({ item: 1 });
		expect(pairs(run.items('HR')[1])).toEqual([{ item: 1 }]);
	});

	test('that could not be read leave by the error output, when the node has one', async () => {
		jumpCloud.failNext({ status: 400 });
		const run = await read({ extra: { onError: 'continueErrorOutput' } }, { input: [{ asked: 1 }, { asked: 2 }] });
		const [read1, report, faults] = run.items('HR');
		expect(read1).toHaveLength(250);
		expect(report).toHaveLength(1);
		expect(faults).toHaveLength(1);
		expect(faults?.[0]?.json).toMatchObject({ error: expect.stringContaining('HTTP 400') as string });
	});

	test('are no longer waited for when the run is stopped', async () => {
		jumpCloud.failNext({ status: 503, headers: { 'retry-after': '600' } });
		let stop: () => void = () => undefined;
		jumpCloud.onRequest = () => setImmediate(stop);
		const run = await read({}, { onStart: (cancel) => (stop = cancel) });
		expect(run.status).toBe('canceled');
		expect(jumpCloud.requests).toHaveLength(1);
	});

	test('are not waited for when the run is stopped, though the node may continue', async () => {
		jumpCloud.failNext({ status: 503, headers: { 'retry-after': '600' } });
		let stop: () => void = () => undefined;
		jumpCloud.onRequest = () => setImmediate(stop);
		const run = await read(
			{ extra: { onError: 'continueRegularOutput' } },
			{ input: [{}, {}], onStart: (cancel) => (stop = cancel) },
		);
		expect(run.status).toBe('canceled');
		expect(jumpCloud.requests).toHaveLength(1);
	});
});

describe('the people of another system', () => {
	type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;
	let server: Server;
	let base: string;
	let answer: Answer;
	let asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
	beforeEach(async () => {
		asked = [];
		server = createServer((request, response) => {
			asked.push({ path: request.url ?? '', headers: request.headers });
			answer(request, response, new URL(request.url ?? '/', base));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(
		() =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	);
	const text =
		(body: string, status = 200, headers: Record<string, string> = {}): Answer =>
		(_request, response) => {
			response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
		};
	const custom = (endpoint: IDataObject, parameters: INode['parameters'] = {}): HcmNode => ({
		parameters: {
			authentication: 'none',
			source: 'custom',
			endpoints: { values: [{ name: 'Employees', url: `${base}/people`, primaryKey: 'id', ...endpoint }] },
			options: { retries: 0 },
			...parameters,
		},
	});

	test('are read from one reply, with every digit of their ids, and without a credential', async () => {
		answer = text('[{"id": 12345678901234567890, "name": "Ada"}, {"id": 2}]');
		const run = await readFrom(base, custom({ query: { parameters: [{ name: 'a b', value: 'ü&=' }] } }));
		expect(run.error).toBeUndefined();
		expect(records(run)).toEqual([{ id: '12345678901234567890', name: 'Ada' }, { id: 2 }]);
		expect(reports(run)).toMatchObject([{ feed: 'Employees', complete: true, evidence: 'strong', records: 2 }]);
		expect(new URL(asked[0]?.path ?? '', base).searchParams.get('a b')).toBe('ü&=');
		expect(asked[0]?.headers).not.toHaveProperty('x-api-key');
	});

	test('are read by offset, with the names of this system', async () => {
		const everybody = Array.from({ length: 7 }, (_, id) => ({ person: { id } }));
		answer = (_request, response, { searchParams }) => {
			const from = Number(searchParams.get('from'));
			// It caps its pages at two, whatever is asked for.
			response.end(JSON.stringify({ data: { list: everybody.slice(from, from + 2), '@count': 7 } }));
		};
		const run = await readFrom(
			base,
			custom({
				recordsPath: 'data.list',
				primaryKey: 'person.id',
				paging: 'offset',
				pageSize: 3,
				limitParameter: 'count',
				offsetParameter: 'from',
				stops: { totalPath: "data['@count']" },
			}),
		);
		expect(run.error).toBeUndefined();
		expect(records(run)).toEqual(everybody);
		expect(reports(run)).toMatchObject([{ complete: true, evidence: 'strong' }]);
		expect(asked.map(({ path }) => path)).toEqual([0, 1, 2, 3, 4, 5].map((from) => `/people?count=3&from=${from}`));
	});

	test('are not passed on when one of them has no key', async () => {
		answer = text('[{"id": 1}, {"name": "nobody"}]');
		const run = await readFrom(base, custom({}));
		expect(run.error?.message).toBe(
			'The feed "Employees" was not read whole: 1 rows of "Employees" have no id [Item 0]',
		);
	});

	test.each<[what: string, answer: Answer, words: string]>([
		[
			'sends a login page',
			text('<html><h1>Sign in</h1>'),
			'a web page instead of data. It begins: "<html><h1>Sign in</h1>"',
		],
		['sends no JSON', text('OK'), 'the reply is no JSON. It begins: "OK"'],
		['sends half a reply', text('[{"id": 1}, {"id"'), 'the reply ends in the middle'],
		['sends no list', text('{"people": {}}'), 'no list of records stands at "the root"'],
		['hangs up', (request) => request.socket.destroy(), 'the server cut the connection'],
		[
			'hangs up in the middle',
			(request, response) => {
				response.writeHead(200, { 'content-length': '1000' }).write('[{"id": 1},', () => request.socket.destroy());
			},
			'the server cut the connection',
		],
	])('are not read when the server %s, and the message says so', async (_what, how, words) => {
		answer = how;
		const run = await readFrom(base, custom({}));
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain('Endpoint "Employees", page 1: ');
		expect(run.error?.message).toContain(words);
		expect(run.error?.description).not.toBe('');
	});

	test.each(['none', 'jumpCloud'])(
		'are not read when nothing listens, with authentication %s',
		async (authentication) => {
			await new Promise<void>((resolve) => server.close(() => resolve()));
			const run = await readFrom(base, custom({}, { authentication }));
			expect(run.error?.message).toBe('Endpoint "Employees", page 1: nothing listens there. [Item 0]');
			expect(run.error?.description).toBe('Check host and port in the URL, and the proxy if there is one.');
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		},
	);

	test.each(['none', 'jumpCloud'])(
		'are waited for no longer than the options say, with authentication %s',
		async (authentication) => {
			answer = () => undefined;
			const run = await readFrom(base, custom({}, { authentication, options: { retries: 0, timeout: 0.2 } }));
			expect(run.error?.message).toBe('Endpoint "Employees", page 1: the server did not answer in time. [Item 0]');
		},
	);

	test.each(['none', 'jumpCloud'])(
		'are no longer waited for when the run is stopped in a call, with authentication %s',
		async (authentication) => {
			let stop: () => void = () => undefined;
			answer = () => stop();
			const run = await readFrom(base, custom({}, { authentication, options: { retries: 5 } }), {
				onStart: (cancel) => (stop = cancel),
			});
			expect(run.status).toBe('canceled');
			expect(asked).toHaveLength(1);
		},
	);

	test('are not looked for elsewhere when the server redirects', async () => {
		answer = text('', 302, { location: '/other' });
		const run = await readFrom(base, custom({}, { authentication: 'jumpCloud' }));
		expect(run.error?.message).toContain('the server redirects to another address of its own (HTTP 302)');
		expect(asked).toHaveLength(1);
	});

	test('get the key of JumpCloud only on the origin of its credential', async () => {
		answer = text('[{"id": 1}]');
		const own = await readFrom(`${base}/console/`, custom({ url: '/api/people' }, { authentication: 'jumpCloud' }));
		expect(own.error).toBeUndefined();
		expect(asked).toMatchObject([{ path: '/console/api/people', headers: { 'x-api-key': apiKey } }]);
		const same = await readFrom(base, custom({}, { authentication: 'jumpCloud' }));
		expect(records(same)).toEqual([{ id: 1 }]);
		const other = await readFrom('http://127.0.0.2:1', custom({}, { authentication: 'jumpCloud' }));
		expect(other.error?.message).toBe(
			`Endpoint "Employees", page 1: the credential is for http://127.0.0.2:1, and the call goes to ${base}. [Item 0]`,
		);
		expect(asked).toHaveLength(2);
	});

	test.each<[what: string, endpoint: IDataObject, message: string]>([
		['no URL', { url: '' }, `Endpoint "Employees": 'URL' is empty. [Item 0]`],
		[
			'half a URL',
			{ url: 'hr.example.com/people' },
			`Endpoint "Employees", page 1: its URL is no address of the web. [Item 0]`,
		],
		['a file', { url: 'file:///etc/passwd' }, `Endpoint "Employees": 'URL' must begin with https://. [Item 0]`],
		['no primary key', { primaryKey: ' ' }, `Endpoint "Employees": 'Primary Key' is empty. [Item 0]`],
		[
			'no offset parameter',
			{ paging: 'offset', offsetParameter: '' },
			`Endpoint "Employees": 'Offset Parameter' is empty. [Item 0]`,
		],
		['pages of nothing', { paging: 'offset', pageSize: 0 }, `Endpoint "Employees": 'Page Size' is 0. [Item 0]`],
	])('are not asked for with %s', async (_what, endpoint, message) => {
		const run = await readFrom(base, custom(endpoint));
		expect(run.error?.message).toBe(message);
		expect(run.error?.description).toMatch(/^Enter /);
		expect(asked).toEqual([]);
	});

	test('are not asked for with a path that would be run', async () => {
		const run = await readFrom(base, custom({ recordsPath: 'people[?(@.active)]' }));
		expect(run.error?.message).toContain('The path "people[?(@.active)]" cannot be used');
		expect(asked).toEqual([]);
	});
});
