/** Where the next page is, for each style of paging but offsets. */
import { nextLink, nextRequest } from './origin';
import type { Page } from './reader';
import type { Next, Stepper } from './stepping';
import { compilePlace } from './stops';
import { compilePath } from '../json/path';
import type { CursorPaging, LinkPaging, PagePaging, Placed } from './types';

type Sized = PagePaging | CursorPaging | LinkPaging;

const sizeOf = ({ limitParameter, pageSize, in: place }: Sized): Placed[] =>
	limitParameter === ''
		? []
		: [{ in: place, name: limitParameter, value: place === 'body' ? pageSize : String(pageSize) }];
/** Without a limit parameter the server's own page size is not known, so no page is short. */
const knownSize = ({ limitParameter, pageSize }: PagePaging | CursorPaging) =>
	limitParameter === '' ? null : pageSize;

/** Pages by number. They count, so what moves in between is lost. */
export function stepByPage(paging: PagePaging): Stepper {
	const { pageParameter, firstPage, in: place, pageSize } = paging;
	const askFor = (number: number): Next['ask'] => ({
		placed: [
			...sizeOf(paging),
			...(pageParameter === ''
				? []
				: [{ in: place, name: pageParameter, value: place === 'body' ? number : String(number) }]),
		],
		paging: { page: String(number), limit: String(pageSize) },
	});
	return {
		first: askFor(firstPage),
		next: (_page, pages) => ({ ask: askFor(firstPage + pages), place: String(firstPage + pages), counted: true }),
		pageSize: knownSize(paging),
		linked: false,
		selfMade: true,
	};
}

/** Pages by a cursor out of each reply. @throws PathError */
export function stepByCursor(paging: CursorPaging): Stepper {
	const cursorOf = compilePlace(paging.cursor);
	const { cursorParameter, cursorIn, pageSize } = paging;
	let last: unknown;
	return {
		first: { placed: sizeOf(paging), paging: { limit: String(pageSize), cursor: '' } },
		next: (page) => {
			const found = cursorOf(page);
			if (found === undefined || found === null || found === false) return undefined;
			const text = typeof found === 'string' ? found : JSON.stringify(found);
			if (text.trim() === '') return undefined;
			const counted = counts(last, found, page.rows.length, pageSize);
			last = found;
			// In a JSON body a cursor from a header is what its text says: JumpCloud's search_after is a list.
			const value = cursorIn !== 'body' ? text : paging.cursor.in === 'header' ? parsedList(found) : found;
			return {
				ask: {
					placed: [
						...sizeOf(paging),
						...(cursorParameter === '' ? [] : [{ in: cursorIn, name: cursorParameter, value }]),
					],
					paging: { limit: String(pageSize), cursor: text },
				},
				place: text,
				counted,
			};
		},
		pageSize: knownSize(paging),
		linked: false,
		selfMade: false,
	};
}

/** Whether a cursor is a number that grows by the rows read, by the page size or by one: an offset or a page number under another name. */
function counts(last: unknown, cursor: unknown, rows: number, pageSize: number): boolean {
	const before = last === undefined ? 0 : Number(last);
	const now =
		typeof cursor === 'number' || (typeof cursor === 'string' && /^\d{1,15}$/.test(cursor)) ? Number(cursor) : NaN;
	const grown = now - before;
	return (
		grown === 1 ||
		grown === rows ||
		grown === pageSize ||
		(last === undefined && (now === 1 || now === 2 || now === rows + 1))
	);
}

function parsedList(cursor: unknown): unknown {
	if (typeof cursor !== 'string' || !/^\s*[[{]/.test(cursor)) return cursor;
	try {
		return JSON.parse(cursor) as unknown;
	} catch {
		return cursor;
	}
}

/**
 * Pages by the address of the next one, in the body or in the header Link.
 * @param allowedHosts other hosts that it may lead to; they get no credential
 * @throws PathError
 */
export function stepByLink(paging: LinkPaging, name: string, allowedHosts: readonly string[]): Stepper {
	const inBody = paging.nextPath === null ? undefined : compilePath(paging.nextPath);
	const linkOf = ({ body, headers }: Page): string | undefined => {
		if (inBody === undefined) return nextLink(headers);
		const found = inBody(body);
		return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined;
	};
	return {
		first: { placed: sizeOf(paging), paging: { limit: String(paging.pageSize) } },
		next: (page, pages) => {
			const link = linkOf(page);
			if (link === undefined) return undefined;
			const call = { endpoint: name, page: pages };
			const request = nextRequest(page.request, link, allowedHosts, call);
			return {
				ask: { request },
				place: request.url,
				counted: onlyCounts(page.request, request.url),
			};
		},
		// Whether more follow is said by the link alone, however short a page is (Microsoft Graph, Paging: until no next link is returned).
		pageSize: null,
		linked: true,
		selfMade: false,
	};
}

/** Names under which servers put a page or an offset into their links. */
const COUNTER = /^\$?(page|offset|skip|start)([-_]?(no|number|index))?$|^page\[(number|offset)\]$/i;

/**
 * Whether a link only counts pages or rows: it differs from the address before in nothing but whole numbers, or in a whole number of such a
 * name (servers add their defaults to the first link, so that it differs in more).
 */
function onlyCounts(from: Page['request'], to: string): boolean {
	const query = (url: string, more: Page['request']['query'] = []) => {
		const { pathname = '', searchParams } = URL.parse(url) ?? {};
		const segments = pathname.split('/').map((segment, index) => [`/${index}`, segment] as const);
		const all = new Map<string, string>([...segments, ...(searchParams ?? [])]);
		for (const [name, value] of more) all.set(name, value);
		return all;
	};
	const before = query(from.url, from.query);
	const after = query(to);
	const changed = [...after].filter(([name, value]) => before.get(name) !== value);
	const isNumber = (value: string) => /^\d{1,15}$/.test(value);
	return (
		changed.some(([name, value]) => COUNTER.test(name) && isNumber(value)) ||
		(changed.length > 0 && changed.every(([, value]) => isNumber(value)))
	);
}

/** The stepper of a style. @throws PathError */
export function stepperOf(paging: Sized, name: string, allowedHosts: readonly string[]): Stepper {
	switch (paging.style) {
		case 'page':
			return stepByPage(paging);
		case 'cursor':
			return stepByCursor(paging);
		case 'link':
			return stepByLink(paging, name, allowedHosts);
	}
}
