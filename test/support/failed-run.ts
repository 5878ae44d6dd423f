/** What the error workflow wrote of a run: it runs after it, by itself. */
import type { N8nClient } from '../../demo/n8n/client.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { failedRuns, type FailedRunRow } from './kept-rows';

export async function untilFailedRun(client: N8nClient, executionId: string): Promise<FailedRunRow> {
	return await waitFor(
		async () => (await failedRuns(client, { executionId })).at(0),
		`The row of the failed run ${executionId}`,
		30_000,
		500,
	);
}
