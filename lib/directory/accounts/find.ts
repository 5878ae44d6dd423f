/**
 * Finding accounts, one by one or many at once. What was read for many is believed only until this run writes: a second item for the same
 * person sees what the first one did.
 */
import { safeDnKey } from '../../schema/dn';
import { changedSince, isCurrent, pointNow, type Point } from '../changedSince';
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textsOf, type Entry } from '../entry';
import { allOf, anyOf, equal, type Filter } from '../filter';
import { guidToBytes } from '../guid';
import { ACCOUNT_ATTRIBUTES, type Lookup, type Marking } from './account';
import { isIndexed, readKeyIndex, WORTH_AN_INDEX, type KeyIndex } from './keyIndex';
import { DN_KEY, GUID, guidKey, keyOf, nameKey, prepare, usable, type Prepared } from './lookups';

/** Keys in one filter: far below MaxReceiveBuffer and the depth that servers take (MS-ADTS 3.1.1.3.4.6). */
const BATCH = 100;

const NAME_KEYS = [DN_KEY, '["cn",', '["name",'];

export type Finder = {
	/**
	 * Says who all will be looked for in this run. Where that are many, by an attribute without an index, its values are read in one pass.
	 * @throws DirectoryError
	 */
	readonly expect: (lookups: readonly Lookup[]) => Promise<void>;
	/**
	 * Every object that the lookup leads to, of any class, in the whole domain.
	 * @param attributes to be read besides those that every operation needs
	 * @throws DirectoryError
	 */
	readonly find: (lookup: Lookup, attributes?: readonly string[]) => Promise<readonly Entry[]>;
	/** As `find`, and never from what was read before: of what was not there then, only what was changed since is looked at. */
	readonly findAgain: (lookup: Lookup) => Promise<readonly Entry[]>;
	/**
	 * Reads many at once, so that `find` need not ask for each; what was read before is forgotten. Lookups that cannot be used are left to
	 * `find`, which says why.
	 * @throws DirectoryError
	 */
	readonly prefetch: (lookups: readonly Lookup[], attributes?: readonly string[]) => Promise<readonly Entry[]>;
};

type Known = {
	readonly attributes: ReadonlySet<string>;
	readonly entries: readonly Entry[];
	/** Read after it. */
	readonly point: Point | undefined;
};

/**
 * @param directory what comes back as `directory` is to be used for writing: it tells the finder what is not to be believed any more
 */
export function openFinder(directory: Directory, marking: Marking): { directory: Directory; finder: Finder } {
	const known = new Map<string, Known>();
	const indexes = new Map<string, KeyIndex>();
	const asked = (attributes: readonly string[]) => [
		...new Set([...ACCOUNT_ATTRIBUTES, marking.matchAttribute, marking.markAttribute, ...attributes]),
	];
	const forget = (wrong: (key: string, entry: Entry | undefined) => boolean) => {
		for (const [key, { entries }] of known) {
			if (wrong(key, undefined) || entries.some((entry) => wrong(key, entry))) known.delete(key);
		}
	};
	const forgetValues = (attribute: string, values: readonly (string | Buffer)[]) => {
		const index = indexes.get(attribute.toLowerCase());
		for (const value of values) {
			if (typeof value !== 'string') continue;
			known.delete(keyOf(attribute, value));
			index?.forget(value);
		}
	};
	const isMeant = (...dns: readonly string[]) => {
		const guidIn = (dn: string) => /^<GUID=(.*)>$/i.exec(dn)?.[1]?.toLowerCase();
		const guids = new Set(dns.flatMap((dn) => guidIn(dn) ?? []));
		const names = new Set(dns.filter((dn) => guidIn(dn) === undefined).map(safeDnKey));
		return (_key: string, entry: Entry | undefined) =>
			entry !== undefined &&
			((guids.size > 0 && guids.has(guidKey(entry))) || (names.size > 0 && names.has(nameKey(entry))));
	};
	/** What is found by a name that no Modify writes. */
	const forgetNames = () => {
		forget((key) => NAME_KEYS.some((start) => key.startsWith(start)));
		for (const name of ['cn', 'name']) indexes.delete(name);
	};
	const refersTo = (entry: Entry, dn: string) => {
		const name = safeDnKey(dn);
		return Object.values(entry.attributes).some((values) =>
			values.some((value) => typeof value === 'string' && value.includes('=') && safeDnKey(value) === name),
		);
	};
	const tracked: Directory = {
		...directory,
		nextObject: () => {
			const moves = directory.nextObject();
			// Another controller may know things otherwise.
			if (moves) for (const read of [known, indexes]) read.clear();
			return moves;
		},
		add: async (dn, attributes) => {
			for (const [attribute, values] of Object.entries(attributes)) forgetValues(attribute, values);
			forgetNames();
			await directory.add(dn, attributes);
		},
		modify: async (dn, changes: readonly Modification[], options) => {
			for (const { attribute, values } of changes) {
				forgetValues(attribute, values);
				// A membership is written on the group, and read on the member.
				if (attribute.toLowerCase() === 'member' && known.size > 0)
					forget(isMeant(...values.map((member) => member.toString('utf8'))));
			}
			forget(isMeant(dn));
			await directory.modify(dn, changes, options);
		},
		rename: async (dn, rdn, parent) => {
			const meant = isMeant(dn);
			// The old name leads nowhere from now on, and the new one to it; references to it read otherwise.
			forgetNames();
			forget((key, entry) => meant(key, entry) || (entry !== undefined && refersTo(entry, dn)));
			await directory.rename(dn, rdn, parent);
		},
		remove: async (dn) => {
			const meant = isMeant(dn);
			forgetNames();
			forget((key, entry) => meant(key, entry) || (entry !== undefined && refersTo(entry, dn)));
			await directory.remove(dn);
		},
	};

	const find: Finder['find'] = async (lookup, attributes = []) => {
		const before = known.get(prepare(lookup).key);
		if (before && asked(attributes).every((name) => before.attributes.has(name.toLowerCase()))) return before.entries;
		return await findNow(lookup, attributes);
	};

	const findNow = async (lookup: Lookup, attributes: readonly string[] = []): Promise<readonly Entry[]> => {
		const prepared = prepare(lookup);
		const wanted = asked(attributes);
		if (prepared.dn !== undefined) {
			const entry = await directory.read(prepared.dn, wanted);
			return entry ? [entry] : [];
		}
		return await search(prepared.filter, [...wanted, prepared.attribute]);
	};

	const findAgain: Finder['findAgain'] = async (lookup) => {
		const prepared = prepare(lookup);
		const { entries, point } = known.get(prepared.key) ?? {};
		if (entries?.length !== 0 || !point || !isCurrent(directory, point)) return await findNow(lookup);
		const found = await search(allOf([changedSince(point), prepared.filter]), asked([prepared.attribute]));
		return isCurrent(directory, point) ? found : await findNow(lookup);
	};

	const search = async (filter: Filter, attributes: readonly string[]): Promise<readonly Entry[]> => {
		const { dn } = await directory.domain();
		return await directory.search(dn, { scope: 'sub', filter, attributes: [...new Set(attributes)] });
	};

	/** Who has got one of the values since the index was read is in it no longer. */
	const checkIndexes = async (prepared: readonly Prepared[]) => {
		for (const [attribute, index] of indexes) {
			const { point } = index;
			const missing = prepared.filter((each) => each.attribute.toLowerCase() === attribute && isMissing(index, each));
			const keys = missing.map(({ filter }) => filter);
			for (let first = 0; point && first < keys.length; first += BATCH) {
				const filter = allOf([changedSince(point), anyOf(keys.slice(first, first + BATCH))]);
				const found = await search(filter, [attribute]);
				for (const value of found.flatMap((entry) => textsOf(entry, attribute))) index.forget(value);
			}
			if (!point || !isCurrent(directory, point)) indexes.delete(attribute);
		}
	};

	const expect: Finder['expect'] = async (lookups) => {
		const values = new Map<string, Set<string>>();
		for (const { attribute, value } of lookups.flatMap(usable)) {
			const name = attribute.toLowerCase();
			values.set(name, (values.get(name) ?? new Set()).add(value.toLowerCase()));
		}
		for (const [attribute, { size }] of values) {
			if (size <= WORTH_AN_INDEX || indexes.has(attribute) || (await isIndexed(directory, attribute))) continue;
			indexes.set(attribute, await readKeyIndex(directory, attribute));
		}
	};

	const prefetch: Finder['prefetch'] = async (lookups, attributes = []) => {
		known.clear();
		const wanted = asked(attributes);
		const names = new Set(wanted.map((name) => name.toLowerCase()));
		const prepared = lookups.flatMap(usable);
		const point = await pointNow(directory);
		await checkIndexes(prepared);
		const open = new Map(prepared.map((each) => [each.key, inIndex(each)]));
		for (const [key, { guids }] of open)
			if (guids?.length === 0) known.set(key, { attributes: names, entries: [], point });
		const each = [...open.values()].filter(({ key }) => !known.has(key));
		const all: Entry[] = [];
		for (let first = 0; first < each.length; first += BATCH) {
			const batch = each.slice(first, first + BATCH);
			const filter = anyOf(batch.map((one) => one.filter));
			const entries = await search(filter, [...wanted, ...batch.map(({ attribute }) => attribute)]);
			// A server may take values for equal that are not the same here (accents, blanks): then each is asked for by itself.
			if (!entries.every((entry) => batch.some(({ matches }) => matches(entry)))) continue;
			for (const { key, matches, guids } of batch) {
				const found = entries.filter(matches);
				if (guids === undefined || guids.length === found.length)
					known.set(key, { attributes: names, entries: found, point });
			}
			for (const entry of entries) all.push(entry);
		}
		return all;
	};

	/** By the GUIDs of the index, which the directory finds at once, where there is one. */
	const inIndex = (prepared: Prepared): Prepared & { readonly guids?: readonly string[] } => {
		const guids = indexes.get(prepared.attribute.toLowerCase())?.guidsOf(prepared.value);
		if (!guids || guids.length === 0) return guids ? { ...prepared, guids } : prepared;
		return { ...prepared, guids, filter: anyOf(guids.map((guid) => equal(GUID, guidToBytes(guid)))) };
	};

	return { directory: tracked, finder: { expect, find, findAgain, prefetch } };
}

function isMissing(index: KeyIndex, { value }: Prepared): boolean {
	return index.guidsOf(value)?.length === 0;
}
