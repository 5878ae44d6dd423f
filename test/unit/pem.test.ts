import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { toPem } from '../../lib/pem';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes256', passphrase: 'open' }).toString();

describe('a pasted PEM', () => {
	test.each<[how: string, paste: (text: string) => string]>([
		['as it is', (text) => text],
		['in one line, with blanks', (text) => text.replaceAll('\n', ' ')],
		['in one line, with nothing', (text) => text.replaceAll('\n', '')],
		['with \\n for line breaks', (text) => text.replaceAll('\n', '\\n')],
		['with the line breaks of Windows', (text) => text.replaceAll('\n', '\r\n')],
		['with text around it', (text) => `Bag Attributes\n${text}\nthe end`],
	])('is read %s', (_how, paste) => {
		expect(toPem(paste(pem))).toBe(pem);
		const two = toPem(paste(pem + pem));
		expect(two).toBe(pem + pem);
	});

	test('keeps the headers of an encrypted key', () => {
		const read = toPem(encrypted.replaceAll('\n', ' '));
		expect(createPrivateKey({ key: read, passphrase: 'open' }).export({ type: 'pkcs8', format: 'pem' })).toBe(pem);
	});

	test('is left alone where it is none', () => {
		fc.assert(
			fc.property(
				fc.string().filter((text) => !text.includes('BEGIN') && !text.includes('\\n')),
				(text) => {
					expect(toPem(text)).toBe(text.trim());
				},
			),
		);
	});
});
