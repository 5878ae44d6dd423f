/** A run whose outcomes are kept, made without a template: people, a plan, and what was applied of it. */
import type { DesiredAccount } from '../../lib/contracts';
import { addWorkflow } from '../../demo/n8n/publish.ts';
import { edit, insertRows, makeTable, outcomeRow } from '../../templates/source/blocks';
import { workflow, type NodeSpec } from '../../templates/source/flow';
import { OUTCOMES } from '../../templates/source/ids';
import { prepared } from '../../demo/workflows.ts';
import type { Stage } from './world-templates';

const plan = (name: string, column: number, parameters: Readonly<Record<string, unknown>>): NodeSpec => ({
	...{ name, type: 'adProvision', version: 1, at: [column, 0] },
	parameters: { resource: 'plan', ...parameters },
});

/**
 * Plans these people, applies all of it, and keeps the outcomes.
 * @param ou where they are
 * @returns the run's id, as its outcomes have it
 */
export async function keptRun(
	{ world: { client, choices } }: Stage,
	name: string,
	ou: string,
	people: readonly DesiredAccount[],
): Promise<string> {
	const made = workflow({ id: '', name, description: '' }, (flow) => {
		flow.add(
			{ name: 'Start by Hand', type: 'manualTrigger', version: 1, at: [0, 0] },
			plan('Create Plan', 1, {
				...{ operation: 'createPlan', planInput: 'people', planned: ['create', 'update', 'disable', 'enable'] },
				searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: ou } }] },
			}),
			plan('Apply the Plan', 2, {
				...{ operation: 'applyPlan', approved: "={{ $('Create Plan').first().json }}" },
				approver: 'approver@corp.example.com',
			}),
			edit('Settle', [3, 0], [], { include: true }),
			makeTable('Make the Table', [3, 1], OUTCOMES),
			insertRows('Keep the Outcomes', [4, 0], OUTCOMES, outcomeRow("'approver@corp.example.com'")),
		);
		flow.link('Start by Hand', 'Make the Table');
		flow.link('Start by Hand', 'Create Plan', 'Apply the Plan', 'Settle', 'Keep the Outcomes');
	});
	const [ready] = prepared([made], { credentials: choices.credentials ?? {} });
	const id = await addWorkflow(client, { ...ready, pinData: { 'Start by Hand': people.map((json) => ({ json })) } });
	const run = await client.untilStatus(await client.runWorkflow(id, 'Start by Hand'), ['success', 'error'], 60_000);
	const [applied = []] = run.out('Apply the Plan');
	const runId = applied[0]?.json['runId'];
	if (run.status !== 'success' || applied.length !== people.length || typeof runId !== 'string')
		throw new Error(`${name} was not applied: ${run.error ?? JSON.stringify(run.out('Apply the Plan'))}`);
	return runId;
}
