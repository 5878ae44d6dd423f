/** An account as this tool reads it, and what its state mark says. */
import type { AttributeChange } from '../../contracts';
import type { Directory } from '../directory';
import { bytesOf, textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidToText } from '../guid';
import { findMark, type Mark } from '../mark';
import { PROTECTION_ATTRIBUTES } from '../protect';
import { isDisabled, parseUserAccountControl } from '../userAccountControl';

/**
 * - created, finished (a half-made account), updated, disabled, enabled, moved, renamed, password reset, deleted, restored: done
 * - unchanged: it was so already
 * - partial: the first steps are done, others are not; running again does the rest
 * - exists: there is an account already, and none was to be made
 * - not active: the person is leaving or away, which is the business of other operations
 * - not found, ambiguous, protected, refused: nothing was written, somebody has to look
 */
export type AccountOutcome =
	| 'created'
	| 'finished'
	| 'updated'
	| 'unchanged'
	| 'disabled'
	| 'enabled'
	| 'moved'
	| 'renamed'
	| 'password reset'
	| 'deleted'
	| 'restored'
	| 'partial'
	| 'exists'
	| 'found'
	| 'not found'
	| 'not active'
	| 'ambiguous'
	| 'protected'
	| 'refused';

export type Account = {
	readonly guid: string;
	readonly dn: string;
	readonly sAMAccountName: string;
	readonly userPrincipalName: string;
	readonly displayName: string;
	readonly enabled: boolean;
	/** Why it is disabled, as far as this tool did it; null for everybody else's reasons, and when the credential has no signing key. */
	readonly state: 'pending' | 'left' | null;
};

/** What an operation did for one person. */
export type AccountResult = {
	readonly outcome: AccountOutcome;
	/** Absent when there is no account, or more than one. */
	readonly account?: Account;
	readonly changes: readonly AttributeChange[];
	readonly notes: readonly string[];
	/** For outcomes that a person has to look at: what is the matter, and what to do. */
	readonly message?: string;
	readonly whatToDo?: string;
	/** Further fields of the result, by their names: a new password, as the builder chose to have it. */
	readonly delivered?: Readonly<Record<string, string>>;
	/** Attributes as plain JSON (records.ts): those that were asked for, or all of what was deleted. */
	readonly record?: Readonly<Record<string, unknown>>;
};

/** The attribute that tells people apart (to its value a `pending` mark is bound), and the one that holds marks and snapshot. */
export type Marking = { readonly matchAttribute: string; readonly markAttribute: string };

/** Marking, and one person's value. */
export type Matching = Marking & { readonly matchValue: string };

/** How an account is looked for: `objectGUID` by its text form, `distinguishedName`, or any other attribute's value. */
export type Lookup = { readonly attribute: string; readonly value: string };

/** What every operation reads. */
export const ACCOUNT_ATTRIBUTES = [
	'objectGUID',
	'sAMAccountName',
	'userPrincipalName',
	'displayName',
	'userAccountControl',
	...PROTECTION_ATTRIBUTES,
] as const;

/** The same object once more, undefined when it is gone. */
export async function readAgain(
	directory: Directory,
	dn: string,
	{ matchAttribute, markAttribute }: Marking,
	attributes: readonly string[],
): Promise<Entry | undefined> {
	return await directory.read(dn, [...new Set([...ACCOUNT_ATTRIBUTES, matchAttribute, markAttribute, ...attributes])]);
}

/** @param mark the genuine mark, of `markOf` */
export function toAccount(entry: Entry, mark: Mark | undefined): Account {
	const enabled = !isDisabled(parseUserAccountControl(textOf(entry, 'userAccountControl')));
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		sAMAccountName: textOf(entry, 'sAMAccountName') ?? '',
		userPrincipalName: textOf(entry, 'userPrincipalName') ?? '',
		displayName: textOf(entry, 'displayName') ?? '',
		enabled,
		// On an enabled account a mark is left over from before somebody enabled it.
		state: enabled ? null : (mark?.state ?? null),
	};
}

export function guidOf(entry: Entry): string {
	const bytes = bytesOf(entry, 'objectGUID');
	if (!bytes)
		throw new DirectoryError({
			kind: 'configuration',
			message: `The service account cannot read objectGUID of ${entry.dn}.`,
			whatToDo: 'Give it the right to read user objects.',
		});
	return guidToText(bytes);
}

/** The genuine mark of an account; undefined when it has none, or none of this tool with this key. */
export async function markOf(
	directory: Directory,
	entry: Entry,
	{ matchAttribute, markAttribute }: Marking,
	signingKey: string,
): Promise<Mark | undefined> {
	const { domainGuid } = await directory.domain();
	return findMark(signingKey, textsOf(entry, markAttribute), [
		...textsOf(entry, matchAttribute).map((matchValue) => ({
			state: 'pending' as const,
			domainGuid,
			matchAttribute,
			matchValue,
		})),
		{ state: 'left', objectGuid: guidOf(entry) },
	]);
}

export function isUser(entry: Entry): boolean {
	return (
		textsOf(entry, 'objectClass').some((name) => name.toLowerCase() === 'user') &&
		textOf(entry, 'userAccountControl') !== undefined
	);
}

/** Nobody has the value. */
export function notFound({ attribute, value }: Lookup): AccountResult {
	return {
		outcome: 'not found',
		changes: [],
		notes: [],
		message: `No object in the domain has ${attribute} "${value}".`,
		whatToDo: 'Check the value, and that the service account may read the place where the account stands.',
	};
}

/** More than one object, or one that is no account: nothing is guessed. */
export function ambiguous(entries: readonly Entry[], { attribute, value }: Lookup): AccountResult {
	const several = entries.length > 1;
	return {
		outcome: 'ambiguous',
		changes: [],
		notes: [],
		message: several
			? `${entries.length} objects have ${attribute} "${value}": ${entries
					.slice(0, 5)
					.map(({ dn }) => dn)
					.join(' · ')}`
			: `The object that the directory gives for ${attribute} "${value}" is no user account, or has another value: ${entries[0]?.dn ?? ''}`,
		whatToDo: several
			? `Take the value from all but one of them.`
			: `Take the value from it, or look for the account by another attribute.`,
	};
}

export function protectedAccount(account: Account, reason: string): AccountResult {
	return {
		outcome: 'protected',
		account,
		changes: [],
		notes: [],
		message: `${account.dn} is protected: ${reason}. Nothing was written.`,
		whatToDo: 'Change protected accounts by hand.',
	};
}

/** Who is away or leaving is left to the operations that are about that. */
export function notActive(lifecycle: 'away' | 'leaver'): AccountResult {
	const message = `The person is ${lifecycle === 'leaver' ? 'leaving' : 'away'}: the account was left untouched.`;
	const whatToDo =
		lifecycle === 'leaver' ? 'Use Disable for people who leave.' : 'Nothing, as long as the person is away.';
	return { outcome: 'not active', changes: [], notes: [], message, whatToDo };
}

/** Nothing was written, and why. */
export function refused(account: Account, message: string, whatToDo: string): AccountResult {
	return { outcome: 'refused', account, changes: [], notes: [], message, whatToDo };
}
