import { NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import type { Directory } from '../../lib/directory/directory';
import { randomPassword } from '../../lib/directory/password';
import { NEVER } from '../../lib/schema/instants';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';
import {
	addHideAttribute,
	addPerson,
	change,
	comeBack,
	edit,
	leave,
	MARKING,
	OLD_PASSWORD,
	openOffice,
	pendingMark,
	stateOf,
	type Office,
} from './leave-return-people';
import { startWire } from './wire';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	await addHideAttribute(domain);
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

const marksOf = async (key: string) => (await stateOf(domain, key))['carLicense'] ?? [];
const isMark = expect.stringMatching(/^adprov1:left:/) as unknown;
const isSnapshot = expect.stringMatching(/^adprov1:snapshot:/) as unknown;

describe('leaving with every option', () => {
	test('disables, marks, clears, takes out of groups and moves; the rest of the account stays', async () => {
		await addPerson(domain, office, 'all');
		const before = await stateOf(domain, 'all');
		const result = await leave(domain, 'all', office.everything);
		expect(result).toMatchObject({ outcome: 'disabled', notes: [], account: { enabled: false, state: 'left' } });
		expect(result.account?.dn).toBe(`CN=Person all,${office.leavers}`);
		const after = await stateOf(domain, 'all');
		const gone = ['title', 'telephoneNumber', 'otherTelephone', 'thumbnailPhoto', 'manager'];
		const kept = Object.entries(before).filter(([name]) => !gone.includes(name));
		expect(after).toEqual({
			...Object.fromEntries(kept),
			userAccountControl: ['514'],
			description: ['Left the company'],
			accountExpires: ['133800000000000000'],
			distinguishedName: [`CN=Person all,${office.leavers}`],
			carLicense: [isMark, isSnapshot],
			groups: [],
		});
	});

	test('says what it changed, photos by their hash and passwords not at all', async () => {
		const dn = await addPerson(domain, office, 'said');
		const { changes, account } = await leave(domain, 'said', office.everything);
		expect(changes).toEqual([
			{ attribute: 'userAccountControl', from: ['512'], to: ['514'] },
			{ attribute: 'telephoneNumber', from: ['+49 30 1'], to: [] },
			{ attribute: 'otherTelephone', from: expect.arrayContaining(['+49 30 2', '+49 30 3']) as unknown, to: [] },
			{ attribute: 'thumbnailPhoto', from: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)], to: [] },
			{ attribute: 'manager', from: [domain.bindDn], to: [] },
			{ attribute: 'title', from: ['Tester'], to: [] },
			{ attribute: 'description', from: ['The one who tests'], to: ['Left the company'] },
			{ attribute: 'accountExpires', from: [NEVER], to: ['133800000000000000'] },
			{ attribute: 'memberOf', from: expect.arrayContaining([...office.groups]) as unknown, to: [] },
			{ attribute: 'distinguishedName', from: [dn], to: [account?.dn] },
		]);
	});

	test('goes over the wire in its order: one Modify, the password, the groups, the move', async () => {
		await addPerson(domain, office, 'order');
		const wire = await startWire(domain);
		try {
			const sent: string[] = [];
			const wrap = (directory: Directory): Directory => ({
				...directory,
				modify: (dn, changes, options) => {
					sent.push(changes.map(({ type, attribute }) => `${type} ${attribute}`).join(', '));
					return directory.modify(dn, changes, options);
				},
				rename: (...names) => {
					sent.push('move');
					return directory.rename(...names);
				},
			});
			await leave(domain, 'order', { ...office.everything, clear: ['title'] }, { wrap, fields: { port: wire.port } });
			const [first, password, ...rest] = sent;
			expect(first?.split(', ')).toEqual([
				...['delete userAccountControl', 'add userAccountControl', 'add carLicense', 'delete title'],
				...['delete description', 'add description', 'delete accountExpires', 'add accountExpires'],
			]);
			expect(password).toBe('delete carLicense, add carLicense, replace unicodePwd');
			expect(rest).toEqual([...office.groups.map(() => 'delete member'), 'move']);
			const written = wire.requests
				.map(({ operation }) => operation)
				.filter((name) => !['bind', 'search'].includes(name));
			expect(written).toHaveLength(sent.length);
			expect(wire.unbound).toEqual([]);
		} finally {
			await wire.close();
		}
	});

	test('and again changes nothing, and says so', async () => {
		await addPerson(domain, office, 'twice');
		await leave(domain, 'twice', office.everything);
		const before = await stateOf(domain, 'twice');
		let opened: Directory | undefined;
		const again = await leave(domain, 'twice', office.everything, { wrap: (directory) => (opened = directory) });
		expect(again).toMatchObject({ outcome: 'unchanged', changes: [], notes: ['The account was disabled already.'] });
		expect(opened?.writes()).toBe(0);
		expect(await stateOf(domain, 'twice')).toEqual(before);
	});
});

describe('each option by itself', () => {
	test('none: disabled and marked, and nothing else', async () => {
		await addPerson(domain, office, 'none');
		const before = await stateOf(domain, 'none');
		expect(await leave(domain, 'none')).toMatchObject({
			outcome: 'disabled',
			changes: [{ attribute: 'userAccountControl' }],
		});
		expect(await stateOf(domain, 'none')).toEqual({
			...before,
			userAccountControl: ['514'],
			carLicense: [isMark, isSnapshot],
		});
	});

	test('the random password is another one, so the old one is of no use even to who enables the account', async () => {
		const pwdLastSet = async (key: string) =>
			(await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes['pwdLastSet'];
		const dn = await addPerson(domain, office, 'pw');
		expect(await canBind(domain, dn, OLD_PASSWORD)).toBe(true);
		const before = await pwdLastSet('pw');
		const result = await leave(domain, 'pw', { randomPassword: true }, { random: () => 0 });
		expect(await pwdLastSet('pw')).not.toEqual(before);
		await edit(domain, dn, change('replace', 'userAccountControl', ['512']));
		// Nobody is told, but a test that holds the random source may know it.
		const password = randomPassword(() => 0);
		expect(JSON.stringify(result)).not.toContain(password);
		expect(await canBind(domain, dn, password)).toBe(true);
	});

	test.each<[string, Parameters<typeof leave>[2], string, unknown]>([
		['an attribute is cleared', { clear: ['title'] }, 'title', undefined],
		['a name in another case means the same attribute', { clear: ['TITLE', 'title'] }, 'title', undefined],
		['the description is written', { description: 'Gone' }, 'description', ['Gone']],
		['the expiry is written', { expiresAt: '133000000000000000' }, 'accountExpires', ['133000000000000000']],
	])('%s', async (_what, options, attribute, expected) => {
		const key = `o${(nextKey += 1)}`;
		await addPerson(domain, office, key);
		expect((await leave(domain, key, options)).outcome).toBe('disabled');
		const state = await stateOf(domain, key);
		expect(state[attribute]).toEqual(expected);
		expect(state['groups']).toHaveLength(3);
	});

	test('an attribute that hides people from address lists gets TRUE, and nothing when they return', async () => {
		await addPerson(domain, office, 'hidden');
		const before = await stateOf(domain, 'hidden');
		const { outcome, notes } = await leave(domain, 'hidden', { hideAttribute: 'msExchHideFromAddressLists' });
		expect([outcome, notes]).toEqual(['disabled', []]);
		expect((await stateOf(domain, 'hidden'))['msExchHideFromAddressLists']).toEqual(['TRUE']);
		await comeBack(domain, 'hidden');
		expect(await stateOf(domain, 'hidden')).toEqual(before);
	});

	test('an attribute that hides people from address lists is left out where the domain does not have it', async () => {
		await addPerson(domain, office, 'hide');
		const { outcome, notes } = await leave(domain, 'hide', { hideAttribute: 'msDS-cloudHideFromLists' });
		expect(outcome).toBe('disabled');
		expect(notes).toEqual(["The domain's users have no attribute msDS-cloudHideFromLists: it was left out."]);
	});

	test('the primary group is kept, and groups are left that hold the person only through others', async () => {
		const dn = await addPerson(domain, office, 'prim');
		const outer = `CN=Outer,${office.people}`;
		await asAdministrator(domain, (client) => client.add(outer, { objectClass: 'group', sAMAccountName: 'outer' }));
		await edit(domain, outer, change('add', 'member', [office.groups[0] ?? '']));
		await edit(domain, office.groups[1] ?? '', change('delete', 'member', [dn]));
		const { changes } = await leave(domain, 'prim', { removeFromGroups: true });
		expect(changes.find(({ attribute }) => attribute === 'memberOf')?.from).toHaveLength(2);
		expect((await stateOf(domain, 'prim'))['primaryGroupID']).toEqual(['513']);
	});

	test('somebody who stands where leavers go already is not moved', async () => {
		await addPerson(domain, office, 'there');
		const { outcome, changes } = await leave(domain, 'there', { moveTo: office.people.toUpperCase() });
		expect([outcome, changes.length]).toEqual(['disabled', 1]);
	});
});

let nextKey = 0;

describe('before anything is written', () => {
	const withoutWriting = async (work: (how: { wrap: (directory: Directory) => Directory }) => Promise<unknown>) => {
		let opened: Directory | undefined;
		const wrap = (directory: Directory) => (opened = directory);
		await expect(work({ wrap })).rejects.toMatchObject({ kind: 'configuration' });
		expect(opened?.writes()).toBe(0);
	};

	beforeAll(() => addPerson(domain, office, 'kept'));
	afterAll(async () => expect((await stateOf(domain, 'kept'))['userAccountControl']).toEqual(['512']));

	test.each<[string, Parameters<typeof leave>[2]]>([
		['an organisational unit that does not exist', { moveTo: 'OU=Nowhere,DC=corp,DC=example,DC=com' }],
		['a person in place of one', { moveTo: 'CN=Administrator,CN=Users,DC=corp,DC=example,DC=com' }],
		['no distinguished name', { moveTo: 'Leavers' }],
		['clearing the attribute that the account is found by', { clear: ['EmployeeID'] }],
		['clearing the marks', { clear: ['carLicense'] }],
		['clearing a name of the account', { clear: ['sAMAccountName'] }],
		['clearing what says who may log on', { clear: ['userAccountControl'] }],
		['clearing what is written as well', { clear: ['description'], description: 'Left' }],
		['clearing what every account has', { clear: ['accountExpires'] }],
		['clearing no attribute', { clear: ['a)(b=*'] }],
		['hiding by what says who may log on', { hideAttribute: 'pwdLastSet' }],
		['a description that is too long', { description: 'x'.repeat(1025) }],
		['an expiry that is none', { expiresAt: 'tomorrow' }],
	])('%s is refused', async (_what, options) => {
		await withoutWriting((how) => leave(domain, 'kept', options, how));
	});

	test.each([
		['info', 'it takes one value only'],
		['telexNumberOfNobody', 'the domain does not have it'],
		['adminContextMenu', 'users do not have it'],
		['postOfficeBox', 'a value of it has 40 characters at most'],
	])('a mark attribute such as %s is refused: %s', async (markAttribute, reason) => {
		const marking = { ...MARKING, markAttribute };
		const attempt = leave(domain, 'kept', {}, { marking });
		await expect(attempt).rejects.toMatchObject({ message: expect.stringContaining(reason) as unknown });
		await withoutWriting((how) => leave(domain, 'kept', {}, { ...how, marking }));
	});

	test('a credential without signing key is refused', async () => {
		await withoutWriting((how) => leave(domain, 'kept', {}, { ...how, signingKey: '' }));
	});
});

describe('an account that is disabled already', () => {
	test('by an administrator stays as it is, and nothing is written', async () => {
		const dn = await addPerson(domain, office, 'held');
		await edit(domain, dn, change('replace', 'userAccountControl', ['514']));
		const before = await stateOf(domain, 'held');
		expect(await leave(domain, 'held', office.everything)).toMatchObject({
			outcome: 'unchanged',
			notes: [
				'The account was disabled already, and not by this tool: it bears no mark of this tool. Nothing was written.',
			],
		});
		expect(await stateOf(domain, 'held')).toEqual(before);
	});

	test('keeps what was given to it since, and only what the snapshot holds is taken away again', async () => {
		await addPerson(domain, office, 'since');
		await leave(domain, 'since', office.everything);
		const dn = `CN=Person since,${office.leavers}`;
		const marks = await marksOf('since');
		await edit(domain, dn, change('replace', 'title', ['Tester']), change('replace', 'telephoneNumber', ['+1 555']));
		await edit(domain, office.groups[2] ?? '', change('add', 'member', [dn]));
		await edit(domain, `CN=Outer,${office.people}`, change('add', 'member', [dn]));
		const again = await leave(domain, 'since', office.everything);
		expect(again).toMatchObject({
			outcome: 'disabled',
			changes: [
				{ attribute: 'title', from: ['Tester'], to: [] },
				{ attribute: 'memberOf', from: [office.groups[2]], to: [] },
			],
			notes: [
				'Groups that the snapshot does not hold were kept: outer.',
				'telephoneNumber was left alone: the snapshot does not hold what stands there now.',
			],
		});
		expect(await marksOf('since')).toEqual(marks);
		expect((await stateOf(domain, 'since'))['groups']).toEqual([`CN=Outer,${office.people}`]);
	});

	test('by this tool is not marked or kept anew when it is to do more the second time', async () => {
		await addPerson(domain, office, 'more');
		await leave(domain, 'more');
		const marks = await marksOf('more');
		const again = await leave(domain, 'more', office.everything);
		expect(again.outcome).toBe('disabled');
		expect(again.notes.join(' ')).toContain('Groups that the snapshot does not hold were kept: group');
		expect(again.notes.join(' ')).toContain('title');
		const state = await stateOf(domain, 'more');
		expect(state['carLicense']).toEqual(marks);
		expect(state).toMatchObject({ title: ['Tester'], distinguishedName: [`CN=Person more,${office.leavers}`] });
		expect(state['groups']).toHaveLength(3);
	});
});

test('stale marks on an enabled account go with the next leave, in the same Modify; other values stay', async () => {
	const dn = await addPerson(domain, office, 'stale');
	await leave(domain, 'stale', { clear: ['title'] });
	const old = await marksOf('stale');
	await edit(domain, dn, change('replace', 'userAccountControl', ['512']), change('add', 'carLicense', ['B-AL 1234']));
	await leave(domain, 'stale', { description: 'Left again' });
	const now = await marksOf('stale');
	expect(now).toEqual(['B-AL 1234', isMark, isSnapshot]);
	expect(now.filter((value) => old.includes(value) && value.includes('snapshot'))).toEqual([]);
});

test('an account that was begun and not finished leaves too, and its mark says so', async () => {
	const dn = await addPerson(domain, office, 'begun');
	const mark = await pendingMark(domain, 'begun');
	await edit(
		domain,
		dn,
		change('replace', 'userAccountControl', ['514']),
		change('replace', 'carLicense', [mark, 'B-AL 1234']),
	);
	expect(await leave(domain, 'begun', office.everything)).toMatchObject({
		outcome: 'disabled',
		account: { state: 'left' },
	});
	expect(await marksOf('begun')).toEqual(['B-AL 1234', isMark, isSnapshot]);
	expect((await leave(domain, 'begun', office.everything)).outcome).toBe('unchanged');
});

test('nobody and a protected account are what they are for every operation', async () => {
	expect((await leave(domain, 'nobody', NO_LEAVE_OPTIONS)).outcome).toBe('not found');
	const dn = await addPerson(domain, office, 'boss');
	await edit(domain, `CN=Domain Admins,CN=Users,${domain.baseDn}`, change('add', 'member', [dn]));
	expect((await leave(domain, 'boss', NO_LEAVE_OPTIONS)).outcome).toBe('protected');
});
