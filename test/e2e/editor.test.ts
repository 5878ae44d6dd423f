/**
 * The first day of a builder, in n8n's own editor: credentials entered and tested, templates imported from files, what an import loses chosen
 * anew, a flow run up to its question. One story, in this order, by clicking only; then the canvas of every template.
 */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { addWorkflow } from '../../demo/n8n/publish.ts';
import { tableRows } from '../../demo/n8n/tables.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { TEMPLATES } from '../../templates/source/all.ts';
import { WORKFLOW } from '../../templates/source/ids.ts';
import { asAdministrator } from '../directory/administrator';
import { canvasPicture, flawsOnCanvas } from '../support/canvas';
import { newPage, openBrowser, openWorkflow, picture, signIn, withPanel } from '../support/editor';
import {
	chooseCredential,
	createCredential,
	importTemplate,
	openErrorWorkflows,
	openList,
	publishByClicking,
	saveSettings,
	sideways,
} from '../support/editor-work';
import { startFreshN8n, type FreshN8n } from '../support/fresh-n8n';

jest.setTimeout(300_000);

const PROJECT = path.resolve(__dirname, '../..');
const fileOf = (template: string) => path.join(PROJECT, 'templates', `${template}.json`);
const WRONG = 'canary-of-a-wrong-password';
const ONBOARD = 'onboard-new-hires-from-jumpcloud';
const OURS = 'n8n-nodes-ad-provisioning.';

type StoredNode = {
	readonly name: string;
	readonly type: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly credentials?: Readonly<Record<string, { readonly name: string }>>;
};
type Stored = { readonly settings: Readonly<Record<string, unknown>>; readonly nodes: readonly StoredNode[] };

let fresh: FreshN8n;
let browser: Browser;
let page: Page;
/** Ids of what was imported through the editor, by file name. */
const imported: Record<string, string> = {};

const stored = async (template: string) =>
	(await fresh.client.request('GET', `/workflows/${imported[template] ?? ''}`)) as Stored;
const credentialsOf = ({ nodes }: Stored, type: string) =>
	nodes.flatMap(({ name, credentials }) => (credentials?.[type] ? [`${name}: ${credentials[type].name}`] : []));
const parametersOf = async (template: string, node: string) =>
	(await stored(template)).nodes.find(({ name }) => name === node)?.parameters ?? {};
/** The editor saves by itself, a moment later. */
const untilStored = async (template: string, isThere: (workflow: Stored) => boolean) =>
	await waitFor(
		async () => {
			const workflow = await stored(template);
			return isThere(workflow) ? workflow : undefined;
		},
		`What was chosen in ${template}`,
		20_000,
	);
async function take(template: string): Promise<Stored> {
	imported[template] = await importTemplate(page, fresh.n8n.url, fileOf(template));
	return await untilStored(template, ({ nodes }) => nodes.length > 0);
}

beforeAll(async () => {
	fresh = await startFreshN8n();
	await asAdministrator(fresh.domain, async (directory) => {
		for (const name of ['Engineering', 'Leavers'])
			await directory.add(`OU=${name},${fresh.domain.baseDn}`, { objectClass: 'organizationalUnit' });
	});
	browser = await openBrowser();
	page = await newPage(browser);
	page.setDefaultTimeout(30_000);
	await signIn(page, fresh.n8n.url, fresh.owner);
});

afterAll(async () => {
	await browser?.close();
	await fresh?.stop();
});

describe('a credential, in the dialog of the editor', () => {
	test('of Active Directory says which part fails with a wrong password, and is green with the right one', async () => {
		const { host, ldapsPort, bindDn, password, caPem, serverName } = fresh.domain;
		const dialog = await createCredential(page, fresh.n8n.url, 'AD LDAP API', 'Corp Domain');
		await dialog.fill({ domainControllers: host, port: ldapsPort, bindName: bindDn, bindPassword: WRONG });
		await dialog.fill({ signingSecret: 'a key of a test, and of nothing else', trustedAuthorities: caPem, serverName });
		for (const secret of ['bindPassword', 'signingSecret'])
			expect(await dialog.field(secret).locator('input').getAttribute('type')).toBe('password');
		expect(await dialog.field('trustedAuthorities').locator('textarea').inputValue()).toBe(caPem);
		await dialog.save();
		await page.getByText('More details').first().click();
		const words = await page.getByText(/✗ Logon/).innerText();
		expect(words).toContain('✓ TLS');
		expect(words).toContain('Check bind name and password in the credential.');
		expect(words).not.toContain(WRONG);
		await picture(page, 'credential-ad-ldap-refused');
		await dialog.fill({ bindPassword: password });
		await dialog.saveAndTest();
		expect(await sideways(page)).toEqual([0, 0]);
		await picture(page, 'credential-ad-ldap');
		await dialog.close();
	});

	test('of JumpCloud and of an HR system with a key is green', async () => {
		const { jumpCloud, apiKey, organization: organizationId } = fresh;
		for (const name of ['JumpCloud', 'JumpCloud of a Subsidiary']) {
			const dialog = await createCredential(page, fresh.n8n.url, 'JumpCloud API', name);
			await dialog.choose('region', 'Custom URL');
			await dialog.fill({ apiKey, customUrl: jumpCloud.url, organizationId });
			await dialog.saveAndTest();
			await dialog.close();
		}
		const dialog = await createCredential(page, fresh.n8n.url, 'HCM API', 'HR System');
		await dialog.fill({ baseUrl: jumpCloud.url, keyName: 'x-api-key', keyValue: apiKey });
		await dialog.fill({ testPath: '/api/systemusers?limit=1' });
		await dialog.saveAndTest();
		await dialog.close();
	});

	test('of the desk is a passphrase, and signs with HS256 unless something else is chosen', async () => {
		const dialog = await createCredential(page, fresh.n8n.url, 'JWT Auth', 'Approval Desk');
		await dialog.fill({ secret: 'a secret of a test, and of nothing else' });
		expect(await dialog.field('secret').locator('input').getAttribute('type')).toBe('password');
		expect(await dialog.field('keyType').locator('input').inputValue()).toBe('Passphrase');
		expect(await dialog.field('algorithm').locator('input').inputValue()).toBe('HS256');
		await dialog.save();
		await dialog.close();
	});
});

describe('templates, imported from their files', () => {
	test('the error workflow is offered to others once it is published', async () => {
		await take('report-failed-runs');
		const helper = await take('ask-the-approval-desk');
		expect(helper.settings).not.toHaveProperty('errorWorkflow');
		const offered = (await openErrorWorkflows(page))('Report Failed Runs');
		expect(await offered.getAttribute('aria-disabled')).toBe('true');
		await openWorkflow(page, fresh.n8n.url, imported['report-failed-runs'] ?? '');
		await publishByClicking(page);
	});

	test('the desk gets its only JWT credential by itself, and is at its address once it is published', async () => {
		const helper = await stored('ask-the-approval-desk');
		expect(credentialsOf(helper, 'jwtAuth')).toEqual(['Verify the Token: Approval Desk']);
		await openWorkflow(page, fresh.n8n.url, imported['ask-the-approval-desk'] ?? '');
		await (await openErrorWorkflows(page))('Report Failed Runs').click();
		await saveSettings(page);
		await publishByClicking(page);
		const desk = await take('answer-plans-at-the-approval-desk');
		expect(credentialsOf(desk, 'jwtAuth')).toEqual(['Sign the Answer: Approval Desk']);
		await publishByClicking(page);
		const address = `${fresh.n8n.url}/form/ad-approval-desk`;
		const status = await waitFor(
			async () => {
				const { status } = await fetch(address, { redirect: 'manual' });
				return status === 404 ? undefined : status;
			},
			'The page of the desk',
			20_000,
		);
		// To n8n's login.
		expect(status).toBe(302);
	});

	test('a flow keeps neither the workflow that it calls nor its error workflow, and n8n guesses credentials', async () => {
		const flow = await take(ONBOARD);
		expect(imported[ONBOARD]).not.toBe(WORKFLOW.onboard);
		expect(flow.settings).not.toHaveProperty('errorWorkflow');
		expect(credentialsOf(flow, 'adLdapApi')).toEqual(
			['Map to Accounts', 'Create Plan', 'Apply the Plan'].map((node) => `${node}: Corp Domain`),
		);
		// The newest of them: whoever has several must look.
		const nodes = ['Read People from JumpCloud', 'Write the Account Name to JumpCloud'];
		expect(credentialsOf(flow, 'jumpCloudApi')).toEqual(nodes.map((node) => `${node}: JumpCloud of a Subsidiary`));
		for (const node of nodes) await withPanel(page, node, () => chooseCredential(page, 'JumpCloud'));
		await untilStored(ONBOARD, (workflow) => {
			const chosen = credentialsOf(workflow, 'jumpCloudApi');
			return chosen.every((one) => one.endsWith(': JumpCloud'));
		});
	});

	test('the workflow that it calls is chosen from the list, where the one of the file still stands', async () => {
		await withPanel(page, 'Ask the Approval Desk', async (panel) => {
			const found = await openList(page, panel.locator('[data-test-id="resource-locator-workflowId"]'));
			await found.nth(1).waitFor();
			expect(await found.allInnerTexts()).toEqual(['Ask the Approval Desk', 'Ask the Approval Desk']);
			await picture(page, 'import-choose-sub-workflow');
			await found.nth(1).click();
			await found.first().waitFor({ state: 'hidden' });
		});
		await untilStored(ONBOARD, ({ nodes }) =>
			JSON.stringify(nodes).includes(`"value":"${imported['ask-the-approval-desk'] ?? ''}"`),
		);
		await (await openErrorWorkflows(page))('Report Failed Runs').click();
		await picture(page, 'import-choose-error-workflow');
		await saveSettings(page);
		expect((await stored(ONBOARD)).settings).toMatchObject({ errorWorkflow: imported['report-failed-runs'] });
	});

	test('the flow runs up to its question', async () => {
		await page.locator('[data-test-id="execute-workflow-button"]').click();
		const row = await waitFor(
			async () => (await tableRows(fresh.client, 'ad_waiting_plans', { status: 'waiting' })).at(0),
			'The question at the desk',
			60_000,
		);
		expect(row).toMatchObject({ level: 'approver', flow: 'Onboard New Hires from JumpCloud', guardOk: true });
		expect(String(row['title'])).toMatch(/\d/);
		expect(await fresh.domain.ldbsearch('(employeeID=*)')).toEqual([]);
	});
});

describe('the lists of an imported flow come from the servers', () => {
	beforeEach(() => openWorkflow(page, fresh.n8n.url, imported[ONBOARD] ?? ''));

	test('columns of the HR system', async () => {
		await withPanel(page, 'Read People from JumpCloud', async (panel) => {
			const found = await openList(page, panel.locator('[data-test-id="resource-locator-primaryKey"]'));
			for (const column of ['_id', 'employeeIdentifier', 'lastname'])
				await found
					.filter({ hasText: new RegExp(`^${column}\\b`) })
					.first()
					.waitFor();
			await page.keyboard.press('Escape');
		});
	});

	test("attributes of the domain's own schema", async () => {
		await withPanel(page, 'Map to Accounts', async (panel) => {
			await panel.getByRole('button', { name: 'Add Attribute' }).click();
			const found = await openList(page, panel.locator('[data-test-id="resource-locator-attribute"]').last(), 'wbem');
			await found.filter({ hasText: /wbemPath/ }).click();
			await found.first().waitFor({ state: 'hidden' });
		});
		const workflow = await untilStored(ONBOARD, ({ nodes }) => JSON.stringify(nodes).includes('wbemPath'));
		expect(workflow.nodes.find(({ name }) => name === 'Map to Accounts')?.parameters).toMatchObject({
			preset: 'jumpCloud',
		});
	});

	test('organizational units, kept by their GUIDs', async () => {
		await withPanel(page, 'Create Plan', async (panel) => {
			const found = await openList(page, panel.locator('[data-test-id="resource-locator-unit"]').first());
			for (const unit of ['People', 'Engineering', 'Leavers', 'Domain Controllers'])
				await found
					.filter({ hasText: new RegExp(`^${unit}\\b`) })
					.first()
					.waitFor();
			await picture(page, 'import-choose-organizational-unit');
			await found
				.filter({ hasText: /^People\b/ })
				.first()
				.click();
			await found.first().waitFor({ state: 'hidden' });
		});
		const [unit] = await fresh.domain.ldbsearch('(ou=People)', ['objectGUID']);
		const guid = unit?.attributes['objectGUID']?.[0] ?? 'none';
		await untilStored(ONBOARD, ({ nodes }) => JSON.stringify(nodes).includes(guid));
		expect(await parametersOf(ONBOARD, 'Create Plan')).toMatchObject({
			searchBases: { values: [{ unit: { mode: 'list', value: guid } }] },
		});
	});

	test('no panel has to be scrolled sideways', async () => {
		const ours = (await stored(ONBOARD)).nodes.filter(({ type }) => type.startsWith(OURS));
		expect(ours).toHaveLength(6);
		for (const { name } of ours)
			await withPanel(page, name, async () => {
				expect([name, await sideways(page)]).toEqual([name, [0, 0, 0]]);
			});
	});
});

/** Every canvas is drawn when pictures are renewed; else the one that a builder sees first. */
const DRAWN = Object.entries(TEMPLATES).filter(
	([file]) => process.env['UPDATE_PICTURES'] !== undefined || file === ONBOARD,
);
test.each(DRAWN)('%s is drawn with no step on another one, and no note is cut', async (file, template) => {
	const id = await addWorkflow(fresh.client, template);
	await canvasPicture(page, fresh.n8n.url, id, file, template);
	expect(await flawsOnCanvas(page)).toEqual([]);
});
