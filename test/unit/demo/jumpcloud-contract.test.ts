/** Requests and replies of the simulator against the descriptions that JumpCloud published (test/fixtures/jumpcloud/README.md). */
import { CHANGEABLE, CREATABLE } from '../../../demo/jumpcloud/writes';
import type { JumpCloudUser } from '../../../demo/jumpcloud/people';
import { PUBLISHED, replyFaults, requestFaults, ROUTES, routeOf } from '../../support/published';
import { people, runningSimulator } from './simulator';

const { simulator, call } = runningSimulator();

const [somebody] = people as [JumpCloudUser, ...JumpCloudUser[]];
const users = '/api/systemusers';
const user = `${users}/${somebody._id}`;
const staged = people.find(({ state }) => state === 'STAGED')?._id ?? '';
const groups = '/api/v2/usergroups';
const EVENTS = '/insights/directory/v1/events';
const SINCE = { service: ['directory'], start_time: '2020-01-01T00:00:00Z' };
const properties = (name: string) => Object.keys(PUBLISHED[0]?.definitions[name]?.properties ?? {});

/** Calls, and expects neither the request nor the reply to be against the description. */
async function checked(method: string, route: string, body?: unknown): Promise<unknown> {
	const { pathname } = new URL(route, 'http://x');
	const reply = await call(method, route, body);
	const [asked] = simulator().requests.slice(-1);
	if (!asked) throw new Error('Nothing was logged.');
	expect({ route, faults: requestFaults(asked) }).toEqual({ route, faults: [] });
	expect({ route, faults: replyFaults(method, pathname, reply.status, reply.body) }).toEqual({ route, faults: [] });
	return reply.body;
}

/** Asked as this package asks, or as JumpCloud's own text and clients do. */
const EXCHANGES: readonly (readonly [method: string, route: string, body?: unknown])[] = [
	['GET', '/api/organizations'],
	['GET', `${users}?limit=1`],
	['GET', `${users}?limit=100&skip=99&sort=_id`],
	['GET', `${users}?limit=100&skip=0&sort=_id&filter=state:$eq:ACTIVATED`],
	['GET', `${users}?skip=1000`],
	['GET', `${users}?fields=username%20state&search=anna&filter[or][0]=state:$eq:STAGED`],
	['GET', user],
	['PUT', user, { state: 'SUSPENDED', suspended: true }],
	['PUT', user, { state: 'ACTIVATED', suspended: false }],
	['PUT', user, { attributes: [{ name: 'badge', value: '7' }] }],
	['PUT', user, { manager: null, mfa: { exclusion: true, exclusionDays: 3 }, account_locked: true }],
	['PUT', user, { addresses: [{ type: 'work', locality: 'Rome' }], ssh_keys: [{ name: 'a', public_key: 'b' }] }],
	['POST', users, { email: 'new@corp.example.com', username: 'new' }],
	[
		'POST',
		users,
		{ email: 'n@corp.example.com', username: 'n', state: 'STAGED', recoveryEmail: { address: 'n@x.example' } },
	],
	['POST', `${users}/${staged}/state/activate`, {}],
	['POST', `${users}/${staged}/state/activate`, { email: false }],
	['POST', `${users}/${staged}/state/activate`, { email: 'other@corp.example.com' }],
	['POST', '/api/search/systemusers', { filter: [{ department: 'IT' }], fields: 'email username sudo' }],
	['POST', '/api/search/systemusers', { filter: { or: [{ state: 'STAGED' }] }, limit: 1000, skip: 0, sort: '_id' }],
	['POST', '/api/search/systemusers', { searchFilter: { searchTerm: ['an', 'ma'], fields: ['username'] } }],
	['DELETE', user],
	['DELETE', `${user}?cascade_manager=null`],
	['GET', `${groups}?limit=100&skip=0&sort=name`],
	['GET', `${groups}?fields=name,type&filter=name:search:e`],
	['GET', `${groups}/{group}`],
	['GET', `${groups}/{group}/members?limit=100&skip=100`],
	['GET', `${groups}/{group}/membership?limit=100&skip=100&filter=type:eq:user`],
	['POST', `${groups}/{empty}/members`, { op: 'add', type: 'user', id: somebody._id }],
	['POST', `${groups}/{group}/members`, { op: 'remove', type: 'user', id: somebody._id }],
	['POST', `${groups}/{group}/members`, { op: 'update', type: 'user', id: somebody._id, attributes: {} }],
	['GET', `/api/v2/users/${somebody._id}/memberof?limit=100&skip=0`],
	['POST', EVENTS, SINCE],
	['POST', EVENTS, { ...SINCE, search_after: [1576181718000, 'DZrPyW8BNsa9iKWoOm7h'], limit: 10, sort: 'DESC' }],
	['POST', EVENTS, { ...SINCE, search_term: { and: [{ event_type: 'user_create' }, { success: 'true' }] } }],
];

describe("JumpCloud's published descriptions", () => {
	test.each(
		EXCHANGES.map(([method, route, body]) => ({
			label: `${method} ${route} ${body === undefined ? '' : JSON.stringify(body)}`.trim(),
			method,
			route,
			body,
		})),
	)('hold for $label, asked and answered', async ({ method, route, body }) => {
		const [group, empty] = [simulator().groups[0]?.id ?? '', simulator().groups.at(-3)?.id ?? ''];
		await checked(method, route.replace('{group}', group).replace('{empty}', empty), body);
	});

	test('have no route that is not asked here, and these are all described', () => {
		const asked = EXCHANGES.map(([method, route]) => routeOf(method, route.replace(/\?.*$/, '')));
		expect([...new Set(asked)].sort()).toEqual([...ROUTES].sort());
	});

	test('hold for every person: in the list, in the search and alone', async () => {
		const rows: unknown[] = [];
		for (const skip of [0, 100, 200]) {
			const page = await checked('GET', `${users}?limit=100&sort=_id&skip=${skip}`);
			rows.push(...(page as { results: unknown[] }).results);
		}
		expect(rows).toHaveLength(250);
		const found = await checked('POST', '/api/search/systemusers', { limit: 1000, sort: '_id' });
		expect((found as { results: unknown[] }).results).toHaveLength(250);
		for (const person of people) expect(replyFaults('GET', `${users}/${person._id}`, 200, person)).toEqual([]);
	});

	test('hold for every group and its members', async () => {
		for (const { id } of simulator().groups) {
			await checked('GET', `${groups}/${id}`);
			await checked('GET', `${groups}/${id}/membership?limit=100`);
			await checked('GET', `${groups}/${id}/members?limit=100`);
		}
	});

	test('hold for a person whom every change was made to, found by the search and told by the events', async () => {
		await call('PUT', user, {
			password: 'x'.repeat(12),
			jobTitle: 'Astronaut',
			phoneNumbers: [{ type: 'home', number: '1' }],
		});
		await checked('GET', user);
		await checked('POST', '/api/search/systemusers', { filter: { jobTitle: 'Astronaut' } });
		expect(await checked('POST', EVENTS, SINCE)).toHaveLength(2);
	});

	test('name no field of a person that the simulator never sends, and the simulator sends no other but id', () => {
		const sent = new Set(people.flatMap((person) => Object.keys(person)));
		expect([...sent].sort()).toEqual([...properties('systemuserreturn'), 'id'].sort());
	});

	test('name the same fields as the search, which adds the groups and leaves the delegated authority out', async () => {
		const { body } = await call('POST', '/api/search/systemusers', { limit: 1000 });
		const sent = new Set((body as { results: object[] }).results.flatMap((row) => Object.keys(row)));
		expect([...sent].sort()).toEqual([...properties('systemuserSearchReturn'), 'id'].sort());
	});

	test('name the same fields to write as the simulator takes', () => {
		expect([...CHANGEABLE.keys()].sort()).toEqual(properties('systemuserput').sort());
		expect([...CREATABLE.keys()].sort()).toEqual(properties('systemuserputpost').sort());
	});
});

describe('the check against them', () => {
	test.each<[string, Partial<Record<keyof JumpCloudUser, unknown>>]>([
		['a state that there is not', { state: 'GONE' }],
		['null where it is not allowed', { employeeIdentifier: null }],
		['a number for a text', { username: 7 }],
	])('is made in earnest: %s is found in a reply', (_what, wrong) => {
		const body = { results: [{ ...somebody, ...wrong }], totalCount: 1 };
		expect(replyFaults('GET', users, 200, body)).toHaveLength(1);
	});

	test.each<[string, string, string, string, unknown]>([
		['a parameter that there is not', 'GET', users, '?page=2', undefined],
		['a limit that is no number', 'GET', users, '?limit=all', undefined],
		['a state that PUT does not take', 'PUT', user, '', { state: 'STAGED' }],
		['a person without an e-mail address', 'POST', users, '', { username: 'x' }],
		['a body where none is described', 'GET', users, '', {}],
		['events without a time', 'POST', EVENTS, '', { service: ['directory'] }],
		['a member of another type', 'POST', `${groups}/x/members`, '', { op: 'add', type: 'system', id: 'x' }],
		['a route that is not described', 'PATCH', users, '', undefined],
	])('is made in earnest: %s is found in a request', (_what, method, path, search, body) => {
		expect(requestFaults({ method, path, search, body })).toHaveLength(1);
	});

	test.each<[string, string, string, string, unknown]>([
		['a bare list as filter', 'POST', '/api/search/systemusers', '', { filter: [{ department: 'IT' }] }],
		['false for no activation mail', 'POST', `${user}/state/activate`, '', { email: false }],
		['null for no manager', 'PUT', user, '', { manager: null }],
		['cascade_manager, which the trimming for the SDK dropped', 'DELETE', user, '?cascade_manager=null', undefined],
		['a number in search_after', 'POST', EVENTS, '', { ...SINCE, search_after: [1, 'a'] }],
		['a list of search terms', 'POST', EVENTS, '', { ...SINCE, search_term: { or: [{ username: 'x' }] } }],
	])('knows what the descriptions refuse against their own word: %s', (_what, method, path, search, body) => {
		const request = { method, path, search, body };
		expect(requestFaults(request, PUBLISHED)).not.toEqual([]);
		expect(requestFaults(request)).toEqual([]);
	});
});
