import fc from 'fast-check';
import { attributeFacts, ATTRIBUTES, whyNoValue } from '../../../lib/schema/attributes';

const rule = (attribute: string, value: string) => whyNoValue(attributeFacts(attribute), value)?.rule;

describe('the list of attributes', () => {
	test('has each attribute once, in any case', () => {
		expect(new Set(ATTRIBUTES.map(({ name }) => name.toLowerCase())).size).toBe(ATTRIBUTES.length);
	});

	test('is alphabetical', () => {
		const names = ATTRIBUTES.map(({ name }) => name);
		expect(names).toEqual([...names].sort((left, right) => left.localeCompare(right, 'en')));
	});

	test('gives each attribute a title of its own', () => {
		expect(new Set(ATTRIBUTES.map(({ title }) => title)).size).toBe(ATTRIBUTES.length);
	});

	test.each(['department', 'DEPARTMENT', 'Department'])('knows %s', (name) => {
		expect(attributeFacts(name)).toMatchObject({ name: 'department', syntax: 'text', single: true, maxLength: 64 });
	});

	test.each(['constructor', '__proto__', 'toString', 'nothing', ''])('does not know %j', (name) => {
		expect(attributeFacts(name)).toBeUndefined();
	});

	// MicrosoftDocs win32, ADSchema pages a-*.
	test.each([
		['employeeID', 16, true],
		['givenName', 64, true],
		['sn', 64, true],
		['initials', 6, true],
		['title', 128, true],
		['displayName', 256, true],
		['telephoneNumber', 64, true],
		['c', 3, true],
		['sAMAccountName', 20, true],
		['proxyAddresses', 1123, false],
		['otherTelephone', 64, false],
		['extensionAttribute15', 1024, true],
	])('has %s with at most %i characters, single: %s', (name, maxLength, single) => {
		expect(attributeFacts(name)).toMatchObject({ maxLength, single });
	});
});

describe('a value', () => {
	test('may be as long as its attribute takes and not one character longer', () => {
		const limited = ATTRIBUTES.filter(({ maxLength, syntax }) => maxLength !== null && syntax === 'text');
		for (const facts of limited) {
			// A digit is a character that all of them take.
			expect(whyNoValue(facts, '1'.repeat(facts.maxLength ?? 0))).toBeUndefined();
			expect(whyNoValue(facts, '1'.repeat((facts.maxLength ?? 0) + 1))).toMatchObject({ rule: 'length' });
		}
	});

	test('that is too long is told with both lengths', () => {
		expect(whyNoValue(attributeFacts('employeeID'), 'x'.repeat(24))).toEqual({
			rule: 'length',
			message: 'employeeID takes at most 16 characters, and this value has 24.',
		});
	});

	test.each([
		['loginShell', '/bin/bash', undefined],
		['loginShell', '/bin/bäsh', 'characters'],
		['serialNumber', "A-1 (x)='?", undefined],
		['serialNumber', 'A_1', 'characters'],
		['x121Address', '12 34', undefined],
		['x121Address', '12a', 'characters'],
		['uidNumber', '0', 'range'],
		['uidNumber', '1000', undefined],
		['countryCode', '276', undefined],
		['countryCode', '0', undefined],
		['countryCode', '65535', undefined],
		['countryCode', '65536', 'range'],
		['countryCode', '-1', 'range'],
		['countryCode', 'DE', 'syntax'],
		['countryCode', '1.5', 'syntax'],
		['countryCode', '', 'syntax'],
		['countryCode', '+1', 'syntax'],
		['countryCode', '1e3', 'syntax'],
		['countryCode', '12345678901', 'syntax'],
		['accountExpires', '0', undefined],
		['accountExpires', '9223372036854775807', undefined],
		['accountExpires', '-9223372036854775808', undefined],
		['accountExpires', '9223372036854775808', 'syntax'],
		['accountExpires', '-9223372036854775809', 'syntax'],
		['accountExpires', '99999999999999999999', 'syntax'],
		['accountExpires', '2026-01-01', 'syntax'],
		['accountExpires', '0x10', 'syntax'],
		['msExchHideFromAddressLists', 'TRUE', undefined],
		['msExchHideFromAddressLists', 'FALSE', undefined],
		['msExchHideFromAddressLists', 'true', 'syntax'],
		['msExchHideFromAddressLists', '1', 'syntax'],
		['manager', 'CN=Ada\\2C L,OU=People,DC=corp', undefined],
		['manager', 'CN=Ada', 'syntax'],
		['manager', 'Ada Lovelace', 'syntax'],
		['manager', '', 'syntax'],
		['thumbnailPhoto', 'aGVsbG8=', undefined],
		['thumbnailPhoto', 'aGVsbG8', 'syntax'],
		['thumbnailPhoto', 'a=Vs', 'syntax'],
		['thumbnailPhoto', '', 'syntax'],
		['homeDirectory', '\\\\srv\\home\\ada', undefined],
		['homeDirectory', '\\\\srv\\home\\ada.l..', undefined],
		['homeDirectory', '\\\\srv\\home\\..\\c$', 'path'],
		['profilePath', '\\\\srv\\..', 'path'],
		['scriptPath', '../x.bat', 'path'],
		['wWWHomePage', 'https://x.example/../y', undefined],
	])('of %s may be %j unless a rule says otherwise: %s', (attribute, value, broken) => {
		expect(rule(attribute, value)).toBe(broken);
	});

	// MS-ADTS 3.1.1.2.2.2.1: Integer is a signed number of 32 bits.
	test.each(['2147483648', '-2147483649', '9999999999'])(
		'of an integer may not be %s, which needs more bits',
		(value) => {
			expect(rule('countryCode', value)).toBe('syntax');
		},
	);

	test('of bytes may be as long as its attribute takes and not one byte longer', () => {
		const photo = (length: number) => rule('thumbnailPhoto', Buffer.alloc(length).toString('base64'));
		expect([photo(102_399), photo(102_400), photo(102_401), photo(102_402)]).toEqual([
			undefined,
			undefined,
			'length',
			'length',
		]);
	});

	test('of an attribute that is not listed may be anything', () => {
		fc.assert(fc.property(fc.string(), (value) => expect(whyNoValue(undefined, value)).toBeUndefined()));
	});
});
