/**
 * A loopback address of one's own. Samba's LDAP ports are compiled in, so two domain controllers on one machine need two
 * addresses; demo, tests and CI may run at the same time.
 */
import net from 'node:net';

export type ClaimedAddress = { readonly host: string; readonly release: () => Promise<void> };

/** Held open for as long as the address is claimed: the kernel gives it back even when the holder is killed. */
const CLAIM_PORT = 10388;
const LDAP_PORTS = [389, 636, 3268, 3269] as const;

/**
 * Claims a free address of 127.0.0.0/8 on which none of the given ports is taken.
 * @param ports ports that must be free there, besides the claim's own
 * @throws when none of about 200 addresses is free
 */
export async function claimAddress(ports: readonly number[]): Promise<ClaimedAddress> {
	const first = 20 + (process.pid % 180);
	for (let offset = 0; offset < 200; offset += 1) {
		const host = `127.0.0.${20 + ((first - 20 + offset) % 200)}`;
		const claim = await listen(host, CLAIM_PORT);
		if (claim === undefined) continue;
		if (await allFree(host, ports)) return { host, release: () => close(claim) };
		await close(claim);
	}
	throw new Error(
		'No free address was found in 127.0.0.20 to 127.0.0.219. Stop a demo or test run that is no longer needed.',
	);
}

/** The ports of a domain controller, moved by 10,000 for a user who may not bind low ports. */
export function domainControllerPorts(shift: 0 | 10_000): readonly number[] {
	return LDAP_PORTS.map((port) => port + shift);
}

/**
 * Free TCP ports on `host`, all different. They are released again before they are returned, so use them soon.
 * @param count how many
 */
export async function freePorts(host: string, count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, () => listen(host, 0)));
	const ports = servers.map((server) => {
		const address = server?.address();
		if (address === null || typeof address !== 'object') throw new Error(`No free port on ${host}.`);
		return address.port;
	});
	await Promise.all(servers.map((server) => (server ? close(server) : Promise.resolve())));
	return ports;
}

async function allFree(host: string, ports: readonly number[]): Promise<boolean> {
	for (const port of ports) {
		const server = await listen(host, port);
		if (server === undefined) return false;
		await close(server);
	}
	return true;
}

function listen(host: string, port: number): Promise<net.Server | undefined> {
	return new Promise((resolve, reject) => {
		const server = net.createServer((socket) => socket.destroy());
		server.once('error', (error: NodeJS.ErrnoException) => {
			// EACCES: a low port without root. The caller asks for the moved ports then.
			if (error.code === 'EADDRINUSE' || error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES') resolve(undefined);
			else reject(error);
		});
		server.listen({ host, port, exclusive: true }, () => {
			server.unref();
			resolve(server);
		});
	});
}

function close(server: net.Server): Promise<void> {
	return new Promise((resolve) => server.close(() => resolve()));
}
