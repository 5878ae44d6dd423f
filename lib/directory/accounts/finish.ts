/** The last steps of a new account: a password that counts, then enabling, which takes the mark away. */
import type { Modification } from '../connection';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { makeMark } from '../mark';
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
 * A fresh password for an account marked `pending`: nobody knows whether the old one was handed on. The account is to be read afresh then.
 * @returns fields for the result
 * @throws DirectoryError
 */
export async function renewPassword(
	run: AccountRun,
	entry: Entry,
	options: PasswordOptions,
): Promise<Readonly<Record<string, string>>> {
	const { directory, marking } = run;
	const { markAttribute, matchAttribute } = marking;
	const mark = await needMark(run, entry, 'its password was not changed');
	const dn = guidDn(guidOf(entry));
	const { domainGuid } = await directory.domain();
	const matchValue = textOf(entry, matchAttribute) ?? '';
	const subject = { state: 'pending', domainGuid, matchAttribute, matchValue } as const;
	// Another text of the same mark: of two runs that finish the account at once, only the one whose password it has can enable it.
	const instant = `${(await directory.now()).slice(0, 19)}.${String(directory.randomInt(1000)).padStart(3, '0')}Z`;
	const next = makeMark(directory.signingKey(), subject, instant);
	const besides: Modification[] =
		next === mark
			? onMark(markAttribute, mark)
			: [
					{ type: 'delete', attribute: markAttribute, values: [mark] },
					{ type: 'add', attribute: markAttribute, values: [next] },
				];
	const done = async () => {
		const now = next === mark ? undefined : await directory.read(dn, [markAttribute]);
		return now !== undefined && textsOf(now, markAttribute).includes(next);
	};
	return await writePassword(directory, { dn, entry, besides, done }, options);
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
