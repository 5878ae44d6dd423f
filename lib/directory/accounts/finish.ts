/** The last steps of a new account: a password that counts, then enabling, which takes the mark away. */
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import type { Mark } from '../mark';
import { newPassword, type PasswordOptions } from '../newPassword';
import { enabled, isDisabled, parseUserAccountControl } from '../userAccountControl';
import { guidOf, markOf, readAgain, type Marking } from './account';
import { writeOnce } from './writeOnce';

/**
 * Enables an account that bears our mark, and takes the mark away, in one Modify that fails when either has changed since it was read.
 * @throws DirectoryError
 */
export async function enableMarked(directory: Directory, entry: Entry, marking: Marking): Promise<void> {
	const mark = await needMark(directory, entry, marking, 'it was not enabled');
	const dn = guidDn(guidOf(entry));
	const before = textOf(entry, 'userAccountControl') ?? '';
	await writeOnce(
		() =>
			directory.modify(dn, [
				{ type: 'delete', attribute: 'userAccountControl', values: [before] },
				{ type: 'add', attribute: 'userAccountControl', values: [String(enabled(parseUserAccountControl(before)))] },
				{ type: 'delete', attribute: marking.markAttribute, values: [mark.text] },
			]),
		async () => {
			const now = await readAgain(directory, dn, marking, []);
			return (
				now !== undefined &&
				!isDisabled(parseUserAccountControl(textOf(now, 'userAccountControl'))) &&
				!textsOf(now, marking.markAttribute).includes(mark.text)
			);
		},
	);
}

/**
 * A fresh password for a marked account: nobody knows whether the old one was handed on. The mark is removed and added in the same Modify,
 * which makes it a condition without a change.
 * @returns fields for the result
 * @throws DirectoryError
 */
export async function renewPassword(
	directory: Directory,
	entry: Entry,
	marking: Marking,
	options: PasswordOptions,
	displayName: string,
): Promise<Readonly<Record<string, string>>> {
	const mark = await needMark(directory, entry, marking, 'its password was not changed');
	const names = [textOf(entry, 'sAMAccountName') ?? '', displayName];
	const { encoded, delivered } = await newPassword(directory, options, names, entry);
	await writeOnce(
		() =>
			directory.modify(guidDn(guidOf(entry)), [
				{ type: 'delete', attribute: marking.markAttribute, values: [mark.text] },
				{ type: 'add', attribute: marking.markAttribute, values: [mark.text] },
				{ type: 'replace', attribute: 'unicodePwd', values: [encoded] },
				...(options.mustChange ? [{ type: 'replace' as const, attribute: 'pwdLastSet', values: ['0'] }] : []),
			]),
		// A password cannot be read: it is written again, which does no harm.
		() => Promise.resolve(false),
	);
	return delivered;
}

async function needMark(directory: Directory, entry: Entry, marking: Marking, notDone: string): Promise<Mark> {
	const mark = await markOf(directory, entry, marking, directory.signingKey());
	if (mark) return mark;
	throw new DirectoryError({
		kind: 'conflict',
		message: `${entry.dn} does not bear this tool's mark any more; ${notDone}.`,
		whatToDo: 'Look who changed the account, then run again.',
	});
}
