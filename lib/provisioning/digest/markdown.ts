/** The digest as Markdown, for chats and tickets (GitHub Flavored Markdown; what Slack takes for syntax is harmless as well). */
import type { Line } from './lines';
import { cutWords, type DigestModel, type Row } from './model';
import type { Shown } from './values';

/** Breaks what would become a link, a mention, a reference or an emoji, and is not seen. */
const BREAK = '\u200b';

/**
 * Text that stays text. Entities for what both GitHub and Slack read as such, a backslash before other punctuation that means something (GFM
 * 0.29, section 6.1), and a break in what is linked without any markup: addresses (6.9), `@name`, `#12`, `:word:`, names of hosts.
 */
export function escapeMarkdown(text: string): string {
	if (/^[A-Za-z][A-Za-z0-9 (),=]*$/.test(text)) return text;
	return text
		.replace(/[\\`*_[\]#|~$!]/g, '\\$&')
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/[@#:$](?=\S)/g, `$&${BREAK}`)
		.replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, `${BREAK}.`)
		.replace(/^(\s*)([-+=]|\d+[.)])/, escapeStart)
		.replace(/[\r\n]+/g, ' ');
}

/** What begins a list or underlines a heading. */
function escapeStart(_all: string, blanks: string, sign: string): string {
	return `${blanks}${sign.slice(0, -1)}\\${sign.slice(-1)}`;
}

/** @returns lines with `\n` between them */
export function digestMarkdown(model: DigestModel): string {
	const cut = cutWords(model);
	return [
		`### ${escapeMarkdown(model.title)}`,
		'',
		...model.alarms.flatMap((alarm) => [`**${escapeMarkdown(alarm)}**`, '']),
		...model.facts.map(({ name, text }) => `- **${name}:** ${escapeMarkdown(text)}`),
		'',
		...(model.rows.length === 0 ? [] : ['| Person | What | Attribute | Before | After |', '|---|---|---|---|---|']),
		...model.rows.flatMap(rowLines),
		...(cut === '' ? [] : ['', escapeMarkdown(cut)]),
		...(model.notes.length === 0 ? [] : ['', '**Notes**', '']),
		...model.notes.map((note) => `- ${escapeMarkdown(note)}`),
		'',
	].join('\n');
}

function rowLines(row: Row): readonly string[] {
	const risk = row.risk === 'high' ? ', **HIGH RISK**' : '';
	const more = [
		...(row.riskReasons.length === 0 ? [] : [`Risk: ${row.riskReasons.join('; ')}`]),
		...(row.reasons.length === 0 ? [] : [`Why: ${row.reasons.join('; ')}`]),
		...row.notes.map((note) => `Note: ${note}`),
		...(row.account === '' ? [] : [row.account]),
	].map(escapeMarkdown);
	const who = `**${escapeMarkdown(row.person)}** (${escapeMarkdown(row.key)}), ${row.kind}${risk}`;
	const [first, ...others] = row.lines;
	return [
		tableRow([[who, ...more].join('<br>'), ...(first ? cells(first) : ['', '', '', ''])]),
		...others.map((line) => tableRow(['', ...cells(line)])),
	];
}

function cells(line: Line): readonly string[] {
	return [line.what, escapeMarkdown(line.attribute), valueCell(line.before), valueCell(line.after)];
}

function valueCell(value: Shown | null): string {
	if (value === null) return '';
	const text = escapeMarkdown(value.text);
	return value.detail === undefined ? text : `${text}<br>${escapeMarkdown(value.detail)}`;
}

const tableRow = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
