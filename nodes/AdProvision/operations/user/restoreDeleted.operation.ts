import { restoreDeleted } from '../../../../lib/directory/accounts/restoreDeleted';
import { locatorParameter, parameterError, placeParameter, textParameter } from '../../parameters';
import { accountOutcome } from '../../results';
import type { Operation } from '../../run';

export const operation: Operation = {
	outputs: 1,
	writes: true,
	subject: (context, item) => ({ key: textParameter(context, 'deletedObject', item), displayName: '' }),
	run: async (context, item, { accounts, place, subject }) => {
		const deleted = textParameter(context, 'deletedObject', item).trim();
		if (deleted === '')
			throw parameterError(context, item, 'Deleted Object', 'is empty', 'Enter its GUID or distinguished name.');
		const ou =
			locatorParameter(context, 'ou', item) === ''
				? ''
				: await placeParameter(context, place, { name: 'ou', label: 'Restore To', item });
		const anchor = textParameter(context, 'anchor', item).trim();
		return accountOutcome(subject, await restoreDeleted(accounts, deleted, { anchor, ou }));
	},
};
