import fc from 'fast-check';
import {
	childDn,
	formatDn,
	InvalidDnError,
	isWithin,
	parentOf,
	parseDn,
	sameDn,
	type Dn,
	type RdnPart,
} from '../../../lib/schema/dn';

/** Any well-formed text, with more than its share of the characters that mean something in a distinguished name. */
const anyText = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
			fc.constantFrom(...' "#+,;<=>\\', '\\,', '\\5C', ',OU=x', '\u0000', '\n', '\u007f', 'ü', '😀'),
		),
		{ minLength: 1, maxLength: 10 },
	)
	.map((parts) => parts.join(''));
const attribute = fc.constantFrom('CN', 'OU', 'dc', 'l', '2.5.4.3', 'msDS-x1');
const part: fc.Arbitrary<RdnPart> = fc.record({ attribute, value: anyText });
const anyDn: fc.Arbitrary<Dn> = fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
const plainDn: fc.Arbitrary<Dn> = fc.array(
	part.map((one) => [one]),
	{ minLength: 1, maxLength: 5 },
);

describe('a distinguished name', () => {
	test('comes back from its written form, whatever its values hold', () => {
		fc.assert(
			fc.property(anyDn, (dn) => expect(parseDn(formatDn(dn))).toEqual(dn)),
			{ numRuns: 500 },
		);
	});

	test('is written in one spelling only', () => {
		fc.assert(
			fc.property(anyDn, (dn) => {
				const written = formatDn(dn);
				expect(formatDn(parseDn(written))).toBe(written);
			}),
		);
	});

	test('has a comma between its parts and nowhere else, so that no library splits a value', () => {
		fc.assert(
			fc.property(plainDn, (dn) => {
				const written = formatDn(dn);
				expect(written.split(',')).toHaveLength(dn.length);
				// The way ldapts looks for the end of a new name: the first comma that no backslash precedes.
				const end = /[^\\],/.exec(written);
				expect(end === null ? written : written.slice(0, end.index + 1)).toBe(formatDn(dn.slice(0, 1)));
			}),
			{ numRuns: 500 },
		);
	});

	// RFC 4514 section 4, and sections 2.4 and 3 for the rest.
	test.each<[text: string, dn: Dn]>([
		[
			'UID=jsmith,DC=example,DC=net',
			[
				[{ attribute: 'UID', value: 'jsmith' }],
				[{ attribute: 'DC', value: 'example' }],
				[{ attribute: 'DC', value: 'net' }],
			],
		],
		[
			'OU=Sales+CN=J.  Smith,DC=example',
			[
				[
					{ attribute: 'OU', value: 'Sales' },
					{ attribute: 'CN', value: 'J.  Smith' },
				],
				[{ attribute: 'DC', value: 'example' }],
			],
		],
		['CN=James \\"Jim\\" Smith\\, III', [[{ attribute: 'CN', value: 'James "Jim" Smith, III' }]]],
		['CN=Before\\0dAfter', [[{ attribute: 'CN', value: 'Before\rAfter' }]]],
		['1.3.6.1.4.1.1466.0=#04024869', [[{ attribute: '1.3.6.1.4.1.1466.0', value: 'Hi' }]]],
		['CN=Lu\\C4\\8Di\\C4\\87', [[{ attribute: 'CN', value: 'Lučić' }]]],
		['CN=\\ a \\ ', [[{ attribute: 'CN', value: ' a  ' }]]],
		['CN=\\#x\\=y\\+\\;\\<\\>\\\\', [[{ attribute: 'CN', value: '#x=y+;<>\\' }]]],
		['CN=a#b=c', [[{ attribute: 'CN', value: 'a#b=c' }]]],
		['', []],
		['   ', []],
	])('is read from %j', (text, dn) => {
		expect(parseDn(text)).toEqual(dn);
	});

	test('loses the blanks around names and values that are not escaped', () => {
		expect(parseDn(' CN = Ada Lovelace , OU = People ')).toEqual(parseDn('CN=Ada Lovelace,OU=People'));
	});

	test('may have semicolons between its parts, as in RFC 2253', () => {
		expect(parseDn('CN=a;OU=b')).toEqual(parseDn('CN=a,OU=b'));
	});

	test('is written with every special character as a hex pair', () => {
		expect(formatDn([[{ attribute: 'CN', value: ' #Smith, J+\\"<;=>\u0000\n  ' }]])).toBe(
			'CN=\\20\\23Smith\\2C J\\2B\\5C\\22\\3C\\3B\\3D\\3E\\00\\0A\\20\\20',
		);
	});

	test.each([
		['People', 1, 'an attribute with "=" is missing'],
		['CN=a,', 6, 'an attribute with "=" is missing'],
		['CN=a,,DC=b', 6, '",DC" is not an attribute'],
		['=a', 1, '"" is not an attribute'],
		['C N=a', 1, '"C N" is not an attribute'],
		['1x=a', 1, '"1x" is not an attribute'],
		['CN=', 4, 'a value is empty'],
		['CN=,DC=b', 4, 'a value is empty'],
		['CN=   ,DC=b', 4, 'a value is empty'],
		['CN="a"', 4, 'an unescaped " stands'],
		['CN=a<b', 5, 'an unescaped < stands'],
		['CN=a>b', 5, 'an unescaped > stands'],
		['CN=a\\', 5, 'a backslash is not followed'],
		['CN=a\\x', 5, 'a backslash is not followed'],
		['CN=a\\4', 5, 'a backslash is not followed'],
		['CN=#0402', 4, 'a value in hexadecimal form is broken'],
		['CN=#04', 4, 'a value in hexadecimal form is broken'],
		['CN=#xy', 4, 'a value in hexadecimal form is broken'],
		['CN=#04024869zz', 4, 'a value in hexadecimal form is broken'],
	])('is not read from %j: the message names character %i and the reason', (text, character, reason) => {
		const read = () => parseDn(text);
		expect(read).toThrow(InvalidDnError);
		expect(read).toThrow(reason);
		expect(read).toThrow(`at character ${character}`);
	});

	test('that cannot be read is the only thing that the parser throws for', () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.string()), (text) => {
				try {
					parseDn(text);
				} catch (error) {
					expect(error).toBeInstanceOf(InvalidDnError);
				}
			}),
		);
	});
});

describe('the name of a new object', () => {
	const parent = 'OU=People,DC=corp,DC=example,DC=com';

	test('is one part more than its parent, with the value as it was given', () => {
		fc.assert(
			fc.property(anyText, (value) => {
				const dn = parseDn(childDn('CN', value, parent));
				expect(dn).toHaveLength(parseDn(parent).length + 1);
				expect(dn[0]).toEqual([{ attribute: 'CN', value }]);
				expect(dn.slice(1)).toEqual(parseDn(parent));
			}),
			{ numRuns: 1000 },
		);
	});

	test.each([
		['Mallory,CN=Admins', 'CN=Mallory\\2CCN\\3DAdmins'],
		['a+UID=b', 'CN=a\\2BUID\\3Db'],
		['end\\', 'CN=end\\5C'],
		['end\\,OU=x', 'CN=end\\5C\\2COU\\3Dx'],
	])('never lets the value %j add a part', (value, first) => {
		expect(childDn('CN', value, parent)).toBe(`${first},${parent}`);
	});

	test('needs a parent that is a distinguished name', () => {
		expect(() => childDn('CN', 'Ada', 'People')).toThrow(InvalidDnError);
	});

	test('has the parent as its container', () => {
		fc.assert(fc.property(anyText, (value) => expect(parentOf(childDn('CN', value, parent))).toBe(parent)));
	});
});

describe('two distinguished names', () => {
	test.each([
		['CN=Ada,OU=People', 'cn=ADA,ou=people', 'case does not matter'],
		['CN=Smith\\, J,DC=x', 'CN=Smith\\2C J,DC=x', 'an escape may be a character or a hex pair'],
		['CN=Z\\C3\\BCrich,DC=x', 'CN=Zürich,DC=x', 'a letter may be written as its bytes'],
		['CN=Ada , OU = People', 'CN=Ada,OU=People', 'blanks around the parts do not matter'],
		['CN=a+UID=b,DC=x', 'UID=b+CN=a,DC=x', 'the parts of one name have no order'],
		['CN=Ju\u0308rgen', 'CN=J\u00fcrgen', 'composed and decomposed letters are the same'],
		['', ' ', 'the root is the root'],
	])('%j and %j are the same: %s', (left, right) => {
		expect(sameDn(left, right)).toBe(true);
	});

	test.each([
		['CN=Ada,OU=People', 'CN=Ada,OU=Staff', 'another container'],
		['CN=Ada,OU=People', 'OU=Ada,OU=People', 'another attribute'],
		['CN=Ada', 'CN=Ada,OU=People', 'another depth'],
		['CN=a\\2COU\\3Db', 'CN=a,OU=b', 'an escaped separator is no separator'],
		['CN=a\\2BUID\\3Db', 'CN=a+UID=b', 'an escaped plus is no plus'],
		['CN=\\20a', 'CN=a', 'an escaped blank counts'],
	])('%j and %j differ: %s', (left, right) => {
		expect(sameDn(left, right)).toBe(false);
	});

	test('are the same whether they are spelled plainly or with every character escaped', () => {
		const plain = fc.stringMatching(/^[A-Za-z0-9_.'()@ -]{0,12}[A-Za-z0-9_]$/).map((value) => value.trim());
		const escaped = (value: string) =>
			[...Buffer.from(value)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
		fc.assert(
			fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), (values) => {
				const dn = values.map((value) => `CN=${value}`).join(',');
				expect(sameDn(dn, values.map((value) => `cn=${escaped(value)}`).join(','))).toBe(true);
				expect(sameDn(dn, `${dn},CN=x`)).toBe(false);
			}),
		);
	});

	test('are the same exactly when their parts are', () => {
		const small = fc.array(
			fc
				.record({ attribute: fc.constantFrom('CN', 'OU'), value: fc.constantFrom('a', 'b,CN=a', 'a,OU=b', '"]') })
				.map((one) => [one]),
			{ maxLength: 3 },
		);
		fc.assert(
			fc.property(small, small, (left, right) => {
				expect(sameDn(formatDn(left), formatDn(right))).toBe(JSON.stringify(left) === JSON.stringify(right));
			}),
			{ numRuns: 500 },
		);
	});
});

describe('an object', () => {
	test.each([
		['CN=Ada,OU=People,DC=x', 'OU=People,DC=x', true],
		['CN=Ada,OU=People,DC=x', 'ou=PEOPLE, dc=X', true],
		['OU=People,DC=x', 'OU=People,DC=x', true],
		['CN=Ada,OU=Deep,OU=People,DC=x', 'OU=People,DC=x', true],
		['CN=Ada,DC=x', '', true],
		['DC=x', 'OU=People,DC=x', false],
		['CN=Ada,OU=Staff,DC=x', 'OU=People,DC=x', false],
		['CN=Ada\\2COU\\3DPeople,DC=x', 'OU=People,DC=x', false],
		['CN=Ada,OU=MyPeople,DC=x', 'OU=People,DC=x', false],
		['CN=Ada,OU=People,DC=x,DC=y', 'OU=People,DC=x', false],
	])('%j within %j: %s', (dn, base, within) => {
		expect(isWithin(dn, base)).toBe(within);
	});

	test('stands within every container above it, and no container stands within the object', () => {
		fc.assert(
			fc.property(plainDn, fc.nat({ max: 4 }), (dn, depth) => {
				const base = dn.slice(Math.min(depth, dn.length));
				expect(isWithin(formatDn(dn), formatDn(base))).toBe(true);
				if (base.length < dn.length) expect(isWithin(formatDn(base), formatDn(dn))).toBe(false);
			}),
		);
	});
});
