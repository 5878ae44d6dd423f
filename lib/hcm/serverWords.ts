/** What a server says of a refused call, short enough to be shown, and without secrets. */
import { maskSecrets } from './mask';
import type { HttpReply } from './types';

const LONGEST_SHOWN = 500;

/** So much of a body is looked at: messages stand at its beginning, and a hostile body costs no time. */
const LOOKED_AT = 30_000;

/** A secret grows at most so much by escaping (JSON's \u0000). */
const GROWTH = 6;

/** Fields of a JSON error, in the order in which they say most (RFC 6749, 7644, 9457; Okta, OData, Zoho and others). */
const MESSAGE_FIELDS = [
	'message',
	'error_description',
	'errorSummary',
	'errorMessage',
	'detail',
	'description',
	'error',
	'errors',
	'title',
	'faultstring',
	'value',
	'response',
	'msg',
	'code',
] as const;

/**
 * The message of an error reply: BambooHR's header, the field of a JSON error, the fault of a SOAP reply, the text of a web
 * page, or the body's beginning.
 * @returns at most 500 characters in quotation marks, secrets as ***; '' = the server says nothing
 */
export function serverWords(
	{ headers, body }: Pick<HttpReply, 'headers' | 'body'>,
	secrets: readonly string[],
): string {
	const header = headers['x-bamboohr-error-message']?.trim();
	if (header) return quoted(header, secrets);
	const text = beginning(body, secrets);
	const words = fromJson(body) ?? (text.trimStart().startsWith('<') ? fromMarkup(text) : text);
	return words.trim() === '' ? '' : quoted(words, secrets);
}

/** @returns the beginning of `text` on one line, in quotation marks, at most 500 characters, secrets as *** */
export function quoted(text: string, secrets: readonly string[]): string {
	// Masked before it is cut, or the half of a secret at the end would stay.
	const clean = beginning(text, secrets)
		.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
		.trim();
	const shown = clean.length > LONGEST_SHOWN ? `${clean.slice(0, LONGEST_SHOWN).toWellFormed()}...` : clean;
	return `"${shown}"`;
}

function beginning(text: string, secrets: readonly string[]): string {
	if (text.length <= LOOKED_AT) return maskSecrets(text, secrets);
	const longest = secrets.reduce((most, secret) => Math.max(most, secret.length), 0) * GROWTH;
	const head = maskSecrets(text.slice(0, LOOKED_AT + longest), secrets);
	// What may be the half of a secret at the end is left away.
	return head.slice(0, Math.max(0, head.length - longest));
}

function fromJson(body: string): string | undefined {
	if (body.length > 1_000_000 || !/^\s*[[{"]/.test(body)) return undefined;
	try {
		return messageIn(JSON.parse(body), 0);
	} catch {
		return undefined;
	}
}

function messageIn(value: unknown, depth: number): string | undefined {
	if (typeof value === 'string') return value.trim() === '' ? undefined : value;
	if (typeof value !== 'object' || value === null || depth > 4) return undefined;
	if (Array.isArray(value)) return messageIn(value[0], depth + 1);
	const fields = value as Readonly<Record<string, unknown>>;
	for (const name of MESSAGE_FIELDS) {
		const words = Object.hasOwn(fields, name) ? messageIn(fields[name], depth + 1) : undefined;
		// OAuth says the kind of the error in one field and what it means in another one (RFC 6749 section 5.2).
		if (words !== undefined && name === 'error_description' && typeof fields['error'] === 'string')
			return `${fields['error']}: ${words}`;
		if (words !== undefined) return words;
	}
	return undefined;
}

function fromMarkup(text: string): string {
	const fault =
		/<(?:[\w.-]{1,50}:)?faultstring\b[^>]{0,200}>([^<]+)</i.exec(text) ??
		/<(?:[\w.-]{1,50}:)?Text\b[^>]{0,200}>([^<]+)</.exec(text);
	if (fault?.[1] !== undefined) return entities(fault[1]);
	const title = /<title\b[^>]{0,200}>([^<]+)</i.exec(text)?.[1]?.trim();
	return entities(title ?? textOf(text));
}

/** The text between tags, without scripts and styles. Walks from tag to tag, so that no markup makes it slow. */
function textOf(markup: string): string {
	const parts: string[] = [];
	let at = 0;
	while (at < markup.length) {
		const open = markup.indexOf('<', at);
		if (open === -1) {
			parts.push(markup.slice(at));
			break;
		}
		parts.push(markup.slice(at, open));
		const hidden = /^<(script|style)\b/i.exec(markup.slice(open, open + 10))?.[1];
		const end = hidden ? markup.toLowerCase().indexOf(`</${hidden.toLowerCase()}`, open) : open;
		const close = end === -1 ? -1 : markup.indexOf('>', end);
		if (close === -1) break;
		at = close + 1;
	}
	return parts.join(' ');
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function entities(text: string): string {
	return text.replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_whole, name: string) => NAMED[name] ?? "'");
}
