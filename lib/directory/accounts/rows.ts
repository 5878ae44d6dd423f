/** An account as somebody wrote it down row by row, as the account that Attribute Map would make of it. */
import { DateTime } from 'luxon';
import type { AttributeValue, DesiredAccount, NameLadder, Value } from '../../contracts';
import { InvalidAttributeError, parseAttribute } from '../../schema/attributeText';
import type { AttributeFacts } from '../../schema/attributes';
import { toFileTime, toGeneralizedTime, NEVER } from '../../schema/instants';
import type { NameAttribute } from '../../schema/nameLadder';
import { isFitName } from '../../schema/nameLadder';
import { whyNeverWritten } from '../../schema/neverWritten';
import { DirectoryError } from '../errors';
import type { FactsOf } from './liveFacts';

export type AttributeRow = {
	/** LDAP name, also with what a schema says behind it in brackets. */
	readonly attribute: string;
	/** clear = take away what is there; create = at creation only; fill = where there is no value. */
	readonly write: 'always' | 'clear' | 'create' | 'fill';
	/** Text, or what an expression gives. */
	readonly value: unknown;
};

export type AccountRows = {
	readonly key: string;
	/** Each a name, or several with line breaks between them: the first free one is taken. */
	readonly names: Readonly<Partial<Record<NameAttribute, unknown>>>;
	readonly attributes: readonly AttributeRow[];
	/** Distinguished name; '' where none is needed. */
	readonly ou: string;
	/** IANA name of the time zone of dates that say no offset. */
	readonly zone: string;
	readonly groups: readonly string[];
};

/** Attributes whose values are names with rows of their own. */
const NAMES: ReadonlyMap<string, string> = new Map([
	['samaccountname', 'sAMAccountName'],
	['userprincipalname', 'User Principal Name'],
	['cn', 'Common Name (CN)'],
]);

/**
 * The LDAP names of the rows' attributes, held to what may be written at all.
 * @throws DirectoryError (configuration) for one that is none, that is never written, or that stands twice
 */
export function attributesOfRows(rows: readonly AttributeRow[]): string[] {
	const seen = new Set<string>();
	return rows.map(({ attribute }) => {
		const name = nameOf(attribute);
		const reason = whyNeverWritten(name);
		const own = NAMES.get(name.toLowerCase());
		if (own) throw unusable(`${name} is a name and no attribute.`, `Enter it as ${own} under Names.`);
		if (reason) throw unusable(`${name} cannot be written: ${reason}.`, 'Take the row out.');
		if (seen.has(name.toLowerCase()))
			throw unusable(`${name} stands in two rows.`, 'Keep one; several values go into one row, one a line.');
		seen.add(name.toLowerCase());
		return name;
	});
}

function nameOf(attribute: string): string {
	try {
		return parseAttribute(attribute).name;
	} catch (error) {
		if (!(error instanceof InvalidAttributeError)) throw error;
		throw unusable(
			attribute.trim() === '' ? 'A row of Attributes names no attribute.' : error.message,
			'Choose the attribute from the list, or enter its LDAP name.',
		);
	}
}

/**
 * @param facts what is known of the attributes of `attributesOfRows`: single or several values, and how they are written
 * @throws DirectoryError for rows that cannot be used
 */
export function accountOfRows(
	{ key, names, attributes, ou, zone, groups }: AccountRows,
	facts: FactsOf,
): DesiredAccount {
	const written = attributesOfRows(attributes);
	const values: Record<string, AttributeValue> = {};
	const [createOnly, fillOnly]: [string[], string[]] = [[], []];
	attributes.forEach(({ write, value }, index) => {
		const name = written[index] ?? '';
		const wanted = write === 'clear' ? null : valuesOf(name, value, zone, facts(name));
		// An empty value is none: what stands in the directory stays.
		if (wanted === undefined) return;
		values[name] = wanted;
		if (write === 'create') createOnly.push(name);
		if (write === 'fill') fillOnly.push(name);
	});
	const shown = values['displayName'];
	const displayName = typeof shown === 'string' ? shown : '';
	return {
		formatVersion: 1,
		...{ key, previousKeys: [], displayName, lifecycle: 'active' },
		...{ attributes: values, createOnly, fillOnly, names: laddersOf(names) },
		...{ review: [], ou, groups, managedGroups: [], startsAt: null, endsAt: null },
	};
}

/**
 * The same, with a name for a new object where none is given: the display name, else the account name.
 * @throws DirectoryError (person) without a sAMAccountName
 */
export function newAccountOfRows(rows: AccountRows, facts: FactsOf): DesiredAccount {
	const desired = accountOfRows(rows, facts);
	const { sAMAccountName, cn } = desired.names;
	if (!sAMAccountName)
		throw new DirectoryError({
			kind: 'person',
			message: 'There is no sAMAccountName for a new account.',
			whatToDo: 'Add sAMAccountName under Names.',
		});
	const shown = isFitName('cn', desired.displayName) ? [desired.displayName] : [];
	const candidates = [...shown, ...sAMAccountName.candidates];
	return { ...desired, names: { ...desired.names, cn: cn ?? { candidates } } };
}

function laddersOf(names: AccountRows['names']): Record<string, NameLadder> {
	const ladders: Record<string, NameLadder> = {};
	for (const attribute of ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'] as const) {
		const candidates = textsOf(attribute, names[attribute]).flatMap(linesOf);
		const unfit = candidates.find((name) => !isFitName(attribute, name));
		if (unfit !== undefined)
			throw new DirectoryError({
				kind: 'person',
				message: `"${unfit.slice(0, 100)}" cannot be a ${attribute}.`,
				whatToDo: 'Correct it under Names: some characters, names of devices and of services are not allowed.',
			});
		if (candidates.length > 0) ladders[attribute] = { candidates };
	}
	return ladders;
}

/** @returns undefined when there is no value at all */
function valuesOf(
	name: string,
	value: unknown,
	zone: string,
	facts: AttributeFacts | undefined,
): AttributeValue | undefined {
	const texts = textsOf(name, value);
	// Only where the schema allows several: a line break may be part of a value, as in streetAddress.
	const parts = facts?.single === false && !Array.isArray(value) ? texts.flatMap(linesOf) : texts;
	const values = parts.filter((text) => text.trim() !== '').map((text) => asWritten(text, zone, facts));
	const [first] = values;
	return values.length > 1 ? values : first;
}

/** Whatever an expression gave, as texts. */
function textsOf(name: string, value: unknown): string[] {
	if (value === undefined || value === null || value === '') return [];
	if (Array.isArray(value)) return value.flatMap((one: unknown) => textsOf(name, one));
	if (typeof value === 'string') return [value];
	if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
	if (typeof value === 'boolean') return [value ? 'TRUE' : 'FALSE'];
	// Date and Luxon's DateTime: what $now and $today are.
	if (value instanceof Date) return [value.toISOString()];
	const iso = (value as { toISO?: unknown }).toISO;
	if (typeof iso === 'function') return [String(iso.call(value))];
	throw new DirectoryError({
		kind: 'person',
		message: `The value of ${name} is neither text nor a list of texts.`,
		whatToDo: 'Point its expression to one field.',
	});
}

function linesOf(text: string): string[] {
	return text
		.split(/\r\n|\r|\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

/** Instants and truth values as people write them, in the directory's form; everything else as it is. */
function asWritten(text: string, zone: string, facts: AttributeFacts | undefined): Value {
	const trimmed = text.trim();
	switch (facts?.syntax) {
		case 'boolean':
			return /^(?:true|false)$/i.test(trimmed) ? trimmed.toUpperCase() : trimmed;
		case 'integer':
		case 'largeInteger':
		case 'dn':
			return trimmed;
		case 'fileTime':
			return /^never$/i.test(trimmed) ? NEVER : (instantOf(trimmed, zone, toFileTime) ?? trimmed);
		case 'time':
			return instantOf(trimmed, zone, toGeneralizedTime) ?? trimmed;
		case 'bytes':
			return { base64: trimmed.replace(/\s+/g, '') };
		default:
			return text;
	}
}

/** @returns undefined for what is no instant of ISO 8601: it is left to the check of the attribute's syntax */
function instantOf(text: string, zone: string, write: (ms: number) => string): string | undefined {
	const at = DateTime.fromISO(text.replace(' ', 'T'), { zone });
	return /^\d{4}-\d{2}-\d{2}/.test(text) && at.isValid ? write(at.toMillis()) : undefined;
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}
