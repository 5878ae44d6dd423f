/** How a new password leaves: not at all, encrypted to somebody's public key, or in a field that the builder named. */
import { constants, createHash, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto';
import { DirectoryError } from './errors';

export type PasswordDelivery =
	| { readonly kind: 'none' }
	| { readonly kind: 'encrypted'; readonly publicKey: KeyObject; readonly field: string }
	| { readonly kind: 'field'; readonly field: string };

/** Shorter ones are not taken by anybody who audits (NIST SP 800-131A). */
const SMALLEST_KEY = 2048;

/**
 * The public key of who hands passwords on, checked before anything is written.
 * @param pasted PEM, SPKI or PKCS #1; line breaks may be lost
 * @throws DirectoryError (configuration)
 */
export function readPublicKey(pasted: string): KeyObject {
	const [, label = '', body = ''] =
		/-----BEGIN ((?:RSA )?PUBLIC KEY)-----([\s\S]*?)-----END (?:RSA )?PUBLIC KEY-----/.exec(pasted) ?? [];
	const unusable = (message: string) =>
		new DirectoryError({
			kind: 'configuration',
			message,
			whatToDo:
				'Paste an RSA public key of 2048 bits or more in PEM form, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----. The private key stays with whoever hands the passwords on.',
		});
	if (pasted.includes('PRIVATE KEY'))
		throw unusable('A private key stands in Public Key. Treat it as lost: it was stored with the workflow.');
	if (body === '') throw unusable('Public Key holds no public key.');
	const base64 = body.replaceAll('\\n', '').replaceAll('\\r', '').replace(/\s+/g, '');
	let key: KeyObject;
	try {
		key = createPublicKey(
			`-----BEGIN ${label}-----\n${base64.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END ${label}-----\n`,
		);
	} catch {
		throw unusable('The public key is damaged.');
	}
	if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < SMALLEST_KEY)
		throw unusable('The public key is no RSA key of 2048 bits or more.');
	return key;
}

/** First 16 hexadecimal digits of the SHA-256 of the key in SPKI form: tells which private key opens a password. */
export function fingerprint(key: KeyObject): string {
	return createHash('sha256')
		.update(key.export({ type: 'spki', format: 'der' }))
		.digest('hex')
		.slice(0, 16);
}

/** @returns fields for the result; none when the password is not to be returned */
export function deliver(delivery: PasswordDelivery, password: string): Readonly<Record<string, string>> {
	switch (delivery.kind) {
		case 'none':
			return {};
		case 'field':
			return { [delivery.field]: password };
		case 'encrypted': {
			const options = { key: delivery.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
			return {
				[delivery.field]: publicEncrypt(options, Buffer.from(password, 'utf8')).toString('base64'),
				[`${delivery.field}Key`]: fingerprint(delivery.publicKey),
			};
		}
	}
}
