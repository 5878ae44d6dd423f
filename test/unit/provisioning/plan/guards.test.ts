import type { Breach, DesiredAccount, GuardLimit, Guards, Policy } from '../../../../lib/contracts';
import { LEAVERS, POLICY, policyWith, SALES } from '../steps/world';
import { account, inDays, person, personWith, planOf, type World } from './town';

type Rule = Exclude<keyof Guards, 'minimumFeed' | 'attributePercent'>;
type Crowd = { readonly accounts: readonly string[]; readonly people: readonly DesiredAccount[] };

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const crowd = (count: number, one: (key: string) => readonly [account: string, person: DesiredAccount]): Crowd => {
	const all = numbers(count).map((number) => one(`K-${number}`));
	return { accounts: all.map(([held]) => held), people: all.map(([, who]) => who) };
};

/** Enabled accounts that nothing is to be done for: what percentages are of. */
const staff = (count: number): Crowd => {
	const keys = numbers(count).map((number) => `S-${number}`);
	return { accounts: keys.map((key) => account(key)), people: keys.map((key) => person(key)) };
};

/** So many people that one thing is to be done to, as each guard counts it. */
const TODO: Readonly<Record<Rule, (count: number) => Crowd>> = {
	create: (count) => crowd(count, (key) => ['', person(key)]),
	disable: (count) => crowd(count, (key) => [account(key), person(key, { lifecycle: 'leaver' })]),
	move: (count) => crowd(count, (key) => [account(key), person(key, { ou: SALES })]),
	rename: (count) =>
		crowd(count, (key) => [account(key), person(key, { names: { cn: { candidates: [`Lady ${key}`] } } })]),
	groupRemoval: (count) => crowd(count, (key) => [account(key, { groups: ['Old Sales'] }), person(key)]),
	delete: (count) =>
		crowd(count, (key) => [
			account(key, { state: 'left', since: inDays(-31), ou: LEAVERS }),
			person(key, { lifecycle: 'leaver' }),
		]),
	allChanges: (count) => crowd(count, (key) => [account(key), personWith(key, { title: 'Poet' })]),
};
const RULES = Object.keys(TODO) as readonly Rule[];

const guarded = (guards: Partial<Guards>): Policy => ({ ...POLICY, guards: { minimumFeed: 1, ...guards } });
const limited = (rule: Rule, limit: GuardLimit) => guarded({ [rule]: limit });

async function verdict({ accounts = [], people = [] }: Partial<Crowd>, world: World = {}) {
	const { plan } = await planOf({ accounts: accounts.join(''), people, ...world });
	for (const { bind } of plan.changes) expect(bind.guardOk).toBe(plan.guard.ok);
	return plan.guard;
}

const joined = (...crowds: readonly Crowd[]): Crowd => ({
	accounts: crowds.flatMap(({ accounts }) => accounts),
	people: crowds.flatMap(({ people }) => people),
});

const breach = (rule: Breach['rule'], limit: number, actual: number) => ({
	ok: false,
	breaches: [{ rule, limit, actual, message: expect.stringContaining(`${actual} `) as string }],
});
const OK = { ok: true, breaches: [] };

describe('a limit', () => {
	const around = [-1, 0, 1] as const;
	test.each(RULES.flatMap((rule) => around.map((off) => [rule, 3 + off] as const)))(
		'of 3 holds for %s: %s of them',
		async (rule, count) => {
			const policy = limited(rule, { count: 3 });
			expect(await verdict(TODO[rule](count), { policy })).toEqual(count > 3 ? breach(rule, 3, count) : OK);
		},
	);

	// Whoever is enabled and matched counts: those who are to be disabled, moved or changed as well.
	const PERCENT = 10;
	test.each(RULES.flatMap((rule) => around.map((off) => [rule, 4 + off] as const)))(
		'of 10 % of 40 enabled accounts holds for %s: %s of them',
		async (rule, count) => {
			const todo = TODO[rule](count);
			const others = rule === 'create' || rule === 'delete' ? 40 : 40 - count;
			const world = { policy: limited(rule, { percent: PERCENT }) };
			const guard = await verdict(joined(todo, staff(others)), world);
			expect(guard).toEqual(count > 4 ? breach(rule, 4, count) : OK);
			const one = joined(todo, staff(others - 1));
			expect(await verdict(one, world)).toEqual(count > 3 ? breach(rule, 3, count) : OK);
		},
	);

	test.each(RULES)('of both is the lower one: %s', async (rule) => {
		const others = staff(40);
		const low = limited(rule, { count: 2, percent: 50 });
		expect(await verdict(joined(TODO[rule](3), others), { policy: low })).toMatchObject({ breaches: [{ limit: 2 }] });
		const high = limited(rule, { count: 30, percent: 1 });
		expect(await verdict(joined(TODO[rule](3), others), { policy: high })).toMatchObject({ breaches: [{ limit: 0 }] });
	});

	test.each(RULES)('of selected people is a count, whatever the percentage: %s', async (rule) => {
		const feed = { input: 'people', report: null } as const;
		const policy = limited(rule, { count: 3, percent: 1 });
		expect(await verdict(TODO[rule](3), { policy, feed })).toEqual(OK);
		expect(await verdict(TODO[rule](4), { policy, feed })).toEqual(breach(rule, 3, 4));
	});

	test.each(RULES)('of none at all is one that 1 breaks: %s', async (rule) => {
		const policy = limited(rule, { count: 0 });
		expect(await verdict(TODO[rule](1), { policy })).toEqual(breach(rule, 0, 1));
		expect(await verdict(staff(1), { policy })).toEqual(OK);
	});
});

describe('without a limit of the builder', () => {
	test.each([
		['disable', 0, 3],
		['disable', 79, 3],
		['disable', 80, 4],
		['disable', 399, 19],
		['disable', 400, 20],
		['disable', 440, 20],
		['delete', 0, 3],
		['delete', 80, 4],
		['delete', 440, 20],
	] as const)(
		'what may happen to people is 5 %, but 3 to 20: %s, of %s enabled accounts %s',
		async (rule, enabled, limit) => {
			for (const count of [limit - 1, limit, limit + 1]) {
				// Who is to be disabled is enabled, so there are no fewer.
				const others = rule === 'disable' ? Math.max(0, enabled - count) : enabled;
				const guard = await verdict(joined(TODO[rule](count), staff(others)));
				expect(guard).toEqual(count > limit ? breach(rule, limit, count) : OK);
			}
		},
	);

	test.each(['create', 'move', 'rename', 'groupRemoval', 'allChanges'] as const)(
		'everybody may be concerned: %s',
		async (rule) => {
			expect(await verdict(TODO[rule](50))).toEqual(OK);
		},
	);

	test('20 of selected people may be disabled', async () => {
		const feed = { input: 'people', report: null } as const;
		expect(await verdict(TODO.disable(20), { feed })).toEqual(OK);
		expect(await verdict(TODO.disable(21), { feed })).toEqual(breach('disable', 20, 21));
	});
});

describe('those who left in the last 24 hours', () => {
	const gone = (key: string, since: string, ou = LEAVERS) => account(key, { state: 'left', since, ou });
	const policy = limited('disable', { count: 3 });

	test('are counted with those to be disabled, to the second', async () => {
		const recent = [gone('G-1', inDays(0)), gone('G-2', inDays(-1, 1)), gone('G-3', inDays(-1))];
		const two = { accounts: recent, people: [] };
		expect(await verdict(joined(two, TODO.disable(1)), { policy })).toEqual(OK);
		const guard = await verdict(joined(two, TODO.disable(2)), { policy });
		expect(guard).toEqual(breach('disable', 3, 4));
		expect(guard.breaches[0]?.message).toContain('were so in the last 24 hours (2)');
	});

	test('count for selected people too, and wherever they stand in the scope', async () => {
		const recent = { accounts: [gone('G-1', inDays(0), SALES), gone('G-2', inDays(0))], people: [] };
		const feed = { input: 'people', report: null } as const;
		expect(await verdict(joined(recent, TODO.disable(1)), { policy, feed })).toEqual(OK);
		expect(await verdict(joined(recent, TODO.disable(2)), { policy, feed })).toEqual(breach('disable', 3, 4));
	});

	test('are not those whose mark is forged, or who are enabled again', async () => {
		const forged = gone('G-1', inDays(0)).replace(
			'adprov1:left:2026-06-01T08:00:00Z',
			'adprov1:left:2026-06-01T07:00:00Z',
		);
		const back = gone('G-2', inDays(0)).replace('userAccountControl: 514', 'userAccountControl: 512');
		const crowded = joined({ accounts: [forged, back], people: [] }, TODO.disable(3));
		expect(await verdict(crowded, { policy })).toEqual(OK);
	});
});

describe('a feed', () => {
	const policy = guarded({ minimumFeed: 5 });
	const feed = (rejected: number, outOfScope: number) => ({
		rejected: numbers(rejected).map((number) => ({ key: `R-${number}`, displayName: '' })),
		outOfScope: numbers(outOfScope).map((number) => ({ key: `O-${number}`, displayName: '' })),
	});

	test.each([
		[4, 0, 0, false],
		[5, 0, 0, true],
		[6, 0, 0, true],
		[1, 2, 1, false],
		[1, 2, 2, true],
		[0, 3, 2, true],
	])('of %s mapped, %s rejected and %s out of scope, where 5 are the least: ok is %s', async (mapped, ...rest) => {
		const [rejected, outOfScope, ok] = rest;
		const guard = await verdict(staff(mapped), { policy, feed: feed(rejected, outOfScope) });
		expect(guard).toEqual(ok ? OK : breach('feedSize', 5, mapped + rejected + outOfScope));
	});

	test('of nobody is never believed, unless it is said to be', async () => {
		expect(await verdict(staff(0))).toEqual(breach('feedSize', 1, 0));
		expect(await verdict(staff(0), { policy: guarded({ minimumFeed: 0 }) })).toEqual(OK);
	});

	test('of selected people has no least size', async () => {
		expect(await verdict(staff(1), { policy, feed: { input: 'people', report: null } })).toEqual(OK);
	});
});

describe('one attribute that changes for many', () => {
	const policy = guarded({ attributePercent: 10 });
	const changing = (count: number) => joined(TODO.allChanges(count), staff(40 - count));

	test.each([3, 4, 5])('more than 10 % of 40: %s', async (count) => {
		const wanted = breach('attribute', 4, count);
		const breaches = wanted.breaches.map((one) => ({
			...one,
			attribute: 'title',
			message: expect.any(String) as string,
		}));
		expect(await verdict(changing(count), { policy })).toEqual(count > 4 ? { ...wanted, breaches } : OK);
	});

	test('counts each attribute by itself, joiners and leavers not at all', async () => {
		const split = crowd(8, (key) => [
			account(key),
			personWith(key, Number(key.slice(2)) > 4 ? { title: 'Poet' } : { TITLE: null, department: 'Verse' }),
		]);
		expect(await verdict(joined(split, staff(32)), { policy })).toEqual(OK);
		const joiners = crowd(9, (key) => ['', personWith(`J${key}`, { title: 'Poet' })]);
		expect(await verdict(joined(joiners, TODO.disable(2), staff(38)), { policy })).toEqual(OK);
	});
});

test('every limit that is broken is told, and each change says that the plan may not be applied', async () => {
	const policy = {
		...policyWith({}),
		guards: { minimumFeed: 10, create: { count: 0 }, allChanges: { count: 1 }, attributePercent: 0 },
	};
	const joiner: Crowd = { accounts: [], people: [person('N-1')] };
	const { breaches } = await verdict(joined(joiner, TODO.allChanges(2)), { policy });
	expect(breaches.map(({ rule }) => rule)).toEqual(['feedSize', 'create', 'allChanges', 'attribute']);
});
