/**
 * A TLS server in front of a domain controller that writes down what clients send, in clear. It holds a certificate of the test
 * authority, so a client that verifies accepts it: this is how a test learns a password that the product never shows.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { makeCertificate } from '../../demo/samba/certificate.ts';
import type { Domain } from './samba';

export type RecordingProxy = {
	readonly host: string;
	readonly port: number;
	/** Everything that clients sent since the start. */
	readonly sent: () => Buffer;
	readonly close: () => Promise<void>;
};

/** Starts the proxy on the domain's own loopback address, on a free port. */
export async function startRecordingProxy(domain: Domain): Promise<RecordingProxy> {
	await makeCertificate(
		domain.tlsFolder,
		{ commonName: domain.serverName, names: [domain.serverName], addresses: [domain.host] },
		'proxy',
	);
	const read = (name: string) => readFileSync(path.join(domain.tlsFolder, name));
	const chunks: Buffer[] = [];
	const open = new Set<tls.TLSSocket>();
	const server = tls.createServer(
		{ key: read('proxy-key.pem'), cert: read('proxy-cert.pem'), minVersion: 'TLSv1.2' },
		(client) => {
			const upstream = tls.connect({
				host: domain.host,
				port: domain.ldapsPort,
				ca: [domain.caPem],
				servername: domain.serverName,
			});
			const both = [client, upstream];
			for (const socket of both) {
				open.add(socket);
				socket.on('error', () => both.forEach((end) => end.destroy()));
				socket.on('close', () => {
					open.delete(socket);
					both.forEach((end) => end.destroy());
				});
			}
			client.on('data', (data: Buffer) => chunks.push(Buffer.from(data)));
			client.pipe(upstream);
			upstream.pipe(client);
		},
	);
	const port = await new Promise<number>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, domain.host, () => resolve((server.address() as { port: number }).port));
	});
	return {
		host: domain.host,
		port,
		sent: () => Buffer.concat(chunks),
		close: () =>
			new Promise((resolve) => {
				open.forEach((socket) => socket.destroy());
				server.close(() => resolve());
			}),
	};
}

const UNICODE_PWD = Buffer.from('unicodePwd', 'utf8');

/**
 * Passwords on the wire: the value after each `unicodePwd` is the password in double quotes, UTF-16LE (MS-ADTS 3.1.1.3.1.5.1), behind
 * two BER headers (SET and OCTET STRING, RFC 4511 section 4.1.7) whose lengths are short here.
 */
export function passwordsOnTheWire(sent: Buffer): string[] {
	const passwords: string[] = [];
	for (let at = sent.indexOf(UNICODE_PWD); at >= 0; at = sent.indexOf(UNICODE_PWD, at + 1)) {
		const octets = sent.indexOf(0x04, at + UNICODE_PWD.length);
		const length = sent[octets + 1] ?? 0;
		const value = sent.subarray(octets + 2, octets + 2 + length).toString('utf16le');
		if (/^".+"$/.test(value)) passwords.push(value.slice(1, -1));
	}
	return passwords;
}
