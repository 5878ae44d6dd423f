import fc from 'fast-check';
import type { Guards, Place, Step, Write } from '../../../lib/contracts';
import {
	attributeChanges,
	countGuarded,
	enabledMatched,
	guardPlan,
	leftLast24Hours,
	type CountedRule,
	type GuardInput,
} from '../../../lib/provisioning/plan/guards';
import { account, NOW_MS, person } from './census';

const NOTHING = { create: 0, disable: 0, move: 0, rename: 0, groupRemoval: 0, delete: 0, allChanges: 0 };
const RULES = Object.keys(NOTHING) as readonly CountedRule[];

function guarded({
	guards,
	counts,
	...input
}: Partial<Omit<GuardInput, 'guards' | 'counts'>> & {
	guards?: Partial<Guards>;
	counts?: Partial<GuardInput['counts']>;
}) {
	return guardPlan({
		...{ matchedEnabled: 1000, input: 'whole', leftLast24h: 0, attributeChanges: new Map(), received: 1000 },
		...input,
		guards: { minimumFeed: 1, ...guards },
		counts: { ...NOTHING, ...counts },
	});
}

/** At limit - 1, limit and limit + 1. */
const around = (limit: number) =>
	[
		[limit - 1, true],
		[limit, true],
		[limit + 1, false],
	] as const;

describe('a limit of the builder', () => {
	const limits = RULES.flatMap((rule) => [
		...around(7).map(([actual, ok]) => ({ rule, limit: { count: 7 }, actual, ok })),
		// 3 % of 1000.
		...around(30).map(([actual, ok]) => ({ rule, limit: { percent: 3 }, actual, ok })),
		...around(7).map(([actual, ok]) => ({ rule, limit: { count: 7, percent: 3 }, actual, ok })),
		...around(30).map(([actual, ok]) => ({ rule, limit: { count: 99, percent: 3 }, actual, ok })),
	]);

	test.each(limits)('holds for $rule: $limit, $actual', ({ rule, limit, actual, ok }) => {
		const verdict = guarded({ guards: { [rule]: limit }, counts: { [rule]: actual } });
		expect(verdict.ok).toBe(ok);
		expect(verdict.breaches).toEqual(
			ok ? [] : [{ rule, limit: actual - 1, actual, message: expect.stringContaining(`${actual} `) as string }],
		);
	});

	test.each(RULES)('may be none at all: 0 for %s', (rule) => {
		expect(guarded({ guards: { [rule]: { count: 0 } }, counts: { [rule]: 0 } }).ok).toBe(true);
		expect(guarded({ guards: { [rule]: { count: 0 } }, counts: { [rule]: 1 } }).ok).toBe(false);
	});

	test.each(RULES)('is counted in accounts only for selected people: %s', (rule) => {
		const input = 'people';
		const limit = { count: 50, percent: 1 };
		expect(guarded({ input, guards: { [rule]: limit }, counts: { [rule]: 50 } }).ok).toBe(true);
		expect(guarded({ input, guards: { [rule]: limit }, counts: { [rule]: 51 } }).ok).toBe(false);
	});

	test('takes whole people, whatever binary fractions make of a percentage', () => {
		for (const [percent, matchedEnabled, limit] of [
			[29, 100, 29],
			[0.29, 10_000, 29],
			[0.07, 10_000, 7],
			[5, 59, 2],
		] as const) {
			const guards = { move: { percent } };
			expect(guarded({ guards, matchedEnabled, counts: { move: limit } }).ok).toBe(true);
			expect(guarded({ guards, matchedEnabled, counts: { move: limit + 1 } }).ok).toBe(false);
		}
	});
});

describe('without a limit of the builder', () => {
	const defaults = (['disable', 'delete'] as const).flatMap((rule) =>
		(
			[
				[0, 3],
				[59, 3],
				[79, 3],
				[80, 4],
				[200, 10],
				[399, 19],
				[400, 20],
				[100_000, 20],
			] as const
		).flatMap(([matchedEnabled, limit]) => around(limit).map(([actual, ok]) => ({ rule, matchedEnabled, actual, ok }))),
	);

	test.each(defaults)('$rule: $actual of $matchedEnabled', ({ rule, matchedEnabled, actual, ok }) => {
		expect(guarded({ matchedEnabled, counts: { [rule]: actual } }).ok).toBe(ok);
	});

	test.each(['disable', 'delete'] as const)('selected people are held to 20: %s', (rule) => {
		for (const [actual, ok] of around(20))
			expect(guarded({ input: 'people', matchedEnabled: 1, counts: { [rule]: actual } }).ok).toBe(ok);
		// A percentage says nothing of selected people, and does not take the limit away.
		const guards = { [rule]: { percent: 100 } };
		expect(guarded({ input: 'people', guards, counts: { [rule]: 21 } }).ok).toBe(false);
		expect(guarded({ guards: { [rule]: {} }, counts: { [rule]: 21 } }).ok).toBe(false);
	});

	test.each(RULES.filter((rule) => rule !== 'disable' && rule !== 'delete'))('everybody may: %s', (rule) => {
		expect(guarded({ counts: { [rule]: 100_000 } }).ok).toBe(true);
	});
});

describe('the accounts disabled in the last 24 hours', () => {
	test.each(around(20))('count in for disabling: %s', (all, ok) => {
		const verdict = guarded({ counts: { disable: all - 15 }, leftLast24h: 15 });
		expect(verdict.ok).toBe(ok);
		if (!ok) expect(verdict.breaches[0]?.message).toContain('in the last 24 hours (15)');
	});

	test('count in for nothing else', () => {
		expect(guarded({ counts: { delete: 20 }, leftLast24h: 15 }).ok).toBe(true);
	});

	test('do not stop a plan that disables nobody', () => {
		expect(guarded({ counts: { create: 3 }, leftLast24h: 50 }).ok).toBe(true);
	});

	test('are those whose marks say so, to the second', () => {
		const accounts = [
			account('E-1', { state: 'left', daysAgo: 0 }),
			account('E-2', { state: 'left', daysAgo: 1 - 1 / 86_400 }),
			account('E-3', { state: 'left', daysAgo: 1 }),
			account('E-4', { state: 'pending', daysAgo: 0 }),
			account('E-5', { state: 'left', daysAgo: 0, signedWith: 'another key of somebody' }),
			account('E-6'),
		];
		expect(leftLast24Hours(accounts, NOW_MS)).toBe(2);
	});
});

describe('the feed', () => {
	test.each([
		[99, false],
		[100, true],
		[101, true],
	])('must have its least size: %s', (received, ok) => {
		const verdict = guarded({ guards: { minimumFeed: 100 }, received });
		expect(verdict.ok).toBe(ok);
		if (!ok) expect(verdict.breaches).toMatchObject([{ rule: 'feedSize', limit: 100, actual: 99 }]);
		expect(guarded({ input: 'people', guards: { minimumFeed: 100 }, received }).ok).toBe(true);
	});

	test('must not be empty', () => {
		expect(guarded({ received: 0 }).ok).toBe(false);
	});
});

describe('one attribute', () => {
	test.each(around(50))('must not change for more people than may be: %s', (actual, ok) => {
		const changes = new Map([
			['title', 3],
			['department', actual],
		]);
		const verdict = guarded({ guards: { attributePercent: 5 }, attributeChanges: changes });
		expect(verdict.ok).toBe(ok);
		if (!ok)
			expect(verdict.breaches).toMatchObject([{ rule: 'attribute', attribute: 'department', limit: 50, actual }]);
		expect(guarded({ attributeChanges: changes }).ok).toBe(true);
		expect(guarded({ input: 'people', guards: { attributePercent: 5 }, attributeChanges: changes }).ok).toBe(true);
	});
});

test('every breach is told, each in words', () => {
	const { ok, breaches } = guarded({
		guards: { minimumFeed: 2000, create: { count: 1 } },
		counts: { create: 2, disable: 30, delete: 40 },
	});
	expect(ok).toBe(false);
	expect(breaches.map(({ message }) => message)).toEqual([
		'1000 people came out of the HR system, and 2000 are the least that is believed.',
		'2 accounts are to be created, and the limit is 1.',
		'30 accounts are to be disabled, and the limit is 20.',
		'40 accounts are to be deleted, and the limit is 20.',
	]);
});

test('more of anything never mends a breach', () => {
	const counts = fc.record(
		Object.fromEntries(RULES.map((rule) => [rule, fc.nat(40)])) as Record<CountedRule, fc.Arbitrary<number>>,
	);
	fc.assert(
		fc.property(
			counts,
			fc.constantFrom(...RULES),
			fc.nat(10),
			fc.nat(1000),
			fc.nat(10),
			(some, rule, more, matched, left) => {
				const less = guarded({ counts: some, matchedEnabled: matched, leftLast24h: left });
				const much = guarded({
					counts: { ...some, [rule]: some[rule] + more },
					matchedEnabled: matched,
					leftLast24h: left,
				});
				expect(much.breaches.length).toBeGreaterThanOrEqual(less.breaches.length);
			},
		),
	);
});

describe('what is counted', () => {
	const place = (guid: string, rdn: string): Place => ({ parent: { guid, dn: `OU=${guid}` }, rdn });
	const step = (rest: Omit<Step, 'n'>): Step => ({ ...rest, n: 1 }) as Step;
	const set = (...writes: readonly Write[]) => step({ do: 'set', writes } as Omit<Step, 'n'>);
	const write = (attribute: string, from: string | null, to: string | null): Write => ({ attribute, from, to });
	const group = { guid: 'g', dn: 'CN=g' };

	test('accounts, places, names and memberships; and people, once each', () => {
		const drafts: readonly (readonly Step[])[] = [
			[
				step({ do: 'create', parent: group, rdn: 'CN=a', attributes: {}, password: { mustChange: true } } as Omit<
					Step,
					'n'
				>),
			],
			[step({ do: 'disable', fromUac: 512, with: [] } as Omit<Step, 'n'>)],
			[step({ do: 'delete', expect: {} } as Omit<Step, 'n'>)],
			[step({ do: 'relocate', from: place('a', 'CN=x'), to: place('b', 'CN=x') } as Omit<Step, 'n'>)],
			[
				set(write('mail', 'a@b.c', 'd@b.c')),
				step({ do: 'relocate', from: place('a', 'CN=x'), to: place('a', 'CN=y') } as Omit<Step, 'n'>),
			],
			[set(write('sAMAccountName', 'x', 'y'))],
			[set(write('mail', null, 'd@b.c'), write('title', 'x', null))],
			[
				step({ do: 'unlink', group } as Omit<Step, 'n'>),
				step({ do: 'unlink', group } as Omit<Step, 'n'>),
				step({ do: 'link', group } as Omit<Step, 'n'>),
			],
			[],
		];
		expect(countGuarded(drafts.map((steps) => ({ steps })))).toEqual({
			...{ create: 1, disable: 1, delete: 1, move: 1, rename: 2, groupRemoval: 2, allChanges: 8 },
		});
	});

	test('attributes of existing accounts, each once for a person, whatever their spelling', () => {
		const drafts = [
			[set(write('title', 'a', 'b')), set(write('Title', 'b', 'c'), write('manager', null, 'x'))],
			[set(write('TITLE', 'a', 'b'))],
			[step({ do: 'disable', fromUac: 512, with: [write('title', 'a', null)] } as Omit<Step, 'n'>)],
		];
		expect([...attributeChanges(drafts.map((steps) => ({ steps })))]).toEqual([
			['title', 2],
			['manager', 1],
		]);
	});

	test('enabled accounts that were matched', () => {
		const match = (state: 'enabled' | 'left') => ({ person: person('E-1'), account: account('E-1', { state }) });
		expect(enabledMatched([match('enabled'), match('left'), { person: person('E-2') }])).toBe(1);
	});
});
