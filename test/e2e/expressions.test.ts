/** Two hundred expressions in a real n8n, in the engine that it runs by default: its Edit Fields node gives what is read here without n8n. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import { ensureN8n } from '../../demo/n8n/install.ts';
import { n8nServer, type N8nServer, type Owner } from '../../demo/n8n/server.ts';
import { compileFieldExpression } from '../../lib/mapping/fieldExpression';
import { RECORDS, TWO_HUNDRED } from '../support/field-expressions';

jest.setTimeout(300_000);

let folder: string;
let n8n: N8nServer;
let client: N8nClient;

beforeAll(async () => {
	const owner: Owner = {
		email: 'owner@corp.example.com',
		password: `Demo-${randomBytes(9).toString('base64url')}1`,
		firstName: 'Demo',
		lastName: 'Owner',
	};
	folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-expressions-'));
	n8n = await n8nServer(await ensureN8n(), { host: '127.0.0.1', userFolder: folder, owner });
	await n8n.start();
	client = await n8nClient(n8n.url, owner);
});

afterAll(async () => {
	await n8n?.stop();
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** n8n takes an object with this field for an error of its own, and stops. */
const records = RECORDS.map((json) => {
	const { name, ...others } = json;
	return JSON.stringify(name)?.includes('__isError') ? others : json;
});

const field = (index: number) => `field${index}`;
/** An expression that is braces alone keeps its type; any other gives text. */
const isText = (expression: string) => !/^=\{\{[^{}]*\}\}$/.test(expression);

const editFields = {
	mode: 'manual',
	assignments: {
		assignments: TWO_HUNDRED.map((expression, index) => ({
			id: String(index),
			name: field(index),
			value: expression,
			// With conversion errors ignored, "object" leaves everything as it is; "string" would make text of all.
			type: isText(expression) ? 'string' : 'object',
		})),
	},
	includeOtherFields: false,
	options: { ignoreConversionErrors: true },
};

const workflow = {
	name: 'Two hundred expressions',
	nodes: [
		{ id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
		{
			id: 'b',
			name: 'Edit Fields',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [240, 0],
			parameters: editFields,
		},
	],
	connections: { Start: { main: [[{ node: 'Edit Fields', type: 'main', index: 0 }]] } },
	pinData: { Start: records.map((json) => ({ json })) },
	settings: { executionOrder: 'v1' },
};

test('two hundred expressions give for hostile records what n8n’s Edit Fields gives', async () => {
	const { id } = (await client.request('POST', '/workflows', workflow)) as { id: string };
	const execution = await client.untilStatus(await client.runWorkflow(id, 'Start'), ['success', 'error'], 120_000);
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	const [given = []] = execution.out('Start');
	const [edited = []] = execution.out('Edit Fields');
	expect([given.length, edited.length]).toEqual([records.length, records.length]);
	given.forEach(({ json }, item) => {
		const read = TWO_HUNDRED.map((expression, index) => [
			field(index),
			expression,
			compileFieldExpression(expression)?.(json) ?? null,
		]);
		const fromN8n = TWO_HUNDRED.map((expression, index) => [
			field(index),
			expression,
			edited[item]?.json[field(index)],
		]);
		expect(fromN8n).toEqual(JSON.parse(JSON.stringify(read)));
	});
	// The records came through as they were sent, so that something was compared.
	expect(given[0]?.json).toEqual(records[0]);
	expect(edited[0]?.json).toMatchObject({ [field(0)]: 'Zoë' });
});
