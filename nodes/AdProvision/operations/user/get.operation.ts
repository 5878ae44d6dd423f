import { getAccount } from '../../../../lib/directory/accounts/get';
import { attributeNames, lookupOf } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding } from './finding';

const NOT_FOUND = 1;

/** Found, Not Found, Failed. */
export const operation = finding(
	async (context, item, { accounts, subject }) => {
		const options = context.getNodeParameter('options', item, {}) as Record<string, unknown>;
		const unfinishedAsNotFound = options['unfinishedAsNotFound'] === true;
		// Without the key a half-made account looks like any disabled one and would never be finished.
		if (unfinishedAsNotFound) accounts.directory.signingKey();
		const attributes = attributeNames(context, 'Attributes', options['returnAttributes'], item);
		const result = await getAccount(accounts, lookupOf(context, item), attributes);
		const missing = result.outcome === 'not found' || (unfinishedAsNotFound && result.account?.state === 'pending');
		// The item itself goes on, so that the next node can create the account from it.
		if (missing) return { json: { ...context.getInputData()[item]?.json }, output: NOT_FOUND };
		return accountOutcome(subject, result);
	},
	{
		outputs: 2,
		writes: false,
		attributes: (context, item) => {
			const options = context.getNodeParameter('options', item, {}) as Record<string, unknown>;
			return attributeNames(context, 'Attributes', options['returnAttributes'], item);
		},
	},
);
