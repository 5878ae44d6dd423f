/** The steps by which a person's account becomes what it was before it left. */
import type { Directory } from '../directory';
import { textOf, textsOf, valuesOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { looksLikeMark } from '../mark';
import type { Snapshot, SnapshotAttribute } from '../snapshot';
import { enabled, isDisabled, parseUserAccountControl } from '../userAccountControl';
import { guidOf, readAgain } from './account';
import { sameValues, toModifications } from './leaveOptions';
import { groupsByGuid, membershipsOf, toMembership, writeMemberships } from './leaveMemberships';
import type { Progress } from './leaveProgress';
import type { AccountRun, Located } from './locate';
import { shown } from './values';
import { writeOnce } from './writeOnce';

/** Where the account stood, under the name that the place has now; undefined = it is gone. @throws DirectoryError */
export async function homeOf(directory: Directory, { ou }: Snapshot): Promise<string | undefined> {
	return (await directory.read(guidDn(ou.guid), ['objectGUID']))?.dn;
}

/**
 * Attributes and expiry, each only while it still has what leaving wrote: a later change is somebody's decision, and is kept.
 * @param expiresAt wins over the snapshot; null = the snapshot's
 */
export async function restoreAttributes(
	{ directory }: AccountRun,
	{ dn }: Located,
	held: readonly SnapshotAttribute[],
	expiresAt: string | null,
	progress: Progress,
): Promise<void> {
	const isExpiry = ({ attribute }: SnapshotAttribute) => attribute.toLowerCase() === 'accountexpires';
	const restored = expiresAt === null ? held : held.filter((one) => !isExpiry(one));
	const names = [...restored.map(({ attribute }) => attribute), 'accountExpires'];
	const entry = await directory.read(dn, names);
	if (!entry) return;
	const changes: SnapshotAttribute[] = [];
	for (const { attribute, from, to } of restored) {
		const now = valuesOf(entry, attribute);
		if (sameValues(now, from)) continue;
		if (sameValues(now, to)) changes.push({ attribute, from: to, to: from });
		else progress.notes.push(`${attribute} was changed since the account was disabled, and is kept as it is.`);
	}
	const expiry = valuesOf(entry, 'accountExpires');
	if (expiresAt !== null && !sameValues(expiry, [expiresAt]))
		changes.push({ attribute: 'accountExpires', from: expiry, to: [expiresAt] });
	if (changes.length === 0) return;
	await writeAttributes(directory, dn, changes, progress);
}

/** All in one Modify. Where that fails for a name that leads nowhere any more, each by itself, so that the others are written. */
async function writeAttributes(
	directory: Directory,
	dn: string,
	changes: readonly SnapshotAttribute[],
	progress: Progress,
): Promise<void> {
	try {
		await writeOnce(
			() => directory.modify(dn, toModifications(changes)),
			async () => {
				const now = await directory.read(
					dn,
					changes.map(({ attribute }) => attribute),
				);
				return now !== undefined && changes.every(({ attribute, to }) => sameValues(valuesOf(now, attribute), to));
			},
		);
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.win32 !== LEADS_NOWHERE) throw error;
		const [only] = changes;
		if (changes.length === 1 && only)
			progress.notes.push(`${only.attribute} was not restored: what it named does not exist any more.`);
		else for (const change of changes) await writeAttributes(directory, dn, [change], progress);
		return;
	}
	progress.changes.push(
		...changes.map(({ attribute, from, to }) => ({ attribute, from: from.map(shown), to: to.map(shown) })),
	);
}

/** ERROR_DS_NAME_REFERENCE_INVALID (MS-ERREF 2.2): a manager who has left, for example. */
const LEADS_NOWHERE = '000020B5';

/** Into the groups of the snapshot that are there still, and that nobody has made privileged meanwhile. */
export async function restoreGroups(
	{ directory, guard }: AccountRun,
	{ dn }: Located,
	{ groups }: Snapshot,
	progress: Progress,
): Promise<void> {
	if (groups === null) return;
	const entry = await directory.read(dn, ['memberOf']);
	const present = new Set((entry ? (await membershipsOf(directory, entry)).groups : []).map(guidOf));
	const open = groups.filter((guid) => !present.has(guid));
	const found = await groupsByGuid(directory, open);
	if (found.length < open.length)
		progress.notes.push(
			`${open.length - found.length} of the groups before leaving do not exist any more, or cannot be read.`,
		);
	const allowed: Entry[] = [];
	for (const group of found) {
		const reason = await guard.ofGroup(group);
		if (reason === undefined) allowed.push(group);
		else progress.notes.push(`The person was not put back into ${group.dn}: it is protected, ${reason}.`);
	}
	await writeMemberships(directory, progress, 'add', allowed.map(toMembership), dn);
}

/**
 * The last step: one Modify that fails when the account or its marks changed since they were read. Marks and snapshot go with it.
 * @param entry as it was found
 */
export async function enableNow(
	{ directory, marking }: AccountRun,
	{ entry, dn }: Pick<Located, 'entry' | 'dn'>,
	progress: Progress,
): Promise<boolean> {
	const { markAttribute } = marking;
	const before = textOf(entry, 'userAccountControl') ?? '';
	const after = String(enabled(parseUserAccountControl(before)));
	const marks = textsOf(entry, markAttribute).filter(looksLikeMark);
	await writeOnce(
		() =>
			directory.modify(dn, [
				{ type: 'delete', attribute: 'userAccountControl', values: [before] },
				{ type: 'add', attribute: 'userAccountControl', values: [after] },
				...(marks.length > 0 ? [{ type: 'delete' as const, attribute: markAttribute, values: marks }] : []),
			]),
		async () => {
			const now = await readAgain(directory, dn, marking, []);
			return (
				now !== undefined &&
				!isDisabled(parseUserAccountControl(textOf(now, 'userAccountControl'))) &&
				!textsOf(now, markAttribute).some((value) => marks.includes(value))
			);
		},
	);
	progress.changes.push({ attribute: 'userAccountControl', from: [before], to: [after] });
	return true;
}
