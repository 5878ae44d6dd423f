/** What the templates call each other by, and the tables that they make. Fixed: whoever imports them again renews them. */

export const WORKFLOW = {
	askDesk: 'adpAskDesk000001',
	desk: 'adpApprovalDesk1',
	remind: 'adpRemindDesk001',
	failedRuns: 'adpReportError01',
	onboard: 'adpOnboardJc0001',
	offboard: 'adpOffboardJc001',
	reconcile: 'adpReconcileJc01',
	onePerson: 'adpOnePerson0001',
	customHcm: 'adpCustomHcm0001',
	undoRun: 'adpUndoRun000001',
	rehire: 'adpRehireOne0001',
} as const;

/** The path of the desk's first page: `<n8n>/form/ad-approval-desk`. */
export const DESK_PATH = 'ad-approval-desk';

export type Column = { readonly name: string; readonly type: 'string' | 'boolean' | 'date' | 'number' };
export type Table = { readonly name: string; readonly columns: readonly Column[] };

const texts = (...names: readonly string[]): readonly Column[] => names.map((name) => ({ name, type: 'string' }));
const dates = (...names: readonly string[]): readonly Column[] => names.map((name) => ({ name, type: 'date' }));
const switches = (...names: readonly string[]): readonly Column[] => names.map((name) => ({ name, type: 'boolean' }));

/** A question to the desk: a plan, and the level that is to answer it. */
export const WAITING_PLANS: Table = {
	name: 'ad_waiting_plans',
	columns: [
		// status: waiting, approved, declined, timed out
		...texts('planId', 'level', 'status', 'title', 'flow', 'owner', 'requester', 'approvers', 'escalateTo'),
		...dates('deadline', 'remindAt', 'escalateAt'),
		...switches('reminded', 'escalated', 'guardOk'),
		// changes: JSON list of "<id>: label", empty above 200 of them; firstAnswer: what the first level said, for the second to read
		...texts('digestHtml', 'digestCss', 'digestHash', 'changes', 'firstAnswer', 'resumeUrl', 'executionId'),
		...texts('answeredBy', 'comment', 'leftOut'),
		...dates('answeredAt'),
	],
};

/** The audit record: every answer that reached a run, taken or not. */
export const ANSWERS: Table = {
	name: 'ad_plan_answers',
	columns: [
		...dates('at'),
		...texts('planId', 'level', 'flow', 'decision', 'approverId', 'approver', 'comment', 'leftOut'),
		...switches('accepted'),
		...texts('refusal', 'tokenId', 'executionId'),
	],
};

/** A row for each change that was applied, or tried. */
export const OUTCOMES: Table = {
	name: 'ad_outcomes',
	columns: [
		...dates('at'),
		...texts('runId', 'planId', 'changeId', 'key', 'displayName', 'lifecycle', 'status', 'message', 'dn', 'guid'),
		// outcome: the sealed outcome as JSON, for undo
		...texts('approver', 'requester', 'flow', 'executionId', 'outcome'),
	],
};

/** What a flow has to remember of its last run: who was missing from the feed. */
export const FEEDS: Table = {
	name: 'ad_feeds',
	columns: [...texts('feed', 'missing'), ...dates('at')],
};

export const FAILED_RUNS: Table = {
	name: 'ad_failed_runs',
	columns: [...dates('at'), ...texts('flow', 'node', 'message', 'executionId', 'url')],
};
