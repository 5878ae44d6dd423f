/** CSV replies: report exports of HR systems (RFC 4180, with the delimiters that spreadsheet programs use). */
import { CsvError, parse } from 'csv-parse/sync';
import { CUT_ADVICE, CUT_REASON, FormatFault } from './formatFault';

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * @param text with a header row; comma, semicolon or tab, whichever stands most often in that row
 * @returns one object for each row, every value as text
 * @throws FormatFault naming the line, for a row with too many or too few columns, for quotation marks in the wrong place, and
 * for a header row with an empty name or the same name twice
 */
export function readCsv(text: string): Record<string, string>[] {
	const { delimiter, skip } = delimiterOf(text.replace(/^\uFEFF/, ''));
	let rows: string[][];
	try {
		rows = parse(text, { bom: true, delimiter, skip_empty_lines: true, from_line: skip + 1 });
	} catch (error) {
		throw fault(error);
	}
	const [header, ...body] = rows;
	if (header === undefined) return [];
	const names = namesOf(header);
	// fromEntries makes a plain field of any name, __proto__ too.
	return body.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

function namesOf(header: readonly string[]): string[] {
	const names = header.map((name) => name.trim());
	const empty = names.indexOf('');
	if (empty !== -1) {
		throw new FormatFault(
			`column ${empty + 1} of the CSV has no name in the header row`,
			'Let the report write a header row with a name for each column.',
		);
	}
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw new FormatFault(
			`two columns of the CSV are called "${twice.slice(0, 100)}"`,
			'Give each column of the report a name of its own.',
		);
	}
	return names;
}

/** Excel may write the delimiter into a line of its own, "sep=;". */
function delimiterOf(text: string): { delimiter: string; skip: number } {
	const named = /^sep=([,;\t])\r?\n/i.exec(text)?.[1];
	if (named !== undefined) return { delimiter: named, skip: 1 };
	const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]));
	let quotes = false;
	for (const character of firstLine(text)) {
		if (character === '"') quotes = !quotes;
		else if (!quotes && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
	}
	const [most] = [...counts].sort(([, left], [, right]) => right - left);
	return { delimiter: most?.[0] ?? ',', skip: 0 };
}

/** Up to the first line break outside quotation marks. */
function firstLine(text: string): string {
	let quotes = false;
	for (let at = 0; at < text.length; at += 1) {
		const character = text.charAt(at);
		if (character === '"') quotes = !quotes;
		else if (!quotes && (character === '\n' || character === '\r')) return text.slice(0, at);
	}
	return text;
}

function fault(error: unknown): FormatFault {
	if (!(error instanceof CsvError)) return new FormatFault('the reply is no CSV', 'Check the Response Format.');
	const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
	if (error.code === 'CSV_QUOTE_NOT_CLOSED') return new FormatFault(CUT_REASON, CUT_ADVICE, true);
	if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
		const record: unknown = error['record'];
		return new FormatFault(
			`line ${line} of the CSV has ${Array.isArray(record) ? record.length : 'another number of'} columns, unlike the header row`,
			'Values that hold the delimiter must stand in quotation marks: correct the report.',
		);
	}
	return new FormatFault(
		`line ${line} of the CSV has quotation marks in the wrong place`,
		'Quotation marks inside a value are doubled, and the value is quoted: correct the report.',
	);
}
