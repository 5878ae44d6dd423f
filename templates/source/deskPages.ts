/**
 * What the approval desk shows, as expressions of Edit Fields. Data becomes text there: n8n's forms take `<` for markup in messages and custom
 * HTML, show it as an entity in labels, and put a form in place by String.replace, which takes dollar signs for patterns.
 */
import { addresses, COMMENT_LIMIT } from './judging.ts';

const SETTINGS = "$('Settings').first().json";
const OPENED = "$('When Somebody Opens the Desk').first().json";
/** Who is at the desk's first page, in small letters; and the plan in its address. */
export const ME = `String(${OPENED}.user?.email ?? '').toLowerCase()`;
export const WANTED = `String(${OPENED}.Plan ?? '').trim()`;

/** Text in a page's HTML. */
export const html = (text: string): string =>
	`String(${text} ?? '').replace(/[&<>"'$\\{\\}]/g, (sign) => '&#' + sign.charCodeAt(0) + ';')`;
/** Text in a label. */
const label = (text: string) => `String(${text} ?? '').replace(/</g, '‹').replace(/>/g, '›')`;
export const time = (instant: string): string => `DateTime.fromISO(${instant}).toFormat('d LLLL yyyy, HH:mm (ZZZZ)')`;

/** What both look at: whether a row is still open, and whether this person may answer it. */
const RULES = `
  const has = (list) => ${addresses('list')}.includes(me);
  const open = (row) => row.status === 'waiting' && DateTime.fromISO(row.deadline) > $now;
  const late = (row) => !!row.escalateAt && DateTime.fromISO(row.escalateAt) <= $now;
  const may = (row) => has(row.approvers) || (late(row) && has(row.escalateTo));
`;

/** The plans that wait for this person; small, for their digests may be large. */
export const MINE = `={{ ((me, rows) => {${RULES}
  return rows.filter((row) => row.planId && open(row) && may(row)).map(({ planId, level, title, flow, deadline }) => ({ planId, level, title, flow, deadline }));
})(${ME}, $('Read the Waiting Plans').all().map((item) => item.json)) }}`;

/** Of the plan in the address: the row this person may answer, else the one that was answered. Without its digest. */
export const NAMED = `={{ ((me, rows) => {${RULES}
  const mine = rows.filter((row) => row.planId && may(row));
  const row = mine.find(open) ?? mine.find((one) => one.answeredAt) ?? mine[0];
  if (row === undefined) return { state: rows.some((one) => one.planId) ? 'not yours' : 'unknown' };
  const { planId, level, title, status, answeredBy, answeredAt, comment, leftOut, deadline } = row;
  return { state: open(row) ? 'open' : answeredAt ? 'answered' : 'expired', planId, level, title, status, answeredBy, answeredAt, comment, leftOut, deadline };
})(${ME}, $('Find the Plan in the Address').all().map((item) => item.json)) }}`;

/** Where to go: answer, choose, or one of the ending pages. */
export const PAGE = `={{ $('Is the Person on a List?').first().json.planId === undefined && $json.mine.length === 0 && $json.named.state !== 'open' ? 'stranger'
  : ${WANTED} !== '' ? ({ open: 'answer', answered: 'answered', expired: 'expired', unknown: 'unknown' })[$json.named.state] ?? 'not yours'
  : $json.mine.length > 0 ? 'choose' : 'nothing' }}`;

/** How it ended, of a row of the table; for an ending page. */
export const answeredWords = (row: string): string =>
	`${html(`${row}.title`)} + '<br>It was ' + ${html(`${row}.status`)} + ' by ' + ${html(`${row}.answeredBy`)} + ' on ' + ${time(`${row}.answeredAt`)} + '.' + (${row}.leftOut && ${row}.leftOut !== '[]' ? '<br>Changes left out: ' + JSON.parse(${row}.leftOut).length + '.' : '') + (${row}.comment ? '<br>“' + ${html(`${row}.comment`)} + '”' : '')`;
export const expiredWords = (row: string): string =>
	`${html(`${row}.title`)} + '<br>Nobody answered until ' + ${time(`${row}.deadline`)} + '. Nothing of it is done. Start its flow again for a new plan.'`;
export const helpWords = `' Ask ' + ${html(`${SETTINGS}.helpFrom`)} + '.'`;

const TOKEN_OF_ROW = "(row) => row.planId + ' / ' + row.level";
/** A radio button for each plan; its label begins with what tells the plans apart. */
export const CHOICES = `={{ ((rows, token) => JSON.stringify([{
  fieldName: 'chosen', fieldLabel: 'Choose one', fieldType: 'radio', requiredField: true,
  fieldOptions: { values: rows.map((row) => ({ option: token(row) + ': ' + ${label('row.title')} + ' (' + ${label('row.flow')} + '), until ' + ${time('row.deadline')} })) },
}]).replace(/\\$/g, '\\\\u0024'))($('Sort the Plans').first().json.mine, ${TOKEN_OF_ROW}) }}`;
/** The row that was chosen, by the beginning of its label. */
export const CHOSEN = `={{ ((rows, token) => rows.find((row) => String($json.chosen ?? '').startsWith(token(row) + ': ')) ?? { planId: '', level: '' })($('Sort the Plans').first().json.mine, ${TOKEN_OF_ROW}) }}`;

const APPROVE = 'Approve';
const DECLINE = 'Decline';
const TICK = 'I have seen that this plan is over its limit, and approve it all the same.';
const ROW = "$('Read the Question').first().json";
/** Names that nobody outside can know: a link to the desk could fill the fields in by them. */
const NONCE = "$execution.resumeUrl.replace(/[^0-9A-Za-z]/g, '').slice(-16)";
/** Above this many changes there is a text field for those to leave out, below a list of all, not a check box for each. */
const CHECK_BOXES = 200;
const FIRST = `JSON.parse(${ROW}.firstAnswer || 'null')`;

/** The page with the digest, as JSON. With a complaint `$json` is the answer before, which is shown again; else it is the row. */
export const QUESTION_FORM = `={{ ((row, first, nonce, before) => {
  const labels = JSON.parse(row.changes || '[]').filter((one) => !(first?.leftOut ?? []).some((id) => one.startsWith(id + ': ')));
  const gone = JSON.parse(row.changes || '[]').filter((one) => (first?.leftOut ?? []).some((id) => one.startsWith(id + ': ')));
  const field = (fieldName, more) => ({ fieldName: fieldName + nonce, ...more });
  const options = (list) => ({ values: list.map((option) => ({ option })) });
  const text = (words) => ${html('words')};
  const firstHtml = first ? '<p><b>First level:</b> approved by ' + text(first.approver) + '. Left out there: ' + (gone.length > 0 ? gone.map(text).join('; ') : String((first.leftOut ?? []).length || 'nothing')) + '.' + (first.comment ? '<br>“' + text(first.comment) + '”' : '') + '</p>' : '';
  const form = [
    ...(before.complaint ? [{ fieldType: 'html', fieldLabel: 'Missing', html: '<p><strong>' + text(before.complaint) + '</strong></p>' }] : []),
    ...(firstHtml ? [{ fieldType: 'html', fieldLabel: 'First level', html: firstHtml }] : []),
    { fieldType: 'html', fieldLabel: 'Plan', html: row.digestHtml },
    field('decision', { fieldLabel: 'Your decision', fieldType: 'radio', requiredField: true, defaultValue: before.decision ?? '', fieldOptions: options(['${APPROVE}', '${DECLINE}']) }),
    ...(row.guardOk ? [] : [field('overLimit', { fieldLabel: 'Over the limit', fieldType: 'checkbox', fieldOptions: options([${JSON.stringify(TICK)}]) })]),
    ...(labels.length <= ${CHECK_BOXES} ? [] : [{ fieldType: 'html', fieldLabel: 'All changes', html: '<h4>All ' + labels.length + ' changes</h4><ol>' + labels.map((one) => '<li>' + text(one) + '</li>').join('') + '</ol>' }]),
    field('leftOut', labels.length <= ${CHECK_BOXES}
      ? { fieldLabel: 'Leave out what must not be done', fieldType: 'checkbox', fieldOptions: options(labels), defaultValue: (before.leftOut ?? []).join(', ') }
      : { fieldLabel: 'Leave out what must not be done', fieldType: 'textarea', placeholder: 'Copy from the list of all changes, one a line; its first word is enough', defaultValue: (before.leftOut ?? []).join('\\n') }),
    field('comment', { fieldLabel: 'Comment (needed to decline)', fieldType: 'textarea', defaultValue: before.comment ?? '' }),
  ];
  return JSON.stringify(form).replace(/\\$/g, '\\\\u0024');
})(${ROW}, ${FIRST}, ${NONCE}, $json.complaint ? $json : {}) }}`;

/** The digest's own, then what the page adds. */
export const QUESTION_CSS = `={{ ${ROW}.digestCss + '\\n:root { --container-width: min(860px, 96vw); }\\nform label, div.html p { overflow-wrap: anywhere; }\\ndiv.html ol { max-height: 360px; overflow-y: auto; padding-left: 3em; }\\n.multiselect { max-height: 360px; overflow-y: auto; }' }}`;

/** What the form says, in the desk's own names. */
export const ANSWERED_FORM = `={{ ((form, nonce) => {
  const said = (name) => form[name + nonce];
  const left = said('leftOut');
  const lines = Array.isArray(left) ? left : String(left ?? '').split('\\n');
  const ids = lines.flatMap((one) => String(one).replace(/^\\s*[0-9]+\\.\\s/, '').split(': ')[0].split(/[\\s,;]+/)).filter((id) => id !== '');
  return {
    decision: said('decision') === '${APPROVE}' ? '${APPROVE}' : said('decision') === '${DECLINE}' ? '${DECLINE}' : '',
    overLimit: Array.isArray(said('overLimit')) && said('overLimit').length > 0,
    leftOut: [...new Set(ids)],
    comment: String(said('comment') ?? '').replaceAll('\\u0000', '').trim().slice(0, ${COMMENT_LIMIT}),
  };
})($json, ${NONCE}) }}`;

/** What has to be mended before it is an answer; '' when nothing. */
export const COMPLAINT = `={{ ((said, row, first) => {
  if (said.decision === '') return 'Choose Approve or Decline.';
  if (said.decision === '${DECLINE}') return said.comment === '' ? 'Say in the comment why you decline.' : '';
  if (!row.guardOk && !said.overLimit) return 'This plan is over its limit. Tick the sentence below to approve it all the same, or decline.';
  const known = JSON.parse(row.changes || '[]').filter((one) => !(first?.leftOut ?? []).some((id) => one.startsWith(id + ': ')));
  const ids = new Set(known.map((one) => one.split(': ')[0]));
  const strange = said.leftOut.find((id) => !ids.has(id));
  if (strange !== undefined) return 'This plan has no change “' + strange.slice(0, 60) + '” to leave out. Take the first word of a line of the list.';
  return known.length > 0 && said.leftOut.length >= known.length ? 'Everything would be left out. Decline the plan instead.' : '';
})($json.said, ${ROW}, ${FIRST}) }}`;

/** What is signed; the person is whoever sent this last page. */
export const CLAIMS = `={{ JSON.stringify({
  planId: ${ROW}.planId, level: ${ROW}.level,
  approverId: $('Show the Question').first().json.user.id, approver: $('Show the Question').first().json.user.email,
  approverName: [$('Show the Question').first().json.user.firstName, $('Show the Question').first().json.user.lastName].filter((name) => name).join(' '),
  decision: $json.said.decision.toLowerCase(), leftOut: $json.said.decision === '${APPROVE}' ? $json.said.leftOut : [],
  overLimit: $json.said.overLimit, comment: $json.said.comment, shown: $('Hash What Was Shown').first().json.shown,
  jti: $execution.id + '-' + Date.now().toString(36) + '-' + Math.random().toString(36).slice(2),
  iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60,
}) }}`;
