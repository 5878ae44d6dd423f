import fc from 'fast-check';
import { canonicalJson } from '../../../lib/json/canonical';

/** The same value with the fields of every object the other way round. */
function turned(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(turned);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.reverse()
			.map(([name, inside]) => [name, turned(inside)]),
	);
}

describe('canonical JSON', () => {
	test('is the same text for equal values, in whatever order their fields are', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
			}),
		);
	});

	test('loses nothing, so that different values have different texts', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
			}),
		);
	});

	test('keeps the order of lists, and orders fields by their code units', () => {
		expect(canonicalJson({ b: [2, 1], Z: 1, a: { y: 1, x: 2 } })).toBe('{"Z":1,"a":{"x":2,"y":1},"b":[2,1]}');
	});

	test('has a field called __proto__ like any other', () => {
		const row: unknown = JSON.parse('{"b":1,"__proto__":{"admin":true}}');
		expect(canonicalJson(row)).toBe('{"__proto__":{"admin":true},"b":1}');
	});
});
