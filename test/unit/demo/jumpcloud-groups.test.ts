import fc from 'fast-check';
import { GROUPS, seedGroups } from '../../../demo/jumpcloud/groups';
import { seedPeople } from '../../../demo/jumpcloud/people';
import { people, runningSimulator, type Reply } from './simulator';

const { simulator, call, restart } = runningSimulator();

type Row = { readonly id: string; readonly name: string; readonly type: string };
const groups = '/api/v2/usergroups';
const named = (name: string) => {
	const group = simulator().groups.find((one) => one.name === name);
	if (!group) throw new Error(`There is no group "${name}".`);
	return group;
};
const routeTo = (name: string, list = '') => `${groups}/${named(name).id}${list}`;
const rows = (reply: Reply) => reply.body as readonly Row[];
const next = (reply: Reply) => /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
const [somebody] = people;
const id = somebody?._id ?? '';

describe('the seeded groups', () => {
	const seeded = seedGroups(people);
	const byName = new Map(seeded.map((group) => [group.name, group]));
	const states = (name: string) =>
		byName.get(name)?.members.map((member) => people.find(({ _id }) => _id === member)?.state);

	test('are the same for the same people, with unique ids', () => {
		expect(seedGroups(seedPeople({ seed: 1, count: 250 }))).toEqual(seeded);
		expect(new Set(seeded.map((group) => group.id)).size).toBe(seeded.length);
		for (const group of seeded) expect(group.id).toMatch(/^[0-9a-f]{24}$/);
	});

	test('are one for each department and some more: all people, two of more than a page, an empty one', () => {
		for (const department of new Set(people.map((person) => person.department)))
			expect(byName.get(department)?.members).toHaveLength(25);
		expect(byName.get(GROUPS.everybody)?.members).toHaveLength(250);
		expect(byName.get(GROUPS.employees)?.members.length).toBeGreaterThan(200);
		expect(byName.get(GROUPS.empty)?.members).toEqual([]);
		expect(states(GROUPS.leavingAndJoining)).toEqual(['SUSPENDED', 'STAGED']);
		expect(byName.get(GROUPS.punctuation)?.name).toMatch(/[/"<,+=]/);
	});
});

describe('the list of groups', () => {
	test('is a bare array of ten unless more are asked for', async () => {
		const reply = await call('GET', groups);
		expect(rows(reply)).toHaveLength(10);
		expect(rows(reply)[0]).toMatchObject({ name: GROUPS.everybody, type: 'user_group' });
	});

	test('is ordered by fields between commas, "-" for descending', async () => {
		const names = rows(await call('GET', `${groups}?limit=100&sort=membershipMethod,-name`)).map(({ name }) => name);
		const rest = simulator()
			.groups.map(({ name }) => name)
			.filter((name) => name !== GROUPS.everybody);
		expect(names).toEqual([GROUPS.everybody, ...rest.sort().reverse()]);
	});

	test('gives the wanted fields between commas, and the id always', async () => {
		for (const row of rows(await call('GET', `${groups}?fields=name,type`)))
			expect(Object.keys(row).sort()).toEqual(['id', 'name', 'type']);
	});

	test.each<[string, readonly string[]]>([
		['name:eq:Nobody Yet', [GROUPS.empty]],
		['name:eq:nobody yet', []],
		['name:search:NOBODY', [GROUPS.empty]],
		['name:in:Legal|IT', ['IT', 'Legal']],
		['name:lt:F', ['Contractors', 'Customer Care', 'Employees', 'Engineering', 'Everybody']],
		['name:le:Customer Care', ['Contractors', 'Customer Care']],
		['name:gt:Research', ['Sales']],
		['name:ge:Research', ['Research', 'Sales']],
		['membershipMethod:ne:STATIC', [GROUPS.everybody]],
		[`name:eq:${GROUPS.punctuation}`, [GROUPS.punctuation]],
	])('keeps those that fit %s', async (filter, names) => {
		const reply = await call('GET', `${groups}?limit=100&sort=name&filter=${encodeURIComponent(filter)}`);
		expect(rows(reply).map(({ name }) => name)).toEqual(names);
		expect(reply.headers.get('x-total-count')).toBe(String(names.length));
	});

	test.each([
		'filter=name:$eq:IT',
		'filter=name',
		'filter=name:between:a,b',
		'limit=101',
		'limit=0',
		'skip=-1',
		'limit=x',
	])('answers 400 to %s', async (query) => {
		expect(await call('GET', `${groups}?${query}`)).toMatchObject({ status: 400, body: { code: 400 } });
	});
});

describe('the end of a list', () => {
	test('is told by links that lead through all groups, with everything that was asked for', async () => {
		const names: string[] = [];
		let reply = await call('GET', `${groups}?limit=4&sort=-name&fields=name`);
		for (;;) {
			names.push(...rows(reply).map(({ name }) => name));
			const url = next(reply);
			if (url === undefined) break;
			expect(url).toContain(simulator().url);
			reply = await call('GET', url.slice(simulator().url.length));
		}
		expect(names).toEqual(
			simulator()
				.groups.map(({ name }) => name)
				.sort()
				.reverse(),
		);
	});

	test.each(['/members', '/membership'])('is told without a link, by the total: %s', async (list) => {
		const reply = await call('GET', `${routeTo(GROUPS.everybody, list)}?limit=100`);
		expect([next(reply), reply.headers.get('x-total-count'), rows(reply).length]).toEqual([undefined, '250', 100]);
	});

	test('is told by links to another origin, and by no total, when the test wants it', async () => {
		await restart({ groupPaging: { link: ['membership'], linkOrigin: 'http://127.0.0.9:1', totalCount: [] } });
		const members = await call('GET', `${routeTo(GROUPS.everybody, '/membership')}?limit=100`);
		expect(next(members)).toMatch(/^http:\/\/127\.0\.0\.9:1\/api\/v2\/usergroups\/[0-9a-f]{24}\/membership\?/);
		expect(members.headers.get('x-total-count')).toBeNull();
		expect((await call('GET', groups)).headers.get('link')).toBeNull();
	});

	test('comes after every member exactly once, for any number of members and any page size', async () => {
		const group = named(GROUPS.everybody);
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 100 }), async (count, limit) => {
				group.members.splice(0, Infinity, ...people.slice(0, count).map(({ _id }) => _id));
				const found: string[] = [];
				for (;;) {
					const route = `${routeTo(GROUPS.everybody, '/membership')}?limit=${limit}&skip=${found.length}`;
					const page = rows(await call('GET', route));
					found.push(...page.map((row) => row.id));
					if (page.length < limit) break;
				}
				expect(found).toEqual(group.members);
			}),
			{ numRuns: 20 },
		);
	});
});

describe('one group', () => {
	test('is read by id, and is not there by another one', async () => {
		expect((await call('GET', routeTo(GROUPS.empty))).body).toEqual(named(GROUPS.empty).published);
		for (const list of ['', '/members', '/membership'])
			expect((await call('GET', `${groups}/${'0'.repeat(24)}${list}`)).status).toBe(404);
	});

	test('lists its members as people, or as connections to them', async () => {
		const [leaver, joiner] = named(GROUPS.leavingAndJoining).members;
		expect((await call('GET', routeTo(GROUPS.leavingAndJoining, '/membership?sort=-id'))).body).toEqual(
			[leaver, joiner]
				.sort()
				.reverse()
				.map((member) => ({
					type: 'user',
					id: member,
					compiledAttributes: {},
					paths: [[{ to: { type: 'user', id: member } }]],
				})),
		);
		const from = { type: 'user_group', id: named(GROUPS.leavingAndJoining).id };
		expect((await call('GET', routeTo(GROUPS.leavingAndJoining, '/members'))).body).toEqual(
			[leaver, joiner].map((member) => ({ from, to: { type: 'user', id: member } })),
		);
		expect((await call('GET', routeTo(GROUPS.empty, '/membership'))).body).toEqual([]);
	});

	test('filters its members by id and type only', async () => {
		const route = routeTo(GROUPS.everybody, '/membership?filter=');
		expect((await call('GET', `${route}object_id:eq:${id}`)).body).toMatchObject([{ id }]);
		expect((await call('GET', `${route}type:eq:user_group`)).body).toEqual([]);
		expect((await call('GET', `${route}name:eq:x`)).status).toBe(400);
	});

	test('does not list a member who was removed from the people', async () => {
		simulator().users.splice(0, 1);
		const reply = await call('GET', routeTo(GROUPS.everybody, '/membership?limit=100'));
		expect(reply.headers.get('x-total-count')).toBe('249');
		expect(rows(reply).some((row) => row.id === id)).toBe(false);
	});

	test('takes members in and lets them go, and tells it', async () => {
		const route = routeTo(GROUPS.empty, '/members');
		expect(await call('POST', route, { op: 'add', type: 'user', id })).toMatchObject({ status: 204, body: undefined });
		expect(named(GROUPS.empty).members).toEqual([id]);
		expect((await call('POST', route, { op: 'update', type: 'user', id, attributes: { sudo: {} } })).status).toBe(204);
		expect((await call('POST', route, { op: 'remove', type: 'user', id })).status).toBe(204);
		expect(named(GROUPS.empty).members).toEqual([]);
		expect(simulator().events).toMatchObject(
			['add', 'update', 'remove'].map((op) => ({
				event_type: 'association_change',
				resource: { id: named(GROUPS.empty).id, type: 'user_group' },
				association: { op, connection: { to: { object_id: id } } },
			})),
		);
	});

	test.each<[string, unknown, number]>([
		['a second time', { op: 'add', type: 'user', id }, 409],
		['of nobody', { op: 'add', type: 'user', id: '0'.repeat(24) }, 404],
		['of a system', { op: 'add', type: 'system', id }, 400],
		['by another word', { op: 'insert', type: 'user', id }, 400],
		['with attributes that are text', { op: 'update', type: 'user', id, attributes: 'x' }, 400],
		['without JSON', 'x', 400],
	])('refuses a change %s', async (_what, body, status) => {
		expect((await call('POST', routeTo(GROUPS.everybody, '/members'), body)).status).toBe(status);
		expect(named(GROUPS.everybody).members).toHaveLength(250);
	});

	test('refuses to let somebody go who is no member', async () => {
		const reply = await call('POST', routeTo(GROUPS.empty, '/members'), { op: 'remove', type: 'user', id });
		expect(reply.status).toBe(404);
	});
});

describe('the groups of one person', () => {
	test('are ids without names, as many as there are', async () => {
		const expected = simulator().groups.filter(({ members }) => members.includes(id));
		const reply = await call('GET', `/api/v2/users/${id}/memberof?limit=100`);
		expect(rows(reply).map((row) => [row.type, row.id, row.name])).toEqual(
			expected.map((group) => ['user_group', group.id, undefined]),
		);
		expect(expected.length).toBeGreaterThan(2);
	});

	test('of nobody are not there', async () => {
		expect((await call('GET', `/api/v2/users/${'0'.repeat(24)}/memberof`)).status).toBe(404);
	});

	test('start as seeded in every simulator', async () => {
		named(GROUPS.everybody).members.length = 0;
		await restart({});
		expect(named(GROUPS.everybody).members).toHaveLength(250);
	});
});
