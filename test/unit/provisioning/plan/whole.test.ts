import type { DesiredAccount, Plan } from '../../../../lib/contracts';
import { sealFault } from '../../../../lib/provisioning/seals';
import { SIGNING_KEY } from '../../../support/directory';
import { groupDn, LEAVERS, OUTSIDE, POLICY, policyWith, ROOT, SALES } from '../steps/world';
import { applied } from './applying';
import { account, entriesOf, inDays, person, personWith, planOf, type World } from './town';
import { told, toldProblems } from './told';

const by = (value: string) => ({ by: 'employeeID', value });

/** Somebody of each kind. */
const EVERYBODY: World = {
	accounts: [
		account('M', { groups: ['Support'] }),
		account('S'),
		account('L', { groups: ['Sales', 'Poets'] }, { telephoneNumber: '1', manager: `CN=User M,OU=Staff,${ROOT}` }),
		account('P', { state: 'pending' }),
		account('R', { state: 'left', ou: LEAVERS }),
		account('D', { state: 'left', ou: LEAVERS, since: inDays(-40) }),
		account('X', { protected: true }),
		account('O', { state: 'others' }),
		account('C-1', {}, {}, 'C'),
	],
	people: [
		personWith('J', { manager: by('K') }, { groups: ['Sales', 'Nowhere'] }),
		personWith('K', { manager: by('M') }, { startsAt: inDays(3) }),
		personWith('M', { title: 'Poet', manager: by('J') }, { groups: ['Sales'], managedGroups: ['Support'], ou: SALES }),
		...[person('S'), person('L', { lifecycle: 'leaver' }), person('P'), person('R')],
		...[person('D', { lifecycle: 'leaver' }), person('X'), person('O'), person('C', { previousKeys: ['C-1'] })],
	],
};

describe('a plan of everybody', () => {
	test('says what happens to each person', async () => {
		const made = await planOf(EVERYBODY);
		expect(told(made)).toEqual({
			J: [
				'joiner',
				'create CN=User J in Staff',
				'link Sales',
				'setPassword',
				'enable',
				'set manager nothing -> joiner K',
			],
			K: ['joiner', 'create CN=User K in Staff'],
			M: [
				...['mover', 'set title nothing -> Poet', 'relocate Staff/User M -> Sales/User M'],
				...['link Sales', 'unlink Support', 'set manager nothing -> joiner J'],
			],
			L: [
				...['leaver', 'disable, telephoneNumber 1 -> nothing, manager User M -> nothing, description nothing -> Left'],
				...['setPassword', 'unlink Sales', 'unlink Poets', 'relocate Staff/User L -> Leavers/User L'],
			],
			P: ['joiner', 'setPassword', 'enable'],
			R: ['rehire', 'relocate Leavers/User R -> Staff/User R', 'setPassword', 'enable'],
			D: ['leaver', 'delete'],
			C: ['mover', 'set employeeID C-1 -> C'],
		});
		expect(toldProblems(made)).toEqual(['X: protected!', 'O: disabled by others', 'group']);
	});

	test('counts people, steps and writes', async () => {
		const { plan, problems } = await planOf(EVERYBODY);
		const { people, actions, writes } = plan.counts;
		expect(people).toEqual({ joiner: 3, mover: 2, leaver: 2, rehire: 1, unchanged: 1, problem: 2 });
		expect(actions).toEqual({
			...{ create: 2, set: 4, relocate: 3, link: 2, unlink: 3, setPassword: 4, enable: 3, disable: 1, delete: 1 },
		});
		expect(writes).toBe(Object.values(actions).reduce((sum, count) => sum + count));
		// A group that cannot be used is nobody's problem.
		expect(problems.filter(({ kind }) => kind !== 'group')).toHaveLength(people.problem);
	});

	test('is sealed whole and in each of its parts, and expires', async () => {
		const { plan } = await planOf({ ...EVERYBODY, policy: { ...POLICY, expiresAfterHours: 72 } });
		expect(sealFault(SIGNING_KEY, 'plan', plan)).toBeUndefined();
		for (const change of plan.changes) {
			expect(sealFault(SIGNING_KEY, 'change', change)).toBeUndefined();
			expect(change.bind).toMatchObject({ planId: plan.id, expiresAt: plan.expiresAt, digestHash: plan.digest.hash });
		}
		expect([plan.createdAt, plan.expiresAt]).toEqual(['2026-06-01T08:00:00Z', '2026-06-04T08:00:00Z']);
		expect(sealFault(SIGNING_KEY, 'plan', JSON.parse(JSON.stringify(plan)))).toBeUndefined();
	});
});

describe('the same input', () => {
	/** Without what follows from the plan's id. */
	const plain = (plan: Plan, other: Plan): unknown => {
		let text = JSON.stringify({
			...plan,
			seal: '',
			digest: '',
			changes: plan.changes.map((change) => ({ ...change, seal: '' })),
		});
		text = text.replaceAll(plan.digest.hash, other.digest.hash).replaceAll(plan.id, other.id);
		plan.changes.forEach(({ id }, index) => (text = text.replaceAll(id, other.changes[index]?.id ?? '')));
		return JSON.parse(text);
	};

	test('makes the same plan, but for ids and what follows from them', async () => {
		const [one, two] = [await planOf({ ...EVERYBODY, id: 'plan-1' }), await planOf({ ...EVERYBODY, id: 'plan-2' })];
		expect(plain(two.plan, one.plan)).toEqual(plain(one.plan, one.plan));
		expect(two.problems).toEqual(one.problems);
		expect(two.plan.digest.hash).not.toBe(one.plan.digest.hash);
		expect(await planOf({ ...EVERYBODY, id: 'plan-1' })).toEqual(one);
	});

	test('in any order of people and objects makes the same plan for each of them', async () => {
		const { people = [], accounts = [] } = EVERYBODY;
		const usual = await planOf(EVERYBODY);
		const turned = await planOf({ people: people.toReversed(), accounts: [accounts].flat().toReversed() });
		expect(told(turned)).toEqual(told(usual));
		expect(turned.plan.changes.map(({ key }) => key)).toEqual(usual.plan.changes.map(({ key }) => key).toReversed());
		expect(turned.plan.counts).toEqual(usual.plan.counts);
		expect(turned.plan.guard).toEqual(usual.plan.guard);
		expect(toldProblems(turned).toSorted()).toEqual(toldProblems(usual).toSorted());
	});

	test('in another order gives names to others, and only that', async () => {
		const names = (key: string): DesiredAccount => ({ ...person(key), names: person('N').names });
		const people = [names('A'), names('B')];
		const cn = async (who: readonly DesiredAccount[]) =>
			Object.fromEntries(Object.entries(told(await planOf({ people: who }))).map(([key, steps]) => [key, steps[1]]));
		const [first, second] = ['create CN=User N in Staff', 'create CN=User N 2 in Staff'];
		expect(await cn(people)).toEqual({ A: first, B: second });
		expect(await cn(people.toReversed())).toEqual({ A: second, B: first });
	});
});

describe('a cap on changes', () => {
	const capped = (maxChanges: number) => ({ ...POLICY, maxChanges });
	const movers = (count: number) => {
		const keys = Array.from({ length: count }, (_, index) => `K-${index}`);
		return { accounts: keys.map((key) => account(key)), people: keys.map((key) => personWith(key, { title: 'Poet' })) };
	};

	test.each([
		[4, true],
		[5, true],
		[6, false],
	])('of 5: %s people may be changed is %s', async (count, may) => {
		const plan = planOf({ ...movers(count), policy: capped(5) });
		if (may) expect((await plan).plan.changes).toHaveLength(count);
		else
			await expect(plan).rejects.toMatchObject({
				kind: 'configuration',
				message: 'The plan would change 6 people, and one plan may change 5. Nothing was planned.',
				whatToDo: expect.stringContaining('raise Max Changes') as string,
			});
	});

	test('does not count those for whom nothing is to be done, nor problems', async () => {
		const { accounts, people } = movers(5);
		const made = await planOf({
			accounts: [...accounts, account('S'), account('O', { state: 'others' })],
			people: [...people, person('S'), person('O')],
			policy: capped(5),
		});
		expect(made.plan.counts.people).toMatchObject({ mover: 5, unchanged: 1, problem: 1 });
	});
});

describe('somebody who comes back', () => {
	test('gets place, groups and attributes back, and what the feed wants on top', async () => {
		const accounts = [
			account('A', { ou: SALES, groups: ['Poets', 'Sales'] }, { telephoneNumber: '1', description: 'Countess' }),
			account('B'),
		];
		const gone = personWith('A', {}, { lifecycle: 'leaver', ou: '' });
		const { plan } = await planOf({ accounts, people: [gone] });
		const entries = applied(entriesOf({ accounts }), plan);
		const back = personWith(
			'A',
			{ title: 'Poet', manager: by('B') },
			{ ou: '', groups: ['Support'], managedGroups: ['Sales'] },
		);
		const made = await planOf({ entries, people: [back] });
		expect(told(made)).toEqual({
			A: [
				...['rehire', 'relocate Leavers/User A -> Sales/User A'],
				'set telephoneNumber nothing -> 1, description Left -> Countess, title nothing -> Poet, manager nothing -> User B',
				...['link Support', 'link Poets', 'setPassword', 'enable'],
			],
		});
		const after = applied(entries, made.plan);
		expect(told(await planOf({ entries: after, people: [back] }))).toEqual({});
		const [one] = after.filter(({ dn }) => dn === `CN=User A,${SALES}`);
		expect(one?.attributes).toMatchObject({ useraccountcontrol: ['512'], description: ['Countess'] });
		expect(one?.attributes['carlicense']).toBeUndefined();
		expect(one?.attributes['memberof']?.toSorted()).toEqual([groupDn('Poets'), groupDn('Support')]);
	});

	test('without restoring gets what the feed wants, and nothing else', async () => {
		const policy = policyWith({ rehires: { restore: false } });
		const accounts = account('A', { state: 'left', ou: LEAVERS }, { description: 'Left' });
		const made = await planOf({ accounts, people: [person('A', { groups: ['Poets'] })], policy });
		expect(told(made)).toEqual({
			A: ['rehire', 'relocate Leavers/User A -> Staff/User A', 'link Poets', 'setPassword', 'enable'],
		});
	});

	test('to a place that is outside the scope by now is a problem', async () => {
		const accounts = account('A', { state: 'left', ou: LEAVERS });
		const made = await planOf({ accounts, people: [person('A', { ou: OUTSIDE })] });
		expect([told(made), toldProblems(made)]).toEqual([{}, ['A: organisational unit']]);
	});
});
