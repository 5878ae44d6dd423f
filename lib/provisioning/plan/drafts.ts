/** From what is decided about one person to the steps of it, in their order. Pure: everything was read before. */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { DirectoryError } from '../../directory/errors';
import { joinerSteps, pendingSteps } from './joinerSteps';
import { leaverSteps } from './leaverSteps';
import { moverSteps } from './moverSteps';
import { accountsProblem, personProblem } from './problems';
import { rehireSteps } from './rehireSteps';
import { reasonsOf, riskReasonsOf } from './risk';
import { isFault, numbered, type Fault, type Parts } from './steps';
import type { ChangingDecision, Draft, Resolved, StepContext } from './types';

export { groupProblems } from './groupSteps';
export { attributesToPlan, containersOf, groupsToResolve, placesToResolve } from './planReads';

/** One for all who have nothing to do. */
const NO_DRAFT: Draft = { steps: [], reasons: [], notes: [], riskReasons: [], dependsOn: [] };

/**
 * @returns the steps of one change; none when there is nothing to do. A problem when anything about the person cannot be done: then nothing is
 */
export function draftOf(decision: ChangingDecision, resolved: Resolved, context: StepContext): Draft | PlanProblem {
	const parts = tried(decision, resolved, context);
	if (isFault(parts)) return toProblem(decision, parts);
	const looked = decision.person === null || parts.steps.length === 0 ? [] : reviewOf(decision.person);
	const notes =
		looked.length + resolved.notes.length > 0 ? [...resolved.notes, ...parts.notes, ...looked] : parts.notes;
	if (parts.steps.length === 0) return notes.length === 0 ? NO_DRAFT : { ...NO_DRAFT, notes };
	const steps = numbered(parts.steps);
	return {
		...{ steps, notes, dependsOn: parts.dependsOn },
		reasons: reasonsOf(decision, context),
		riskReasons: riskReasonsOf(decision, steps, context),
	};
}

/** What Attribute Map wants a person to look at: a name in letters that only look like others, a leaver's value that was left out. */
function reviewOf({ review }: DesiredAccount): readonly string[] {
	return review.map(({ attribute, reason }) => `To be looked at: ${attribute}: ${reason}`);
}

/** What a value or an attribute does not allow is found deep down, and concerns this person alone. */
function tried(decision: ChangingDecision, resolved: Resolved, context: StepContext): Parts | Fault {
	try {
		return stepsOf(decision, resolved, context);
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'person') throw error;
		return { kind: 'bad value', message: error.message, whatToDo: error.whatToDo };
	}
}

function stepsOf(decision: ChangingDecision, resolved: Resolved, context: StepContext): Parts | Fault {
	switch (decision.kind) {
		case 'joiner':
			return joinerSteps(decision, resolved, context);
		case 'pending':
			return pendingSteps(decision, resolved, context);
		case 'mover':
			return moverSteps(decision, resolved, context);
		case 'rehire':
			return rehireSteps(decision, resolved, context);
		case 'leaver':
			return leaverSteps(decision, resolved, context);
	}
}

function toProblem(decision: ChangingDecision, fault: Fault): PlanProblem {
	const accounts = decision.kind === 'joiner' ? [] : [decision.account];
	return decision.person === null ? accountsProblem(accounts, fault) : personProblem(decision.person, accounts, fault);
}
