/** "Undo a Run": the plan, the page that shows it, and what is done after the approval. */
import {
	ask,
	choose,
	edit,
	failures,
	getRows,
	hold,
	insertRows,
	wereKept,
	isText,
	isTrue,
	mail,
	outcomeRow,
	type Failing,
} from './blocks.ts';
import type { Flow, NodeSpec } from './flow.ts';
import { OUTCOMES } from './ids.ts';
import {
	APPROVAL,
	CHOSEN,
	CONFIRMED,
	DESK_LINK,
	ending,
	FIELDS_TO_CONFIRM,
	page,
	PROBLEMS,
	PROBLEMS_HTML,
	setting,
	TO_THE_DESK,
} from './undoPages.ts';

/** Names in a report: the table of outcomes has all. */
const NAMED = 200;

/** Passed twice: for the page, and after the approval as a check. */
export function makePlan(flow: Flow): void {
	const undo = (name: string, at: readonly [number, number], deleteCreated: boolean): NodeSpec => ({
		...{ name, type: 'adProvision', version: 1, at, alwaysOutputData: true, errorOutput: true },
		parameters: {
			...{ resource: 'plan', operation: 'createUndoPlan', outcomes: '={{ $json.outcomes }}', deleteCreated },
			options: { expiresAfterHours: `={{ Math.ceil(${setting('answerWithinHours')}) + 24 }}` },
		},
	});
	flow.add(
		getRows(...(["Read the Run's Outcomes", [0, 5], OUTCOMES] as const), [['runId', 'eq', `={{ ${CHOSEN}.runId }}`]], {
			executeOnce: true,
			alwaysOutputData: true,
			retry: true,
		}),
		{
			...{ name: 'Gather the Outcomes', type: 'aggregate', version: 1, at: [1, 5], alwaysOutputData: true },
			parameters: {
				fieldsToAggregate: {
					fieldToAggregate: [{ fieldToAggregate: 'outcome', renameField: true, outputFieldName: 'outcomes' }],
				},
				options: {},
			},
		},
		ask('Delete What Was Created?', [2, 5], isTrue(`={{ ${CHOSEN}.deleteCreated }}`)),
		undo('Create Undo Plan with Deletions', [3, 4.1], true),
		undo('Create Undo Plan', [3, 5.9], false),
		hold('The Undo Plan', [4.4, 5]),
		edit(
			'Tell What Cannot Be Undone',
			[4.4, 6.2],
			[
				['person', '={{ $json.displayName }}'],
				['key', '={{ $json.key }}'],
				['whatHappened', '={{ $json.message }}'],
				['whatToDo', '={{ $json.whatToDo }}'],
			],
		),
		ask('Still to Be Approved?', [5.4, 5], isTrue("={{ $('Note the Approval').isExecuted !== true }}")),
		ending(
			...(['Say That It Cannot Be Planned', [4.4, 7.2], 'This run cannot be undone'] as const),
			"={{ String($json.error?.message ?? $json.error ?? 'It did not say why.').replace(/[<>&]/g, ' ') }}",
		),
	);
	flow.link("Read the Run's Outcomes", 'Gather the Outcomes', 'Delete What Was Created?');
	for (const [output, name] of ['Create Undo Plan with Deletions', 'Create Undo Plan'].entries()) {
		flow.link(['Delete What Was Created?', output], name, 'The Undo Plan');
		flow.link([name, 2], 'Tell What Cannot Be Undone');
		flow.link([name, 3], 'Say That It Cannot Be Planned');
	}
	flow.link('The Undo Plan', 'Still to Be Approved?');
	const failing: readonly Failing[] = [
		["Read the Run's Outcomes", 1],
		['Create Undo Plan with Deletions', 3],
		['Create Undo Plan', 3],
	];
	failures(flow, [4.4, 8.2], failing, undefined, 'Stop without a Plan');
}

/** What would go back, for whoever asked for it to look at. */
export function showPlan(flow: Flow): void {
	flow.add(
		ask('Anything to Undo?', [6.4, 5], isTrue('={{ ($json.counts?.writes ?? 0) > 0 }}')),
		ending(
			...(['Say That Nothing Can Be Undone', [7.5, 6.2], 'Nothing of this run is left to undo'] as const),
			`={{ ${PROBLEMS_HTML} || 'Its changes have been undone already, or changed by somebody since.' }}`,
		),
		edit('Lay Out the Changes', [7.5, 3.8], FIELDS_TO_CONFIRM),
		page('Look at What Goes Back', [8.5, 3.8], {
			...{ title: 'What Goes Back', description: 'Nothing is done before the approval desk has agreed.' },
			...{ button: 'Go On', css: '={{ $json.css }}' },
		}),
		choose(
			...(['Put It to the Desk?', [9.5, 3.8]] as const),
			[['Put It to the Desk', isText("={{ $json.decision ?? '' }}", TO_THE_DESK)]],
			'Leave It',
		),
		ending(
			...(['Say Where It Waits', [10.7, 2.8], 'It waits at the approval desk'] as const),
			`=Somebody else has to agree before anything goes back. You may close this page. Approvers answer at the <a href="${DESK_LINK}">approval desk</a>.`,
		),
		{
			...{ name: 'Take the Plan Again', type: 'merge', version: 3.2, at: [10.7, 5] },
			parameters: { mode: 'chooseBranch', chooseBranchMode: 'waitForAll', output: 'specifiedInput', useDataOfInput: 2 },
			notes: 'Behind a form comes its answer: this gives the plan',
		},
		ending(
			...(['Say That It Is Left', [10.7, 3.8], 'Nothing is undone'] as const),
			'Everything stays as it is. Nobody was asked.',
		),
	);
	flow.link('Still to Be Approved?', 'Anything to Undo?', 'Lay Out the Changes', 'Look at What Goes Back');
	flow.link(['Anything to Undo?', 1], 'Say That Nothing Can Be Undone');
	flow.link('Look at What Goes Back', 'Put It to the Desk?', 'Say Where It Waits');
	flow.link('Put It to the Desk?', 'Take the Plan Again');
	flow.link('Anything to Undo?', ['Take the Plan Again', 1]);
	flow.link(['Put It to the Desk?', 1], 'Say That It Is Left');
}

/** @returns what can fail */
export function apply(flow: Flow): readonly Failing[] {
	flow.add(
		{
			...{ name: 'Apply the Plan', type: 'adProvision', version: 1, at: [7.5, 10.1], errorOutput: true },
			parameters: {
				...{ resource: 'plan', operation: 'applyPlan' },
				approved: "={{ $('Plan to Be Approved').first().json }}",
				approvedOverLimit: `={{ ${APPROVAL}.approvedOverLimit }}`,
				approver: `={{ ${APPROVAL}.approver.email }}`,
				options: {
					leaseObject: `={{ ${setting('leaseObject')} }}`,
					leaveOut: `={{ ${APPROVAL}.leftOut }}`,
					stillPlanned: "={{ $('The Undo Plan').first().json }}",
				},
			},
		},
		insertRows(
			'Keep the Outcomes',
			[8.8, 11.3],
			OUTCOMES,
			outcomeRow(`${APPROVAL}.approver.email`, `${CONFIRMED}.user?.email`),
		),
		{
			...{ name: 'Wait for All Results', type: 'merge', version: 3.2, at: [8.8, 10.1] },
			parameters: { mode: 'append', numberInputs: 3 },
		},
		...report(),
	);
	flow.link(['Still to Be Approved?', 1], 'Apply the Plan');
	for (const output of [0, 1, 2]) flow.link(['Apply the Plan', output], ['Wait for All Results', output]);
	for (const output of [0, 1]) flow.link(['Apply the Plan', output], 'Keep the Outcomes');
	flow.link('Wait for All Results', 'Report', 'Send the Report');
	return [['Apply the Plan', 3], ...wereKept(flow, 'Keep the Outcomes', 'Were the Outcomes Kept?', [9.8, 11.3])];
}

/** What became of it, in words. */
function report(): readonly NodeSpec[] {
	const named = (output: number, words: string) =>
		`={{ $('Apply the Plan').all(${output}).slice(0, ${NAMED}).map(({ json }) => ${words}) }}`;
	return [
		edit(
			...(['Report', [9.8, 10.1]] as const),
			[
				['title', `={{ 'Undone: ' + $('Apply the Plan').all(0).length + ' changes of run ' + ${CHOSEN}.runId }}`],
				['approvedBy', `={{ ${APPROVAL}.approver.email }}`],
				['askedForBy', `={{ ${CONFIRMED}.user?.email ?? '' }}`],
				['comment', `={{ ${APPROVAL}.comment }}`],
				['undone', named(0, "json.displayName + ' (' + json.key + ')'"), 'array'],
				[
					'failed',
					named(1, "(json.displayName ?? '') + ' (' + (json.key ?? '') + '): ' + (json.message ?? '')"),
					'array',
				],
				[
					'heldBack',
					named(2, "(json.displayName ?? '') + ' (' + (json.key ?? '') + '): ' + (json.message ?? '')"),
					'array',
				],
				['notUndoable', `={{ ${PROBLEMS}.slice(0, ${NAMED}).map(({ message }) => message) }}`, 'array'],
			],
			{ executeOnce: true },
		),
		mail('Send the Report', [10.8, 10.1], {
			...{ to: `={{ ${setting('reportTo')} }}`, subject: '={{ $json.title }}' },
			text: "={{ [$json.title, 'Approved by ' + $json.approvedBy + ', asked for by ' + $json.askedForBy, '', 'Undone:', ...$json.undone, '', 'Failed:', ...$json.failed, '', 'Held back:', ...$json.heldBack, '', 'Cannot be undone:', ...$json.notUndoable].join('\\n') }}",
		}),
	];
}
