/** One text for equal values. */

/** JSON with the fields of every object in the order of their code units (as RFC 8785 orders them), so that equal values give equal texts. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_key, entry: unknown) =>
		typeof entry === 'object' && entry !== null && !Array.isArray(entry)
			? Object.fromEntries(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)))
			: entry,
	);
}
