/** Numbers of attributes as a live domain has them. */
import { isAttributeName } from '../schema/attributeName';
import { attributeType } from './attributeIds';
import type { Directory } from './directory';
import { textOf, type Entry } from './entry';
import { anyOf, equal } from './filter';

/**
 * ATTRTYP by name, for writtenSince and overtaken marks. The schema is asked only for what not every forest has: such an attribute has a number
 * of its own there, msDS-IntId (MS-ADTS 3.1.1.2.6), else its object identifier says it.
 * @returns by name in lower case; what has none that can be known is missing
 * @throws DirectoryError
 */
export async function attributeTypes(
	directory: Pick<Directory, 'read' | 'search'>,
	names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
	const types = new Map<string, number>();
	const open: string[] = [];
	for (const name of new Set(names.map((each) => each.toLowerCase()))) {
		const type = attributeType(name);
		if (type !== undefined) types.set(name, type);
		else if (isAttributeName(name)) open.push(name);
	}
	if (open.length === 0) return types;
	const root = await directory.read('', ['schemaNamingContext']);
	const entries = await directory.search((root && textOf(root, 'schemaNamingContext')) ?? '', {
		scope: 'one',
		filter: anyOf(open.map((name) => equal('lDAPDisplayName', name))),
		attributes: ['lDAPDisplayName', 'attributeID', 'msDS-IntId'],
	});
	for (const entry of entries) {
		const type = typeOf(entry);
		if (type !== undefined) types.set((textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase(), type);
	}
	return types;
}

/** The schema writes the number as a signed one. */
function typeOf(entry: Entry): number | undefined {
	const own = textOf(entry, 'msDS-IntId');
	return own === undefined ? attributeType(textOf(entry, 'attributeID') ?? '') : Number(own) >>> 0;
}
