import fc from 'fast-check';
import { callWithRetries } from '../../../lib/hcm/call';
import { CancelledError, HcmError } from '../../../lib/hcm/errors';
import type { FeedDependencies, HttpReply, HttpRequest } from '../../../lib/hcm/types';
import { wait } from '../../../lib/wait';

const REQUEST: HttpRequest = { method: 'GET', url: '/people', query: { limit: '5' }, headers: { accept: 'json' } };
const CALL = { endpoint: 'people', page: 2 };
const NOW = Date.UTC(2026, 2, 1, 8, 0, 0);

type Answer = HttpReply | Error;
const reply = (status: number, body = '', headers: Record<string, string> = {}): HttpReply => ({
	status,
	body,
	headers,
});
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const OK = reply(200, '{"ok":true}');

/** A server that gives the answers in order, the last one again and again; waits are noted and take no time. */
function server(answers: readonly Answer[], changes: Partial<FeedDependencies> = {}) {
	const requests: HttpRequest[] = [];
	const waits: number[] = [];
	const counts = { calls: 0, retries: 0 };
	const dependencies: FeedDependencies = {
		send: (request) => {
			const answer = answers[Math.min(requests.length, answers.length - 1)];
			requests.push(request);
			return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? OK);
		},
		clock: () => NOW,
		sleep: (ms) => {
			waits.push(ms);
			return Promise.resolve();
		},
		random: () => 1 - Number.EPSILON,
		...changes,
	};
	const call = (retries: number) =>
		callWithRetries(REQUEST, CALL, { retries, maxReplyLength: 1000, secrets: [] }, dependencies, counts);
	return { call, requests, waits, counts };
}

async function failure(call: Promise<unknown>): Promise<HcmError> {
	const error: unknown = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error instanceof HcmError) return error;
	throw new Error(`no HcmError but ${String(error)}`);
}

describe('a call', () => {
	test('that goes through is sent once, as it was asked for', async () => {
		const { call, requests, waits, counts } = server([OK]);
		expect(await call(5)).toEqual({ ok: true });
		expect(requests).toEqual([REQUEST]);
		expect(waits).toEqual([]);
		expect(counts).toEqual({ calls: 1, retries: 0 });
	});

	test.each<[string, Answer]>([
		...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Answer] => [`status ${status}`, reply(status)]),
		['half a reply', reply(200, '{"a": [1,')],
		...[
			'ECONNRESET',
			'ECONNREFUSED',
			'ETIMEDOUT',
			'ECONNABORTED',
			'EPIPE',
			'ERR_BAD_RESPONSE',
			'EAI_AGAIN',
			'EWHATEVER',
		].map((code): [string, Answer] => [code, network(code)]),
		['a fault without a code', new Error('socket hang up')],
	])('that meets %s is tried again', async (_what, answer) => {
		const { call, counts, waits } = server([answer, answer, OK]);
		expect(await call(2)).toEqual({ ok: true });
		expect(counts).toEqual({ calls: 3, retries: 2 });
		expect(waits).toHaveLength(2);
	});

	test.each<[string, Answer]>([
		...[301, 400, 401, 403, 404, 409, 501].map((status): [string, Answer] => [`status ${status}`, reply(status)]),
		['a web page', reply(200, '<html>')],
		['no JSON', reply(200, 'hello')],
		['a reply too large', reply(200, `"${'x'.repeat(1000)}"`)],
		...['ENOTFOUND', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'].map(
			(code): [string, Answer] => [code, network(code)],
		),
	])('that meets %s is not tried again', async (_what, answer) => {
		const { call, counts, waits } = server([answer, OK]);
		expect((await failure(call(5))).passing).toBe(false);
		expect(counts).toEqual({ calls: 1, retries: 0 });
		expect(waits).toEqual([]);
	});

	test('is tried as often as the settings say and no more', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: 8 }), async (retries) => {
				const { call, counts, waits } = server([reply(503)]);
				expect(await failure(call(retries))).toMatchObject({ status: 503, page: 2, endpoint: 'people' });
				expect(counts).toEqual({ calls: retries + 1, retries });
				expect(waits).toHaveLength(retries);
			}),
		);
	});

	test('names endpoint, page, reason and what to do when the network is at fault', async () => {
		const error = await failure(server([network('ENOTFOUND')]).call(0));
		expect(error.message).toBe('Endpoint "people", page 2: the server\'s name is not known.');
		expect(error.whatToDo).toBe("Check the host name in the URL or the credential's region.");
	});

	test('finds the code of a network fault however it is wrapped', async () => {
		const wrapped = new Error('outer', { cause: new Error('middle', { cause: network('ECONNREFUSED') }) });
		expect((await failure(server([wrapped]).call(0))).message).toContain('nothing listens there');
	});

	test('is not held up by a fault that is its own cause', async () => {
		const circular = new Error('round');
		circular.cause = circular;
		expect((await failure(server([circular]).call(0))).message).toContain('the call broke off.');
	});
});

describe('the wait before another try', () => {
	test('doubles from one second, and never gets longer than a minute', async () => {
		const { call, waits } = server([reply(503)]);
		await failure(call(9));
		expect(waits.map(Math.round)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
	});

	test('is anything from half of its step to the whole', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				fc.integer({ min: 1, max: 8 }),
				async (random, retries) => {
					const { call, waits } = server([reply(503)], { random: () => random });
					await failure(call(retries));
					waits.forEach((ms, attempt) => {
						expect(ms).toBeGreaterThanOrEqual(Math.min(60_000, 500 * 2 ** attempt));
						expect(ms).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** attempt));
					});
				},
			),
		);
	});

	test.each([
		['7', 7000],
		['0', 0],
		['3600', 60_000],
		['Sun, 01 Mar 2026 08:00:20 GMT', 20_000],
		['Sun, 01 Mar 2027 08:00:20 GMT', 60_000],
		['no date', 1000],
	])('is what the server asks for in %j, at most a minute', async (value, ms) => {
		const { call, waits } = server([reply(429, '', { 'retry-after': value }), OK]);
		await call(1);
		expect(waits.map(Math.round)).toEqual([ms]);
	});
});

describe('a stopped run', () => {
	test('sends nothing', async () => {
		const { call, requests } = server([OK], { signal: AbortSignal.abort() });
		await expect(call(3)).rejects.toBeInstanceOf(CancelledError);
		expect(requests).toEqual([]);
	});

	test('ends the wait before another try', async () => {
		const controller = new AbortController();
		const { call, counts } = server([reply(503, '', { 'retry-after': '60' })], {
			signal: controller.signal,
			sleep: (ms, signal) => {
				const waiting = wait(ms, signal);
				controller.abort();
				return waiting;
			},
		});
		await expect(call(3)).rejects.toBeInstanceOf(CancelledError);
		expect(counts.calls).toBe(1);
	});

	test('is no fault of the network', async () => {
		const controller = new AbortController();
		const { call, counts } = server([OK], {
			signal: controller.signal,
			send: () => {
				controller.abort();
				return Promise.reject(network('ECONNRESET'));
			},
		});
		await expect(call(3)).rejects.toBeInstanceOf(CancelledError);
		expect(counts).toEqual({ calls: 1, retries: 0 });
	});
});
