/** The digest as plain text: for logs, tickets and mail without HTML. A line has about 100 characters. */
import type { Line } from './lines';
import { cutWords, type DigestModel, type Row } from './model';
import type { Shown } from './values';

const WIDTH = 100;
const INDENT = '  ';
const WHAT_WIDTH = 15;
const ATTRIBUTE_WIDTH = 26;
/** What stands between the columns. */
const GAP = 2;

/** @returns lines with `\n` between them */
export function digestText(model: DigestModel): string {
	const nameWidth = Math.max(...model.facts.map(({ name }) => name.length)) + 1;
	const cut = cutWords(model);
	return [
		...wrapped(model.title, ''),
		...model.alarms.flatMap((alarm) => wrapped(`!! ${alarm}`, '   ')),
		'',
		...model.facts.flatMap(({ name, text }) =>
			wrapped(`${`${name}:`.padEnd(nameWidth)} ${text}`, ' '.repeat(nameWidth + 1)),
		),
		...model.rows.flatMap((row) => ['', ...rowLines(row)]),
		...(cut === '' ? [] : ['', ...wrapped(cut, '')]),
		...(model.notes.length === 0 ? [] : ['', 'Notes']),
		...model.notes.flatMap((note) => wrapped(`- ${note}`, INDENT)),
		'',
	].join('\n');
}

function rowLines(row: Row): readonly string[] {
	const risk = row.risk === 'high' ? ', HIGH RISK' : '';
	const more = [
		...(row.account === '' ? [] : [row.account]),
		...(row.riskReasons.length === 0 ? [] : [`Risk: ${row.riskReasons.join('; ')}`]),
		...(row.reasons.length === 0 ? [] : [`Why: ${row.reasons.join('; ')}`]),
		...row.notes.map((note) => `Note: ${note}`),
	];
	const widths = [
		widest(row.lines, (line) => line.what, WHAT_WIDTH),
		widest(row.lines, (line) => line.attribute, ATTRIBUTE_WIDTH),
	] as const;
	return [
		...wrapped(`${row.person} (${row.key}): ${row.kind}${risk}`, INDENT),
		...more.flatMap((text) => wrapped(INDENT + text, INDENT + INDENT)),
		...row.lines.flatMap((line) => valueLines(line, widths)),
	];
}

const widest = (lines: readonly Line[], cell: (line: Line) => string, most: number): number =>
	Math.min(most, Math.max(0, ...lines.map((line) => cell(line).length)));

function valueLines(line: Line, [what, attribute]: readonly [number, number]): readonly string[] {
	const start = `${INDENT}${line.what.padEnd(what + GAP)}${line.attribute.padEnd(attribute + GAP)}`;
	const below = ' '.repeat(INDENT.length + what + attribute + 2 * GAP);
	const [before, after] = [line.before && inFull(line.before), line.after && inFull(line.after)];
	if (before === null) return wrapped(start + (after ?? ''), below);
	if (after === null) return wrapped(start + before, below);
	const one = `${start}${before} -> ${after}`;
	return one.length <= WIDTH
		? [one]
		: [...wrapped(start + before, below), ...wrapped(`${below}-> ${after}`, `${below}   `)];
}

/** The distinguished name in brackets behind the name. */
function inFull({ text, detail }: Shown): string {
	return detail === undefined ? text : `${text} [${detail}]`;
}

/** Broken behind blanks, and between the parts of a distinguished name; a word that is too long stays whole. */
function wrapped(text: string, hang: string): readonly string[] {
	if (text.length <= WIDTH) return [text.trimEnd()];
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(/(?<= )(?! )|(?<=,)(?=[A-Za-z]+=)/)) {
		if (line.trim() !== '' && (line + word).trimEnd().length > WIDTH) {
			lines.push(line.trimEnd());
			line = hang;
		}
		line += word;
	}
	return [...lines, line.trimEnd()];
}
