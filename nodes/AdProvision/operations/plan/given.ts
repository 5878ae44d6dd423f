/** Parameters that hold JSON: by an expression or as text, once or in each item. */
import { type IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../parameters';

/** The parameter as it stands at first. */
const WHOLE_ITEM = /^=\s*\{\{\s*\$json\s*\}\}\s*$/;
/** Of the item that comes in. */
const OF_WHAT_COMES_IN = /\$json\b|\$data\b|\$input|\$binary|\$thisItem/;
/** Gives something else for each item; what is for all of them says so, such as `$('Node').first()`: who is not asked for would be left out without a word. */
const OF_EACH = /\$node\b|\$item|\.item\b|\.itemMatching|\.pairedItem/;
const OF_ALL = /\.(?:first|last|all)\s*\(|\$items\s*\(/;

/** JSON that came in by an item; `item` is where it came from. */
export type Given = { readonly value: unknown; readonly item: number };

/**
 * A parameter that holds JSON.
 * @returns undefined when it is empty
 * @throws NodeOperationError for text that is no JSON
 */
export function jsonParameter(context: IExecuteFunctions, name: string, label: string, item = 0): unknown {
	const given: unknown = context.getNodeParameter(name, item, '');
	if (given === null || given === undefined) return undefined;
	if (typeof given !== 'string') return given;
	if (given.trim() === '') return undefined;
	try {
		return JSON.parse(given);
	} catch {
		throw parameterError(context, item, label, 'is no JSON', 'Let an expression give the data itself.');
	}
}

/** Items of n8n, or their `json`: both are meant by those who write `$('Node').all()`. */
export function bare(value: unknown): unknown {
	if (!isObject(value)) return value;
	const { json } = value;
	return isObject(json) && ('pairedItem' in value || Object.keys(value).length === 1) ? json : value;
}

/**
 * A parameter that holds a list of JSON.
 * @throws NodeOperationError for anything but a list
 */
export function listOfJson(context: IExecuteFunctions, name: string, label: string): readonly unknown[] | undefined {
	const given = jsonParameter(context, name, label);
	// A table's empty cell may be the text null.
	if (given === undefined || given === null) return undefined;
	if (Array.isArray(given)) return given.map(bare);
	throw parameterError(context, 0, label, 'is no list', "Let an expression give a list, such as $('Node').all().");
}

/**
 * A parameter that gives one thing for each item, or a list of them once for all.
 * The item itself is taken as it is: n8n would take milliseconds to copy it into its expression engine and out again.
 * @returns nothing for the one empty item that n8n's Always Output Data makes
 */
export function givenByItems(context: IExecuteFunctions, name: string, label: string): readonly Given[] {
	const items = context.getInputData();
	const typed: unknown = context.getNodeParameter(name, 0, '', { rawExpressions: true });
	const own = typeof typed !== 'string' || (typed.startsWith('=') && OF_WHAT_COMES_IN.test(typed));
	if (own && isNobody(items.map(({ json }) => json))) return [];
	if (typeof typed === 'string' && WHOLE_ITEM.test(typed))
		return items.map(({ json }, item) => ({ value: json, item }));
	const first = jsonParameter(context, name, label, 0);
	if (Array.isArray(first)) return present(first, () => 0);
	const once = !own && (!typed.startsWith('=') || (OF_ALL.test(typed) && !OF_EACH.test(typed)));
	if (once) return present([first], () => 0);
	return present(
		items.map((_, item) => (item === 0 ? first : jsonParameter(context, name, label, item))),
		(place) => place,
	);
}

function present(values: readonly unknown[], itemOf: (place: number) => number): readonly Given[] {
	const given = values.map((value, place) => ({ value: bare(value), item: itemOf(place) }));
	return isNobody(given.map(({ value }) => value)) ? [] : given;
}

function isNobody(values: readonly unknown[]): boolean {
	const [only] = values;
	return values.length === 1 && isObject(only) && Object.keys(only).length === 0;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
