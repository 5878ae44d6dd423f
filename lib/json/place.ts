/** Writing into a copy. */

/**
 * A copy of `value` with `put` at the place that `names` lead to; what is missing on the way is made: a list where the next name is a number.
 * @param names from `placeNames`, which refuses the names that every object has
 */
export function withPlace(value: unknown, [name, ...rest]: readonly string[], put: unknown): unknown {
	if (name === undefined) return put;
	if (Array.isArray(value) || (value === undefined && /^\d+$/.test(name))) {
		const list: unknown[] = [...((value as unknown[] | undefined) ?? [])];
		list[Number(name)] = withPlace(list[Number(name)], rest, put);
		return list;
	}
	const object = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
	return { ...object, [name]: withPlace(Object.hasOwn(object, name) ? object[name] : undefined, rest, put) };
}
