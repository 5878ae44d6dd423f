/**
 * "Onboard New Hires from JumpCloud" on real parts: many copies at the same time in one n8n and one domain, each with people of its own. All of
 * them are killed once, while they wait. What is in the directory then is read from Samba's own database.
 */
import type { Browser, Page } from 'playwright-core';
import { SPECIAL, seedPeople, type JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import type { Execution } from '../../demo/n8n/client.ts';
import type { WaitingPlan } from '../../demo/waitingPlans.ts';
import { newPage, openBrowser, openWorkflow, outputNames, picture, signIn, withPanel } from '../support/editor';
import { scenario, type Scenario, type ScenarioOptions } from '../support/flow-scenarios';
import { binds, helpDesk } from '../support/help-desk';
import { hired } from '../support/hired';
import { untilFailedRun } from '../support/failed-run';
import { reportOf } from '../support/onboarding-report';
import { answers, outcomes } from '../support/kept-rows';
import { filesBelow, findSecret } from '../support/secret-search';
import { startStage, type Stage } from '../support/world-templates';

jest.setTimeout(560_000);

const TEMPLATE = 'Onboard New Hires from JumpCloud';
const COMMENT = 'Canary-7f3a9c51-planted';
const DESK = helpDesk();

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const starting = (date: string): Partial<JumpCloudUser> => ({ attributes: [{ name: 'startDate', value: date }] });
/** People whose names are traps, and nobody else of the demo's. */
const traps = seedPeople({ seed: 20_261_123, count: 60 }).filter(({ employeeIdentifier }) =>
	Object.values(SPECIAL).some(({ key }) => key === employeeIdentifier),
);

const STORIES = {
	approved: { people: hired('approved', 3), settings: { helpDeskPublicKey: DESK.publicKey } },
	leftout: { people: hired('leftout', 3) },
	declined: { people: hired('declined', 2) },
	// The least that n8n does not keep in memory, and a few seconds.
	unanswered: { people: hired('unanswered', 2), settings: { answerWithinHours: 80 / 3600 } },
	over: { people: hired('over', 3), settings: { createAtMost: 2 } },
	changed: { people: hired('changed', 4) },
	later: { people: hired('later', 1, () => starting(day(3))) },
	traps: { people: traps },
} satisfies Readonly<Record<string, Pick<ScenarioOptions, 'people' | 'settings'>>>;
type Name = keyof typeof STORIES;
const NAMES = Object.keys(STORIES) as Name[];

let stage: Stage;
const flows = new Map<string, Scenario>();
const runs = new Map<string, string>();
const questions = new Map<string, WaitingPlan>();
const flowOf = (name: Name): Scenario => flows.get(name)!;
const questionOf = (name: Name): WaitingPlan => questions.get(name)!;
const runOf = (name: Name): string => runs.get(name) ?? '';

const make = (name: string, options: Pick<ScenarioOptions, 'people' | 'settings'>) =>
	scenario(stage, { name, template: TEMPLATE, ...options });

beforeAll(async () => {
	stage = await startStage();
	for (const name of NAMES) flows.set(name, await make(name, STORIES[name]));
	const [first, ...others] = NAMES;
	// n8n makes a table twice, and fails, when two runs ask for it at the same moment: the first run of all makes them.
	await ask(first!);
	await Promise.all(others.map(ask));
	expect(await stage.domain.ldbsearch('(&(objectClass=user)(employeeID=*))')).toEqual([]);
	await stage.killAndStart();
});

afterAll(async () => {
	for (const flow of flows.values()) await flow.close();
	await stage?.close();
});

async function ask(name: Name): Promise<void> {
	runs.set(name, await flowOf(name).start());
	questions.set(name, await flowOf(name).question(runOf(name)));
}

const approver = () => stage.world.users.approver;
const keysOf = async (flow: Scenario) => [...(await flow.accounts()).keys()].sort();
const attributesOf = async (flow: Scenario, key: string) => (await flow.accounts()).get(key)?.attributes ?? {};

type Planned = { readonly changes: ReadonlyArray<{ readonly id: string; readonly key: string }> };
async function idOf(name: Name, key: string): Promise<string> {
	const execution = await stage.world.client.execution(runOf(name));
	const plan = execution.out('Plan to Be Approved')[0]?.[0]?.json as Planned;
	return plan.changes.find((change) => change.key === key)?.id ?? '';
}

async function ended(name: Name): Promise<Execution> {
	const execution = await flowOf(name).untilEnd(runOf(name));
	expect([name, execution.status, execution.error]).toEqual([name, 'success', undefined]);
	return execution;
}

describe('approved', () => {
	let execution: Execution;
	beforeAll(async () => {
		const reply = await flowOf('approved').answer(questionOf('approved'), { by: approver(), comment: COMMENT });
		expect(reply).toEqual({ status: 200, body: { accepted: true, decision: 'approved' } });
		execution = await ended('approved');
	});

	test('everybody has the account that JumpCloud says', async () => {
		const flow = flowOf('approved');
		const accounts = await flow.accounts();
		expect(accounts.size).toBe(flow.jumpCloud.users.length);
		for (const user of flow.jumpCloud.users)
			expect(accounts.get(user.employeeIdentifier ?? '')?.attributes).toMatchObject({
				...{ displayName: [user.displayname], givenName: [user.firstname], sn: [user.lastname] },
				...{ mail: [user.email], userPrincipalName: [user.email], sAMAccountName: [user.username] },
				...{ department: [user.department], title: [user.jobTitle], employeeNumber: [user._id] },
				userAccountControl: ['512'],
			});
	});

	test('JumpCloud is told each account name, beside what it has already', () => {
		for (const { attributes, username } of flowOf('approved').jumpCloud.users)
			expect(attributes).toEqual([
				expect.objectContaining({ name: 'badge' }),
				expect.objectContaining({ name: 'adAccount', value: username }),
			]);
	});

	test('the report says for each how the password is had, and the help desk opens it', async () => {
		const report = reportOf(execution);
		expect(report).toMatchObject({ what: '3 of 3 new people have their accounts', approvedBy: approver().email });
		expect(report).toMatchObject({ notApplied: [], heldBack: [], notWrittenBack: [], message: '' });
		for (const line of report.created)
			expect(line).toMatch(/^Ada Approved\d \(ada\.approved\d\)\. Password: Encrypted/);
		expect(report.encryptedPasswords).toHaveLength(3);
		const { dn } = (await flowOf('approved').accounts()).get('APPROVED001') ?? { dn: '' };
		const [first] = report.encryptedPasswords.filter(({ account }) => account === 'ada.approved1');
		expect(await binds(stage.domain, dn, DESK.open(first?.encryptedPassword ?? ''))).toBe(true);
		expect(await binds(stage.domain, dn, 'another one')).toBe(false);
	});

	test('no password stands in what n8n keeps, while the comment is found', () => {
		const places = { ...filesBelow(stage.world.n8n.userFolder), 'run data': Buffer.from(execution.raw) };
		const found = findSecret(COMMENT, places).map((place) => place.split(':')[0]);
		expect(found).toEqual(expect.arrayContaining([expect.stringContaining('database.sqlite'), 'run data']));
		for (const { encryptedPassword } of reportOf(execution).encryptedPasswords)
			expect(findSecret(DESK.open(encryptedPassword), places)).toEqual([]);
	});

	test('the outcomes are kept, the feed is confirmed, and another run has nothing to do', async () => {
		const flow = flowOf('approved');
		const kept = await outcomes(stage.world.client, { flow: flow.flow });
		expect(kept.map(({ status, approver: by }) => [status, by])).toEqual(
			Array.from({ length: 3 }, () => ['applied', approver().email]),
		);
		expect(execution.out('Confirm the Feed')[0]).toHaveLength(1);
		const before = await flow.picture();
		const again = await flow.untilEnd(await flow.start());
		expect([again.status, again.out('Nobody to Create')[0]?.length]).toEqual(['success', 1]);
		expect(await flow.picture()).toBe(before);
	});
});

test('whoever is left out gets no account, and a name that JumpCloud does not take is reported', async () => {
	const flow = flowOf('leftout');
	const [, second] = flow.jumpCloud.users;
	flow.jumpCloud.failWhen(({ method, path }) => method === 'PUT' && path.includes(second?._id ?? ''), { status: 403 });
	const leftOut = [await idOf('leftout', 'LEFTOUT001')];
	await flow.answer(questionOf('leftout'), { by: approver(), leftOut });
	const report = reportOf(await ended('leftout'));
	expect(await keysOf(flow)).toEqual(['LEFTOUT002', 'LEFTOUT003']);
	expect(report.heldBack).toEqual([expect.stringMatching(/^Ada Leftout1: .*left out/i)]);
	expect([...report.created].sort()).toEqual([
		expect.stringMatching(/^Ada Leftout2 .* Password: Nobody knows it/),
		expect.stringMatching(/^Ada Leftout3 .* Password: Nobody knows it/),
	]);
	expect(report.notWrittenBack).toEqual([expect.stringContaining('Ada Leftout2: the account name was not written')]);
});

test('declined: nobody is created, and the audit record says who declined', async () => {
	const flow = flowOf('declined');
	await flow.answer(questionOf('declined'), { by: approver(), decision: 'decline', comment: 'Not this month' });
	const [said] = (await ended('declined')).out('Declined: Nobody Is Created')[0] ?? [];
	expect(said?.json).toMatchObject({ who: approver().email, comment: 'Not this month' });
	expect(await keysOf(flow)).toEqual([]);
	const { planId } = questionOf('declined');
	expect(await answers(stage.world.client, { planId })).toMatchObject([{ accepted: true, decision: 'decline' }]);
});

test('over the limit: a yes without the tick is refused, and with it everybody is created', async () => {
	const flow = flowOf('over');
	expect(questionOf('over')['guardOk']).toBe(false);
	const refused = await flow.answer(questionOf('over'), { by: approver() });
	expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ accepted: false })]);
	expect(await keysOf(flow)).toEqual([]);
	await flow.answer(questionOf('over'), { by: approver(), overLimit: true });
	await ended('over');
	expect(await keysOf(flow)).toEqual(['OVER001', 'OVER002', 'OVER003']);
});

test('HR changed during the wait: one withdrawn and one renamed are reported, the others are created', async () => {
	const flow = flowOf('changed');
	const [, renamed, ...others] = flow.jumpCloud.users;
	if (!renamed) throw new Error('There is nobody to rename.');
	const married = { ...renamed, lastname: 'Married', displayname: 'Ada Married' };
	flow.jumpCloud.users.splice(0, flow.jumpCloud.users.length, married, ...others);
	await flow.answer(questionOf('changed'), { by: approver() });
	const report = reportOf(await ended('changed'));
	expect(await keysOf(flow)).toEqual(['CHANGED003', 'CHANGED004']);
	expect([...report.heldBack].sort()).toEqual([
		expect.stringMatching(/^Ada Changed1: /),
		expect.stringMatching(/^Ada Changed2: /),
	]);
});

test('whoever begins later has an account that is closed until then, and a plan of that day opens it', async () => {
	const flow = flowOf('later');
	await flow.answer(questionOf('later'), { by: approver() });
	expect(reportOf(await ended('later')).created).toEqual([expect.stringContaining('Password: None to hand over yet')]);
	expect(await attributesOf(flow, 'LATER001')).toMatchObject({ userAccountControl: ['514'] });
	const [person] = flow.jumpCloud.users;
	if (person) flow.jumpCloud.users.splice(0, 1, { ...person, ...starting(day(0)) });
	const runId = await flow.start();
	await flow.answer(await flow.question(runId), { by: approver() });
	const [line] = reportOf(await flow.untilEnd(runId)).created;
	expect(line).toMatch(/^Ada Later1 .* Password: Nobody knows it/);
	expect(await attributesOf(flow, 'LATER001')).toMatchObject({ userAccountControl: ['512'] });
});

test('hostile names are data: as they are in the directory, and no markup in what the desk shows', async () => {
	const flow = flowOf('traps');
	const html = String(questionOf('traps')['digestHtml']);
	expect(html).not.toMatch(/<(?:script|img|iframe|a)\b|\{\{|\$\{/i);
	await flow.answer(questionOf('traps'), { by: approver() });
	await ended('traps');
	const accounts = await flow.accounts();
	for (const { key, displayname } of Object.values(SPECIAL))
		expect(accounts.get(key)?.attributes).toMatchObject({ displayName: [displayname], userAccountControl: ['512'] });
});

test('nobody answered in time: nobody is created', async () => {
	const execution = await ended('unanswered');
	expect(execution.out('Timed Out: Nobody Is Created')[0]).toHaveLength(1);
	expect(await keysOf(flowOf('unanswered'))).toEqual([]);
});

describe('what goes wrong ends with an error, which the error workflow hears of', () => {
	test.each([
		['halffeed', { status: 200, body: JSON.stringify({ totalCount: 3, results: hired('halffeed', 2) }) }],
		['nokey', { status: 401 }],
	])('%s: nothing is done', async (name, failure) => {
		const flow = await make(name, { people: hired(name, 2) });
		flows.set(name, flow);
		flow.jumpCloud.failWhen(({ path }) => path.includes('systemusers'), failure);
		const execution = await flow.untilEnd(await flow.startForReal());
		expect([execution.status, execution.error]).toEqual(['error', expect.stringContaining('Read People')]);
		expect(await keysOf(flow)).toEqual([]);
		const { message } = await untilFailedRun(stage.world.client, execution.id);
		expect(message).toContain('Read People from JumpCloud');
	});

	test('JumpCloud has nobody at all: no quiet morning', async () => {
		const flow = flowOf('declined');
		flow.jumpCloud.users.splice(0);
		const execution = await flow.untilEnd(await flow.startForReal());
		expect([execution.status, execution.error]).toEqual(['error', expect.stringContaining('handed out nobody')]);
		expect((await untilFailedRun(stage.world.client, execution.id)).message).toContain('handed out nobody');
	});
});

describe('in the editor', () => {
	let browser: Browser;
	let page: Page;
	beforeAll(async () => {
		browser = await openBrowser();
		page = await newPage(browser);
		await signIn(page, stage.world.n8n.url, stage.world.owner);
	});
	afterAll(async () => {
		await browser?.close();
	});

	test.each([
		['Test domain', 'credential-ad-ldap'],
		['JumpCloud simulator', 'credential-jumpcloud'],
	])('the credential "%s" tests green', async (name, file) => {
		await page.goto(`${stage.world.n8n.url}/home/credentials`);
		await page.getByText(name).first().click();
		await page.getByText('Connection tested successfully').waitFor();
		await picture(page, file);
	});

	test('each panel shows its parameters, and the canvas names every output', async () => {
		await openWorkflow(page, stage.world.n8n.url, stage.world.template.id);
		for (const [name, file, labels] of PANELS)
			await withPanel(page, name, async (panel) => {
				for (const label of labels) await panel.getByText(label, { exact: true }).first().waitFor();
				await picture(page, file);
			});
		const named = async (name: string) => (await outputNames(page, name)).slice(0, 3);
		expect(await named('Read People from JumpCloud')).toEqual(['Records', 'Feed Report', 'Error']);
		expect(await named('Map to Accounts')).toEqual(['Mapped', 'Rejected', 'Out of Scope']);
		expect(await named('Create Plan')).toEqual(['Plan', 'Changes', 'Problems']);
		expect(await named('Apply the Plan')).toEqual(['Applied', 'Failed', 'Held Back']);
	});
});

const PANELS = [
	['Read People from JumpCloud', 'node-custom-hcm-endpoint', ['Operation', 'Authentication', 'Source', 'Endpoints']],
	['Map to Accounts', 'node-attribute-map', ['Key', 'Display Name', 'Attributes', 'Names', 'Organizational Unit']],
	['Create Plan', 'onboard-create-plan', ['Resource', 'Operation', 'Mapped Account', 'Feed Report']],
	['Apply the Plan', 'onboard-apply-plan', ['Resource', 'Operation', 'Plan or Changes', 'Approver']],
] as const;
