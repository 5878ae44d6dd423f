/** Walks: the rules of a company, and what happens in it from one run to the next. */
import fc from 'fast-check';
import type { Policy } from '../../lib/contracts';
import type { Office } from './plan-model-office';

export type Action = { readonly what: string; readonly who: number; readonly n: number };
export type Move = {
	readonly days: number;
	readonly actions: readonly Action[];
	readonly trusted: boolean;
	/** Somebody whom Attribute Map cannot map this time. */
	readonly rejected: number | null;
};
export type Walk = { readonly rules: Rules; readonly moves: readonly Move[] };

const action = (...weights: readonly (readonly [string, number])[]) =>
	fc.record({
		what: fc.constantFrom(...weights.flatMap(([what, weight]) => Array.from({ length: weight }, () => what))),
		who: fc.nat(99),
		n: fc.nat(999),
	});
const anyAction = action(
	...([
		['hire', 4],
		['change', 10],
		['leave', 12],
		['returns', 12],
		['away', 1],
		['convert', 2],
		['forget', 3],
	] as const),
	...([
		['disable', 1],
		['enable', 2],
		['hold', 1],
		['move', 2],
		['bringBack', 3],
		['title', 1],
	] as const),
	...([
		['telephone', 2],
		['describe', 1],
		['group', 3],
		['delete', 1],
	] as const),
);
const anyMove: fc.Arbitrary<Move> = fc.record({
	days: fc.constantFrom(0, 0, 1, 4, 10),
	actions: fc.array(anyAction, { minLength: 2, maxLength: 6, size: 'max' }),
	trusted: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
	rejected: fc.option(fc.nat(99), { freq: 1 }),
});

const anyRules = fc.record({
	until: fc.constantFrom<Policy['joiners']['until'][]>('pending', 'enabled'),
	daysBefore: fc.constantFrom(0, 5),
	mustChange: fc.boolean(),
	move: fc.constantFrom(true, true, false),
	rename: fc.constantFrom(true, true, false),
	keep: fc.constantFrom<string[][]>([], [], ['department']),
	byAbsence: fc.constantFrom(true, true, true, false),
	clear: fc.constantFrom<string[][]>(['telephoneNumber', 'manager', 'mobile'], []),
	description: fc.constantFrom('Left the company', ''),
	removeFromGroups: fc.constantFrom(true, true, false),
	leavers: fc.constantFrom('moved and deleted', 'moved', 'kept in place'),
	restore: fc.constantFrom(true, true, false),
	mode: fc.constantFrom<Policy['groups']['mode'][]>('managed', 'add'),
});
type Rules = typeof anyRules extends fc.Arbitrary<infer R> ? R : never;

export const anyWalk: fc.Arbitrary<Walk> = fc.record({
	rules: anyRules,
	moves: fc.array(anyMove, { minLength: 6, maxLength: 9 }),
});

export function policyOf(rules: Rules, office: Office): Policy {
	const { until, daysBefore, mustChange, move, rename, keep, byAbsence, clear, description, removeFromGroups } = rules;
	return {
		joiners: { create: true, daysBefore, until, mustChange },
		movers: { update: true, move, rename, keep },
		leavers: {
			...{ disable: true, byAbsence, randomPassword: true, clear, removeFromGroups, hideAttribute: '', description },
			moveTo: rules.leavers === 'kept in place' ? '' : office.dnOf('Leavers'),
			deleteAfterDays: rules.leavers === 'moved and deleted' ? 9 : null,
		},
		rehires: { enable: true, withinDays: 6, restore: rules.restore, mustChange: !mustChange },
		groups: { mode: rules.mode, retired: [] },
		names: { sameCandidate: true },
		guards: { minimumFeed: 0, disable: { count: 100 }, delete: { count: 100 } },
		...{ maxChanges: 1000, expiresAfterHours: 1 },
	};
}

/** Seven people with whom every walk begins. */
export const FIRST: Move = {
	...{ days: 0, trusted: true, rejected: null },
	actions: [4, 13, 22, 47, 80, 111, 202].map((n, who) => ({ what: 'hire', who: who * 4 + 1, n })),
};
