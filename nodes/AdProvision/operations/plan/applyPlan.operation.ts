import { type IExecuteFunctions } from 'n8n-workflow';
import { checkApproval } from '../../../../lib/provisioning/apply/approval';
import { selectChanges } from '../../../../lib/provisioning/apply/stillPlanned';
import { textParameter } from '../../parameters';
import { deliveryOf } from '../../passwords';
import { applyAll, readApplySettings, sortOutcomes } from './applying';
import { readApproved } from './approved';
import { asJson, paired } from './planItems';
import { hint, noItems, type PlanOperation } from './run';
import { heldBackItems, readSelection } from './selection';

/** Applied, Failed, Held Back. */
export const operation: PlanOperation = {
	outputs: 3,
	faultsLeaveBy: 1,
	writes: true,
	prepare: (context: IExecuteFunctions) => {
		const { plan, changes: given, itemOf } = readApproved(context);
		const settings = readApplySettings(context, deliveryOf(context, 0));
		const selection = readSelection(context);
		const approvedOverLimit = textParameter(context, 'approvedOverLimit', 0).trim();
		return Promise.resolve(async (run) => {
			// Nobody was approved: there is nothing to ask the directory.
			if (plan === undefined && given.length === 0) return noItems(operation);
			const { directory, signingKey } = run;
			const { domainGuid } = await directory.domain();
			const now = await directory.now();
			const { changes: approved } = checkApproval({
				...(plan === undefined ? {} : { plan }),
				...{ changes: plan === undefined ? given : [], signingKey, domainGuid, approvedOverLimit, now },
			});
			const { changes, heldBack: held } = selectChanges(approved, { ...selection, signingKey, now });
			if (held.length > 0) hint(context, `${held.length} of ${approved.length} changes ${HELD_BACK}`);
			const result = await applyAll(context, run, changes, settings);
			const { applied, failed, rehearsed } = sortOutcomes(context, result, {
				itemOf: ({ changeId }) => itemOf.get(changeId),
				delivery: settings.delivery,
			});
			const heldBack = result.heldBack.map((change) => ({
				json: asJson(change),
				pairedItem: paired(itemOf.get(change.id)),
			}));
			return [applied, failed, [...rehearsed, ...heldBackItems(held, itemOf), ...heldBack]];
		});
	},
};

const HELD_BACK = 'are not applied: they left by the output Held Back, where message says why.';
