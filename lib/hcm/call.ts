/** One call, tried again when its failure may pass. */
import { CancelledError, HcmError } from './errors';
import { parseReply, type Call } from './reply';
import type { FeedDependencies, FeedSettings, HttpRequest } from './types';

export type CallCounts = { calls: number; retries: number };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** @returns the parsed reply @throws HcmError, CancelledError */
export async function callWithRetries(
	request: HttpRequest,
	call: Call,
	{ retries, maxReplyLength, secrets }: Pick<FeedSettings, 'retries' | 'maxReplyLength' | 'secrets'>,
	{ send, clock, sleep, random, signal }: FeedDependencies,
	counts: CallCounts,
): Promise<unknown> {
	for (let attempt = 0; ; attempt += 1) {
		if (signal?.aborted) throw new CancelledError();
		counts.calls += 1;
		try {
			const reply = await sendOnce(request, call, send, signal);
			return parseReply(reply, call, { maxLength: maxReplyLength, now: clock(), secrets });
		} catch (error) {
			if (!(error instanceof HcmError) || !error.passing || attempt >= retries) throw error;
			counts.retries += 1;
			// Full jitter between half and the whole step, so that many workflows do not come back at the same moment.
			const backOff = FIRST_WAIT_MS * 2 ** attempt * (0.5 + random() / 2);
			try {
				await sleep(Math.min(error.retryAfterMs ?? backOff, LONGEST_WAIT_MS), signal);
			} catch {
				throw new CancelledError();
			}
		}
	}
}

async function sendOnce(
	request: HttpRequest,
	call: Call,
	send: FeedDependencies['send'],
	signal: AbortSignal | undefined,
) {
	try {
		return await send(request, signal);
	} catch (error) {
		if (signal?.aborted) throw new CancelledError();
		if (error instanceof HcmError) throw error;
		throw networkError(error, call);
	}
}

type Words = readonly [reason: string, whatToDo: string, passing: boolean];

const NETWORK: Readonly<Record<string, Words>> = {
	ENOTFOUND: ["the server's name is not known", "Check the host name in the URL or the credential's region.", false],
	EAI_AGAIN: ["the server's name could not be looked up", 'Look at the DNS of this machine, then run again.', true],
	ECONNREFUSED: ['nothing listens there', 'Check host and port in the URL.', true],
	ECONNRESET: ['the server cut the connection', 'Run again later.', true],
	// What n8n's HTTP library says of a body that ends early.
	ERR_BAD_RESPONSE: ['the server cut the connection', 'Run again later.', true],
	EPIPE: ['the server cut the connection', 'Run again later.', true],
	ETIMEDOUT: ['the server did not answer in time', 'Run again later, or raise the time-out in the options.', true],
	ECONNABORTED: ['the server did not answer in time', 'Run again later, or raise the time-out in the options.', true],
	CERT_HAS_EXPIRED: ["the server's certificate has expired", 'Tell the operator of the server.', false],
	DEPTH_ZERO_SELF_SIGNED_CERT: [
		"the server's certificate is signed by itself",
		'Add its authority to NODE_EXTRA_CA_CERTS of n8n.',
		false,
	],
	SELF_SIGNED_CERT_IN_CHAIN: [
		"the authority of the server's certificate is not known",
		'Add it to NODE_EXTRA_CA_CERTS of n8n.',
		false,
	],
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
		"the authority of the server's certificate is not known",
		'Add it to NODE_EXTRA_CA_CERTS of n8n.',
		false,
	],
	ERR_TLS_CERT_ALTNAME_INVALID: [
		"the server's certificate is made out to another name",
		'Check the host name in the URL.',
		false,
	],
};

function networkError(error: unknown, call: Call): HcmError {
	const code = codeOf(error);
	const [reason, whatToDo, passing] = NETWORK[code] ?? [
		`the call broke off${code ? ` (${code})` : ''}`,
		'Run again; if it stays so, look at the network between n8n and the server.',
		true,
	];
	return new HcmError(`Endpoint "${call.endpoint}", page ${call.page}: ${reason}.`, { ...call, whatToDo, passing });
}

/** Node's code of a network fault, which HTTP libraries wrap differently. */
function codeOf(error: unknown): string {
	for (let current = error, depth = 0; typeof current === 'object' && current !== null && depth < 5; depth += 1) {
		if ('code' in current && typeof current.code === 'string') return current.code;
		current = 'cause' in current ? current.cause : undefined;
	}
	return '';
}
