import fc from 'fast-check';
import {
	disabled,
	enabled,
	isDisabled,
	NEW_DISABLED_ACCOUNT,
	parseUserAccountControl,
} from '../../../lib/directory/userAccountControl';

const anyValue = fc.integer({ min: 0, max: 0xffff_ffff });
const ABOUT_ENABLING = 0x2 | 0x20;

describe('userAccountControl', () => {
	test.each([
		[546, 512, 'what the server gives an account that was added without it'],
		[514, 512, 'a new account'],
		[512, 512, 'an enabled account'],
		[66050, 66048, 'a password that never expires stays so'],
		[262658, 262656, 'a smart card stays required'],
		[0x8000_0202, 0x8000_0200, 'the highest bit stays'],
	])('%i enabled is %i: %s', (value, after) => {
		expect(enabled(value)).toBe(after);
	});

	test.each([
		[512, 514],
		[514, 514],
		[66048, 66050],
		[544, 546],
		[0x8000_0200, 0x8000_0202],
	])('%i disabled is %i', (value, after) => {
		expect(disabled(value)).toBe(after);
	});

	test('keeps every bit that enabling is not about', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				expect((enabled(value) ^ value) & ~ABOUT_ENABLING).toBe(0);
				expect(enabled(value) & ABOUT_ENABLING).toBe(0);
				expect(enabled(value)).toBeGreaterThanOrEqual(0);
			}),
		);
	});

	test('keeps every bit but one when disabled', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				expect((disabled(value) ^ value) & ~0x2).toBe(0);
				expect(isDisabled(disabled(value))).toBe(true);
				expect(isDisabled(enabled(value))).toBe(false);
				expect(disabled(value)).toBeGreaterThanOrEqual(0);
			}),
		);
	});

	test('of a new account is disabled and asks for a password', () => {
		expect(NEW_DISABLED_ACCOUNT).toBe(514);
	});

	test.each([
		['512', 512],
		[' 514 ', 514],
		['-2147483136', 0x8000_0200],
		['-1', 0xffff_ffff],
		['0', 0],
	])('given as %j is %i', (text, value) => {
		expect(parseUserAccountControl(text)).toBe(value);
	});

	test('is read alike from the signed and the unsigned spelling', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				expect(parseUserAccountControl(String(value))).toBe(value);
				expect(parseUserAccountControl(String(value | 0))).toBe(value);
			}),
		);
	});

	test.each([undefined, '', ' ', 'x', '1.5', '512x', 'NaN', 'Infinity'])('may not be %j', (text) => {
		expect(() => parseUserAccountControl(text)).toThrow(RangeError);
	});
});
