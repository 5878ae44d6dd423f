import fc from 'fast-check';
import { attributeFacts, ATTRIBUTES, type AttributeFacts, type Syntax } from '../../../lib/schema/attributes';
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

const NAMES = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,30}$/).filter((name) => !attributeFacts(name));
const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const LENGTH = fc.nat({ max: 2 ** 31 - 1 });
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const ordered = (low: number | undefined, high: number | undefined) =>
	low === undefined || high === undefined ? [low, high] : [Math.min(low, high), Math.max(low, high)];
const without = <T extends object>(made: T): T =>
	Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T;

const LENGTHS = fc
	.tuple(
		fc.constantFrom<Syntax>('text', 'bytes'),
		option(LENGTH),
		option(LENGTH),
		option(fc.constantFrom('ia5', 'printable', 'numeric')),
	)
	.map(([syntax, low, high, characters]) => {
		const [minLength, maxLength] = ordered(low, high);
		return { syntax, maxLength: maxLength ?? null, minLength, characters: syntax === 'text' ? characters : undefined };
	});
const RANGES = fc
	.tuple(fc.constantFrom<Syntax>('integer', 'largeInteger'), option(INT32), option(INT32))
	.map(([syntax, low, high]) => {
		const [min, max] = ordered(low, high);
		return { syntax, maxLength: null, min, max };
	});
const NO_LIMITS = fc
	.constantFrom<Syntax>('boolean', 'fileTime', 'time', 'dn')
	.map((syntax) => ({ syntax, maxLength: null }));
const ANY = fc
	.record({ name: NAMES, single: fc.boolean(), more: fc.oneof(LENGTHS, RANGES, NO_LIMITS) })
	.map(({ name, single, more }) => without({ name, title: name, single, ...more }) as AttributeFacts);

describe('an attribute with what its schema says', () => {
	test.each<[made: AttributeFacts, text: string]>([
		[facts(), 'acmeBadge (text, single)'],
		[facts({ maxLength: 64 }), 'acmeBadge (text, single, 64)'],
		[facts({ minLength: 4, maxLength: 64 }), 'acmeBadge (text, single, 4 to 64)'],
		[facts({ minLength: 4 }), 'acmeBadge (text, single, at least 4)'],
		[facts({ maxLength: 8, characters: 'numeric' }), 'acmeBadge (text, single, 8, digits)'],
		[facts({ characters: 'ia5' }), 'acmeBadge (text, single, ASCII)'],
		[facts({ characters: 'printable' }), 'acmeBadge (text, single, plain ASCII)'],
		[facts({ single: false }), 'acmeBadge (text, multiple)'],
		[facts({ syntax: 'integer', min: 0, max: 9 }), 'acmeBadge (integer, single, 0 to 9)'],
		[facts({ syntax: 'integer', min: -5, max: -1 }), 'acmeBadge (integer, single, -5 to -1)'],
		[facts({ syntax: 'integer', min: 1 }), 'acmeBadge (integer, single, at least 1)'],
		[facts({ syntax: 'largeInteger', max: 9 }), 'acmeBadge (largeInteger, single, at most 9)'],
		[facts({ syntax: 'bytes', maxLength: 100_000 }), 'acmeBadge (bytes, single, 100000)'],
	])('%j is kept as %s', (made, text) => {
		expect(formatAttribute(made)).toBe(text);
		expect(parseAttribute(text)).toEqual({ name: 'acmeBadge', facts: made });
	});

	test('is the same when it is read again', () => {
		fc.assert(
			fc.property(ANY, (made) => {
				expect(parseAttribute(formatAttribute(made))).toEqual({ name: made.name, facts: made });
			}),
		);
	});

	test('is the same for each of the built-in list', () => {
		for (const made of ATTRIBUTES)
			expect(parseAttribute(formatAttribute(made))).toEqual({ name: made.name, facts: { ...made, title: made.name } });
	});

	test('may be written by hand, with other blanks', () => {
		expect(parseAttribute(' acmeBadge( text,single ,  64 ) ')).toEqual({
			name: 'acmeBadge',
			facts: facts({ maxLength: 64 }),
		});
	});

	test('may be a name alone, of which the package knows what it knows', () => {
		expect(parseAttribute(' department ')).toEqual({ name: 'department', facts: undefined });
		expect(describeFacts(attributeFacts('department') ?? facts())).toBe('text, single, 64');
	});

	// Rules that hang on a name, such as that c fills co and countryCode, must not be missed for another spelling.
	test.each([
		['C', 'c'],
		['PROXYADDRESSES (text, multiple)', 'proxyAddresses'],
		['homedirectory (text, single)', 'homeDirectory'],
		['acmebadge (text, single)', 'acmebadge'],
	])('%s is named as the schema spells it: %s', (text, name) => {
		const parsed = parseAttribute(text);
		expect(parsed.name).toBe(name);
		expect(parsed.facts?.name ?? name).toBe(name);
	});

	test.each([
		...['', ' ', 'a b', '1a', 'a=b', 'département', 'a;b', '__proto__', 'userCertificate;binary', 'a ()', 'a (text)'],
		...['a (nothing, single)', 'a (text, double)', 'a (text, single, x)', 'a (text, single, 5', 'a (text, single) b'],
		...[
			'(text, single)',
			'a ((text, single))',
			'a (integer, single, 1 to)',
			'a (constructor, single)',
			'a b (text, single)',
		],
		// Limits that are none, contradict each other, or belong to another type.
		...['a (text, single, 1, 2)', 'a (text, single, 5 to 1)', 'a (text, single, -1)', 'a (text, single, -1 to 5)'],
		...[
			'a (integer, single, 5)',
			'a (integer, single, ASCII)',
			'a (integer, single, 9 to 1)',
			'a (text, single, ASCII, digits)',
		],
		...[
			'a (integer, single, 0 to 99999999999)',
			'a (text, single, )',
			'a (text, single, 64,)',
			'1.2.840.113556.1.4.90',
		],
	])('is not %j', (text) => {
		expect(() => parseAttribute(text)).toThrow(InvalidAttributeError);
	});

	test('says what is wrong with it, and shows no more than its beginning', () => {
		expect(() => parseAttribute('a b')).toThrow('"a b" is no attribute name.');
		expect(() => parseAttribute('a (b)')).toThrow('"a (b)" does not say what its attribute takes');
		expect(() => parseAttribute(' '.repeat(5) + '!'.repeat(5000))).toThrow(/^"!{100}" is no attribute name\.$/);
	});

	test('is read or refused, whatever the text', () => {
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.array(
					fc.constantFrom('a', '(', ')', ',', 'text', 'single', 'multiple', '64', 'to', 'at least', ' ', '-', 'digits'),
				)
				.map((all) => all.join('')),
		);
		fc.assert(
			fc.property(text, (given) => {
				try {
					const { name, facts: own } = parseAttribute(given);
					expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
					if (own) expect(parseAttribute(formatAttribute(own)).facts).toEqual(own);
				} catch (error) {
					expect(error).toBeInstanceOf(InvalidAttributeError);
				}
			}),
		);
	});
});
