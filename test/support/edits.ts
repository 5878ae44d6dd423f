/** Everything that somebody could do to a sealed value with one edit. */

type Path = readonly (string | number)[];
/** What was done where, and the value that came of it. */
export type Edited = readonly [what: string, value: unknown];

/** Each leaf changed, each field and entry taken away, one more put into each object and list, neighbours in lists swapped. */
export function leafEdits(value: unknown, path: Path = []): Edited[] {
	const at = (what: string, edited: unknown): Edited => [`${path.join('.')}: ${what}`, edited];
	if (Array.isArray(value)) {
		const list = value as readonly unknown[];
		return [
			...list.flatMap((entry, index) =>
				leafEdits(entry, [...path, index]).map(([what, edited]): Edited => [what, list.with(index, edited)]),
			),
			...list.map((_, index) => at(`without ${index}`, list.toSpliced(index, 1))),
			...list.slice(1).map((_, index) => at(`${index} swapped`, swapped(list, index))),
			at('one more', [...list, list[0] ?? 'one more']),
		];
	}
	if (typeof value !== 'object' || value === null) return [at('another value', another(value))];
	const fields = Object.entries(value);
	return [
		...fields.flatMap(([name, field]) =>
			leafEdits(field, [...path, name]).map(([what, edited]): Edited => [what, { ...value, [name]: edited }]),
		),
		...fields.map(([name]) => at(`without ${name}`, Object.fromEntries(fields.filter(([other]) => other !== name)))),
		at('one more field', { ...value, extra: 'extra' }),
	];
}

function swapped(list: readonly unknown[], index: number): unknown[] {
	return list.with(index, list[index + 1]).with(index + 1, list[index]);
}

/** As near as can be. */
function another(value: unknown): unknown {
	if (typeof value === 'boolean') return !value;
	if (typeof value === 'number') return value + 1;
	if (typeof value !== 'string') return '';
	const last = value.at(-1) ?? '';
	return `${value.slice(0, -1)}${last === '0' ? '1' : '0'}`;
}
