import { type IExecuteFunctions } from 'n8n-workflow';
import { checkApproval } from '../../../../lib/provisioning/apply/approval';
import { textParameter } from '../../parameters';
import { deliveryOf } from '../../passwords';
import { applyAll, readApplySettings, sortOutcomes } from './applying';
import { readApproved } from './approved';
import { asJson, paired } from './planItems';
import { noItems, type PlanOperation } from './run';

/** Applied, Failed, Held Back. */
export const operation: PlanOperation = {
	outputs: 3,
	faultsLeaveBy: 1,
	writes: true,
	prepare: (context: IExecuteFunctions) => {
		const { plan, changes: given, itemOf } = readApproved(context);
		const settings = readApplySettings(context, deliveryOf(context, 0));
		const approvedOverLimit = textParameter(context, 'approvedOverLimit', 0).trim();
		return Promise.resolve(async (run) => {
			// Nobody was approved: there is nothing to ask the directory.
			if (plan === undefined && given.length === 0) return noItems(operation);
			const { directory, signingKey } = run;
			const { domainGuid } = await directory.domain();
			const { changes } = checkApproval({
				...(plan === undefined ? {} : { plan }),
				...{
					changes: plan === undefined ? given : [],
					signingKey,
					domainGuid,
					approvedOverLimit,
					now: await directory.now(),
				},
			});
			const result = await applyAll(context, run, changes, settings);
			const { applied, failed, rehearsed } = sortOutcomes(context, result, ({ changeId }) => itemOf.get(changeId));
			const heldBack = result.heldBack.map((change) => ({
				json: asJson(change),
				pairedItem: paired(itemOf.get(change.id)),
			}));
			return [applied, failed, [...rehearsed, ...heldBack]];
		});
	},
};
