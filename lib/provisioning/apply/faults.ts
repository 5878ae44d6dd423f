/** Who is concerned when something goes wrong: one person, or everybody from here on. */
import type { Step } from '../../contracts';
import { DirectoryError } from '../../directory/errors';
import { forgetController } from './history';
import { halt, recordFault } from './results';
import type { Engine, Work } from './types';

/** Before the first write of a run, a fault of connection or configuration is the run's own; afterwards everybody gets an outcome. */
export function mayThrow(engine: Engine): boolean {
	return engine.request.run.directory.writes() === engine.writesBefore;
}

/** Anything else that was thrown is a defect of this one change, or of this tool: shown as it is. */
export function asFault(error: unknown): DirectoryError {
	if (error instanceof DirectoryError) return error;
	return new DirectoryError({
		kind: 'person',
		message: error instanceof Error ? error.message : String(error),
		whatToDo: 'Look at the change; make a new plan if it cannot be applied.',
	});
}

/** Faults that the next person would meet too. What the directory answers about one object (a right, a place) it may answer otherwise about the next. */
function concernsAll({ kind, code, stage }: DirectoryError): boolean {
	if (kind === 'configuration') return code === undefined || stage !== undefined;
	return kind === 'lost' || kind === 'busy' || kind === 'cancelled';
}

/**
 * Notes the fault of a step, and stops the run where the next person would meet it too. A controller that is lost does so only where no other
 * one may take its place.
 * @throws DirectoryError when nothing is written yet
 */
export function onFault(engine: Engine, work: Work, step: Step, thrown: unknown): void {
	const error = asFault(thrown);
	if (concernsAll(error) && mayThrow(engine)) throw error;
	recordFault(engine, work, step, error);
	engine.lostInARow = error.kind === 'lost' ? engine.lostInARow + 1 : 0;
	if (!concernsAll(error)) return;
	const isForGood = (error.stage !== undefined || engine.lostInARow > 1) && !nextObject(engine);
	// What a group or a place lacks in rights, the next one may have.
	if (error.kind === 'lost' ? isForGood : error.kind !== 'configuration' || error.code === undefined)
		engine.stop = error;
}

/** Between two people another controller may answer, when the first was lost. */
export function nextObject(engine: Engine): boolean {
	const moved = engine.request.run.directory.nextObject();
	if (moved) forgetController(engine);
	return moved;
}

/**
 * Ends the run for everybody who is not done.
 * @throws DirectoryError when nothing is written yet
 */
export function stopRun(engine: Engine, thrown: unknown): void {
	const error = asFault(thrown);
	if (mayThrow(engine)) throw error;
	engine.stop = error;
}

/** Halts somebody because the run has ended. */
export function stopped(engine: Engine, work: Work): boolean {
	const { stop } = engine;
	if (!stop) return false;
	const tried = work.wrote || [...work.results.values()].length > 0;
	halt(engine, work, {
		status: tried ? 'failed' : 'refused',
		message: `${tried ? 'Not finished' : 'Not tried'}: ${stop.message}`,
		whatToDo: stop.whatToDo,
	});
	return true;
}
