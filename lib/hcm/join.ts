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
 * @returns one record for each person, whose key stays the first endpoint's; `unmatched` decides about rows that belong to nobody of the
 * first endpoint
 * @throws PathError
 */
export function joinRows(first: EndpointRows, others: readonly EndpointRows[], { as, unmatched }: Join): Joined {
	if (others.length === 0) return { records: first.rows, warnings: [] };
	const keyOf = joinKey(first.endpoint);
	const keep = as === 'spread' ? keyFields(first.endpoint) : [];
	const known = new Set(first.rows.map(keyOf));
	const groups = others.map((other) => ({ ...other, byKey: groupByKey(other, joinKey(other.endpoint)) }));
	const addTo = (record: HcmRecord, key: string | null): HcmRecord =>
		groups.reduce(
			(whole, { endpoint, byKey }) => add(whole, endpoint, (key === null ? [] : byKey.get(key)) ?? [], as, keep),
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
	const reported = unmatched === 'report' ? strangers.flatMap((them) => reportOf(them, first.endpoint.name)) : [];
	return { records, warnings: [...reported, ...groups.flatMap(lossesOf)] };
}

/** The fields that the first endpoint's keys stand in: another list's "id" may be that of a contract and not of the person. */
function keyFields({ primaryKey, joinOn }: Endpoint): string[] {
	return [primaryKey, joinOn].filter((path) => path.trim() !== '').flatMap((path) => placeNames(path)[0] ?? []);
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

function add(
	record: HcmRecord,
	{ name, several }: Endpoint,
	rows: readonly HcmRecord[],
	as: Join['as'],
	keep: readonly string[],
): HcmRecord {
	// A list cannot be spread over one record.
	if (several) return { ...record, [name]: rows };
	const [row] = rows;
	if (as === 'spread')
		return row === undefined
			? record
			: { ...record, ...row, ...Object.fromEntries(keep.map((field) => [field, record[field]])) };
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

/** Rows that no record has in the end: they say nothing of whose they are, or there is room for one of several. */
function lossesOf({
	endpoint: { name, several, joinOn, primaryKey },
	rows,
	byKey,
}: EndpointRows & { readonly byKey: ReadonlyMap<string, readonly HcmRecord[]> }): string[] {
	const groups = [...byKey.values()];
	const nobodys = rows.length - groups.reduce((sum, group) => sum + group.length, 0);
	const crowded = several ? 0 : groups.filter(({ length }) => length > 1).length;
	return [
		...(nobodys > 0 ? [`${nobodys} rows of "${name}" have no ${joinOn || primaryKey} and belong to nobody`] : []),
		...(crowded > 0
			? [
					`"${name}" has several rows for ${crowded} people, and only the first of each is used: switch on 'Several per Person'`,
				]
			: []),
	];
}
