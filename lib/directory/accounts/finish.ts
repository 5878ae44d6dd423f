/** The last steps of a new account: a password that counts, then enabling, which takes the mark away. */
import type { Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import type { PasswordOptions } from '../newPassword';
import { guidOf, markOf } from './account';
import { noProgress } from './leaveProgress';
import type { AccountRun } from './locate';
import { enableNow } from './returnSteps';
import { onMark, writePassword } from './writePassword';

/**
 * Enables an account that bears our mark, and takes the mark away, in one Modify that fails when either has changed since it was read.
 * @throws DirectoryError
 */
export async function enableMarked(run: AccountRun, entry: Entry): Promise<void> {
	await needMark(run, entry, 'it was not enabled');
	await enableNow(run, { entry, dn: guidDn(guidOf(entry)) }, noProgress());
}

/**
 * A fresh password for a marked account: nobody knows whether the old one was handed on.
 * @returns fields for the result
 * @throws DirectoryError
 */
export async function renewPassword(
	run: AccountRun,
	entry: Entry,
	options: PasswordOptions,
): Promise<Readonly<Record<string, string>>> {
	const mark = await needMark(run, entry, 'its password was not changed');
	const besides = onMark(run.marking.markAttribute, mark);
	return await writePassword(run.directory, { dn: guidDn(guidOf(entry)), entry, besides }, options);
}

async function needMark({ directory, marking }: AccountRun, entry: Entry, notDone: string): Promise<string> {
	const mark = await markOf(directory, entry, marking, directory.signingKey());
	if (mark) return mark.text;
	throw new DirectoryError({
		kind: 'conflict',
		message: `${entry.dn} does not bear this tool's mark any more; ${notDone}.`,
		whatToDo: 'Look who changed the account, then run again.',
	});
}
