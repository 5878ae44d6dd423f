/**
 * One side of the comparison, in a process of its own: reads the same list in its own way, warmed up, and prints one JSON line.
 * Arguments: which side, URL, people, runs, folder of n8n's node_modules.
 */
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import type { INode, INodeType } from 'n8n-workflow';
import { chain, node, runWorkflow, TYPES } from '../test/support/n8n-core';

export type Side = 'bare' | 'node' | 'nodeParallel' | 'httpRequest';
export type Measured = {
	readonly side: Side;
	/** Milliseconds of each run. */
	readonly runs: readonly number[];
	/** How far the resident memory rose above where it stood before, in bytes. */
	readonly memory: number;
};

const PAGE = 100;
const [side = 'bare', url = '', people = '0', runs = '5', modules = ''] = process.argv.slice(2) as [Side, ...string[]];

/** What a builder would write by hand: one connection, page after page, rows kept. */
async function readBare(): Promise<number> {
	const secure = url.startsWith('https:');
	const agent = secure
		? new https.Agent({ keepAlive: true, maxSockets: 1 })
		: new http.Agent({ keepAlive: true, maxSockets: 1 });
	const get = (skip: number) =>
		new Promise<{ results: unknown[]; totalCount: number }>((resolve, reject) => {
			const request = (secure ? https : http).get(`${url}/people?limit=${PAGE}&skip=${skip}`, { agent }, (response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.once('error', reject);
				response.once('end', () => {
					resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as { results: unknown[]; totalCount: number });
				});
			});
			request.once('error', reject);
		});
	const items: Array<{ json: unknown }> = [];
	for (let total = Infinity; items.length < total; ) {
		const page = await get(items.length);
		total = page.totalCount;
		for (const json of page.results) items.push({ json });
	}
	agent.destroy();
	return items.length;
}

const endpoints = {
	values: [
		{
			name: 'People',
			method: 'GET',
			url: `${url}/people`,
			recordsPath: 'results',
			primaryKey: '_id',
			paging: 'offset',
			pageSize: PAGE,
			limitParameter: 'limit',
			offsetParameter: 'skip',
			stops: { totalPath: 'totalCount' },
		},
	],
};

const hcm = (options: INode['parameters']) =>
	node('HR', TYPES.customHcmEndpoint, { authentication: 'none', source: 'custom', endpoints, options });

/** n8n's own node, told to stop by the announced total. */
const httpRequest = node(
	'HR',
	'n8n-nodes-base.httpRequest',
	{
		url: `${url}/people`,
		sendQuery: true,
		queryParameters: { parameters: [{ name: 'limit', value: String(PAGE) }] },
		options: {
			pagination: {
				pagination: {
					paginationMode: 'updateAParameterInEachRequest',
					parameters: { parameters: [{ type: 'qs', name: 'skip', value: `={{ $pageCount * ${PAGE} }}` }] },
					paginationCompleteWhen: 'other',
					completeExpression: `={{ $pageCount * ${PAGE} >= $response.body.totalCount }}`,
				},
			},
		},
	},
	{ typeVersion: 4.2 },
);

async function readBy(reader: INode): Promise<number> {
	const run = await runWorkflow(
		{ nodes: [node('Start', TYPES.start, {}), reader], connections: chain('Start', 'HR') },
		{ extraNodes: side === 'httpRequest' ? { 'n8n-nodes-base.httpRequest': stockNode() } : {} },
	);
	if (run.error) throw new Error(run.error.message);
	const [items = []] = run.items('HR');
	// It gives one item for each page; the rows stand inside.
	return side === 'httpRequest'
		? items.reduce((sum, { json }) => sum + (json['results'] as unknown[]).length, 0)
		: items.length;
}

function stockNode(): INodeType {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- found at run time, in n8n's own folder
	const { HttpRequest } = require(path.join(modules, 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js')) as {
		HttpRequest: new () => INodeType;
	};
	return new HttpRequest();
}

const READERS: Readonly<Record<Side, () => Promise<number>>> = {
	bare: readBare,
	node: () => readBy(hcm({})),
	nodeParallel: () => readBy(hcm({ pagesInParallel: 4 })),
	httpRequest: () => readBy(httpRequest),
};

async function main(): Promise<void> {
	const readOnce = async () => {
		const begin = performance.now();
		const rows = await READERS[side]();
		if (rows !== Number(people)) throw new Error(`${side} read ${rows} of ${people} people.`);
		return performance.now() - begin;
	};
	if (side === 'httpRequest') stockNode();
	globalThis.gc?.();
	// What the process needs before it reads anything is not the reading's; the warm-up is, for a first run is what a server pays.
	const before = process.memoryUsage().rss;
	let highest = before;
	const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
	await readOnce();
	globalThis.gc?.();
	const measured: number[] = [];
	for (let run = 0; run < Number(runs); run += 1) {
		measured.push(await readOnce());
		globalThis.gc?.();
	}
	clearInterval(watch);
	console.log(JSON.stringify({ side, runs: measured, memory: highest - before } satisfies Measured));
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
