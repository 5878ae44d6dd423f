/**
 * Applying approved changes, in blocks of up to 100 people: each is read again and compared exactly; then each person's steps before their
 * memberships, the block's memberships by group, and the rest; what names joiners comes when everybody is done. Nothing throws after the first
 * write: what is left has an outcome that says why. Stopped anywhere and applied again, it ends in the same tree.
 */
import type { Change } from '../../contracts';
import { asFault, nextObject, stopped, stopRun } from './faults';
import { childOf } from './creating';
import { checkNames } from './freeNames';
import { readMarks } from './history';
import { judgeBlock, standingOf } from './judge';
import { findJoiners } from './joiners';
import { linkBlock } from './links';
import { lookupOf, readBlock } from './reading';
import { outcomeOf, recordFault } from './results';
import { runSteps } from './sequence';
import { joinersOf, phasesOf, statesOf } from './state';
import type { Applied, ApplyRequest, ApplyResult, Block, Engine, Work } from './types';

export type { Applied, ApplyRequest, ApplyResult } from './types';

/** People who are read and written together. */
const BLOCK = 100;

/**
 * @returns an outcome for each change that was tried, in their order
 * @throws DirectoryError for connection and configuration, as long as nothing is written
 */
export async function applyChanges(request: ApplyRequest): Promise<ApplyResult> {
	const { changes, canary, run } = request;
	const chosen = canary === null ? changes : changes.slice(0, canary);
	const works = chosen.map(begun);
	const engine = open(request, works);
	const undoing = changes[0]?.bind.kind === 'undo';
	if (works.length > 0) engine.now = await run.directory.now();
	await run.finder.expect(works.filter(({ change }) => change.target === null).map((work) => lookupOf(engine, work)));
	for (let first = 0; first < works.length; ) {
		const block = works.slice(first, first + blockSize(engine));
		request.progress(first, works.length, undoing ? 'Undoing' : 'Applying');
		await applyBlock(engine, block);
		first += block.length;
	}
	await nameJoiners(engine, works);
	request.progress(works.length, works.length, undoing ? 'Undone' : 'Applied');
	return {
		results: await outcomes(engine, works),
		heldBack: changes.slice(chosen.length),
		notes: notesOf(engine, changes.length - chosen.length),
	};
}

function begun(change: Change): Work {
	return {
		...{ change, phases: phasesOf(change.steps), states: [], stale: false },
		...{ entry: undefined, guid: change.target?.guid ?? '', dn: change.target?.dn ?? '' },
		...{ mark: undefined, markedAgain: false, touched: [] },
		...{ results: new Map(), wrote: false, halt: undefined, advice: new Set<string>(), kept: undefined },
		...{ first: undefined, delivered: {}, notes: [] },
	};
}

function open(request: ApplyRequest, works: readonly Work[]): Engine {
	return {
		request,
		works: new Map(works.map((work) => [work.change.id, work])),
		...{ joiners: new Map(), protectedGroups: new Map(), types: new Map(), invocationId: undefined },
		...{ stop: undefined, lostInARow: 0, failed: new Set<Work>(), now: '' },
		writesBefore: request.run.directory.writes(),
	};
}

/** No more people at once than may still fail: memberships of a whole block are written at once, and may fail at once. */
function blockSize({ request: { stopAfterFailures, dryRun }, failed }: Engine): number {
	if (stopAfterFailures === null || dryRun) return BLOCK;
	return Math.min(BLOCK, Math.max(1, stopAfterFailures - failed.size));
}

async function applyBlock(engine: Engine, works: readonly Work[]): Promise<void> {
	const tried = works.filter((work) => !stopped(engine, work) && !notTried(engine, work));
	if (tried.length === 0) return;
	const block = await readyBlock(engine, tried);
	if (!block) return;
	if (engine.request.dryRun) return await rehearse(engine, block);
	for (const work of tried) await onePerson(engine, work, 1, block);
	await linkBlock(engine, block);
	for (const work of tried) await onePerson(engine, work, 3, block);
}

/** Too many have failed: nobody else is begun; who was begun is brought to an end. */
function notTried(engine: Engine, work: Work): boolean {
	const { stopAfterFailures, dryRun } = engine.request;
	if (stopAfterFailures === null || dryRun || engine.failed.size < stopAfterFailures) return false;
	work.halt = {
		status: 'refused',
		message: `Not tried: stopped after ${stopAfterFailures} failure${stopAfterFailures === 1 ? '' : 's'}.`,
		whatToDo: 'Look at those that failed, then apply the plan again.',
	};
	return true;
}

/** @returns undefined when it could not be read */
async function readyBlock(engine: Engine, works: readonly Work[]): Promise<Block | undefined> {
	nextObject(engine);
	for (let attempt = 1; ; attempt += 1) {
		try {
			const block = await readBlock(engine, works);
			await judgeBlock(engine, block);
			return block;
		} catch (error) {
			// Another controller may take the place of one that is lost.
			if (attempt === 1 && asFault(error).kind === 'lost' && nextObject(engine)) continue;
			stopRun(engine, error);
			for (const work of works) stopped(engine, work);
			return undefined;
		}
	}
}

async function onePerson(engine: Engine, work: Work, phase: 1 | 3, block: Block): Promise<void> {
	const { steps } = work.change;
	const hasSteps = steps.some(({ n }, index) => work.phases[index] === phase && !work.results.has(n));
	if (work.halt) return void engine.failed.add(work);
	const begins = !work.phases.some((other) => other < phase);
	if (stopped(engine, work) || !hasSteps || (begins && notTried(engine, work))) return;
	nextObject(engine);
	if (await mayGoOn(engine, work)) await runSteps(engine, work, phase, block);
}

/** Whether the lease is still held. @throws DirectoryError when nothing is written yet */
async function mayGoOn(engine: Engine, work: Work): Promise<boolean> {
	try {
		await engine.request.lease.check();
		return true;
	} catch (error) {
		stopRun(engine, error);
		stopped(engine, work);
		return false;
	}
}

/** Everything is compared as if it were to be written; a new name that is taken is found too. */
async function rehearse(engine: Engine, { works, names }: Block): Promise<void> {
	for (const work of works) {
		if (work.halt) engine.failed.add(work);
		const [step] = work.change.steps;
		if (work.halt || work.entry || step?.do !== 'create') continue;
		try {
			await checkNames(engine, work, step, childOf(step, names));
		} catch (error) {
			const fault = asFault(error);
			if (fault.kind !== 'taken') throw error;
			recordFault(engine, work, step, fault);
		}
	}
}

/** The last phase: attributes that name people who had no account when this run began. */
async function nameJoiners(engine: Engine, works: readonly Work[]): Promise<void> {
	const naming = works.filter(({ phases, halt: halted }) => phases.includes(4) && !halted);
	if (engine.request.dryRun) return;
	for (let first = 0; first < naming.length; first += BLOCK) {
		const some = naming.slice(first, first + BLOCK).filter((work) => !stopped(engine, work));
		if (some.length === 0) continue;
		const block = await readyToName(engine, some);
		if (!block) continue;
		for (const work of some) {
			if (stopped(engine, work)) continue;
			nextObject(engine);
			if (await mayGoOn(engine, work)) await runSteps(engine, work, 4, block);
		}
	}
}

async function readyToName(engine: Engine, works: readonly Work[]): Promise<Block | undefined> {
	try {
		await findJoiners(
			engine,
			works.flatMap(({ change }) => change.steps.flatMap(joinersOf)),
		);
		const block = await readBlock(engine, works);
		await readMarks(engine, works);
		for (const work of works) work.states = statesOf(work.change, standingOf(engine, work, block));
		return block;
	} catch (error) {
		stopRun(engine, error);
		for (const work of works) stopped(engine, work);
		return undefined;
	}
}

async function outcomes(engine: Engine, works: readonly Work[]): Promise<Applied[]> {
	const { directory } = engine.request.run;
	// The clock of a controller that is gone is not asked again.
	const at = await directory.now().catch(() => engine.now);
	return works.map((work) => outcomeOf(engine, work, at));
}

function notesOf({ request: { dryRun }, stop }: Engine, heldBack: number): string[] {
	return [
		...(dryRun ? ['Dry run: nothing was written.'] : []),
		...(stop ? [`Stopped: ${stop.message} ${stop.whatToDo}`] : []),
		...(heldBack > 0 ? [`${heldBack} changes were held back by the canary; they can be applied later.`] : []),
	];
}
