/** Opening the engine on scripted LDAP peers (which are not Active Directory). */
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { parseSettings } from '../../lib/directory/settings';
import type { Certificates } from './certificates';
import { SIGNING_KEY } from './directory';
import type { Peer } from './ldap-peer';

/** The credential's fields for peers of one port, as a person would enter them. */
export function peerFields(
	peers: readonly Pick<Peer, 'host' | 'port'>[],
	certificates: Certificates,
	changes: Record<string, unknown> = {},
): Record<string, unknown> {
	return {
		domainControllers: peers.map(({ host }) => host).join(' '),
		port: peers[0]?.port,
		security: 'ldaps',
		trustedAuthorities: certificates.authority,
		serverName: 'hr.test',
		bindName: 'CN=svc,DC=scripted,DC=example',
		bindPassword: 'password of the script',
		signingSecret: SIGNING_KEY,
		connectTimeout: 5,
		operationTimeout: 5,
		...changes,
	};
}

/** A directory of its own; `work` gets it open, and it is closed afterwards. */
export async function withPeer<T>(
	fields: Record<string, unknown>,
	work: (directory: Directory) => Promise<T>,
	clock: () => number = () => Date.UTC(2026, 0, 1),
): Promise<T> {
	const directory = openDirectory(parseSettings(fields), { randomInt: () => 0, clock });
	try {
		return await work(directory);
	} finally {
		await directory.close();
	}
}

/** The error that work ends in. @throws when it does not end in one */
export async function errorOf(work: Promise<unknown>): Promise<DirectoryError> {
	const error = await work.then(
		() => undefined,
		(fault: unknown) => fault,
	);
	if (error instanceof DirectoryError) return error;
	throw new Error('It did not fail as a directory does.', { cause: error });
}
