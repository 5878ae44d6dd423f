/** Who a row is about. */
import type { HcmRecord } from '../contracts';
import { comparableJson } from '../json/canonical';
import { compilePath } from '../json/path';
import type { Endpoint } from './types';

export type KeyReader = (row: HcmRecord) => string | null;

/** Keys are compared as trimmed text, because one endpoint gives 17 and another "17 ". */
export function toKey(value: unknown): string | null {
	const text =
		typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value).trim() : '';
	return text === '' ? null : text;
}

/** @returns reads the key at a path; null = the row has none @throws PathError */
export function keyReader(path: string): KeyReader {
	const read = compilePath(path);
	return (row) => toKey(read(row));
}

/**
 * What tells the rows of an endpoint apart. Where a person may have several rows, the same one (a team, a group) stands for many people: it is
 * told apart together with whose it is, and by all that it says where nothing else says whose.
 * @throws PathError
 */
export function identityReader({ primaryKey, several, joinOn }: Endpoint): KeyReader {
	const key = keyReader(primaryKey);
	if (!several) return key;
	if (joinOn.trim() === '' || plain(joinOn) === plain(primaryKey))
		return (row) => (key(row) === null ? null : comparableJson(row));
	const owner = keyReader(joinOn);
	return (row) => {
		const [own, whose] = [key(row), owner(row)];
		return own === null || whose === null ? null : JSON.stringify([whose, own]);
	};
}

/** "$.id" and "id" are one field. */
const plain = (path: string) => path.trim().replace(/^\$\./, '');

/**
 * What tells the rows apart that an endpoint gives for one row of another: what says whose they are may be copied from there only later, and
 * until then all that they say tells them apart.
 * @throws PathError
 */
export function identityWithin(endpoint: Endpoint): KeyReader {
	const identity = identityReader(endpoint);
	return endpoint.several ? (row) => identity(row) ?? comparableJson(row) : identity;
}

export type Unique = {
	readonly records: readonly HcmRecord[];
	readonly duplicates: number;
	readonly withoutKey: number;
};

/** The first row of each key. Rows without a key are left out: nobody could tell whose they are. */
export function unique(rows: readonly HcmRecord[], keyOf: KeyReader): Unique {
	const seen = new Set<string>();
	const records: HcmRecord[] = [];
	let withoutKey = 0;
	for (const row of rows) {
		const key = keyOf(row);
		if (key === null) withoutKey += 1;
		else if (!seen.has(key)) {
			seen.add(key);
			records.push(row);
		}
	}
	return { records, duplicates: rows.length - records.length - withoutKey, withoutKey };
}
