/** What a route gets and gives, and how the simulator refuses. */

/** One request as the routes see it: read whole, with its key already accepted. */
export type Call = {
	readonly method: string;
	/** Without a slash at the end: the published description itself writes /api/organizations/ with one. */
	readonly path: string;
	readonly query: URLSearchParams;
	/** As sent; "" when there was none. */
	readonly body: string;
	/** Number of the request, from 1. */
	readonly turn: number;
	/** Where the client reached the simulator: `http://127.0.0.1:1234`. */
	readonly origin: string;
};

export type Answer = {
	readonly status: number;
	/** Sent as JSON; without one nothing is sent. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
};

/** An answer instead of the wanted one: thrown by whatever cannot go on. */
export class Refused extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

/** @returns what is thrown for a request that cannot be used: a 400 */
export const unusable = (message: string): Refused => new Refused(400, `Bad Request: ${message}`);

/** @returns an error in the shape that the published description gives it */
export const fault = (status: number, message: string): Answer => ({
	status,
	body: { code: status, message, status: String(status) },
});

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param body the text of a request
 * @throws Refused when it is not a JSON object
 */
export function parseObject(body: string): JsonObject {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch {
		throw unusable('the body is not valid JSON');
	}
	if (!isObject(value)) throw unusable('the body is not an object');
	return value;
}

/**
 * A whole number of a query or a body.
 * @param value text, or null when it was not given
 * @throws Refused when it is anything else, or less than `least`
 */
export function wholeNumber(name: string, value: string | null, fallback: number, least: number): number {
	if (value === null) return fallback;
	if (!/^\d{1,15}$/.test(value) || Number(value) < least) throw unusable(`request parameter "${name}" is not valid`);
	return Number(value);
}

/**
 * Limit and skip, as every list takes them.
 * @param largest a greater limit is refused, as a route of API v1 is known to do
 * @throws Refused
 */
export function pageOf(
	limit: string | null,
	skip: string | null,
	largest: number,
): { readonly limit: number; readonly skip: number } {
	// Ten rows unless asked for more: the trap that truncates silently.
	const rows = wholeNumber('limit', limit, 10, 1);
	if (rows > largest) throw unusable(`request parameter "limit" exceeds maximum value of ${largest}`);
	return { limit: rows, skip: wholeNumber('skip', skip, 0, 0) };
}
