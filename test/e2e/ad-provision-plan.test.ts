/** The resource Plan in n8n's own editor: its outputs have names, and its panels can be filled in. */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sambaDirectory } from '../../demo/directory.ts';
import { n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import { startWorld, type World } from '../../demo/world.ts';
import { asAdministrator } from '../directory/administrator';
import { newPage, openBrowser, openWorkflow, outputNames, panelOf, picture, signIn } from '../support/editor';
import { startSamba, type Domain } from '../support/samba';

jest.setTimeout(300_000);

const PROJECT = path.resolve(__dirname, '../..');
const TYPE = 'n8n-nodes-ad-provisioning.adProvision';
const CREDENTIAL = { adLdapApi: { id: 'demoAdLdap000001', name: 'Test domain' } };

/** Node names, with what each is set to. */
const NODES: Readonly<Record<string, Record<string, unknown>>> = {
	'Create Plan': {
		operation: 'createPlan',
		feedReport: "={{ $('Start').first().json }}",
		leaverOptions: { randomPassword: true, removeFromGroups: true },
		guards: { values: [{ rule: 'create', unit: 'count', most: 50 }] },
	},
	'Apply Plan': { operation: 'applyPlan', options: { canary: 5 } },
	Undo: { operation: 'undo' },
	'Plan the Undo': { operation: 'createUndoPlan' },
};

type Stored = {
	readonly id: string;
	readonly nodes: ReadonlyArray<{ readonly name: string; readonly parameters: Record<string, unknown> }>;
};

let domain: Domain;
let world: World;
let browser: Browser;
let page: Page;
let client: N8nClient;
let workflowId: string;

beforeAll(async () => {
	domain = await startSamba();
	await asAdministrator(domain, (directory) =>
		directory.add(`OU=Engineering,${domain.baseDn}`, { objectClass: 'organizationalUnit' }),
	);
	world = await startWorld(PROJECT, { directory: await sambaDirectory(domain), people: 60 });
	client = await n8nClient(world.n8n.url, world.owner);
	browser = await openBrowser();
	page = await newPage(browser);
	page.setDefaultTimeout(20_000);
	await page.setViewportSize({ width: 1600, height: 2000 });
	await signIn(page, world.n8n.url, world.owner);
	const names = Object.keys(NODES);
	const workflow = await client.request('POST', '/workflows', {
		name: 'Plan, approve, apply',
		nodes: [
			{
				...{ id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0] },
				parameters: {},
			},
			...names.map((name, index) => ({
				...{ id: name, name, type: TYPE, typeVersion: 1, position: [300, index * 260] },
				parameters: { resource: 'plan', ...NODES[name] },
				credentials: CREDENTIAL,
			})),
		],
		connections: { Start: { main: [names.map((node) => ({ node, type: 'main', index: 0 }))] } },
		settings: { executionOrder: 'v1' },
	});
	workflowId = (workflow as Stored).id;
});

afterAll(async () => {
	await browser?.close();
	await world?.stop();
});

const { field, save } = panelOf(() => page);

async function openNode(name: string): Promise<void> {
	await openWorkflow(page, world.n8n.url, workflowId);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await field('operation').first().waitFor();
}

test('every operation names its outputs on the canvas', async () => {
	await openWorkflow(page, world.n8n.url, workflowId);
	for (const [name, outputs] of [
		['Create Plan', ['Plan', 'Changes', 'Problems']],
		['Apply Plan', ['Applied', 'Failed', 'Held Back']],
		['Undo', ['Applied', 'Failed']],
		['Plan the Undo', ['Plan', 'Changes', 'Problems']],
	] as const)
		expect([name, await outputNames(page, name)]).toEqual([name, outputs]);
});

test('a search base is chosen from the units of the domain, and kept by its GUID', async () => {
	await openNode('Create Plan');
	await page.getByRole('button', { name: 'Add Search Base' }).click();
	await page
		.locator('[data-test-id="resource-locator-unit"]')
		.last()
		.locator('[data-test-id="rlc-input-container"]')
		.click();
	const found = page.locator('[data-test-id="rlc-item"]:visible');
	await page.locator('[data-test-id="rlc-search"]:visible').fill('engin');
	await found
		.filter({ hasText: /Engineering/ })
		.first()
		.click();
	await found.first().waitFor({ state: 'hidden' });
	await picture(page, 'node-ad-provision-create-plan');
	await save();
	const { nodes } = (await client.request('GET', `/workflows/${workflowId}`)) as Stored;
	const { searchBases } = nodes.find(({ name }) => name === 'Create Plan')?.parameters ?? {};
	const [unit] = await domain.ldbsearch('(ou=Engineering)', ['objectGUID']);
	expect(JSON.stringify(searchBases)).toContain(unit?.attributes['objectGUID']?.[0]);
});

test('no panel has to be scrolled sideways', async () => {
	for (const name of Object.keys(NODES)) {
		await openNode(name);
		const wide = await page
			.locator('[data-test-id="node-parameters"]')
			.first()
			.evaluate((panel: { scrollWidth: number; clientWidth: number }) => panel.scrollWidth - panel.clientWidth);
		expect([name, wide]).toEqual([name, 0]);
	}
});
