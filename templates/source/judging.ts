/**
 * How a waiting run judges an answer, as expressions of Edit Fields: one reads the verified token, one says in words why it is refused.
 * Everything in the token is taken for anything at all until it has been looked at.
 */

import type { NodeSpec } from './flow.ts';

/** The longest comment, in characters; the desk cuts there. */
export const COMMENT_LIMIT = 2000;
/** The most changes that an answer may leave out. */
const LEFT_OUT_LIMIT = 20_000;
/** The longest life of a token, in seconds; and how far two clocks may stand apart. */
const TOKEN_LIFE = 60;
const CLOCKS = 5;

/** The plan and how it was asked for. */
export const QUESTION = "$('Note the Question').first().json";
const ASK = `${QUESTION}.ask`;
const TOKEN = "$('Verify the Token').first().json.payload";
export const ANSWER = "$('Read the Answer').first().json.answer";
type Hashing = Pick<NodeSpec, 'type' | 'version' | 'errorOutput' | 'parameters'>;
/** What the question's page is made of, so that an approval is of what was seen: its SHA-256 is in the token, and the run has its own. */
export const hashOfShown = (
	...parts: readonly [html: string, css: string, changes: string, firstAnswer: string]
): Hashing => ({
	...{ type: 'crypto', version: 2, errorOutput: true },
	parameters: {
		...{ action: 'hash', type: 'SHA256', dataPropertyName: 'shown', encoding: 'hex' },
		value: `={{ JSON.stringify([${parts.join(', ')}].map((part) => String(part ?? '').toWellFormed())) }}`,
	},
});

const TEXTS = {
	...{ planId: 'planId', level: 'level', decision: 'decision', comment: 'comment' },
	...{ approverId: 'approverId', approver: 'approver', approverName: 'approverName', tokenId: 'jti', shown: 'shown' },
};
const text = (field: string) => `typeof $json.payload?.${field} === 'string' ? $json.payload.${field}.trim() : ''`;

/** Of the token: texts are texts, the list is a list of texts or null, and the tick is true or false. */
export const READ_ANSWER = `={{ ({
${Object.entries(TEXTS)
	.map(([name, field]) => `  ${name}: ${text(field)},`)
	.join('\n')}
  leftOut: Array.isArray($json.payload?.leftOut) && $json.payload.leftOut.every((id) => typeof id === 'string') ? [...new Set($json.payload.leftOut)] : null,
  overLimit: $json.payload?.overLimit === true,
}) }}`;

/** An answer with nothing in it, for the audit record of what was no answer. */
export const NO_ANSWER =
	"={{ ({ planId: '', level: '', decision: '', comment: '', approverId: '', approver: '', approverName: '', tokenId: '', shown: '', leftOut: [], overLimit: false }) }}";

/** A list of e-mail addresses as somebody typed it, in small letters; "Olga Owner <olga@...>" too: who is missed in a list of owners may approve. */
export const addresses = (list: string): string =>
	`(String(${list} ?? '').toLowerCase().match(/[^\\s,;|<>"()]+@[^\\s,;|<>"()]+/g) ?? [])`;
const person = `${ANSWER}.approver.toLowerCase()`;
const now = '$now.toSeconds()';
const life = [
	`typeof ${TOKEN}?.exp !== 'number'`,
	`typeof ${TOKEN}?.iat !== 'number'`,
	`${TOKEN}.exp - ${TOKEN}.iat > ${TOKEN_LIFE}`,
	`${TOKEN}.exp - ${now} > ${TOKEN_LIFE + CLOCKS}`,
].join(' || ');
const escalated = `!!${ASK}.escalateAt && $now >= DateTime.fromISO(${ASK}.escalateAt)`;
const may = `[...${addresses(`${ASK}.approvers`)}, ...(${escalated} ? ${addresses(`${ASK}.escalateTo`)} : [])]`;
const first = `${ASK}.firstAnswer`;
const isOver = `$now > DateTime.fromISO(${ASK}.deadline)`;
/** The whole list once, as a set: a plan may have thousands. */
const unknown = `((ids) => (${ANSWER}.leftOut ?? []).find((id) => !ids.has(id)))(new Set(${QUESTION}.ids))`;
const nothingLeft = `new Set([...(${ASK}.alsoLeftOut ?? []), ...(${ANSWER}.leftOut ?? [])]).size >= ${QUESTION}.ids.length`;
const approves = `${ANSWER}.decision === 'approve'`;

/** A question for those alone who may not answer it would wait for nothing. */
export const NOBODY_MAY = `((deny) => ![...${addresses('$json.ask.approvers')}, ...${addresses('$json.ask.escalateTo')}].some((one) => !deny.includes(one)))([...${addresses('$json.ask.owner')}, ...${addresses('$json.ask.requester')}, ...${addresses('$json.ask.firstAnswer?.approver')}])`;

/** In this order; the first that holds is what the audit record and the desk say. */
const REFUSALS: ReadonlyArray<readonly [holds: string, words: string]> = [
	[life, `The token counts for longer than ${TOKEN_LIFE} seconds, or for ever. Only the approval desk makes answers.`],
	[`${ANSWER}.tokenId === '' || ${ANSWER}.tokenId.length > 200`, 'The token has no number of its own.'],
	[`${ANSWER}.planId !== ${QUESTION}.planId`, 'This answer is for another plan.'],
	[`${ANSWER}.level !== ${QUESTION}.level`, 'This answer is for another level of approval.'],
	// n8n looks once a minute whose time is up, and until then the run still listens.
	[isOver, 'The time to answer is over.'],
	[`${ANSWER}.approverId === '' || ${person} === ''`, 'The token does not say who answers.'],
	[`!${may}.includes(${person})`, 'You are not an approver of this plan.'],
	[
		`${addresses(`${ASK}.owner`)}.includes(${person})`,
		'You are the owner of this plan, and nobody approves what is their own.',
	],
	[
		`${addresses(`${ASK}.requester`)}.includes(${person}) || (!!${ASK}.requesterId && ${ASK}.requesterId === ${ANSWER}.approverId)`,
		'You have asked for this plan, so somebody else must answer.',
	],
	[
		`!!${first} && (${first}.approverId === ${ANSWER}.approverId || String(${first}.approver ?? '').toLowerCase() === ${person})`,
		'You have answered the first level of this plan, so somebody else must answer the second.',
	],
	['$json.tokenId !== undefined', 'This very answer was given before.'],
	[`!['approve', 'decline'].includes(${ANSWER}.decision)`, 'The decision is neither approve nor decline.'],
	[
		`${approves} && ${ANSWER}.shown !== $('Hash What Is Shown').first().json.shown`,
		'What the desk has shown is not what this plan says. Was the table ad_waiting_plans edited? Tell the owner; it can still be declined.',
	],
	[`${ANSWER}.comment.length > ${COMMENT_LIMIT}`, `The comment is longer than ${COMMENT_LIMIT} characters.`],
	[
		`${ANSWER}.leftOut === null || ${ANSWER}.leftOut.length > ${LEFT_OUT_LIMIT}`,
		'What is to be left out is no list of changes.',
	],
	[`${unknown} !== undefined`, 'A change that is to be left out is not in this plan.'],
	[`${approves} && ${nothingLeft}`, 'Nothing of the plan would be left. Decline it instead.'],
	[
		`${approves} && !${QUESTION}.guardOk && !${ANSWER}.overLimit`,
		'This plan is over its limit. It is approved only by whoever says so with the tick.',
	],
];

/** Why the answer is not taken; '' when it is. */
export const JUDGEMENT = `={{ [
${REFUSALS.map(([holds, words]) => `  [${holds}, ${JSON.stringify(words)}],`).join('\n')}
].find(([refused]) => refused)?.[1] ?? '' }}`;
