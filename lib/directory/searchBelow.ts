/** Lists: a search below a base that an operator named, or below the credential's own. */
import type { Directory } from './directory';
import type { Entry } from './entry';
import { DirectoryError } from './errors';
import type { SearchRequest } from './requests';

const NOT_THERE: ReadonlySet<number> = new Set([32, 34]);

/**
 * @param base distinguished name; '' or undefined = the search base of the credential
 * @throws DirectoryError (configuration) for a base that does not exist
 */
export async function searchBelow(
	directory: Directory,
	base: string | undefined,
	request: SearchRequest,
): Promise<Entry[]> {
	const from = base === undefined || base === '' ? await directory.searchBase() : base;
	try {
		return await directory.search(from, request);
	} catch (error) {
		if (!(error instanceof DirectoryError) || !NOT_THERE.has(error.code ?? 0)) throw error;
		const { code, win32, said } = error;
		throw new DirectoryError({
			kind: 'configuration',
			message: `There is nothing to search in: "${from}" does not exist, or is no distinguished name.`,
			whatToDo: 'Check the search base, here or in the credential.',
			...(code === undefined ? {} : { code }),
			...(win32 === undefined ? {} : { win32 }),
			...(said === undefined ? {} : { said }),
		});
	}
}
