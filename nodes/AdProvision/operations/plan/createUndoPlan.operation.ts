import { type IExecuteFunctions } from 'n8n-workflow';
import { planOutputs, readPlanOptions } from './planItems';
import { noItems, type PlanOperation } from './run';
import { readOutcomes, undoPlan } from './undoing';

/** Plan, Changes, Problems. */
export const operation: PlanOperation = {
	outputs: 3,
	faultsLeaveBy: 2,
	writes: false,
	prepare: (context: IExecuteFunctions) => {
		const { outcomes, itemOf } = readOutcomes(context);
		const { digestRows, csvField } = readPlanOptions(context);
		return Promise.resolve(async (run) => {
			if (outcomes.length === 0) return noItems(operation);
			return await planOutputs(context, await undoPlan(context, run, outcomes, digestRows), { csvField, itemOf });
		});
	},
};
