/**
 * Everybody, every night: joiners, movers, leavers and rehires in one plan. The steps from reading people to planning run up to three times: at
 * first, after what is of low risk was done at once, and after an approval, as a check.
 */
import * as block from './blocks.ts';
import type { Failing } from './blocks.ts';
import { workflow, type Flow, type NodeSpec, type Template } from './flow.ts';
import { FEEDS, OUTCOMES, WORKFLOW } from './ids.ts';
import { ends, report } from './reconcileEnds.ts';
import { keepTheMissing, tellHr } from './reconcileHr.ts';
import { APPLY, APPROVAL, LOW, MAP, NOTES, PLAN, READ, setting, SWITCH } from './reconcileParts.ts';

const PEOPLE_OU = 'OU=People,DC=corp,DC=example,DC=com';

/** The answer is wanted before the next night, and the next plan. */
const SETTINGS: readonly block.Field[] = [
	...block.APPROVAL_SETTINGS.filter(([name]) => !name.endsWith('Hours')),
	['answerWithinHours', 20],
	['remindAfterHours', 7],
	['escalateAfterHours', 12],
	['hr', 'hr@corp.example.com'],
	['mostJoiners', 30],
	['mostLeavers', 10],
	['mostMoves', 20],
	['mostChanges', 200],
	['fewestPeople', 10],
	['daysBeforeStart', 7],
	['rehireWithinDays', 90],
	['helpDeskPublicKey', ''],
	['leaseObject', ''],
];

const guard = (rule: string, amount: string) => ({ rule, most: setting(amount) });

function readAndPlan(flow: Flow): void {
	flow.add(
		{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [0, 0] },
		{
			...{ name: 'Every Night', type: 'scheduleTrigger', version: 1.2, at: [0, 1] },
			// At no hour at which clocks change anywhere: n8n starts twice then, and whoever is missing in two runs has left.
			parameters: { rule: { interval: [{ field: 'cronExpression', expression: '0 4 * * *' }] } },
		},
		block.edit('Settings', [1, 0], SETTINGS),
		block.makeTable('Make the Table of Outcomes', [2, 0], OUTCOMES),
		block.makeTable('Make the Table of Feeds', [3, 0], FEEDS),
		block.getRows('Read Who Was Missing', [4, 0], FEEDS, [['feed', 'eq', '={{ $workflow.id }}']], {
			alwaysOutputData: true,
		}),
		{
			...{ name: READ, type: 'customHcmEndpoint', version: 1, at: [5, 0] },
			...{ executeOnce: true, errorOutput: true, retry: true },
			parameters: {
				...{ operation: 'getRecords', authentication: 'jumpCloud', source: 'jumpCloudUsers' },
				options: { ifIncomplete: 'goOn' },
			},
		},
		{
			...{ name: MAP, type: 'attributeMap', version: 1, at: [6, 0], alwaysOutputData: true, errorOutput: true },
			parameters: { preset: 'jumpCloud', ou: PEOPLE_OU, jumpCloudDates: { startDate: block.JUMPCLOUD_START } },
		},
		planning([7, 0]),
	);
	flow.link('Start by Hand', 'Settings');
	flow.link('Every Night', 'Settings', 'Make the Table of Outcomes', 'Make the Table of Feeds', 'Read Who Was Missing');
	flow.link('Read Who Was Missing', READ, MAP, PLAN);
}

const planning = (at: readonly [number, number]): NodeSpec => ({
	...{ name: PLAN, type: 'adProvision', version: 1, at, errorOutput: true, retry: true },
	parameters: {
		...{ resource: 'plan', operation: 'createPlan' },
		feedReport: `={{ $('${READ}').first(1).json }}`,
		rejected: `={{ $('${MAP}').all(1).map((item) => item.json) }}`,
		outOfScope: `={{ $('${MAP}').all(2).map((item) => item.json) }}`,
		missingBefore: "={{ $('Read Who Was Missing').first(0).json.missing }}",
		searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: PEOPLE_OU } }] },
		planned: ['create', 'update', 'disable', 'absence', 'enable', 'move', 'rename'],
		joinerOptions: { daysBefore: setting('daysBeforeStart') },
		leaverOptions: { randomPassword: true, removeFromGroups: true },
		rehireOptions: { withinDays: setting('rehireWithinDays') },
		guards: {
			values: [
				guard('create', 'mostJoiners'),
				guard('disable', 'mostLeavers'),
				guard('move', 'mostMoves'),
				guard('allChanges', 'mostChanges'),
			],
		},
		minimumFeed: setting('fewestPeople'),
		options: { expiresAfterHours: "={{ Math.ceil($('Settings').first().json.answerWithinHours) + 24 }}" },
	},
});

const applying = (name: string, at: readonly [number, number], parameters: object, options: object): NodeSpec => ({
	...{ name, type: 'adProvision', version: 1, at, errorOutput: true },
	parameters: {
		...{ resource: 'plan', operation: 'applyPlan' },
		...parameters,
		delivery: "={{ $('Settings').first().json.helpDeskPublicKey ? 'encrypted' : 'none' }}",
		publicKey: setting('helpDeskPublicKey'),
		options: { leaseObject: setting('leaseObject'), ...options },
	},
});

function decide(flow: Flow): void {
	const ran = (node: string) => `$('${node}').isExecuted`;
	const lowFirst = `$json.guard.ok && !${ran(LOW)} && $json.changes.some((change) => change.risk === 'low')`;
	flow.add(
		block.choose(
			SWITCH,
			[9, 0],
			[
				['Approved', block.isTrue(`={{ ${ran(APPROVAL)} }}`)],
				['Nothing', block.isTrue('={{ $json.counts.writes === 0 && $json.guard.ok }}')],
				['Low Risk First', block.isTrue(`={{ ${lowFirst} }}`)],
				['Over a Limit', block.isTrue('={{ !$json.guard.ok && $json.counts.writes > 0 }}')],
				['Ask', block.isTrue('={{ $json.guard.ok }}')],
			],
			'Too Few People',
		),
	);
	flow.link(PLAN, SWITCH);
}

/** Where nobody came, or too few and nothing is planned: no quiet night, for a feed that gives nobody is broken. */
function nobodyCame(flow: Flow): void {
	flow.add(
		block.edit(
			'Say That Too Few Came',
			[11, 6.5],
			[['message', "={{ $json.guard.breaches.map((breach) => breach.message).join(' ') }}"]],
		),
	);
	flow.link(block.nobodyCame(flow, READ, 'JumpCloud', [6, 6.5]), 'Stop with an Error');
	flow.link([SWITCH, 5], 'Say That Too Few Came', 'Stop with an Error');
}

/** Once in a run. What fails here stands in the plan that is made again, and goes to the desk. */
function lowRiskAtOnce(flow: Flow): readonly Failing[] {
	const row = 2;
	flow.add(
		{
			...{ name: 'Take the Changes One by One', type: 'splitOut', version: 1, at: [11, row] },
			parameters: { fieldToSplitOut: 'changes', options: {} },
		},
		block.keepOnly('Keep Those of Low Risk', [12, row], block.isText('={{ $json.risk }}', 'low')),
		applying(LOW, [13, row], {}, {}),
		{
			...{ name: 'Collect What Was Done at Once', type: 'merge', version: 3.2, at: [14, row] },
			parameters: { mode: 'append', numberInputs: 2 },
		},
		block.insertRows('Keep These Outcomes', [15, row], OUTCOMES, block.outcomeRow("''")),
		block.ask('Were These Kept?', [16, row], block.isTrue("={{ typeof $json.id === 'number' }}")),
	);
	flow.link([SWITCH, 2], 'Take the Changes One by One', 'Keep Those of Low Risk', LOW);
	flow.link([LOW, 0], ['Collect What Was Done at Once', 0], 'Keep These Outcomes', 'Were These Kept?', READ);
	flow.link([LOW, 1], ['Collect What Was Done at Once', 1]);
	return [
		[LOW, 3],
		['Keep These Outcomes', 1],
		['Were These Kept?', 1],
	];
}

function applyApproved(flow: Flow): readonly Failing[] {
	const approval = `$('${APPROVAL}').first().json`;
	flow.add(
		applying(
			APPLY,
			[11, 0],
			{
				approved: "={{ $('Plan to Be Approved').first().json }}",
				approvedOverLimit: `={{ ${approval}.approvedOverLimit }}`,
				approver: `={{ ${approval}.approver.email }}`,
			},
			{ leaveOut: `={{ ${approval}.leftOut }}`, stillPlanned: `={{ $('${PLAN}').first(0).json }}` },
		),
		block.insertRows('Keep the Outcomes', [13, 1], OUTCOMES, block.outcomeRow(`${approval}.approver.email`)),
		{
			...{ name: 'Collect the Results', type: 'merge', version: 3.2, at: [13, 0] },
			parameters: { mode: 'append', numberInputs: 3 },
		},
	);
	flow.link([SWITCH, 0], APPLY, 'Keep the Outcomes');
	flow.link([APPLY, 1], 'Keep the Outcomes');
	for (const output of [0, 1, 2]) flow.link([APPLY, output], ['Collect the Results', output]);
	return [[APPLY, 3], ...block.wereKept(flow, 'Keep the Outcomes', 'Were the Outcomes Kept?', [14, 1])];
}

export const template: Template = workflow(
	{
		...{ id: WORKFLOW.reconcile, name: 'Reconcile People Every Night', errorWorkflow: WORKFLOW.failedRuns },
		description:
			'Compares everybody in JumpCloud with Active Directory: joiners, movers, leavers and rehires in one plan. What is of low risk is done at once, as long as the plan is within its limits; the rest after an approval.',
	},
	(flow) => {
		readAndPlan(flow);
		tellHr(flow);
		keepTheMissing(flow);
		decide(flow);
		nobodyCame(flow);
		const low = lowRiskAtOnce(flow);
		const applied = applyApproved(flow);
		const asked = block.askDesk(flow, [11, 4]);
		flow.link([SWITCH, 3], asked.first);
		flow.link([SWITCH, 4], asked.first);
		flow.add(block.hold(APPROVAL, [15, 4]));
		flow.link(asked.approved, APPROVAL, READ);
		report(flow);
		ends(flow, asked);
		block.failures(
			flow,
			[17, 8],
			[
				['Read Who Was Missing', 1],
				...([
					[READ, 2],
					[MAP, 3],
					[PLAN, 3],
					['Keep Who Is Missing', 1],
				] as const),
				...[...low, ...applied, ...asked.failing],
			],
		);
		NOTES.forEach(flow.note);
	},
);
