/**
 * The helper of the approval desk: registers a question, waits for its answer, and judges it. Whatever posts to the waiting run is taken for
 * hostile: of a post only its token is used, of the token only what n8n's JWT node has verified, and every answer is in the audit record.
 * How it is called: `askDesk` in blocks.ts.
 */
import {
	ask,
	edit,
	failures,
	isText,
	mail,
	makeTable,
	upsertRows,
	wereKept,
	type Failing,
	type Field,
} from './blocks.ts';
import { giveBack, here, listen, refuse } from './deskAnswers.ts';
import { time } from './deskPages.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { ANSWERS, DESK_PATH, WAITING_PLANS, WORKFLOW } from './ids.ts';
import { addresses, hashOfShown, NOBODY_MAY, QUESTION } from './judging.ts';

const PLAN = "$('When a Plan Is to Be Approved').first().json";

/** No hidden characters; the arrows of markup would be shown as entities in a form's label. */
const plain = (text: string) =>
	`String(${text} ?? '').slice(0, 120).replace(/[\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]/g, ' ').replace(/</g, '‹').replace(/>/g, '›')`;
/** As the digest ranks them (lib/provisioning/digest/model.ts): the list has the page's order. */
const does = (step: string) => `($json.steps ?? []).some((step) => step.do === '${step}')`;
const rank = `(${does('delete')} ? 0 : $json.lifecycle === 'leaver' || ${does('disable')} ? 1 : $json.risk === 'high' ? 2 : 3)`;
const label = `={{ $json.id + ': ' + ${plain('$json.displayName')} + ' (' + ${plain('$json.key')} + '), ' + $json.lifecycle + (${rank} < 3 ? ', high risk' : '') }}`;
/** Of lists side by side, the labels in the order of their ranks. */
const RANKED =
	'={{ JSON.stringify(($json.labels ?? []).map((label, at) => ({ label, rank: $json.ranks[at] })).sort((one, other) => one.rank - other.rank).map((one) => one.label)) }}';

/** What is needed of the plan, taken from it once: it may be large. */
const question: readonly Field[] = [
	['planId', `={{ ${PLAN}.id }}`],
	['level', `={{ ${PLAN}.ask.level }}`],
	['title', `={{ ${PLAN}.digest.title }}`],
	['guardOk', `={{ ${PLAN}.guard.ok === true }}`, 'boolean'],
	['digestHash', `={{ ${PLAN}.digest.hash }}`],
	['ask', `={{ ${PLAN}.ask }}`, 'object'],
	['ids', '={{ $json.ids ?? [] }}', 'array'],
	['changes', RANKED],
	[
		'firstAnswer',
		`={{ ${PLAN}.ask.firstAnswer ? JSON.stringify({ ...${PLAN}.ask.firstAnswer, leftOut: ${PLAN}.ask.alsoLeftOut ?? [] }) : '' }}`,
	],
	[
		'resumeUrl',
		`={{ $execution.resumeUrl.includes('?') ? $execution.resumeUrl.replace('?', '/' + ${PLAN}.ask.level + '?') : $execution.resumeUrl + '/' + ${PLAN}.ask.level }}`,
	],
	[
		'deskUrl',
		`={{ $execution.resumeUrl.split('?')[0].split('/').slice(0, -2).join('/') + '/form/${DESK_PATH}?Plan=' + ${PLAN}.id }}`,
	],
];

/** A question without these could be answered by nobody, or by anybody. */
const incomplete = [
	["typeof $json.planId !== 'string' || $json.planId === ''", 'no plan'],
	["!['reviewer', 'approver'].includes($json.level)", 'no level (reviewer or approver)'],
	[`${addresses('$json.ask.approvers')}.length === 0`, 'nobody who may answer: name them in Settings'],
	[`${addresses('$json.ask.owner')}.length === 0`, 'no owner: name them in Settings, by e-mail address'],
	[
		NOBODY_MAY,
		'nobody who may answer but its owner, its requester or who answered before: name somebody else in Settings',
	],
	['!DateTime.fromISO(String($json.ask.deadline)).isValid', 'no deadline'],
	['$json.ids.length === 0', 'no change'],
]
	.map(([fault, words]) => `[${fault}, '${words}']`)
	.join(', ');

function register(flow: Flow): readonly Failing[] {
	flow.add(
		{
			...{ name: 'When a Plan Is to Be Approved', type: 'executeWorkflowTrigger', version: 1.1, at: [0, 0] },
			parameters: { inputSource: 'passthrough' },
		},
		{
			...{ name: 'Split the Plan into Changes', type: 'splitOut', version: 1, at: [1, 0], alwaysOutputData: true },
			parameters: { fieldToSplitOut: 'changes', include: 'noOtherFields', options: {} },
		},
		edit(
			'Label Each Change',
			[2, 0],
			[
				['id', '={{ $json.id }}'],
				['label', label],
				['rank', `={{ ${rank} }}`, 'number'],
			],
		),
		{
			...{ name: 'Gather the Labels', type: 'aggregate', version: 1, at: [3, 0] },
			parameters: {
				fieldsToAggregate: {
					fieldToAggregate: [
						{ fieldToAggregate: 'id', renameField: true, outputFieldName: 'ids' },
						{ fieldToAggregate: 'label', renameField: true, outputFieldName: 'labels' },
						{ fieldToAggregate: 'rank', renameField: true, outputFieldName: 'ranks' },
					],
				},
				options: {},
			},
		},
		edit('Note the Question', [4, 0], question),
		{
			...{ name: 'Hash What Is Shown', at: [4.7, 0] },
			...hashOfShown(`${PLAN}.digest.formHtml`, `${PLAN}.digest.formCss`, '$json.changes', '$json.firstAnswer'),
		},
		edit('Look at the Question', [5.4, 0], [['missing', `={{ [${incomplete}].find(([fault]) => fault)?.[1] ?? '' }}`]]),
		ask('Can It Be Asked?', [6.1, 0], isText('={{ $json.missing }}', '')),
		makeTable('Make the Table of Waiting Plans', [6.8, 0], WAITING_PLANS),
		makeTable('Make the Table of Answers', [7.6, 0], ANSWERS),
		upsertRows('Register the Question', [8.4, 0], WAITING_PLANS, here, {
			...{ planId: `={{ ${QUESTION}.planId }}`, level: `={{ ${QUESTION}.level }}`, status: 'waiting' },
			...{
				title: `={{ ${QUESTION}.title }}`,
				flow: `={{ ${QUESTION}.ask.flow }}`,
				owner: `={{ ${QUESTION}.ask.owner }}`,
			},
			...{ requester: `={{ ${QUESTION}.ask.requester }}`, approvers: `={{ ${QUESTION}.ask.approvers }}` },
			...{ escalateTo: `={{ ${QUESTION}.ask.escalateTo }}`, deadline: `={{ ${QUESTION}.ask.deadline }}` },
			...{
				remindAt: `={{ ${QUESTION}.ask.remindAt || null }}`,
				escalateAt: `={{ ${QUESTION}.ask.escalateAt || null }}`,
			},
			...{ reminded: false, escalated: false, guardOk: `={{ ${QUESTION}.guardOk }}` },
			...{ digestHtml: `={{ ${PLAN}.digest.formHtml }}`, digestCss: `={{ ${PLAN}.digest.formCss }}` },
			...{ digestHash: `={{ ${QUESTION}.digestHash }}`, resumeUrl: `={{ ${QUESTION}.resumeUrl }}` },
			...{ changes: `={{ ${QUESTION}.changes }}`, firstAnswer: `={{ ${QUESTION}.firstAnswer }}` },
			...{ executionId: `={{ ${QUESTION}.ask.executionId }}`, answeredBy: '', comment: '', leftOut: '' },
			// Asked again, it is not answered any more.
			answeredAt: '={{ null }}',
		}),
		{
			...mail('Tell the Approvers', [10, 0], {
				to: `={{ ${QUESTION}.ask.approvers }}`,
				subject: `={{ 'Please answer: ' + ${QUESTION}.title }}`,
				text: `={{ ${QUESTION}.title + '\\n\\nAnswer it at the approval desk until ' + ${time(`${QUESTION}.ask.deadline`)} + ':\\n' + ${QUESTION}.deskUrl }}`,
			}),
			errorOutput: true,
		},
	);
	flow.link(
		...['When a Plan Is to Be Approved', 'Split the Plan into Changes', 'Label Each Change', 'Gather the Labels'],
		...['Note the Question', 'Hash What Is Shown', 'Look at the Question', 'Can It Be Asked?'],
		...['Make the Table of Waiting Plans', 'Make the Table of Answers', 'Register the Question'],
	);
	const kept = wereKept(flow, 'Register the Question', 'Was It Registered?', [9.2, 0]);
	flow.link('Was It Registered?', 'Tell the Approvers', 'Which Level?');
	// A mail that does not go out stops nobody: the question is at the desk.
	flow.link(['Tell the Approvers', 1], 'Which Level?');
	return [['Hash What Is Shown', 1], ['Can It Be Asked?', 1], ...kept];
}

function notes(flow: Flow): void {
	flow.note({
		text: '### Ask the Approval Desk\nCalled by the flows that need an approval: registers the plan, waits for the answer, judges it, and gives the decision back.',
		...{ at: [0, -2], size: [3, 0.9] },
	});
	flow.note({
		text: '### Mail or chat\nChoose an SMTP credential and switch the step on, or put Slack, Teams or Gmail in its place. It carries the link only: answers are given at the desk.',
		...{ at: [9.6, -2], size: [2.2, 0.9] },
	});
	flow.note({
		text: '### Believe the token only\nChoose the same JWT Auth credential (passphrase, HS256) here and in *Answer Plans at the Approval Desk*. What is refused is recorded, and the wait goes on.',
		...{ at: [13.6, -2], size: [3, 0.9] },
	});
}

export const askDesk: Template = workflow(
	{
		...{ id: WORKFLOW.askDesk, name: 'Ask the Approval Desk', errorWorkflow: WORKFLOW.failedRuns },
		description:
			'Helper of the approval desk: puts a plan on the list of waiting plans, waits for an answer until the deadline, and takes it only from somebody who may give it. Every answer is in the audit record.',
	},
	(flow) => {
		notes(flow);
		const failing = register(flow);
		listen(flow);
		refuse(flow);
		giveBack(flow);
		failures(
			flow,
			[10, 2],
			[...failing, ['Which Level?', 2]],
			"={{ $json.missing ? 'A plan cannot be put to the approval desk: it has ' + $json.missing + '.' : $prevNode.name + ': ' + ($json.error?.message ?? $json.error ?? 'it did not say why') }}",
		);
	},
);
