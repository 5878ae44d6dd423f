import type { DesiredAccount, Policy } from '../../../../lib/contracts';
import { POLICY, policyWith } from '../steps/world';
import { account, inDays, person, personWith, planOf } from './town';
import { stepsOf, told, toldProblems } from './told';

type Has = Parameters<typeof account>[2];
type Wants = DesiredAccount['attributes'];

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
const base64 = (bytes: Buffer) => ({ base64: bytes.toString('base64') });
const NEVER = '9223372036854775807';

/** What is written to an account that has some attributes, of a person who is to have others. */
async function written(has: Has, wants: Wants, changes: Partial<DesiredAccount> = {}, policy: Policy = POLICY) {
	const made = await planOf({ accounts: account('A', {}, has), people: [personWith('A', wants, changes)], policy });
	expect(toldProblems(made)).toEqual([]);
	expect(made.plan.changes.every(({ lifecycle }) => lifecycle === 'mover')).toBe(true);
	return told(made)['A']?.slice(1).join(' | ') ?? '';
}

describe('an attribute', () => {
	test.each<[string, Has, Wants, string]>([
		['is set where there is none', {}, { title: 'Poet' }, 'set title nothing -> Poet'],
		['is set where there is another', { title: 'Clerk' }, { title: 'Poet' }, 'set title Clerk -> Poet'],
		['is cleared by null', { title: 'Clerk' }, { title: null }, 'set title Clerk -> nothing'],
		['is cleared by null once only', {}, { title: null }, ''],
		['is left alone where nothing is said', { title: 'Clerk' }, {}, ''],
		['is compared by its letters', { title: 'poet' }, { title: 'Poet' }, 'set title poet -> Poet'],
		['is the same in any spelling of its name', { title: 'Poet' }, { TITLE: 'Poet' }, ''],
		[
			'is written under the name that the mapping has',
			{ title: 'Clerk' },
			{ TITLE: 'Poet' },
			'set TITLE Clerk -> Poet',
		],
		['mail is the same in capitals', { mail: 'Ada@Example.com' }, { mail: 'ada@example.com' }, ''],
		[
			'of several values changes by value',
			{ otherTelephone: ['1', '2'] },
			{ otherTelephone: ['2', '3'] },
			'set otherTelephone -1 +3',
		],
		['of several values has no order', { otherTelephone: ['1', '2'] }, { otherTelephone: ['2', '1', '2'] }, ''],
		[
			'of several values is cleared by null',
			{ otherTelephone: ['1', '2'] },
			{ otherTelephone: null },
			'set otherTelephone -1 -2',
		],
		[
			'of several values is cleared by an empty list',
			{ otherTelephone: '1' },
			{ otherTelephone: [] },
			'set otherTelephone -1',
		],
		[
			'of several values takes a single one',
			{ otherTelephone: ['1'] },
			{ otherTelephone: '2' },
			'set otherTelephone -1 +2',
		],
		[
			'of bytes is written in base64',
			{},
			{ thumbnailPhoto: base64(PNG) },
			'set thumbnailPhoto nothing -> base64 iVBORwD/',
		],
		['of bytes is the same by its bytes', { thumbnailPhoto: PNG }, { thumbnailPhoto: base64(PNG) }, ''],
		['is a number, however it is written', { countryCode: '276' }, { countryCode: '0276' }, ''],
		['is another number', { countryCode: '276' }, { countryCode: '056' }, 'set countryCode 276 -> 56'],
		[
			'is an instant as FILETIME',
			{},
			{ accountExpires: '134432316000000000' },
			'set accountExpires nothing -> 134432316000000000',
		],
		['is no end in both of its ways', { accountExpires: '0' }, { accountExpires: NEVER }, ''],
		[
			'is an end that is taken away',
			{ accountExpires: '134432316000000000' },
			{ accountExpires: null },
			`set accountExpires 134432316000000000 -> ${NEVER}`,
		],
		['is no end, and stays so', { accountExpires: NEVER }, { accountExpires: null }, ''],
		[
			'several are written in one step',
			{ title: 'Clerk' },
			{ title: 'Poet', department: 'Verse' },
			'set title Clerk -> Poet, department nothing -> Verse',
		],
		['the key is not written again in other letters', {}, { employeeID: 'a' }, ''],
	])('%s', async (_what, has, wants, expected) => {
		expect(await written(has, wants)).toBe(expected);
	});

	test.each<[string, Has, Wants, Partial<DesiredAccount>, Policy, string]>([
		[
			'createOnly: an account keeps what it has',
			{ title: 'Clerk' },
			{ title: 'Poet' },
			{ createOnly: ['TITLE'] },
			POLICY,
			'',
		],
		['createOnly: an account is not given any', {}, { title: 'Poet' }, { createOnly: ['title'] }, POLICY, ''],
		[
			'fillOnly: an account keeps what it has',
			{ title: 'Clerk' },
			{ title: 'Poet' },
			{ fillOnly: ['Title'] },
			POLICY,
			'',
		],
		['fillOnly: is not cleared', { title: 'Clerk' }, { title: null }, { fillOnly: ['title'] }, POLICY, ''],
		['fillOnly: fills', {}, { title: 'Poet' }, { fillOnly: ['title'] }, POLICY, 'set title nothing -> Poet'],
		[
			'never overwritten: keeps',
			{ title: 'Clerk' },
			{ title: 'Poet' },
			{},
			policyWith({ movers: { keep: ['TITLE'] } }),
			'',
		],
		[
			'never overwritten: fills',
			{},
			{ title: 'Poet' },
			{},
			policyWith({ movers: { keep: ['title'] } }),
			'set title nothing -> Poet',
		],
		['updates off', { title: 'Clerk' }, { title: 'Poet' }, {}, policyWith({ movers: { update: false } }), ''],
	])('%s', async (_what, has, wants, changes, policy, expected) => {
		expect(await written(has, wants, changes, policy)).toBe(expected);
	});

	test('of a joiner is whatever is wanted: createOnly and fillOnly count as given, null as nothing', async () => {
		const who = personWith(
			'A',
			{
				title: 'Poet',
				department: 'Verse',
				company: null,
				otherTelephone: ['1', '2', '1'],
				thumbnailPhoto: base64(PNG),
			},
			{ createOnly: ['title'], fillOnly: ['department'], endsAt: '2026-12-31T23:00:00Z' },
		);
		const { plan } = await planOf({ people: [who], policy: policyWith({ movers: { keep: ['title'] } }) });
		const [create] = stepsOf(plan, 'create');
		expect(create?.step.attributes).toEqual({
			...{ displayName: ['User A'], givenName: ['User'], sn: ['A'], employeeID: ['A'], title: ['Poet'] },
			...{ department: ['Verse'], otherTelephone: ['1', '2'], thumbnailPhoto: [base64(PNG)] },
			...{ sAMAccountName: ['usera'], userPrincipalName: ['usera@corp.example.com'] },
			accountExpires: ['134432316000000000'],
		});
	});

	test('of a pending account is brought to what is wanted by the rules of creation', async () => {
		const who = personWith('A', { title: 'Poet' }, { createOnly: ['title'], startsAt: inDays(1) });
		const made = await planOf({ accounts: account('A', { state: 'pending' }, { title: 'Clerk' }), people: [who] });
		expect(told(made)).toEqual({ A: ['joiner', 'set title Clerk -> Poet'] });
	});
});

describe('a value that does not fit', () => {
	test.each<[string, Wants, RegExp]>([
		['is too long', { title: 'P'.repeat(129) }, /title.*128/],
		['is empty', { title: '' }, /title has an empty value/],
		['is one of several where one fits', { title: ['Poet', 'Clerk'] }, /title takes one value, and 2/],
		['is no number', { countryCode: 'Germany' }, /countryCode/],
		['is of an attribute that no mapping may write', { adminCount: '1' }, /adminCount cannot be written/],
		['is of a password', { unicodePwd: 'secret' }, /unicodePwd cannot be written/],
		['is of no attribute at all', { '*)(x=': 'y' }, /./],
	])('%s: a problem of this person, and everybody else goes on', async (_what, wants, words) => {
		const people = [personWith('A', wants), personWith('J', wants), personWith('B', { title: 'Poet' })];
		const made = await planOf({ accounts: [account('A'), account('B')], people });
		expect(toldProblems(made)).toEqual(['A: bad value', 'J: bad value']);
		expect(made.problems[0]?.message).toMatch(words);
		expect(told(made)).toEqual({ B: ['mover', 'set title nothing -> Poet'] });
		// In the record that HR sent, and nowhere else.
		expect(JSON.stringify([made.plan, made.problems.map((problem) => ({ ...problem, record: null }))])).not.toContain(
			'secret',
		);
	});

	test('is nothing to a leaver', async () => {
		const who = personWith('A', { title: '' }, { lifecycle: 'leaver' });
		const made = await planOf({ accounts: account('A'), people: [who] });
		expect(made.plan.counts.people.leaver).toBe(1);
	});

	test('in the attribute for the marks stops the plan', async () => {
		await expect(planOf({ people: [personWith('A', { CarLicense: 'B-AL 1' })] })).rejects.toThrow(/holds the marks/);
	});

	test('in the anchor, other than the key, is a problem', async () => {
		const made = await planOf({ people: [personWith('A', { employeeID: 'B' })] });
		expect([told(made), toldProblems(made)]).toEqual([{}, ['A: unusable']]);
	});
});

describe('what changes', () => {
	test.each<[string, Wants, string]>([
		['an address', { mail: 'ada@example.com' }, 'mail is changed'],
		['an alias', { proxyAddresses: ['smtp:a@example.com'] }, 'proxyAddresses is changed'],
		['an end', { accountExpires: '134432316000000000' }, 'accountExpires is changed'],
		['a logon script', { scriptPath: 'x.cmd' }, 'scriptPath is changed'],
	])('is of high risk: %s', async (_what, wants, reason) => {
		const { plan } = await planOf({ accounts: account('A'), people: [personWith('A', wants)] });
		expect(plan.changes[0]).toMatchObject({ risk: 'high', riskReasons: [reason] });
	});

	test('is of low risk otherwise', async () => {
		const people = [personWith('A', { title: 'Poet' }), person('B')];
		const { plan } = await planOf({ accounts: account('A'), people });
		expect(plan.changes.map(({ risk }) => risk)).toEqual(['low', 'low']);
	});
});
