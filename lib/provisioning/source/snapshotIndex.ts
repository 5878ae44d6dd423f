/** Look-ups in a snapshot. Each index is built when it is first asked for. */
import { heldAs } from '../../directory/accounts/names';
import { comparable, usable } from '../../directory/accounts/lookups';
import { textOf, valuesOf, type Entry } from '../../directory/entry';
import { parentText, safeDnKey } from '../../schema/dn';
import type { NameLookup } from '../plan/types';
import { guidKey } from './liveFind';
import { directIndex } from './named';
import { firstValue } from './snapshotEntries';

export type SnapshotIndex = {
	readonly direct: (name: string) => Entry | undefined;
	readonly having: (attribute: string, values: readonly string[]) => Entry[];
	readonly named: (lookups: readonly NameLookup[], domainName: string) => Entry[];
};

/** A single one stands there as itself: nearly all do. */
type Values = Map<string, Entry | Entry[]>;

export function snapshotIndex(entries: readonly Entry[]): SnapshotIndex {
	const indexes = new Map<string, Values>();
	const valuesIn = (attribute: string): Values => {
		const name = attribute.toLowerCase();
		const index = indexes.get(name) ?? indexBy(entries, name);
		indexes.set(name, index);
		return index;
	};
	const withValue = (attribute: string, value: string): readonly Entry[] => {
		const found = valuesIn(attribute).get(comparable(value));
		return found === undefined ? [] : Array.isArray(found) ? found : [found];
	};
	let byName: SnapshotIndex['direct'] | undefined;
	const direct: SnapshotIndex['direct'] = (name) => (byName ??= directIndex(entries))(name);
	return {
		direct,
		having: (attribute, values) => {
			const special = ['objectguid', 'distinguishedname'].includes(attribute.toLowerCase());
			const lookups = values.flatMap((value) => usable({ attribute, value }));
			return unique(lookups.flatMap(({ value }) => (special ? (direct(value) ?? []) : withValue(attribute, value))));
		},
		named: (lookups, domainName) =>
			unique(
				lookups.flatMap((lookup) => {
					if (lookup.value === '') return [];
					if (lookup.attribute !== 'cn')
						return heldAs(lookup.attribute, lookup.value, domainName).flatMap(([name, held]) => withValue(name, held));
					const parent = safeDnKey(lookup.parent);
					return withValue('cn', lookup.value).filter(({ dn }) => safeDnKey(parentText(dn)) === parent);
				}),
			),
	};
}

function unique(entries: readonly Entry[]): Entry[] {
	return [...new Map(entries.map((entry) => [guidKey(entry), entry])).values()];
}

function indexBy(entries: readonly Entry[], attribute: string): Values {
	const index: Values = new Map();
	for (const entry of entries) {
		const values = valuesOf(entry, attribute);
		for (const value of values.length === 0 && attribute === 'cn' ? [commonName(entry)] : values) {
			const key = comparable(value.toString('utf8'));
			const before = index.get(key);
			if (before === undefined) index.set(key, entry);
			else if (Array.isArray(before)) before.push(entry);
			else index.set(key, [before, entry]);
		}
	}
	return index;
}

/** What the first name of a distinguished name says, where cn was not read. */
function commonName(entry: Entry): string {
	return textOf(entry, 'name') ?? firstValue(entry.dn);
}
