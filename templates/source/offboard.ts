/**
 * Template 2: whoever's last working day is over is disabled after two people said yes, suspended in JumpCloud, and deleted some days later after
 * another yes, unless HR has taken them back. The steps from reading people to mapping them run up to four times: two plans, each made again as a check.
 */
import * as block from './blocks.ts';
import type { Failing, Field } from './blocks.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { OUTCOMES, WORKFLOW } from './ids.ts';
import { deleting } from './offboardDelete.ts';
import { notes } from './offboardNotes.ts';
import {
	all,
	applying,
	applyNode,
	approvedBy,
	DISABLED,
	endings,
	of,
	planning,
	READ,
	setting,
	stop,
	told,
	WAITED,
} from './offboardSteps.ts';

const MAP = 'Map to Accounts';
const APPLY = 'Apply the Plan';
const REVIEW = 'Note the Review';
const APPROVAL = 'Note the Approval';
const PEOPLE_OU = 'OU=People,DC=corp,DC=example,DC=com';

const SETTINGS: readonly Field[] = [
	['reviewers', 'reviewer@corp.example.com'],
	...block.APPROVAL_SETTINGS,
	['keepDays', 30],
	['fewestPeople', 1],
	['mostToDisable', 10],
	['mostToDelete', 10],
	['peopleOu', PEOPLE_OU],
	['leaversOu', 'OU=Leavers,DC=corp,DC=example,DC=com'],
	['leaseObject', ''],
	['reportTo', 'it@corp.example.com'],
	['hr', 'hr@corp.example.com'],
];

function reading(flow: Flow): void {
	flow.add(
		{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [0, 0] },
		{
			...{ name: 'Every Morning', type: 'scheduleTrigger', version: 1.2, at: [0, 1] },
			parameters: { rule: { interval: [{ field: 'cronExpression', expression: '0 5 * * *' }] } },
		},
		block.edit('Settings', [1, 0], SETTINGS),
		block.makeTable('Make the Table of Outcomes', [2, 0], OUTCOMES),
		{
			...{ name: READ, type: 'customHcmEndpoint', version: 1, at: [3, 0] },
			...{ executeOnce: true, errorOutput: true, retry: true },
			parameters: { operation: 'getRecords', authentication: 'jumpCloud', source: 'jumpCloudUsers' },
		},
		{
			...{ name: MAP, type: 'attributeMap', version: 1, at: [4, 0], alwaysOutputData: true, errorOutput: true },
			parameters: {
				...{ preset: 'jumpCloud', ou: PEOPLE_OU },
				// Not by SUSPENDED: this flow suspends people itself, and could then never hear from HR that somebody stays.
				jumpCloudLeaverWhen: {},
				jumpCloudDates: {
					endDate: block.jumpCloudAttribute('lastWorkingDay'),
					timeZone: block.jumpCloudAttribute('timeZone'),
				},
			},
		},
		block.ask('Is It About Disabling?', [5, 0], block.isTrue(`={{ !$('${WAITED}').isExecuted }}`)),
		planning('Create Plan', [6, 0], {
			...{ feedReport: `={{ $('${READ}').first(1).json }}`, minimumFeed: setting('fewestPeople') },
			rejected: `={{ $('${MAP}').all(1).map((item) => item.json) }}`,
			outOfScope: `={{ $('${MAP}').all(2).map((item) => item.json) }}`,
			guards: { values: [{ rule: 'disable', unit: 'count', most: setting('mostToDisable') }] },
		}),
		block.ask('Not Approved Yet?', [7, 0], block.isTrue(`={{ !$('${APPROVAL}').isExecuted }}`)),
	);
	flow.link('Every Morning', 'Settings');
	flow.link('Start by Hand', 'Settings', 'Make the Table of Outcomes', READ, MAP, 'Is It About Disabling?');
	flow.link('Is It About Disabling?', 'Create Plan', 'Not Approved Yet?');
	stop(flow, [7, 2.4], '', [
		[READ, 2],
		[MAP, 3],
		['Create Plan', 3],
		block.nobodyCame(flow, READ, 'JumpCloud', [4, 1.4]),
	]);
}

/** Above the main path, so that n8n does it first: HR hears of it before anybody is waited for. */
function tellHr(flow: Flow): void {
	const lane = (row: number, from: Failing, once: string, say: string, fields: readonly Field[]) => {
		flow.add(
			block.keepOnly(once, [6.5, row], block.isTrue("={{ !$('Plan to Be Approved').isExecuted }}")),
			block.edit(say, [7.5, row], fields),
		);
		flow.link(from, once, say, 'Tell HR');
	};
	lane(-2, [MAP, 1], 'Rejected, Before Asking', 'Say Who Was Rejected', [
		['who', "={{ $json.displayName || $json.key || 'Somebody without a name' }}"],
		['whatIsWrong', "={{ ($json.problems ?? []).map((problem) => problem.message).join(' ') }}"],
		['whatToDo', 'Correct it in JumpCloud. Until then nothing is done for this person, not even on the last day.'],
	]);
	lane(-1, ['Create Plan', 2], 'Problems, Before Asking', 'Say What Wants a Look', [
		['who', "={{ $json.displayName || 'The plan as a whole' }}"],
		['whatIsWrong', "={{ ($json.urgent ? 'Urgent: ' : '') + $json.message }}"],
		['whatToDo', "={{ $json.whatToDo ?? '' }}"],
	]);
	flow.add(
		block.mail('Tell HR', [8.5, -1.5], {
			...{ to: setting('hr'), subject: 'Leavers: what has to be looked at' },
			text: "={{ $input.all().map(({ json }) => [json.who, json.whatIsWrong, json.whatToDo].join('\\n')).join('\\n\\n') }}",
		}),
	);
}

/** Two levels, the second with the first one's answer before it. */
function approving(flow: Flow): void {
	flow.add(
		block.ask('Does Anybody Leave?', [8, 0], block.isTrue('={{ $json.counts.people.leaver > 0 }}')),
		block.edit(
			'Nobody Leaves',
			[9, 1],
			[
				[
					'what',
					"={{ $json.guard.ok ? 'Nobody has left, or everything is done for those who have.' : 'Nobody is to be disabled. ' + $json.guard.breaches.map((breach) => breach.message).join(' ') }}",
				],
			],
		),
	);
	const reviewed = block.askDesk(flow, [9, 0], { level: 'reviewer', label: 'Reviewer' });
	flow.add(block.hold(REVIEW, [13, 0]), {
		// A Merge and no expression: however large the plan is, it gets to the second level as it is.
		...{ name: 'Plan for the Approver', type: 'merge', version: 3.2, at: [14, 0] },
		parameters: { mode: 'chooseBranch', useDataOfInput: '2' },
	});
	const approved = block.askDesk(flow, [14, 0], {
		...{ label: 'Approver', plan: 'Plan for the Approver', planIsThere: true, first: REVIEW },
	});
	flow.add(block.hold(APPROVAL, [18, 0], 'Back to the reading: the plan is made again as a check'));
	flow.link('Not Approved Yet?', 'Does Anybody Leave?', reviewed.first);
	flow.link(['Does Anybody Leave?', 1], 'Nobody Leaves');
	flow.link(reviewed.approved, REVIEW, 'Plan for the Approver');
	flow.link(reviewed.first, ['Plan for the Approver', 1]);
	flow.link(approved.approved, APPROVAL, READ);
	endings(flow, reviewed, 13, 'The Reviewer', 'Nobody was disabled.');
	endings(flow, approved, 18, 'The Approver', 'Nobody was disabled.');
	stop(flow, [12, 2.6], 'Reviewer', reviewed.failing);
	stop(flow, [17, 2.6], 'Approver', approved.failing);
}

function disabling(flow: Flow): void {
	const approver = `${of(REVIEW, 'approver.email')} + ', ' + ${of(APPROVAL, 'approver.email')}`;
	const node = applyNode(APPLY, [8, 4], {
		...{ plan: 'Plan to Be Approved', again: 'Create Plan', approval: APPROVAL, approver },
	});
	const failing = applying(flow, [8, 4], node, {
		...{ keep: 'Keep the Outcomes', approver, done: DISABLED },
		...{ failed: 'Note Who Failed', held: 'Note Who Was Held Back' },
	});
	const keyOf = (value: string) => `String(${value} ?? '').trim().toLowerCase()`;
	const disabledHere = `$('${DISABLED}').all().some(({ json }) => ${keyOf('json.key')} === ${keyOf('$json.employeeIdentifier')})`;
	flow.add(
		{
			...{ name: 'Find Them in JumpCloud', type: 'customHcmEndpoint', version: 1, at: [10, 4] },
			...{ errorOutput: true, retry: true },
			parameters: {
				...{ operation: 'getRecords', authentication: 'jumpCloud', source: 'jumpCloudUsers' },
				jumpCloudUsersFilter: "={{ 'employeeIdentifier:$eq:' + $json.key }}",
			},
		},
		// Whatever JumpCloud makes of the filter: nobody else is suspended.
		block.keepOnly('Only Whom This Run Disabled', [10.8, 4], block.isTrue(`={{ ${disabledHere} }}`)),
		{
			...{ name: 'Suspend in JumpCloud', type: 'customHcmEndpoint', version: 1, at: [11.6, 4], errorOutput: true },
			parameters: {
				...{ operation: 'sendRecord', authentication: 'jumpCloud', action: 'jumpCloudSuspendUser' },
				userId: '={{ $json._id }}',
			},
		},
		block.edit('Note Who Is Suspended', [12.4, 4], [['key', '={{ $json.employeeIdentifier }}']]),
		block.edit(
			'Note Who Could Not Be Suspended',
			[12.4, 5],
			[['why', "={{ $json.failure?.message ?? $json.error?.message ?? $json.error ?? 'JumpCloud did not say why' }}"]],
		),
	);
	flow.link(['Not Approved Yet?', 1], APPLY);
	flow.link(DISABLED, 'Find Them in JumpCloud', 'Only Whom This Run Disabled', 'Suspend in JumpCloud');
	flow.link('Suspend in JumpCloud', 'Note Who Is Suspended');
	// The account is disabled whatever JumpCloud says: it is reported, and stops nothing.
	flow.link(['Find Them in JumpCloud', 2], 'Note Who Could Not Be Suspended');
	for (const output of [1, 2]) flow.link(['Suspend in JumpCloud', output], 'Note Who Could Not Be Suspended');
	stop(flow, [10, 5.6], 'Disabling', failing);
}

/** Below the applying, so that n8n does it afterwards. */
function reportAndWait(flow: Flow): void {
	const open = `(keys => $('${DISABLED}').all().filter(({ json }) => !keys.includes(json.key)).map(({ json }) => json.displayName))(${all('Note Who Is Suspended', 'key')})`;
	flow.add(
		{
			...block.edit(
				'Report Who Was Disabled',
				[8, 7],
				[
					['what', `={{ ${all(DISABLED, 'key')}.length + ' accounts of leavers were disabled' }}`],
					['reviewedBy', `={{ ${of(REVIEW, 'approver.email')} }}`],
					...approvedBy(APPROVAL),
					['disabled', `={{ ${all(DISABLED, 'displayName')} }}`, 'array'],
					['stillOpenInJumpCloud', `={{ $('${DISABLED}').isExecuted ? ${open} : [] }}`, 'array'],
					['whyStillOpen', `={{ ${all('Note Who Could Not Be Suspended', 'why')} }}`, 'array'],
					['failed', told('Note Who Failed'), 'array'],
					['heldBack', told('Note Who Was Held Back'), 'array'],
				],
			),
			executeOnce: true,
		},
		block.mail('Mail Who Was Disabled', [9, 7], {
			...{ to: setting('reportTo'), subject: '={{ $json.what }}' },
			text: "={{ ['Disabled: ' + $json.disabled.join(', '), 'Still open in JumpCloud: ' + $json.stillOpenInJumpCloud.join(', '), ...$json.whyStillOpen, ...$json.failed, ...$json.heldBack].join('\\n\\n') }}",
		}),
		block.ask(
			'Anybody to Delete Later?',
			[10, 7],
			block.isTrue(`={{ ${of('Settings', 'keepDays')} > 0 && $('${DISABLED}').isExecuted }}`),
		),
		block.edit(
			WAITED,
			[11, 7],
			[
				// In hours, as the plan counts its days: thirty days with a change of the clocks in them are an hour less.
				['askAgainAt', `={{ $now.plus({ hours: 24 * ${of('Settings', 'keepDays')} }).toUTC().toISO() }}`],
				['wholeDays', `={{ Math.floor(${of('Settings', 'keepDays')}) }}`, 'number'],
				['keys', `={{ ${all(DISABLED, 'key')} }}`, 'array'],
			],
		),
		{
			...{ name: 'Wait Before Deleting', type: 'wait', version: 1.1, at: [12, 7], webhookId: 'ad-offboard-keep' },
			parameters: { resume: 'specificTime', dateTime: '={{ $json.askAgainAt }}' },
			notes: 'Then HR is asked again: back to the reading',
		},
		block.hold('Nobody Is to Be Deleted', [11, 8]),
	);
	flow.link(['Not Approved Yet?', 1], 'Report Who Was Disabled', 'Mail Who Was Disabled', 'Anybody to Delete Later?');
	flow.link('Anybody to Delete Later?', WAITED, 'Wait Before Deleting', READ);
	flow.link(['Anybody to Delete Later?', 1], 'Nobody Is to Be Deleted');
}

export const template: Template = workflow(
	{
		id: WORKFLOW.offboard,
		name: 'Offboard Leavers from JumpCloud',
		description:
			'Disables the accounts of people whose last working day is over, after a reviewer and an approver said yes, and suspends them in JumpCloud. Some days later it asks HR again, and after another yes deletes who is still gone.',
		errorWorkflow: WORKFLOW.failedRuns,
	},
	(flow) => {
		reading(flow);
		tellHr(flow);
		approving(flow);
		disabling(flow);
		reportAndWait(flow);
		deleting(flow);
		notes(flow);
	},
);
