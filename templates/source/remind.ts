/** What keeps the approval desk moving and small: reminders, escalation, questions whose run has died, and rows that are old enough to go. */
import { deleteRows, edit, failures, getRows, mail, makeTable, updateRows, type Failing } from './blocks.ts';
import { time } from './deskPages.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { ANSWERS, DESK_PATH, FAILED_RUNS, OUTCOMES, WAITING_PLANS, WORKFLOW, type Table } from './ids.ts';

const SETTINGS = "$('Settings').first().json";
const NOW = '={{ $now.toUTC().toISO() }}';
const daysAgo = (setting: string) => `={{ $now.minus({ days: ${SETTINGS}.${setting} }).toUTC().toISO() }}`;
const byRow = (step: string) => [['id', 'eq', `={{ $('${step}').item.json.id }}`]] as const;
/** Of this very run: what stands in a row could lead elsewhere. */
const deskOf = (row: string) =>
	`$execution.resumeUrl.split('?')[0].split('/').slice(0, -2).join('/') + '/form/${DESK_PATH}?Plan=' + ${row}.planId`;

/** A mail for each row that is due, then a mark so that it is sent once. */
function tell(
	flow: Flow,
	row: number,
	{
		find,
		send,
		mark,
		due,
		told,
		to,
		subject,
	}: Readonly<Record<'find' | 'send' | 'mark' | 'due' | 'told' | 'to' | 'subject', string>>,
): readonly Failing[] {
	const message = mail(send, [6, row], {
		to: `={{ $json.${to} }}`,
		subject: `={{ '${subject}: ' + $json.title }}`,
		text: `={{ $json.title + '\\n\\nAnswer it at the approval desk until ' + ${time('$json.deadline')} + ':\\n' + ${deskOf('$json')} }}`,
	});
	flow.add(
		getRows(
			find,
			[5, row],
			WAITING_PLANS,
			[
				['status', 'eq', 'waiting'],
				[told, 'isFalse'],
				[due, 'lte', NOW],
				['deadline', 'gt', NOW],
				...(to === 'escalateTo' ? ([['escalateTo', 'like', '@']] as const) : []),
			],
			{ executeOnce: true, retry: true },
		),
		{ ...message, executeOnce: false, errorOutput: true },
		updateRows(mark, [7, row], WAITING_PLANS, byRow(find), { [told]: true }),
	);
	flow.link(find, send, mark);
	return [
		[find, 1],
		[send, 1],
		[mark, 1],
	];
}

function prune(flow: Flow): readonly Failing[] {
	const old = (name: string, row: number, table: Table, setting: string, ...more: Parameters<typeof deleteRows>[3]) =>
		deleteRows(name, [5, row], table, [['createdAt', 'lt', daysAgo(setting)], ...more], { executeOnce: true });
	flow.add(
		updateRows(
			'Close What Nobody Waits For',
			[5, 2],
			WAITING_PLANS,
			[
				['status', 'eq', 'waiting'],
				['deadline', 'lt', `={{ $now.minus({ hours: ${SETTINGS}.closeAfterHours }).toUTC().toISO() }}`],
			],
			{ status: 'timed out' },
			{ executeOnce: true },
		),
		old('Forget Old Plans', 3, WAITING_PLANS, 'keepPlansDays', ['status', 'neq', 'waiting']),
		old('Forget Old Answers', 4, ANSWERS, 'keepAnswersDays'),
		old('Forget Old Outcomes', 5, OUTCOMES, 'keepOutcomesDays'),
		old('Forget Old Failed Runs', 6, FAILED_RUNS, 'keepFailedRunsDays'),
	);
	return PRUNING.map((name) => [name, 1] as const);
}

const TABLES = [
	['Make the Table of Waiting Plans', WAITING_PLANS],
	['Make the Table of Answers', ANSWERS],
	['Make the Table of Outcomes', OUTCOMES],
	['Make the Table of Failed Runs', FAILED_RUNS],
] as const;
const PRUNING = [
	...['Close What Nobody Waits For', 'Forget Old Plans', 'Forget Old Answers'],
	...['Forget Old Outcomes', 'Forget Old Failed Runs'],
];

function start(flow: Flow): void {
	flow.add(
		{
			...{ name: 'Every Hour', type: 'scheduleTrigger', version: 1.2, at: [-1, 0] },
			parameters: { rule: { interval: [{ field: 'hours', hoursInterval: 1 }] } },
		},
		{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [-1, 1] },
		edit(
			'Settings',
			[0, 0],
			[
				['keepOutcomesDays', 365],
				['keepAnswersDays', 730],
				['keepPlansDays', 90],
				['keepFailedRunsDays', 365],
				['closeAfterHours', 1],
			],
		),
		...TABLES.map(([name, table], index) => makeTable(name, [index + 1, 0], table)),
	);
	flow.link('Every Hour', 'Settings', ...TABLES.map(([name]) => name));
	flow.link('Start by Hand', 'Settings');
}

export const remind: Template = workflow(
	{
		...{ id: WORKFLOW.remind, name: 'Remind Approvers and Tidy Up', errorWorkflow: WORKFLOW.failedRuns },
		description:
			'Every hour: reminds approvers of plans that wait, asks the escalation contact, closes questions whose run has died, and forgets what is older than the Settings say.',
	},
	(flow) => {
		flow.note({
			text: '### Remind and tidy up\nReminders and escalation as each flow has set them; rows older than the Settings say are deleted.',
			...{ at: [-1, -1.4], size: [3, 0.9] },
		});
		flow.note({
			text: '### Mail or chat\nChoose an SMTP credential and switch both steps on, or put Slack, Teams or Gmail in their place.',
			...{ at: [5.6, -1.4], size: [2.4, 0.9] },
		});
		start(flow);
		const failing = [
			...tell(flow, 0, {
				...{ find: 'Find Plans to Remind Of', send: 'Remind the Approvers', mark: 'Mark as Reminded' },
				...{ due: 'remindAt', told: 'reminded', to: 'approvers', subject: 'Still waiting for your answer' },
			}),
			...tell(flow, 1, {
				...{ find: 'Find Plans to Escalate', send: 'Ask the Escalation Contact', mark: 'Mark as Escalated' },
				...{ due: 'escalateAt', told: 'escalated', to: 'escalateTo', subject: 'Nobody has answered yet' },
			}),
			...prune(flow),
		];
		for (const next of ['Find Plans to Remind Of', 'Find Plans to Escalate', ...PRUNING])
			flow.link('Make the Table of Failed Runs', next);
		failures(flow, [8, 3], failing);
	},
);
