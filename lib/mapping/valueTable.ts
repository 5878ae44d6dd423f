/** Value tables: what a value of the HR system becomes, as rows or pasted as CSV or JSON. */
import { parse } from 'csv-parse/sync';
import { cleanText } from '../schema/text';

export type TableRow = { readonly from: string; readonly to: string };

export type TableSettings = {
	readonly rows: readonly TableRow[];
	/** CSV with two columns, or JSON; '' = none. */
	readonly pasted: string;
	readonly ignoreCase: boolean;
	/** For values that the table does not have; undefined = `notInTable` says. */
	readonly fallback: string | undefined;
	readonly notInTable: 'reject' | 'keep' | 'empty';
};

export type TableResult = { readonly value: unknown } | { readonly empty: true } | { readonly fault: string };

export type ValueTable = {
	/** One value; an empty one stays empty and is not looked up. */
	readonly lookUp: (value: unknown) => TableResult;
	/** Everything that the table can give, each once, the fallback too. */
	readonly targets: () => readonly string[];
};

/** A table that cannot be read; the message names the line or the value. */
export class TableSettingsError extends Error {
	override readonly name = 'TableSettingsError';
}

const EMPTY: TableResult = { empty: true };
/** Characters; a table of a hundred thousand rows is no table that somebody pasted. */
const LONGEST_PASTE = 2_000_000;

/**
 * @throws TableSettingsError for pasted text that is no table, and for one value with two meanings
 */
export function compileTable(settings: TableSettings): ValueTable {
	const { rows, pasted, ignoreCase, fallback, notInTable } = settings;
	const keyOf = (text: string) => (ignoreCase ? cleanText(text).toLowerCase() : cleanText(text));
	const found = new Map<string, string>();
	add(found, parsePasted(pasted), keyOf);
	const own = new Map<string, string>();
	add(
		own,
		rows.filter(({ from }) => cleanText(from) !== ''),
		keyOf,
	);
	for (const [key, to] of own) found.set(key, to);
	const miss = (text: string): TableResult => {
		if (fallback !== undefined) return valued(fallback);
		if (notInTable === 'keep') return { value: text };
		if (notInTable === 'empty') return EMPTY;
		return { fault: `The value table has no row for "${text.slice(0, 100).toWellFormed()}". Add one, or a default.` };
	};
	return {
		lookUp: (value) => {
			if (value === undefined || value === null) return EMPTY;
			if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
				return { fault: 'A value table takes text; name one of the fields of the object.' };
			const text = cleanText(String(value));
			if (text === '') return EMPTY;
			const to = found.get(keyOf(text));
			return to === undefined ? miss(text) : valued(to);
		},
		targets: () => [...new Set([...found.values(), fallback ?? ''].map(cleanText))].filter((target) => target !== ''),
	};
}

const valued = (to: string): TableResult => (cleanText(to) === '' ? EMPTY : { value: to });

function add(table: Map<string, string>, rows: readonly TableRow[], keyOf: (text: string) => string): void {
	for (const { from, to } of rows) {
		const key = keyOf(from);
		const known = table.get(key);
		if (known !== undefined && known !== to)
			throw new TableSettingsError(`"${from}" stands twice, as "${known}" and as "${to}". Keep one of the rows.`);
		table.set(key, to);
	}
}

function parsePasted(pasted: string): readonly TableRow[] {
	const text = pasted.replace(/^\ufeff/, '').trim();
	if (text === '') return [];
	if (text.length > LONGEST_PASTE)
		throw new TableSettingsError(`The pasted table has ${text.length} characters, and ${LONGEST_PASTE} is the most.`);
	return /^[[{]/.test(text) ? parseJson(text) : parseCsv(text);
}

function parseJson(text: string): readonly TableRow[] {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw new TableSettingsError(`The pasted table is no JSON: ${error instanceof Error ? error.message : ''}.`);
	}
	const entries = Array.isArray(json) ? json.map(entryOf) : Object.entries(json as object);
	return entries.map(([from, to], index) => ({ from: cell(from, index), to: cell(to, index) }));
}

function entryOf(entry: unknown, index: number): readonly [unknown, unknown] {
	if (Array.isArray(entry) && entry.length === 2) return [entry[0], entry[1]];
	if (typeof entry === 'object' && entry !== null && 'from' in entry && 'to' in entry) return [entry.from, entry.to];
	throw new TableSettingsError(`Entry ${index + 1} of the pasted table is neither {"from": …, "to": …} nor a pair.`);
}

function cell(value: unknown, index: number): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (value === null) return '';
	throw new TableSettingsError(
		`Entry ${index + 1} of the pasted table holds a list or an object where text is needed.`,
	);
}

function parseCsv(text: string): readonly TableRow[] {
	const [head = ''] = text.split('\n', 1);
	const separator = ['\t', ';', ','].find((mark) => head.includes(mark)) ?? ';';
	let lines: string[][];
	try {
		lines = parse(text, { delimiter: separator, relax_column_count: true, skip_empty_lines: true, trim: true });
	} catch (error) {
		throw new TableSettingsError(`The pasted table is no CSV: ${error instanceof Error ? error.message : ''}.`);
	}
	const rows = lines.map((columns, index) => {
		if (columns.length !== 2)
			throw new TableSettingsError(
				`Row ${index + 1} of the pasted table has ${columns.length} columns, and two are needed.`,
			);
		return { from: columns[0] ?? '', to: columns[1] ?? '' };
	});
	const [first] = rows;
	return first && /^from$/i.test(first.from) && /^to$/i.test(first.to) ? rows.slice(1) : rows;
}
