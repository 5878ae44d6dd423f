import fc from 'fast-check';
import { maskSecrets } from '../../../lib/hcm/mask';

describe('a secret in a text', () => {
	test.each([
		['the key "k"y/1 is wrong', ['"k"y/1'], 'the key *** is wrong'],
		['{"key":"\\"k\\"y/1"}', ['"k"y/1'], '{"key":"***"}'],
		['?key=%22k%22y%2F1&x', ['"k"y/1'], '?key=***&x'],
		[`Basic ${Buffer.from('"k"y/1').toString('base64')}`, ['"k"y/1'], 'Basic ***'],
		['a-b-c-d and a-b-c-d-e', ['a-b-c-d', 'a-b-c-d-e'], '*** and ***'],
		['nothing here', ['secret'], 'nothing here'],
		['a cat', ['a', ''], 'a cat'],
	])('%j with the secrets %j is shown as %j', (text, secrets, shown) => {
		expect(maskSecrets(text, secrets)).toBe(shown);
	});

	test('is never shown, wherever it stands', () => {
		fc.assert(
			fc.property(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/), fc.string(), (before, secret, after) => {
				for (const form of [secret, Buffer.from(secret).toString('base64')])
					expect(maskSecrets(`${before}${form}${after}`, [secret])).not.toContain(form);
			}),
		);
	});
});
