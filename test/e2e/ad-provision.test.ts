/** AD Provision in n8n's own editor: its lists come from a live domain, and its outputs have names. One story, in this order. */
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
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
	'Create a User': { operation: 'create', input: 'define' },
	'Offboard a User': { operation: 'disable', leaverOptions: { randomPassword: true, removeFromGroups: true } },
	'Get Users': { operation: 'getMany' },
	'Look Up': { operation: 'get' },
	'Set Members': { resource: 'group', operation: 'setMembers' },
	'List Members': { resource: 'group', operation: 'getMembers' },
	'Make a Unit': { resource: 'organizationalUnit', operation: 'create' },
};

let domain: Domain;
let world: World;
let browser: Browser;
let page: Page;
let client: N8nClient;
let workflowId: string;

type Stored = {
	readonly id: string;
	readonly nodes: ReadonlyArray<{ readonly name: string; readonly parameters: Record<string, unknown> }>;
};

beforeAll(async () => {
	domain = await startSamba();
	await asAdministrator(domain, async (directory) => {
		for (const name of ['Engineering', 'Leavers'])
			await directory.add(`OU=${name},${domain.baseDn}`, { objectClass: 'organizationalUnit' });
		for (const name of ['VPN Users', 'Building A'])
			await directory.add(`CN=${name},OU=Engineering,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: name });
		await directory.add(`CN=Ada Lovelace,OU=Engineering,${domain.baseDn}`, {
			objectClass: 'user',
			sAMAccountName: 'ada.lovelace',
			employeeID: 'E1',
		});
	});
	world = await startWorld(PROJECT, { directory: await sambaDirectory(domain), people: 60 });
	client = await n8nClient(world.n8n.url, world.owner);
	browser = await openBrowser();
	page = await newPage(browser);
	page.setDefaultTimeout(20_000);
	await page.setViewportSize({ width: 1600, height: 1500 });
	await signIn(page, world.n8n.url, world.owner);
	const names = Object.keys(NODES);
	const workflow = await client.request('POST', '/workflows', {
		name: 'Provision people',
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			...names.map((name, index) => ({
				id: name,
				name,
				type: TYPE,
				typeVersion: 1,
				position: [300, index * 220],
				parameters: NODES[name],
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
const found = (): Locator => page.locator('[data-test-id="rlc-item"]:visible');
const stored = async (name: string): Promise<Record<string, unknown>> => {
	const { nodes } = (await client.request('GET', `/workflows/${workflowId}`)) as Stored;
	return nodes.find((node) => node.name === name)?.parameters ?? {};
};

async function openNode(name: string): Promise<void> {
	await openWorkflow(page, world.n8n.url, workflowId);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await field('operation').first().waitFor();
}

/** Opens a locator's list, searches it, and waits for what is looked for. */
async function search(locator: string, words: string, expected: RegExp): Promise<void> {
	const box = page.locator(`[data-test-id="resource-locator-${locator}"]`).last();
	await box.locator('[data-test-id="rlc-input-container"]').click();
	await page.locator('[data-test-id="rlc-search"]:visible').fill(words);
	await found().filter({ hasText: expected }).first().waitFor();
}

async function pick(name: RegExp): Promise<void> {
	await found().filter({ hasText: name }).first().click();
	await found().first().waitFor({ state: 'hidden' });
}

test('every operation names its outputs on the canvas', async () => {
	await openWorkflow(page, world.n8n.url, workflowId);
	const named = async (name: string) => [name, await outputNames(page, name)];
	for (const [name, outputs] of [
		['Create a User', ['Created', 'Exists', 'Failed']],
		['Offboard a User', ['Done', 'Failed']],
		['Get Users', ['Users', 'Failed']],
		['Look Up', ['Found', 'Not Found', 'Failed']],
		['Set Members', ['Done', 'Failed']],
		['List Members', ['Members', 'Failed']],
		['Make a Unit', ['Created', 'Exists', 'Failed']],
	] as const)
		expect(await named(name)).toEqual([name, outputs]);
	await picture(page, 'canvas-ad-provision');
});

describe('a new user row by row', () => {
	test('stands in a unit from the list of the domain', async () => {
		await openNode('Create a User');
		await search('ou', 'engin', /Engineering/);
		await pick(/Engineering/);
	});

	test('joins a group from the list', async () => {
		await page.getByRole('button', { name: 'Add Group' }).click();
		await search('group', 'vpn', /VPN Users/);
		await pick(/VPN Users/);
	});

	test('has attributes from the schema, which says what each takes, and which are read-only', async () => {
		await page.getByRole('button', { name: 'Add Attribute' }).click();
		await search('attribute', 'whenCreated', /read-only/);
		await page.locator('[data-test-id="rlc-search"]:visible').fill('department');
		await found()
			.filter({ hasText: /^Department/ })
			.first()
			.waitFor();
		expect(await found().first().innerText()).toMatch(/64/);
		await picture(page, 'node-ad-provision-attributes');
		await pick(/^Department/);
		await picture(page, 'node-ad-provision-define');
	});

	test('keeps unit and group by their GUIDs, and the attribute by its name', async () => {
		await save();
		const parameters = await stored('Create a User');
		const [unit] = await domain.ldbsearch('(ou=Engineering)', ['objectGUID']);
		const [group] = await domain.ldbsearch('(sAMAccountName=VPN Users)', ['objectGUID']);
		expect(parameters['ou']).toMatchObject({ mode: 'list', value: unit?.attributes['objectGUID']?.[0] });
		expect(JSON.stringify(parameters['groups'])).toContain(group?.attributes['objectGUID']?.[0]);
		expect(JSON.stringify(parameters['attributes'])).toContain('"value":"department"');
	});
});

test('a user is chosen from a list, and the leaver options are all there', async () => {
	await openNode('Offboard a User');
	await picture(page, 'node-ad-provision-disable');
	await field('findBy').first().click();
	await page.locator('[role=option]:visible').filter({ hasText: 'One user, chosen from a list' }).click();
	await search('user', 'lovel', /Ada Lovelace/);
	await pick(/Ada Lovelace/);
	await save();
	const [user] = await domain.ldbsearch('(employeeID=E1)', ['objectGUID']);
	expect((await stored('Offboard a User'))['user']).toMatchObject({ value: user?.attributes['objectGUID']?.[0] });
});

test('a list that cannot be loaded says why, and what to do', async () => {
	await domain.whileStopped(async () => {
		await openNode('Set Members');
		const box = page.locator('[data-test-id="resource-locator-group"]').last();
		await box.locator('[data-test-id="rlc-input-container"]').click();
		// What was listed a moment ago is kept for a while: something else is asked for.
		await page.locator('[data-test-id="rlc-search"]:visible').fill('nobody has asked for this');
		await page
			.getByText(/could not be reached/)
			.first()
			.waitFor();
		await picture(page, 'list-not-loaded');
	});
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
