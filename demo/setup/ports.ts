/** Waiting for a TCP server to listen. */
import net from 'node:net';
import { waitFor } from './processes.ts';

/** @throws when nothing answers on `host:port` within `timeoutMs` */
export async function waitForPort(host: string, port: number, timeoutMs: number): Promise<void> {
	await waitFor(
		() =>
			new Promise<true | undefined>((resolve) => {
				const socket = net.connect({ host, port });
				socket.once('connect', () => {
					socket.destroy();
					resolve(true);
				});
				socket.once('error', () => resolve(undefined));
			}),
		`A server on ${host}:${port}`,
		timeoutMs,
		50,
	);
}
