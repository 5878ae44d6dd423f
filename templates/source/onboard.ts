/** Template 1: new hires of JumpCloud get accounts after somebody approved them, and JumpCloud is told their names. */
import {
	APPROVAL_SETTINGS,
	ask,
	askDesk,
	edit,
	failures,
	hold,
	insertRows,
	isTrue,
	JUMPCLOUD_START,
	keepOnly,
	mail,
	makeTable,
	nobodyCame,
	wereKept,
	outcomeRow,
	type Failing,
} from './blocks.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { OUTCOMES, WORKFLOW } from './ids.ts';
import { APPLY, APPROVAL, CONFIRM, KEEP, KEPT, MAP, READ, reportFields, WRITE_BACK } from './onboardReport.ts';

const PEOPLE = 'OU=People,DC=corp,DC=example,DC=com';
const setting = (name: string) => `$('Settings').first().json.${name}`;

/** From the start to the plan; it is run through again after the approval. */
function planning(flow: Flow): Failing[] {
	flow.add(
		{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [0, 0] },
		{
			...{ name: 'Every Working Day', type: 'scheduleTrigger', version: 1.2, at: [0, 1] },
			parameters: { rule: { interval: [{ field: 'cronExpression', expression: '0 6 * * 1-5' }] } },
		},
		edit(
			'Settings',
			[1, 0],
			[
				...APPROVAL_SETTINGS,
				['createAtMost', 50],
				['leastPeople', 1],
				['daysBeforeStart', 7],
				['leaseObject', ''],
				['helpDeskPublicKey', ''],
				['reportTo', 'it@corp.example.com'],
				['hrContact', 'hr@corp.example.com'],
			],
		),
		makeTable('Make the Table of Outcomes', [2, 0], OUTCOMES),
		{
			...{ name: READ, type: 'customHcmEndpoint', version: 1, at: [3, 0], errorOutput: true, executeOnce: true },
			parameters: { operation: 'getRecords', authentication: 'jumpCloud', source: 'jumpCloudUsers' },
		},
		{
			...{ name: MAP, type: 'attributeMap', version: 1, at: [4, 0], errorOutput: true, alwaysOutputData: true },
			parameters: {
				...{ preset: 'jumpCloud', ou: PEOPLE },
				jumpCloudDates: { startDate: JUMPCLOUD_START },
			},
		},
		{
			...{ name: 'Create Plan', type: 'adProvision', version: 1, at: [5, 0], errorOutput: true },
			parameters: planParameters(),
		},
		ask('First Time Round?', [6, 0], isTrue("={{ !$('Note the Approval').isExecuted }}")),
	);
	flow.link('Start by Hand', 'Settings', 'Make the Table of Outcomes', READ, MAP, 'Create Plan', 'First Time Round?');
	flow.link('Every Working Day', 'Settings');
	return [[READ, 2], [MAP, 3], ['Create Plan', 3], nobodyCame(flow, READ, 'JumpCloud', [4, 1.6])];
}

const planParameters = () => ({
	...{ resource: 'plan', operation: 'createPlan' },
	feedReport: `={{ $('${READ}').first(1).json }}`,
	rejected: `={{ $('${MAP}').all(1).map((item) => item.json) }}`,
	outOfScope: `={{ $('${MAP}').all(2).map((item) => item.json) }}`,
	searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: PEOPLE } }] },
	planned: ['create'],
	joinerOptions: { daysBefore: `={{ ${setting('daysBeforeStart')} }}` },
	guards: { values: [{ rule: 'create', unit: 'count', most: `={{ ${setting('createAtMost')} }}` }] },
	minimumFeed: `={{ ${setting('leastPeople')} }}`,
	options: { expiresAfterHours: `={{ Math.ceil(${setting('answerWithinHours')}) + 24 }}` },
});

/** What HR has to mend, whether there is anybody to create, and the question. */
function approving(flow: Flow): readonly Failing[] {
	const rejected = `$('${MAP}').all(1).map(({ json }) => (json.displayName || json.key || 'Somebody without a name') + ': ' + json.problems.map((problem) => problem.message).join(' '))`;
	const problems =
		"$('Create Plan').all(2).map(({ json }) => (json.displayName || json.key || 'The plan') + ': ' + json.message + ' ' + json.whatToDo)";
	flow.add(
		edit(
			'What HR Has to Mend',
			[7, -1],
			[
				['rejected', `={{ ${rejected} }}`, 'array'],
				['problems', `={{ ${problems} }}`, 'array'],
			],
		),
		keepOnly('Anything to Mend?', [8, -1], isTrue('={{ $json.rejected.length + $json.problems.length > 0 }}')),
		mail('Tell HR', [9, -1], {
			to: `={{ ${setting('hrContact')} }}`,
			subject: 'People in JumpCloud who cannot get an account yet',
			text: "={{ [...$json.rejected, ...$json.problems].join('\\n\\n') }}",
		}),
		ask('Anyone to Create?', [7, 0], isTrue('={{ $json.counts.writes > 0 }}')),
		edit(
			'Nobody to Create',
			[8, 1.3],
			[
				[
					'what',
					"={{ $json.guard.ok ? 'Everybody in JumpCloud who is to have an account has one.' : 'Nobody is to be created. ' + $json.guard.breaches.map((breach) => breach.message).join(' ') }}",
				],
			],
		),
	);
	const asked = askDesk(flow, [8, 0]);
	flow.add(
		hold('Note the Approval', [12, 0.15], 'Back to the reading: the plan is made again as a check'),
		ending('Declined: Nobody Is Created', [12, 1.35], 'The approver declined. Nobody was created.'),
		ending('Timed Out: Nobody Is Created', [12, 2.3], 'Nobody answered in time. Nobody was created.'),
	);
	flow.link('First Time Round?', 'What HR Has to Mend', 'Anything to Mend?', 'Tell HR');
	flow.link('First Time Round?', 'Anyone to Create?', asked.first);
	flow.link(['Anyone to Create?', 1], 'Nobody to Create');
	flow.link(asked.approved, 'Note the Approval', READ);
	flow.link(asked.declined, 'Declined: Nobody Is Created');
	flow.link(asked.timedOut, 'Timed Out: Nobody Is Created');
	return asked.failing;
}

const ending = (name: string, at: readonly [number, number], what: string) =>
	edit(name, at, [
		['what', what],
		['who', "={{ $json.approver?.email ?? '' }}"],
		['comment', "={{ $json.comment ?? '' }}"],
	]);

/** The approved plan, its outcomes, and the account names for JumpCloud. */
function applying(flow: Flow): Failing[] {
	const created = '$json.steps?.find(({ step }) => step.do === "create")?.step.attributes';
	const isMade = `["applied", "already done", "partial"].includes($json.status) && ${created} !== undefined`;
	flow.add(
		{
			...{ name: APPLY, type: 'adProvision', version: 1, at: [7, 3.4] },
			...{ errorOutput: true, alwaysOutputData: true },
			parameters: applyParameters(),
		},
		keepOnly('Only Outcomes', [8, 2.4], isTrue('={{ $json.changeId !== undefined }}')),
		insertRows(KEEP, [9, 2.4], OUTCOMES, outcomeRow(`${APPROVAL}.approver.email`)),
		hold('Outcomes That Were Not Kept', [11, 2.4], 'The run ends with an error, after its report'),
		{ name: 'Applied or Not', type: 'merge', version: 3.2, at: [8, 3.4], parameters: { mode: 'append' } },
		{ ...keepOnly('New Accounts', [9, 3.4], isTrue(`={{ ${isMade} }}`)), alwaysOutputData: true },
		ask('Anyone New?', [10, 3.4], isTrue('={{ $json.changeId !== undefined }}')),
		{
			...{ name: WRITE_BACK, type: 'customHcmEndpoint', version: 1, at: [11, 3.4] },
			...{ errorOutput: true, alwaysOutputData: true },
			parameters: {
				...{ operation: 'sendRecord', authentication: 'jumpCloud', action: 'jumpCloudSetAttribute' },
				userId: `={{ ${created}.employeeNumber[0] }}`,
				...{ attributeName: 'adAccount', attributeValue: `={{ ${created}.sAMAccountName[0] }}` },
			},
		},
		hold('Names That JumpCloud Did Not Take', [12, 4.4], 'They stand in the report'),
	);
	flow.link(['First Time Round?', 1], APPLY);
	for (const output of [0, 1]) flow.link([APPLY, output], 'Only Outcomes');
	flow.link('Only Outcomes', KEEP);
	for (const failing of wereKept(flow, KEEP, KEPT, [10, 2.4])) flow.link(failing, 'Outcomes That Were Not Kept');
	for (const output of [0, 1]) flow.link([APPLY, output], ['Applied or Not', output]);
	flow.link('Applied or Not', 'New Accounts', 'Anyone New?', WRITE_BACK);
	// A name that was not written back takes nobody's account away: it is reported.
	for (const output of [1, 2]) flow.link([WRITE_BACK, output], 'Names That JumpCloud Did Not Take');
	return [[APPLY, 3]];
}

const applyParameters = () => ({
	...{ resource: 'plan', operation: 'applyPlan' },
	approved: "={{ $('Plan to Be Approved').first(0).json }}",
	approvedOverLimit: `={{ ${APPROVAL}.approvedOverLimit }}`,
	approver: `={{ ${APPROVAL}.approver.email }}`,
	delivery: `={{ ${setting('helpDeskPublicKey')} ? 'encrypted' : 'none' }}`,
	publicKey: `={{ ${setting('helpDeskPublicKey')} }}`,
	options: {
		leaveOut: `={{ ${APPROVAL}.leftOut }}`,
		stillPlanned: "={{ $('Create Plan').first(0).json }}",
		leaseObject: `={{ ${setting('leaseObject')} }}`,
	},
});

/** The date of the feed, and the report. */
function reporting(flow: Flow): Failing[] {
	const approved = "new Set($('Plan to Be Approved').first(0).json.changes.map((change) => change.key))";
	// The feed that is confirmed is the second one: whoever came in it, and was not asked for yet, is for the next run.
	const nothingLeft = `$('${APPLY}').all(1).length + $('${APPLY}').all(2).length === 0 && ((keys) => $('Create Plan').first(0).json.changes.every((change) => keys.has(change.key)))(${approved})`;
	flow.add(
		{ ...ask('Everything Applied?', [12, 3.4], isTrue(`={{ ${nothingLeft} }}`)), executeOnce: true },
		{
			...{ name: 'Feed Report', type: 'set', version: 3.4, at: [13, 3.4] },
			parameters: { mode: 'raw', jsonOutput: `={{ $('${READ}').first(1).json }}`, options: {} },
		},
		{
			...{ name: CONFIRM, type: 'customHcmEndpoint', version: 1, at: [14, 3.4], errorOutput: true },
			parameters: { operation: 'confirmFeed' },
		},
		edit('Report', [15, 3.9], reportFields()),
		mail('Mail the Report', [16, 3.4], {
			to: `={{ ${setting('reportTo')} }}`,
			subject: '={{ $json.what }}',
			text: "={{ [$json.what, 'Approved by ' + $json.approvedBy + ($json.comment === '' ? '' : ': ' + $json.comment), ...$json.created, ...$json.notApplied, ...$json.heldBack, ...$json.notWrittenBack, $json.message].filter(Boolean).join('\\n\\n') }}",
		}),
		keepOnly('Anything Wrong?', [16, 4.4], isTrue("={{ $json.message !== '' }}")),
	);
	flow.link(['Anyone New?', 1], 'Everything Applied?');
	flow.link(WRITE_BACK, 'Everything Applied?', 'Feed Report', CONFIRM, 'Report', 'Mail the Report');
	flow.link(['Everything Applied?', 1], 'Report');
	flow.link([CONFIRM, 1], 'Report');
	flow.link('Report', 'Anything Wrong?');
	return [['Anything Wrong?', 0]];
}

function notes(flow: Flow): void {
	flow.note({
		text: `### Before the first run
1. Choose your **JumpCloud** credential in the two nodes of JumpCloud, and **AD LDAP** in *Create Plan* and *Apply the Plan*.
2. Put your organizational unit in place of \`${PEOPLE}\` in *Map to Accounts* and *Create Plan*. It must exist.
3. Fill in **Settings**.`,
		at: [0, -2],
		size: [2.8, 1.4],
		color: 4,
	});
	flow.note({
		text: `### Read, map, plan
An incomplete feed stops here: nobody is created from half a list.
A start date is read from JumpCloud's attribute \`startDate\`, where there is one.`,
		at: [3, -1.6],
		size: [2.8, 1],
	});
	flow.note({
		text: `### To HR
Who is rejected, and why. Choose an SMTP credential and switch the mail on, or put Slack, Teams or Gmail in its place.`,
		at: [7, -2.2],
		size: [2.8, 1],
		color: 3,
	});
	flow.note({
		text: `### Approval
Answered at the approval desk only; a mail carries its link. After a yes the flow goes **back to the reading**: what is not in the plan made again is not applied.`,
		at: [10, -1.6],
		size: [2.8, 1.1],
		color: 5,
	});
	flow.note({
		text: `### Passwords
With \`helpDeskPublicKey\` in Settings each password is in the report, encrypted. Without it nobody knows it: the help desk sets another one.`,
		at: [9.4, 5.7],
		size: [2.8, 1],
		color: 6,
	});
}

export const template: Template = workflow(
	{
		id: WORKFLOW.onboard,
		name: 'Onboard New Hires from JumpCloud',
		description:
			'Reads people from JumpCloud, plans accounts for those who have none, and creates them after an approver said yes at the approval desk. Writes the account name back to JumpCloud and reports how each password is had.',
		errorWorkflow: WORKFLOW.failedRuns,
	},
	(flow) => {
		const failing: Failing[] = [...planning(flow), ...approving(flow), ...applying(flow), ...reporting(flow)];
		failures(flow, [7, 5], failing);
		notes(flow);
	},
);
