/**
 * The digest for n8n's forms. Of the tags that they let through (sanitizeHtml in n8n's Form node) only those that need no attribute but colspan:
 * no style and no class gets through. So it is made to be read without any: two columns, and breaks in all that is long. `FORM_CSS` makes it
 * nicer where a form takes CSS.
 */
import type { Line } from './lines';
import { breakable, escapeHtml } from './html';
import { cutWords, type DigestModel, type Row } from './model';
import type { Shown } from './values';

/** For the option *Custom CSS*; selectors are tags, for classes do not get through. The variable is n8n's own. */
export const FORM_CSS = `:root { --container-width: min(760px, 96vw); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin-bottom: 12px; }
th { width: 34%; text-align: left; font-weight: 400; color: #767676; }
th + th { width: 66%; }
td { padding: 4px 8px 4px 0; vertical-align: top; overflow-wrap: anywhere; line-height: 1.4; }
td[colspan] { border-top: 1px solid #c8ccd4; padding-top: 10px; }
table code { font-family: inherit; font-size: 11px; color: #767676; }
table strong, p strong { color: #cf222e; }
`;

/** @returns elements for a *Custom HTML* field or a description */
export function digestForm(model: DigestModel): string {
	// The approval desk has such a list below; another form may hand out the CSV.
	const cut = cutWords(model, 'the list of all changes, or the CSV');
	return [
		`<h3>${text(model.title)}</h3>`,
		...model.alarms.map((alarm) => `<p><strong>${text(alarm)}</strong></p>`),
		`<p>${model.facts.map(({ name, text: fact }) => `<b>${text(name)}:</b> ${text(fact)}`).join('<br>')}</p>`,
		...(model.rows.length === 0 ? [] : [tableHtml(model.rows)]),
		...(cut === '' ? [] : [`<p><b>${text(cut)}</b></p>`]),
		...(model.notes.length === 0 ? [] : ['<h4>Notes</h4>']),
		...(model.notes.length === 0 ? [] : [`<ul>${model.notes.map((note) => `<li>${text(note)}</li>`).join('')}</ul>`]),
	].join('\n');
}

const text = (value: string): string => escapeHtml(breakable(value));

function tableHtml(rows: readonly Row[]): string {
	const head = '<thead><tr><th>What</th><th>Before &rarr; after</th></tr></thead>';
	return `<table>${head}<tbody>${rows.map(rowHtml).join('\n')}</tbody></table>`;
}

function rowHtml(row: Row): string {
	const more = [
		...(row.riskReasons.length === 0 ? [] : [`Risk: ${row.riskReasons.join('; ')}`]),
		...(row.reasons.length === 0 ? [] : [`Why: ${row.reasons.join('; ')}`]),
		...row.notes.map((note) => `Note: ${note}`),
	].map((sentence) => `<br>${text(sentence)}`);
	const risk = row.risk === 'high' ? ', <strong>HIGH RISK</strong>' : '';
	const account = row.account === '' ? '' : `<br>${small(row.account)}`;
	return [
		`<tr><td colspan="2"><b>${text(row.person)}</b> (${text(row.key)}): ${row.kind}${risk}${more.join('')}${account}</td></tr>`,
		...row.lines.map(lineHtml),
	].join('\n');
}

function lineHtml(line: Line): string {
	return `<tr><td>${text(line.what)} ${text(line.attribute)}</td><td>${valuesHtml(line)}</td></tr>`;
}

function valuesHtml({ before, after }: Line): string {
	if (before === null) return after === null ? '' : valueHtml(after);
	return after === null ? valueHtml(before) : `${valueHtml(before)}<br>&rarr; ${valueHtml(after)}`;
}

function valueHtml(value: Shown): string {
	return value.detail === undefined ? text(value.text) : `${text(value.text)}<br>${small(value.detail)}`;
}

const small = (value: string): string => `<code>${text(value)}</code>`;
