/** Many accounts at once, read in pages. */
import type { Directory } from '../directory';
import type { Entry } from '../entry';
import { allOf, equal, not, type Filter } from '../filter';
import { searchBelow } from '../searchBelow';

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

/**
 * User accounts only, whatever the filter says.
 * @throws DirectoryError
 */
export async function getManyAccounts(
	directory: Directory,
	{ base, scope, filter, attributes, limit }: GetManyRequest,
): Promise<Entry[]> {
	if (limit < 1) return [];
	return await searchBelow(directory, base, {
		scope,
		filter: allOf([ACCOUNTS, filter]),
		attributes: attributes.length === 0 ? ['*'] : [...new Set([...attributes, 'objectGUID'])],
		...(Number.isFinite(limit) ? { limit } : {}),
	});
}
