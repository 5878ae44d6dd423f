/** What a reply says about pages to come. */
import { compilePath } from '../json/path';
import type { HttpReply, ReplyPlace, Stops } from './types';

export type PageReply = {
	readonly body: unknown;
	readonly headers: HttpReply['headers'];
	readonly status: number;
};

export type Signs = {
	/** The announced number of rows; null = none here. */
	readonly total: number | null;
	/** The announced number of pages; null = none here. */
	readonly pages: number | null;
	/** null = not said. */
	readonly hasMore: boolean | null;
	/** A condition of the builder's holds: this page is the last. */
	readonly last: boolean;
};

/** Reads a place of a reply. @throws PathError */
export function compilePlace(place: ReplyPlace | undefined): (reply: PageReply) => unknown {
	if (place === undefined || place.path.trim() === '') return () => undefined;
	if (place.in === 'header') {
		const name = place.path.trim().toLowerCase();
		return ({ headers }) => (Object.hasOwn(headers, name) ? headers[name] : undefined);
	}
	const read = compilePath(place.path);
	return ({ body }) => read(body);
}

/** @returns reads all signs of a reply @throws PathError */
export function compileSigns({ total, pages, hasMore, when }: Stops): (reply: PageReply) => Signs {
	const totalOf = compilePlace(total);
	const pagesOf = compilePlace(pages);
	const moreOf = compilePlace(hasMore);
	return (reply) => ({
		total: toCount(totalOf(reply)),
		pages: toCount(pagesOf(reply)),
		hasMore: toFlag(moreOf(reply)),
		last: when?.(reply) ?? false,
	});
}

/** A whole number from 0, as number or as text; null = none. */
export function toCount(value: unknown): number | null {
	const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}

function toFlag(value: unknown): boolean | null {
	if (typeof value === 'boolean') return value;
	if (value === 1 || value === 0) return value === 1;
	if (typeof value !== 'string') return null;
	const text = value.trim().toLowerCase();
	if (['true', '1', 'yes', 'y'].includes(text)) return true;
	return ['false', '0', 'no', 'n'].includes(text) ? false : null;
}

const NEXT = [
	'next',
	'nextLink',
	'next_link',
	'nextPage',
	'next_page',
	'nextCursor',
	'next_cursor',
	'@odata.nextLink',
	'__next',
];
const MORE = ['hasMore', 'has_more'];
const TOTAL = ['totalCount', 'total_count', 'totalResults', 'total_results', 'total'];

/**
 * For a list that is called once: whether the reply says that it is only the beginning. A server that gives ten rows unless asked for more looks
 * whole otherwise.
 * @param rows how many rows it gave
 * @returns what says so, or undefined
 */
export function saysMoreFollows({ body, headers }: PageReply, rows: number): string | undefined {
	if (/;\s*rel="?[^";,]*\bnext\b/i.test(headers['link'] ?? '')) return 'its header Link';
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
	const fields = Object.entries(body);
	const [name] =
		fields.find(([field, value]) => {
			if (NEXT.includes(field)) return typeof value === 'string' && value !== '';
			if (MORE.includes(field)) return value === true;
			return TOTAL.includes(field) && typeof value === 'number' && value > rows;
		}) ?? [];
	return name === undefined ? undefined : `its field "${name}"`;
}
