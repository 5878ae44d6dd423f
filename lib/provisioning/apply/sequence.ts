/** One person's steps in their order. */
import type { Step } from '../../contracts';
import { DirectoryError } from '../../directory/errors';
import { onFault } from './faults';
import { standingOf } from './judge';
import { perform } from './perform';
import { readOne } from './reading';
import { record, recordFault } from './results';
import { statesOf, type StepState } from './state';
import type { Block, Engine, Work } from './types';

/**
 * The steps of one phase, as far as none before them has failed.
 * @throws DirectoryError when nothing is written yet
 */
export async function runSteps(engine: Engine, work: Work, phase: 1 | 3 | 4, block: Block): Promise<void> {
	for (const [index, step] of work.change.steps.entries()) {
		if (work.phases[index] !== phase || work.results.has(step.n)) continue;
		if (work.halt || engine.stop || isBlocked(work, step)) return;
		const { directory } = engine.request.run;
		const before = directory.writes();
		try {
			await runStep(engine, work, step, index, block);
		} catch (error) {
			// A write whose answer never came may be done: nobody is told that nothing was written.
			if (isUnanswered(error) && directory.writes() > before) work.wrote = true;
			onFault(engine, work, step, error);
		}
	}
}

function isUnanswered(error: unknown): boolean {
	return error instanceof DirectoryError && (error.kind === 'lost' || error.kind === 'cancelled');
}

async function runStep(engine: Engine, work: Work, step: Step, index: number, block: Block): Promise<void> {
	const isUnconditional = hasNoCondition(work, step);
	if (isUnconditional) work.stale = true;
	if (work.change.bind.kind === 'undo' || isUnconditional) await lookAgain(engine, work, block);
	const state: StepState = work.states[index] ?? { state: 'open', writes: [], kept: [] };
	switch (state.state) {
		case 'done':
			if (step.do === 'setPassword' && isEnabling(work)) work.notes.push(UNTOLD);
			record(engine, work, step, { status: 'already done', wrote: [] });
			return;
		case 'conflict':
			recordFault(engine, work, step, moved(state.message));
			return;
		case 'impossible':
			throw new DirectoryError({ kind: 'person', message: `${state.message}.`, whatToDo: state.whatToDo });
		case 'open': {
			const done = await perform(engine, work, step, state, block);
			engine.lostInARow = 0;
			record(engine, work, step, done);
			if (work.change.bind.kind === 'undo') work.stale = true;
			// Before there was an account, nothing could be compared.
			if (step.do === 'create') work.states = statesOf(work.change, standingOf(engine, work, block));
		}
	}
}

const UNTOLD =
	'The password was set before this run, which cannot tell it: reset it by hand if whoever set it has not handed it on.';

/** Whether the person is about to be able to log on. */
function isEnabling({ change, states }: Work): boolean {
	return change.steps.some((step, index) => step.do === 'enable' && states[index]?.state === 'open');
}

/**
 * What the account is by now is looked at straight before it is deleted, or gets a password: somebody may have set one since the block was read.
 * A leaver's counts by the mark that was just written, and an account that this run has made has the password of its Add.
 */
function hasNoCondition({ change, first }: Work, step: Step): boolean {
	if (step.do === 'setPassword') return change.lifecycle !== 'leaver' && first === undefined;
	return step.do === 'delete';
}

/** Steps that take others back lead from one to the next: what the one before has written is where the next one begins. */
async function lookAgain(engine: Engine, work: Work, block: Block): Promise<void> {
	if (!work.stale) return;
	work.entry = await readOne(engine, work);
	work.stale = false;
	work.states = statesOf(work.change, standingOf(engine, work, block));
}

function moved(message: string): DirectoryError {
	return new DirectoryError({
		kind: 'conflict',
		message: `${message}.`,
		whatToDo: 'Somebody has changed it since; it was left as it is. Change it by hand if it is to go back.',
	});
}

/**
 * Whether a step that failed keeps this one from being done. What is taken from a leaver does not wait for each other, only the move does: it
 * could cost the rights to try the rest again. In an undo, what somebody has changed since keeps nothing else.
 */
export function isBlocked({ change, results }: Work, step: Step): boolean {
	return [...results.values()].some(({ n, status, step: before }) => {
		if (n >= step.n || status === 'done' || status === 'already done' || status === 'skipped') return false;
		if (change.bind.kind === 'undo') return status === 'failed';
		if (change.lifecycle !== 'leaver') return true;
		const isTaking = before.do === 'setPassword' || before.do === 'unlink';
		return !isTaking || status === 'conflict' || step.do === 'relocate' || step.do === 'delete';
	});
}
