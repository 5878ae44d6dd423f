/** Operation Confirm Feed: the date of Changed Since moves forward, after the changes of a feed were applied. */
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { isInstant, later } from '../../lib/hcm/feedMemory';
import { memoryOf } from './feedMemory';

type Confirmation = {
	readonly node: string;
	readonly feed: string;
	readonly since: string | null;
	readonly note: string;
};

/** @returns Confirmed */
export async function confirmFeed(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const memory = memoryOf(context);
	const confirmed = context.getInputData().map((entry, item): INodeExecutionData => {
		const { node, feed, nextSince, complete, kind } = entry.json;
		if (typeof node !== 'string' || typeof feed !== 'string' || (kind !== 'full' && kind !== 'delta')) {
			const fault = new NodeOperationError(context.getNode(), `The input item is no Feed Report [Item ${item}]`, {
				description: "Connect the output 'Feed Report' of the node that read the feed.",
				itemIndex: item,
			});
			if (!context.continueOnFail()) throw fault;
			return { json: { error: fault.message }, error: fault, pairedItem: { item } };
		}
		const current = memory.recall(node, feed).since;
		const result = (since: string | undefined, note: string): INodeExecutionData => ({
			json: { node, feed, since: since ?? null, note } satisfies Confirmation,
			pairedItem: { item },
		});
		if (complete !== true || typeof nextSince !== 'string' || !isInstant(nextSince))
			return result(
				current,
				complete === true ? "not moved: 'Changed Since' is not used" : 'not moved: the feed was not read whole',
			);
		const since = later(current, nextSince);
		memory.remember(node, feed, { ...memory.recall(node, feed), since });
		return result(since, memory.lasts ? 'confirmed' : 'not kept: this is a manual run');
	});
	return await Promise.resolve([confirmed]);
}
