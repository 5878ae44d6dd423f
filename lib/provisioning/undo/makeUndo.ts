/** An undo plan from sealed outcomes: checked, put together, and sealed like any other plan. */
import type { Outcome, Plan, PlanFeed, PlanProblem, Policy } from '../../contracts';
import { finishPlan } from '../plan/finish';
import type { PlanSource } from '../plan/types';
import { mergeOutcomes } from './merge';
import { checkedOutcomes } from './outcomes';
import { readTargets } from './targets';
import { makeUndoPlan } from './undoPlan';

export type UndoOptions = {
	/** As they came in. */
	readonly outcomes: readonly unknown[];
	readonly signingKey: string;
	/** Delete the accounts that the plan made, where nobody has used or changed them. */
	readonly deleteCreated: boolean;
	readonly expiresAfterHours: number;
};

export type UndoDependencies = {
	readonly newId: () => string;
	/** People that the digest shows at most, besides those of high risk. */
	readonly digestRows: number;
};

/**
 * @returns a plan of kind `undo`, which is approved and applied like any other
 * @throws DirectoryError (configuration) for outcomes that are not genuine, of several plans, or of another domain
 */
export async function makeUndo(
	source: Pick<PlanSource, 'facts' | 'find'>,
	{ outcomes: values, signingKey, deleteCreated, expiresAfterHours }: UndoOptions,
	{ newId, digestRows }: UndoDependencies,
): Promise<{ readonly plan: Plan; readonly problems: readonly PlanProblem[] }> {
	// Before anything else is read: what is written later than that is seen when the plan is applied.
	const facts = await source.facts();
	const outcomes = checkedOutcomes(values, signingKey, facts.domainGuid);
	const applied = mergeOutcomes(outcomes);
	const targets = await readTargets(source, applied);
	const parts = makeUndoPlan({ applied, targets, deleteCreated, now: facts.now, signingKey });
	const people = new Set(outcomes.map(({ changeId }) => changeId)).size;
	const { anchor, markAttribute, planId } = bindOf(outcomes);
	const plan = finishPlan({
		...{ kind: 'undo', id: newId(), facts, anchor, markAttribute, matchOn: [], signingKey, digestRows },
		...{ scope: { bases: [], filterText: '', excludedOus: [] }, feed: feedOf(people), changes: parts.changes },
		policy: { ...NOTHING_ON, expiresAfterHours },
		people: {
			unchanged: people - parts.changes.length - parts.problems.length,
			problem: parts.problems.length,
		},
		// What was approved once may go back in one go.
		guard: { ok: true, breaches: [] },
		notes: [`This plan takes back what plan ${planId} did.`, ...parts.notes],
	});
	return { plan, problems: parts.problems };
}

/** All outcomes have the same. */
function bindOf(outcomes: readonly Outcome[]): Outcome['bind'] {
	const [first] = outcomes;
	if (!first) throw new TypeError('There are no outcomes.');
	return first.bind;
}

function feedOf(people: number): PlanFeed {
	return {
		...{ input: 'people', kind: 'delta', complete: false, evidence: 'weak', received: people, mapped: people },
		...{ rejected: 0, outOfScope: 0, missing: [], absenceRefused: [] },
	};
}

/** An undo decides nothing by a policy: its steps are those of the outcomes. */
const NOTHING_ON: Omit<Policy, 'expiresAfterHours'> = {
	joiners: { create: false, daysBefore: 0, until: 'pending', mustChange: false },
	movers: { update: false, move: false, rename: false, keep: [] },
	leavers: {
		...{ disable: false, byAbsence: false, randomPassword: false, clear: [], removeFromGroups: false },
		...{ hideAttribute: '', description: '', moveTo: '', deleteAfterDays: null },
	},
	rehires: { enable: false, withinDays: 0, restore: false, mustChange: false },
	groups: { mode: 'add', retired: [] },
	names: { sameCandidate: false },
	guards: { minimumFeed: 0 },
	maxChanges: 0,
};
