/** From an HTTP reply to its JSON, or to what is wrong with it. */
import { HcmError } from './errors';
import { maskSecrets } from './mask';
import type { HttpReply } from './types';

export type Call = { readonly endpoint: string; readonly page: number };

const STATUS: Readonly<Record<number, readonly [string, string]>> = {
	400: ['the server does not accept the request', 'Check URL, query parameters and page size of the endpoint.'],
	401: [
		'the server does not accept the credential',
		'Check the key in the credential: it may be mistyped, expired, or replaced by a newer one.',
	],
	403: [
		'the credential may not read this',
		'Give the key the right to read people, and check the organisation ID in the credential. Some servers answer so when they are called too often.',
	],
	404: ['there is nothing at this address', "Check the endpoint's URL, and the organisation ID in the credential."],
	429: ['the server is called too often', 'Try again later, or raise the number of retries in the options.'],
};

export type ReplyLimits = {
	/** Characters of the body. */
	readonly maxLength: number;
	/** Milliseconds since 1970, for dates in Retry-After. */
	readonly now: number;
	/** Shown in no message, though a server repeats them. */
	readonly secrets: readonly string[];
};

/**
 * @returns the parsed JSON; numbers of more than 15 digits as text
 * @throws HcmError for any status but 200 to 299, and for a body that is no JSON
 */
export function parseReply({ status, headers, body }: HttpReply, call: Call, limits: ReplyLimits): unknown {
	const { maxLength, secrets } = limits;
	if (status < 200 || status > 299) throw statusError({ status, headers, body }, call, limits);
	const at = `Endpoint "${call.endpoint}", page ${call.page}`;
	if (body.length > maxLength) {
		throw new HcmError(`${at}: the reply is larger than ${Math.round(maxLength / 1_000_000)} MB.`, {
			...call,
			status,
			whatToDo: 'Lower the page size of the endpoint.',
		});
	}
	const text = body.replace(/^\uFEFF/, '').trim();
	if (text === '' || status === 204) return undefined;
	if (text.startsWith('<')) {
		throw new HcmError(`${at}: the server sent a web page instead of data. It begins: ${quoted(text, secrets)}`, {
			...call,
			status,
			whatToDo: 'Usually this is a login page: check the URL and the credential. A proxy in between may answer so too.',
		});
	}
	try {
		// Looking at each value costs more than parsing, so it is done only where there is such a number (or text of so many digits).
		return (/\d{16}/.test(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text)) as unknown;
	} catch {
		const cut = /^[[{]/.test(text) && !/[\]}]$/.test(text);
		throw new HcmError(
			cut ? `${at}: the reply ends in the middle.` : `${at}: the reply is no JSON. It begins: ${quoted(text, secrets)}`,
			{
				...call,
				status,
				passing: cut,
				whatToDo: cut
					? 'The connection broke off; run again. If it stays so, lower the page size.'
					: "Check the endpoint's URL and its Accept header.",
			},
		);
	}
}

/** Ids of more than 15 digits lose their last ones as a JavaScript number (IEEE 754). The source text is given since Node 21. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
	const source = context?.source;
	if (typeof value === 'number' && source !== undefined && /^-?\d{16,}$/.test(source)) return source;
	return value;
}

function statusError({ status, headers, body }: HttpReply, call: Call, { now, secrets }: ReplyLimits): HcmError {
	const [reason, whatToDo] = STATUS[status] ?? otherStatus(status);
	const said = serverWords(body, secrets);
	return new HcmError(
		`Endpoint "${call.endpoint}", page ${call.page}: ${reason} (HTTP ${status})${said ? `. It says: ${said}` : '.'}`,
		{
			...call,
			status,
			whatToDo,
			passing: [408, 425, 429, 500, 502, 503, 504].includes(status),
			retryAfterMs: retryAfter(headers, now),
		},
	);
}

function otherStatus(status: number): readonly [string, string] {
	if (status >= 300 && status < 400)
		return [
			'the server redirects to another address',
			'Enter the address it redirects to as URL. Redirects are not followed, so that the credential goes nowhere else.',
		];
	if (status >= 500) return ['the server has a fault of its own', 'Try again later.'];
	return ['the server does not accept the request', 'Check URL and parameters of the endpoint.'];
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), in milliseconds from now. */
export function retryAfter(headers: HttpReply['headers'], now: number): number | undefined {
	const value = headers['retry-after']?.trim();
	if (value === undefined || value === '') return undefined;
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	// Date.parse takes almost anything for a year; a date of RFC 9110 begins with the day's name.
	const date = /^[A-Za-z]{3}/.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The message of a JSON error, or the body's beginning; never more than 500 characters. */
function serverWords(body: string, secrets: readonly string[]): string {
	try {
		const parsed: unknown = JSON.parse(body);
		if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string')
			return quoted(parsed.message, secrets);
	} catch {
		// Not JSON: its beginning is shown as it is.
	}
	return body.trim() === '' ? '' : quoted(body, secrets);
}

function quoted(text: string, secrets: readonly string[]): string {
	// Masked before it is cut, or the half of a secret at the end would stay.
	const clean = maskSecrets(text, secrets)
		.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
		.trim();
	return `"${clean.slice(0, 500)}${clean.length > 500 ? '...' : ''}"`;
}
