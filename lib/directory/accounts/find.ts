/**
 * Finding accounts, one by one or many at once. What was read for many is believed only until this run writes: a second item for the same
 * person sees what the first one did.
 */
import { InvalidDnError, dnKey, parseDn } from '../../schema/dn';
import { isAttributeName } from '../../schema/attributeName';
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal, type Filter } from '../filter';
import { guidDn, guidToBytes, guidToText } from '../guid';
import { ACCOUNT_ATTRIBUTES, guidOf, type Lookup, type Marking } from './account';
import { isIndexed, readKeyIndex, WORTH_AN_INDEX, type KeyIndex } from './keyIndex';

export const GUID = 'objectGUID';
export const DISTINGUISHED_NAME = 'distinguishedName';

/** Keys in one filter: far below MaxReceiveBuffer and the depth that servers take (MS-ADTS 3.1.1.3.4.6). */
const BATCH = 100;

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
	/** As `find`, and never from what was read before. */
	readonly findNow: (lookup: Lookup, attributes?: readonly string[]) => Promise<readonly Entry[]>;
	/**
	 * Reads many at once, so that `find` need not ask for each; what was read before is forgotten. Lookups that cannot be used are left to
	 * `find`, which says why.
	 * @throws DirectoryError
	 */
	readonly prefetch: (lookups: readonly Lookup[], attributes?: readonly string[]) => Promise<readonly Entry[]>;
};

/** A lookup as it is compared and sent. */
type Prepared = {
	readonly key: string;
	readonly attribute: string;
	readonly value: string;
	readonly filter: Filter;
	/** Where the object itself can be read; undefined = it has to be searched for. */
	readonly dn?: string;
	/** What an object that is meant has in common with the lookup. */
	readonly matches: (entry: Entry) => boolean;
};

type Known = { readonly attributes: ReadonlySet<string>; readonly entries: readonly Entry[] };

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
	const isMeant = (dn: string) => {
		const guid = /^<GUID=(.*)>$/i.exec(dn)?.[1]?.toLowerCase();
		return (_key: string, entry: Entry | undefined) =>
			entry !== undefined && (guid === undefined ? sameName(entry.dn, dn) : guidOf(entry) === guid);
	};
	const tracked: Directory = {
		...directory,
		add: async (dn, attributes) => {
			for (const [attribute, values] of Object.entries(attributes)) forgetValues(attribute, values);
			forgetValues(DISTINGUISHED_NAME, [dn]);
			await directory.add(dn, attributes);
		},
		modify: async (dn, changes: readonly Modification[], options) => {
			for (const { attribute, values } of changes) {
				forgetValues(attribute, values);
				// A membership is written on the group, and read on the member.
				if (attribute.toLowerCase() === 'member' && known.size > 0)
					for (const member of values) forget(isMeant(member.toString('utf8')));
			}
			forget(isMeant(dn));
			await directory.modify(dn, changes, options);
		},
		rename: async (dn, rdn, parent) => {
			const meant = isMeant(dn);
			// The old name leads nowhere from now on, and the new one to it.
			forget((key, entry) => key.startsWith(DN_KEY) || meant(key, entry));
			await directory.rename(dn, rdn, parent);
		},
		remove: async (dn) => {
			const meant = isMeant(dn);
			forget((key, entry) => key.startsWith(DN_KEY) || meant(key, entry));
			await directory.remove(dn);
		},
	};

	const find: Finder['find'] = async (lookup, attributes = []) => {
		const before = known.get(prepare(lookup).key);
		if (before && asked(attributes).every((name) => before.attributes.has(name.toLowerCase()))) return before.entries;
		return await findNow(lookup, attributes);
	};

	const findNow: Finder['findNow'] = async (lookup, attributes = []) => {
		const prepared = prepare(lookup);
		const wanted = asked(attributes);
		if (prepared.dn !== undefined) {
			const entry = await directory.read(prepared.dn, wanted);
			return entry ? [entry] : [];
		}
		const { dn } = await directory.domain();
		return await directory.search(dn, { scope: 'sub', filter: prepared.filter, attributes: wanted });
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
		const open = new Map(lookups.flatMap(usable).map((prepared) => [prepared.key, inIndex(prepared)]));
		for (const [key, { guids }] of open) if (guids?.length === 0) known.set(key, { attributes: names, entries: [] });
		const each = [...open.values()].filter(({ key }) => !known.has(key));
		const { dn } = await directory.domain();
		const all: Entry[] = [];
		for (let first = 0; first < each.length; first += BATCH) {
			const batch = each.slice(first, first + BATCH);
			const entries = await directory.search(dn, {
				scope: 'sub',
				filter: anyOf(batch.map(({ filter }) => filter)),
				attributes: [...new Set([...wanted, ...batch.map(({ attribute }) => attribute)])],
			});
			// A server may take values for equal that are not the same here (accents, blanks): then each is asked for by itself.
			if (!entries.every((entry) => batch.some(({ matches }) => matches(entry)))) continue;
			for (const { key, matches, guids } of batch) {
				const found = entries.filter(matches);
				if (guids === undefined || guids.length === found.length) known.set(key, { attributes: names, entries: found });
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

	return { directory: tracked, finder: { expect, find, findNow, prefetch } };
}

const DN_KEY = `["${DISTINGUISHED_NAME.toLowerCase()}",`;

function keyOf(attribute: string, value: string): string {
	const name = attribute.toLowerCase();
	return JSON.stringify([name, name === DISTINGUISHED_NAME.toLowerCase() ? safeDnKey(value) : value.toLowerCase()]);
}

function safeDnKey(dn: string): string {
	try {
		return dnKey(dn);
	} catch (error) {
		if (error instanceof InvalidDnError) return dn;
		throw error;
	}
}

function sameName(left: string, right: string): boolean {
	return safeDnKey(left) === safeDnKey(right);
}

/** None for a lookup that cannot be used: `find` says why. */
function usable(lookup: Lookup): readonly Prepared[] {
	try {
		return [prepare(lookup)];
	} catch (error) {
		if (error instanceof DirectoryError) return [];
		throw error;
	}
}

/** @throws DirectoryError (person or configuration) for a lookup that cannot be used */
function prepare({ attribute, value: given }: Lookup): Prepared {
	const value = given.trim();
	if (!isAttributeName(attribute)) {
		throw new DirectoryError({
			kind: 'configuration',
			message: `"${attribute}" is no attribute to look for.`,
			whatToDo: 'Enter the LDAP name of an attribute, such as employeeID.',
		});
	}
	if (value === '') {
		throw new DirectoryError({
			kind: 'person',
			message: `There is no value of ${attribute} to look for.`,
			whatToDo: 'Give every person a value; without one, nobody can be told apart.',
		});
	}
	// Samba ends a value at NUL when it compares, and so finds somebody else (measured).
	if (value.includes('\u0000')) {
		throw new DirectoryError({
			kind: 'person',
			message: `The value of ${attribute} to look for has a NUL character in it.`,
			whatToDo: 'Mend the value where it comes from.',
		});
	}
	const name = attribute.toLowerCase();
	if (name === GUID.toLowerCase()) return byGuid(value);
	if (name === DISTINGUISHED_NAME.toLowerCase()) return byDn(value);
	const small = value.toLowerCase();
	return {
		key: keyOf(attribute, value),
		attribute,
		value,
		filter: equal(attribute, value),
		matches: (entry) => textsOf(entry, attribute).some((text) => text.toLowerCase() === small),
	};
}

function byGuid(value: string): Prepared {
	let bytes: Buffer;
	try {
		bytes = guidToBytes(value.replace(/^<GUID=(.*)>$/i, '$1'));
	} catch (error) {
		if (error instanceof RangeError)
			throw unusable(`"${value}" is no GUID.`, 'Give it as 8-4-4-4-12 hexadecimal digits, as this node puts it out.');
		throw error;
	}
	const guid = guidToText(bytes);
	return {
		key: keyOf(GUID, guid),
		attribute: GUID,
		value: guid,
		filter: equal(GUID, bytes),
		dn: guidDn(guid),
		matches: (entry) => guidOf(entry) === guid,
	};
}

function byDn(value: string): Prepared {
	try {
		parseDn(value);
	} catch (error) {
		if (error instanceof InvalidDnError)
			throw unusable(error.message, 'Give the whole distinguished name, special characters escaped by a backslash.');
		throw error;
	}
	return {
		key: keyOf(DISTINGUISHED_NAME, value),
		attribute: DISTINGUISHED_NAME,
		value,
		filter: equal(DISTINGUISHED_NAME, value),
		dn: value,
		matches: (entry) => sameName(entry.dn, value),
	};
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'person', message, whatToDo });
}
