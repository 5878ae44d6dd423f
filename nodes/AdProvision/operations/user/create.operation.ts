import { createAccount } from '../../../../lib/directory/accounts/create';
import { checkDelivery } from '../../passwords';
import { accountOutcome } from '../../results';
import type { Operation } from '../../run';
import { createOptions, desiredAccount, MAKING } from './account';

const EXISTS = 1;

/** Created, Exists, Failed. */
export const operation: Operation = {
	...MAKING,
	outputs: 2,
	writes: true,
	signs: () => true,
	check: checkDelivery,
	run: async (context, item, run) => {
		const desired = await desiredAccount(context, item, run, true);
		const result = await createAccount(run.accounts, desired, createOptions(context, item, true));
		const leaving = accountOutcome(run.subject, result);
		// Nobody was made: what follows Created is for people who have an account.
		if (result.outcome === 'not active') return { ...leaving, output: 'failed' };
		return result.outcome === 'exists' ? { ...leaving, output: EXISTS } : leaving;
	},
};
