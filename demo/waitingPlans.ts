/** The plans that wait at the approval desk, as the templates keep them in their Data Table. */
import type { Execution, N8nClient } from './n8n/client.ts';
import { tableRows, type Row } from './n8n/tables.ts';
import { waitFor } from './setup/processes.ts';

const TABLE = 'ad_waiting_plans';
/** The path of the desk's first page. */
const DESK = 'form/ad-approval-desk';
const ENDED: readonly string[] = ['success', 'error', 'crashed', 'canceled'];
const EVERY_MS = 500;

export type WaitingPlan = Row & {
	readonly planId: string;
	readonly level: string;
	readonly status: string;
	readonly executionId: string;
	readonly resumeUrl: string;
};

/** All rows, whatever became of them; oldest first. */
export async function waitingPlans(
	client: N8nClient,
	equal: Readonly<Record<string, string>> = {},
): Promise<WaitingPlan[]> {
	return (await tableRows(client, TABLE, equal)) as WaitingPlan[];
}

/** The desk's page for a plan. */
export function deskAddress(url: string, planId: string): string {
	return `${url}/${DESK}?${new URLSearchParams({ Plan: planId }).toString()}`;
}

/** Where a run got to: its question waits at the desk, or it ended without one. */
export type Reached =
	| { readonly waiting: WaitingPlan; readonly execution: Execution }
	| { readonly waiting: undefined; readonly execution: Execution };

/**
 * Waits until a run has put a question to the desk, and sleeps; or until it ended.
 * @param executionId of the template's run
 * @param level of the approver's list that is asked
 */
export async function untilQuestion(
	client: N8nClient,
	executionId: string,
	{ level, timeoutMs = 180_000 }: { readonly level?: string; readonly timeoutMs?: number } = {},
): Promise<Reached> {
	const asked = { executionId, status: 'waiting', ...(level === undefined ? {} : { level }) };
	return await waitFor(
		async (): Promise<Reached | undefined> => {
			const execution = await client.execution(executionId);
			if (ENDED.includes(execution.status)) return { waiting: undefined, execution };
			const waiting = (await waitingPlans(client, asked)).at(-1);
			return execution.status === 'waiting' && waiting ? { waiting, execution } : undefined;
		},
		`A question of run ${executionId} at the approval desk`,
		timeoutMs,
		EVERY_MS,
	);
}

/** Waits until a plan was approved or declined, or its run has ended without an answer; gives its row as it is then. */
export async function untilAnswered(
	client: N8nClient,
	{ planId, level, executionId }: WaitingPlan,
	timeoutMs: number,
): Promise<WaitingPlan> {
	return await waitFor(
		async () => {
			const row = (await waitingPlans(client, { planId, level })).at(-1);
			const over = row?.status !== 'waiting' || ENDED.includes((await client.execution(executionId)).status);
			return over ? row : undefined;
		},
		`The answer to plan ${planId}`,
		timeoutMs,
		2 * EVERY_MS,
	);
}

/** Waits until a run has ended, well or not. */
export async function untilEnd(client: N8nClient, executionId: string, timeoutMs = 180_000): Promise<Execution> {
	return await client.untilStatus(executionId, ENDED, timeoutMs);
}
