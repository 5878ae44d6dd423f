/** Lookups as they are compared and sent. */
import { InvalidDnError, parseDn, safeDnKey } from '../../schema/dn';
import { isAttributeName } from '../../schema/attributeName';
import { textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { equal, refuseNul, type Filter } from '../filter';
import { guidDn, guidToBytes, guidToText } from '../guid';
import { guidOf, type Lookup } from './account';

export const GUID = 'objectGUID';
export const DISTINGUISHED_NAME = 'distinguishedName';

/** A lookup as it is compared and sent. */
export type Prepared = {
	readonly key: string;
	readonly attribute: string;
	readonly value: string;
	readonly filter: Filter;
	/** Where the object itself can be read; undefined = it has to be searched for. */
	readonly dn?: string;
	/** What an object that is meant has in common with the lookup. */
	readonly matches: (entry: Entry) => boolean;
};

/** How keys of distinguished names begin. */
export const DN_KEY = `["${DISTINGUISHED_NAME.toLowerCase()}",`;

export function keyOf(attribute: string, value: string): string {
	const name = attribute.toLowerCase();
	return JSON.stringify([name, name === DISTINGUISHED_NAME.toLowerCase() ? safeDnKey(value) : value.toLowerCase()]);
}

/** Worked out once for each object: a batch compares each of its objects with each of its keys. */
export const guidKey = remembered(guidOf);
export const nameKey = remembered((entry) => safeDnKey(entry.dn));

function remembered(work: (entry: Entry) => string): (entry: Entry) => string {
	const known = new WeakMap<Entry, string>();
	return (entry) => {
		const before = known.get(entry);
		if (before !== undefined) return before;
		const text = work(entry);
		known.set(entry, text);
		return text;
	};
}

/** None for a lookup that cannot be used: `find` says why. */
export function usable(lookup: Lookup): readonly Prepared[] {
	try {
		return [prepare(lookup)];
	} catch (error) {
		if (error instanceof DirectoryError) return [];
		throw error;
	}
}

/** @throws DirectoryError (person or configuration) for a lookup that cannot be used */
export function prepare({ attribute, value: given }: Lookup): Prepared {
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
	refuseNul(attribute, value);
	const name = attribute.toLowerCase();
	if (name === GUID.toLowerCase()) return byGuid(value);
	if (name === DISTINGUISHED_NAME.toLowerCase()) return byDn(value);
	const wanted = comparable(value);
	return {
		key: keyOf(attribute, value),
		attribute,
		value,
		filter: equal(attribute, value),
		matches: (entry) => textsOf(entry, attribute).some((text) => comparable(text) === wanted),
	};
}

/**
 * As directories compare text: without case, outer blanks and repeated ones (RFC 4518 sections 2.2 and 2.6), however accents are put together
 * (section 2.3). Accents make a difference here.
 */
export function comparable(text: string): string {
	if (isPlain(text)) return text.toLowerCase();
	return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Whether a text is visible ASCII without blanks, as most names are: then only capitals make a difference. */
export function isPlain(text: string): boolean {
	return !ODD.test(text);
}

const ODD = /[^!-~]/;

/**
 * Whether an object that the directory found has the value indeed. A server may fold accents away, so that "jurg" finds "jürg": another person.
 * @param entry with the lookup's attribute
 */
export function hasValue(lookup: Lookup, entry: Entry): boolean {
	return prepare(lookup).matches(entry);
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
		matches: (entry) => guidKey(entry) === guid,
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
	const name = safeDnKey(value);
	return {
		key: keyOf(DISTINGUISHED_NAME, value),
		attribute: DISTINGUISHED_NAME,
		value,
		filter: equal(DISTINGUISHED_NAME, value),
		dn: value,
		matches: (entry) => nameKey(entry) === name,
	};
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'person', message, whatToDo });
}
