/** Parameters that hold JSON: by an expression or as text, once or in each item. */
import { type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { parameterError } from '../../parameters';

/** `{{ $json }}`, as the parameters stand at first, and `{{ $json.plan }}`. */
const OF_ITEM = /^=\s*\{\{\s*\$json((?:\.[A-Za-z_]\w*)*)\s*\}\}\s*$/;
/** `{{ $('Create Plan').first().json }}`, `{{ $('Attribute Map').all(1).map((item) => item.json) }}`, as the examples have it. */
const OF_NODE =
	/^=\s*\{\{\s*\$\((?:'(?<single>[^'\\]+)'|"(?<double>[^"\\]+)")\)\.(?:(?<one>first|last)\((?<branch>\d*)\)\.json(?<path>(?:\.[A-Za-z_]\w*)*)|all\((?<branches>\d*)\)(?<map>\.map\(\s*\(?\s*(?<name>\w+)\s*\)?\s*=>\s*\k<name>\.json\s*\))?)\s*\}\}\s*$/;

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
	const typed: unknown = context.getNodeParameter(name, item, '', { rawExpressions: true });
	const found = typeof typed === 'string' ? directly(context, typed, item) : undefined;
	const given: unknown = found ? found.value : context.getNodeParameter(name, item, '');
	if (given === null || given === undefined) return undefined;
	if (typeof given !== 'string') return given;
	if (given.trim() === '') return undefined;
	try {
		return JSON.parse(given);
	} catch {
		throw parameterError(context, item, label, 'is no JSON', 'Let an expression give the data itself.');
	}
}

/**
 * What the plainest expressions give, without n8n's expression engine: that may copy what they touch into an isolate of 128 MB and out again, within
 * 5 seconds (@n8n/config, expression-engine.config.ts), and a plan of 10,000 people as `$json.plan` does not get through it.
 */
function directly(context: IExecuteFunctions, typed: string, item: number): { readonly value: unknown } | undefined {
	const own = OF_ITEM.exec(typed);
	if (own) return { value: at(context.getInputData()[item]?.json, own[1]) };
	const found = OF_NODE.exec(typed)?.groups;
	if (!found) return undefined;
	const { single, double = '', one, branch, branches, path, map } = found;
	const { $ } = context.getWorkflowDataProxy(item) as { readonly $: (name: string) => OtherNode };
	const node = $(single ?? double);
	const numbered = (text = '') => (text === '' ? undefined : Number(text));
	if (one === 'first' || one === 'last') return { value: at(node[one](numbered(branch))?.json, path) };
	const items = node.all(numbered(branches));
	return { value: map === undefined ? items : items.map(({ json }) => json) };
}

/**
 * What an expression gives that only points to a field of one item of a node, such as `{{ $('Settings').first().json.atMost }}`.
 * @returns undefined for every other expression
 */
export function fieldOfNode(context: IExecuteFunctions, typed: string): { readonly value: unknown } | undefined {
	const { one, path } = OF_NODE.exec(typed)?.groups ?? {};
	return one === undefined || !path ? undefined : directly(context, typed, 0);
}

/** @param path as expressions have it: `.plan.changes` */
function at(value: unknown, path = ''): unknown {
	const inside = (from: unknown, name: string) =>
		isObject(from) && Object.hasOwn(from, name) ? from[name] : undefined;
	return path.split('.').slice(1).reduce(inside, value);
}

/** As n8n's expressions have it (n8n-workflow, workflow-data-proxy.ts). */
type OtherNode = {
	readonly first: (branch?: number) => INodeExecutionData | undefined;
	readonly last: (branch?: number) => INodeExecutionData | undefined;
	readonly all: (branch?: number) => readonly INodeExecutionData[];
};

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
 * @returns nothing for the one empty item that n8n's Always Output Data makes
 */
export function givenByItems(context: IExecuteFunctions, name: string, label: string): readonly Given[] {
	const items = context.getInputData();
	const typed: unknown = context.getNodeParameter(name, 0, '', { rawExpressions: true });
	const own = typeof typed !== 'string' || (typed.startsWith('=') && OF_WHAT_COMES_IN.test(typed));
	if (own && isNobody(items.map(({ json }) => json))) return [];
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
