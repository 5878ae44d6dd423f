/** A small server in a product's shape: it keeps people, demands what the product demands, and writes down each call. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { listening } from '../http';

export type Asked = {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
};

export type Answer = {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string | string[]>>;
	/** Sent as JSON. */
	readonly json?: unknown;
	/** Sent as it is, with `type`. */
	readonly text?: string;
	readonly type?: string;
};

export type Product = {
	/** http://127.0.0.1:port */
	readonly base: string;
	readonly calls: readonly Asked[];
};

/** @param answer may throw: that becomes a 500 with its words, which the feed's message then shows */
export async function serveProduct(
	answer: (asked: Asked, base: string) => Answer,
	tls?: ServerOptions,
): Promise<Product> {
	const calls: Asked[] = [];
	let base = '';
	const listener: RequestListener = (request, response) => {
		void readAsked(request, base).then((asked) => {
			calls.push(asked);
			const { status = 200, headers = {}, json, text, type } = attempt(() => answer(asked, base));
			const body = json === undefined ? text : JSON.stringify(json);
			response.writeHead(status, {
				...(body === undefined ? {} : { 'content-type': type ?? 'application/json; charset=utf-8' }),
				...headers,
			});
			response.end(body);
		});
	};
	const port = await listening(tls ? createTlsServer(tls, listener) : createServer(listener));
	base = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
	return { base, calls };
}

function attempt(answer: () => Answer): Answer {
	try {
		return answer();
	} catch (error) {
		return { status: 500, json: { message: String(error) } };
	}
}

async function readAsked(request: IncomingMessage, base: string): Promise<Asked> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const url = new URL(request.url ?? '/', base);
	return {
		method: request.method ?? '',
		path: url.pathname,
		query: url.searchParams,
		headers: request.headers,
		body: Buffer.concat(chunks).toString('utf8'),
	};
}

export type Person = {
	readonly id: string;
	readonly first: string;
	readonly last: string;
	readonly department: string;
	readonly active: boolean;
};

/** The same people each time; every tenth has left. */
export function staff(count: number): readonly Person[] {
	return Array.from({ length: count }, (_, index) => ({
		id: String(10_000 + index),
		first: `Zoë ${index}`,
		last: `O'Neil-Ümit ${index}`,
		department: index % 3 === 0 ? 'Sales & Service' : 'Production',
		active: index % 10 !== 9,
	}));
}

/** A whole number from a query; `fallback` where it is absent, NaN where it is no number. */
export function numberIn(query: URLSearchParams, name: string, fallback: number): number {
	const text = query.get(name);
	if (text === null) return fallback;
	return /^\d+$/.test(text) ? Number(text) : NaN;
}

export const basic = (user: string, password: string): string =>
	`Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

/** A cursor that tells nothing: base64url of what only the server reads. */
export const opaque = (place: number): string => Buffer.from(JSON.stringify({ place }), 'utf8').toString('base64url');

/** @returns the place, undefined for a cursor that this server never gave */
export function placeOf(cursor: string): number | undefined {
	try {
		const { place } = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as { place?: unknown };
		return typeof place === 'number' ? place : undefined;
	} catch {
		return undefined;
	}
}
