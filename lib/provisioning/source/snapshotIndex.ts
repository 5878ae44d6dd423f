/** Look-ups in a snapshot: one pass over it for all values at once, since a plan asks a few times for many. */
import { heldAs } from '../../directory/accounts/names';
import { comparable, usable } from '../../directory/accounts/lookups';
import { textOf, valuesOf, type Entry } from '../../directory/entry';
import { safeDnKey } from '../../schema/dn';
import type { NameLookup } from '../plan/types';
import { guidKey } from './liveFind';
import { directIndex } from './named';
import { parentText } from './scope';
import { firstValue } from './snapshotEntries';

export type SnapshotIndex = {
	readonly direct: (name: string) => Entry | undefined;
	readonly having: (attribute: string, values: readonly string[]) => Entry[];
	readonly named: (lookups: readonly NameLookup[], domainName: string) => Entry[];
};

/** Wanted values as they are compared, by attribute in small letters. */
type Wanted = Map<string, Set<string>>;

export function snapshotIndex(entries: readonly Entry[]): SnapshotIndex {
	let byName: SnapshotIndex['direct'] | undefined;
	const direct: SnapshotIndex['direct'] = (name) => (byName ??= directIndex(entries))(name);
	return {
		direct,
		having: (attribute, values) => {
			const special = ['objectguid', 'distinguishedname'].includes(attribute.toLowerCase());
			const given = values.flatMap((value) => usable({ attribute, value })).map(({ value }) => value);
			if (special) return unique(given.flatMap((value) => direct(value) ?? []));
			const wanted: Wanted = new Map();
			for (const value of given) want(wanted, attribute, value);
			return entries.filter((entry) => hasOne(entry, wanted));
		},
		named: (lookups, domainName) => {
			const wanted: Wanted = new Map();
			/** Containers, by the cn that is looked for in them. */
			const places = new Map<string, Set<string>>();
			for (const lookup of lookups) {
				if (lookup.value === '') continue;
				if (lookup.attribute === 'cn') add(places, comparable(lookup.value), safeDnKey(lookup.parent));
				else for (const [name, held] of heldAs(lookup.attribute, lookup.value, domainName)) want(wanted, name, held);
			}
			return entries.filter((entry) => hasOne(entry, wanted) || (places.size > 0 && standsAs(entry, places)));
		},
	};
}

function want(wanted: Wanted, attribute: string, value: string): void {
	add(wanted, attribute.toLowerCase(), comparable(value));
}

function add(sets: Map<string, Set<string>>, name: string, value: string): void {
	const values = sets.get(name);
	if (values) values.add(value);
	else sets.set(name, new Set([value]));
}

function hasOne(entry: Entry, wanted: Wanted): boolean {
	for (const [attribute, values] of wanted)
		for (const value of entry.attributes[attribute] ?? [])
			if (values.has(comparable(typeof value === 'string' ? value : value.toString('utf8')))) return true;
	return false;
}

/** @param places keys of containers, by the cn that is looked for in them */
function standsAs(entry: Entry, places: ReadonlyMap<string, ReadonlySet<string>>): boolean {
	const own = valuesOf(entry, 'cn');
	for (const value of own.length === 0 ? [commonName(entry)] : own) {
		const containers = places.get(comparable(value.toString('utf8')));
		if (containers?.has(safeDnKey(parentText(entry.dn)))) return true;
	}
	return false;
}

function unique(entries: readonly Entry[]): Entry[] {
	return [...new Map(entries.map((entry) => [guidKey(entry), entry])).values()];
}

/** What the first name of a distinguished name says, where cn was not read. */
function commonName(entry: Entry): string {
	return textOf(entry, 'name') ?? firstValue(entry.dn);
}
