/** A plan whole, one row for each value that changes: to be searched, filtered and kept. */
import { linesOf } from './lines';
import { inOrder, joinerNames } from './model';
import type { PlanWithoutDigest } from './head';
import { wholeWording, type Shown } from './values';
import { visible } from './visible';

const COLUMNS = [
	...['Risk', 'Lifecycle', 'Key', 'Person', 'Account', 'What', 'Attribute', 'Before', 'After'],
	...['Risk reasons', 'Reasons', 'Notes', 'Change', 'Plan'],
];

/** So that spreadsheet programs read UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** What a spreadsheet program calculates, wide forms included, also behind blanks and quotes (OWASP, CSV Injection). */
const FORMULA = /^(?:[\t\r\n\0]|[\s\0"]*[=+\-@\uff1d\uff0b\uff0d\uff20])/;
const SIGNS = '=+-@\uff1d\uff0b\uff0d\uff20';
/** What some of them take for the end of a cell, whatever the quotes say: German Excel cuts at semicolons. With all blanks and quotes around. */
const CELL_END = /[;\s\0"]+/g;

/** @returns RFC 4180, with a byte order mark; high risk first, as in the digest */
export function planCsv(plan: PlanWithoutDigest): string {
	const wording = wholeWording(joinerNames(plan.changes));
	const { high, low } = inOrder(plan.changes);
	const kind = plan.kind === 'undo' ? 'undo of ' : '';
	const records: string[] = [`${cells(COLUMNS)}\r\n`];
	for (const [risk, changes] of [['high', high] as const, ['low', low] as const])
		for (const change of changes) {
			const { key, displayName, target, riskReasons, reasons, notes } = change;
			const who = cells([risk, `${kind}${change.lifecycle}`, ...[key, displayName, target?.dn ?? ''].map(visible)]);
			const why = cells([
				...[riskReasons, reasons, notes].map((several) => visible(several.join('; '))),
				...[change.id, plan.id].map(visible),
			]);
			for (const { what, attribute, before, after } of linesOf(wording, change, plan.markAttribute))
				records.push(`${who},${cells([what, attribute, whole(before), whole(after)])},${why}\r\n`);
		}
	return BYTE_ORDER_MARK + records.join('');
}

/** One cell, quoted, and no formula: an apostrophe before it says that it is text. */
export function csvCell(text: string): string {
	if (/^[\p{L}\p{N}][\p{L}\p{N} .,:=@-]*$/u.test(text)) return `"${text}"`;
	const harmless = text.replace(CELL_END, (run: string, at: number) =>
		/[;\t\r\n]/.test(run) && isSign(text[at + run.length]) ? `${run}'` : run,
	);
	return `"${FORMULA.test(text) ? "'" : ''}${harmless.replaceAll('"', '""')}"`;
}

const isSign = (character: string | undefined): boolean => character !== undefined && SIGNS.includes(character);

const cells = (several: readonly string[]): string => several.map(csvCell).join(',');

function whole(value: Shown | null): string {
	if (value === null) return '';
	return value.detail === undefined ? value.text : `${value.text} [${value.detail}]`;
}
