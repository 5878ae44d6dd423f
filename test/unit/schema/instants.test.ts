import fc from 'fast-check';
import { fromFileTime, isNever, NEVER, toFileTime, toGeneralizedTime } from '../../../lib/schema/instants';

describe('a FILETIME', () => {
	test.each<[instant: string, text: string]>([
		['1601-01-01T00:00:00Z', '0'],
		['1970-01-01T00:00:00Z', '116444736000000000'],
		['2026-03-31T22:00:00Z', '134194680000000000'],
	])('of %s is %s', (instant, text) => {
		expect(toFileTime(Date.parse(instant))).toBe(text);
	});

	test('is the same instant when it is read again', () => {
		const from = Date.parse('1601-01-01T00:00:00.001Z');
		fc.assert(
			fc.property(fc.integer({ min: from, max: Date.parse('9999-12-31T23:59:59.999Z') }), (ms) => {
				// Back by MS-DTYP 2.3.3.
				expect(Number(BigInt(toFileTime(ms)) / 10_000n - 11_644_473_600_000n)).toBe(ms);
				expect(fromFileTime(toFileTime(ms))).toBe(ms);
			}),
		);
	});

	test('keeps the millisecond it lies in, and two of them keep their order', () => {
		const units = fc.bigInt({ min: 10_000n, max: 2_650_467_743_999_999_999n });
		fc.assert(
			fc.property(units, units, (left, right) => {
				const [first, second] = [fromFileTime(left.toString()), fromFileTime(right.toString())];
				expect(BigInt(toFileTime(first ?? NaN))).toBe(left - (left % 10_000n));
				if (left <= right) expect(first).toBeLessThanOrEqual(second ?? NaN);
			}),
		);
	});

	test.each(['0', NEVER, '', '-1', '1.5', ' 1', '0x10', '99999999999999999999', 'never'])(
		'%j is no instant',
		(text) => {
			expect(fromFileTime(text)).toBeUndefined();
		},
	);

	test.each(['0', NEVER])('of %s is never', (text) => {
		expect(isNever(text)).toBe(true);
		expect(isNever(toFileTime(0))).toBe(false);
	});
});

describe('a GeneralizedTime', () => {
	test.each([
		['2026-03-31T22:00:00.000Z', '20260331220000.0Z'],
		['1601-01-01T00:00:00.999Z', '16010101000000.0Z'],
	])('of %s is %s', (instant, text) => {
		expect(toGeneralizedTime(Date.parse(instant))).toBe(text);
	});
});
