/**
 * One bound connection to one domain controller. ldapts reconnects a dropped socket by itself and then goes on unbound; here each client gets
 * one socket in its life: its hook refuses to make another, so no operation ever runs on a connection that nobody has logged on to.
 */
import net from 'node:net';
import tls from 'node:tls';
import { Client, ResultCodeError } from 'ldapts';
import { explainOpening } from './openingErrors';
import type { DirectorySettings } from './settings';
import { lost, within } from './within';

export type Encryption = {
	/** TLSv1.2 or TLSv1.3. */
	readonly protocol: string;
	/** The certificate that the controller showed. */
	readonly certificate: tls.PeerCertificate;
};

export type Session = {
	readonly client: Client;
	readonly host: string;
	/** Whether what is sent now goes out on the connection that was logged on. */
	readonly usable: () => boolean;
	/** How the connection is encrypted; undefined when it is not. */
	readonly encryption: Encryption | undefined;
	/** Cuts the connection at once; what is on the way is rejected. */
	readonly destroy: () => void;
};

/** TLS options for one controller: verified, TLS 1.2 or newer, own authorities and client certificate where given. */
export function tlsOptions(settings: DirectorySettings, host: string): tls.ConnectionOptions {
	const name = settings.serverName || host;
	const { logon } = settings;
	return {
		minVersion: 'TLSv1.2',
		rejectUnauthorized: !settings.ignoreCertificate,
		...(settings.authorities.length > 0 ? { ca: [...settings.authorities] } : {}),
		...(logon.by === 'certificate'
			? { cert: logon.certificate, key: logon.key, ...(logon.passphrase ? { passphrase: logon.passphrase } : {}) }
			: {}),
		// RFC 6066 section 3: an address is not sent as server name. Verified it is all the same, by Node, against `host`.
		...(net.isIP(name) ? {} : { servername: name }),
		host,
		...(settings.serverName
			? {
					checkServerIdentity: (_host: string, certificate: tls.PeerCertificate) =>
						tls.checkServerIdentity(settings.serverName, certificate),
				}
			: {}),
	};
}

/**
 * Connects and binds.
 * @throws DirectoryError: `lost` when this controller cannot be reached, `configuration` when it refuses the logon or its certificate does
 */
export async function openSession(
	settings: DirectorySettings,
	host: string,
	signal: AbortSignal | undefined,
): Promise<Session> {
	const options = settings.security === 'plain' ? undefined : tlsOptions(settings, host);
	const { client, sockets } = clientOfOneSocket(settings, host, options);
	const destroy = () => {
		for (const socket of sockets) socket.destroy();
	};
	const { connectTimeoutMs, operationTimeoutMs } = settings;
	try {
		if (settings.security === 'startTls') await within(client.startTLS(options), connectTimeoutMs, signal, destroy);
		await within(logOn(client, settings), connectTimeoutMs + operationTimeoutMs, signal, destroy);
		const last = sockets.at(-1);
		if (options && !(last instanceof tls.TLSSocket)) throw lost('The connection is not encrypted.');
		return {
			client,
			host,
			// Not by the client's own isBound: after StartTLS it does not notice the end of the connection, and a certificate needs no bind.
			usable: () => client.isConnected && sockets.every((socket) => !socket.destroyed && !socket.readableEnded),
			encryption:
				last instanceof tls.TLSSocket
					? { protocol: last.getProtocol() ?? 'TLS', certificate: last.getPeerCertificate() }
					: undefined,
			destroy,
		};
	} catch (error) {
		destroy();
		throw explainOpening(error, settings, host);
	}
}

/** @param options undefined = without encryption */
function clientOfOneSocket(
	settings: DirectorySettings,
	host: string,
	options: tls.ConnectionOptions | undefined,
): { readonly client: Client; readonly sockets: readonly net.Socket[] } {
	const sockets: net.Socket[] = [];
	const once = <T extends net.Socket>(make: () => T, allowed: number): T => {
		if (sockets.length >= allowed)
			throw new Error('The connection is gone; a new one is made with a logon of its own.');
		const socket = make();
		sockets.push(socket);
		return socket;
	};
	const { port } = settings;
	const secure = settings.security === 'ldaps' && options !== undefined;
	const client = new Client({
		url: `${secure ? 'ldaps' : 'ldap'}://${net.isIPv6(host) ? `[${host}]` : host}:${port}`,
		timeout: settings.operationTimeoutMs,
		connectTimeout: settings.connectTimeoutMs,
		// With these ldapts speaks TLS from the first byte, whatever the address says.
		...(secure ? { tlsOptions: options } : {}),
		createConnection: () => once(() => net.connect(port, host), 1),
		createSecureConnection: (...args: unknown[]) =>
			once(
				() => (secure ? tls.connect(port, host, options) : tls.connect(args[0] as tls.ConnectionOptions)),
				secure ? 1 : 2,
			),
	});
	return { client, sockets };
}

/** "Who am I?" (RFC 4532). */
const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3';

async function logOn(client: Client, { logon, security }: DirectorySettings): Promise<void> {
	if (logon.by === 'password') return await client.bind(logon.name, logon.password);
	// On its LDAPS port AD has logged on whoever showed a certificate, and refuses an EXTERNAL bind; after StartTLS it waits for one, as
	// other servers always do (MS-ADTS 5.1.1.2; RFC 4513 section 5.2.3).
	if (security === 'ldaps' && (await isLoggedOn(client))) return;
	await client.bind('EXTERNAL');
}

/** Whether the connection stands for somebody. A server that cannot say so takes the bind. */
async function isLoggedOn(client: Client): Promise<boolean> {
	try {
		const { value = '' } = await client.exop(WHO_AM_I);
		return /^(?:u|dn):./i.test(value);
	} catch (error) {
		if (error instanceof ResultCodeError) return false;
		throw error;
	}
}
