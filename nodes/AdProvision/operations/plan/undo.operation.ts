import { type IExecuteFunctions } from 'n8n-workflow';
import { checkApproval } from '../../../../lib/provisioning/apply/approval';
import { personKey } from '../../../../lib/provisioning/keys';
import { applyAll, readApplySettings, sortOutcomes } from './applying';
import { asJson, paired } from './planItems';
import { noItems, type PlanOperation } from './run';
import { readOutcomes, undoPlan } from './undoing';

/** Nobody reads the digest of a plan that is applied at once. */
const NO_ROWS = 0;

/** Applied, Failed. */
export const operation: PlanOperation = {
	outputs: 2,
	faultsLeaveBy: 1,
	writes: true,
	prepare: (context: IExecuteFunctions) => {
		const { outcomes, itemOf } = readOutcomes(context);
		const settings = readApplySettings(context, { kind: 'none' });
		return Promise.resolve(async (run) => {
			if (outcomes.length === 0) return noItems(operation);
			const { plan, problems } = await undoPlan(context, run, outcomes, NO_ROWS);
			const { directory, signingKey } = run;
			const { domainGuid } = await directory.domain();
			const { changes } = checkApproval({
				...{ plan, changes: [], signingKey, domainGuid, approvedOverLimit: '' },
				now: await directory.now(),
			});
			const result = await applyAll(context, run, changes, settings);
			const itemOfKey = (key: string) => itemOf.get(personKey(key));
			const { applied, failed } = sortOutcomes(context, result, {
				itemOf: ({ key }) => itemOfKey(key),
				delivery: settings.delivery,
			});
			const refused = problems.map((problem) => ({
				json: { status: 'refused', ...asJson(problem) },
				pairedItem: paired(itemOfKey(problem.key)),
			}));
			return [applied, [...failed, ...refused]];
		});
	},
};
