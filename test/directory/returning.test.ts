import { generateKeyPairSync, constants, privateDecrypt } from 'node:crypto';
import { Attribute } from 'ldapts';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { NEVER, toFileTime } from '../../lib/schema/instants';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';
import {
	addPerson,
	change,
	comeBack,
	edit,
	interfere,
	leave,
	NEW_PASSWORD,
	openOffice,
	pendingMark,
	RANDOM_RETURN,
	stateOf,
	writes,
	type Office,
} from './leave-return-people';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

/** Somebody who has left with everything. */
async function leaver(key: string, options: Partial<Office['everything']> = {}): Promise<string> {
	await addPerson(domain, office, key);
	await leave(domain, key, { ...office.everything, ...options });
	return `CN=Person ${key},${options.moveTo ?? office.leavers}`;
}

async function addGroup(name: string): Promise<string> {
	const dn = `CN=${name},${office.people}`;
	await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'group', sAMAccountName: name }));
	return dn;
}

describe('a person who returns', () => {
	test('has what was there before the leave, to the last value, and a new password', async () => {
		await addPerson(domain, office, 'back');
		const before = await stateOf(domain, 'back');
		await leave(domain, 'back', office.everything);
		const result = await comeBack(domain, 'back');
		expect(result).toMatchObject({ outcome: 'enabled', notes: [], account: { enabled: true, state: null } });
		expect(await stateOf(domain, 'back')).toEqual(before);
		expect(result.account?.dn).toBe(`CN=Person back,${office.people}`);
		expect(await canBind(domain, `CN=Person back,${office.people}`, NEW_PASSWORD)).toBe(true);
		expect(result.changes.map(({ attribute }) => attribute)).toEqual([
			...['distinguishedName', 'telephoneNumber', 'otherTelephone', 'thumbnailPhoto', 'manager', 'title'],
			...['description', 'accountExpires', 'memberOf', 'userAccountControl'],
		]);
		expect(result.delivered).toEqual({});
		expect(JSON.stringify(result)).not.toContain(NEW_PASSWORD);
	});

	test('is written in its order: move, attributes, groups, password, and enabled last', async () => {
		await leaver('order');
		const sent: string[] = [];
		const wrap = (directory: Directory): Directory => ({
			...directory,
			modify: (dn, changes, options) => {
				sent.push([...new Set(changes.map(({ attribute }) => attribute))].join(' '));
				return directory.modify(dn, changes, options);
			},
			rename: (...names) => {
				sent.push('move');
				return directory.rename(...names);
			},
		});
		await comeBack(domain, 'order', {}, { wrap });
		const [move, attributes, ...rest] = sent;
		expect([move, attributes?.split(' ').length]).toEqual(['move', 7]);
		expect(rest).toEqual([
			...office.groups.map(() => 'member'),
			'carLicense unicodePwd',
			'userAccountControl carLicense',
		]);
	});

	test('can leave and return again', async () => {
		await addPerson(domain, office, 'often');
		const before = await stateOf(domain, 'often');
		for (let time = 1; time <= 2; time += 1) {
			expect((await leave(domain, 'often', office.everything)).outcome).toBe('disabled');
			expect((await comeBack(domain, 'often')).outcome).toBe('enabled');
		}
		expect(await stateOf(domain, 'often')).toEqual(before);
	});

	test('finds the organisational unit under its new name', async () => {
		const old = `OU=Old,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(old, { objectClass: 'organizationalUnit' }));
		await addPerson(domain, { ...office, people: old }, 'ou');
		await leave(domain, 'ou', office.everything);
		await asAdministrator(domain, (client) => client.modifyDN(old, 'OU=New'));
		expect((await comeBack(domain, 'ou')).account?.dn).toBe(`CN=Person ou,OU=New,${domain.baseDn}`);
	});

	test('is refused when the organisational unit is gone, unless nothing is to be restored', async () => {
		const gone = `OU=Gone,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(gone, { objectClass: 'organizationalUnit' }));
		await addPerson(domain, { ...office, people: gone }, 'gone');
		await leave(domain, 'gone', office.everything);
		await asAdministrator(domain, (client) => client.del(gone));
		const before = await stateOf(domain, 'gone');
		const refused = await comeBack(domain, 'gone');
		expect(refused).toMatchObject({ outcome: 'refused', changes: [] });
		expect(refused.message).toContain(`the organisational unit ${gone} does not exist any more. Nothing was written.`);
		expect(await stateOf(domain, 'gone')).toEqual(before);
		const plain = await comeBack(domain, 'gone', { restore: false });
		expect(plain).toMatchObject({ outcome: 'enabled', changes: [{ attribute: 'userAccountControl' }] });
		expect((await stateOf(domain, 'gone'))['carLicense']).toBeUndefined();
	});

	test('keeps what somebody changed in the meantime, and takes what somebody restored already', async () => {
		const dn = await leaver('mid');
		await edit(domain, dn, change('replace', 'title', ['Manager']), change('replace', 'telephoneNumber', ['+49 30 1']));
		await edit(domain, office.groups[0] ?? '', change('add', 'member', [dn]));
		const { outcome, notes } = await comeBack(domain, 'mid');
		expect(outcome).toBe('enabled');
		expect(notes).toEqual(['title was changed since the account was disabled, and is kept as it is.']);
		const state = await stateOf(domain, 'mid');
		expect(state).toMatchObject({ title: ['Manager'], telephoneNumber: ['+49 30 1'] });
		expect(state['groups']).toHaveLength(3);
	});

	test('is not put back into groups that are privileged or gone by now', async () => {
		const [risen, gone, nested] = [await addGroup('risen'), await addGroup('gone'), await addGroup('nested')];
		const dn = await addPerson(domain, office, 'grp');
		for (const group of [risen, gone, nested]) await edit(domain, group, change('add', 'member', [dn]));
		await leave(domain, 'grp', office.everything);
		await edit(domain, `CN=Domain Admins,CN=Users,${domain.baseDn}`, change('add', 'member', [risen]));
		await edit(domain, risen, change('add', 'member', [nested]));
		await asAdministrator(domain, (client) => client.del(gone));
		const { outcome, notes } = await comeBack(domain, 'grp');
		expect(outcome).toBe('enabled');
		expect(notes).toHaveLength(3);
		expect(notes.join(' ')).toContain('1 of the groups before leaving do not exist any more');
		for (const group of [risen, nested])
			expect(notes.join(' ')).toContain(`The person was not put back into ${group}: it is protected`);
		expect((await stateOf(domain, 'grp'))['groups']).toEqual([...office.groups].sort());
	});

	test('gets the other attributes when the manager is not there any more', async () => {
		const boss = `CN=Boss,${office.people}`;
		await asAdministrator(domain, (client) => client.add(boss, { objectClass: 'contact' }));
		await edit(domain, await addPerson(domain, office, 'mgr'), change('replace', 'manager', [boss]));
		await leave(domain, 'mgr', office.everything);
		await asAdministrator(domain, (client) => client.del(boss));
		const { outcome, notes } = await comeBack(domain, 'mgr');
		expect([outcome, notes]).toEqual(['enabled', ['manager was not restored: what it named does not exist any more.']]);
		expect(await stateOf(domain, 'mgr')).toMatchObject({ title: ['Tester'], otherTelephone: ['+49 30 2', '+49 30 3'] });
	});

	test('is not enabled as long as a group refuses; running again finishes it', async () => {
		await leaver('refuse');
		const wrap = interfere((changes, pass) => {
			if (!writes(changes, 'member')) return pass();
			return Promise.reject(new DirectoryError({ kind: 'person', code: 50, message: 'No.', whatToDo: 'Give it.' }));
		});
		const result = await comeBack(domain, 'refuse', {}, { wrap });
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false, state: 'left' } });
		expect(result.message).toMatch(/^CN=Person refuse,.* is still disabled\. Not done: into the group group\d: /);
		expect((await comeBack(domain, 'refuse')).outcome).toBe('enabled');
		expect((await stateOf(domain, 'refuse'))['groups']).toHaveLength(3);
	});

	test('leaves again in full after a return that stopped half-way', async () => {
		await leaver('half');
		const stopped = await comeBack(domain, 'half', {}, { wrap: withoutPasswords });
		expect(stopped.outcome).toBe('partial');
		expect((await leave(domain, 'half', office.everything)).outcome).toBe('disabled');
		const state = await stateOf(domain, 'half');
		expect(state).toMatchObject({ groups: [], description: ['Left the company'] });
		expect([state['title'], state['distinguishedName']]).toEqual([undefined, [`CN=Person half,${office.leavers}`]]);
	});
});

const withoutPasswords = interfere((changes, pass) => {
	if (!writes(changes, 'unicodePwd')) return pass();
	return Promise.reject(new DirectoryError({ kind: 'person', code: 50, message: 'No.', whatToDo: 'Give it.' }));
});

describe('an account that changes while the person is brought back', () => {
	test.each<[string, string, string[]]>([
		['in its account control', 'userAccountControl', ['66050']],
		['in its marks', 'carLicense', ['B-AL 1234']],
	])('%s is not enabled', async (_what, attribute, values) => {
		const key = `w${attribute.length}`;
		await leaver(key);
		const wrap = interfere(async (changes, pass) => {
			if (writes(changes, 'userAccountControl'))
				await edit(domain, `CN=Person ${key},${office.people}`, change('replace', attribute, values));
			await pass();
		});
		const result = await comeBack(domain, key, {}, { wrap });
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false } });
		expect(result.message).toContain('enabling: Somebody changed the object since it was read');
		expect((await stateOf(domain, key))[attribute]).toEqual(values);
	});

	test('in an attribute: nothing is written over it, and nobody is enabled', async () => {
		await leaver('watt');
		const wrap = interfere(async (changes, pass) => {
			if (writes(changes, 'description'))
				await edit(domain, `CN=Person watt,${office.people}`, change('replace', 'description', ['Mine']));
			await pass();
		});
		expect((await comeBack(domain, 'watt', {}, { wrap })).outcome).toBe('partial');
		expect(await stateOf(domain, 'watt')).toMatchObject({ description: ['Mine'], userAccountControl: ['514'] });
		expect((await comeBack(domain, 'watt')).notes.join()).toContain('description was changed since');
	});
});

test.each(['Smith, John', 'O+P', 'a "b" c', '#hash', 'sl/ash', 'back\\', 'a=b;c', '<x>', 'Zoë Ünï 🙂', 'a*b(c)'])(
	'a person called %s leaves and returns',
	async (cn) => {
		const key = `h${(nextKey += 1)}`;
		await addPerson(domain, office, key, cn);
		const before = await stateOf(domain, key);
		expect((await leave(domain, key, office.everything)).outcome).toBe('disabled');
		expect((await stateOf(domain, key))['groups']).toEqual([]);
		expect((await comeBack(domain, key)).outcome).toBe('enabled');
		expect(await stateOf(domain, key)).toEqual(before);
	},
);

let nextKey = 0;

test('an account that was begun and not finished is enabled with a password of its own', async () => {
	const dn = await addPerson(domain, office, 'begun');
	const before = await stateOf(domain, 'begun');
	const marks = [await pendingMark(domain, 'begun')];
	await edit(domain, dn, change('replace', 'userAccountControl', ['514']), change('replace', 'carLicense', marks));
	expect(await comeBack(domain, 'begun')).toMatchObject({ outcome: 'enabled', notes: [] });
	expect(await stateOf(domain, 'begun')).toEqual(before);
	expect(await canBind(domain, dn, NEW_PASSWORD)).toBe(true);
});

describe('the options of a return', () => {
	test('a password to be changed at the next logon', async () => {
		await leaver('must', { moveTo: '' });
		const password = { given: NEW_PASSWORD, mustChange: true, delivery: { kind: 'none' as const } };
		expect((await comeBack(domain, 'must', { password })).outcome).toBe('enabled');

		const [entry] = await domain.ldbsearch('(employeeID=must)', ['pwdLastSet']);
		expect(entry?.attributes['pwdLastSet']).toEqual(['0']);
	});

	test('a random password in a field, and encrypted to a key', async () => {
		await leaver('field');
		const inField = { ...RANDOM_RETURN.password, delivery: { kind: 'field' as const, field: 'initial' } };
		const { delivered } = await comeBack(domain, 'field', { password: inField });
		expect(await canBind(domain, `CN=Person field,${office.people}`, delivered?.['initial'] ?? '')).toBe(true);
		await leaver('sealed');
		const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const sealed = { ...RANDOM_RETURN.password, delivery: { kind: 'encrypted' as const, publicKey, field: 'initial' } };
		const result = await comeBack(domain, 'sealed', { password: sealed });
		const key = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
		const opened = privateDecrypt(key, Buffer.from(result.delivered?.['initial'] ?? '', 'base64')).toString();
		expect(await canBind(domain, `CN=Person sealed,${office.people}`, opened)).toBe(true);
	});

	test('a given password that the policy refuses leaves everything else done, and nobody enabled', async () => {
		await leaver('weak');
		const password = { given: 'short', mustChange: false, delivery: { kind: 'none' as const } };
		const result = await comeBack(domain, 'weak', { password });
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false, state: 'left' } });
		expect(result.message).toContain('password: The given password does not meet the policy');
		expect(JSON.stringify(result)).not.toContain('short');
		expect((await comeBack(domain, 'weak')).outcome).toBe('enabled');
	});

	test.each<[string, string | null, string, string[]]>([
		['the one from before', null, NEVER, []],
		['another one', '140000000000000000', '140000000000000000', []],
		[
			'one that is over, which is said',
			'130000000000000000',
			'130000000000000000',
			['The account has expired: nobody can log on with it before its expiry is changed.'],
		],
	])('an expiry: %s', async (what, expiresAt, expected, expectedNotes) => {
		const key = `exp${what.length}`;
		await leaver(key);
		const { outcome, notes } = await comeBack(domain, key, { expiresAt });
		expect([outcome, notes]).toEqual(['enabled', expectedNotes]);
		expect((await stateOf(domain, key))['accountExpires']).toEqual([expected]);
	});

	test('an expiry of yesterday that leaving did not write is said', async () => {
		const dn = await leaver('past', { expiresAt: null });
		const yesterday = toFileTime(Date.now() - 86_400_000);
		await edit(domain, dn, change('replace', 'accountExpires', [yesterday]));
		expect((await comeBack(domain, 'past')).notes).toEqual([
			'The account has expired: nobody can log on with it before its expiry is changed.',
		]);
	});

	test.each(['never', '-1', ''])('an expiry such as "%s" is refused before anything is written', async (expiresAt) => {
		await expect(comeBack(domain, 'nobody', { expiresAt })).rejects.toMatchObject({ kind: 'configuration' });
	});

	test('a name that is taken where the person stood writes nothing', async () => {
		await leaver('named');
		const contact = [new Attribute({ type: 'objectClass', values: ['contact'] })];
		await asAdministrator(domain, (client) => client.add(`CN=Person named,${office.people}`, contact));
		const before = await stateOf(domain, 'named');
		await expect(comeBack(domain, 'named')).rejects.toMatchObject({ kind: 'taken' });
		expect(await stateOf(domain, 'named')).toEqual(before);
	});
});

describe('who is not brought back', () => {
	test('somebody who is enabled already', async () => {
		await addPerson(domain, office, 'on');
		let opened: Directory | undefined;
		const result = await comeBack(domain, 'on', { othersToo: true }, { wrap: (directory) => (opened = directory) });
		expect(result).toMatchObject({ outcome: 'unchanged', notes: ['The account was enabled already.'] });
		expect(opened?.writes()).toBe(0);
	});

	test('somebody whom an administrator disabled, unless that is asked for', async () => {
		const dn = await addPerson(domain, office, 'held');
		await edit(domain, dn, change('replace', 'userAccountControl', ['514']));
		const before = await stateOf(domain, 'held');
		const result = await comeBack(domain, 'held');
		expect(result).toMatchObject({ outcome: 'refused', account: { enabled: false, state: null } });
		expect(result.message).toBe(
			`${dn} is not enabled. It was disabled by somebody else: it bears no mark of this tool. Nothing was written.`,
		);
		expect(await stateOf(domain, 'held')).toEqual(before);
		expect(await comeBack(domain, 'held', { othersToo: true })).toMatchObject({
			outcome: 'enabled',
			changes: [{ attribute: 'userAccountControl', from: ['514'], to: ['512'] }],
		});
		expect(await canBind(domain, dn, NEW_PASSWORD)).toBe(true);
	});

	test('nobody, and a protected account', async () => {
		expect((await comeBack(domain, 'nobody')).outcome).toBe('not found');
		const dn = await leaver('boss');
		await edit(domain, `CN=Domain Admins,CN=Users,${domain.baseDn}`, change('add', 'member', [dn]));
		expect((await comeBack(domain, 'boss')).outcome).toBe('protected');
	});
});
