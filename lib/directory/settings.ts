/** The AD LDAP credential's fields, checked before anything is sent. */
import { isIPv6 } from 'node:net';
import { DirectoryError } from './errors';

export type DirectorySettings = {
	/** Host names or addresses, in the order in which they are tried. */
	readonly controllers: readonly string[];
	readonly port: number;
	readonly security: 'ldaps' | 'startTls';
	/** Certificates of own authorities, PEM; empty = the authorities that Node knows. */
	readonly authorities: readonly string[];
	/** Name in the controller's certificate when it is not the host name; '' = the host name. */
	readonly serverName: string;
	readonly ignoreCertificate: boolean;
	readonly bindName: string;
	readonly bindPassword: string;
	/** '' = the whole domain. */
	readonly baseDn: string;
	/** '' = none; operations that need it refuse. */
	readonly signingKey: string;
	readonly connectTimeoutMs: number;
	readonly operationTimeoutMs: number;
};

/**
 * @param fields decrypted credential fields by name
 * @throws DirectoryError (configuration) that names the field
 */
export function parseSettings(fields: Readonly<Record<string, unknown>>): DirectorySettings {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
	const controllers = text('domainControllers')
		.split(/[\s,;]+/)
		.filter(Boolean);
	if (controllers.length === 0)
		throw missing('Domain Controllers', 'Enter the host name of at least one domain controller.');
	for (const controller of controllers) {
		if (!/^[A-Za-z0-9._-]+$/.test(controller) && !isIPv6(controller))
			throw missing(
				'Domain Controllers',
				`"${controller}" is no host name. Enter names without ldaps:// and without port.`,
			);
	}
	const security = text('security') || 'ldaps';
	if (security !== 'ldaps' && security !== 'startTls')
		throw missing('Security', 'Choose LDAPS or StartTLS; passwords never travel in clear.');
	const port = Number(fields['port'] ?? 636);
	if (!Number.isInteger(port) || port < 1 || port > 65_535)
		throw missing('Port', 'Enter a port from 1 to 65535; LDAPS uses 636, StartTLS 389.');
	// RFC 4513 section 5.1.2: a bind with a name and no password succeeds as anonymous on many servers.
	const bindPassword = typeof fields['bindPassword'] === 'string' ? fields['bindPassword'] : '';
	if (bindPassword === '')
		throw missing('Bind Password', 'Enter the password of the service account; an empty one would log on as nobody.');
	if (text('bindName') === '')
		throw missing('Bind Name', 'Enter the service account as a distinguished name, a UPN, or DOMAIN\\user.');
	return {
		controllers,
		port,
		security,
		authorities: splitCertificates(text('trustedAuthorities')),
		serverName: text('serverName'),
		ignoreCertificate: fields['ignoreTlsIssues'] === true,
		bindName: text('bindName'),
		bindPassword,
		baseDn: text('baseDn'),
		signingKey: text('signingSecret'),
		connectTimeoutMs: seconds(fields['connectTimeout'], 10),
		operationTimeoutMs: seconds(fields['operationTimeout'], 30),
	};
}

function missing(field: string, whatToDo: string): DirectoryError {
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
 * Certificates out of pasted text. A password manager or a one-line field loses the line breaks that PEM needs (RFC 7468), or keeps them as
 * the two characters "\n": both are put right.
 * @throws DirectoryError when there is text but no certificate in it
 */
export function splitCertificates(pasted: string): string[] {
	if (pasted === '') return [];
	const blocks = [...pasted.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)].map(
		([, body = '']) => {
			const base64 = body.replaceAll('\\n', '').replaceAll('\\r', '').replace(/\s+/g, '');
			return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;
		},
	);
	if (blocks.length === 0)
		throw missing(
			'CA Certificate',
			'Paste the certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
		);
	return blocks;
}
