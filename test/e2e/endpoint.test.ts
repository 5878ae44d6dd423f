/** Custom HCM Endpoint in n8n's own editor: sources and edits, lists of columns, and the credentials' dialogs. One story, in this order. */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { TestDirectory } from '../../demo/directory.ts';
import { n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import { startWorld, type World } from '../../demo/world.ts';
import { newPage, openBrowser, openWorkflow, outputNames, panelOf, picture, signIn } from '../support/editor';

jest.setTimeout(300_000);

const PROJECT = path.resolve(__dirname, '../..');
const NODE = 'HR';
const TYPE = 'n8n-nodes-ad-provisioning.customHcmEndpoint';
/** Nobody is created here. */
const NO_DIRECTORY: TestDirectory = {
	title: 'no directory',
	credential: {},
	peopleOu: 'OU=People,DC=corp,DC=example,DC=com',
	upnSuffix: 'corp.example.com',
	readPeople: () => Promise.resolve([]),
	stop: () => Promise.resolve(),
};

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
	world = await startWorld(PROJECT, { directory: NO_DIRECTORY, people: 60 });
	client = await n8nClient(world.n8n.url, world.owner);
	browser = await openBrowser();
	page = await newPage(browser);
	page.setDefaultTimeout(15_000);
	await page.setViewportSize({ width: 1600, height: 1800 });
	await signIn(page, world.n8n.url, world.owner);
	const workflow = await client.request('POST', '/workflows', {
		name: 'Read people',
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'hr',
				name: NODE,
				type: TYPE,
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
				credentials: { jumpCloudApi: { id: 'demoJumpCloud001', name: 'JumpCloud simulator' } },
			},
		],
		connections: { Start: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	workflowId = (workflow as Stored).id;
});

afterAll(async () => {
	await browser?.close();
	await world?.stop();
});

const { field, textOf, choose, save } = panelOf(() => page);

async function openNode(): Promise<void> {
	await openWorkflow(page, world.n8n.url, workflowId);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${NODE}"]`).dblclick();
	await field('source').first().or(field('action').first()).waitFor();
}

/** Switches a path to From List and opens the list. */
async function openList(name: string): Promise<void> {
	const locator = page.locator(`[data-test-id="resource-locator-${name}"]`).first();
	await locator.locator('[data-test-id="rlc-mode-selector"]').click();
	await page
		.locator('li:visible', { hasText: /^from list$/i })
		.first()
		.click();
	await locator.locator('[data-test-id="rlc-input-container"]').click();
}

const stored = async (): Promise<Record<string, unknown>> => {
	const { nodes } = (await client.request('GET', `/workflows/${workflowId}`)) as Stored;
	return nodes.find(({ name }) => name === NODE)?.parameters ?? {};
};

describe('a source', () => {
	test('comes with its settings filled in, and asks for its own ids only', async () => {
		await openNode();
		expect(await textOf('url')).toBe('/api/systemusers');
		await choose('source', 'BambooHR Employees');
		await field('companyDomain').waitFor();
		expect(await textOf('url')).toContain('/api/gateway.php/{preset.companyDomain}/');
		await choose('source', 'Okta Users');
		await field('companyDomain').waitFor({ state: 'hidden' });
		expect(await textOf('url')).toBe('/api/v1/users');
	});

	test('with several endpoints shows them all', async () => {
		await choose('source', 'JumpCloud Users with Groups');
		await page.waitForTimeout(500);
		expect(await field('url').count()).toBe(3);
		expect([await textOf('url', 0), await textOf('url', 1), await textOf('url', 2)]).toEqual([
			'/api/systemusers',
			'/api/v2/usergroups',
			'/api/v2/usergroups/{id}/membership',
		]);
	});

	test('keeps an edit, which is in no other source, after saving and opening again', async () => {
		await choose('source', 'JumpCloud Users');
		await field('pageSize').first().locator('input').fill('50');
		await page.keyboard.press('Tab');
		await choose('source', 'Custom');
		expect(await textOf('url')).toBe('');
		expect(await field('name').count()).toBe(1);
		await field('url').first().locator('input').fill('https://hr.example.com/people');
		await page.keyboard.press('Tab');
		await save();
		await openNode();
		expect(await textOf('url')).toBe('https://hr.example.com/people');
		expect(await stored()).toMatchObject({
			source: 'custom',
			endpoints: { values: [{ url: 'https://hr.example.com/people' }] },
		});
		await choose('source', 'Okta Users');
		expect(await textOf('url')).toBe('/api/v1/users');
		await choose('source', 'JumpCloud Users');
		expect(await textOf('url')).toBe('/api/systemusers');
		await save();
		await openNode();
		expect(await textOf('url')).toBe('/api/systemusers');
		expect(await stored()).not.toHaveProperty('endpoints');
	});
});

describe('the list of columns', () => {
	test('asks the HR system when it is opened, and not before', async () => {
		await openNode();
		const before = world.jumpCloud.requests.length;
		await openList('primaryKey');
		await page.getByText('employeeIdentifier', { exact: true }).first().waitFor();
		await picture(page, 'list-of-columns');
		const asked = world.jumpCloud.requests.slice(before);
		expect(asked.map(({ query }) => query['limit'])).toEqual(['25']);
		await page.locator('[data-test-id="rlc-item"]', { hasText: /^_id/ }).first().click();
		await save();
		const { jumpCloudUsersEndpoints } = await stored();
		expect(JSON.stringify(jumpCloudUsersEndpoints)).toContain('"value":"_id"');
		// A person's value is shown beside a column, and never kept.
		expect(JSON.stringify(jumpCloudUsersEndpoints)).not.toContain('5f0000');
	});

	test('says to type the path where there is no authentication', async () => {
		await openNode();
		await choose('authentication', 'None');
		await openList('recordsPath');
		await page
			.getByText(/Choose Path instead, and type it/)
			.or(page.getByText(/credential/i))
			.first()
			.waitFor();
		await page.keyboard.press('Escape');
	});
});

describe('the outputs', () => {
	test('have the names of the operation', async () => {
		await openNode();
		await choose('operation', 'Send Record');
		await save();
		await openWorkflow(page, world.n8n.url, workflowId);
		expect(await outputNames(page, NODE)).toEqual(['Sent', 'Failed']);
		await page.locator(`[data-test-id="canvas-node"][data-node-name="${NODE}"]`).dblclick();
		await choose('operation', 'Confirm Feed');
		await save();
		await openWorkflow(page, world.n8n.url, workflowId);
		expect(await outputNames(page, NODE)).toEqual(['Confirmed']);
	});
});

describe('the test of a credential', () => {
	beforeAll(() => page.setViewportSize({ width: 1600, height: 1000 }));

	const hcmApi = (data: Record<string, unknown>) => ({
		baseUrl: world.jumpCloud.url,
		authenticateWith: 'apiKey',
		keyName: 'x-api-key',
		testPath: '/api/systemusers?limit=1',
		...data,
	});

	async function opened(name: string, type: string, data: Record<string, unknown>): Promise<void> {
		await client.request('POST', '/credentials', { name, type, data });
		await page.goto(`${world.n8n.url}/home/credentials`);
		await page.getByText(name, { exact: true }).first().click();
	}

	test('of HCM API is green with a key that is accepted', async () => {
		const { apiKey } = world;
		await opened('HR with a key', 'hcmApi', hcmApi({ keyValue: apiKey }));
		await page.getByText('Connection tested successfully').waitFor();
		await picture(page, 'credential-hcm-api');
	});

	test('of HCM API has as many further headers as are asked for, their values hidden', async () => {
		const shown = (name: string) => page.locator(`[data-test-id="parameter-input-${name}"]`);
		await shown('headerCount').locator('input').fill('2');
		await page.keyboard.press('Tab');
		await shown('header2Value').waitFor();
		expect(await shown('header3Name').count()).toBe(0);
		expect(await shown('header2Value').locator('input').getAttribute('type')).toBe('password');
	});

	test('of HCM API says what is wrong with one that is not, and does not repeat it', async () => {
		await opened('HR with a wrong key', 'hcmApi', hcmApi({ keyValue: 'canary-of-a-wrong-key' }));
		await page.getByText('More details').first().click();
		await page
			.getByText(/The server does not accept the credential/)
			.first()
			.waitFor();
		await picture(page, 'credential-refused');
		expect(await page.content()).not.toContain('canary-of-a-wrong-key');
	});

	test('of JumpCloud says what is wrong with a key that is refused', async () => {
		const data = { apiKey: 'canary-of-a-wrong-key', region: 'custom', customUrl: world.jumpCloud.url };
		await opened('JumpCloud with a wrong key', 'jumpCloudApi', data);
		await page.getByText('More details').first().click();
		await page
			.getByText(/JumpCloud does not accept the key/)
			.first()
			.waitFor();
	});
});
