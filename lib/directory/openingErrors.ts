/** Why a controller could not be used, in words. */
import { ResultCodeError } from 'ldapts';
import { DirectoryError } from './errors';
import { explainResult } from './resultCodes';
import type { DirectorySettings } from './settings';

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

export function explainOpening(error: unknown, settings: DirectorySettings, host: string): DirectoryError {
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
	// The controller's word on our certificate comes as a TLS alert (RFC 8446 section 6.2), with TLS 1.3 only after the handshake.
	if (
		settings.logon.by === 'certificate' &&
		/alert.{0,20}certificate|alert.{0,20}unknown ca|alert.{0,20}denied/i.test(`${code.replaceAll('_', ' ')} ${words}`)
	)
		return new DirectoryError({
			kind: 'configuration',
			stage: 'logon',
			message: `${host} refuses the client certificate.`,
			whatToDo:
				'Use a certificate that is still valid, is meant for logging on, and comes from an authority that the controllers trust.',
		});
	return notReached(host, reasonOf(code, words, settings));
}

/** In words of our own: n8n puts words of its own in place of a message that holds the code of a socket (n8n-workflow, node.error). */
function reasonOf(code: string, words: string, { port, security }: DirectorySettings): string {
	const known = code || (/\b(E[A-Z]{4,})\b/.exec(words)?.[1] ?? '');
	if (known === 'ECONNRESET' || known === 'EPIPE' || known === 'ECONNABORTED')
		return `it closed the connection; port ${port} may not be one for ${security === 'startTls' ? 'StartTLS' : security === 'ldaps' ? 'LDAPS' : 'LDAP'}`;
	if (known === 'ETIMEDOUT' || known === 'EHOSTUNREACH' || known === 'ENETUNREACH')
		return 'nothing answers at its address';
	if (known === 'EACCES' || known === 'EPERM') return 'this machine does not let the connection out';
	return code === 'ENOTFOUND' || code === 'EAI_AGAIN'
		? 'its name is not known in DNS'
		: code === 'ECONNREFUSED'
			? `nothing listens on port ${port}`
			: code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')
				? `it does not speak TLS 1.2 or newer on port ${port}`
				: code || words.slice(0, 200);
}

function notReached(host: string, reason: string): DirectoryError {
	return new DirectoryError({
		kind: 'lost',
		stage: 'reach',
		message: `The domain controller ${host} could not be reached: ${reason}.`,
		whatToDo: 'Check host name, port and security in the credential, and that a firewall lets this machine through.',
	});
}
