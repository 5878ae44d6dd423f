/** From an HTTP reply to its data, or to what is wrong with it. */
import { HcmError } from './errors';
import { FormatFault } from './formatFault';
import { readBody } from './replyFormats';
import { quoted, serverWords } from './serverWords';
import { mayPass, retryAfter } from './throttle';
import type { HttpReply, ReplyFormat } from './types';

export type Call = { readonly endpoint: string; readonly page: number };

export type ReplyLimits = {
	readonly format: ReplyFormat;
	/** Milliseconds since 1970, for dates in headers. */
	readonly now: number;
	/** Shown in no message, though a server repeats them. */
	readonly secrets: readonly string[];
};

type Words = readonly [reason: string, whatToDo: string];

const STATUS: Readonly<Record<number, Words>> = {
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
	405: ['the address does not take this method', "Check the endpoint's method and URL."],
	406: ['the server cannot answer in the format asked for', "Check the endpoint's Response Format and Accept header."],
	407: ['the proxy asks for a login', 'Check user and password in the proxy variables of n8n.'],
	408: ['the server did not get the request in time', 'Run again later.'],
	410: ['what stood at this address is gone', "Check the endpoint's URL against the server's documentation."],
	413: ['the request is too large for the server', 'Lower the page size, or shorten the body.'],
	414: ['the address is too long for the server', 'Shorten the query parameters of the endpoint.'],
	415: ['the server does not take the format of the body', "Check the endpoint's body and its Content-Type header."],
	422: ['the server does not accept the values of the request', "Check the endpoint's parameters and body."],
	429: ['the server is called too often', 'Try again later, or raise the number of retries in the options.'],
	500: ['the server has a fault of its own', 'Try again later. SOAP services answer so to a wrong request too.'],
	502: ['a gateway before the server has a fault', 'Try again later.'],
	503: ['the server is not available at the moment', 'Try again later.'],
	504: ['a gateway before the server waited too long for it', 'Try again later, or lower the page size.'],
};

/**
 * @param call names the endpoint and the page, for messages
 * @returns the data: parsed JSON (numbers that a JavaScript number cannot hold as text), the root of XML, or the rows of CSV;
 * undefined for HTTP 204 and an empty body
 * @throws HcmError for any status but 200 to 299, and for a body that is not what the format says
 */
export function parseReply(reply: HttpReply, call: Call, limits: ReplyLimits): unknown {
	const { status, headers, body } = reply;
	if (status < 200 || status > 299) throw statusError(reply, call, limits);
	if (status === 204) return undefined;
	const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
	if (text.trim() === '') return undefined;
	try {
		return readBody(text, headers['content-type'] ?? '', limits.format);
	} catch (error) {
		if (!(error instanceof FormatFault)) throw error;
		const begin = error.cut ? '' : ` It begins: ${quoted(text, limits.secrets)}`;
		throw new HcmError(`Endpoint "${call.endpoint}", page ${call.page}: ${error.reason}.${begin}`, {
			...place(call),
			status,
			passing: error.cut,
			whatToDo: error.whatToDo,
		});
	}
}

function statusError(reply: HttpReply, call: Call, { now, secrets }: ReplyLimits): HcmError {
	const { status, headers } = reply;
	const [reason, whatToDo] = STATUS[status] ?? otherStatus(reply);
	const said = serverWords(reply, secrets);
	const message = `Endpoint "${call.endpoint}", page ${call.page}: ${reason} (HTTP ${status})`;
	return new HcmError(`${message}${said ? `. It says: ${said}` : '.'}`, {
		...place(call),
		status,
		whatToDo,
		passing: mayPass(reply),
		retryAfterMs: retryAfter(headers, now, status),
	});
}

/** Of what a caller hands over only these two belong into the error. */
function place({ endpoint, page }: Call): Call {
	return { endpoint, page };
}

function otherStatus({ status, headers }: HttpReply): Words {
	if (status >= 300 && status < 400) {
		return [
			`the server redirects to ${redirectTarget(headers['location'])}`,
			'Enter the address it redirects to as URL. Redirects are not followed, so that the credential goes nowhere else.',
		];
	}
	if (status >= 500) return ['the server has a fault of its own', 'Try again later.'];
	return ['the server does not accept the request', 'Check URL and parameters of the endpoint.'];
}

/** Only the origin is shown: the rest of the address may carry a token. */
function redirectTarget(location: string | undefined): string {
	const target = URL.parse((location ?? '').trim());
	if (target && target.origin !== 'null') return target.origin;
	return location === undefined ? 'another address' : 'another address of its own';
}
