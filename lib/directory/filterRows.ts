/** Filters out of rows that a person fills in: attribute, condition, value. Values are data. */
import { isFileTime } from '../schema/attributes';
import { isAttributeName } from '../schema/attributeName';
import { toFileTime, toGeneralizedTime } from '../schema/instants';
import { DirectoryError } from './errors';
import { allOf, anyOf, equal, not, present, type Filter } from './filter';
import { atLeast, atMost, hasBits, substring } from './filterParts';
import { guidToBytes } from './guid';
import { sidToBytes } from './sid';
import { ACCOUNT_DISABLED } from './userAccountControl';

/** notEquals and notContains: those too that have no value at all, as LDAP has it. */
export type FilterCondition =
	| 'equals'
	| 'notEquals'
	| 'contains'
	| 'notContains'
	| 'startsWith'
	| 'endsWith'
	| 'present'
	| 'absent'
	| 'greaterOrEqual'
	| 'lessOrEqual'
	/** Of the account; attribute and value do not matter. */
	| 'enabled'
	| 'disabled';

export type FilterRow = {
	/** LDAP name. */
	readonly attribute: string;
	readonly condition: FilterCondition;
	readonly value: string;
};

/** GeneralizedTime attributes of every object (MS-ADA3 2.342 and 2.343). */
const TIMES = new Set(['whencreated', 'whenchanged', 'createtimestamp', 'modifytimestamp']);
const GUIDS = new Set(['objectguid']);
const SIDS = new Set(['objectsid', 'sidhistory', 'tokengroups']);
/** ISO 8601: a date, or an instant with its zone. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * @param combine all = every row is to hold, any = at least one
 * @returns what finds every object when there are no rows
 * @throws DirectoryError that names the row
 */
export function filterOfRows(rows: readonly FilterRow[], combine: 'all' | 'any'): Filter {
	const filters = rows.map((row, index) => filterOfRow(row, index + 1));
	const [first] = filters;
	if (!first) return present('objectClass');
	if (filters.length === 1) return first;
	return combine === 'all' ? allOf(filters) : anyOf(filters);
}

function filterOfRow({ attribute, condition, value }: FilterRow, number: number): Filter {
	const isDisabled = () => hasBits('userAccountControl', ACCOUNT_DISABLED);
	if (condition === 'disabled') return isDisabled();
	// Only what has the attribute at all is an account.
	if (condition === 'enabled') return allOf([present('userAccountControl'), not(isDisabled())]);
	if (!isAttributeName(attribute))
		throw fault(number, `"${attribute.slice(0, 60)}" is no name of an attribute`, 'Enter an LDAP name, such as mail.');
	if (condition === 'present') return present(attribute);
	if (condition === 'absent') return not(present(attribute));
	if (value === '')
		throw fault(
			number,
			`there is no value to compare ${attribute} with`,
			'Give a value; to find those without one, choose the condition for that.',
		);
	// Samba ends a value at NUL when it compares, and so finds somebody else (measured).
	if (value.includes('\u0000'))
		throw fault(number, 'the value has a NUL character in it', 'Mend the value where it comes from.');
	switch (condition) {
		case 'equals':
			return equal(attribute, comparable(attribute, value, number));
		case 'notEquals':
			return not(equal(attribute, comparable(attribute, value, number)));
		case 'greaterOrEqual':
			return atLeast(attribute, comparable(attribute, value, number));
		case 'lessOrEqual':
			return atMost(attribute, comparable(attribute, value, number));
		case 'contains':
			return substring(attribute, { any: [value] });
		case 'notContains':
			return not(substring(attribute, { any: [value] }));
		case 'startsWith':
			return substring(attribute, { initial: value });
		case 'endsWith':
			return substring(attribute, { final: value });
	}
}

/** The value as the directory stores it: GUIDs and SIDs as bytes, instants by the attribute's own clockwork. */
function comparable(attribute: string, value: string, number: number): string | Buffer {
	const name = attribute.toLowerCase();
	if (GUIDS.has(name)) return bytesOrFault(() => guidToBytes(value), number);
	if (SIDS.has(name)) return bytesOrFault(() => sidToBytes(value.trim()), number);
	const time = isFileTime(name) ? toFileTime : TIMES.has(name) ? toGeneralizedTime : undefined;
	if (!time || !INSTANT.test(value.trim())) return value;
	const ms = Date.parse(value.trim());
	if (Number.isNaN(ms)) throw fault(number, `"${value}" is no day of the calendar`, 'Write it like 2026-12-31.');
	return time(ms);
}

function bytesOrFault(read: () => Buffer, number: number): Buffer {
	try {
		return read();
	} catch (error) {
		if (error instanceof RangeError)
			throw fault(number, error.message.replace(/\.$/, ''), 'Give it as this node puts it out.');
		throw error;
	}
}

function fault(number: number, reason: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'person', message: `Filter row ${number}: ${reason}.`, whatToDo });
}
