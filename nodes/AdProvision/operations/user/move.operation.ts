import { moveAccount } from '../../../../lib/directory/accounts/move';
import { lookupOf, placeParameter } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding, PEOPLE } from './finding';

export const operation = finding(
	async (context, item, { accounts, place, subject }) => {
		const ou = await placeParameter(context, place, { name: 'moveTo', label: 'Move To', item });
		return accountOutcome(subject, await moveAccount(accounts, lookupOf(context, item), ou));
	},
	{ brake: PEOPLE },
);
