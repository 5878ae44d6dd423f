/** Reading a feed: all pages of an endpoint, and a report that says how far it can be trusted. */
import type { EndpointReport, FeedReport, HcmRecord } from '../contracts';
import { compileListPath, compilePath } from '../json/path';
import { callWithRetries, type CallCounts } from './call';
import { HcmError } from './errors';
import { FIRST_PAGE, readPage } from './offsetPaging';
import type { Endpoint, FeedDependencies, FeedSettings, HttpRequest, OffsetPaging } from './types';

export type Feed = { readonly records: readonly HcmRecord[]; readonly report: FeedReport };

type Reading = {
	readonly rows: readonly HcmRecord[];
	readonly total: number | null;
	readonly pages: number;
	/** Why it is not whole; empty = it is. */
	readonly reasons: readonly string[];
	readonly proven: boolean;
	/** Rows moved while reading. */
	readonly shifted: boolean;
};

/**
 * @returns every record once, and the report; an incomplete feed is no error here, the caller decides
 * @throws HcmError when a page could not be read, PathError for a path that is none, CancelledError
 */
export async function readFeed(settings: FeedSettings, dependencies: FeedDependencies): Promise<Feed> {
	const { endpoint } = settings;
	const begin = dependencies.clock();
	const counts: CallCounts = { calls: 0, retries: 0 };
	const readPageOf = pageReader(settings, dependencies, counts);
	const { paging } = endpoint;
	let reading =
		paging.style === 'none' ? await readWhole(readPageOf) : await readByOffset(paging, readPageOf, settings);
	// Somebody was added or removed meanwhile: once more from the start, and if it happens again, the feed is not whole.
	if (reading.shifted && paging.style === 'offset') reading = await readByOffset(paging, readPageOf, settings);
	const { records, duplicates, withoutKey } = unique(reading.rows, compilePath(endpoint.primaryKey));
	const reasons = [...reading.reasons];
	if (withoutKey > 0) reasons.push(`${withoutKey} rows of "${endpoint.name}" have no ${endpoint.primaryKey}`);
	if (reading.total !== null && !reading.shifted && reading.total !== records.length + withoutKey) {
		reasons.push(
			`"${endpoint.name}" announced ${reading.total} rows and gave ${records.length + withoutKey} different ones`,
		);
	}
	const endpointReport: EndpointReport = {
		name: endpoint.name,
		calls: counts.calls,
		retries: counts.retries,
		rows: reading.rows.length,
		unique: records.length,
		duplicates,
		total: reading.total,
		pages: reading.pages,
		ms: Math.round(dependencies.clock() - begin),
	};
	const report: FeedReport = {
		formatVersion: 1,
		node: settings.node,
		feed: settings.feed,
		kind: 'full',
		complete: reasons.length === 0,
		reasons,
		evidence: reading.proven ? 'strong' : 'weak',
		records: records.length,
		nextSince: null,
		endpoints: [endpointReport],
	};
	return { records, report };
}

type PageReader = (
	query: Readonly<Record<string, string>>,
	page: number,
) => Promise<{ readonly rows: HcmRecord[]; readonly reply: unknown }>;

function pageReader(settings: FeedSettings, dependencies: FeedDependencies, counts: CallCounts): PageReader {
	const { endpoint } = settings;
	const list = compileListPath(endpoint.recordsPath);
	return async (query, page) => {
		const request: HttpRequest = {
			method: 'GET',
			url: endpoint.url,
			query: { ...endpoint.query, ...query },
			headers: endpoint.headers,
		};
		const call = { endpoint: endpoint.name, page };
		const reply = await callWithRetries(request, call, settings, dependencies, counts);
		// An empty body (HTTP 204) is how some servers say that there are no more.
		if (reply === undefined) return { rows: [], reply };
		const rows = endpoint.recordsPath.trim() === '' ? onlyArray(reply) : list(reply);
		if (rows === undefined) {
			throw new HcmError(
				`Endpoint "${endpoint.name}", page ${page}: no list of records stands at "${endpoint.recordsPath || 'the root'}". The reply has ${describeShape(reply)}.`,
				{
					...call,
					whatToDo: 'Correct the records path of the endpoint.',
				},
			);
		}
		return { rows: rows.map((row) => toRecord(row, call)), reply };
	};
}

/** The root array, or the only field that holds one. */
function onlyArray(reply: unknown): unknown[] | undefined {
	if (Array.isArray(reply)) return reply as unknown[];
	const arrays =
		typeof reply === 'object' && reply !== null
			? Object.values(reply).filter((value): value is unknown[] => Array.isArray(value))
			: [];
	return arrays.length === 1 ? arrays[0] : undefined;
}

function describeShape(reply: unknown): string {
	if (typeof reply !== 'object' || reply === null) return 'no fields';
	return `the fields ${Object.keys(reply).slice(0, 10).join(', ') || '(none)'}`;
}

function toRecord(row: unknown, call: { endpoint: string; page: number }): HcmRecord {
	if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as HcmRecord;
	throw new HcmError(
		`Endpoint "${call.endpoint}", page ${call.page}: a record is no object but ${JSON.stringify(row)?.slice(0, 60) ?? 'nothing'}.`,
		{
			...call,
			whatToDo: 'Correct the records path of the endpoint so that it leads to a list of objects.',
		},
	);
}

async function readWhole(read: PageReader): Promise<Reading> {
	const { rows } = await read({}, 1);
	return { rows, total: null, pages: 1, reasons: [], proven: true, shifted: false };
}

async function readByOffset(paging: OffsetPaging, read: PageReader, settings: FeedSettings): Promise<Reading> {
	const keyOf = keyReader(settings.endpoint);
	const totalOf = paging.totalPath === '' ? () => undefined : compilePath(paging.totalPath);
	const rows: HcmRecord[] = [];
	let state = FIRST_PAGE;
	for (;;) {
		const query = {
			// Without a limit parameter the server alone decides how many rows it gives.
			...(paging.limitParameter === '' ? {} : { [paging.limitParameter]: String(paging.pageSize) }),
			[paging.offsetParameter]: String(Math.max(0, state.offset) + paging.start),
		};
		const page = await read(query, state.pages + 1);
		const keys = page.rows.map(keyOf);
		const step = readPage(state, { keys, total: toTotal(totalOf(page.reply)) }, paging.pageSize);
		const repeated = repeatsTheEnd(rows, page.rows, keyOf)
			? `page ${state.pages + 1} of "${settings.endpoint.name}" is the same as the one before; the server seems to ignore ${paging.offsetParameter}`
			: undefined;
		if (step.next === 'shifted') {
			const reason = repeated ?? `rows moved while "${settings.endpoint.name}" was read, twice in a row`;
			return { rows, total: state.total, pages: state.pages + 1, reasons: [reason], proven: false, shifted: true };
		}
		for (const row of page.rows.slice(step.skip)) rows.push(row);
		state = step.state;
		const reading = { rows, total: state.total, pages: state.pages, shifted: false };
		if (step.next === 'end') return { ...reading, reasons: [], proven: step.proven };
		if (repeated !== undefined) return { ...reading, reasons: [repeated], proven: false };
		if (state.pages >= settings.maxPages)
			return { ...reading, reasons: [`the cap of ${settings.maxPages} pages was reached`], proven: false };
		if (rows.length >= settings.maxRows)
			return { ...reading, reasons: [`the cap of ${settings.maxRows} rows was reached`], proven: false };
	}
}

/** Whether a page is what was read last once more. Rows without a key are not told apart, so they repeat nothing. */
function repeatsTheEnd(
	read: readonly HcmRecord[],
	page: readonly HcmRecord[],
	keyOf: (row: HcmRecord) => string | null,
): boolean {
	if (page.length === 0 || page.length > read.length) return false;
	const begin = read.length - page.length;
	return page.every((row, index) => {
		const key = keyOf(row);
		return key !== null && key === keyOf(read[begin + index] ?? {});
	});
}

function keyReader({ primaryKey }: Endpoint): (row: HcmRecord) => string | null {
	const read = compilePath(primaryKey);
	return (row) => toKey(read(row));
}

/** Keys are compared as trimmed text, because one endpoint gives 17 and another "17 ". */
function toKey(value: unknown): string | null {
	const text =
		typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value).trim() : '';
	return text === '' ? null : text;
}

function toTotal(value: unknown): number | null {
	const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}

/** The first record of each key. Rows without a key are left out: nobody could tell whose they are. */
function unique(
	rows: readonly HcmRecord[],
	read: (row: HcmRecord) => unknown,
): { records: HcmRecord[]; duplicates: number; withoutKey: number } {
	const seen = new Set<string>();
	const records: HcmRecord[] = [];
	let withoutKey = 0;
	for (const row of rows) {
		const key = toKey(read(row));
		if (key === null) withoutKey += 1;
		else if (!seen.has(key)) {
			seen.add(key);
			records.push(row);
		}
	}
	return { records, duplicates: rows.length - records.length - withoutKey, withoutKey };
}
