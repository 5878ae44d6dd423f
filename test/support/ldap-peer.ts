/**
 * A scripted LDAP peer: it speaks the protocol (RFC 4511) and says what the test's script tells it to say. It is NOT an Active Directory and has
 * no directory behind it. It stands in for what Samba cannot produce: a logon by certificate, AD's own result codes, ranges, size limits,
 * referrals, notices of disconnection, and two controllers with replication between them.
 */
import net from 'node:net';
import tls from 'node:tls';
import { BerReader, BerWriter, FilterParser } from 'ldapts';
import type { Certificates } from './certificates';

type Values = readonly (string | Buffer)[];

export type PeerRequest = {
	readonly connection: number;
	readonly operation: 'bind' | 'search' | 'add' | 'modify' | 'rename' | 'delete' | 'extended';
	/** The object; the name of a bind; the identifier of an extended operation. */
	readonly dn: string;
	/** Of a bind by SASL. */
	readonly mechanism?: string;
	readonly attributes: readonly string[];
	readonly filter?: string;
	/** Name in the client's certificate, when the test authority signed it. */
	readonly client: string | undefined;
	readonly encrypted: boolean;
	/** The page that is asked for: how many, and the cookie of the page before. */
	readonly page?: { readonly size: number; readonly cookie: string };
};

export type PeerAnswer = {
	/** LDAP result code, 0 when absent. */
	readonly code?: number;
	readonly message?: string;
	readonly referral?: readonly string[];
	readonly entries?: readonly { readonly dn: string; readonly attributes: Readonly<Record<string, Values>> }[];
	/** References to other servers that stand between the objects. */
	readonly references?: readonly string[];
	/** Cookie of the page after this one. */
	readonly cookie?: string;
	/** Value of the answer to an extended operation. */
	readonly value?: string;
};

/** Undefined: nothing is answered. */
export type Script = (request: PeerRequest) => PeerAnswer | undefined;

export type Peer = {
	readonly host: string;
	readonly port: number;
	readonly requests: readonly PeerRequest[];
	readonly script: (script: Script) => void;
	readonly openConnections: () => number;
	/** A notice of disconnection (RFC 4511 section 4.4.1), then the end of every connection. Resolves when the other side has ended them too. */
	readonly disconnect: () => Promise<void>;
	readonly close: () => Promise<void>;
};

const OPERATIONS: Readonly<Record<number, readonly [PeerRequest['operation'], answer: number]>> = {
	0x60: ['bind', 0x61],
	0x63: ['search', 0x65],
	0x66: ['modify', 0x67],
	0x68: ['add', 0x69],
	0x4a: ['delete', 0x6b],
	0x6c: ['rename', 0x6d],
	0x77: ['extended', 0x78],
};
const UNBIND = 0x42;
const START_TLS = '1.3.6.1.4.1.1466.20037';
const PAGED = '1.2.840.113556.1.4.319';

export type PeerOptions = {
	readonly certificates: Certificates;
	readonly script: Script;
	/** LDAPS, or plain with StartTLS on request. */
	readonly security?: 'ldaps' | 'plain';
	readonly host?: string;
	/** 0 = any. */
	readonly port?: number;
};

export async function startPeer(options: PeerOptions): Promise<Peer> {
	const { certificates, security = 'ldaps', host = '127.0.0.1', port = 0 } = options;
	const identity: tls.TlsOptions = {
		...certificates.server,
		ca: certificates.authority,
		requestCert: true,
		rejectUnauthorized: false,
	};
	const open = new Set<net.Socket>();
	const requests: PeerRequest[] = [];
	let script = options.script;
	let connections = 0;
	const serve = (socket: net.Socket, connection: number) => {
		open.add(socket);
		socket.on('error', () => socket.destroy());
		socket.on('close', () => open.delete(socket));
		const onData = messages((id, tag, reader) => {
			if (tag === UNBIND) return void socket.end();
			const { request, answerTag } = parseRequest(tag, reader, socket, connection);
			requests.push(request);
			if (request.dn === START_TLS) {
				socket.off('data', onData);
				socket.write(response(id, answerTag, {}));
				open.delete(socket);
				// A server of its own, because only a server verifies the client's certificate.
				tls.createServer(identity, (secure) => serve(secure, connection)).emit('connection', socket);
				return;
			}
			const answer = script(request);
			if (!answer) return;
			for (const entry of answer.entries ?? []) socket.write(entryMessage(id, entry));
			for (const reference of answer.references ?? []) socket.write(referenceMessage(id, reference));
			socket.write(response(id, answerTag, answer));
		});
		socket.on('data', onData);
	};
	const accept = (socket: net.Socket) => serve(socket, (connections += 1));
	const server = security === 'ldaps' ? tls.createServer(identity, accept) : net.createServer(accept);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return {
		host,
		port: (server.address() as net.AddressInfo).port,
		requests,
		script: (next) => {
			script = next;
		},
		openConnections: () => open.size,
		disconnect: async () => {
			const ends = [...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
			for (const socket of open) socket.end(response(0, 0x78, { code: 52, message: 'idle for too long' }, true));
			await Promise.all(ends);
		},
		close: () =>
			new Promise((resolve) => {
				for (const socket of open) socket.destroy();
				server.close(() => resolve());
			}),
	};
}

/** Cuts a stream into LDAP messages; the reader of each stands at the beginning of its operation. */
function messages(onMessage: (id: number, tag: number, reader: BerReader) => void): (data: Buffer) => void {
	let rest = Buffer.alloc(0);
	return (data) => {
		rest = Buffer.concat([rest, data]);
		for (;;) {
			const reader = new BerReader(rest);
			if (reader.readSequence() === null || reader.remain < reader.length) return;
			const end = reader.offset + reader.length;
			const message = new BerReader(rest.subarray(0, end));
			rest = rest.subarray(end);
			message.readSequence();
			const id = message.readInt() ?? 0;
			onMessage(id, message.peek() ?? 0, message);
		}
	};
}

function parseRequest(
	tag: number,
	reader: BerReader,
	socket: net.Socket,
	connection: number,
): { request: PeerRequest; answerTag: number } {
	const [operation, answerTag] = OPERATIONS[tag] ?? [];
	if (!operation || !answerTag) throw new Error(`The script knows no request 0x${tag.toString(16)}.`);
	const secure = socket instanceof tls.TLSSocket ? socket : undefined;
	const subject = secure?.authorized ? secure.getPeerCertificate().subject.CN : undefined;
	const common = {
		connection,
		operation,
		client: typeof subject === 'string' ? subject : undefined,
		encrypted: secure !== undefined,
	};
	if (operation === 'delete')
		return { request: { ...common, dn: reader.readString(tag) ?? '', attributes: [] }, answerTag };
	reader.readSequence(tag);
	if (operation === 'bind') {
		reader.readInt();
		const dn = reader.readString() ?? '';
		if (reader.peek() !== 0xa3) return { request: { ...common, dn, attributes: [] }, answerTag };
		reader.readSequence(0xa3);
		return { request: { ...common, dn, attributes: [], mechanism: reader.readString() ?? '' }, answerTag };
	}
	const dn = reader.readString(operation === 'extended' ? 0x80 : 0x04) ?? '';
	if (operation === 'search') return { request: { ...common, dn, ...parseSearch(reader) }, answerTag };
	return { request: { ...common, dn, attributes: [] }, answerTag };
}

function parseSearch(reader: BerReader): Pick<PeerRequest, 'attributes' | 'filter' | 'page'> {
	reader.readEnumeration();
	reader.readEnumeration();
	reader.readInt();
	reader.readInt();
	reader.readBoolean();
	const filter = FilterParser.parse(reader).toString();
	const attributes: string[] = [];
	reader.readSequence();
	const end = reader.offset + reader.length;
	while (reader.offset < end) attributes.push(reader.readString() ?? '');
	return { attributes, filter, ...parsePage(reader) };
}

function parsePage(reader: BerReader): Pick<PeerRequest, 'page'> {
	if (reader.remain <= 0 || reader.peek() !== 0xa0) return {};
	reader.readSequence(0xa0);
	while (reader.remain > 0) {
		reader.readSequence();
		const type = reader.readString();
		if (reader.peek() === 0x01) reader.readBoolean();
		const value = reader.peek() === 0x04 ? reader.readString(0x04, true) : null;
		if (type !== PAGED || !value) continue;
		const page = new BerReader(value);
		page.readSequence();
		return { page: { size: page.readInt() ?? 0, cookie: page.readString() ?? '' } };
	}
	return {};
}

function message(
	id: number,
	tag: number,
	write: (writer: BerWriter) => void,
	after?: (writer: BerWriter) => void,
): Buffer {
	const writer = new BerWriter();
	writer.startSequence();
	writer.writeInt(id);
	writer.startSequence(tag);
	write(writer);
	writer.endSequence();
	after?.(writer);
	writer.endSequence();
	return writer.buffer;
}

function response(id: number, tag: number, answer: PeerAnswer, isNotice = false): Buffer {
	const { code = 0, message: text = '', referral, cookie, value } = answer;
	return message(
		id,
		tag,
		(writer) => {
			writer.writeEnumeration(code);
			writer.writeString('');
			writer.writeString(text);
			if (referral) {
				writer.startSequence(0xa3);
				for (const address of referral) writer.writeString(address);
				writer.endSequence();
			}
			if (isNotice) writer.writeString('1.3.6.1.4.1.1466.20036', 0x8a);
			if (value !== undefined) writer.writeString(value, 0x8b);
		},
		cookie === undefined ? undefined : (writer) => writePage(writer, cookie),
	);
}

function writePage(writer: BerWriter, cookie: string): void {
	const page = new BerWriter();
	page.startSequence();
	page.writeInt(0);
	page.writeString(cookie);
	page.endSequence();
	writer.startSequence(0xa0);
	writer.startSequence();
	writer.writeString(PAGED);
	writer.writeBuffer(page.buffer, 0x04);
	writer.endSequence();
	writer.endSequence();
}

function entryMessage(id: number, entry: NonNullable<PeerAnswer['entries']>[number]): Buffer {
	return message(id, 0x64, (writer) => {
		writer.writeString(entry.dn);
		writer.startSequence();
		for (const [type, values] of Object.entries(entry.attributes)) {
			writer.startSequence();
			writer.writeString(type);
			writer.startSequence(0x31);
			for (const value of values) writer.writeBuffer(Buffer.from(value), 0x04);
			writer.endSequence();
			writer.endSequence();
		}
		writer.endSequence();
	});
}

function referenceMessage(id: number, reference: string): Buffer {
	return message(id, 0x73, (writer) => writer.writeString(reference));
}
