/**
 * The digest as HTML for mail. Tables and inline styles only, since mail programs keep little else (Outlook draws with Word's engine, Gmail
 * drops style sheets of forwarded mail), nothing from outside, and colours that are read on white and on black alike: what has a background
 * has a text colour, all else takes both from the reader's program.
 */
import type { Lifecycle } from '../../contracts';
import type { Line } from './lines';
import { escapeHtml } from './html';
import { cutWords, shortened, type DigestModel, type Row } from './model';
import type { Shown } from './values';

/** Gmail shows the first 102 KB of a message, and the rest behind a link. */
const GMAIL_SHOWS = 102 * 1024;
/** Head, notes, and what a mail node puts around. */
const SPARE = 4 * 1024;

/** 4.5 : 1 against white and against black (WCAG 2.2, 1.4.3). */
const QUIET = 'color:#767676';
const RED = '#cf222e';
const COLOURS: Readonly<Record<Lifecycle, string>> = {
	joiner: '#1a7f37',
	leaver: RED,
	mover: '#0969da',
	rehire: '#8250df',
};

/**
 * @returns a whole document, and the model of what stands in it: as many people as a mail program shows of one message, and all with a high risk
 */
export function digestMail(model: DigestModel): { readonly html: string; readonly shown: DigestModel } {
	const rows = model.rows.map(rowHtml);
	const shown = shortened(model, rowsThatFit(rows, Buffer.byteLength(documentHtml(model, []))));
	return { html: documentHtml(shown, rows.slice(0, shown.rows.length)), shown };
}

function rowsThatFit(rows: readonly string[], others: number): number {
	let room = GMAIL_SHOWS - SPARE - others;
	const first = rows.findIndex((row) => {
		room -= Buffer.byteLength(row) + 1;
		return room < 0;
	});
	return first < 0 ? rows.length : first;
}

function documentHtml(model: DigestModel, rows: readonly string[]): string {
	const title = escapeHtml(model.title);
	const cut = cutWords(model);
	const parts = [
		`<h2 style="font-size:20px;line-height:26px;margin:0 0 12px">${title}</h2>`,
		...model.alarms.map(alarmHtml),
		barHtml(model),
		factsHtml(model),
		...(rows.length === 0 ? [] : [tableHtml(rows)]),
		...(cut === '' ? [] : [`<p style="margin:12px 0"><b>${escapeHtml(cut)}</b></p>`]),
		...notesHtml(model.notes),
	];
	return [
		'<!DOCTYPE html>',
		'<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
		'<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
		`<title>${title}</title></head>`,
		'<body style="margin:0;padding:0">',
		'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:16px">',
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:760px;table-layout:fixed;${FONT};${BREAKING}"><tr><td align="left">`,
		...parts,
		'</td></tr></table>',
		'</td></tr></table>',
		'</body></html>',
		'',
	].join('\n');
}

const FONT = "font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:14px;line-height:20px";
/** The second for Word's engine and old browsers. */
const BREAKING = 'overflow-wrap:anywhere;word-break:break-word';

function alarmHtml(alarm: string): string {
	return (
		'<table role="presentation" width="100%" cellpadding="10" cellspacing="0" border="0" style="margin:0 0 8px"><tr>' +
		`<td bgcolor="${RED}" style="background:${RED};color:#ffffff;${FONT};font-weight:bold;${BREAKING}">${escapeHtml(alarm)}</td>` +
		'</tr></table>'
	);
}

/** Cells as wide as their part of the whole, and the same in words for those who see no colours. */
function barHtml({ bar }: DigestModel): string {
	if (bar.length === 0) return '';
	const sum = bar.reduce((total, { count }) => total + count, 0);
	const cells = bar.map(({ lifecycle, count }) => {
		const colour = COLOURS[lifecycle];
		const width = Math.max(2, Math.round((100 * count) / sum));
		return `<td width="${width}%" height="14" bgcolor="${colour}" style="background:${colour};font-size:1px;line-height:14px">&nbsp;</td>`;
	});
	const words = bar.map(
		({ lifecycle, words }) => `<span style="color:${COLOURS[lifecycle]}">&#9632;</span>&nbsp;${escapeHtml(words)}`,
	);
	return (
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0"><tr>${cells.join('')}</tr></table>` +
		`<p style="margin:0 0 12px">${words.join(' &nbsp; ')}</p>`
	);
}

function factsHtml({ facts }: DigestModel): string {
	const rows = facts.map(
		({ name, text }) =>
			`<tr valign="top"><td width="92" style="${QUIET}">${escapeHtml(name)}</td><td>${escapeHtml(text)}</td></tr>`,
	);
	return `<table width="100%" cellpadding="2" cellspacing="0" border="0" style="margin:0 0 16px;table-layout:fixed;${FONT};${BREAKING}">${rows.join('\n')}</table>`;
}

function tableHtml(rows: readonly string[]): string {
	const head = ['What', 'Attribute', 'Before', 'After'].map(
		(name, at) => `<th align="left" width="${WIDTHS[at]}" style="${QUIET};font-weight:normal">${name}</th>`,
	);
	return [
		`<table width="100%" cellpadding="3" cellspacing="0" border="0" style="table-layout:fixed;font-size:13px;line-height:18px;font-family:'Segoe UI',Helvetica,Arial,sans-serif;${BREAKING}">`,
		`<tr>${head.join('')}</tr>`,
		...rows,
		'</table>',
	].join('\n');
}

const WIDTHS: readonly string[] = ['19%', '21%', '28%', '32%'];

/** The person over all columns, and below it what changes. */
function rowHtml(row: Row): string {
	const risk =
		row.risk === 'high'
			? ` <span style="background:${RED};color:#ffffff;font-weight:bold">&nbsp;HIGH RISK&nbsp;</span>`
			: '';
	const more = [
		...(row.riskReasons.length === 0 ? [] : [`Risk: ${row.riskReasons.join('; ')}`]),
		...(row.reasons.length === 0 ? [] : [`Why: ${row.reasons.join('; ')}`]),
		...row.notes.map((note) => `Note: ${note}`),
	].map((text) => `<br>${escapeHtml(text)}`);
	const account = row.account === '' ? '' : `<br>${small(row.account)}`;
	const kind = `<span style="color:${COLOURS[row.lifecycle]}">&#9632;</span> ${row.kind}`;
	return [
		`<tr><td colspan="4" style="border-top:1px solid #8c959f;padding-top:8px"><b>${escapeHtml(row.person)}</b> (${escapeHtml(row.key)}) ${kind}${risk}${more.join('')}${account}</td></tr>`,
		...row.lines.map(lineHtml),
	].join('\n');
}

function lineHtml(line: Line): string {
	const [before, after] = [valueHtml(line.before), valueHtml(line.after)];
	return `<tr valign="top"><td>${escapeHtml(line.what)}</td><td>${escapeHtml(line.attribute)}</td><td>${before}</td><td>${after}</td></tr>`;
}

function valueHtml(value: Shown | null): string {
	if (value === null) return '';
	const text = escapeHtml(value.text);
	return value.detail === undefined ? text : `${text}<br>${small(value.detail)}`;
}

/** Distinguished names, which break best between their parts. */
const small = (text: string): string =>
	`<span style="${QUIET};font-size:11px">${escapeHtml(text).replaceAll(',', ',<wbr>')}</span>`;

function notesHtml(notes: readonly string[]): readonly string[] {
	if (notes.length === 0) return [];
	const items = notes.map((note) => `<li>${escapeHtml(note)}</li>`);
	return [`<p style="margin:16px 0 4px"><b>Notes</b></p><ul style="margin:0;padding-left:20px">${items.join('')}</ul>`];
}
