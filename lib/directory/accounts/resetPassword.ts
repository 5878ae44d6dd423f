/** A new password for an account, given by an administrator's right and not by the old one. */
import type { AttributeChange } from '../../contracts';
import type { Modification } from '../connection';
import { textOf } from '../entry';
import { DirectoryError } from '../errors';
import type { PasswordOptions } from '../newPassword';
import { parseUserAccountControl } from '../userAccountControl';
import type { AccountResult, Lookup } from './account';
import { clearStaleMarks, locate, type AccountRun, type Located } from './locate';
import { lockoutOf } from './unlock';
import { writePassword } from './writePassword';

export type ResetOptions = { readonly password: PasswordOptions; readonly unlock: boolean };

/** What is read besides what every operation needs; for a `prefetch` of many. */
export const RESET_ATTRIBUTES = ['lockoutTime', 'pwdLastSet'] as const;

/** UF_DONT_EXPIRE_PASSWD (MS-SAMR 2.2.1.13). */
const PASSWORD_NEVER_EXPIRES = 0x10000;

/**
 * One Modify: the password, and with it what is to hold from then on. Nothing can be a condition of it, since it is sent again when its answer
 * gets lost; the account is read just before.
 * @throws DirectoryError
 */
export async function resetPassword(run: AccountRun, lookup: Lookup, options: ResetOptions): Promise<AccountResult> {
	const located = await locate(run, lookup, RESET_ATTRIBUTES);
	if ('outcome' in located) return located;
	const { account, dn, entry } = located;
	const { changes, besides } = whatElse(located, options);
	const delivered = await writePassword(run.directory, { dn, entry, besides }, options.password);
	const notes = notesOf(located, options);
	// The password is written and read nowhere: whatever happens now, it has to leave.
	await clearStaleMarks(run, located).catch((error: unknown) => {
		if (!(error instanceof DirectoryError)) throw error;
		notes.push(`A mark of an earlier leave is still there: ${error.message}`);
	});
	return { outcome: 'password reset', account, changes, notes, delivered };
}

/** What is written besides the password; the password itself is no change that anybody is shown. */
function whatElse(
	{ entry }: Located,
	{ password, unlock }: ResetOptions,
): { changes: AttributeChange[]; besides: Modification[] } {
	const changes: AttributeChange[] = [];
	const besides: Modification[] = [];
	if (password.mustChange) {
		const before = textOf(entry, 'pwdLastSet');
		if (before !== '0')
			changes.push({ attribute: 'pwdLastSet', from: before === undefined ? [] : [before], to: ['0'] });
	}
	const lockedSince = lockoutOf(textOf(entry, 'lockoutTime'));
	if (unlock && lockedSince !== undefined) {
		besides.push({ type: 'replace', attribute: 'lockoutTime', values: ['0'] });
		changes.push({ attribute: 'lockoutTime', from: [lockedSince], to: ['0'] });
	}
	return { changes, besides };
}

function notesOf({ entry, account }: Located, { password, unlock }: ResetOptions): string[] {
	const control = parseUserAccountControl(textOf(entry, 'userAccountControl'));
	return [
		...(account.enabled ? [] : ['The account is disabled and stays so.']),
		...(!unlock && lockoutOf(textOf(entry, 'lockoutTime')) !== undefined
			? ['The account has a record of a lockout, which stays: a new password alone does not unlock it.']
			: []),
		...(password.mustChange && (control & PASSWORD_NEVER_EXPIRES) !== 0
			? ['Its password is set never to expire, so the directory does not ask for a new one at the next logon.']
			: []),
	];
}
