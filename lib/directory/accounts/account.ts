/** An account as this tool reads it, and what its state mark says. */
import type { AttributeChange } from '../../contracts';
import type { Directory } from '../directory';
import { bytesOf, textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { equal } from '../filter';
import { guidToText } from '../guid';
import { findMark, type Mark } from '../mark';
import { PROTECTION_ATTRIBUTES } from '../protect';
import { isDisabled, parseUserAccountControl } from '../userAccountControl';

export type AccountOutcome =
	| 'created'
	| 'finished'
	| 'updated'
	| 'unchanged'
	| 'disabled'
	| 'found'
	| 'not found'
	| 'not active'
	| 'ambiguous'
	| 'protected';

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
};

/** How people are told apart, and where marks stand. */
export type Matching = { readonly matchAttribute: string; readonly matchValue: string; readonly markAttribute: string };

const ACCOUNT_ATTRIBUTES = [
	'objectGUID',
	'sAMAccountName',
	'userPrincipalName',
	'displayName',
	'userAccountControl',
	...PROTECTION_ATTRIBUTES,
] as const;

/**
 * Every object with the given value, of any class, in the whole domain.
 * @param attributes to be read besides those that every operation needs
 */
export async function findByValue(
	directory: Directory,
	{ matchAttribute, matchValue, markAttribute }: Matching,
	attributes: readonly string[],
): Promise<Entry[]> {
	if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(matchAttribute)) {
		throw new DirectoryError({
			kind: 'configuration',
			message: `"${matchAttribute}" is no attribute to match on.`,
			whatToDo: 'Enter the LDAP name of an attribute, such as employeeID, in Match Attribute.',
		});
	}
	if (matchValue.trim() === '') {
		throw new DirectoryError({
			kind: 'person',
			message: `There is no value of ${matchAttribute} to look for.`,
			whatToDo: 'Give every person a key; without one, nobody can be told apart.',
		});
	}
	return await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: equal(matchAttribute, matchValue),
		attributes: [...new Set([...ACCOUNT_ATTRIBUTES, matchAttribute, markAttribute, ...attributes])],
	});
}

/** The same object once more, undefined when it is gone. */
export async function readAgain(
	directory: Directory,
	dn: string,
	{ matchAttribute, markAttribute }: Matching,
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
	{ matchAttribute, markAttribute }: Matching,
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

/** More than one object, or one that is no account: nothing is guessed. */
export function ambiguous(entries: readonly Entry[], { matchAttribute, matchValue }: Matching): AccountResult {
	const several = entries.length > 1;
	return {
		outcome: 'ambiguous',
		changes: [],
		notes: [],
		message: several
			? `${entries.length} objects have ${matchAttribute} "${matchValue}": ${entries
					.slice(0, 5)
					.map(({ dn }) => dn)
					.join(' · ')}`
			: `The object with ${matchAttribute} "${matchValue}" is no user account: ${entries[0]?.dn ?? ''}`,
		whatToDo: several
			? `Take the value from all but one of them.`
			: `Take the value from it, or match on another attribute.`,
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
