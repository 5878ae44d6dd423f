/** Changing who is in a group: these too, these no more, or exactly these. What is so already is not written. */
import { safeDnKey } from '../../schema/dn';
import { guidOf, type Lookup } from '../accounts/account';
import type { AccountRun } from '../accounts/locate';
import { textOf, textsOf, type Entry } from '../entry';
import type { DirectoryError } from '../errors';
import { equal } from '../filter';
import { guidDn } from '../guid';
import { findGroup, toGroupRef, type GroupRef } from './find';
import { writeLinks, type LinkKind } from './links';
import { kindOf, ridOfGroup } from './members';
import { guardMembers, refOf, resolveMembers, type FailedMember, type MemberRef } from './resolve';

/**
 * - updated, unchanged: everything asked for is so now, or was before
 * - partial: some members could not be added or removed; `failed` says which and why
 * - not found, ambiguous: of the group; of the member when only members were not found
 * - protected, refused: nothing was written, somebody has to look
 */
export type GroupOutcome = 'updated' | 'unchanged' | 'partial' | 'not found' | 'ambiguous' | 'protected' | 'refused';

export type GroupResult = {
	readonly outcome: GroupOutcome;
	/** Absent when there is no group, or more than one. */
	readonly group?: GroupRef;
	readonly added: readonly MemberRef[];
	readonly removed: readonly MemberRef[];
	/** Members that were so already. */
	readonly already: number;
	readonly failed: readonly FailedMember[];
	readonly notes: readonly string[];
	readonly message?: string;
	readonly whatToDo?: string;
};

/**
 * @param groupName distinguished name, GUID, account name or common name
 * @param members each must be found exactly once; the others are added nevertheless
 * @throws DirectoryError when nothing could be done for a reason that is not a member's
 */
export async function addMembers(run: AccountRun, groupName: string, members: readonly Lookup[]): Promise<GroupResult> {
	return await changeListed(run, groupName, members, 'add');
}

/**
 * @param groupName distinguished name, GUID, account name or common name
 * @param members each must be found exactly once; the others are removed nevertheless
 * @throws DirectoryError when nothing could be done for a reason that is not a member's
 */
export async function removeMembers(
	run: AccountRun,
	groupName: string,
	members: readonly Lookup[],
): Promise<GroupResult> {
	return await changeListed(run, groupName, members, 'delete');
}

/**
 * Makes these, and nobody else, the members of the group. Nothing is written unless every one of them was found exactly once, because a member
 * who was not found would be removed.
 * @param groupName distinguished name, GUID, account name or common name
 * @throws DirectoryError when nothing could be done for a reason that is not a member's
 */
export async function setMembers(
	run: AccountRun,
	groupName: string,
	members: readonly Lookup[],
	{ allowEmpty }: { readonly allowEmpty: boolean },
): Promise<GroupResult> {
	const group = await locateGroup(run, groupName);
	if ('outcome' in group) return group;
	if (members.length === 0 && !allowEmpty)
		return nothing('refused', group, {
			message: `The list of members for ${group.dn} is empty; nothing was written.`,
			whatToDo: 'Look why it is empty. If the group is to have no members, allow an empty list.',
		});
	const wanted = await resolveMembers(run, members);
	const [unresolved] = wanted.failed;
	if (unresolved)
		return {
			...nothing('refused', group, {
				message: `${wanted.failed.length} of ${members.length} members could not be told for certain, so the members of ${group.dn} were left as they are. ${unresolved.message}`,
				whatToDo: unresolved.whatToDo,
			}),
			failed: wanted.failed,
		};
	const { present, leaving, unknown } = await compareAll(run, group, wanted.entries);
	const isPresent = (entry: Entry) => present.has(safeDnKey(entry.dn)) || isPrimary(group, entry);
	const joining = wanted.entries.filter((entry) => !isPresent(entry));
	// All reading comes before the first write: what was done is to be shown, whatever breaks then.
	const plans = [await admit(run, group, 'add', joining), await admit(run, group, 'delete', leaving)];
	const notes = await primaryNotes(run, group, wanted.entries);
	const written: Written[] = [];
	for (const plan of plans) written.push(await write(run, group, plan));
	return conclude(group, written, { already: wanted.entries.length - joining.length, failed: unknown, notes });
}

async function changeListed(
	run: AccountRun,
	groupName: string,
	members: readonly Lookup[],
	kind: LinkKind,
): Promise<GroupResult> {
	const group = await locateGroup(run, groupName);
	if ('outcome' in group) return group;
	const { entries, failed } = await resolveMembers(run, members);
	const open = entries.filter((entry) => !isSo(group, entry, kind));
	const primary = kind === 'delete' ? open.filter((entry) => isPrimary(group, entry)) : [];
	const rest = open.filter((entry) => !primary.includes(entry));
	const written = await write(run, group, await admit(run, group, kind, rest));
	return conclude(group, [written], {
		already: entries.length - open.length,
		failed: [...failed, ...primary.map((entry) => primaryFault(group, entry))],
		notes: [],
	});
}

/** The group, or why it must not be changed. */
async function locateGroup({ directory, guard }: AccountRun, name: string): Promise<Entry | GroupResult> {
	const found = await findGroup(directory, name);
	if (found.outcome !== 'found') {
		const { outcome, message, whatToDo } = found;
		return { outcome, ...NOTHING, message, whatToDo };
	}
	const reason = await guard.ofGroup(found.entry);
	if (reason === undefined) return found.entry;
	return nothing('protected', found.entry, {
		message: `${found.entry.dn} is protected: ${reason}. Nothing was written.`,
		whatToDo: 'Change protected groups by hand.',
	});
}

const NOTHING = { added: [], removed: [], already: 0, failed: [], notes: [] } as const;

function nothing(
	outcome: GroupOutcome,
	group: Entry,
	words: { readonly message: string; readonly whatToDo: string },
): GroupResult {
	return { outcome, group: toGroupRef(group), ...NOTHING, ...words };
}

function isPrimary(group: Entry, member: Entry): boolean {
	const rid = ridOfGroup(group);
	return rid !== undefined && kindOf(member) === 'user' && textOf(member, 'primaryGroupID') === String(rid);
}

/**
 * Whether nothing is to be written, by the member's own memberOf. One without any is not believed to be in no group: the service account may
 * not be allowed to read them, and the directory's answer to the write tells.
 */
function isSo(group: Entry, member: Entry, kind: LinkKind): boolean {
	const groups = textsOf(member, 'memberOf').map(safeDnKey);
	const isMember = groups.includes(safeDnKey(group.dn));
	if (kind === 'add') return isMember || isPrimary(group, member);
	return groups.length > 0 && !isMember && !isPrimary(group, member);
}

function primaryFault(group: Entry, { dn }: Entry): FailedMember {
	return {
		...{ member: dn, reason: 'refused' },
		message: `${dn} was not removed from ${group.dn}: it is the primary group of the account, which cannot be left.`,
		whatToDo: 'Give the account another primary group by hand first.',
	};
}

/** Members that are there now, and those of them that are not wanted. */
async function compareAll(
	run: AccountRun,
	group: Entry,
	wanted: readonly Entry[],
): Promise<{ present: ReadonlySet<string>; leaving: readonly Entry[]; unknown: readonly FailedMember[] }> {
	const now = await run.directory.read(guidDn(guidOf(group)), ['member']);
	const present = new Map((now ? textsOf(now, 'member') : []).map((dn) => [safeDnKey(dn), dn]));
	const keep = new Set(wanted.map(({ dn }) => safeDnKey(dn)));
	const surplus = [...present].filter(([key]) => !keep.has(key)).map(([, dn]) => dn);
	const { entries, failed } = await resolveMembers(
		run,
		surplus.map((value) => ({ attribute: 'distinguishedName', value })),
	);
	// One that was renamed since it was found has another name now, and is wanted still.
	const guids = new Set(wanted.map(guidOf));
	return {
		present: new Set(present.keys()),
		leaving: entries.filter((entry) => !guids.has(guidOf(entry))),
		unknown: failed.map((one) => ({
			...one,
			reason: 'refused',
			message: `A member of ${group.dn} was not removed, because it cannot be told whether it is protected. ${one.message}`,
			whatToDo: 'Remove it by hand, or let the service account read it.',
		})),
	};
}

async function primaryNotes({ directory }: AccountRun, group: Entry, wanted: readonly Entry[]): Promise<string[]> {
	const rid = ridOfGroup(group);
	if (rid === undefined) return [];
	const found = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: equal('primaryGroupID', String(rid)),
		attributes: ['objectGUID'],
	});
	const guids = new Set(wanted.map(guidOf));
	const others = found.filter((entry) => !guids.has(guidOf(entry))).length;
	return others === 0
		? []
		: [`${others} more are members because the group is their primary group; that cannot be changed here.`];
}

/** What became of one write. */
type Written = {
	readonly kind: LinkKind;
	readonly done: readonly MemberRef[];
	readonly already: number;
	readonly failed: readonly FailedMember[];
	/** Of members that failed. */
	readonly errors: readonly DirectoryError[];
};

/** Who is to be added or removed, and who must not be. */
type Plan = {
	readonly kind: LinkKind;
	readonly entries: readonly Entry[];
	readonly failed: readonly FailedMember[];
};

async function admit(run: AccountRun, group: Entry, kind: LinkKind, entries: readonly Entry[]): Promise<Plan> {
	const own = guidOf(group);
	const others = entries.filter((entry) => kind === 'delete' || guidOf(entry) !== own);
	const guarded = await guardMembers(run, others);
	const itself = others.length < entries.length ? [selfFault(group)] : [];
	return { kind, entries: guarded.entries, failed: [...guarded.failed, ...itself] };
}

async function write({ directory }: AccountRun, group: Entry, { kind, entries, failed }: Plan): Promise<Written> {
	const outcomes = await writeLinks(
		directory,
		guidDn(guidOf(group)),
		kind,
		entries.map((entry) => guidDn(guidOf(entry))),
	);
	const those = (status: string) => entries.filter((_, index) => outcomes[index]?.status === status);
	const verb = kind === 'add' ? 'added to' : 'removed from';
	const refused = entries.flatMap(({ dn }, index): FailedMember[] => {
		const error = outcomes[index]?.error;
		if (!error) return [];
		const message = `${dn} could not be ${verb} ${group.dn}. ${error.message}`;
		return [{ member: dn, reason: 'refused', message, whatToDo: error.whatToDo }];
	});
	return {
		kind,
		done: those('done').map(refOf),
		already: those('already').length,
		failed: [...failed, ...refused],
		errors: outcomes.flatMap(({ error }) => error ?? []),
	};
}

function selfFault({ dn }: Entry): FailedMember {
	return {
		...{ member: dn, reason: 'refused', message: `${dn} was not added to itself.` },
		whatToDo: 'Take the group out of the list of its own members.',
	};
}

/** Kinds of errors that would be the same for every member. */
const NOT_OF_A_MEMBER: ReadonlySet<string> = new Set(['configuration', 'lost', 'busy']);

/** @throws DirectoryError when nothing was done for a reason that is not a member's */
function conclude(
	group: Entry,
	written: readonly Written[],
	before: Pick<GroupResult, 'already' | 'failed' | 'notes'>,
): GroupResult {
	const of = (kind: LinkKind) => written.filter((one) => one.kind === kind).flatMap(({ done }) => done);
	const [added, removed] = [of('add'), of('delete')];
	const done = added.length + removed.length;
	const already = before.already + written.reduce((sum, one) => sum + one.already, 0);
	const failed = [...before.failed, ...written.flatMap((one) => one.failed)];
	const fault = written.flatMap(({ errors }) => errors).find(({ kind }) => NOT_OF_A_MEMBER.has(kind));
	if (fault && done === 0) throw fault;
	const result = { group: toGroupRef(group), added, removed, already, failed, notes: before.notes };
	const [first] = failed;
	if (!first) return { outcome: done > 0 ? 'updated' : 'unchanged', ...result };
	const [only, ...more] = new Set(failed.map(({ reason }) => reason));
	const count = done + already + failed.length;
	return {
		outcome: done + already > 0 ? 'partial' : only === undefined || more.length > 0 ? 'refused' : only,
		...result,
		message:
			count === 1
				? first.message
				: `${failed.length} of ${count} members of ${group.dn} could not be changed. ${first.message}`,
		whatToDo: first.whatToDo,
	};
}
