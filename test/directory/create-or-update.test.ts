import { Attribute, Change, type Client } from 'ldapts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { getAccount } from '../../lib/directory/accounts/get';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { makeMark } from '../../lib/directory/mark';
import { randomPassword } from '../../lib/directory/password';
import type { DesiredAccount } from '../../lib/contracts';
import { desiredAccount, MARKING, SIGNING_KEY, withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator as administrator, canBind as bindsWith } from './administrator';

const lookup = (value: string) => ({ attribute: 'employeeID', value });

let domain: Domain;
let ou: string;

const asAdministrator = <T>(work: (client: Client) => Promise<T>) => administrator(domain, work);
const canBind = (dn: string, password: string) => bindsWith(domain, dn, password);
const apply = (directory: Directory, desired: DesiredAccount) =>
	createOrUpdate(openAccounts(directory, MARKING, SIGNING_KEY), desired);
const run = (desired: DesiredAccount, options?: Parameters<typeof withDirectory>[2]) =>
	withDirectory(domain, (directory) => apply(directory, desired), options);
const disable = (key: string, options?: Parameters<typeof withDirectory>[2]) =>
	withAccounts(domain, (accounts) => disableAccount(accounts, lookup(key), NO_LEAVE_OPTIONS), options);
const get = (key: string) => withAccounts(domain, (accounts) => getAccount(accounts, lookup(key)));
const read = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes ?? {};

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator((client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

describe('a person without an account', () => {
	test('gets one: enabled, with the values, the anchor and no mark left', async () => {
		const result = await run(
			desiredAccount(ou, 'C1', {
				attributes: { employeeID: 'C1', displayName: 'Žofie Nováková', givenName: 'Žofie', department: 'R&D' },
			}),
		);
		expect(result).toMatchObject({
			outcome: 'created',
			account: { dn: `CN=User C1,${ou}`, enabled: true, state: null, sAMAccountName: 'userc1' },
		});
		expect(await read('C1')).toMatchObject({
			userAccountControl: ['512'],
			displayName: ['Žofie Nováková'],
			department: ['R&D'],
			sAMAccountName: ['userc1'],
			userPrincipalName: ['userc1@corp.example.com'],
			employeeID: ['C1'],
		});
		expect((await read('C1'))['carLicense']).toBeUndefined();
	});

	test('can log on with the password that the random source gives, and not before it is enabled', async () => {
		const random = (below: number) => Math.floor(below / 2);
		const password = randomPassword(random, 7, ['userc2', 'User C2']);
		const { account } = await run(desiredAccount(ou, 'C2'), { random });
		expect(await canBind(account?.dn ?? '', password)).toBe(true);
		expect(await canBind(account?.dn ?? '', `${password}x`)).toBe(false);
	});

	test('takes the next name when a group has the account name, somebody the UPN, and the unit the name', async () => {
		await asAdministrator(async (client) => {
			await client.add(`CN=grp,CN=Users,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'userc3' });
			await client.add(`CN=upn holder,CN=Users,${domain.baseDn}`, {
				objectClass: 'user',
				sAMAccountName: 'upnholder',
				userPrincipalName: 'c3.user@corp.example.com',
			});
			await client.add(`CN=User C3,${ou}`, { objectClass: 'user', sAMAccountName: 'cnholder' });
		});
		const { names } = desiredAccount(ou, 'C3');
		const addresses = { candidates: ['c3.user@corp.example.com', 'c3.other@corp.example.com'] };
		const { account } = await run(desiredAccount(ou, 'C3', { names: { ...names, userPrincipalName: addresses } }));
		expect(account).toMatchObject({
			dn: `CN=User C3 2,${ou}`,
			sAMAccountName: 'userc32',
			userPrincipalName: 'c3.other@corp.example.com',
		});
	});

	test('does not take an account name that is the first half of somebody else’s UPN', async () => {
		await asAdministrator((client) =>
			client.add(`CN=implicit,CN=Users,${domain.baseDn}`, {
				objectClass: 'user',
				sAMAccountName: 'somethingelse',
				userPrincipalName: 'userc4@corp.example.com',
			}),
		);
		const { account } = await run(
			desiredAccount(ou, 'C4', {
				names: { sAMAccountName: { candidates: ['userc4', 'userc4b'] }, cn: { candidates: ['User C4'] } },
			}),
		);
		expect(account?.sAMAccountName).toBe('userc4b');
	});

	test('is refused when no name is left, and nothing is written', async () => {
		await asAdministrator((client) =>
			client.add(`CN=only,CN=Users,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'userc5' }),
		);
		const desired = desiredAccount(ou, 'C5', {
			names: { sAMAccountName: { candidates: ['userc5'] }, cn: { candidates: ['User C5'] } },
		});
		await expect(run(desired)).rejects.toThrow('No name is free for sAMAccountName');
		expect(await domain.ldbsearch('(employeeID=C5)')).toEqual([]);
	});

	test('of the same name at the same moment: both get an account, with different names', async () => {
		const names = {
			sAMAccountName: { candidates: ['racer', 'racer2', 'racer3'] },
			cn: { candidates: ['Racer', 'Racer 2', 'Racer 3'] },
		};
		const results = await Promise.all(['R1', 'R2', 'R3'].map((key) => run(desiredAccount(ou, key, { names }))));
		expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
		expect(results.map(({ account }) => account?.sAMAccountName).sort()).toEqual(['racer', 'racer2', 'racer3']);
	});

	test.each([
		['comma', 'Smith, John'],
		['plus', 'O+P'],
		['quotes', 'a "b" c'],
		['hash first', '#hash'],
		['slashes', 'sl/ash \\ back'],
		['a trailing backslash', 'end\\'],
		['less and greater', '<x>'],
		['equals', 'a=b'],
		['filter syntax', '*)(objectClass=*'],
		['semicolon', 'a;b'],
		['markup', '<script>alert(1)</script>'],
		['other scripts', '王小明 Παπαδόπουλος Ελένη'],
		['64 characters', 'x'.repeat(64)],
		['a DN', 'x,OU=Leavers,DC=corp,DC=example,DC=com'],
	])('is named as given, whatever stands in the name: %s', async (_kind, name) => {
		const key = `H${Buffer.from(name).toString('hex').slice(0, 10)}${name.length}`.slice(0, 16);
		const { account } = await run(
			desiredAccount(ou, key, {
				names: { ...desiredAccount(ou, key).names, cn: { candidates: [name] } },
				attributes: { employeeID: key, displayName: name },
			}),
		);
		expect(await read(key)).toMatchObject({ cn: [name], displayName: [name] });
		expect(account?.dn.toLowerCase().endsWith(`,${ou.toLowerCase()}`)).toBe(true);
		expect(await run(desiredAccount(ou, key, { attributes: { employeeID: key, displayName: name } }))).toMatchObject({
			outcome: 'unchanged',
		});
	});

	test('in an organisational unit that does not exist is refused, and the unit is not made', async () => {
		await expect(run(desiredAccount(`OU=Nowhere,${domain.baseDn}`, 'C6'))).rejects.toMatchObject({
			kind: 'configuration',
			code: 32,
		});
		expect(await domain.ldbsearch('(ou=Nowhere)')).toEqual([]);
	});

	test('with a value that the directory refuses is named with what to do', async () => {
		const attempt = run(
			desiredAccount(ou, 'C7', { attributes: { employeeID: 'C7', manager: 'CN=Nobody,DC=corp,DC=example,DC=com' } }),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'person', win32: '000020B5' });
		expect(await domain.ldbsearch('(employeeID=C7)')).toEqual([]);
	});

	test('whose manager is named by a key gets the manager; an unknown one is a note', async () => {
		await run(desiredAccount(ou, 'M1'));
		const { outcome } = await run(
			desiredAccount(ou, 'M2', { attributes: { employeeID: 'M2', manager: { by: 'employeeID', value: 'M1' } } }),
		);
		expect(outcome).toBe('created');
		expect((await read('M2'))['manager']).toEqual([`CN=User M1,${ou}`]);
		const unknown = await run(
			desiredAccount(ou, 'M3', { attributes: { employeeID: 'M3', manager: { by: 'employeeID', value: 'NOBODY' } } }),
		);
		expect(unknown.notes).toEqual(['manager was left as it is: nobody, or more than one, has employeeID "NOBODY".']);
	});
});

describe('a person who has an account', () => {
	test('is left untouched, to the last sequence number, when nothing differs', async () => {
		const desired = desiredAccount(ou, 'U1', {
			attributes: { employeeID: 'U1', title: 'Engineer', otherTelephone: ['1', '2'], accountExpires: '0' },
		});
		await run(desired);
		const before = (await read('U1'))['uSNChanged'];
		const writes = await withDirectory(domain, async (directory) => {
			expect(
				await apply(directory, { ...desired, attributes: { ...desired.attributes, otherTelephone: ['2', '1'] } }),
			).toMatchObject({ outcome: 'unchanged', changes: [] });
			return directory.writes();
		});
		expect(writes).toBe(0);
		expect((await read('U1'))['uSNChanged']).toEqual(before);
	});

	test('is brought up to date in one Modify: set, changed, cleared, several values, case alone', async () => {
		await run(
			desiredAccount(ou, 'U2', {
				attributes: {
					employeeID: 'U2',
					title: 'Engineer',
					department: 'Sales',
					company: 'acme',
					otherTelephone: ['1', '2'],
				},
			}),
		);
		const writes = await withDirectory(domain, async (directory) => {
			const desired = desiredAccount(ou, 'U2', {
				attributes: {
					employeeID: 'U2',
					title: 'Lead',
					department: null,
					company: 'ACME',
					otherTelephone: ['2', '3'],
					mail: 'u2@corp.example.com',
				},
			});
			expect(await apply(directory, desired)).toMatchObject({
				outcome: 'updated',
				changes: expect.arrayContaining([
					{ attribute: 'title', from: ['Engineer'], to: ['Lead'] },
					{ attribute: 'department', from: ['Sales'], to: [] },
				]) as unknown,
			});
			return directory.writes();
		});
		expect(writes).toBe(1);
		const now = await read('U2');
		expect(now).toMatchObject({ title: ['Lead'], company: ['ACME'], mail: ['u2@corp.example.com'] });
		expect([...(now['otherTelephone'] ?? [])].sort()).toEqual(['2', '3']);
		expect(now['department']).toBeUndefined();
	});

	test('keeps its name, and what is written at creation only or where empty only', async () => {
		const first = desiredAccount(ou, 'U3', {
			attributes: { employeeID: 'U3', title: 'Engineer', department: 'Sales' },
		});
		await run(first);
		const result = await run({
			...first,
			names: { sAMAccountName: { candidates: ['another'] }, cn: { candidates: ['Another'] } },
			attributes: { employeeID: 'U3', title: 'Lead', department: 'IT', company: 'ACME' },
			createOnly: ['title'],
			fillOnly: ['department', 'company'],
		});
		expect(result.changes).toEqual([{ attribute: 'company', from: [], to: ['ACME'] }]);
		expect(await read('U3')).toMatchObject({ sAMAccountName: ['useru3'], title: ['Engineer'], department: ['Sales'] });
	});

	test('changed by somebody else since it was read is a conflict, and nothing is written', async () => {
		await run(desiredAccount(ou, 'U4', { attributes: { employeeID: 'U4', title: 'Engineer' } }));
		const attempt = withDirectory(domain, async (directory) => {
			const spied: Directory = {
				...directory,
				modify: async (dn, changes) => {
					await asAdministrator(async (client) => {
						await client.modify(
							`CN=User U4,${ou}`,
							new Change({ operation: 'replace', modification: new Attribute({ type: 'title', values: ['Moved'] }) }),
						);
					});
					await directory.modify(dn, changes);
				},
			};
			return await apply(
				spied,
				desiredAccount(ou, 'U4', { attributes: { employeeID: 'U4', title: 'Lead', department: 'IT' } }),
			);
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		expect((await read('U4'))['title']).toEqual(['Moved']);
		expect((await read('U4'))['department']).toBeUndefined();
	});

	test('begun by a run that was stopped is finished, with a password that only the directory knows', async () => {
		const desired = desiredAccount(ou, 'P1');
		const stopped = withDirectory(
			domain,
			async (directory) => await apply({ ...directory, modify: () => Promise.reject(new Error('killed')) }, desired),
		);
		await expect(stopped).rejects.toThrow('killed');
		expect(await read('P1')).toMatchObject({ userAccountControl: ['514'] });
		expect(await get('P1')).toMatchObject({ outcome: 'found', account: { state: 'pending', enabled: false } });
		const random = (below: number) => Math.floor(below / 3);
		expect(await run(desired, { random })).toMatchObject({
			outcome: 'finished',
			account: { enabled: true, state: null },
		});
		expect(await read('P1')).toMatchObject({ userAccountControl: ['512'] });
		expect((await read('P1'))['carLicense']).toBeUndefined();
		expect(await canBind(`CN=User P1,${ou}`, randomPassword(random, 7, ['userp1', 'User P1']))).toBe(true);
	});

	test.each([
		['by an administrator', []],
		[
			'and marked with another key',
			[
				makeMark(
					'another signing key',
					{
						state: 'pending',
						domainGuid: '00000000-0000-0000-0000-000000000000',
						matchAttribute: 'employeeID',
						matchValue: 'D1',
					},
					'2026-01-01T00:00:00Z',
				),
			],
		],
		['and marked with a copied mark of another person', 'copied' as const],
	])('disabled %s is never enabled', async (kind, marks) => {
		const key = `D${kind.length}`;
		let carLicense = marks as string[];
		if (marks === 'copied') {
			const { domainGuid } = await withDirectory(domain, (directory) => directory.domain());
			carLicense = [
				makeMark(
					SIGNING_KEY,
					{ state: 'pending', domainGuid, matchAttribute: 'employeeID', matchValue: 'SOMEBODY' },
					'2026-01-01T00:00:00Z',
				),
			];
		}
		await asAdministrator((client) =>
			client.add(`CN=User ${key},${ou}`, {
				objectClass: 'user',
				sAMAccountName: `user${key}`,
				employeeID: key,
				userAccountControl: '514',
				...(carLicense.length > 0 ? { carLicense } : {}),
			}),
		);
		const result = await run(desiredAccount(ou, key));
		expect(result).toMatchObject({ outcome: 'updated', account: { enabled: false } });
		expect(result.notes.join(' ')).toContain('It stays disabled');
		expect((await read(key))['userAccountControl']).toEqual(['514']);
	});

	test('twice is never guessed between', async () => {
		await asAdministrator(async (client) => {
			for (const name of ['twin1', 'twin2'])
				await client.add(`CN=${name},${ou}`, { objectClass: 'user', sAMAccountName: name, employeeID: 'TWIN' });
		});
		expect(await run(desiredAccount(ou, 'TWIN'))).toMatchObject({
			outcome: 'ambiguous',
			message: expect.stringContaining('2 objects have employeeID "TWIN"') as unknown,
		});
	});

	test('who is leaving or away is left to the plan', async () => {
		expect(await run(desiredAccount(ou, 'L1', { lifecycle: 'leaver' }))).toMatchObject({ outcome: 'not active' });
		expect(await domain.ldbsearch('(employeeID=L1)')).toEqual([]);
	});
});

describe('protected accounts', () => {
	test('are refused: the built-in administrator, and a member of a group inside Domain Admins', async () => {
		await asAdministrator(async (client) => {
			const add = (dn: string, type: string, value: string) =>
				client.modify(dn, new Change({ operation: 'add', modification: new Attribute({ type, values: [value] }) }));
			await add(domain.bindDn, 'employeeID', 'ADMIN');
			await client.add(`CN=nested,CN=Users,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'nested' });
			await client.add(`CN=Secret Admin,${ou}`, {
				objectClass: 'user',
				sAMAccountName: 'secretadmin',
				employeeID: 'NESTED',
			});
			await add(`CN=nested,CN=Users,${domain.baseDn}`, 'member', `CN=Secret Admin,${ou}`);
			await add(`CN=Domain Admins,CN=Users,${domain.baseDn}`, 'member', `CN=nested,CN=Users,${domain.baseDn}`);
		});
		for (const [key, reason] of [
			['ADMIN', 'it came with the domain'],
			['NESTED', 'it is a member of Domain Admins'],
		] as const) {
			const before = (await read(key))['uSNChanged'];
			expect(await run(desiredAccount(ou, key))).toMatchObject({
				outcome: 'protected',
				message: expect.stringContaining(reason) as unknown,
			});
			expect(await disable(key)).toMatchObject({ outcome: 'protected' });
			expect((await read(key))['uSNChanged']).toEqual(before);
		}
	});
});

describe('disabling', () => {
	test('sets the one bit and a mark that counts on this account only; again changes nothing', async () => {
		await run(desiredAccount(ou, 'X1'));
		expect(await disable('X1')).toMatchObject({ outcome: 'disabled', account: { enabled: false, state: 'left' } });
		expect((await read('X1'))['userAccountControl']).toEqual(['514']);
		const after = (await read('X1'))['uSNChanged'];
		expect(await disable('X1')).toMatchObject({ outcome: 'unchanged' });
		expect((await read('X1'))['uSNChanged']).toEqual(after);
		expect(await run(desiredAccount(ou, 'X1'))).toMatchObject({ outcome: 'unchanged', account: { state: 'left' } });
		expect(await disable('NOBODY')).toMatchObject({ outcome: 'not found' });
	});

	test('without a signing key is refused before anything is written', async () => {
		const attempt = disable('C1', { fields: { signingSecret: '' } });
		await expect(attempt).rejects.toThrow(DirectoryError);
		await expect(attempt).rejects.toThrow('no signing key');
	});
});

describe('values from HR in a search', () => {
	test.each(['*', 'C1)(objectClass=*', '*)(employeeID=*', '\\2a', 'C1*'])('find nobody by %j', async (value) => {
		expect(await get(value)).toMatchObject({ outcome: 'not found' });
	});
});
