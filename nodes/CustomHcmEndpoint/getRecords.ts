/** Operation Get Records: one feed for each input item. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { formatSince, withSince, type ChangedSince, type SinceFormat } from '../../lib/hcm/changedSince';
import { judgeFeed } from '../../lib/hcm/compare';
import { CancelledError, HcmError } from '../../lib/hcm/errors';
import { readFeed } from '../../lib/hcm/feed';
import { later } from '../../lib/hcm/feedMemory';
import type { Endpoint, Feed, FeedSettings, Join } from '../../lib/hcm/types';
import { wait } from '../../lib/wait';
import { openConnection, type Connection } from './connection';
import { textOf, toEndpoint } from './endpoints';
import { memoryOf, type Memory } from './feedMemory';
import { toNodeError } from './nodeErrors';
import { endpointsParameter, filterParameter, PRESETS, type EndpointValues, type PresetName } from './presets';

type ChangedSinceValues = {
	readonly advance?: 'confirm' | 'read';
	readonly customFormat?: string;
	readonly endpoint?: string;
	readonly format?: SinceFormat;
	readonly overlap?: number;
	readonly parameter?: string;
	readonly startWith?: string;
	readonly timeZone?: string;
	readonly value?: string;
};

type Options = {
	readonly allowedHosts?: string;
	readonly changedSince?: { readonly values?: ChangedSinceValues };
	readonly compare?: {
		readonly values?: { readonly beyond?: 'warn' | 'incomplete'; readonly columns?: number; readonly rows?: number };
	};
	readonly concurrency?: number;
	readonly confirmBySecondRead?: boolean;
	readonly delay?: number;
	readonly feedName?: string;
	readonly ifIncomplete?: 'fail' | 'goOn';
	readonly limit?: number;
	readonly maxPages?: number;
	readonly maxReplySize?: number;
	readonly maxRows?: number;
	readonly pagesInParallel?: number;
	readonly retries?: number;
	readonly timeout?: number;
};

/** @returns Records, Feed Report */
export async function getRecords(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	let records: INodeExecutionData[] = [];
	const reports: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item += 1) {
		try {
			const feed = await read(context, item);
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
	const options = context.getNodeParameter('options', item, {}) as Options;
	const { timeout = 60, maxReplySize = 50, ifIncomplete = 'fail' } = options;
	const connection = await openConnection(context, item, {
		authentication: context.getNodeParameter('authentication', item) as string,
		timeoutMs: timeout * 1000,
		maxReplyBytes: maxReplySize * 1_000_000,
	});
	try {
		const feed = await readAndJudge(context, item, options, connection);
		if (ifIncomplete === 'fail') requireComplete(context, item, feed);
		return feed;
	} finally {
		await connection.close();
	}
}

async function readAndJudge(
	context: IExecuteFunctions,
	item: number,
	options: Options,
	connection: Connection,
): Promise<Feed> {
	const memory = memoryOf(context);
	const node = context.getNode().name;
	const at = new Date().toISOString();
	const settings = settingsOf(context, item, options, connection, at, memory);
	const signal = context.getExecutionCancelSignal();
	const feed = await readFeed(settings, {
		send: connection.send,
		clock: () => Date.now(),
		sleep: wait,
		random: () => Math.random(),
		...(signal ? { signal } : {}),
	});
	if (!memory.lasts) return { ...feed, report: { ...feed.report, comparison: 'not compared: this is a manual run' } };
	const { columns = 30, rows = 10, beyond = 'warn' } = options.compare?.values ?? {};
	const before = memory.recall(node, settings.feed);
	const judged = judgeFeed(feed, before.complete, { tolerance: { rows, columns }, beyond, at });
	const { nextSince } = judged.feed.report;
	const moves = options.changedSince?.values?.advance === 'read' && nextSince !== null;
	memory.remember(node, settings.feed, {
		...before,
		...(judged.summary ? { complete: judged.summary } : {}),
		...(moves ? { since: later(before.since, nextSince) } : {}),
	});
	return judged.feed;
}

/** @throws HcmError, NodeOperationError for parameters that do not fit together */
function settingsOf(
	context: IExecuteFunctions,
	item: number,
	options: Options,
	connection: Connection,
	at: string,
	memory: Memory,
): FeedSettings {
	const source = context.getNodeParameter('source', item) as PresetName;
	const { endpoints, preset, filter } = sourceOf(context, item, source);
	const absolute = endpoints.map((endpoint) => ({
		...endpoint,
		request: { ...endpoint.request, url: connection.absolute(endpoint.request.url) },
	}));
	const feedName = options.feedName?.trim() ?? '';
	const feed = feedName === '' ? (endpoints.find(({ listOnly }) => !listOnly)?.name ?? '') : feedName;
	const node = context.getNode().name;
	const changed = options.changedSince?.values;
	// A manual run reads as the first one does: what it reads is not kept either.
	const stored = memory.lasts ? memory.recall(node, feed).since : undefined;
	const since = changed ? (stored ?? startOf(changed)) : undefined;
	const rule = changed ? changedSinceOf(changed, context.getTimezone()) : undefined;
	const join = context.getNodeParameter('join', item, {}) as Partial<Join>;
	return {
		node,
		feed,
		endpoints: rule ? withSince(absolute, rule, since !== undefined) : absolute,
		join: { as: join.as ?? 'nested', unmatched: join.unmatched ?? 'report' },
		limits: {
			maxPages: options.maxPages ?? 10_000,
			maxRows: options.maxRows ?? 1_000_000,
			limit: options.limit ?? null,
		},
		calling: {
			retries: options.retries ?? 4,
			delayMs: options.delay ?? 0,
			concurrency: options.concurrency ?? 4,
			pagesInParallel: options.pagesInParallel ?? 1,
			allowedHosts: (options.allowedHosts ?? '')
				.split(',')
				.map((host) => host.trim())
				.filter((host) => host !== ''),
		},
		whenIncomplete: options.ifIncomplete === 'goOn' ? 'goOn' : 'stop',
		confirmBySecondRead: options.confirmBySecondRead ?? false,
		deltaBy: [filter ? 'filter' : '', since === undefined ? '' : 'changed since'].filter(Boolean).join(', '),
		nextSince: changed ? at : null,
		variables: {
			preset,
			credential: connection.variables,
			...(rule && since !== undefined ? { since: formatSince(since, rule) } : {}),
		},
		secrets: connection.secrets,
	};
}

/** The endpoints of the source, with the ids it asks for and its filter. */
function sourceOf(
	context: IExecuteFunctions,
	item: number,
	source: PresetName,
): { endpoints: readonly Endpoint[]; preset: Readonly<Record<string, string>>; filter: boolean } {
	const { ids, filter } = PRESETS[source];
	const values = rowsOf(context, item, endpointsParameter(source));
	if (values.length === 0)
		throw new NodeOperationError(context.getNode(), `'Endpoints' has no rows [Item ${item}]`, {
			description: 'Add an endpoint: the address that lists the people.',
			itemIndex: item,
		});
	const text = (name: string) => textOf(context.getNodeParameter(name, item, '')).trim();
	const preset = Object.fromEntries(ids.map(({ name }) => [name, text(name)]));
	const given = filter ? text(filterParameter(source)) : '';
	const endpoints = values.map(toEndpoint).map((endpoint, index) =>
		filter && given !== '' && index === 0
			? {
					...endpoint,
					request: { ...endpoint.request, query: [...endpoint.request.query, [filter.parameter, given] as const] },
				}
			: endpoint,
	);
	return { endpoints, preset, filter: given !== '' };
}

/** The rows with their expressions resolved, but for the conditions: those name fields of replies, which are not there yet. */
function rowsOf(context: IExecuteFunctions, item: number, parameter: string): readonly EndpointValues[] {
	type Rows = { readonly values?: readonly EndpointValues[] };
	const { values = [] } = context.getNodeParameter(parameter, item) as Rows;
	const { values: raw = [] } = context.getNodeParameter(parameter, item, {}, { rawExpressions: true }) as Rows;
	return values.map((row, index) => {
		const when = raw[index]?.stops?.when;
		return when === undefined ? row : { ...row, stops: { ...row.stops, when } };
	});
}

function startOf({ startWith = '' }: ChangedSinceValues): string | undefined {
	if (startWith.trim() === '') return undefined;
	const at = new Date(startWith);
	if (Number.isNaN(at.getTime()))
		throw new HcmError(`Changed Since: 'Start With' is no date: "${startWith}".`, {
			endpoint: '',
			page: 0,
			whatToDo: 'Choose a date, or leave it empty to read everything first.',
		});
	return at.toISOString();
}

function changedSinceOf(values: ChangedSinceValues, workflowZone: string): ChangedSince {
	return {
		endpoint: values.endpoint?.trim() ?? '',
		parameter: values.parameter?.trim() ?? '',
		value: values.value ?? '{since}',
		format: values.format ?? 'iso',
		customFormat: values.customFormat ?? "yyyy-MM-dd'T'HH:mm:ss",
		timeZone: values.timeZone?.trim() ? values.timeZone.trim() : workflowZone,
		overlapMinutes: values.overlap ?? 10,
	};
}

/** A feed that was read in part would make the missing people look as if they had left. The builder's own limit is no fault. */
function requireComplete(context: IExecuteFunctions, item: number, { report, fault }: Feed): void {
	const { complete, reasons, feed, records } = report;
	if (complete || (reasons.length === 1 && reasons[0] === 'limit')) return;
	// Where a call is all that went wrong, its own message says it best.
	const message =
		reasons.join('; ') === fault?.message
			? fault.message
			: `The feed "${feed}" was not read whole: ${reasons.join('; ')}`;
	throw new NodeOperationError(context.getNode(), `${message} [Item ${item}]`, {
		description: `${records > 0 ? `${records} records were read and none is passed on. ` : ''}${fault?.whatToDo ?? "Run again; if it stays so, look at the endpoint's sort order, page size and primary key."}`,
		itemIndex: item,
	});
}
