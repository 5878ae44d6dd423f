/** What a reply says about pages to come. */
import { compilePath } from '../json/path';
import { nextLink } from './origin';
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

const NEXT: ReadonlySet<string> = new Set([
	'next',
	'nextLink',
	'next_link',
	'nextPage',
	'next_page',
	'nextCursor',
	'next_cursor',
	'@odata.nextLink',
	'__next',
]);
const MORE: ReadonlySet<string> = new Set(['hasMore', 'has_more']);
const TOTAL: ReadonlySet<string> = new Set(['totalCount', 'total_count', 'totalResults', 'total_results', 'total']);

/**
 * For a list that is called once, or whose cursor or link is nowhere in the first page: whether the reply says that it is only the beginning.
 * A server that gives ten rows unless asked for more looks whole otherwise.
 * @param rows how many rows it gave; Infinity = only links and flags are looked at, not totals
 * @returns what says so, or undefined
 */
export function saysMoreFollows({ body, headers }: PageReply, rows: number): string | undefined {
	if (nextLink(headers) !== undefined) return 'its header Link';
	const top = fieldsOf(body);
	const found =
		top.find(([name, value]) => leadsOn(name, value) || (TOTAL.has(name) && (toCount(value) ?? 0) > rows)) ??
		// One step inside, as in "meta", "links" or OData's "d"; a total there may count something else.
		top
			.flatMap(([outer, inside]) => fieldsOf(inside).map(([name, value]) => [name, value, outer] as const))
			.find(([name, value]) => leadsOn(name, value));
	if (found === undefined) return undefined;
	const [name, , outer] = found;
	return `its field "${outer === undefined ? name : `${outer}.${name}`}"`;
}

function leadsOn(name: string, value: unknown): boolean {
	if (MORE.has(name)) return toFlag(value) === true;
	if (!NEXT.has(name)) return false;
	// HAL has {"next": {"href": "..."}}.
	const place = fieldsOf(value).find(([inner]) => inner === 'href')?.[1] ?? value;
	return (typeof place === 'string' && place.trim() !== '') || (typeof place === 'number' && place > 0);
}

function fieldsOf(value: unknown): ReadonlyArray<readonly [name: string, value: unknown, outer?: string]> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
