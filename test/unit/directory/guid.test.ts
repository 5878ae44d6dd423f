import fc from 'fast-check';
import { guidDn, guidToBytes, guidToText } from '../../../lib/directory/guid';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
// The first three groups little-endian, the rest as shown (MS-DTYP 2.3.4.2); turned round by hand.
const TEXT = 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab';
const BYTES = Buffer.from('017fbdc8' + '3b2a' + '5d4c' + '8e6f' + '0123456789ab', 'hex');

describe('a GUID', () => {
	test('of 16 bytes is shown with its first three groups turned round', () => {
		expect(guidToText(BYTES)).toBe(TEXT);
	});

	test('of text becomes the bytes that the directory stores', () => {
		expect(guidToBytes(TEXT)).toEqual(BYTES);
	});

	test('comes back from its text, whatever its bytes', () => {
		fc.assert(fc.property(bytes, (value) => expect([...guidToBytes(guidToText(value))]).toEqual([...value])));
	});

	test('comes back from its bytes, whatever its text', () => {
		fc.assert(fc.property(fc.uuid(), (text) => expect(guidToText(guidToBytes(text))).toBe(text)));
	});

	test.each([TEXT.toUpperCase(), `{${TEXT}}`, ` ${TEXT} `, `{${TEXT.toUpperCase()}}`])('may be written %j', (text) => {
		expect(guidToBytes(text)).toEqual(BYTES);
	});

	test.each([
		'',
		TEXT.slice(1),
		`${TEXT}0`,
		TEXT.replaceAll('-', ''),
		TEXT.replace('c', 'g'),
		`{${TEXT}`,
		`${TEXT})(objectClass=*`,
	])('may not be written %j', (text) => {
		expect(() => guidToBytes(text)).toThrow(RangeError);
	});

	test.each([0, 15, 17])('has 16 bytes and not %i', (length) => {
		expect(() => guidToText(Buffer.alloc(length))).toThrow(`A GUID has 16 bytes, not ${length}.`);
	});

	test('names an object wherever it stands', () => {
		expect(guidDn(TEXT)).toBe(`<GUID=${TEXT}>`);
	});
});
