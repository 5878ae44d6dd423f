/**
 * What the lists of paths offer: one page of at most 25 rows is read when a list is opened, and kept for a minute, so that the next field of the
 * same endpoint asks nobody.
 */
import { createHash } from 'node:crypto';
import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import type { HcmRecord } from '../../lib/contracts';
import { columnsOf, listsOf, type Column } from '../../lib/hcm/columns';
import { HcmError } from '../../lib/hcm/errors';
import { pageReader } from '../../lib/hcm/reader';
import { readList } from '../../lib/hcm/list';
import type { Endpoint, FeedDependencies } from '../../lib/hcm/types';
import { wait } from '../../lib/wait';
import { openConnection } from './connection';
import { pathText, toEndpoint } from './endpoints';
import { ENDPOINT_FIELDS } from './descriptions/endpoint';
import { PRESETS, type EndpointValues, type PresetName } from './presets';

const ROWS = 25;
const KEPT_MS = 60_000;
const TIME_OUT_MS = 20_000;

type Preview = { readonly body: unknown; readonly rows: readonly HcmRecord[]; readonly until: number };

const previews = new Map<string, Preview>();

/** Lists in the reply: where the records may stand. */
export async function recordsPaths(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { body } = await previewOf(this, false);
	return toResults(listsOf(body), filter);
}

/** Fields of the records. */
export async function columns(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { rows } = await previewOf(this, true);
	return toResults(columnsOf(rows), filter);
}

function toResults(found: readonly Column[], filter = ''): INodeListSearchResult {
	const wanted = filter.trim().toLowerCase();
	return {
		results: found
			.filter(({ path }) => path.toLowerCase().includes(wanted))
			// The name is kept in the workflow, so somebody's value is shown beside it and not in it.
			.map(({ path, example }) => ({ name: path, value: path, ...(example === '' ? {} : { description: example }) })),
	};
}

async function previewOf(context: ILoadOptionsFunctions, needsRows: boolean): Promise<Preview> {
	const authentication = (context.getCurrentNodeParameter('authentication') as string | undefined) ?? 'jumpCloud';
	try {
		// Without a credential on the node n8n asks no list at all; with one left over from before the answer is the same.
		if (authentication === 'none')
			throw new HcmError('Without authentication there is no list.', { endpoint: '', page: 0, whatToDo: '' });
		const values = rowOf(context);
		const endpoint = previewed(toEndpoint({ ...values, primaryKey: pathText(values.primaryKey) || 'id' }), needsRows);
		const key = keyOf(context, authentication, endpoint);
		const known = previews.get(key);
		if (known && known.until > Date.now()) return known;
		const preview = await readPreview(context, authentication, endpoint);
		for (const [other, { until }] of previews) if (until <= Date.now()) previews.delete(other);
		previews.set(key, preview);
		return preview;
	} catch (error) {
		// The editor shows the message alone.
		const said = error instanceof Error ? error.message.replace(/\.?$/, '.') : 'The list cannot be read.';
		const whatToDo = error instanceof HcmError && error.whatToDo !== '' ? ` ${error.whatToDo}` : '';
		throw new NodeOperationError(context.getNode(), `${said}${whatToDo} Choose Path instead, and type it.`);
	}
}

/** The row that the list is opened in, with the source's own values where the editor stores none. */
function rowOf(context: ILoadOptionsFunctions): EndpointValues {
	const source = (context.getCurrentNodeParameter('source') as PresetName | undefined) ?? 'jumpCloudUsers';
	const stored = Object.fromEntries(
		ENDPOINT_FIELDS.map(({ name }) => [name, context.getCurrentNodeParameter(`&${name}`)] as const).filter(
			([, value]) => value !== undefined && value !== null,
		),
	);
	const [first] = PRESETS[source].endpoints;
	return { ...first, ...stored } as EndpointValues;
}

/** The endpoint, asked for a few rows only. @throws HcmError for one that needs the record of another */
function previewed(endpoint: Endpoint, needsRows: boolean): Endpoint {
	const { name, dependsOn, paging } = endpoint;
	if (dependsOn !== '')
		throw new HcmError(`"${name}" is called for each record of "${dependsOn}", so there is no list to choose from.`, {
			endpoint: name,
			page: 0,
			whatToDo: '',
		});
	const few = paging.style === 'none' ? paging : { ...paging, pageSize: Math.min(paging.pageSize, ROWS) };
	// Where the records stand is what the other list asks for: the reply is enough.
	return { ...endpoint, paging: few, ...(needsRows ? {} : { recordsPath: '$', unwrap: { type: 'none' } }) };
}

function keyOf(context: ILoadOptionsFunctions, authentication: string, endpoint: Endpoint): string {
	const { request, format, recordsPath, unwrap, paging } = endpoint;
	const credentials = context.getNode().credentials ?? {};
	const text = JSON.stringify([
		authentication,
		credentials,
		presetOf(context),
		request,
		format,
		recordsPath,
		unwrap,
		paging,
	]);
	return createHash('sha256').update(text).digest('base64');
}

function presetOf(context: ILoadOptionsFunctions): Readonly<Record<string, string>> {
	const source = (context.getCurrentNodeParameter('source') as PresetName | undefined) ?? 'jumpCloudUsers';
	return Object.fromEntries(
		PRESETS[source].ids.map(({ name }) => [
			name,
			String((context.getCurrentNodeParameter(name) as string | undefined) ?? ''),
		]),
	);
}

async function readPreview(
	context: ILoadOptionsFunctions,
	authentication: string,
	endpoint: Endpoint,
): Promise<Preview> {
	const connection = await openConnection(context, 0, {
		authentication,
		timeoutMs: TIME_OUT_MS,
		maxReplyBytes: 20_000_000,
	});
	let body: unknown;
	try {
		const dependencies: FeedDependencies = {
			send: connection.send,
			clock: () => Date.now(),
			sleep: wait,
			random: () => Math.random(),
		};
		const whole = { ...endpoint, request: { ...endpoint.request, url: connection.absolute(endpoint.request.url) } };
		const calling = { retries: 0, delayMs: 0, concurrency: 1, pagesInParallel: 1, allowedHosts: [] };
		const settings = {
			calling,
			variables: { preset: presetOf(context), credential: connection.variables },
			secrets: connection.secrets,
		};
		const read = pageReader(whole, settings, dependencies, { calls: 0, retries: 0 });
		const limits = { maxPages: 1, maxRows: ROWS, limit: ROWS };
		const { rows } = await readList(
			whole,
			async (asked) => {
				const page = await read(asked);
				({ body } = page);
				return page;
			},
			{ limits, calling, confirmBySecondRead: false },
		);
		return { body, rows: rows.slice(0, ROWS), until: Date.now() + KEPT_MS };
	} finally {
		await connection.close();
	}
}
