/**
 * One person now, and somebody who comes back: both forms as people fill them in, in a real browser, against real n8n, the JumpCloud simulator
 * and a Samba domain controller, which is read back from its own database. The tests are one story and run in this order.
 */
import type { Browser, Page } from 'playwright-core';
import { publish } from '../../demo/n8n/publish.ts';
import type { Execution } from '../../demo/n8n/client.ts';
import type { JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { WORKFLOW } from '../../templates/source/ids';
import { asAdministrator } from '../directory/administrator';
import type { Given } from '../support/desk-answers';
import { openBrowser, picture } from '../support/editor';
import { scenario, type Scenario } from '../support/flow-scenarios';
import { untilFailedRun } from '../support/failed-run';
import { openForm, seePage, windowOf } from '../support/form-pages';
import { hired } from '../support/hired';
import { answers, outcomes, waitingPlans, type WaitingPlan } from '../support/kept-rows';
import { startStage, type Stage } from '../support/world-templates';
import { Attribute, Change } from 'ldapts';

jest.setTimeout(300_000);

const HOSTILE = '<b>Bobby</b> {{ 7*7 }} $& ${email}';
/** The directory itself writes these, and those that are made anew for whoever comes back. */
const NOT_COMPARED = ['uSNChanged', 'whenChanged', 'dSCorePropagationData', 'replPropertyMetaData', 'pwdLastSet'];

let stage: Stage;
let one: Scenario;
let back: Scenario;
let browser: Browser;
/** Of the reviewer, who may ask here; and of somebody on no list. */
let asker: Page;
let outsider: Page;

beforeAll(async () => {
	stage = await startStage();
	const { world } = stage;
	const settings = { requesters: 'owner@corp.example.com, Reviewer@corp.example.com' };
	const people = hired('one', 7, (number) =>
		number === 1 ? { displayname: HOSTILE } : number === 4 ? { employeeIdentifier: '' } : {},
	);
	one = await scenario(stage, { name: 'one', template: WORKFLOW.onePerson, people, settings });
	// The form for those who come back is about the same people.
	const { nodes } = (await world.client.request('GET', `/workflows/${one.workflowId}`)) as {
		nodes: { credentials?: Record<string, unknown> }[];
	};
	const credential = nodes.find((node) => node.credentials?.['jumpCloudApi'])?.credentials?.['jumpCloudApi'];
	back = await scenario(stage, {
		...{ name: 'back', template: WORKFLOW.rehire, people: [], settings },
		change: (template) => ({
			...template,
			nodes: template.nodes.map((node) => ({
				...node,
				parameters: JSON.parse(
					JSON.stringify(node.parameters).replaceAll('OU=back,', 'OU=one,'),
				) as typeof node.parameters,
				...(node.credentials?.['jumpCloudApi']
					? { credentials: { jumpCloudApi: credential as { id: string; name: string } } }
					: {}),
			})),
		}),
	});
	for (const { workflowId } of [one, back]) await publish(world.client, workflowId);
	browser = await openBrowser();
	asker = await windowOf(browser, world.n8n.url, world.users.reviewer);
	outsider = await windowOf(browser, world.n8n.url, world.users.outsider);
});

afterAll(async () => {
	await browser?.close();
	await one?.close();
	await back?.close();
	await stage?.close();
});

const address = (flow: Scenario): string =>
	`${stage.world.n8n.url}/form/${flow === one ? 'one-provision-one-person' : 'back-rehire-one-person'}`;

async function lookUp(flow: Scenario, who: string, page: Page = asker, giveBack?: 'No'): Promise<void> {
	await openForm(page, address(flow), 'Look Up');
	await page.getByLabel('Name or ID').fill(who);
	if (giveBack) await page.getByText(giveBack, { exact: true }).click();
	await page.getByRole('button', { name: 'Look Up' }).click();
}

async function decide(decision: 'Confirm' | 'Cancel'): Promise<void> {
	await asker.getByText(decision, { exact: true }).click();
	await asker.getByRole('button', { name: 'Send' }).click();
}

const person = (number: number): JumpCloudUser => {
	const found = one.jumpCloud.users.find(({ _id }) => _id === hired('one', 7)[number - 1]?._id);
	if (!found) throw new Error(`There is no person ${number}.`);
	return found;
};
function inJumpCloud(number: number, changes: Partial<JumpCloudUser>): void {
	const { users } = one.jumpCloud;
	users[users.indexOf(person(number))] = { ...person(number), ...changes };
}
const key = (number: number) => `ONE${String(number).padStart(3, '0')}`;

async function account(number: number): Promise<Record<string, readonly string[]> | undefined> {
	const entry = (await one.accounts()).get(key(number));
	if (!entry) return undefined;
	const kept = Object.entries(entry.attributes).filter(([name]) => !NOT_COMPARED.includes(name));
	return { dn: [entry.dn], ...Object.fromEntries(kept) };
}

async function question(flow: Scenario): Promise<WaitingPlan> {
	const row = await waitFor(
		async () => (await waitingPlans(stage.world.client, { flow: flow.flow, status: 'waiting' })).at(-1),
		`A question of ${flow.flow}`,
		60_000,
	);
	await stage.world.client.untilStatus(row.executionId, ['waiting'], 30_000);
	return row;
}

async function answered(flow: Scenario, given: Given): Promise<Execution> {
	const row = await question(flow);
	expect(await flow.answer(row, given)).toMatchObject({ status: 200 });
	return await flow.untilEnd(row.executionId);
}
const jsonOf = (execution: Execution, node: string) => execution.out(node)[0]?.[0]?.json ?? {};

describe('who is meant', () => {
	test('somebody who is no requester sees so, and nothing else', async () => {
		await lookUp(one, key(1), outsider);
		expect(await seePage(outsider, 'You Cannot Ask Here')).toContain('owner@corp.example.com');
		await picture(outsider, 'one-person-not-on-the-list');
	});

	test.each(['{credential.apiKey}', '"},{"$ne":null', '<img src=x onerror=alert(1)> {{ 7*7 }} $&'])(
		'%s is text to be looked for, and nobody is found',
		async (text) => {
			await lookUp(one, text);
			expect(await seePage(asker, 'Nobody Was Found')).toContain(text);
		},
	);

	test('several with the same name are shown to choose from, and choosing shows the person', async () => {
		await lookUp(one, 'Ada One');
		await seePage(asker, 'Who Is It?');
		await picture(asker, 'one-person-who-is-it');
		await asker.getByText(`Ada One2 · ${key(2)}`).click();
		await asker.getByRole('button', { name: 'Go On' }).click();
		const text = await seePage(asker, 'What Will Change');
		expect(text).toContain('Ada One2');
		expect(text).toContain('Of low risk, and done at once when you confirm: 1.');
		await picture(asker, 'one-person-joiner');
	});

	test('cancelling changes nothing', async () => {
		const before = await one.picture();
		await decide('Cancel');
		await seePage(asker, 'Nothing Was Done');
		expect(await one.picture()).toBe(before);
	});

	test('somebody who cannot be mapped is shown with the reason', async () => {
		await lookUp(one, person(4).email);
		expect(await seePage(asker, 'Nothing Will Change')).toContain('Ada One4 cannot be mapped: ');
		await picture(asker, 'one-person-nothing');
	});
});

describe('low risk', () => {
	test('is applied as soon as the requester confirms it, and nobody else is asked', async () => {
		await lookUp(one, key(1));
		expect(await seePage(asker, 'What Will Change')).toContain(HOSTILE);
		await picture(asker, 'one-person-hostile');
		await decide('Confirm');
		expect(await seePage(asker, 'Thank You')).toContain(`${HOSTILE}: account created.`);
		await picture(asker, 'one-person-done');
		expect(await account(1)).toMatchObject({
			...{ displayName: [HOSTILE], sAMAccountName: [person(1).username], mail: [person(1).email] },
			...{ department: [person(1).department], userAccountControl: ['512'] },
		});
		expect(await waitingPlans(stage.world.client, { flow: one.flow })).toEqual([]);
		expect(await outcomes(stage.world.client, { flow: one.flow })).toMatchObject([
			{ key: key(1), lifecycle: 'joiner', status: 'applied', approver: '', requester: 'reviewer@corp.example.com' },
		]);
	});

	test('nothing is left to do then', async () => {
		const before = await one.picture();
		await lookUp(one, person(1).username);
		expect(await seePage(asker, 'Nothing Will Change')).toContain('Active Directory is already as JumpCloud says.');
		expect(await one.picture()).toBe(before);
	});
});

describe('high risk', () => {
	let before: unknown;
	beforeAll(async () => {
		await lookUp(one, key(2));
		await seePage(asker, 'What Will Change');
		await decide('Confirm');
		await seePage(asker, 'Thank You');
		before = await account(2);
	});

	async function askForNewAddress(): Promise<void> {
		inJumpCloud(2, { email: 'new.one2@corp.example.com' });
		await lookUp(one, key(2));
		expect(await seePage(asker, 'What Will Change')).toContain('sent to the approval desk when you confirm: 1.');
		await decide('Confirm');
		expect(await seePage(asker, 'Thank You')).toContain('What you asked for waits at the approval desk (1 change).');
	}

	test('goes to the desk, where the requester is refused, and a no changes nothing', async () => {
		await askForNewAddress();
		await picture(asker, 'one-person-rest-waits');
		const row = await question(one);
		const { reviewer, approver } = stage.world.users;
		expect(await one.answer(row, { by: reviewer })).toMatchObject({ status: 403 });
		const run = await answered(one, { by: approver, decision: 'decline', comment: 'Not now' });
		expect(jsonOf(run, 'Declined')).toMatchObject({ comment: 'Not now', answeredBy: 'approver@corp.example.com' });
		expect(await account(2)).toEqual(before);
		expect(await answers(stage.world.client, { planId: row.planId })).toMatchObject([
			{ accepted: false, approver: 'reviewer@corp.example.com' },
			{ accepted: true, decision: 'decline' },
		]);
	});

	test('is applied after a yes, and the plan is made again before', async () => {
		await askForNewAddress();
		const run = await answered(one, { by: stage.world.users.approver });
		expect([run.status, run.error]).toEqual(['success', undefined]);
		expect(jsonOf(run, 'Report')).toMatchObject({
			...{ happened: '1 applied, 0 failed, 0 held back', askedFor: 'reviewer@corp.example.com' },
			approvedBy: 'approver@corp.example.com',
		});
		expect(await account(2)).toEqual({
			...(before as object),
			mail: ['new.one2@corp.example.com'],
			userPrincipalName: (before as Record<string, unknown>)['userPrincipalName'],
		});
		expect((await outcomes(stage.world.client, { flow: one.flow })).at(-1)).toMatchObject({
			...{ key: key(2), lifecycle: 'mover', status: 'applied' },
			...{ approver: 'approver@corp.example.com', requester: 'reviewer@corp.example.com' },
		});
	});

	test('is held back when JumpCloud has changed its mind meanwhile', async () => {
		const held = await account(2);
		inJumpCloud(2, { email: 'newer.one2@corp.example.com' });
		await lookUp(one, key(2));
		await seePage(asker, 'What Will Change');
		await decide('Confirm');
		await seePage(asker, 'Thank You');
		await question(one);
		inJumpCloud(2, { email: 'newest.one2@corp.example.com' });
		const run = await answered(one, { by: stage.world.users.approver });
		expect(jsonOf(run, 'Report')).toMatchObject({ happened: '0 applied, 0 failed, 1 held back' });
		expect(await account(2)).toEqual(held);
		inJumpCloud(2, { email: 'new.one2@corp.example.com' });
	});
});

describe('somebody who comes back', () => {
	let before: unknown;
	let left: unknown;
	const group = () => `CN=Night Shift,${one.base}`;

	beforeAll(async () => {
		before = await asAdministrator(stage.domain, async (directory) => {
			const dn = (await account(2))?.['dn']?.[0] ?? '';
			await directory.add(group(), { objectClass: 'group', sAMAccountName: 'Night Shift' });
			await directory.modify(group(), [
				new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [dn] }) }),
			]);
			return await account(2);
		});
		await lookUp(back, key(2));
	});

	test('who has not left is not brought back', async () => {
		expect(await seePage(asker, 'Nothing Will Change')).toContain('there is nobody to bring back');
		await picture(asker, 'rehire-nobody-to-bring-back');
	});

	test('a leaver goes by the desk too', async () => {
		inJumpCloud(2, { state: 'SUSPENDED', suspended: true });
		await lookUp(one, key(2));
		expect(await seePage(asker, 'What Will Change')).toContain('leaver');
		await picture(asker, 'one-person-leaver');
		await decide('Confirm');
		await seePage(asker, 'Thank You');
		await answered(one, { by: stage.world.users.approver });
		left = await account(2);
		expect(left).toMatchObject({ dn: [`CN=Ada One2,OU=Leavers,${one.base}`], userAccountControl: ['514'] });
		expect(left).not.toHaveProperty('memberOf');
	});

	test('who is still away in JumpCloud is not brought back', async () => {
		await lookUp(back, key(2));
		expect(await seePage(asker, 'Nothing Will Change')).toContain('JumpCloud still says that Ada One2 has left.');
	});

	async function askBack(giveBack?: 'No'): Promise<string> {
		inJumpCloud(2, { state: 'ACTIVATED', suspended: false });
		await lookUp(back, key(2), asker, giveBack);
		return await seePage(asker, 'What Will Change');
	}

	test('the page says what is given back, and cancelling changes nothing', async () => {
		const text = await askBack();
		expect(text).toContain('What Comes Back');
		expect(text).toContain(`Organisational unit: OU=People,${one.base}`);
		expect(text).toContain('Groups: Night Shift');
		await picture(asker, 'rehire-what-comes-back');
		await decide('Cancel');
		await seePage(asker, 'Nothing Was Done');
		expect(await account(2)).toEqual(left);
	});

	test('without the snapshot nothing of it is given back', async () => {
		expect(await askBack('No')).toContain('Groups: none');
		await decide('Cancel');
		await seePage(asker, 'Nothing Was Done');
	});

	test('a no of the desk changes nothing', async () => {
		await askBack();
		await decide('Confirm');
		expect(await seePage(asker, 'Thank You')).toContain('waits at the approval desk');
		const run = await answered(back, { by: stage.world.users.approver, decision: 'decline' });
		expect(jsonOf(run, 'Declined')).toMatchObject({
			happened: expect.stringContaining('nothing of this plan') as string,
		});
		expect(await account(2)).toEqual(left);
	});

	test('a yes gives everything back', async () => {
		await askBack();
		await decide('Confirm');
		await seePage(asker, 'Thank You');
		const run = await answered(back, { by: stage.world.users.approver });
		expect([run.status, run.error]).toEqual(['success', undefined]);
		expect(jsonOf(run, 'Report')).toMatchObject({ happened: '1 applied, 0 failed, 0 held back' });
		expect(await account(2)).toEqual(before);
	});

	test('whom an administrator disabled is not brought back, and the page says so', async () => {
		await asAdministrator(stage.domain, async (directory) => {
			const dn = (await account(2))?.['dn']?.[0] ?? '';
			await directory.modify(dn, [
				new Change({
					operation: 'replace',
					modification: new Attribute({ type: 'userAccountControl', values: ['514'] }),
				}),
			]);
		});
		await lookUp(back, key(2));
		expect(await seePage(asker, 'Nothing Will Change')).toContain('is disabled, and is not enabled by a plan');
		await picture(asker, 'rehire-disabled-by-others');
	});
});

describe('what fails', () => {
	test('before the last page is said on a page, and to the error workflow', async () => {
		const mend = one.jumpCloud.failWhen(() => true, { kind: 'answer', status: 403 });
		await lookUp(one, key(3));
		const text = await seePage(asker, 'Something Went Wrong');
		await picture(asker, 'one-person-something-went-wrong');
		mend();
		expect(text).toContain('Find the Person in JumpCloud');
		const executionId = /try again: (\d+)/.exec(text)?.[1] ?? '';
		expect((await untilFailedRun(stage.world.client, executionId)).message).toContain('Find the Person in JumpCloud');
	});

	test('after the approval writes nothing, and the error workflow hears of it', async () => {
		inJumpCloud(1, { email: 'new.one1@corp.example.com' });
		await lookUp(one, key(1));
		await seePage(asker, 'What Will Change');
		await decide('Confirm');
		await seePage(asker, 'Thank You');
		await question(one);
		const before = await one.picture();
		const mend = one.jumpCloud.failWhen(() => true, { kind: 'answer', status: 403 });
		const run = await answered(one, { by: stage.world.users.approver });
		mend();
		expect([run.status, run.error]).toEqual(['error', expect.stringContaining('Read the Person from JumpCloud')]);
		expect((await untilFailedRun(stage.world.client, run.id)).message).toContain('Read the Person from JumpCloud');
		expect(await one.picture()).toBe(before);
	});
});
