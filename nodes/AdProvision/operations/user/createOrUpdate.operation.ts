import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { DesiredAccount } from '../../../../lib/contracts';
import { createOrUpdate } from '../../../../lib/directory/accounts/createOrUpdate';
import { whyNoDesiredAccount } from '../../../../lib/desiredAccount';
import { leavesBy, type Operation } from '../../run';

const FAILED = 1;

/** @throws NodeOperationError when the parameter holds no mapped account */
function mappedAccount(context: IExecuteFunctions, item: number): DesiredAccount {
	const given: unknown = context.getNodeParameter('mappedAccount', item);
	let value = given;
	if (typeof given === 'string') {
		try {
			value = JSON.parse(given);
		} catch {
			value = undefined;
		}
	}
	const reason = whyNoDesiredAccount(value);
	if (reason) {
		throw new NodeOperationError(
			context.getNode(),
			`'Mapped Account' holds no mapped account: ${reason} [Item ${item}]`,
			{
				description: 'Connect the output Mapped of an Attribute Map node, or point the parameter to its item.',
				itemIndex: item,
			},
		);
	}
	return value as DesiredAccount;
}

export const operation: Operation = {
	outputs: 1,
	writes: true,
	subject: (context, item) => {
		const { key, displayName } = mappedAccount(context, item);
		return { key, displayName };
	},
	run: async (context, item, { directory, guard, markAttribute }) => {
		const matchAttribute = context.getNodeParameter('matchAttribute', item) as string;
		return leavesBy(
			await createOrUpdate(directory, guard, mappedAccount(context, item), { matchAttribute, markAttribute }),
			FAILED,
		);
	},
};
