/**
 * Where n8n itself lets a credential go: two fields that it adds to each one that builds on its OAuth2, "Allowed HTTP Request Domains" and "Allowed
 * Domains" (n8n-workflow 2.41, credential-domain-restrictions.ts). They are read here as n8n reads them.
 */
import { TransportError } from '../networkErrors';

export type DomainLimits = {
	/** all, domains or none; anything else is all. */
	readonly allowedHttpRequestDomains?: unknown;
	/** Names of hosts, separated by commas; `*.example.com` is each host below it, and not itself. */
	readonly allowedDomains?: unknown;
};

const plain = (host: string) => host.trim().toLowerCase().replace(/\.$/, '');

/**
 * @param base the credential's own address, null = it has none
 * @returns why the credential may not go to a URL; undefined where it may
 */
export function domainRefusal(
	{ allowedHttpRequestDomains, allowedDomains }: DomainLimits,
	base: string | null,
): (url: URL) => TransportError | undefined {
	if (allowedHttpRequestDomains === 'none') {
		// For nodes whose URL comes from the workflow, as ours does without a Base URL; with one, the credential itself says where it goes.
		return ({ host }) => (base === null ? withoutAddress(host) : undefined);
	}
	if (allowedHttpRequestDomains !== 'domains') return () => undefined;
	const allowed = typeof allowedDomains === 'string' ? allowedDomains.split(',').map(plain).filter(Boolean) : [];
	return ({ hostname, host }) => (allowed.some((entry) => fits(entry, plain(hostname))) ? undefined : notListed(host));
}

function fits(entry: string, host: string): boolean {
	if (!entry.startsWith('*.')) return host === entry;
	return entry.length > 2 && host.endsWith(entry.slice(1));
}

const notListed = (host: string) =>
	new TransportError(
		`'Allowed Domains' of the credential does not list ${host}`,
		'Correct the URL of the endpoint, or add its host to that field of the credential.',
		{ unsent: true },
	);

const withoutAddress = (host: string) =>
	new TransportError(
		`'Allowed HTTP Request Domains' of the credential is None, and it has no Base URL that would let it go to ${host}`,
		'Enter a Base URL in the credential, or choose other domains there.',
		{ unsent: true },
	);
