/**
 * Compares a feed with the last complete one. A server may answer with half of the people and call it all, or lose a column after a change of
 * rights: every page of such a feed is in order, and only the comparison shows it.
 */
import type { FeedReport, HcmRecord } from '../contracts';
import type { Feed } from './types';

/** What is kept of a complete feed: numbers only, nothing of anybody. */
export type FeedSummary = {
	/** When it was read, ISO 8601. */
	readonly at: string;
	readonly rows: number;
	/** In how many records each field had a value. */
	readonly columns: Readonly<Record<string, number>>;
};

export type Tolerance = {
	/** Percent of rows that may be missing. */
	readonly rows: number;
	/** Percent of the rows for which a field may have become empty. */
	readonly columns: number;
};

/** More columns are not watched: they are somebody's free fields. */
const MOST_COLUMNS = 500;

/**
 * Counts a feed: fields, and fields of objects one step inside (`name.family`).
 * @param watched names that are counted before all others: those of the feed it will be compared with
 */
export function summarize(records: readonly HcmRecord[], at: string, watched: readonly string[] = []): FeedSummary {
	const columns = new Map<string, number>(watched.slice(0, MOST_COLUMNS).map((name) => [name, 0]));
	const count = (name: string, value: unknown) => {
		if (isEmpty(value)) return;
		const before = columns.get(name);
		if (before !== undefined || columns.size < MOST_COLUMNS) columns.set(name, (before ?? 0) + 1);
	};
	for (const record of records)
		for (const [name, value] of Object.entries(record)) {
			count(name, value);
			if (typeof value === 'object' && value !== null && !Array.isArray(value))
				for (const [inner, inside] of Object.entries(value)) count(`${name}.${inner}`, inside);
		}
	return { at, rows: records.length, columns: Object.fromEntries([...columns].filter(([, filled]) => filled > 0)) };
}

function isEmpty(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	if (typeof value === 'string') return value.trim() === '';
	return Array.isArray(value) && value.length === 0;
}

/**
 * @returns what is wrong, in words; empty = within the tolerance. Growth is never wrong.
 */
export function compareSummaries(before: FeedSummary, now: FeedSummary, tolerance: Tolerance): string[] {
	const findings: string[] = [];
	const lost = before.rows - now.rows;
	// Multiplied and not divided: 7 of 100 rows are 7.000000000000001 percent.
	if (before.rows > 0 && lost * 100 > tolerance.rows * before.rows)
		findings.push(
			`${now.rows} rows instead of ${before.rows} on ${before.at}: ${percent(lost, before.rows)} are missing, more than ${tolerance.rows} %`,
		);
	if (before.rows === 0 || now.rows === 0) return findings;
	for (const [name, filled] of Object.entries(before.columns)) {
		// Shares, so that a feed with fewer people does not look as if each field had lost something.
		const left = Object.hasOwn(now.columns, name) ? (now.columns[name] ?? 0) : 0;
		const emptied = filled * now.rows - left * before.rows;
		if (emptied * 100 > tolerance.columns * before.rows * now.rows)
			findings.push(
				`"${name}" is suddenly empty: it had a value in ${percent(filled, before.rows)} of the rows and has one in ${percent(left, now.rows)} now`,
			);
	}
	return findings;
}

const percent = (part: number, whole: number) => `${Math.round((part / whole) * 1000) / 10} %`;

export type Comparing = {
	readonly tolerance: Tolerance;
	/** What a feed beyond the tolerance is: worth a warning, or incomplete. */
	readonly beyond: 'warn' | 'incomplete';
	/** When the feed was read, ISO 8601. */
	readonly at: string;
};

/**
 * Judges a feed by the last complete one.
 * @param before undefined = there is none yet
 * @returns the feed with its report's comparison, and its own numbers to keep where it is complete
 */
export function judgeFeed(
	feed: Feed,
	before: FeedSummary | undefined,
	{ tolerance, beyond, at }: Comparing,
): { readonly feed: Feed; readonly summary?: FeedSummary } {
	const { report } = feed;
	const withReport = (changes: Partial<FeedReport>): Feed => ({ ...feed, report: { ...report, ...changes } });
	if (report.kind === 'delta') return { feed: withReport({ comparison: 'not compared: the feed is a delta' }) };
	if (!report.complete) return { feed: withReport({ comparison: 'not compared: the feed is incomplete' }) };
	const summary = summarize(feed.records, at, Object.keys(before?.columns ?? {}));
	if (!before) return { feed: withReport({ comparison: 'not compared: it is the first complete feed' }), summary };
	const findings = compareSummaries(before, summary, tolerance);
	const comparison = `compared with the feed of ${before.at}: ${summary.rows} rows, ${before.rows} before`;
	if (findings.length === 0) return { feed: withReport({ comparison }), summary };
	if (beyond === 'warn')
		return { feed: withReport({ comparison, warnings: [...report.warnings, ...findings] }), summary };
	return { feed: withReport({ comparison, complete: false, reasons: findings, nextSince: null }) };
}
