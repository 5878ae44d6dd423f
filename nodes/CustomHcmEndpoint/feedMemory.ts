/** The workflow's static data as memory of its feeds. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { recall, remember, type FeedMemory } from '../../lib/hcm/feedMemory';

/** The field of the workflow's static data that holds all of it: global, because Confirm Feed is another node than the reading one. */
const FIELD = 'hcmFeeds';

export type Memory = {
	/** n8n saves static data of production runs only. */
	readonly lasts: boolean;
	readonly recall: (node: string, feed: string) => FeedMemory;
	readonly remember: (node: string, feed: string, memory: FeedMemory) => void;
};

export function memoryOf(context: IExecuteFunctions): Memory {
	const store = context.getWorkflowStaticData('global');
	const lasts = context.getMode() !== 'manual';
	return {
		lasts,
		recall: (node, feed) => recall(store[FIELD], node, feed),
		remember: (node, feed, memory) => {
			// Assigned as a whole: n8n notices a change of the field, and not every change inside it.
			if (lasts) store[FIELD] = remember(store[FIELD], node, feed, memory);
		},
	};
}
