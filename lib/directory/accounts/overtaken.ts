/**
 * Marks that somebody has overtaken: an administrator enabled the account by hand and disabled it again, while the mark of an earlier leave
 * still stood there. It is genuine, and says nothing about why the account is disabled now.
 */
import { lastWritten, USER_ACCOUNT_CONTROL } from '../attributeChanges';
import type { Directory } from '../directory';
import { bytesOf } from '../entry';
import type { Mark } from '../mark';

/** Between the instant in a mark and the Modify that carries it lie a few requests, each of which may take its time. */
const SLACK_MS = 120_000;

/**
 * @param dn of an account that is disabled
 * @returns whether userAccountControl was written after the mark; false where the directory does not let that be read
 * @throws DirectoryError
 */
export async function isOvertaken(directory: Directory, dn: string, { at }: Mark): Promise<boolean> {
	const entry = await directory.read(dn, ['replPropertyMetaData']);
	const bytes = entry && bytesOf(entry, 'replPropertyMetaData');
	const written = bytes && lastWritten(bytes, USER_ACCOUNT_CONTROL);
	return written !== undefined && written > Date.parse(at) + SLACK_MS;
}
