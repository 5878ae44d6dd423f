/**
 * Reads a list by page number, cursor or next link. Unlike offsets these cannot overlap, so what moves between two pages shows only in a row
 * that comes twice, or in a second reading.
 */
import type { HcmRecord } from '../contracts';
import { HcmError } from './errors';
import type { Asked, Page, ReadPage } from './reader';
import { capReached, failed, repeatsTheEnd, signsAt, tryPage, WHOLE, type Guarded, type Reading } from './reading';
import { compileSigns, saysMoreFollows, type Signs } from './stops';
import type { Stops } from './types';

/** Where the next page is. */
export type Next = {
	readonly ask: Omit<Asked, 'page'>;
	/** Names the place; the same one again is a circle. */
	readonly place: string;
	/** Whether the place only counts rows or pages, so that what moves in between is lost as with offsets. */
	readonly counted: boolean;
};

export type Stepper = {
	readonly first: Omit<Asked, 'page'>;
	/** @returns where the next page is, or undefined when the reply leads no further */
	readonly next: (page: Page, pages: number) => Next | undefined;
	/** Rows asked for in one call; null = the server decides. */
	readonly pageSize: number | null;
	/** Whether the server itself leads to the next page by its address, and so says when there is none. */
	readonly linked: boolean;
	/** Whether the next place is counted here, so that it says nothing about an end. */
	readonly selfMade: boolean;
};

/** Where a reading stands. */
type Walk = {
	readonly rows: HcmRecord[];
	readonly seen: Set<string>;
	total: number | null;
	pages: number;
	/** So far nothing shows that a row may have been lost. */
	sound: boolean;
	readonly places: Set<string>;
	/** Rows of the page before; -1 = there is none. */
	lastLength: number;
};

/** @returns everything up to the end; `proven` where the end is the server's own (no next place), and places are no counters */
export async function readByStepping(
	stepper: Stepper,
	stops: Stops,
	read: ReadPage,
	guarded: Guarded,
): Promise<Reading> {
	const signsOf = compileSigns(stops);
	const walk: Walk = {
		rows: [],
		seen: new Set(),
		total: null,
		pages: 0,
		sound: true,
		places: new Set(),
		lastLength: -1,
	};
	let ask = stepper.first;
	for (;;) {
		const page = await tryPage(read({ ...ask, page: walk.pages + 1 }), walk.pages);
		if (page instanceof HcmError) return failed(walk, page);
		const repeated = repeatsTheEnd(walk.rows, page.rows, guarded.keyOf);
		const same = repeated && page.rows.length === walk.lastLength;
		walk.lastLength = page.rows.length;
		const signs = take(walk, page, signsAt(signsOf, page, guarded.name, walk.pages + 1), guarded);
		const reading: Reading = { ...WHOLE, rows: walk.rows, total: walk.total, pages: walk.pages };
		const stop = (reason: string): Reading => ({ ...reading, reasons: [reason], proven: false });
		const next = stepper.next(page, walk.pages);
		const repetition = `page ${walk.pages} of "${guarded.name}" is the same as the one before`;
		// Before any end: a server that ignores the page number gives as many pages as are announced, all of them the first.
		if (same) return stop(repetition);
		const end = endOf(signs, page, walk, stops.shortPage, stepper, next);
		if (end === 'proven') return { ...reading, proven: walk.sound };
		if (next === undefined) {
			const more = contradiction(page, signs, walk.pages);
			return more === undefined
				? { ...reading, proven: walk.sound }
				: stop(`page ${walk.pages} of "${guarded.name}" leads to no next one, though ${more} says that there are more`);
		}
		if (end === 'said') return { ...reading, proven: false };
		if (repeated) return stop(repetition);
		if (walk.places.has(next.place))
			return stop(`page ${walk.pages} of "${guarded.name}" leads back to a page that was read`);
		const { limit } = guarded.limits;
		if (limit !== null && walk.seen.size >= limit) return { ...reading, proven: false, limited: true };
		const cap = capReached(reading, guarded);
		if (cap !== undefined) return stop(cap);
		walk.places.add(next.place);
		if (next.counted) walk.sound = false;
		ask = next.ask;
	}
}

/** What says that more follow though the reply leads no further: the path of cursor or link may be wrong, which the first page shows. */
function contradiction(page: Page, { hasMore }: Signs, pages: number): string | undefined {
	if (hasMore === true) return 'its has-more flag';
	return pages === 1 ? saysMoreFollows(page, Infinity) : undefined;
}

/** Takes a page's rows and what it says. A row that was read before shows that rows moved. */
function take(walk: Walk, page: Page, signs: Signs, { keyOf }: Guarded): Signs {
	for (const row of page.rows) {
		const key = keyOf(row);
		if (key !== null) {
			if (walk.seen.has(key)) walk.sound = false;
			walk.seen.add(key);
		}
		walk.rows.push(row);
	}
	walk.pages += 1;
	// Absent, or 0 after the first page: ignored, because real servers were seen to announce 0 there.
	if (signs.total !== null && (signs.total > 0 || walk.pages === 1)) walk.total = signs.total;
	return signs;
}

/**
 * Whether a page is the last.
 * @returns said: by a count, a condition or its length, which prove little; proven: no more rows, or a flag of the server's; undefined: go on
 */
function endOf(
	signs: Signs,
	page: Page,
	{ seen, pages, places, total }: Walk,
	shortPage: boolean,
	{ linked, selfMade, pageSize }: Stepper,
	next: Next | undefined,
): 'said' | 'proven' | undefined {
	// The server itself names a page that was not read yet.
	const leadsOn = next !== undefined && !selfMade && !places.has(next.place);
	if (signs.hasMore === false) return 'proven';
	// An empty page that a link leads on from is no end, unless its links only count on and on.
	if (page.rows.length === 0 && !(linked && leadsOn && !next.counted)) return leadsOn ? 'said' : 'proven';
	if (signs.last) return 'said';
	if (signs.hasMore === true) return undefined;
	// A first page with everything that is announced is the whole list in one reply.
	if (signs.total !== null && signs.total > 0 && seen.size >= signs.total)
		return pages === 1 && !leadsOn ? 'proven' : 'said';
	if (signs.pages !== null && signs.pages > 0 && pages >= signs.pages) return 'said';
	// A short page is no end where more is announced, on the first page alone too: servers cap their page size.
	const nothingSaid = (total ?? 0) === 0 && signs.pages === null;
	return shortPage && nothingSaid && pageSize !== null && page.rows.length < pageSize ? 'said' : undefined;
}
