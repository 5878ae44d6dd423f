import { UNLOCK_ATTRIBUTES, unlockAccount } from '../../../../lib/directory/accounts/unlock';
import { lookupOf } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) =>
		accountOutcome(subject, await unlockAccount(accounts, lookupOf(context, item))),
	{ attributes: () => UNLOCK_ATTRIBUTES },
);
