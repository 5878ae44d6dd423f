/** Many accounts at once, read in pages. */
import type { Directory } from '../directory';
import type { Entry } from '../entry';
import { DirectoryError } from '../errors';
import { allOf, equal, not, type Filter } from '../filter';

export type GetManyRequest = {
	/** Where to look; '' = the search base of the credential, or the whole domain. */
	readonly base: string;
	/** one = what stands in the base itself; sub = everything below it. */
	readonly scope: 'one' | 'sub';
	readonly filter: Filter;
	/** LDAP names; none = all that are readable. */
	readonly attributes: readonly string[];
	/** Infinity = all. */
	readonly limit: number;
};

/** Computers and managed service accounts are of the class user too (win32, c-computer); persons are not of theirs. */
const ACCOUNTS = allOf([equal('objectClass', 'user'), not(equal('objectClass', 'computer'))]);
const NOT_FOUND_OR_MALFORMED = new Set([32, 34]);

/**
 * User accounts only, whatever the filter says.
 * @throws DirectoryError
 */
export async function getManyAccounts(
	directory: Directory,
	{ base, scope, filter, attributes, limit }: GetManyRequest,
): Promise<Entry[]> {
	if (limit < 1) return [];
	const from = base === '' ? await directory.searchBase() : base;
	try {
		return await directory.search(from, {
			scope,
			filter: allOf([ACCOUNTS, filter]),
			attributes: attributes.length === 0 ? ['*'] : [...new Set([...attributes, 'objectGUID'])],
			...(Number.isFinite(limit) ? { limit } : {}),
		});
	} catch (error) {
		if (!(error instanceof DirectoryError) || !NOT_FOUND_OR_MALFORMED.has(error.code ?? 0)) throw error;
		throw new DirectoryError({
			kind: 'configuration',
			message: `There is nothing to search in: "${from}" does not exist, or is no distinguished name.`,
			whatToDo: 'Check the search base, here or in the credential.',
			...(error.code === undefined ? {} : { code: error.code }),
			...(error.win32 === undefined ? {} : { win32: error.win32 }),
			...(error.said === undefined ? {} : { said: error.said }),
		});
	}
}
