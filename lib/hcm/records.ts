/** From the body of a reply to its rows. */
import type { HcmRecord } from '../contracts';
import { compileListPath, compilePath } from '../json/path';
import { HcmError } from './errors';
import { keyReader } from './keys';
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
export function compileRows({ recordsPath, unwrap, dependsOn, primaryKey }: Endpoint): Rows {
	const path = recordsPath.trim();
	const list = compileListPath(path);
	const one = compilePath(path);
	const isEmpty = compileEmpty(path);
	const keyOf = keyReader(primaryKey);
	const find = (body: unknown, xml: boolean, page: number): unknown[] | undefined => {
		// A list without entries is null in some replies, and an empty text where XML has an empty element.
		const at = path === '' ? undefined : one(body);
		if (at === null || (xml && at === '')) return [];
		// A reply about one person is the record itself, though it may hold a list, of telephone numbers for example.
		const whole = isObject(body) && (path === '$' || (path === '' && dependsOn !== '')) ? [body] : undefined;
		if (isObject(body) && path === '' && whole && keyOf(body) !== null) return whole;
		const found = path === '' ? onlyArray(body) : list(body);
		return found ?? whole ?? (isEmpty(body, xml, page) ? [] : undefined);
	};
	const unwrapped = compileUnwrap(unwrap);
	return (body, xml, call) => {
		// An empty body (HTTP 204) is how some servers say that there are no more.
		if (body === undefined) return [];
		const rows = find(body, xml, call.page);
		if (rows === undefined)
			throw new HcmError(
				`Endpoint "${call.endpoint}", page ${call.page}: no list of records stands at "${path || 'the root'}". The reply has ${describeShape(body)}.`,
				{ ...call, whatToDo: 'Correct the records path of the endpoint.' },
			);
		return rows.flatMap((row) => unwrapped(row, call)).map((row) => toRecord(row, call));
	};
}

/**
 * Tells an empty list from a wrong path where nothing stands at the path: the list before "[*]" has no entries; or in XML, where an element
 * for each record is all there is, the element around them is empty, or no first page.
 */
function compileEmpty(path: string): (body: unknown, xml: boolean, page: number) => boolean {
	const [, before] = /^(.*?)\[\*\]/.exec(path) ?? [];
	const listBefore = before === undefined ? () => undefined : compilePath(before);
	const [, around] = /^(.+)\.[\p{L}_][\p{L}\p{N}_-]*$/u.exec(path) ?? [];
	const elementAround = around === undefined ? () => undefined : compilePath(around);
	return (body, xml, page) => {
		const entries = listBefore(body);
		if (Array.isArray(entries) && entries.length === 0) return true;
		if (!xml) return false;
		const element = elementAround(body);
		if (element === '') return true;
		return isObject(element) && (page > 1 || Object.keys(element).every((name) => name.startsWith('@')));
	};
}

const isObject = (value: unknown): value is HcmRecord =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

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
				if (!isObject(row)) throw refuse(call, row, 'an id');
				return Object.entries(row).flatMap(([id, inside]): unknown[] => {
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
	if (isObject(row)) return row;
	throw new HcmError(
		`Endpoint "${call.endpoint}", page ${call.page}: a record is no object but ${JSON.stringify(row)?.slice(0, 60) ?? 'nothing'}.`,
		{ ...call, whatToDo: 'Correct the records path of the endpoint so that it leads to a list of objects.' },
	);
}

function describeShape(reply: unknown): string {
	if (Array.isArray(reply)) return 'a list';
	if (typeof reply !== 'object' || reply === null) return 'no fields';
	return `the fields ${Object.keys(reply).slice(0, 10).join(', ').slice(0, 300) || '(none)'}`;
}
