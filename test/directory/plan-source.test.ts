/** A live directory as the planner reads it: in bulk, and with the answers that single look-ups give. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Attribute, Change } from 'ldapts';
import { ldbEnvironment } from '../../demo/samba/ldbsearch.ts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { locate } from '../../lib/directory/accounts/locate';
import { changesOf, USER_ACCOUNT_CONTROL, writtenSince } from '../../lib/directory/attributeChanges';
import { attributeType } from '../../lib/directory/attributeIds';
import { attributeTypes } from '../../lib/directory/attributeTypes';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { bytesOf, textOf, type Entry } from '../../lib/directory/entry';
import { parseFilterText } from '../../lib/directory/filterText';
import { findMark, makeMark } from '../../lib/directory/mark';
import { PROTECTION_ATTRIBUTES, protection } from '../../lib/directory/protect';
import { toRecord } from '../../lib/directory/records';
import { parseSettings } from '../../lib/directory/settings';
import type { AccountsRequest, PlanSource } from '../../lib/provisioning/plan/types';
import { catalogueSettings } from '../../lib/provisioning/source/catalogue';
import { parseLdif } from '../../lib/provisioning/source/ldif';
import { liveSource } from '../../lib/provisioning/source/live';
import { entriesOfItems, snapshotSource } from '../../lib/provisioning/source/snapshot';
import { credentialFields, desiredAccount, SIGNING_KEY, withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

const run = promisify(execFile);

let domain: Domain;
let people: string;
let staff: string;
let leavers: string;

beforeAll(async () => {
	domain = await startSamba();
	people = `OU=People,${domain.baseDn}`;
	staff = `OU=Staff\\, all,${people}`;
	leavers = `OU=Leavers,${domain.baseDn}`;
	const users = `CN=Users,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [people, staff, leavers, `OU=Guests,${people}`, `OU=Twin,${people}`, `OU=Twin,${leavers}`])
			await client.add(dn, { objectClass: 'organizationalUnit' });
		const add = (dn: string, name: string, more: Record<string, string | string[]> = {}) =>
			client.add(dn, { objectClass: 'user', sAMAccountName: name, employeeID: name, ...more });
		await add(`CN=Ada,${staff}`, 'ada', {
			...{ mail: 'ada@corp.example.com', userPrincipalName: 'ada@corp.example.com', department: 'Sales' },
		});
		await add(`CN=Bob,${people}`, 'bob', {
			proxyAddresses: ['SMTP:bob@corp.example.com', 'smtp:robert@corp.example.com'],
		});
		await add(`CN=Guest One,OU=Guests,${people}`, 'guest1');
		await add(`CN=Gone,${leavers}`, 'gone');
		await add(`CN=Out,${users}`, 'out');
		for (const name of ['direct', 'nested', 'primary', 'service', 'plain']) await add(`CN=${name},${people}`, name);
		await client.add(`CN=PC,${people}`, { objectClass: 'computer', sAMAccountName: 'PC$' });
		await client.add(`CN=Contact,${people}`, { objectClass: 'contact', mail: 'contact@corp.example.com' });
		for (const name of ['outer', 'inner', 'plainGroup', 'nearBuiltin', 'deeper', 'withAdmin'])
			await client.add(`CN=${name},${users}`, { objectClass: 'group', sAMAccountName: name });
		await client.add(`CN=twin,${people}`, { objectClass: 'group', sAMAccountName: 'twin1' });
		await client.add(`CN=twin,${leavers}`, { objectClass: 'group', sAMAccountName: 'twin2' });
		const join = async (group: string, member: string) => {
			const modification = new Attribute({ type: 'member', values: [member] });
			await client.modify(group, new Change({ operation: 'add', modification }));
		};
		await join(`CN=Domain Admins,${users}`, `CN=direct,${people}`);
		await join(`CN=Backup Operators,CN=Builtin,${domain.baseDn}`, `CN=outer,${users}`);
		await join(`CN=outer,${users}`, `CN=inner,${users}`);
		await join(`CN=inner,${users}`, `CN=nested,${people}`);
		await join(`CN=inner,${users}`, `CN=primary,${people}`);
		// A ring: it must end.
		await join(`CN=inner,${users}`, `CN=outer,${users}`);
		await join(`CN=Remote Desktop Users,CN=Builtin,${domain.baseDn}`, `CN=nearBuiltin,${users}`);
		await join(`CN=nearBuiltin,${users}`, `CN=deeper,${users}`);
		await join(`CN=withAdmin,${users}`, `CN=direct,${people}`);
		const replace = async (dn: string, type: string, value: string) => {
			const modification = new Attribute({ type, values: [value] });
			await client.modify(dn, new Change({ operation: 'replace', modification }));
		};
		const [inner] = await domain.ldbsearch('(sAMAccountName=inner)', ['objectSid']);
		await replace(
			`CN=primary,${people}`,
			'primaryGroupID',
			inner?.attributes['objectSid']?.[0]?.split('-').at(-1) ?? '',
		);
		await replace(`CN=service,${people}`, 'servicePrincipalName', 'HTTP/service.corp.example.com');
	});
}, 120_000);
afterAll(() => domain.stop());

const REQUEST: AccountsRequest = {
	...{ bases: [], filterText: '', filter: undefined, excludedOus: [], leaverOu: '' },
	attributes: ['sAMAccountName', ...PROTECTION_ATTRIBUTES],
};
const live = <T>(
	work: (source: PlanSource, directory: Directory) => Promise<T>,
	fields: Record<string, unknown> = {},
) => withDirectory(domain, (directory) => work(liveSource(directory), directory), { fields });
const names = (entries: readonly Entry[]) => entries.map((entry) => textOf(entry, 'sAMAccountName') ?? entry.dn).sort();

describe('the facts of a plan', () => {
	test('are the state of the controller before anything was read', async () => {
		const { facts, usn } = await live(async (source, directory) => {
			const read = await source.facts();
			const root = await directory.read('', ['highestCommittedUSN']);
			expect(await source.facts()).toBe(read);
			return { facts: read, usn: root && textOf(root, 'highestCommittedUSN') };
		});
		expect(facts).toMatchObject({ source: 'live', dn: domain.baseDn, domain: 'corp.example.com', usn });
		expect(facts.invocationId).toMatch(/^[0-9a-f-]{36}$/);
		expect(facts.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		expect(facts.dc.toLowerCase()).toContain('dc1');
	});
});

describe('the accounts of a scope', () => {
	test('are people below the bases only, each once, in bases that overlap', async () => {
		const read = await live((source) => source.accounts({ ...REQUEST, bases: [people, staff, people.toLowerCase()] }));
		expect(read.bases).toEqual([people]);
		expect(names(read.inScope)).toEqual(
			['ada', 'bob', 'direct', 'guest1', 'nested', 'plain', 'primary', 'service'].sort(),
		);
		expect(read.inLeaverOu).toEqual([]);
	});

	test('are those of the search base of the credential when none is given', async () => {
		const read = await live((source) => source.accounts(REQUEST), { baseDn: staff });
		expect(names(read.inScope)).toEqual(['ada']);
	});

	test('are what the filter takes and no unit excludes, and the leaver OU besides', async () => {
		const read = await live((source) =>
			source.accounts({
				...REQUEST,
				...{ bases: [domain.baseDn], excludedOus: [`ou=guests, ${people.toLowerCase()}`, `CN=Users,${domain.baseDn}`] },
				...{ filterText: 'x', filter: parseFilterText('(!(department=Sales))'), leaverOu: leavers },
			}),
		);
		expect(names(read.inScope)).toEqual(['bob', 'direct', 'gone', 'nested', 'plain', 'primary', 'service'].sort());
		expect(read.inLeaverOu).toEqual([]);
	});

	test.each<[how: string, changes: Partial<AccountsRequest>]>([
		['it stands outside the bases', {}],
		['it is excluded', { bases: [], excludedOus: [''] }],
		['the filter takes nobody', { bases: [], filter: parseFilterText('(sn=nobody)') }],
	])('have the leaver OU read though %s', async (_how, changes) => {
		const request = { ...REQUEST, bases: [people], leaverOu: leavers, ...changes };
		const excludedOus = request.excludedOus.map(() => leavers);
		const read = await live((source) => source.accounts({ ...request, excludedOus }));
		expect(names(read.inLeaverOu)).toEqual(['gone']);
		expect(names(read.inScope)).not.toContain('gone');
	});

	test.each<[what: string, changes: Partial<AccountsRequest>]>([
		['search base', { bases: [`OU=Nowhere,DC=x`] }],
		['search base', { bases: ['People'] }],
		['excluded unit', { excludedOus: [`OU=Nowhere,${people}`] }],
		['unit for leavers', { leaverOu: `OU=Nowhere,${people}` }],
	])('are not read when a %s does not exist', async (what, changes) => {
		await expect(live((source) => source.accounts({ ...REQUEST, ...changes }))).rejects.toMatchObject({
			kind: 'configuration',
			message: expect.stringContaining(what) as string,
		});
	});
});

describe('people looked for in the whole domain', () => {
	test.each<[how: string, count: number]>([
		['a few', 3],
		['more than are worth a pass', 600],
	])('are found by their values: %s', async (_how, count) => {
		const others = Array.from({ length: count }, (_, index) => `nobody${index}`);
		const found = await live((source) =>
			source.find('employeeID', [...others, ' ADA ', 'ada', 'out', '', 'a\u0000da'], ['sAMAccountName']),
		);
		expect(names(found)).toEqual(['ada', 'out']);
	});

	test('are found by GUID and by distinguished name', async () => {
		await live(async (source) => {
			const [ada] = await source.find('sAMAccountName', ['ada'], ['objectGUID']);
			const [byDn] = await source.find('distinguishedName', [ada?.dn ?? '', 'nonsense', `CN=No,${people}`], []);
			expect(byDn?.dn).toBe(ada?.dn);
			expect(await source.find('employeeID', [], [])).toEqual([]);
			expect(await source.find('employeeID', [''], [])).toEqual([]);
		});
	});
});

describe('names that are held', () => {
	test('are found with what they imply, whatever holds them', async () => {
		const found = await live((source) =>
			source.named([
				{ attribute: 'sAMAccountName', value: 'PC$' },
				{ attribute: 'userPrincipalName', value: 'bob@corp.example.com' },
				{ attribute: 'mail', value: 'robert@corp.example.com' },
				{ attribute: 'mail', value: 'contact@corp.example.com' },
				{ attribute: 'cn', value: 'Ada', parent: staff },
				{ attribute: 'cn', value: 'Ada', parent: people },
				{ attribute: 'cn', value: 'Ada', parent: `OU=Nowhere,${people}` },
				{ attribute: 'mail', value: '' },
				...Array.from({ length: 400 }, (_, index) => ({ attribute: 'mail' as const, value: `free${index}@x` })),
			]),
		);
		expect(found.map(({ dn }) => dn).sort()).toEqual(
			[`CN=Ada,${staff}`, `CN=Bob,${people}`, `CN=Contact,${people}`, `CN=PC,${people}`].sort(),
		);
	});

	test('are those of the whole forest where the domain is all of it', async () => {
		expect(await live((source) => source.forest())).toEqual({ searched: true, why: '' });
	});

	describe('in a forest with more domains', () => {
		/** Samba holds one domain: what it says of the forest is changed, the catalogue that is asked is its own. */
		const withForest = async <T>(port: number | undefined, work: (source: PlanSource) => Promise<T>): Promise<T> =>
			await withDirectory(domain, async (directory) => {
				const search: Directory['search'] = async (base, request) =>
					base.startsWith('CN=Partitions,')
						? [
								{ dn: 'CN=A', attributes: {} },
								{ dn: 'CN=B', attributes: {} },
							]
						: /^OU=|^DC=/.test(base) && request.attributes.includes('proxyAddresses')
							? []
							: await directory.search(base, request);
				const settings = catalogueSettings(parseSettings(credentialFields(domain)));
				const catalogue = openDirectory(
					{ ...settings, port: port ?? settings.port },
					{ randomInt: () => 0, clock: () => Date.now() },
				);
				try {
					return await work(liveSource({ ...directory, search }, { catalogue }));
				} finally {
					await catalogue.close();
				}
			});
		const lookups = [{ attribute: 'mail' as const, value: 'robert@corp.example.com' }];

		test('are asked of the global catalogue', async () => {
			await withForest(undefined, async (source) => {
				expect(await source.forest()).toEqual({ searched: true, why: '' });
				expect((await source.named(lookups)).map(({ dn }) => dn)).toEqual([`CN=Bob,${people}`]);
			});
		});

		test('are asked of the domain alone when there is no catalogue, and that is said', async () => {
			await withForest(1, async (source) => {
				expect(await source.named(lookups)).toEqual([]);
				const { searched, why } = await source.forest();
				expect(searched).toBe(false);
				expect(why).toContain('the global catalogue does not answer');
			});
		});
	});
});

describe('protected accounts', () => {
	test('are the same as those that are asked for one by one', async () => {
		const reasons = await live(async (source, directory) => {
			const { inScope } = await source.accounts({ ...REQUEST, bases: [domain.baseDn] });
			const reasonOf = await source.protection();
			const guard = protection(directory);
			const all = new Map<string, string | undefined>();
			for (const entry of inScope) {
				expect([entry.dn, reasonOf(entry)]).toEqual([entry.dn, await guard.of(entry)]);
				all.set(textOf(entry, 'sAMAccountName') ?? '', reasonOf(entry));
			}
			return all;
		});
		expect(reasons.get('ada')).toBeUndefined();
		expect(reasons.get('plain')).toBeUndefined();
		expect(reasons.get('direct')).toContain('Domain Admins');
		expect(reasons.get('nested')).toContain('Backup Operators');
		expect(reasons.get('primary')).toContain('primary group');
		expect(reasons.get('service')).toContain('service principal name');
		expect(reasons.get('Administrator')).toContain('came with the domain');
	});
});

describe('groups', () => {
	test('are found by name, distinguished name and GUID, and others are said to be unfit', async () => {
		const found = await live(async (source) => {
			const [known] = [...(await source.groups(['plainGroup'])).values()];
			const guid = known && 'guid' in known ? known.guid : '';
			return await source.groups([
				...['PLAINGROUP', ` CN=plainGroup,CN=Users,${domain.baseDn}`, guid, `<GUID=${guid.toUpperCase()}>`],
				...['twin', 'twin1', 'nobody', '', `CN=Ada,${staff}`, 'a\u0000b', `CN=No,${people}`],
			]);
		});
		const all = [...found.values()];
		for (const known of all.slice(0, 4))
			expect(known).toMatchObject({ name: 'plainGroup', dn: `CN=plainGroup,CN=Users,${domain.baseDn}` });
		expect(all[0]).not.toHaveProperty('protection');
		expect(all[0]).not.toHaveProperty('near');
		expect(all[4]).toMatchObject({ reason: expect.stringContaining('2 groups') as string });
		expect(all[5]).toMatchObject({ dn: `CN=twin,${people}` });
		for (const unfit of all.slice(6)) expect(unfit).toHaveProperty('reason');
	});

	test.each<[name: string, field: 'protection' | 'near', says: string]>([
		['Domain Users', 'protection', 'came with the domain'],
		['outer', 'protection', 'Backup Operators'],
		['inner', 'protection', 'Backup Operators'],
		['nearBuiltin', 'near', 'Remote Desktop Users'],
		['deeper', 'near', 'Remote Desktop Users'],
		['withAdmin', 'near', 'somebody privileged'],
	])('say how they stand to the privileged ones: %s', async (name, field, says) => {
		const known = await live(async (source) => (await source.groups([name])).get(name));
		expect(known).toMatchObject({ [field]: expect.stringContaining(says) as string });
	});

	test('that are many cost few searches', async () => {
		await withDirectory(domain, async (directory) => {
			let searches = 0;
			const search: Directory['search'] = (base, request) => {
				searches += 1;
				return directory.search(base, request);
			};
			const source = liveSource({ ...directory, search });
			await source.groups(['plainGroup']);
			const first = searches;
			await source.groups(Array.from({ length: 200 }, (_, index) => `CN=Group ${index},${people}`));
			// Two portions by name, four by account name or common name.
			expect(searches - first).toBeLessThanOrEqual(6);
			await source.groups(['plainGroup', `CN=Group 7,${people}`]);
			expect(searches - first).toBeLessThanOrEqual(6);
		});
	});
});

describe('places', () => {
	test('are found by distinguished name, GUID and name; what is none is said', async () => {
		const found = await live(async (source) => {
			const [known] = [...(await source.places(['Leavers'])).values()];
			const guid = known && 'guid' in known ? known.guid : '';
			return await source.places([
				...['Leavers', leavers.toLowerCase(), guid, staff, `CN=Users,${domain.baseDn}`],
				...['Twin', 'Nowhere', `OU=Nowhere,${people}`, `CN=Ada,${staff}`, ''],
			]);
		});
		const all = [...found.values()].map((place) => ('dn' in place ? place.dn : place.reason));
		expect(all.slice(0, 3)).toEqual([leavers, leavers, leavers]);
		expect(all.slice(4, 5)).toEqual([`CN=Users,${domain.baseDn}`]);
		expect(all[3]).toMatch(/^OU=Staff/);
		for (const [index, says] of ['2 organisational units', 'no organisational unit', 'does not exist'].entries())
			expect(all[5 + index]).toContain(says);
		expect(all[8]).toContain('is no organisational unit');
		expect(all[9]).toContain('No organisational unit');
	});
});

describe('a snapshot of the same domain', () => {
	const GROUPS = [
		'outer',
		'inner',
		'plainGroup',
		'nearBuiltin',
		'deeper',
		'withAdmin',
		'twin',
		'twin1',
		'Domain Users',
	];
	const answers = async (source: PlanSource) => {
		const request = { ...REQUEST, bases: [people], excludedOus: [`OU=Guests,${people}`], leaverOu: leavers };
		const { inScope, inLeaverOu } = await source.accounts({ ...request, filter: parseFilterText('(!(sn=x))') });
		const reasonOf = await source.protection();
		const named = await source.named([
			{ attribute: 'userPrincipalName', value: 'bob@corp.example.com' },
			{ attribute: 'mail', value: 'ROBERT@corp.example.com' },
			{ attribute: 'cn', value: 'ada', parent: staff },
		]);
		return {
			accounts: inScope.map((entry) => [entry.dn, reasonOf(entry)]).sort(),
			leavers: names(inLeaverOu),
			groups: [...(await source.groups(GROUPS))],
			places: [...(await source.places([people, 'Leavers', 'Twin', `CN=Users,${domain.baseDn}`]))],
			names: named.map(({ dn }) => dn).sort(),
			found: names(await source.find('employeeID', ['ADA', 'out', 'nobody'], ['sAMAccountName'])),
			domain: (await source.facts()).domainGuid,
		};
	};
	/** Words differ where a snapshot is spoken of; who is unfit does not. */
	const told = (all: Awaited<ReturnType<typeof answers>>) =>
		JSON.parse(JSON.stringify(all, (key, value: unknown) => (key === 'reason' ? 'unfit' : value))) as unknown;
	const everything = (directory: Directory) => directory.search(domain.baseDn, { scope: 'sub', attributes: ['*'] });

	test('gives the same answers: as entries and as items', async () => {
		await live(async (source, directory) => {
			const entries = await everything(directory);
			const expected = told(await answers(source));
			const items = JSON.parse(
				JSON.stringify(entries.map((entry) => ({ dn: entry.dn, ...toRecord(entry) }))),
			) as unknown[];
			const now = '2026-01-01T00:00:00Z';
			expect(told(await answers(snapshotSource(entries, { now })))).toEqual(expected);
			expect(told(await answers(snapshotSource(entriesOfItems(items), { now })))).toEqual(expected);
		});
	});

	test('gives the same answers as LDIF that Samba itself writes', async () => {
		let ldif = '';
		await domain.whileStopped(async ({ database }) => {
			const found = await run('ldbsearch', ['-H', database, '-b', domain.baseDn, '(objectClass=*)'], {
				env: ldbEnvironment(),
				maxBuffer: 2 ** 28,
			});
			ldif = found.stdout;
		});
		expect(ldif).toContain('# record 1');
		await live(async (source) => {
			const snapshot = snapshotSource(parseLdif(ldif), { now: '2026-01-01T00:00:00Z' });
			expect(told(await answers(snapshot))).toEqual(told(await answers(source)));
		});
	});
});

describe('the schema', () => {
	test('has what users can have, and not what they cannot', async () => {
		const { facts, room } = await live(async (source) => ({
			facts: await source.schema(['title', 'employeeID', 'extensionAttribute1', 'groupType', 'uidNumber', 'no such']),
			room: await source.markRoom('carLicense'),
		}));
		expect([...facts.keys()].sort()).toEqual(['employeeid', 'title', 'uidnumber']);
		expect(facts.get('employeeid')).toMatchObject({ maxLength: 16, single: true });
		expect(room).toBe(Infinity);
	});

	test.each(['title', 'noSuchAttribute', 'member', 'not a name'])('lets no mark stand in %s', async (attribute) => {
		await expect(live((source) => source.markRoom(attribute))).rejects.toMatchObject({ kind: 'configuration' });
	});
});

describe('marks', () => {
	const subjects = (guid: string) => [{ state: 'left' as const, objectGuid: guid }];
	const makeLeaver = async (key: string) => {
		const { account } = await withAccounts(domain, (run) => createOrUpdate(run, desiredAccount(people, key)));
		await withAccounts(domain, (run) => disableAccount(run, { attribute: 'employeeID', value: key }, NO_LEAVE_OPTIONS));
		return { dn: account?.dn ?? '', guid: account?.guid ?? '' };
	};
	/** As an undo puts it back, or as somebody does who has only the old value. */
	const putBack = async (dn: string, mark: string, together: boolean) => {
		const change = (type: string, value: string) =>
			new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });
		await asAdministrator(domain, async (client) => {
			await client.modify(dn, [change('userAccountControl', '512'), change('carLicense', 'mine')]);
			const disable = [change('carLicense', mark), change('userAccountControl', '514')];
			if (together) await client.modify(dn, disable);
			else for (const one of disable) await client.modify(dn, one);
		});
	};
	const counted = async (dn: string, guid: string) =>
		await live(async (source, directory) => {
			const entry = (await directory.read(dn, ['objectGUID', 'carLicense'])) ?? { dn, attributes: {} };
			const mark = findMark(SIGNING_KEY, [textOf(entry, 'carLicense') ?? ''], subjects(guid));
			return (await source.overtaken(mark ? [{ entry, mark }] : [])).has(guid);
		});
	const stateOf = (key: string) =>
		withAccounts(domain, async (run) => {
			const located = await locate(run, { attribute: 'employeeID', value: key });
			return 'outcome' in located ? located.outcome : located.account.state;
		});

	test.each<[together: boolean, counts: boolean]>([
		[true, true],
		[false, false],
	])('that an undo puts back in one transaction (%s) count again: %s', async (together, counts) => {
		const key = `U${String(together)}`;
		const { dn, guid } = await makeLeaver(key);
		expect(await counted(dn, guid)).toBe(false);
		const old = makeMark(SIGNING_KEY, { state: 'left', objectGuid: guid }, '2026-01-01T00:00:00Z');
		await putBack(dn, old, together);
		expect(await counted(dn, guid)).toBe(!counts);
		expect(await stateOf(key)).toBe(counts ? 'left' : null);
	});
});

describe('what was written after a plan', () => {
	test('is told by attribute', async () => {
		await live(async (source, directory) => {
			const dn = `CN=plain,${people}`;
			const { usn, invocationId, now } = await source.facts();
			await directory.modify(dn, [{ type: 'replace', attribute: 'title', values: ['Lead'] }]);
			const entry = await directory.read(dn, ['replPropertyMetaData']);
			const bytes = (entry && bytesOf(entry, 'replPropertyMetaData')) ?? Buffer.alloc(0);
			const attributes = ['title', 'sAMAccountName', 'userAccountControl', 'uidNumber'];
			expect(writtenSince(bytes, attributes, { usn, invocationId, at: now }, invocationId)).toEqual(['title']);
			expect(changesOf(bytes).get(USER_ACCOUNT_CONTROL)?.invocationId).toBe(invocationId);
		});
	});

	test('is told for attributes that only the schema knows the number of', async () => {
		await live(async (_source, directory) => {
			const types = await attributeTypes(directory, [
				'title',
				'uidNumber',
				'labeledURI',
				'msDS-cloudExtensionAttribute1',
				'noSuch',
			]);
			expect(types.get('title')).toBe(attributeType('title'));
			expect(types.has('nosuch')).toBe(false);
			const dn = `CN=plain,${people}`;
			for (const [name, value] of [
				['uidNumber', '7'],
				['labeledURI', 'https://example.com'],
				['msDS-cloudExtensionAttribute1', 'x'],
			] as const) {
				await directory.modify(dn, [{ type: 'replace', attribute: name, values: [value] }]);
				const entry = await directory.read(dn, ['replPropertyMetaData']);
				const bytes = (entry && bytesOf(entry, 'replPropertyMetaData')) ?? Buffer.alloc(0);
				const since = { usn: '0', invocationId: '', at: '2000-01-01T00:00:00Z' };
				expect([name, writtenSince(bytes, [name], since, '', types)]).toEqual([name, [name]]);
			}
		});
	});
});
