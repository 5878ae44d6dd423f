/** Moving an account into another organisational unit. Its name, GUID, SID and memberships stay. */
import { parentOf, sameDn } from '../../schema/dn';
import type { AccountResult, Lookup } from './account';
import { clearStaleMarks, locate, type AccountRun } from './locate';
import { rdnOf, readContainer, relocate } from './relocate';

/**
 * @param ou distinguished name of the organisational unit or container it is to stand in
 * @throws DirectoryError; kind `taken` when something of its name stands there
 */
export async function moveAccount(run: AccountRun, lookup: Lookup, ou: string): Promise<AccountResult> {
	const parent = await readContainer(run.directory, ou);
	const located = await locate(run, lookup);
	if ('outcome' in located) return located;
	const { entry, account } = located;
	if (sameDn(parentOf(entry.dn), parent)) {
		return { outcome: 'unchanged', account, changes: [], notes: ['The account stood there already.'] };
	}
	const dn = await relocate(run.directory, entry, rdnOf(entry.dn), parent);
	await clearStaleMarks(run, located);
	return {
		outcome: 'moved',
		account: { ...account, dn },
		changes: [{ attribute: 'distinguishedName', from: [entry.dn], to: [dn] }],
		notes: [],
	};
}
