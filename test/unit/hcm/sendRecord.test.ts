/** Writing back, over real connections. */
import { CancelledError, HcmError } from '../../../lib/hcm/errors';
import { sendRecord, type Merge, type SendSettings } from '../../../lib/hcm/sendRecord';
import type { FeedDependencies, HttpMethod, RequestTemplate } from '../../../lib/hcm/types';
import { dependencies } from '../../support/feeds';
import { closeAll, opened, serving } from '../../support/http';

afterEach(closeAll);

type Call = { readonly method: string; readonly url: string; readonly body: string };
type Reply = readonly [status: number, body?: unknown, headers?: Record<string, string>];

/** A server that answers so, call by call, the last answer for all further ones. */
async function server(...replies: Reply[]) {
	const calls: Call[] = [];
	const base = await serving((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			const [status, answer, headers] = replies[Math.min(calls.length, replies.length - 1)] ?? [200];
			calls.push({ method: request.method ?? '', url: request.url ?? '', body });
			response.writeHead(status, { 'content-type': 'application/json', ...headers });
			response.end(answer === undefined ? '' : JSON.stringify(answer));
		});
	});
	const transport = opened();
	const send = (
		record: unknown,
		request: Partial<RequestTemplate>,
		changes: Partial<SendSettings> = {},
		world: Partial<FeedDependencies> = {},
	) =>
		sendRecord(
			{
				name: 'Write back',
				request: {
					method: 'PUT',
					query: [],
					headers: [],
					body: { type: 'none' },
					...request,
					url: `${base}${request.url ?? '/users/{id}'}`,
				},
				format: 'auto',
				retries: 2,
				retryUnsafe: false,
				variables: { preset: {}, credential: {} },
				secrets: () => ['s3cr3t-key'],
				...changes,
			},
			record,
			dependencies((asked, signal) => transport.send(asked, signal), world),
		);
	return { calls, send, base };
}

describe('a record that is sent', () => {
	test('fills address and body, and the answer comes back', async () => {
		const { calls, send, base } = await server([200, { id: 'a/b', mail: 'x' }]);
		const body = { type: 'json', value: { mail: '{mail}', n: '{n}' } } as const;
		expect(await send({ id: 'a/b', mail: '"x"', n: 5 }, { body })).toEqual({
			method: 'PUT',
			url: `${base}/users/a%2Fb`,
			status: 200,
			response: { id: 'a/b', mail: 'x' },
			calls: 1,
			retries: 0,
			unchanged: false,
		});
		expect(calls).toEqual([{ method: 'PUT', url: '/users/a%2Fb', body: '{"mail":"\\"x\\"","n":5}' }]);
	});

	test('may have no answer', async () => {
		const { send } = await server([204]);
		expect(await send({ id: 1 }, { method: 'DELETE' })).toMatchObject({ status: 204, response: null });
	});

	test.each<[record: unknown, url: string, message: string]>([
		[{}, '/users/{id}', '"Write back": the record has no "id".'],
		[{ id: '' }, '/users/{id}', '"Write back": the record has no "id".'],
		[{ id: '..' }, '/users/{id}', 'leads to another address'],
		[{ id: 1 }, '/users/{__proto__}', '"Write back": {__proto__} names no field of a record.'],
		[undefined, '/users/{id}', '"Write back": {id} stands for nothing.'],
	])('and is %j is not sent to %s', async (record, url, message) => {
		const { calls, send } = await server([200]);
		const sending = send(record, { url });
		await expect(sending).rejects.toBeInstanceOf(HcmError);
		await expect(sending).rejects.toThrow(message);
		expect(calls).toEqual([]);
	});

	test('and refused says what the server said, without secrets', async () => {
		const { send } = await server([422, { message: 'bad s3cr3t-key' }]);
		const sending = send({ id: 1 }, {});
		await expect(sending).rejects.toMatchObject({ status: 422, endpoint: 'Write back' });
		await expect(sending).rejects.toThrow(/bad \*\*\*/);
	});
});

describe('a call that fails in a way that may pass', () => {
	test.each<[method: HttpMethod, retryUnsafe: boolean, reply: Reply, calls: number]>([
		['GET', false, [500], 3],
		['PUT', false, [500], 3],
		['DELETE', false, [502], 3],
		['POST', false, [500], 1],
		['PATCH', false, [500], 1],
		['POST', true, [500], 3],
		['PATCH', true, [500], 3],
		// It was not handled: the server says so.
		['POST', false, [429], 3],
		['POST', false, [503, {}, { 'retry-after': '1' }], 3],
		['PUT', false, [400], 1],
		['POST', true, [422], 1],
	])('by %s, repeated on demand: %s, answered %j, is made %i times', async (method, retryUnsafe, reply, made) => {
		const { calls, send } = await server(reply);
		await expect(send({ id: 1 }, { method }, { retryUnsafe })).rejects.toBeInstanceOf(HcmError);
		expect(calls).toHaveLength(made);
	});

	test('and then passes counts both', async () => {
		const { send } = await server([500], [200, {}]);
		expect(await send({ id: 1 }, {})).toMatchObject({ calls: 2, retries: 1, status: 200 });
	});

	test('is not waited for once the run is stopped', async () => {
		const controller = new AbortController();
		const { calls, send } = await server([500]);
		const sleep = (): Promise<void> => {
			controller.abort();
			return Promise.reject(new Error('stopped'));
		};
		await expect(send({ id: 1 }, {}, {}, { signal: controller.signal, sleep })).rejects.toBeInstanceOf(CancelledError);
		expect(calls).toHaveLength(1);
	});
});

describe('one entry of a list that the interface replaces whole', () => {
	const merge: Merge = { list: 'attributes', nameField: 'name', valueField: 'value', name: 'ad', value: 'S-1' };
	const X = { _id: '1', name: 'x', value: '1' };
	const Y = { _id: '2', name: 'y', value: '2' };
	const ad = (value: string) => ({ _id: '3', name: 'ad', value });
	const sent = async (found: unknown, changes: Partial<Merge> = {}) => {
		const { calls, send } = await server([200, found], [200, { ok: true }]);
		const result = await send({ id: 7 }, { query: [['fields', 'attributes']] }, { merge: { ...merge, ...changes } });
		const [read, write] = calls;
		expect(read).toEqual({ method: 'GET', url: '/users/7?fields=attributes', body: '' });
		return { result, written: write === undefined ? undefined : (JSON.parse(write.body) as unknown) };
	};

	test.each<[what: string, before: unknown, after: unknown]>([
		['is added where there are others', { attributes: [X, Y] }, [X, Y, { name: 'ad', value: 'S-1' }]],
		['is added to an empty list', { attributes: [] }, [{ name: 'ad', value: 'S-1' }]],
		['is added where there is no list yet', { id: 7 }, [{ name: 'ad', value: 'S-1' }]],
		['is added where the list is null', { attributes: null }, [{ name: 'ad', value: 'S-1' }]],
		['is changed in its place, and keeps what else it has', { attributes: [X, ad('old'), Y] }, [X, ad('S-1'), Y]],
		['is there once afterwards', { attributes: [ad('old'), X, ad('S-1')] }, [ad('S-1'), X]],
		['leaves what is no entry', { attributes: ['odd', null, X] }, ['odd', null, X, { name: 'ad', value: 'S-1' }]],
	])('%s', async (_what, before, after) => {
		const { result, written } = await sent(before);
		expect(written).toEqual({ attributes: after });
		expect(result).toMatchObject({ method: 'PUT', calls: 2, unchanged: false, response: { ok: true } });
	});

	test('is taken out, and the others stay', async () => {
		expect((await sent({ attributes: [X, ad('old'), Y] }, { value: null })).written).toEqual({ attributes: [X, Y] });
	});

	test.each<[what: string, found: unknown, value: string | null]>([
		['is so already', { attributes: [X, ad('S-1')] }, 'S-1'],
		['is not there and shall not be', { attributes: [X] }, null],
	])('is not written where it %s', async (_what, found, value) => {
		const { result, written } = await sent(found, { value });
		expect(written).toBeUndefined();
		expect(result).toMatchObject({ unchanged: true, calls: 1, response: found });
	});

	test('may stand deeper', async () => {
		const { written } = await sent({ data: { attributes: [X] } }, { list: 'data.attributes' });
		expect(written).toEqual({ data: { attributes: [X, { name: 'ad', value: 'S-1' }] } });
	});

	test.each<[what: string, reply: Reply]>([
		['is none', [200, { attributes: 'text' }]],
		['is an object', [200, { attributes: { a: 1 } }]],
		['is no reply at all', [204]],
		['is a list of records', [200, [{ attributes: [] }]]],
	])('is never written over what %s', async (_what, reply) => {
		const { calls, send } = await server(reply);
		await expect(send({ id: 7 }, {}, { merge })).rejects.toThrow('"attributes" of the record is no list');
		expect(calls.map(({ method }) => method)).toEqual(['GET']);
	});

	test('is not written where reading was refused', async () => {
		const { calls, send } = await server([404, {}]);
		await expect(send({ id: 7 }, {}, { merge })).rejects.toMatchObject({ status: 404 });
		expect(calls).toHaveLength(1);
	});
});
