import fc from 'fast-check';
import { maskSecrets } from '../../../lib/hcm/mask';

const SECRET = '"k"y/1&é';

describe('a secret in a text', () => {
	test.each([
		['the key "k"y/1 is wrong', ['"k"y/1'], 'the key *** is wrong'],
		['{"key":"\\"k\\"y/1"}', ['"k"y/1'], '{"key":"***"}'],
		['{"key":"\\"k\\"y\\/1"}', ['"k"y/1'], '{"key":"***"}'],
		['?key=%22k%22y%2F1&x', ['"k"y/1'], '?key=***&x'],
		['?key=%22k%22y%2f1&x', ['"k"y/1'], '?key=***&x'],
		['key=pass+word%21', ['pass word!'], 'key=***'],
		['<key>a&lt;b&amp;c</key>', ['a<b&c'], '<key>***</key>'],
		['<key a="&quot;x&apos;y"/>', [`"x'y`], '<key a="***"/>'],
		[`Basic ${Buffer.from('"k"y/1').toString('base64')}`, ['"k"y/1'], 'Basic ***'],
		['a-b-c-d and a-b-c-d-e', ['a-b-c-d', 'a-b-c-d-e'], '*** and ***'],
		['nothing here', ['secret'], 'nothing here'],
		['a cat', ['a', '', 'cat'], 'a cat'],
		['$& and $1', ['secret'], '$& and $1'],
	])('%j with the secrets %j is shown as %j', (text, secrets, shown) => {
		expect(maskSecrets(text, secrets)).toBe(shown);
	});

	test('is never shown, wherever it stands and however it is written', () => {
		const forms = (secret: string) => [
			secret,
			JSON.stringify(secret).slice(1, -1),
			encodeURIComponent(secret),
			Buffer.from(secret).toString('base64'),
			Buffer.from(secret).toString('base64url'),
		];
		fc.assert(
			fc.property(
				fc.string(),
				fc.stringMatching(/^[A-Za-z0-9_"&é/+-]{8,40}$/),
				fc.string(),
				(before, secret, after) => {
					for (const form of forms(secret)) {
						const rest = maskSecrets(`${before}${form}${after}`, [secret]);
						// What the neighbours hold themselves is no leak.
						if (!before.includes(form) && !after.includes(form)) expect(rest).not.toContain(form);
					}
				},
			),
		);
	});

	test('is not shown inside Basic authentication, whatever user it stands behind', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 30 }), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), (user, secret) => {
				const echoed = Buffer.from(`${user}:${secret}`).toString('base64');
				const [, kept = ''] = /Basic (.*)/s.exec(maskSecrets(`Basic ${echoed}`, [secret])) ?? [];
				expect(kept).toContain('***');
				// At most the bits of one character at each end stay.
				const shown = kept.split('***').map((part) => Buffer.from(part, 'base64').toString('latin1'));
				for (const part of shown) expect(part).not.toContain(secret.slice(0, 3));
			}),
		);
	});

	test('is masked in every form that an error may repeat it in', () => {
		const text = [SECRET, JSON.stringify(SECRET), encodeURIComponent(SECRET)].join('\n');
		expect(maskSecrets(text, [SECRET])).toBe('***\n"***"\n***');
	});
});
