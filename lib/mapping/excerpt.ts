/**
 * A value as a problem shows it: its beginning, in whole characters.
 * @param value anything that a record may hold
 * @returns at most 200 UTF-16 units
 */
export function excerpt(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	return text.slice(0, 200).toWellFormed();
}
