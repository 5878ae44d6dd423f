import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { openTransport } from '../../../lib/hcm/transport';
import { makeCertificates, PASSPHRASE } from '../../support/certificates';
import { closeAll, echo, echoed, failure, get, listening, opened, serving } from '../../support/http';

afterEach(closeAll);

describe('TLS', () => {
	const { authority, server, stranger, client, lockedKey } = makeCertificates();
	const known = getCACertificates('default');
	const verifying = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
	afterEach(() => {
		setDefaultCACertificates(known);
		if (verifying === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
		else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = verifying;
	});

	/** Answers with the name of the client's certificate. */
	const named: RequestListener = (request, response) => {
		const { subject } = (request.socket as TLSSocket).getPeerCertificate();
		response.end(JSON.stringify({ client: subject?.CN ?? null }));
	};
	const tls = async (options: object, answer = named) => {
		const secure = createTlsServer({ ...server, ...options }, answer);
		return `https://127.0.0.1:${await listening(secure)}`;
	};
	const mutual = { requestCert: true, rejectUnauthorized: true, ca: authority };
	const certificate = { certificate: client.cert, key: client.key, authorities: authority };

	test('of an authority that Node knows is verified and used', async () => {
		setDefaultCACertificates([...known, authority]);
		expect((await opened().send(get(await tls({})), undefined)).body).toBe('{"client":null}');
	});

	test('of an unknown authority is refused, even where Node is told to verify nothing', async () => {
		process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
		const fault = await failure(opened().send(get(await tls({})), undefined));
		expect(fault.reason).toBe("the authority of the server's certificate is not known");
		expect(fault.passing).toBe(false);
	});

	test('of a certificate for another name is refused', async () => {
		setDefaultCACertificates([...known, authority]);
		const fault = await failure(opened().send(get(await tls(stranger)), undefined));
		expect(fault.reason).toBe("the server's certificate is made out to another name");
	});

	test('older than 1.2 is refused', async () => {
		setDefaultCACertificates([...known, authority]);
		const url = await tls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
		expect((await failure(opened().send(get(url), undefined))).reason).toContain('no common version');
	});

	test('asked of a server that speaks plain HTTP says so', async () => {
		const url = await serving(echo);
		const fault = await failure(opened().send(get(url.replace('http:', 'https:')), undefined));
		expect(fault.reason).toBe('the server does not speak TLS at this port');
	});

	test.each([
		['a key', certificate],
		['a key with passphrase', { ...certificate, key: lockedKey, passphrase: PASSPHRASE }],
	])('shows the client certificate with %s, to the own server only', async (_what, clientCertificate) => {
		const url = await tls({ ...mutual, rejectUnauthorized: false });
		const { send } = opened({ clientCertificate });
		expect((await send(get(url), undefined)).body).toBe('{"client":"client"}');
		setDefaultCACertificates([...known, authority]);
		const without = opened({ clientCertificate });
		expect((await without.send(get(url, { withCredential: false }), undefined)).body).toBe('{"client":null}');
	});

	test('of a server that demands a client certificate fails without one, in words', async () => {
		setDefaultCACertificates([...known, authority]);
		const fault = await failure(opened().send(get(await tls(mutual)), undefined));
		expect(fault.reason).toMatch(/client certificate|cut the connection/);
	});

	test.each([
		['a key that is none', { certificate: client.cert, key: 's3cr3t' }],
		['the key of another certificate', { certificate: client.cert, key: server.key }],
		['a key without its passphrase', { certificate: client.cert, key: lockedKey }],
		['a wrong passphrase', { certificate: client.cert, key: lockedKey, passphrase: 's3cr3t' }],
		['authorities that are none', { ...certificate, authorities: '-----BEGIN CERTIFICATE-----\ns3cr3t' }],
	])('with %s is refused before any call', (_what, clientCertificate) => {
		const open = () => openTransport({ timeoutMs: 1, maxReplyBytes: 1, environment: {}, clientCertificate });
		expect(open).toThrow('certificate, key and authorities of the credential cannot be used together');
		expect(open).not.toThrow('s3cr3t');
	});

	test('goes through a proxy as a tunnel: it sees neither path nor headers, and verification stays', async () => {
		const seen: string[] = [];
		const proxy = createServer();
		proxy.on('connect', (request: IncomingMessage, socket) => {
			seen.push(`${request.url} ${JSON.stringify(request.headers)}`);
			const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
				socket.write('HTTP/1.1 200 OK\r\n\r\n');
				onward.pipe(socket).pipe(onward);
			});
			for (const end of [onward, socket]) end.on('error', () => undefined);
		});
		const environment = { HTTPS_PROXY: `http://user:pa55@127.0.0.1:${await listening(proxy)}` };
		const url = new URL(await tls(mutual));
		const request = get(`https://hr.test:${url.port}/people`, { headers: { 'x-api-key': 'k3y' } });
		const { send } = opened({ environment, clientCertificate: certificate });
		expect((await send(request, undefined)).body).toBe('{"client":"client"}');
		expect((await send(request, undefined)).body).toBe('{"client":"client"}');
		expect(seen).toHaveLength(1);
		expect(seen[0]).toContain(`hr.test:${url.port}`);
		expect(seen[0]).toContain(Buffer.from('user:pa55').toString('base64'));
		expect(seen[0]).not.toMatch(/people|k3y/);
		const fault = await failure(opened({ environment }).send(request, undefined));
		expect(fault.reason).toContain('authority');
	});
});

describe('a proxy', () => {
	/** Notes what plain requests it is asked for, and answers itself. */
	async function proxying(status = 200): Promise<{ address: string; asked: string[] }> {
		const asked: string[] = [];
		const proxy = createServer((request, response) => {
			asked.push(`${request.method} ${request.url}`);
			response.writeHead(status).end('{"by":"proxy"}');
		});
		proxy.on('connect', (request: IncomingMessage, socket) => {
			asked.push(`${request.method} ${request.url}`);
			socket.on('error', () => undefined);
			socket.end(`HTTP/1.1 ${status} Words\r\nContent-Length: 0\r\n\r\n`);
		});
		return { address: `127.0.0.1:${await listening(proxy)}`, asked };
	}

	test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
		'named by %s is asked for plain http',
		async (name) => {
			const { address, asked } = await proxying();
			const { send } = opened({ environment: { [name]: address } });
			expect((await send(get('http://hr.test/people?a=1'), undefined)).body).toBe('{"by":"proxy"}');
			expect(asked).toEqual(['GET http://hr.test/people?a=1']);
		},
	);

	test.each(['127.0.0.1', '*', 'x.test, 127.0.0.1'])('is left out for the hosts of NO_PROXY: %s', async (hosts) => {
		const { address, asked } = await proxying();
		const url = await serving(echo);
		const { send } = opened({ environment: { http_proxy: `http://${address}`, no_proxy: hosts } });
		expect(echoed(await send(get(url), undefined)).method).toBe('GET');
		expect(asked).toEqual([]);
	});

	test('for http alone is not used for https', async () => {
		const { address, asked } = await proxying();
		const url = (await serving(echo)).replace('http:', 'https:');
		await failure(opened({ environment: { HTTP_PROXY: address } }).send(get(url), undefined));
		expect(asked).toEqual([]);
	});

	test('of the process itself is not used: only what the node hands over counts', async () => {
		const { address, asked } = await proxying();
		const url = await serving(echo);
		process.env['http_proxy'] = `http://${address}`;
		try {
			await opened().send(get(url), undefined);
			await opened({ environment: { HTTPS_PROXY: address } }).send(get(url), undefined);
		} finally {
			delete process.env['http_proxy'];
		}
		expect(asked).toEqual([]);
	});

	test.each<[status: number, url: string, words: string]>([
		[407, 'http://hr.test/', 'the proxy asks for a login'],
		[407, 'https://hr.test/', 'the proxy asks for a login'],
		[403, 'https://hr.test/', 'the proxy does not connect to the server (HTTP 403)'],
		[502, 'https://hr.test/', 'the proxy does not connect to the server (HTTP 502)'],
	])('that answers %i to %s is named', async (status, url, words) => {
		const { address } = await proxying(status);
		const environment = { HTTP_PROXY: address, HTTPS_PROXY: address };
		const fault = await failure(opened({ environment }).send(get(url), undefined));
		expect(fault).toMatchObject({ reason: words, unsent: true, passing: status >= 500 });
	});

	test.each(['http://', 'ftp://pa55@host', 'http://pa55:x'])('whose variable is no address is refused: %s', (value) => {
		const open = () => openTransport({ timeoutMs: 1, maxReplyBytes: 1, environment: { HTTPS_PROXY: value } });
		expect(open).toThrow('HTTPS_PROXY');
		expect(open).not.toThrow('pa55');
	});

	test('with a name and a password in its address shows it to the proxy only', async () => {
		const { address, asked } = await proxying(404);
		const environment = { HTTP_PROXY: `http://user:pa55@${address}` };
		const reply = await opened({ environment }).send(get('http://hr.test/'), undefined);
		expect(reply.status).toBe(404);
		expect(asked).toHaveLength(1);
		expect(JSON.stringify(reply)).not.toContain('pa55');
	});
});
