import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { CancelledError } from '../../../lib/hcm/errors';
import { closeAll, echo, echoed, failure, get, opened, serving } from '../../support/http';

afterEach(closeAll);

describe('a request', () => {
	test('arrives as it was asked for, with defaults for what it does not say', async () => {
		const url = await serving(echo);
		const { send } = opened();
		const reply = await send(get(`${url}/people?a=1#x`, { query: [['f', 'b:$eq:c d']] }), undefined);
		expect(reply.status).toBe(200);
		const { method, url: path, headers, body } = echoed(reply);
		expect({ method, path, body }).toEqual({ method: 'GET', path: '/people?a=1&f=b:$eq:c%20d', body: '' });
		expect(headers).toMatchObject({
			accept: 'application/json, */*;q=0.5',
			'accept-encoding': 'gzip, deflate, br',
			'user-agent': 'n8n',
		});
		expect(headers['content-type']).toBeUndefined();
	});

	test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const)(
		'by %s carries its body and its type',
		async (method) => {
			const url = await serving(echo);
			const body = { text: '{"name":"Zoë"}', contentType: 'application/json' };
			const sent = echoed(await opened().send(get(url, { method, body }), undefined));
			expect(sent).toMatchObject({ method, body: body.text });
			expect(sent.headers['content-type']).toBe('application/json');
			const own = get(url, { method, body, headers: { 'Content-Type': 'text/x', ACCEPT: 'a/b' } });
			expect(echoed(await opened().send(own, undefined)).headers).toMatchObject({
				'content-type': 'text/x',
				accept: 'a/b',
			});
		},
	);

	test.each<[name: string, value: string, words: string]>([
		['X-Key', 'k3y\r\nX-Evil: 1', 'line break'],
		['X-Key', 'k3y\n', 'line break'],
		['X-Key', 'k3y\u0000', 'control character'],
		['X-Key', 'k3y→', 'cannot carry'],
		['X Key', 'k3y', 'no name of a header'],
		['X-Key:\r\nX', 'k3y', 'no name of a header'],
		['', 'k3y', 'no name of a header'],
		['Host', 'k3y.test', 'the header host cannot be set'],
		['Transfer-Encoding', 'chunked', 'cannot be set'],
		['content-length', '5', 'cannot be set'],
		['Proxy-Authorization', 'k3y', 'cannot be set'],
	])('with the header %j: %j is not sent, and the value is not shown', async (name, value, words) => {
		let calls = 0;
		const url = await serving((_request, response) => {
			calls += 1;
			response.end();
		});
		const fault = await failure(opened().send(get(url, { headers: { [name]: value } }), undefined));
		expect(fault.reason).toContain(words);
		expect(fault).toMatchObject({ passing: false, unsent: true });
		expect(`${fault.reason}${fault.whatToDo}`).not.toContain('k3y');
		expect(calls).toBe(0);
	});

	test.each<[url: string, words: string]>([
		['people', 'no address of the web'],
		['file:///etc/passwd', 'no address of the web'],
		['https://user:pa55@hr.test/', 'holds a user name or a password'],
	])('to %s is not sent', async (url, words) => {
		const fault = await failure(opened().send(get(url), undefined));
		expect(fault.reason).toContain(words);
		expect(fault.reason).not.toContain('pa55');
	});

	test('goes over one connection, call after call, and over more at a time', async () => {
		const url = await serving(echo);
		const { send } = opened();
		const ports = new Set<number>();
		for (let call = 0; call < 10; call += 1) ports.add(echoed(await send(get(url), undefined)).port);
		expect(ports.size).toBe(1);
		const together = await Promise.all([1, 2, 3].map(() => send(get(url), undefined)));
		expect(new Set(together.map((reply) => echoed(reply).port)).size).toBe(3);
	});
});

describe('the time of a call', () => {
	test.each<[what: string, answer: (response: ServerResponse) => void]>([
		['never answers', () => undefined],
		['sends headers and nothing more', (response) => response.writeHead(200).flushHeaders()],
		[
			'sends byte after byte for ever',
			(response) => {
				const timer = setInterval(() => response.write(' '), 5);
				response.on('close', () => clearInterval(timer));
			},
		],
	])('is over though the server %s', async (_what, answer) => {
		const url = await serving((_request, response) => answer(response));
		const fault = await failure(opened({ timeoutMs: 100 }).send(get(url), undefined));
		expect(fault).toMatchObject({ reason: 'the server did not answer in time', passing: true, unsent: false });
	});

	test('is over though no connection comes about, and then nothing was sent', async () => {
		const lookup: LookupFunction = () => undefined;
		const egress = { validateUrl: () => Promise.resolve({ ok: true } as const), lookup };
		const fault = await failure(opened({ timeoutMs: 50, egress }).send(get('http://hr.test/'), undefined));
		expect(fault).toMatchObject({ reason: 'no connection to the server came about in time', unsent: true });
	});

	test('is over though the egress policy does not answer', async () => {
		const egress = {
			validateUrl: () => new Promise<never>(() => undefined),
			lookup: (() => undefined) as LookupFunction,
		};
		const fault = await failure(opened({ timeoutMs: 50, egress }).send(get('http://hr.test/'), undefined));
		expect(fault.reason).toBe('the server did not answer in time');
	});

	test('that is over leaves the next call as good as new', async () => {
		let calls = 0;
		const url = await serving((_request, response) => {
			calls += 1;
			if (calls > 1) response.end('[1]');
		});
		const { send } = opened({ timeoutMs: 150 });
		await failure(send(get(url), undefined));
		expect((await send(get(url), undefined)).body).toBe('[1]');
	});
});

describe('a stopped run', () => {
	test('sends nothing', async () => {
		let calls = 0;
		const url = await serving(() => (calls += 1));
		await expect(opened().send(get(url), AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
		expect(calls).toBe(0);
	});

	test.each(['headers', 'body'])('ends a call that waits for its %s, on the wire too', async (part) => {
		const controller = new AbortController();
		let closed: () => void;
		const wasClosed = new Promise<void>((resolve) => (closed = resolve));
		const url = await serving((_request, response) => {
			response.on('close', () => closed());
			if (part === 'body') response.writeHead(200).write('[1');
			setImmediate(() => controller.abort());
		});
		await expect(opened().send(get(url), controller.signal)).rejects.toBeInstanceOf(CancelledError);
		await wasClosed;
	});

	test('ends a call that waits for its connection', async () => {
		const controller = new AbortController();
		const lookup: LookupFunction = () => controller.abort();
		const egress = { validateUrl: () => Promise.resolve({ ok: true } as const), lookup };
		await expect(opened({ egress }).send(get('http://hr.test/'), controller.signal)).rejects.toBeInstanceOf(
			CancelledError,
		);
	});
});

describe("n8n's egress policy", () => {
	test('is asked for every request, and a refused address is never called', async () => {
		const url = await serving(echo);
		const asked: string[] = [];
		const egress = {
			validateUrl: (address: string) => {
				asked.push(address);
				const ok = !address.includes('/secret');
				return Promise.resolve(ok ? ({ ok } as const) : ({ ok, error: new Error('internal words') } as const));
			},
			lookup: (() => undefined) as LookupFunction,
		};
		const { send } = opened({ egress });
		await send(get(`${url}/a`), undefined);
		await send(get(`${url}/b`, { query: [['c', '1']] }), undefined);
		const fault = await failure(send(get(`${url}/secret`), undefined));
		expect(fault.reason).toBe(`n8n's egress policy does not allow ${new URL(url).host}`);
		expect(fault).toMatchObject({ passing: false, unsent: true });
		expect(asked).toEqual([`${url}/a`, `${url}/b?c=1`, `${url}/secret`]);
	});

	test('looks up the names, and its refusal is told from a fault of DNS', async () => {
		const url = new URL(await serving(echo));
		const looked: string[] = [];
		const lookup: LookupFunction = (hostname, options, callback) => {
			looked.push(hostname);
			if (hostname === 'private.test') callback(new Error('blocked'), '');
			else if (hostname === 'unknown.test')
				callback(Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), '');
			else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
			else callback(null, '127.0.0.1', 4);
		};
		const { send } = opened({ egress: { validateUrl: () => Promise.resolve({ ok: true } as const), lookup } });
		expect(echoed(await send(get(`http://hr.test:${url.port}/`), undefined)).headers['host']).toBe(
			`hr.test:${url.port}`,
		);
		const at = (host: string) => failure(send(get(`http://${host}:${url.port}/`), undefined));
		expect((await at('private.test')).reason).toBe("n8n's egress policy does not allow private.test");
		expect((await at('unknown.test')).reason).toBe("the server's name is not known");
		expect(looked).toEqual(['hr.test', 'private.test', 'unknown.test']);
	});
});

describe('a closed transport', () => {
	test('cuts what is under way, and sends nothing more', async () => {
		let arrived: () => void;
		const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
		const url = await serving(() => arrived());
		const { send, close } = opened();
		const sending = failure(send(get(url), undefined));
		await hasArrived;
		await close();
		expect((await sending).reason).toContain('broke off');
		expect((await failure(send(get(url), undefined))).reason).toContain('broke off');
	});
});
