/** Looking a person's account up. Writes nothing and needs no signing key. */
import { toRecord } from '../records';
import type { AccountResult, Lookup } from './account';
import { look, type AccountRun } from './locate';

/**
 * @param attributes to come back under `record`, by their LDAP names; `*` = all that are readable
 * @throws DirectoryError
 */
export async function getAccount(
	run: AccountRun,
	lookup: Lookup,
	attributes: readonly string[] = [],
): Promise<AccountResult> {
	const found = await look(run, lookup, attributes);
	if ('outcome' in found) return found;
	const { account, entry } = found;
	return {
		outcome: 'found',
		account,
		changes: [],
		notes: [],
		...(attributes.length > 0 ? { record: toRecord(entry, attributes) } : {}),
	};
}
