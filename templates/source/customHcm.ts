/**
 * Template 5: an HR system of its own shape. Two of its endpoints are joined, its codes become words by value tables; what is of low risk is
 * applied at once, the rest after an approval, and the HR system is told each account name.
 */
import * as block from './blocks.ts';
import type { Failing } from './blocks.ts';
import { APPLY, APPROVAL, LOW, MAP, PLAN, READ, reportFields, WRITE_BACK } from './customHcmReport.ts';
import { mapping, workers } from './customHcmShape.ts';
import { workflow, type Flow, type NodeSpec, type Note, type Template } from './flow.ts';
import { OUTCOMES, WORKFLOW } from './ids.ts';

const PEOPLE = 'OU=People,DC=corp,DC=example,DC=com';
const setting = (name: string) => `={{ $('Settings').first().json.${name} }}`;
const approval = `$('${APPROVAL}').first().json`;
const ran = (node: string) => `$('${node}').isExecuted`;

/** From the start to the plan; run through again after what is of low risk, and after an approval. */
function planning(flow: Flow): Failing[] {
	flow.add(
		{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [0, 0] },
		{
			...{ name: 'Every Night', type: 'scheduleTrigger', version: 1.2, at: [0, 1] },
			parameters: { rule: { interval: [{ field: 'cronExpression', expression: '30 4 * * *' }] } },
		},
		block.edit(
			'Settings',
			[1, 0],
			[
				...block.APPROVAL_SETTINGS,
				['mostJoiners', 30],
				['mostLeavers', 5],
				['mostChanges', 200],
				['fewestPeople', 1],
				['daysBeforeStart', 7],
				['rehireWithinDays', 90],
				['leaseObject', ''],
				['helpDeskPublicKey', ''],
				['reportTo', 'it@corp.example.com'],
				['hr', 'hr@corp.example.com'],
			],
		),
		block.makeTable('Make the Table of Outcomes', [2, 0], OUTCOMES),
		{
			...{ name: READ, type: 'customHcmEndpoint', version: 1, at: [3, 0] },
			...{ errorOutput: true, executeOnce: true, retry: true, parameters: workers },
		},
		{
			...{ name: MAP, type: 'attributeMap', version: 1, at: [4, 0], errorOutput: true, alwaysOutputData: true },
			parameters: { ...mapping, ou: PEOPLE },
		},
		{
			...{ name: PLAN, type: 'adProvision', version: 1, at: [5, 0], errorOutput: true, retry: true },
			parameters: planParameters(),
		},
	);
	flow.link('Start by Hand', 'Settings', 'Make the Table of Outcomes', READ, MAP, PLAN, 'What Is to Be Done?');
	flow.link('Every Night', 'Settings');
	return [[READ, 2], [MAP, 3], [PLAN, 3], block.nobodyCame(flow, READ, 'The HR system', [4, 1.6])];
}

const guard = (rule: string, amount: string) => ({ rule, unit: 'count', most: setting(amount) });
const planParameters = () => ({
	...{ resource: 'plan', operation: 'createPlan' },
	feedReport: `={{ $('${READ}').first(1).json }}`,
	rejected: `={{ $('${MAP}').all(1).map((item) => item.json) }}`,
	outOfScope: `={{ $('${MAP}').all(2).map((item) => item.json) }}`,
	searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: PEOPLE } }] },
	planned: ['create', 'update', 'disable', 'enable'],
	joinerOptions: { daysBefore: setting('daysBeforeStart') },
	leaverOptions: { randomPassword: true, removeFromGroups: true },
	rehireOptions: { withinDays: setting('rehireWithinDays') },
	guards: {
		values: [guard('create', 'mostJoiners'), guard('disable', 'mostLeavers'), guard('allChanges', 'mostChanges')],
	},
	minimumFeed: setting('fewestPeople'),
	options: { expiresAfterHours: "={{ Math.ceil($('Settings').first().json.answerWithinHours) + 24 }}" },
});

/** Within the limits what is of low risk comes first; over a limit nothing is done before the desk said yes. */
function deciding(flow: Flow): void {
	const low = `$json.guard.ok && !${ran(LOW)} && $json.changes.some((change) => change.risk === 'low')`;
	flow.add(
		block.choose(
			'What Is to Be Done?',
			[6, 0],
			[
				['Approved', block.isTrue(`={{ ${ran(APPROVAL)} }}`)],
				['Low Risk First', block.isTrue(`={{ ${low} }}`)],
				['Ask', block.isTrue('={{ $json.counts.writes > 0 }}')],
			],
			'Nothing',
		),
		block.edit(
			'Nothing Is Left',
			[7, 5],
			[
				[
					'whatHappened',
					"={{ $json.guard.ok ? 'Nobody had to be asked.' : 'Nothing is planned. ' + $json.guard.breaches.map((breach) => breach.message).join(' ') }}",
				],
			],
		),
	);
	flow.link(['What Is to Be Done?', 3], 'Nothing Is Left', 'Report');
}

const applying = (name: string, at: readonly [number, number], parameters: object, options: object): NodeSpec => ({
	...{ name, type: 'adProvision', version: 1, at, errorOutput: true, alwaysOutputData: true },
	parameters: {
		...{ resource: 'plan', operation: 'applyPlan', ...parameters },
		delivery: "={{ $('Settings').first().json.helpDeskPublicKey ? 'encrypted' : 'none' }}",
		publicKey: setting('helpDeskPublicKey'),
		options: { leaseObject: setting('leaseObject'), ...options },
	},
});

const collect = (name: string, at: readonly [number, number]): NodeSpec => ({
	...{ name, type: 'merge', version: 3.2, at, parameters: { mode: 'append', numberInputs: 2 } },
});

/** Both applying steps; what becomes of their outcomes is the same. */
function applyingBoth(flow: Flow): Failing[] {
	flow.add(
		applying(
			APPLY,
			[9, 0],
			{
				approved: "={{ $('Plan to Be Approved').first(0).json }}",
				approvedOverLimit: `={{ ${approval}.approvedOverLimit }}`,
				approver: `={{ ${approval}.approver.email }}`,
			},
			{ leaveOut: `={{ ${approval}.leftOut }}`, stillPlanned: `={{ $('${PLAN}').first(0).json }}` },
		),
		collect('Collect the Results', [10, 0]),
		{
			...{ name: 'Take the Changes One by One', type: 'splitOut', version: 1, at: [7, 1.5] },
			parameters: { fieldToSplitOut: 'changes', options: {} },
		},
		block.keepOnly('Keep Those of Low Risk', [8, 1.5], block.isText('={{ $json.risk }}', 'low')),
		applying(LOW, [9, 1.5], {}, {}),
		collect('Collect What Was Done at Once', [10, 1.5]),
	);
	flow.link('What Is to Be Done?', APPLY);
	flow.link(
		['What Is to Be Done?', 1],
		'Take the Changes One by One',
		'Keep Those of Low Risk',
		LOW,
		'Collect What Was Done at Once',
		'Sort the Outcomes',
	);
	flow.link(APPLY, 'Collect the Results', 'Sort the Outcomes');
	flow.link([APPLY, 1], ['Collect the Results', 1]);
	flow.link([LOW, 1], ['Collect What Was Done at Once', 1]);
	return [
		[APPLY, 3],
		[LOW, 3],
	];
}

/** Outcomes are kept, and new accounts are told to the HR system; then people are read again, or that was all. */
function telling(flow: Flow): Failing[] {
	const created = '$json.steps?.find(({ step }) => step.do === "create")?.step.attributes';
	const isMade = `["applied", "already done", "partial"].includes($json.status) && ${created} !== undefined`;
	flow.add(
		block.hold('Sort the Outcomes', [11, 0.75]),
		block.keepOnly('Only Outcomes', [12, 2], block.isTrue('={{ $json.changeId !== undefined }}')),
		block.insertRows(
			'Keep the Outcomes',
			[13, 2],
			OUTCOMES,
			block.outcomeRow(`(${ran(APPROVAL)} ? ${approval}.approver.email : '')`),
		),
		{ ...block.keepOnly('New Accounts', [12, 0.75], block.isTrue(`={{ ${isMade} }}`)), alwaysOutputData: true },
		block.ask('Anyone New?', [13, 0.75], block.isTrue('={{ $json.changeId !== undefined }}')),
		block.edit(
			'Name for HR',
			[14, 0.75],
			[
				['workerId', `={{ ${created}.employeeNumber[0] }}`],
				['logonName', `={{ ${created}.sAMAccountName[0] }}`],
				['mail', `={{ ${created}.mail?.[0] ?? '' }}`],
				['displayName', '={{ $json.displayName }}'],
			],
		),
		{
			...{ name: WRITE_BACK, type: 'customHcmEndpoint', version: 1, at: [15, 0.75] },
			...{ errorOutput: true, alwaysOutputData: true },
			parameters: {
				...{ operation: 'sendRecord', authentication: 'hcmApi', action: 'custom', method: 'PUT' },
				...{ url: '/v1/workers/{workerId}/account', bodyType: 'json' },
				jsonBody: '{ "logonName": "{logonName}", "mail": "{mail}" }',
			},
		},
		block.hold('Names That HR Did Not Take', [16, 2], 'They stand in the report'),
		{
			...block.ask('Was It Approved?', [16, 0.75], block.isTrue(`={{ ${ran(APPLY)} }}`)),
			executeOnce: true,
		},
		block.edit(
			'Approved and Applied',
			[17, 0.25],
			[
				['whatHappened', 'The plan was approved, made again as a check, and applied.'],
				['by', `={{ ${approval}.approver.email }}`],
				['comment', `={{ ${approval}.comment }}`],
			],
		),
	);
	flow.link('Sort the Outcomes', 'Only Outcomes', 'Keep the Outcomes');
	flow.link('Sort the Outcomes', 'New Accounts', 'Anyone New?', 'Name for HR', WRITE_BACK, 'Was It Approved?');
	flow.link(['Anyone New?', 1], 'Was It Approved?');
	flow.link('Was It Approved?', 'Approved and Applied', 'Report');
	flow.link(['Was It Approved?', 1], READ);
	for (const output of [1, 2]) flow.link([WRITE_BACK, output], 'Names That HR Did Not Take');
	return [...block.wereKept(flow, 'Keep the Outcomes', 'Were the Outcomes Kept?', [14, 2])];
}

/** What HR has to mend, and the question to the desk. */
function approving(flow: Flow): readonly Failing[] {
	const rejected = `$('${MAP}').all(1).map(({ json }) => (json.displayName || json.key || 'Somebody without a name') + ': ' + json.problems.map((problem) => problem.message).join(' '))`;
	const problems = `$('${PLAN}').all(2).map(({ json }) => (json.displayName || json.key || 'The plan') + ': ' + json.message + ' ' + json.whatToDo)`;
	flow.add(
		block.keepOnly('First Plan of the Run', [6, -1], block.isTrue('={{ $runIndex === 0 }}')),
		block.edit(
			'What HR Has to Mend',
			[7, -1],
			[
				['rejected', `={{ ${rejected} }}`, 'array'],
				['problems', `={{ ${problems} }}`, 'array'],
			],
		),
		block.keepOnly(
			'Anything to Mend?',
			[8, -1],
			block.isTrue('={{ $json.rejected.length + $json.problems.length > 0 }}'),
		),
		block.mail('Tell HR', [9, -1], {
			to: setting('hr'),
			subject: 'People in the HR system who want a look',
			text: "={{ [...$json.rejected, ...$json.problems].join('\\n\\n') }}",
		}),
	);
	const asked = block.askDesk(flow, [7, 3.25]);
	const ending = (name: string, at: readonly [number, number], words: string) =>
		block.edit(name, at, [
			['whatHappened', words],
			['by', "={{ $json.approver?.email ?? '' }}"],
			['comment', "={{ $json.comment ?? '' }}"],
		]);
	flow.add(
		block.hold(APPROVAL, [11, 3.25], 'Back to the reading: the plan is made again as a check'),
		ending('Declined', [12, 4.25], 'The plan was declined: of what was asked nothing was done.'),
		ending('Nobody Answered', [12, 5.25], 'Nobody answered in time: of what was asked nothing was done.'),
		block.edit('Report', [18, 3.25], reportFields(), { include: true }),
		block.mail('Mail the Report', [19, 3.25], {
			to: setting('reportTo'),
			subject: '={{ $workflow.name }}',
			text: "={{ [$json.whatHappened, ...$json.doneAtOnce, ...$json.doneAfterApproval, ...$json.failed, ...$json.heldBack, ...$json.notWrittenBack].join('\\n\\n') }}",
		}),
	);
	flow.link(PLAN, 'First Plan of the Run', 'What HR Has to Mend', 'Anything to Mend?', 'Tell HR');
	flow.link(['What Is to Be Done?', 2], asked.first);
	flow.link(asked.approved, APPROVAL, READ);
	flow.link(asked.declined, 'Declined', 'Report', 'Mail the Report');
	flow.link(asked.timedOut, 'Nobody Answered', 'Report');
	return asked.failing;
}

const NOTES: readonly Note[] = [
	{
		text: `### Before the first run
1. Choose **HCM API** in *${READ}* and *${WRITE_BACK}*, **AD LDAP** in *${PLAN}* and the two *Apply* steps.
2. Put your organizational unit in place of \`${PEOPLE}\` in *${MAP}* and *${PLAN}*.
3. Fill in **Settings**.`,
		...{ at: [0, -2.2], size: [2.8, 1.6], color: 4 },
	},
	{
		text: '### Another HR system\nReplace the two endpoints, the fields in **Map to Accounts**, and the call that writes back. Codes become words in the value tables of *department*, *employeeType* and *office*.',
		...{ at: [3, -2.2], size: [2.8, 1.6] },
	},
	{
		text: '### In words for HR\nOnce a run. Choose an SMTP credential and switch **Tell HR** on, or put Slack, Teams or Gmail in its place.',
		...{ at: [6, -2.2], size: [2.8, 1.1], color: 3 },
	},
	{
		text: '### Low risk at once\nWithin the limits of **Settings**. Then people are read and planned again; what is left goes to the approval desk. Over a limit everything does.',
		...{ at: [8.2, 6.1], size: [2.8, 1.2] },
	},
];

export const template: Template = workflow(
	{
		...{ id: WORKFLOW.customHcm, name: 'Provision from a Custom HCM', errorWorkflow: WORKFLOW.failedRuns },
		description:
			'Reads people from an HR system of its own shape (a list and details, joined), turns its codes into words, applies low-risk changes at once and the rest after an approval, and writes each account name back.',
	},
	(flow) => {
		const failing = [...planning(flow), ...applyingBoth(flow), ...telling(flow), ...approving(flow)];
		deciding(flow);
		block.failures(flow, [5.6, 6.9], failing);
		NOTES.forEach(flow.note);
	},
);
