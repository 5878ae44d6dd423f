import fc from 'fast-check';
import {
	attributeFacts,
	ATTRIBUTES,
	isFileTime,
	whyNoValue,
	type AttributeFacts,
} from '../../../lib/schema/attributes';

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
		['departmentNumber', null, false],
		['msDS-cloudExtensionAttribute20', null, true],
		['msExchExtensionCustomAttribute5', null, false],
		// MS-ADA2 2.431.
		['msDS-preferredDataLocation', 10, true],
		// The schema lets it have several values, and the server refuses a second one to a user (win32, a-description).
		['description', 1024, true],
	])('has %s with at most %s characters, single: %s', (name, maxLength, single) => {
		expect(attributeFacts(name)).toMatchObject({ maxLength, single });
	});
});

describe('a value', () => {
	test('may be as long as its attribute takes and not one character longer', () => {
		const limited = ATTRIBUTES.filter(({ maxLength, syntax }) => maxLength !== null && syntax === 'text');
		expect(limited.length).toBeGreaterThan(80);
		for (const facts of limited) {
			// A drive is two characters long, whatever the schema says.
			if (facts.name !== 'msTSHomeDrive') expect(whyNoValue(facts, '1'.repeat(facts.maxLength ?? 0))).toBeUndefined();
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
		['homeDirectory', '\\\\srv\\home\\.hidden\\ada', undefined],
		// Windows takes blanks and full stops at the end of a name away.
		['homeDirectory', '\\\\srv\\home\\.. \\c$', 'path'],
		['homeDirectory', '\\\\srv\\home\\ ..', 'path'],
		['homeDirectory', '\\\\srv\\home\\...\\c$', 'path'],
		['homeDirectory', '\\\\.\\pipe\\x', 'path'],
		['unixHomeDirectory', '/home/../root', 'path'],
		['unixHomeDirectory', '/home/ada.l', undefined],
		['msTSProfilePath', '\\\\srv\\profiles\\..\\c$', 'path'],
		['userSharedFolderOther', '..', 'path'],
		['wWWHomePage', 'https://x.example/../y', undefined],
		['scriptPath', 'logon.cmd', undefined],
		['scriptPath', 'staff\\sales\\logon.vbs', undefined],
		['scriptPath', '\\\\evil.example\\share\\x.bat', 'path'],
		['scriptPath', '//evil.example/share/x.bat', 'path'],
		['scriptPath', '\\x.bat', 'path'],
		['scriptPath', 'C:\\x.bat', 'path'],
		['homeDrive', 'H:', undefined],
		['homeDrive', 'h:', undefined],
		['homeDrive', 'H', 'syntax'],
		['homeDrive', 'H:\\', 'syntax'],
		['msTSHomeDrive', 'HH:', 'syntax'],
		// 0 is root; Unix keeps these numbers without a sign.
		['uidNumber', '0', 'range'],
		['uidNumber', '-0', 'range'],
		['uidNumber', '000', 'range'],
		['uidNumber', '-1', 'range'],
		['gidNumber', '0', 'range'],
		['gidNumber', '10000', undefined],
		['uidNumber', '2147483647', undefined],
		['uidNumber', '2147483648', 'syntax'],
		['uidNumber', 'root', 'syntax'],
		['msDS-GeoCoordinatesLatitude', '-9223372036854775808', undefined],
		['displayNamePrintable', "Ada's (1) + 2, 3-4. 5/6: 7 = 8?", undefined],
		['displayNamePrintable', 'Jürgen', 'characters'],
		['displayNamePrintable', 'a@b', 'characters'],
		['gecos', 'Ada Lovelace,Room 4,,', undefined],
		['gecos', 'Åsa', 'characters'],
		['loginShell', '/bin/bash', undefined],
		['loginShell', '/bin/bash\n', 'characters'],
		['x121Address', '26245 1', undefined],
		['x121Address', '26245-1', 'characters'],
		['x121Address', '٣', 'characters'],
		['serialNumber', 'A#1', 'characters'],
	])('of %s may be %j unless a rule says otherwise: %s', (attribute, value, broken) => {
		expect(rule(attribute, value)).toBe(broken);
	});

	test.each<[said: Partial<AttributeFacts>, value: string, message: string | undefined]>([
		[{ minLength: 4 }, 'abcd', undefined],
		[{ minLength: 4 }, 'abc', 'acme takes at least 4 characters, and this value has 3.'],
		[{ minLength: 2, maxLength: 3 }, 'abcd', 'acme takes at most 3 characters, and this value has 4.'],
		[{ syntax: 'bytes', minLength: 2 }, 'AA==', 'acme takes at least 2 bytes, and this value has 1.'],
		[{ syntax: 'integer', min: 1, max: 9 }, '10', 'acme takes a whole number from 1 to 9, not 10.'],
		[{ syntax: 'integer', min: 1 }, '0', 'acme takes a whole number of at least 1, not 0.'],
		[{ syntax: 'largeInteger', max: 9 }, '10', 'acme takes a whole number of at most 9, not 10.'],
		[{ syntax: 'largeInteger', min: -9 }, '-9', undefined],
		[{ syntax: 'time' }, '20261231230000.0Z', undefined],
		[{ syntax: 'time' }, '20261331230000.0Z', 'acme takes an instant such as 20261231230000.0Z.'],
		[{ syntax: 'time' }, '20261231240000.0Z', 'acme takes an instant such as 20261231230000.0Z.'],
		[{ syntax: 'time' }, '2026-12-31', 'acme takes an instant such as 20261231230000.0Z.'],
		[{ characters: 'numeric' }, 'x', 'acme takes only digits and blanks.'],
	])('is held to what a schema says: %j, %j', (said, value, message) => {
		const facts: AttributeFacts = {
			name: 'acme',
			title: 'Acme',
			syntax: 'text',
			single: true,
			maxLength: null,
			...said,
		};
		expect(whyNoValue(facts, value)?.message).toBe(message);
	});

	test('of text with few characters is made of them and of nothing else', () => {
		const allowed = {
			ia5: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
			printable: fc.constantFrom(..."ABCXYZabcxyz0189 '()+,-./:=?"),
			numeric: fc.constantFrom(...'0123456789 '),
		};
		for (const [attribute, character] of [
			['gecos', allowed.ia5],
			['displayNamePrintable', allowed.printable],
			['x121Address', allowed.numeric],
		] as const) {
			const text = fc.array(character, { minLength: 1, maxLength: 15 }).map((all) => all.join(''));
			fc.assert(fc.property(text, (value) => expect(rule(attribute, value)).toBeUndefined()));
			const foreign = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }).filter((one) => /[^ -~]/.test(one));
			fc.assert(fc.property(foreign, (value) => expect(rule(attribute, value)).toBe('characters')));
		}
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

describe('a large integer that is an instant', () => {
	test.each(['accountExpires', 'ACCOUNTEXPIRES', 'pwdLastSet', 'lockoutTime', 'msDS-ApproximateLastLogonTimeStamp'])(
		'is %s',
		(name) => expect(isFileTime(name)).toBe(true),
	);

	// Intervals and counters are none.
	test.each(['maxPwdAge', 'lockoutDuration', 'uSNChanged', 'msDS-GeoCoordinatesLatitude', 'maxStorage', '__proto__'])(
		'is not %s',
		(name) => expect(isFileTime(name)).toBe(false),
	);
});
