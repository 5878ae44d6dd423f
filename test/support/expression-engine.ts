/**
 * n8n's evaluation of expressions in a process of its own, for test/support/n8n-expressions.ts: in jest's own world of classes n8n does not
 * know a date or a plain object when it sees one. Argument: the engine. Each message is an expression and records; the reply is what n8n gives
 * for each record, as `getNodeParameter` has it evaluated (n8n-core, node-execution-context.ts).
 */
import { Expression, NodeConnectionTypes, Workflow, type IDataObject, type INodeType } from 'n8n-workflow';
import type { Engine, Evaluation, Question } from './n8n-expressions';

const NODE: INodeType = {
	description: {
		displayName: 'Reader',
		name: 'reader',
		group: ['transform'],
		version: 1,
		description: 'Has the parameters of a test',
		defaults: { name: 'Reader' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
};

const { expression } = new Workflow({
	id: 'test',
	nodes: [{ id: 'r', name: 'Reader', type: 'test.reader', typeVersion: 1, position: [0, 0], parameters: {} }],
	connections: {},
	active: false,
	nodeTypes: { getByName: () => NODE, getByNameAndVersion: () => NODE, getKnownTypes: () => ({}) },
	settings: { executionOrder: 'v1' },
});

function evaluate(text: string, json: object): Evaluation {
	try {
		const items = [{ json: json as IDataObject }];
		return { value: expression.getParameterValue(text, null, 0, 0, 'Reader', items, 'manual', {}) };
	} catch (error) {
		return { error: error instanceof Error ? error.message : String(error) };
	}
}

async function main(engine: Engine): Promise<void> {
	// The settings are n8n's defaults (@n8n/config, expression-engine.config.ts).
	await Expression.initExpressionEngine({
		engine,
		bridgeTimeout: 5000,
		bridgeMemoryLimit: 128,
		poolSize: 1,
		maxCodeCacheSize: 1024,
	});
	await expression.acquireIsolate();
	if (Expression.getActiveImplementation() !== engine) throw new Error(`n8n does not run its engine "${engine}".`);
	process.on('message', ({ expression: text, records }: Question) => {
		process.send?.(records.map((json) => evaluate(text, json)));
	});
	process.send?.('ready');
}

main(process.argv[2] as Engine).catch((error: unknown) => {
	process.stderr.write(`${String(error)}\n`);
	process.exit(1);
});
