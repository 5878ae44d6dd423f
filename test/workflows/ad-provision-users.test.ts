/** Every operation on users, through the node. */
import { Attribute, Change } from 'ldapts';
import type { IDataObject } from 'n8n-workflow';
import { asAdministrator, canBind } from '../directory/administrator';
import { startWire } from '../directory/wire';
import {
	attributeRows,
	locator,
	outcomes,
	textIn,
	rows,
	runAdProvision,
	type NodeRunOptions,
	type Parameters,
} from '../support/ad-provision';
import { desiredAccount } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let ou: string;
let leavers: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	leavers = `OU=Leavers,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, leavers]) await client.add(dn, { objectClass: 'organizationalUnit' });
		for (const name of ['Staff', 'Sales'])
			await client.add(`CN=${name},${ou}`, { objectClass: 'group', sAMAccountName: name });
	});
}, 120_000);
afterAll(() => domain.stop());

const run = (operation: string, parameters: Parameters, input: readonly object[], options?: NodeRunOptions) =>
	runAdProvision(domain, { resource: 'user', operation, ...parameters }, input, options);
const entry = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0];
const attribute = async (key: string, name: string) => (await entry(key))?.attributes[name];
/** An account with this key, made by the node. */
const made = async (key: string) => {
	const ran = await run('createOrUpdate', {}, [desiredAccount(ou, key)]);
	return ran.out('AD')[0]?.[0] ?? {};
};
const byKey = (key: string) => ({ findBy: 'employeeID', matchValue: key });

describe('Create with Define Below', () => {
	const parameters = {
		input: 'define',
		ou: locator('name', 'People'),
		names: { sAMAccountName: '={{ $json.login }}', userPrincipalName: '={{ $json.login }}@corp.example.com' },
		attributes: attributeRows({
			displayName: '={{ $json.first }} {{ $json.last }}',
			givenName: '={{ $json.first }}',
			sn: '={{ $json.last }}',
			department: '',
			otherTelephone: '+49 30 1\n+49 30 2',
			otherMobile: '={{ ["+49 170 1", "+49 170 2"] }}',
			accountExpires: '2030-01-02T00:00:00Z',
		}),
		groups: rows({ group: locator('name', 'Staff') }, { group: locator('dn', '={{ $json.group }}') }),
	};
	const ada = (key: string) => ({ key, login: `ada.${key}`, first: 'Ada', last: `O'Brien, ${key}`, group: '' });

	test('makes the account from rows, with values as the schema wants them, and its groups', async () => {
		const ran = await run('create', parameters, [{ ...ada('N1'), group: `CN=Sales,${ou}` }]);
		expect(ran.error).toBeUndefined();
		expect(ran.out('AD')[0]).toMatchObject([{ outcome: 'created', key: 'N1', enabled: true, state: null }]);
		const found = await entry('N1');
		expect(found?.attributes).toMatchObject({
			cn: ["Ada O'Brien, N1"],
			sAMAccountName: ['ada.N1'],
			otherTelephone: expect.arrayContaining(['+49 30 1', '+49 30 2']) as unknown,
			otherMobile: expect.arrayContaining(['+49 170 1', '+49 170 2']) as unknown,
			accountExpires: ['135380160000000000'],
			memberOf: expect.arrayContaining([`CN=Staff,${ou}`, `CN=Sales,${ou}`]) as unknown,
		});
		expect(found?.attributes).not.toHaveProperty('department');
	});

	test('sends somebody who has an account to Exists, and changes nothing', async () => {
		await made('N2');
		const before = await entry('N2');
		const ran = await run('create', parameters, [{ ...ada('N2'), group: `CN=Sales,${ou}` }]);
		expect(ran.out('AD').map((output) => outcomes(output))).toEqual([[], ['exists'], []]);
		expect(await entry('N2')).toEqual(before);
	});

	test('leaves it disabled when asked to, and Enable finishes it', async () => {
		const person = { ...ada('N3'), group: `CN=Sales,${ou}` };
		await run('create', { ...parameters, enable: false }, [person]);
		expect(await attribute('N3', 'userAccountControl')).toEqual(['514']);
		const ran = await run('enable', {}, [{ key: 'N3' }]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['enabled']);
		expect(await attribute('N3', 'userAccountControl')).toEqual(['512']);
	});

	test.each<[what: string, change: Parameters, words: string]>([
		[
			'an attribute that is never written',
			{ attributes: attributeRows({ userAccountControl: '512' }) },
			'cannot be written',
		],
		[
			'one that stands twice',
			{ attributes: rows(...[1, 2].map(() => ({ attribute: locator('name', 'title'), value: 'x' }))) },
			'stands in two rows',
		],
		['a name as an attribute', { attributes: attributeRows({ cn: 'x' }) }, 'is a name'],
		[
			'one that the domain does not have',
			{ attributes: attributeRows({ acmeBadge: '1' }) },
			'has no attribute acmeBadge',
		],
		[
			'an organisational unit that is not there',
			{ ou: locator('name', 'Nowhere') },
			'no organisational unit "Nowhere"',
		],
	])('refuses %s before anything is written', async (_what, change, words) => {
		const ran = await run('create', { ...parameters, ...change }, [{ ...ada('N4'), group: `CN=Sales,${ou}` }]);
		expect(ran.error?.message).toContain(words);
		expect(await entry('N4')).toBeUndefined();
	});

	test('lets those whose own values cannot be used leave by Failed', async () => {
		const people = [
			{ ...ada('N5'), group: 'CN=Nowhere,DC=x' },
			{ ...ada('N6'), login: 'a/b', group: `CN=Sales,${ou}` },
			{ ...ada('N7'), group: `CN=Domain Admins,CN=Users,${domain.baseDn}` },
			{ ...ada('N8'), group: `CN=Sales,${ou}` },
		];
		const ran = await run('create', parameters, people);
		expect(ran.out('AD')[0]?.map(({ key }) => key)).toEqual(['N8']);
		expect(ran.out('AD')[2]?.map(({ key, outcome }) => [key, outcome])).toEqual([
			['N5', 'failed'],
			['N6', 'failed'],
			['N7', 'protected'],
		]);
	});
});

describe('Update', () => {
	test('writes only what differs, clears, and leaves empty values alone', async () => {
		await made('U1');
		await asAdministrator(domain, (client) =>
			client.add(`CN=U1b,${ou}`, { objectClass: 'user', sAMAccountName: 'u1b' }),
		);
		const parameters = {
			...byKey('U1'),
			input: 'define',
			attributes: rows(
				{ attribute: locator('name', 'title'), value: 'Engineer' },
				{ attribute: locator('name', 'givenName'), write: 'clear' },
				{ attribute: locator('name', 'sn'), value: '' },
				{ attribute: locator('name', 'department'), write: 'create', value: 'Sales' },
				{ attribute: locator('name', 'displayName'), write: 'fill', value: 'Another' },
				{ attribute: locator('name', 'manager'), value: `CN=U1b,${ou}` },
			),
			groups: rows({ group: locator('name', 'Staff') }),
		};
		const ran = await run('update', parameters, [{}]);
		expect(ran.out('AD')[0]?.[0]?.['changes']).toEqual(
			expect.arrayContaining([
				{ attribute: 'title', from: [], to: ['Engineer'] },
				{ attribute: 'givenName', from: ['User'], to: [] },
			]),
		);
		expect(await entry('U1')).toMatchObject({
			attributes: { title: ['Engineer'], sn: ['U1'], displayName: ['User U1'], memberOf: [`CN=Staff,${ou}`] },
		});
		expect(outcomes((await run('update', parameters, [{}])).out('AD')[0])).toEqual(['unchanged']);
	});

	test('takes a mapped account, and finds its user otherwise than by the key', async () => {
		const { guid } = await made('U2');
		const account = desiredAccount(ou, 'U2', { attributes: { title: 'Lead' } });
		const ran = await run('update', { findBy: 'objectGUID', mappedAccount: '={{ $json.account }}' }, [
			{ guid, account },
		]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['updated']);
		expect(await attribute('U2', 'title')).toEqual(['Lead']);
	});
});

describe('Disable and Enable', () => {
	const leaverOptions = {
		clear: 'telephoneNumber, mobile',
		description: 'Left',
		expiresAt: '2030-01-02T00:00:00',
		hideAttribute: 'msExchHideFromAddressLists',
		moveTo: locator('name', 'Leavers'),
		randomPassword: true,
		removeFromGroups: true,
	};

	test('a leaver loses what the options say, and gets it back', async () => {
		await made('L1');
		await asAdministrator(domain, async (client) => {
			const change = (type: string, value: string) =>
				new Change({ operation: 'add', modification: new Attribute({ type, values: [value] }) });
			await client.modify(`CN=User L1,${ou}`, change('telephoneNumber', '+49 30 1'));
			await client.modify(`CN=Staff,${ou}`, change('member', `CN=User L1,${ou}`));
		});
		const left = await run('disable', { ...byKey('L1'), leaverOptions }, [{}]);
		expect(left.out('AD')[0]).toMatchObject([{ outcome: 'disabled', enabled: false, state: 'left' }]);
		const gone = await entry('L1');
		expect(gone?.dn).toBe(`CN=User L1,${leavers}`);
		expect(gone?.attributes).toMatchObject({ description: ['Left'], userAccountControl: ['514'] });
		expect(gone?.attributes).not.toHaveProperty('telephoneNumber');
		expect(gone?.attributes).not.toHaveProperty('memberOf');
		const back = await run('enable', { ...byKey('L1'), delivery: 'field', deliveredIn: 'secret' }, [{}]);
		expect(back.out('AD')[0]).toMatchObject([{ outcome: 'enabled', enabled: true, state: null }]);
		expect(await canBind(domain, `CN=User L1,${ou}`, textIn(back.out('AD')[0]?.[0], 'secret'))).toBe(true);
		expect(await entry('L1')).toMatchObject({
			dn: `CN=User L1,${ou}`,
			attributes: { telephoneNumber: ['+49 30 1'], memberOf: [`CN=Staff,${ou}`], userAccountControl: ['512'] },
		});
	});

	test('whom others disabled is refused, unless the builder says so', async () => {
		await asAdministrator(domain, (client) =>
			client.add(`CN=L2,${ou}`, { objectClass: 'user', sAMAccountName: 'l2', employeeID: 'L2' }),
		);
		expect(outcomes((await run('enable', byKey('L2'), [{}])).out('AD')[1])).toEqual(['refused']);
		const ran = await run('enable', { ...byKey('L2'), othersToo: true }, [{}]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['enabled']);
	});
});

describe('other operations on one account', () => {
	test('Move goes by the organisational unit of each item', async () => {
		await made('M1');
		const move = { ...byKey('M1'), moveTo: locator('name', '={{ $json.to }}') };
		expect(outcomes((await run('move', move, [{ to: 'Leavers' }])).out('AD')[0])).toEqual(['moved']);
		expect((await entry('M1'))?.dn).toBe(`CN=User M1,${leavers}`);
		const mixed = await run('move', move, [{ to: 'Nowhere' }, { to: 'Leavers' }]);
		expect(outcomes(mixed.out('AD')[0])).toEqual(['unchanged']);
		expect(mixed.out('AD')[1]).toMatchObject([{ message: 'There is no organisational unit "Nowhere".' }]);
	});

	test('Rename gives the names that are not empty', async () => {
		await made('M2');
		const ran = await run('rename', { ...byKey('M2'), newCn: 'Ada, Countess', newSamAccountName: 'ada.c' }, [{}]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['renamed']);
		expect((await entry('M2'))?.attributes).toMatchObject({ cn: ['Ada, Countess'], sAMAccountName: ['ada.c'] });
		const none = await run('rename', byKey('M2'), [{}]);
		expect(none.error?.message).toContain('are empty');
	});

	test('Reset Password takes one from a field, and it can be logged on with', async () => {
		await made('M3');
		const parameters = { ...byKey('M3'), passwordFrom: 'field', password: '={{ $json.pw }}', mustChange: false };
		const ran = await run('resetPassword', parameters, [{ pw: 'Correct-Horse-7-Battery' }]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['password reset']);
		expect(await canBind(domain, `CN=User M3,${ou}`, 'Correct-Horse-7-Battery')).toBe(true);
		const empty = await run('resetPassword', parameters, [{}]);
		expect(empty.error?.message).toContain("'Password Value' is empty");
	});

	test('Unlock and Set Expiry', async () => {
		await made('M4');
		expect(outcomes((await run('unlock', byKey('M4'), [{}])).out('AD')[0])).toEqual(['unchanged']);
		const at = { ...byKey('M4'), expiresAt: '2030-01-02T00:00:00Z' };
		expect(outcomes((await run('setExpiry', at, [{}])).out('AD')[0])).toEqual(['updated']);
		expect(await attribute('M4', 'accountExpires')).toEqual(['135380160000000000']);
		const never = await run('setExpiry', { ...byKey('M4'), expiry: 'never' }, [{}]);
		expect(outcomes(never.out('AD')[0])).toEqual(['updated']);
		const wrong = await run('setExpiry', { ...byKey('M4'), expiresAt: 'tomorrow' }, [{}]);
		expect(wrong.error?.message).toContain("'Expires At' is no date");
	});

	test('Delete and Restore Deleted', async () => {
		const { guid } = await made('M5');
		const parameters = { ...byKey('M5'), allowDelete: true };
		expect(outcomes((await run('delete', parameters, [{}])).out('AD')[1])).toEqual(['refused']);
		const ran = await run('delete', { ...parameters, unmarkedToo: true }, [{}]);
		expect(ran.out('AD')[0]).toMatchObject([{ outcome: 'deleted', guid, record: { employeeID: 'M5' } }]);
		expect(await entry('M5')).toBeUndefined();
		const back = await run('restoreDeleted', { anchor: 'M5' }, ran.out('AD')[0] ?? []);
		expect(back.out('AD')[0]).toMatchObject([{ outcome: 'restored', guid, enabled: false }]);
		expect((await entry('M5'))?.attributes).toMatchObject({ userAccountControl: ['514'] });
	});
});

describe('finding', () => {
	test.each<[findBy: string, matchValue: string]>([
		['objectGUID', '={{ $json.guid }}'],
		['distinguishedName', '={{ $json.dn }}'],
		['sAMAccountName', '={{ $json.sAMAccountName }}'],
		['userPrincipalName', '={{ $json.userPrincipalName }}'],
		['employeeID', '={{ $json.key }}'],
	])('by %s takes what this node puts out, without a word more', async (findBy, matchValue) => {
		const account = await made('F1');
		const ran = await run('get', { findBy }, [account]);
		expect(ran.out('AD')[0]).toMatchObject([{ outcome: 'found', guid: account['guid'] }]);
		const said = await run('get', { findBy, matchValue }, [account]);
		expect(said.out('AD')[0]).toMatchObject([{ outcome: 'found', guid: account['guid'] }]);
	});

	test('by a locator, in each of its modes', async () => {
		const account = await made('F1');
		for (const user of [
			locator('list', textIn(account, 'guid')),
			locator('dn', textIn(account, 'dn')),
			locator('name', textIn(account, 'sAMAccountName')),
		]) {
			const ran = await run('get', { findBy: 'user', user, options: { returnAttributes: 'sn, title' } }, [{}]);
			expect(ran.out('AD')[0]).toMatchObject([
				{ outcome: 'found', guid: account['guid'], record: { sn: 'F1', title: null } },
			]);
		}
	});

	test('more than twenty are read together, and two items for one are done in their order', async () => {
		const people: IDataObject[] = Array.from({ length: 22 }, (_, index) => ({ key: `P${index}` }));
		await run(
			'createOrUpdate',
			{},
			people.map((item) => desiredAccount(ou, textIn(item, 'key'))),
		);
		const titled = [...people, { key: 'P3', title: 'Second' }].map((item) => ({ title: 'First', ...item }));
		const ran = await run(
			'update',
			{ input: 'define', attributes: attributeRows({ title: '={{ $json.title }}' }) },
			titled,
		);
		expect(outcomes(ran.out('AD')[0])).toEqual(Array.from({ length: 23 }, () => 'updated'));
		expect(ran.out('AD')[0]?.at(-1)).toMatchObject({
			key: 'P3',
			changes: [{ attribute: 'title', from: ['First'], to: ['Second'] }],
		});
		expect(ran.items('AD')[0]?.map(({ pairedItem }) => pairedItem)).toEqual(titled.map((_, item) => ({ item })));
	});

	test('forty cost a few searches, whatever is done with them', async () => {
		const people = Array.from({ length: 40 }, (_, index) => desiredAccount(ou, `H${index}`));
		await run('createOrUpdate', {}, people);
		const searches = async (operation: string, parameters: Parameters) => {
			const wire = await startWire(domain);
			let count = 0;
			wire.decide(({ operation: sent }) => {
				if (sent === 'search') count += 1;
				return 'pass';
			});
			const ran = await run(operation, parameters, people, { fields: { port: wire.port } });
			await wire.close();
			return { count, outcomes: new Set(outcomes(ran.out('AD')[0])) };
		};
		for (const [operation, parameters, outcome] of [
			['createOrUpdate', {}, 'unchanged'],
			['update', {}, 'unchanged'],
			['get', { options: { returnAttributes: 'title' } }, 'found'],
			['unlock', {}, 'unchanged'],
			['setExpiry', { expiry: 'never' }, 'unchanged'],
		] as const) {
			const { count, outcomes: done } = await searches(operation, parameters);
			expect([operation, [...done]]).toEqual([operation, [outcome]]);
			expect([operation, count < 20]).toEqual([operation, true]);
		}
	}, 60_000);
});
