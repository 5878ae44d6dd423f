/** One step of one person, done now. Memberships are done for many people at once (links.ts). */
import type { Step, Write } from '../../contracts';
import { deleteAccount } from '../../directory/accounts/delete';
import { renewPassword } from '../../directory/accounts/finish';
import { staleMarks } from '../../directory/accounts/locate';
import { toAccount } from '../../directory/accounts/account';
import { relocate } from '../../directory/accounts/relocate';
import { writeOnce } from '../../directory/accounts/writeOnce';
import { onMark, writePassword } from '../../directory/accounts/writePassword';
import { textsOf } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { guidDn } from '../../directory/guid';
import { lacksJoiner, resolved, stateOfWrite, toModifications } from './comparing';
import { accountOf, enableNow, leaveNow, writeControl } from './control';
import { createNow } from './creating';
import { followMove } from './reading';
import { controlAfter, type StepState } from './state';
import type { Block, Done, Engine, StepOf, Work } from './types';

type Open = Extract<StepState, { state: 'open' }>;

/** @throws DirectoryError: the step is not done, as far as can be known */
export async function perform(engine: Engine, work: Work, step: Step, open: Open, block: Block): Promise<Done> {
	const isUndo = work.change.bind.kind === 'undo';
	const kept = open.kept.length > 0 ? { message: `Left alone: ${open.kept.join('; ')}.` } : {};
	switch (step.do) {
		case 'create':
			return await createNow(engine, work, step, block);
		case 'set':
			return { ...(await setNow(engine, work, open.writes, block)), ...kept };
		case 'relocate':
			return await relocateNow(engine, work, step, block);
		case 'setPassword':
			return await passwordNow(engine, work, step);
		case 'enable':
			if (!isUndo) return await enableNow(engine, work, step, open.writes, block);
			return { ...(await writeControl(engine, work, controlAfter(step), open.writes, block)), ...kept };
		case 'disable':
			if (!isUndo) return await leaveNow(engine, work, open.writes, block);
			return { ...(await writeControl(engine, work, controlAfter(step), open.writes, block)), ...kept };
		case 'delete':
			return await deleteNow(engine, work, isUndo);
		case 'link':
		case 'unlink':
			throw new TypeError('Memberships are written for many people at once.');
	}
}

/** One Modify. On an account that bears a mark, it is a condition; on one that is enabled, marks of before go with it. */
async function setNow(
	{ request: { run } }: Engine,
	work: Work,
	writes: readonly Write[],
	{ names }: Block,
): Promise<Done> {
	const { directory, marking } = run;
	const { markAttribute } = marking;
	const entry = accountOf(work);
	const dn = guidDn(work.guid);
	const lacking = writes.find((write) => lacksJoiner(write, names));
	if (lacking)
		throw new DirectoryError({
			kind: 'person',
			message: `${lacking.attribute} names a person of this plan who has no account yet.`,
			whatToDo: "Apply that person's change too; then apply this one again, or make a new plan.",
		});
	const isUndo = work.change.bind.kind === 'undo';
	const stale = isUndo ? [] : staleMarks(run, { entry, account: toAccount(entry, undefined) });
	const modifications = [
		...(work.mark && !isUndo ? onMark(markAttribute, work.mark.text) : stale),
		...writes.flatMap((write) => toModifications(write, entry, names)),
	];
	await writeOnce(
		() => directory.modify(dn, modifications),
		async () => {
			const now = await directory.read(
				dn,
				writes.map(({ attribute }) => attribute),
			);
			return now !== undefined && writes.every((write) => stateOfWrite(write, now, names) === 'done');
		},
	);
	const gone = stale.flatMap(({ values }) => values.map(String));
	return {
		wrote: [
			...writes.map((write) => resolved(write, names)),
			...(gone.length > 0 && !work.mark ? [{ attribute: markAttribute, remove: gone, add: [] }] : []),
		],
	};
}

async function relocateNow(engine: Engine, work: Work, { to }: StepOf<'relocate'>, block: Block): Promise<Done> {
	const { names } = block;
	const { directory } = engine.request.run;
	const parent = names.byGuid.get(to.parent.guid);
	if (parent === undefined)
		throw new DirectoryError({
			kind: 'person',
			message: `${work.dn} stays where it is: ${to.parent.dn} does not exist any more.`,
			whatToDo: 'Create or restore the organisational unit, then run again.',
		});
	if (work.kept === 'all') return { status: 'skipped', wrote: [], message: KEPT };
	// A move has no condition but the name: that the person is still one who left is looked at just before.
	await checkLeaver(engine, work);
	const entry = accountOf(work);
	work.dn = await relocate(directory, entry, to.rdn, parent);
	work.entry = { ...entry, dn: work.dn };
	followMove(block, work, entry.dn);
	return { wrote: [] };
}

export const KEPT = 'Kept: the snapshot has no room for it, so that a return could not restore it.';

/** @throws DirectoryError (conflict) when a leaver's account bears its mark no longer */
async function checkLeaver({ request: { run } }: Engine, { change, mark, guid }: Work): Promise<void> {
	if (change.lifecycle !== 'leaver' || change.bind.kind === 'undo' || !mark) return;
	const { markAttribute } = run.marking;
	const now = await run.directory.read(guidDn(guid), [markAttribute]);
	if (now && textsOf(now, markAttribute).includes(mark.text)) return;
	throw takenOver();
}

/** Somebody brought a leaver back while this run was taking things away. */
export function takenOver(): DirectoryError {
	return new DirectoryError({
		kind: 'conflict',
		message: 'Somebody else, or another run, took the account over meanwhile; nothing more was taken away.',
		whatToDo: 'Look whether the person is to leave, and whether another run brings them back.',
	});
}

/** Nothing about a password can be a condition, so it is written beside the mark. A leaver's new one is told to nobody. */
async function passwordNow(engine: Engine, work: Work, { rule }: StepOf<'setPassword'>): Promise<Done> {
	const { run, delivery } = engine.request;
	const { markAttribute } = run.marking;
	const isLeaver = work.change.lifecycle === 'leaver';
	if (work.first) {
		work.delivered = work.first;
		return { wrote: [] };
	}
	const entry = accountOf(work);
	const { mark } = work;
	if (!mark)
		throw new DirectoryError({
			kind: 'conflict',
			message: `${entry.dn} does not bear this tool's mark any more; its password was not changed.`,
			whatToDo: 'Look who changed the account, then make a new plan.',
		});
	const options = {
		given: '',
		mustChange: rule.mustChange,
		delivery: isLeaver ? ({ kind: 'none' } as const) : delivery,
	};
	if (mark.state === 'pending') {
		work.stale = true;
		work.delivered = await renewPassword(run, entry, options);
		return { wrote: [] };
	}
	const besides = onMark(markAttribute, mark.text);
	work.delivered = await writePassword(run.directory, { dn: guidDn(work.guid), entry, besides }, options);
	return { wrote: [] };
}

async function deleteNow({ request: { run } }: Engine, work: Work, isUndo: boolean): Promise<Done> {
	const lookup = { attribute: 'objectGUID', value: work.guid };
	const result = await deleteAccount(run, lookup, { unmarkedToo: isUndo });
	if (result.outcome === 'deleted')
		return { wrote: [], ...(result.notes.length > 0 ? { message: result.notes.join(' ') } : {}) };
	if (result.outcome === 'not found') return { status: 'already done', wrote: [] };
	throw new DirectoryError({
		kind: result.outcome === 'protected' ? 'protected' : 'person',
		message: result.message ?? 'The account was not deleted.',
		whatToDo: result.whatToDo ?? '',
	});
}
