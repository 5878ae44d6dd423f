/** What the steps of one change are put together from. */
import type { PlanProblem, Step } from '../../contracts';

type Unnumbered<S> = S extends Step ? Omit<S, 'n'> : never;

/** A step that has no number yet. */
export type StepBody = Unnumbered<Step>;

/** Steps in their order, and what is said of them. */
export type Parts = {
	readonly steps: readonly StepBody[];
	readonly notes: readonly string[];
	/** Ids of joiners of the plan that the steps name. */
	readonly dependsOn: readonly string[];
};

/** Why nothing can be planned for somebody. */
export type Fault = Pick<PlanProblem, 'kind' | 'message' | 'whatToDo'>;

/** One for all who have nothing to do: most people of most plans. */
export const NOTHING: Parts = { steps: [], notes: [], dependsOn: [] };

/** Tells a fault from what was asked for. */
export function isFault(value: object | undefined): value is Fault {
	return value !== undefined && 'whatToDo' in value;
}

/** What is to be done; one and the same object when it is nothing. */
export function partsOf(
	steps: readonly StepBody[],
	notes: readonly string[] = [],
	dependsOn: readonly string[] = [],
): Parts {
	return steps.length + notes.length === 0 ? NOTHING : { steps, notes, dependsOn };
}

/** The steps with their numbers, from 1. */
export function numbered(steps: readonly StepBody[]): readonly Step[] {
	return steps.map((step, index) => ({ ...step, n: index + 1 }));
}
