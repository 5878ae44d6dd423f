/**
 * "Reconcile People Every Night" on real parts: many copies at the same time in one n8n and one domain, each with people of its own. All of them
 * are killed once, while they wait. What is in the directory then is read from Samba's own database.
 */
import type { Execution } from '../../demo/n8n/client.ts';
import type { WaitingPlan } from '../../demo/waitingPlans.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { newPage, openBrowser, openWorkflow, outputNames, signIn } from '../support/editor';
import { scenario, type Scenario } from '../support/flow-scenarios';
import { hired } from '../support/hired';
import { answers, failedRuns, feeds, outcomes } from '../support/kept-rows';
import {
	BACK,
	FOUR,
	GONE,
	inJumpCloud,
	key,
	NAMES,
	NEWCOMER,
	STORIES,
	type Name,
	type Story,
} from '../support/reconcile-stories';
import { startStage, type Stage } from '../support/world-templates';

jest.setTimeout(560_000);

const TEMPLATE = 'Reconcile People Every Night';
const ENABLED = ['512'];
const DISABLED = ['514'];

let stage: Stage;

const flows = new Map<string, Scenario>();
const questions = new Map<string, WaitingPlan>();
const secondNights = new Map<string, string>();
const flowOf = (name: Name): Scenario => flows.get(name)!;
const questionOf = (name: Name): WaitingPlan => questions.get(name)!;

async function makeFlow(name: Name): Promise<void> {
	const { settings = {} }: Story = STORIES[name];
	flows.set(
		name,
		await scenario(stage, {
			...{ name, template: TEMPLATE, people: hired(name, FOUR) },
			settings: { fewestPeople: 2, ...settings },
		}),
	);
}

/** A run that asks nobody. */
async function quietNight(flow: Scenario): Promise<Execution> {
	const { waiting, execution } = await flow.reached(await flow.start());
	expect([flow.name, waiting?.title, execution.status, execution.error]).toEqual([
		...[flow.name, undefined, 'success', undefined],
	]);
	return execution;
}

async function asks(flow: Scenario): Promise<WaitingPlan> {
	const runId = await flow.start();
	secondNights.set(flow.name, runId);
	return await flow.question(runId);
}

const ASKED = NAMES.filter((name) => name !== 'halffeed' && name !== 'absent');
const quiet: Partial<Record<Name, Execution>> = {};

beforeAll(async () => {
	stage = await startStage();
	await Promise.all(NAMES.map(makeFlow));
	await Promise.all(NAMES.map((name) => quietNight(flowOf(name))));
	for (const name of NAMES) STORIES[name].day(flowOf(name));
	await Promise.all([
		...ASKED.map(async (name) => questions.set(name, await asks(flowOf(name)))),
		...(['halffeed', 'absent'] as const).map(async (name) => {
			quiet[name] = await quietNight(flowOf(name));
		}),
	]);
	await stage.killAndStart();
});

afterAll(async () => {
	for (const flow of flows.values()) await flow.close();
	await stage?.close();
});

const approver = () => stage.world.users.approver;
const attribute = async (flow: Scenario, number: number, name: string) =>
	(await flow.accounts()).get(key(flow.name, number))?.attributes[name];
const state = (flow: Scenario, number: number) => attribute(flow, number, 'userAccountControl');
/** Of the four and the newcomer. */
const states = async (flow: Scenario) => {
	const accounts = await flow.accounts();
	return [1, 2, 3, 4, NEWCOMER].map(
		(number) => accounts.get(key(flow.name, number))?.attributes['userAccountControl']?.[0],
	);
};
const changeOf = (execution: Execution, person: string): string => {
	const plan = execution.out('Plan to Be Approved')[0]?.[0]?.json as { changes: { id: string; key: string }[] };
	return plan.changes.find((change) => change.key === person)?.id ?? '';
};
const asked = (execution: Execution): string[] => {
	const plan = execution.out('Plan to Be Approved')[0]?.[0]?.json as { changes: { key: string }[] };
	return plan.changes.map((change) => change.key).sort();
};
const report = (execution: Execution) => execution.out('Report')[0]?.[0]?.json ?? {};

async function ended(name: Name): Promise<Execution> {
	const execution = await flowOf(name).untilEnd(secondNights.get(name) ?? '');
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	return execution;
}

async function answered(name: Name, given: Parameters<Scenario['answer']>[1]): Promise<Execution> {
	const reply = await flowOf(name).answer(questionOf(name), given);
	expect(reply).toMatchObject({ status: 200, body: { accepted: true } });
	return await ended(name);
}

describe('within the limits', () => {
	test('before anybody answered, what is of low risk is done, and the rest is not', async () => {
		for (const name of ['approved', 'leftout', 'declined', 'changed'] as const) {
			expect([name, await attribute(flowOf(name), 1, 'title')]).toEqual([name, ['Head of Engines']]);
			expect([name, await states(flowOf(name))]).toEqual([name, ['512', '512', '512', '512', '512']]);
		}
	});

	test('the first night made everybody an account, enabled, with the values of JumpCloud', async () => {
		const flow = flowOf('declined');
		const account = (await flow.accounts()).get(key('declined', 4))!;
		const [, , , user] = hired('declined', FOUR);
		expect(account.attributes).toMatchObject({
			...{ displayName: [user?.displayname], mail: [user?.email], sAMAccountName: [user?.username] },
			...{ department: [user?.department], userAccountControl: ENABLED },
		});
		expect(account.attributes['carLicense']).toBeUndefined();
	});

	test('approved: the leavers are disabled and marked', async () => {
		const execution = await answered('approved', { by: approver() });
		expect(asked(execution)).toEqual([key('approved', 2), key('approved', 3)]);
		expect(await states(flowOf('approved'))).toEqual(['512', '514', '514', '512', '512']);
		expect(await attribute(flowOf('approved'), 2, 'carLicense')).toHaveLength(2);
		expect(report(execution)).toMatchObject({ by: approver().email, failed: [], heldBack: [] });
		expect(report(execution)['doneAtOnce']).toHaveLength(2);
		expect(report(execution)['doneAfterApproval']).toHaveLength(2);
	});

	test('every outcome is kept, with the approver where there was one', async () => {
		const rows = await outcomes(stage.world.client, { flow: flowOf('approved').flow });
		const kept = rows.map(({ lifecycle, status, approver: by }) => [lifecycle, status, by].join(' ')).sort();
		expect(kept).toEqual([
			...Array.from({ length: FOUR + 1 }, () => 'joiner applied '),
			...Array.from({ length: 2 }, () => `leaver applied ${approver().email}`),
			'mover applied ',
		]);
		expect(JSON.parse(rows[0]?.outcome ?? '{}')).toHaveProperty('seal');
	});

	test('one change left out: that person keeps the account, and the report says so', async () => {
		const before = await stage.world.client.execution(secondNights.get('leftout') ?? '');
		const spared = changeOf(before, key('leftout', 3));
		const execution = await answered('leftout', { by: approver(), leftOut: [spared] });
		expect(await states(flowOf('leftout'))).toEqual(['512', '514', '512', '512', '512']);
		expect(report(execution)['heldBack']).toEqual([expect.stringContaining(key('leftout', 3))]);
	});

	test('declined: nobody leaves', async () => {
		const before = await flowOf('declined').picture();
		const execution = await answered('declined', { by: approver(), decision: 'decline', comment: 'Not yet' });
		expect(report(execution)).toMatchObject({ by: approver().email, comment: 'Not yet', doneAfterApproval: [] });
		expect(execution.out('Declined')[0]).toHaveLength(1);
		expect(await flowOf('declined').picture()).toBe(before);
	});

	test('HR changed during the wait: who is back stays, and nobody is added', async () => {
		const flow = flowOf('changed');
		inJumpCloud(flow, 2, BACK);
		inJumpCloud(flow, 4, GONE);
		const execution = await answered('changed', { by: approver() });
		expect(await states(flow)).toEqual(['512', '512', '514', '512', '512']);
		expect(report(execution)['heldBack']).toEqual([expect.stringContaining(key('changed', 2))]);
		expect(report(execution)['doneAfterApproval']).toEqual([expect.stringContaining(key('changed', 3))]);
	});
});

describe('over a limit', () => {
	test('nothing is done before the answer, not even what is of low risk', async () => {
		for (const name of ['overyes', 'overno'] as const) {
			expect(questionOf(name)['guardOk']).toBe(false);
			expect(await attribute(flowOf(name), 1, 'title')).not.toEqual(['Head of Engines']);
			expect(await states(flowOf(name))).toEqual(['512', '512', '512', '512', undefined]);
		}
	});

	test('approved without the tick is refused; with it everything is done', async () => {
		const flow = flowOf('overyes');
		expect(await flow.answer(questionOf('overyes'), { by: approver() })).toMatchObject({ status: 403 });
		expect(await states(flow)).toEqual(['512', '512', '512', '512', undefined]);
		await answered('overyes', { by: approver(), overLimit: true });
		expect(await states(flow)).toEqual(['512', '514', '514', '512', '512']);
		expect(await attribute(flow, 1, 'title')).toEqual(['Head of Engines']);
		const audit = await answers(stage.world.client, { planId: questionOf('overyes').planId });
		expect(audit.map(({ accepted }) => accepted)).toEqual([false, true]);
	});

	test('declined: nothing is written', async () => {
		const before = await flowOf('overno').picture();
		await answered('overno', { by: approver(), decision: 'decline' });
		expect(await flowOf('overno').picture()).toBe(before);
	});
});

describe('missing people', () => {
	const missing = async (flow: Scenario) => {
		const [row, ...more] = await feeds(stage.world.client, { feed: flow.workflowId });
		expect(more).toEqual([]);
		return JSON.parse(row?.missing ?? 'null') as unknown;
	};

	test('half a feed, twice: nobody is disabled or counted as missing, and the others are looked after', async () => {
		const flow = flowOf('halffeed');
		expect(await attribute(flow, 1, 'title')).toEqual(['Head of Engines']);
		await quietNight(flow);
		expect(await state(flow, 3)).toEqual(ENABLED);
		expect(await missing(flow)).toEqual([]);
	});

	test('missing for one night: noted. For two: asked, and disabled after the approval', async () => {
		const flow = flowOf('absent');
		expect(await missing(flow)).toEqual([key('absent', 3)]);
		expect(await state(flow, 3)).toEqual(ENABLED);
		questions.set('absent', await asks(flow));
		const execution = await answered('absent', { by: approver() });
		expect(asked(execution)).toEqual([key('absent', 3)]);
		expect(await states(flow)).toEqual(['512', '512', '514', '512', undefined]);
	});
});

test('a rehire is asked for, and gets the account back', async () => {
	const flow = flowOf('approved');
	inJumpCloud(flow, 2, BACK);
	questions.set('approved', await asks(flow));
	const execution = await answered('approved', { by: approver() });
	expect(asked(execution)).toEqual([key('approved', 2)]);
	expect(await states(flow)).toEqual(['512', '512', '514', '512', '512']);
	expect(await attribute(flow, 2, 'carLicense')).toBeUndefined();
});

describe('when something fails', () => {
	const failing = async (flow: Scenario): Promise<Execution> => {
		const before = await flow.picture();
		const execution = await flow.untilEnd(await flow.startForReal());
		expect([execution.status, await flow.picture()]).toEqual(['error', before]);
		const rows = await waitFor(
			async () => {
				const found = await failedRuns(stage.world.client, { executionId: execution.id });
				return found.length > 0 ? found : undefined;
			},
			`The error workflow of ${flow.name}`,
			20_000,
		);
		expect(rows).toMatchObject([{ flow: flow.flow, node: 'Stop with an Error' }]);
		return execution;
	};

	test('JumpCloud refuses: the error branch is reached, and the error workflow hears of it', async () => {
		const flow = flowOf('declined');
		flow.jumpCloud.failWhen(() => true, { status: 401 });
		expect((await failing(flow)).error).toContain('Read People from JumpCloud');
	});

	test('JumpCloud has nobody at all, or fewer than are believed: no quiet night, and nothing is done', async () => {
		const flow = flowOf('overno');
		const [one] = flow.jumpCloud.users.splice(0);
		expect((await failing(flow)).error).toContain('Say That Nobody Came');
		if (one) flow.jumpCloud.users.push(one);
	});
});

test('nobody answered in time: nobody leaves', async () => {
	const execution = await ended('unanswered');
	expect(execution.out('Nobody Answered')[0]).toHaveLength(1);
	expect(await states(flowOf('unanswered'))).toEqual(['512', '512', '512', '512', '512']);
	expect(await state(flowOf('unanswered'), 2)).not.toEqual(DISABLED);
});

test('the canvas names every output', async () => {
	const { n8n, owner, templates } = stage.world;
	const template = templates.find(({ name }) => name === TEMPLATE);
	const browser = await openBrowser();
	try {
		const page = await newPage(browser);
		await signIn(page, n8n.url, owner);
		await openWorkflow(page, n8n.url, template?.id ?? '');
		expect(await outputNames(page, 'What Is to Be Done?')).toEqual([
			...['Approved', 'Nothing', 'Low Risk First', 'Over a Limit', 'Ask', 'Too Few People'],
		]);
	} finally {
		await browser.close();
	}
});
