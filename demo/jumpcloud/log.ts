/** What the simulator remembers of a request: enough to check it, and no secret. */
import type { IncomingMessage } from 'node:http';
import { isObject } from './answers.ts';

export type LoggedRequest = {
	readonly method: string;
	readonly path: string;
	/** By name; of a repeated one the last. */
	readonly query: Readonly<Record<string, string>>;
	/** As sent, with everything that was repeated. */
	readonly search: string;
	readonly headerNames: readonly string[];
	/** Of everything but GET: JSON parsed, a form by name, otherwise the text; passwords and secrets as `***`. There once it was read. */
	readonly body?: unknown;
};

export type Log = { -readonly [Name in keyof LoggedRequest]: LoggedRequest[Name] };

/** @returns all but the body, which is not read yet */
export function logOf(request: IncomingMessage, url: URL): Log {
	return {
		method: request.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		search: url.search,
		headerNames: Object.keys(request.headers),
	};
}

/** @param type the request's content type @returns the body as a value, with passwords and secrets as `***` */
export function loggable(body: string, type: string): unknown {
	const form = /^application\/x-www-form-urlencoded\b/i.test(type);
	const value: unknown = form ? Object.fromEntries(new URLSearchParams(body)) : parsed(body);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, /password$|secret/i.test(name) ? '***' : part]),
	);
}

/** @returns the value of a JSON text; of any other the text itself */
export function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
