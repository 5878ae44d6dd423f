/** Disabling and enabling: one conditional Modify with mark, snapshot and whatever goes with it. */
import type { Write } from '../../contracts';
import { markOf, toAccount } from '../../directory/accounts/account';
import { markAsLeft } from '../../directory/accounts/leaveMark';
import { placeOf } from '../../directory/accounts/leavePlace';
import { referencesOf } from '../../directory/accounts/leaveReferences';
import { writeOnce } from '../../directory/accounts/writeOnce';
import type { Modification } from '../../directory/connection';
import { textOf, textsOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { guidDn } from '../../directory/guid';
import { looksLikeMark } from '../../directory/mark';
import { makeSnapshot, type Snapshot } from '../../directory/snapshot';
import { disabled, parseUserAccountControl } from '../../directory/userAccountControl';
import { beforeAndAfter, resolved, stateOfWrite, toModifications } from './comparing';
import { readOne } from './reading';
import { controlAfter } from './state';
import type { Block, Done, Engine, StepOf, Work } from './types';

/**
 * Marks and snapshot are made now, since a mark's instant must lie by that of the write (accounts/overtaken.ts). The snapshot is that of the
 * change: where the account stands, the groups that it is taken out of, what is written with it.
 * @param writes of the step, those that are open
 * @throws DirectoryError
 */
export async function leaveNow(
	{ request: { run } }: Engine,
	work: Work,
	writes: readonly Write[],
	{ names }: Block,
): Promise<Done> {
	const { directory } = run;
	const entry = accountOf(work);
	const attributes = writes.map((write) => ({ attribute: write.attribute, ...beforeAndAfter(write, entry, names) }));
	const groups = work.change.steps.flatMap((step, index) =>
		step.do === 'unlink' && 'guid' in step.group && work.states[index]?.state === 'open' ? [step.group.guid] : [],
	);
	const full: Snapshot = {
		at: await directory.now(),
		ou: await placeOf(directory, entry),
		...{ groups, attributes, references: await referencesOf(directory, attributes) },
		pwdLastSet: textOf(entry, 'pwdLastSet') ?? '',
	};
	const { mark: before, guid } = work;
	const located = { entry, account: toAccount(entry, before), mark: before, overtaken: false, dn: guidDn(guid) };
	const { mark, snapshot, notes } = await markAsLeft(run, located, full);
	work.mark = { state: 'left', at: full.at, text: mark };
	if (snapshot === undefined) work.kept = 'all';
	else if (snapshot.groups === null && groups.length > 0) work.kept = 'groups';
	const { markAttribute } = run.marking;
	const added = [mark, ...(snapshot ? [makeSnapshot(directory.signingKey(), guid, snapshot)] : [])];
	return {
		wrote: [
			...controlWrites(entry, disabled(controlOf(entry))),
			{ attribute: markAttribute, remove: textsOf(entry, markAttribute).filter(looksLikeMark), add: added },
			...(snapshot ? writes : []),
		],
		...(notes.length > 0 ? { message: notes.join(' ') } : {}),
	};
}

/**
 * The last step of somebody who begins or comes back: all marks go in the same Modify, which fails when they or the account have changed.
 * @throws DirectoryError (conflict) when the mark is gone
 */
export async function enableNow(
	engine: Engine,
	work: Work,
	step: StepOf<'enable' | 'disable'>,
	writes: readonly Write[],
	block: Block,
): Promise<Done> {
	const { run } = engine.request;
	const { markAttribute } = run.marking;
	if (work.stale) work.entry = await readOne(engine, work);
	work.stale = false;
	const entry = accountOf(work);
	if (!(await markOf(run.directory, entry, run.marking, run.signingKey)))
		throw new DirectoryError({
			kind: 'conflict',
			message: `${entry.dn} does not bear this tool's mark any more; it was not enabled.`,
			whatToDo: 'Look who changed the account, then make a new plan.',
		});
	const marks = textsOf(entry, markAttribute).filter(looksLikeMark);
	const without: Write = { attribute: markAttribute, remove: marks, add: [] };
	const done = await writeControl(engine, work, controlAfter(step), [without, ...writes], block);
	work.mark = undefined;
	return done;
}

/**
 * userAccountControl and the writes of a step, in one Modify.
 * @param after the value that userAccountControl is to have
 * @throws DirectoryError
 */
export async function writeControl(
	{ request: { run } }: Engine,
	work: Work,
	after: number,
	writes: readonly Write[],
	{ names }: Block,
): Promise<Done> {
	const { directory } = run;
	const entry = accountOf(work);
	const dn = guidDn(work.guid);
	const control = controlWrites(entry, after);
	const all = [...control, ...writes];
	const modifications: Modification[] = all.flatMap((write) => toModifications(write, entry, names));
	await writeOnce(
		() => directory.modify(dn, modifications),
		async () => {
			const now = await directory.read(dn, [
				...new Set(['userAccountControl', ...all.map(({ attribute }) => attribute)]),
			]);
			return (
				now !== undefined &&
				controlOf(now) === after &&
				writes.every((write) => stateOfWrite(write, now, names) === 'done')
			);
		},
	);
	return { wrote: all.map((write) => resolved(write, names)) };
}

/** None where it has the value already. */
function controlWrites(entry: Entry, after: number): Write[] {
	const before = textOf(entry, 'userAccountControl') ?? '';
	return controlOf(entry) === after ? [] : [{ attribute: 'userAccountControl', from: before, to: String(after) }];
}

function controlOf(entry: Entry): number {
	return parseUserAccountControl(textOf(entry, 'userAccountControl'));
}

/** The account of a step that needs one. @throws DirectoryError (conflict) */
export function accountOf({ entry, change }: Work): Entry {
	if (entry) return entry;
	throw new DirectoryError({
		kind: 'conflict',
		message: `The account of ${change.displayName} does not exist any more.`,
		whatToDo: 'Make a new plan: it sees who is there now.',
	});
}
