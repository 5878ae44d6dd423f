/** "Undo a Run", its first part: from the first page to the run that was chosen. */
import { APPROVAL_SETTINGS, ask, edit, failures, getRows, isTrue, makeTable, type Failing } from './blocks.ts';
import type { Flow, NodeSpec } from './flow.ts';
import { OUTCOMES } from './ids.ts';
import { CHOICE, ending, FIELDS_TO_CHOOSE, LIST_OF_RUNS, page, setting, startPage } from './undoPages.ts';

export function chooseRun(flow: Flow): void {
	listRuns(flow);
	flow.add(
		edit('Lay Out the List', [7, 0], FIELDS_TO_CHOOSE),
		page('Choose the Run', [8, 0], {
			...{ title: 'Undo a Run', description: 'Which run is to be taken back?', button: 'Show What Goes Back' },
		}),
		edit('Note the Choice', [9, 0], CHOICE),
		ask('Was One Chosen?', [10, 0], isTrue("={{ $json.runId !== '' }}")),
		ending(
			...(['Say That None Was Chosen', [11, 1], 'Nothing is undone'] as const),
			'No run was chosen. Begin again to choose one.',
		),
	);
	flow.link('Any Run?', 'Lay Out the List', 'Choose the Run', 'Note the Choice', 'Was One Chosen?');
	flow.link('Was One Chosen?', "Read the Run's Outcomes");
	flow.link(['Was One Chosen?', 1], 'Say That None Was Chosen');
}

function listRuns(flow: Flow): void {
	const since = `$now.minus({ days: ${setting('showRunsOfDays')} }).toUTC().toISO()`;
	const wanted = "$('Ask to Undo a Run').first().json.run";
	flow.add(
		startPage('Ask to Undo a Run', [0, 0]),
		edit(
			'Settings',
			[1, 0],
			[
				...APPROVAL_SETTINGS,
				['showRunsOfDays', 30],
				['runsInList', 50],
				['pageOpenMinutes', 60],
				['leaseObject', ''],
				['reportTo', 'it@corp.example.com'],
			],
		),
		makeTable('Make the Outcomes Table', [2, 0], OUTCOMES),
		getRows(
			...(['Read the Kept Outcomes', [3, 0], OUTCOMES] as const),
			[
				['at', 'gte', `={{ ${wanted} ? '2000-01-01T00:00:00.000Z' : ${since} }}`],
				['runId', 'ilike', `={{ ${wanted} ? ${wanted}.trim() : '%' }}`],
			],
			{ executeOnce: true, alwaysOutputData: true, retry: true },
		),
		countByRun('Count by Run and Kind', [4, 0]),
		edit('List the Runs', [5, 0], LIST_OF_RUNS, { executeOnce: true }),
		ask('Any Run?', [6, 0], isTrue('={{ $json.runs.length > 0 }}')),
		ending(
			...(['Say That No Run Is Kept', [7, 1], 'There is no run to undo'] as const),
			`={{ 'No run of the last ' + ${setting('showRunsOfDays')} + ' days has changed anything, or there is none with this ID. Outcomes are kept in the data table ${OUTCOMES.name}.' }}`,
		),
	);
	flow.link(
		...['Ask to Undo a Run', 'Settings', 'Make the Outcomes Table', 'Read the Kept Outcomes', 'Count by Run and Kind'],
		...['List the Runs', 'Any Run?'],
	);
	flow.link(['Any Run?', 1], 'Say That No Run Is Kept');
	const failing: readonly Failing[] = [['Read the Kept Outcomes', 1]];
	failures(flow, [4, 1.2], failing, undefined, 'Stop without the Outcomes');
}

/** Thousands of rows, and one item for each run, kind of change and status. */
const countByRun = (name: string, at: readonly [number, number]): NodeSpec => ({
	...{ name, type: 'summarize', version: 1.1, at, alwaysOutputData: true },
	parameters: {
		fieldsToSummarize: {
			values: [
				{ aggregation: 'count', field: 'changeId' },
				...['at', 'flow', 'approver'].map((field) => ({ aggregation: 'max', field })),
			],
		},
		fieldsToSplitBy: 'runId, lifecycle, status',
		options: { skipEmptySplitFields: true },
	},
});
