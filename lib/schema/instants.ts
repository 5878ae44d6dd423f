/** Instants as Active Directory writes them. */

/** 1970-01-01 in milliseconds after 1601-01-01, where FILETIME begins (MS-DTYP 2.3.3). */
const UNIX_EPOCH_MS = 11_644_473_600_000n;
const UNITS_PER_MS = 10_000n;

/** Never, for accountExpires (MS-ADA1 2.1), where 0 means the same. */
export const NEVER = '9223372036854775807';

/**
 * @param ms milliseconds since 1970, not before 1601
 * @returns units of 100 nanoseconds since 1601, as decimal text: they do not fit into a JSON number
 */
export function toFileTime(ms: number): string {
	return ((BigInt(ms) + UNIX_EPOCH_MS) * UNITS_PER_MS).toString();
}

/**
 * @param text a FILETIME, decimal
 * @returns milliseconds since 1970; undefined for never (0 and NEVER), and for what is no FILETIME that a date can hold
 */
export function fromFileTime(text: string): number | undefined {
	if (!/^\d{1,19}$/.test(text)) return undefined;
	const units = BigInt(text);
	if (units === 0n || units >= BigInt(NEVER)) return undefined;
	const ms = Number(units / UNITS_PER_MS - UNIX_EPOCH_MS);
	return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}

/** Whether a FILETIME in accountExpires means that the account has no end. */
export function isNever(text: string): boolean {
	return text === '0' || text === NEVER;
}

/** ISO 8601 in UTC, to the second, as marks and plans have it. @param ms milliseconds since 1970 */
export function toInstant(ms: number): string {
	return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** GeneralizedTime as the server gives it back (RFC 4517 section 3.3.13): `20260331220000.0Z`. */
export function toGeneralizedTime(ms: number): string {
	return `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}.0Z`;
}
