/** Requests with places: no value of a record can be more than a value. */
import fc from 'fast-check';
import { addressOf } from '../../../lib/hcm/origin';
import { readXml } from '../../../lib/hcm/replyXml';
import { buildRequest } from '../../../lib/hcm/request';
import {
	fillHeader,
	fillJson,
	fillText,
	fillUrl,
	fillValue,
	placesOf,
	TemplateError,
	type Scope,
} from '../../../lib/hcm/template';
import type { RequestTemplate, Variables } from '../../../lib/hcm/types';

const VARIABLES: Variables = {
	preset: { tenant: 'acme', host: 'wd5.example.com', port: 'hr.example.com:8443', empty: '' },
	credential: { company: 'C-1', odd: 'a/b' },
	since: '2026-01-01T00:00:00Z',
};
const scope = (record?: unknown, changes: Partial<Scope> = {}): Scope => ({ record, variables: VARIABLES, ...changes });
const request = (changes: Partial<RequestTemplate>): RequestTemplate => ({
	method: 'POST',
	url: 'https://hr.example.com/users',
	query: [],
	headers: [],
	body: { type: 'none' },
	...changes,
});

/** What people who want harm, or have odd names, would put into a field. */
const hostile = fc.oneof(
	fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
	fc.constantFrom(
		...[
			'..',
			'.',
			'../admin',
			'%2e%2e%2f',
			'/',
			'\\..\\',
			'//evil.example',
			'?admin=1',
			'#x',
			'&a=b',
			'a=b',
			'+',
			'%',
			'%00',
		],
		...[
			'https://evil.example/',
			'@evil.example',
			';v=1',
			"x')/Other('y",
			'"',
			'\\',
			'\\"',
			'","admin":true,"x":"',
			'1,2',
			'1],[2',
		],
		...[
			'true',
			'null',
			'1e3',
			'-0',
			'01',
			'{id}',
			'{credential.company}',
			'$&',
			'$1',
			'</c><admin/>',
			']]>',
			'<!--',
			'&amp;',
			'&x;',
		],
		...['a\r\nX-Admin: 1', '\t', '\n', '\u0000', '\u0085', '\u2028', '\ud800', '\ufffe', 'Zoë', '名前', '__proto__'],
	),
);

describe('the places of a text', () => {
	test.each<[text: string, places: string[]]>([
		['/users/{id}', ['id']],
		['{a}{b.c}', ['a', 'b.c']],
		[
			'{preset.tenant}/{credential.company}/{since}/{paging.page}',
			['preset.tenant', 'credential.company', 'since', 'paging.page'],
		],
		[
			'{phones[0].number} {@type} {$count} {_id} {naïve} {work-mail}',
			['phones[0].number', '@type', '$count', '_id', 'naïve', 'work-mail'],
		],
		['{"a": {"b": 1}} { id } {} {1} {"x"} { color: red; } {a b}', []],
		['{{id}}', ['id']],
	])('%j are %j', (text, places) => {
		expect(placesOf(text)).toEqual(places);
	});
});

describe('a place stands for', () => {
	test.each<[template: string, filled: string]>([
		['{id}', '17'],
		['{name.family}', 'Meier'],
		['{phones[0]}', '030'],
		['{active}', 'false'],
		['{zero}', '0'],
		['{preset.tenant}', 'acme'],
		['{credential.company}', 'C-1'],
		['{since}', '2026-01-01T00:00:00Z'],
		['{paging.offset}', '0'],
		['{id}-{id}', '17-17'],
		['no place', 'no place'],
	])('%s: %j', (template, filled) => {
		const record = { id: 17, name: { family: 'Meier' }, phones: ['030'], active: false, zero: 0 };
		expect(fillValue(template, scope(record, { paging: { offset: '0' } }))).toBe(filled);
	});

	test.each<[template: string, message: RegExp]>([
		['{gone}', /the record has no "gone"/],
		['{empty}', /the record has no "empty"/],
		['{nothing}', /the record has no "nothing"/],
		['{name}', /"name" of the record is a list or an object/],
		['{list}', /"list" of the record is a list or an object/],
		['{preset.gone}', /\{preset.gone\} has no value/],
		['{preset.empty}', /\{preset.empty\} has no value/],
		['{preset.toString}', /\{preset.toString\} has no value/],
		['{credential.gone}', /\{credential.gone\} has no value/],
		['{paging.page}', /\{paging.page\} has no value/],
		['{__proto__}', /names no field/],
		['{name.constructor}', /names no field/],
	])('nothing, so %s is refused', (template, message) => {
		const record = { empty: '', nothing: null, name: {}, list: [1] };
		for (const fill of [fillValue, fillHeader, fillUrl, fillJsonText])
			expect(() => fill(template, scope(record))).toThrow(TemplateError);
		expect(() => fillValue(template, scope(record))).toThrow(message);
	});

	test('nothing where there is no record, and no date, each with its own advice', () => {
		expect(() => fillValue('{id}', scope())).toThrow('{id} stands for nothing');
		const undated = { variables: { preset: {}, credential: {} } };
		expect(() => fillValue('{since}', undated)).toThrow('{since} has no date yet');
		expect(fillValue('{since}', { ...undated, record: { since: 'own' } })).toBe('own');
	});

	test('a value once: a value that looks like a place is not filled again', () => {
		const record = { id: '{credential.company}' };
		expect(fillValue('x{id}', scope(record))).toBe('x{credential.company}');
		expect(fillJson({ a: '{id}', b: 'x{id}' }, scope(record))).toEqual({ a: record.id, b: `x${record.id}` });
	});
});

const fillJsonText = (template: string, within: Scope) => fillText(`"x${template}"`, 'application/json', within);

describe('the host of a URL', () => {
	test.each([
		['https://{preset.host}/x', 'https://wd5.example.com/x'],
		['https://{preset.port}/x', 'https://hr.example.com:8443/x'],
		['https://{preset.tenant}.example.com', 'https://acme.example.com'],
	])('%s is what the builder entered', (template, url) => {
		expect(fillUrl(template, scope())).toBe(url);
	});

	test('is never a record’s', () => {
		for (const template of [
			'https://{id}/x',
			'https://{id}.example.com',
			'https://x@{id}/',
			'https://hr.example.com{id}',
			'HTTPS:{id}',
		])
			expect(() => fillUrl(template, scope({ id: 'evil' }))).toThrow('stands in the host of the URL');
	});

	test('is a name and nothing more', () => {
		expect(() => fillUrl('https://{credential.odd}/x', scope())).toThrow('is no name of a host');
		expect(() => fillUrl('https://{preset.x}/', { variables: { credential: {}, preset: { x: 'a@b' } } })).toThrow(
			TemplateError,
		);
	});
});

describe('a hostile value', () => {
	test('in an address is one segment and one query value, and changes nothing else', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				const template = request({
					url: 'https://hr.example.com/v1/u-{id}/x?a={id}&b=1',
					query: [
						['c', '{id}'],
						['d', '2'],
					],
				});
				const url = new URL(addressOf(buildRequest(template, scope({ id }))));
				const text = id.toWellFormed();
				expect(url.origin).toBe('https://hr.example.com');
				expect(url.username + url.password + url.hash).toBe('');
				expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', `u-${text}`, 'x']);
				expect([...url.searchParams]).toEqual([
					['a', text],
					['b', '1'],
					['c', text],
					['d', '2'],
				]);
			}),
			{ numRuns: 1000 },
		);
	});

	test('alone in a segment is that segment, or is refused where it means another folder', () => {
		fc.assert(
			fc.property(hostile, hostile, (id, other) => {
				const build = () => fillUrl('https://hr.example.com/users/{id}{other}/groups/{id}', scope({ id, other }));
				if (['.', '..'].includes(id) || id + other === '..') {
					expect(build).toThrow(TemplateError);
					return;
				}
				const segments = new URL(build()).pathname.split('/').map(decodeURIComponent);
				const text = id.toWellFormed();
				expect(segments).toEqual(['', 'users', text + other.toWellFormed(), 'groups', text]);
			}),
			{ numRuns: 1000 },
		);
	});

	test('cannot end a quoted key of OData', () => {
		const url = fillUrl("https://hr.example.com/Users('{id}')", scope({ id: "x')/Other('y" }));
		expect(url).toBe("https://hr.example.com/Users('x%27%29%2FOther%28%27y')");
	});

	test('of one or two points is refused in the path and harmless in the query', () => {
		expect(fillUrl('https://hr.example.com/users?initial={id}', scope({ id: '..' }))).toBe(
			'https://hr.example.com/users?initial=..',
		);
		expect(() => fillUrl('https://hr.example.com/{id}?a=1', scope({ id: '..' }))).toThrow('leads to another address');
	});

	test.each(['.{id}', '%2e{id}', '{id}{id}', '{id}'])(
		'of one point cannot make a folder above out of %s',
		(segment) => {
			expect(() => fillUrl(`https://hr.example.com/a/${segment}/b`, scope({ id: '.' }))).toThrow(TemplateError);
		},
	);

	test('in a header is a value of one line, or is refused', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				if (/[\u0000-\u001f\u007f]/.test(id))
					expect(() => fillHeader('Bearer {id}', scope({ id }))).toThrow(TemplateError);
				else expect(fillHeader('Bearer {id}', scope({ id }))).toBe(`Bearer ${id}`);
			}),
		);
	});

	test('in a JSON body is a text where it stands', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				const value = { filter: { id: '{id}', like: '%{id}%' }, list: ['{id}'], n: 1, no: null };
				const { body } = buildRequest(request({ body: { type: 'json', value } }), scope({ id }));
				const filter = { id, like: `%${id}%` };
				expect(JSON.parse(body?.text ?? '')).toEqual({ filter, list: [id], n: 1, no: null });
			}),
		);
	});

	test('in JSON typed as text is one value, in quotes and outside of them', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				const template = '{"a": "x {id} \\"{id}\\"", "n": {id}, "l": [{id}, 2], "{id}k": {"b": true}}';
				const filled = JSON.parse(fillText(template, 'application/scim+json', scope({ id }))) as Record<
					string,
					unknown
				>;
				let outside: unknown = id;
				if (/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(id)) outside = JSON.parse(id);
				expect(filled).toEqual({ a: `x ${id} "${id}"`, n: outside, l: [outside, 2], [`${id}k`]: { b: true } });
			}),
			{ numRuns: 1000 },
		);
	});

	test('in XML is text or an attribute’s value, or is refused where XML has no such character', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				const template = '<a b="[{id}]" d=\'[{id}]\'><c>[{id}]</c><e/></a>';
				const build = () =>
					buildRequest(
						request({ body: { type: 'xml', text: template, contentType: 'application/soap+anything' } }),
						scope({ id }),
					);

				if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(id)) {
					expect(build).toThrow(TemplateError);
					return;
				}
				const text = `[${id.toWellFormed()}]`;
				expect(readXml(build().body?.text ?? '')).toEqual({ a: { '@b': text, '@d': text, c: text, e: '' } });
			}),
			{ numRuns: 1000 },
		);
	});

	test('in a form is one field’s value, typed as a form or as text', () => {
		fc.assert(
			fc.property(hostile, (id) => {
				const form = buildRequest(
					request({
						body: {
							type: 'form',
							fields: [
								['a', '{id}'],
								['b', '1'],
							],
						},
					}),
					scope({ id }),
				);
				const raw = fillText('a={id}&b=1', 'application/x-www-form-urlencoded', scope({ id }));
				for (const text of [form.body?.text ?? '', raw])
					expect([...new URLSearchParams(text)]).toEqual([
						['a', id.toWellFormed()],
						['b', '1'],
					]);
			}),
		);
	});

	test('in any other text stays on its line', () => {
		expect(fillText('{id};x', 'text/csv', scope({ id: 'a' }))).toBe('a;x');
		expect(() => fillText('{id};x', 'text/csv', scope({ id: 'a\nb' }))).toThrow('line break');
	});
});

describe('a JSON body', () => {
	test('keeps the type of a value that is the whole text', () => {
		const record = { n: 17, yes: true, list: [1, 2], inner: { a: 1 } };
		expect(
			fillJson({ n: '{n}', yes: '{yes}', list: '{list}', inner: '{inner}', text: 'no {n}' }, scope(record)),
		).toEqual({
			...record,
			text: 'no 17',
		});
	});

	test('fills no names of fields, and leaves other values as they are', () => {
		const body: unknown = JSON.parse('{"{n}": 1, "__proto__": {"a": "{n}"}, "x": [null, true, 2]}');
		expect(JSON.stringify(fillJson(body, scope({ n: 5 })))).toBe('{"{n}":1,"__proto__":{"a":5},"x":[null,true,2]}');
	});

	test('takes what paging gives as a number where it stands outside of quotes', () => {
		const paging = { offset: '100', limit: '50' };
		expect(
			fillText('{"skip": {paging.offset}, "limit": {paging.limit}}', 'application/json', scope(undefined, { paging })),
		).toBe('{"skip": 100, "limit": 50}');
	});

	test('keeps line breaks of an address in XML, as references', () => {
		expect(fillText('<a>{id}</a>', 'text/xml', scope({ id: 'Street 1\r\nTown' }))).toBe(
			'<a>Street 1&#13;&#10;Town</a>',
		);
	});
});
