/** Why no reply came, in the builder's words. */

export type NetworkFault = {
	/** Goes behind 'Endpoint "people", page 3: ', without a full stop. */
	readonly reason: string;
	readonly whatToDo: string;
	/** Whether the same call may go through later. */
	readonly passing: boolean;
	/** Whether the server cannot have seen the request, so that even a call that changes something may be sent again. */
	readonly unsent: boolean;
};

/** What the transport itself finds wrong with a request or a reply. It knows no endpoint; the call adds it to the message. */
export class TransportError extends Error implements NetworkFault {
	override readonly name = 'TransportError';
	readonly reason: string;
	readonly whatToDo: string;
	readonly passing: boolean;
	readonly unsent: boolean;

	constructor(
		reason: string,
		whatToDo: string,
		{ passing = false, unsent = false }: { passing?: boolean; unsent?: boolean } = {},
	) {
		super(reason);
		this.reason = reason;
		this.whatToDo = whatToDo;
		this.passing = passing;
		this.unsent = unsent;
	}
}

const fault = (reason: string, whatToDo: string, passing = false, unsent = false): NetworkFault => ({
	reason,
	whatToDo,
	passing,
	unsent,
});

const CUT = fault('the server cut the connection', 'Run again later. If it stays so, lower the page size.', true);
const CUT_INSIDE = fault(
	'the server cut the connection in the middle of the reply',
	'Run again later. If it stays so, lower the page size.',
	true,
);
const LATE = fault('the server did not answer in time', 'Run again later, or raise the time-out in the options.', true);
const NO_CONNECTION = fault(
	'no connection to the server came about in time',
	'Check host and port in the URL, and whether a firewall or a proxy stands in between.',
	true,
	true,
);
const NO_ROUTE = fault(
	'the network does not reach the server',
	'Look at the network, the VPN and the firewall between n8n and the server.',
	true,
	true,
);
const AUTHORITY = fault(
	"the authority of the server's certificate is not known",
	'Add it to NODE_EXTRA_CA_CERTS of n8n, or let the server send its whole chain of certificates.',
);
const SELF_SIGNED = fault(
	"the server's certificate is signed by itself",
	'Add its authority to NODE_EXTRA_CA_CERTS of n8n.',
);
const NOT_TLS = fault(
	'the server does not speak TLS at this port',
	'Check the port in the URL, and whether the address begins with http:// instead of https://.',
);
const OLD_TLS = fault(
	'the server and n8n have no common version or cipher of TLS',
	'TLS 1.2 or later is needed: tell the operator of the server.',
);
const CLIENT_CERTIFICATE = fault(
	'the server does not accept the client certificate, or asks for one',
	'Check certificate and key in the credential: they may have expired, or not be known to the server.',
);
const NOT_HTTP = fault('what the server sent is no HTTP', 'Check port and protocol (http or https) in the URL.');
const PROXY_TLS = fault(
	"the proxy's certificate could not be verified",
	'Add its authority to NODE_EXTRA_CA_CERTS of n8n, and check the proxy variables.',
	false,
	true,
);

/** By Node's, OpenSSL's and undici's codes, and those of n8n's HTTP library. */
const FAULTS: Readonly<Record<string, NetworkFault>> = {
	ENOTFOUND: fault(
		"the server's name is not known",
		"Check the host name in the URL or the credential's region.",
		false,
		true,
	),
	EAI_AGAIN: fault(
		"the server's name could not be looked up",
		'Look at the DNS of this machine, then run again.',
		true,
		true,
	),
	ECONNREFUSED: fault(
		'nothing listens there',
		'Check host and port in the URL, and the proxy if there is one.',
		true,
		true,
	),
	EHOSTUNREACH: NO_ROUTE,
	ENETUNREACH: NO_ROUTE,
	EHOSTDOWN: NO_ROUTE,
	ENETDOWN: NO_ROUTE,
	EADDRNOTAVAIL: NO_ROUTE,
	UND_ERR_CONNECT_TIMEOUT: NO_CONNECTION,
	ECONNRESET: CUT,
	EPIPE: CUT,
	UND_ERR_SOCKET: CUT,
	UND_ERR_INFO: CUT,
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CUT_INSIDE,
	HPE_INVALID_EOF_STATE: CUT_INSIDE,
	HPE_CLOSED_CONNECTION: CUT_INSIDE,
	// What n8n's HTTP library says of a body that ends early.
	ERR_BAD_RESPONSE: CUT_INSIDE,
	ETIMEDOUT: LATE,
	ESOCKETTIMEDOUT: LATE,
	ECONNABORTED: LATE,
	UND_ERR_HEADERS_TIMEOUT: LATE,
	UND_ERR_BODY_TIMEOUT: LATE,
	UND_ERR_HEADERS_OVERFLOW: fault('the headers of the reply are too long', 'Tell the operator of the server.'),
	HPE_HEADER_OVERFLOW: fault('the headers of the reply are too long', 'Tell the operator of the server.'),
	CERT_HAS_EXPIRED: fault("the server's certificate has expired", 'Tell the operator of the server.'),
	CERT_NOT_YET_VALID: fault("the server's certificate is not valid yet", 'Check the clock of this machine.'),
	CERT_REVOKED: fault("the server's certificate was revoked", 'Tell the operator of the server.'),
	CERT_UNTRUSTED: AUTHORITY,
	DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
	SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
	ERR_TLS_CERT_ALTNAME_INVALID: fault(
		"the server's certificate is made out to another name",
		'Check the host name in the URL.',
	),
	ERR_TLS_CERT_ALTNAME_FORMAT: fault(
		"the server's certificate has names that cannot be read",
		'Tell the operator of the server.',
	),
	ERR_TLS_HANDSHAKE_TIMEOUT: NO_CONNECTION,
	ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
	ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
	ERR_SSL_HTTP_REQUEST: NOT_TLS,
	EPROTO: NOT_TLS,
	ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
	ERR_SSL_NO_CIPHER_MATCH: OLD_TLS,
	UND_ERR_PRX_TLS: PROXY_TLS,
	UND_ERR_INVALID_ARG: fault(
		'the request cannot be sent as it is',
		'Check URL, method and headers of the endpoint, and the proxy variables of n8n.',
		false,
		true,
	),
};

/** Families of codes, looked at where a code has no words of its own. */
const FAMILIES: ReadonlyArray<readonly [RegExp, NetworkFault]> = [
	[/^ERR_SSL_.*ALERT_PROTOCOL_VERSION$|^ERR_SSL_.*(UNSUPPORTED|NO_SHARED|HANDSHAKE_FAILURE)/, OLD_TLS],
	[/^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/, CLIENT_CERTIFICATE],
	[
		/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$)/,
		fault('the TLS connection could not be made', 'Look at the certificates of the server and of the credential.'),
	],
	[/^HPE_/, NOT_HTTP],
	[/^UND_ERR_SOCKS5/, fault('the proxy refuses the connection', 'Check the proxy variables of n8n.', true, true)],
	[
		/^(ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT|EAI_)/,
		fault("the server's name could not be looked up", 'Look at the DNS of this machine, then run again.', true, true),
	],
];

/**
 * @param error whatever the sending rejected with
 * @returns its words; of an error that nobody knows, only the code is shown, because its message may hold an address with a key
 */
export function networkFault(error: unknown): NetworkFault {
	const chain = causesOf(error);
	const own = chain.find((link): link is TransportError => link instanceof TransportError);
	if (own !== undefined) return own;
	for (const link of chain) {
		const proxy = proxyRefusal(link);
		if (proxy !== undefined) return proxy;
	}
	const codes = chain.map(codeOf).filter((code) => code !== '');
	for (const code of codes) {
		const known = byCode(code);
		if (known !== undefined) return known;
	}
	const [code = ''] = codes;
	return fault(
		`the call broke off${/^[A-Z0-9_]{1,60}$/.test(code) ? ` (${code})` : ''}`,
		'Run again; if it stays so, look at the network between n8n and the server.',
		true,
	);
}

function byCode(code: string): NetworkFault | undefined {
	if (Object.hasOwn(FAULTS, code)) return FAULTS[code];
	return FAMILIES.find(([pattern]) => pattern.test(code))?.[1];
}

/** HTTP libraries wrap Node's errors differently; an error may also be its own cause. */
function causesOf(error: unknown): object[] {
	const chain: object[] = [];
	for (let current = error; typeof current === 'object' && current !== null && chain.length < 5; ) {
		chain.push(current);
		current = 'cause' in current ? current.cause : undefined;
	}
	return chain;
}

/** undici's parser names its errors but leaves their code empty (lib/dispatcher/client-h1.js). */
function codeOf(link: object): string {
	if ('code' in link && typeof link.code === 'string') return link.code;
	return 'name' in link && link.name === 'HTTPParserError' ? 'HPE_' : '';
}

/** undici gives the answer of a proxy to CONNECT in its message only (lib/dispatcher/proxy-agent.js). */
function proxyRefusal(link: object): NetworkFault | undefined {
	const message = 'message' in link && typeof link.message === 'string' ? link.message : '';
	const status = /^Proxy response \((\d{3})\)/.exec(message)?.[1];
	if (status === '407' || message.startsWith('Proxy Authentication Required'))
		return fault('the proxy asks for a login', 'Check user and password in the proxy variables of n8n.', false, true);
	if (status === undefined) return undefined;
	const later = Number(status) >= 500;
	return fault(
		`the proxy does not connect to the server (HTTP ${status})`,
		later
			? "The proxy does not reach the server: check the URL's host, then run again."
			: 'Let the proxy allow this server, or name it in NO_PROXY of n8n.',
		later,
		true,
	);
}
