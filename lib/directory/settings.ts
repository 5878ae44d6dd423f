/** The AD LDAP credential's fields, checked before anything is sent. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { toPem } from '../pem';
import { DirectoryError } from './errors';

/** How the controller learns who logs on. */
export type Logon =
	| { readonly by: 'password'; readonly name: string; readonly password: string }
	/** SASL EXTERNAL: the certificate of the TLS connection says who (RFC 4513 section 5.2.3). */
	| {
			readonly by: 'certificate';
			readonly certificate: string;
			readonly key: string;
			/** '' = the key is not encrypted. */
			readonly passphrase: string;
	  };

export type DirectorySettings = {
	/** Host names or addresses, in the order in which they are tried. */
	readonly controllers: readonly string[];
	readonly port: number;
	/** `plain`: no encryption, and so nothing that sets a password. */
	readonly security: 'ldaps' | 'startTls' | 'plain';
	/** Certificates of own authorities, PEM; empty = the authorities that Node knows. */
	readonly authorities: readonly string[];
	/** Name in the controller's certificate when it is not the host name; '' = the host name. */
	readonly serverName: string;
	readonly ignoreCertificate: boolean;
	readonly logon: Logon;
	/** '' = the whole domain. */
	readonly baseDn: string;
	/** '' = none; operations that need it refuse. */
	readonly signingKey: string;
	readonly connectTimeoutMs: number;
	readonly operationTimeoutMs: number;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param fields decrypted credential fields by name
 * @throws DirectoryError (configuration) that names the field
 */
export function parseSettings(fields: Fields): DirectorySettings {
	const controllers = parseControllers(textOf(fields, 'domainControllers'));
	const security = parseSecurity(fields);
	const port = Number(fields['port'] ?? 636);
	if (!Number.isInteger(port) || port < 1 || port > 65_535)
		throw unusable('Port', 'Enter a port from 1 to 65535; LDAPS uses 636, StartTLS 389.');
	return {
		controllers,
		port,
		security,
		authorities: splitCertificates(textOf(fields, 'trustedAuthorities')),
		serverName: textOf(fields, 'serverName'),
		ignoreCertificate: fields['ignoreTlsIssues'] === true,
		logon: parseLogon(fields, security),
		baseDn: textOf(fields, 'baseDn'),
		signingKey: textOf(fields, 'signingSecret'),
		connectTimeoutMs: seconds(fields['connectTimeout'], 10),
		operationTimeoutMs: seconds(fields['operationTimeout'], 30),
	};
}

function textOf(fields: Fields, name: string): string {
	const value = fields[name];
	return typeof value === 'string' ? value.trim() : '';
}

function parseControllers(entered: string): string[] {
	const controllers = entered.split(/[\s,;]+/).filter(Boolean);
	if (controllers.length === 0)
		throw unusable('Domain Controllers', 'Enter the host name of at least one domain controller.');
	for (const controller of controllers) {
		if (!/^[A-Za-z0-9._-]+$/.test(controller) && !isIPv6(controller))
			throw unusable(
				'Domain Controllers',
				`"${controller}" is no host name. Enter names without ldaps:// and without port.`,
			);
	}
	return controllers;
}

function parseSecurity(fields: Fields): DirectorySettings['security'] {
	const security = textOf(fields, 'security') || 'ldaps';
	if (security === 'ldaps' || security === 'startTls') return security;
	if (security !== 'plain') throw unusable('Security', 'Choose LDAPS or StartTLS.');
	if (fields['allowUnencrypted'] !== true)
		throw unusable(
			'Security',
			'Choose LDAPS or StartTLS. Without encryption the bind password can be read on the way; who accepts that switches on Allow Unencrypted too.',
		);
	return security;
}

function parseLogon(fields: Fields, security: DirectorySettings['security']): Logon {
	const by = textOf(fields, 'logOnWith') || 'password';
	if (by === 'certificate') return parseCertificate(fields, security);
	if (by !== 'password') throw unusable('Log On With', 'Choose a password or a client certificate.');
	// RFC 4513 section 5.1.2: a bind with a name and no password succeeds as anonymous on many servers.
	const password = typeof fields['bindPassword'] === 'string' ? fields['bindPassword'] : '';
	if (password === '')
		throw unusable('Bind Password', 'Enter the password of the service account; an empty one would log on as nobody.');
	const name = textOf(fields, 'bindName');
	if (name === '')
		throw unusable('Bind Name', 'Enter the service account as a distinguished name, a UPN, or DOMAIN\\user.');
	return { by, name, password };
}

/** What OpenSSL says of a wrong key may quote it, so it is never passed on. */
function parseCertificate(fields: Fields, security: DirectorySettings['security']): Logon {
	if (security === 'plain')
		throw unusable('Log On With', 'A client certificate needs LDAPS or StartTLS: choose one of them as Security.');
	const certificate = toPem(textOf(fields, 'certificate'));
	const key = toPem(textOf(fields, 'certificateKey'));
	const passphrase = typeof fields['certificatePassphrase'] === 'string' ? fields['certificatePassphrase'] : '';
	const parsed = attempt(() => new X509Certificate(certificate));
	if (!parsed)
		throw unusable(
			'Client Certificate (PEM)',
			'Paste the certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
		);
	const privateKey = attempt(() => createPrivateKey({ key, ...(passphrase ? { passphrase } : {}) }));
	if (!privateKey)
		throw unusable(
			'Key of the Certificate (PEM)',
			key.includes('ENCRYPTED')
				? 'The key is encrypted: check that it is whole and that Passphrase of That Key is right.'
				: 'Paste the private key in PEM form, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.',
		);
	if (!parsed.checkPrivateKey(privateKey))
		throw unusable(
			'Key of the Certificate (PEM)',
			'It does not belong to the client certificate: paste the two that were made together.',
		);
	return { by: 'certificate', certificate, key, passphrase };
}

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}

function unusable(field: string, whatToDo: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The AD LDAP credential's field "${field}" cannot be used.`,
		whatToDo,
	});
}

function seconds(value: unknown, fallback: number): number {
	const number = Number(value ?? fallback);
	return (Number.isFinite(number) && number > 0 ? number : fallback) * 1000;
}

/**
 * Certificates out of pasted text, each one by itself, with the line breaks that PEM needs.
 * @throws DirectoryError when there is text but no certificate in it
 */
export function splitCertificates(pasted: string): string[] {
	if (pasted === '') return [];
	const blocks = [...toPem(pasted).matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g)].map(
		([block]) => block,
	);
	if (blocks.length === 0 || blocks.some((block) => !attempt(() => new X509Certificate(block))))
		throw unusable(
			'CA Certificate',
			'Paste the whole certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
		);
	return blocks;
}
