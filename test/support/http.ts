/** Loopback servers and an open transport, closed after each test. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkFault } from '../../lib/hcm/networkErrors';
import { openTransport, type Transport, type TransportSettings } from '../../lib/hcm/transport';
import type { HttpRequest } from '../../lib/hcm/types';

const closers: (() => Promise<unknown> | void)[] = [];

/** Called in `afterEach`: closes what was opened, the last first. */
export async function closeAll(): Promise<void> {
	for (const close of closers.splice(0).reverse()) await close();
}

export function closeLater(close: () => Promise<unknown> | void): void {
	closers.push(close);
}

export function opened(settings: Partial<TransportSettings> = {}): Transport {
	const transport = openTransport({ timeoutMs: 20_000, maxReplyBytes: 1_000_000, environment: {}, ...settings });
	closeLater(() => transport.close());
	return transport;
}

export async function listening(server: Server): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	closeLater(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return (server.address() as AddressInfo).port;
}

/** @returns the address of a server that answers so */
export async function serving(answer: RequestListener): Promise<string> {
	return `http://127.0.0.1:${await listening(createServer(answer))}`;
}

export const get = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
	method: 'GET',
	url,
	query: [],
	headers: {},
	withCredential: true,
	...changes,
});

/** What the sending failed with, in words. */
export async function failure(sending: Promise<unknown>): Promise<ReturnType<typeof networkFault>> {
	const error: unknown = await sending.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error === undefined) throw new Error('It went through.');
	return networkFault(error);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

/** Answers with what it was sent. */
export const echo = (request: IncomingMessage, response: ServerResponse): void => {
	void bodyOf(request).then((body) => {
		const { method, url, headers } = request;
		response.end(JSON.stringify({ method, url, headers, body, port: request.socket.remotePort }));
	});
};
export type Echo = { method: string; url: string; headers: Record<string, string>; body: string; port: number };
export const echoed = ({ body }: { body: string }) => JSON.parse(body) as Echo;
