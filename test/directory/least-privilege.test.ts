/** docs/rights.md on a real domain controller: service accounts with exactly those rights do exactly their work. */
import { Attribute, Change } from 'ldapts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { deleteAccount } from '../../lib/directory/accounts/delete';
import { disableAccount, NO_LEAVE_OPTIONS, type LeaveOptions } from '../../lib/directory/accounts/disable';
import { enableAccount } from '../../lib/directory/accounts/enable';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { moveAccount } from '../../lib/directory/accounts/move';
import { renameAccount } from '../../lib/directory/accounts/rename';
import { resetPassword } from '../../lib/directory/accounts/resetPassword';
import { restoreDeleted } from '../../lib/directory/accounts/restoreDeleted';
import { unlockAccount } from '../../lib/directory/accounts/unlock';
import { addMembers, removeMembers } from '../../lib/directory/groups/change';
import { writeLinks } from '../../lib/directory/groups/links';
import { createOrganizationalUnit } from '../../lib/directory/organizationalUnits';
import { UNTOLD } from '../../lib/directory/newPassword';
import { encodePassword } from '../../lib/directory/password';
import { desiredAccount, withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { ALWAYS_WRITTEN, grantRights, PASSWORD, RIGHTS, SETS, type RightsSet } from './least-privilege-rights';

/** What the people of these tests are mapped with, beside what is always used. */
const MAPPED = ['givenName', 'sn', 'department', 'manager', 'description'];
const LEAVE: LeaveOptions = {
	...NO_LEAVE_OPTIONS,
	...{ randomPassword: true, clear: ['department'], removeFromGroups: true, description: 'Left' },
};
const RETURN = { restore: true, password: UNTOLD, expiresAt: null, othersToo: false };
/** In words, whatever was to be done. */
const REFUSED = /The service account (may not|has no right to) /;
const NO_RIGHT = { code: 50, message: expect.stringMatching(REFUSED) as string };

/** A security descriptor that lets nobody do anything (MS-DTYP 2.4.6): self-relative, an empty DACL at byte 20. */
const NOBODY = Buffer.from('0100048000000000000000000000000014000000' + '0200080000000000', 'hex');

const LEAVING: readonly RightsSet[] = ['accounts', 'groups', 'move', 'leave'];
const ACCOUNTS = {
	clerk: ['accounts', 'groups'],
	leaver: LEAVING,
	returner: [...LEAVING, 'return'],
	narrow: [...LEAVING, 'return', 'narrow'],
	deleter: [...LEAVING, 'delete'],
	restorer: [...LEAVING, 'restore'],
	planner: ['units'],
} as const satisfies Record<string, readonly RightsSet[]>;
type Name = keyof typeof ACCOUNTS;

let domain: Domain;
const unit = (name: string) => `OU=${name},${domain.baseDn}`;
const staff = () => `CN=Staff,${unit('Groups')}`;
const by = (value: string) => ({ attribute: 'employeeID', value });
const as = <T>(name: Name, work: (run: AccountRun) => Promise<T>) =>
	withAccounts(domain, work, { fields: { bindName: `CORP\\${name}`, bindPassword: PASSWORD } });
const read = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0];
const create = (name: Name, key: string, ou = 'People') =>
	as(name, (run) =>
		createOrUpdate(
			run,
			desiredAccount(unit(ou), key, {
				attributes: {
					...{ employeeID: key, displayName: `User ${key}`, givenName: 'User', sn: key, department: 'Canteen' },
					manager: { by: 'employeeID', value: 'BOSS' },
				},
			}),
		),
	);

beforeAll(async () => {
	domain = await startSamba();
	await grantRights(domain, ACCOUNTS, MAPPED);
	await asAdministrator(domain, async (client) => {
		const user = (ou: string, name: string) =>
			client.add(`CN=${name},${unit(ou)}`, { objectClass: 'user', sAMAccountName: name, employeeID: name });
		await user('Elsewhere', 'BOSS');
		await user('Elsewhere', 'OTHER');
		await client.add(staff(), { objectClass: 'group', sAMAccountName: 'Staff' });
		await client.add(`CN=Far,${unit('Elsewhere')}`, { objectClass: 'group', sAMAccountName: 'Far' });
	});
}, 120_000);
afterAll(() => domain.stop());

test('the document has entries for every set, and the attributes of the narrow one', () => {
	expect(new Set(RIGHTS.map(({ set }) => set))).toEqual(new Set(SETS));
	expect(ALWAYS_WRITTEN).toEqual(expect.arrayContaining(['userAccountControl', 'carLicense', 'name', 'employeeID']));
});

describe('people', () => {
	test.each<Name>(['clerk', 'narrow'])('are made, kept up to date and renamed by %s', async (name) => {
		const key = `P${name}`;
		expect(await create(name, key)).toMatchObject({ outcome: 'created', account: { enabled: true } });
		expect((await read(key))?.attributes).toMatchObject({
			userAccountControl: ['512'],
			manager: [`CN=BOSS,${unit('Elsewhere')}`],
		});
		const changed = desiredAccount(unit('People'), key, { attributes: { employeeID: key, department: 'R&D' } });
		expect(await as(name, (run) => createOrUpdate(run, changed))).toMatchObject({ outcome: 'updated' });
		const renamed = await as(name, (run) =>
			renameAccount(run, by(key), {
				...{ cn: `Renamed ${key}`, sAMAccountName: `r${key}` },
				...{ userPrincipalName: `r${key}@corp.example.com`, displayName: 'Renamed' },
			}),
		);
		expect(renamed).toMatchObject({ outcome: 'renamed', account: { dn: `CN=Renamed ${key},${unit('People')}` } });
	});

	test.each<Name>(['clerk', 'narrow'])('get a password, are unlocked and expire by %s', async (name) => {
		const key = `W${name}`;
		await create(name, key);
		const password = { ...UNTOLD, mustChange: true };
		expect(await as(name, (run) => resetPassword(run, by(key), { password, unlock: true }))).toMatchObject({
			outcome: 'password reset',
		});
		await asAdministrator(domain, async (client) => {
			const [found] = (await client.search(unit('People'), { filter: `(employeeID=${key})` })).searchEntries;
			await client.modify(found?.dn ?? '', replace('lockoutTime', '133000000000000000'));
		});
		expect(await as(name, (run) => unlockAccount(run, by(key)))).toMatchObject({ outcome: 'updated' });
		expect(await as(name, (run) => setExpiry(run, by(key), '134000000000000000'))).toMatchObject({
			outcome: 'updated',
		});
	});

	test('join and leave groups', async () => {
		await create('clerk', 'G1');
		expect(await as('clerk', (run) => addMembers(run, staff(), [by('G1')]))).toMatchObject({ outcome: 'updated' });
		expect((await read('G1'))?.attributes['memberOf']).toEqual([staff()]);
		expect(await as('clerk', (run) => removeMembers(run, staff(), [by('G1')]))).toMatchObject({ outcome: 'updated' });
		expect((await read('G1'))?.attributes['memberOf']).toBeUndefined();
	});
});

describe('organisational units', () => {
	const make = (name: Name, parent: string) =>
		as(name, (run) =>
			createOrganizationalUnit(run.directory, { parent: unit(parent), name: `Made by ${name}`, description: '' }),
		);

	test('are made by who has the set units, and nobody else', async () => {
		expect(await make('planner', 'People')).toMatchObject({ outcome: 'created' });
		await expect(make('planner', 'Groups')).rejects.toMatchObject({ code: 50 });
		await expect(make('clerk', 'People')).rejects.toMatchObject({ code: 50 });
		await expect(create('planner', 'PL1')).rejects.toMatchObject(NO_RIGHT);
	});
});

describe('leavers', () => {
	const joined = async (name: Name, key: string) => {
		await create(name, key);
		await as(name, (run) => addMembers(run, staff(), [by(key)]));
	};
	const leave = (name: Name, key: string, moveTo = '') =>
		as(name, (run) => disableAccount(run, by(key), { ...LEAVE, moveTo }));

	test('are disabled where they stand with the sets accounts and groups, and brought back', async () => {
		await joined('clerk', 'L1');
		expect(await leave('clerk', 'L1')).toMatchObject({ outcome: 'disabled' });
		expect((await read('L1'))?.attributes['memberOf']).toBeUndefined();
		expect(await as('clerk', (run) => enableAccount(run, by('L1'), RETURN))).toMatchObject({ outcome: 'enabled' });
		expect((await read('L1'))?.attributes).toMatchObject({ memberOf: [staff()], department: ['Canteen'] });
	});

	test('are disabled and nothing is lost when the move is refused, which is said', async () => {
		await joined('clerk', 'L2');
		const left = await leave('clerk', 'L2', unit('Leavers'));
		expect(left).toMatchObject({ outcome: 'partial', account: { enabled: false, state: 'left' } });
		expect(left.message).toMatch(REFUSED);
		expect((await read('L2'))?.dn).toBe(`CN=User L2,${unit('People')}`);
	});

	test('move to the unit of the leavers; a run that was stopped there is finished', async () => {
		await joined('leaver', 'L3');
		expect(await leave('leaver', 'L3', unit('Leavers'))).toMatchObject({ outcome: 'disabled' });
		expect((await read('L3'))?.dn).toBe(`CN=User L3,${unit('Leavers')}`);
		expect(await leave('leaver', 'L3', unit('Leavers'))).toMatchObject({ outcome: 'unchanged' });
		await as('leaver', ({ directory }) =>
			directory.modify(`CN=User L3,${unit('Leavers')}`, [
				{ type: 'replace', attribute: 'unicodePwd', values: [encodePassword('An0ther!password')] },
				{ type: 'replace', attribute: 'title', values: ['x'] },
			]),
		);
	});

	test.each<Name>(['returner', 'narrow'])('come back out of it by %s', async (name) => {
		const key = `B${name}`;
		await joined(name, key);
		expect(await leave(name, key, unit('Leavers'))).toMatchObject({ outcome: 'disabled' });
		expect(await as(name, (run) => enableAccount(run, by(key), RETURN))).toMatchObject({ outcome: 'enabled' });
		const back = await read(key);
		expect(back?.dn).toBe(`CN=User ${key},${unit('People')}`);
		expect(back?.attributes).toMatchObject({ userAccountControl: ['512'], memberOf: [staff()] });
	});

	test('stay disabled where they are without the set return', async () => {
		await joined('leaver', 'L4');
		await leave('leaver', 'L4', unit('Leavers'));
		const back = as('leaver', (run) => enableAccount(run, by('L4'), RETURN)).then(
			({ outcome, message = '' }) => `${outcome} ${message}`,
			(error: Error) => error.message,
		);
		expect(await back).toMatch(REFUSED);
		expect((await read('L4'))?.dn).toBe(`CN=User L4,${unit('Leavers')}`);
		expect((await read('L4'))?.attributes['userAccountControl']).toEqual(['514']);
	});

	test('are deleted with the set delete, or return, and with no other', async () => {
		await joined('leaver', 'D1');
		await leave('leaver', 'D1', unit('Leavers'));
		for (const name of ['clerk', 'leaver', 'restorer'] as const)
			await expect(as(name, (run) => deleteAccount(run, by('D1')))).rejects.toMatchObject(NO_RIGHT);
		expect(await read('D1')).toBeDefined();
		expect(await as('deleter', (run) => deleteAccount(run, by('D1')))).toMatchObject({ outcome: 'deleted' });
		expect(await read('D1')).toBeUndefined();
		await create('returner', 'D2');
		await leave('returner', 'D2', unit('Leavers'));
		expect(await as('returner', (run) => deleteAccount(run, by('D2')))).toMatchObject({ outcome: 'deleted' });
	});

	test('come back from the deleted objects with the set restore, and with no other', async () => {
		await create('deleter', 'D3');
		await leave('deleter', 'D3', unit('Leavers'));
		const { account } = await as('deleter', (run) => deleteAccount(run, by('D3')));
		const restore = (name: Name) =>
			as(name, (run) => restoreDeleted(run, account?.guid ?? '', { anchor: 'D3', ou: unit('People') }));
		// Without the right to look, there is nothing to be seen.
		expect(await restore('returner')).toMatchObject({ outcome: 'not found' });
		expect(await restore('restorer')).toMatchObject({ outcome: 'restored', account: { enabled: false } });
		expect((await read('D3'))?.dn).toBe(`CN=User D3,${unit('People')}`);
	});
});

describe('everything else is refused, in words', () => {
	// The planner makes no people to begin with.
	const NAMES = (Object.keys(ACCOUNTS) as Name[]).filter((name) => name !== 'planner');
	beforeAll(async () => {
		for (const name of NAMES) await create(name, `E${name}`);
	});
	const target = (name: Name) => `CN=User E${name},${unit('People')}`;
	const modify = (name: Name, dn: string, attribute: string, value: string | Buffer) =>
		as(name, ({ directory }) => directory.modify(dn, [{ type: 'replace', attribute, values: [value] }]));
	const add = (name: Name, rdn: string, objectClass: string, account = {}) =>
		as(name, ({ directory }) => directory.add(`${rdn},${unit('People')}`, { objectClass: [objectClass], ...account }));

	const refusals: readonly (readonly [string, (name: Name) => Promise<unknown>])[] = [
		['a user in another unit', (name) => create(name, `X${name}`, 'Elsewhere')],
		[
			'a change of somebody there',
			(name) =>
				as(name, (run) =>
					createOrUpdate(run, desiredAccount(unit('Elsewhere'), 'OTHER', { attributes: { department: 'x' } })),
				),
		],
		[
			'somebody’s password there',
			(name) => as(name, (run) => resetPassword(run, by('OTHER'), { password: UNTOLD, unlock: false })),
		],
		['a move there', (name) => as(name, (run) => moveAccount(run, by(`E${name}`), unit('Elsewhere')))],
		['a move from there', (name) => as(name, (run) => moveAccount(run, by('OTHER'), unit('People')))],
		[
			'deleting somebody there',
			(name) => as(name, ({ directory }) => directory.remove(`CN=OTHER,${unit('Elsewhere')}`)),
		],
		[
			'an administrator’s password',
			(name) => modify(name, domain.bindDn, 'unicodePwd', encodePassword('An0ther!password')),
		],
		['trust for delegation', (name) => modify(name, target(name), 'userAccountControl', String(512 + 0x80000))],
		[
			'trust to authenticate for delegation',
			(name) => modify(name, target(name), 'userAccountControl', String(512 + 0x1000000)),
		],
		['constrained delegation', (name) => modify(name, target(name), 'msDS-AllowedToDelegateTo', 'http/server')],
		['a group’s description', (name) => modify(name, staff(), 'description', 'x')],
		['a new group', (name) => add(name, `CN=Group ${name}`, 'group', { sAMAccountName: [`group${name}`] })],
		[
			'a new computer',
			(name) =>
				add(name, `CN=Machine ${name}`, 'computer', { sAMAccountName: [`${name}$`], userAccountControl: ['4096'] }),
		],
		['a new organisational unit', (name) => add(name, `OU=Unit ${name}`, 'organizationalUnit')],
		['the permissions of the unit', (name) => modify(name, unit('People'), 'nTSecurityDescriptor', NOBODY)],
		['the password policy', (name) => modify(name, domain.baseDn, 'minPwdLength', '1')],
	];
	test.each(refusals)('%s', async (_what, work) => {
		for (const name of NAMES) await expect(work(name)).rejects.toMatchObject(NO_RIGHT);
	});

	test.each([
		['Domain Admins', () => `CN=Domain Admins,CN=Users,${domain.baseDn}`],
		['a group in another unit', () => `CN=Far,${unit('Elsewhere')}`],
	])('membership in %s', async (_what, group) => {
		for (const name of NAMES) {
			const [link] = await as(name, ({ directory }) => writeLinks(directory, group(), 'add', [target(name)]));
			expect(link).toMatchObject({ status: 'failed', error: { code: 50 } });
		}
	});

	test('deleting in the unit of the people, but for those who may move out of it', async () => {
		const remove = (name: Name) => as(name, ({ directory }) => directory.remove(target(name)));
		await expect(remove('clerk')).rejects.toMatchObject(NO_RIGHT);
		await expect(remove('leaver')).resolves.toBeUndefined();
	});

	test('for the narrow set, attributes that nobody maps', async () => {
		for (const attribute of ['servicePrincipalName', 'scriptPath', 'title'])
			await expect(modify('narrow', target('narrow'), attribute, 'http/server')).rejects.toMatchObject(NO_RIGHT);
	});
});

function replace(type: string, value: string) {
	return new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });
}
