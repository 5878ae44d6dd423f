/**
 * Who is privileged, worked out for everybody at once: from the privileged groups down, and then each account answers for itself. The same
 * answers as lib/directory/protect.ts gives one by one, which would be a search for each account here.
 */
import type { Directory } from '../../directory/directory';
import { bytesOf, textOf, textsOf, type Entry } from '../../directory/entry';
import { isGroup } from '../../directory/groups/find';
import { ridOfGroup } from '../../directory/groups/members';
import {
	byMembership,
	byPrimaryGroup,
	groupByItself,
	OWN_ACCOUNT,
	ownSids,
	primaryGroupOf,
	privilegedGroups,
	protectedByItself,
} from '../../directory/protect';
import { sidToBytes } from '../../directory/sid';
import { safeDnKey } from '../../schema/dn';
import { guidKey } from './liveFind';
import { readNamed } from './named';

export type Privileged = {
	/** @param entry an account with PROTECTION_ATTRIBUTES and objectGUID */
	readonly of: (entry: Entry) => string | undefined;
	/** @param entry a group with PROTECTION_ATTRIBUTES, objectGUID and sAMAccountName */
	readonly ofGroup: (entry: Entry) => string | undefined;
	/** Keys (`safeDnKey`) of the groups that somebody privileged is a direct member of. */
	readonly theirGroups: ReadonlySet<string>;
};

/** Of an object of the tree below the privileged groups. */
const TREE_ATTRIBUTES = ['objectGUID', 'objectSid', 'objectClass', 'cn', 'member', 'memberOf'] as const;

/** Level by level, each object once. @throws DirectoryError */
export async function readPrivileged(directory: Directory): Promise<Privileged> {
	const roots = await privilegedGroups(directory, TREE_ATTRIBUTES);
	const own = await ownSids(directory);
	const byName = new Map(roots.map((root) => [safeDnKey(root.dn), root]));
	for (let level: readonly Entry[] = roots; level.length > 0; ) {
		const names = level.flatMap((group) => textsOf(group, 'member')).filter((name) => !byName.has(safeDnKey(name)));
		const found = await readNamed(directory, names, TREE_ATTRIBUTES);
		for (const entry of found) byName.set(safeDnKey(entry.dn), entry);
		level = found.filter(isGroup);
	}
	const membersOf = (group: Entry) => textsOf(group, 'member').flatMap((name) => byName.get(safeDnKey(name)) ?? []);
	return privilegedBelow(roots, membersOf, own);
}

/**
 * @param roots the privileged groups, with cn, the better reason first
 * @param membersOf direct members, with objectGUID, objectSid and memberOf; groups lead on
 * @param own SIDs of the account that is logged on
 */
export function privilegedBelow(
	roots: readonly Entry[],
	membersOf: (group: Entry) => readonly Entry[],
	own: ReadonlySet<string>,
): Privileged {
	const reasons = new Map<string, string>();
	const primary = new Map<number, string>();
	const theirGroups = new Set<string>();
	for (const root of roots) {
		for (const entry of everybodyBelow(root, membersOf)) {
			const key = guidKey(entry);
			if (reasons.has(key)) continue;
			const reason = byMembership(root);
			reasons.set(key, reason);
			if (!isGroup(entry)) for (const group of textsOf(entry, 'memberOf')) theirGroups.add(safeDnKey(group));
			const rid = ridOfGroup(entry);
			if (isGroup(entry) && rid !== undefined) primary.set(rid, byPrimaryGroup(reason));
		}
	}
	const ownKeys = new Set([...own].map((sid) => sidToBytes(sid).toString('latin1')));
	return {
		of: (entry) => {
			const plain = protectedByItself(entry);
			if (plain !== undefined) return plain;
			if (ownKeys.has(bytesOf(entry, 'objectSid')?.toString('latin1') ?? '')) return OWN_ACCOUNT;
			return (primary.size > 0 ? primary.get(primaryGroupOf(entry)) : undefined) ?? reasons.get(guidKey(entry));
		},
		ofGroup: (entry) => groupByItself(entry) ?? reasons.get(guidKey(entry)),
		theirGroups,
	};
}

function everybodyBelow(root: Entry, membersOf: (group: Entry) => readonly Entry[]): Iterable<Entry> {
	const all = new Map<string, Entry>();
	const open = [root];
	for (let group = open.pop(); group !== undefined; group = open.pop()) {
		for (const member of membersOf(group)) {
			const key = guidKey(member);
			if (all.has(key)) continue;
			all.set(key, member);
			if (isGroup(member)) open.push(member);
		}
	}
	return all.values();
}

/** What a group is called. */
export function nameOfGroup(entry: Entry): string {
	return textOf(entry, 'cn') ?? textOf(entry, 'name') ?? textOf(entry, 'sAMAccountName') ?? entry.dn;
}
