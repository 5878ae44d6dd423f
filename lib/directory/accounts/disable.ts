/**
 * Disabling an account for a leaver. In this order: disabled, marked and emptied in one Modify; a password that nobody knows; out of the groups;
 * moved last, because a delegated service account often has no rights where leavers are kept. Whatever stops a run, the next one does the rest.
 */
import { toFileTime } from '../../schema/instants';
import { textOf, textsOf, type Entry } from '../entry';
import type { Directory } from '../directory';
import { DirectoryError } from '../errors';
import { whyNoMark } from '../mark';
import { UNTOLD } from '../newPassword';
import { findSnapshot, type Snapshot } from '../snapshot';
import { disabled, parseUserAccountControl } from '../userAccountControl';
import { markOf, readAgain, toAccount, type Account, type AccountResult, type Lookup } from './account';
import {
	changesLeftOver,
	changesToLeave,
	checkLeaveOptions,
	toModifications,
	wantedAfter,
	type LeaveOptions,
} from './leaveOptions';
import { markAsLeft, markPlace } from './leaveMark';
import { membershipsOf, toMembership, writeMemberships, type Membership } from './leaveMemberships';
import { moveTo, placeOf } from './leavePlace';
import { attempt, isTakenOver, noProgress, partial, type Progress } from './leaveProgress';
import { referencesOf } from './leaveReferences';
import { locate, type AccountRun, type Located } from './locate';
import { readContainer } from './relocate';
import { shown } from './values';
import { writeOnce } from './writeOnce';
import { onMark, writePassword } from './writePassword';

export { NO_LEAVE_OPTIONS, type LeaveOptions } from './leaveOptions';

/** The account after the first step, and what is still to be done. */
type Left = {
	readonly mark: string;
	/** undefined: there is none, so that nothing is taken away that could not be restored. */
	readonly snapshot: Snapshot | undefined;
	readonly groups: readonly Membership[];
	readonly password: boolean;
};

/**
 * Outcome `disabled`, `partial` (disabled, and something is open), `unchanged` (all done before, or disabled by somebody else: who keeps the say),
 * or why there is no one account.
 * @throws DirectoryError before anything is written; afterwards only when the run was stopped
 */
export async function disableAccount(run: AccountRun, lookup: Lookup, options: LeaveOptions): Promise<AccountResult> {
	run.directory.signingKey();
	checkLeaveOptions(options, lookup, run.marking);
	const located = await locate(run, lookup, attributesRead(options));
	if ('outcome' in located) return located;
	const { account, mark } = located;
	if (!account.enabled && !mark) return disabledByOthers(run, located);
	const place = options.moveTo === '' ? '' : await readContainer(run.directory, options.moveTo);
	const progress = noProgress();
	const again = !account.enabled && mark?.state === 'left';
	const left = again
		? await leaveAgain(run, located, options, mark, progress)
		: await leave(run, located, options, progress);
	await takeAway(run, located, left, place, progress);
	if (progress.done === 0 && progress.open.length === 0)
		return {
			outcome: 'unchanged',
			account,
			changes: [],
			notes: ['The account was disabled already.', ...progress.notes],
		};
	return await resultOf(run, located, progress);
}

function attributesRead(options: LeaveOptions): string[] {
	return ['memberOf', 'pwdLastSet', 'accountExpires', 'description', ...Object.keys(wantedAfter(options))];
}

function disabledByOthers({ marking, signingKey }: AccountRun, { entry, account, overtaken }: Located): AccountResult {
	const fault = overtaken ? 'overtaken' : whyNoMark(signingKey, textsOf(entry, marking.markAttribute));
	const why = {
		'another key': `its mark was signed with another key than the credential's`,
		edited: 'its mark was edited, or belongs to another account',
		overtaken: 'somebody enabled it and disabled it again after this tool had marked it',
		none: 'it bears no mark of this tool',
	}[fault ?? 'none'];
	return {
		outcome: 'unchanged',
		account,
		changes: [],
		notes: [`The account was disabled already, and not by this tool: ${why}. Nothing was written.`],
	};
}

/** The first time: everything is read that the snapshot holds, then the first step. */
async function leave(run: AccountRun, located: Located, options: LeaveOptions, progress: Progress): Promise<Left> {
	const { directory } = run;
	const { entry, dn } = located;
	const attributes = changesToLeave(entry, await knownOnly(run, dn, wantedAfter(options), progress));
	const groups = options.removeFromGroups ? await groupsToLeave(run, entry, progress) : [];
	const { mark, snapshot, notes } = await markAsLeft(run, located, {
		at: await directory.now(),
		ou: await placeOf(directory, entry),
		groups: groups.map(({ guid }) => guid),
		attributes,
		references: await referencesOf(directory, attributes),
		pwdLastSet: textOf(entry, 'pwdLastSet') ?? '',
	});
	progress.notes.push(...notes);
	progress.done += 1;
	const before = textOf(entry, 'userAccountControl') ?? '';
	const after = String(disabled(parseUserAccountControl(before)));
	if (before !== after) progress.changes.push({ attribute: 'userAccountControl', from: [before], to: [after] });
	progress.changes.push(...(snapshot?.attributes ?? []).map(toShown));
	return {
		mark,
		snapshot,
		groups: snapshot?.groups ? groups : [],
		password: options.randomPassword,
	};
}

/** All groups but those that nobody is added to or taken out of by this tool, and those that it cannot see. */
async function groupsToLeave(run: AccountRun, entry: Entry, progress: Progress): Promise<readonly Membership[]> {
	const { groups, unseen } = await membershipsOf(run.directory, entry);
	if (unseen.length > 0)
		progress.notes.push(
			`${unseen.length} groups of other domains, or that the service account cannot read, were kept: ${unseen.slice(0, 5).join(' · ')}`,
		);
	const free: Membership[] = [];
	for (const group of groups) {
		const reason = await run.guard.ofGroup(group);
		if (reason === undefined) free.push(toMembership(group));
		else progress.notes.push(`The membership of ${group.dn} was kept: the group is protected, ${reason}.`);
	}
	return free;
}

/** Without attributes that the domain does not have: the one that hides people comes with Exchange. */
async function knownOnly(run: AccountRun, dn: string, wanted: Wanted, progress: Progress): Promise<Wanted> {
	const { isAllowed } = await markPlace(run, dn);
	for (const attribute of Object.keys(wanted).filter((name) => !isAllowed(name)))
		progress.notes.push(`The domain's users have no attribute ${attribute}: it was left out.`);
	return Object.fromEntries(Object.entries(wanted).filter(([name]) => isAllowed(name)));
}

type Wanted = ReturnType<typeof wantedAfter>;

function toShown({ attribute, from, to }: Snapshot['attributes'][number]) {
	return { attribute, from: from.map(shown), to: to.map(shown) };
}

/** Another time: only what the first one did not come to. The snapshot says what that was, and is never made anew. */
async function leaveAgain(
	run: AccountRun,
	located: Located,
	options: LeaveOptions,
	{ at, text: mark }: { at: string; text: string },
	progress: Progress,
): Promise<Left> {
	const { directory, marking } = run;
	const { entry, account } = located;
	const values = textsOf(entry, marking.markAttribute);
	const found = findSnapshot(directory.signingKey(), values, account.guid, at);
	const pwdLastSet = textOf(entry, 'pwdLastSet') ?? '';
	const snapshot = found?.snapshot;
	if (!snapshot) {
		const why = found ? `The snapshot is not genuine (${found.fault})` : 'There is no snapshot';
		progress.notes.push(`${why}: groups, attributes and place were kept.`);
		const own = BigInt(pwdLastSet || 0) <= BigInt(toFileTime(Date.parse(at) + CLOCK_MS));
		return { mark, snapshot, groups: [], password: options.randomPassword && own };
	}
	const wanted = await knownOnly(run, located.dn, wantedAfter(options), progress);
	const groups = options.removeFromGroups ? await groupsLeftOver(run, entry, snapshot, progress) : [];
	await writeLeftOver(run, located, wanted, snapshot, mark, progress);
	return { mark, snapshot, groups, password: options.randomPassword && pwdLastSet === snapshot.pwdLastSet };
}

/** The mark's instant is cut to the second, and so is the clock it comes from: rather one password too many than the person's own. */
const CLOCK_MS = 2000;

async function groupsLeftOver(
	run: AccountRun,
	entry: Entry,
	snapshot: Snapshot,
	progress: Progress,
): Promise<readonly Membership[]> {
	const groups = await groupsToLeave(run, entry, progress);
	const open = groups.filter(({ guid }) => snapshot.groups?.includes(guid));
	const kept = groups.filter((group) => !open.includes(group));
	if (kept.length > 0)
		progress.notes.push(
			`Groups that the snapshot does not hold were kept: ${kept.map(({ name }) => name).join(', ')}.`,
		);
	return open;
}

/** Attributes that somebody has put back since. The mark is removed and added in the same Modify, which makes it a condition. */
async function writeLeftOver(
	{ directory, marking: { markAttribute } }: AccountRun,
	{ entry, dn }: Located,
	wanted: Wanted,
	snapshot: Snapshot,
	mark: string,
	progress: Progress,
): Promise<void> {
	const { changes, kept } = changesLeftOver(entry, wanted, snapshot);
	if (kept.length > 0)
		progress.notes.push(
			`${kept.join(', ')} ${kept.length > 1 ? 'were' : 'was'} left alone: the snapshot does not hold what stands there now.`,
		);
	if (changes.length === 0) return;
	await attempt(progress, 'attributes', async () => {
		await writeOnce(
			() => directory.modify(dn, [...onMark(markAttribute, mark), ...toModifications(changes)]),
			async () => {
				const now = await directory.read(
					dn,
					changes.map(({ attribute }) => attribute),
				);
				return now !== undefined && changesToLeave(now, wantedOf(changes)).length === 0;
			},
		);
		progress.changes.push(...changes.map(toShown));
		return true;
	});
}

function wantedOf(changes: Snapshot['attributes']): Record<string, readonly (string | Buffer)[]> {
	return Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
}

/** Password, groups, place. One that fails does not keep the next, but for the move: it could cost the rights to try the password again. */
async function takeAway(
	{ directory, marking: { markAttribute } }: AccountRun,
	{ entry, dn }: Located,
	{ mark, snapshot, groups, password }: Left,
	place: string,
	progress: Progress,
): Promise<void> {
	const blocked = progress.open.length;
	if (password)
		await attempt(progress, 'random password', async () => {
			await writePassword(directory, { dn, entry, besides: onMark(markAttribute, mark) }, UNTOLD);
			return true;
		});
	const mayMove = progress.open.length === blocked;
	// Neither a membership nor a move has a condition: that the person is still one who left is looked at just before each.
	const stillLeft = () => checkMark(directory, dn, markAttribute, mark);
	await writeMemberships(directory, progress, 'delete', groups, dn, stillLeft);
	if (place === '' || !snapshot || isTakenOver(progress)) return;
	const move = async () => {
		await stillLeft();
		return await moveTo(directory, progress, entry, place);
	};
	if (mayMove) await attempt(progress, `move to ${place}`, move);
	else progress.open.push({ step: `move to ${place}`, error: undefined });
}

/** @returns false: nothing is written @throws DirectoryError (conflict) */
async function checkMark(directory: Directory, dn: string, markAttribute: string, mark: string): Promise<boolean> {
	const now = await directory.read(dn, [markAttribute]);
	if (now && textsOf(now, markAttribute).includes(mark)) return false;
	throw new DirectoryError({
		kind: 'conflict',
		message: 'Somebody else, or another run, took the account over meanwhile; nothing more was taken away.',
		whatToDo: 'Look whether the person is to leave, and whether another run brings them back.',
	});
}

async function resultOf(run: AccountRun, { account, dn }: Located, progress: Progress): Promise<AccountResult> {
	const { directory, marking } = run;
	let after: Account = { ...account, enabled: false, state: 'left' };
	// What was done is done, whether the account can be read once more or not.
	await attempt(noProgress(), '', async () => {
		const entry = await readAgain(directory, dn, marking, []);
		if (entry) after = toAccount(entry, await markOf(directory, entry, marking, directory.signingKey()));
		return false;
	});
	const { changes, notes } = progress;
	const result = { account: after, changes, notes };
	if (progress.open.length === 0) return { outcome: 'disabled', ...result };
	return {
		outcome: 'partial',
		...result,
		...partial(progress, `${after.dn} is ${after.enabled ? 'enabled' : 'disabled'}.`),
	};
}
