import { compilePlace, compileSigns, saysMoreFollows, toCount, type PageReply } from '../../../lib/hcm/stops';

const reply = (body: unknown, headers: Record<string, string> = {}, status = 200): PageReply => ({
	body,
	headers,
	status,
});

describe('a place of a reply', () => {
	test('is a path of the body, or a header in whatever case', () => {
		expect(compilePlace({ in: 'body', path: 'meta.total' })(reply({ meta: { total: 3 } }))).toBe(3);
		expect(compilePlace({ in: 'header', path: ' X-Total-Count ' })(reply([], { 'x-total-count': '3' }))).toBe('3');
		expect(compilePlace({ in: 'header', path: 'constructor' })(reply([]))).toBeUndefined();
	});

	test('is none where none is entered', () => {
		for (const place of [
			undefined,
			{ in: 'body', path: '' },
			{ in: 'body', path: ' ' },
			{ in: 'header', path: '' },
		] as const)
			expect(compilePlace(place)(reply({ a: 1 }))).toBeUndefined();
	});
});

describe('a count', () => {
	test.each<[value: unknown, count: number | null]>([
		[0, 0],
		[7, 7],
		['7', 7],
		[' 12 ', 12],
		['007', 7],
		[-1, null],
		['-1', null],
		[1.5, null],
		['1.5', null],
		['1e3', null],
		['1,000', null],
		['', null],
		['many', null],
		['9'.repeat(400), null],
		[NaN, null],
		[true, null],
		[null, null],
		[undefined, null],
		[[3], null],
	])('of %j is %j', (value, count) => {
		expect(toCount(value)).toBe(count);
	});
});

describe('the signs of a reply', () => {
	const moreOf = compileSigns({ hasMore: { in: 'body', path: 'more' }, shortPage: true });

	test.each<[value: unknown, more: boolean | null]>([
		[true, true],
		[false, false],
		[1, true],
		[0, false],
		['true', true],
		['False', false],
		[' YES ', true],
		['no', false],
		['y', true],
		['n', false],
		['1', true],
		['0', false],
		[2, null],
		['', null],
		['maybe', null],
		[null, null],
		[undefined, null],
		[{}, null],
	])('has-more as %j is %j', (value, more) => {
		expect(moreOf(reply({ more: value })).hasMore).toBe(more);
	});

	test('are read from body and headers, and none is guessed', () => {
		const signs = compileSigns({
			total: { in: 'header', path: 'X-Total' },
			pages: { in: 'body', path: 'meta.pages' },
			shortPage: true,
			when: ({ status, body }) => status === 206 && body !== undefined,
		});
		expect(signs(reply({ meta: { pages: '4' } }, { 'x-total': '31' }, 206))).toEqual({
			total: 31,
			pages: 4,
			hasMore: null,
			last: true,
		});
		expect(signs(reply(undefined, {}, 204))).toEqual({ total: null, pages: null, hasMore: null, last: false });
	});
});

describe('a list that is called once says that more follow', () => {
	const LINK = '<https://hr.example.com/users?page=2>; rel="next"';

	test.each<[what: string, body: unknown, headers: Record<string, string>, said: string]>([
		['by a link header', [], { link: LINK }, 'its header Link'],
		[
			'by a link header without quotes, after others',
			[],
			{ link: `</a>; rel=prev, </b>; rel=next` },
			'its header Link',
		],
		['by a next link', { next: 'https://x' }, {}, 'its field "next"'],
		['by OData’s next link', { value: [], '@odata.nextLink': 'x' }, {}, 'its field "@odata.nextLink"'],
		['by OData 2’s next link', { d: { results: [], __next: 'x' } }, {}, 'its field "d.__next"'],
		['by HAL’s next link', { _links: { next: { href: '/x' } } }, {}, 'its field "_links.next"'],
		['by the number of the next page', { meta: { next_page: 2 } }, {}, 'its field "meta.next_page"'],
		['by a cursor', { pagination: { next_cursor: 'abc' } }, {}, 'its field "pagination.next_cursor"'],
		['by a flag', { has_more: true }, {}, 'its field "has_more"'],
		['by a flag as text', { hasMore: 'true' }, {}, 'its field "hasMore"'],
		['by a total', { total: 11 }, {}, 'its field "total"'],
		['by a total as text', { totalCount: '11' }, {}, 'its field "totalCount"'],
	])('%s', (_what, body, headers, said) => {
		expect(saysMoreFollows(reply(body, headers), 10)).toBe(said);
	});

	test.each<[what: string, body: unknown, headers: Record<string, string>]>([
		['nothing', [{ id: 1 }], {}],
		['another link', [], { link: '</a>; rel="prefetch-next", </b>; rel="prev"; title="next"' }],
		['an empty next link', { next: '', nextLink: null, next_page: 0, nextPage: false }, {}],
		['an empty next link of HAL', { _links: { next: { href: '' } } }, {}],
		['flags that say no', { has_more: false, hasMore: 'no' }, {}],
		['a total of just these', { total: 10 }, {}],
		['a total one step inside, which may count anything', { summary: { total: 5000 } }, {}],
		['a record that has a field called next', { results: [{ next: 'x', total: 99 }] }, {}],
		['no body', undefined, {}],
	])('never by %s', (_what, body, headers) => {
		expect(saysMoreFollows(reply(body, headers), 10)).toBeUndefined();
	});
});
