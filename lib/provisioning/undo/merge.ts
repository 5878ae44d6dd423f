/** What became of one change, over all runs of its plan. */
import type { Outcome, StepResult } from '../../contracts';

export type Applied = {
	/** Of the last run. */
	readonly last: Outcome;
	/** Of each step that is done, in the order of the steps. */
	readonly results: readonly StepResult[];
};

/**
 * A step that several runs speak of counts as the one that did it had it: those after it only found it done. What somebody else did before a
 * conflict, or while nothing was written, is not the plan's to take back.
 * @returns in the order in which they were done last; without those of whom nothing was done
 */
export function mergeOutcomes(outcomes: readonly Outcome[]): Applied[] {
	const byChange = new Map<string, Outcome[]>();
	// A stable sort: within one second the order of the items counts.
	for (const outcome of [...outcomes].sort((left, right) => Date.parse(left.at) - Date.parse(right.at))) {
		const before = byChange.get(outcome.changeId) ?? [];
		// The place in the order is that of the last run.
		byChange.delete(outcome.changeId);
		byChange.set(outcome.changeId, [...before, outcome]);
	}
	return [...byChange.values()].flatMap((runs) => {
		const last = runs.at(-1);
		const results = new Map<number, StepResult>();
		for (const { steps } of runs.filter(counts))
			for (const result of steps)
				if (isDone(result) || (result.status === 'already done' && !results.has(result.n)))
					results.set(result.n, result);
		if (!last || last.guid === '' || results.size === 0) return [];
		return [{ last, results: [...results.values()].sort((left, right) => left.n - right.n) }];
	});
}

const APPLIED: ReadonlySet<Outcome['status']> = new Set(['applied', 'already done', 'partial']);

function counts({ status, steps }: Outcome): boolean {
	return APPLIED.has(status) || steps.some(isDone);
}

export function isDone({ status }: StepResult): boolean {
	return status === 'done';
}
