/** Ending a lockout that wrong passwords brought on. */
import { textOf } from '../entry';
import { readAgain, type AccountResult, type Lookup } from './account';
import { locate, staleMarks, type AccountRun } from './locate';
import { writeOnce } from './writeOnce';

const COMPUTED = 'msDS-User-Account-Control-Computed';
/** What is read besides what every operation needs; for a `prefetch` of many. */
export const UNLOCK_ATTRIBUTES = ['lockoutTime', COMPUTED] as const;
/** UF_LOCKOUT, right in the computed attribute only (MS-ADTS 3.1.1.4.5.17). */
const LOCKED = 0x10;

/** The time of the lockout, where there is one: it stays after a lockout has ended by itself (win32, a-lockouttime). */
export function lockoutOf(lockoutTime: string | undefined): string | undefined {
	return lockoutTime === undefined || lockoutTime === '0' ? undefined : lockoutTime;
}

/** @throws DirectoryError */
export async function unlockAccount(run: AccountRun, lookup: Lookup): Promise<AccountResult> {
	const { directory, marking } = run;
	const located = await locate(run, lookup, UNLOCK_ATTRIBUTES);
	if ('outcome' in located) return located;
	const { entry, account, dn } = located;
	const since = lockoutOf(textOf(entry, 'lockoutTime'));
	if (since === undefined)
		return { outcome: 'unchanged', account, changes: [], notes: ['The account was not locked out.'] };
	await writeOnce(
		// 0 is the only value that it may be set to, and says the same each time (MS-ADTS 3.1.1.5.3.2).
		() =>
			directory.modify(dn, [{ type: 'replace', attribute: 'lockoutTime', values: ['0'] }, ...staleMarks(run, located)]),
		async () => {
			const now = await readAgain(directory, dn, marking, ['lockoutTime']);
			return now !== undefined && lockoutOf(textOf(now, 'lockoutTime')) === undefined;
		},
	);
	const locked = (Number(textOf(entry, COMPUTED) ?? 0) & LOCKED) !== 0;
	return {
		outcome: 'updated',
		account,
		changes: [{ attribute: 'lockoutTime', from: [since], to: ['0'] }],
		notes: locked ? [] : ['The lockout had ended by itself already; the record of it was cleared.'],
	};
}
