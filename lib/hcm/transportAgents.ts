/** Connections: kept alive over all calls of a feed, by proxy where n8n's environment says so, TLS always verified. */
import { X509Certificate } from 'node:crypto';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import { TransportError } from './networkErrors';

export type ClientCertificate = {
	/** PEM, the certificate first and then those that lead to its authority. */
	readonly certificate: string;
	readonly key: string;
	readonly passphrase?: string | undefined;
	/** PEM of authorities that the server's certificate may come from, besides those that Node knows. */
	readonly authorities?: string | undefined;
};

/** n8n's egress policy (`getSecureEgressFilter`). */
export type Egress = {
	readonly validateUrl: (url: string) => Promise<{ readonly ok: true } | { readonly ok: false; readonly error: Error }>;
	readonly lookup: LookupFunction;
};

export type ConnectionSettings = {
	/** Of a whole call: connecting, sending and receiving. */
	readonly timeoutMs: number;
	readonly clientCertificate?: ClientCertificate | undefined;
	readonly egress?: Egress | undefined;
	/** For HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capitals or small letters. */
	readonly environment: Readonly<Record<string, string | undefined>>;
};

export type Connections = {
	/** @param withCredential whether the client certificate is shown to a server that asks for one */
	readonly to: (url: URL, withCredential: boolean) => Dispatcher;
	/** Cuts what is open. */
	readonly close: () => Promise<void>;
};

// What undici's index does on loading; its proxy agent asks for tunnels by this method.
DispatcherClass.prototype.connect = connect;

/** Servers close sooner and say so in `Keep-Alive`, which undici heeds. */
const KEEP_ALIVE_MS = 15_000;

/**
 * @throws TransportError for a client certificate that cannot be used, and for a proxy variable that is no address
 */
export function openConnections(settings: ConnectionSettings): Connections {
	const proxies = proxiesOf(settings.environment);
	const anonymous = makeAgents(settings, undefined, proxies);
	const { clientCertificate } = settings;
	const known = clientCertificate ? makeAgents(settings, tlsOf(clientCertificate), proxies) : anonymous;
	return {
		to: (url, withCredential) => {
			const agents = withCredential ? known : anonymous;
			return url.protocol === 'https:' ? agents.https : agents.http;
		},
		close: async () => {
			const all = new Set([known.http, known.https, anonymous.http, anonymous.https]);
			await Promise.all([...all].map((agent) => agent.destroy()));
		},
	};
}

type Proxies = { readonly http: string; readonly https: string; readonly none: string };
type CertificateOptions = { cert: string; key: string; passphrase?: string; ca?: string[] };
type Agents = { readonly http: Dispatcher; readonly https: Dispatcher };

function makeAgents(
	{ timeoutMs, egress }: ConnectionSettings,
	certificate: CertificateOptions | undefined,
	proxies: Proxies,
): Agents {
	// Said here, or NODE_TLS_REJECT_UNAUTHORIZED=0 would turn it off.
	const tls = { rejectUnauthorized: true, minVersion: 'TLSv1.2', timeout: timeoutMs } as const;
	const options = {
		connect: { ...tls, ...certificate, ...(egress ? { lookup: guarded(egress.lookup) } : {}) },
		// For what goes through a proxy: to the server inside the tunnel, and to the proxy itself, which gets no client certificate.
		requestTls: { ...tls, ...certificate },
		proxyTls: tls,
		// Not every proxy opens a tunnel to port 80; plain http is asked of it directly.
		proxyTunnel: false,
		keepAliveTimeout: KEEP_ALIVE_MS,
		pipelining: 1,
		allowH2: false,
		// The deadline of the whole call stands above both.
		headersTimeout: 0,
		bodyTimeout: 0,
	};
	const direct = new Agent(options);
	if (proxies.http === '' && proxies.https === '') return { http: direct, https: direct };
	// Given as '', undici does not look into the process's own variables.
	const proxied = new EnvHttpProxyAgent({
		...options,
		httpProxy: proxies.http,
		httpsProxy: proxies.https,
		noProxy: proxies.none,
	});
	return {
		http: proxies.http === '' ? direct : proxied,
		// undici would take HTTP_PROXY for https too; n8n's other nodes and curl do not.
		https: proxies.https === '' ? direct : proxied,
	};
}

function proxiesOf(environment: ConnectionSettings['environment']): Proxies {
	// Small letters first, as curl does.
	const read = (name: string) => [name.toLowerCase(), name].map((key) => environment[key]?.trim()).find(Boolean) ?? '';
	const address = (name: string) => {
		const value = read(name) || read('ALL_PROXY');
		if (value === '') return '';
		const url = URL.parse(value.includes('://') ? value : `http://${value}`);
		if (url && url.hostname !== '' && ['http:', 'https:', 'socks5:', 'socks:'].includes(url.protocol)) return url.href;
		// The value is not shown: it may hold a password.
		throw new TransportError(
			`the variable ${name} (or ALL_PROXY) of n8n is no address of a proxy`,
			'Write it as http://host:port.',
		);
	};
	return { http: address('HTTP_PROXY'), https: address('HTTPS_PROXY'), none: read('NO_PROXY') };
}

function tlsOf({ certificate, key, passphrase, authorities }: ClientCertificate): CertificateOptions {
	const extra: { ca?: string[] } = authorities?.trim() ? { ca: [...knownAuthorities(), authorities] } : {};
	const options: CertificateOptions = { cert: certificate, key, ...(passphrase ? { passphrase } : {}), ...extra };
	try {
		createSecureContext(options);
		// OpenSSL passes over authorities that it cannot read.
		if (extra.ca) certificatesIn(authorities ?? '').forEach((pem) => new X509Certificate(pem));
	} catch {
		// OpenSSL's words are left away: no line of a key must get into a message.
		throw new TransportError(
			'certificate, key and authorities of the credential cannot be used together',
			'Enter all of them as PEM (-----BEGIN ...), the key that belongs to the certificate, and its passphrase.',
		);
	}
	return options;
}

function certificatesIn(pem: string): readonly string[] {
	const found = pem.split(/(?=-----BEGIN )/).filter((block) => block.startsWith('-----BEGIN '));
	if (found.length === 0) throw new Error('no certificate');
	return found;
}

/** `ca` replaces Node's list, so what Node knows is named too, NODE_EXTRA_CA_CERTS included (Node 22.15 and later). */
function knownAuthorities(): readonly string[] {
	return typeof getCACertificates === 'function' ? getCACertificates('default') : rootCertificates;
}

/** Errors of the policy are told from those of DNS, which name a system call. */
function guarded(lookup: LookupFunction): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, options, (error, address, family) => {
			callback(error !== null && !('syscall' in error) ? notAllowed(hostname) : error, address, family);
		});
	};
}

/** @param host name or address, with or without a port */
export function notAllowed(host: string): TransportError {
	const shown = isIP(host) === 6 ? `[${host}]` : host;
	return new TransportError(
		`n8n's egress policy does not allow ${shown}`,
		'Ask the operator of n8n to allow this server, or correct the URL of the endpoint.',
		{ unsent: true },
	);
}
