/** The one account that an operation is about, or why there is none. */
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textsOf, type Entry } from '../entry';
import { guidDn } from '../guid';
import { looksLikeMark, type Mark } from '../mark';
import { protection, type Protection } from '../protect';
import {
	ambiguous,
	guidOf,
	isUser,
	markOf,
	notFound,
	protectedAccount,
	toAccount,
	type Account,
	type AccountResult,
	type Lookup,
	type Marking,
} from './account';
import { openFinder, type Finder } from './find';
import { hasValue } from './lookups';
import { writeOnce } from './writeOnce';
import type { KnownGroups } from './joinGroups';
import type { KnownFacts } from './liveFacts';
import { isOvertaken } from './overtaken';

/** What all operations of one run on accounts share. */
export type AccountRun = {
	readonly directory: Directory;
	readonly guard: Protection;
	readonly marking: Marking;
	readonly finder: Finder;
	/** '' when the credential has none: no mark is genuine then. Operations that mark ask `directory.signingKey()`, which refuses. */
	readonly signingKey: string;
	/** What this run has learned, so that it is asked once. */
	readonly known: { readonly facts: KnownFacts; readonly groups: KnownGroups };
};

export function openAccounts(opened: Directory, marking: Marking, signingKey: string): AccountRun {
	const { directory, finder } = openFinder(opened, marking);
	const known = { facts: new Map(), groups: new Map() };
	return { directory, finder, marking, signingKey, guard: protection(directory), known };
}

export type Located = {
	readonly entry: Entry;
	readonly account: Account;
	/** The genuine one that still says why the account is disabled; on an enabled account it is stale. */
	readonly mark: Mark | undefined;
	/** Whether there is a genuine one that says so no longer: somebody enabled and disabled the account by hand after it. */
	readonly overtaken: boolean;
	/** `<GUID=...>`: right whatever the object is called and wherever it stands. */
	readonly dn: string;
};

/**
 * @param attributes to be read besides those that every operation needs
 * @returns the account, or the result `not found`, `ambiguous` or `protected`
 * @throws DirectoryError
 */
export async function locate(
	run: AccountRun,
	lookup: Lookup,
	attributes: readonly string[] = [],
): Promise<Located | AccountResult> {
	const located = await look(run, lookup, attributes);
	if ('outcome' in located) return located;
	const reason = await run.guard.of(located.entry);
	return reason === undefined ? located : protectedAccount(located.account, reason);
}

/** As `locate`, protected accounts too: for reading. @throws DirectoryError */
export async function look(
	{ directory, marking, finder, signingKey }: AccountRun,
	lookup: Lookup,
	attributes: readonly string[] = [],
): Promise<Located | AccountResult> {
	const found = await finder.find(lookup, attributes);
	const [entry] = found;
	if (!entry) return notFound(lookup);
	if (found.length > 1 || !isUser(entry) || !hasValue(lookup, entry)) return ambiguous(found, lookup);
	const genuine = signingKey === '' ? undefined : await markOf(directory, entry, marking, signingKey);
	const dn = guidDn(guidOf(entry));
	const overtaken =
		genuine !== undefined &&
		!toAccount(entry, genuine).enabled &&
		(await isOvertaken(directory, dn, genuine, marking.markAttribute));
	const mark = overtaken ? undefined : genuine;
	return { entry, account: toAccount(entry, mark), mark, overtaken, dn };
}

/**
 * Marks on an enabled account are left over from before somebody enabled it: they go with the next write, so that they cannot count once
 * an administrator disables it.
 */
export function staleMarks(
	{ marking }: Pick<AccountRun, 'marking'>,
	{ entry, account }: Pick<Located, 'entry' | 'account'>,
): Modification[] {
	const marks = account.enabled ? textsOf(entry, marking.markAttribute).filter(looksLikeMark) : [];
	return marks.length > 0 ? [{ type: 'delete', attribute: marking.markAttribute, values: marks }] : [];
}

/** The same as a write of its own, after one that must be the same each time it is sent. @throws DirectoryError */
export async function clearStaleMarks(run: AccountRun, located: Located): Promise<void> {
	const { directory, marking } = run;
	const changes = staleMarks(run, located);
	if (changes.length === 0) return;
	await writeOnce(
		() => directory.modify(located.dn, changes),
		async () => {
			const now = await directory.read(located.dn, [marking.markAttribute]);
			return now !== undefined && !textsOf(now, marking.markAttribute).some(looksLikeMark);
		},
	);
}
