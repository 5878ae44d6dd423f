/** Objects as people and other objects name them: by distinguished name or GUID, many at once. */
import { guidDnIn, guidToBytes } from '../../directory/guid';
import type { Directory } from '../../directory/directory';
import type { Entry } from '../../directory/entry';
import { equal, type Filter } from '../../directory/filter';
import { isObjectName, safeDnKey } from '../../schema/dn';
import { guidKey, searchAny, type Where } from './liveFind';

/**
 * Objects of the domain by distinguished name, each once; those that are not there, or are of another domain, are missing.
 * @throws DirectoryError
 */
export async function readNamed(
	directory: Directory,
	names: readonly string[],
	attributes: readonly string[],
): Promise<readonly Entry[]> {
	const unique = new Map(names.map((name) => [safeDnKey(name), name]));
	return await searchAny(
		directory,
		[...unique.values()].flatMap((name) => directFilter(name) ?? []),
		attributes,
	);
}

/**
 * By what is found under the names that say which object is meant, whatever it is called.
 * @returns a look-up by such a name; undefined for other texts, and where there is none
 * @throws DirectoryError
 */
export async function readDirect(
	directory: Directory,
	names: readonly string[],
	attributes: readonly string[],
	where: Where,
): Promise<(name: string) => Entry | undefined> {
	const filters = names.flatMap((name) => directFilter(name) ?? []);
	return directIndex(await searchAny(directory, filters, attributes, where));
}

/** The same for entries that are in memory. */
export function directIndex(entries: readonly Entry[]): (name: string) => Entry | undefined {
	const byName = new Map(entries.map((entry) => [safeDnKey(entry.dn), entry]));
	const byGuid = new Map(entries.map((entry) => [guidKey(entry), entry]));
	return (name) => {
		const bytes = guidIn(name);
		return bytes ? byGuid.get(bytes.toString('latin1')) : byName.get(safeDnKey(name.trim()));
	};
}

/** What is no distinguished name at all, a server may refuse with the whole filter. Samba ends a value at NUL. */
function directFilter(name: string): Filter | undefined {
	const bytes = guidIn(name);
	if (bytes) return equal('objectGUID', bytes);
	return isObjectName(name) && !name.includes('\u0000') ? equal('distinguishedName', name.trim()) : undefined;
}

function guidIn(text: string): Buffer | undefined {
	const named = guidDnIn(text.trim());
	return named === undefined ? undefined : guidToBytes(named.replace(/^<GUID=(.*)>$/i, '$1'));
}
