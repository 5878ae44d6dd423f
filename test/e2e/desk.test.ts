/** The approval desk in a real n8n: attacked at its waiting runs, and answered in a real browser. */
import type { Browser, Page } from 'playwright-core';
import type { Change } from '../../lib/contracts';
import { waitFor } from '../../demo/setup/processes.ts';
import { WORKFLOW } from '../../templates/source/ids.ts';
import { postOnce } from '../../demo/desk.ts';
import { tableRows, type Row } from '../../demo/n8n/tables.ts';
import { makeDigest, type PlanWithoutDigest } from '../../lib/provisioning/digest/makeDigest';
import { startDeskWorld, type Asked, type DeskWorld, type Question } from '../support/desk-world';
import { openBrowser, picture } from '../support/editor';
import { openForm, seePage, windowOf } from '../support/form-pages';
import { everyKind, HASH, hostilePlan, planOf } from '../unit/provisioning/digest/plans';

jest.setTimeout(300_000);

const HOSTILE = `"><img src=x onerror="window.hacked=1"> {{ $env.N8N_ENCRYPTION_KEY }} $& $' </td> 'ä`;
let world: DeskWorld;
let tooLate: Asked;
let browser: Browser;
let count = 0;

/** As Create Plan puts it out. */
function planWith(more: Partial<PlanWithoutDigest> = {}, changes: readonly Change[] = everyKind()) {
	count += 1;
	const id = `plan-${count}`;
	const own = changes.map((change, index) => ({ ...change, id: `change-${count}-${index + 1}` }));
	const plan = planOf(own, { id, expiresAt: new Date(Date.now() + 3_600_000).toISOString(), ...more });
	return { ...plan, id, digest: makeDigest(plan, { hash: HASH }) };
}
const overLimit: Partial<PlanWithoutDigest> = {
	guard: {
		ok: false,
		breaches: [{ rule: 'disable', limit: 3, actual: 12, message: '12 accounts would be disabled; the limit is 3.' }],
	},
};
const ask = async (question: Partial<Question> = {}): Promise<Asked> =>
	await world.ask({ plan: planWith(), ...question });

/** The answer is refused, recorded with the reason, and the question still waits. */
async function refused(row: Row, body: unknown, words: string, headers?: Record<string, string>): Promise<void> {
	const before = await world.answers(String(row['planId']));
	const reply = await world.post(row, body, headers);
	expect(reply).toMatchObject({ status: 403, body: { accepted: false } });
	expect((reply.body as { refusal: string }).refusal).toContain(words);
	const after = await world.answers(String(row['planId']));
	expect(after).toHaveLength(before.length + 1);
	expect(after.at(-1)).toMatchObject({ accepted: false, level: row['level'] });
	expect(after.at(-1)?.['refusal']).toContain(words);
	const rows = await tableRows(world.client(), 'ad_waiting_plans', { planId: String(row['planId']) });
	expect(rows.at(-1)).toMatchObject({ status: 'waiting', answeredBy: '' });
}
const token = (...args: Parameters<DeskWorld['token']>) => ({ token: world.token(...args) });
const seconds = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
	world = await startDeskWorld();
	browser = await openBrowser();
	// n8n looks once a minute whose time is up, so this one waits while the others are tested.
	tooLate = await ask({ settings: { answerWithinHours: 0.005 } });
});

afterAll(async () => {
	await browser?.close();
	await world?.stop();
});

describe('a waiting run', () => {
	test('believes nothing but a token of the desk, for this plan and level, and of this minute', async () => {
		const { approver } = world.users;
		const row = await (await ask()).row();
		const none = 'There is no valid token';
		await refused(row, {}, none);
		await refused(row, { decision: 'approve', approver: approver.email }, none);
		await refused(row, { token: ['x'] }, none);
		await refused(row, {}, none, { 'x-approval-secret': 'secret', authorization: 'Basic eDp5' });
		await refused(row, token(row, approver, {}, 'another secret of at least 32 letters'), none);
		const [, claims = ''] = world.token(row, approver).split('.');
		const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
		await refused(row, { token: `${unsigned}.${claims}.` }, none);
		await refused(row, token(row, approver, { iat: seconds() - 90, exp: seconds() - 30 }), 'jwt expired');
		await refused(row, token(row, approver, { exp: seconds() + 600 }), 'longer than 60 seconds');
		await refused(row, token(row, approver, { iat: seconds() + 900, exp: seconds() + 960 }), 'longer than 60 seconds');
		await refused(row, token(row, approver, { level: 'reviewer' }), 'another level');
		await refused(row, token(row, approver, { planId: 'plan-of-another' }), 'another plan');
		await refused(row, token(row, approver, { decision: 'maybe' }), 'neither approve nor decline');
		const again = token(row, approver, { decision: 'perhaps' });
		await refused(row, again, 'neither approve nor decline');
		await refused(row, again, 'given before');
	});

	test('takes an answer only from those who may give it', async () => {
		const { approver, reviewer, outsider } = world.users;
		const owner = 'Anna Approver <approver@corp.example.com>';
		const [own, requested, other] = await Promise.all([
			ask({ settings: { approvers: 'x@corp.example.com, Approver@Corp.Example.com', owner } }),
			ask({ requester: `'${reviewer.email}'`, settings: { approvers: `${reviewer.email}, ${approver.email}` } }),
			ask(),
		]);
		await refused(await own.row(), token(await own.row(), approver), 'You are the owner');
		await refused(await requested.row(), token(await requested.row(), reviewer), 'You have asked for this plan');
		const row = await other.row();
		await refused(row, token(row, outsider), 'You are not an approver');
		await refused(row, token(row, outsider, { approver: '' }), 'does not say who');
		await refused(row, token(row, approver, { approverId: '' }), 'does not say who');
	});

	test('is not asked where nobody could answer it', async () => {
		const { approver } = world.users;
		const [ownerless, own, unnamed] = await Promise.all([
			ask({ settings: { owner: '' } }),
			ask({ settings: { owner: approver.email } }),
			ask({ settings: { approvers: 'Anna Approver' } }),
		]);
		expect((await ownerless.end()).error).toContain('no owner');
		expect((await own.end()).error).toContain('nobody who may answer but its owner');
		expect((await unnamed.end()).error).toContain('nobody who may answer');
	});

	test('takes no answer after its deadline, though n8n may still listen', async () => {
		const asked = await ask({ settings: { answerWithinHours: 0.002 } });
		const row = await asked.row();
		await new Promise((resolve) => setTimeout(resolve, Date.parse(String(row['deadline'])) - Date.now() + 200));
		const reply = await world.post(row, token(row, world.users.approver));
		expect(reply.body).not.toMatchObject({ accepted: true });
		const end = await asked.end();
		expect(end.out('Approved')).toEqual([]);
		expect(end.out('Timed Out')[0]).toHaveLength(1);
	});

	test.each(['digestHtml', 'digestCss', 'changes', 'firstAnswer'])(
		'takes an approval of what it asked alone: not where somebody has edited %s in the table',
		async (column) => {
			const { approver } = world.users;
			const asked = await ask();
			const row = await asked.row();
			const edited = { ...row, [column]: `${String(row[column])} ` };
			await refused(row, token(edited, approver), 'not what this plan says');
			await refused(row, token(row, approver, { shown: '' }), 'not what this plan says');
			const no = token(edited, approver, { decision: 'decline', comment: 'What is this?' });
			expect(await world.post(row, no)).toMatchObject({ status: 200 });
			expect((await asked.end()).out('Declined')[0]).toHaveLength(1);
		},
	);

	test('is answered by one of two who answer at the same moment', async () => {
		const { approver, reviewer } = world.users;
		const asked = await ask({ settings: { approvers: `${approver.email} ${reviewer.email}` } });
		const row = await asked.row();
		// From here on it sleeps.
		await refused(row, {}, 'There is no valid token');
		const answers = [token(row, approver), token(row, reviewer, { decision: 'decline', comment: 'No.' })];
		await Promise.all(answers.map(async (body) => await world.post(row, body)));
		const end = await asked.end();
		const taken = (await world.answers(asked.planId)).filter(({ accepted }) => accepted);
		expect(taken).toHaveLength(1);
		const approved = taken[0]?.['decision'] === 'approve';
		expect(end.out('Approved')).toHaveLength(approved ? 1 : 0);
		expect(end.out('Declined')).toHaveLength(approved ? 0 : 1);
	});

	test('takes no left-out changes but those of its plan, and no plan over its limit without the tick', async () => {
		const { approver } = world.users;
		const asked = await ask({ plan: planWith(overLimit) });
		const row = await asked.row();
		const ids = (JSON.parse(String(row['changes'])) as string[]).map((label) => label.split(': ')[0] ?? '');
		await refused(row, token(row, approver, { leftOut: ['change-of-another'] }), 'not in this plan');
		await refused(row, token(row, approver, { leftOut: 'all' as never }), 'no list of changes');
		await refused(row, token(row, approver, { leftOut: ids, overLimit: true }), 'Nothing of the plan would be left');
		await refused(row, token(row, approver), 'over its limit');
		await refused(row, token(row, approver, { overLimit: true, comment: 'x'.repeat(2001) }), 'longer than 2000');
		const body = token(row, approver, { overLimit: true, leftOut: [ids[1] ?? ''] });
		expect(await world.post(row, body)).toEqual({ status: 200, body: { accepted: true, decision: 'approved' } });
		const [[item] = []] = (await asked.end()).out('Approved');
		expect(item?.json).toMatchObject({
			...{ decision: 'approved', planId: asked.planId, level: 'approver', leftOut: [ids[1]], approvedOverLimit: HASH },
			approver: { id: approver.id, email: approver.email, name: 'Anna Approver' },
		});
		expect((await postOnce(String(row['resumeUrl']), token(row, approver))).status).toBe(409);
	});

	test('asks two people at two levels, whatever the case of their addresses', async () => {
		const { approver, reviewer } = world.users;
		const approvers = `${reviewer.email.toUpperCase()} ${approver.email}`;
		const asked = await ask({ levels: ['reviewer', 'approver'], settings: { approvers } });
		const first = await asked.row('reviewer');
		const [id = ''] = (JSON.parse(String(first['changes'])) as string[]).map((label) => label.split(': ')[0] ?? '');
		await refused(first, token(first, approver), 'You are not an approver');
		expect(await world.post(first, token(first, reviewer, { leftOut: [id] }))).toMatchObject({ status: 200 });
		const second = await asked.row('approver');
		await refused(second, token(second, reviewer), 'answered the first level');
		const changed = { approverId: 'x', approver: 'REVIEWER@corp.example.com' };
		await refused(second, token(second, reviewer, changed), 'answered the first level');
		const late = { ...second, level: 'reviewer' };
		await refused(second, token(late, reviewer), 'another level');
		expect(await world.post(second, token(second, approver))).toMatchObject({ status: 200 });
		const [[item] = []] = (await asked.end()).out('Approved');
		expect(item?.json).toMatchObject({ decision: 'approved', level: 'approver', leftOut: [id] });
	});
});

test('whoever is to be asked when nobody answers may answer from then on', async () => {
	const { reviewer } = world.users;
	const later = { escalateTo: reviewer.email, remindAfterHours: 0, escalateAfterHours: 0 };
	const asked = await ask({ settings: later });
	const row = await asked.row();
	expect(row).toMatchObject({ reminded: false, escalated: false });
	const run = await world.client().runWorkflow(WORKFLOW.remind, 'Start by Hand');
	expect((await world.client().untilStatus(run, ['success', 'error'], 60_000)).error).toBeUndefined();
	expect(await asked.row()).toMatchObject({ reminded: true, escalated: true, status: 'waiting' });
	expect(await world.post(row, token(row, reviewer))).toMatchObject({ status: 200 });
	expect((await asked.end()).out('Approved')[0]).toHaveLength(1);
});

describe('the desk', () => {
	const address = (plan = '') => `${world.n8n.url}/form/ad-approval-desk${plan === '' ? '' : `?Plan=${plan}`}`;
	const windows = new Map<string, Promise<Page>>();
	const windowFor = async (name: 'approver' | 'reviewer' | 'outsider') => {
		const page = await (windows.get(name) ?? windowOf(browser, world.n8n.url, world.users[name]));
		if (!windows.has(name)) {
			page.setDefaultTimeout(60_000);
			// n8n's forms ask for a font from outside; a page is not there before it has come, or failed to.
			await page.context().route(/^https:/, async (route) => await route.abort());
		}
		windows.set(name, Promise.resolve(page));
		return page;
	};
	/** @returns the page after the first one */
	const open = async (name: 'approver' | 'reviewer' | 'outsider', plan = '') => {
		const page = await windowFor(name);
		await openForm(page, address(plan), 'Open the Desk');
		if (plan !== '') expect(await page.getByLabel('Plan').inputValue()).toBe(plan);
		await page.getByRole('button', { name: 'Open the Desk' }).click();
		return page;
	};
	const choose = async (page: Page, label: string | RegExp) => await page.getByLabel(label).first().check();
	const send = async (page: Page) => await page.getByRole('button', { name: 'Send the Answer' }).click();

	test('lists what waits for its user, shows the plan, and takes an approval that leaves a change out', async () => {
		const [asked, other] = await Promise.all([ask(), ask()]);
		await Promise.all([asked.row(), other.row()]);
		const page = await open('approver');
		const list = await seePage(page, 'Plans that wait for you');
		expect(list).toContain(`${asked.planId} / approver`);
		expect(list).toContain(`${other.planId} / approver`);
		await picture(page, 'desk-list');
		await choose(page, new RegExp(`^${asked.planId} / approver: `));
		await page.getByRole('button', { name: 'Show the Plan' }).click();
		const text = await seePage(page, 'Answer a plan');
		// In the page's order: what is of high risk stands first.
		expect(text.slice(text.indexOf('Leave out'))).toMatch(/Leonhard Euler.*Carl Gau.*Mary Somerville.*Ada Lovelace/s);
		await page.setViewportSize({ width: 1000, height: 2600 });
		await picture(page, 'desk-plan');
		await choose(page, 'Approve');
		await choose(page, /Mary Somerville/);
		await page.getByLabel(/^Comment/).fill('Mary stays where she is.');
		await send(page);
		expect(await seePage(page, 'Thank you')).toContain('left out 1 change');
		await page.setViewportSize({ width: 1000, height: 700 });
		await picture(page, 'desk-thanks');
		const [[item] = []] = (await asked.end()).out('Approved');
		expect(item?.json).toMatchObject({
			...{ comment: 'Mary stays where she is.', leftOut: [expect.stringMatching(/^change-/)] },
			approver: { id: world.users.approver.id, email: world.users.approver.email, name: 'Anna Approver' },
		});
		await open('approver', asked.planId);
		expect(await seePage(page, 'This plan is answered already')).toContain('approver@corp.example.com');
		await picture(page, 'desk-answered');
	});

	test('lists all changes of a large plan, and takes lines of that list to leave out', async () => {
		const [joiner] = everyKind();
		if (!joiner) throw new Error('There is no joiner.');
		const many = Array.from({ length: 201 }, (_, at) => ({
			...joiner,
			key: `E${3001 + at}`,
			displayName: `Hire ${at + 1}`,
		}));
		const asked = await ask({ plan: planWith({}, many) });
		await asked.row();
		const page = await open('approver', asked.planId);
		expect(await seePage(page, 'Answer a plan')).toContain('All 201 changes');
		const lines = await Promise.all(
			['Hire 7 (', 'Hire 201 ('].map(async (hasText) => await page.locator('li', { hasText }).innerText()),
		);
		await choose(page, 'Approve');
		await page.getByLabel(/^Leave out/).fill('Hire 9');
		await send(page);
		await page.getByText('This plan has no change “Hire” to leave out.').waitFor();
		await page.getByLabel(/^Leave out/).fill(`${lines[0] ?? ''}\n201. ${lines[1] ?? ''}`);
		await picture(page, 'desk-large');
		await send(page);
		expect(await seePage(page, 'Thank you')).toContain('left out 2 changes');
		const [[item] = []] = (await asked.end()).out('Approved');
		const left = (number: number) => `${asked.planId.replace('plan', 'change')}-${number}`;
		expect(item?.json['leftOut']).toEqual([left(7), left(201)]);
	});

	test('shows hostile text as text, and a plan is declined with a reason', async () => {
		const plan = planWith({}, hostilePlan(HOSTILE).changes);
		const asked = await ask({ plan });
		await asked.row();
		const page = await open('approver', asked.planId);
		const text = await seePage(page, 'Answer a plan');
		expect(text).toContain("{{ $env.N8N_ENCRYPTION_KEY }} $& $'");
		expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
		await page.setViewportSize({ width: 1000, height: 2600 });
		await picture(page, 'desk-hostile');
		await page.setViewportSize({ width: 400, height: 900 });
		await seePage(page, 'Answer a plan');
		await page.setViewportSize({ width: 1000, height: 1000 });
		await choose(page, 'Decline');
		await send(page);
		await page.getByText('Say in the comment why you decline.').waitFor();
		await page.getByLabel(/^Comment/).fill(HOSTILE);
		await send(page);
		await seePage(page, 'Thank you');
		const [[item] = []] = (await asked.end()).out('Declined');
		expect(item?.json).toMatchObject({ decision: 'declined', comment: HOSTILE });
		await open('approver', asked.planId);
		expect(await seePage(page, 'This plan is answered already')).toContain('was declined by');
	});

	test('wants a tick for a plan over its limit, and shows the second level what the first said', async () => {
		const asked = await ask({ plan: planWith(overLimit), levels: ['reviewer', 'approver'] });
		await asked.row('reviewer');
		const reviewer = await open('reviewer', asked.planId);
		await seePage(reviewer, 'Answer a plan');
		await choose(reviewer, 'Approve');
		await send(reviewer);
		await reviewer.getByText('Tick the sentence below').waitFor();
		await choose(reviewer, /^I have seen that this plan is over its limit/);
		await choose(reviewer, /Carl Gauß/);
		await reviewer.getByLabel(/^Comment/).fill('Carl stays until May.');
		await send(reviewer);
		await seePage(reviewer, 'Thank you');
		await asked.row('approver');
		const page = await open('approver', asked.planId);
		const text = await seePage(page, 'Answer a plan');
		expect(text).toContain('approved by reviewer@corp.example.com');
		expect(text).toContain('Carl stays until May.');
		expect(await page.getByLabel(/Carl Gauß/).count()).toBe(0);
		await page.setViewportSize({ width: 1000, height: 2600 });
		await picture(page, 'desk-second-level');
		await choose(page, 'Approve');
		await choose(page, /^I have seen that this plan is over its limit/);
		await send(page);
		await seePage(page, 'Thank you');
		const [[item] = []] = (await asked.end()).out('Approved');
		expect(item?.json).toMatchObject({ approvedOverLimit: HASH, leftOut: [expect.stringMatching(/^change-/)] });
	});

	test('turns away whoever is on no list, and whoever asks for a plan that is not there', async () => {
		const asked = await ask();
		await asked.row();
		const outsider = await open('outsider');
		expect(await seePage(outsider, 'You are not an approver')).toContain('owner@corp.example.com');
		await picture(outsider, 'desk-stranger');
		await open('outsider', asked.planId);
		await seePage(outsider, 'You are not an approver');
		const reviewer = await open('reviewer', asked.planId);
		await seePage(reviewer, 'You are not an approver of this plan');
		await open('reviewer', 'plan-of-nobody');
		await seePage(reviewer, 'There is no such plan');
		const declined = await (await ask({ settings: { approvers: world.users.outsider.email } })).row();
		const answer = token(declined, world.users.outsider, { decision: 'decline', comment: 'No.' });
		expect(await world.post(declined, answer)).toMatchObject({ status: 200 });
		await open('outsider');
		await seePage(outsider, 'Nothing is waiting for you');
	});

	test('shows the refusal where the owner answers', async () => {
		const lists = { owner: 'approver@corp.example.com', approvers: 'approver@corp.example.com, x@corp.example.com' };
		const asked = await ask({ settings: lists });
		await asked.row();
		const page = await open('approver', asked.planId);
		await seePage(page, 'Answer a plan');
		await choose(page, 'Approve');
		await send(page);
		expect(await seePage(page, 'Your answer was not taken')).toContain('You are the owner of this plan');
		await picture(page, 'desk-refused');
		expect((await world.answers(asked.planId)).at(-1)).toMatchObject({ accepted: false });
	});

	test('says that a plan has expired, and the run goes the way of the time-out', async () => {
		const end = await tooLate.end();
		expect(end.out('Timed Out')[0]?.[0]?.json).toMatchObject({ decision: 'timed out', planId: tooLate.planId });
		expect(end.out('Approved')).toEqual([]);
		expect(await world.answers(tooLate.planId)).toMatchObject([{ accepted: false, decision: 'timed out' }]);
		const page = await open('approver', tooLate.planId);
		expect(await seePage(page, 'This plan has expired')).toContain('Nothing of it is done');
		await picture(page, 'desk-expired');
	});
});

test('a run that is killed while it turns a bad answer away asks again, and takes the good one', async () => {
	const { approver, outsider } = world.users;
	const asked = await ask();
	const row = await asked.row();
	await refused(row, token(row, outsider), 'You are not an approver');
	expect((await world.post(row, token(row, outsider))).status).toBe(403);
	const other = await ask();
	const yes = await other.row();
	expect(await world.post(yes, token(yes, approver))).toMatchObject({ status: 200 });
	await world.killAndStart();
	const reply = await waitFor(
		async () => {
			const now = await asked.row();
			const given = await postOnce(String(now['resumeUrl']), token(now, approver));
			return given.status === 200 ? given : undefined;
		},
		'An answer that is taken',
		150_000,
		2000,
	);
	expect(reply.body).toEqual({ accepted: true, decision: 'approved' });
	expect((await asked.end()).out('Approved')[0]?.[0]?.json).toMatchObject({ decision: 'approved' });
	// Killed in the moment after a yes: it counts, or the flow says that it failed, or it asks again. It is never just gone.
	const became = await waitFor(
		async () => {
			const { status, error, out } = await world.client().execution(other.run);
			if (error !== undefined) return 'failed';
			if (status === 'success') return out('Approved').flat().length === 1 ? 'approved' : 'gone';
			const [row] = await tableRows(world.client(), 'ad_waiting_plans', { planId: other.planId, status: 'waiting' });
			return row ? 'asked again' : undefined;
		},
		'An end of the other plan',
		150_000,
		2000,
	);
	expect(['approved', 'failed', 'asked again']).toContain(became);
});
