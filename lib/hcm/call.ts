/** One call, tried again when its failure may pass. */
import { CancelledError, HcmError } from './errors';
import { networkFault } from './networkErrors';
import { parseReply, type Call } from './reply';
import type { FeedDependencies, HttpReply, HttpRequest, ReplyFormat } from './types';

/** Counted up while calls are made, those of failed tries too. */
export type CallCounts = { calls: number; retries: number };

export type CallSettings = {
	/** Further tries of a call that failed in a way that may pass. */
	readonly retries: number;
	/** Asked anew for each message: tokens are renewed. */
	readonly secrets: () => readonly string[];
	/** Whether the call may be made twice. Otherwise it is tried again only where the server cannot have handled it. */
	readonly repeatable: boolean;
};

const FIRST_WAIT_MS = 1000;
const LONGEST_BACK_OFF_MS = 60_000;

/** Zoho locks for 5 minutes (hcm-apis.md). Who asks for more than this is told to the builder, and nobody waits. */
const LONGEST_ASKED_WAIT_MS = 15 * 60_000;

/** The default of the transport is JSON; servers that know several formats have to be asked for these. */
const ACCEPT: Readonly<Partial<Record<ReplyFormat, string>>> = {
	xml: 'application/xml, text/xml;q=0.9, */*;q=0.1',
	csv: 'text/csv, */*;q=0.1',
};

/**
 * Sends a request until its reply can be read, `retries` more times at most, with waits from 0.5 to 60 seconds in between, or as
 * long as the server asks for (up to 15 minutes).
 * @param call names endpoint and page in messages, and the format of the reply
 * @param counts is counted up
 * @returns the data of the reply, and the reply itself
 * @throws HcmError when it failed for good, CancelledError as soon as the run is stopped, also while sending or waiting
 */
export async function callWithRetries(
	request: HttpRequest,
	call: Call & { readonly format: ReplyFormat },
	settings: CallSettings,
	dependencies: FeedDependencies,
	counts: CallCounts,
): Promise<{ readonly body: unknown; readonly reply: HttpReply }> {
	const asked = withAccept(request, call.format);
	for (let attempt = 0; ; attempt += 1) {
		const outcome = await tryOnce(asked, call, settings, dependencies, counts);
		if ('reply' in outcome) return outcome;
		const { error, unsent } = outcome;
		if (!error.passing || (!settings.repeatable && !unsent)) throw error;
		const { retryAfterMs } = error;
		if (retryAfterMs !== undefined && retryAfterMs > LONGEST_ASKED_WAIT_MS)
			throw askedTooLong(error, retryAfterMs, dependencies.clock());
		if (attempt >= settings.retries) throw error;
		counts.retries += 1;
		await pause(retryAfterMs ?? backOff(attempt, dependencies.random()), dependencies);
	}
}

type Outcome =
	| { readonly body: unknown; readonly reply: HttpReply }
	| { readonly error: HcmError; /** The server cannot have handled it. */ readonly unsent: boolean };

async function tryOnce(
	request: HttpRequest,
	call: Call & { readonly format: ReplyFormat },
	{ secrets }: CallSettings,
	{ send, clock, signal }: FeedDependencies,
	counts: CallCounts,
): Promise<Outcome> {
	if (signal?.aborted) throw new CancelledError();
	counts.calls += 1;
	let reply: HttpReply;
	try {
		reply = await untilAborted(send(request, signal), signal);
	} catch (error) {
		if (signal?.aborted || error instanceof CancelledError) throw new CancelledError();
		if (error instanceof HcmError) return { error, unsent: isTurnedAway(error) };
		return sendingFailed(error, call);
	}
	try {
		return { body: parseReply(reply, call, { format: call.format, now: clock(), secrets: secrets() }), reply };
	} catch (error) {
		if (error instanceof HcmError) return { error, unsent: isTurnedAway(error) };
		throw error;
	}
}

function sendingFailed(error: unknown, { endpoint, page }: Call): Outcome {
	const { reason, whatToDo, passing, unsent } = networkFault(error);
	const message = `Endpoint "${endpoint}", page ${page}: ${reason}.`;
	return { error: new HcmError(message, { endpoint, page, whatToDo, passing }), unsent };
}

/** 429, and 503 with a time to come back, say that the request was not handled (RFC 6585 section 4, RFC 9110 section 15.6.4). */
function isTurnedAway({ status, retryAfterMs }: HcmError): boolean {
	return status === 429 || (status === 503 && retryAfterMs !== undefined);
}

/** Not every `send` can be stopped (n8n's helper for OAuth2 cannot): its reply is not waited for any longer. */
async function untilAborted<T>(sending: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return sending;
	let onAbort = (): void => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () => reject(new CancelledError());
		signal.addEventListener('abort', onAbort, { once: true });
	});
	try {
		return await Promise.race([sending, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}

/** Between half of the step and the whole, so that many workflows do not come back at the same moment. */
function backOff(attempt: number, random: number): number {
	return Math.min(FIRST_WAIT_MS * 2 ** attempt * (0.5 + random / 2), LONGEST_BACK_OFF_MS);
}

async function pause(ms: number, { sleep, signal }: FeedDependencies): Promise<void> {
	try {
		await sleep(ms, signal);
	} catch {
		throw new CancelledError();
	}
}

function askedTooLong(error: HcmError, waitMs: number, now: number): HcmError {
	const back = new Date(Math.min(now + waitMs, 8_640_000_000_000_000)).toISOString();
	const minutes = Math.ceil(waitMs / 60_000);
	return new HcmError(`${error.message} It asks to wait ${minutes} minutes, which is longer than a run waits.`, {
		endpoint: error.endpoint,
		page: error.page,
		status: error.status,
		passing: true,
		retryAfterMs: waitMs,
		whatToDo: `Run again after ${back}.`,
	});
}

function withAccept(request: HttpRequest, format: ReplyFormat): HttpRequest {
	const accept = ACCEPT[format];
	const given = Object.keys(request.headers).some((name) => name.toLowerCase() === 'accept');
	return accept === undefined || given ? request : { ...request, headers: { accept, ...request.headers } };
}
