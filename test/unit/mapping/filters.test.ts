import fc from 'fast-check';
import { NAUGHTY } from '../../support/naughty';
import { compileFormat, FormatError, type Rendered } from '../../../lib/mapping/format';

const render = (
	format: string,
	record: Readonly<Record<string, unknown>> = {},
	language = '',
	country = '',
): Rendered => compileFormat(format)(record, { language, country });
const text = (format: string, value: unknown, language = '', country = '') => {
	const made = render(format.replace('it', 'v'), { v: value }, language, country);
	return made.kind === 'text' ? made.text : made.kind;
};

describe('a filter', () => {
	test.each<[format: string, value: unknown, made: string]>([
		['${it | word: 1}', 'Anna Lena Maria', 'Anna'],
		['${it | word: 2}', 'Anna  Lena Maria', 'Lena'],
		['${it | word: -1}', 'Anna Lena Maria', 'Maria'],
		['${it | word: 4}', 'Anna Lena Maria', 'empty'],
		['${it | word: 2, "-"}', 'Anna-Lena', 'Lena'],
		['${it | word: 2, " -"}', 'Anna Lena-Maria', 'Lena'],
		['${it | word: 1}', 42, '42'],
		['${it | pad: 6}', 42, '000042'],
		['${it | pad: 6}', '1234567', '1234567'],
		['${it | pad: 4, "x"}', 'a', 'xxxa'],
		['${it | pad: 0}', 'a', 'a'],
		['${it | slug}', 'Großer Name, Söhne & Co.', 'grosser-name-sohne-co'],
		['${it | slug: "_"}', "O'Neil  Jr.", 'oneil_jr'],
		['${it | mailbox}', "O'Neil & Söhne", "O'NeilSohne"],
		['${it | sam}', 'O’Neil, Ann', 'ONeilAnn'],
		['${it | entra_ascii}', 'Jürgen Weiß', 'Jurgen Weiss'],
		['${it | entra_ascii}', 'Юрий', 'Юрий'],
		['${it | ascii}', 'Юрий', 'Yuriy'],
		['${it | ascii: "de"}', 'Jürgen', 'Juergen'],
		['${it | ascii: "sv"}', 'Jürgen', 'Jurgen'],
		['${it | proper_case}', "ANNA-LENA o'neil", "Anna-Lena O'Neil"],
		['${it | proper_case}', 'élodie', 'Élodie'],
		['${it | initials}', 'Anna-Lena Maria', 'ALM'],
		['${it | digits}', '+49 (0)30', '49030'],
		['${it | phone}', '+49 (0)30 901820', '+4930901820'],
		['${it | phone: "DE"}', '030 901820', '+4930901820'],
		['${it | phone: "de"}', '030 901820', '+4930901820'],
		['${it | phone}', '030 901820', '030 901820'],
		['${it | upcase | first_chars: 2 | append: "!"}', 'anna', 'AN!'],
	])('%s makes %j into %j', (format, value, made) => {
		expect(text(format, value)).toBe(made);
	});

	test('spells and dials by the person', () => {
		expect(text('${it | ascii}', 'Jürgen', 'de')).toBe('Juergen');
		expect(text('${it | slug}', 'Öberg', 'sv')).toBe('oberg');
		expect(text('${it | mailbox}', 'Öberg', 'de')).toBe('Oeberg');
		expect(text('${it | phone}', '030 901820', '', 'DE')).toBe('+4930901820');
	});

	test.each([
		'ascii',
		'entra_ascii',
		'sam',
		'mailbox',
		'slug',
		'phone',
		'word: 1',
		'pad: 3',
		'proper_case',
		'initials',
		'digits',
	])('%s makes nothing out of nothing, and no text out of an object', (filter) => {
		for (const nothing of [undefined, null, '']) expect(text(`\${it | ${filter}}`, nothing)).toBe('empty');
		for (const object of [{ a: 1 }, [1], ['a', 'b']]) expect(text(`\${it | ${filter}}`, object)).toBe('fault');
	});

	test.each([
		'word',
		'word: 0',
		'word: "x"',
		'word: 1.5',
		'word: 1, 2',
		'pad',
		'pad: -1',
		'pad: 65',
		'pad: 3, ""',
		'pad: 3, "ab"',
		'slug: 3',
		'ascii: 3',
		'phone: 49',
		'first_chars',
		'last_chars: -1',
	])('%s is told what it takes', (filter) => {
		const made = render(`\${v | ${filter}}`, { v: 'Anna' });
		expect(made.kind).toBe('fault');
		expect(made.kind === 'fault' && made.message).toContain('takes');
	});

	test('that does not exist is refused at once, and those that would differ from day to day', () => {
		for (const filter of ['nope', 'raw', 'sample'])
			expect(() => compileFormat(`\${v | ${filter}}`)).toThrow(FormatError);
	});
});

describe('a typed list', () => {
	const city = '${addresses | where: "type", "work" | map: "locality" | first}';

	test.each<[addresses: unknown, made: string]>([
		[
			[
				{ type: 'home', locality: 'Paris' },
				{ type: 'work', locality: 'Berlin' },
			],
			'Berlin',
		],
		[[{ type: 'home', locality: 'Paris' }], 'empty'],
		[[{ type: 'work' }], 'empty'],
		[[{ type: 'work', locality: null }], 'empty'],
		[[], 'empty'],
		[null, 'empty'],
		[undefined, 'empty'],
		['', 'empty'],
		[[null, 'work', 7, { type: 'work', locality: 'Berlin' }], 'Berlin'],
		[[{ type: 'work', locality: { name: 'Berlin' } }], 'fault'],
	])('%j gives its value: %j', (addresses, made) => {
		const rendered = render(city, { addresses });
		expect(rendered.kind === 'text' ? rendered.text : rendered.kind).toBe(made);
	});
});

describe('a format that would run for ever, or fill the memory', () => {
	const big = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, 'x'.repeat(50)]));

	test.each([
		'{% for i in (1..100000000) %}x{% endfor %}',
		'{% for i in (1..100000000) %}{% endfor %}',
		'${(1..100000000) | join}',
		'{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}{% assign x = i | times: j %}{% endfor %}{% endfor %}{% endfor %}',
		`{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}\${a | size}`,
		`{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | replace: "x", a %}'.repeat(12)}\${a | size}`,
		`{% capture a %}xxxxxxxxxx{% endcapture %}${'{% capture a %}${a}${a}{% endcapture %}'.repeat(40)}\${a | size}`,
		`{% assign a = "a,b,c,d" %}${'{% assign a = a | split: "," | join: a %}'.repeat(40)}\${a | size}`,
		'{% for i in (1..1000000) %}${v | ascii}{% endfor %}',
		'{% tablerow i in (1..100000000) %}x{% endtablerow %}',
	])('ends in a fault or nothing: %#', (format) => {
		let made: Rendered;
		try {
			made = render(format, { ...big, v: 'Jürgen' });
		} catch (error) {
			// Refused before it runs is as good.
			expect(error).toBeInstanceOf(FormatError);
			return;
		}
		expect(made.kind).toBe('fault');
	});
});

test('a format that ran too long for three people is not tried for the others', () => {
	const format = compileFormat(
		'{% for i in (1..9999) %}{% for j in (1..9999) %}{% assign x = i | times: j %}{% endfor %}{% endfor %}${v}',
	);
	const made = Array.from({ length: 5 }, () => format({ v: 1 }));
	expect(made.map(({ kind }) => kind)).toEqual(['fault', 'fault', 'fault', 'fault', 'fault']);
	expect(made.map((one) => one.kind === 'fault' && one.message.includes('not tried'))).toEqual([
		...[false, false, false],
		...[true, true],
	]);
	expect(compileFormat('${v}')({ v: 1 })).toEqual({ kind: 'text', text: '1' });
});

describe('what is hostile', () => {
	const FILTERS = [
		...[
			'ascii',
			'entra_ascii',
			'sam',
			'mailbox',
			'slug',
			'phone',
			'word: 1',
			'word: -1',
			'pad: 5',
			'proper_case',
			'initials',
		],
		...[
			'digits',
			'first_chars: 3',
			'last_chars: 3',
			'upcase',
			'downcase',
			'capitalize',
			'strip',
			'url_encode',
			'escape',
		],
		...['truncate: 5', 'slice: 0, 3', 'replace: "a", "b"', 'date: "%Y"', 'strip_html', 'newline_to_br'],
	];

	test.each(FILTERS)(
		'goes through the filter %s as text, as nothing, or as a fault, and never as an exception',
		(filter) => {
			const format = compileFormat(`\${v | ${filter}}`);
			for (const v of NAUGHTY) {
				const made = format({ v }, { language: 'de', country: 'DE' });
				expect(['text', 'empty', 'fault']).toContain(made.kind);
				if (made.kind === 'text' && v.isWellFormed()) expect(made.text.isWellFormed()).toBe(true);
			}
		},
	);

	test('is shown as it is where no filter is asked for, and never run', () => {
		const format = compileFormat('${v}');
		for (const v of NAUGHTY) {
			const made = format({ v });
			if (made.kind === 'text') expect(made.text).toBe(v);
		}
	});

	test('as the name of a field reaches only what the record has itself', () => {
		const names = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'valueOf', '__defineGetter__');
		fc.assert(
			fc.property(fc.array(names, { minLength: 1, maxLength: 3 }), (path) => {
				for (const format of [`\${a.${path.join('.')}}`, `\${${path.map((name) => `["${name}"]`).join('')}}`])
					expect(render(format, { a: { b: 1 } }).kind).toBe('empty');
			}),
		);
	});
});
