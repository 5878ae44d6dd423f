/** Finding accounts: by every attribute, one by one and many at once, and never by what this run has changed meanwhile. */
import { Attribute, Change } from 'ldapts';
import { openAccounts, locate, type AccountRun } from '../../lib/directory/accounts/locate';
import type { Lookup } from '../../lib/directory/accounts/account';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { attributesToRead } from '../../lib/directory/accounts/desired';
import { updateAccount } from '../../lib/directory/accounts/update';
import type { Directory } from '../../lib/directory/directory';
import { textOf } from '../../lib/directory/entry';
import { guidDn } from '../../lib/directory/guid';
import { childDn } from '../../lib/schema/dn';
import { desiredAccount, MARKING, SIGNING_KEY, withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire } from './wire';

let domain: Domain;
let ou: string;
const HOSTILE = 'Smith, John "J" + #1\\';

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (let number = 1; number <= 150; number += 1)
			await client.add(`CN=P${number},${ou}`, {
				objectClass: 'user',
				sAMAccountName: `p${number}`,
				userPrincipalName: `p${number}@corp.example.com`,
				mail: `p${number}@mail.example.com`,
				employeeID: `E${number}`,
				employeeNumber: String(1000 + number),
			});
		await client.add(childDn('CN', HOSTILE, ou), { objectClass: 'user', sAMAccountName: 'hostile' });
		await client.add(`CN=box,${ou}`, { objectClass: 'contact', mail: 'shared@mail.example.com' });
		await client.add(`CN=group,${ou}`, { objectClass: 'group', sAMAccountName: 'agroup' });
		for (const name of ['t1', 't2'])
			await client.add(`CN=${name},${ou}`, { objectClass: 'user', sAMAccountName: name, employeeID: 'TWIN' });
	});
}, 120_000);
afterAll(() => domain.stop());

const guid = async (sam: string) =>
	(await domain.ldbsearch(`(sAMAccountName=${sam})`, ['objectGUID']))[0]?.attributes['objectGUID']?.[0] ?? '';
const located = (run: AccountRun, lookup: Lookup) =>
	locate(run, lookup).then((found) => ('outcome' in found ? found.outcome : found.account.sAMAccountName));
const find = (lookup: Lookup) => withAccounts(domain, (run) => located(run, lookup));

describe('an account', () => {
	test.each<[attribute: string, value: () => string | Promise<string>]>([
		['sAMAccountName', () => 'P7'],
		['userPrincipalName', () => 'p7@CORP.example.com'],
		['mail', () => 'p7@mail.example.com'],
		['employeeID', () => 'e7'],
		['employeeNumber', () => '1007'],
		['distinguishedName', () => `cn=p7, ${ou.toLowerCase()}`],
		['objectGUID', () => guid('p7')],
		['objectGUID', async () => `{${(await guid('p7')).toUpperCase()}}`],
		['objectGUID', async () => guidDn(await guid('p7'))],
	])('is found by %s', async (attribute, value) => {
		expect(await find({ attribute, value: await value() })).toBe('p7');
	});

	test('of a hostile name is found by its distinguished name in any spelling', async () => {
		const spellings = [childDn('CN', HOSTILE, ou), `CN=Smith\\, John \\"J\\" \\+ #1\\\\,${ou}`];
		for (const value of spellings) expect(await find({ attribute: 'distinguishedName', value })).toBe('hostile');
	});

	test.each<[what: string, lookup: Lookup, outcome: string]>([
		['nobody has the value', { attribute: 'employeeID', value: 'NOBODY' }, 'not found'],
		[
			'nothing stands there',
			{ attribute: 'distinguishedName', value: 'CN=nobody,DC=corp,DC=example,DC=com' },
			'not found',
		],
		['nothing has the GUID', { attribute: 'objectGUID', value: '00000000-0000-4000-8000-000000000000' }, 'not found'],
		['two have the value', { attribute: 'employeeID', value: 'TWIN' }, 'ambiguous'],
		['a contact has the address', { attribute: 'mail', value: 'shared@mail.example.com' }, 'ambiguous'],
		['a group has the name', { attribute: 'sAMAccountName', value: 'agroup' }, 'ambiguous'],
	])('is not guessed: %s', async (_what, lookup, outcome) => {
		expect(await find(lookup)).toBe(outcome);
	});

	test.each<[lookup: Lookup, kind: string, words: string]>([
		[{ attribute: 'objectGUID', value: 'p7' }, 'person', '"p7" is no GUID.'],
		[{ attribute: 'distinguishedName', value: 'p7' }, 'person', 'is not a distinguished name'],
		[{ attribute: 'employeeID', value: ' ' }, 'person', 'There is no value of employeeID'],
		[{ attribute: 'employeeID)(cn=*', value: 'x' }, 'configuration', 'is no attribute to look for'],
	])('cannot be looked for by %j', async (lookup, kind, words) => {
		await expect(find(lookup)).rejects.toMatchObject({ kind });
		await expect(find(lookup)).rejects.toThrow(words);
	});
});

/** The searches and reads that a run sends. */
function counting(directory: Directory): { directory: Directory; asked: () => number } {
	let asked = 0;
	const counted: Directory = {
		...directory,
		search: (base, request) => ((asked += 1), directory.search(base, request)),
		read: (dn, attributes) => ((asked += 1), directory.read(dn, attributes)),
	};
	return { directory: counted, asked: () => asked };
}

describe('many accounts', () => {
	const keys = Array.from({ length: 150 }, (_, index) => ({ attribute: 'employeeID', value: `E${index + 1}` }));

	test('are read in batches, and then asked for no more, protection included', async () => {
		await withDirectory(domain, async (opened) => {
			const { directory, asked } = counting(opened);
			const run = openAccounts(directory, MARKING, SIGNING_KEY);
			const entries = await run.finder.prefetch([...keys, { attribute: 'employeeID', value: 'NOBODY' }]);
			await run.guard.prefetch(entries);
			expect(entries).toHaveLength(150);
			const before = asked();
			for (const { value } of keys)
				expect(await located(run, { attribute: 'EMPLOYEEID', value: value.toLowerCase() })).toBe(
					value.replace('E', 'p'),
				);
			expect(await located(run, { attribute: 'employeeID', value: 'nobody' })).toBe('not found');
			expect(asked()).toBe(before);
		});
	});

	test('by different attributes, broken ones among them, are each what they would be alone', async () => {
		const lookups: Lookup[] = [
			{ attribute: 'mail', value: 'p3@mail.example.com' },
			{ attribute: 'objectGUID', value: await guid('p4') },
			{ attribute: 'distinguishedName', value: `CN=P5,${ou}` },
			{ attribute: 'employeeID', value: 'TWIN' },
			{ attribute: 'distinguishedName', value: childDn('CN', HOSTILE, ou) },
		];
		const alone = await Promise.all(lookups.map(find));
		await withAccounts(domain, async (run) => {
			await run.finder.prefetch([
				...lookups,
				{ attribute: 'objectGUID', value: 'x' },
				{ attribute: 'mail', value: '' },
			]);
			for (const [index, lookup] of lookups.entries()) expect(await located(run, lookup)).toBe(alone[index]);
			await expect(located(run, { attribute: 'objectGUID', value: 'x' })).rejects.toThrow('is no GUID');
		});
	});

	test('are refused as protected just as one is', async () => {
		await asAdministrator(domain, async (client) => {
			const add = (dn: string, member: string) =>
				client.modify(
					dn,
					new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [member] }) }),
				);
			await add(`CN=group,${ou}`, `CN=P9,${ou}`);
			await add(`CN=Domain Admins,CN=Users,${domain.baseDn}`, `CN=group,${ou}`);
		});
		await withAccounts(domain, async (run) => {
			await run.guard.prefetch(await run.finder.prefetch(keys.slice(0, 30)));
			expect(await located(run, { attribute: 'employeeID', value: 'E9' })).toBe('protected');
			expect(await located(run, { attribute: 'employeeID', value: 'E10' })).toBe('p10');
		});
	});
});

describe('more accounts than are looked for one key at a time', () => {
	const count = 620;
	const lookup = (number: number): Lookup => ({ attribute: 'employeeNumber', value: `I${number}` });

	test('are found by one pass over the domain, twins and missing ones too, and what is written is not believed', async () => {
		await asAdministrator(domain, async (client) => {
			await client.add(`OU=Many,${domain.baseDn}`, { objectClass: 'organizationalUnit' });
			for (let number = 1; number <= count; number += 1)
				await client.add(`CN=I${number},OU=Many,${domain.baseDn}`, {
					objectClass: 'user',
					sAMAccountName: `i${number}`,
					employeeNumber: `I${number === 5 ? 4 : number}`,
				});
		});
		const lookups = Array.from({ length: count + 1 }, (_, index) => lookup(index + 1));
		await withDirectory(domain, async (opened) => {
			const { directory, asked } = counting(opened);
			const run = openAccounts(directory, MARKING, SIGNING_KEY);
			await run.finder.expect(lookups);
			const before = asked();
			await run.finder.prefetch(lookups.slice(0, 100));
			await run.guard.prefetch([]);
			// Where the controller stands, whether the one who is missing has come since, and the accounts themselves.
			expect(asked() - before).toBe(3);
			expect(await run.finder.find(lookup(4))).toHaveLength(2);
			expect(await run.finder.find(lookup(5))).toEqual([]);
			expect(textOf((await run.finder.find(lookup(77)))[0] ?? { dn: '', attributes: {} }, 'sAMAccountName')).toBe(
				'i77',
			);
			expect(asked() - before).toBe(3);
			const [gone] = await run.finder.find(lookup(600));
			await run.directory.modify(guidDn(await guid('i600')), [
				{ type: 'delete', attribute: 'employeeNumber', values: ['I600'] },
				{ type: 'add', attribute: 'employeeNumber', values: ['I5'] },
			]);
			await run.finder.prefetch([lookup(600), lookup(5), lookup(601)]);
			expect(await run.finder.find(lookup(600))).toEqual([]);
			expect((await run.finder.find(lookup(5)))[0]?.dn).toBe(gone?.dn);
			expect(await run.finder.find(lookup(601))).toHaveLength(1);
		});
	}, 60_000);
});

describe('an account that another hand makes after everybody was read', () => {
	const make = (key: string) =>
		asAdministrator(domain, (client) =>
			client.add(`CN=other ${key},${ou}`, { objectClass: 'user', sAMAccountName: `other${key}`, employeeID: key }),
		);
	const many = (key: string) => [byKey(key), ...keys.slice(0, 30)];
	const byKey = (value: string): Lookup => ({ attribute: 'employeeID', value });
	const keys = Array.from({ length: 150 }, (_, index) => byKey(`E${index + 1}`));

	test('is found by looking at what was changed since, and by that alone', async () => {
		await withDirectory(domain, async (opened) => {
			const filters: string[] = [];
			const spied: Directory = {
				...opened,
				search: (base, request) => (filters.push(String(request.filter)), opened.search(base, request)),
			};
			const run = openAccounts(spied, MARKING, SIGNING_KEY);
			await run.finder.prefetch(many('LATE1'));
			expect(await run.finder.findAgain(byKey('LATE1'))).toEqual([]);
			await make('LATE1');
			expect(await run.finder.find(byKey('LATE1'))).toEqual([]);
			expect(await run.finder.findAgain(byKey('LATE1'))).toHaveLength(1);
			expect(filters.at(-1)).toMatch(/^\(&\(uSNChanged>=\d+\)\(employeeID=LATE1\)\)$/);
		});
	});

	test('is found when somebody who is there is given the value', async () => {
		await withAccounts(domain, async (run) => {
			await run.finder.prefetch(many('LATE2'));
			await asAdministrator(domain, (client) =>
				client.modify(
					`CN=P40,${ou}`,
					new Change({ operation: 'replace', modification: new Attribute({ type: 'employeeID', values: ['LATE2'] }) }),
				),
			);
			expect(await run.finder.findAgain(byKey('LATE2'))).toHaveLength(1);
		});
	});

	test('is found over another connection too, which may lead to another controller: there everything is looked at', async () => {
		const wire = await startWire(domain);
		await withDirectory(
			domain,
			async (opened) => {
				const filters: string[] = [];
				const spied: Directory = {
					...opened,
					search: (base, request) => (filters.push(String(request.filter)), opened.search(base, request)),
				};
				const run = openAccounts(spied, MARKING, SIGNING_KEY);
				await run.finder.prefetch(many('LATE3'));
				await make('LATE3');
				wire.cutAll();
				await wire.quiet();
				expect(await run.finder.findAgain(byKey('LATE3'))).toHaveLength(1);
				expect(filters.at(-1)).toBe('(employeeID=LATE3)');
			},
			{ fields: { port: wire.port } },
		);
		await wire.close();
	});

	test('keeps a second one from being made', async () => {
		await withAccounts(domain, async (run) => {
			const desired = desiredAccount(ou, 'LATE4');
			await run.finder.prefetch(many('LATE4'), attributesToRead(desired));
			await make('LATE4');
			await expect(createOrUpdate(run, desired)).rejects.toMatchObject({ kind: 'conflict' });
		});
		expect(await domain.ldbsearch('(employeeID=LATE4)')).toHaveLength(1);
	});
});

describe('what was read before', () => {
	const byKey = (value: string): Lookup => ({ attribute: 'employeeID', value });
	const title = async (run: AccountRun, lookup: Lookup) => {
		const [entry] = await run.finder.find(lookup, ['title', 'memberOf']);
		return entry && textOf(entry, 'title');
	};
	const change = (value: string) => ({
		attributes: { title: value },
		createOnly: [],
		fillOnly: [],
		groups: [],
		names: {},
	});

	test('is forgotten when this run writes to the object, under whatever it was found by', async () => {
		await withAccounts(domain, async (run) => {
			const byMail = { attribute: 'mail', value: 'p20@mail.example.com' };
			await run.finder.prefetch([byKey('E20'), byMail], ['title']);
			expect(await title(run, byMail)).toBeUndefined();
			await updateAccount(run, byKey('E20'), change('Lead'), { updateNames: false });
			expect(await title(run, byMail)).toBe('Lead');
			expect(await title(run, byKey('E20'))).toBe('Lead');
		});
	});

	test('is forgotten when this run makes what was not there, or gives its value to another', async () => {
		await withAccounts(domain, async (run) => {
			await run.finder.prefetch([byKey('NEW1'), byKey('NEW2')]);
			expect(await createOrUpdate(run, desiredAccount(ou, 'NEW1'))).toMatchObject({ outcome: 'created' });
			expect(await createOrUpdate(run, desiredAccount(ou, 'NEW1'))).toMatchObject({ outcome: 'unchanged' });
			await run.finder.prefetch([byKey('E21'), { attribute: 'title', value: 'Only One' }]);
			await updateAccount(run, byKey('E21'), change('Only One'), { updateNames: false });
			expect(await located(run, { attribute: 'title', value: 'Only One' })).toBe('p21');
		});
	});

	test('is forgotten when this run moves or deletes the object', async () => {
		await asAdministrator(domain, (client) => client.add(`OU=Elsewhere,${ou}`, { objectClass: 'organizationalUnit' }));
		await withAccounts(domain, async (run) => {
			const byDn = (dn: string): Lookup => ({ attribute: 'distinguishedName', value: dn });
			const moved = `CN=P22,OU=Elsewhere,${ou}`;
			await run.finder.prefetch([byKey('E22'), byDn(`CN=P22,${ou}`), byDn(moved), byKey('E23')]);
			await run.directory.rename(`CN=P22,${ou}`, 'CN=P22', `OU=Elsewhere,${ou}`);
			expect(await located(run, byDn(`CN=P22,${ou}`))).toBe('not found');
			expect(await located(run, byDn(moved))).toBe('p22');
			expect((await run.finder.find(byKey('E22')))[0]?.dn.toLowerCase()).toBe(moved.toLowerCase());
			await run.directory.remove(guidDn(await guid('p23')));
			expect(await located(run, byKey('E23'))).toBe('not found');
		});
	});

	test('is forgotten where it names an object that this run renames', async () => {
		await asAdministrator(domain, async (client) => {
			await client.add(`CN=Boss,${ou}`, { objectClass: 'user', sAMAccountName: 'boss', employeeID: 'BOSS' });
			await client.add(`CN=Report,${ou}`, {
				...{ objectClass: 'user', sAMAccountName: 'report', employeeID: 'REPORT', manager: `CN=Boss,${ou}` },
			});
		});
		await withAccounts(domain, async (run) => {
			const managerOf = async () => {
				const [entry] = await run.finder.find(byKey('REPORT'), ['manager']);
				return entry && textOf(entry, 'manager');
			};
			await run.finder.prefetch([byKey('REPORT'), byKey('BOSS'), { attribute: 'cn', value: 'Chief' }], ['manager']);
			expect(await managerOf()).toBe(`CN=Boss,${ou}`);
			await run.directory.rename(`CN=Boss,${ou}`, 'CN=Chief');
			expect(await managerOf()).toBe(`CN=Chief,${ou}`);
			expect(await located(run, { attribute: 'cn', value: 'Chief' })).toBe('boss');
		});
	});

	test('of memberships is forgotten when this run writes the group', async () => {
		await asAdministrator(domain, (client) =>
			client.add(`CN=team,${ou}`, { objectClass: 'group', sAMAccountName: 'team' }),
		);
		await withAccounts(domain, async (run) => {
			const memberOf = async () => {
				const [entry] = await run.finder.find(byKey('E24'), ['memberOf']);
				return entry && textOf(entry, 'memberOf');
			};
			await run.finder.prefetch([byKey('E24')], ['memberOf']);
			expect(await memberOf()).toBeUndefined();
			await run.directory.modify(`CN=team,${ou}`, [
				{ type: 'add', attribute: 'member', values: [guidDn(await guid('p24'))] },
			]);
			expect((await memberOf())?.toLowerCase()).toBe(`cn=team,${ou}`.toLowerCase());
		});
	});
});
