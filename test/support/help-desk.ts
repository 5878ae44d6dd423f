/** The help desk of an end-to-end test: it has the private key that initial passwords are encrypted for, and tries them. */
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { Client } from 'ldapts';
import type { Domain } from './samba';

export type HelpDesk = {
	/** PEM. */
	readonly publicKey: string;
	readonly open: (encrypted: string) => string;
};

export function helpDesk(): HelpDesk {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const key = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
	return {
		publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		open: (encrypted) => privateDecrypt(key, Buffer.from(encrypted, 'base64')).toString('utf8'),
	};
}

/** Whether the domain lets this account in with this password. */
export async function binds(
	{ ldapsUrl: url, caPem, serverName: servername }: Domain,
	dn: string,
	password: string,
): Promise<boolean> {
	const client = new Client({ url, tlsOptions: { ca: [caPem], servername } });
	try {
		await client.bind(dn, password);
		return true;
	} catch {
		return false;
	} finally {
		await client.unbind();
	}
}
