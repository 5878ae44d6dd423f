import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { callWithRetries } from '../../../lib/hcm/call';
import { CancelledError, HcmError } from '../../../lib/hcm/errors';
import { TransportError } from '../../../lib/hcm/networkErrors';
import type { FeedDependencies, HttpReply, HttpRequest, ReplyFormat } from '../../../lib/hcm/types';
import { wait } from '../../../lib/wait';

const REQUEST: HttpRequest = {
	method: 'GET',
	url: 'https://hr.example.com/people',
	query: [['limit', '5']],
	headers: { accept: 'json' },
	withCredential: true,
};
const NOW = Date.UTC(2026, 2, 1, 8, 0, 0);

type Answer = HttpReply | Error;
const reply = (status: number, body = '', headers: Record<string, string> = {}): HttpReply => ({
	status,
	body,
	headers,
});
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const OK = reply(200, '{"ok":true}');

type Change = Partial<FeedDependencies> & { repeatable?: boolean; format?: ReplyFormat; request?: HttpRequest };

/** A server that gives the answers in order, the last one again and again; waits are noted and take no time. */
function server(answers: readonly Answer[], change: Change = {}) {
	const { repeatable = true, format = 'auto', request = REQUEST, ...changes } = change;
	const requests: HttpRequest[] = [];
	const waits: number[] = [];
	const counts = { calls: 0, retries: 0 };
	const dependencies: FeedDependencies = {
		send: (sent) => {
			const answer = answers[Math.min(requests.length, answers.length - 1)];
			requests.push(sent);
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
	const settings = { secrets: () => ['s3cr3t-key'], repeatable };
	const call = (retries: number) =>
		callWithRetries(request, { endpoint: 'people', page: 2, format }, { ...settings, retries }, dependencies, counts);
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
	test('that goes through is sent once, as it was asked for, and gives data and reply', async () => {
		const { call, requests, waits, counts } = server([OK]);
		expect(await call(5)).toEqual({ body: { ok: true }, reply: OK });
		expect(requests).toEqual([REQUEST]);
		expect(waits).toEqual([]);
		expect(counts).toEqual({ calls: 1, retries: 0 });
	});

	test.each<[ReplyFormat, string | undefined]>([
		['xml', 'application/xml, text/xml;q=0.9, */*;q=0.1'],
		['csv', 'text/csv, */*;q=0.1'],
		['json', undefined],
		['auto', undefined],
	])('for %s asks for it, unless the endpoint has a header of its own', async (format, accept) => {
		const xml = reply(200, '<a/>');
		const answers = [format === 'xml' ? xml : format === 'csv' ? reply(200, 'a\n1') : OK];
		const bare = server(answers, { format, request: { ...REQUEST, headers: {} } });
		await bare.call(0);
		expect(bare.requests[0]?.headers).toEqual(accept === undefined ? {} : { accept });
		const own = server(answers, { format, request: { ...REQUEST, headers: { Accept: 'x/y' } } });
		await own.call(0);
		expect(own.requests[0]?.headers).toEqual({ Accept: 'x/y' });
	});

	test.each<[string, Answer]>([
		...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Answer] => [`status ${status}`, reply(status)]),
		['a 403 with no call left', reply(403, '', { 'x-ratelimit-remaining': '0' })],
		['a fault of SOAP', reply(500, '<Envelope><faultstring>Busy</faultstring></Envelope>')],
		['half a reply', reply(200, '{"a": [1,')],
		['a compressed reply cut off', new TransportError('cut', 'Again.', { passing: true })],
		...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'EWHATEVER'].map(
			(code): [string, Answer] => [code, network(code)],
		),
		['a fault without a code', new Error('socket hang up')],
	])('that meets %s is tried again', async (_what, answer) => {
		const { call, counts, waits } = server([answer, answer, OK]);
		expect((await call(2)).body).toEqual({ ok: true });
		expect(counts).toEqual({ calls: 3, retries: 2 });
		expect(waits).toHaveLength(2);
	});

	test.each<[string, Answer]>([
		...[301, 400, 401, 403, 404, 409, 501].map((status): [string, Answer] => [`status ${status}`, reply(status)]),
		['a web page', reply(200, '<html>')],
		['no JSON', reply(200, 'hello')],
		['a reply too large', new TransportError('the reply is larger than 1 MB', 'Lower the page size.')],
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

	test('names endpoint, page, reason and what to do when no reply came', async () => {
		const error = await failure(server([network('ENOTFOUND')]).call(0));
		expect(error.message).toBe('Endpoint "people", page 2: the server\'s name is not known.');
		expect(error.whatToDo).toBe("Check the host name in the URL or the credential's region.");
		const large = await failure(server([new TransportError('the reply is larger than 1 MB', 'Lower it.')]).call(0));
		expect(large).toMatchObject({
			message: 'Endpoint "people", page 2: the reply is larger than 1 MB.',
			whatToDo: 'Lower it.',
			endpoint: 'people',
			page: 2,
		});
	});

	test('gives on an error that already has its words', async () => {
		const own = new HcmError('Endpoint "people", page 2: no token.', { endpoint: 'people', page: 2, whatToDo: 'x' });
		await expect(server([own]).call(3)).rejects.toBe(own);
	});

	test('masks secrets that the server repeats, those of now', async () => {
		expect((await failure(server([reply(401, 'key s3cr3t-key')]).call(0))).message).toContain('"key ***"');
	});
});

describe('a call that must not be made twice', () => {
	test.each<[string, Answer]>([
		...['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].map((code): [string, Answer] => [code, network(code)]),
		['429', reply(429)],
		['503 with Retry-After', reply(503, '', { 'retry-after': '1' })],
	])('is sent again after %s: the server cannot have handled it', async (_what, answer) => {
		const { call, counts } = server([answer, OK], { repeatable: false });
		await call(1);
		expect(counts).toEqual({ calls: 2, retries: 1 });
	});

	test.each<[string, Answer]>([
		...['ECONNRESET', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'EPIPE', 'EWHATEVER'].map((code): [string, Answer] => [
			code,
			network(code),
		]),
		...[408, 500, 502, 503, 504].map((status): [string, Answer] => [`status ${status}`, reply(status)]),
		['500 with Retry-After', reply(500, '', { 'retry-after': '1' })],
		['half a reply', reply(200, '{"a": [1,')],
	])('is not sent again after %s', async (_what, answer) => {
		const { call, counts } = server([answer, OK], { repeatable: false });
		expect((await failure(call(5))).passing).toBe(true);
		expect(counts).toEqual({ calls: 1, retries: 0 });
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

	test.each<[headers: Record<string, string>, ms: number]>([
		[{ 'retry-after': '7' }, 7000],
		[{ 'retry-after': '0' }, 0],
		// Zoho locks for five minutes.
		[{ 'retry-after': '300' }, 300_000],
		[{ 'retry-after': '900' }, 900_000],
		[{ 'retry-after': 'Sun, 01 Mar 2026 08:00:20 GMT' }, 20_000],
		[{ 'retry-after': 'no date' }, 1000],
		[{ 'x-ratelimit-reset': String(NOW / 1000 + 12) }, 12_000],
	])('is what the server asks for by %j', async (headers, ms) => {
		const { call, waits } = server([reply(429, '', headers), OK]);
		await call(1);
		expect(waits.map(Math.round)).toEqual([ms]);
	});

	test.each([
		['901', 'wait 16 minutes', '2026-03-01T08:15:01.000Z'],
		['3600', 'wait 60 minutes', '2026-03-01T09:00:00.000Z'],
		['Sun, 01 Mar 2027 08:00:20 GMT', 'minutes', '2027-03-01T08:00:20.000Z'],
		['9'.repeat(15), 'minutes', '+275760-09-13T00:00:00.000Z'],
	])(
		'of more than 15 minutes (%s) is not waited for, and the error says when to come back',
		async (asked, words, date) => {
			for (const retries of [0, 3]) {
				const { call, waits, counts } = server([reply(429, '', { 'retry-after': asked }), OK]);
				const error = await failure(call(retries));
				expect(error.message).toContain(words);
				expect(error.whatToDo).toBe(`Run again after ${date}.`);
				expect(error).toMatchObject({ status: 429, passing: true, endpoint: 'people', page: 2 });
				expect(waits).toEqual([]);
				expect(counts.calls).toBe(1);
			}
		},
	);
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

	test('does not wait for a sender that cannot be stopped, and leaves nothing on the signal', async () => {
		const controller = new AbortController();
		const { call } = server([OK], {
			signal: controller.signal,
			send: () => {
				setImmediate(() => controller.abort());
				return new Promise(() => undefined);
			},
		});
		await expect(call(3)).rejects.toBeInstanceOf(CancelledError);
		expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
	});

	test('leaves nothing on the signal after a call that went through', async () => {
		const { signal } = new AbortController();
		await server([reply(503), OK], { signal }).call(1);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
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
