/** What can go wrong with a directory, in the operator's words. */

/**
 * - configuration: settings, credential or rights as such; the next person would fail in the same way
 * - person: this one object or value
 * - protected: an account or a group that is never touched
 * - conflict: somebody changed the object since it was read
 * - taken: a name is in use already
 * - lost: the connection broke; whether a write happened is not known before the object is read again
 * - busy: the controller is overloaded; trying later is safe
 * - not replicated: this controller may not have yet what was written to the one that was lost, so nothing is created here
 * - cancelled: the run was stopped
 */
export type DirectoryErrorKind =
	| 'configuration'
	| 'person'
	| 'protected'
	| 'conflict'
	| 'taken'
	| 'lost'
	| 'busy'
	| 'not replicated'
	| 'cancelled';

export type DirectoryErrorFacts = {
	readonly kind: DirectoryErrorKind;
	/** What happened, one sentence. */
	readonly message: string;
	readonly whatToDo: string;
	/** LDAP result code (RFC 4511 appendix A.1). */
	readonly code?: number;
	/** The Win32 code that AD and Samba put first in their message, eight hexadecimal digits. */
	readonly win32?: string;
	/** What the directory said, cleaned and cut. Never holds a request. */
	readonly said?: string;
	/** The attribute that the answer is about, where it says. */
	readonly attribute?: string;
	/** Where opening a connection ended; absent when the connection was open already. */
	readonly stage?: ConnectionStage;
};

/** Steps of opening a connection, in their order. */
export type ConnectionStage = 'reach' | 'tls' | 'logon';

export class DirectoryError extends Error {
	override readonly name = 'DirectoryError';
	readonly kind: DirectoryErrorKind;
	readonly whatToDo: string;
	readonly code: number | undefined;
	readonly win32: string | undefined;
	readonly said: string | undefined;
	readonly attribute: string | undefined;
	readonly stage: ConnectionStage | undefined;

	constructor({ kind, message, whatToDo, code, win32, said, attribute, stage }: DirectoryErrorFacts) {
		super(message);
		this.kind = kind;
		this.whatToDo = whatToDo;
		this.code = code;
		this.win32 = win32;
		this.said = said;
		this.attribute = attribute;
		this.stage = stage;
	}
}

/** What to do, and the raw answer behind it for the administrator who looks it up. */
export function describeError({ whatToDo, code, win32, said }: DirectoryError): string {
	const raw = [
		code === undefined ? '' : `LDAP result ${code}`,
		win32 ? `Windows code ${win32}` : '',
		said ? `the directory said: ${said}` : '',
	].filter(Boolean);
	return raw.length > 0 ? `${whatToDo} (${raw.join(', ')})` : whatToDo;
}
