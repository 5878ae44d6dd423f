import { getAccount } from '../../../../lib/directory/accounts/get';
import { leavesBy, matching, subjectByValue, type Operation } from '../../run';

const NOT_FOUND = 1;
const FAILED = 2;

export const operation: Operation = {
	outputs: 2,
	writes: false,
	subject: subjectByValue,
	run: async (context, item, { directory, markAttribute, signingKey }) => {
		const { unfinishedAsNotFound = false } = context.getNodeParameter('options', item, {}) as {
			unfinishedAsNotFound?: boolean;
		};
		// Without the key a half-made account looks like any disabled one and would never be finished.
		if (unfinishedAsNotFound) directory.signingKey();
		const result = await getAccount(directory, matching(context, item, markAttribute), signingKey);
		const missing = result.outcome === 'not found' || (unfinishedAsNotFound && result.account?.state === 'pending');
		// The item itself goes on, so that the next node can create the account from it.
		if (missing) return { result, output: NOT_FOUND, json: { ...context.getInputData()[item]?.json } };
		return leavesBy(result, FAILED);
	},
};
