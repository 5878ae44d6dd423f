import { updateAccount } from '../../../../lib/directory/accounts/update';
import { lookupOf } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding } from './finding';
import { createOptions, desiredAccount, namesRead } from './account';

export const operation = finding(
	async (context, item, run) => {
		const desired = await desiredAccount(context, item, run, false);
		const options = createOptions(context, item, false);
		return accountOutcome(run.subject, await updateAccount(run.accounts, lookupOf(context, item), desired, options));
	},
	{ attributes: namesRead },
);
