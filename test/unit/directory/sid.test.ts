import fc from 'fast-check';
import { domainSidOf, ridOf, sidToBytes, sidToText } from '../../../lib/directory/sid';

const subAuthority = fc.integer({ min: 0, max: 0xffff_ffff });
const sidText = fc
	.record({
		authority: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
		subAuthorities: fc.array(subAuthority, { maxLength: 15 }),
	})
	.map(({ authority, subAuthorities }) => ['S', 1, authority, ...subAuthorities].join('-'));

// MS-DTYP 2.4.2.2; turned round by hand: 21 = 15000000, 1 = 01000000, 500 = 01f4 = f4010000, ...
const KNOWN: [text: string, hex: string][] = [
	['S-1-5-21-1-2-3-500', '010500000000000515000000010000000200000003000000f4010000'],
	['S-1-5-21-3405691582-1-4294967295-1105', '010500000000000515000000bebafeca01000000ffffffff51040000'],
	['S-1-5-32-544', '01020000000000052000000020020000'],
	['S-1-1-0', '010100000000000100000000'],
	['S-1-5', '0100000000000005'],
];

describe('a SID', () => {
	test.each(KNOWN)('%s is the bytes %s, both ways', (text, hex) => {
		expect(sidToBytes(text).toString('hex')).toBe(hex);
		expect(sidToText(Buffer.from(hex, 'hex'))).toBe(text);
	});

	test('comes back from its bytes, whatever its parts', () => {
		fc.assert(fc.property(sidText, (text) => expect(sidToText(sidToBytes(text))).toBe(text)));
	});

	test.each([
		'',
		'S-1',
		'S-1-5-',
		'S-1-5-x',
		's-1-5-32',
		'S-1-5-21-1-2-3-500)',
		'S-1-5-4294967296',
		'S-256-5',
		'S-1-281474976710656',
		`S-1-5${'-1'.repeat(16)}`,
		'S-1-5--1',
	])('may not be written %j', (text) => {
		expect(() => sidToBytes(text)).toThrow(/is not a SID|out of range/);
	});

	test.each([
		'',
		'01',
		'01050000000000051500',
		'0102000000000005200000002002000000',
		'01030000000000052000000020020000',
	])('may not have the bytes %j', (hex) => {
		expect(() => sidToText(Buffer.from(hex, 'hex'))).toThrow(RangeError);
	});

	test('of an account is the one of its domain and a last part', () => {
		expect(ridOf('S-1-5-21-1-2-3-500')).toBe(500);
		expect(domainSidOf('S-1-5-21-1-2-3-500')).toBe('S-1-5-21-1-2-3');
	});
});
