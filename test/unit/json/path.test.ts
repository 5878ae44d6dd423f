import fc from 'fast-check';
import { compileFind, compileListPath, compilePath, PathError } from '../../../lib/json/path';

const REPLY = {
	results: [{ id: 1 }, { id: 2 }],
	data: { employees: { list: ['a', 'b'] }, none: null, empty: [] },
	'@odata.nextLink': 'next',
	'a.b': { 'c d': 'dotted' },
	'Manager (ID)': 'brackets',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: '7' },
	$count: 3,
	total: 2,
};

describe('a path', () => {
	test.each<[path: string, found: unknown]>([
		['total', 2],
		['$.total', 2],
		[' total ', 2],
		['data.employees.list', ['a', 'b']],
		['data.employees.list[1]', 'b'],
		['data["employees"].list[0]', 'a'],
		['results[1].id', 2],
		["['@odata.nextLink']", 'next'],
		["$['@odata.nextLink']", 'next'],
		["['a.b']['c d']", 'dotted'],
		["$['a.b']['c d']", 'dotted'],
		["['Manager (ID)']", 'brackets'],
		["['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'].employeeNumber", '7'],
		['$count', 3],
		['$.$count', 3],
		["$..['@odata.nextLink']", 'next'],
		['data.none', null],
		['data.nothing', undefined],
		['nothing.at.all', undefined],
		['a.b', undefined],
		['results[5]', undefined],
		['total.more', undefined],
		['', REPLY],
		['$', REPLY],
		['  ', REPLY],
	])('%j finds %j', (path, found) => {
		expect(compilePath(path)(REPLY)).toEqual(found);
	});

	test.each([null, undefined, 'text', 3, true])('finds nothing in %j', (value) => {
		expect(compileFind('id')(value)).toEqual([]);
		expect(compilePath('id')(value)).toBeUndefined();
	});

	test('for the root gives the value itself, whatever it is', () => {
		for (const value of [null, 'text', 3, [], {}]) expect(compilePath('')(value)).toBe(value);
	});

	test('finds several values in order', () => {
		expect(compileFind('results[*].id')(REPLY)).toEqual([1, 2]);
		expect(compileFind('$..id')(REPLY)).toEqual([1, 2]);
	});

	test.each([
		'results[?(@.id > 1)]',
		'results[(@.length-1)]',
		'$..[?(process.exit(1))]',
		'$.results[?(@.constructor)]',
		'results.map(x => x)',
		'$..*@number()',
	])('%j is refused, because it would be run', (path) => {
		expect(() => compileFind(path)).toThrow(PathError);
		expect(() => compileFind(path)).toThrow('scripts are not run');
	});

	test.each([
		'__proto__',
		'$.__proto__.x',
		"['__proto__']",
		'$["constructor"]',
		'constructor.prototype',
		'data.prototype',
		'data[constructor]',
		'$..__proto__',
	])('%j is refused, because it names no field', (path) => {
		expect(() => compileFind(path)).toThrow(PathError);
	});

	test.each(['my__proto__', 'constructorName', 'data.prototypes'])('%j is a field like any other', (path) => {
		expect(compilePath(path)({ my__proto__: 1, constructorName: 1, data: { prototypes: 1 } })).toBe(1);
	});

	test('is refused when it is longer than any real one', () => {
		expect(() => compileFind('a'.repeat(500))).not.toThrow();
		expect(() => compileFind('a'.repeat(501))).toThrow('it has more than 500 characters');
	});

	test('that is refused is named in the message, with examples', () => {
		expect(() => compileFind('__proto__')).toThrow(/^The path "__proto__" cannot be used: .*Write it like results/);
	});

	test('finds own properties only, whatever the name', () => {
		const inherited = [
			...Object.getOwnPropertyNames(Object.prototype),
			...Object.getOwnPropertyNames(Array.prototype).filter((name) => name !== 'length'),
		];
		for (const name of inherited) {
			for (const path of [name, `$.${name}`, `['${name}']`, `items.${name}`, `items[0]['${name}']`]) {
				let found: unknown[] = [];
				try {
					found = compileFind(path)({ items: [{}], text: 'x' });
				} catch (error) {
					expect(error).toBeInstanceOf(PathError);
				}
				expect(found).toEqual([]);
			}
		}
	});

	test.each(['@', '$.@type', "['@odata.count']", 'a.@', '#0', "$['#1']"])(
		'%j is read or refused, but never breaks off',
		(path) => {
			let found: unknown[] = [];
			try {
				found = compileFind(path)({ a: 1 });
			} catch (error) {
				expect(error).toBeInstanceOf(PathError);
			}
			expect(found).toEqual([]);
		},
	);

	test('made of any text finds nothing but parts of the value, or is refused', () => {
		const name = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'length', 'toString', '*', '..', '^', '~', '0');
		const text = fc.oneof(
			fc.string({ maxLength: 20 }),
			fc.array(name, { maxLength: 5 }).map((names) => names.join('.')),
			fc.array(name, { maxLength: 5 }).map((names) => names.map((one) => `['${one}']`).join('')),
		);
		const value = { a: { b: 'x', a: [1, 2] }, b: [{ a: null }] };
		// An array's length is its own property too.
		const parts = new Set<string>([JSON.stringify('length')]);
		const collect = (part: unknown): void => {
			parts.add(JSON.stringify(part));
			if (typeof part === 'object' && part !== null) {
				for (const [key, inner] of Object.entries(part)) {
					// "~" gives names and "^" parents.
					for (const shown of [key, Number(key)]) parts.add(JSON.stringify(shown));
					collect(inner);
				}
			}
		};
		collect(value);
		fc.assert(
			fc.property(text, (path) => {
				// These have a test of their own above.
				fc.pre(!/@|#\d/.test(path));
				let found: unknown[] = [];
				try {
					found = compileFind(path)(value);
				} catch (error) {
					expect(error).toBeInstanceOf(PathError);
				}
				for (const one of found) expect(parts).toContain(JSON.stringify(one));
			}),
			{ numRuns: 1000 },
		);
	});

	test('finds the field of any name when the name is in brackets', () => {
		const ordinary = fc
			.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 10 })
			.filter(
				(name) => /^[^'"`()[\]\\^~@$*,:;?#]+$/.test(name) && !['__proto__', 'constructor', 'prototype'].includes(name),
			);
		fc.assert(
			fc.property(ordinary, fc.integer(), (name, value) => {
				fc.pre(!/(^|[.])(__proto__|constructor|prototype)([.]|$)/.test(name));
				expect(compilePath(`['${name}']`)({ [name]: value })).toBe(value);
			}),
		);
	});
});

describe('a path to a list', () => {
	test.each<[path: string, list: unknown[] | undefined]>([
		['results', [{ id: 1 }, { id: 2 }]],
		['$.results', [{ id: 1 }, { id: 2 }]],
		['results[*]', [{ id: 1 }, { id: 2 }]],
		['results[*].id', [1, 2]],
		['data.employees.list', ['a', 'b']],
		['data.empty', []],
		['nothing', undefined],
		['', undefined],
	])('%j gives %j', (path, list) => {
		expect(compileListPath(path)(REPLY)).toEqual(list);
	});

	test('gives a root array as it is', () => {
		expect(compileListPath('')([1, 2])).toEqual([1, 2]);
		expect(compileListPath('$')([])).toEqual([]);
	});
});
