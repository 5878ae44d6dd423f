/** Changing an account that is there, found by any attribute. */
import type { DesiredAccount } from '../../contracts';
import { notActive, type AccountResult, type Lookup } from './account';
import type { CreateOptions } from './create';
import { textOf } from '../entry';
import { attributesToHave, attributesToRead, ownName, type DesiredValues } from './desired';
import { wantedGroups } from './joinGroups';
import { locate, type AccountRun, type Located } from './locate';
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
	const said = [...notes, ...matchKept(run, located, desired)];
	const wanted = { values, groups, notes: said };
	return await updated(run, located, await writeDifferences(run, located, desired, wanted, options));
}

/** The key is written at creation only; that it is not written now must not be a surprise. */
function matchKept(
	{ marking: { matchAttribute } }: AccountRun,
	{ entry }: Located,
	{ attributes }: DesiredValues,
): string[] {
	const wanted = attributes[ownName(attributes, matchAttribute) ?? ''];
	const has = textOf(entry, matchAttribute);
	if (typeof wanted !== 'string' || wanted.toLowerCase() === has?.toLowerCase()) return [];
	return [
		`${matchAttribute} was left as it is (${has === undefined ? 'it has no value' : `"${has}"`}): it tells people apart, and is written when an account is made.`,
	];
}
