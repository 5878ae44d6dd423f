/** Desired attribute values against those that the directory has: what differs, and the one Modify that mends it. */
import { createHash } from 'node:crypto';
import type { AttributeChange, AttributeValue, DesiredAccount, PersonRef, Value } from '../../contracts';
import { InvalidDnError, sameDn } from '../../schema/dn';
import { isNever } from '../../schema/instants';
import { whyNeverWritten } from '../../schema/neverWritten';
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { valuesOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { equal } from '../filter';

/** Attribute -> values to have; an empty list = none. */
export type WantedValues = Readonly<Record<string, readonly (string | Buffer)[]>>;

/** Attributes that hold distinguished names: the server spells them its own way. */
const DN_ATTRIBUTES = new Set([
	'manager',
	'secretary',
	'assistant',
	'seealso',
	'managedby',
	'msds-assignedauthnpolicy',
]);
/** Mail systems take any case for the same mailbox, and Attribute Map writes small letters: no reason to touch an account. */
const CASELESS = new Set(['mail']);
const LADDER_NAMES = new Set(['samaccountname', 'userprincipalname', 'cn']);

/**
 * The desired attributes as LDAP values. Persons are looked up; one who is not found, or not alone, is left out and named.
 * @throws DirectoryError (person) for an attribute that is never written, or an empty value
 */
export async function wantedValues(
	directory: Directory,
	{ attributes }: Pick<DesiredAccount, 'attributes'>,
): Promise<{ values: WantedValues; notes: string[] }> {
	const values: Record<string, readonly (string | Buffer)[]> = {};
	const notes: string[] = [];
	for (const [attribute, wanted] of Object.entries(attributes)) {
		// Unique names come from the ladders, which know what to do when one is taken.
		if (LADDER_NAMES.has(attribute.toLowerCase())) continue;
		const reason = whyNeverWritten(attribute);
		if (reason)
			throw personFault(
				`${attribute} cannot be written from HR data: ${reason}.`,
				'Take the attribute out of Attribute Map.',
			);
		const found: (string | Buffer)[] = [];
		let complete = true;
		for (const value of toList(wanted)) {
			const resolved = isPersonRef(value) ? await resolvePerson(directory, value) : toBytes(attribute, value);
			if (resolved !== undefined) found.push(resolved);
			else {
				complete = false;
				notes.push(
					`${attribute} was left as it is: nobody, or more than one, has ${(value as PersonRef).by} "${(value as PersonRef).value}".`,
				);
			}
		}
		// Written without the one who was not found, the attribute would lose a value that may well be right.
		if (complete) values[attribute] = withoutRepeats(attribute, found);
	}
	return { values, notes };
}

function toList(wanted: AttributeValue): readonly (Value | PersonRef)[] {
	if (wanted === null) return [];
	return Array.isArray(wanted) ? (wanted as readonly (Value | PersonRef)[]) : [wanted as Value | PersonRef];
}

function isPersonRef(value: Value | PersonRef): value is PersonRef {
	return typeof value === 'object' && 'by' in value;
}

function toBytes(attribute: string, value: Value): string | Buffer {
	if (typeof value !== 'string') return Buffer.from(value.base64, 'base64');
	if (value === '')
		throw personFault(
			`${attribute} has an empty value.`,
			'Leave the attribute out to leave it alone, or give null to clear it.',
		);
	return value;
}

async function resolvePerson(directory: Directory, { by, value }: PersonRef): Promise<string | undefined> {
	const found = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: equal(by, value),
		attributes: ['objectClass'],
	});
	return found.length === 1 ? found[0]?.dn : undefined;
}

function personFault(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'person', message, whatToDo });
}

/**
 * What an existing account lacks. `createOnly` attributes are left out unless the account is still being created; `fillOnly` ones count only
 * where the directory has no value.
 */
export function differences(
	entry: Entry,
	wanted: WantedValues,
	{ createOnly, fillOnly }: Pick<DesiredAccount, 'createOnly' | 'fillOnly'>,
	creating: boolean,
): { modifications: Modification[]; changes: AttributeChange[] } {
	const named = (list: readonly string[], attribute: string) =>
		list.some((name) => name.toLowerCase() === attribute.toLowerCase());
	const modifications: Modification[] = [];
	const changes: AttributeChange[] = [];
	for (const [attribute, all] of Object.entries(wanted)) {
		const to = withoutRepeats(attribute, all);
		const from = valuesOf(entry, attribute);
		if (!creating && named(createOnly, attribute)) continue;
		if (from.length > 0 && named(fillOnly, attribute)) continue;
		const gone = from.filter((value) => !to.some((other) => sameValue(attribute, value, other)));
		const added = to.filter((value) => !from.some((other) => sameValue(attribute, value, other)));
		if (gone.length === 0 && added.length === 0) continue;
		// Removing the old value by name makes the Modify fail when somebody has changed it meanwhile (docs/directory.md).
		if (gone.length > 0) modifications.push({ type: 'delete', attribute, values: gone });
		if (added.length > 0) modifications.push({ type: 'add', attribute, values: added });
		changes.push({ attribute, from: from.map(shown), to: to.map(shown) });
	}
	return { modifications, changes };
}

/** The directory refuses a value that is given twice in one request. */
function withoutRepeats(attribute: string, values: readonly (string | Buffer)[]): readonly (string | Buffer)[] {
	return values.filter((value, index) => values.findIndex((other) => sameValue(attribute, value, other)) === index);
}

/** Exact, but for spellings that mean the same. */
function sameValue(attribute: string, left: string | Buffer, right: string | Buffer): boolean {
	if (typeof left !== 'string' || typeof right !== 'string') return Buffer.from(left).equals(Buffer.from(right));
	if (left === right) return true;
	const name = attribute.toLowerCase();
	if (name === 'accountexpires') return isNever(left) && isNever(right);
	if (CASELESS.has(name)) return left.toLowerCase() === right.toLowerCase();
	if (!DN_ATTRIBUTES.has(name)) return false;
	try {
		return sameDn(left, right);
	} catch (error) {
		if (error instanceof InvalidDnError) return false;
		throw error;
	}
}

/** As an operator reads it: binary values as their hash. */
export function shown(value: string | Buffer): Value {
	return typeof value === 'string' ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
