/** Desired attribute values against those that the directory has: what differs, and the one Modify that mends it. */
import { createHash } from 'node:crypto';
import type { AttributeChange, AttributeValue, DesiredAccount, PersonRef, Value } from '../../contracts';
import { attributeFacts, whyNoValue, type AttributeFacts } from '../../schema/attributes';
import { InvalidDnError, sameDn } from '../../schema/dn';
import { isNever, NEVER } from '../../schema/instants';
import { whyNeverWritten } from '../../schema/neverWritten';
import type { Modification } from '../connection';
import { valuesOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import type { Finder } from './find';
import { liveFacts, type FactsOf } from './liveFacts';
import type { AccountRun } from './locate';

/** Attribute -> values to have; an empty list = none. */
export type WantedValues = Readonly<Record<string, readonly (string | Buffer)[]>>;

/** Mail systems take any case for the same mailbox, and Attribute Map writes small letters: no reason to touch an account. */
const CASELESS = new Set(['mail']);
const INTEGERS = new Set<string>(['integer', 'largeInteger', 'fileTime']);
/** Unique names come from ladders, whatever the attributes say; in small letters. */
export const LADDER_NAMES: ReadonlySet<string> = new Set<string>(['samaccountname', 'userprincipalname', 'cn']);

/**
 * The desired attributes as LDAP values. Persons are looked up; one who is not found, or not alone, is left out and named.
 * @throws DirectoryError (person) for an attribute that is never written, or a value that it does not take; (configuration) for one that the
 * domain does not have
 */
export async function wantedValues(
	{ directory, finder, known }: AccountRun,
	attributes: DesiredAccount['attributes'],
): Promise<{ values: WantedValues; notes: string[] }> {
	const values: Record<string, readonly (string | Buffer)[]> = {};
	const notes: string[] = [];
	// Unique names come from the ladders, which know what to do when one is taken.
	const wantedOnes = Object.entries(attributes).filter(([attribute]) => !LADDER_NAMES.has(attribute.toLowerCase()));
	for (const [attribute] of wantedOnes) {
		const reason = whyNeverWritten(attribute);
		if (reason)
			throw personFault(
				`${attribute} cannot be written: ${reason}.`,
				'Take the attribute out of Attribute Map, or of this node.',
			);
	}
	const facts = await liveFacts(
		directory,
		known.facts,
		wantedOnes.map(([attribute]) => attribute),
	);
	for (const [attribute, wanted] of wantedOnes) {
		const found: (string | Buffer)[] = [];
		let complete = true;
		for (const value of toList(wanted)) {
			const resolved = isPersonRef(value)
				? await resolvePerson(finder, value)
				: checked(attribute, value, facts(attribute));
			if (resolved !== undefined) found.push(resolved);
			else {
				complete = false;
				notes.push(
					`${attribute} was left as it is: nobody, or more than one, has ${(value as PersonRef).by} "${(value as PersonRef).value}".`,
				);
			}
		}
		// Written without the one who was not found, the attribute would lose a value that may well be right.
		if (complete && found.length === 0 && attribute.toLowerCase() === 'accountexpires') values[attribute] = [NEVER];
		else if (complete) values[attribute] = single(attribute, withoutRepeats(attribute, found, facts), facts(attribute));
	}
	return { values, notes };
}

/** One value or several as a list; null is none. */
export function toList(wanted: AttributeValue): readonly (Value | PersonRef)[] {
	if (wanted === null) return [];
	return Array.isArray(wanted) ? (wanted as readonly (Value | PersonRef)[]) : [wanted as Value | PersonRef];
}

/** Whether a value names a person, to be looked up. */
export function isPersonRef(value: Value | PersonRef): value is PersonRef {
	return typeof value === 'object' && 'by' in value;
}

/** The value as it is sent, held to what is known of its attribute. @throws DirectoryError (person) */
export function checked(attribute: string, value: Value, facts: AttributeFacts | undefined): string | Buffer {
	if (value === '')
		throw personFault(
			`${attribute} has an empty value.`,
			'Leave the attribute out to leave it alone, or give null to clear it.',
		);
	// Half a character has no UTF-8: the directory would keep another value, and a plan could not be sealed.
	if (typeof value === 'string' && !value.isWellFormed())
		throw personFault(`${attribute} holds half a character (a lone surrogate), which no directory can keep.`, MEND);
	const text = typeof value === 'string' ? value : value.base64;
	// Text for bytes is sent as it is; whoever wants other bytes gives them as base64.
	const fault = typeof value === 'string' && facts?.syntax === 'bytes' ? undefined : whyNoValue(facts, text);
	if (fault) throw personFault(fault.message, MEND);
	if (typeof value !== 'string') return Buffer.from(value.base64, 'base64');
	// "0276" is octal to some servers, and comes back otherwise from all.
	return INTEGERS.has(facts?.syntax ?? '') ? BigInt(value).toString() : value;
}

const MEND = "Mend the value in the HR system, or the attribute's row in Attribute Map or in this node.";

/** The values, when the attribute takes as many. @throws DirectoryError (person) */
export function single(
	attribute: string,
	values: readonly (string | Buffer)[],
	facts: AttributeFacts | undefined,
): readonly (string | Buffer)[] {
	if (facts?.single !== true || values.length < 2) return values;
	throw personFault(`${attribute} takes one value, and ${values.length} are to be written.`, MEND);
}

async function resolvePerson(finder: Finder, { by, value }: PersonRef): Promise<string | undefined> {
	const found = await finder.find({ attribute: by, value });
	return found.length === 1 ? found[0]?.dn : undefined;
}

/** What is wrong with what one person is to have. */
export function personFault(message: string, whatToDo: string): DirectoryError {
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
	facts: FactsOf = attributeFacts,
): { modifications: Modification[]; changes: AttributeChange[] } {
	const named = (list: readonly string[], attribute: string) =>
		list.some((name) => name.toLowerCase() === attribute.toLowerCase());
	const modifications: Modification[] = [];
	const changes: AttributeChange[] = [];
	for (const [attribute, all] of Object.entries(wanted)) {
		const to = withoutRepeats(attribute, all, facts);
		const from = valuesOf(entry, attribute);
		if (!creating && named(createOnly, attribute)) continue;
		if (from.length > 0 && named(fillOnly, attribute)) continue;
		const same = (left: string | Buffer, right: string | Buffer) => sameValue(attribute, left, right, facts);
		const gone = from.filter((value) => !to.some((other) => same(value, other)));
		const added = to.filter((value) => !from.some((other) => same(value, other)));
		if (gone.length === 0 && added.length === 0) continue;
		modifications.push(
			...swap(
				attribute,
				gone,
				added,
				from.filter((value) => !gone.includes(value)),
				to,
			),
		);
		changes.push({ attribute, from: from.map(shown), to: to.map(shown) });
	}
	return { modifications, changes };
}

/**
 * Removing the old value by name makes the Modify fail when somebody has changed it meanwhile (docs/directory.md). The server compares without
 * case: to remove "smtp:a" where "SMTP:a" is to stay could take the wrong one, so then the whole list is written.
 */
export function swap(
	attribute: string,
	gone: readonly (string | Buffer)[],
	added: readonly (string | Buffer)[],
	kept: readonly (string | Buffer)[],
	to: readonly (string | Buffer)[],
): Modification[] {
	const small = (value: string | Buffer) => value.toString('latin1').toLowerCase();
	if (gone.some((value) => kept.some((other) => small(value) === small(other))))
		return [{ type: 'replace', attribute, values: to }];
	return [
		...(gone.length > 0 ? [{ type: 'delete' as const, attribute, values: gone }] : []),
		...(added.length > 0 ? [{ type: 'add' as const, attribute, values: added }] : []),
	];
}

/** The directory refuses a value that is given twice in one request. */
function withoutRepeats(
	attribute: string,
	values: readonly (string | Buffer)[],
	facts: FactsOf,
): readonly (string | Buffer)[] {
	return values.filter(
		(value, index) => values.findIndex((other) => sameValue(attribute, value, other, facts)) === index,
	);
}

/** Exact, but for spellings that mean the same. */
export function sameValue(attribute: string, left: string | Buffer, right: string | Buffer, facts: FactsOf): boolean {
	if (typeof left !== 'string' || typeof right !== 'string') return Buffer.from(left).equals(Buffer.from(right));
	if (left === right) return true;
	const name = attribute.toLowerCase();
	if (name === 'accountexpires') return isNever(left) && isNever(right);
	if (CASELESS.has(name)) return left.toLowerCase() === right.toLowerCase();
	// The server spells distinguished names its own way.
	if (facts(attribute)?.syntax !== 'dn') return false;
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
