/** Objects of the whole domain by the values that they have, many at once. */
import { isIndexed, WORTH_AN_INDEX } from '../../directory/accounts/keyIndex';
import { comparable, DISTINGUISHED_NAME, GUID, usable } from '../../directory/accounts/lookups';
import type { Directory } from '../../directory/directory';
import { bytesOf, textsOf, type Entry } from '../../directory/entry';
import { allOf, anyOf, equal, present, type Filter } from '../../directory/filter';
import { BATCH, inPieces } from '../../directory/groups/memberNames';

/** One text for each GUID, cheaper than its usual form. */
export function guidKey(entry: Entry): string {
	return bytesOf(entry, GUID)?.toString('latin1') ?? '';
}

/**
 * Many values of an attribute that the directory keeps no index of are looked for in one pass over the domain, which costs objects, not objects
 * times values.
 * @throws DirectoryError
 */
export async function findByValues(
	directory: Directory,
	attribute: string,
	values: readonly string[],
	attributes: readonly string[],
): Promise<readonly Entry[]> {
	const lookups = new Map(values.flatMap((value) => usable({ attribute, value })).map((each) => [each.key, each]));
	if (lookups.size === 0) return [];
	const wanted = [...new Set([...attributes, attribute, GUID])];
	const special = [GUID, DISTINGUISHED_NAME].some((name) => name.toLowerCase() === attribute.toLowerCase());
	const passes = lookups.size > WORTH_AN_INDEX && !special && !(await isIndexed(directory, attribute));
	const filters = passes
		? await guidFilters(directory, attribute, new Set([...lookups.values()].map(({ value }) => comparable(value))))
		: [...lookups.values()].map(({ filter }) => filter);
	return await searchAny(directory, filters, wanted);
}

export type Where = {
	/** Absent = the whole domain. */
	readonly base?: { readonly dn: string; readonly scope: 'one' | 'sub' };
	/** What they must be besides. */
	readonly only?: Filter;
};

/** Objects that one of the filters takes, each once. @throws DirectoryError */
export async function searchAny(
	directory: Pick<Directory, 'search' | 'domain'>,
	filters: readonly Filter[],
	attributes: readonly string[],
	{ base, only }: Where = {},
): Promise<readonly Entry[]> {
	if (filters.length === 0) return [];
	const { dn, scope } = base ?? { dn: (await directory.domain()).dn, scope: 'sub' as const };
	const found = new Map<string, Entry>();
	for (const batch of inPieces(filters, BATCH)) {
		const filter = only ? allOf([only, anyOf(batch)]) : anyOf(batch);
		for (const entry of await directory.search(dn, { scope, filter, attributes })) found.set(guidKey(entry), entry);
	}
	return [...found.values()];
}

/** The pass reads no more than it must; whom it finds, which are few, are then read by GUID. */
async function guidFilters(directory: Directory, attribute: string, wanted: ReadonlySet<string>): Promise<Filter[]> {
	const { dn } = await directory.domain();
	const all = await directory.search(dn, { scope: 'sub', filter: present(attribute), attributes: [GUID, attribute] });
	return all
		.filter((entry) => textsOf(entry, attribute).some((text) => wanted.has(comparable(text))))
		.flatMap((entry) => bytesOf(entry, GUID) ?? [])
		.map((guid) => equal(GUID, guid));
}
