/** Moving and renaming accounts: hostile names come out as they went in, and nothing is lost on the way. */
import { Attribute, Change } from 'ldapts';
import { moveAccount } from '../../lib/directory/accounts/move';
import { renameAccount, type NewNames } from '../../lib/directory/accounts/rename';
import type { AccountResult } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { childDn, parseDn, sameDn } from '../../lib/schema/dn';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

const KEEP: NewNames = { cn: '', sAMAccountName: '', userPrincipalName: '', displayName: '' };

let domain: Domain;
let from: string;
let to: string;

beforeAll(async () => {
	domain = await startSamba();
	from = `OU=From,${domain.baseDn}`;
	// A place whose own name needs care too.
	to = childDn('OU', 'To, "here" #1\\', domain.baseDn);
	await asAdministrator(domain, async (client) => {
		for (const ou of [from, to]) await client.add(ou, { objectClass: 'organizationalUnit' });
	});
}, 120_000);
afterAll(() => domain.stop());

async function addUser(
	key: string,
	cn = key,
	attributes: Record<string, string | string[]> = {},
	ou = from,
): Promise<string> {
	const dn = childDn('CN', cn, ou);
	const own = { objectClass: 'user', sAMAccountName: key, employeeID: key, userAccountControl: '514', ...attributes };
	await asAdministrator(domain, (client) => client.add(dn, own));
	return dn;
}

const lookup = (key: string) => ({ attribute: 'employeeID', value: key });
const move = (key: string, ou: string) => withAccounts(domain, (run) => moveAccount(run, lookup(key), ou));
const rename = (key: string, names: Partial<NewNames>) =>
	withAccounts(domain, (run) => renameAccount(run, lookup(key), { ...KEEP, ...names }));
const stored = async (key: string) => {
	const found = await domain.ldbsearch(`(employeeID=${key})`);
	expect(found).toHaveLength(1);
	return found[0]?.attributes ?? {};
};
/** The name that the database has, read by itself. */
const storedName = async (key: string) => (await stored(key))['name']?.[0];

/** The operation with another hand in the directory just before its first write. */
async function meanwhile(
	work: (run: AccountRun) => Promise<AccountResult>,
	other: () => Promise<void>,
): Promise<AccountResult> {
	return await withAccounts(domain, (run) => {
		let done = false;
		const before =
			<A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
			async (...args: A): Promise<R> => {
				if (!done) {
					done = true;
					await other();
				}
				return await write(...args);
			};
		const { directory } = run;
		return work({
			...run,
			directory: { ...directory, rename: before(directory.rename), modify: before(directory.modify) },
		});
	});
}

describe('an account', () => {
	test.each<[string, string]>([
		['comma', 'Smith, John'],
		['plus', 'O+P'],
		['quotes', 'a"b"c'],
		['hash', '#hash'],
		['hashin', 'mid#hash'],
		['slashes', 'sl/ash\\back'],
		['trailing', 'ends in a backslash\\'],
		['trailcom', 'ends so\\,'],
		['blanks', '  outer blanks  '],
		['angles', '<a>;=b'],
		['stars', 'a*b(c)'],
		['unicode', 'Ζωή 王小明 😀 Łukasz'],
		['like', 'x,OU=Admins,DC=corp'],
		['long', 'n'.repeat(64)],
	])('whose name has %s keeps it through a move there and back, and through a rename', async (key, cn) => {
		await addUser(key, cn);
		const before = await stored(key);
		const there = await move(key, to);
		expect(there).toMatchObject({ outcome: 'moved', notes: [] });
		expect(there.changes).toEqual([
			{ attribute: 'distinguishedName', from: [before['distinguishedName']?.[0]], to: [there.account?.dn] },
		]);
		expect(sameDn(there.account?.dn ?? '', childDn('CN', cn, to))).toBe(true);
		expect(await storedName(key)).toBe(cn);
		expect((await move(key, from)).outcome).toBe('moved');
		const back = await stored(key);
		for (const attribute of ['distinguishedName', 'objectGUID', 'objectSid', 'name', 'sAMAccountName'])
			expect([attribute, back[attribute]]).toEqual([attribute, before[attribute]]);

		expect((await rename(key, { cn: `Plain ${key}` })).outcome).toBe('renamed');
		expect(await storedName(key)).toBe(`Plain ${key}`);
		if (cn.trim() !== cn) return;
		const renamed = await rename(key, { cn });
		expect(renamed).toMatchObject({
			outcome: 'renamed',
			changes: [{ attribute: 'cn', from: [`Plain ${key}`], to: [cn] }],
		});
		expect(parseDn(renamed.account?.dn ?? '')[0]?.[0]?.value).toBe(cn);
		expect(await storedName(key)).toBe(cn);
	});

	test('stays in its groups when it moves', async () => {
		const dn = await addUser('member');
		const group = `CN=group,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(group, { objectClass: 'group', member: dn }));
		const { account } = await move('member', to);
		expect((await domain.ldbsearch('(cn=group)'))[0]?.attributes['member']).toHaveLength(1);
		expect((await stored('member'))['memberOf']).toEqual([group]);
		expect((await stored('member'))['distinguishedName']).toEqual([account?.dn]);
	});
});

describe('a move', () => {
	test('to where the account stands writes nothing, however the place is spelled', async () => {
		await addUser('there');
		const writes = await withAccounts(domain, async (run) => {
			const result = await moveAccount(
				run,
				lookup('there'),
				from.replace('OU=From', 'ou = \\46rom').toUpperCase().replace('ROM', 'rom'),
			);
			expect(result).toMatchObject({ outcome: 'unchanged', changes: [] });
			return run.directory.writes();
		});
		expect(writes).toBe(0);
	});

	test('to a container works as to an organisational unit', async () => {
		await addUser('boxed');
		expect((await move('boxed', `CN=Users,${domain.baseDn}`)).outcome).toBe('moved');
	});

	test.each<[string, () => string, string]>([
		['that does not exist', () => `OU=Nope,${domain.baseDn}`, 'does not exist'],
		['that is no distinguished name', () => 'People', 'is not a distinguished name'],
		['that is an account', () => `CN=Guest,CN=Users,${domain.baseDn}`, 'is no organisational unit'],
		['that is left empty', () => ' ', 'no organisational unit to move to'],
	])('to a place %s is refused before anything is written', async (_what, ou, message) => {
		await withAccounts(domain, async (run) => {
			const attempt = moveAccount(run, lookup('there'), ou());
			await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
			await expect(attempt).rejects.toThrow(message);
			expect(run.directory.writes()).toBe(0);
		});
	});

	test('to a place that goes away meanwhile says so', async () => {
		await addUser('homeless');
		const away = `OU=Away,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(away, { objectClass: 'organizationalUnit' }));
		const attempt = meanwhile(
			(run) => moveAccount(run, lookup('homeless'), away),
			() => asAdministrator(domain, (client) => client.del(away)),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
		await expect(attempt).rejects.toThrow(`stays where it is: ${away} does not exist`);
	});

	test('to a place where the name is taken says whose', async () => {
		await addUser('twin1', 'Twin');
		await addUser('twin2', 'twin', {}, to);
		const attempt = move('twin1', to);
		await expect(attempt).rejects.toMatchObject({ kind: 'taken' });
		await expect(attempt).rejects.toThrow(/has an object CN=Twin already/);
		expect((await stored('twin1'))['distinguishedName']).toEqual([`CN=Twin,${from}`]);
	});

	test('of an account that somebody moved, renamed or deleted meanwhile is a conflict', async () => {
		for (const [key, act] of [
			['stale1', (dn: string) => asAdministrator(domain, (client) => client.modifyDN(dn, `CN=Other,${from}`))],
			['stale2', (dn: string) => asAdministrator(domain, (client) => client.del(dn))],
		] as const) {
			const dn = await addUser(key);
			const attempt = meanwhile(
				(run) => moveAccount(run, lookup(key), to),
				() => act(dn),
			);
			await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		}
	});

	test('that somebody else did meanwhile is done', async () => {
		const dn = await addUser('quicker');
		const result = await meanwhile(
			(run) => moveAccount(run, lookup('quicker'), to),
			() => asAdministrator(domain, (client) => client.modifyDN(dn, childDn('CN', 'quicker', to))),
		);
		expect(result.outcome).toBe('moved');
	});

	test('of a protected account, of nobody and of two is an outcome of its own', async () => {
		expect(
			(await withAccounts(domain, (run) => moveAccount(run, { attribute: 'sAMAccountName', value: 'Guest' }, to)))
				.outcome,
		).toBe('protected');
		expect((await move('nobody', to)).outcome).toBe('not found');
		await addUser('double1', 'double1', { employeeID: 'double' });
		await addUser('double2', 'double2', { employeeID: 'double' });
		expect((await move('double', to)).outcome).toBe('ambiguous');
	});
});

describe('a rename', () => {
	test('of all names changes each and shows each', async () => {
		await addUser('four', 'four', { userPrincipalName: 'four@corp.example.com', displayName: 'Four' });
		const result = await rename('four', {
			cn: 'Vier',
			sAMAccountName: 'vier',
			userPrincipalName: 'vier@corp.example.com',
			displayName: 'Vier',
		});
		expect(result).toMatchObject({
			outcome: 'renamed',
			account: { sAMAccountName: 'vier', userPrincipalName: 'vier@corp.example.com', displayName: 'Vier' },
			changes: [
				{ attribute: 'cn', from: ['four'], to: ['Vier'] },
				{ attribute: 'sAMAccountName', from: ['four'], to: ['vier'] },
				{ attribute: 'userPrincipalName', from: ['four@corp.example.com'], to: ['vier@corp.example.com'] },
				{ attribute: 'displayName', from: ['Four'], to: ['Vier'] },
			],
		});
		expect(await stored('four')).toMatchObject({
			name: ['Vier'],
			sAMAccountName: ['vier'],
			userPrincipalName: ['vier@corp.example.com'],
			displayName: ['Vier'],
		});
		expect(result.account?.dn).toBe(`CN=Vier,${from}`);
	});

	test('of capitals only is done too', async () => {
		await addUser('capitals', 'capitals', { displayName: 'capitals' });
		const names = { cn: 'Capitals', sAMAccountName: 'Capitals', displayName: 'CAPITALS' };
		expect((await rename('capitals', names)).outcome).toBe('renamed');
		expect(await stored('capitals')).toMatchObject({
			name: ['Capitals'],
			sAMAccountName: ['Capitals'],
			displayName: ['CAPITALS'],
		});
		expect((await rename('capitals', names)).outcome).toBe('unchanged');
	});

	test('that gives what it had not writes it, and leaves empty ones alone', async () => {
		await addUser('bare');
		expect((await rename('bare', { displayName: 'Bare' })).changes).toEqual([
			{ attribute: 'displayName', from: [], to: ['Bare'] },
		]);
		expect(await stored('bare')).toMatchObject({ name: ['bare'], sAMAccountName: ['bare'] });
	});

	test('to names it has writes nothing', async () => {
		await addUser('same');
		const writes = await withAccounts(domain, async (run) => {
			const result = await renameAccount(run, lookup('same'), { ...KEEP, cn: 'same', sAMAccountName: 'same' });
			expect(result).toMatchObject({ outcome: 'unchanged', changes: [] });
			return run.directory.writes();
		});
		expect(writes).toBe(0);
	});

	test.each<[Partial<NewNames>, string]>([
		[{ cn: ' x' }, '" x" cannot be cn'],
		[{ cn: 'x'.repeat(65) }, 'cannot be cn'],
		[{ sAMAccountName: 'a'.repeat(21) }, 'cannot be sAMAccountName: an account name has at most 20 characters'],
		[{ sAMAccountName: 'a*b' }, 'cannot be sAMAccountName'],
		[{ sAMAccountName: 'Administrator' }, 'the name of a built-in account'],
		[{ userPrincipalName: 'nobody' }, 'cannot be userPrincipalName'],
		[{ displayName: ' ' }, 'cannot be displayName'],
		[{ displayName: 'a\nb' }, 'cannot be displayName'],
		[{}, 'no new name to give'],
	])('to %j is refused before anything is sent', async (names, message) => {
		await withAccounts(domain, async (run) => {
			await expect(renameAccount(run, lookup('same'), { ...KEEP, ...names })).rejects.toThrow(message);
			expect(run.directory.controller()).toBeUndefined();
		});
	});

	test.each<[string, Partial<NewNames>, string]>([
		['an account name', { sAMAccountName: 'HOLDER' }, 'sAMAccountName'],
		['an account name that is somebody’s implicit one', { sAMAccountName: 'holderupn' }, 'sAMAccountName'],
		['a user principal name', { userPrincipalName: 'HolderUpn@corp.example.com' }, 'userPrincipalName'],
		['a user principal name that is implied', { userPrincipalName: 'holder@corp.example.com' }, 'userPrincipalName'],
		['a common name in the same place', { cn: 'Holder' }, 'cn'],
	])('to %s that is taken says whose it is, and writes nothing', async (_what, names, attribute) => {
		if ((await domain.ldbsearch('(sAMAccountName=holder)')).length === 0) {
			await addUser('holder', 'holder', { userPrincipalName: 'holderupn@corp.example.com' });
			await addUser('wants');
		}
		await withAccounts(domain, async (run) => {
			// The other names are free: they must not be written either.
			const attempt = renameAccount(run, lookup('wants'), { ...KEEP, displayName: 'New', ...names });
			await expect(attempt).rejects.toMatchObject({ kind: 'taken' });
			await expect(attempt).rejects.toThrow(`CN=holder,${from} has the ${attribute}`);
			expect(run.directory.writes()).toBe(0);
		});
	});

	test('of an account whose names somebody changed meanwhile is a conflict', async () => {
		const dn = await addUser('raced', 'raced', { displayName: 'Raced' });
		const attempt = meanwhile(
			(run) => renameAccount(run, lookup('raced'), { ...KEEP, displayName: 'Mine' }),
			() =>
				asAdministrator(domain, (client) =>
					client.modify(
						dn,
						new Change({
							operation: 'replace',
							modification: new Attribute({ type: 'displayName', values: ['Theirs'] }),
						}),
					),
				),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		expect((await stored('raced'))['displayName']).toEqual(['Theirs']);
	});

	test('whose second half fails says what is done, and what is not', async () => {
		const dn = await addUser('half', 'half', { displayName: 'Half' });
		const result = await withAccounts(domain, (run) => {
			const { directory } = run;
			const modify: typeof directory.modify = async (...args) => {
				await asAdministrator(domain, (client) =>
					client.modify(
						dn.replace('CN=half', 'CN=Whole'),
						new Change({ operation: 'replace', modification: new Attribute({ type: 'displayName', values: ['x'] }) }),
					),
				);
				await directory.modify(...args);
			};
			const names = { ...KEEP, cn: 'Whole', displayName: 'Whole' };
			return renameAccount({ ...run, directory: { ...directory, modify } }, lookup('half'), names);
		});
		expect(result).toMatchObject({
			outcome: 'partial',
			changes: [{ attribute: 'cn' }],
			account: { dn: `CN=Whole,${from}` },
		});
		expect(result.message).toMatch('The common name is new, displayName not: Somebody changed');
		expect((await rename('half', { cn: 'Whole', displayName: 'Whole' })).outcome).toBe('renamed');
	});
});
