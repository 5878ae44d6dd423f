/**
 * Reading by offset and limit, as a pure state: each page in, the next offset out. Each page begins at the last row read, because a row that
 * is deleted while reading moves all later ones up and hides a living person behind the next offset, with the announced total unchanged. The
 * row read twice must have the same key; another one there = rows moved.
 */
import type { Signs } from './stops';

export type PageOfKeys = Signs & {
	/** Keys of the rows, in order; null = the row has none. */
	readonly keys: ReadonlyArray<string | null>;
};

export type PagingState = {
	/** Offset of the next call, counted from 0. */
	readonly offset: number;
	/** Rows seen, those read twice not counted. */
	readonly rows: number;
	readonly lastKey: string | null;
	/** As last announced; 0 or nothing after the first page is ignored (seen on real servers). */
	readonly total: number | null;
	readonly pages: number;
	readonly overlapped: boolean;
};

export type PagingStep =
	| {
			readonly next: 'call';
			readonly state: PagingState;
			/** Rows of this page that were read before. */ readonly skip: number;
	  }
	| { readonly next: 'end'; readonly state: PagingState; readonly skip: number; readonly proven: boolean }
	| { readonly next: 'shifted' };

export const FIRST_PAGE: PagingState = { offset: 0, rows: 0, lastKey: null, total: null, pages: 0, overlapped: true };

/** Rows that two pages share. A page of one row cannot overlap and still get on. */
export function overlapOf(pageSize: number): 0 | 1 {
	return pageSize > 1 ? 1 : 0;
}

/**
 * What a page means for the reading.
 * @returns `end`, `proven` when the announced total was reached with every overlap checked
 */
export function readPage(
	state: PagingState,
	page: PageOfKeys,
	{ pageSize, shortPage }: { readonly pageSize: number; readonly shortPage: boolean },
): PagingStep {
	const expected = state.pages > 0 && overlapOf(pageSize) === 1;
	const announced = page.total !== null && (page.total > 0 || state.pages === 0);
	const total = announced ? page.total : state.total;
	if (expected) {
		const [first] = page.keys;
		// Nothing where the last row stood, or somebody else: rows moved up (or the last one itself was deleted).
		if (first === undefined || first !== state.lastKey) return { next: 'shifted' };
	}
	const skip = expected ? 1 : 0;
	const fresh = page.keys.length - skip;
	const rows = state.rows + fresh;
	const after: PagingState = {
		offset: rows - overlapOf(pageSize),
		rows,
		lastKey: page.keys.at(-1) ?? state.lastKey,
		total,
		pages: state.pages + 1,
		overlapped: state.overlapped && overlapOf(pageSize) === 1,
	};
	const reached = total !== null && rows >= total;
	// Only a total of this very page ends the reading. One of an earlier page may be out of date by now: somebody added since stands before
	// the end, and the last person behind the old total. With such a one the list is read until nothing comes after the last row.
	if (reached && announced && page.hasMore !== true)
		return { next: 'end', state: after, skip, proven: after.overlapped };
	// An empty page is the end, and one with only the row that it shares with the last.
	if (fresh === 0) return { next: 'end', state: after, skip, proven: reached && after.overlapped };
	if (page.hasMore === false) return { next: 'end', state: after, skip, proven: after.overlapped };
	const short = page.keys.length < pageSize;
	if (page.last || endsByPages(page.pages, rows, pageSize, short))
		return { next: 'end', state: after, skip, proven: false };
	// A short page is no end while anything else says more: servers cap their page size.
	const said = total !== null || page.hasMore === true || page.pages !== null;
	if (shortPage && !said && short) return { next: 'end', state: after, skip, proven: false };
	return { next: 'call', state: after, skip };
}

/** Announced pages do not overlap, ours do: they are counted in rows. 0 pages announced means that none are. */
function endsByPages(pages: number | null, rows: number, pageSize: number, short: boolean): boolean {
	if (pages === null || pages === 0) return false;
	return rows >= pages * pageSize || (short && rows > (pages - 1) * pageSize);
}
