import fc from 'fast-check';
import { cleanText, hasLoneSurrogate } from '../../../lib/schema/text';

/** Every UTF-16 text, with more than its share of what hides, separates or combines. */
const anyText = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary', maxLength: 3 }),
			fc.constantFrom(
				'\u200b',
				'\u202e',
				'\u00ad',
				'\ufeff',
				'\u2028',
				'\u0085',
				'\r\n',
				'\t',
				' ',
				'\u00a0',
				'\u2003',
			),
			fc.constantFrom('u\u0308', '\u0301', 'A\u030a', '\u212b', '\u1100\u1161', '\u2000', '\u0000', '😀'),
			fc.constantFrom('\ud83d', '\ude00'),
		),
		{ maxLength: 12 },
	)
	.map((parts) => parts.join(''));

describe('text from an HR system, once cleaned', () => {
	test('stays the same when it is cleaned again', () => {
		fc.assert(
			fc.property(anyText, (text) => expect(cleanText(cleanText(text))).toBe(cleanText(text))),
			{
				numRuns: 2000,
			},
		);
	});

	test('has no control, zero-width or bidirectional character', () => {
		fc.assert(
			fc.property(anyText, (text) => expect(cleanText(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u)),
			{
				numRuns: 1000,
			},
		);
	});

	test('is in NFC', () => {
		fc.assert(
			fc.property(anyText, (text) => expect(cleanText(text)).toBe(cleanText(text).normalize('NFC'))),
			{
				numRuns: 1000,
			},
		);
	});

	test('has no blank at its ends, none twice, and no other kind of blank', () => {
		fc.assert(
			fc.property(anyText, (text) => expect(cleanText(text)).not.toMatch(/^\s|\s$|\s\s|[^\S ]/)),
			{
				numRuns: 1000,
			},
		);
	});

	test.each([
		['  Ada   Lovelace ', 'Ada Lovelace'],
		['Ada\tLovelace', 'Ada Lovelace'],
		['Ada\r\nLovelace', 'Ada Lovelace'],
		['Ada\u2028Lovelace', 'Ada Lovelace'],
		['Ada\u00a0Lovelace', 'Ada Lovelace'],
		['A\u200bd\u00ada', 'Ada'],
		['\ufeffAda', 'Ada'],
		['\u202eadA', 'adA'],
		['Ada\u0000', 'Ada'],
		['Ju\u0308rgen', 'J\u00fcrgen'],
		['\u212bngstro\u0308m', '\u00c5ngstr\u00f6m'],
		['\u200b \u200d', ''],
		['', ''],
		['Zoë 😀 王小明', 'Zoë 😀 王小明'],
	])('%j is %j', (text, clean) => {
		expect(cleanText(text)).toBe(clean);
	});
});

describe('half a surrogate pair', () => {
	test.each([
		['\ud83d', true],
		['\ude00', true],
		['\ude00\ud83d', true],
		['Ada \ud83d.', true],
		['😀', false],
		['Ada', false],
		['', false],
		['\ufffd', false],
	])('stands in %j: %s', (text, half) => {
		expect(hasLoneSurrogate(text)).toBe(half);
	});

	test('stands exactly where a text does not survive UTF-8', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				expect(hasLoneSurrogate(text)).toBe(Buffer.from(text).toString() !== text);
			}),
		);
	});
});
