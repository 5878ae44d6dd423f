/**
 * Which of several domain controllers a run uses. The one that answered first is kept, because another one may not have the latest changes yet.
 * When it is lost for good, the object at hand fails, and from the next object on another one is used: for reading and changing what it has,
 * not for creating. AD replicates with a delay, so a person whose account was just created on the lost controller would get a second one.
 */
import { DirectoryError } from './errors';
import type { Timed } from './reading';
import { hasCaughtUp, readStanding, readUsn, type Standing } from './replication';
import { openSession, type Session } from './session';
import type { DirectorySettings } from './settings';
import { within } from './within';

export type Controllers = {
	/** A new connection: to the controller in use, or from the next object on to another one that answers. @throws DirectoryError */
	readonly open: () => Promise<Session>;
	/** The controller in use; undefined before the first connection. */
	readonly current: () => string | undefined;
	/** Whether the next connection may be to another controller than the last; false too once none of them answered. */
	readonly nextObject: () => boolean;
	/** Runs what gives an object its name, and remembers how far the controller came with it. @throws what `work` throws */
	readonly naming: (session: Session, work: () => Promise<void>) => Promise<void>;
	/** @throws DirectoryError (not replicated) where an object must not be created */
	readonly mayCreate: (session: Session) => Promise<void>;
};

export function chooseControllers(settings: DirectorySettings, signal: AbortSignal | undefined): Controllers {
	const { controllers } = settings;
	const several = controllers.length > 1;
	const used = rememberUsed(
		(session) => (answer) => within(answer, settings.operationTimeoutMs + 1000, signal, session.destroy),
	);
	let current: string | undefined;
	let unreachable = false;
	let moving = false;
	/** None of the controllers answered when all of them were asked. */
	let exhausted = false;
	return {
		open: async () => {
			const hosts = current === undefined ? controllers : moving ? after(controllers, current) : [current];
			const accept = several && (moving || !used.any()) ? used.accept : undefined;
			try {
				const session = await openFirst(settings, hosts, signal, accept);
				current = session.host;
				moving = false;
				exhausted = false;
				return session;
			} catch (error) {
				unreachable ||= isUnreachable(error);
				exhausted ||= moving && isUnreachable(error);
				throw error;
			}
		},
		current: () => current,
		nextObject: () => {
			if (several && unreachable && current !== undefined) moving = true;
			unreachable = false;
			return moving && !exhausted;
		},
		naming: used.naming,
		mayCreate: used.mayCreate,
	};
}

type Used = Pick<Controllers, 'naming' | 'mayCreate'> & {
	/** Whether a controller was accepted; none is where the credential names only one. */
	readonly any: () => boolean;
	/** Takes a controller for the one in use. @throws DirectoryError when it is none of this domain that can be written to */
	readonly accept: (session: Session) => Promise<void>;
};

/** What is known of the controllers that this run has used. */
function rememberUsed(timedOn: (session: Session) => Timed): Used {
	let standing: Standing | undefined;
	/** Those before the one in use, by invocation id; without one by host. */
	const left = new Map<string, Standing>();
	return {
		any: () => standing !== undefined,
		accept: async (session) => {
			try {
				const found = await readStanding(session, timedOn(session));
				if (standing && found.domainGuid !== standing.domainGuid) throw otherDomain(session.host, standing.host);
				if (standing && found.readOnly) throw readOnly(session.host);
				if (standing) left.set(keyOf(standing), standing);
				// It has what it wrote itself.
				left.delete(keyOf(found));
				standing = found;
			} catch (error) {
				session.destroy();
				throw error;
			}
		},
		naming: async (session, work) => {
			if (!standing) return await work();
			const known = standing;
			// Until the answer is there nobody knows how far the controller came.
			standing = { ...known, usn: undefined };
			try {
				await work();
			} catch (error) {
				if (error instanceof DirectoryError && error.kind !== 'lost' && error.kind !== 'cancelled') standing = known;
				throw error;
			}
			const usn = await readUsn(session, timedOn(session)).catch(() => undefined);
			standing = { ...known, usn };
		},
		mayCreate: async (session) => {
			for (const [key, lost] of left) {
				if (!(await hasCaughtUp(session, timedOn(session), lost))) throw notReplicated(lost.host, session.host);
				left.delete(key);
			}
		},
	};
}

function keyOf({ invocationId, host }: Standing): string {
	return invocationId ?? host;
}

/** Those after the lost one in their order, then those before it, then the lost one: it may be back. */
function after(controllers: readonly string[], host: string): string[] {
	const at = controllers.indexOf(host);
	return [...controllers.slice(at + 1), ...controllers.slice(0, at + 1)];
}

function isUnreachable(error: unknown): boolean {
	return error instanceof DirectoryError && (error.kind === 'lost' || error.kind === 'busy');
}

/**
 * The first controller that answers. A refused logon is not tried elsewhere: each try counts towards the account's lockout.
 * @param accept looks at a controller before it is used
 */
async function openFirst(
	settings: DirectorySettings,
	hosts: readonly string[],
	signal: AbortSignal | undefined,
	accept: ((session: Session) => Promise<void>) | undefined,
): Promise<Session> {
	const faults: DirectoryError[] = [];
	for (const host of hosts) {
		try {
			const session = await openSession(settings, host, signal);
			await accept?.(session);
			return session;
		} catch (error) {
			if (!(error instanceof DirectoryError) || !isUnreachable(error)) throw error;
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

function otherDomain(host: string, first: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The domain controller ${host} belongs to another domain than ${first}.`,
		whatToDo: 'Name controllers of one domain only in the credential.',
	});
}

/** Not a reason to stop: the next controller in order may be a writable one. */
function readOnly(host: string): DirectoryError {
	return new DirectoryError({
		kind: 'lost',
		stage: 'reach',
		message: `The domain controller ${host} is a read-only one.`,
		whatToDo: 'Name writable domain controllers only in the credential.',
	});
}

function notReplicated(lost: string, used: string): DirectoryError {
	return new DirectoryError({
		kind: 'not replicated',
		message: `The domain controller ${lost} was lost in this run. ${used} is used instead, and it is not certain that it has everything yet that was written there, so nothing is created on it: a person could get a second account.`,
		whatToDo: `Run again when ${lost} is back, or when its changes have reached ${used} (usually within minutes): what is done already is found and left as it is.`,
	});
}
