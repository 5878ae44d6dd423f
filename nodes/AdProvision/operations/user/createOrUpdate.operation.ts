import { createOrUpdate } from '../../../../lib/directory/accounts/create';
import { checkDelivery } from '../../passwords';
import { accountOutcome } from '../../results';
import type { Operation } from '../../run';
import { createOptions, desiredAccount, MAKING } from './account';

export const operation: Operation = {
	...MAKING,
	outputs: 1,
	writes: true,
	signs: () => true,
	check: checkDelivery,
	run: async (context, item, run) => {
		const desired = await desiredAccount(context, item, run, true);
		const result = await createOrUpdate(run.accounts, desired, createOptions(context, item, true));
		return accountOutcome(run.subject, result);
	},
};
