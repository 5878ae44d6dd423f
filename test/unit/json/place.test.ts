import fc from 'fast-check';
import { compilePath, PathError, placeNames } from '../../../lib/json/path';
import { isFree, withPlace } from '../../../lib/json/place';

describe('the names on the way to a place', () => {
	test.each<[path: string, names: string[]]>([
		['page', ['page']],
		['$.page', ['page']],
		[' page.cursor ', ['page', 'cursor']],
		["['@odata.count']", ['@odata.count']],
		['a["b.c"].d', ['a', 'b.c', 'd']],
		['ids[0].value', ['ids', '0', 'value']],
		['$count', ['$count']],
	])('%j are %j', (path, names) => {
		expect(placeNames(path)).toEqual(names);
	});

	test.each([
		'',
		'$',
		' ',
		'a[*]',
		'$..id',
		'a.*',
		'a[0:2]',
		'a[?(@.b)]',
		'a..b',
		'__proto__',
		'a.constructor',
		"x['prototype']",
	])('there are none for %j', (path) => {
		expect(() => placeNames(path)).toThrow(PathError);
	});
});

describe('writing into a copy', () => {
	test.each<[before: unknown, path: string, after: unknown]>([
		[{}, 'a', { a: 1 }],
		[{ a: 0, b: 2 }, 'a', { a: 1, b: 2 }],
		[undefined, 'a.b', { a: { b: 1 } }],
		[null, 'a', { a: 1 }],
		['text', 'a', { a: 1 }],
		[{ a: 'text' }, 'a.b', { a: { b: 1 } }],
		[{ a: { c: 3 } }, 'a.b', { a: { b: 1, c: 3 } }],
		[{}, 'a[0]', { a: [1] }],
		[{ a: [7, 8] }, 'a[0]', { a: [1, 8] }],
		[{ a: [7, 8] }, 'a[2]', { a: [7, 8, 1] }],
		[{ a: [{ b: 2 }] }, 'a[0].c', { a: [{ b: 2, c: 1 }] }],
		[{ a: {} }, "a['0']", { a: { '0': 1 } }],
	])('of %j at %s gives %j', (before, path, after) => {
		expect(withPlace(before, placeNames(path), 1)).toEqual(after);
	});

	test('never changes what it was given', () => {
		const before = { a: { b: [{ c: 1 }] }, d: 2 };
		const kept = structuredClone(before);
		withPlace(before, placeNames('a.b[0].c'), 9);
		expect(before).toEqual(kept);
	});

	test.each([
		['a name', 'a.b', { a: [1] }],
		['a position behind the end', 'a[2]', { a: [1] }],
		['a far position, which JSON would fill with nulls', 'a[4000000000]', {}],
	])('refuses %s in a list', (_what, path, before) => {
		expect(() => withPlace(before, placeNames(path), 1)).toThrow(PathError);
	});

	test('puts what is found there afterwards, and nothing else', () => {
		const name = fc.constantFrom<string>('a', 'b', 'toString', 'hasOwnProperty', '@odata.x');
		fc.assert(
			fc.property(
				fc.dictionary(name, fc.jsonValue()),
				fc.array(name, { minLength: 1, maxLength: 3 }),
				(before, names) => {
					const path = names.map((one) => `['${one}']`).join('');
					let after: unknown;
					try {
						after = withPlace(before, placeNames(path), 'put');
					} catch (error) {
						expect(error).toBeInstanceOf(PathError);
						return;
					}
					expect(compilePath(path)(after)).toBe('put');
					const [first = ''] = names;
					const others = (value: object) => Object.entries(value).filter(([one]) => one !== first);
					expect(others(after as object)).toEqual(others(before));
				},
			),
		);
	});

	test('is free only where it takes nothing away', () => {
		expect(isFree({}, ['a', 'b'])).toBe(true);
		expect(isFree({ a: null }, ['a', 'b'])).toBe(true);
		expect(isFree({ a: { b: '' } }, ['a', 'b'])).toBe(true);
		expect(isFree({ a: { b: {} } }, ['a', 'b'])).toBe(false);
		expect(isFree({ a: [] }, ['a', 'b'])).toBe(false);
		expect(isFree({ a: 'text' }, ['a', 'b'])).toBe(false);
		expect(isFree({ a: 0 }, ['a'])).toBe(false);
		expect(isFree({}, ['toString'])).toBe(true);
	});
});
