/** Puts the rows of several endpoints together, person by person. */
import type { HcmRecord } from '../contracts';
import { placeNames } from '../json/path';
import { withPlace } from '../json/place';
import { keyReader, type KeyReader } from './keys';
import type { Endpoint, Join } from './types';

export type EndpointRows = { readonly endpoint: Endpoint; readonly rows: readonly HcmRecord[] };
export type Joined = { readonly records: readonly HcmRecord[]; readonly warnings: readonly string[] };

/**
 * The first endpoint says who there is; the others add to it.
 * @param first its rows, each key once
 * @param others in order; a later one's field stands over an earlier one's of the same name where they are spread
 * @returns one record for each person; `unmatched` decides about rows that belong to nobody of the first endpoint
 * @throws PathError
 */
export function joinRows(first: EndpointRows, others: readonly EndpointRows[], { as, unmatched }: Join): Joined {
	if (others.length === 0) return { records: first.rows, warnings: [] };
	const keyOf = joinKey(first.endpoint);
	const known = new Set(first.rows.map(keyOf));
	const groups = others.map((other) => ({ ...other, byKey: groupByKey(other, joinKey(other.endpoint)) }));
	const addTo = (record: HcmRecord, key: string | null): HcmRecord =>
		groups.reduce(
			(whole, { endpoint, byKey }) => add(whole, endpoint, (key === null ? [] : byKey.get(key)) ?? [], as),
			record,
		);
	const records = first.rows.map((row) => addTo(row, keyOf(row)));
	const strangers = groups.map(({ endpoint, byKey }) => ({
		name: endpoint.name,
		keys: [...byKey.keys()].filter((key) => !known.has(key)),
	}));
	if (unmatched === 'keep') {
		const place = placeNames(first.endpoint.joinOn || first.endpoint.primaryKey);
		for (const key of new Set(strangers.flatMap(({ keys }) => keys)))
			records.push(addTo(withPlace({}, place, key) as HcmRecord, key));
	}
	return {
		records,
		warnings: unmatched === 'report' ? strangers.flatMap((them) => reportOf(them, first.endpoint.name)) : [],
	};
}

const joinKey = ({ joinOn, primaryKey }: Endpoint): KeyReader => keyReader(joinOn || primaryKey);

function groupByKey({ rows }: EndpointRows, keyOf: KeyReader): ReadonlyMap<string, readonly HcmRecord[]> {
	const groups = new Map<string, HcmRecord[]>();
	for (const row of rows) {
		const key = keyOf(row);
		if (key === null) continue;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return groups;
}

function add(record: HcmRecord, { name, several }: Endpoint, rows: readonly HcmRecord[], as: Join['as']): HcmRecord {
	// A list cannot be spread over one record.
	if (several) return { ...record, [name]: rows };
	const [row] = rows;
	if (as === 'spread') return row === undefined ? record : { ...record, ...row };
	return { ...record, [name]: row ?? null };
}

function reportOf(
	{ name, keys }: { readonly name: string; readonly keys: readonly string[] },
	first: string,
): string[] {
	if (keys.length === 0) return [];
	const some = `${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', ...' : ''}`;
	return [
		`"${name}" has ${keys.length} ${keys.length === 1 ? 'person' : 'people'} that "${first}" does not have: ${some}`,
	];
}
