/**
 * The main job on real parts: n8n with the packed package, a browser, the JumpCloud simulator, and a domain controller behind a proxy that
 * writes down what is sent to it. The tests are one story and run in this order.
 */
import path from 'node:path';
import { Client } from 'ldapts';
import type { Browser, Page } from 'playwright-core';
import { sambaDirectory } from '../../demo/directory.ts';
import { SPECIAL } from '../../demo/jumpcloud/people.ts';
import { answerForm, n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import type { LdifEntry } from '../../demo/samba/ldbsearch.ts';
import { startWorld, type World } from '../../demo/world.ts';
import { newPage, openBrowser, openWorkflow, outputNames, picture, signIn, withPanel } from '../support/editor';
import { passwordsOnTheWire, startRecordingProxy, type RecordingProxy } from '../support/recording-proxy';
import { startSamba, type Domain } from '../support/samba';
import { filesBelow, findSecret, secretForms } from '../support/secret-search';

jest.setTimeout(300_000);

const PROJECT = path.resolve(__dirname, '../..');
const CANARY = 'Canary-7f3a9c51-planted';

let domain: Domain;
let proxy: RecordingProxy;
let world: World;
let browser: Browser;
let page: Page;
let client: N8nClient;
let executionId: string;

const peopleInDirectory = () => domain.ldbsearch('(&(objectClass=user)(employeeID=*))', [], world.directory.peopleOu);
const byKey = (entries: readonly LdifEntry[]) =>
	new Map(entries.map((entry) => [entry.attributes['employeeID']?.[0] ?? '', entry]));
const expectedPeople = () =>
	world.jumpCloud.users.filter((user) => user.state === 'ACTIVATED' && Boolean(user.employeeIdentifier));

beforeAll(async () => {
	domain = await startSamba();
	proxy = await startRecordingProxy(domain);
	world = await startWorld(PROJECT, {
		directory: await sambaDirectory(domain),
		controller: { host: proxy.host, port: proxy.port },
	});
	client = await n8nClient(world.n8n.url, world.owner);
	browser = await openBrowser();
	page = await newPage(browser);
	await signIn(page, world.n8n.url, world.owner);
});

afterAll(async () => {
	await browser?.close();
	await world?.stop();
	await proxy?.close();
});

describe('in the editor', () => {
	test.each([
		['Test domain', 'credential-ad-ldap'],
		['JumpCloud simulator', 'credential-jumpcloud'],
	])('the credential "%s" tests green', async (name, file) => {
		await page.goto(`${world.n8n.url}/home/credentials`);
		await page.getByText(name).first().click();
		await page.getByText('Connection tested successfully').waitFor();
		await picture(page, file);
	});

	test.each([
		[
			'Read People from JumpCloud',
			'node-custom-hcm-endpoint',
			['Operation', 'Authentication', 'Source', 'Endpoints', 'Records Path', 'Primary Key'],
		],
		['Map to Accounts', 'node-attribute-map', ['Key', 'Display Name', 'Attributes', 'Names', 'Organizational Unit']],
		[
			'Look Up in Active Directory',
			'node-ad-provision-get',
			['Resource', 'Operation', 'Match Attribute', 'Match Value'],
		],
		['Create Accounts', 'node-ad-provision-create', ['Resource', 'Operation', 'Mapped Account', 'Match Attribute']],
	])('the panel of "%s" shows its parameters', async (name, file, labels) => {
		await openWorkflow(page, world.n8n.url, world.template.id);
		await withPanel(page, name, async (panel) => {
			for (const label of labels) await panel.getByText(label, { exact: true }).first().waitFor();
			await picture(page, file);
		});
	});

	test('the canvas names every output', async () => {
		await openWorkflow(page, world.n8n.url, world.template.id);
		expect(await outputNames(page, 'Read People from JumpCloud')).toEqual(['Records', 'Feed Report']);
		expect(await outputNames(page, 'Map to Accounts')).toEqual(['Mapped', 'Rejected', 'Out of Scope']);
		expect(await outputNames(page, 'Look Up in Active Directory')).toEqual(['Found', 'Not Found', 'Failed']);
		expect(await outputNames(page, 'Create Accounts')).toEqual(['Done', 'Failed']);
	});
});

describe('the onboarding template', () => {
	test('waits for an approval, with nobody created', async () => {
		executionId = await client.runWorkflow(world.template.id, 'Start by Hand');
		const execution = await client.untilStatus(executionId, ['waiting', 'success', 'error'], 120_000);
		expect([execution.status, execution.error]).toEqual(['waiting', undefined]);
		expect(execution.out('Look Up in Active Directory')[1]).toHaveLength(expectedPeople().length);
		expect(await peopleInDirectory()).toEqual([]);
	});

	test('rejects the people without a key, with the reason', async () => {
		const [mapped = [], rejected = []] = (await client.execution(executionId)).out('Map to Accounts');
		expect(mapped).toHaveLength(expectedPeople().length);
		expect(rejected.length).toBe(
			world.jumpCloud.users.filter((user) => user.state === 'ACTIVATED' && !user.employeeIdentifier).length,
		);
		expect(rejected[0]?.json['problems']).toMatchObject([{ attribute: 'key', rule: 'required' }]);
	});

	test('survives kill -9 while it waits', async () => {
		await world.n8n.kill();
		await world.n8n.start();
		client = await n8nClient(world.n8n.url, world.owner);
		expect((await client.execution(executionId)).status).toBe('waiting');
	});

	test('shows in the form who will be created, with every HR value as text', async () => {
		const formUrl = (await client.execution(executionId)).formUrl('Ask for Approval') ?? '';
		await page.setViewportSize({ width: 900, height: 1000 });
		await page.goto(formUrl);
		await page.getByText(`${expectedPeople().length} people in JumpCloud have no account yet.`).waitFor();
		expect(await page.locator('ol li').count()).toBe(expectedPeople().length);
		const shown = (await page.locator('ol').innerText()).replaceAll('\u200b', '');
		for (const { displayname, key } of Object.values(SPECIAL)) {
			expect(shown).toContain(displayname);
			expect(shown).toContain(key);
		}
		expect(await page.locator('form a, form img, form script, ol script').count()).toBe(0);
		expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
		await picture(page, 'approval-form');
	});

	test('creates the people after the answer in the browser', async () => {
		await page.getByLabel('Decision').selectOption('Create these people');
		await page.getByLabel('Comment').fill(CANARY);
		await page.getByRole('button', { name: 'Submit' }).click();
		const execution = await client.untilStatus(executionId, ['success', 'error', 'crashed'], 180_000);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		const [done = [], failed = []] = execution.out('Create Accounts');
		expect(failed).toEqual([]);
		expect(done.map(({ json }) => json['outcome'])).toEqual(expectedPeople().map(() => 'created'));
		expect(execution.out('Summarize')[0]?.[0]?.json).toMatchObject({ refused: [], comment: CANARY });
		await page.setViewportSize({ width: 1600, height: 1000 });
	});

	test('gave every active person with a key the right account, and nobody else one', async () => {
		const found = byKey(await peopleInDirectory());
		expect([...found.keys()].sort()).toEqual(
			expectedPeople()
				.map((user) => user.employeeIdentifier)
				.sort(),
		);
		for (const user of expectedPeople()) {
			const attributes = found.get(user.employeeIdentifier ?? '')?.attributes ?? {};
			expect(attributes).toMatchObject({
				displayName: [user.displayname],
				givenName: [user.firstname],
				department: [user.department],
				title: [user.jobTitle],
				mail: [user.email],
				userAccountControl: ['512'],
			});
			expect(attributes['sn']).toEqual(user.lastname === '' ? undefined : [user.lastname]);
			expect(attributes['sAMAccountName']?.[0]?.length).toBeLessThanOrEqual(20);
			expect(attributes['carLicense']).toBeUndefined();
		}
		const names = [...found.values()].map(({ attributes }) => attributes['sAMAccountName']?.[0]?.toLowerCase());
		expect(new Set(names).size).toBe(found.size);
	});

	test('shows the finished run on the canvas', async () => {
		await page.goto(`${world.n8n.url}/workflow/${world.template.id}/executions/${executionId}`);
		await page.locator('[data-test-id="canvas-node"][data-node-name="Create Accounts"]').waitFor();
		await page.getByText(`${expectedPeople().length} items`).first().waitFor();
		expect(await outputNames(page, 'Map to Accounts')).toEqual(['Mapped', 'Rejected', 'Out of Scope']);
		await picture(page, 'canvas-after-run');
	});

	test('changes nothing when it runs again', async () => {
		const before = byKey(await peopleInDirectory());
		const again = await client.runWorkflow(world.template.id, 'Start by Hand');
		const execution = await client.untilStatus(again, ['waiting', 'success', 'error'], 120_000);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		expect(execution.out('Look Up in Active Directory').map((items) => items.length)).toEqual([
			expectedPeople().length,
			0,
			0,
		]);
		const after = byKey(await peopleInDirectory());
		for (const [key, entry] of before)
			expect(after.get(key)?.attributes['uSNChanged']).toEqual(entry.attributes['uSNChanged']);
		expect(after.size).toBe(before.size);
	});
});

describe('the initial password', () => {
	test('stands nowhere in what n8n keeps, while a planted text is found', async () => {
		const passwords = passwordsOnTheWire(proxy.sent());
		expect(passwords.length).toBeGreaterThanOrEqual(expectedPeople().length);
		const [entry] = await peopleInDirectory();
		const dn = entry?.dn ?? '';
		const working = await firstThatBinds(dn, passwords);
		expect(working).toBeDefined();

		const execution = await client.execution(executionId);
		const places = () => ({ ...filesBelow(world.n8n.userFolder), 'run data': Buffer.from(execution.raw) });
		// The comment of the approval is kept by n8n, in its database and in the run data: the search must find that one.
		expect(findSecret(CANARY, places()).map((place) => place.split(':')[0])).toEqual(
			expect.arrayContaining([expect.stringContaining('database.sqlite'), 'run data']),
		);
		for (const { name, bytes } of secretForms(CANARY))
			expect([
				name,
				findSecret(CANARY, { planted: Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]) }),
			]).not.toEqual([name, []]);
		const kept = places();
		for (const password of [working ?? '', ...passwords.slice(0, 10)]) expect(findSecret(password, kept)).toEqual([]);
	});
});

/** Which password belongs to which person is not on the wire beside it: the directory knows. */
async function firstThatBinds(dn: string, passwords: readonly string[]): Promise<string | undefined> {
	for (const password of passwords) {
		const attempt = new Client({
			url: domain.ldapsUrl,
			tlsOptions: { ca: [domain.caPem], servername: domain.serverName },
		});
		try {
			await attempt.bind(dn, password);
			return password;
		} catch {
			// Somebody else's.
		} finally {
			await attempt.unbind();
		}
	}
	return undefined;
}

describe('without a yes', () => {
	const joiner = {
		_id: '5fffffffffffffffffffffff',
		id: '5fffffffffffffffffffffff',
		username: 'late.joiner',
		employeeIdentifier: 'E29999',
		displayname: 'Late Joiner',
		firstname: 'Late',
		lastname: 'Joiner',
	};

	beforeAll(() => {
		const [model] = expectedPeople();
		if (!model) throw new Error('There is nobody to copy.');
		world.jumpCloud.users.push({ ...model, ...joiner, email: 'late.joiner@corp.example.com' });
	});

	test('nobody is created: declined', async () => {
		const id = await client.runWorkflow(world.template.id, 'Start by Hand');
		const waiting = await client.untilStatus(id, ['waiting', 'success', 'error'], 120_000);
		await answerForm(waiting.formUrl('Ask for Approval') ?? '', { Decision: 'Create nobody', Comment: '' });
		const execution = await client.untilStatus(id, ['success', 'error'], 60_000);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		expect(execution.out('Nobody Is Created')[0]).toHaveLength(1);
		expect(await domain.ldbsearch('(employeeID=E29999)')).toEqual([]);
	});

	test('nobody is created: no answer in time', async () => {
		const short = {
			...world.template,
			id: undefined,
			name: 'Onboard with a short wait',
			nodes: world.template.nodes.map((node) =>
				node.name === 'Ask for Approval'
					? { ...node, parameters: { ...node.parameters, resumeAmount: 2, resumeUnit: 'seconds' } }
					: node,
			),
		};
		const { id: workflowId } = (await client.request('POST', '/workflows', short)) as { id: string };
		const execution = await client.untilStatus(
			await client.runWorkflow(workflowId, 'Start by Hand'),
			['success', 'error'],
			180_000,
		);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		expect(execution.out('Nobody Is Created')[0]).toHaveLength(1);
		expect(await domain.ldbsearch('(employeeID=E29999)')).toEqual([]);
	});
});
