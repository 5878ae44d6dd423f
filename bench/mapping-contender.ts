/**
 * One side of `npm run bench:mapping`, in a process of its own: runs its node over lists of people in n8n's engine, warmed up, and prints one
 * JSON line. Arguments: the case, n8n's expression engine, the sizes of the lists, runs, folder of n8n's node_modules.
 */
import path from 'node:path';
import { Expression, NodeHelpers, type IDataObject, type INodeExecutionData, type INodeType } from 'n8n-workflow';
import { chain, node, runWorkflow, TYPES } from '../test/support/n8n-core';
import { PARAMETERS, type Case } from './mapping-parameters';
import { people } from './people';

export type MeasuredSize = {
	readonly people: number;
	/** Microseconds for each person, of each run: the node's own time. */
	readonly costs: readonly number[];
	/** What the node's output keeps of the heap, for each person. */
	readonly heapBytes: number;
};

/** n8n 2.41 runs "vm" by default, with these settings (@n8n/config, expression-engine.config.ts); "legacy" is its older one, and faster. */
export type Engine = 'vm' | 'legacy';

const [side = 'reads', engine = 'legacy', sizes = '1000', runs = '5', modules = ''] = process.argv.slice(2) as [
	Case,
	Engine,
	...string[],
];
/** So many people are mapped in one measurement at least: a thousand are too few to time. */
const LEAST = 10_000;

const EDIT_FIELDS = 'n8n-nodes-base.set';

/** The time that the node itself took, in milliseconds; n8n's own record of it is in whole milliseconds. */
let nodeTime = 0;

type Executes = { execute: NonNullable<INodeType['execute']> };

function timed(prototype: Executes): void {
	const { execute } = prototype;
	prototype.execute = async function (...args) {
		const begin = performance.now();
		try {
			return await execute.apply(this, args);
		} finally {
			nodeTime = performance.now() - begin;
		}
	};
}

/* eslint-disable @typescript-eslint/no-require-imports -- found at run time: in n8n's own folder, and as it is shipped */
function contender(): { type: string; version: number; extraNodes: Record<string, INodeType> } {
	if (side === 'editFields') {
		const file = path.join(modules, 'n8n-nodes-base/dist/nodes/Set/Set.node.js');
		const { Set: EditFields } = require(file) as { Set: new () => INodeType };
		const editFields = new EditFields();
		timed(NodeHelpers.getVersionedNodeType(editFields, 3.4) as unknown as Executes);
		return { type: EDIT_FIELDS, version: 3.4, extraNodes: { [EDIT_FIELDS]: editFields } };
	}
	const { AttributeMap } = require('../dist/nodes/AttributeMap/AttributeMap.node.js') as {
		AttributeMap: { prototype: Executes };
	};
	timed(AttributeMap.prototype);
	return { type: TYPES.attributeMap, version: 1, extraNodes: {} };
}
/* eslint-enable @typescript-eslint/no-require-imports */

async function main(): Promise<void> {
	await Expression.initExpressionEngine({
		engine,
		...{ bridgeTimeout: 5000, bridgeMemoryLimit: 128, poolSize: 1, maxCodeCacheSize: 1024 },
	});
	const { type, version, extraNodes } = contender();
	const nodes = [node('Start', TYPES.start, {}), node('Map', type, PARAMETERS[side], { typeVersion: version })];
	const runOnce = async (input: readonly IDataObject[]): Promise<INodeExecutionData[]> => {
		const run = await runWorkflow({ nodes, connections: chain('Start', 'Map') }, { input, extraNodes });
		if (run.error) throw new Error(run.error.message);
		const [mapped = [], [rejected] = []] = run.items('Map');
		if (mapped.length !== input.length)
			throw new Error(`${side} mapped ${mapped.length} of ${input.length} people: ${JSON.stringify(rejected?.json)}`);
		return mapped;
	};
	const measured: MeasuredSize[] = [];
	for (const size of sizes.split(',').map(Number)) {
		const input = people(size);
		measured.push({ people: size, costs: await costs(input, runOnce), heapBytes: await heapBytes(input, runOnce) });
	}
	console.log(JSON.stringify(measured));
}

type RunOnce = (input: readonly IDataObject[]) => Promise<INodeExecutionData[]>;

async function costs(input: readonly IDataObject[], runOnce: RunOnce): Promise<number[]> {
	const repeats = side === 'editFields' ? 1 : Math.max(1, Math.round(LEAST / input.length));
	const costOf = async () => {
		globalThis.gc?.();
		let total = 0;
		for (let repeat = 0; repeat < repeats; repeat += 1) {
			await runOnce(input);
			total += nodeTime;
		}
		return (total * 1000) / (repeats * input.length);
	};
	await costOf();
	const each: number[] = [];
	for (let run = 0; run < Number(runs); run += 1) each.push(await costOf());
	return each;
}

/** The records are there before and after: only what the output holds beside them is counted. */
async function heapBytes(input: readonly IDataObject[], runOnce: RunOnce): Promise<number> {
	const settled = async () => {
		await new Promise((resolve) => setImmediate(resolve));
		globalThis.gc?.();
		globalThis.gc?.();
		return process.memoryUsage().heapUsed;
	};
	const before = await settled();
	const output = await runOnce(input);
	const kept = (await settled()) - before;
	// Still in use here, so that it was not collected before.
	return output.length > 0 ? kept / output.length : NaN;
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
