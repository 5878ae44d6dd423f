/** Groups by whatever names them, and which of them lead to privileges. */
import { comparable } from '../../directory/accounts/lookups';
import { guidOf } from '../../directory/accounts/account';
import type { Directory } from '../../directory/directory';
import { textOf, textsOf, type Entry } from '../../directory/entry';
import { equal } from '../../directory/filter';
import { GROUP_ATTRIBUTES } from '../../directory/groups/find';
import { ridOfGroup } from '../../directory/groups/members';
import { safeDnKey } from '../../schema/dn';
import type { GroupKnown, Unfit } from '../plan/types';
import { searchAny } from './liveFind';
import { readDirect, readNamed } from './named';
import { nameOfGroup, type Privileged } from './privileged';

/** memberOf leads to the groups that a group is in. */
const KNOWN_GROUP_ATTRIBUTES = [...GROUP_ATTRIBUTES, 'memberOf'] as const;

/** How groups are looked for. Each of the questions is asked of many names at once. */
export type GroupReader = {
	/** By distinguished name or GUID. */
	readonly direct: (names: readonly string[]) => Promise<(name: string) => Entry | undefined>;
	/** Those that have one of the names as account name or common name, and maybe others. */
	readonly called: (names: readonly string[]) => Promise<readonly Entry[]>;
	readonly byDn: (names: readonly string[]) => Promise<readonly Entry[]>;
	readonly privileged: () => Promise<Privileged>;
};

export type Groups = (names: readonly string[]) => Promise<ReadonlyMap<string, GroupKnown | Unfit>>;

export function liveGroups(directory: Directory, privileged: () => Promise<Privileged>): Groups {
	const only = equal('objectClass', 'group');
	return knownGroups({
		direct: (names) => readDirect(directory, names, KNOWN_GROUP_ATTRIBUTES, { only }),
		called: (names) =>
			searchAny(
				directory,
				names.flatMap((name) => [equal('sAMAccountName', name), equal('cn', name)]),
				KNOWN_GROUP_ATTRIBUTES,
				{ only },
			),
		byDn: (names) => readNamed(directory, names, KNOWN_GROUP_ATTRIBUTES),
		privileged,
	});
}

/** Each name is asked for once. */
export function knownGroups(reader: GroupReader): Groups {
	const known = new Map<string, GroupKnown | Unfit>();
	/** Groups that groups are in, by the key of their names. */
	const above = new Map<string, Entry>();
	return async (names) => {
		const open = [...new Set(names)].filter((name) => !known.has(name));
		if (open.length > 0) {
			const found = await findAll(reader, open);
			const privileged = await reader.privileged();
			await readAbove(
				reader,
				above,
				[...found.values()].flatMap((entry) => ('dn' in entry ? entry : [])),
			);
			for (const [name, entry] of found) known.set(name, 'reason' in entry ? entry : toKnown(entry, privileged, above));
		}
		return new Map(names.flatMap((name) => [[name, known.get(name) ?? NOWHERE] as const]));
	};
}

const NOWHERE: Unfit = { reason: 'there is no such group' };

async function findAll(reader: GroupReader, names: readonly string[]): Promise<ReadonlyMap<string, Entry | Unfit>> {
	const found = new Map<string, Entry | Unfit>();
	const direct = await reader.direct(names);
	const others: string[] = [];
	for (const name of names) {
		const entry = direct(name);
		if (entry) found.set(name, entry);
		else if (name.trim() === '' || name.includes('\u0000')) found.set(name, { reason: 'it is no name of a group' });
		else others.push(name);
	}
	const byName = new Map<string, Set<Entry>>();
	for (const entry of await reader.called(others.map((name) => name.trim()))) {
		for (const text of [...textsOf(entry, 'sAMAccountName'), ...textsOf(entry, 'cn')]) {
			const key = comparable(text);
			byName.set(key, (byName.get(key) ?? new Set()).add(entry));
		}
	}
	for (const name of others) {
		const all = [...(byName.get(comparable(name)) ?? [])];
		const [first] = all;
		found.set(name, first && all.length === 1 ? first : whyNone(name, all));
	}
	return found;
}

function whyNone(name: string, all: readonly Entry[]): Unfit {
	if (all.length === 0)
		return { reason: `there is no group "${name}" in the domain, or the service account cannot read it` };
	const dns = all.slice(0, 5).map(({ dn }) => dn);
	return {
		reason: `${all.length} groups are called "${name}": ${dns.join(' · ')}; give the distinguished name of one`,
	};
}

/** Level by level, each group once in a plan. */
async function readAbove(reader: GroupReader, above: Map<string, Entry>, groups: readonly Entry[]): Promise<void> {
	for (let level = groups; level.length > 0; ) {
		const names = level.flatMap((group) => textsOf(group, 'memberOf')).filter((name) => !above.has(safeDnKey(name)));
		level = names.length === 0 ? [] : await reader.byDn(names);
		for (const entry of level) above.set(safeDnKey(entry.dn), entry);
	}
}

function toKnown(entry: Entry, privileged: Privileged, above: ReadonlyMap<string, Entry>): GroupKnown {
	const protection = privileged.ofGroup(entry);
	const near = protection === undefined ? whyNear(entry, privileged, above) : undefined;
	const rid = ridOfGroup(entry);
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		name: nameOfGroup(entry),
		...(rid === undefined ? {} : { rid }),
		...(protection === undefined ? {} : { protection }),
		...(near === undefined ? {} : { near }),
	};
}

/** A group in a protected group that is none of the privileged ones, or one that somebody privileged is in. */
function whyNear(group: Entry, privileged: Privileged, above: ReadonlyMap<string, Entry>): string | undefined {
	const seen = new Set<Entry>();
	const open = [group];
	for (let current = open.pop(); current !== undefined; current = open.pop()) {
		for (const name of textsOf(current, 'memberOf')) {
			const parent = above.get(safeDnKey(name));
			if (!parent || seen.has(parent)) continue;
			seen.add(parent);
			const reason = privileged.ofGroup(parent);
			if (reason !== undefined) return `it leads to ${textOf(parent, 'cn') ?? parent.dn}: ${reason}`;
			open.push(parent);
		}
	}
	return privileged.theirGroups.has(safeDnKey(group.dn)) ? 'somebody privileged is a member of it' : undefined;
}
