/** What leaves the node: one result for each item, and by which output. */
import type { IDataObject } from 'n8n-workflow';
import type { AccountResult } from '../../lib/directory/accounts/account';
import { describeError, type DirectoryError } from '../../lib/directory/errors';

/** One item that leaves. */
export type ItemOutcome = {
	readonly json: IDataObject;
	/** Output number; 'failed' is the last. */
	readonly output: number | 'failed';
};

/** Who the item is about, for results and for texts. */
export type Subject = { readonly key: string; readonly displayName: string };

/** Fields of results: a password goes into none of them. */
export const OWN_FIELDS: ReadonlySet<string> = new Set([
	...['outcome', 'key', 'displayName', 'message', 'whatToDo', 'guid', 'dn', 'sAMAccountName', 'userPrincipalName'],
	...['enabled', 'state', 'changes', 'notes', 'record', 'code', 'error', 'details'],
	// Of outcomes of a plan.
	...['bind', 'runId', 'changeId', 'lifecycle', 'status', 'steps', 'dc', 'at', 'approver', 'seal'],
	...['passwordDelivery', 'passwordMessage'],
]);

/** These want a person to look, so they leave by Failed. */
const LOOK_AT: ReadonlySet<string> = new Set(['ambiguous', 'protected', 'not found', 'refused', 'partial']);

export function wantsLook(outcome: string): boolean {
	return LOOK_AT.has(outcome);
}

/** A result goes out by the first output, unless somebody has to look at it. */
export function accountOutcome(subject: Subject, result: AccountResult): ItemOutcome {
	return { json: accountJson(subject, result), output: wantsLook(result.outcome) ? 'failed' : 0 };
}

/** Results of other kinds: the same way out. */
export function plainOutcome<T extends { readonly outcome: string }>(result: T): ItemOutcome {
	return { json: plain(result), output: wantsLook(result.outcome) ? 'failed' : 0 };
}

/** Data of lib/ as n8n's: both are plain JSON. */
export function plain(value: object): IDataObject {
	return JSON.parse(JSON.stringify(value)) as IDataObject;
}

export function accountJson({ key, displayName }: Subject, result: AccountResult): IDataObject {
	const { outcome, account, changes, notes, message, whatToDo, delivered = {} } = result;
	const { record } = result as { readonly record?: object };
	return {
		outcome,
		key,
		displayName: displayName || (account?.displayName ?? ''),
		...(message === undefined ? {} : { message }),
		...(whatToDo === undefined ? {} : { whatToDo }),
		guid: account?.guid ?? null,
		dn: account?.dn ?? null,
		sAMAccountName: account?.sAMAccountName ?? null,
		userPrincipalName: account?.userPrincipalName ?? null,
		enabled: account?.enabled ?? null,
		state: account?.state ?? null,
		changes: changes.map((change) => ({ ...change })),
		notes: [...notes],
		...(record ? { record: plain(record) } : {}),
		...delivered,
	};
}

export function failureJson(subject: Subject, error: DirectoryError): IDataObject {
	return {
		outcome: error.kind === 'conflict' || error.kind === 'protected' ? error.kind : 'failed',
		...subject,
		message: error.message,
		whatToDo: describeError(error),
		code: error.code ?? null,
	};
}
