/** Look-ups in a snapshot: one pass over it for all values at once, since a plan asks a few times for many. */
import { heldAs } from '../../directory/accounts/names';
import { comparable, isPlain, usable } from '../../directory/accounts/lookups';
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

/** By attribute in small letters. */
type Wanted = Map<string, Values>;

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
			const names = wantedValues();
			for (const lookup of lookups) {
				if (lookup.value === '') continue;
				if (lookup.attribute === 'cn') {
					const name = comparable(lookup.value);
					names.add(lookup.value);
					places.set(name, (places.get(name) ?? new Set()).add(safeDnKey(lookup.parent)));
				} else for (const [name, held] of heldAs(lookup.attribute, lookup.value, domainName)) want(wanted, name, held);
			}
			return entries.filter((entry) => hasOne(entry, wanted) || (places.size > 0 && standsAs(entry, names, places)));
		},
	};
}

function want(wanted: Wanted, attribute: string, value: string): void {
	const name = attribute.toLowerCase();
	const values = wanted.get(name) ?? wantedValues();
	wanted.set(name, values);
	values.add(value);
}

function hasOne(entry: Entry, wanted: Wanted): boolean {
	for (const [attribute, values] of wanted)
		for (const value of entry.attributes[attribute] ?? [])
			if (values.has(typeof value === 'string' ? value : value.toString('utf8'))) return true;
	return false;
}

/** Values that are wanted. Nearly none of a snapshot's is: three of its characters say so before it is brought into the form that is compared. */
type Values = { readonly add: (value: string) => void; readonly has: (value: string) => boolean };

function wantedValues(): Values {
	const values = new Set<string>();
	const maybe = new Uint8Array(CLUES);
	return {
		add: (value) => {
			const form = comparable(value);
			values.add(form);
			maybe[clueOf(form)] = 1;
		},
		has: (value) => {
			if (isPlain(value) && maybe[clueOf(value)] === 0) return false;
			return values.has(comparable(value));
		},
	};
}

const CLUES = 1 << 15;

/** Of the first, middle and last character, which do not change with capitals: 0x41 and 0x61 differ in one bit, that is left out. */
function clueOf(text: string): number {
	const { length } = text;
	const [first, middle, last] = [text.charCodeAt(0), text.charCodeAt(length >> 1), text.charCodeAt(length - 1)];
	return ((first & 31) << 10) | ((middle & 31) << 5) | (last & 31);
}

/** @param places keys of containers, by the cn that is looked for in them */
function standsAs(entry: Entry, names: Values, places: ReadonlyMap<string, ReadonlySet<string>>): boolean {
	const own = valuesOf(entry, 'cn');
	for (const value of own.length === 0 ? [commonName(entry)] : own) {
		const text = value.toString('utf8');
		const containers = names.has(text) ? places.get(comparable(text)) : undefined;
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
