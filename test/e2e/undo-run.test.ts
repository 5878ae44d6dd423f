/** A run of a plan is taken back by the template, as a person does it in a browser, and the directory is read back from Samba's own database. */
import { Attribute, Change } from 'ldapts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { DesiredAccount } from '../../lib/contracts';
import type { Execution } from '../../demo/n8n/client.ts';
import { untilEnd, untilQuestion, type WaitingPlan } from '../../demo/waitingPlans.ts';
import { WORKFLOW } from '../../templates/source/ids';
import { asAdministrator } from '../directory/administrator';
import { answer, type Given } from '../support/desk-answers';
import { desiredAccount } from '../support/directory';
import { openBrowser, picture, signIn } from '../support/editor';
import { keptRun } from '../support/kept-run';
import { outcomes } from '../support/kept-rows';
import { startStage, type Stage } from '../support/world-templates';

jest.setTimeout(300_000);

const DELETE = 'Delete those that nobody has used or changed';
const DESK = 'Put it to the approval desk';
/** The directory itself writes these, whatever is done to an object. */
const OF_THE_DIRECTORY = ['uSNChanged', 'whenChanged', 'dSCorePropagationData', 'replPropertyMetaData'];

let stage: Stage;
let browser: Browser;
/** Of the person who asks: the reviewer, who is on no approver's list. */
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
	stage = await startStage();
	browser = await openBrowser();
	context = await browser.newContext({ viewport: { width: 1000, height: 1000 } });
	page = await context.newPage();
	page.setDefaultTimeout(30_000);
	await signIn(page, stage.world.n8n.url, stage.world.users.reviewer);
});

afterAll(async () => {
	await browser?.close();
	await stage?.close();
});

/** An organisational unit with two movers-to-be, and what the directory holds of it. */
async function office(name: string): Promise<{
	readonly ou: string;
	readonly movers: readonly DesiredAccount[];
	readonly joiners: readonly DesiredAccount[];
	readonly read: () => Promise<Record<string, unknown>>;
}> {
	const { domain } = stage;
	const ou = `OU=${name},${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const key of [`${name}1`, `${name}2`])
			await client.add(`CN=Person ${key},${ou}`, {
				...{ objectClass: 'user', sAMAccountName: `u${key}`, userPrincipalName: `u${key}@corp.example.com` },
				...{ employeeID: key, displayName: `Person ${key}`, sn: key, title: 'Clerk', userAccountControl: '544' },
			});
	});
	const person = (number: number, attributes: DesiredAccount['attributes'] = {}) =>
		desiredAccount(ou, `${name}${number}`, {
			attributes: {
				employeeID: `${name}${number}`,
				sn: `${name}${number}`,
				displayName: `Person ${name}${number}`,
				...attributes,
			},
		});
	return {
		ou,
		movers: [person(1, { title: 'Chief $& {{ Clerk }} <b>' }), person(2, { title: 'Head Clerk' })],
		joiners: [person(3), person(4)],
		read: async () => {
			const entries = await domain.ldbsearch('(objectClass=user)', ['*'], ou);
			return Object.fromEntries(
				entries.map(({ dn, attributes }) => [
					dn,
					Object.fromEntries(Object.entries(attributes).filter(([attribute]) => !OF_THE_DIRECTORY.includes(attribute))),
				]),
			);
		},
	};
}

/** Opens the first page: signed in, but n8n asks once whether the form may know who it is. */
async function begin(runId = ''): Promise<void> {
	await page.goto(`${stage.world.n8n.url}/form/undo-a-run?${String(new URLSearchParams({ run: runId }))}`);
	const start = page.getByRole('button', { name: 'Show Runs' });
	const allow = page.getByRole('button', { name: /allow|authorize|continue/i });
	await start.or(allow).first().waitFor();
	if (await allow.isVisible()) await allow.click();
	await start.waitFor();
	if (runId !== '') await page.getByLabel('Run ID').fill(runId);
	await start.click();
}

const heading = (text: string) => page.getByText(text, { exact: true }).first().waitFor();

/** Up to the page that shows what goes back. */
async function chooseRun(runId: string, created?: string): Promise<void> {
	await begin();
	await page.getByText(`${runId}: `).first().click();
	await picture(page, 'undo-runs');
	if (created) await page.getByText(created, { exact: true }).click();
	await page.getByRole('button', { name: 'Show What Goes Back' }).click();
}

async function goOn(decision: string): Promise<void> {
	await page.getByText(decision, { exact: true }).click();
	await page.getByRole('button', { name: 'Go On' }).click();
}

async function newest(): Promise<Execution> {
	const { client } = stage.world;
	const query = new URLSearchParams({ filter: JSON.stringify({ workflowId: WORKFLOW.undoRun }), limit: '1' });
	const { results } = (await client.request('GET', `/executions?${String(query)}`)) as { results: { id: string }[] };
	return await client.execution(results[0]?.id ?? '');
}

/** The question that the newest run has put to the desk. */
async function question(): Promise<WaitingPlan> {
	const { waiting, execution } = await untilQuestion(stage.world.client, (await newest()).id);
	if (!waiting) throw new Error(`It asked nothing, and ended as ${execution.status}: ${execution.error ?? ''}`);
	return waiting;
}

async function answered(given: Given): Promise<Execution> {
	const waiting = await question();
	expect(await answer(stage.world, waiting, given)).toMatchObject({ status: 200 });
	return await untilEnd(stage.world.client, waiting.executionId);
}

const json = (execution: Execution, node: string, output = 0) =>
	(execution.out(node)[output] ?? []).map((item) => item.json);

test('says so when no run is kept', async () => {
	await begin();
	await heading('There is no run to undo');
	await picture(page, 'undo-no-run');
});

test('takes a run back: the directory is as it was before, attribute for attribute', async () => {
	const { ou, movers, joiners, read } = await office('back');
	const before = await read();
	const runId = await keptRun(stage, 'Apply for back', ou, [...movers, ...joiners]);
	expect(Object.keys(await read())).toHaveLength(4);

	await chooseRun(runId, DELETE);
	await heading('What Goes Back');
	await picture(page, 'undo-what-goes-back');
	expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
	expect((await page.locator('form').innerText()).replaceAll('\u200b', '')).toContain('Chief $& {{ Clerk }} <b>');
	await goOn(DESK);
	await heading('It waits at the approval desk');
	await picture(page, 'undo-waits');

	const waiting = await question();
	const refused = await answer(stage.world, waiting, { by: stage.world.users.reviewer });
	expect(refused.status).toBe(403);
	const run = await answered({ by: stage.world.users.approver, comment: 'Wrong file' });
	expect([run.status, run.error]).toEqual(['success', undefined]);
	expect(await read()).toEqual(before);
	expect(json(run, 'Report')).toMatchObject([
		{
			approvedBy: 'approver@corp.example.com',
			askedForBy: 'reviewer@corp.example.com',
			comment: 'Wrong file',
			undone: expect.arrayContaining([expect.stringContaining('back1')]) as unknown,
			...{ failed: [], heldBack: [], notUndoable: [] },
		},
	]);
	const kept = await outcomes(stage.world.client, { flow: 'Undo a Run' });
	expect(kept.map(({ key, requester }) => [key, requester]).sort()).toEqual(
		['back1', 'back2', 'back3', 'back4'].map((key) => [key, 'reviewer@corp.example.com']),
	);

	await chooseRun(runId);
	await heading('What cannot be undone');
	await page
		.getByText(/back3.*does not exist any more/)
		.first()
		.waitFor();
});

test('says so when nothing of a run can be undone', async () => {
	const { ou, joiners } = await office('gone');
	const runId = await keptRun(stage, 'Apply for gone', ou, joiners);
	await asAdministrator(stage.domain, async (client) => {
		for (const { key } of joiners) await client.del(`CN=User ${key},${ou}`);
	});
	await chooseRun(runId);
	await heading('Nothing of this run is left to undo');
	await page
		.getByText(/gone3.*does not exist any more/)
		.first()
		.waitFor();
	await picture(page, 'undo-nothing-left');
});

test('leaves everything where the desk declines, and where nobody is asked', async () => {
	const { ou, movers, joiners, read } = await office('stay');
	const runId = await keptRun(stage, 'Apply for stay', ou, [...movers, ...joiners]);
	const applied = await read();

	await chooseRun(runId);
	await heading('What Goes Back');
	await goOn(DESK);
	await heading('It waits at the approval desk');
	const run = await answered({ by: stage.world.users.approver, decision: 'decline', comment: 'No' });
	expect([run.status, run.error]).toEqual(['success', undefined]);
	expect(json(run, 'Nothing Goes Back: Declined')).toMatchObject([
		{ by: 'approver@corp.example.com', comment: 'No', run: runId },
	]);
	expect(await read()).toEqual(applied);

	await chooseRun(runId);
	await heading('What Goes Back');
	await goOn('Leave everything as it is');
	await heading('Nothing is undone');
	expect(await read()).toEqual(applied);
});

test('undoes what is still as the run left it: accounts are disabled, and what was changed or left out stays', async () => {
	const { domain, world } = stage;
	const { ou, movers, joiners, read } = await office('part');
	const runId = await keptRun(stage, 'Apply for part', ou, [...movers, ...joiners]);

	await begin(runId);
	await page.getByText(`${runId}: `).first().click();
	await page.getByRole('button', { name: 'Show What Goes Back' }).click();
	await heading('What Goes Back');
	await goOn(DESK);
	await heading('It waits at the approval desk');
	const waiting = await question();
	const modification = new Attribute({ type: 'title', values: ['Changed since'] });
	await asAdministrator(domain, (client) =>
		client.modify(`CN=Person part1,${ou}`, new Change({ operation: 'replace', modification })),
	);
	const changed = (await read()) as Record<string, Record<string, string[]>>;
	const changes = JSON.parse(String(waiting['changes'])) as string[];
	const leftOut = changes.filter((label) => label.includes('part4')).map((label) => label.split(':')[0] ?? '');
	expect(leftOut).toHaveLength(1);
	const run = await answered({ by: world.users.approver, leftOut });
	expect([run.status, run.error]).toEqual(['success', undefined]);
	const after = (await read()) as typeof changed;
	const of = (key: string) => after[`CN=${/[12]$/.test(key) ? 'Person' : 'User'} ${key},${ou}`];
	expect(of('part1')?.['title']).toEqual(['Changed since']);
	expect(of('part2')?.['title']).toEqual(['Clerk']);
	expect(Number(of('part3')?.['userAccountControl']?.[0]) & 2).toBe(2);
	expect(of('part4')).toEqual(changed[`CN=User part4,${ou}`]);
	const [report] = json(run, 'Report') as { failed: string[]; heldBack: string[]; undone: string[] }[];
	expect(report?.undone.map((person) => person.slice(-6)).sort()).toEqual(['part2)', 'part3)']);
	expect(report?.failed).toEqual([expect.stringMatching(/part1/)]);
	expect(report?.heldBack).toEqual([expect.stringMatching(/part4.*Left out/)]);
});
