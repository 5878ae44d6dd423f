/** How servers say that they are called too often, and when to come back. */
import type { HttpReply } from './types';

type Headers = HttpReply['headers'];

/** Statuses of which HTTP, or common use, says that the same request may go through later (RFC 9110 section 15, RFC 6585). */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const REMAINING = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining'] as const;
const RESET = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'] as const;

/** Below: seconds from now (30 years). Above: seconds since 1970, and from the second one on, milliseconds since 1970. */
const FIRST_EPOCH_SECONDS = 1_000_000_000;
const FIRST_EPOCH_MS = 100_000_000_000;

/** A reset is told in whole seconds by a clock that may go wrong: at least this long, or all retries would be used up at once. */
const SHORTEST_RESET_MS = 1000;

/**
 * Whether a refused call may go through later. A 403 does so only where it says that the allowance is used up (GitHub and
 * JumpCloud answer so); every other 403 is a missing right.
 */
export function mayPass({ status, headers }: Pick<HttpReply, 'status' | 'headers'>): boolean {
	return PASSING.has(status) || (status === 403 && isThrottled(headers));
}

/** Whether the headers say that the allowance of calls is used up. */
export function isThrottled(headers: Headers): boolean {
	return (headers['retry-after'] ?? '').trim() !== '' || nothingRemains(headers);
}

/**
 * How long the server asks to wait: `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), otherwise a reset header
 * (hcm-apis.md, throttling signals) in seconds from now, in seconds or milliseconds since 1970, or as a date. A reset header
 * counts only with status 429 or 503, or when no call remains: many servers send it with every reply.
 * @param now milliseconds since 1970
 * @returns milliseconds from now; undefined = the server does not say
 */
export function retryAfter(headers: Headers, now: number, status?: number): number | undefined {
	const asked = (headers['retry-after'] ?? '').trim();
	if (/^\d{1,15}$/.test(asked)) return Number(asked) * 1000;
	const date = dateOf(asked);
	if (date !== undefined) return Math.max(0, date - now);
	if (status !== 429 && status !== 503 && !nothingRemains(headers)) return undefined;
	for (const name of RESET) {
		const ms = resetOf((headers[name] ?? '').trim(), now);
		if (ms !== undefined) return Math.max(SHORTEST_RESET_MS, ms);
	}
	return undefined;
}

function nothingRemains(headers: Headers): boolean {
	return REMAINING.some((name) => /^0(\.0+)?$/.test((headers[name] ?? '').trim()));
}

function resetOf(value: string, now: number): number | undefined {
	if (!/^\d{1,15}(\.\d{1,9})?$/.test(value)) {
		const date = dateOf(value);
		return date === undefined ? undefined : date - now;
	}
	const number = Number(value);
	if (number < FIRST_EPOCH_SECONDS) return Math.ceil(number * 1000);
	return Math.ceil(number < FIRST_EPOCH_MS ? number * 1000 - now : number - now);
}

/** Date.parse takes almost anything for a year; a date of RFC 9110 begins with the day's name, one of ISO 8601 with the year. */
function dateOf(value: string): number | undefined {
	const date = /^([A-Za-z]{3}|\d{4}-\d{2}-\d{2}T)/.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : date;
}
