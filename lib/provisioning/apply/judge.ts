/** Whether anything may be written for a person at all: decided for the whole change before its first write. */
import type { Step } from '../../contracts';
import { isUser } from '../../directory/accounts/account';
import { textsOf } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { findSnapshot } from '../../directory/snapshot';
import { checkNewNames } from './freeNames';
import { readMarks, writtenAfterPlan } from './history';
import { findJoiners } from './joiners';
import { namesJoiner, statesOf, type Standing } from './state';
import { stateOfWrite } from './comparing';
import type { Block, Engine, Halt, Work } from './types';

const NEW_PLAN = 'Make a new plan: it sees the account as it is now.';
const NOTHING = 'Nothing was written.';

/**
 * Fills in the states of all steps, and halts those for whom nothing may be written.
 * @throws DirectoryError
 */
export async function judgeBlock(engine: Engine, block: Block): Promise<void> {
	const works = block.works.filter(({ halt }) => halt === undefined);
	await readMarks(engine, works);
	await findJoiners(
		engine,
		works.flatMap((work) => joinersToKnow(work, block)),
	);
	const touched = await writtenAfterPlan(engine, works.filter(isToVanish), 'others');
	for (const work of works) {
		work.touched = touched.get(work.change.id) ?? [];
		const standing = standingOf(engine, work, block);
		work.states = statesOf(work.change, standing);
		work.kept = keptBefore(work, standing);
	}
	const written = await writtenAfterPlan(engine, works.filter(isFresh), 'all');
	// Whatever is done by now, and by whom: with another key, it is another person's.
	const begun = works.filter((work) => !isFresh(work) && work.states.some(({ state }) => state === 'open'));
	const rekeyed = await writtenAfterPlan(engine, begun, 'key');
	for (const work of works) {
		const { id } = work.change;
		work.halt = await haltFor(engine, work, block, { written: written.get(id) ?? [], rekeyed: rekeyed.has(id) });
		work.halt ??= await haltForNames(engine, work, block);
	}
}

/** Nothing is done. A later password is no step of this plan's: its owner may have set it, and an undo leaves it as it is. */
function isFresh({ change, states }: Work): boolean {
	return change.steps.every((step, index) => step.do === 'setPassword' || states[index]?.state !== 'done');
}

/** Where a run before this one disabled the account, and found no room in the snapshot for what the rest of the leave takes away. */
function keptBefore({ change: { bind, lifecycle, steps } }: Work, { mark, snapshot }: Standing): Work['kept'] {
	if (bind.kind === 'undo' || lifecycle !== 'leaver' || mark?.state !== 'left') return undefined;
	if (!steps.some((step) => step.do === 'disable')) return undefined;
	if (snapshot === undefined) return 'all';
	return snapshot.groups === null ? 'groups' : undefined;
}

/** An account that the plan made, and that its undo deletes as long as it is what the plan made. */
function isToVanish({ change: { bind, steps } }: Work): boolean {
	return bind.kind === 'undo' && steps.some((step) => step.do === 'delete');
}

/** A name that somebody was quicker to take would be found out by halves, or not at all: two people may have one address. */
async function haltForNames(engine: Engine, work: Work, block: Block): Promise<Halt | undefined> {
	const { change, dn } = work;
	// Whoever leaves is shut out all the same.
	if (change.bind.kind === 'undo' || change.lifecycle === 'leaver') return undefined;
	try {
		await checkNewNames(engine, work, block);
		return undefined;
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'taken') throw error;
		return { status: 'conflict', message: `${dn}: ${error.message} ${NOTHING}`, whatToDo: error.whatToDo };
	}
}

/** Only where what stands there is not what stood there when this was planned: then it may be the joiner's account already. */
function joinersToKnow({ change, entry }: Work, { names }: Block): string[] {
	if (!entry) return [];
	return change.steps.filter(namesJoiner).flatMap((step) =>
		(step.do === 'set' ? step.writes : []).flatMap((write) => {
			if (stateOfWrite(write, entry, names) === 'open') return [];
			const values = 'add' in write ? [...write.remove, ...write.add] : [write.from, write.to];
			return values.flatMap((value) => (typeof value === 'object' && value && 'change' in value ? [value.change] : []));
		}),
	);
}

/** The account of a work as the states of its steps need it. */
export function standingOf(engine: Engine, { entry, guid, mark, touched }: Work, { names }: Block): Standing {
	const { run } = engine.request;
	const values = entry && mark ? textsOf(entry, run.marking.markAttribute) : [];
	const snapshot = mark?.state === 'left' ? findSnapshot(run.signingKey, values, guid, mark.at)?.snapshot : undefined;
	return { entry, mark, snapshot, names, touched };
}

async function haltFor(
	engine: Engine,
	work: Work,
	block: Block,
	{ written, rekeyed }: { readonly written: readonly string[]; readonly rekeyed: boolean },
): Promise<Halt | undefined> {
	const { change, entry, states } = work;
	const isUndo = change.bind.kind === 'undo';
	if (!entry && change.target) return gone(work);
	if (entry) {
		if (!isUser(entry)) return refused(`${entry.dn} is no user account. ${NOTHING}`, 'Look what it is.');
		const reason = await engine.request.run.guard.of(entry);
		if (reason !== undefined)
			return refused(`${entry.dn} is protected: ${reason}. ${NOTHING}`, 'Change protected accounts by hand.');
	}
	const fault = isUndo ? undefined : (firstFault(work) ?? leftOrBack(work));
	if (fault) return fault;
	if (isUndone(work))
		return refused(`${work.dn} was finished, and undone since the plan was made. ${NOTHING}`, NEW_PLAN);
	if (rekeyed)
		return refused(
			`${work.dn}: ${engine.request.run.marking.matchAttribute} was written since the plan was made: the account is somebody else's now. ${NOTHING}`,
			NEW_PLAN,
		);
	const group = await protectedGroup(engine, work, block);
	if (group) return group;
	if (written.length > 0)
		return refused(
			`${work.dn}: ${written.join(', ')} ${written.length > 1 ? 'were' : 'was'} written since the plan was made, and nothing of the plan is done: it was undone or reversed since, or the account is somebody else's now. ${NOTHING}`,
			NEW_PLAN,
		);
	return isUndo || states.every(({ state }) => state === 'done') ? undefined : finishedByOthers(work);
}

/**
 * A joiner whom the plan made and enabled, and an undo disabled again: not to be taken for one whose run was stopped before its end. A later plan
 * finds the account, and has no step that makes it.
 */
function isUndone({ change, markedAgain, states }: Work): boolean {
	const isOpen = (kind: Step['do']) =>
		change.steps.some((step, index) => step.do === kind && states[index]?.state === 'open');
	return change.bind.kind === 'apply' && change.target === null && markedAgain && isOpen('enable');
}

/** The object is gone: what was to be deleted is, for everything else somebody was quicker. */
function gone({ change, states }: Work): Halt | undefined {
	if (states.every(({ state }) => state === 'done')) return undefined;
	return {
		status: 'conflict',
		message: `${change.target?.dn ?? ''} does not exist any more, or cannot be read. ${NOTHING}`,
		whatToDo: NEW_PLAN,
	};
}

/** One that does not fit keeps the whole change: the approver saw all of it or nothing. */
function firstFault({ change, states, dn }: Work): Halt | undefined {
	const who = dn === '' ? change.displayName : dn;
	const moved = states.flatMap((state) => (state.state === 'conflict' ? [state.message] : []));
	if (moved.length > 0)
		return { status: 'conflict', message: `${who}: ${moved.join('; ')}. ${NOTHING}`, whatToDo: NEW_PLAN };
	const lacking = states.find((state) => state.state === 'impossible');
	// A leaver is disabled all the same: only the place to be moved to is missing.
	if (!lacking || change.lifecycle === 'leaver') return undefined;
	return { status: 'failed', message: `${who}: ${lacking.message}. ${NOTHING}`, whatToDo: lacking.whatToDo };
}

/**
 * What a leave has left over is only for who is still marked as left, and what an active person is to get for nobody who has left since. Where
 * the plan enables, disables or deletes, that step says so itself.
 */
function leftOrBack({ change: { lifecycle, steps }, mark, states, dn }: Work): Halt | undefined {
	const isLeaver = lifecycle === 'leaver';
	if (isLeaver === (mark?.state === 'left') || states.every(({ state }) => state === 'done')) return undefined;
	if (steps.some((step) => step.do === 'enable' || step.do === 'disable' || step.do === 'delete')) return undefined;
	const since = isLeaver
		? 'it bears no mark of this tool any more that says that the person has left'
		: 'the person has left since the plan was made';
	return { status: 'conflict', message: `${dn}: ${since}. ${NOTHING}`, whatToDo: NEW_PLAN };
}

/** Protected since the plan was made. Taking a leaver out of such a group fails by itself, and keeps nothing else (links.ts). */
async function protectedGroup(engine: Engine, { change, states }: Work, block: Block): Promise<Halt | undefined> {
	if (change.lifecycle === 'leaver' && change.bind.kind === 'apply') return undefined;
	for (const [index, step] of change.steps.entries()) {
		if ((step.do !== 'link' && step.do !== 'unlink') || states[index]?.state !== 'open') continue;
		const reason = await whyProtected(engine, step, block);
		if (reason !== undefined)
			return refused(
				`The group ${'dn' in step.group ? step.group.dn : ''} is protected: ${reason}. Nobody is added to it or taken out of it. ${NOTHING}`,
				'Change it by hand, or make a new plan.',
			);
	}
	return undefined;
}

/** Why a step's group is not touched; undefined = it may be. Asked once in a run. @throws DirectoryError */
export async function whyProtected(
	engine: Engine,
	{ group }: Extract<Step, { do: 'link' | 'unlink' }>,
	block: Block,
): Promise<string | undefined> {
	if (!('guid' in group)) return 'it has no GUID';
	const entry = block.groups.get(group.guid);
	if (!entry) return undefined;
	if (!engine.protectedGroups.has(group.guid))
		engine.protectedGroups.set(group.guid, await engine.request.run.guard.ofGroup(entry));
	return engine.protectedGroups.get(group.guid);
}

/**
 * Enabling comes last. Enabled before the rest is done, it was somebody else who enabled the account, or who took something away again: neither
 * is for this plan to overrule.
 */
function finishedByOthers({ change, states, dn }: Work): Halt | undefined {
	const last = change.steps.findIndex((step) => step.do === 'enable');
	if (last < 0 || states[last]?.state !== 'done') return undefined;
	const open = change.steps.find((_step, index) => index < last && states[index]?.state === 'open');
	if (!open) return undefined;
	return {
		status: 'conflict',
		message: `${dn} is enabled already, though step ${open.n} (${open.do}) is not done: somebody enabled it by hand, or took that away again. ${NOTHING}`,
		whatToDo: NEW_PLAN,
	};
}

function refused(message: string, whatToDo: string): Halt {
	return { status: 'refused', message, whatToDo };
}
