import fc from 'fast-check';
import { counted, excerpt, grouped, instantWords, visible } from '../../../../lib/provisioning/digest/visible';
import { NAUGHTY } from '../../../support/naughty';

describe('text of people', () => {
	test.each([
		['Ada Lovelace', 'Ada Lovelace', 'plain text stays'],
		['Łucja Gauß 田中　太郎 👩🏽', 'Łucja Gauß 田中　太郎 👩🏽', 'letters of all scripts stay'],
		['Ada\u202eecalevoL', 'Ada[U+202E]ecalevoL', 'a name cannot turn around'],
		['admin\u200bistrator', 'admin[U+200B]istrator', 'a zero-width character is seen'],
		['a\u2066b\u2069c', 'a[U+2066]b[U+2069]c', 'an isolate is seen'],
		['a\u0000\u0007b\u0085', 'a[U+0000][U+0007]b[U+0085]', 'controls are seen'],
		['Street 1\r\nHouse 2\nYard', 'Street 1↵House 2↵Yard', 'a new line is an arrow'],
		['Ada\u00a0Lovelace', 'Ada[U+00A0]Lovelace', 'a blank that only looks like one is seen'],
		[' Ada  Lovelace ', '␣Ada␣␣Lovelace␣', 'blanks that HTML swallows are seen'],
		['a\ud800b', 'a[U+D800]b', 'half a surrogate pair is seen'],
		['a\u{e0041}b\ufffeb', 'a[U+E0041]b[U+FFFE]b', 'tags and noncharacters are seen'],
		['a\u3164b\u2800c', 'a[U+3164]b[U+2800]c', 'letters without a shape are seen'],
		['e\u0301\u0302\u0303\u0304\u0305', 'e\u0301\u0302\u0303\u0304[U+0305]', 'marks do not pile up'],
	])('%j is shown as %j: %s', (text, shown) => {
		expect(visible(text)).toBe(shown);
	});

	test.each(NAUGHTY)('%.40j has nothing in it that is not seen', (text) => {
		expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]|^ | $| {2}/u);
	});

	test('holds whatever it is made of, nothing unseen is left, and what is seen stays', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
				expect(visible(visible(text))).toBe(visible(text));
			}),
			{ numRuns: 500 },
		);
	});

	test('a long text is cut, and says how long it is', () => {
		expect(excerpt('a'.repeat(70_000), 120)).toBe(`${'a'.repeat(120)}… (70,000 characters)`);
		expect(excerpt('a'.repeat(120), 120)).toBe('a'.repeat(120));
		expect(excerpt(`${'a'.repeat(119)}😀`, 120)).toBe(`${'a'.repeat(119)}… (121 characters)`);
	});

	test('right-to-left text is isolated from what stands beside it', () => {
		expect(excerpt('אמי נתר', 120)).toBe('\u2068אמי נתר\u2069');
		expect(excerpt('محمد\u2069', 120)).toBe('\u2068محمد[U+2069]\u2069');
	});

	test('two braces never stand together, for n8n’s forms would evaluate what is between them', () => {
		for (const text of ['{{ $env.SECRET }}', '{{{x}}}', '{{{{']) expect(excerpt(text, 120)).not.toContain('{{');
	});
});

describe('numbers and instants', () => {
	test.each([
		[0, '0 people'],
		[1, '1 person'],
		[999, '999 people'],
		[1204, '1,204 people'],
		[1_234_567, '1,234,567 people'],
	])('%d is %j', (count, words) => {
		expect(counted(count, 'person', 'people')).toBe(words);
		expect(words.startsWith(grouped(count))).toBe(true);
	});

	test.each([
		['2026-03-31T22:00:00Z', '2026-03-31 22:00 UTC'],
		['2026-03-31T22:00:00+02:00', '2026-03-31 20:00 UTC'],
		['soon', 'soon'],
	])('%j is %j', (instant, words) => {
		expect(instantWords(instant)).toBe(words);
	});
});
