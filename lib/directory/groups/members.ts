/**
 * Who is in a group. Those whose primary group it is are members too, but stand neither in its attribute `member` nor in their own
 * `memberOf` (both are links, and the primary group is none): they are found by primaryGroupID.
 */
import { safeDnKey } from '../../schema/dn';
import { guidOf } from '../accounts/account';
import type { Directory } from '../directory';
import { bytesOf, textOf, textsOf, type Entry } from '../entry';
import { allOf, anyOf, equal, not, type Filter } from '../filter';
import { guidDn } from '../guid';
import { ridOf, sidToText } from '../sid';
import { BATCH, inPieces } from './memberNames';

export type MembersRequest = {
	/** Members of its groups, and of theirs, too. */
	readonly nested: boolean;
	/** People's accounts only: no groups, contacts or computers. */
	readonly usersOnly: boolean;
	/** To be read besides those that a member's own fields need. */
	readonly attributes?: readonly string[];
	/** No more members than this; absent = all. */
	readonly limit?: number;
};

export type GroupMember = {
	readonly guid: string;
	readonly dn: string;
	readonly name: string;
	readonly kind: 'user' | 'group' | 'computer' | 'contact' | 'other';
	readonly sAMAccountName: string;
	readonly userPrincipalName: string;
	readonly mail: string;
	readonly displayName: string;
	/** How it comes to be a member; `nested` = only through another group. */
	readonly membership: 'direct' | 'primary group' | 'nested';
	/** With all attributes that were asked for. */
	readonly entry: Entry;
};

export type Members = { readonly members: readonly GroupMember[]; readonly notes: readonly string[] };

const MEMBER_ATTRIBUTES = [
	...['objectGUID', 'objectClass', 'objectSid', 'primaryGroupID', 'name', 'sAMAccountName'],
	...['userPrincipalName', 'mail', 'displayName'],
] as const;

/**
 * @param group with objectGUID and objectSid read, as `findGroup` gives it
 * @throws DirectoryError
 */
export async function getMembers(directory: Directory, group: Entry, request: MembersRequest): Promise<Members> {
	const { nested, usersOnly, limit = Infinity } = request;
	const listed = await directory.read(guidDn(guidOf(group)), ['member']);
	const direct = new Map(textsOf(listed ?? group, 'member').map((dn) => [safeDnKey(dn), dn]));
	const groups = nested ? await withGroupsBelow(directory, group) : [group];
	const own = guidOf(group);
	const found = new Map<string, Entry>();
	const missing = new Map(direct);
	const take = (entries: readonly Entry[]) => {
		for (const entry of entries) {
			missing.delete(safeDnKey(entry.dn));
			// A group that contains itself through others is not listed as its own member.
			if (guidOf(entry) !== own || !nested) found.set(guidOf(entry), entry);
		}
	};
	for (const some of inPieces(groups, BATCH / 2)) {
		if (found.size >= limit) break;
		take(await searchMembers(directory, some.flatMap(membershipsOf), request, limit + 1));
	}
	// Those whose memberOf the service account may not read are asked for by name.
	for (const batch of inPieces(found.size < limit ? [...missing.values()] : [], BATCH)) {
		const named = batch.map((dn) => equal('distinguishedName', dn));
		const entries = await searchMembers(directory, named, { ...request, usersOnly: false }, Infinity);
		for (const { dn } of entries) missing.delete(safeDnKey(dn));
		take(usersOnly ? entries.filter((entry) => kindOf(entry) === 'user') : entries);
	}
	const members = [...found.values()].slice(0, limit).map((entry) => toMember(entry, group, direct));
	return { members, notes: notesOf(members, found.size < limit ? [...missing.values()] : []) };
}

type Direct = ReadonlyMap<string, string>;

/**
 * The group, its groups, and theirs, each once. They are asked for level by level: the in-chain rule would try every object of the domain.
 */
async function withGroupsBelow(directory: Directory, group: Entry): Promise<Entry[]> {
	const { dn } = await directory.domain();
	const all = new Map([[guidOf(group), group]]);
	let level = [group];
	while (level.length > 0) {
		const next: Entry[] = [];
		for (const some of inPieces(level, BATCH)) {
			const found = await directory.search(dn, {
				scope: 'sub',
				filter: allOf([equal('objectClass', 'group'), anyOf(some.map((one) => equal('memberOf', one.dn)))]),
				attributes: ['objectGUID', 'objectSid'],
			});
			for (const entry of found) {
				if (all.has(guidOf(entry))) continue;
				all.set(guidOf(entry), entry);
				next.push(entry);
			}
		}
		level = next;
	}
	return [...all.values()];
}

function membershipsOf(group: Entry): Filter[] {
	const rid = ridOfGroup(group);
	return [equal('memberOf', group.dn), ...(rid === undefined ? [] : [equal('primaryGroupID', String(rid))])];
}

async function searchMembers(
	directory: Directory,
	filters: readonly Filter[],
	{ usersOnly, attributes = [] }: MembersRequest,
	limit: number,
): Promise<Entry[]> {
	const members = anyOf(filters);
	return await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		// Computers are users by class.
		filter: usersOnly ? allOf([equal('objectClass', 'user'), not(equal('objectClass', 'computer')), members]) : members,
		attributes: [...new Set([...MEMBER_ATTRIBUTES, ...attributes])],
		limit,
	});
}

function notesOf(members: readonly GroupMember[], missing: readonly string[]): string[] {
	const primary = members.filter(({ membership }) => membership === 'primary group').length;
	return [
		...(primary > 0 ? [`${primary} are members because the group is their primary group.`] : []),
		...(missing.length > 0
			? [
					`${missing.length} further members cannot be read: they belong to another domain, or the service account may not see them: ${missing.slice(0, 5).join(' · ')}`,
				]
			: []),
	];
}

function toMember(entry: Entry, group: Entry, direct: Direct): GroupMember {
	const text = (attribute: string) => textOf(entry, attribute) ?? '';
	const primary = Number(text('primaryGroupID')) === ridOfGroup(group);
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		name: text('name'),
		kind: kindOf(entry),
		sAMAccountName: text('sAMAccountName'),
		userPrincipalName: text('userPrincipalName'),
		mail: text('mail'),
		displayName: text('displayName'),
		membership: direct.has(safeDnKey(entry.dn)) ? 'direct' : primary ? 'primary group' : 'nested',
		entry,
	};
}

/** By object class. */
export function kindOf(entry: Entry): GroupMember['kind'] {
	const classes = new Set(textsOf(entry, 'objectClass').map((name) => name.toLowerCase()));
	const kinds = ['computer', 'user', 'group', 'contact'] as const;
	return kinds.find((kind) => classes.has(kind)) ?? 'other';
}

/** The last part of the group's SID, as primaryGroupID has it; undefined for groups that are not of this domain's own. */
export function ridOfGroup(group: Entry): number | undefined {
	const sid = bytesOf(group, 'objectSid');
	const text = sid ? sidToText(sid) : '';
	return text.startsWith('S-1-5-21-') ? ridOf(text) : undefined;
}
