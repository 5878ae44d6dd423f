import fc from 'fast-check';
import {
	isAccountName,
	isAddress,
	isCommonName,
	isReserved,
	toAccountName,
	toLocalPart,
} from '../../../lib/schema/accountNames';

const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });

describe('an account name', () => {
	test.each(['ada', 'ada.lovelace', 'a', 'a-b_c', 'u1042', '1a', 'ünï', 'a'.repeat(20), "o'brien", '.ada'])(
		'may be %j',
		(name) => expect(isAccountName(name)).toBe(true),
	);

	test.each([
		['', 'nothing'],
		['a'.repeat(21), 'longer than 20 characters'],
		['ada.', 'ending in a dot'],
		['ada$', 'a computer by its ending'],
		['12345', 'digits only'],
		['0', 'digits only'],
		['ada lovelace', 'a blank'],
		[' ada', 'a blank'],
		['ada\u00a0', 'a blank of another kind'],
		['ada\u0000', 'a control character'],
		['ada\n', 'a line break'],
	])('may not be %j (%s)', (name) => {
		expect(isAccountName(name)).toBe(false);
	});

	test.each([...'"/\\[]:;|=,+*?<>@'])('may not hold %j', (character) => {
		expect(isAccountName(`a${character}b`)).toBe(false);
	});
});

describe('a reserved name', () => {
	test.each([
		...['administrator', 'Administrator', 'GUEST', 'krbtgt', 'DefaultAccount', 'root', 'admin'],
		...['postmaster', 'abuse', 'hostmaster', 'no-reply', 'con', 'NUL', 'com1', 'COM9', 'lpt1', 'lpt9'],
		...['SYSTEM', 'Everyone', 'Self', 'LocalService', 'administrators'],
	])('is %j', (name) => expect(isReserved(name)).toBe(true));

	test.each(['ada', 'adminson', 'com0', 'com10', 'lpt', 'console', 'constructor', '__proto__', ''])(
		'is not %j',
		(name) => expect(isReserved(name)).toBe(false),
	);
});

describe('an address', () => {
	test.each([
		...['ada@corp.example.com', "o'brien@x.de", 'a.b-c_d!#^~@x.y', 'ada@localhost', 'ada@a-b.example', '1@2.3'],
		`${'a'.repeat(64)}@x.y`,
	])('may be %j', (text) => expect(isAddress(text)).toBe(true));

	test.each([
		['', 'nothing'],
		['ada', 'no domain'],
		['@x.y', 'nothing before the @'],
		['ada@', 'nothing after the @'],
		['.ada@x.y', 'a dot first'],
		['ada.@x.y', 'a dot last'],
		['a..b@x.y', 'two dots'],
		['a b@x.y', 'a blank'],
		['a@b@x.y', 'two @'],
		['zoë@x.y', 'a letter that is not ASCII'],
		['a+b@x.y', 'a character that Entra ID refuses'],
		['ada@x..y', 'an empty label'],
		['ada@.y', 'an empty label'],
		['ada@-x.y', 'a label that starts with a hyphen'],
		['ada@x-.y', 'a label that ends with a hyphen'],
		['ada@x.y.', 'a dot at the end'],
		['ada@x y', 'a blank in the domain'],
		['ada@münchen.example', 'a domain that is not ASCII'],
		['ada@x.y\n', 'a line break'],
		[`${'a'.repeat(65)}@x.y`, 'more than 64 characters before the @'],
	])('may not be %j (%s)', (text) => {
		expect(isAddress(text)).toBe(false);
	});
});

describe('a common name', () => {
	test.each(['Ada Lovelace', 'Smith, J', 'a+b="c"', '王小明', 'x'.repeat(64), '😀', '\\'])('may be %j', (text) =>
		expect(isCommonName(text)).toBe(true),
	);

	test.each(['', 'x'.repeat(65), ' Ada', 'Ada ', 'A\u0000da', 'A\nda', '\u00a0Ada', '\u0085'])(
		'may not be %j',
		(text) => expect(isCommonName(text)).toBe(false),
	);
});

describe('text made an account name', () => {
	test.each([
		["O'Brien", 'OBrien'],
		['ada lovelace', 'adalovelace'],
		['..ada..', 'ada'],
		['a.b-c_d', 'a.b-c_d'],
		['ada@corp', 'adacorp'],
		['@@', ''],
		['', ''],
		['.@.', ''],
	])('%j becomes %j', (text, name) => expect(toAccountName(text)).toBe(name));

	test('is a legal one when it is short enough and not digits only', () => {
		fc.assert(
			fc.property(printable, (text) => {
				const name = toAccountName(text).slice(0, 20).replace(/\.+$/, '');
				expect(name === '' || /^\d+$/.test(name) || isAccountName(name)).toBe(true);
			}),
		);
	});
});

describe('text made the part before the @', () => {
	test.each([
		["O'Brien", "O'Brien"],
		['ada lovelace', 'adalovelace'],
		['a...b', 'a.b'],
		['.ada.', 'ada'],
		['a.@.b', 'a.b'],
		['a+b', 'ab'],
		['...', ''],
	])('%j becomes %j', (text, local) => expect(toLocalPart(text)).toBe(local));

	test('makes a legal address', () => {
		fc.assert(
			fc.property(printable, (text) => {
				const local = toLocalPart(text);
				expect(local === '' || isAddress(`${local}@x.y`)).toBe(true);
			}),
		);
	});

	test('stays the same when it is made again', () => {
		fc.assert(fc.property(printable, (text) => expect(toLocalPart(toLocalPart(text))).toBe(toLocalPart(text))));
	});
});
