/** A list of people behind a slow line: offset and limit, with a total; plain or TLS. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

export type BenchServer = { readonly url: string; readonly close: () => Promise<void> };

/** About 540 bytes of JSON, as HR systems give them. */
const person = (index: number) => ({
	_id: `5f1b1bb2c9e7${index.toString(16).padStart(12, '0')}`,
	employeeIdentifier: `E${String(index).padStart(7, '0')}`,
	username: `user.${index}`,
	email: `user.${index}@example.com`,
	firstname: `First ${index}`,
	lastname: `Last ${index}`,
	displayname: `First ${index} Last ${index}`,
	department: `Department ${index % 40}`,
	costCenter: String(4000 + (index % 90)),
	jobTitle: 'Senior engineer of something',
	location: 'Berlin',
	company: 'Example Corporation',
	employeeType: 'internal',
	manager: `5f1b1bb2c9e7${(index % 500).toString(16).padStart(12, '0')}`,
	state: 'ACTIVATED',
	activated: true,
	suspended: false,
	created: '2024-02-29T08:30:00.000Z',
	phoneNumbers: [{ type: 'work', number: '+49 30 1234567' }],
	addresses: [{ type: 'work', streetAddress: 'Street 1', locality: 'Berlin', postalCode: '10115', country: 'DE' }],
});

/**
 * @param count people in the list
 * @param delayMs from the request to the reply
 * @param tls key and certificate in PEM; absent = plain HTTP
 */
export async function startBenchServer(
	count: number,
	delayMs: number,
	tls?: { readonly key: string; readonly cert: string },
): Promise<BenchServer> {
	// Made once: what is measured is the reading, not the server.
	const people = Array.from({ length: count }, (_, index) => JSON.stringify(person(index)));
	const answer: RequestListener = (request, response) => {
		const query = new URL(request.url ?? '/', 'http://bench').searchParams;
		const skip = Number(query.get('skip') ?? 0);
		const rows = people.slice(skip, skip + Number(query.get('limit') ?? 10));
		const body = `{"totalCount":${count},"results":[${rows.join(',')}]}`;
		setTimeout(() => {
			response
				.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
				.end(body);
		}, delayMs);
	};
	const server = tls ? createHttpsServer({ ...tls }, answer) : createHttpServer(answer);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/**
 * A line to a server on which everything takes time, handshakes too, as it does on a network.
 * @param roundTripMs there and back
 */
export async function startSlowLine(to: string, roundTripMs: number): Promise<BenchServer> {
	const target = new URL(to);
	const delayed = () =>
		new Transform({
			// Each piece waits by itself, so that a long reply is not slower than its first piece.
			transform(chunk: Buffer, _encoding, done) {
				setTimeout(() => this.push(chunk), roundTripMs / 2);
				done();
			},
			flush(done) {
				setTimeout(done, roundTripMs / 2 + 1);
			},
		});
	const sockets = new Set<net.Socket>();
	const line = net.createServer({ allowHalfOpen: true }, (near) => {
		const far = net.connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true });
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.setNoDelay(true).on('error', () => undefined);
			// What is still on its way arrives before the other side goes too.
			socket.once('close', () => {
				sockets.delete(socket);
				setTimeout(() => [near, far].forEach((side) => side.destroy()), 2 * roundTripMs);
			});
		}
		near.pipe(delayed()).pipe(far);
		far.pipe(delayed()).pipe(near);
	});
	await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
	const { port } = line.address() as AddressInfo;
	return {
		url: `${target.protocol}//127.0.0.1:${port}`,
		close: () =>
			new Promise((resolve) => {
				line.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}
