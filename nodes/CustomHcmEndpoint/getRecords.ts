/** Operation Get Records: one feed for each input item. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { FeedReport } from '../../lib/contracts';
import { CancelledError, HcmError } from '../../lib/hcm/errors';
import { readFeed, type Feed } from '../../lib/hcm/feed';
import type { Endpoint } from '../../lib/hcm/types';
import { PathError } from '../../lib/json/path';
import { wait } from '../../lib/wait';
import { makeSend } from './send';

type EndpointParameters = {
	readonly name: string;
	readonly url: string;
	readonly query?: { readonly parameters?: ReadonlyArray<{ readonly name: string; readonly value: unknown }> };
	readonly recordsPath: string;
	readonly primaryKey: string;
	readonly paging: 'none' | 'offset';
	readonly pageSize: number;
	readonly limitParameter: string;
	readonly offsetParameter: string;
	readonly totalPath: string;
};

type Options = {
	readonly feedName?: string;
	readonly maxPages?: number;
	readonly maxRows?: number;
	readonly retries?: number;
	readonly timeout?: number;
};

const MAX_REPLY_LENGTH = 50_000_000;

/** @returns Records, Feed Report */
export async function getRecords(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	let records: INodeExecutionData[] = [];
	const reports: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item += 1) {
		try {
			const feed = await read(context, item);
			requireComplete(context, item, feed.report);
			// concat: pushing a large list as arguments overflows the stack.
			records = records.concat(feed.records.map((record) => ({ json: record as IDataObject, pairedItem: { item } })));
			reports.push({ json: feed.report, pairedItem: { item } });
		} catch (error) {
			const fault = toNodeError(context, error, item);
			if (!context.continueOnFail() || error instanceof CancelledError) throw fault;
			records.push({
				json: { error: fault.message, description: fault.description ?? '' },
				error: fault,
				pairedItem: { item },
			});
		}
	}
	return [records, reports];
}

async function read(context: IExecuteFunctions, item: number): Promise<Feed> {
	const values = onlyEndpoint(context, item);
	const authentication = context.getNodeParameter('authentication', item) as string;
	const {
		feedName,
		maxPages = 10_000,
		maxRows = 1_000_000,
		retries = 4,
		timeout = 60,
	} = context.getNodeParameter('options', item, {}) as Options;
	const { send, url, secrets } = await makeSend(context, item, authentication, values.url, timeout * 1000);
	const signal = context.getExecutionCancelSignal();
	return await readFeed(
		{
			node: context.getNode().name,
			feed: feedName?.trim() ? feedName.trim() : values.name,
			endpoint: toEndpoint(context, item, values, url),
			maxPages,
			maxRows,
			retries,
			maxReplyLength: MAX_REPLY_LENGTH,
			secrets,
		},
		{ send, clock: () => Date.now(), sleep: wait, random: () => Math.random(), ...(signal ? { signal } : {}) },
	);
}

function onlyEndpoint(context: IExecuteFunctions, item: number): EndpointParameters {
	const { values = [] } = context.getNodeParameter('endpoints', item) as { values?: readonly EndpointParameters[] };
	const [endpoint] = values;
	if (endpoint && values.length === 1) return endpoint;
	throw new NodeOperationError(context.getNode(), `'Endpoints' has ${values.length} rows [Item ${item}]`, {
		description: 'Enter exactly one endpoint. Use a node for each further one.',
		itemIndex: item,
	});
}

function toEndpoint(context: IExecuteFunctions, item: number, values: EndpointParameters, url: string): Endpoint {
	const refuse = (message: string, description: string) =>
		new NodeOperationError(context.getNode(), `${message} [Item ${item}]`, { description, itemIndex: item });
	if (values.primaryKey.trim() === '')
		throw refuse("'Primary Key' of the endpoint is empty", 'Enter the field that tells people apart, such as id.');
	const { pageSize, limitParameter, offsetParameter, totalPath } = values;
	if (values.paging === 'offset' && offsetParameter.trim() === '')
		throw refuse("'Offset Parameter' of the endpoint is empty", 'Enter the query parameter for the rows to skip.');
	if (values.paging === 'offset' && !(Number.isInteger(pageSize) && pageSize > 0))
		throw refuse(`'Page Size' of the endpoint is ${String(pageSize)}`, 'Enter a whole number from 1, such as 100.');
	const offset = { style: 'offset', pageSize, limitParameter, offsetParameter, totalPath, start: 0 } as const;
	return {
		name: values.name,
		url,
		query: Object.fromEntries(
			(values.query?.parameters ?? [])
				.filter(({ name }) => name !== '')
				.map(({ name, value }) => [name, String(value)]),
		),
		headers: {},
		recordsPath: values.recordsPath,
		primaryKey: values.primaryKey,
		paging: values.paging === 'offset' ? offset : { style: 'none' },
	};
}

/** A feed that was read in part would make the missing people look as if they had left. */
function requireComplete(
	context: IExecuteFunctions,
	item: number,
	{ complete, reasons, feed, records }: FeedReport,
): void {
	if (complete) return;
	throw new NodeOperationError(
		context.getNode(),
		`The feed "${feed}" was not read whole: ${reasons.join('; ')} [Item ${item}]`,
		{
			description: `${records} records were read and none is passed on. Run again; if it stays so, look at the endpoint's sort order, page size and primary key.`,
			itemIndex: item,
		},
	);
}

function toNodeError(context: IExecuteFunctions, error: unknown, itemIndex: number): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const node = context.getNode();
	// n8n records a run as canceled, and not as failed, by this word in the message (n8n-core, workflow-execute.ts).
	if (error instanceof CancelledError) return new NodeOperationError(node, 'The execution was canceled', { itemIndex });
	if (error instanceof HcmError)
		return new NodeOperationError(node, error.message, { description: error.whatToDo, itemIndex });
	if (error instanceof PathError)
		return new NodeOperationError(node, error.message, { description: 'Correct the path in the endpoint.', itemIndex });
	return new NodeOperationError(node, error as Error, { itemIndex });
}
