/** A certificate authority and server certificates for loopback servers, made by openssl. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../setup/processes.ts';

export type CertificateNames = {
	readonly commonName: string;
	readonly names: readonly string[];
	readonly addresses: readonly string[];
};

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/**
 * Writes `ca.pem`, `cert.pem` and `key.pem` into `folder`; the authority is made with the first one and used for the next.
 * @param file name of certificate and key, without ending
 */
export async function makeCertificate(
	folder: string,
	{ commonName, names, addresses }: CertificateNames,
	file = '',
): Promise<void> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const at = (name: string) => path.join(folder, name);
	const key = at(`${file ? `${file}-` : ''}key.pem`);
	const certificate = at(`${file ? `${file}-` : ''}cert.pem`);
	if (!existsSync(at('ca.pem'))) {
		await mustRun('openssl', [
			...['req', '-x509', ...NEW_KEY, '-days', '3650', '-keyout', at('ca.key'), '-out', at('ca.pem')],
			...['-subj', '/CN=Throw-away test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
			...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
		]);
	}
	const alternatives = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)].join(
		',',
	);
	await writeFile(at('extensions'), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n`);
	await mustRun('openssl', [
		'req',
		...NEW_KEY,
		'-keyout',
		key,
		'-out',
		at('request.pem'),
		'-subj',
		`/CN=${commonName}`,
	]);
	await mustRun('openssl', [
		...['x509', '-req', '-in', at('request.pem'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
		...['-days', '3650', '-extfile', at('extensions'), '-out', certificate],
	]);
	// Samba refuses a key that others can read.
	await chmod(key, 0o600);
}
