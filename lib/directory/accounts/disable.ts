/** Disabling an account, with the mark that says that this tool did it. */
import type { Directory } from '../directory';
import { textOf, textsOf } from '../entry';
import { guidDn } from '../guid';
import { looksLikeMark, makeMark } from '../mark';
import type { Protection } from '../protect';
import { disabled, isDisabled, parseUserAccountControl } from '../userAccountControl';
import {
	ambiguous,
	findByValue,
	guidOf,
	isUser,
	markOf,
	protectedAccount,
	readAgain,
	toAccount,
	type AccountResult,
	type Matching,
} from './account';
import { writeOnce } from './writeOnce';

/**
 * One conditional Modify: the disable bit and the mark `left` together. An account that is disabled already stays as it is, mark or none:
 * whoever disabled it keeps the say.
 * @throws DirectoryError
 */
export async function disableAccount(
	directory: Directory,
	guard: Protection,
	matching: Matching,
): Promise<AccountResult> {
	const signingKey = directory.signingKey();
	const found = await findByValue(directory, matching, []);
	const [entry] = found;
	if (!entry) return notFound(matching);
	if (found.length > 1 || !isUser(entry)) return ambiguous(found, matching);
	const account = toAccount(entry, await markOf(directory, entry, matching, signingKey));
	const reason = await guard.of(entry);
	if (reason) return protectedAccount(account, reason);
	const before = textOf(entry, 'userAccountControl') ?? '';
	const control = parseUserAccountControl(before);
	if (isDisabled(control))
		return { outcome: 'unchanged', account, changes: [], notes: ['The account was disabled already.'] };
	const dn = guidDn(guidOf(entry));
	const mark = makeMark(signingKey, { state: 'left', objectGuid: guidOf(entry) }, await directory.now());
	const stale = textsOf(entry, matching.markAttribute).filter(looksLikeMark);
	const after = String(disabled(control));
	await writeOnce(
		() =>
			directory.modify(dn, [
				{ type: 'delete', attribute: 'userAccountControl', values: [before] },
				{ type: 'add', attribute: 'userAccountControl', values: [after] },
				...(stale.length > 0 ? [{ type: 'delete' as const, attribute: matching.markAttribute, values: stale }] : []),
				{ type: 'add', attribute: matching.markAttribute, values: [mark] },
			]),
		async () => {
			const now = await readAgain(directory, dn, matching, []);
			return now !== undefined && textsOf(now, matching.markAttribute).includes(mark);
		},
	);
	return {
		outcome: 'disabled',
		account: { ...account, enabled: false, state: 'left' },
		changes: [{ attribute: 'userAccountControl', from: [before], to: [after] }],
		notes: [],
	};
}

export function notFound({ matchAttribute, matchValue }: Matching): AccountResult {
	return {
		outcome: 'not found',
		changes: [],
		notes: [],
		message: `No object in the domain has ${matchAttribute} "${matchValue}".`,
		whatToDo: 'Check the value, and that the service account may read the place where the account stands.',
	};
}
