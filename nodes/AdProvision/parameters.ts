/** Reading the node's parameters: what an expression gave is held to what the parameter means, before anything is sent. */
import { DateTime } from 'luxon';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { isAttributeName } from '../../lib/schema/attributeName';
import { NEVER, toFileTime } from '../../lib/schema/instants';
import type { Lookup } from '../../lib/directory/accounts/account';
import { DirectoryError } from '../../lib/directory/errors';

/** An expression may give a number; anything else that is no text is no value. */
export function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function textParameter(context: IExecuteFunctions, name: string, item: number): string {
	return asText(context.getNodeParameter(name, item, ''));
}

export function booleanParameter(context: IExecuteFunctions, name: string, item: number, fallback = false): boolean {
	return context.getNodeParameter(name, item, fallback) === true;
}

/** A switch that lets harm happen counts only as it was set by hand: an expression may say what an item, or an agent, wants. */
export function switchedOn(context: IExecuteFunctions, name: string): boolean {
	return context.getNodeParameter(name, 0, false, { rawExpressions: true }) === true;
}

/**
 * One of the options, read by its path: reading the collection as a whole would evaluate all of them.
 * @returns undefined when the option was not added; its value may be undefined all the same, where an expression gives nothing
 */
export function optionValue(context: IExecuteFunctions, name: string): { readonly value: unknown } | undefined {
	const options = context.getNodeParameter('options', 0, {}, { rawExpressions: true }) as object;
	if (!Object.hasOwn(options, name)) return undefined;
	return { value: context.getNodeParameter(`options.${name}`, 0, '') };
}

/** A resource locator holds its value inside; an expression may give the text alone. */
export function located(value: unknown): string {
	const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
	return asText(inner).trim();
}

export function locatorParameter(context: IExecuteFunctions, name: string, item: number): string {
	return located(context.getNodeParameter(name, item, ''));
}

/** @throws NodeOperationError when the locator is empty */
export function requiredLocator(context: IExecuteFunctions, name: string, label: string, item: number): string {
	const text = locatorParameter(context, name, item);
	if (text === '') throw parameterError(context, item, label, 'is empty', 'Choose one from the list, or enter it.');
	return text;
}

export function parameterError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	item: number,
	label: string,
	fault: string,
	whatToDo: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), `'${label}' ${fault} [Item ${item}]`, {
		description: whatToDo,
		itemIndex: item,
	});
}

/** Names with commas, semicolons, blanks or line breaks between them, or a list. @throws NodeOperationError for what is no name */
export function attributeNames(context: IExecuteFunctions, label: string, given: unknown, item: number): string[] {
	const texts = Array.isArray(given) ? given.map(asText) : asText(given).split(/[\s,;]+/);
	const names = texts.map((text) => text.trim()).filter((text) => text !== '');
	const wrong = names.find((name) => name !== '*' && !isAttributeName(name));
	if (wrong !== undefined)
		throw parameterError(
			context,
			item,
			label,
			`holds "${wrong.slice(0, 100)}", which is no name of an attribute`,
			'Enter LDAP names with commas between them, such as department, manager.',
		);
	return [...new Set(names)];
}

/** Texts with line breaks between them, or a list of texts. */
export function listParameter(context: IExecuteFunctions, name: string, label: string, item: number): string[] {
	const given: unknown = context.getNodeParameter(name, item, '');
	const values: readonly unknown[] = Array.isArray(given) ? given : asText(given).split(/\r\n|\r|\n/);
	const texts = values.map((value) => asText(value).trim());
	if (Array.isArray(given) && texts.includes(''))
		throw parameterError(
			context,
			item,
			label,
			'is a list that holds something else than text',
			'Let the expression give a list of texts.',
		);
	return texts.filter((text) => text !== '');
}

/**
 * An instant as accountExpires has it. Without an offset it is in the workflow's time zone.
 * @throws NodeOperationError for what is no instant
 */
export function fileTimeOf(context: IExecuteFunctions, label: string, given: unknown, item: number): string {
	const iso = DateTime.isDateTime(given) ? given.toISO() : given instanceof Date ? given.toISOString() : asText(given);
	const text = (iso ?? '').trim();
	if (/^never$/i.test(text)) return NEVER;
	const at = DateTime.fromISO(text.replace(' ', 'T'), { zone: context.getTimezone() });
	// The FILETIME of anything outside does not exist, or is another word for never.
	if (!at.isValid || at.year < 1970 || at.year > 9999)
		throw parameterError(
			context,
			item,
			label,
			'is no date',
			'Enter it as ISO 8601, such as 2026-12-31 or 2026-12-31T18:00:00+01:00.',
		);
	return toFileTime(at.toMillis());
}

/** How the account is found. @throws NodeOperationError when there is no value to look for */
export function lookupOf(context: IExecuteFunctions, item: number): Lookup {
	const known = knownLookups.get(context) ?? new Map<number, Lookup>();
	knownLookups.set(context, known);
	const lookup = known.get(item) ?? readLookup(context, item);
	known.set(item, lookup);
	return lookup;
}

/** By item: an expression takes n8n's engine a millisecond, and the value is asked for several times. */
const knownLookups = new WeakMap<IExecuteFunctions, Map<number, Lookup>>();

function readLookup(context: IExecuteFunctions, item: number): Lookup {
	const findBy = context.getNodeParameter('findBy', item, 'matchAttribute') as string;
	if (findBy === 'user') return userOf(context, item);
	const attribute = findBy === 'matchAttribute' ? textParameter(context, 'matchAttribute', item).trim() : findBy;
	return { attribute, value: textParameter(context, 'matchValue', item) };
}

/** From the list by GUID; what was typed is a distinguished name or an account name, as its mode says. */
function userOf(context: IExecuteFunctions, item: number): Lookup {
	const value = requiredLocator(context, 'user', 'User', item);
	const given: unknown = context.getNodeParameter('user', item, '');
	const mode = typeof given === 'object' && given !== null && 'mode' in given ? given.mode : 'name';
	return { attribute: mode === 'list' ? 'objectGUID' : mode === 'dn' ? 'distinguishedName' : 'sAMAccountName', value };
}

/**
 * The distinguished name of the organisational unit that a locator means.
 * @throws NodeOperationError when it is empty; DirectoryError when there is none: of everybody's concern where it is the same for all items
 */
export async function placeParameter(
	context: IExecuteFunctions,
	place: (text: string) => Promise<string>,
	{ name, label, item }: { readonly name: string; readonly label: string; readonly item: number },
): Promise<string> {
	const text = requiredLocator(context, name, label, item);
	return await place(text).catch((error: unknown): never => {
		const differs = JSON.stringify(context.getNodeParameter(name, item, '', { rawExpressions: true })).includes('"=');
		if (!(error instanceof DirectoryError) || error.kind !== 'configuration' || !differs) throw error;
		const { message, whatToDo } = error;
		throw new DirectoryError({ kind: 'person', message, whatToDo });
	});
}
