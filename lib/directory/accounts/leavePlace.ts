/** Moving a leaver to another organisational unit, and back. */
import { parentOf, sameDn } from '../../schema/dn';
import type { Directory } from '../directory';
import type { Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidOf } from './account';
import type { Progress } from './leaveProgress';
import { rdnOf, relocate } from './relocate';

/** Where the account stands, with its GUID: names change, and a return must find it. @throws DirectoryError */
export async function placeOf(directory: Directory, entry: Entry): Promise<{ guid: string; dn: string }> {
	const parent = await directory.read(parentOf(entry.dn), ['objectGUID']);
	if (parent) return { guid: guidOf(parent), dn: parent.dn };
	throw new DirectoryError({
		kind: 'configuration',
		message: `The service account cannot read ${parentOf(entry.dn)}, where the account stands.`,
		whatToDo: 'Give it the right to read it: bringing the person back needs to know the place.',
	});
}

/**
 * Moves the account, its name kept. The distinguished name that was read is the condition: an account that somebody moved meanwhile stays there.
 * @returns whether it had to be moved
 * @throws DirectoryError
 */
export async function moveTo(directory: Directory, progress: Progress, entry: Entry, place: string): Promise<boolean> {
	if (sameDn(parentOf(entry.dn), place)) return false;
	const dn = await relocate(directory, entry, rdnOf(entry.dn), place);
	progress.changes.push({ attribute: 'distinguishedName', from: [entry.dn], to: [dn] });
	return true;
}
