/**
 * Marks that somebody has overtaken: an administrator enabled the account by hand and disabled it again, while the mark of an earlier leave
 * still stood there. It is genuine, and says nothing about why the account is disabled now.
 */
import { changesOf, USER_ACCOUNT_CONTROL } from '../attributeChanges';
import { attributeTypes } from '../attributeTypes';
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
export async function isOvertaken(
	directory: Directory,
	dn: string,
	mark: Mark,
	markAttribute: string,
): Promise<boolean> {
	const entry = await directory.read(dn, ['replPropertyMetaData']);
	const bytes = entry && bytesOf(entry, 'replPropertyMetaData');
	if (bytes === undefined || !isOvertakenBy(bytes, mark, undefined)) return false;
	const types = await attributeTypes(directory, [markAttribute]);
	return isOvertakenBy(bytes, mark, types.get(markAttribute.toLowerCase()));
}

/**
 * A mark counts as long as userAccountControl was not written after its instant. An undo puts an old mark back, with its old instant: it was
 * written in one transaction with userAccountControl, which whoever enables and disables by hand does not do.
 * @param bytes value of replPropertyMetaData of an account that is disabled
 * @param markType ATTRTYP of the attribute that the mark stands in; undefined = not known
 */
export function isOvertakenBy(bytes: Buffer, { at }: Mark, markType: number | undefined): boolean {
	const changes = changesOf(bytes);
	const control = changes.get(USER_ACCOUNT_CONTROL);
	if (control === undefined || control.at <= Date.parse(at) + SLACK_MS) return false;
	const marked = markType === undefined ? undefined : changes.get(markType);
	const together = marked?.usnOriginating === control.usnOriginating && marked.invocationId === control.invocationId;
	return !together;
}
