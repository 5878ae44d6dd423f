/** Changing an account that is there, found by any attribute. */
import type { DesiredAccount } from '../../contracts';
import { notActive, type AccountResult, type Lookup } from './account';
import type { CreateOptions } from './create';
import { attributesToHave, attributesToRead, type DesiredValues } from './desired';
import { wantedGroups } from './joinGroups';
import { locate, type AccountRun } from './locate';
import { updated, writeDifferences } from './updateExisting';
import { wantedValues } from './values';

/**
 * Writes only what differs, in one conditional Modify. Whether the account is enabled stays as it is.
 * @throws DirectoryError
 */
export async function updateAccount(
	run: AccountRun,
	lookup: Lookup,
	desired: DesiredValues & Partial<Pick<DesiredAccount, 'lifecycle' | 'endsAt'>>,
	{ updateNames }: Pick<CreateOptions, 'updateNames'>,
): Promise<AccountResult> {
	if (desired.lifecycle === 'away' || desired.lifecycle === 'leaver') return notActive(desired.lifecycle);
	const { values, notes } = await wantedValues(run, attributesToHave(desired, run.marking));
	const groups = await wantedGroups(run, desired.groups);
	const located = await locate(run, lookup, attributesToRead(desired));
	if ('outcome' in located) return located;
	const options = { updateNames, creating: false };
	return await updated(run, located, await writeDifferences(run, located, desired, { values, groups, notes }, options));
}
