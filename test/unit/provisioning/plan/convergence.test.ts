import fc from 'fast-check';
import type { AttributeValue, DesiredAccount, Plan, Policy } from '../../../../lib/contracts';
import { guidOf } from '../../../../lib/directory/accounts/account';
import type { Entry } from '../../../../lib/directory/entry';
import { groupDn, LEAVERS, OUTSIDE, POLICY, SALES, STAFF } from '../steps/world';
import { applied } from './applying';
import { account, entriesOf, inDays, personWith, planOf, type Given, type World } from './town';
import { told, toldProblems } from './told';

const KEYS = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6'];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const groups = fc.subarray(['Sales', 'Support', 'Poets', 'Old Sales', 'Wheel', 'Domain Users']);
const title = fc.constantFrom('Poet', 'Clerk');
const phones = fc.subarray(['1', '2', '3']);

const held = fc.record({
	state: fc.constantFrom('enabled', 'enabled', 'enabled', 'pending', 'left', 'left', 'others'),
	since: fc.constantFrom(inDays(-1), inDays(-10), inDays(-100)),
	ou: fc.constantFrom(STAFF, STAFF, STAFF, SALES, LEAVERS, OUTSIDE),
	groups,
	protected: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
	title: maybe(title),
	phones,
	manager: maybe(fc.constantFrom(...KEYS)),
	mail: fc.boolean(),
	accountExpires: fc.constantFrom('0', '9223372036854775807', '132000000000000000'),
	/** Called by one of the ladders, or by nobody's. */
	word: fc.constantFrom('ada', 'eve', 'user'),
	isOld: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
});

const wanted = fc.record({
	lifecycle: fc.constantFrom('active', 'active', 'active', 'away', 'leaver'),
	word: fc.constantFrom('ada', 'ada', 'eve'),
	title: maybe(fc.option(title)),
	phones: maybe(fc.option(phones)),
	manager: maybe(fc.option(fc.constantFrom(...KEYS, 'Nobody'))),
	rules: fc.subarray(['createOnly', 'fillOnly'] as const),
	groups: fc.array(fc.constantFrom('Sales', 'Support', 'Poets', 'Wheel', 'Nowhere'), { maxLength: 3 }),
	managedGroups: fc.subarray(['Sales', 'Support']),
	ou: fc.constantFrom('', STAFF, STAFF, SALES, OUTSIDE),
	startsAt: fc.constantFrom(null, null, inDays(-1), inDays(3), inDays(30)),
	endsAt: fc.constantFrom(null, null, null, inDays(-1), inDays(60)),
	hasOld: fc.boolean(),
});

const policies = fc
	.record({
		joiners: fc.record({ until: fc.constantFrom('pending', 'enabled'), mustChange: fc.boolean() }),
		movers: fc.record({ move: fc.boolean(), rename: fc.boolean(), keep: fc.subarray(['title', 'otherTelephone']) }),
		leavers: fc.record({
			...{ byAbsence: fc.boolean(), randomPassword: fc.boolean(), removeFromGroups: fc.boolean() },
			clear: fc.subarray(['otherTelephone', 'manager', 'mail', 'title']),
			...{ description: fc.constantFrom('', 'Left'), stay: fc.boolean() },
		}),
		rehires: fc.record({ restore: fc.boolean() }),
		groups: fc.record({ mode: fc.constantFrom('add', 'managed') }),
		names: fc.record({ sameCandidate: fc.boolean() }),
	})
	.map(
		({ joiners, movers, leavers: { stay, ...leavers }, rehires, groups: set, names }): Policy => ({
			...{ ...POLICY, names },
			joiners: { ...POLICY.joiners, ...joiners },
			movers: { ...POLICY.movers, ...movers },
			leavers: { ...POLICY.leavers, ...leavers, ...(stay ? { moveTo: '', deleteAfterDays: null } : {}) },
			rehires: { ...POLICY.rehires, ...rehires },
			groups: { ...POLICY.groups, ...set },
		}),
	);

type Held = typeof held extends fc.Arbitrary<infer T> ? T : never;
type Wanted = typeof wanted extends fc.Arbitrary<infer T> ? T : never;

function accountFor(key: string, index: number, of: Held): string {
	const { state, since, ou, isOld, word, mail, manager, title: has, phones: numbers, accountExpires } = of;
	const given: Given = { state, since, ou, groups: of.groups, protected: of.protected };
	return account(
		isOld ? `Old-${key}` : key,
		given,
		{
			...{ title: has ?? [], otherTelephone: numbers, accountExpires },
			...{ manager: manager ? `CN=User ${manager},${STAFF}` : [], mail: mail ? `${word}${index}@example.com` : [] },
			...{ sAMAccountName: `${word}${index}`, userPrincipalName: `${word}${index}@corp.example.com` },
		},
		key,
	);
}

function personFor(key: string, of: Wanted): DesiredAccount {
	const { word, manager, rules, title: job, phones: numbers, hasOld, ...rest } = of;
	const counted = (base: string) => ({
		candidates: [base],
		counter: { base, start: 2, width: 1, limit: 99, maxLength: 64 },
	});
	const attributes: Record<string, AttributeValue> = {
		...(job === undefined ? {} : { title: job }),
		...(numbers === undefined ? {} : { otherTelephone: numbers }),
		...(manager === undefined ? {} : { manager: manager && { by: 'employeeID', value: manager } }),
	};
	return personWith(key, attributes, {
		...{ lifecycle: rest.lifecycle, groups: rest.groups, managedGroups: rest.managedGroups, ou: rest.ou },
		...{ startsAt: rest.startsAt, endsAt: rest.endsAt, previousKeys: hasOld ? [`Old-${key}`] : [] },
		...{
			createOnly: rules.includes('createOnly') ? ['title'] : [],
			fillOnly: rules.includes('fillOnly') ? ['otherTelephone'] : [],
		},
		names: {
			...{ sAMAccountName: counted(word), userPrincipalName: counted(`${word}@corp.example.com`) },
			...{ mail: counted(`${word}@example.com`), cn: counted(`User ${word}`) },
		},
	});
}

const towns = fc.tuple(...KEYS.map(() => fc.record({ held: maybe(held), wanted: maybe(wanted) }))).map((all) => ({
	accounts: all.flatMap((one, index) => (one.held ? [accountFor(KEYS[index] ?? '', index + 2, one.held)] : [])),
	people: all.flatMap((one, index) => (one.wanted ? [personFor(KEYS[index] ?? '', one.wanted)] : [])),
}));

const entryOf = (entries: readonly Entry[], guid: string) => entries.find((entry) => guidOf(entry) === guid);

/** What no plan may do, whatever comes in. */
function expectHarmless(plan: Plan, entries: readonly Entry[]): void {
	const targets = plan.changes.flatMap(({ target }) => target?.guid ?? []);
	expect(new Set(targets).size).toBe(targets.length);
	expect(new Set(plan.changes.map(({ key }) => key.toLowerCase())).size).toBe(plan.changes.length);
	for (const { steps, target, lifecycle } of plan.changes) {
		expect(steps.map(({ n }) => n)).toEqual(steps.map((_, index) => index + 1));
		expect(steps.length).toBeGreaterThan(0);
		const { attributes = {} } = (target && entryOf(entries, target.guid)) ?? {};
		const isMarked = attributes['carlicense'] !== undefined;
		expect(attributes['memberof'] ?? []).not.toContain(groupDn('Wheel'));
		for (const step of steps) {
			if (step.do === 'enable' && target) expect([isMarked, step.fromUac]).toEqual([true, 514]);
			if (step.do === 'delete') expect([isMarked, lifecycle, steps.length]).toEqual([true, 'leaver', 1]);
			if (step.do === 'link' || step.do === 'unlink') expect(step.group).not.toMatchObject({ dn: groupDn('Wheel') });
		}
		if (lifecycle !== 'joiner') expect(steps.map((step) => step.do)).not.toContain('create');
	}
}

const WORLD = { feed: { previousMissing: [...KEYS, ...KEYS.map((key) => `old-${key}`)] } } satisfies World;

async function converges({ accounts, people }: { accounts: string[]; people: DesiredAccount[] }, policy: Policy) {
	const before = entriesOf({ accounts });
	const first = await planOf({ ...WORLD, entries: before, people, policy });
	expectHarmless(first.plan, before);
	const { people: counted } = first.plan.counts;
	expect(counted.problem).toBe(first.problems.filter(({ kind }) => kind !== 'group').length);
	let entries: readonly Entry[] = applied(before, first.plan);
	let next = await planOf({ ...WORLD, entries, people, policy });
	// A name that is given up in one plan is given out in the next one only: to whoever had none, and that may go on.
	for (let round = 0; toldProblems(first).join().includes('no name') && round < KEYS.length; round += 1) {
		entries = applied(entries, next.plan);
		next = await planOf({ ...WORLD, entries, people, policy });
	}
	expect(told(next)).toEqual({});
	expect(next.problems.filter(({ kind }) => kind === 'no name')).toEqual(
		first.problems
			.filter(({ kind }) => kind === 'no name')
			.filter(({ key }) => next.problems.some((one) => one.key === key)),
	);
}

describe('a plan that was applied leaves nothing to be done', () => {
	test.each([
		['the same towns as ever', { seed: 6, numRuns: 200 }],
		['towns that nobody has seen before', { numRuns: 60 }],
	])('in %s', async (_which, parameters) => {
		await fc.assert(fc.asyncProperty(towns, policies, converges), parameters);
	});
});
