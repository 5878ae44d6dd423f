import { once } from 'node:events';
import net from 'node:net';
import { busy, loginPage, type PlannedFailure } from '../../../demo/jumpcloud/failures';
import { apiKey, people, runningSimulator } from './simulator';

const { simulator, call } = runningSimulator();

const users = '/api/systemusers';
const [somebody] = people;
const user = `${users}/${somebody?._id}`;
const status = async (route = users) => (await call('GET', route)).status;

/** Everything that comes back, as bytes, until the connection ends; and how it ended. */
async function raw(request: string): Promise<{ readonly text: string; readonly error: string | undefined }> {
	const socket = net.connect(simulator().port, '127.0.0.1');
	const chunks: Buffer[] = [];
	let error: string | undefined;
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	socket.on('error', (fault: NodeJS.ErrnoException) => (error = fault.code));
	socket.write(`${request}\r\nHost: x\r\nx-api-key: ${apiKey}\r\nConnection: close\r\n\r\n`);
	await new Promise<void>((resolve) => socket.once('close', () => resolve()));
	return { text: Buffer.concat(chunks).toString('utf8'), error };
}

describe('an answer on demand', () => {
	test.each([401, 403, 404, 422, 429, 500, 502, 503, 504])(
		'has the status %i and the shape of an error',
		async (code) => {
			simulator().failNext({ status: code });
			expect(await call('GET', users)).toMatchObject({ status: code, body: { code, status: String(code) } });
			expect(await status()).toBe(200);
		},
	);

	test.each<[string, PlannedFailure, number, string | null]>([
		['seconds', busy(7), 429, '7'],
		['a date', busy(new Date('2026-11-01T12:00:00Z')), 429, 'Sun, 01 Nov 2026 12:00:00 GMT'],
		['nothing', busy(), 429, null],
		['seconds, of a server that is down', busy(3, 503), 503, '3'],
	])('says when to try again: %s', async (_what, failure, code, header) => {
		simulator().failNext(failure);
		const reply = await call('GET', users);
		expect([reply.status, reply.headers.get('retry-after')]).toEqual([code, header]);
		expect(reply.body).toMatchObject({ code });
	});

	test('is a page to log in, with HTTP 200', async () => {
		simulator().failNext(loginPage);
		const response = await fetch(`${simulator().url}${users}`, { headers: { 'x-api-key': apiKey } });
		expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
		expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
	});

	test('stands instead of the real one: nothing is written', async () => {
		simulator().failNext({ status: 503 });
		await call('PUT', user, { state: 'SUSPENDED' });
		expect((await call('GET', user)).body).toEqual(somebody);
	});
});

describe('a failure for some requests', () => {
	test('meets those that fit, as often as it was said, and no others', async () => {
		simulator().failWhen(({ query }) => query['skip'] === '100', { status: 503 }, 2);
		const answers = [];
		for (const skip of [0, 100, 100, 100, 200]) answers.push(await status(`${users}?skip=${skip}`));
		expect(answers).toEqual([200, 503, 503, 200, 200]);
	});

	test('lasts until it is ended', async () => {
		const end = simulator().failWhen(({ path }) => path.endsWith('/membership'), busy(0));
		const route = `/api/v2/usergroups/${simulator().groups[0]?.id}/membership`;
		expect([await status(route), await status(route), await status()]).toEqual([429, 429, 200]);
		end();
		expect(await status(route)).toBe(200);
	});

	test('comes after what was planned for the next request', async () => {
		simulator().failWhen(() => true, { status: 500 }, 1);
		simulator().failNext({ status: 404 });
		expect([await status(), await status(), await status()]).toEqual([404, 500, 200]);
	});

	test('may look at what is written', async () => {
		simulator().failWhen(({ body }) => JSON.stringify(body ?? null).includes('Astronaut'), { status: 422 });
		expect((await call('PUT', user, { jobTitle: 'Cook' })).status).toBe(200);
		expect((await call('PUT', user, { jobTitle: 'Astronaut' })).status).toBe(422);
	});
});

describe('a broken connection', () => {
	test('is reset before any byte, and nothing was written', async () => {
		simulator().failNext({ kind: 'reset' });
		expect(await raw(`DELETE ${user} HTTP/1.1`)).toEqual({ text: '', error: 'ECONNRESET' });
		expect(simulator().users).toHaveLength(250);
		expect(await status()).toBe(200);
	});

	test('is reset before any byte, though the request was carried out', async () => {
		simulator().failNext({ kind: 'reset', done: true });
		expect(await raw(`DELETE ${user} HTTP/1.1`)).toEqual({ text: '', error: 'ECONNRESET' });
		expect(simulator().users).toHaveLength(249);
		expect(simulator().events).toMatchObject([{ event_type: 'user_delete' }]);
	});

	test.each([
		['in the middle', undefined],
		['before the first byte of the body', 0],
		['before the last byte', 1_000_000],
	])('cuts a reply %s', async (_where, afterBytes) => {
		const whole = await raw(`GET ${user} HTTP/1.1`);
		simulator().failNext({ kind: 'cut', ...(afterBytes === undefined ? {} : { afterBytes }) });
		const { text } = await raw(`GET ${user} HTTP/1.1`);
		const [head = '', body = ''] = text.split('\r\n\r\n');
		const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
		const length = Buffer.byteLength(body);
		expect(head).toMatch(/^HTTP\/1\.1 200 /);
		expect(length).toBe(Math.min(afterBytes ?? announced >> 1, announced - 1));
		expect(Buffer.byteLength(JSON.stringify(somebody))).toBe(announced);
		expect(whole.text).toContain(body);
	});

	test('is noticed by a client that counts', async () => {
		simulator().failNext({ kind: 'cut' });
		await expect(call('GET', user)).rejects.toThrow();
		expect(await status()).toBe(200);
	});
});

describe('a slow reply', () => {
	test('comes whole in the end, in pieces', async () => {
		simulator().failNext({ kind: 'slow', delayMs: 1, pieceBytes: 100 });
		expect((await call('GET', user)).body).toEqual(somebody);
	});

	test('sends nothing before its headers are due', async () => {
		simulator().failNext({ kind: 'slow', delayMs: 3_600_000 });
		const waiting = call('GET', user);
		while (simulator().requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
		const first = await Promise.race([waiting.then(() => 'reply'), status().then(() => 'another request')]);
		expect(first).toBe('another request');
		const ended = expect(waiting).rejects.toThrow();
		await simulator().close();
		await ended;
	});

	test('sends its headers and a piece, and stops with the client', async () => {
		simulator().failNext({ kind: 'slow', pieceBytes: 10, pauseMs: 3_600_000 });
		const socket = net.connect(simulator().port, '127.0.0.1');
		const told = new Promise<void>((resolve) => (simulator().onRequest = () => resolve()));
		socket.write(`GET ${user} HTTP/1.1\r\nHost: x\r\nx-api-key: ${apiKey}\r\n\r\n`);
		let text = '';
		while (!text.includes('{"_id')) text += String((await once(socket, 'data'))[0]);
		expect(text).toMatch(/^HTTP\/1\.1 200 /);
		socket.destroy();
		// Answered as far as anybody wanted it: the pause of an hour is over.
		await told;
	});
});

describe('a server that overlooks skip', () => {
	test('gives the first page again: in the list, in the search, and of the events', async () => {
		simulator().failWhen(() => true, { kind: 'samePage' });
		const list = (skip: number) => call('GET', `${users}?sort=_id&limit=5&skip=${skip}`);
		expect((await list(5)).body).toEqual((await list(0)).body);
		const search = (skip: number) => call('POST', '/api/search/systemusers', { sort: '_id', limit: 5, skip });
		expect((await search(5)).body).toEqual((await search(0)).body);
		await call('PUT', user, { jobTitle: 'x' });
		const since = { service: ['all'], start_time: '2020-01-01T00:00:00Z' };
		const search_after = [Date.now() + 1000, 'x'];
		const events = await call('POST', '/insights/directory/v1/events', { ...since, search_after });
		expect(events.body).toHaveLength(1);
	});

	test('goes on with the rows as they are when it stops', async () => {
		simulator().failNext({ kind: 'samePage' });
		const list = () => call('GET', `${users}?sort=_id&limit=5&skip=5`);
		expect((await list()).body).not.toEqual((await list()).body);
	});
});
