/** What the templates keep in n8n's Data Tables, typed: dates are ISO text. */
import type { N8nClient } from '../../demo/n8n/client.ts';
import { tableRows, type Row } from '../../demo/n8n/tables.ts';

export type AnswerRow = Row & {
	readonly at: string;
	readonly planId: string;
	readonly level: string;
	readonly flow: string;
	readonly decision: string;
	readonly approverId: string;
	readonly approver: string;
	readonly comment: string;
	readonly leftOut: string;
	readonly accepted: boolean;
	readonly refusal: string;
	readonly tokenId: string;
	readonly executionId: string;
};
export type OutcomeRow = Row & {
	readonly at: string;
	readonly runId: string;
	readonly planId: string;
	readonly changeId: string;
	readonly key: string;
	readonly displayName: string;
	readonly lifecycle: string;
	readonly status: string;
	readonly message: string;
	readonly dn: string;
	readonly guid: string;
	readonly approver: string;
	readonly requester: string;
	readonly flow: string;
	readonly executionId: string;
	/** The sealed outcome as JSON text. */
	readonly outcome: string;
};
export type FeedRow = Row & { readonly feed: string; readonly missing: string; readonly at: string };
export type FailedRunRow = Row & {
	readonly at: string;
	readonly flow: string;
	readonly node: string;
	readonly message: string;
	readonly executionId: string;
	readonly url: string;
};

type Equal = Readonly<Record<string, string | number | boolean>>;
const reader =
	<T extends Row>(table: string) =>
	async (client: N8nClient, equal: Equal = {}): Promise<T[]> =>
		(await tableRows(client, table, equal)) as T[];

/** The audit record: every answer that reached a run, taken or not. */
export const answers = reader<AnswerRow>('ad_plan_answers');
export const outcomes = reader<OutcomeRow>('ad_outcomes');
export const feeds = reader<FeedRow>('ad_feeds');
export const failedRuns = reader<FailedRunRow>('ad_failed_runs');
export { waitingPlans, type WaitingPlan } from '../../demo/waitingPlans.ts';
