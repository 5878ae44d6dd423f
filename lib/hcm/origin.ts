/** Where a request goes, and where a link of a reply may lead: credentials stay with the origin that they are for. */
import { HcmError } from './errors';
import type { Call } from './reply';
import type { HttpReply, HttpRequest } from './types';

export type LinkValue = { readonly rel: string; readonly url: string };

/**
 * The address of a request: its URL, with `query` behind what already stands after the "?". Encoded for a query (RFC 3986
 * section 3.4); `: $ , @ /` stay readable, because filters such as `department:$eq:Sales` are compared undecoded by some servers.
 */
export function addressOf({ url, query }: Pick<HttpRequest, 'url' | 'query'>): string {
	const withoutFragment = url.replace(/#.*$/s, '');
	if (query.length === 0) return withoutFragment;
	const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
	const joint = !withoutFragment.includes('?') ? '?' : /[?&]$/.test(withoutFragment) ? '' : '&';
	return `${withoutFragment}${joint}${pairs}`;
}

function encode(text: string): string {
	return encodeURIComponent(text.toWellFormed()).replace(/%(3A|24|2C|40|2F)/g, (code) => decodeURIComponent(code));
}

/**
 * The request for the next page, as a reply's link names it. The link is opaque and keeps its own query, so `query` is empty.
 * @param from the request whose reply held the link; relative links count from its URL
 * @param next the link
 * @param allowedHosts host or host:port; they are called by GET, without credential and with no header but Accept
 * @param call names the endpoint and the page whose reply held the link
 * @throws HcmError for what is no link, holds a user name or a password, or leads to another origin that is not allowed
 */
export function nextRequest(from: HttpRequest, next: string, allowedHosts: readonly string[], call: Call): HttpRequest {
	const own = new URL(from.url);
	const target = URL.parse(next.trim(), addressOf(from));
	if (!target || (target.protocol !== 'https:' && target.protocol !== 'http:'))
		throw refused(call, 'the next link is no address of the web', 'Correct the path of the next link in the endpoint.');
	if (target.username !== '' || target.password !== '') {
		throw refused(
			call,
			`the next link to ${target.host} holds a user name or a password`,
			'Such links are not followed. Choose another style of paging, or tell the operator of the server.',
		);
	}
	target.hash = '';
	if (target.origin === own.origin) return { ...from, url: target.href, query: [] };
	if (!isAllowed(target, own, allowedHosts)) {
		throw refused(
			call,
			`the next link leads to another server, ${target.origin}, instead of ${own.origin}`,
			`If it belongs to the same system, add ${target.host} to 'Allowed Hosts' in the options; it is called without the credential.`,
		);
	}
	return strangers(from, target, call);
}

/** What another server gets: the question for a page and nothing that came from a credential. */
function strangers(from: HttpRequest, target: URL, call: Call): HttpRequest {
	if (from.method !== 'GET') {
		throw refused(
			call,
			`the next link leads to another server, ${target.origin}, and the endpoint is called by ${from.method}`,
			'The body may hold secrets, so only GET goes to another server. Choose another style of paging.',
		);
	}
	const headers = Object.fromEntries(
		Object.entries(from.headers).filter(([name]) => ['accept', 'content-type'].includes(name.toLowerCase())),
	);
	return { method: 'GET', url: target.href, query: [], headers, withCredential: false };
}

/** A host without a port means the protocol's own one, and no step down from https to http: that must be named, as host:80. */
function isAllowed(target: URL, own: URL, allowedHosts: readonly string[]): boolean {
	const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
	const named = [`${target.hostname}:${port}`];
	if (target.port === '' && (target.protocol === 'https:' || own.protocol === 'http:')) named.push(target.hostname);
	return allowedHosts.some((entry) => named.includes(entry.trim().toLowerCase()));
}

function refused({ endpoint, page }: Call, reason: string, whatToDo: string): HcmError {
	return new HcmError(`Endpoint "${endpoint}", page ${page}: ${reason}.`, { endpoint, page, whatToDo });
}

/**
 * The address of the next page in the header `Link` (RFC 8288), undefined where there is none.
 * @param headers names in lower case
 */
export function nextLink(headers: HttpReply['headers']): string | undefined {
	return parseLinkHeader(headers['link'] ?? '').find(({ rel }) => rel === 'next')?.url;
}

/**
 * All links of a header `Link` (RFC 8288 section 3), one entry for each relation of each link; relations in lower case. A link
 * for another context (`anchor`) is left out, and so is everything behind what cannot be read.
 */
export function parseLinkHeader(header: string): LinkValue[] {
	const links: LinkValue[] = [];
	let at = 0;
	while (at < header.length) {
		at = skip(header, at, /[\s,]/);
		if (header.charAt(at) !== '<') break;
		const end = header.indexOf('>', at);
		if (end === -1) break;
		const url = header.slice(at + 1, end).trim();
		const parameters = readParameters(header, end + 1);
		at = parameters.end;
		// The first `rel` counts, later ones are ignored (section 3.3).
		const rels = (parameters.values.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
		if (!parameters.values.has('anchor')) links.push(...rels.map((rel) => ({ rel, url })));
		if (at < header.length && header.charAt(at) !== ',') break;
	}
	return links;
}

/** Reads `; name=value` up to the comma that ends the link. @returns names in lower case, the first of each */
function readParameters(header: string, from: number): { values: Map<string, string>; end: number } {
	const values = new Map<string, string>();
	let at = skip(header, from, /\s/);
	while (header.charAt(at) === ';') {
		at = skip(header, at + 1, /\s/);
		const nameEnd = skip(header, at, /[^\s=;,"<>]/);
		const name = header.slice(at, nameEnd).toLowerCase();
		at = skip(header, nameEnd, /\s/);
		let value = '';
		if (header.charAt(at) === '=') {
			const read = readValue(header, skip(header, at + 1, /\s/));
			value = read.value;
			at = skip(header, read.end, /\s/);
		}
		if (name !== '' && !values.has(name)) values.set(name, value);
	}
	return { values, end: at };
}

/** A token, or a quoted string with backslashes before quotation marks (RFC 9110 section 5.6.4). */
function readValue(header: string, from: number): { value: string; end: number } {
	if (header.charAt(from) !== '"') {
		const end = skip(header, from, /[^\s;,]/);
		return { value: header.slice(from, end), end };
	}
	let value = '';
	let at = from + 1;
	while (at < header.length && header.charAt(at) !== '"') {
		if (header.charAt(at) === '\\') at += 1;
		value += header.charAt(at);
		at += 1;
	}
	return { value, end: at + 1 };
}

function skip(text: string, from: number, characters: RegExp): number {
	let at = from;
	while (at < text.length && characters.test(text.charAt(at))) at += 1;
	return at;
}
