/**
 * The directory for one run: opened late, closed always, bound anew by a new client when the connection broke. The controller that answered
 * first is kept for the whole run, because another one may not have the latest changes yet.
 */
import type { Entry } from './entry';
import { DirectoryError } from './errors';
import { readAll } from './reading';
import {
	conditionOf,
	refusePasswordInClear,
	showDeleted,
	toAttributes,
	toChange,
	type AttributeValues,
	type Modification,
	type SearchRequest,
} from './requests';
import type { Operation } from './resultCodes';
import type { Encryption, Session } from './session';
import { keepSession, type Sessions } from './sessions';
import type { DirectorySettings } from './settings';

export type { AttributeValues, Modification, SearchRequest };

export type Connection = {
	/** Every object found with all values of what was asked for, read in pages and ranges. @throws DirectoryError */
	readonly search: (base: string, request: SearchRequest) => Promise<Entry[]>;
	/** One object, undefined when it does not exist. @throws DirectoryError */
	readonly read: (dn: string, attributes: readonly string[]) => Promise<Entry | undefined>;
	/** @throws DirectoryError; kind `lost`: the object may exist; kind `not replicated`: not created, because another controller was lost */
	readonly add: (dn: string, attributes: AttributeValues) => Promise<void>;
	/** One Modify, all or nothing. @throws DirectoryError; kind `conflict` when a value to be removed is not there */
	readonly modify: (
		dn: string,
		changes: readonly Modification[],
		options?: { readonly deleted?: boolean },
	) => Promise<void>;
	/**
	 * One ModifyDN: another name, another place, or both. A distinguished name that is stale answers 32, so it is a condition; a GUID is none.
	 * @param rdn the name it is to have, as `formatDn` writes it
	 * @param parent the distinguished name of its new place; absent = it stays where it is
	 * @throws DirectoryError
	 */
	readonly rename: (dn: string, rdn: string, parent?: string) => Promise<void>;
	/** Deletes one object that has none below it. @throws DirectoryError */
	readonly remove: (dn: string) => Promise<void>;
	/** The controller in use; undefined before the first operation. */
	readonly controller: () => string | undefined;
	/**
	 * Call it between two objects: a controller that was lost is given up only here, so that no object is half done on one and half on another.
	 * @returns whether another controller may answer from here on
	 */
	readonly nextObject: () => boolean;
	/** How many connections were made so far: a new one may lead to another controller. */
	readonly connections: () => number;
	/** How the connection is encrypted; undefined while there is none, and without encryption. */
	readonly encryption: () => Encryption | undefined;
	/** Writes that were sent, whatever became of them. */
	readonly writes: () => number;
	/** Always call it. Bounded, never throws. */
	readonly close: () => Promise<void>;
};

const NO_SUCH_OBJECT = 32;

/** Nothing is sent before the first operation. */
export function connect(settings: DirectorySettings, signal?: AbortSignal): Connection {
	const sessions = keepSession(settings, signal);
	const { reading, writing, writes } = operations(sessions, signal);
	const plain = settings.security === 'plain';
	const search: Connection['search'] = (base, request) =>
		reading((used) => readAll(used.client, base, request, (answer) => sessions.timed(used, answer)));
	return {
		search,
		read: async (dn, attributes) => {
			try {
				return (await search(dn, { scope: 'base', attributes }))[0];
			} catch (error) {
				if (error instanceof DirectoryError && error.code === NO_SUCH_OBJECT) return undefined;
				throw error;
			}
		},
		add: async (dn, attributes) => {
			if (plain) refusePasswordInClear(Object.keys(attributes));
			await writing('add', (used) => used.client.add(dn, toAttributes(attributes)));
		},
		modify: async (dn, changes, { deleted = false } = {}) => {
			if (plain) refusePasswordInClear(changes.map(({ attribute }) => attribute));
			await writing(conditionOf(changes), (used) =>
				used.client.modify(dn, changes.map(toChange), showDeleted(deleted)),
			);
		},
		rename: (dn, rdn, parent) =>
			writing('rename', (used) => used.client.modifyDN(dn, parent === undefined ? rdn : `${rdn},${parent}`)),
		remove: (dn) => writing('delete', (used) => used.client.del(dn)),
		controller: sessions.controller,
		connections: sessions.connections,
		nextObject: sessions.nextObject,
		encryption: sessions.encryption,
		writes,
		close: sessions.close,
	};
}

type Operations = {
	readonly reading: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
	readonly writing: (operation: Operation, work: (session: Session) => Promise<void>) => Promise<void>;
	readonly writes: () => number;
};

function operations(sessions: Sessions, signal: AbortSignal | undefined): Operations {
	const { call, timed, explained } = sessions;
	let writes = 0;
	return {
		/** Reading again does no harm, so a connection that breaks is forgiven once; one that cannot be opened is not. */
		reading: async (work) => {
			try {
				return await call('search', work);
			} catch (error) {
				if (!(error instanceof DirectoryError) || error.kind !== 'lost' || error.stage || signal?.aborted) throw error;
				return await call('search', work);
			}
		},
		writing: (operation, work) =>
			call(operation, async (used) => {
				if (operation === 'add') await sessions.mayCreate(used);
				const send = async () => {
					writes += 1;
					await explained(operation, used, timed(used, work(used)));
				};
				await (operation === 'add' || operation === 'rename' ? sessions.naming(used, send) : send());
			}),
		writes: () => writes,
	};
}
