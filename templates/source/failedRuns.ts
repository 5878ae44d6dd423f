/** The error workflow of all templates: keeps a row for each run that failed, and tells somebody. */
import { edit, insertRows, mail, makeTable } from './blocks.ts';
import { workflow, type Template } from './flow.ts';
import { FAILED_RUNS, WORKFLOW } from './ids.ts';

const FAILED = "$('When a Run Fails').first().json";
const NOTE = "$('Note What Failed').first().json";

/** A run has `execution`; where the trigger itself failed nothing has run, and there is only `trigger`. */
const WORDS =
	`={{ String(${FAILED}.execution?.error?.message ?? ${FAILED}.trigger?.error?.message ?? 'It did not say why.').slice(0, 2000)` +
	` + (${FAILED}.execution?.error?.description ? ' ' + String(${FAILED}.execution.error.description).slice(0, 2000) : '') }}`;

export const failedRuns: Template = workflow(
	{
		...{ id: WORKFLOW.failedRuns, name: 'Report Failed Runs' },
		description:
			'Error workflow of the provisioning templates: keeps every failed run in a table and tells somebody. Publish it, or n8n never calls it.',
	},
	(flow) => {
		flow.note({
			text: '### Report Failed Runs\nThe other templates name this one as their error workflow. n8n calls it only when it is published.',
			...{ at: [0, -1.4], size: [3, 0.9] },
		});
		flow.note({
			text: '### Mail or chat\nChoose an SMTP credential and switch the step on, or put Slack, Teams or Gmail in its place.',
			...{ at: [4, -1.4], size: [2.6, 0.9] },
		});
		flow.add(
			{ name: 'When a Run Fails', type: 'errorTrigger', version: 1, at: [0, 0] },
			edit('Settings', [1, 0], [['tell', 'owner@corp.example.com']]),
			edit(
				'Note What Failed',
				[2, 0],
				[
					['flow', `={{ ${FAILED}.workflow?.name ?? '' }}`],
					['node', `={{ ${FAILED}.execution?.lastNodeExecuted ?? ${FAILED}.trigger?.error?.node?.name ?? '' }}`],
					['message', WORDS],
					['executionId', `={{ String(${FAILED}.execution?.id ?? '') }}`],
					['url', `={{ ${FAILED}.execution?.url ?? '' }}`],
				],
			),
			makeTable('Make the Table of Failed Runs', [3, 0], FAILED_RUNS),
			insertRows('Keep the Failed Run', [4, 0], FAILED_RUNS, {
				at: '={{ $now.toUTC().toISO() }}',
				...{ flow: `={{ ${NOTE}.flow }}`, node: `={{ ${NOTE}.node }}`, message: `={{ ${NOTE}.message }}` },
				...{ executionId: `={{ ${NOTE}.executionId }}`, url: `={{ ${NOTE}.url }}` },
			}),
			mail('Tell the Owner', [5, 0], {
				to: "={{ $('Settings').first().json.tell }}",
				subject: `={{ ${NOTE}.flow + ' has failed' }}`,
				text: `={{ ${NOTE}.flow + ' has failed' + (${NOTE}.node ? ' at "' + ${NOTE}.node + '"' : '') + ':\\n\\n' + ${NOTE}.message + '\\n\\n' + ${NOTE}.url }}`,
			}),
		);
		flow.link('When a Run Fails', 'Settings', 'Note What Failed', 'Make the Table of Failed Runs');
		flow.link('Make the Table of Failed Runs', 'Keep the Failed Run', 'Tell the Owner');
		// Whoever cannot keep it still tells of it.
		flow.link(['Keep the Failed Run', 1], 'Tell the Owner');
	},
);
