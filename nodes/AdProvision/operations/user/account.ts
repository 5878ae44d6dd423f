/** The account that an item asks for: mapped, or row by row; and the words for whom it is about. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { DesiredAccount } from '../../../../lib/contracts';
import { attributesToRead, lookupsOf } from '../../../../lib/directory/accounts/desired';
import { liveFacts } from '../../../../lib/directory/accounts/liveFacts';
import type { Lookup, Marking } from '../../../../lib/directory/accounts/account';
import type { CreateOptions } from '../../../../lib/directory/accounts/create';
import {
	accountOfRows,
	attributesOfRows,
	newAccountOfRows,
	type AccountRows,
	type AttributeRow,
} from '../../../../lib/directory/accounts/rows';
import { whyNoDesiredAccount } from '../../../../lib/desiredAccount';
import {
	asText,
	booleanParameter,
	located,
	lookupOf,
	parameterError,
	placeParameter,
	textParameter,
} from '../../parameters';
import { passwordOptions } from '../../passwords';
import type { Subject } from '../../results';
import type { ItemRun, Operation } from '../../run';

const isMapped = (context: IExecuteFunctions, item: number) =>
	context.getNodeParameter('input', item, 'mapped') === 'mapped';

/** What was read for each item: an expression is evaluated once, and not for each of subject, lookup and run. */
const read = new WeakMap<IExecuteFunctions, Map<number, DesiredAccount>>();

/** The parameter as it stands at first. */
const WHOLE_ITEM = /^=\s*\{\{\s*\$json\s*\}\}\s*$/;

/** The item itself when it is asked for as a whole: n8n would take milliseconds to copy it into its expression engine and out again. */
function givenAccount(context: IExecuteFunctions, item: number): unknown {
	const typed: unknown = context.getNodeParameter('mappedAccount', item, '', { rawExpressions: true });
	return typeof typed === 'string' && WHOLE_ITEM.test(typed)
		? context.getInputData()[item]?.json
		: context.getNodeParameter('mappedAccount', item, '');
}

/** @throws NodeOperationError when the parameter holds no mapped account */
function mappedAccount(context: IExecuteFunctions, item: number): DesiredAccount {
	const known = read.get(context) ?? new Map<number, DesiredAccount>();
	read.set(context, known);
	const before = known.get(item);
	if (before) return before;
	const given = givenAccount(context, item);
	let value = given;
	if (typeof given === 'string') {
		try {
			value = JSON.parse(given);
		} catch {
			value = undefined;
		}
	}
	const reason = whyNoDesiredAccount(value);
	if (reason)
		throw parameterError(
			context,
			item,
			'Mapped Account',
			`holds no mapped account: ${reason}`,
			'Connect the output Mapped of an Attribute Map node, or point the parameter to its item.',
		);
	const account = value as DesiredAccount;
	known.set(item, account);
	return account;
}

type Rows<T> = { readonly values?: readonly T[] };

function rowsOf(context: IExecuteFunctions, item: number): AttributeRow[] {
	const rows = context.getNodeParameter('attributes', item, {}) as Rows<Record<string, unknown>>;
	return (rows.values ?? []).map(({ attribute, write = 'always', value }) => ({
		attribute: located(attribute),
		write: write as AttributeRow['write'],
		value,
	}));
}

function groupsOf(context: IExecuteFunctions, item: number): string[] {
	const rows = context.getNodeParameter('groups', item, {}) as Rows<{ readonly group?: unknown }>;
	return (rows.values ?? []).map(({ group }) => located(group)).filter((group) => group !== '');
}

async function definedAccount(
	context: IExecuteFunctions,
	item: number,
	run: ItemRun,
	making: boolean,
): Promise<DesiredAccount> {
	const key = making ? textParameter(context, 'matchValue', item).trim() : asText(lookupOf(context, item).value);
	if (key === '')
		throw parameterError(context, item, 'Match Value', 'is empty', 'Without it nobody can be told apart.');
	const attributes = rowsOf(context, item);
	const rows: AccountRows = {
		key,
		names: context.getNodeParameter('names', item, {}) as AccountRows['names'],
		attributes,
		ou: making ? await placeParameter(context, run.place, { name: 'ou', label: 'Organizational Unit', item }) : '',
		zone: context.getTimezone(),
		groups: groupsOf(context, item),
	};
	const { directory, known } = run.accounts;
	const facts = await liveFacts(directory, known.facts, attributesOfRows(attributes));
	return making ? newAccountOfRows(rows, facts) : accountOfRows(rows, facts);
}

/**
 * @param making whether it may be a new one, so that it needs names and a place
 * @throws NodeOperationError, DirectoryError
 */
export async function desiredAccount(
	context: IExecuteFunctions,
	item: number,
	run: ItemRun,
	making: boolean,
): Promise<DesiredAccount> {
	return isMapped(context, item) ? mappedAccount(context, item) : await definedAccount(context, item, run, making);
}

export function createOptions(context: IExecuteFunctions, item: number, making: boolean): CreateOptions {
	const options = context.getNodeParameter('options', item, {}) as { readonly updateNames?: unknown };
	return {
		password: making ? passwordOptions(context, item) : { given: '', mustChange: false, delivery: { kind: 'none' } },
		enable: making && booleanParameter(context, 'enable', item, true),
		// Who writes a name down for an account that is there wants it to have that name.
		updateNames: options.updateNames === true || (!making && !isMapped(context, item)),
	};
}

/** The name that the item itself has for the person. */
function nameIn(context: IExecuteFunctions, item: number): string {
	const { displayName } = context.getInputData()[item]?.json ?? {};
	return typeof displayName === 'string' ? displayName : '';
}

/** People are named by the value they are looked for; the item's own words for the person are taken along where it has any. */
export function subjectByValue(context: IExecuteFunctions, item: number): Subject {
	return { key: lookupOf(context, item).value, displayName: nameIn(context, item) };
}

/** Of operations that may make the account. */
export const MAKING: Pick<Operation, 'subject' | 'lookups' | 'attributes'> = {
	subject: (context, item) => {
		if (!isMapped(context, item))
			return { key: textParameter(context, 'matchValue', item), displayName: nameIn(context, item) };
		const { key, displayName } = mappedAccount(context, item);
		return { key, displayName };
	},
	lookups: (context, item, marking: Marking): Lookup[] =>
		isMapped(context, item)
			? lookupsOf(mappedAccount(context, item), marking)
			: [{ attribute: marking.matchAttribute, value: textParameter(context, 'matchValue', item) }],
	attributes: (context, item) => namesRead(context, item),
};

/** What is compared, by attribute name. */
export function namesRead(context: IExecuteFunctions, item: number): string[] {
	if (isMapped(context, item)) return attributesToRead(mappedAccount(context, item));
	const attributes = Object.fromEntries(attributesOfRows(rowsOf(context, item)).map((name) => [name, null]));
	return attributesToRead({ attributes, groups: groupsOf(context, item) });
}
