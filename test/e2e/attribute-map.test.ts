/** Attribute Map in n8n's own editor: presets, rows, the lists of attributes with and without a domain. One story, in this order. */
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { sambaDirectory } from '../../demo/directory.ts';
import { n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import { startWorld, type World } from '../../demo/world.ts';
import { newPage, openBrowser, openWorkflow, outputNames, panelOf, picture, signIn } from '../support/editor';
import { startSamba } from '../support/samba';

jest.setTimeout(300_000);

const PROJECT = path.resolve(__dirname, '../..');
const TYPE = 'n8n-nodes-ad-provisioning.attributeMap';
const ALONE = 'Map';
const WITH_DOMAIN = 'Map for a Domain';

let world: World;
let browser: Browser;
let page: Page;
let client: N8nClient;
let workflowId: string;

type Stored = {
	readonly id: string;
	readonly nodes: ReadonlyArray<{ readonly name: string; readonly parameters: Record<string, unknown> }>;
};

const nodeAt = (name: string, y: number) => ({
	id: name,
	name,
	type: TYPE,
	typeVersion: 1,
	position: [240, y],
	parameters: {},
});
const START = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

beforeAll(async () => {
	world = await startWorld(PROJECT, { directory: await sambaDirectory(await startSamba()), people: 60 });
	client = await n8nClient(world.n8n.url, world.owner);
	browser = await openBrowser();
	page = await newPage(browser);
	page.setDefaultTimeout(20_000);
	await page.setViewportSize({ width: 1600, height: 2600 });
	await signIn(page, world.n8n.url, world.owner);
	const workflow = await client.request('POST', '/workflows', {
		name: 'Map people',
		nodes: [
			START,
			nodeAt(ALONE, 0),
			{ ...nodeAt(WITH_DOMAIN, 200), credentials: { adLdapApi: { id: 'demoAdLdap000001', name: 'Test domain' } } },
		],
		connections: { Start: { main: [[ALONE, WITH_DOMAIN].map((node) => ({ node, type: 'main', index: 0 }))] } },
		settings: { executionOrder: 'v1' },
	});
	workflowId = (workflow as Stored).id;
});

afterAll(async () => {
	await browser?.close();
	await world?.stop();
});

const { field, textOf, choose, save } = panelOf(() => page);

async function openNode(name: string): Promise<void> {
	await openWorkflow(page, world.n8n.url, workflowId);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await field('preset').first().waitFor();
}

const stored = async (name: string): Promise<Record<string, unknown>> => {
	const { nodes } = (await client.request('GET', `/workflows/${workflowId}`)) as Stored;
	return nodes.find((node) => node.name === name)?.parameters ?? {};
};

type Row = { readonly attribute: { readonly value: string }; readonly value: string };
const rowsOf = (parameters: Record<string, unknown>, name: string): readonly Row[] =>
	(parameters[name] as { values?: readonly Row[] } | undefined)?.values ?? [];
const attributeFields = (): Locator => page.locator('[data-test-id="resource-locator-attribute"]');
const found = (): Locator => page.locator('[data-test-id="rlc-item"]:visible');

/** Opens the list of a row's attribute and searches it. */
async function search(at: number, words: string): Promise<void> {
	await attributeFields().nth(at).locator('[data-test-id="rlc-input-container"]').click();
	await page.locator('[data-test-id="rlc-search"]:visible').fill(words);
	await found()
		.filter({ hasText: new RegExp(words, 'i') })
		.first()
		.waitFor();
}

async function pick(name: RegExp): Promise<void> {
	await found().filter({ hasText: name }).first().click();
	await found().first().waitFor({ state: 'hidden' });
}

async function addRow(): Promise<number> {
	const rows = await attributeFields().count();
	await page.getByRole('button', { name: 'Add Attribute' }).click();
	await attributeFields().nth(rows).waitFor();
	return rows;
}

async function write(name: string, at: number, words: string): Promise<void> {
	await field(name).nth(at).locator('input, textarea').first().fill(words);
	await page.keyboard.press('Tab');
	// The editor takes a text over a moment after it was typed.
	await page.waitForTimeout(500);
}

describe('with a domain chosen', () => {
	test('the list of attributes has those of the domain, and keeps what its schema says', async () => {
		await openNode(WITH_DOMAIN);
		const row = await addRow();
		await search(row, 'wbem');
		await picture(page, 'list-of-attributes');
		await pick(/wbemPath/);
		await write('value', row, '${machine}');
		await save();
		const [{ attribute, value } = { attribute: { value: '' }, value: '' }] = rowsOf(
			await stored(WITH_DOMAIN),
			'attributes',
		);
		expect(attribute.value).toMatch(/^wbemPath \(text, multiple\)$/);
		expect(value).toBe('${machine}');
	});
});

describe('a preset', () => {
	beforeAll(() => client.request('DELETE', '/credentials/demoAdLdap000001'));

	test('fills everything in, its conditions too', async () => {
		await openNode(ALONE);
		await choose('preset', 'JumpCloud to AD');
		await page.getByText('Choosing another preset replaces them by its own').waitFor();
		expect(await textOf('jumpCloudKey')).toBe('${employeeIdentifier}');
		expect(await attributeFields().count()).toBe(21);
		const inputs = await page
			.locator('[data-test-id="node-parameters"] input')
			.evaluateAll((all) => all.map((input) => (input as unknown as { value: string }).value));
		expect(inputs).toEqual(expect.arrayContaining(['STAGED', 'SUSPENDED', '${_id}', '${manager}']));
		await picture(page, 'attribute-map-preset');
	});

	let saved: Record<string, unknown>;

	test('is changed in two or three places: a row edited, one added from the list, which needs no domain', async () => {
		const values = await Promise.all(Array.from({ length: 21 }, (_, at) => textOf('value', at)));
		const department = values.indexOf('${department}');
		await write('value', department, '${department} (${costCenter})');
		const row = await addRow();
		await search(row, 'web page');
		await pick(/wWWHomePage/);
		await write('value', row, 'https://people.example.com/${username}');
		await field('ou').first().locator('input').fill('OU=People,DC=corp,DC=example,DC=com');
		await page.keyboard.press('Tab');
		await save();
		saved = await stored(ALONE);
		expect(saved).toMatchObject({ preset: 'jumpCloud', ou: 'OU=People,DC=corp,DC=example,DC=com' });
		const rows = rowsOf(saved, 'jumpCloudAttributes');
		expect(rows.map(({ value }) => value)).toEqual([
			...values.map((value) => (value === '${department}' ? '${department} (${costCenter})' : value)),
			'https://people.example.com/${username}',
		]);
		expect(rows.at(-1)?.attribute.value).toBe('wWWHomePage');
	});

	test('is there unchanged after it is opened and saved again', async () => {
		await openNode(ALONE);
		await attributeFields().nth(21).waitFor();
		expect(await textOf('value', 21)).toBe('https://people.example.com/${username}');
		await write('ou', 0, 'OU=Staff,DC=corp,DC=example,DC=com');
		await save();
		expect(await stored(ALONE)).toEqual({ ...saved, ou: 'OU=Staff,DC=corp,DC=example,DC=com' });
	});

	test('is replaced as a whole by another one, as its notice says, and nothing of it is mixed in', async () => {
		await openNode(ALONE);
		await choose('preset', 'SCIM to AD');
		await field('scimDisplayName').first().waitFor();
		await page.waitForTimeout(500);
		expect(await textOf('value', 3)).toBe('${name.givenName}');
		expect(await textOf('ou')).toBe('OU=Staff,DC=corp,DC=example,DC=com');
		await save();
		const scim = await stored(ALONE);
		expect(Object.keys(scim).filter((name) => name.startsWith('jumpCloud'))).toEqual([]);
		expect(scim).toMatchObject({ preset: 'scim', ou: 'OU=Staff,DC=corp,DC=example,DC=com' });
		await choose('preset', 'JumpCloud to AD');
		await field('jumpCloudKey').first().waitFor();
		await page.waitForTimeout(500);
		expect(await attributeFields().count()).toBe(21);
	});
});

describe('conditions that nobody entered', () => {
	test('are stored blank by the editor, and make nobody a leaver', async () => {
		await openNode(ALONE);
		await choose('preset', 'Custom');
		await write('key', 0, 'K-7');
		// Touched and left empty: now the editor stores its blank conditions.
		await page.getByRole('button', { name: 'Add condition' }).nth(1).click();
		await page.waitForTimeout(500);
		await save();
		const map = (await stored(ALONE)) as { leaverWhen?: { conditions?: ReadonlyArray<{ leftValue: unknown }> } };
		const conditions = map.leaverWhen?.conditions ?? [];
		expect(conditions.length).toBeGreaterThan(0);
		for (const { leftValue } of conditions) expect(leftValue).toBe('');
		const copy = await client.request('POST', '/workflows', {
			name: 'Nobody leaves',
			nodes: [
				START,
				// A run contacts nothing: the credential that is gone is none of its business.
				{
					...nodeAt(ALONE, 0),
					parameters: map,
					credentials: { adLdapApi: { id: 'demoAdLdap000001', name: 'Test domain' } },
				},
			],
			connections: { Start: { main: [[{ node: ALONE, type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		});
		const id = await client.runWorkflow((copy as Stored).id, 'Start');
		const run = await client.untilStatus(id, ['success', 'error'], 60_000);
		expect(run.out(ALONE).map((items) => items.map(({ json }) => [json['key'], json['lifecycle']]))).toEqual([
			[['K-7', 'active']],
			[],
			[],
		]);
	});
});

describe('the outputs', () => {
	test('have their names on the canvas', async () => {
		await openWorkflow(page, world.n8n.url, workflowId);
		expect(await outputNames(page, ALONE)).toEqual(['Mapped', 'Rejected', 'Out of Scope']);
	});
});
