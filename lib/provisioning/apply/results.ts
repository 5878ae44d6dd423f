/** What became of steps and of people. */
import type { Outcome, OutcomeStatus, Step, StepResult } from '../../contracts';
import { textsOf } from '../../directory/entry';
import type { DirectoryError } from '../../directory/errors';
import { looksLikeMark } from '../../directory/mark';
import { sealed } from '../seals';
import { resolved, type Names } from './comparing';
import { inverseOf } from './inverse';
import type { Applied, Done, Engine, Halt, Work } from './types';

/** A step that is done, now or before, or left out on purpose. */
export function record(engine: Engine, work: Work, step: Step, done: Done): void {
	const { status = 'done', wrote, message } = done;
	const plain = { n: step.n, step, status, ...(message === undefined ? {} : { message }) };
	if (status === 'done') {
		work.wrote = true;
		const back = inverseOf(meant(step, wrote, engine.joiners), { status, wrote });
		work.results.set(step.n, { ...plain, wrote, ...back });
	} else if (status === 'already done') {
		const { markAttribute } = engine.request.run.marking;
		const values = work.entry ? textsOf(work.entry, markAttribute).filter(looksLikeMark) : [];
		const marks = { attribute: markAttribute, values };
		const back = inverseOf(meant(step, undefined, engine.joiners), { status, wrote, marks });
		work.results.set(step.n, { ...plain, ...back });
	} else {
		work.results.set(step.n, { ...plain, inverse: null });
		engine.failed.add(work);
	}
}

/** The step without what was left alone in an undo, and with joiners as the accounts that they are. */
function meant(step: Step, wrote: Done['wrote'] | undefined, joiners: Names['joiners']): Step {
	const names = { byGuid: new Map<string, string>(), joiners };
	const isSent = (attribute: string) =>
		wrote?.some((write) => write.attribute.toLowerCase() === attribute.toLowerCase()) ?? true;
	const of = (writes: Extract<Step, { do: 'set' }>['writes']) =>
		writes.filter(({ attribute }) => isSent(attribute)).map((write) => resolved(write, names));
	if (step.do === 'set') return { ...step, writes: of(step.writes) };
	return step.do === 'enable' || step.do === 'disable' ? { ...step, with: of(step.with) } : step;
}

/** A step that could not be done. */
export function recordFault(engine: Engine, work: Work, step: Step, error: DirectoryError): void {
	const status = error.kind === 'conflict' || error.kind === 'taken' ? 'conflict' : 'failed';
	work.results.set(step.n, {
		...{ n: step.n, step, status, message: error.message, inverse: null },
		...(error.code === undefined ? {} : { code: error.code }),
	});
	work.advice.add(error.whatToDo);
	engine.failed.add(work);
}

/** Ends a person's change: what is still open is not done by this run. The first reason counts. */
export function halt(engine: Engine, work: Work, why: Halt): void {
	work.halt ??= why;
	engine.failed.add(work);
}

function isThere({ status }: StepResult): boolean {
	return status === 'done' || status === 'already done';
}

/** Sealed. @param at by the controller's clock */
export function outcomeOf(engine: Engine, work: Work, at: string): Applied {
	const { run, runId, approver } = engine.request;
	const { change, notes, delivered } = work;
	const steps = change.steps.map((step, index) => work.results.get(step.n) ?? notDone(engine, work, step, index));
	const status = statusOf(work, steps);
	const outcome: Omit<Outcome, 'seal'> = {
		...{ bind: change.bind, runId, changeId: change.id, key: change.key, displayName: change.displayName },
		lifecycle: change.lifecycle,
		guid: work.guid || (change.target?.guid ?? ''),
		dn: work.dn || (change.target?.dn ?? ''),
		...{ status, ...wordsOf(engine, work, steps), notes: [...notes], steps },
		...{ dc: run.directory.controller() ?? '', at },
		...(approver === '' ? {} : { approver }),
	};
	return {
		outcome: sealed(run.directory.signingKey(), 'outcome', wellFormed(outcome)),
		delivered,
		rehearsed: isRehearsed(engine, work, steps),
	};
}

/** Whether this was a dry run, and something would be done that nothing speaks against. */
function isRehearsed({ request }: Engine, { halt: halted, advice }: Work, steps: readonly StepResult[]): boolean {
	const free = halted === undefined && advice.size === 0;
	return (
		request.dryRun && free && steps.every((step) => isThere(step) || step.status === 'skipped') && !steps.every(isThere)
	);
}

/** An approver's name or a message may hold half a character: no seal can be made of it (RFC 8785), and what was written must not be lost for that. */
function wellFormed<T extends object>(outcome: T): T {
	const whole = (_: string, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value);
	return JSON.parse(JSON.stringify(outcome), whole) as T;
}

/** What no step was tried for, by what was seen before. */
function notDone(engine: Engine, work: Work, step: Step, index: number): StepResult {
	const state = work.states[index];
	const plain = { n: step.n, step, inverse: null };
	if (state?.state === 'conflict') return { ...plain, status: 'conflict', message: state.message };
	if (state?.state === 'impossible') return { ...plain, status: 'failed', message: state.message };
	if (state?.state === 'done' && work.halt?.status !== 'refused') {
		record(engine, work, step, { status: 'already done', wrote: [] });
		return work.results.get(step.n) ?? { ...plain, status: 'already done' };
	}
	const isTried = engine.request.dryRun && work.halt === undefined;
	return { ...plain, status: 'skipped', ...(isTried ? { message: 'Dry run: would be done.' } : {}) };
}

function statusOf({ halt: halted, wrote }: Work, steps: readonly StepResult[]): OutcomeStatus {
	if (halted?.status === 'refused' && !wrote) return 'refused';
	if (steps.every(isThere)) return steps.some(({ status }) => status === 'done') ? 'applied' : 'already done';
	if (wrote) return 'partial';
	if (halted) return halted.status;
	if (steps.some(({ status }) => status === 'failed')) return 'failed';
	return steps.some(({ status }) => status === 'conflict') ? 'conflict' : 'refused';
}

function wordsOf(engine: Engine, work: Work, steps: readonly StepResult[]): Pick<Outcome, 'message' | 'whatToDo'> {
	const { halt: halted, wrote, advice, change } = work;
	const who = work.dn || (change.target?.dn ?? change.displayName);
	const open = steps.filter((step) => !isThere(step));
	if (open.length === 0 && halted?.status !== 'refused') return {};
	if (halted && !wrote) return { message: halted.message, whatToDo: halted.whatToDo };
	const list = open.map((result) => `${inWords(result.step)}${result.message ? `: ${result.message}` : ''}`);
	if (isRehearsed(engine, work, steps))
		return {
			message: `Dry run: nothing was written. Would be done: ${open.map(({ step }) => inWords(step)).join(', ')}.`,
			whatToDo: 'Apply the plan without Dry Run.',
		};
	const why = halted ? `${halted.message} ` : '';
	return {
		message: `${who}: ${why}Not done: ${list.join(' · ')}`,
		whatToDo: [
			...new Set([
				...(halted ? [halted.whatToDo] : []),
				...advice,
				'Then apply the plan again: what is done is found and left as it is.',
			]),
		].join(' '),
	};
}

/** A step as the object of "not done". */
export function inWords(step: Step): string {
	switch (step.do) {
		case 'create':
			return 'creating the account';
		case 'set':
			return `writing ${step.writes.map(({ attribute }) => attribute).join(', ')}`;
		case 'relocate':
			return `moving or renaming to ${step.to.rdn},${step.to.parent.dn}`;
		case 'link':
		case 'unlink':
			return `${step.do === 'link' ? 'joining' : 'leaving'} the group ${'dn' in step.group ? step.group.dn : ''}`;
		case 'setPassword':
			return 'setting a new password';
		case 'enable':
			return 'enabling';
		case 'disable':
			return 'disabling';
		case 'delete':
			return 'deleting the account';
	}
}
