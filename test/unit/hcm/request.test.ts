import { buildRequest } from '../../../lib/hcm/request';
import { TemplateError } from '../../../lib/hcm/template';
import type { BodyTemplate, Placed, RequestTemplate } from '../../../lib/hcm/types';
import { PathError } from '../../../lib/json/path';

const NOBODY = { variables: { preset: {}, credential: {} } };
const template = (changes: Partial<RequestTemplate> = {}): RequestTemplate => ({
	method: 'GET',
	url: ' https://hr.example.com/users ',
	query: [],
	headers: [],
	body: { type: 'none' },
	...changes,
});
const build = (changes: Partial<RequestTemplate>, ...placed: Placed[]) =>
	buildRequest(template(changes), NOBODY, placed);
const inQuery = (name: string, value: unknown): Placed => ({ in: 'query', name, value });
const inBody = (name: string, value: unknown): Placed => ({ in: 'body', name, value });

describe('a request', () => {
	test('is as it was written where nothing is placed', () => {
		expect(
			build({
				query: [
					['a', '1'],
					['a', '2'],
				],
				headers: [['Accept', 'x']],
			}),
		).toEqual({
			method: 'GET',
			url: 'https://hr.example.com/users',
			query: [
				['a', '1'],
				['a', '2'],
			],
			headers: { Accept: 'x' },
			withCredential: true,
		});
	});

	test('has what paging places instead of a parameter of the same name', () => {
		const { query } = build(
			{
				query: [
					['limit', '5'],
					['a', '1'],
					['limit', '6'],
				],
			},
			inQuery('limit', '100'),
			inQuery('skip', '0'),
		);
		expect(query).toEqual([
			['a', '1'],
			['limit', '100'],
			['skip', '0'],
		]);
	});

	test.each([
		['https://h/u?page=1', 'https://h/u'],
		['https://h/u?a=1&page=1&b=%20', 'https://h/u?a=1&b=%20'],
		['https://h/u?page=1&page=2', 'https://h/u'],
		['https://h/u?%70age=1&a', 'https://h/u?a'],
		['https://h/u?pages=1', 'https://h/u?pages=1'],
		['https://h/u?a=page', 'https://h/u?a=page'],
		['https://h/u?', 'https://h/u?'],
	])('has one page number where %s was pasted', (url, left) => {
		const request = build({ url }, inQuery('page', '2'));
		expect(request.url).toBe(left);
		expect(request.query).toEqual([['page', '2']]);
	});

	test('has a placed header instead of one of the same name, in whatever case', () => {
		const { headers } = build(
			{
				headers: [
					['X-Cursor', 'a'],
					['Accept', 'b'],
				],
			},
			{ in: 'header', name: 'x-cursor', value: 'next' },
		);
		expect(headers).toEqual({ Accept: 'b', 'x-cursor': 'next' });
	});

	test('writes a cursor that is no text as JSON', () => {
		expect(build({}, inQuery('after', [1, 'a'])).query).toEqual([['after', '[1,"a"]']]);
	});
});

describe('a body', () => {
	const textOf = (body: BodyTemplate, ...placed: Placed[]) => build({ method: 'POST', body }, ...placed).body;

	test('is none where there is none and nothing is placed', () => {
		expect(textOf({ type: 'none' })).toBeUndefined();
	});

	test('takes what is placed at any place of a JSON body, numbers as numbers', () => {
		const value = { page: { limit: 1, keep: true }, list: [1] };
		expect(
			textOf({ type: 'json', value }, inBody('page.limit', 100), inBody("['a.b']", 'x'), inBody('list[1]', 2)),
		).toEqual({
			text: '{"page":{"limit":100,"keep":true},"list":[1,2],"a.b":"x"}',
			contentType: 'application/json',
		});
	});

	test('is made where there was none', () => {
		expect(textOf({ type: 'none' }, inBody('paging.skip', 0))?.text).toBe('{"paging":{"skip":0}}');
	});

	test('of a form has one field of each placed name', () => {
		const fields = [
			['page', '1'],
			['a', 'b c'],
		] as const;
		expect(textOf({ type: 'form', fields }, inBody('page', 2))).toEqual({
			text: 'a=b+c&page=2',
			contentType: 'application/x-www-form-urlencoded',
		});
	});

	test.each(['xml', 'raw'] as const)('of %s cannot be placed into, and says what to do', (type) => {
		const body = { type, text: '<a/>', contentType: 'text/xml' };
		expect(textOf(body)).toEqual({ text: '<a/>', contentType: 'text/xml' });
		expect(() => textOf(body, inBody('a', 1))).toThrow(TemplateError);
	});

	test('refuses a place that is none', () => {
		expect(() => textOf({ type: 'json', value: {} }, inBody('a[*]', 1))).toThrow(PathError);
		expect(() => textOf({ type: 'json', value: {} }, inBody('__proto__.x', 1))).toThrow(PathError);
		expect(() => textOf({ type: 'json', value: { a: [] } }, inBody('a.b', 1))).toThrow(PathError);
	});

	test('is the builder’s own for each call: the template stays as it was', () => {
		const value = { a: { b: 1 } };
		textOf({ type: 'json', value }, inBody('a.b', 2));
		expect(value).toEqual({ a: { b: 1 } });
	});
});
