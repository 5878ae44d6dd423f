import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { closeAll, closeLater, failure, get, opened, serving } from '../../support/http';

afterEach(closeAll);

describe('a reply', () => {
	test('has its headers in lower case, repeated ones joined, and no cookie; none is sent back', async () => {
		const cookies: unknown[] = [];
		const url = await serving((request, response) => {
			cookies.push(request.headers.cookie);
			response.setHeader('Set-Cookie', ['session=1', 'b=2']);
			response.setHeader('Link', ['<a>; rel="next"', '<b>; rel="last"']);
			response.setHeader('X-Total', '7');
			response.end('{}');
		});
		const { send } = opened();
		const { headers } = await send(get(url), undefined);
		expect(headers).toMatchObject({ link: '<a>; rel="next", <b>; rel="last"', 'x-total': '7' });
		expect(headers['set-cookie']).toBeUndefined();
		await send(get(url), undefined);
		expect(cookies).toEqual([undefined, undefined]);
	});

	test.each([204, 301, 302, 307, 401, 404, 429, 500, 503])(
		'of status %i comes as it is, nothing is followed',
		async (status) => {
			let calls = 0;
			const url = await serving((_request, response) => {
				calls += 1;
				response.writeHead(status, { location: '/elsewhere' }).end(status === 204 ? undefined : 'words');
			});
			const reply = await opened().send(get(url), undefined);
			expect(reply).toMatchObject({ status, body: status === 204 ? '' : 'words' });
			expect(calls).toBe(1);
		},
	);

	test.each<[encoding: string, bytes: (text: Buffer) => Buffer]>([
		['gzip', (text) => gzipSync(text)],
		['X-GZIP', (text) => gzipSync(text)],
		['br', (text) => brotliCompressSync(text)],
		['deflate', (text) => deflateSync(text)],
		['deflate', (text) => deflateRawSync(text)],
		['identity', (text) => text],
		['deflate, gzip', (text) => gzipSync(deflateSync(text))],
	])('compressed by %s is read', async (encoding, bytes) => {
		const text = JSON.stringify({ name: 'Zoë '.repeat(1000) });
		const url = await serving((_request, response) => {
			response.writeHead(200, { 'content-encoding': encoding }).end(bytes(Buffer.from(text)));
		});
		expect((await opened().send(get(url), undefined)).body).toBe(text);
	});

	test.each<[encoding: string, bytes: Buffer, words: string, passing: boolean]>([
		['gzip', gzipSync(Buffer.alloc(20_000_000)), 'the reply is larger than 1 MB', false],
		['br', brotliCompressSync(Buffer.alloc(20_000_000)), 'the reply is larger than 1 MB', false],
		['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(20_000_000))), 'the reply is larger than 1 MB', false],
		['gzip', gzipSync('x'.repeat(1000)).subarray(0, 20), 'ends in the middle', true],
		['gzip', Buffer.from('no gzip at all'), 'is damaged', true],
		['zstd', Buffer.from('abcdef'), 'in a way that is not known (zstd)', false],
		['gzip, gzip, gzip', gzipSync('x'), 'in a way that is not known', false],
		['constructor', Buffer.from('abcdef'), 'in a way that is not known', false],
	])('compressed by %s that is too large or broken is refused', async (encoding, bytes, words, passing) => {
		const url = await serving((_request, response) => {
			response.writeHead(200, { 'content-encoding': encoding }).end(bytes);
		});
		const fault = await failure(opened().send(get(url), undefined));
		expect(fault.reason).toContain(words);
		expect(fault.passing).toBe(passing);
	});

	test.each<[contentType: string, bytes: Buffer, text: string]>([
		['application/json', Buffer.from('"Zoë"'), '"Zoë"'],
		['text/csv; charset=iso-8859-1', Buffer.from('Zoë', 'latin1'), 'Zoë'],
		['text/csv; header=present; CHARSET="windows-1252"', Buffer.from([0x80]), '€'],
		['text/csv; charset=utf-16le', Buffer.from('Zoë', 'utf16le'), 'Zoë'],
		['text/csv', Buffer.from('\ufeffZoë', 'utf16le'), 'Zoë'],
		['text/csv', Buffer.from([0xfe, 0xff, 0x00, 0x5a]), 'Z'],
		[
			'application/xml',
			Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ë</a>', 'latin1'),
			'<?xml version="1.0" encoding="ISO-8859-1"?><a>ë</a>',
		],
		['application/json; charset=utf8mb4', Buffer.from('"Zoë"'), '"Zoë"'],
	])('in the character set of %j is read as it was written', async (contentType, bytes, text) => {
		const url = await serving((_request, response) => {
			response.writeHead(200, { 'content-type': contentType }).end(bytes);
		});
		expect((await opened().send(get(url), undefined)).body).toBe(text);
	});

	test('that is no text of its character set is refused, but not the words of an error', async () => {
		let status = 200;
		const url = await serving((_request, response) => {
			response.writeHead(status, { 'content-type': 'text/csv' }).end(Buffer.from('Zoë', 'latin1'));
		});
		const { send } = opened();
		expect((await failure(send(get(url), undefined))).reason).toContain('no text in the character set utf-8');
		status = 500;
		expect((await send(get(url), undefined)).body).toBe('Zo\ufffd');
	});

	test.each(['with', 'without'])('larger than allowed, %s a length, is stopped at once', async (length) => {
		let cut: () => void;
		const wasCut = new Promise<void>((resolve) => (cut = resolve));
		const url = await serving((_request, response) => {
			response.on('close', () => cut());
			if (length === 'with') response.writeHead(200, { 'content-length': '5000000000' });
			const more = () => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536)));
			};
			response.on('drain', more);
			more();
		});
		const fault = await failure(opened({ maxReplyBytes: 100_000 }).send(get(url), undefined));
		expect(fault).toMatchObject({ reason: 'the reply is larger than 100000 bytes', passing: false });
		expect(fault.whatToDo).toContain('Maximum Reply Size');
		await wasCut;
	});

	test.each([3, 4])('of 3 bytes is read up to the limit of %i', async (maxReplyBytes) => {
		const url = await serving((_request, response) => response.end('[1]'));
		expect((await opened({ maxReplyBytes }).send(get(url), undefined)).body).toBe('[1]');
	});

	test.each<[what: string, answer: string, words: string]>([
		['before its headers', '', 'cut the connection'],
		['in its headers', 'HTTP/1.1 200 OK\r\nContent-Le', 'cut the connection'],
		['in a body of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', 'cut the connection'],
		[
			'in a body in chunks',
			'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
			'cut the connection',
		],
		['by what is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'is no HTTP'],
	])('cut off %s is none', async (_what, answer, words) => {
		const server = createTcpServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', () => socket.end(answer));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		closeLater(() => void server.close());
		const { port } = server.address() as AddressInfo;
		const fault = await failure(opened().send(get(`http://127.0.0.1:${port}/`), undefined));
		expect(fault.reason).toContain(words);
		expect(fault.unsent).toBe(false);
	});
});
