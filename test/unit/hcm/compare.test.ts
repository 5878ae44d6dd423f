import fc from 'fast-check';
import type { FeedReport, HcmRecord } from '../../../lib/contracts';
import { compareSummaries, judgeFeed, summarize, type FeedSummary } from '../../../lib/hcm/compare';
import type { Feed } from '../../../lib/hcm/types';

const THEN = '2026-11-01T00:00:00.000Z';
const NOW = '2026-11-02T00:00:00.000Z';
const summary = (rows: number, columns: Readonly<Record<string, number>> = {}): FeedSummary => ({
	at: THEN,
	rows,
	columns,
});
const people = (count: number, filled = count): HcmRecord[] =>
	Array.from({ length: count }, (_, id) => ({ id, mail: id < filled ? 'a@x' : '' }));

describe('the numbers of a feed', () => {
	test('count the fields that have a value, one step into objects', () => {
		const records = [
			{ id: 1, name: { family: 'A', given: ' ' }, tags: ['x'], off: false, none: null },
			{ id: 0, name: { family: null }, tags: [], off: true, none: undefined, blank: '  ' },
		];
		expect(summarize(records, NOW)).toEqual({
			at: NOW,
			rows: 2,
			columns: { id: 2, name: 2, 'name.family': 1, tags: 1, off: 2 },
		});
	});

	test('hold nothing of anybody', () => {
		expect(JSON.stringify(summarize([{ id: 'secret-1', name: { family: 'secret-2' } }], NOW))).not.toContain('secret');
	});

	test('are bounded, and watch the fields that the feed will be compared by before all others', () => {
		const wide = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`f${index}`, 1]));
		expect(Object.keys(summarize([wide], NOW).columns)).toHaveLength(500);
		const { columns } = summarize([wide], NOW, ['f899', 'gone']);
		expect(columns['f899']).toBe(1);
		expect(columns).not.toHaveProperty('gone');
	});

	test('of fields called like those of every object are numbers too', () => {
		const record = JSON.parse('{"constructor": 1, "__proto__": {"a": 1}}') as HcmRecord;
		expect(Object.entries(summarize([record], NOW).columns)).toEqual([
			['constructor', 1],
			['__proto__', 1],
			['__proto__.a', 1],
		]);
	});
});

describe('fewer rows', () => {
	test.each<[before: number, now: number, percent: number, wrong: boolean]>([
		[100, 90, 10, false],
		[100, 89, 10, true],
		[100, 93, 7, false],
		[100, 92, 7, true],
		[1000, 943, 5.7, false],
		[1000, 942, 5.7, true],
		[100, 100, 0, false],
		[100, 99, 0, true],
		[3, 2, 33, true],
		[3, 2, 34, false],
		[100, 0, 99, true],
		[100, 0, 100, false],
		[0, 0, 0, false],
		[0, 50, 0, false],
		[50, 500, 0, false],
	])('than %i, namely %i, with %f percent allowed: wrong is %s', (before, now, percent, wrong) => {
		expect(compareSummaries(summary(before), summary(now), { rows: percent, columns: 100 })).toHaveLength(
			wrong ? 1 : 0,
		);
	});

	test('are told with both numbers and the date', () => {
		expect(compareSummaries(summary(200), summary(150), { rows: 10, columns: 10 })).toEqual([
			`150 rows instead of 200 on ${THEN}: 25 % are missing, more than 10 %`,
		]);
	});

	test('exactly at what is allowed are right, whatever the numbers', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 100 }), (hundreds, percent) => {
				const [before, now] = [hundreds * 100, hundreds * (100 - percent)];
				const allowed = { rows: percent, columns: percent };
				expect(compareSummaries(summary(before), summary(now), allowed)).toEqual([]);
				expect(compareSummaries(summary(before, { a: before }), summary(before, { a: now }), allowed)).toEqual([]);
				if (now > 0) expect(compareSummaries(summary(before), summary(now - 1), allowed)).toHaveLength(1);
			}),
		);
	});
});

describe('a field that is suddenly empty', () => {
	test.each<[before: number, now: number, rowsNow: number, percent: number, wrong: boolean]>([
		[100, 70, 100, 30, false],
		[100, 69, 100, 30, true],
		[100, 50, 50, 0, false],
		[50, 25, 50, 0, false],
		[10, 0, 100, 10, false],
		[11, 0, 100, 10, true],
		[50, 100, 100, 0, false],
	])(
		'in %i of 100 rows before and in %i of %i now, with %i percent allowed: wrong is %s',
		(before, now, rows, percent, wrong) => {
			const findings = compareSummaries(summary(100, { mail: before }), summary(rows, { mail: now }), {
				rows: 100,
				columns: percent,
			});
			expect(findings).toHaveLength(wrong ? 1 : 0);
		},
	);

	test('is named with its shares', () => {
		expect(compareSummaries(summary(200, { mail: 150 }), summary(100, {}), { rows: 50, columns: 30 })).toEqual([
			'"mail" is suddenly empty: it had a value in 75 % of the rows and has one in 0 % now',
		]);
	});

	test('is found though every object has something of that name', () => {
		expect(compareSummaries(summary(10, { constructor: 10 }), summary(10), { rows: 0, columns: 30 })).toHaveLength(1);
	});

	test('is nothing in a feed without rows, whose rows are missing anyway', () => {
		expect(compareSummaries(summary(10, { mail: 10 }), summary(0), { rows: 10, columns: 10 })).toHaveLength(1);
	});

	test('that is new is never wrong', () => {
		expect(compareSummaries(summary(10), summary(10, { mail: 10 }), { rows: 0, columns: 0 })).toEqual([]);
	});
});

describe('a judged feed', () => {
	const report: FeedReport = {
		formatVersion: 1,
		node: 'HR',
		feed: 'people',
		kind: 'full',
		complete: true,
		reasons: [],
		evidence: 'strong',
		warnings: ['earlier'],
		comparison: 'not compared',
		records: 10,
		nextSince: NOW,
		endpoints: [],
	};
	const feed = (count: number, changes: Partial<FeedReport> = {}, filled = count): Feed => ({
		records: people(count, filled),
		report: { ...report, ...changes },
	});
	const comparing = (beyond: 'warn' | 'incomplete') => ({ tolerance: { rows: 10, columns: 30 }, beyond, at: NOW });
	const before = summarize(people(100), THEN);

	test.each<[what: string, changes: Partial<FeedReport>, said: string]>([
		['a delta', { kind: 'delta' }, 'not compared: the feed is a delta'],
		['a delta that is incomplete', { kind: 'delta', complete: false }, 'not compared: the feed is a delta'],
		['incomplete', { complete: false, reasons: ['x'] }, 'not compared: the feed is incomplete'],
	])('that is %s is not compared, and its numbers are not kept', (_what, changes, said) => {
		const judged = judgeFeed(feed(1, changes), before, comparing('incomplete'));
		expect(judged.summary).toBeUndefined();
		expect(judged.feed.report).toEqual({ ...report, ...changes, comparison: said });
	});

	test('that is the first has nothing to be compared with, and its numbers are kept', () => {
		const { feed: judged, summary: kept } = judgeFeed(feed(10), undefined, comparing('warn'));
		expect(judged.report.comparison).toBe('not compared: it is the first complete feed');
		expect(kept).toEqual({ at: NOW, rows: 10, columns: { id: 10, mail: 10 } });
	});

	test('within the tolerance is as it was', () => {
		const { feed: judged, summary: kept } = judgeFeed(feed(95), before, comparing('incomplete'));
		expect(judged.report).toEqual({ ...report, comparison: `compared with the feed of ${THEN}: 95 rows, 100 before` });
		expect(kept?.rows).toBe(95);
	});

	test('beyond it is worth a warning, and is what the next one is compared with', () => {
		const { feed: judged, summary: kept } = judgeFeed(feed(50), before, comparing('warn'));
		expect(judged.report).toMatchObject({ complete: true, reasons: [], nextSince: NOW });
		expect(judged.report.warnings).toEqual(['earlier', expect.stringContaining('50 rows instead of 100')]);
		expect(kept?.rows).toBe(50);
	});

	test('or is incomplete: no date moves on, and the next one is compared with the same as this', () => {
		const { feed: judged, summary: kept } = judgeFeed(feed(100, {}, 20), before, comparing('incomplete'));
		expect(judged.report).toMatchObject({ complete: false, nextSince: null, warnings: ['earlier'] });
		expect(judged.report.reasons).toEqual([expect.stringContaining('"mail" is suddenly empty')]);
		expect(kept).toBeUndefined();
		expect(judged.records).toHaveLength(100);
	});
});
