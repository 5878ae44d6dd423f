import { NodeOperationError } from 'n8n-workflow';
import { deleteAccount } from '../../../../lib/directory/accounts/delete';
import { lookupOf, switchedOn } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding, PEOPLE } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) =>
		accountOutcome(
			subject,
			await deleteAccount(accounts, lookupOf(context, item), {
				unmarkedToo: switchedOn(context, 'unmarkedToo'),
			}),
		),
	{
		brake: PEOPLE,
		signs: (context) => !switchedOn(context, 'unmarkedToo'),
		check: (context) => {
			if (switchedOn(context, 'allowDelete')) return;
			throw new NodeOperationError(context.getNode(), "'Allow Delete' is off, so nobody is deleted", {
				description: 'Switch it on if accounts are to be deleted for good. Disable keeps them.',
			});
		},
	},
);
