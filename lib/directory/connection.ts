/**
 * The directory for one run: opened late, closed always, bound anew by a new client when the connection broke. The controller that answered
 * first is kept for the whole run, because another one may not have the latest changes yet.
 */
import { Attribute, Change, ResultCodeError } from 'ldapts';
import { toEntry, type Entry } from './entry';
import { DirectoryError } from './errors';
import { present, type Filter } from './filter';
import { explainResult, type Operation } from './resultCodes';
import { cancelled, lost, openSession, within, type Encryption, type Session } from './session';
import type { DirectorySettings } from './settings';

export type AttributeValues = Readonly<Record<string, readonly (string | Buffer)[]>>;

export type Modification = {
	readonly type: 'add' | 'delete' | 'replace';
	readonly attribute: string;
	/** Empty with delete or replace: all values go. */
	readonly values: readonly (string | Buffer)[];
};

export type SearchRequest = {
	readonly scope: 'base' | 'one' | 'sub';
	readonly filter?: Filter;
	readonly attributes: readonly string[];
};

export type Connection = {
	/** Every object found, read in pages. @throws DirectoryError */
	readonly search: (base: string, request: SearchRequest) => Promise<Entry[]>;
	/** One object, undefined when it does not exist. @throws DirectoryError */
	readonly read: (dn: string, attributes: readonly string[]) => Promise<Entry | undefined>;
	/** @throws DirectoryError; kind `lost`: the object may exist */
	readonly add: (dn: string, attributes: AttributeValues) => Promise<void>;
	/** One Modify, all or nothing. @throws DirectoryError; kind `conflict` when a value to be removed is not there */
	readonly modify: (dn: string, changes: readonly Modification[]) => Promise<void>;
	/** The controller in use; undefined before the first operation. */
	readonly controller: () => string | undefined;
	/** How the connection is encrypted; undefined while there is none. */
	readonly encryption: () => Encryption | undefined;
	/** Writes that were sent, whatever became of them. */
	readonly writes: () => number;
	/** Always call it. Bounded, never throws. */
	readonly close: () => Promise<void>;
};

/** MaxPageSize of Active Directory (KB315071). */
const PAGE_SIZE = 1000;
/** ldapts takes a value for binary only when it is no valid UTF-8, unless it is listed, spelled as the schema spells it. */
const BINARY_ATTRIBUTES = [
	'objectGUID',
	'objectSid',
	'tokenGroups',
	'thumbnailPhoto',
	'jpegPhoto',
	'msDS-ConsistencyGuid',
	'mS-DS-ConsistencyGuid',
];
const CLOSE_MS = 2000;

/** Nothing is sent before the first operation. */
export function connect(settings: DirectorySettings, signal?: AbortSignal): Connection {
	let session: Promise<Session> | undefined;
	let open: Session | undefined;
	let pinned: string | undefined;
	let closed = false;
	let writes = 0;

	const drop = (dropped: Session) => {
		dropped.destroy();
		if (open === dropped) {
			open = undefined;
			session = undefined;
		}
	};

	/** One connect and bind for all who ask at the same time: two at once on one ldapts client never end (ldapts issue 256). */
	const bound = async (): Promise<Session> => {
		if (closed) throw lost('The connection is closed already.');
		if (signal?.aborted) throw cancelled();
		if (open && !open.usable()) drop(open);
		session ??= openFirst(settings, pinned === undefined ? settings.controllers : [pinned], signal).then((opened) => {
			if (closed) {
				opened.destroy();
				throw lost('The connection is closed already.');
			}
			open = opened;
			pinned = opened.host;
			return opened;
		});
		const opening = session;
		try {
			return await opening;
		} catch (error) {
			// Another caller may have begun the next one already.
			if (session === opening) session = undefined;
			throw error;
		}
	};

	const call = async <T>(operation: Operation, work: (session: Session) => Promise<T>): Promise<T> => {
		const used = await bound();
		// Between this check and the request nothing else runs, and the client cannot reconnect: what is sent is sent as the bound account.
		if (!used.usable()) throw lost('The connection broke before the request was sent.');
		try {
			return await work(used);
		} catch (error) {
			throw explain(error, operation, () => drop(used));
		}
	};

	/** Reading again does no harm, so a connection that breaks is forgiven once; one that cannot be opened is not. */
	const reading = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
		try {
			return await call('search', work);
		} catch (error) {
			if (!(error instanceof DirectoryError) || error.kind !== 'lost' || error.stage || signal?.aborted) throw error;
			return await call('search', work);
		}
	};

	const timed = <T>(used: Session, promise: Promise<T>): Promise<T> =>
		within(promise, settings.operationTimeoutMs + 1000, signal, () => drop(used));

	const writing = async (operation: Operation, work: (session: Session) => Promise<void>): Promise<void> => {
		await call(operation, async (used) => {
			writes += 1;
			await timed(used, work(used));
		});
	};

	const search: Connection['search'] = (base, { scope, filter = present('objectClass'), attributes }) =>
		reading(async (used) => {
			const options = { scope, filter, attributes: [...attributes], explicitBufferAttributes: BINARY_ATTRIBUTES };
			if (scope === 'base') return (await timed(used, used.client.search(base, options))).searchEntries.map(toEntry);
			const entries: Entry[] = [];
			const pages = used.client.searchPaginated(base, { ...options, paged: { pageSize: PAGE_SIZE } });
			for (;;) {
				const page = await timed(used, pages.next());
				if (page.done) return entries;
				for (const entry of page.value.searchEntries) entries.push(toEntry(entry));
			}
		});

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
		add: (dn, attributes) =>
			writing('add', (used) =>
				used.client.add(
					dn,
					Object.entries(attributes).map(([type, values]) => new Attribute({ type, values: sameKind(values) })),
				),
			),
		modify: (dn, changes) => writing(conditionOf(changes), (used) => used.client.modify(dn, changes.map(toChange))),
		controller: () => pinned,
		encryption: () => open?.encryption,
		writes: () => writes,
		close: async () => {
			closed = true;
			const last = open;
			open = undefined;
			if (!last) return;
			await within(last.client.unbind(), CLOSE_MS, undefined, () => undefined).catch(() => undefined);
			last.destroy();
		},
	};
}

const NO_SUCH_OBJECT = 32;

/** The first controller that answers. A refused logon is not tried elsewhere: each try counts towards the account's lockout. */
async function openFirst(
	settings: DirectorySettings,
	hosts: readonly string[],
	signal: AbortSignal | undefined,
): Promise<Session> {
	const faults: DirectoryError[] = [];
	for (const host of hosts) {
		try {
			return await openSession(settings, host, signal);
		} catch (error) {
			if (!(error instanceof DirectoryError) || (error.kind !== 'lost' && error.kind !== 'busy')) throw error;
			faults.push(error);
		}
	}
	const [first] = faults;
	if (faults.length === 1 && first) throw first;
	throw new DirectoryError({
		kind: 'lost',
		stage: 'reach',
		message: `None of the domain controllers could be reached. ${faults.map(({ message }) => message).join(' ')}`,
		whatToDo: 'Check host names, port and security in the credential, and that a firewall lets this machine through.',
	});
}

/** ldapts's errors as ours. Only the directory's own words go on, never the request: it may hold a password. */
function explain(error: unknown, operation: Operation, drop: () => void): DirectoryError {
	if (error instanceof DirectoryError) return error;
	if (error instanceof ResultCodeError) {
		const explained = new DirectoryError(explainResult(error.code, error.message, operation));
		if (explained.kind === 'lost') drop();
		return explained;
	}
	drop();
	return lost('The connection to the domain controller broke.');
}

/**
 * Removing a value by name is a condition, and so is adding one where none was: both fail when somebody was quicker. Several values added at
 * once may also be too many for their attribute, which is no conflict.
 */
function conditionOf(changes: readonly Modification[]): Operation {
	if (changes.some(({ type, values }) => type === 'add' && values.length > 1)) return 'conditional modify of several';
	const conditional = changes.some(({ type, values }) => type === 'add' || (type === 'delete' && values.length > 0));
	return conditional ? 'conditional modify' : 'modify';
}

function toChange({ type, attribute, values }: Modification): Change {
	return new Change({ operation: type, modification: new Attribute({ type: attribute, values: sameKind(values) }) });
}

/** ldapts wants the values of one attribute all as text or all as bytes. */
function sameKind(values: readonly (string | Buffer)[]): string[] | Buffer[] {
	const texts = values.filter((value) => typeof value === 'string');
	return texts.length === values.length
		? texts
		: values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value));
}
