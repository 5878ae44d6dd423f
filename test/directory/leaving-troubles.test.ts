/** Leaves that cannot do everything: no room for the snapshot, somebody quicker, refusals, and a connection that is gone. */
import { Attribute } from 'ldapts';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';
import {
	addHideAttribute,
	addPerson,
	change,
	comeBack,
	edit,
	interfere,
	leave,
	MARKING,
	OLD_PASSWORD,
	openOffice,
	stateOf,
	writes,
	type Office,
} from './leave-return-people';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	await addHideAttribute(domain);
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

const isMark = expect.stringMatching(/^adprov1:left:/) as unknown;
const isSnapshot = expect.stringMatching(/^adprov1:snapshot:/) as unknown;

let nextKey = 0;

describe('a snapshot for which there is no room', () => {
	const marked = (markAttribute: string) => ({ marking: { ...MARKING, markAttribute } });

	test('is written without the groups, which are kept then', async () => {
		await addPerson(domain, office, 'room1');
		const more = Array.from({ length: 20 }, (_, index) => `CN=More ${index},${office.people}`);
		await asAdministrator(domain, async (client) => {
			for (const [index, group] of more.entries())
				await client.add(group, {
					objectClass: 'group',
					sAMAccountName: `more${index}`,
					member: `CN=Person room1,${office.people}`,
				});
		});
		const options = { ...office.everything, clear: ['title'] };
		const { outcome, notes } = await leave(domain, 'room1', options, marked('proxyAddresses'));
		expect(outcome).toBe('disabled');
		expect(notes).toEqual([
			'The snapshot does not fit into proxyAddresses: the account is disabled, the groups were kept.',
		]);
		const state = await stateOf(domain, 'room1');
		expect(state['proxyAddresses']).toEqual([isMark, isSnapshot]);
		expect(state['groups']).toHaveLength(23);
		expect([state['title'], state['distinguishedName']]).toEqual([undefined, [`CN=Person room1,${office.leavers}`]]);
		expect((await leave(domain, 'room1', options, marked('proxyAddresses'))).outcome).toBe('unchanged');
		expect((await comeBack(domain, 'room1', {}, marked('proxyAddresses'))).outcome).toBe('enabled');
		expect(await stateOf(domain, 'room1')).toMatchObject({ title: ['Tester'], userAccountControl: ['512'] });
	});

	test('is left out when there is none at all: disabled with a new password, and everything is kept', async () => {
		await addPerson(domain, office, 'room2');
		const before = await stateOf(domain, 'room2');
		const { outcome, notes } = await leave(domain, 'room2', office.everything, marked('businessCategory'));
		expect(outcome).toBe('disabled');
		expect(notes).toEqual([
			'The snapshot does not fit into businessCategory: the account is disabled, groups, attributes and place were kept, and cannot be restored by Enable.',
		]);
		expect(await stateOf(domain, 'room2')).toEqual({
			...before,
			userAccountControl: ['514'],
			businessCategory: [isMark],
		});
		const again = await leave(domain, 'room2', office.everything, marked('businessCategory'));
		// The mark's instant alone does not tell whose password it is within two seconds: another one does no harm.
		expect(again).toMatchObject({
			outcome: 'disabled',
			changes: [],
			notes: ['There is no snapshot: groups, attributes and place were kept.'],
		});
		const back = await comeBack(domain, 'room2', {}, marked('businessCategory'));
		expect(back).toMatchObject({
			outcome: 'enabled',
			notes: ['There is no snapshot of what the account had: nothing was restored.'],
		});
		expect(await stateOf(domain, 'room2')).toEqual(before);
	});

	test.each([
		[11, '00002024'],
		[19, '00002082'],
		[21, '0000200B'],
	])('is left out when the directory says so by %i %s', async (code, win32) => {
		const key = `room${win32}`;
		await addPerson(domain, office, key.slice(0, 12));
		const wrap = interfere((changes, pass) => {
			if (!changes.some(({ values }) => values.some((value) => String(value).startsWith('adprov1:snap'))))
				return pass();
			const facts = { kind: 'person' as const, message: 'refused', whatToDo: '' };
			return Promise.reject(new DirectoryError({ ...facts, code, win32, said: `${win32}: no room` }));
		});
		const { outcome, notes } = await leave(domain, key.slice(0, 12), office.everything, { wrap });
		expect(outcome).toBe('disabled');
		expect(notes.join()).toContain(`The directory said: ${win32}: no room`);
	});
});

describe('an account that changes between reading and writing', () => {
	test.each<[string, string, string[]]>([
		['by being enabled in another way', 'userAccountControl', ['66048']],
		['by a new title', 'title', ['Director']],
		['by losing its photo', 'thumbnailPhoto', []],
		['by a new end', 'accountExpires', ['134000000000000000']],
		['by another phone number more', 'otherTelephone', ['+49 30 3']],
		['by another manager', 'manager', ['CN=Guest,CN=Users,DC=corp,DC=example,DC=com']],
	])('%s is a conflict, and nothing is written', async (_what, attribute, values) => {
		const key = `c${(nextKey += 1)}`;
		const dn = await addPerson(domain, office, key);
		const before = await stateOf(domain, key);
		const wrap = interfere(async (_changes, pass) => {
			await edit(domain, dn, change('replace', attribute, values));
			await pass();
		});
		await expect(leave(domain, key, office.everything, { wrap })).rejects.toMatchObject({ kind: 'conflict' });
		const { [attribute]: changed, ...rest } = await stateOf(domain, key);
		expect([changed ?? [], { ...rest, [attribute]: before[attribute] }]).toEqual([values, before]);
	});

	test('by losing its mark keeps its password', async () => {
		const dn = await addPerson(domain, office, 'lost');
		const wrap = interfere(async (changes, pass) => {
			if (writes(changes, 'unicodePwd')) await edit(domain, dn, change('replace', 'carLicense', []));
			await pass();
		});
		const result = await leave(domain, 'lost', office.everything, { wrap });
		expect(result.outcome).toBe('partial');
		expect(result.message).toContain('random password: Somebody changed the object since it was read');
		await edit(
			domain,
			dn,
			change('replace', 'userAccountControl', ['512']),
			change('replace', 'accountExpires', ['0']),
		);
		expect(await canBind(domain, dn, OLD_PASSWORD)).toBe(true);
	});
});

describe('what fails after the first step is said, and the account is disabled', () => {
	test('a name that is taken where leavers go', async () => {
		await addPerson(domain, office, 'taken');
		const other = [
			new Attribute({ type: 'objectClass', values: ['contact'] }),
			new Attribute({ type: 'title', values: ['x'] }),
		];
		await asAdministrator(domain, (client) => client.add(`CN=Person taken,${office.leavers}`, other));
		const result = await leave(domain, 'taken', office.everything);
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false, state: 'left' } });
		expect(result.message).toContain(`is disabled. Not done: move to ${office.leavers}:`);
		await asAdministrator(domain, (client) => client.del(`CN=Person taken,${office.leavers}`));
		expect(await leave(domain, 'taken', office.everything)).toMatchObject({
			outcome: 'disabled',
			changes: [{ attribute: 'distinguishedName' }],
		});
	});

	test('a group that refuses does not keep the others, nor the move', async () => {
		await addPerson(domain, office, 'grp');
		let refused = 0;
		const wrap = interfere((changes, pass) => {
			if (!writes(changes, 'member') || (refused += 1) > 1) return pass();
			return Promise.reject(new DirectoryError({ kind: 'person', code: 50, message: 'No.', whatToDo: 'Give it.' }));
		});
		const result = await leave(domain, 'grp', office.everything, { wrap });
		expect(result).toMatchObject({ outcome: 'partial', whatToDo: expect.stringContaining('run again') as unknown });
		expect(result.message).toMatch(/Not done: out of the group group\d: The service account has no right/);
		const state = await stateOf(domain, 'grp');
		expect(state['groups']).toHaveLength(1);
		expect(state['distinguishedName']).toEqual([`CN=Person grp,${office.leavers}`]);
		expect((await leave(domain, 'grp', office.everything)).outcome).toBe('disabled');
		expect((await stateOf(domain, 'grp'))['groups']).toEqual([]);
	});

	test('a password that is refused keeps the account where it can be tried again', async () => {
		await addPerson(domain, office, 'pwr');
		const wrap = interfere((changes, pass) => {
			if (!writes(changes, 'unicodePwd')) return pass();
			return Promise.reject(
				new DirectoryError({ kind: 'person', code: 50, message: 'No right.', whatToDo: 'Give it.' }),
			);
		});
		const result = await leave(domain, 'pwr', office.everything, { wrap });
		expect(result.outcome).toBe('partial');
		expect(result.message).toBe(
			`CN=Person pwr,${office.people} is disabled. Not done: random password: No right. · move to ${office.leavers}: not tried`,
		);
		expect((await leave(domain, 'pwr', office.everything)).outcome).toBe('disabled');
		expect((await stateOf(domain, 'pwr'))['distinguishedName']).toEqual([`CN=Person pwr,${office.leavers}`]);
	});
});

describe('what goes wrong on the way', () => {
	test('a random password that the policy refuses is tried once more, with another one', async () => {
		const dn = await addPerson(domain, office, 'policy');
		const tried: string[] = [];
		const wrap = interfere((changes, pass) => {
			const password = changes.find(({ attribute }) => attribute === 'unicodePwd')?.values[0];
			if (password === undefined || tried.push(Buffer.from(password).toString('hex')) > 1) return pass();
			const facts = { kind: 'person' as const, code: 19, win32: '0000052D', message: 'No.', whatToDo: '' };
			return Promise.reject(new DirectoryError(facts));
		});
		expect((await leave(domain, 'policy', { randomPassword: true }, { wrap })).outcome).toBe('disabled');
		expect(new Set(tried).size).toBe(2);
		expect(await canBind(domain, dn, OLD_PASSWORD)).toBe(false);
	});

	test('a connection that is lost for good: the rest is not tried, and said', async () => {
		await addPerson(domain, office, 'dead');
		const wrap = interfere((changes, pass) => {
			if (!writes(changes, 'unicodePwd')) return pass();
			const facts = { kind: 'lost' as const, stage: 'reach' as const, message: 'It is gone.', whatToDo: 'Look.' };
			return Promise.reject(new DirectoryError(facts));
		});
		const result = await leave(domain, 'dead', office.everything, { wrap });
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false, state: 'left' } });
		expect(result.message).toContain('random password: It is gone. · out of the group group');
		expect(result.message?.match(/not tried/g)).toHaveLength(4);
		expect(await leave(domain, 'dead', office.everything)).toMatchObject({ outcome: 'disabled' });
		const state = await stateOf(domain, 'dead');
		expect([state['groups'], state['distinguishedName']]).toEqual([[], [`CN=Person dead,${office.leavers}`]]);
	});

	test('groups that cannot be seen, but that the account names, are said', async () => {
		await addPerson(domain, office, 'blind');
		const wrap = (directory: Directory): Directory => ({
			...directory,
			search: async (base, request) =>
				String(request.filter).startsWith('(member=') ? [] : await directory.search(base, request),
		});
		const { outcome, notes } = await leave(domain, 'blind', office.everything, { wrap });
		expect(outcome).toBe('disabled');
		expect(notes.join()).toContain(
			'3 groups of other domains, or that the service account cannot read, were kept: CN=',
		);
	});
});
