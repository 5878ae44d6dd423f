import { once } from 'node:events';
import net from 'node:net';
import fc from 'fast-check';
import { ORGANIZATION, seedPeople, SPECIAL, type JumpCloudUser } from '../../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudSimulator } from '../../../demo/jumpcloud/server';

const people = seedPeople({ seed: 1, count: 250 });
const [somebody] = people as [JumpCloudUser, ...JumpCloudUser[]];
const apiKey = 'key-of-these-tests';

type Page = { readonly results: readonly JumpCloudUser[]; readonly totalCount: number };
type Reply = { readonly status: number; readonly body: unknown; readonly headers: Headers };

let simulator: JumpCloudSimulator;
beforeEach(async () => {
	simulator = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
});
afterEach(() => simulator.close());

async function call(route: string, init: RequestInit = {}): Promise<Reply> {
	const response = await fetch(`${simulator.url}${route}`, { headers: { 'x-api-key': apiKey }, ...init });
	return { status: response.status, body: await response.json(), headers: response.headers };
}

async function page(query: Readonly<Record<string, string | number>> | string): Promise<Page> {
	const search =
		typeof query === 'string'
			? query
			: new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
	const { status, body } = await call(`/api/systemusers?${search.toString()}`);
	expect({ status, body }).toMatchObject({ status: 200 });
	return body as Page;
}

/** By skip and limit until an empty page, as a client does it. */
async function readAll(query: Readonly<Record<string, string | number>>, limit: number): Promise<string[]> {
	const ids: string[] = [];
	for (;;) {
		const { results } = await page({ ...query, limit, skip: ids.length });
		if (results.length === 0) return ids;
		ids.push(...results.map(({ _id }) => _id));
	}
}

const put = (id: string, body: string) =>
	call(`/api/systemusers/${id}`, { method: 'PUT', body, headers: { 'x-api-key': apiKey } });
const sortedIds = (of: readonly JumpCloudUser[]) => of.map(({ _id }) => _id).sort();

describe('paging', () => {
	test('gives ten people when no limit is asked for, and the total of all', async () => {
		const { results, totalCount } = await page('');
		expect([results.length, totalCount]).toEqual([10, 250]);
	});

	test('reads everybody exactly once for any page size and any number of people, sorted by _id', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 100 }), async (count, limit) => {
				simulator.users.splice(0, Infinity, ...people.slice(0, count));
				expect(await readAll({ sort: '_id' }, limit)).toEqual(sortedIds(simulator.users));
			}),
			{ numRuns: 20 },
		);
	});

	test('loses and repeats people when no order is asked for, with the total unchanged', async () => {
		const ids = await readAll({}, 100);
		expect(ids).toHaveLength(250);
		expect(new Set(ids).size).toBeLessThan(250);
	});

	test('sorts by several fields, descending with "-"', async () => {
		const { results } = await page({ sort: 'department -username', limit: 100 });
		const got = results.map(({ department, username }) => ({ department, username }));
		const expected = people
			.map(({ department, username }) => ({ department, username }))
			.sort((a, b) =>
				a.department === b.department ? (a.username < b.username ? 1 : -1) : a.department < b.department ? -1 : 1,
			);
		expect(got).toEqual(expected.slice(0, 100));
	});

	test('sorts numbers as numbers', async () => {
		simulator.users.push({ ...somebody, _id: 'f'.repeat(24), unix_uid: 900 });
		expect((await page({ sort: 'unix_uid', limit: 1 })).results[0]?._id).toBe('f'.repeat(24));
	});

	test('skips a living person when an earlier one is removed between two pages', async () => {
		const ordered = sortedIds(people);
		simulator.onRequest = () => {
			simulator.onRequest = undefined;
			simulator.users.splice(
				simulator.users.findIndex(({ _id }) => _id === ordered[0]),
				1,
			);
		};
		const ids = await readAll({ sort: '_id' }, 100);
		expect(ordered.filter((id) => !ids.includes(id))).toEqual([ordered[100]]);
	});

	test('repeats a person when one is added before them between two pages', async () => {
		const ordered = sortedIds(people);
		simulator.onRequest = () => {
			simulator.onRequest = undefined;
			simulator.users.push({ ...somebody, _id: '0'.repeat(24), id: '0'.repeat(24) });
		};
		const ids = await readAll({ sort: '_id' }, 100);
		expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([ordered[99]]);
	});
});

describe('filter and fields', () => {
	test.each<[string, string, (user: JumpCloudUser) => boolean]>([
		['equal', 'state:$eq:SUSPENDED', ({ state }) => state === 'SUSPENDED'],
		['not equal', 'department:$ne:Finance', ({ department }) => department !== 'Finance'],
		['greater', 'username:$gt:m', ({ username }) => username > 'm'],
		['greater or equal, of a number', 'unix_uid:$gte:5200', (user) => Number(user['unix_uid']) >= 5200],
		['less, of a number', 'unix_uid:$lt:5010', (user) => Number(user['unix_uid']) < 5010],
		['less or equal', 'created:$lte:2022-01-01', (user) => String(user['created']) <= '2022-01-01'],
		['of a boolean', 'suspended:$eq:true', ({ suspended }) => suspended],
		[
			'of a value with colons and commas',
			`displayname:$eq:${SPECIAL.punctuation.displayname}`,
			(u) => u._id === SPECIAL.punctuation._id,
		],
		['case-sensitive', 'department:$eq:finance', () => false],
		['equal, of a number', 'unix_uid:$eq:5005', (user) => user['unix_uid'] === 5005],
		['of a field that nobody has, which counts as empty', 'constructor:$eq:', () => true],
	])('keeps those that fit: %s', async (_name, filter, fits) => {
		const expected = people.filter(fits);
		const { results, totalCount } = await page({ filter, sort: '_id', limit: 100 });
		expect(totalCount).toBe(expected.length);
		expect(results.map(({ _id }) => _id)).toEqual(sortedIds(expected).slice(0, 100));
	});

	test.each([
		['repeated', 'filter=state:$eq:ACTIVATED&filter=department:$eq:Legal'],
		['numbered', 'filter[0]=state:$eq:ACTIVATED&filter[1]=department:$eq:Legal'],
		['percent-encoded', 'filter=state%3A%24eq%3AACTIVATED&filter=department%3A%24eq%3ALegal'],
	])('joins several filters by AND: %s', async (_name, query) => {
		const expected = people.filter(({ state, department }) => state === 'ACTIVATED' && department === 'Legal');
		expect((await page(query)).totalCount).toBe(expected.length);
	});

	test('joins filters by OR, and those by AND to the others', async () => {
		const expected = people.filter(
			({ state, department }) => state === 'ACTIVATED' && (department === 'Legal' || department === 'IT'),
		);
		const query = 'filter[or][0]=department:$eq:Legal&filter[or][1]=department:$eq:IT&filter=state:$eq:ACTIVATED';
		expect((await page(query)).totalCount).toBe(expected.length);
	});

	test('gives the wanted fields only, and the id always', async () => {
		const { results } = await page({ fields: 'username state', limit: 100 });
		for (const user of results) expect(Object.keys(user).sort()).toEqual(['_id', 'id', 'state', 'username']);
	});

	test.each([
		['limit=101', 'limit'],
		['limit=0', 'limit'],
		['limit=abc', 'limit'],
		['limit=', 'limit'],
		['skip=-1', 'skip'],
		['skip=1.5', 'skip'],
		['filter=state:eq:ACTIVATED', 'filter'],
		['filter=state:constructor:ACTIVATED', 'filter'],
		['filter=state', 'filter'],
		['filter[not][0]=state:$eq:ACTIVATED', 'filter'],
		['filter[or]=state:$eq:ACTIVATED', 'filter'],
	])('answers 400 to %s, naming what it cannot use', async (query, named) => {
		const { status, body } = await call(`/api/systemusers?${query}`);
		expect(status).toBe(400);
		expect(body).toMatchObject({ code: 400, status: '400', message: expect.stringContaining(named) as string });
	});

	test('takes a page of 100', async () => {
		expect((await page('limit=100')).results).toHaveLength(100);
	});
});

describe('one person', () => {
	const { _id } = SPECIAL.markup;

	test('is read by id, with the wanted fields', async () => {
		expect((await call(`/api/systemusers/${_id}`)).body).toEqual(people.find((user) => user._id === _id));
		expect((await call(`/api/systemusers/${_id}?fields=username`)).body).toEqual({
			_id,
			id: _id,
			username: 'mallory.scriptalertscript',
		});
	});

	test('is changed in part: what the body does not name stays', async () => {
		const before = people.find((user) => user._id === _id);
		const { status, body } = await put(_id, '{"jobTitle":"Astronaut"}');
		expect([status, body]).toEqual([200, { ...before, jobTitle: 'Astronaut' }]);
		expect((await call(`/api/systemusers/${_id}`)).body).toEqual(body);
	});

	test.each([
		['{"state":"SUSPENDED"}', 'SUSPENDED', true],
		['{"suspended":true}', 'SUSPENDED', true],
		['{"state":"ACTIVATED"}', 'ACTIVATED', false],
		['{"suspended":false}', 'ACTIVATED', false],
	])('is suspended and resumed: %s', async (body, state, suspended) => {
		const start = suspended ? '{"state":"ACTIVATED"}' : '{"state":"SUSPENDED"}';
		await put(_id, start);
		expect((await put(_id, body)).body).toMatchObject({ state, suspended });
	});

	test('keeps its id', async () => {
		expect((await put(_id, '{"_id":"other","id":"other"}')).body).toMatchObject({ _id, id: _id });
	});

	test.each(['{"state":"STAGED"}', '{"state":null}', 'not JSON', '[]', 'null', ''])(
		'refuses the change %s',
		async (body) => {
			expect((await put(_id, body)).status).toBe(400);
			expect((await call(`/api/systemusers/${_id}`)).body).toEqual(people.find((user) => user._id === _id));
		},
	);

	test('leaves the seeded people as they are: every simulator has its own state', async () => {
		await put(_id, '{"displayname":"changed"}');
		simulator.users.length = 0;
		expect(people).toHaveLength(250);
		expect(people.find((user) => user._id === _id)?.displayname).toBe(SPECIAL.markup.displayname);
	});
});

describe('the server', () => {
	test('answers the next calls as planned, one each, and then as before', async () => {
		simulator.failNext(
			{ status: 429, headers: { 'retry-after': '2' }, body: '{"message":"slow down"}' },
			{ status: 503, headers: { 'content-type': 'text/html' }, body: '"<html>"' },
			{ status: 500 },
		);
		const replies = [];
		for (let n = 0; n < 4; n += 1) replies.push(await call('/api/systemusers'));
		expect(replies.map(({ status }) => status)).toEqual([429, 503, 500, 200]);
		expect([replies[0]?.headers.get('retry-after'), replies[0]?.body]).toEqual(['2', { message: 'slow down' }]);
		expect([replies[1]?.headers.get('content-type'), replies[1]?.body]).toEqual(['text/html', '<html>']);
		expect(replies[2]?.body).toMatchObject({ code: 500 });
		expect(simulator.requests).toHaveLength(4);
	});

	test('outlives a client that goes away in the middle of its body', async () => {
		const client = net.connect(simulator.port, '127.0.0.1');
		await once(client, 'connect');
		client.write('PUT /api/systemusers/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half');
		while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
		client.destroy();
		await once(client, 'close');
		expect((await call('/api/systemusers')).status).toBe(200);
	});

	test.each(['//', '/%', '/api/systemusers/%00', '/api//systemusers'])(
		'answers 404 to the odd address %s',
		async (route) => {
			expect((await call(route)).status).toBe(404);
		},
	);

	test.each(['0.0.0.0', '::', 'localhost', '10.0.0.1'])('does not listen on %s', async (host) => {
		await expect(startJumpCloud({ host, people: [], apiKey, organizationId: ORGANIZATION })).rejects.toThrow(
			'loopback only',
		);
	});

	test('says that its port is taken', async () => {
		const { port } = simulator;
		await expect(
			startJumpCloud({ host: '127.0.0.1', port, people: [], apiKey, organizationId: ORGANIZATION }),
		).rejects.toThrow('EADDRINUSE');
	});
});
