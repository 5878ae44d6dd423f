/** The connections of one run: one at a time, opened when it is needed, and made again, logon and all, when it broke. */
import { ResultCodeError } from 'ldapts';
import { chooseControllers, type Controllers } from './controllers';
import { DirectoryError } from './errors';
import { explainResult, type Operation } from './resultCodes';
import type { Encryption, Session } from './session';
import type { DirectorySettings } from './settings';
import { cancelled, lost, within } from './within';

export type Sessions = Pick<Controllers, 'nextObject' | 'naming' | 'mayCreate'> & {
	/** Works on the open connection, or on a new one. @throws DirectoryError */
	readonly call: <T>(operation: Operation, work: (session: Session) => Promise<T>) => Promise<T>;
	/** Waits for one answer; the connection is given up when none comes. @throws what `answer` throws */
	readonly timed: <T>(session: Session, answer: Promise<T>) => Promise<T>;
	/** What ldapts throws as a DirectoryError. */
	readonly explained: <T>(operation: Operation, session: Session, answer: Promise<T>) => Promise<T>;
	readonly controller: () => string | undefined;
	/** Connections made so far. */
	readonly connections: () => number;
	readonly encryption: () => Encryption | undefined;
	readonly close: () => Promise<void>;
};

const CLOSE_MS = 2000;

/** Nothing is sent before the first call. */
export function keepSession(settings: DirectorySettings, signal: AbortSignal | undefined): Sessions {
	const controllers = chooseControllers(settings, signal);
	const { bound, drop, open, made, close } = oneAtATime(controllers, signal);
	const explained: Sessions['explained'] = async (operation, used, answer) => {
		try {
			return await answer;
		} catch (error) {
			throw explain(error, operation, () => drop(used));
		}
	};
	return {
		explained,
		call: async (operation, work) => {
			const used = await bound();
			// Between this check and the request nothing else runs, and the client cannot reconnect: what is sent is sent as the bound account.
			if (!used.usable()) throw lost('The connection broke before the request was sent.');
			return await explained(operation, used, work(used));
		},
		timed: (used, answer) => within(answer, settings.operationTimeoutMs + 1000, signal, () => drop(used)),
		naming: controllers.naming,
		mayCreate: controllers.mayCreate,
		controller: controllers.current,
		connections: made,
		nextObject: controllers.nextObject,
		encryption: () => open()?.encryption,
		close,
	};
}

type OneAtATime = {
	/** The open connection, or a new one. @throws DirectoryError */
	readonly bound: () => Promise<Session>;
	readonly drop: (session: Session) => void;
	readonly open: () => Session | undefined;
	/** How many were made so far. */
	readonly made: () => number;
	readonly close: () => Promise<void>;
};

function oneAtATime(controllers: Controllers, signal: AbortSignal | undefined): OneAtATime {
	let session: Promise<Session> | undefined;
	let open: Session | undefined;
	let closed = false;
	let made = 0;
	const drop = (dropped: Session) => {
		dropped.destroy();
		if (open !== dropped) return;
		open = undefined;
		session = undefined;
	};
	const openNew = async (): Promise<Session> => {
		const opened = await controllers.open();
		if (closed) {
			opened.destroy();
			throw lost('The connection is closed already.');
		}
		open = opened;
		made += 1;
		return opened;
	};
	return {
		drop,
		open: () => open,
		made: () => made,
		bound: async () => {
			if (closed) throw lost('The connection is closed already.');
			if (signal?.aborted) throw cancelled();
			if (open && !open.usable()) drop(open);
			// One connect and bind for all who ask at the same time: two at once on one ldapts client never end (ldapts issue 256).
			session ??= openNew();
			const opening = session;
			try {
				return await opening;
			} catch (error) {
				// Another caller may have begun the next one already.
				if (session === opening) session = undefined;
				throw error;
			}
		},
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
