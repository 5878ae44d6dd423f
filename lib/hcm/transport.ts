/** HTTP for a feed: own connections, kept alive, bounded in time and size, with n8n's proxy and egress rules. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { CancelledError } from './errors';
import { TransportError } from './networkErrors';
import { addressOf } from './origin';
import { ACCEPTED_ENCODINGS, decompress, tooLarge, toText } from './replyBody';
import { notAllowed, openConnections, type ConnectionSettings } from './transportAgents';
import type { HttpReply, HttpRequest, Send } from './types';

export type TransportSettings = ConnectionSettings & {
	/** Of a reply's body, before and after decompression. */
	readonly maxReplyBytes: number;
};

export type Transport = {
	readonly send: Send;
	/** Closes all connections; what is under way is cut. */
	readonly close: () => Promise<void>;
};

/**
 * Opens the connections of a feed. `send` gives the reply whatever its status, follows no redirect and keeps no cookie. It
 * rejects with TransportError (which `callWithRetries` puts into words with endpoint and page), CancelledError, or what Node and
 * undici reject with when no reply came.
 * @throws TransportError for a client certificate or a proxy variable that cannot be used
 */
export function openTransport(settings: TransportSettings): Transport {
	const connections = openConnections(settings);
	return {
		close: connections.close,
		send: async (request, signal) => {
			if (signal?.aborted) throw new CancelledError();
			const url = toUrl(request);
			const headers = toHeaders(request);
			const budget = openBudget(settings.timeoutMs, signal);
			try {
				if (settings.egress) await budget.race(checkEgress(settings.egress, url));
				const dispatcher = connections.to(url, request.withCredential);
				const received = await receive(dispatcher, request, { url, headers }, budget, settings.maxReplyBytes);
				return await budget.race(toReply(received, settings.maxReplyBytes));
			} finally {
				budget.end();
			}
		},
	};
}

const TIME_IS_UP = Object.assign(new Error('No reply in time'), { code: 'ETIMEDOUT' });
const NO_CONNECTION = Object.assign(new Error('No connection in time'), { code: 'UND_ERR_CONNECT_TIMEOUT' });

/** The time that a call has, and the signal that ends it early. */
type Budget = {
	/** Rejects as soon as time is up or the run is stopped. */
	readonly race: <T>(work: Promise<T>) => Promise<T>;
	/** Called once, with the reason, when time is up or the run is stopped. */
	readonly onEnd: (stop: (reason: Error) => void) => void;
	/** Lets go of timer and signal. */
	readonly end: () => void;
};

function openBudget(timeoutMs: number, signal: AbortSignal | undefined): Budget {
	let over: Error | undefined;
	let stop: ((reason: Error) => void) | undefined;
	let reject: ((reason: Error) => void) | undefined;
	const finish = (reason: Error) => {
		over ??= reason;
		stop?.(over);
		reject?.(over);
	};
	const onAbort = () => finish(new CancelledError());
	const timer = setTimeout(() => finish(TIME_IS_UP), timeoutMs);
	signal?.addEventListener('abort', onAbort, { once: true });
	return {
		race: async (work) => {
			const ended = new Promise<never>((_resolve, refuse) => {
				reject = refuse;
				if (over) refuse(over);
			});
			return Promise.race([work, ended]);
		},
		onEnd: (callback) => {
			stop = callback;
			if (over) callback(over);
		},
		end: () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
		},
	};
}

async function checkEgress(egress: NonNullable<TransportSettings['egress']>, url: URL): Promise<void> {
	const verdict = await egress.validateUrl(url.href);
	if (!verdict.ok) throw notAllowed(url.host);
}

type Received = { readonly status: number; readonly headers: Record<string, string>; readonly bytes: Buffer };

/** Sends and collects. Whatever ends it early also ends the exchange on the wire; a request still in the queue is never sent. */
async function receive(
	dispatcher: Dispatcher,
	{ method, body }: HttpRequest,
	{ url, headers }: { url: URL; headers: Record<string, string> },
	budget: Budget,
	maxBytes: number,
): Promise<Received> {
	return new Promise((resolve, reject) => {
		let controller: Dispatcher.DispatchController | undefined;
		let stopped: Error | undefined;
		const stop = (reason: Error) => {
			// Nothing has left yet while there is no connection: then it is no matter of a slow answer.
			stopped ??= controller === undefined && reason === TIME_IS_UP ? NO_CONNECTION : reason;
			controller?.abort(stopped);
			reject(stopped);
		};
		budget.onEnd(stop);
		if (stopped) return;
		const collector = collect(maxBytes, () => stop(tooLarge(maxBytes)));
		dispatcher.dispatch(
			{ origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body: body?.text ?? null },
			{
				...collector.handler,
				onRequestStart: (started) => {
					controller = started;
					if (stopped) started.abort(stopped);
				},
				onResponseEnd: () => {
					controller = undefined;
					// undici frees the connection one round of the event loop later (client-h1.js); the next call would open another one.
					setImmediate(() => setImmediate(resolve, collector.received()));
				},
				onResponseError: (_controller, error) => reject(error),
			},
		);
	});
}

/** Takes what arrives, up to `maxBytes`. */
function collect(
	maxBytes: number,
	onTooLarge: () => void,
): { handler: Dispatcher.DispatchHandler; received: () => Received } {
	const chunks: Buffer[] = [];
	let length = 0;
	let status = 0;
	let headers: Record<string, string> = {};
	return {
		handler: {
			onResponseStart: (_controller, statusCode, received) => {
				// 1xx come before the reply itself.
				if (statusCode < 200) return;
				status = statusCode;
				headers = flatHeaders(received);
				if (Number(headers['content-length']) > maxBytes) onTooLarge();
			},
			onResponseData: (_controller, chunk) => {
				length += chunk.length;
				if (length > maxBytes) onTooLarge();
				else chunks.push(chunk);
			},
		},
		received: () => {
			const [only] = chunks;
			return { status, headers, bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks, length) };
		},
	};
}

/** Cookies are left out: none is sent back, and they may be as good as a password. */
function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined && name !== 'set-cookie') flat[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return flat;
}

async function toReply({ status, headers, bytes }: Received, maxBytes: number): Promise<HttpReply> {
	const encoding = headers['content-encoding'] ?? '';
	const plain = encoding === '' ? bytes : await decompress(bytes, encoding, maxBytes);
	const strict = status >= 200 && status < 300;
	return { status, headers, body: toText(plain, headers['content-type'] ?? '', strict) };
}

function toUrl(request: HttpRequest): URL {
	const url = URL.parse(addressOf(request));
	if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
		throw new TransportError(
			'its URL is no address of the web',
			'Enter a whole address, such as https://hr.example.com/api/employees.',
			{ unsent: true },
		);
	}
	if (url.username !== '' || url.password !== '') {
		throw new TransportError(
			'its URL holds a user name or a password',
			'Take them out of the URL and into a credential, where they are encrypted.',
			{ unsent: true },
		);
	}
	return url;
}

/** They belong to the connection, or decide where a request ends: a builder's value would let one call carry another one. */
const NOT_OURS: ReadonlySet<string> = new Set([
	'connection',
	'content-length',
	'expect',
	'host',
	'http2-settings',
	'keep-alive',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** Names in lower case; of a name that stands twice in different letters, the last value counts. */
function toHeaders({ headers, body }: HttpRequest): Record<string, string> {
	const all: Record<string, string> = {
		accept: 'application/json, */*;q=0.5',
		'accept-encoding': ACCEPTED_ENCODINGS,
		'user-agent': 'n8n',
		...(body ? { 'content-type': body.contentType } : {}),
	};
	for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
	for (const [name, value] of Object.entries(all)) checkHeader(name, value);
	return all;
}

/** The value is not shown: it may be a key. */
function checkHeader(name: string, value: string): void {
	const refuse = (reason: string, whatToDo: string) => new TransportError(reason, whatToDo, { unsent: true });
	if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
		const shown = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
		throw refuse(`"${shown}" is no name of a header`, 'Correct the headers of the endpoint or of the credential.');
	}
	if (NOT_OURS.has(name)) {
		throw refuse(
			`the header ${name} cannot be set`,
			'Remove it: it belongs to the connection and is made from URL and body.',
		);
	}
	if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
		throw refuse(
			`the value of the header ${name} has a line break or another control character`,
			'Correct it; often a key was pasted with the end of its line.',
		);
	}
	if (/[^\x00-\xff]/.test(value)) {
		throw refuse(
			`the value of the header ${name} has characters that a header cannot carry`,
			'Write it with Latin letters, digits and signs only, or encode it as the server asks.',
		);
	}
}
