/**
 * The approval desk: pages on which people who are signed in to n8n see the plans that wait for them and answer one. It decides nothing:
 * it signs who said what, and the waiting run judges it.
 */
import { ask, choose, edit, getRows, isText, isTrue, makeTable } from './blocks.ts';
import {
	ANSWERED_FORM,
	CHOICES,
	CHOSEN,
	CLAIMS,
	COMPLAINT,
	ME,
	MINE,
	NAMED,
	PAGE,
	QUESTION_CSS,
	QUESTION_FORM,
	WANTED,
} from './deskPages.ts';
import { endings, failed, ROW, SAID } from './deskEndings.ts';
import { workflow, type Flow, type NodeSpec, type Template } from './flow.ts';
import { DESK_PATH, WAITING_PLANS, WORKFLOW } from './ids.ts';
import { hashOfShown } from './judging.ts';
import { formPage } from './personPages.ts';

const SETTINGS = "$('Settings').first().json";
/** Only a page that was sent has these; after a time-out its input comes out. */
const isSent = isTrue("={{ typeof $json.user?.id === 'string' && $json.formMode !== undefined }}");

/** `<n8n>/webhook-waiting/`: a row that somebody has edited must not make the desk send tokens elsewhere. */
const ownAddress = `={{ ((url, own) => url.startsWith(own) && /^[0-9]+\\/(reviewer|approver)(\\?signature=[0-9A-Za-z_-]+)?$/.test(url.slice(own.length)))(String(${ROW}.resumeUrl ?? ''), $execution.resumeUrl.split('?')[0].split('/').slice(0, -1).join('/') + '/') }}`;

function open(flow: Flow): void {
	flow.add(
		{
			...{
				name: 'When Somebody Opens the Desk',
				type: 'formTrigger',
				version: 2.6,
				at: [0, 0],
				webhookId: `${DESK_PATH}-form`,
			},
			parameters: {
				...{ authentication: 'n8nUserAuth', formTitle: 'Approval desk' },
				formDescription: 'Plans for Active Directory that wait for an answer.',
				formFields: {
					values: [{ fieldName: 'Plan', fieldLabel: 'Plan', placeholder: 'Leave empty to see all that waits for you' }],
				},
				options: { path: DESK_PATH, buttonLabel: 'Open the Desk', appendAttribution: false },
			},
		},
		edit(
			'Settings',
			[1, 0],
			[
				['helpFrom', 'owner@corp.example.com'],
				['answerFormWithinMinutes', 60],
				['endingPageMinutes', 1],
				['tries', 6],
				['secondsBetweenTries', 2],
				['timeoutSeconds', 30],
			],
		),
		makeTable('Make the Table of Waiting Plans', [2, 0], WAITING_PLANS),
		getRows('Read the Waiting Plans', [3, 0], WAITING_PLANS, [['status', 'eq', 'waiting']], {
			...{ alwaysOutputData: true, executeOnce: true },
		}),
		getRows('Find the Plan in the Address', [4, 0], WAITING_PLANS, [['planId', 'eq', `={{ ${WANTED} }}`]], {
			...{ alwaysOutputData: true, executeOnce: true },
		}),
		onAList(),
		edit(
			'Sort the Plans',
			[6, 0],
			[
				['mine', MINE, 'array'],
				['named', NAMED, 'object'],
			],
		),
		edit('Choose the Page', [7, 0], [['page', PAGE]], { include: true }),
		choose(
			'Which Page?',
			[8, 0],
			[
				['Answer It', isText('={{ $json.page }}', 'answer')],
				['Choose One', isText('={{ $json.page }}', 'choose')],
				['Answered', isText('={{ $json.page }}', 'answered')],
				['Expired', isText('={{ $json.page }}', 'expired')],
				['Nothing', isText('={{ $json.page }}', 'nothing')],
				['Stranger', isText('={{ $json.page }}', 'stranger')],
				['Not Theirs', isText('={{ $json.page }}', 'not yours')],
			],
			'Unknown',
		),
	);
	flow.link(
		...['When Somebody Opens the Desk', 'Settings', 'Make the Table of Waiting Plans', 'Read the Waiting Plans'],
		...['Find the Plan in the Address', 'Is the Person on a List?', 'Sort the Plans', 'Choose the Page', 'Which Page?'],
	);
}

/** Any row, of any time: who has been an approver sees "nothing waits", who has not sees "you are not an approver". */
function onAList(): NodeSpec {
	const node = getRows(
		'Is the Person on a List?',
		[5, 0],
		WAITING_PLANS,
		[
			['approvers', 'ilike', `={{ ${ME} || '-' }}`],
			['escalateTo', 'ilike', `={{ ${ME} || '-' }}`],
		],
		{ alwaysOutputData: true, executeOnce: true },
	);
	return { ...node, parameters: { ...node.parameters, matchType: 'anyCondition', returnAll: false, limit: 1 } };
}

function question(flow: Flow): void {
	flow.add(
		edit('Draw the List', [9, 1], [['form', CHOICES]]),
		formPage('Show the Plans', [10, 1], {
			...{ title: 'Plans that wait for you', button: 'Show the Plan', json: '={{ $json.form }}' },
		}),
		ask('Was a Plan Chosen?', [11, 1], isSent),
		edit('Take the Chosen Plan', [12, 1], [['named', CHOSEN, 'object']]),
		getRows(
			'Read the Question',
			[13, 0],
			WAITING_PLANS,
			[
				['planId', 'eq', '={{ $json.named.planId }}'],
				['level', 'eq', '={{ $json.named.level }}'],
			],
			{ alwaysOutputData: true },
		),
		ask('Does It Still Wait?', [14, 0], isText('={{ $json.status ?? "" }}', 'waiting')),
		edit(
			'Draw the Question',
			[15, 0],
			[
				['form', QUESTION_FORM],
				['css', QUESTION_CSS],
			],
		),
		formPage('Show the Question', [16, 0], {
			...{ title: 'Answer a plan', button: 'Send the Answer', css: '={{ $json.css }}', json: '={{ $json.form }}' },
		}),
		ask('Was It Answered?', [17, 0], isSent),
		edit('Read the Form', [18, 0], [['said', ANSWERED_FORM, 'object']]),
		edit('Look at the Answer', [19, 0], [['complaint', COMPLAINT]], { include: true }),
		ask('Is It Complete?', [20, 0], isText('={{ $json.complaint }}', '')),
		edit(
			'Say What Is Missing',
			[15, 1],
			[
				['complaint', '={{ $json.complaint }}'],
				['decision', '={{ $json.said.decision }}'],
				['leftOut', '={{ $json.said.leftOut }}', 'array'],
				['comment', '={{ $json.said.comment }}'],
			],
		),
		{ name: 'The Page Was Left Open', type: 'noOp', version: 1, at: [18, 2] },
	);
	flow.link(['Which Page?', 0], 'Read the Question', 'Does It Still Wait?', 'Draw the Question', 'Show the Question');
	flow.link(['Which Page?', 1], 'Draw the List', 'Show the Plans', 'Was a Plan Chosen?', 'Take the Chosen Plan');
	flow.link('Take the Chosen Plan', 'Read the Question');
	flow.link('Show the Question', 'Was It Answered?', 'Read the Form', 'Look at the Answer', 'Is It Complete?');
	flow.link(['Is It Complete?', 1], 'Say What Is Missing', 'Draw the Question');
	flow.link(['Was a Plan Chosen?', 1], 'The Page Was Left Open');
	flow.link(['Was It Answered?', 1], 'The Page Was Left Open');
}

function send(flow: Flow): void {
	const said = '$json.body?.accepted';
	flow.add(
		ask('Is It This n8n?', [11.6, 5], isTrue(ownAddress)),
		{
			...{ name: 'Hash What Was Shown', at: [12.3, 5] },
			...hashOfShown(`${ROW}.digestHtml`, `${ROW}.digestCss`, `${ROW}.changes`, `${ROW}.firstAnswer`),
		},
		{
			...{ name: 'Sign the Answer', type: 'jwt', version: 1, at: [13, 5], errorOutput: true },
			parameters: {
				...{ operation: 'sign', useJson: true, claimsJson: CLAIMS.replaceAll('$json.said', SAID) },
				options: { algorithm: 'HS256' },
			},
		},
		{
			...{ name: 'Give It to the Waiting Run', type: 'httpRequest', version: 4.2, at: [14, 5], errorOutput: true },
			parameters: {
				...{ method: 'POST', url: `={{ ${ROW}.resumeUrl }}`, sendBody: true, specifyBody: 'json' },
				jsonBody: "={{ JSON.stringify({ token: $('Sign the Answer').first().json.token }) }}",
				options: {
					timeout: `={{ ${SETTINGS}.timeoutSeconds * 1000 }}`,
					redirect: { redirect: { followRedirects: false } },
					response: { response: { fullResponse: true, neverError: true, responseFormat: 'json' } },
				},
			},
		},
		choose(
			'What Does the Run Say?',
			[15, 5],
			[
				['Taken', isTrue(`={{ $json.statusCode === 200 && ${said} === true }}`)],
				['Refused', isTrue(`={{ ${said} === false }}`)],
				[
					'Busy',
					isTrue(
						// n8n says 500 to the later one of two answers at the very same moment.
						`={{ ($json.statusCode === 500 || ($json.statusCode === 409 && String($json.body?.message ?? '').includes('running already'))) && $runIndex + 1 < ${SETTINGS}.tries }}`,
					),
				],
			],
			'It Waits No More',
		),
		{
			...{ name: 'Wait a Moment', type: 'wait', version: 1.1, at: [14, 6] },
			parameters: { amount: `={{ ${SETTINGS}.secondsBetweenTries }}` },
		},
		getRows(
			'Look What Became of It',
			[16, 5.5],
			WAITING_PLANS,
			[
				['planId', 'eq', `={{ ${ROW}.planId }}`],
				['level', 'eq', `={{ ${ROW}.level }}`],
			],
			{ alwaysOutputData: true },
		),
		choose(
			'What Became of It?',
			[17, 5.5],
			[
				['Answered', isTrue('={{ !!$json.answeredAt }}')],
				[
					'Expired',
					isTrue(
						"={{ $json.status === 'timed out' || ($json.deadline !== undefined && DateTime.fromISO($json.deadline) < $now) }}",
					),
				],
			],
			'Not Reached',
		),
	);
	flow.link(
		'Is It Complete?',
		'Is It This n8n?',
		'Hash What Was Shown',
		'Sign the Answer',
		'Give It to the Waiting Run',
		'What Does the Run Say?',
	);
	flow.link(['What Does the Run Say?', 2], 'Wait a Moment', 'Give It to the Waiting Run');
	flow.link(['What Does the Run Say?', 3], 'Look What Became of It', 'What Became of It?');
	flow.link(['Give It to the Waiting Run', 1], 'Look What Became of It');
	flow.link(['Does It Still Wait?', 1], 'What Became of It?');
}

function notes(flow: Flow): void {
	flow.note({
		text: '### Approval desk\nIts address is `<n8n>/form/ad-approval-desk`. Whoever is signed in to n8n may open it; who may answer stands in the Settings of each flow.',
		...{ at: [0, -2], size: [3, 0.9] },
	});
	flow.note({
		text: '### Settings\n*helpFrom* is named on the pages. The last page sent counts: its user is who answers.',
		...{ at: [3.2, -2], size: [3, 0.9] },
	});
	flow.note({
		text: '### Sign and send\nChoose the same JWT Auth credential (passphrase, HS256) as in *Ask the Approval Desk*. n8n calls itself by its own public address here.',
		...{ at: [12.9, 3.6], size: [2.2, 0.9] },
	});
}

export const desk: Template = workflow(
	{
		...{ id: WORKFLOW.desk, name: 'Answer Plans at the Approval Desk', errorWorkflow: WORKFLOW.failedRuns },
		description:
			'Pages on which approvers, signed in to n8n, see the plans that wait for them, what each would change, and approve or decline it. The waiting run checks every answer itself.',
	},
	(flow) => {
		notes(flow);
		open(flow);
		question(flow);
		send(flow);
		endings(flow);
		failed(flow);
	},
);
