/** Writing into a copy. */
import { PathError } from './path';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A copy of `value` with `put` at the place that `names` lead to; what is missing on the way is made: a list where the next name is a number.
 * @param names from `placeNames`, which refuses the names that every object has
 * @throws PathError where a list stands and the next name is no position in it, nor the one behind its end
 */
export function withPlace(value: unknown, [name, ...rest]: readonly string[], put: unknown): unknown {
	if (name === undefined) return put;
	const isNumber = /^\d+$/.test(name);
	if (Array.isArray(value) || (value === undefined && isNumber)) {
		const list: unknown[] = [...((value as unknown[] | undefined) ?? [])];
		// JSON has no lists with gaps: a position far behind the end would be written as so many nulls.
		if (!isNumber || Number(name) > list.length)
			throw new PathError(name, `a list of ${list.length} entries stands there`);
		list[Number(name)] = withPlace(list[Number(name)], rest, put);
		return list;
	}
	const object: Fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
	return { ...object, [name]: withPlace(Object.hasOwn(object, name) ? object[name] : undefined, rest, put) };
}

/** Whether nothing stands at a place, so that putting something there takes nothing away. */
export function isFree(value: unknown, names: readonly string[]): boolean {
	let current = value;
	for (const name of names) {
		if (current === undefined || current === null) return true;
		if (typeof current !== 'object' || Array.isArray(current)) return false;
		current = Object.hasOwn(current, name) ? (current as Fields)[name] : undefined;
	}
	return current === undefined || current === null || current === '';
}
