import { disableAccount } from '../../../../lib/directory/accounts/disable';
import { leavesBy, matching, subjectByValue, type Operation } from '../../run';

const FAILED = 1;

export const operation: Operation = {
	outputs: 1,
	writes: true,
	subject: subjectByValue,
	run: async (context, item, { directory, guard, markAttribute }) =>
		leavesBy(await disableAccount(directory, guard, matching(context, item, markAttribute)), FAILED),
};
