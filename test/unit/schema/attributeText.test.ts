import fc from 'fast-check';
import { attributeFacts, type AttributeFacts, type Syntax } from '../../../lib/schema/attributes';
import {
	describeFacts,
	formatAttribute,
	InvalidAttributeError,
	parseAttribute,
} from '../../../lib/schema/attributeText';

const facts = (changes: Partial<AttributeFacts> = {}): AttributeFacts => ({
	name: 'acmeBadge',
	title: 'acmeBadge',
	syntax: 'text',
	single: true,
	maxLength: null,
	...changes,
});

describe('an attribute with what its schema says', () => {
	test.each<[made: AttributeFacts, text: string]>([
		[facts(), 'acmeBadge (text, single)'],
		[facts({ maxLength: 64 }), 'acmeBadge (text, single, 64)'],
		[facts({ single: false }), 'acmeBadge (text, multiple)'],
		[facts({ maxLength: 64, characters: 'ia5' }), 'acmeBadge (text, single, 64, ia5)'],
		[facts({ syntax: 'integer', min: 0, max: 9 }), 'acmeBadge (integer, single, 0 to 9)'],
		[facts({ syntax: 'integer', min: -5, max: -1 }), 'acmeBadge (integer, single, -5 to -1)'],
		[facts({ syntax: 'bytes', maxLength: 100_000 }), 'acmeBadge (bytes, single, 100000)'],
	])('%j is kept as %s', (made, text) => {
		expect(formatAttribute(made)).toBe(text);
		expect(parseAttribute(text)).toEqual({ name: 'acmeBadge', facts: made });
	});

	test('is the same when it is read again', () => {
		const any = fc.record({
			name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,30}$/),
			syntax: fc.constantFrom<Syntax>('text', 'boolean', 'integer', 'largeInteger', 'fileTime', 'time', 'bytes', 'dn'),
			single: fc.boolean(),
			maxLength: fc.option(fc.nat()),
			range: fc.option(fc.record({ min: fc.integer(), max: fc.integer() })),
		});
		fc.assert(
			fc.property(any, ({ range, ...rest }) => {
				const made = { ...rest, title: rest.name, ...range };
				expect(parseAttribute(formatAttribute(made))).toEqual({ name: made.name, facts: made });
			}),
		);
	});

	test('may be a name alone, of which the package knows what it knows', () => {
		expect(parseAttribute(' department ')).toEqual({ name: 'department', facts: undefined });
		expect(describeFacts(attributeFacts('department') ?? facts())).toBe('text, single, 64');
	});

	test.each([
		...['', ' ', 'a b', '1a', 'a=b', 'département', 'a;b', '__proto__', 'userCertificate;binary', 'a ()', 'a (text)'],
		...['a (nothing, single)', 'a (text, double)', 'a (text, single, x)', 'a (text, single, 5', 'a (text, single) b'],
		...['(text, single)', 'a ((text, single))', 'a (integer, single, 1 to)'],
	])('is not %j', (text) => {
		expect(() => parseAttribute(text)).toThrow(InvalidAttributeError);
	});
});
