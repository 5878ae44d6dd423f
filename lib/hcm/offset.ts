/** Reads a list by offset and limit, page after page or several at a time. */
import type { HcmRecord } from '../contracts';
import { HcmError } from './errors';
import { FIRST_PAGE, overlapOf, readPage } from './offsetPaging';
import type { Page, ReadPage } from './reader';
import { capReached, failed, repeatsTheEnd, signsAt, tryPage, WHOLE, type Guarded, type Reading } from './reading';
import { compileSigns } from './stops';
import type { OffsetPaging, Placed, Stops } from './types';

/**
 * @param atATime pages that are on their way together. More than one is safe: each page shares a row with the one before, so what is put
 * together has no gap, in whatever order the pages came.
 * @returns `shifted` where rows moved meanwhile: read again from the start
 */
export async function readByOffset(
	paging: OffsetPaging,
	stops: Stops,
	read: ReadPage,
	guarded: Guarded,
	atATime: number,
): Promise<Reading> {
	const signsOf = compileSigns(stops);
	const { name, keyOf, limits } = guarded;
	const ahead = pagesAhead(paging, read, atATime);
	const rows: HcmRecord[] = [];
	let state = FIRST_PAGE;
	for (;;) {
		const page = await tryPage(ahead.take(Math.max(0, state.offset), state.pages + 1), state.pages);
		const so = { rows, total: state.total, pages: state.pages };
		if (page instanceof HcmError) return failed(so, page);
		const signs = signsAt(signsOf, page, name, state.pages + 1);
		const keys = page.rows.map(keyOf);
		const step = readPage(state, { keys, ...signs }, { pageSize: paging.pageSize, shortPage: stops.shortPage });
		const repeated =
			repeatsTheEnd(rows, page.rows, keyOf) && page.rows.length > overlapOf(paging.pageSize)
				? `page ${state.pages + 1} of "${name}" is the same as the one before; the server seems to ignore ${paging.offsetParameter || 'the offset'}`
				: undefined;
		if (step.next === 'shifted') {
			const reason = repeated ?? `rows moved while "${name}" was read, twice in a row`;
			return { ...so, pages: state.pages + 1, reasons: [reason], proven: false, shifted: true, limited: false };
		}
		for (const row of page.rows.slice(step.skip)) rows.push(row);
		state = step.state;
		const reading: Reading = { ...WHOLE, rows, total: state.total, pages: state.pages };
		// Before the end: a server that ignores the offset reaches any announced number of pages.
		if (repeated !== undefined) return { ...reading, reasons: [repeated], proven: false };
		if (step.next === 'end') return { ...reading, proven: step.proven };
		if (limits.limit !== null && rows.length >= limits.limit) return { ...reading, proven: false, limited: true };
		const cap = capReached(reading, guarded);
		if (cap !== undefined) return { ...reading, reasons: [cap], proven: false };
		ahead.expect(state.offset, page.rows.length, state.total);
	}
}

/** Pages that were asked for before they are needed, by their offsets. A guess that does not come true is thrown away. */
function pagesAhead(paging: OffsetPaging, read: ReadPage, atATime: number) {
	const underWay = new Map<number, Promise<Page>>();
	const ask = (offset: number, page: number): Promise<Page> => read(askedFor(paging, offset, page));
	return {
		take: (offset: number, page: number): Promise<Page> => {
			const known = underWay.get(offset);
			underWay.delete(offset);
			return known ?? ask(offset, page);
		},
		/** @param rows rows of the page just read: as many as the next pages will have, for a server caps what is asked */
		expect: (offset: number, rows: number, total: number | null): void => {
			const step = rows - overlapOf(paging.pageSize);
			if (atATime <= 1 || total === null || step < 1 || overlapOf(paging.pageSize) === 0) return;
			for (let next = 0; next < atATime; next += 1) {
				const at = offset + next * step;
				// Where only the row that two pages share would come, nothing is left.
				if (at + 1 >= total || underWay.has(at)) continue;
				const page = ask(at, Math.floor(at / step) + 1);
				// It is looked at when its turn comes, or never.
				page.catch(() => undefined);
				underWay.set(at, page);
			}
		},
	};
}

function askedFor(paging: OffsetPaging, offset: number, page: number) {
	const { limitParameter, offsetParameter, pageSize, start, in: place } = paging;
	const at = offset + start;
	// In JSON they are numbers, as interfaces want them.
	const number = (name: string, value: number): Placed[] =>
		name === '' ? [] : [{ in: place, name, value: place === 'body' ? value : String(value) }];
	return {
		page,
		placed: [...number(limitParameter, pageSize), ...number(offsetParameter, at)],
		paging: { offset: String(at), limit: String(pageSize) },
	};
}
