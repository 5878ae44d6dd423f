/** Organisational units of a snapshot. A snapshot of accounts alone has none: then those count that the accounts stand in. */
import { guidOf } from '../../directory/accounts/account';
import { comparable } from '../../directory/accounts/lookups';
import { textOf, textsOf, type Entry } from '../../directory/entry';
import { PLACE_CLASSES } from '../../directory/places';
import { isObjectName, isWithin, parentText, safeDnKey } from '../../schema/dn';
import type { PlaceKnown, PlanSource, Unfit } from '../plan/types';
import { directIndex } from './named';
import { derivedGuid, firstValue } from './snapshotEntries';

const CLASSES: ReadonlySet<string> = new Set(PLACE_CLASSES.map((name) => name.toLowerCase()));

export function snapshotPlaces(entries: readonly Entry[], domainDn: string): PlanSource['places'] {
	let known: ReturnType<typeof readPlaces> | undefined;
	return (names) => {
		known ??= readPlaces(entries, domainDn);
		const { direct, called, complete } = known;
		const find = (name: string): PlaceKnown | Unfit => {
			const text = name.trim();
			const entry = direct(text);
			if (entry) return toKnown(entry);
			const [first, ...more] = called(text);
			if (first && more.length === 0) return toKnown(first);
			if (first) return { reason: `${more.length + 1} organisational units are called "${text}"` };
			if (!complete && isObjectName(text) && isWithin(text, domainDn)) return toKnown(mentioned(text));
			return { reason: `the snapshot has no organisational unit "${text}"` };
		};
		return Promise.resolve(new Map(names.map((name) => [name, find(name)] as const)));
	};
}

function toKnown(entry: Entry): PlaceKnown {
	return { guid: guidOf(entry), dn: entry.dn };
}

function mentioned(dn: string): Entry {
	return { dn, attributes: { objectguid: [derivedGuid(dn)] } };
}

function readPlaces(entries: readonly Entry[], domainDn: string) {
	const places = entries.filter(isPlace);
	const own = new Set(places.map(({ dn }) => safeDnKey(dn)));
	const others = [...parentsOf(entries, domainDn)].filter((dn) => !own.has(safeDnKey(dn))).map(mentioned);
	const all = [...places, ...others];
	return {
		direct: directIndex(all),
		called: (name: string) => {
			const wanted = comparable(name);
			return all.filter(({ dn, ...entry }) => {
				if (!/^ou=/i.test(dn)) return false;
				return comparable(textOf({ dn, ...entry }, 'ou') ?? firstValue(dn)) === wanted;
			});
		},
		complete: places.some(({ dn }) => !sameAs(dn, domainDn)),
	};
}

function sameAs(left: string, right: string): boolean {
	return safeDnKey(left) === safeDnKey(right);
}

function isPlace(entry: Entry): boolean {
	return textsOf(entry, 'objectClass').some((name) => CLASSES.has(name.toLowerCase()));
}

/** Everything that something stands in, up to the domain itself. */
function parentsOf(entries: readonly Entry[], domainDn: string): ReadonlySet<string> {
	const parents = new Set<string>();
	for (const { dn } of entries) {
		for (let parent = parentText(dn); parent !== '' && !parents.has(parent); parent = parentText(parent)) {
			if (!isWithin(parent, domainDn)) break;
			parents.add(parent);
		}
	}
	return parents;
}
