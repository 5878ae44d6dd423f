import type { DesiredAccount } from '../../../../lib/contracts';
import { groupDn, policyWith, ROOT } from '../steps/world';
import { account, group, person, planOf, type World } from './town';
import { told, toldProblems } from './told';

const ADD = policyWith({ groups: { mode: 'add' } });
const MANAGED = policyWith({ groups: { mode: 'managed', retired: ['Old Sales'] } });
const wants = (key: string, groups: readonly string[], managedGroups: readonly string[] = ['Sales', 'Support']) =>
	person(key, { groups, managedGroups } satisfies Partial<DesiredAccount>);

async function steps(world: World): Promise<readonly string[]> {
	const made = await planOf(world);
	expect(toldProblems(made)).toEqual([]);
	return told(made)['A']?.slice(1) ?? [];
}

describe('groups, add only', () => {
	test.each<[string, string[], string[], string[]]>([
		['missing ones are added', ['Poets'], ['Sales'], ['link Sales']],
		['none is taken away', ['Poets', 'Support', 'Old Sales'], [], []],
		['what is there stays as it is', ['Sales'], ['Sales'], []],
		['a group that is named twice is one', [], ['Sales', groupDn('Sales'), 'sales'], ['link Sales']],
	])('%s', async (_what, has, wanted, expected) => {
		const accounts = account('A', { groups: has });
		expect(await steps({ accounts, people: [wants('A', wanted)], policy: ADD })).toEqual(expected);
	});
});

describe('groups, a managed set', () => {
	test.each<[string, string[], string[], string[]]>([
		['one that the rules give, and not to this person, goes', ['Sales', 'Support'], ['Sales'], ['unlink Support']],
		['one that no rule gives stays', ['Poets'], ['Sales'], ['link Sales']],
		['a retired one goes', ['Old Sales', 'Poets'], [], ['unlink Old Sales']],
		['a retired one that the person is to have stays', ['Old Sales'], ['Old Sales'], []],
		['missing ones first, then those to go', ['Support'], ['Sales'], ['link Sales', 'unlink Support']],
		['one given by its distinguished name is the same group', ['Sales'], [groupDn('Sales').toLowerCase()], []],
	])('%s', async (_what, has, wanted, expected) => {
		const accounts = account('A', { groups: has });
		expect(await steps({ accounts, people: [wants('A', wanted)], policy: MANAGED })).toEqual(expected);
	});

	test('belongs to each person: another person’s rules take nothing away', async () => {
		const made = await planOf({
			accounts: [account('A', { groups: ['Support'] }), account('B', { groups: ['Support'] })],
			...{ people: [wants('A', [], []), wants('B', [], ['Support'])], policy: MANAGED },
		});
		expect(told(made)).toEqual({ B: ['mover', 'unlink Support'] });
	});

	test('takes nothing away where movers are not updated', async () => {
		const policy = policyWith({ groups: { mode: 'managed', retired: ['Old Sales'] }, movers: { update: false } });
		const accounts = account('A', { groups: ['Support', 'Old Sales'] });
		expect(await steps({ accounts, people: [wants('A', ['Sales'])], policy })).toEqual([]);
	});

	test('leaves memberships by primary group alone, which no attribute shows', async () => {
		const people = [wants('A', ['Domain Users'], ['Domain Users'])];
		const made = await planOf({ accounts: account('A', {}, { primaryGroupID: '513' }), people, policy: MANAGED });
		expect(told(made)).toEqual({});
	});
});

describe('a group that cannot be used', () => {
	const crowd = ['A', 'B', 'C'];

	test('is one problem of the plan, whatever the number of people, and everybody else gets theirs', async () => {
		const made = await planOf({
			accounts: [account('A'), account('B')],
			people: crowd.map((key) => wants(key, ['Nowhere', 'Sales'])),
		});
		expect(toldProblems(made)).toEqual(['group']);
		expect(made.problems[0]?.message).toMatch(/"Nowhere" cannot be used.*3 people are to be in it/);
		expect(told(made)).toMatchObject({
			A: ['mover', 'link Sales'],
			B: ['mover', 'link Sales'],
			C: { 2: 'link Sales' },
		});
		expect(made.plan.counts.people).toMatchObject({ joiner: 1, mover: 2, problem: 0 });
	});

	test.each([
		['called as two are', 'Twins', /2 groups are called "Twins"/],
		['empty', ' ', /it is no name of a group/],
		['of another kind', 'User A', /there is no group/],
	])('is one that is %s', async (_what, name, words) => {
		const twins = ['Sales', 'Poets'].map((at) => group('Twins', {}, `CN=Twins,${groupDn(at)}`));
		const made = await planOf({ accounts: [account('A'), ...twins], people: [wants('A', [name])] });
		expect([told(made), toldProblems(made)]).toEqual([{}, ['group']]);
		expect(made.problems[0]?.message).toMatch(words);
	});

	test('is told once, though it is wanted, managed and retired', async () => {
		const policy = policyWith({ groups: { mode: 'managed', retired: ['Nowhere', 'Gone'] } });
		const people = crowd.map((key) => wants(key, ['Nowhere'], ['Nowhere', 'Lost']));
		const made = await planOf({ accounts: crowd.map((key) => account(key)), people, policy });
		expect(toldProblems(made)).toEqual(['group', 'group', 'group']);
		expect(made.problems.map(({ message }) => /"(\w+)"/.exec(message)?.[1])).toEqual(['Nowhere', 'Gone', 'Lost']);
	});

	test.each(['Domain Admins', 'Wheel', 'Event Log Readers'])(
		'is a protected one, %s: nobody joins it, nobody is taken out',
		async (name) => {
			const made = await planOf({ people: [wants('A', [name], [name]), wants('B', [])] });
			expect(toldProblems(made)).toEqual(['group']);
			expect(made.problems[0]?.message).toContain('is protected');
			expect(told(made)).toMatchObject({ A: ['joiner', 'create CN=User A in Staff', 'setPassword', 'enable'] });
		},
	);

	test('that is protected is not left by those who leave, and a note says so', async () => {
		const readers = `CN=Event Log Readers,CN=Builtin,${ROOT}`;
		const accounts = account('A', {}, { memberOf: [groupDn('Sales'), readers] });
		const made = await planOf({ accounts, people: [person('A', { lifecycle: 'leaver' })] });
		expect(told(made)['A']?.filter((step) => step.includes('link'))).toEqual(['unlink Sales']);
		expect(made.plan.changes[0]?.notes).toEqual([expect.stringContaining(`The membership of ${readers} is kept`)]);
	});
});

test('a group that leads to one that came with the domain makes a change of high risk', async () => {
	const made = await planOf({
		accounts: [account('A'), account('B')],
		people: [wants('A', ['Print Masters']), wants('B', ['Sales'])],
	});
	const [near, plain] = made.plan.changes;
	expect(near).toMatchObject({ key: 'A', risk: 'high' });
	expect(near?.riskReasons.join()).toMatch(/the person joins Print Masters: it leads to Event Log Readers/);
	expect(plain).toMatchObject({ key: 'B', risk: 'low', riskReasons: [] });
});
