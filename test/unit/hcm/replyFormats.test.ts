import fc from 'fast-check';
import { FormatFault } from '../../../lib/hcm/formatFault';
import { chooseFormat, readBody, readJson } from '../../../lib/hcm/replyFormats';
import type { ReplyFormat } from '../../../lib/hcm/types';

function fault(body: string, contentType = '', format: ReplyFormat = 'auto'): FormatFault {
	try {
		readBody(body, contentType, format);
	} catch (error) {
		if (error instanceof FormatFault) return error;
		throw error;
	}
	throw new Error('The body was taken.');
}

const xml = (body: string) => readBody(body, 'application/xml', 'auto');
const csv = (body: string) => readBody(body, 'text/csv', 'auto');

describe('the format of a reply', () => {
	test.each<[contentType: string, body: string, format: string]>([
		['application/json', '{}', 'json'],
		['application/scim+json', '[]', 'json'],
		['', '{}', 'json'],
		['text/plain', '[]', 'json'],
		['text/html', '{}', 'json'],
		['application/xml', '<a/>', 'xml'],
		['application/soap+xml', '<a/>', 'xml'],
		['', '<a/>', 'xml'],
		['application/json', '<a/>', 'xml'],
		['application/xml', '{}', 'json'],
		['text/csv', 'a,b', 'csv'],
		['text/csv; charset=utf-8', '{a},b', 'csv'],
		['application/csv', 'a', 'csv'],
		['text/tab-separated-values', 'a', 'csv'],
		['text/plain', 'a,b', 'json'],
	])('labelled %j with the body %j is %s', (contentType, body, format) => {
		expect(chooseFormat(body, contentType)).toBe(format);
	});

	test.each<[format: ReplyFormat, body: string, words: string]>([
		['json', '<a/>', 'the reply is XML and not JSON'],
		['csv', '<a/>', 'the reply is XML and not CSV'],
		['xml', '{"a":1}', 'the reply is JSON and not XML'],
		['xml', 'a,b', 'the reply is something else and not XML'],
	])('%s chosen by the builder refuses %j', (format, body, words) => {
		expect(fault(body, '', format)).toMatchObject({ reason: words, cut: false });
	});

	test.each<[ReplyFormat, string]>([
		['auto', '<!DOCTYPE html><title>Sign in</title>'],
		['json', '<html><input type="password"></html>'],
		['xml', '<?xml version="1.0"?>\n<!-- x --><!doctype HTML><form><input type=password></form>'],
		['csv', '<html><title>Company - Log in</title>'],
	])('%s takes no login page for data: %s', (format, body) => {
		expect(fault(body, '', format).reason).toBe('the server sent a login page, a web page instead of data');
	});

	test('is no web page where XML only speaks of one', () => {
		expect(xml('<a><html>x</html></a>')).toEqual({ a: { html: 'x' } });
		expect(readBody('<?xml version="1.0"?><a/>', 'text/html', 'auto')).toEqual({ a: '' });
		expect(fault('<p>Hello</p>', 'text/html').reason).toBe('the server sent a web page instead of data');
	});

	test('is found fast in a page of nothing but comments', () => {
		expect(fault(`${'<!---->'.repeat(50_000)}<html>`).reason).toContain('web page');
		expect(fault('<!--'.repeat(50_000)).cut).toBe(true);
	});
});

describe('JSON', () => {
	test.each<[source: string, value: unknown]>([
		['999999999999999', 999_999_999_999_999],
		['1234567890123456', '1234567890123456'],
		['-1234567890123456', '-1234567890123456'],
		['9007199254740993', '9007199254740993'],
		['92233720368547758079223372036854775807', '92233720368547758079223372036854775807'],
		['1.5', 1.5],
		['1e3', 1000],
		['0.1', 0.1],
		['0.30000000000000004', 0.30000000000000004],
		['1234567.1234567891234', '1234567.1234567891234'],
		['0.12345678901234567890', '0.12345678901234567890'],
		['12345678901234.50', 12_345_678_901_234.5],
		['0.0000000000000000', 0],
		['1.00000000000000000', 1],
		['1e400', '1e400'],
		['-1E+400', '-1E+400'],
		['1e100', 1e100],
		['"1234567890123456789"', '1234567890123456789'],
		['"5e1234"', '5e1234'],
	])('number %s arrives as %j', (source, value) => {
		expect(readJson(`{"id": ${source}, "list": [${source},${source}]}`)).toEqual({ id: value, list: [value, value] });
		expect(readJson(source)).toEqual(value);
	});

	test('is what JSON says, but for long numbers', () => {
		const json = fc.jsonValue().filter((value) => !/[\d.]{16}|e/.test(JSON.stringify(value)));
		fc.assert(
			fc.property(json, (value) => {
				const text = JSON.stringify(value);
				expect(readJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	test('has every whole number digit by digit', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (number) => {
				expect(String((readJson(`[${number}]`) as unknown[])[0])).toBe(String(number));
			}),
		);
	});

	test('has no decimal with other digits than it was sent with', () => {
		const digits = (text: string) => text.replace(/^-?0*|\.|0+$/g, '').replace(/^0+/, '');
		fc.assert(
			fc.property(fc.stringMatching(/^[1-9]\d{0,12}\.\d{1,20}$/), (source) => {
				const [value] = readJson(`[${source}]`) as unknown[];
				const shown = String(value);
				if (!shown.includes('e')) expect(digits(shown.includes('.') ? shown : `${shown}.0`)).toBe(digits(source));
			}),
		);
	});

	test('with a field called __proto__ changes no object', () => {
		const value = readJson('{"__proto__": {"polluted": 1}, "n": 1234567890123456789}') as object;
		expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});

	test('cut off at any place is never taken for a whole one', () => {
		const whole = JSON.stringify({ results: [{ id: 1, name: 'a]}' }, { id: 22 }], total: 2 });
		for (let length = 1; length < whole.length; length += 1)
			expect(() => readJson(whole.slice(0, length))).toThrow(FormatFault);
	});
});

describe('XML', () => {
	test.each<[string, unknown]>([
		['<a/>', { a: '' }],
		['<a>1</a>', { a: '1' }],
		['<a>007</a>', { a: '007' }],
		['<a>true</a>', { a: 'true' }],
		['<a> 1e5 </a>', { a: '1e5' }],
		['<a><b>1</b><b>2</b></a>', { a: { b: ['1', '2'] } }],
		['<a id="1" x:y="2">t</a>', { a: { '@id': '1', '@y': '2', '#text': 't' } }],
		[
			'<s:Envelope xmlns:s="urn:s" xmlns="urn:t"><s:Body><wd:Id>1</wd:Id></s:Body></s:Envelope>',
			{ Envelope: { Body: { Id: '1' } } },
		],
		['<?xml version="1.0"?><!-- c --><?pi x?><a>1</a>', { a: '1' }],
		['<a>x &lt; y &amp;amp; &quot;z&quot; &apos;</a>', { a: `x < y &amp; "z" '` }],
		['<a>M&#252;ller &#x1F600; &#xFC;</a>', { a: 'Müller 😀 ü' }],
		['<a t="&lt;&#65;"/>', { a: { '@t': '<A' } }],
		['<a><![CDATA[<b>&amp;</b>]]></a>', { a: '<b>&amp;</b>' }],
		['<a><![CDATA[<!DOCTYPE x>]]></a>', { a: '<!DOCTYPE x>' }],
	])('%s is read as %j', (body, value) => {
		expect(JSON.parse(JSON.stringify(xml(body)))).toEqual(value);
	});

	test.each([
		'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
		'<?xml version="1.0"?> <!-- --> <!doctype a><a/>',
		'<!DOCTYPE lolz [<!ENTITY l "lol"><!ENTITY l2 "&l;&l;">]><a>&l2;</a>',
		'<a><!DOCTYPE a [<!ENTITY x "y">]><b>&x;</b></a>',
	])('with a document type is refused: %s', (body) => {
		expect(() => xml(body)).toThrow(FormatFault);
		if (!body.startsWith('<a>')) expect(fault(body).reason).toContain('<!DOCTYPE>');
	});

	test.each(['&uuml;', '&x;', '&constructor;', '&#0;', '&#xD800;', '&#x110000;', '&#99999999;', '&toString;'])(
		'with the entity %s is refused, and nothing is made up for it',
		(entity) => {
			const error = fault(`<a>M${entity}ller</a>`);
			expect(error.reason).toContain(`names the entity ${entity}`);
			expect(error.cut).toBe(false);
		},
	);

	test('nested deeper than 100 is refused', () => {
		expect(() => xml(`${'<a>'.repeat(90)}${'</a>'.repeat(90)}`)).not.toThrow();
		expect(fault(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`).reason).toContain('nested more than 100 deep');
	});

	test.each(['__proto__', 'constructor', 'prototype'])('with an element called %s is refused', (name) => {
		expect(fault(`<a><${name}><polluted>1</polluted></${name}></a>`).reason).toContain('__proto__, constructor or');
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});

	test.each(['<a></b>', '<a/><b/>', '<a/><a/>', '<a b="1" b="2"/>', '<a>x & y</a>', '<1/>'])(
		'that is not well-formed is refused: %s',
		(body) => {
			expect(fault(body).cut).toBe(false);
		},
	);

	test('cut off at any place is never taken for a whole one', () => {
		const whole =
			'<?xml version="1.0"?><r:l xmlns:r="u"><p id="a>b"><n>x &amp; y</n><![CDATA[ ]]]></p><p/><!-- c --></r:l>';
		for (let length = 1; length < whole.length; length += 1)
			expect(() => readBody(whole.slice(0, length), 'application/xml', 'xml')).toThrow(FormatFault);
		expect(() => readBody(whole, 'application/xml', 'xml')).not.toThrow();
	});

	test('gives back any text that was written into it', () => {
		const text = fc.string({ unit: 'grapheme' }).map((value) => value.replace(/[^\x20-\ud7ff]/g, '').trim());
		const escape = (value: string) => value.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
		fc.assert(
			fc.property(text, text, (value, attribute) => {
				const read = xml(`<l><p a="${escape(attribute)}"><n>${escape(value)}</n></p></l>`);
				expect(read).toEqual({ l: { p: { '@a': attribute, n: value } } });
			}),
		);
	});
});

describe('CSV', () => {
	test.each<[string, unknown]>([
		[
			'id,name\n1,Ann\n2,Bob\n',
			[
				{ id: '1', name: 'Ann' },
				{ id: '2', name: 'Bob' },
			],
		],
		['id;name\r\n007;"A;B"\r\n', [{ id: '007', name: 'A;B' }]],
		['id\tname\n1\t', [{ id: '1', name: '' }]],
		['\ufeffid,name\n1,"line\nbreak ""x"""', [{ id: '1', name: 'line\nbreak "x"' }]],
		['"a;b;c",name\n1,2', [{ 'a;b;c': '1', name: '2' }]],
		['sep=;\r\nid;name,first\r\n1;x', [{ id: '1', 'name,first': 'x' }]],
		['id\n1\n\n2', [{ id: '1' }, { id: '2' }]],
		['id,name\n', []],
		[' id , name \n 1 ,x', [{ id: ' 1 ', name: 'x' }]],
	])('%j is read as %j', (body, rows) => {
		expect(csv(body)).toEqual(rows);
	});

	test.each<[body: string, words: string, cut: boolean]>([
		['id,name\n1,a\n2', 'line 3 of the CSV has 1 columns', false],
		['id,name\n1,a,b', 'line 2 of the CSV has 3 columns', false],
		['id,,x\n1,2,3', 'column 2 of the CSV has no name', false],
		['id,name,id \n1,2,3', 'two columns of the CSV are called "id"', false],
		['id,name\n1,"a', 'ends in the middle', true],
		['id,name\n1,a"b', 'line 2 of the CSV has quotation marks in the wrong place', false],
		['id,name\n1,"a"b', 'quotation marks in the wrong place', false],
	])('%j is refused: %s', (body, words, cut) => {
		const error = fault(body, 'text/csv');
		expect(error.reason).toContain(words);
		expect(error.cut).toBe(cut);
	});

	test('with a column called __proto__ changes no object', () => {
		const [row] = csv('__proto__,a\n1,2') as [object];
		expect(Object.entries(row)).toEqual([
			['__proto__', '1'],
			['a', '2'],
		]);
		expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
	});

	test('gives back every table that was written by the rules', () => {
		const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', ' ', 'ü', '{') });
		const table = fc
			.integer({ min: 1, max: 4 })
			.chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }));
		const quoted = (row: readonly string[], delimiter: string) =>
			row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter);
		fc.assert(
			fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
				const width = rows[0]?.length ?? 1;
				const names = Array.from({ length: width }, (_, index) => `column ${index}`);
				const body = [names, ...rows].map((row) => quoted(row, delimiter)).join('\r\n');
				expect(csv(body)).toEqual(
					rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
				);
			}),
		);
	});
});
