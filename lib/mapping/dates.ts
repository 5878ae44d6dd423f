/**
 * Dates of HR systems as instants. They write days as `2026-03-31`, as midnight of some zone, or as 23:59 of it; a day begins and ends where the
 * person works. What could be two days is refused and never guessed.
 */
import { DateTime, IANAZone } from 'luxon';
import { NEVER, toFileTime, toGeneralizedTime } from '../schema/instants';

export type DateOutcome =
	/** The instant: ISO 8601 in UTC, and milliseconds since 1970. */
	| { readonly iso: string; readonly ms: number }
	| { readonly empty: true }
	/** Why it is no date, as a sentence. */
	| { readonly fault: string };

export type AttributeTime = { readonly value: string } | { readonly empty: true } | { readonly fault: string };

export type DateReader = {
	/** A day begins at its 00:00 in the zone, or at its first moment where clocks jump over that; a time of day is that instant. */
	readonly startOfDay: (value: unknown) => DateOutcome;
	/** The day named is the last one: 00:00 of the next. A time of day is that instant, 23:59 the end of the day, and the year 9999 no end. */
	readonly endExclusive: (value: unknown) => DateOutcome;
	/** For an attribute. @param end whether a day named is the last one */
	readonly toAttributeTime: (value: unknown, syntax: 'fileTime' | 'time', end: boolean) => AttributeTime;
};

/** A day, or an instant within one; both in the zone. */
type Found = { readonly at: DateTime; readonly kind: 'day' | 'instant'; readonly isEndOfDay: boolean };

const LONGEST = 100;
/** Names of months in formats are English, whatever machine runs the workflow. */
const LOCALE = 'en-US';
/** Luxon writes these and does not read them. */
const UNITS = { X: 'seconds', x: 'milliseconds' } as const;
const HELP = 'Write it like 2026-03-31, or give a date format.';

/** @returns why a text is no time zone, as a sentence; undefined when it is one */
export function checkZone(zone: string): string | undefined {
	// Node takes "+02:00" too, which is nobody's zone: it has no summer.
	return /^[A-Za-z]/.test(zone) && IANAZone.isValidZone(zone)
		? undefined
		: `"${zone.slice(0, 60).toWellFormed()}" is no time zone. Give a name such as Europe/Berlin.`;
}

const readers = new Map<string, DateReader>();
/** Zones and formats come from settings, and zones from records too, where anything can stand. */
const MOST_READERS = 1000;

/**
 * @param zone IANA name that `checkZone` takes
 * @param format as Luxon has it, such as dd.MM.yyyy, or X for seconds since 1970; '' = ISO 8601
 */
export function dateReader(zone: string, format: string): DateReader {
	const key = `${zone}\n${format}`;
	const known = readers.get(key);
	if (known) return known;
	const reader = compile(zone, format);
	if (readers.size < MOST_READERS) readers.set(key, reader);
	return reader;
}

function compile(zone: string, format: string): DateReader {
	const outcome = (value: unknown, instantOf: (found: Found) => DateTime | undefined): DateOutcome => {
		const found = find(value, zone, format);
		if (found === undefined) return { empty: true };
		if ('fault' in found) return found;
		const at = instantOf(found);
		return at ? { iso: at.toUTC().toISO() ?? '', ms: at.toMillis() } : { empty: true };
	};
	const startOfDay = (value: unknown) => outcome(value, ({ at, kind }) => (kind === 'day' ? at.startOf('day') : at));
	const endExclusive = (value: unknown) =>
		outcome(value, ({ at, kind, isEndOfDay }) => {
			if (at.year === 9999) return undefined;
			// From noon: where clocks jump at midnight a day's first moment has no counterpart on the next one.
			return kind === 'day' || isEndOfDay ? at.plus({ days: 1 }).startOf('day') : at;
		});
	return {
		startOfDay,
		endExclusive,
		toAttributeTime: (value, syntax, end) => {
			const own = ownForm(value, syntax);
			if (own !== undefined) return { value: own };
			const at = end ? endExclusive(value) : startOfDay(value);
			if ('fault' in at) return at;
			// A date without an end is one that never expires; no date at all is nothing to write.
			if ('empty' in at)
				return end && syntax === 'fileTime' && find(value, zone, format) !== undefined ? { value: NEVER } : at;
			return { value: syntax === 'fileTime' ? toFileTime(at.ms) : toGeneralizedTime(at.ms) };
		},
	};
}

/** What is written as the directory writes it. Shorter numbers could be seconds or milliseconds since 1970: as a FILETIME they would be 1601. */
function ownForm(value: unknown, syntax: 'fileTime' | 'time'): string | undefined {
	const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
	if (typeof text !== 'string') return undefined;
	if (syntax === 'time') return /^\d{14}\.0Z$/.test(text) ? text : undefined;
	return text === '0' || (/^\d{17,19}$/.test(text) && BigInt(text) <= BigInt(NEVER)) ? text : undefined;
}

/** @returns undefined where there is no date */
function find(value: unknown, zone: string, format: string): Found | { readonly fault: string } | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const object = objectText(value);
	if (object !== undefined) return found(DateTime.fromISO(object, { setZone: true }), zone);
	if (typeof value !== 'string' && typeof value !== 'number') return { fault: `A date must be text. ${HELP}` };
	const text = String(value).trim();
	const shown = `"${text.slice(0, 60).toWellFormed()}"`;
	if (text.length > LONGEST) return { fault: `${shown} is no date. ${HELP}` };
	// How databases write that there is none.
	if (text.startsWith('0000-00-00')) return undefined;
	if (format === 'X' || format === 'x') {
		if (!/^-?\d{1,15}$/.test(text)) return { fault: `${shown} is no number of ${UNITS[format]} since 1970.` };
		return found(DateTime.fromMillis(Number(text) * (format === 'X' ? 1000 : 1), { zone: 'utc' }), zone);
	}
	if (format !== '') {
		const read = (own: string) => DateTime.fromFormat(text, format, { zone: own, locale: LOCALE, setZone: true });
		return read('utc').isValid
			? found(read('utc'), zone, read(zone))
			: { fault: `${shown} is no date of the form ${format}.` };
	}
	// OData's older form (SAP): milliseconds since 1970, a day as midnight of UTC.
	const [, epoch] = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text) ?? [];
	if (epoch !== undefined) return found(DateTime.fromMillis(Number(epoch), { zone: 'utc' }), zone);
	if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:\D|$)/.test(text))
		return { fault: `${shown} could be more than one day. Give a date format, such as dd/MM/yyyy.` };
	if (!/^\d{4}(?:-\d{2}-\d{2}|\d{4})(?:[T ]|$)/.test(text)) return { fault: `${shown} is no date. ${HELP}` };
	const read = (own: string) => DateTime.fromISO(text.replace(' ', 'T'), { zone: own, setZone: true });
	return read('utc').isValid ? found(read('utc'), zone, read(zone)) : { fault: `${shown} is no date. ${HELP}` };
}

/** JavaScript's dates, and Luxon's, which n8n's expressions give. */
function objectText(value: unknown): string | undefined {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
	if (typeof value !== 'object' || value === null || !('toISO' in value) || typeof value.toISO !== 'function')
		return undefined;
	const text: unknown = (value as { toISO: () => unknown }).toISO();
	return typeof text === 'string' ? text : undefined;
}

const isMidnight = ({ hour, minute, second, millisecond }: DateTime) => hour + minute + second + millisecond === 0;
const isLastMinute = ({ hour, minute }: DateTime) => hour === 23 && minute === 59;

/**
 * @param written as it stands there: in its own zone, or in UTC where it names none, for every day of UTC has a midnight
 * @param instant the same, taken for the zone where it names none
 */
function found(written: DateTime, zone: string, instant: DateTime = written): Found | { readonly fault: string } {
	if (!written.isValid || written.year < 1601 || written.year > 9999)
		return { fault: `The year ${written.year} is none that a directory keeps.` };
	const here = instant.setZone(zone);
	// A day as it is written, or a day of the zone that was written as an instant of another one.
	const day = isMidnight(written) || isLastMinute(written) ? written : here;
	const noon = DateTime.fromObject({ year: day.year, month: day.month, day: day.day, hour: 12 }, { zone });
	if (isMidnight(written) || isMidnight(here)) return { at: noon, kind: 'day', isEndOfDay: false };
	const isEndOfDay = isLastMinute(written) || isLastMinute(here);
	return { at: isEndOfDay ? noon.set({ hour: 23, minute: 59 }) : here, kind: 'instant', isEndOfDay };
}
