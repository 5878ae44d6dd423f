/**
 * One bound connection to one domain controller. ldapts reconnects a dropped socket by itself and then goes on unbound; here each client gets
 * one socket in its life: its hook refuses to make another, so no operation ever runs on a connection that nobody has logged on to.
 */
import net from 'node:net';
import tls from 'node:tls';
import { Client, ResultCodeError } from 'ldapts';
import { DirectoryError } from './errors';
import { explainResult } from './resultCodes';
import type { DirectorySettings } from './settings';

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
	/** How the connection is encrypted. */
	readonly encryption: Encryption;
	/** Cuts the connection at once; what is on the way is rejected. */
	readonly destroy: () => void;
};

/** TLS options for one controller: verified, TLS 1.2 or newer, own authorities where given. */
export function tlsOptions(settings: DirectorySettings, host: string): tls.ConnectionOptions {
	const name = settings.serverName || host;
	return {
		minVersion: 'TLSv1.2',
		rejectUnauthorized: !settings.ignoreCertificate,
		...(settings.authorities.length > 0 ? { ca: [...settings.authorities] } : {}),
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
	const sockets: net.Socket[] = [];
	const once = <T extends net.Socket>(make: () => T, allowed: number): T => {
		if (sockets.length >= allowed)
			throw new Error('The connection is gone; a new one is made with a logon of its own.');
		const socket = make();
		sockets.push(socket);
		return socket;
	};
	const options = tlsOptions(settings, host);
	const secure = settings.security === 'ldaps';
	const client = new Client({
		url: `${secure ? 'ldaps' : 'ldap'}://${net.isIPv6(host) ? `[${host}]` : host}:${settings.port}`,
		timeout: settings.operationTimeoutMs,
		connectTimeout: settings.connectTimeoutMs,
		// With these ldapts speaks TLS from the first byte, whatever the address says.
		...(secure ? { tlsOptions: options } : {}),
		createConnection: () => once(() => net.connect(settings.port, host), 1),
		createSecureConnection: (...args: unknown[]) =>
			once(
				() => (secure ? tls.connect(settings.port, host, options) : tls.connect(args[0] as tls.ConnectionOptions)),
				secure ? 1 : 2,
			),
	});
	const destroy = () => {
		for (const socket of sockets) socket.destroy();
	};
	try {
		if (!secure) await within(client.startTLS(options), settings.connectTimeoutMs, signal, destroy);
		await within(
			client.bind(settings.bindName, settings.bindPassword),
			settings.connectTimeoutMs + settings.operationTimeoutMs,
			signal,
			destroy,
		);
		const last = sockets.at(-1);
		if (!(last instanceof tls.TLSSocket)) throw lost('The connection is not encrypted.');
		return {
			client,
			host,
			// After StartTLS ldapts does not notice the end of the connection: its own isBound stays true.
			usable: () => client.isBound && sockets.every((socket) => !socket.destroyed && !socket.readableEnded),
			encryption: { protocol: last.getProtocol() ?? 'TLS', certificate: last.getPeerCertificate() },
			destroy,
		};
	} catch (error) {
		destroy();
		throw explainOpening(error, settings, host);
	}
}

/**
 * Waits for a promise no longer than `ms`, and not beyond a cancelled run.
 * @param giveUp called before the promise is left alone
 * @throws DirectoryError `lost` after `ms`, `cancelled` on abort
 */
export async function within<T>(
	promise: Promise<T>,
	ms: number,
	signal: AbortSignal | undefined,
	giveUp: () => void,
): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	let onAbort: (() => void) | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(lost(`No answer came within ${Math.round(ms / 1000)} seconds.`)), ms);
		onAbort = () => reject(cancelled());
		if (signal?.aborted) onAbort();
		else signal?.addEventListener('abort', onAbort, { once: true });
	});
	try {
		return await Promise.race([promise, limit]);
	} catch (error) {
		if (error instanceof DirectoryError) {
			promise.catch(() => undefined);
			giveUp();
		}
		throw error;
	} finally {
		clearTimeout(timer);
		if (onAbort) signal?.removeEventListener('abort', onAbort);
	}
}

export function lost(message: string): DirectoryError {
	return new DirectoryError({
		kind: 'lost',
		message,
		whatToDo:
			'Look at the network and the controller, then run again: what is done already is found and left as it is.',
	});
}

export function cancelled(): DirectoryError {
	return new DirectoryError({
		kind: 'cancelled',
		message: 'The run was stopped.',
		whatToDo: 'Run again: what is done already is found and left as it is.',
	});
}

/** Node's codes of certificates that do not verify (OpenSSL's X509_V_ERR names), in words. */
const CERTIFICATE_FAULTS: Readonly<Record<string, string>> = {
	DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
	SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
	UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
	CERT_SIGNATURE_FAILURE: 'its authority is not known here',
	CERT_HAS_EXPIRED: 'it has expired',
	CERT_NOT_YET_VALID: 'it is not valid yet',
	ERR_TLS_CERT_ALTNAME_INVALID: 'it is made out to another name',
};

/** Why a controller could not be used. */
function explainOpening(error: unknown, settings: DirectorySettings, host: string): DirectoryError {
	if (error instanceof DirectoryError)
		return error.kind === 'lost' ? notReached(host, error.message.replace(/\.$/, '').toLowerCase()) : error;
	if (error instanceof ResultCodeError)
		return new DirectoryError({ ...explainResult(error.code, error.message, 'bind'), stage: 'logon' });
	// Not by instanceof: an error of Node's own may come from another realm (a sandboxed node, a test).
	const { code = '', message: words = '' } = (typeof error === 'object' && error !== null ? error : {}) as {
		code?: string;
		message?: string;
	};
	const certificate = CERTIFICATE_FAULTS[code];
	if (certificate) {
		const name = settings.serverName || host;
		return new DirectoryError({
			kind: 'configuration',
			stage: 'tls',
			message: `The certificate of ${host} is not accepted: ${certificate}.`,
			whatToDo:
				code === 'ERR_TLS_CERT_ALTNAME_INVALID'
					? `It does not carry the name "${name}". Enter the name it carries as Server Name in the credential (${words.slice(0, 200)}).`
					: 'Paste the certificate of the authority that signed it into CA Certificate in the credential.',
		});
	}
	const reason =
		code === 'ENOTFOUND' || code === 'EAI_AGAIN'
			? 'its name is not known in DNS'
			: code === 'ECONNREFUSED'
				? `nothing listens on port ${settings.port}`
				: code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')
					? `it does not speak TLS 1.2 or newer on port ${settings.port}`
					: code || words.slice(0, 200);
	return notReached(host, reason);
}

function notReached(host: string, reason: string): DirectoryError {
	return new DirectoryError({
		kind: 'lost',
		stage: 'reach',
		message: `The domain controller ${host} could not be reached: ${reason}.`,
		whatToDo: 'Check host name, port and security in the credential, and that a firewall lets this machine through.',
	});
}
