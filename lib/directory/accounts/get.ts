/** Looking a person's account up. Writes nothing and needs no signing key. */
import type { Directory } from '../directory';
import { ambiguous, findByValue, isUser, markOf, toAccount, type AccountResult, type Matching } from './account';
import { notFound } from './disable';

/**
 * @param signingKey '' when the credential has none: the account's state then is null
 * @throws DirectoryError
 */
export async function getAccount(directory: Directory, matching: Matching, signingKey: string): Promise<AccountResult> {
	const found = await findByValue(directory, matching, []);
	const [entry] = found;
	if (!entry) return notFound(matching);
	if (found.length > 1 || !isUser(entry)) return ambiguous(found, matching);
	const mark = signingKey === '' ? undefined : await markOf(directory, entry, matching, signingKey);
	return { outcome: 'found', account: toAccount(entry, mark), changes: [], notes: [] };
}
