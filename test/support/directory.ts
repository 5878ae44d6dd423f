/** Opening the engine on a real domain controller, with what a test controls. */
import { randomInt } from 'node:crypto';
import type { Marking } from '../../lib/directory/accounts/account';
import { openAccounts, type AccountRun } from '../../lib/directory/accounts/locate';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import type { DesiredAccount } from '../../lib/contracts';
import { parseSettings } from '../../lib/directory/settings';
import type { Domain } from './samba';

export const SIGNING_KEY = 'a signing key of the tests';

/** The credential's fields for a domain, as a person would enter them. */
export function credentialFields(domain: Domain, changes: Record<string, unknown> = {}): Record<string, unknown> {
	return {
		domainControllers: domain.host,
		port: domain.ldapsPort,
		security: 'ldaps',
		trustedAuthorities: domain.caPem,
		serverName: domain.serverName,
		ignoreTlsIssues: false,
		bindName: domain.bindDn,
		bindPassword: domain.password,
		baseDn: '',
		signingSecret: SIGNING_KEY,
		connectTimeout: 10,
		operationTimeout: 30,
		...changes,
	};
}

/** A directory of its own; `work` gets it open, and it is closed afterwards. */
export async function withDirectory<T>(
	domain: Domain,
	work: (directory: Directory) => Promise<T>,
	{
		fields = {},
		random,
		signal,
	}: { fields?: Record<string, unknown>; random?: (below: number) => number; signal?: AbortSignal } = {},
): Promise<T> {
	const directory = openDirectory(parseSettings(credentialFields(domain, fields)), {
		randomInt: random ?? ((below) => randomInt(below)),
		clock: () => Date.now(),
		...(signal ? { signal } : {}),
	});
	try {
		return await work(directory);
	} finally {
		await directory.close();
	}
}

/** How the tests tell people apart, and where their marks stand. */
export const MARKING: Marking = { matchAttribute: 'employeeID', markAttribute: 'carLicense' };

/** As `withDirectory`, with what operations on accounts share. */
export async function withAccounts<T>(
	domain: Domain,
	work: (run: AccountRun) => Promise<T>,
	options: Parameters<typeof withDirectory>[2] & { marking?: Partial<Marking> } = {},
): Promise<T> {
	const { signingSecret: signingKey = SIGNING_KEY } = (options.fields ?? {}) as { signingSecret?: string };
	return await withDirectory(
		domain,
		(directory) => work(openAccounts(directory, { ...MARKING, ...options.marking }, signingKey)),
		options,
	);
}

/** A mapped account with everything a new one needs; `changes` override it. */
export function desiredAccount(ou: string, key: string, changes: Partial<DesiredAccount> = {}): DesiredAccount {
	const name = `user${key.toLowerCase()}`;
	return {
		formatVersion: 1,
		key,
		previousKeys: [],
		displayName: `User ${key}`,
		lifecycle: 'active',
		attributes: { employeeID: key, displayName: `User ${key}`, givenName: 'User', sn: key },
		createOnly: [],
		fillOnly: [],
		names: {
			sAMAccountName: { candidates: [name], counter: { base: name, start: 2, width: 1, limit: 9, maxLength: 20 } },
			userPrincipalName: {
				candidates: [`${name}@corp.example.com`],
				counter: { base: `${name}@corp.example.com`, start: 2, width: 1, limit: 9, maxLength: 64 },
			},
			cn: {
				candidates: [`User ${key}`],
				counter: { base: `User ${key}`, start: 2, width: 1, limit: 9, maxLength: 64 },
			},
		},
		review: [],
		ou,
		groups: [],
		managedGroups: [],
		startsAt: null,
		endsAt: null,
		...changes,
	};
}
