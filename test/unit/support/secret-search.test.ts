import fc from 'fast-check';
import { findSecret } from '../../support/secret-search';

const secret = fc
	.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
	.filter((text) => !/^(.)\1*$/.test(text));

describe('the search for secrets', () => {
	test.each([
		['text', (text: string, before: Buffer) => Buffer.concat([before, Buffer.from(text)])],
		['UTF-16LE', (text: string, before: Buffer) => Buffer.concat([before, Buffer.from(text, 'utf16le')])],
		['hex', (text: string, before: Buffer) => Buffer.from(Buffer.concat([before, Buffer.from(text)]).toString('hex'))],
		[
			'base64',
			(text: string, before: Buffer) =>
				Buffer.from(Buffer.concat([before, Buffer.from(text), before]).toString('base64')),
		],
		[
			'base64 of UTF-16LE',
			(text: string, before: Buffer) =>
				Buffer.from(Buffer.concat([before, Buffer.from(text, 'utf16le')]).toString('base64')),
		],
	])('finds a secret written as %s, whatever stands around it', (_form, write) => {
		fc.assert(
			fc.property(secret, fc.uint8Array({ maxLength: 5 }), (text, around) => {
				expect(findSecret(text, { place: write(text, Buffer.from(around)) })).not.toEqual([]);
			}),
		);
	});

	test('finds nothing where there is nothing', () => {
		expect(findSecret('Tr0ub4dor&3', { place: Buffer.from('correct horse battery staple') })).toEqual([]);
	});
});
