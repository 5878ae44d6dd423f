/** The directory as the operations see it: a connection, the domain's facts, and what a test must control. */
import { connect, type Connection } from './connection';
import { DirectoryError } from './errors';
import type { RandomInt } from './password';
import { readDomain, type DomainFacts } from './rootDse';
import type { DirectorySettings } from './settings';
import { toInstant } from '../schema/instants';

export type Directory = Connection & {
	/** Read once for each controller. @throws DirectoryError */
	readonly domain: () => Promise<DomainFacts>;
	/** Where accounts are looked for when the whole domain is not meant. */
	readonly searchBase: () => Promise<string>;
	/** The instant by the controller's clock, ISO 8601 in UTC, to the second. */
	readonly now: () => Promise<string>;
	readonly randomInt: RandomInt;
	/** The name that was logged on with; '' with a certificate, where `domain().ownSids` says who it is. */
	readonly boundAs: string;
	/** @throws DirectoryError (configuration) when the credential has none */
	readonly signingKey: () => string;
};

export type DirectoryDependencies = {
	readonly randomInt: RandomInt;
	/** This machine's clock, milliseconds since 1970. */
	readonly clock: () => number;
	/** Aborts what runs and all that comes after. */
	readonly signal?: AbortSignal;
};

/** Nothing is sent before the first operation. Close it in `finally`. */
export function openDirectory(
	settings: DirectorySettings,
	{ randomInt, clock, signal }: DirectoryDependencies,
): Directory {
	const connection = connect(settings, signal);
	let facts: Promise<DomainFacts> | undefined;
	const domain = () => {
		facts ??= readDomain(connection, clock).catch((error: unknown) => {
			facts = undefined;
			throw error;
		});
		return facts;
	};
	return {
		...connection,
		domain,
		nextObject: () => {
			const moves = connection.nextObject();
			// Another controller has a clock of its own.
			if (moves) facts = undefined;
			return moves;
		},
		searchBase: async () => settings.baseDn || (await domain()).dn,
		now: async () => toInstant(clock() + (await domain()).clockOffsetMs),
		randomInt,
		boundAs: settings.logon.by === 'password' ? settings.logon.name : '',
		signingKey: () => {
			if (settings.signingKey.length >= SHORTEST_KEY) return settings.signingKey;
			throw new DirectoryError({
				kind: 'configuration',
				message:
					settings.signingKey === ''
						? 'The AD LDAP credential has no signing key.'
						: 'The signing key in the AD LDAP credential is too short.',
				whatToDo: `Enter a signing key of at least ${SHORTEST_KEY} random characters in the credential and keep it: it signs the marks that say which accounts this tool may enable.`,
			});
		},
	};
}

/** 16 characters of a password manager's alphabet are about 100 bits. */
const SHORTEST_KEY = 16;
