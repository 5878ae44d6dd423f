import fc from 'fast-check';
import { compileFormat, FormatError, isFormat } from '../../../lib/mapping/format';

const RECORD = Object.freeze({
	firstname: 'Ada',
	lastname: 'Lovelace',
	middle: 'Byron Noel-King',
	none: null,
	nothing: '',
	blanks: '  ',
	invisible: '\u200b\u202e\u0000',
	number: 42,
	zero: 0,
	yes: true,
	no: false,
	umlaut: 'Jürgen Groß',
	flag: '👩‍👩‍👧e\u0301x',
	phone: '+49 (30) 123-45',
	address: Object.freeze({ city: 'London', 'post code': 'N1' }),
	phones: Object.freeze(['1', '2']),
	'work.city': 'Paris',
});
const render = (format: string, language = '') => compileFormat(format)(RECORD, { language, country: '' });
const text = (value: string) => ({ kind: 'text', text: value });

describe('a format', () => {
	test.each([
		['Engineering', 'Engineering'],
		['', ''],
		['{{firstname}}', '{{firstname}}'],
		['$firstname costs $5', '$firstname costs $5'],
		['}', '}'],
		['${firstname}', 'Ada'],
		['${ firstname }', 'Ada'],
		['${firstname} ${lastname}', 'Ada Lovelace'],
		['${lastname}, ${firstname} (${number})', 'Lovelace, Ada (42)'],
		['${zero}', '0'],
		['${yes}', 'true'],
		['${no}', 'false'],
		['${address.city}', 'London'],
		["${address['post code']}", 'N1'],
		["${['work.city']}", 'Paris'],
		['${phones[1]}', '2'],
		['${phones.first}', '1'],
		['${phones | join: ";"}', '1;2'],
		['${"fixed"}', 'fixed'],
		['{% if yes %}a{% else %}b{% endif %}', 'a'],
		['{% if no %}a{% else %}b{% endif %}', 'b'],
		['{% if missing %}a{% else %}b{% endif %}', 'b'],
		['{% if firstname == "Ada" %}${lastname}{% endif %}', 'Lovelace'],
		['{% for one in phones %}<${one}>{% endfor %}', '<1><2>'],
	])('%j gives %j', (format, value) => {
		expect(render(format)).toEqual(text(value));
	});

	test.each([
		['${firstname | first_chars: 1}', 'A'],
		['${firstname | first_chars: 10}', 'Ada'],
		['${flag | first_chars: 1}', '👩‍👩‍👧'],
		['${flag | first_chars: 2}', '👩‍👩‍👧e\u0301'],
		['${firstname | last_chars: 2}', 'da'],
		['${firstname | last_chars: 10}', 'Ada'],
		['${flag | last_chars: 2}', 'e\u0301x'],
		['${middle | initials}', 'BNK'],
		['${phone | digits}', '493012345'],
		['${umlaut | ascii}', 'Jurgen Gross'],
		['${umlaut | sam}', 'JurgenGross'],
		['${number | ascii}', '42'],
		['${firstname | downcase | upcase}', 'ADA'],
		['${firstname | append: "!"}', 'Ada!'],
		['${firstname | downcase}.${lastname | downcase}@corp.example', 'ada.lovelace@corp.example'],
	])('with filters, %j, gives %j', (format, value) => {
		expect(render(format)).toEqual(text(value));
	});

	test('spells in the language that it is rendered in', () => {
		expect(render('${umlaut | ascii}', 'de')).toEqual(text('Juergen Gross'));
		expect(render('${umlaut | sam}', 'de')).toEqual(text('JuergenGross'));
		expect(render('${umlaut | ascii}', 'sv')).toEqual(text('Jurgen Gross'));
	});

	test.each([
		'${missing}',
		'${none}',
		'${nothing}',
		'${blanks}',
		'${address.country}',
		'${missing.deeper.still}',
		'${phones[5]}',
		'${missing | upcase}',
		'${missing | ascii}',
		'${missing | first_chars: 1}',
		'${phone | digits | first_chars: 0}',
		'${firstname | last_chars: 0}',
		'${none | default: ""}',
		'${firstname | append: "." | append: none}',
		'${firstname | prepend: nothing}',
		'${missing | append: "x"}',
		'${nothing | append: "x"}',
		'${number | plus: none | append: "x" | replace: "x", "" | first_chars: 0}',
		'${invisible}',
	])('with nothing to show for %j is empty, and names what is', (field) => {
		expect(render(field)).toEqual({ kind: 'empty', field });
		expect(render(`${'${firstname}'} ${field} ${'${lastname}'}`)).toEqual({ kind: 'empty', field });
	});

	test.each(['${missing | default: "x"}', '${none | default: "x"}', '${nothing | default: "x"}'])(
		'may have a default: %j',
		(format) => expect(render(format)).toEqual(text('x')),
	);

	test.each([
		'${address}',
		'${phones}',
		'${address | ascii}',
		'${address | sam}',
		'${phones | first_chars: 1}',
		'${phones | last_chars: 1}',
		'${address | initials}',
		'${address | digits}',
		'${address | default: "x"}',
		'${phones | sort}',
	])('that shows an object or a list, %j, is a fault with a hint', (field) => {
		const message = `${field} gives an object or a list; name one of its fields.`;
		expect(render(field)).toEqual({ kind: 'fault', message });
		expect(render(`${'${firstname}'} ${field}`)).toEqual({ kind: 'fault', message });
	});

	test.each([
		'upcase',
		'downcase',
		'capitalize',
		'strip',
		'append: "x"',
		'prepend: "x"',
		'replace: "a", "b"',
		'slice: 0, 5',
	])('never spells an object out, not by the filter %s', (filter) => {
		expect(render(`${'${address | '}${filter}}`).kind).toBe('fault');
	});

	test.each(['join: ";"', 'array_to_sentence_string', 'slice: 0, 1 | join'])(
		'never spells the objects of a list out, not by the filter %s',
		(filter) => {
			const format = compileFormat(`${'${list | '}${filter}}`);
			expect(format({ list: ['a'] })).toEqual(text('a'));
			expect(format({ list: [{ a: 1 }] }).kind).toBe('fault');
		},
	);

	test('gives the same on every day and in every time zone', () => {
		for (const filter of ['date: "%Y"', 'date_to_string'])
			for (const now of ['now', 'today'])
				expect(compileFormat(`${'${value | '}${filter}}`)({ value: now })).toMatchObject({ kind: 'fault' });
		const day = compileFormat('${day | date: "%Y-%m-%d"}');
		expect(day({ day: '2026-03-01' })).toEqual(text('2026-03-01'));
		expect(day({ day: '2026-03-01T00:30:00+14:00' })).toEqual(text('2026-03-01'));
		expect(() => compileFormat('${phones | sample}')).toThrow('undefined filter: sample');
	});

	test('shows a field by the spelling that its place asks for, and only the field', () => {
		const format = compileFormat('a,${value}{% if value %},b{% endif %}', (value) => value.replaceAll(',', '\\2C'));
		expect(format({ value: 'x,y' })).toEqual(text('a,x\\2Cy,b'));
	});

	test('that gives more than any attribute takes is a fault, and nothing is cut off', () => {
		expect(compileFormat('${value}x')({ value: 'x'.repeat(199_999) }).kind).toBe('text');
		expect(compileFormat('${value}x')({ value: 'x'.repeat(200_000) }).kind).toBe('fault');
	});

	test('keeps half a character for the check that refuses it', () => {
		expect(compileFormat('${value}')({ value: 'a\ud83d' })).toEqual(text('a\ud83d'));
	});

	test.each(['-1', '1.5', '"a"', 'missing.x'])(
		'with a length of %s is a fault that shows how to write it',
		(length) => {
			for (const filter of ['first_chars', 'last_chars'])
				expect(render(`${'${firstname | '}${filter}: ${length}}`)).toEqual({
					kind: 'fault',
					message: `The filter ${filter} takes a whole number, as in "${filter}: 1".`,
				});
		},
	);

	test.each([
		['${firstname', 1, 'not closed'],
		['Ada ${firstname', 5, 'not closed'],
		['${}', 3, 'invalid value expression'],
		['${firstname | nope}', 1, 'undefined filter: nope'],
		['Ada ${firstname | nope}', 5, 'undefined filter: nope'],
		['x\n  ${firstname | nope}', 3, 'undefined filter: nope'],
		['${firstname | raw}', 1, 'undefined filter: raw'],
		['{% if yes %}', 1, 'not closed'],
		['a{% nope %}', 2, 'tag "nope" not found'],
	])('%j cannot be read: the message names column %i (%s)', (format, column, words) => {
		const compile = () => compileFormat(format);
		expect(compile).toThrow(FormatError);
		expect(compile).toThrow(words);
		expect(compile).toThrow(`(column ${column})`);
	});

	test.each([
		'{% include "a" %}',
		'{% include firstname %}',
		'{% render "a" %}',
		'{% layout "a" %}',
		'{% block a %}{% endblock %}',
		'{% liquid\nrender "a" %}',
		'{% liquid\ninclude "a" %}',
	])('reads no other file: %j', (format) => {
		expect(() => compileFormat(format)).toThrow(FormatError);
	});

	test.each([
		'${(1..100000000)}',
		'${(1..100000000) | size}',
		'${(1..100000000) | join: ""}',
		'{% for i in (1..100000000) %}x{% endfor %}',
		'{% for i in (1..5000) %}{% for j in (1..5000) %}${firstname}{% endfor %}{% endfor %}',
		'{% tablerow i in (1..100000000) %}x{% endtablerow %}',
	])('that would take for ever ends in a fault: %j', (format) => {
		expect(render(format)).toMatchObject({
			kind: 'fault',
			message: expect.stringContaining('limit exceeded') as string,
		});
	});

	test('is refused when it is longer than any real one', () => {
		expect(() => compileFormat(`${'${firstname}'}${'x'.repeat(10_000)}`)).toThrow('limit exceeded');
	});

	test('is known by its opening', () => {
		expect(['${a}', 'a ${', '{% if %}'].map(isFormat)).toEqual([true, true, true]);
		expect(['', 'a', '{{a}}', '$a', '$ {a}'].map(isFormat)).toEqual([false, false, false, false, false]);
	});

	test('is compiled once and rendered for each record by itself', () => {
		const format = compileFormat('{% assign seen = name %}${seen}');
		expect(format({ name: 'a' })).toEqual(text('a'));
		expect(format({ name: 'b' })).toEqual(text('b'));
		expect(format({})).toEqual({ kind: 'empty', field: '${seen}' });
	});
});

describe('a record', () => {
	test('is never parsed as a format, whatever stands in it', () => {
		const hostile = fc
			.array(
				fc.oneof(fc.constantFrom('${firstname}', '{% if %}', '{{x}}', '{%', '${', '}', '<b>', '&', '"'), fc.string()),
				{
					minLength: 1,
				},
			)
			.map((parts) => parts.join(''))
			.filter((value) => value.trim() !== '');
		const format = compileFormat('${value}');
		fc.assert(fc.property(hostile, (value) => expect(format({ value })).toEqual(text(value))));
	});

	test.each([
		...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'firstname.constructor', 'firstname.__proto__'],
		...['address.toString', 'address.constructor.name', 'phones.constructor', 'phones.map', 'address.__proto__.x'],
		...["['__proto__']", "['constructor']['prototype']", "address['constructor']"],
	])('shows nothing but its own properties: %s', (path) => {
		expect(render(`${'${'}${path}}`).kind).toBe('empty');
		expect(render(`${'{% if '}${path} %}a{% else %}b{% endif %}`)).toEqual(text('b'));
	});

	test('that has a field called __proto__ of its own shows it', () => {
		const record = JSON.parse('{"__proto__": "own"}') as Record<string, unknown>;
		expect(compileFormat('${__proto__}')(record)).toEqual(text('own'));
		expect(({} as Record<string, unknown>)['own']).toBeUndefined();
	});

	test.each([
		'{% assign firstname = "x" %}${firstname}',
		'{% capture firstname %}x{% endcapture %}',
		'{% increment number %}',
		'{% decrement number %}',
		'{% increment counter %}',
		'${phones | sort | reverse | join}',
		'{% for firstname in phones %}${firstname}{% endfor %}',
	])('is not changed by %j', (format) => {
		const record = structuredClone(RECORD) as Record<string, unknown>;
		try {
			compileFormat(format)(record);
		} finally {
			expect(record).toEqual(RECORD);
		}
	});

	test('of any kind gives text, nothing or a fault, and never throws', () => {
		const formats = [
			'${a}',
			'${a.b}',
			'${a | first_chars: 2 | ascii}',
			'{% for x in a %}${x}{% endfor %}',
			'${a | sort}',
		];
		const compiled = formats.map((format) => compileFormat(format));
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue()), (record) => {
				for (const format of compiled)
					expect(['text', 'empty', 'fault']).toContain(format(record, { language: 'de', country: '' }).kind);
			}),
		);
	});
});
