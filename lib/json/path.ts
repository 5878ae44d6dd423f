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
const FORBIDDEN = /(^|[.[\]'"])(__proto__|constructor|prototype)([.[\]'"]|$)/;

/**
 * Compiles a path to a function that finds what stands there.
 * @param path JSONPath, with or without the leading "$."; '' = the whole value
 * @returns everything found, in order
 * @throws PathError for a script, a filter expression, or a name that every object has
 */
export function compileFind(path: string): (value: unknown) => unknown[] {
	const trimmed = path.trim();
	if (trimmed.length > LONGEST) throw new PathError(trimmed.slice(0, 60), `it has more than ${LONGEST} characters`);
	if (trimmed.includes('('))
		throw new PathError(
			trimmed,
			'filter expressions and scripts are not run; filter the records in a node after this one',
		);
	if (FORBIDDEN.test(trimmed)) throw new PathError(trimmed, 'it names something that is no field');
	if (trimmed === '' || trimmed === '$') return (value) => [value];
	const normal = trimmed.startsWith('$') ? trimmed : trimmed.startsWith('[') ? `$${trimmed}` : `$.${trimmed}`;
	try {
		JSONPath.toPathArray(normal);
	} catch (error) {
		throw new PathError(trimmed, error instanceof Error ? error.message : 'it is no JSONPath');
	}
	return (value) => {
		if (typeof value !== 'object' || value === null) return [];
		// eval: false: no expression of a path is ever run (jsonpath-plus had several ways out of its "safe" interpreter).
		return JSONPath({ path: normal, json: value, eval: false, wrap: true, resultType: 'value' }) as unknown[];
	};
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
