/** Paths into records and replies: JSONPath without scripts, own properties only. */
import { JSONPath } from 'jsonpath-plus';

export class PathError extends Error {
	override readonly name = 'PathError';
	readonly path: string;

	constructor(path: string, reason: string) {
		super(
			`The path "${path}" cannot be used: ${reason}. Write it like results, data.employees or ['@odata.nextLink'].`,
		);
		this.path = path;
	}
}

const LONGEST = 500;
const NO_FIELDS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const NAMES_NO_FIELD = /(^|[.[\]'"])(__proto__|constructor|prototype)([.[\]'"]|$)/;
/** One step of a path without wildcards: .name, ['any name'] or [0]. */
const STEP = /\.?([^.[\]'"()*~^,`?\\]+)|\.?\[\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d+))\s*\]/y;

/**
 * Compiles a path to a function that finds what stands there.
 * @param path JSONPath, with or without the leading "$."; '' = the whole value
 * @returns everything found, in order; the function throws PathError where only the value shows that the path is none
 * @throws PathError for a script, a filter expression, or a name that every object has
 */
export function compileFind(path: string): (value: unknown) => unknown[] {
	const trimmed = path.trim();
	if (trimmed.length > LONGEST) throw new PathError(trimmed.slice(0, 60), `it has more than ${LONGEST} characters`);
	if (trimmed === '' || trimmed === '$') return (value) => [value];
	const names = plainNames(trimmed);
	if (names === undefined) return compileJsonPath(trimmed);
	if (names.some((name) => NO_FIELDS.has(name))) throw new PathError(trimmed, 'it names something that is no field');
	return (value) => follow(value, names);
}

/**
 * The names of a path that leads to one place. Such paths are followed here: jsonpath-plus takes a quoted '@odata.nextLink' for a
 * value type and throws, and it costs microseconds for each of a hundred thousand records.
 * @returns undefined for a path with wildcards, slices or anything else that is more than names
 */
function plainNames(path: string): string[] | undefined {
	// "$" is the root only where a step follows it: OData has fields such as $count.
	const steps = /^\$[.[]/.test(path) ? path.slice(1) : path;
	const names: string[] = [];
	STEP.lastIndex = 0;
	while (STEP.lastIndex < steps.length) {
		const begin = STEP.lastIndex;
		const step = STEP.exec(steps);
		// Only the first name may stand without a point before it.
		if (!step || (begin > 0 && step[1] !== undefined && steps[begin] !== '.')) return undefined;
		names.push(step[1] ?? step[2] ?? step[3] ?? step[4] ?? '');
	}
	return names;
}

/**
 * The names on the way to one place, for writing there.
 * @throws PathError for a path that leads to none or to several
 */
export function placeNames(path: string): readonly string[] {
	const trimmed = path.trim();
	const names = trimmed === '$' ? undefined : plainNames(trimmed);
	if (names === undefined || names.length === 0) throw new PathError(trimmed, 'it must lead to one place');
	if (names.some((name) => NO_FIELDS.has(name))) throw new PathError(trimmed, 'it names something that is no field');
	return names;
}

function follow(value: unknown, names: readonly string[]): unknown[] {
	let current = value;
	for (const name of names) {
		if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return [];
		current = (current as Readonly<Record<string, unknown>>)[name];
	}
	return [current];
}

/** Paths with wildcards, by jsonpath-plus. */
function compileJsonPath(path: string): (value: unknown) => unknown[] {
	if (path.includes('('))
		throw new PathError(
			path,
			'filter expressions and scripts are not run; filter the records in a node after this one',
		);
	if (NAMES_NO_FIELD.test(path)) throw new PathError(path, 'it names something that is no field');
	const whole = path.startsWith('$') ? path : path.startsWith('[') ? `$${path}` : `$.${path}`;
	// A back-tick makes jsonpath-plus take a name that begins with "@" as it is (its README, "Escaped values").
	const normal = whole.replaceAll(/\[\s*(['"])@/g, '[$1`@');
	const run = (json: object): unknown[] => {
		try {
			// eval: false: no expression of a path is ever run (jsonpath-plus had several ways out of its "safe" interpreter).
			return JSONPath({ path: normal, json, eval: false, wrap: true, resultType: 'value' }) as unknown[];
		} catch (error) {
			throw new PathError(path, error instanceof Error ? error.message : 'it is no JSONPath');
		}
	};
	run({});
	return (value) => (typeof value === 'object' && value !== null ? run(value) : []);
}

/** One value; undefined when there is none. @throws PathError */
export function compilePath(path: string): (value: unknown) => unknown {
	const find = compileFind(path);
	return (value) => find(value)[0];
}

/**
 * A list: of one array that stands at the path, its entries; of several values, those.
 * @returns undefined when nothing stands there
 * @throws PathError
 */
export function compileListPath(path: string): (value: unknown) => unknown[] | undefined {
	const find = compileFind(path);
	return (value) => {
		const found = find(value);
		if (found.length === 1 && Array.isArray(found[0])) return found[0] as unknown[];
		return found.length === 0 || found[0] === value ? undefined : found;
	};
}
