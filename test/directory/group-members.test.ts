/** Listing groups and who is in them, up to groups of 5,000. */
import type { Lookup } from '../../lib/directory/accounts/account';
import { addMembers, removeMembers, setMembers } from '../../lib/directory/groups/change';
import { findGroup } from '../../lib/directory/groups/find';
import { getManyGroups } from '../../lib/directory/groups/getMany';
import { getMembers, ridOfGroup, type Members, type MembersRequest } from '../../lib/directory/groups/members';
import type { Directory } from '../../lib/directory/directory';
import { equal, present } from '../../lib/directory/filter';
import { withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addContacts, addMembers as putMembers, addUser, setPrimaryGroup } from './people';

const MANY = 5_000;

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=Groups,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

async function newGroup(
	name: string,
	members: readonly string[] = [],
	attributes: Readonly<Record<string, string>> = {},
): Promise<string> {
	const dn = `CN=${name},${ou}`;
	const own = { objectClass: 'group', sAMAccountName: name, ...attributes };
	await asAdministrator(domain, (client) => client.add(dn, own));
	if (members.length > 0) await putMembers(domain, dn, members);
	return dn;
}

async function membersIn(directory: Directory, group: string, request: Partial<MembersRequest> = {}): Promise<Members> {
	const found = await findGroup(directory, group);
	if (found.outcome !== 'found') throw new Error(found.message);
	return await getMembers(directory, found.entry, { nested: false, usersOnly: false, ...request });
}

async function listed(group: string, request: Partial<MembersRequest> = {}) {
	const { members, notes } = await withDirectory(domain, (directory) => membersIn(directory, group, request));
	return { members: members.map(({ name, membership }) => `${name} (${membership})`).sort(), notes };
}

async function countOf(group: string): Promise<number> {
	const [entry] = await domain.ldbsearch('(objectClass=group)', ['member'], group);
	return entry?.attributes['member']?.length ?? 0;
}

describe('members', () => {
	const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

	test('are users, groups, computers and contacts, each said to be what it is', async () => {
		const user = await addUser(domain, ou, 'u1', { mail: 'u1@example.com', displayName: 'Mary, “M”', title: 'Boss' });
		const machine = await addUser(domain, ou, 'm1', {
			...{ objectClass: 'computer', sAMAccountName: 'm1$', userAccountControl: '4096' },
		});
		const [contact = ''] = await addContacts(domain, ou, 'partner', 1);
		const group = await newGroup('kinds', [user, machine, contact, await newGroup('inner')]);
		const { members } = await withDirectory(domain, (directory) =>
			membersIn(directory, group, { attributes: ['title'] }),
		);
		expect(members.map(({ name, kind }) => [name, kind]).sort()).toEqual([
			...[
				['inner', 'group'],
				['m1', 'computer'],
				['partner0', 'contact'],
				['u1', 'user'],
			],
		]);
		const [boss] = members.filter(({ kind }) => kind === 'user');
		expect(boss).toMatchObject({
			...{ dn: user, sAMAccountName: 'u1', mail: 'u1@example.com', displayName: 'Mary, “M”', membership: 'direct' },
			guid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
			entry: { attributes: { title: ['Boss'] } },
		});
		expect((await listed(group, { usersOnly: true })).members).toEqual(['u1 (direct)']);
	});

	test('of nested groups are listed once, a circle of groups does not matter, and the group is not its own member', async () => {
		const users = await Promise.all(names(3, 'n').map((name) => addUser(domain, ou, name)));
		const inner = await newGroup('circle3', users.slice(1));
		const middle = await newGroup('circle2', [inner, users[1] ?? '']);
		const outer = await newGroup('circle1', [middle, users[0] ?? '', users[1] ?? '']);
		await putMembers(domain, inner, [outer]);
		expect((await listed(outer)).members).toEqual(['circle2 (direct)', 'n0 (direct)', 'n1 (direct)']);
		expect((await listed(outer, { nested: true })).members).toEqual([
			...['circle2 (direct)', 'circle3 (nested)', 'n0 (direct)', 'n1 (direct)', 'n2 (nested)'],
		]);
		const people = await listed(outer, { nested: true, usersOnly: true });
		expect(people.members).toEqual(['n0 (direct)', 'n1 (direct)', 'n2 (nested)']);
		expect((await listed(outer, { nested: true, usersOnly: true, limit: 2 })).members).toHaveLength(2);
		expect((await listed(outer, { nested: true, limit: 5 })).members).toHaveLength(5);
	});

	test('by their primary group are members as well, and said to be, in nested groups too', async () => {
		const inner = await newGroup('primary1');
		const outer = await newGroup('primary2', [inner]);
		const user = await addUser(domain, ou, 'mainly');
		const rid = await withDirectory(domain, async (directory) => {
			const found = await findGroup(directory, inner);
			return found.outcome === 'found' ? ridOfGroup(found.entry) : undefined;
		});
		await setPrimaryGroup(domain, user, inner, rid ?? 0);
		const note = '1 are members because the group is their primary group.';
		expect(await listed(inner)).toEqual({ members: ['mainly (primary group)'], notes: [note] });
		expect((await listed(outer, { nested: true })).members).toEqual(['mainly (nested)', 'primary1 (direct)']);
		expect((await listed('Domain Users', { usersOnly: true })).members).toContain('Administrator (primary group)');
		expect((await listed('Administrators', { nested: true })).members).toContain('Administrator (direct)');
	});

	test('that the service account may not see are counted, and named', async () => {
		const group = await newGroup('shy', [await addUser(domain, ou, 's1'), await addUser(domain, ou, 's2')]);
		const { members, notes } = await withDirectory(domain, (directory) => {
			const half: Directory = {
				...directory,
				search: async (base, request) =>
					(await directory.search(base, request)).filter(({ dn }) => !dn.startsWith('CN=s2,')),
			};
			return membersIn(half, group);
		});
		expect(members.map(({ name }) => name)).toEqual(['s1']);
		expect(notes).toEqual([expect.stringMatching(/^1 further members cannot be read: .*CN=s2,/)]);
	});

	test('are found by name where memberOf cannot be asked for', async () => {
		const group = await newGroup('blind', [await addUser(domain, ou, 'b1'), await newGroup('b2')]);
		await withDirectory(domain, async (directory) => {
			const blind: Directory = {
				...directory,
				search: async (base, request) =>
					String(request.filter).includes('memberOf') ? [] : await directory.search(base, request),
			};
			const all = await membersIn(blind, group);
			expect(all.members.map(({ name }) => name).sort()).toEqual(['b1', 'b2']);
			const users = await membersIn(blind, group, { usersOnly: true });
			expect(users.members.map(({ name }) => name)).toEqual(['b1']);
			expect([...all.notes, ...users.notes]).toEqual([]);
		});
	});
});

describe('getting many groups', () => {
	test.each([
		['-2147483646', 'global', 'security'],
		['-2147483644', 'domainLocal', 'security'],
		['-2147483640', 'universal', 'security'],
		['2', 'global', 'distribution'],
		['4', 'domainLocal', 'distribution'],
		['8', 'universal', 'distribution'],
	])('shows the type %s as %s and %s, and the other fields', async (groupType, scope, type) => {
		const name = `type${groupType}`;
		const managedBy = `CN=Administrator,CN=Users,${domain.baseDn}`;
		const dn = await newGroup(name, [], {
			...{ groupType, managedBy, description: 'What it is for', mail: `${scope}.${type}@example.com` },
		});
		await withDirectory(domain, async (directory) => {
			const found = await getManyGroups(directory, { scope: 'sub', filter: equal('cn', name) });
			expect(found).toEqual([
				{
					...{ dn, name, sAMAccountName: name, scope, type, managedBy, description: 'What it is for' },
					mail: `${scope}.${type}@example.com`,
					guid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
				},
			]);
		});
	});

	test('keeps to base, scope, filter and limit, and shows nothing but groups', async () => {
		const below = `OU=Below,${ou}`;
		await asAdministrator(domain, async (client) => {
			await client.add(below, { objectClass: 'organizationalUnit' });
			await client.add(`CN=deep,${below}`, { objectClass: 'group', sAMAccountName: 'deep' });
		});
		await addUser(domain, below, 'nogroup');
		await withDirectory(domain, async (directory) => {
			const at = async (request: Parameters<typeof getManyGroups>[1]) =>
				(await getManyGroups(directory, request)).map(({ name }) => name);
			expect(await at({ base: below, scope: 'sub' })).toEqual(['deep']);
			expect(await at({ base: ou, scope: 'one' })).not.toContain('deep');
			expect(await at({ base: ou, scope: 'sub' })).toContain('deep');
			expect(await at({ scope: 'sub' })).toContain('Domain Admins');
			expect(await at({ scope: 'sub', limit: 3 })).toHaveLength(3);
			expect(await at({ scope: 'sub', filter: present('employeeID') })).toEqual([]);
		});
	});
});

// The last: every other search of the domain would go through these objects too.
describe(`a group of ${MANY}`, () => {
	test('is read and changed whole', async () => {
		const place = `OU=Many,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(place, { objectClass: 'organizationalUnit' }));
		const contacts = await addContacts(domain, place, 'c', MANY);
		const group = await newGroup('many', contacts.slice(0, 4_500));
		const lookups = contacts.map((value): Lookup => ({ attribute: 'distinguishedName', value }));
		await withAccounts(domain, async (run) => {
			const set = await setMembers(run, 'many', lookups.slice(500), { allowEmpty: false });
			expect([set.outcome, set.added.length, set.removed.length, set.already]).toEqual(['updated', 500, 500, 4_000]);
			const filled = await addMembers(run, 'many', lookups);
			expect([filled.outcome, filled.added.length, filled.already]).toEqual(['updated', 500, 4_500]);
			expect(run.directory.writes()).toBe(3);
			expect(await countOf(group)).toBe(MANY);
			const { members, notes } = await membersIn(run.directory, group);
			expect(new Set(members.map(({ dn }) => dn))).toEqual(new Set(contacts));
			expect(notes).toEqual([]);
			expect((await membersIn(run.directory, group, { limit: 1_234 })).members).toHaveLength(1_234);
			expect((await membersIn(run.directory, group, { nested: true, limit: 1_234 })).members).toHaveLength(1_234);
			expect((await removeMembers(run, 'many', lookups.slice(0, 1_000))).removed).toHaveLength(1_000);
			expect(run.directory.writes()).toBe(5);
			expect(await countOf(group)).toBe(4_000);
		});
	}, 120_000);
});
