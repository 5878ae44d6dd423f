/** From the body of a reply to its rows. */
import type { HcmRecord } from '../contracts';
import { compileListPath, compilePath } from '../json/path';
import { HcmError } from './errors';
import type { Endpoint } from './types';

export type Call = { readonly endpoint: string; readonly page: number };
/** `xml`: the body was read from XML, where nothing stands for an empty list. */
type Rows = (body: unknown, xml: boolean, call: Call) => HcmRecord[];

/**
 * Compiles how the rows of an endpoint are found.
 * @returns a function from the parsed body (undefined = an empty reply, which has no rows) to the rows; it throws HcmError where no list
 * stands, or a row is no object
 * @throws PathError
 */
export function compileRows({ recordsPath, unwrap, dependsOn }: Endpoint): Rows {
	const path = recordsPath.trim();
	const list = compileListPath(path);
	const one = compilePath(path);
	const find = (body: unknown, xml: boolean): unknown[] | undefined => {
		// A list without entries is null in some replies, and an empty text where XML has an empty element.
		const at = path === '' ? undefined : one(body);
		if (at === null || (xml && at === '')) return [];
		const found = path === '' ? onlyArray(body) : list(body);
		// A reply about one person is the record itself.
		const alone = path === '$' || (path === '' && dependsOn !== '');
		return found ?? (alone && typeof body === 'object' && body !== null ? [body] : undefined);
	};
	const unwrapped = compileUnwrap(unwrap);
	return (body, xml, call) => {
		// An empty body (HTTP 204) is how some servers say that there are no more.
		if (body === undefined) return [];
		const rows = find(body, xml);
		if (rows === undefined)
			throw new HcmError(
				`Endpoint "${call.endpoint}", page ${call.page}: no list of records stands at "${path || 'the root'}". The reply has ${describeShape(body)}.`,
				{ ...call, whatToDo: 'Correct the records path of the endpoint.' },
			);
		return rows.flatMap((row) => unwrapped(row, call)).map((row) => toRecord(row, call));
	};
}

/** The root array, or the only field that holds one. */
function onlyArray(reply: unknown): unknown[] | undefined {
	if (Array.isArray(reply)) return reply as unknown[];
	const arrays =
		typeof reply === 'object' && reply !== null
			? Object.values(reply).filter((value): value is unknown[] => Array.isArray(value))
			: [];
	return arrays.length === 1 ? arrays[0] : undefined;
}

function compileUnwrap(unwrap: Endpoint['unwrap']): (row: unknown, call: Call) => unknown[] {
	const refuse = (call: Call, row: unknown, wanted: string) =>
		new HcmError(
			`Endpoint "${call.endpoint}", page ${call.page}: a row is not wrapped in ${wanted}. It has ${describeShape(row)}.`,
			{ ...call, whatToDo: "Correct 'Unwrap Records' of the endpoint." },
		);
	switch (unwrap.type) {
		case 'none':
			return (row) => [row];
		case 'path': {
			const inner = compilePath(unwrap.path);
			return (row, call) => {
				const found = inner(row);
				if (found === undefined || found === null) throw refuse(call, row, `"${unwrap.path}"`);
				return [found];
			};
		}
		case 'idKey':
			return (row, call) => {
				if (typeof row !== 'object' || row === null || Array.isArray(row)) throw refuse(call, row, 'an id');
				return Object.entries(row as Readonly<Record<string, unknown>>).flatMap(([id, inside]): unknown[] => {
					const records: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
					return records.map((record) =>
						unwrap.idField === '' || typeof record !== 'object' || record === null
							? record
							: { ...record, [unwrap.idField]: id },
					);
				});
			};
	}
}

function toRecord(row: unknown, call: Call): HcmRecord {
	if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as HcmRecord;
	throw new HcmError(
		`Endpoint "${call.endpoint}", page ${call.page}: a record is no object but ${JSON.stringify(row)?.slice(0, 60) ?? 'nothing'}.`,
		{ ...call, whatToDo: 'Correct the records path of the endpoint so that it leads to a list of objects.' },
	);
}

function describeShape(reply: unknown): string {
	if (Array.isArray(reply)) return 'a list';
	if (typeof reply !== 'object' || reply === null) return 'no fields';
	return `the fields ${Object.keys(reply).slice(0, 10).join(', ') || '(none)'}`;
}
