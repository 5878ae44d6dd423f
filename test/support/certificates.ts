/** A throw-away authority with certificates for a loopback server and for a client, made by openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type KeyPair = { readonly cert: string; readonly key: string };
export type Certificates = {
	readonly authority: string;
	/** For 127.0.0.1 and hr.test. */
	readonly server: KeyPair;
	/** For another name only. */
	readonly stranger: KeyPair;
	readonly client: KeyPair;
	/** The client's key under the passphrase "open sesame". */
	readonly lockedKey: string;
};

export const PASSPHRASE = 'open sesame';

export function makeCertificates(): Certificates {
	const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
	const at = (name: string) => path.join(folder, name);
	const read = (name: string) => readFileSync(at(name), 'utf8');
	const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
	const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	const issue = (name: string, extensions: string): KeyPair => {
		writeFileSync(at('extensions'), extensions);
		openssl('req', ...newKey, '-keyout', at(`${name}.key`), '-out', at('request'), '-subj', `/CN=${name}`);
		openssl(
			...['x509', '-req', '-in', at('request'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
			...['-days', '2', '-extfile', at('extensions'), '-out', at(`${name}.pem`)],
		);
		return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
	};
	try {
		openssl(
			...['req', '-x509', ...newKey, '-days', '2', '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Test'],
			...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'],
		);
		const server = issue('server', 'subjectAltName=IP:127.0.0.1,DNS:hr.test\nextendedKeyUsage=serverAuth\n');
		const stranger = issue('stranger', 'subjectAltName=DNS:other.test\nextendedKeyUsage=serverAuth\n');
		const client = issue('client', 'extendedKeyUsage=clientAuth\n');
		openssl('ec', '-in', at('client.key'), '-aes256', '-passout', `pass:${PASSPHRASE}`, '-out', at('locked.key'));
		return { authority: read('ca.pem'), server, stranger, client, lockedKey: read('locked.key') };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
