import fc from 'fast-check';
import { cutText, isOfLadder, ladderNames, numberedName, type NameAttribute } from '../../../lib/schema/nameLadder';

const counter = { base: 'alovelace', start: 2, width: 1, limit: 4, maxLength: 20 };
const attribute = fc.constantFrom<NameAttribute>('sAMAccountName', 'userPrincipalName', 'mail', 'cn');

describe('the names of a ladder', () => {
	test('are the candidates, then the base with each number up to the limit', () => {
		expect([...ladderNames('sAMAccountName', { candidates: ['alovelace', 'adal'], counter })]).toEqual([
			'alovelace',
			'adal',
			'alovelace2',
			'alovelace3',
			'alovelace4',
		]);
	});

	test('are the candidates alone when there is no counter', () => {
		expect([...ladderNames('cn', { candidates: ['Ada Lovelace'] })]).toEqual(['Ada Lovelace']);
	});

	test('are none when there is nothing', () => {
		expect([...ladderNames('cn', { candidates: [] })]).toEqual([]);
	});

	test('have the number before the @ of an address', () => {
		const names = [
			...ladderNames('mail', { candidates: ['ada@x.y'], counter: { ...counter, base: 'ada@x.y', limit: 3 } }),
		];
		expect(names).toEqual(['ada@x.y', 'ada2@x.y', 'ada3@x.y']);
	});

	test('leave out what was given already, in whatever case', () => {
		const ladder = { candidates: ['Ada', 'ADA2', 'ada'], counter: { ...counter, base: 'ada', limit: 3 } };
		expect([...ladderNames('sAMAccountName', ladder)]).toEqual(['Ada', 'ADA2', 'ada3']);
	});

	test('are known for its own, in whatever case, and no others are', () => {
		const base = fc.constantFrom('ada', 'ada2', 'a1@x.y', 'ada 9');
		const numbers = {
			start: fc.nat(12),
			width: fc.integer({ min: 0, max: 3 }),
			limit: fc.nat(130),
			maxLength: fc.integer({ min: 3, max: 20 }),
		};
		fc.assert(
			fc.property(attribute, base, fc.record(numbers), fc.nat(200), (name, text, rest, other) => {
				const ladder = { candidates: ['Eve'], counter: { ...rest, base: text } };
				const all = [...ladderNames(name, ladder)].map((each) => each.toLowerCase());
				for (const each of all) expect(isOfLadder(name, ladder, each.toUpperCase())).toBe(true);
				for (const each of [`ada${other}`, `a${other}@x.y`, `ada ${other}`, text])
					expect(isOfLadder(name, ladder, each)).toBe(all.includes(each));
			}),
		);
	});

	test('never come twice', () => {
		const name = fc.constantFrom('ada', 'Ada', 'ada2', 'ADA3', 'ada.', 'ada@x.y', 'ada2@x.y');
		fc.assert(
			fc.property(
				attribute,
				fc.array(name, { maxLength: 6 }),
				name,
				fc.integer({ min: 1, max: 8 }),
				(which, candidates, base, maxLength) => {
					const ladder = { candidates, counter: { base, start: 1, width: 1, limit: 9, maxLength } };
					const names = [...ladderNames(which, ladder)].map((one) => one.toLowerCase());
					expect(new Set(names).size).toBe(names.length);
				},
			),
		);
	});
});

describe('a numbered name', () => {
	test.each<[NameAttribute, string, number, number, number, string]>([
		['sAMAccountName', 'alovelace', 1, 20, 2, 'alovelace2'],
		['sAMAccountName', 'alovelace', 2, 20, 2, 'alovelace02'],
		['sAMAccountName', 'alovelace', 2, 20, 123, 'alovelace123'],
		['sAMAccountName', 'abcdefghijklmnopqrst', 1, 20, 2, 'abcdefghijklmnopqrs2'],
		['sAMAccountName', 'abcdefghijklmnopqrst', 1, 20, 99, 'abcdefghijklmnopqr99'],
		['sAMAccountName', 'abcdefghijklmnopqr.t', 1, 20, 2, 'abcdefghijklmnopqr2'],
		['userPrincipalName', 'ada@corp.example', 1, 64, 2, 'ada2@corp.example'],
		['userPrincipalName', 'abcdef@corp.example', 1, 6, 10, 'abcd10@corp.example'],
		['mail', 'ada.@x.y', 1, 64, 2, 'ada2@x.y'],
		['cn', 'Ada Lovelace', 1, 64, 2, 'Ada Lovelace 2'],
		['cn', 'Ada Lovelace', 1, 6, 2, 'Ada 2'],
		['cn', 'Ada @ Acme', 1, 64, 2, 'Ada @ Acme 2'],
	])('%s of %j, width %i, at most %i, number %i is %j', (which, base, width, maxLength, number, name) => {
		expect(numberedName(which, { base, width, start: 1, limit: 999, maxLength }, number)).toBe(name);
	});

	test('keeps inside its length, ends in its whole number, and keeps its domain', () => {
		fc.assert(
			fc.property(
				attribute,
				fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).map((text) => text.replaceAll('@', '')),
				fc.constantFrom('', '@corp.example.com'),
				fc.integer({ min: 8, max: 64 }),
				fc.integer({ min: 0, max: 9999 }),
				fc.integer({ min: 1, max: 4 }),
				(which, stem, suffix, maxLength, number, width) => {
					const domain = which === 'mail' || which === 'userPrincipalName' ? suffix : '';
					const name = numberedName(which, { base: stem + domain, width, start: 1, limit: 9999, maxLength }, number);
					expect(name.endsWith(domain)).toBe(true);
					const local = name.slice(0, name.length - domain.length);
					expect(local.length).toBeLessThanOrEqual(maxLength);
					expect(local.endsWith(`${which === 'cn' ? ' ' : ''}${String(number).padStart(width, '0')}`)).toBe(true);
				},
			),
		);
	});
});

describe('cut text', () => {
	test('is never longer than asked, never half a character, and the beginning of the text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: -2, max: 20 }), (text, length) => {
				const cut = cutText(text, length);
				expect(cut.length).toBeLessThanOrEqual(Math.max(0, length));
				expect(text.startsWith(cut)).toBe(true);
				expect(cut.isWellFormed()).toBe(true);
				expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, length) - 1);
			}),
		);
	});

	test.each([
		['a😀', 2, 'a'],
		['a😀', 3, 'a😀'],
		['abc', 0, ''],
		['abc', -1, ''],
	])('%j at %i is %j', (text, length, cut) => expect(cutText(text, length)).toBe(cut));
});
