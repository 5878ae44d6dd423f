/** Finding groups, and changing who is in them. */
import type { Lookup } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { addMembers, removeMembers, setMembers, type GroupResult } from '../../lib/directory/groups/change';
import { findGroup } from '../../lib/directory/groups/find';
import { ridOfGroup } from '../../lib/directory/groups/members';
import { childDn, sameDn } from '../../lib/schema/dn';
import { withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addContacts, addMembers as putMembers, addUser, setPrimaryGroup } from './people';

let domain: Domain;
let ou: string;
let other: string;
const people: string[] = [];
const byKey = (value: string): Lookup => ({ attribute: 'employeeID', value });
const byDn = (value: string): Lookup => ({ attribute: 'distinguishedName', value });

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=Groups,${domain.baseDn}`;
	other = `OU=Others,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, other]) await client.add(dn, { objectClass: 'organizationalUnit' });
	});
	for (const name of ['p0', 'p1', 'p2', 'p3', 'p4']) people.push(await addUser(domain, ou, name));
}, 120_000);
afterAll(() => domain.stop());

let groups = 0;
/** @returns the distinguished name, whose account name is g1, g2, ... */
async function newGroup(members: readonly string[] = [], name?: string, place = ou): Promise<string> {
	const sAMAccountName = `g${(groups += 1)}`;
	const dn = childDn('CN', name ?? sAMAccountName, place);
	await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'group', sAMAccountName }));
	if (members.length > 0) await putMembers(domain, dn, members);
	return dn;
}

async function membersOf(group: string): Promise<string[]> {
	const [entry] = await domain.ldbsearch('(objectClass=group)', ['member'], group);
	return [...(entry?.attributes['member'] ?? [])].sort();
}

const within = (work: (run: AccountRun) => Promise<GroupResult>, fields = {}) => withAccounts(domain, work, { fields });
const dnsOf = (refs: readonly { readonly dn: string }[]) => refs.map(({ dn }) => dn).sort();
const person = (index: number) => people[index] ?? '';

/** The work's result; it must not have written anything. */
async function unwritten(work: (run: AccountRun) => Promise<GroupResult>): Promise<GroupResult> {
	return await within(async (run) => {
		const result = await work(run);
		expect(run.directory.writes()).toBe(0);
		return result;
	});
}

describe('a group', () => {
	test('is found by distinguished name, GUID, account name and common name, whatever their case', async () => {
		const dn = await newGroup([], 'Sales of Norway');
		const account = `g${groups}`;
		await withDirectory(domain, async (directory) => {
			const found = await findGroup(directory, dn);
			if (found.outcome !== 'found') throw new Error(found.message);
			const [entry] = await domain.ldbsearch('(objectClass=group)', ['objectGUID'], dn);
			const guid = entry?.attributes['objectGUID']?.[0] ?? '';
			const forms = [
				guid,
				`<GUID=${guid}>`,
				`{${guid.toUpperCase()}}`,
				account,
				account.toUpperCase(),
				dn.toLowerCase(),
			];
			for (const form of [...forms, 'Sales of Norway', ' sales OF norway ']) {
				expect([form, await findGroup(directory, form)]).toMatchObject([form, { outcome: 'found', entry: { dn } }]);
			}
		});
	});

	test.each([
		['nobody', 'there at all'],
		['*', 'for a filter character'],
		['g1)(objectClass=*', 'for a filter'],
		['p0', 'by the name of a user'],
		['11111111-2222-3333-4444-555555555555', 'by a GUID that nothing has'],
		['CN=nobody,OU=Nowhere,DC=corp,DC=example,DC=com', 'at a place that does not exist'],
	])('%s is not found %s', async (name) => {
		await withDirectory(domain, async (directory) => {
			expect(await findGroup(directory, name)).toMatchObject({
				outcome: 'not found',
				message: expect.any(String) as string,
			});
		});
	});

	test('is not a user, even by distinguished name', async () => {
		await withDirectory(domain, async (directory) => {
			const found = await findGroup(directory, person(0));
			expect(found).toMatchObject({ outcome: 'not found', message: `${person(0)} is no group.` });
		});
	});

	test('whose name two have is named with both', async () => {
		const dns = [await newGroup([], 'Twins'), await newGroup([], 'Twins', other)];
		await withDirectory(domain, async (directory) => {
			const found = await findGroup(directory, 'twins');
			expect(found.outcome === 'ambiguous' && [...found.dns].sort()).toEqual(dns.sort());
		});
		const result = await unwritten((run) => addMembers(run, 'Twins', [byKey('p0')]));
		expect(result).toMatchObject({ outcome: 'ambiguous', added: [] });
		expect(result.group).toBeUndefined();
	});

	test('without a name is refused', async () => {
		await withDirectory(domain, async (directory) => {
			await expect(findGroup(directory, '  ')).rejects.toMatchObject({ kind: 'person' });
			await expect(findGroup(directory, 'staff\u0000')).rejects.toThrow('has a NUL character in it');
		});
	});

	const hostile = [
		...[
			'Sales, North',
			'a+b',
			'"quoted"',
			'#hash',
			'back\\',
			'\\2C',
			'a=b,CN=c',
			'(star*)',
			'slash/',
			'Größe 你好',
			"O'Brien; <x>",
		],
		...[' outer blanks ', 'x'.repeat(64), 'CN=g1', '*', 'a\\,OU=b'],
	];
	test.each(hostile)('called %j takes members and gives them back, by its name and by its DN', async (name) => {
		const dn = await newGroup([], name);
		const added = await within((run) => addMembers(run, dn, [byKey('p0')]));
		expect(added).toMatchObject({ outcome: 'updated', added: [{ dn: person(0) }] });
		expect(sameDn(added.group?.dn ?? '', dn)).toBe(true);
		expect(await membersOf(dn)).toEqual([person(0)]);
		expect(await within((run) => removeMembers(run, name, [byKey('p0')]))).toMatchObject({
			...{ outcome: 'updated', removed: [{ dn: person(0) }] },
		});
		expect(await membersOf(dn)).toEqual([]);
	});
});

describe('adding members', () => {
	test('takes users, groups and contacts, found by anything, each once; the second run finds nothing to do', async () => {
		const [inner] = [await newGroup()];
		const [contact = ''] = await addContacts(domain, ou, 'partner', 1);
		const dn = await newGroup([person(4)]);
		const lookups = [
			...[byKey('p0'), byKey('P0'), { attribute: 'sAMAccountName', value: 'p1' }, byDn(person(2))],
			...[byDn(inner), byDn(contact), byKey('p4')],
		];
		const result = await within((run) => addMembers(run, dn, lookups));
		expect(result).toMatchObject({ outcome: 'updated', already: 1, failed: [], removed: [], notes: [] });
		const expected = [person(0), person(1), person(2), inner, contact].sort();
		expect(dnsOf(result.added)).toEqual(expected);
		expect(await membersOf(dn)).toEqual([...expected, person(4)].sort());
		const again = await unwritten((run) => addMembers(run, dn, lookups));
		expect(again).toMatchObject({ outcome: 'unchanged', added: [], already: 6 });
		expect(JSON.parse(JSON.stringify(result))).toEqual(result);
	});

	test('names those who are nobody, several, or nothing that a group has, and adds the others', async () => {
		await addUser(domain, ou, 'twin1', { employeeID: 'twin' });
		await addUser(domain, ou, 'twin2', { employeeID: 'twin' });
		const dn = await newGroup();
		const lookups = [...['p0', 'nobody', 'twin', '*', ''].map(byKey), byDn(ou), byDn(dn), byDn('no name')];
		const result = await within((run) => addMembers(run, dn, lookups));
		expect(result).toMatchObject({ outcome: 'partial', added: [{ dn: person(0) }] });
		expect(result.failed.map(({ member, reason }) => [member, reason])).toEqual([
			['employeeID "nobody"', 'not found'],
			['employeeID "twin"', 'ambiguous'],
			['employeeID "*"', 'not found'],
			['employeeID ""', 'refused'],
			[ou, 'refused'],
			['distinguishedName "no name"', 'refused'],
			[dn, 'refused'],
		]);
		expect(result.message).toContain('7 of 8 members');
		expect(await membersOf(dn)).toEqual([person(0)]);
	});

	test('one who is not found ends as not found, by this very message', async () => {
		const dn = await newGroup();
		const result = await unwritten((run) => addMembers(run, dn, [byKey('nobody')]));
		expect(result).toMatchObject({
			...{ outcome: 'not found', message: 'No object in the domain has employeeID "nobody".' },
			group: { dn, sAMAccountName: `g${groups}` },
		});
	});

	test('an attribute that is none stops everything', async () => {
		const dn = await newGroup();
		const attempt = within((run) => addMembers(run, dn, [{ attribute: 'x)(y', value: 'p0' }]));
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
	});

	test('counts those whose primary group it is as members', async () => {
		const dn = await newGroup();
		await makePrimary('mainly1', dn);
		expect(await unwritten((run) => addMembers(run, dn, [byKey('mainly1')]))).toMatchObject({
			...{ outcome: 'unchanged', already: 1 },
		});
	});
});

/** A user with this group as the primary one. */
async function makePrimary(name: string, group: string): Promise<string> {
	const user = await addUser(domain, ou, name);
	const rid = await withDirectory(domain, async (directory) => {
		const found = await findGroup(directory, group);
		return found.outcome === 'found' ? ridOfGroup(found.entry) : undefined;
	});
	await setPrimaryGroup(domain, user, group, rid ?? 0);
	return user;
}

describe('removing members', () => {
	test('takes out who is one; the others are out already', async () => {
		const dn = await newGroup([person(0), person(1)]);
		await newGroup([person(2)]);
		const result = await within((run) => removeMembers(run, dn, ['p0', 'p2', 'p3', 'nobody'].map(byKey)));
		expect(result).toMatchObject({ outcome: 'partial', removed: [{ dn: person(0) }], added: [], already: 2 });
		expect(result.failed).toMatchObject([{ member: 'employeeID "nobody"', reason: 'not found' }]);
		expect(await membersOf(dn)).toEqual([person(1)]);
		expect(await within((run) => removeMembers(run, dn, [byKey('p0')]))).toMatchObject({
			...{ outcome: 'unchanged', already: 1 },
		});
	});

	test('does not take an account out of its primary group, and says why', async () => {
		const dn = await newGroup();
		const user = await makePrimary('mainly2', dn);
		const result = await unwritten((run) => removeMembers(run, dn, [byKey('mainly2')]));
		expect(result).toMatchObject({ outcome: 'refused', failed: [{ member: user, reason: 'refused' }] });
		expect(result.message).toContain('primary group');
	});
});

describe('setting members', () => {
	test('adds who is missing, removes who is too many, and shows both', async () => {
		const dn = await newGroup([person(0), person(1), person(2)]);
		const set = (run: AccountRun) => setMembers(run, dn, ['p2', 'p3', 'p4'].map(byKey), { allowEmpty: false });
		const result = await within(set);
		expect(result).toMatchObject({ outcome: 'updated', already: 1, failed: [], notes: [] });
		expect(dnsOf(result.added)).toEqual([person(3), person(4)]);
		expect(dnsOf(result.removed)).toEqual([person(0), person(1)]);
		expect(await membersOf(dn)).toEqual([person(2), person(3), person(4)]);
		expect(await unwritten(set)).toMatchObject({ outcome: 'unchanged', already: 3 });
	});

	test('to nobody is refused unless allowed', async () => {
		const dn = await newGroup([person(0)]);
		const refused = await unwritten((run) => setMembers(run, dn, [], { allowEmpty: false }));
		expect(refused).toMatchObject({ outcome: 'refused', message: expect.stringContaining('is empty') as string });
		expect(await membersOf(dn)).toEqual([person(0)]);
		const allowed = await within((run) => setMembers(run, dn, [], { allowEmpty: true }));
		expect(allowed).toMatchObject({ outcome: 'updated', removed: [{ dn: person(0) }] });
		expect(await membersOf(dn)).toEqual([]);
	});

	test.each(['nobody', 'double', ''])('stops before any write when one is %j, and names that one', async (key) => {
		if (key === 'double' && (await domain.ldbsearch('(employeeID=double)')).length === 0) {
			for (const name of ['double1', 'double2']) await addUser(domain, ou, name, { employeeID: 'double' });
		}
		const dn = await newGroup([person(0)]);
		const result = await unwritten((run) => setMembers(run, dn, ['p1', key].map(byKey), { allowEmpty: true }));
		expect(result).toMatchObject({ outcome: 'refused', failed: [{ member: `employeeID "${key}"` }] });
		expect(result.message).toContain('1 of 2 members could not be told for certain');
		expect(await membersOf(dn)).toEqual([person(0)]);
	});

	test('says that those whose primary group it is stay, and takes them as members', async () => {
		const dn = await newGroup([person(0)]);
		await makePrimary('mainly3', dn);
		await makePrimary('mainly4', dn);
		const result = await within((run) => setMembers(run, dn, ['mainly3', 'p0'].map(byKey), { allowEmpty: false }));
		expect(result).toMatchObject({ outcome: 'unchanged', already: 2 });
		expect(result.notes).toEqual([
			'1 more are members because the group is their primary group; that cannot be changed here.',
		]);
	});
});

describe('protected', () => {
	const administrators = () => `CN=Domain Admins,CN=Users,${domain.baseDn}`;

	test.each([
		['Domain Admins', 'it came with the domain'],
		['Administrators', 'it came with the domain'],
		['Domain Users', 'it came with the domain'],
		['Backup Operators', 'it came with the domain'],
	])('groups such as %s are left alone by every operation', async (name, reason) => {
		const operations = [
			(run: AccountRun) => addMembers(run, name, [byKey('p0')]),
			(run: AccountRun) => removeMembers(run, name, [byKey('p0')]),
			(run: AccountRun) => setMembers(run, name, [byKey('p0')], { allowEmpty: true }),
		];
		for (const operation of operations) {
			const result = await unwritten(operation);
			expect(result).toMatchObject({ outcome: 'protected', group: { name }, added: [], removed: [] });
			expect(result.message).toContain(reason);
		}
	});

	test('is a group that is in a privileged one through others, without adminCount', async () => {
		const [outer, inner] = [await newGroup(), await newGroup()];
		await putMembers(domain, administrators(), [outer]);
		await putMembers(domain, outer, [inner]);
		const result = await unwritten((run) => addMembers(run, inner, [byKey('p0')]));
		expect(result).toMatchObject({ outcome: 'protected', message: expect.stringContaining('Domain Admins') as string });
	});

	test('accounts are neither added nor removed; the others are', async () => {
		const service = await addUser(domain, ou, 'service', { servicePrincipalName: 'HTTP/x.corp.example.com' });
		const admin = await addUser(domain, ou, 'admin2');
		await putMembers(domain, administrators(), [admin]);
		const dn = await newGroup([service]);
		const one = await unwritten((run) => addMembers(run, dn, [byKey('admin2')]));
		expect(one).toMatchObject({ outcome: 'protected', failed: [{ member: admin, reason: 'protected' }] });
		expect(one.message).toContain('Domain Admins');
		const added = await within((run) => addMembers(run, dn, ['admin2', 'p0', 'service'].map(byKey)));
		expect(added).toMatchObject({ outcome: 'partial', added: [{ dn: person(0) }], already: 1 });
		const removed = await within((run) => removeMembers(run, dn, ['service', 'p0'].map(byKey)));
		expect(removed).toMatchObject({ outcome: 'partial', removed: [{ dn: person(0) }] });
		expect(removed.failed).toMatchObject([{ member: service, reason: 'protected' }]);
		const set = await within((run) => setMembers(run, dn, [byKey('p1')], { allowEmpty: false }));
		expect(set).toMatchObject({ outcome: 'partial', added: [{ dn: person(1) }], removed: [] });
		expect(set.failed).toMatchObject([{ member: service, reason: 'protected' }]);
		expect(await membersOf(dn)).toEqual([person(1), service].sort());
	});

	test('groups and computers are no members either', async () => {
		await addUser(domain, ou, 'machine', {
			objectClass: 'computer',
			sAMAccountName: 'machine$',
			userAccountControl: '4096',
		});
		const dn = await newGroup();
		const result = await unwritten((run) => addMembers(run, dn, [byDn(administrators()), byKey('machine')]));
		expect(result).toMatchObject({
			outcome: 'protected',
			failed: [{ member: administrators() }, { reason: 'protected' }],
		});
	});

	test('is nobody by another group of the same person', async () => {
		const dn = await newGroup();
		await newGroup([person(3)], 'Domain Admins of the canteen');
		expect((await within((run) => addMembers(run, dn, [byKey('p3')]))).outcome).toBe('updated');
	});
});

test('a service account without the right on the group is told so, once for all members', async () => {
	const dn = await newGroup([person(2)]);
	await asAdministrator(domain, (client) =>
		client.add(`CN=norights,${ou}`, {
			...{ objectClass: 'user', sAMAccountName: 'norights', userAccountControl: '512' },
			unicodePwd: Buffer.from('"Right0ne!pass"', 'utf16le').toString('utf8'),
		}),
	);
	const fields = { bindName: 'norights@corp.example.com', bindPassword: 'Right0ne!pass' };
	const result = await within((run) => addMembers(run, dn, ['p0', 'p1', 'p2'].map(byKey)), fields);
	expect(result).toMatchObject({ outcome: 'partial', added: [], already: 1 });
	expect(result.failed.map(({ member, reason }) => [member, reason])).toEqual([
		[person(0), 'refused'],
		[person(1), 'refused'],
	]);
	expect(result.failed[0]?.message).toBe(
		`${person(0)} could not be added to ${dn}. The service account has no right to change the members of the group.`,
	);
	expect((await within((run) => addMembers(run, dn, [byKey('p0')]), fields)).outcome).toBe('refused');
	expect(await membersOf(dn)).toEqual([person(2)]);
});
