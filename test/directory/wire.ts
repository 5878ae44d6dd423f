/**
 * The wire between the engine and a real domain controller, in the hands of a test: a TLS server that reads the LDAP messages going through
 * (RFC 4511 section 4.1.1), writes down what was asked on which connection, and cuts or holds where the test says.
 */
import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { makeCertificate } from '../../demo/samba/certificate.ts';
import type { Domain } from '../support/samba';

const OPERATIONS: Readonly<Record<number, string>> = {
	0x60: 'bind',
	0x42: 'unbind',
	0x63: 'search',
	0x66: 'modify',
	0x68: 'add',
	0x6c: 'rename',
	0x4a: 'delete',
	0x50: 'abandon',
	0x77: 'extended',
};
const BIND_RESPONSE = 0x61;
/** Entries and references come before the answer that ends a search. */
const NOT_THE_LAST = new Set([0x64, 0x73]);

/** @property object distinguished name of what is written, as it was sent; '' for everything else */
export type Request = { readonly connection: number; readonly operation: string; readonly object: string };

/**
 * What becomes of a request.
 * - cut before: the connection ends, the controller never sees the request
 * - cut after: the controller has done it, the answer never arrives
 * - stall: nothing happens any more on this connection
 * - late: the connection ends, and the request reaches the controller only just before the next one of its kind
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'stall' | 'late';

export type Wire = {
	readonly host: string;
	readonly port: number;
	/** Everything that was asked, in its order; the end of a connection (unbind) left out. */
	readonly requests: readonly Request[];
	/** Requests on a connection on which nobody had logged on; must stay empty. */
	readonly unbound: readonly Request[];
	/** Decides the fate of each request from now on. */
	readonly decide: (fate: (request: Request, number: number) => Fate) => void;
	/** Ends every connection now. */
	readonly cutAll: () => void;
	readonly openConnections: () => number;
	/** Resolves when no connection is open. */
	readonly quiet: () => Promise<void>;
	readonly close: () => Promise<void>;
};

type Message = {
	readonly id: number;
	readonly tag: number;
	readonly bytes: Buffer;
	readonly resultCode: number;
	readonly object: string;
};

/** Cuts a stream of bytes into LDAP messages. */
function messageReader(onMessage: (message: Message) => void): (data: Buffer) => void {
	let rest = Buffer.alloc(0);
	return (data) => {
		rest = Buffer.concat([rest, data]);
		for (;;) {
			const outer = header(rest, 0);
			if (!outer || rest.length < outer.end) return;
			const id = header(rest, outer.start);
			const operation = id && header(rest, id.end);
			if (!id || !operation) throw new Error('This is no LDAP message.');
			const result = header(rest, operation.start);
			onMessage({
				id: rest.readUIntBE(id.start, id.end - id.start),
				tag: operation.tag,
				bytes: rest.subarray(0, outer.end),
				resultCode: result?.tag === 0x0a ? (rest[result.start] ?? 0) : 0,
				object: objectOf(rest, operation, result),
			});
			rest = rest.subarray(outer.end);
		}
	};
}

const DELETE = 0x4a;
/** Their first part is the name (RFC 4511 sections 4.6, 4.7, 4.9); that of a deletion is all there is (4.8). */
const NAMING = new Set([0x66, 0x68, 0x6c]);

type Element = { readonly tag: number; readonly start: number; readonly end: number };

function objectOf(bytes: Buffer, operation: Element, first: Element | undefined): string {
	const name = operation.tag === DELETE ? operation : NAMING.has(operation.tag) ? first : undefined;
	return name ? bytes.toString('utf8', name.start, name.end) : '';
}

/** Tag, first byte and end of a BER element, undefined while its header is not complete (X.690 section 8.1). */
function header(bytes: Buffer, at: number): Element | undefined {
	const [tag, first] = [bytes[at], bytes[at + 1]];
	if (tag === undefined || first === undefined) return undefined;
	if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
	const size = first - 0x80;
	if (bytes.length < at + 2 + size) return undefined;
	const start = at + 2 + size;
	return { tag, start, end: start + bytes.readUIntBE(at + 2, size) };
}

/** Starts the wire on the domain's own loopback address, with a certificate of the test authority. */
export async function startWire(domain: Domain): Promise<Wire> {
	const file = (name: string) => readFileSync(path.join(domain.tlsFolder, name));
	if (!existsSync(path.join(domain.tlsFolder, 'wire-cert.pem'))) {
		const names = { commonName: domain.serverName, names: [domain.serverName], addresses: [domain.host] };
		await makeCertificate(domain.tlsFolder, names, 'wire');
	}
	const requests: Request[] = [];
	const unbound: Request[] = [];
	const open = new Set<net.Socket>();
	const late = new Map<string, () => Promise<void>>();
	let connections = 0;
	let fateOf: (request: Request, number: number) => Fate = () => 'pass';
	let onQuiet: (() => void)[] = [];
	const server = tls.createServer({ key: file('wire-key.pem'), cert: file('wire-cert.pem') }, (client) => {
		const connection = (connections += 1);
		const upstream = tls.connect({
			host: domain.host,
			port: domain.ldapsPort,
			ca: [domain.caPem],
			servername: domain.serverName,
		});
		let bound = false;
		let held = false;
		/** Message number of the request whose answer is not to arrive. */
		let swallow: number | undefined;
		const answered = new Map<number, () => void>();
		const end = () => [client, upstream].forEach((socket) => socket.destroy());
		open.add(client);
		for (const socket of [client, upstream]) {
			// Messages go out one by one: without this each waits for the other side's delayed acknowledgement.
			socket.setNoDelay(true);
			socket.on('error', end);
			socket.on('close', () => {
				if (!held) end();
				open.delete(client);
				if (open.size === 0) onQuiet.splice(0).forEach((resolve) => resolve());
			});
		}
		const pass = (request: Request, { id, bytes }: Message): void => {
			const fate = fateOf(request, requests.length);
			if (fate === 'cut before') return end();
			if (fate === 'stall') return void client.removeAllListeners('data');
			if (fate === 'late') {
				held = true;
				late.set(request.operation, () => {
					const done = new Promise<void>((resolve) => answered.set(id, resolve));
					upstream.write(bytes);
					return done.then(() => void upstream.destroy());
				});
				client.destroy();
				return;
			}
			if (fate === 'cut after') swallow = id;
			upstream.write(bytes);
		};
		client.on(
			'data',
			messageReader((message) => {
				const operation = OPERATIONS[message.tag] ?? `0x${message.tag.toString(16)}`;
				if (operation === 'unbind') return end();
				const request = { connection, operation, object: message.object };
				requests.push(request);
				if (!bound && operation !== 'bind') unbound.push(request);
				const before = late.get(operation);
				late.delete(operation);
				if (before) void before().then(() => pass(request, message));
				else pass(request, message);
			}),
		);
		upstream.on(
			'data',
			messageReader(({ id, tag, bytes, resultCode }) => {
				if (tag === BIND_RESPONSE && resultCode === 0) bound = true;
				if (NOT_THE_LAST.has(tag) && swallow === id) return;
				if (swallow === id) return end();
				if (!client.destroyed) client.write(bytes);
				if (!NOT_THE_LAST.has(tag)) answered.get(id)?.();
			}),
		);
	});
	const cutAll = () => open.forEach((socket) => socket.destroy());
	return {
		host: domain.host,
		port: await listen(server, domain.host),
		requests,
		unbound,
		decide: (fate) => {
			fateOf = fate;
		},
		cutAll,
		openConnections: () => open.size,
		quiet: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => (onQuiet = [...onQuiet, resolve]))),
		close: () =>
			new Promise((resolve) => {
				cutAll();
				server.close(() => resolve());
			}),
	};
}

async function listen(server: net.Server, host: string): Promise<number> {
	return await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, host, () => resolve((server.address() as net.AddressInfo).port));
	});
}

export type TcpProxy = {
	readonly port: number;
	readonly connections: () => number;
	/** Ends every connection now. */
	readonly cutAll: () => void;
	readonly close: () => Promise<void>;
};

/** Passes bytes on as they are: for StartTLS, and for connections that end at another time than a message. */
export async function startTcpProxy(host: string, to: number): Promise<TcpProxy> {
	const open = new Set<net.Socket>();
	let connections = 0;
	const server = net.createServer((client) => {
		connections += 1;
		const upstream = net.connect(to, host);
		const end = () => [client, upstream].forEach((socket) => socket.destroy());
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', end);
			socket.on('close', () => {
				open.delete(socket);
				end();
			});
		}
		client.pipe(upstream);
		upstream.pipe(client);
	});
	const cutAll = () => open.forEach((socket) => socket.destroy());
	return {
		port: await listen(server, host),
		connections: () => connections,
		cutAll,
		close: () =>
			new Promise((resolve) => {
				cutAll();
				server.close(() => resolve());
			}),
	};
}
