/**
 * All values of an attribute that the directory keeps no index of, read once. An OR-filter over such an attribute costs keys times objects, one
 * paged read costs objects alone (bench/directory.ts).
 */
import { pointNow, type Point } from '../changedSince';
import type { Directory } from '../directory';
import { textOf, textsOf } from '../entry';
import { equal, present } from '../filter';
import { guidOf } from './account';

export type KeyIndex = {
	/** GUIDs of all objects with the value, none when nobody has it; undefined = no longer known. */
	readonly guidsOf: (value: string) => readonly string[] | undefined;
	/** The value is about to be given or taken. */
	readonly forget: (value: string) => void;
	/** What was changed later is not in it; undefined = that cannot be told. */
	readonly point: Point | undefined;
};

/** Keys from which one pass over the domain is cheaper than OR-filters; measured, and the same whatever the size of the domain. */
export const WORTH_AN_INDEX = 500;

/** Attributes that every domain indexes (win32 ADSchema, searchFlags). */
const ALWAYS_INDEXED = new Set([
	'objectguid',
	'objectsid',
	'distinguishedname',
	'samaccountname',
	'userprincipalname',
	'mail',
]);
/** fATTINDEX (MS-ADTS 2.2.9). */
const INDEXED = 1;

/** @param attribute a name of an attribute @throws DirectoryError */
export async function isIndexed(directory: Directory, attribute: string): Promise<boolean> {
	if (ALWAYS_INDEXED.has(attribute.toLowerCase())) return true;
	const root = await directory.read('', ['schemaNamingContext']);
	const [schema] = await directory.search((root && textOf(root, 'schemaNamingContext')) ?? '', {
		scope: 'one',
		filter: equal('lDAPDisplayName', attribute),
		attributes: ['searchFlags'],
	});
	// What the domain does not have, it answers about at once.
	return !schema || (Number(textOf(schema, 'searchFlags') ?? 0) & INDEXED) !== 0;
}

/** @throws DirectoryError */
export async function readKeyIndex(directory: Directory, attribute: string): Promise<KeyIndex> {
	const { dn } = await directory.domain();
	const point = await pointNow(directory);
	const guids = new Map<string, string[]>();
	const forgotten = new Set<string>();
	const entries = await directory.search(dn, {
		scope: 'sub',
		filter: present(attribute),
		attributes: ['objectGUID', attribute],
	});
	for (const entry of entries) {
		for (const value of textsOf(entry, attribute)) {
			const key = value.toLowerCase();
			guids.set(key, [...(guids.get(key) ?? []), guidOf(entry)]);
		}
	}
	return {
		guidsOf: (value) => (forgotten.has(value.toLowerCase()) ? undefined : (guids.get(value.toLowerCase()) ?? [])),
		forget: (value) => forgotten.add(value.toLowerCase()),
		point,
	};
}
