/**
 * A plan that takes another one back: of every person the inverses in reverse, whoever came last first. Pure. What it does is compared and applied
 * like any other plan, and only where values are still those that the plan wrote.
 */
import type { Outcome, PlanProblem, Step, Write } from '../../contracts';
import { makeMark, type MarkSubject } from '../../directory/mark';
import { isOfMarks } from '../seals';
import type { UnsealedChange } from '../plan/finish';
import { numbered, type StepBody } from '../plan/steps';
import { expectedOf } from './created';
import { isDone, type Applied } from './merge';
import type { UndoTarget } from './targets';

export type UndoRequest = {
	/** Of `mergeOutcomes`, checked. */
	readonly applied: readonly Applied[];
	/** Of `readTargets`. */
	readonly targets: ReadonlyMap<string, UndoTarget>;
	/** Delete the accounts that the plan made, where nobody has used or changed them. */
	readonly deleteCreated: boolean;
	/** Instant by the controller's clock, ISO 8601. */
	readonly now: string;
	readonly signingKey: string;
};

export type UndoParts = {
	readonly changes: readonly UnsealedChange[];
	readonly problems: readonly PlanProblem[];
	readonly notes: readonly string[];
};

/** @returns what is still to be numbered, counted and sealed, like the parts of any plan */
export function makeUndoPlan(request: UndoRequest): UndoParts {
	const changes: UnsealedChange[] = [];
	const problems: PlanProblem[] = [];
	let nothing = 0;
	for (const one of request.applied.toReversed()) {
		const target = request.targets.get(one.last.guid);
		const change = target && undoOf(one, target, request);
		if (change?.steps.length) changes.push(change);
		else if (change?.notes.length === 0) nothing += 1;
		else problems.push(notUndoable(one.last, change?.notes ?? [`${one.last.dn} does not exist any more.`]));
	}
	const isDeleting = ({ steps }: UnsealedChange) => steps.some((step) => step.do === 'delete');
	return {
		// Whoever else names an account that goes is put back before it does.
		changes: [...changes.filter((change) => !isDeleting(change)), ...changes.filter(isDeleting)],
		problems,
		notes: nothing > 0 ? [`${nothing} people are left as they are: nothing was done for them.`] : [],
	};
}

function notUndoable({ key, displayName, guid, dn }: Outcome, why: readonly string[]): PlanProblem {
	return {
		...{ kind: 'unusable', urgent: false, key, displayName, accounts: [{ guid, dn }], record: null },
		message: `What was done for ${displayName} cannot be undone: ${why.join(' ')}`,
		whatToDo: 'Change it by hand, if it is to go back.',
	};
}

function undoOf(one: Applied, target: UndoTarget, request: UndoRequest): UnsealedChange {
	const { last, results } = one;
	const created = results.find(({ step }) => step.do === 'create');
	const { isDeleted, notes } = decideDeletion(one, target, request);
	const back = results.toReversed().flatMap(({ inverse }) => inverse ?? []);
	const steps: StepBody[] = back.flatMap((step): StepBody[] => {
		if (step.do === 'disable' && created) return isLastDisable(step, back) ? [disableMarked(step, one, request)] : [];
		// What goes with the account needs not be put back before.
		if (isDeleted && step.do !== 'unlink') return [];
		return [step.do === 'disable' ? disableMarked(step, one, request) : step];
	});
	if (isDeleted) steps.push({ do: 'delete', expect: expectedOf(one, target) });
	const all = [...notes, ...notesOf(one, steps)];
	const { guid, dn, sid, usn } = target;
	const planned = numbered(steps);
	return {
		...{ key: last.key, displayName: last.displayName, lifecycle: last.lifecycle, target: { guid, dn, sid, usn } },
		...{ steps: planned, notes: [...new Set(all)], dependsOn: [], riskReasons: risksOf(planned) },
		reasons: [`undoes what plan ${last.bind.planId} did to a ${last.lifecycle}, last on ${last.at}`],
	};
}

/**
 * Taking back a new account is one `disable`: that of its enabling, which puts the mark `pending` back, or where it was never enabled, that of its
 * creation, which finds it disabled and marked already.
 */
function isLastDisable(step: Step, back: readonly Step[]): boolean {
	return back.find((other) => other.do === 'disable') === step;
}

function decideDeletion(
	{ last, results }: Applied,
	{ touched }: UndoTarget,
	{ deleteCreated }: UndoRequest,
): { isDeleted: boolean; notes: readonly string[] } {
	const created = results.find(({ step }) => step.do === 'create');
	if (!created) return { isDeleted: false, notes: [] };
	const kept = `${last.dn} is disabled, bears the mark of an account that is not finished, and is not deleted`;
	if (!deleteCreated) return { isDeleted: false, notes: [`${kept}.`] };
	const why = isDone(created) ? touched : 'another run of the plan made it, whose outcome is missing';
	return why === undefined ? { isDeleted: true, notes: [] } : { isDeleted: false, notes: [`${kept}: ${why}.`] };
}

/**
 * An account that is disabled without mark would stay so for ever. The one that enabling took away is known from its outcome; where enabling was
 * only found done, it is made anew. It counts, whatever its instant, because it is written together with userAccountControl.
 */
function disableMarked(
	step: Extract<Step, { do: 'enable' | 'disable' }>,
	{ last, results }: Applied,
	{ signingKey, now }: UndoRequest,
): Step {
	const { markAttribute, anchor, domainGuid } = last.bind;
	const isMark = (write: Write) => isOfMarks(write, markAttribute) && 'add' in write && write.add.length > 0;
	const wasEnabled = results.some(({ step: before }) => before.do === 'enable');
	if (!wasEnabled || step.with.some(isMark)) return step;
	const subject: MarkSubject =
		last.lifecycle === 'rehire' || last.lifecycle === 'leaver'
			? { state: 'left', objectGuid: last.guid }
			: { state: 'pending', domainGuid, matchAttribute: anchor, matchValue: keyOf(results, anchor) ?? last.key };
	const mark = makeMark(signingKey, subject, now);
	return { ...step, with: [...step.with, { attribute: markAttribute, remove: [], add: [mark] }] };
}

/** The key as it was written, to which the mark is bound letter by letter. */
function keyOf(results: Applied['results'], anchor: string): string | undefined {
	const given = results.flatMap(({ step }) => (step.do === 'create' ? Object.entries(step.attributes) : []));
	const [value] = given.find(([name]) => name.toLowerCase() === anchor.toLowerCase())?.[1] ?? [];
	return typeof value === 'string' ? value : undefined;
}

/** What is not taken back, so that the approver knows. */
function notesOf({ results }: Applied, steps: readonly StepBody[]): string[] {
	const notes = results.flatMap(({ step, notUndoable: why }) => {
		if (why === undefined) return [];
		if (step.do !== 'link' && step.do !== 'unlink') return [why];
		return [`${'dn' in step.group ? step.group.dn : ''}: ${why}`];
	});
	const enables = steps.some((step) => step.do === 'enable');
	const password = results.some(({ step }) => step.do === 'setPassword');
	return [
		...notes,
		...(enables && password ? ['The account is enabled with a password that nobody knows.'] : []),
		...(steps.length === 0 && notes.length > 0 ? ['Nothing else was done.'] : []),
	];
}

const RISKS: Partial<Record<Step['do'], string>> = {
	enable: 'the account is enabled again',
	disable: 'the account is disabled',
	relocate: 'the account is moved or renamed back',
	delete: 'the account is deleted',
};

function risksOf(steps: readonly Step[]): string[] {
	return [...new Set(steps.flatMap((step) => RISKS[step.do] ?? []))];
}
