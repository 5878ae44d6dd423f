/**
 * "Offboard Leavers from JumpCloud" on real parts: many copies at the same time in one n8n and one domain. All of them are killed once, while they
 * wait: for the reviewer, for the approver, for the day of the deletion. What is in the directory then is read from Samba's own database.
 */
import type { JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import type { Execution } from '../../demo/n8n/client.ts';
import type { WaitingPlan } from '../../demo/waitingPlans.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { employed } from '../support/employed';
import { scenario, type Scenario, type ScenarioOptions } from '../support/flow-scenarios';
import { hired } from '../support/hired';
import { answers, failedRuns, outcomes } from '../support/kept-rows';
import { startStage, type Stage } from '../support/world-templates';

jest.setTimeout(420_000);

const TEMPLATE = 'Offboard Leavers from JumpCloud';
const PEOPLE = 4;
const seconds = (count: number) => count / 86_400;
/** The least that n8n does not keep in memory, and some more. */
const SHORT = { answerWithinHours: 70 / 3600 };

let stage: Stage;

type Changes = Partial<JumpCloudUser>;
const lastDay = (fromToday: number): Changes => {
	const day = new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10);
	return {
		attributes: [
			{ name: 'badge', value: '1' },
			{ name: 'lastWorkingDay', value: day },
		],
	};
};
const GONE = lastDay(-3);
const STAYS: Changes = { attributes: [{ name: 'badge', value: '1' }] };
const BACK: Changes = { ...STAYS, state: 'ACTIVATED', suspended: false, activated: true };

/** How many of the four have left; the next one has a last day that is still to come. */
type Story = Pick<ScenarioOptions, 'settings'> & { readonly leavers: number };
const STORIES = {
	whole: { leavers: 2, settings: { keepDays: seconds(12) } },
	leftout: { leavers: 3, settings: { keepDays: 0 } },
	revno: { leavers: 1 },
	appno: { leavers: 1 },
	revlate: { leavers: 1, settings: SHORT },
	applate: { leavers: 1, settings: SHORT },
	over: { leavers: 3, settings: { mostToDisable: 2, keepDays: 0 } },
	changed: { leavers: 2, settings: { keepDays: 0 } },
	same: { leavers: 1, settings: { approvers: 'reviewer@corp.example.com, approver@corp.example.com' } },
	longwait: { leavers: 1, settings: { keepDays: seconds(75) } },
	delno: { leavers: 1, settings: { keepDays: seconds(2) } },
	dellate: { leavers: 1, settings: { keepDays: seconds(2), ...SHORT } },
	delcheck: { leavers: 2, settings: { keepDays: seconds(2) } },
	back: { leavers: 1, settings: { keepDays: seconds(12) } },
	jcdown: { leavers: 1, settings: { keepDays: seconds(2) } },
	broken: { leavers: 1 },
} satisfies Readonly<Record<string, Story>>;
type Name = keyof typeof STORIES;
const NAMES = Object.keys(STORIES) as Name[];
/** Whose questions are answered before n8n is killed, so that it is killed in a later wait. */
const AHEAD: readonly Name[] = ['applate', 'longwait', 'dellate'];

const flows = new Map<string, Scenario>();
const groups = new Map<string, string>();
const runs = new Map<string, string>();
function flowOf(name: Name): Scenario {
	const flow = flows.get(name);
	if (!flow) throw new Error(`The scenario ${name} was not made.`);
	return flow;
}
const runOf = (name: Name): string => runs.get(name) ?? '';
const key = (name: Name, number: number) => `${name.toUpperCase()}${String(number).padStart(3, '0')}`;
const reviewer = () => stage.world.users.reviewer;
const approver = () => stage.world.users.approver;

async function makeFlow(name: Name): Promise<void> {
	const { leavers, settings = {} }: Story = STORIES[name];
	const people = hired(name, PEOPLE, (number) =>
		number <= leavers ? GONE : number === leavers + 1 ? lastDay(20) : STAYS,
	);
	const flow = await scenario(stage, { name, template: TEMPLATE, people, settings });
	flows.set(name, flow);
	groups.set(name, await employed(stage.domain, `OU=People,${flow.base}`, `Team ${name}`, people));
}

function inJumpCloud(name: Name, number: number, changes?: Changes): JumpCloudUser {
	const { users } = flowOf(name).jumpCloud;
	const at = users.findIndex(({ employeeIdentifier }) => employeeIdentifier === key(name, number));
	const user = users[at];
	if (!user) throw new Error(`JumpCloud has nobody with the key ${key(name, number)}.`);
	return (users[at] = { ...user, ...changes });
}

async function start(name: Name): Promise<void> {
	runs.set(name, await flowOf(name).start());
	await flowOf(name).question(runOf(name), 'reviewer');
}

const question = (name: Name, level: string): Promise<WaitingPlan> => flowOf(name).question(runOf(name), level);

type Answering = Omit<Parameters<Scenario['answer']>[1], 'by'>;
async function yes(name: Name, level: 'reviewer' | 'approver', given: Answering = {}): Promise<void> {
	const by = level === 'reviewer' ? reviewer() : approver();
	const reply = await flowOf(name).answer(await question(name, level), { by, ...given });
	expect([name, reply]).toMatchObject([name, { status: 200, body: { accepted: true } }]);
}
async function bothSayYes(name: Name): Promise<void> {
	await yes(name, 'reviewer');
	await yes(name, 'approver');
}

async function ended(name: Name): Promise<Execution> {
	const execution = await flowOf(name).untilEnd(runOf(name));
	expect([name, execution.status, execution.error]).toEqual([name, 'success', undefined]);
	return execution;
}

const said = (execution: Execution, node: string) => execution.out(node)[0]?.[0]?.json;
const planned = (execution: Execution, node: string) =>
	(said(execution, node)?.['changes'] as { id: string; key: string }[] | undefined) ?? [];

/** Of the four: enabled, disabled by this tool, or gone. */
async function states(name: Name): Promise<string[]> {
	const accounts = await flowOf(name).accounts();
	return [1, 2, 3, 4].map((number) => {
		const { userAccountControl, carLicense } = accounts.get(key(name, number))?.attributes ?? {};
		if (userAccountControl === undefined) return 'gone';
		return userAccountControl[0] === '514' && carLicense?.length === 2 ? 'left' : (userAccountControl[0] ?? '');
	});
}

beforeAll(async () => {
	stage = await startStage();
	await Promise.all(NAMES.map(makeFlow));
	// The first one alone: n8n refuses the second of two runs that make the same table at the same time.
	const [first, ...others] = NAMES.filter((name) => name !== 'broken');
	if (first) await start(first);
	await Promise.all(others.map(start));
	await Promise.all(AHEAD.map((name) => yes(name, 'reviewer')));
	await Promise.all(['longwait' as const, 'dellate' as const].map((name) => yes(name, 'approver')));
	await question('applate', 'approver');
	await question('dellate', 'approver');
	await stage.world.client.untilStatus(runOf('longwait'), ['waiting'], 60_000);
	await stage.killAndStart();
});

afterAll(async () => {
	for (const flow of flows.values()) await flow.close();
	await stage?.close();
});

test('before both have said yes, nothing is written', async () => {
	for (const name of ['whole', 'leftout', 'revno', 'appno', 'over', 'changed'] as const)
		expect([name, await states(name)]).toEqual([name, ['512', '512', '512', '512']]);
	expect(inJumpCloud('whole', 1).state).toBe('ACTIVATED');
});

test('everything approved: disabled, out of the groups, moved, suspended; HR asked again; deleted who is still gone', async () => {
	const flow = flowOf('whole');
	await bothSayYes('whole');
	await waitFor(
		() => Promise.resolve([1, 2].every((number) => inJumpCloud('whole', number).suspended) || undefined),
		'JumpCloud to have suspended the leavers',
		60_000,
	);
	// HR takes one of them back before the day of the deletion.
	inJumpCloud('whole', 1, BACK);
	const left = (await flow.accounts()).get(key('whole', 1));
	expect(left?.dn).toContain(`OU=Leavers,${flow.base}`);
	expect(left?.attributes['memberOf']).toBeUndefined();
	expect(await states('whole')).toEqual(['left', 'left', '512', '512']);
	const [other] = hired('whole', PEOPLE).slice(2, 3);
	expect((await flow.accounts()).get(key('whole', 3))?.attributes).toMatchObject({
		...{ memberOf: [groups.get('whole')], sAMAccountName: [other?.username] },
	});
	const asked = await question('whole', 'approver');
	const waiting = await stage.world.client.execution(runOf('whole'));
	expect(said(waiting, 'Report Who Was Disabled')).toMatchObject({
		...{ what: '2 accounts of leavers were disabled', reviewedBy: reviewer().email, approvedBy: approver().email },
		...{ stillOpenInJumpCloud: [], failed: [], heldBack: [] },
	});
	expect(planned(waiting, 'Deletion to Be Approved').map((change) => change.key)).toEqual([key('whole', 2)]);
	expect(String(asked['digestHtml'])).toContain('deleted');
	await yes('whole', 'approver');
	const execution = await ended('whole');
	expect(await states('whole')).toEqual(['left', 'gone', '512', '512']);
	expect(said(execution, 'Report Who Was Deleted')).toMatchObject({
		failed: [],
		heldBack: [],
		approvedBy: approver().email,
	});
	expect(said(execution, 'Report Who Was Deleted')?.['kept']).toHaveLength(1);
	const kept = await outcomes(stage.world.client, { flow: flow.flow });
	expect(kept.map(({ status, approver: by }) => [status, by].join(' ')).sort()).toEqual([
		`applied ${approver().email}`,
		`applied ${reviewer().email}, ${approver().email}`,
		`applied ${reviewer().email}, ${approver().email}`,
	]);
});

test('one left out by the reviewer, another by the approver: both keep their accounts', async () => {
	const waiting = await stage.world.client.execution(runOf('leftout'));
	const changes = planned(waiting, 'Plan to Be Approved');
	const idOf = (number: number) => changes.find((change) => change.key === key('leftout', number))?.id ?? '';
	await yes('leftout', 'reviewer', { leftOut: [idOf(2)], comment: 'Not this one' });
	const asked = await question('leftout', 'approver');
	expect(JSON.parse(String(asked['firstAnswer']))).toMatchObject({
		approver: reviewer().email,
		comment: 'Not this one',
	});
	// JumpCloud takes no notice of the filter by which the leaver is looked for, and gives everybody.
	const { users: results, failWhen } = flowOf('leftout').jumpCloud;
	failWhen(({ method, search }) => method === 'GET' && decodeURIComponent(search).includes('employeeIdentifier:'), {
		...{ status: 200, body: JSON.stringify({ totalCount: results.length, results }) },
	});
	await yes('leftout', 'approver', { leftOut: [idOf(3)] });
	const execution = await ended('leftout');
	expect(execution.out('Find Them in JumpCloud')[0]).toHaveLength(PEOPLE);
	expect(await states('leftout')).toEqual(['left', '512', '512', '512']);
	expect(said(execution, 'Report Who Was Disabled')?.['heldBack']).toHaveLength(2);
	expect([1, 2, 3].map((number) => inJumpCloud('leftout', number).state)).toEqual([
		'SUSPENDED',
		'ACTIVATED',
		'ACTIVATED',
	]);
	expect(execution.out('Nobody Is to Be Deleted')[0]).toHaveLength(1);
});

describe('without a yes', () => {
	test.each([
		['revno', 'The Reviewer Declined'],
		['appno', 'The Approver Declined'],
	] as const)('%s: nothing is written', async (name, end) => {
		const before = await flowOf(name).picture();
		if (name === 'appno') await yes(name, 'reviewer');
		const level = name === 'appno' ? 'approver' : 'reviewer';
		await yes(name, level, { decision: 'decline', comment: 'They stay' });
		const execution = await ended(name);
		expect(said(execution, end)).toMatchObject({ comment: 'They stay' });
		expect(await flowOf(name).picture()).toBe(before);
		expect(inJumpCloud(name, 1).state).toBe('ACTIVATED');
	});

	test('the same person on both levels is refused, and another one is heard', async () => {
		await yes('same', 'reviewer');
		const asked = await question('same', 'approver');
		const before = await flowOf('same').picture();
		expect(await flowOf('same').answer(asked, { by: reviewer() })).toMatchObject({
			status: 403,
			body: { accepted: false },
		});
		await yes('same', 'approver', { decision: 'decline' });
		await ended('same');
		expect(await flowOf('same').picture()).toBe(before);
		const audit = await answers(stage.world.client, { planId: asked.planId });
		expect(audit.map(({ level, accepted }) => `${level} ${String(accepted)}`)).toEqual([
			...['reviewer true', 'approver false', 'approver true'],
		]);
	});
});

test('over a limit: without the tick refused at both levels, with it applied', async () => {
	for (const level of ['reviewer', 'approver'] as const) {
		const asked = await question('over', level);
		expect(asked['guardOk']).toBe(false);
		const by = level === 'reviewer' ? reviewer() : approver();
		expect(await flowOf('over').answer(asked, { by })).toMatchObject({ status: 403 });
		expect(await states('over')).toEqual(['512', '512', '512', '512']);
		await yes('over', level, { overLimit: true });
	}
	await ended('over');
	expect(await states('over')).toEqual(['left', 'left', 'left', '512']);
});

test('HR changed during the wait: who stays is held back with the reason, and nobody is added', async () => {
	await yes('changed', 'reviewer');
	await question('changed', 'approver');
	inJumpCloud('changed', 1, lastDay(30));
	inJumpCloud('changed', 4, GONE);
	await yes('changed', 'approver');
	const execution = await ended('changed');
	expect(await states('changed')).toEqual(['512', 'left', '512', '512']);
	expect(said(execution, 'Report Who Was Disabled')?.['heldBack']).toEqual([
		expect.stringContaining('plan made again'),
	]);
	expect(inJumpCloud('changed', 4).state).toBe('ACTIVATED');
});

describe('the deletion', () => {
	test('declined: the account stays, disabled and marked', async () => {
		await bothSayYes('delno');
		await yes('delno', 'approver', { decision: 'decline', comment: 'Legal hold' });
		const execution = await ended('delno');
		expect(said(execution, 'The Approver of the Deletion Declined')).toMatchObject({ comment: 'Legal hold' });
		expect(await states('delno')).toEqual(['left', '512', '512', '512']);
	});

	test('HR takes one back after the question: approved, and only the other one is deleted', async () => {
		await bothSayYes('delcheck');
		await question('delcheck', 'approver');
		inJumpCloud('delcheck', 1, BACK);
		await yes('delcheck', 'approver');
		const execution = await ended('delcheck');
		expect(await states('delcheck')).toEqual(['left', 'gone', '512', '512']);
		expect(said(execution, 'Report Who Was Deleted')?.['heldBack']).toEqual([
			expect.stringContaining('plan made again'),
		]);
	});

	test('everybody is back before it: nobody is asked, and all are kept', async () => {
		await bothSayYes('back');
		await waitFor(() => Promise.resolve(inJumpCloud('back', 1).suspended || undefined), 'the suspension', 60_000);
		inJumpCloud('back', 1, STAYS);
		const execution = await ended('back');
		expect(said(execution, 'Everybody Is Kept')?.['kept']).toHaveLength(1);
		expect(await states('back')).toEqual(['left', '512', '512', '512']);
	});

	test('who could not be suspended in JumpCloud is reported, and kept', async () => {
		flowOf('jcdown').jumpCloud.failWhen(({ method }) => method === 'PUT', { status: 403 });
		await bothSayYes('jcdown');
		const execution = await ended('jcdown');
		expect(said(execution, 'Report Who Was Disabled')?.['stillOpenInJumpCloud']).toHaveLength(1);
		expect(said(execution, 'Report Who Was Disabled')?.['whyStillOpen']).toEqual([expect.stringContaining('403')]);
		expect(execution.out('Everybody Is Kept')[0]).toHaveLength(1);
		expect(await states('jcdown')).toEqual(['left', '512', '512', '512']);
	});
});

test('half a feed: nobody is asked, nothing is written, and the error workflow hears of it', async () => {
	const flow = flowOf('broken');
	const before = await flow.picture();
	const body = JSON.stringify({ totalCount: flow.jumpCloud.users.length + 1, results: flow.jumpCloud.users });
	flow.jumpCloud.failWhen(({ path }) => path.includes('systemusers'), { status: 200, body });
	const execution = await flow.untilEnd(await flow.startForReal());
	expect(execution.status).toBe('error');
	expect(execution.error).toContain('Read People from JumpCloud');
	expect(await flow.picture()).toBe(before);
	const rows = await failedRuns(stage.world.client, { executionId: execution.id });
	expect(rows).toMatchObject([{ flow: flow.flow, node: 'Stop with an Error' }]);
});

describe('nobody answers in time', () => {
	test.each([
		['revlate', 'The Reviewer Did Not Answer', '512'],
		['applate', 'The Approver Did Not Answer', '512'],
		['dellate', 'The Approver of the Deletion Did Not Answer', 'left'],
	] as const)('%s: nothing more is written', async (name, end, first) => {
		const execution = await ended(name);
		expect(execution.out(end)[0]).toHaveLength(1);
		expect(await states(name)).toEqual([first, '512', '512', '512']);
	});
});

test('killed while it waits for the day of the deletion, it asks on that day all the same', async () => {
	await yes('longwait', 'approver');
	await ended('longwait');
	expect(await states('longwait')).toEqual(['gone', '512', '512', '512']);
});
