import fc from 'fast-check';
import { isSafeObjectProperty } from 'n8n-workflow';
import { compileFieldExpression } from '../../../lib/mapping/fieldExpression';
import { COMPILED, LEFT_TO_N8N, RECORDS, TWO_HUNDRED } from '../../support/field-expressions';

const read = (expression: string, json: Readonly<Record<string, unknown>>): unknown => {
	const reader = compileFieldExpression(expression);
	if (!reader) throw new Error(`${expression} is left to n8n.`);
	return reader(json);
};
const [ZOE = {}] = RECORDS;

describe('an expression', () => {
	test.each(COMPILED)('that only reads fields is compiled: %j', (expression) => {
		expect(compileFieldExpression(expression)).toBeDefined();
	});

	test.each(LEFT_TO_N8N)('that does anything else is left to n8n: %j', (expression) => {
		expect(compileFieldExpression(expression)).toBeUndefined();
	});

	test('stands in a list of two hundred different ones for the proof in a real n8n', () => {
		expect(TWO_HUNDRED).toHaveLength(200);
		expect(TWO_HUNDRED.filter((expression) => !compileFieldExpression(expression))).toEqual([]);
	});
});

describe('a field', () => {
	test.each<[expression: string, value: unknown]>([
		['={{ $json.firstname }}', 'Zoë'],
		['={{ $json.address.city }}', 'Köln'],
		['={{ $json["work email"] }}', 'zoe@example.com'],
		["={{ $json['E-mail (work)'] }}", 'zoe@work.example.com'],
		['={{ $json["a.b"] }}', 'a dot'],
		['={{ $json.a.b }}', 'no dot'],
		['={{ $json.phones[0].number }}', '+49 221 1'],
		['={{ $json.phones[1].number }}', undefined],
		['={{ $json.phones[2].number }}', undefined],
		['={{ $json.firstname[0] }}', 'Z'],
		['={{ $json.firstname[3] }}', undefined],
		['={{ $json.größe }}', 1.75],
		['={{ $json.zero }}', 0],
		['={{ $json.no }}', false],
		['={{ $json.empty }}', ''],
		['={{ $json.nothing }}', null],
		['={{ $json.nothing.city }}', undefined],
		['={{ $json.nowhere }}', undefined],
		['={{ $json.nowhere.to.be }}', undefined],
		['={{ $json.address.zip; }}', 50667],
	])('keeps its type, and a missing parent gives nothing: %s', (expression, value) => {
		expect(read(expression, ZOE)).toBe(value);
	});

	test('that is an object or a list is the record’s own', () => {
		expect(read('={{ $json.address }}', ZOE)).toBe(ZOE['address']);
		expect(read('={{ $json.phones[1] }}', ZOE)).toBe((ZOE['phones'] as unknown[])[1]);
		expect(read('={{ $json }}', ZOE)).toBe(ZOE);
	});
});

describe('text around the braces', () => {
	test.each<[expression: string, text: string]>([
		['=Hello {{ $json.firstname }} {{ $json.lastname }}!', 'Hello Zoë Müller!'],
		['={{ $json.firstname }} ', 'Zoë '],
		['=\n{{ $json.address.zip }}', '\n50667'],
		['={{ $json.zero }}{{ $json.no }}{{ $json.yes }}', '0falsetrue'],
		['=[{{ $json.empty }}{{ $json.nothing }}{{ $json.nowhere }}]', '[]'],
		['=[{{ $json.phones }}]', '[[object Object],[object Object]]'],
		['=[{{ $json.matrix }}]', '[1,2,3,,,false,x]'],
		['=[{{ $json.address }}]', '[[object Object]]'],
		['=={{ $json.firstname }}', '=Zoë'],
		['=Fixed', 'Fixed'],
		['=', ''],
	])('makes text of every field: %s', (expression, text) => {
		expect(read(expression, ZOE)).toBe(text);
	});

	test('drops what is no number, as n8n does, but not within a list', () => {
		expect(read('=[{{ $json.a }}]', { a: NaN })).toBe('[]');
		expect(read('=[{{ $json.a }}]', { a: [NaN, 0n, ''] })).toBe('[NaN,0,]');
	});

	test('of a list in a list a hundred thousand deep, or in itself, comes to an end', () => {
		let deep: unknown[] = ['end'];
		for (let level = 0; level < 100_000; level += 1) deep = [deep];
		const round: unknown[] = ['a'];
		round.push(round);
		expect(read('=[{{ $json.deep }}]', { deep })).toBe('[]');
		expect(read('=[{{ $json.round }}]', { round })).toMatch(/^\[a,a,[a,]+\]$/);
	});
});

describe('a hostile record', () => {
	const NAMES = [
		'__proto__',
		'constructor',
		'prototype',
		'toString',
		'valueOf',
		'hasOwnProperty',
		'length',
		'map',
		'at',
	];

	test('reaches no prototype: only its own properties are read', () => {
		const [, , polluted = {}] = RECORDS;
		expect(read('={{ $json.department }}', polluted)).toBeUndefined();
		expect(read('={{ $json.address.city }}', polluted)).toBeUndefined();
		expect(read('={{ $json.inherited }}', Object.create({ inherited: 1 }) as Record<string, unknown>)).toBeUndefined();
	});

	test('gives no function, and calls none', () => {
		const spy = jest.fn(() => 'called');
		const json = { f: spy, list: [spy], o: { toString: spy, valueOf: spy, toJSON: spy, [Symbol.toPrimitive]: spy } };
		expect(read('={{ $json.f }}', json)).toBeUndefined();
		expect(read('={{ $json.list[0] }}', json)).toBeUndefined();
		expect(read('=[{{ $json.o }}|{{ $json.list }}]', json)).toBe('[[object Object]|]');
		expect(spy).not.toHaveBeenCalled();
	});

	test.each(NAMES)('%s is never compiled, however it is written', (name) => {
		for (const step of [`.${name}`, `?.${name}`, `["${name}"]`, `['${name}']`, `?.["${name}"]`])
			for (const expression of [`={{ $json${step} }}`, `={{ $json.a${step}.b }}`, `=x{{ $json${step} }}`])
				expect(compileFieldExpression(expression)).toBeUndefined();
	});

	test('meets every name that n8n forbids', () => {
		const forbidden = [
			...[Object, Function, Error, Reflect].flatMap((type) => Object.getOwnPropertyNames(type)),
			...[Object, Function].flatMap((type) => Object.getOwnPropertyNames(type.prototype)),
			...Object.getOwnPropertyNames(process),
		].filter((name) => !isSafeObjectProperty(name));
		expect(forbidden.length).toBeGreaterThan(10);
		for (const name of forbidden) expect(compileFieldExpression(`={{ $json["${name}"] }}`)).toBeUndefined();
	});
});

describe('for any text', () => {
	test('nothing throws, and what is compiled throws for no record', () => {
		const piece = fc.constantFrom(
			'{{',
			'}}',
			'$json',
			'.',
			'?.',
			'[',
			']',
			'"',
			"'",
			'a',
			'0',
			' ',
			';',
			'\\',
			'(',
			'\n',
			'ü',
		);
		const expression = fc
			.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string()))
			.map((pieces) => `=${pieces.join('')}`);
		fc.assert(
			fc.property(expression, fc.dictionary(fc.string(), fc.anything()), (text, json) => {
				compileFieldExpression(text)?.(json);
			}),
			{ numRuns: 2000 },
		);
	});
});
