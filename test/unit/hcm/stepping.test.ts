/** Lists read by page number, cursor and next link: where they end, what proves it, and what makes them incomplete. */
import type { HcmRecord } from '../../../lib/contracts';
import { HcmError } from '../../../lib/hcm/errors';
import { readList } from '../../../lib/hcm/list';
import { pageReader } from '../../../lib/hcm/reader';
import { stepperOf } from '../../../lib/hcm/steppers';
import type { CursorPaging, HttpReply, HttpRequest, LinkPaging, PagePaging, Stops } from '../../../lib/hcm/types';
import { dependencies, endpoint, json, queryOf, settings, type SettingsChanges } from '../../support/feeds';

const PAGE: PagePaging = {
	style: 'page',
	in: 'query',
	pageParameter: 'page',
	firstPage: 1,
	limitParameter: 'limit',
	pageSize: 2,
};
const CURSOR: CursorPaging = {
	style: 'cursor',
	in: 'query',
	cursor: { in: 'body', path: 'next' },
	cursorParameter: 'cursor',
	cursorIn: 'query',
	limitParameter: 'limit',
	pageSize: 2,
};
const LINK: LinkPaging = { style: 'link', in: 'query', nextPath: 'next', limitParameter: '', pageSize: 2 };
const TOTAL: Stops = { shortPage: true, total: { in: 'body', path: 'total' } };

const rows = (...ids: string[]): HcmRecord[] => ids.map((id) => ({ id }));
const page = (ids: string, more: object = {}) => ({ results: rows(...ids), ...more });

/** Reads a list whose server gives these replies one after the other, and fails where more are asked for. */
async function read(
	paging: PagePaging | CursorPaging | LinkPaging,
	replies: readonly unknown[],
	{
		stops = { shortPage: true },
		method = 'GET',
		...changes
	}: SettingsChanges & { stops?: Stops; method?: 'GET' | 'POST' } = {},
) {
	const asked: HttpRequest[] = [];
	const send = (request: HttpRequest): Promise<HttpReply> => {
		const reply = replies[asked.length];
		asked.push(request);
		if (reply === undefined) throw new Error(`Nobody expected call ${asked.length}.`);
		const whole = reply as Partial<HttpReply>;
		return Promise.resolve(typeof whole.status === 'number' ? (reply as HttpReply) : json(reply));
	};
	const one = endpoint({ paging, stops, request: { method } });
	const whole = settings([one], changes);
	const reader = pageReader(one, whole, dependencies(send), { calls: 0, retries: 0 });
	const reading = await readList(one, reader, whole);
	return { ...reading, ids: reading.rows.map(({ id }) => id).join(''), asked, queries: asked.map(queryOf) };
}

describe('pages by number', () => {
	test.each([0, 1])('are asked for from %i on, up to the empty one', async (firstPage) => {
		const { ids, queries, reasons } = await read({ ...PAGE, firstPage }, [page('ab'), page('cd'), page('')]);
		expect(ids).toBe('abcd');
		expect(queries).toEqual([0, 1, 2].map((number) => ({ limit: '2', page: String(firstPage + number) })));
		expect(reasons).toEqual([]);
	});

	test('go into a JSON body as numbers', async () => {
		const { asked } = await read({ ...PAGE, in: 'body' }, [page('ab'), page('c')], { method: 'POST' });
		expect(asked.map(({ body }) => body?.text)).toEqual(['{"limit":2,"page":1}', '{"limit":2,"page":2}']);
		expect(asked[0]?.query).toEqual([]);
	});

	test.each<[what: string, replies: unknown[], stops: Stops, ids: string]>([
		['an empty page', [page('ab'), page('')], { shortPage: false }, 'ab'],
		['HTTP 204', [page('ab'), { status: 204, headers: {}, body: '' }], { shortPage: false }, 'ab'],
		['a short page', [page('ab'), page('c')], { shortPage: true }, 'abc'],
		['a total', [page('ab', { total: 4 }), page('cd', { total: 4 })], TOTAL, 'abcd'],
		['a total as text', [page('ab', { total: '4' }), page('cd', { total: '4' })], TOTAL, 'abcd'],
		[
			'a page count in a header',
			[json(page('ab'), 200, { 'x-pages': '2' }), json(page('cd'), 200, { 'x-pages': '2' })],
			{ shortPage: false, pages: { in: 'header', path: 'X-Pages' } },
			'abcd',
		],
		[
			'a flag',
			[page('ab', { more: true }), page('c', { more: 'yes' }), page('de', { more: 0 })],
			{ shortPage: true, hasMore: { in: 'body', path: 'more' } },
			'abcde',
		],
		[
			'a condition',
			[page('ab', { state: 'on' }), page('cd', { state: 'done' })],
			{ shortPage: false, when: ({ body }) => (body as { state: string }).state === 'done' },
			'abcd',
		],
	])('end with %s', async (_what, replies, stops, ids) => {
		const reading = await read(PAGE, replies, { stops });
		expect(reading).toMatchObject({ ids, reasons: [], shifted: false, limited: false, pages: replies.length });
		// Pages that only count prove nothing, however they end.
		expect(reading.proven).toBe(false);
	});

	test('are proven by one page with everything that is announced, and by an empty list', async () => {
		expect(await read(PAGE, [page('ab', { total: 2 })], { stops: TOTAL })).toMatchObject({ ids: 'ab', proven: true });
		expect(await read(PAGE, [page('')])).toMatchObject({ ids: '', proven: true });
	});

	test.each<[what: string, later: object]>([
		['absent', {}],
		['0', { total: 0 }],
		['null', { total: null }],
	])('go on where the total is %s after the first page, though a page is short', async (_what, later) => {
		const replies = [page('ab', { total: 5 }), page('c', later), page('de', later), page('', later)];
		expect(await read(PAGE, replies, { stops: TOTAL })).toMatchObject({ ids: 'abcde', total: 5, reasons: [] });
	});

	test('have no short page where the server alone decides how many rows it gives', async () => {
		expect(await read({ ...PAGE, limitParameter: '' }, [page('a'), page('')])).toMatchObject({ ids: 'a', pages: 2 });
	});

	test.each<[what: string, replies: unknown[], stops: Stops]>([
		['that nobody ends', [page('ab'), page('ab')], { shortPage: true }],
		[
			'though as many pages came as were announced',
			[page('ab', { pages: 2 }), page('ab', { pages: 2 })],
			{ shortPage: true, pages: { in: 'body', path: 'pages' } },
		],
		[
			'though a flag ends them',
			[page('ab', { more: true }), page('ab', { more: false })],
			{ shortPage: true, hasMore: { in: 'body', path: 'more' } },
		],
	])('that repeat are not the whole list, %s', async (_what, replies, stops) => {
		expect(await read(PAGE, replies, { stops })).toMatchObject({
			reasons: ['page 2 of "users" is the same as the one before'],
			proven: false,
		});
	});

	test('end at the caps, and say so', async () => {
		const replies = [page('ab'), page('cd'), page('ef')];
		expect(await read(PAGE, replies, { limits: { maxPages: 2 } })).toMatchObject({
			ids: 'abcd',
			reasons: ['the cap of 2 pages was reached'],
		});
		expect(await read(PAGE, replies, { limits: { maxRows: 3 } })).toMatchObject({
			ids: 'abcd',
			reasons: ['the cap of 3 rows was reached'],
		});
		expect(await read(PAGE, [page('ab'), page('c')], { limits: { maxPages: 2 } })).toMatchObject({ reasons: [] });
	});

	test('keep what was read before one that failed', async () => {
		const reading = await read(PAGE, [page('ab'), json({ message: 'down' }, 500)]);
		expect(reading).toMatchObject({ ids: 'ab', proven: false, fault: { status: 500, page: 2 } });
		expect(reading.reasons[0]).toMatch(/^Endpoint "users", page 2: .*HTTP 500/);
	});

	test('are an error where the first is refused', async () => {
		await expect(read(PAGE, [json({}, 401)])).rejects.toBeInstanceOf(HcmError);
	});
});

describe('a limit', () => {
	test.each([
		[1, 1],
		[2, 1],
		[3, 2],
		[4, 2],
	])('of %i asks for %i pages and no more', async (limit, calls) => {
		const replies = [page('ab'), page('cd'), page('ef')].slice(0, calls);
		expect(await read(PAGE, replies, { limits: { limit } })).toMatchObject({
			limited: true,
			reasons: [],
			proven: false,
			pages: calls,
		});
	});

	test('that is reached with the last page has left nobody out', async () => {
		expect(await read(PAGE, [page('ab'), page('c')], { limits: { limit: 3 } })).toMatchObject({
			limited: false,
			ids: 'abc',
		});
	});

	test('counts people, not rows that come twice', async () => {
		expect(await read(PAGE, [page('ab'), page('bc'), page('de')], { limits: { limit: 4 } })).toMatchObject({
			ids: 'abbcde',
			limited: true,
		});
	});
});

describe('a cursor', () => {
	test('leads from page to page, and its absence proves the end', async () => {
		const { queries, ...reading } = await read(CURSOR, [
			page('ab', { next: 'x&y=1' }),
			page('cd', { next: 'z' }),
			page('e', { next: null }),
		]);
		expect(reading).toMatchObject({ ids: 'abcde', proven: true, reasons: [] });
		expect(queries).toEqual([{ limit: '2' }, { limit: '2', cursor: 'x&y=1' }, { limit: '2', cursor: 'z' }]);
	});

	test.each([undefined, null, '', '  ', false])('that is %j is none', async (next) => {
		expect(await read(CURSOR, [page('ab', { next })])).toMatchObject({ ids: 'ab', pages: 1, proven: true });
	});

	test('in a reply’s header goes into a JSON body as the list that it is', async () => {
		const paging: CursorPaging = {
			...CURSOR,
			in: 'body',
			cursor: { in: 'header', path: 'X-Search_after' },
			cursorParameter: 'search_after',
			cursorIn: 'body',
		};
		const replies = [json(page('ab'), 200, { 'x-search_after': '[1,"b"]' }), page('c')];
		const { asked } = await read(paging, replies, { method: 'POST' });
		expect(asked.map(({ body }) => body?.text)).toEqual(['{"limit":2}', '{"limit":2,"search_after":[1,"b"]}']);
	});

	test('in a reply’s body goes back as it came: a text that looks like JSON stays a text', async () => {
		const paging: CursorPaging = { ...CURSOR, in: 'body', cursorIn: 'body' };
		const { asked } = await read(
			paging,
			[page('ab', { next: '{"id":"b"}' }), page('cd', { next: { id: 'd' } }), page('e')],
			{ method: 'POST' },
		);
		expect(asked.map(({ body }) => JSON.parse(body?.text ?? '') as object)).toEqual([
			{ limit: 2 },
			{ limit: 2, cursor: '{"id":"b"}' },
			{ limit: 2, cursor: { id: 'd' } },
		]);
	});

	test('goes into a header', async () => {
		const { asked } = await read({ ...CURSOR, cursorIn: 'header', cursorParameter: 'X-After' }, [
			page('ab', { next: 'n' }),
			page('c'),
		]);
		expect(asked.map(({ headers }) => headers)).toEqual([{}, { 'X-After': 'n' }]);
	});

	test('that comes again is a circle', async () => {
		const replies = [page('ab', { next: 'x' }), page('cd', { next: 'y' }), page('ef', { next: 'x' })];
		expect(await read(CURSOR, replies)).toMatchObject({
			ids: 'abcdef',
			reasons: ['page 3 of "users" leads back to a page that was read'],
			proven: false,
		});
	});

	test.each<[what: string, next: unknown, proven: boolean]>([
		['without one', null, true],
		['with the one that led there', 'x', true],
		['with a new one', 'y', false],
	])('ends with an empty page %s, proven: %s %s', async (_what, next, proven) => {
		expect(await read(CURSOR, [page('ab', { next: 'x' }), page('', { next })])).toMatchObject({
			ids: 'ab',
			reasons: [],
			proven,
		});
	});

	test.each<[what: string, cursors: unknown[]]>([
		['an offset', [2, 4]],
		['an offset as text', ['2', '4']],
		['a page number', [2, 3]],
	])('that is %s only counts, so the end proves nothing', async (_what, [one, two]) => {
		const replies = [page('ab', { next: one }), page('cd', { next: two }), page('e', { next: null })];
		expect(await read(CURSOR, replies)).toMatchObject({ ids: 'abcde', proven: false, reasons: [] });
	});

	test('that grows by the page size, though rows are left out, counts too', async () => {
		const replies = [page('abc', { next: 5 }), page('de', { next: 9 }), page('f', { next: null })];
		expect(await read({ ...CURSOR, pageSize: 4 }, replies, { stops: { shortPage: false } })).toMatchObject({
			ids: 'abcdef',
			proven: false,
		});
	});

	test('with a row that came before shows that rows moved', async () => {
		expect(await read(CURSOR, [page('ab', { next: 'x' }), page('bc')])).toMatchObject({ ids: 'abbc', proven: false });
	});

	test('that goes on though the announced total is reached leaves doubts', async () => {
		expect(await read(CURSOR, [page('ab', { next: 'x', total: 2 })], { stops: TOTAL })).toMatchObject({
			proven: false,
			reasons: [],
		});
		expect(await read(CURSOR, [page('ab', { total: 2 })], { stops: TOTAL })).toMatchObject({ proven: true });
	});

	test.each<[what: string, first: unknown, stops: Stops, said: string]>([
		[
			'its flag',
			page('ab', { more: true }),
			{ shortPage: true, hasMore: { in: 'body', path: 'more' } },
			'its has-more flag',
		],
		['a link', page('ab', { meta: { next_page: 2 } }), { shortPage: true }, 'its field "meta.next_page"'],
		['a header', json(page('ab'), 200, { link: '</b>; rel="next"' }), { shortPage: true }, 'its header Link'],
		['a link, on a short page', page('a', { nextLink: '/b' }), { shortPage: true }, 'its field "nextLink"'],
	])('that is nowhere though %s says more is a wrong path and no end', async (_what, first, stops, said) => {
		const reading = await read({ ...CURSOR, cursor: { in: 'body', path: 'wrong' } }, [first], { stops });
		expect(reading.proven).toBe(false);
		expect(reading.reasons).toEqual([
			`page 1 of "users" leads to no next one, though ${said} says that there are more`,
		]);
	});
});

describe('a next link', () => {
	test('is followed as it is, relative ones too, and its absence proves the end', async () => {
		const replies = [
			page('ab', { next: '/users?after=b%26' }),
			page('c', { next: 'https://hr.example.com/users?after=c' }),
			page('d'),
		];
		const { asked, ...reading } = await read(LINK, replies);
		expect(reading).toMatchObject({ ids: 'abcd', proven: true });
		expect(asked.map(({ url }) => url)).toEqual([
			'https://hr.example.com/users',
			'https://hr.example.com/users?after=b%26',
			'https://hr.example.com/users?after=c',
		]);
	});

	test('stands in the header Link', async () => {
		const first = json(page('ab'), 200, { link: '<https://hr.example.com/users?after=b>; rel="next"' });
		expect(await read({ ...LINK, nextPath: null }, [first, page('c')])).toMatchObject({ ids: 'abc', proven: true });
	});

	test('leads on from an empty page, because the link alone says that more follow', async () => {
		expect(await read(LINK, [page('', { next: '/users?after=b' }), page('a')])).toMatchObject({ ids: 'a', pages: 2 });
	});

	test('that counts on and on ends with an empty page', async () => {
		expect(
			await read(LINK, [page('ab', { next: '/users?page=2' }), page('', { next: '/users?page=3' })]),
		).toMatchObject({
			ids: 'ab',
			pages: 2,
			reasons: [],
			proven: false,
		});
	});

	test.each<[link: string, proven: boolean]>([
		['/users?after=b', true],
		['/users?$skiptoken=xyz&$top=2', true],
		['/users?page=2', false],
		['/users?limit=2&offset=2', false],
		['/users?page=2&sort=id', false],
		['/users?$skip=2&$top=2&$select=id', false],
		['/users?page[number]=2', false],
		['/users/2', false],
		['/users?limit=2&cursor=abc', true],
	])('%s proves the end: %s', async (next, proven) => {
		expect(await read(LINK, [page('ab', { next }), page('c')])).toMatchObject({ ids: 'abc', proven });
	});

	test('back to a page that was read is a circle', async () => {
		const replies = [
			page('ab', { next: '/users?after=b' }),
			page('cd', { next: '/users?after=d' }),
			page('ef', { next: '/users?after=b' }),
		];
		expect(await read(LINK, replies)).toMatchObject({
			reasons: ['page 3 of "users" leads back to a page that was read'],
		});
	});

	test('to another server is refused, or followed without the credential where the builder allows it', async () => {
		const first = page('ab', { next: 'https://other.example.com/users' });
		await expect(read(LINK, [first])).rejects.toThrow('leads to another server, https://other.example.com');
		const { asked } = await read(LINK, [first, page('c')], { calling: { allowedHosts: ['other.example.com'] } });
		expect(asked.map(({ withCredential }) => withCredential)).toEqual([true, false]);
	});
});

describe('the steps of a reading', () => {
	test('are refused for a path that would be run', () => {
		expect(() => stepperOf({ ...CURSOR, cursor: { in: 'body', path: 'a[?(@.b)]' } }, 'users', [])).toThrow(
			'scripts are not run',
		);
		expect(() => stepperOf({ ...LINK, nextPath: '__proto__' }, 'users', [])).toThrow(
			'names something that is no field',
		);
	});
});
