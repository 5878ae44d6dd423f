/** One text for equal values. */

/**
 * JSON with the fields of every object in one order, so that equal values give equal texts: that of their code units (as RFC 8785 has it), but
 * for names that are whole numbers, which JavaScript puts first.
 */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_key, entry: unknown) =>
		typeof entry === 'object' && entry !== null && !Array.isArray(entry)
			? Object.fromEntries(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)))
			: entry,
	);
}
