import fc from 'fast-check';
import { toPhone } from '../../../lib/mapping/phone';

describe('a phone number', () => {
	test.each<[given: string, country: string, e164: string]>([
		['+49 (0)30 901820', '', '+4930901820'],
		['+49-30-90 18 20', 'US', '+4930901820'],
		['030 901820', 'DE', '+4930901820'],
		['030/901820', 'DE', '+4930901820'],
		['0049 30 901820', '', '+4930901820'],
		['0049 30 901820', 'DE', '+4930901820'],
		['(212) 736-5000', 'US', '+12127365000'],
		['+1 212 736 5000', '', '+12127365000'],
		['+33 1 42 68 53 00', '', '+33142685300'],
		['01 42 68 53 00', 'FR', '+33142685300'],
		['tel:+49-30-901820', '', '+4930901820'],
		['+４９３０９０１８２０', '', '+4930901820'],
		['06 698 12345', 'IT', '+390669812345'],
	])('%j of %j is %s', (given, country, e164) => {
		expect(toPhone(given, country)).toEqual({ text: e164, e164: true });
	});

	test.each<[given: string, country: string]>([
		['030 901820', ''],
		['030 901820', 'XX'],
		['+44 1', ''],
		['123', 'DE'],
		['+49 30 901820 ext 5', ''],
		['+49 30 901820;ext=5', ''],
		['+49 30 901820, 5', ''],
		['+49 30 901820/22', ''],
		['1-800-FLOWERS', 'US'],
		['ask reception', 'DE'],
		['-', 'DE'],
		['', 'DE'],
		['+', ''],
		['+49 30 '.padEnd(70, '9'), ''],
	])('%j of %j stays as it is given', (given, country) => {
		expect(toPhone(given, country)).toEqual({ text: given, e164: false });
	});

	test('once made stays the same, for whatever country, and fits', () => {
		const given = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.stringMatching(/^[+(]?[0-9 ()/.-]{3,20}$/),
			fc.constantFrom('+4930901820', '0049 30 901820', '030 901820'),
		);
		const country = fc.constantFrom('', 'DE', 'US', 'FR', 'JP', 'BR', 'XX', '__proto__');
		fc.assert(
			fc.property(given, country, country, (text, home, other) => {
				const made = toPhone(text, home);
				if (!made.e164) expect(made.text).toBe(text);
				else {
					expect(made.text).toMatch(/^\+[1-9]\d{4,14}$/);
					expect(toPhone(made.text, other)).toEqual(made);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
