import { policyWith, POLICY, LEAVERS, OUTSIDE, SALES } from '../steps/world';
import type { DesiredAccount, Policy } from '../../../../lib/contracts';
import { toFileTime } from '../../../../lib/schema/instants';
import { account, inDays, NOW, person, personWith, planOf, type Given } from './town';
import { told, toldProblems } from './told';

const UNCHANGED = ['unchanged'];

type Row = {
	readonly row: string;
	readonly person?: Partial<DesiredAccount>;
	readonly account?: Given;
	readonly attributes?: Readonly<Record<string, string>>;
	readonly policy?: Policy;
	/** Kind of change and steps, a kind of problem, or that nothing is done. */
	readonly is: readonly string[];
};

const create = 'create CN=User E-1 in Staff';
const finish = ['setPassword', 'enable'];
const leaver = { lifecycle: 'leaver' } as const;
const away = { lifecycle: 'away' } as const;
const leave = ['disable, description nothing -> Left', 'setPassword', 'relocate Staff/User E-1 -> Leavers/User E-1'];
const DONE = { pwdLastSet: toFileTime(Date.parse(NOW)), description: 'Left' };
const EARLY = policyWith({ joiners: { until: 'enabled' } });

const ROWS: readonly Row[] = [
	{ row: 'active + no match', is: ['joiner', create, ...finish] },
	{
		row: 'active + no match, in a group',
		person: { groups: ['Sales'] },
		is: ['joiner', create, 'link Sales', ...finish],
	},
	{ row: 'active + no match, not yet due', person: { startsAt: inDays(7, 1) }, is: UNCHANGED },
	{ row: 'active + no match, due, start not reached', person: { startsAt: inDays(7) }, is: ['joiner', create] },
	{
		row: 'active + no match, due, enabled until the start',
		...{ person: { startsAt: inDays(7) }, policy: EARLY, is: ['joiner', create, ...finish] },
	},
	{ row: 'active + no match, joiners off', policy: policyWith({ joiners: { create: false } }), is: UNCHANGED },
	{
		row: 'active + pending, start not reached',
		...{ account: { state: 'pending' }, person: { startsAt: inDays(3) }, is: UNCHANGED },
	},
	{
		row: 'active + pending, start not reached, differs',
		...{ account: { state: 'pending' }, attributes: { sn: 'Old' } },
		...{ person: { startsAt: inDays(3), groups: ['Sales'] }, is: ['joiner', 'set sn Old -> E-1', 'link Sales'] },
	},
	{
		row: 'active + pending, start reached',
		...{ account: { state: 'pending' }, person: { startsAt: inDays(0), groups: ['Sales'] } },
		is: ['joiner', 'link Sales', ...finish],
	},
	{ row: 'active + enabled', account: {}, is: UNCHANGED },
	{ row: 'active + enabled, differs', account: {}, attributes: { sn: 'Old' }, is: ['mover', 'set sn Old -> E-1'] },
	{
		row: 'active + enabled, to stand elsewhere',
		...{ account: { ou: SALES }, is: ['mover', 'relocate Sales/User E-1 -> Staff/User E-1'] },
	},
	{
		row: 'active + left within N days',
		account: { state: 'left', since: inDays(-90) },
		is: ['rehire', ...finish],
	},
	{
		row: 'active + left within N days, in the leaver OU',
		account: { state: 'left', ou: LEAVERS },
		is: ['rehire', 'relocate Leavers/User E-1 -> Staff/User E-1', ...finish],
	},
	{
		row: 'active + left longer ago',
		account: { state: 'left', since: inDays(-90, -1) },
		is: ['problem', 'left long ago'],
	},
	{
		row: 'active + left, rehires off',
		...{ account: { state: 'left' }, policy: policyWith({ rehires: { enable: false } }), is: UNCHANGED },
	},
	{
		row: 'active + left, back next month',
		account: { state: 'left' },
		person: { startsAt: inDays(30) },
		is: UNCHANGED,
	},
	{ row: 'active + disabled without mark', account: { state: 'others' }, is: ['problem', 'disabled by others'] },
	{ row: 'active + found outside the scope', account: { ou: OUTSIDE }, is: ['problem', 'out of scope'] },
	{
		row: 'active + disabled without mark, in the leaver OU',
		...{ account: { ou: LEAVERS, state: 'others' }, is: ['problem', 'out of scope'] },
	},
	{ row: 'away + enabled', person: away, account: {}, attributes: { sn: 'Old' }, is: UNCHANGED },
	{ row: 'away + pending', person: away, account: { state: 'pending' }, is: UNCHANGED },
	{ row: 'away + left', person: away, account: { state: 'left' }, is: UNCHANGED },
	{ row: 'away + no match', person: away, is: UNCHANGED },
	{ row: 'away + outside the scope', person: away, account: { ou: OUTSIDE }, is: UNCHANGED },
	{ row: 'away, past the end', person: { ...away, endsAt: inDays(-1) }, account: {}, is: UNCHANGED },
	{ row: 'leaver + enabled', person: leaver, account: {}, is: ['leaver', ...leave] },
	{
		row: 'leaver + enabled, in groups',
		...{ person: leaver, account: { groups: ['Sales', 'Poets'] } },
		is: ['leaver', leave[0] ?? '', 'setPassword', 'unlink Sales', 'unlink Poets', leave[2] ?? ''],
	},
	{ row: 'leaver + pending', person: leaver, account: { state: 'pending' }, is: ['leaver', ...leave] },
	{
		row: 'leaver + left, nothing outstanding',
		...{ person: leaver, account: { state: 'left', ou: LEAVERS }, attributes: DONE, is: UNCHANGED },
	},
	{
		row: 'leaver + left, the password outstanding',
		...{ person: leaver, account: { state: 'left', ou: LEAVERS }, is: ['leaver', 'setPassword'] },
	},
	{
		row: 'leaver + left, due',
		...{ person: leaver, account: { state: 'left', ou: LEAVERS, since: inDays(-30) }, is: ['leaver', 'delete'] },
	},
	{
		row: 'leaver + left, due in a second',
		...{ person: leaver, account: { state: 'left', ou: LEAVERS, since: inDays(-30, 1) }, attributes: DONE },
		is: UNCHANGED,
	},
	{ row: 'leaver + disabled without mark', person: leaver, account: { state: 'others' }, is: UNCHANGED },
	{ row: 'leaver + no match', person: leaver, is: UNCHANGED },
	{ row: 'leaver + outside the scope', person: leaver, account: { ou: OUTSIDE }, is: UNCHANGED },
	{
		row: 'leaver + enabled, leavers off',
		...{ person: leaver, account: {}, policy: policyWith({ leavers: { disable: false } }), is: UNCHANGED },
	},
	{ row: 'past the end + enabled', person: { endsAt: inDays(0) }, account: {}, is: ['leaver'] },
	{ row: 'past the end + no match', person: { endsAt: inDays(0) }, is: UNCHANGED },
];

describe('who is what', () => {
	test.each(ROWS)('$row', async ({ person: changes, account: given, attributes, policy = POLICY, is }) => {
		const accounts = given ? account('E-1', given, attributes) : '';
		const made = await planOf({ accounts, people: [person('E-1', changes)], policy });
		const { 'E-1': what } = told(made);
		const problems = toldProblems(made).map((problem) => ['problem', problem.replace('E-1: ', '')]);
		const actual = what ?? problems[0] ?? UNCHANGED;
		if (is.length === 1) expect(actual.slice(0, 1)).toEqual(is);
		else expect(actual).toEqual(is);
		const { people } = made.plan.counts;
		expect(Object.values(people).reduce((sum, count) => sum + count)).toBe(1);
		expect(people).toMatchObject({ [is[0] ?? '']: 1 });
	});

	const lifecycles = ['active', 'away', 'leaver'] as const;
	const states = ['enabled', 'pending', 'left', 'others'] as const;
	test.each(lifecycles.flatMap((lifecycle) => states.map((state) => [lifecycle, state] as const)))(
		'anything + protected is a problem, shown first: %s + %s',
		async (lifecycle, state) => {
			const made = await planOf({
				accounts: [account('E-0', { state: 'others' }), account('E-1', { state, protected: true })],
				people: [person('E-0'), person('E-1', { lifecycle })],
			});
			expect(told(made)).toEqual({});
			expect(toldProblems(made)).toEqual(['E-1: protected!', 'E-0: disabled by others']);
			const isOpen = lifecycle === 'leaver' && state === 'enabled';
			expect(made.problems[0]?.whatToDo.includes('Disable the account by hand now.')).toBe(isOpen);
			expect(made.problems[0]?.message).toContain('CN=User E-1,OU=Staff');
		},
	);

	test.each([
		['outside the scope', { ou: OUTSIDE }],
		['in the leaver OU, without mark', { ou: LEAVERS, state: 'others' }],
	] as const)('a protected account is a problem, shown first, even %s', async (_where, given) => {
		const made = await planOf({ accounts: account('E-1', { ...given, protected: true }), people: [person('E-1')] });
		expect(toldProblems(made)).toEqual(['E-1: protected!']);
	});
});

describe('a previous key', () => {
	const contractor = (state: Given['state'] = 'enabled') => account('C-17', { state }, {}, 'E-1');
	const employee = (changes: Partial<DesiredAccount> = {}) => person('E-1', { previousKeys: ['c-17 '], ...changes });

	test('makes an employee of a contractor: the same account, the new key, nothing else', async () => {
		const made = await planOf({ accounts: contractor(), people: [employee()] });
		expect(told(made)).toEqual({ 'E-1': ['mover', 'set employeeID C-17 -> E-1'] });
		expect(made.plan.changes[0]).toMatchObject({ risk: 'high', riskReasons: ['employeeID is changed'] });
	});

	test('brings a contractor back as an employee', async () => {
		const made = await planOf({ accounts: contractor('left'), people: [employee()] });
		expect(told(made)).toEqual({ 'E-1': ['rehire', 'set employeeID C-17 -> E-1', 'setPassword', 'enable'] });
	});

	test('keeps nobody from leaving, and the account keeps the key that it has', async () => {
		const made = await planOf({ accounts: contractor(), people: [employee(leaver)] });
		expect(told(made)).toEqual({ 'E-1': ['leaver', ...leave] });
	});

	test.each<[string, string[], DesiredAccount[], string[]]>([
		[
			'and the key lead to two accounts',
			[contractor(), account('E-1', {}, {}, 'E-2')],
			[employee()],
			['E-1: conflict'],
		],
		['is that of two accounts', [contractor(), account('C-17', {}, {}, 'E-2')], [employee()], ['E-1: ambiguous']],
		[
			'is the key of somebody else in the feed',
			[contractor()],
			[employee(), person('C-17')],
			['E-1: duplicate', 'C-17: duplicate'],
		],
		['leads to an account that was begun and not finished', [contractor('pending')], [employee()], ['E-1: review']],
	])('%s: a problem, and nothing is planned', async (_what, accounts, people, problems) => {
		const made = await planOf({ accounts, people });
		expect(told(made)).toEqual({});
		expect(toldProblems(made)).toEqual(problems);
	});

	test('of a person out of scope is looked for in the whole domain before anybody is created', async () => {
		const made = await planOf({ accounts: account('C-17', { ou: OUTSIDE }, {}, 'E-1'), people: [employee()] });
		expect(toldProblems(made)).toEqual(['E-1: out of scope']);
	});
});

describe('keys', () => {
	test('are equal without case and without blanks around them', async () => {
		const made = await planOf({ accounts: account('e-1 ', {}, {}, 'E-1'), people: [person('E-1')] });
		expect([told(made), toldProblems(made)]).toEqual([{}, []]);
	});

	test('that two people have are a problem for both', async () => {
		const made = await planOf({ people: [person('E-1'), personWith('e-1 ', { employeeID: 'e-1' })] });
		expect(told(made)).toEqual({});
		expect(toldProblems(made)).toEqual(['E-1: duplicate', 'e-1 : duplicate']);
	});

	test('of a person and of a rejected one are a problem, since one of the two may be the other', async () => {
		const rejected = [{ key: 'E-1', displayName: 'Ada' }];
		const made = await planOf({ people: [person('E-1')], feed: { rejected } });
		expect(toldProblems(made)).toEqual(['E-1: duplicate']);
	});

	test('too long for the anchor attribute stop the plan before anything is planned', async () => {
		const long = 'E'.repeat(17);
		await expect(planOf({ people: [person('E-1'), person(long)] })).rejects.toThrow(
			/employeeID takes 16 characters.*1 of the 2 keys/,
		);
		await expect(planOf({ people: [person('E'.repeat(16))] })).resolves.toBeDefined();
	});
});

describe('another attribute to match on', () => {
	const mail = (key: string) => personWith(key, { mail: 'ada@example.com' });
	const mailed = (key: string, name: string) => account(key, {}, { mail: 'Ada@example.com' }, name);

	test.each<[string, string[], DesiredAccount[], string[]]>([
		['an account without key', [mailed('', 'A')], [mail('E-1')], ['E-1: review']],
		['an account with another key', [mailed('X-1', 'A')], [mail('E-1')], ['E-1: review']],
		['two accounts', [mailed('', 'A'), mailed('', 'B')], [mail('E-1')], ['E-1: ambiguous']],
		['one account for two people', [mailed('', 'A')], [mail('E-1'), mail('E-2')], ['E-1: conflict', 'E-2: conflict']],
	])('finds %s: for review, and never written to', async (_what, accounts, people, problems) => {
		const made = await planOf({ accounts, people, matchOn: ['mail'] });
		expect(told(made)).toEqual({});
		expect(toldProblems(made)).toEqual(problems);
	});

	test('leaves the account alone that is found by its key', async () => {
		const made = await planOf({
			accounts: [mailed('E-1', 'E-1'), mailed('', 'B')],
			...{ people: [mail('E-1')], matchOn: ['mail'] },
		});
		expect([told(made), toldProblems(made)]).toEqual([{}, []]);
	});
});
