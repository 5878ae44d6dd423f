/** Faults on demand: what a real service and the network before it do to a client, one request at a time. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { fault, type Answer } from './answers.ts';
import type { LoggedRequest } from './log.ts';

/** A whole answer instead of the real one. */
export type PlannedAnswer = {
	readonly kind?: 'answer';
	readonly status: number;
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
};

/** The connection is reset before any byte of an answer; `done`: the request was carried out nevertheless. */
export type PlannedReset = { readonly kind: 'reset'; readonly done?: boolean };

/** The real answer, whose end is missing: content-length names more than is sent, then the connection is destroyed. */
export type PlannedCut = { readonly kind: 'cut'; /** Default: half of it. */ readonly afterBytes?: number };

/** The real answer, late and in small pieces. */
export type PlannedDelay = {
	readonly kind: 'slow';
	/** Before the headers. */
	readonly delayMs?: number;
	/** Bytes at a time, with a pause after each; without it all at once. */
	readonly pieceBytes?: number;
	readonly pauseMs?: number;
};

/** The real answer to another question: skip (and search_after) are overlooked, so that the first page comes again. */
export type PlannedRepeat = { readonly kind: 'samePage' };

export type PlannedFailure = PlannedAnswer | PlannedReset | PlannedCut | PlannedDelay | PlannedRepeat;

/**
 * A busy server.
 * @param retryAfter seconds, or the date to try again at (RFC 9110 section 10.2.3 allows both); left out = no such header
 */
export function busy(retryAfter?: number | Date, status: 429 | 503 = 429): PlannedAnswer {
	const value = retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString();
	return {
		status,
		body: JSON.stringify(fault(status, status === 429 ? 'Too Many Requests' : 'Service Unavailable').body),
		...(value === undefined ? {} : { headers: { 'retry-after': value } }),
	};
}

/** What a gateway in between sends when its session is over: HTTP 200 and a page to log in. */
export const loginPage: PlannedAnswer = {
	status: 200,
	headers: { 'content-type': 'text/html; charset=utf-8' },
	body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method="post">Password</form></body></html>',
};

export type Plans = {
	readonly failNext: (...failures: readonly PlannedFailure[]) => void;
	/** @returns ends it */
	readonly failWhen: (fits: (request: LoggedRequest) => boolean, failure: PlannedFailure, times?: number) => () => void;
	/** @returns what is planned for this request; it is used up with that */
	readonly take: (request: LoggedRequest) => PlannedFailure | undefined;
};

/** What is to fail, and when. */
export function makePlans(): Plans {
	const next: PlannedFailure[] = [];
	const plans: {
		readonly fits: (request: LoggedRequest) => boolean;
		readonly failure: PlannedFailure;
		left: number;
	}[] = [];
	return {
		failNext: (...failures) => {
			next.push(...failures);
		},
		failWhen: (fits, failure, times = Infinity) => {
			const plan = { fits, failure, left: times };
			plans.push(plan);
			return () => {
				plan.left = 0;
			};
		},
		take: (request) => {
			const first = next.shift();
			if (first) return first;
			const plan = plans.find(({ left, fits }) => left > 0 && fits(request));
			if (plan) plan.left -= 1;
			return plan?.failure;
		},
	};
}

/** @returns the whole answer that a failure stands for, or undefined when it does something to the real one */
export function answerInstead(failure: PlannedFailure | undefined): PlannedAnswer | undefined {
	return failure && 'status' in failure ? failure : undefined;
}

/** Sends a planned answer. */
export function sendPlanned(response: ServerResponse, { status, headers, body }: PlannedAnswer): void {
	response
		.writeHead(status, { 'content-type': 'application/json', ...headers })
		.end(body ?? JSON.stringify(fault(status, 'Planned failure').body));
}

/**
 * Sends the real answer, as far and as fast as the failure lets it.
 * @param failure undefined = as it should be
 */
export async function sendAnswer(
	response: ServerResponse,
	{ status, body, headers }: Answer,
	failure?: PlannedFailure,
): Promise<void> {
	const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body), 'utf8');
	const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
	if (failure?.kind === 'slow' && failure.delayMs) await pause(response, failure.delayMs);
	if (response.destroyed) return;
	if (failure?.kind === 'cut') {
		response.writeHead(status, { ...type, ...headers, 'content-length': bytes.length });
		const part = bytes.subarray(0, Math.min(failure.afterBytes ?? bytes.length >> 1, Math.max(0, bytes.length - 1)));
		// Destroyed only when these bytes are on their way: otherwise not even the headers would arrive.
		response.flushHeaders();
		await new Promise<void>((resolve) => response.write(part, () => resolve()));
		response.destroy();
		return;
	}
	response.writeHead(status, { ...type, ...headers });
	if (failure?.kind === 'slow' && failure.pieceBytes) {
		response.flushHeaders();
		for (let from = 0; from < bytes.length && !response.destroyed; from += failure.pieceBytes) {
			response.write(bytes.subarray(from, from + failure.pieceBytes));
			await pause(response, failure.pauseMs ?? 0);
		}
	}
	if (failure?.kind === 'slow' && failure.pieceBytes) response.end();
	else response.end(bytes);
}

/** Ends early when the client, or the simulator, goes away. */
async function pause(response: ServerResponse, milliseconds: number): Promise<void> {
	const gone = new AbortController();
	const stop = () => gone.abort();
	response.once('close', stop);
	try {
		await wait(milliseconds, undefined, { signal: gone.signal });
	} catch {
		// The answer is not wanted any more.
	} finally {
		response.off('close', stop);
	}
}
