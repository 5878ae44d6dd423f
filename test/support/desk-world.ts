/** An n8n with the approval desk in it and nothing else: plans are made up, and nothing is applied. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimsOf, postToRun, shownIn, signToken, type Claims, type Reply } from '../../demo/desk.ts';
import { n8nClient, type Execution, type N8nClient } from '../../demo/n8n/client.ts';
import { ensureN8n } from '../../demo/n8n/install.ts';
import { addCredential, addWorkflow, publish } from '../../demo/n8n/publish.ts';
import { n8nServer, type N8nServer } from '../../demo/n8n/server.ts';
import { tableRows, type Row } from '../../demo/n8n/tables.ts';
import { inventPassword, inviteMembers, type User } from '../../demo/n8n/users.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { askDesk } from '../../templates/source/askDesk.ts';
import { askDesk as askBlock, edit, failures, hold, type Failing } from '../../templates/source/blocks.ts';
import { desk } from '../../templates/source/desk.ts';
import { failedRuns } from '../../templates/source/failedRuns.ts';
import { workflow, type Template } from '../../templates/source/flow.ts';
import { remind } from '../../templates/source/remind.ts';

const SECRET = 'the secret of a test, and of nothing else';
const DOMAIN = 'corp.example.com';

export type Asked = {
	readonly run: string;
	readonly planId: string;
	/** The row of a level, once it waits. */
	readonly row: (level?: string) => Promise<Row>;
	readonly end: () => Promise<Execution>;
};
export type Question = {
	/** As Create Plan puts it out. */
	readonly plan: object & { readonly id: string };
	readonly settings?: Readonly<Record<string, unknown>>;
	readonly levels?: ReadonlyArray<'reviewer' | 'approver'>;
	/** Expression: whoever has asked for it in a form. */
	readonly requester?: string;
};
export type DeskWorld = {
	readonly n8n: N8nServer;
	readonly client: () => N8nClient;
	readonly users: Readonly<Record<'approver' | 'reviewer' | 'outsider', User>>;
	/** Starts a flow that puts a plan to the desk. */
	readonly ask: (question: Question) => Promise<Asked>;
	readonly answers: (planId: string) => Promise<Row[]>;
	/** What the desk would say for this user, or something else. */
	readonly token: (row: Row, by: User, changes?: Partial<Claims> & Record<string, unknown>, secret?: string) => string;
	readonly post: (row: Row, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
	/** kill -9, and started again. */
	readonly killAndStart: () => Promise<void>;
	readonly stop: () => Promise<void>;
};

const asker = (id: string, { plan, settings, levels = ['approver'], requester }: Question): Template =>
	workflow({ id, name: 'Reconcile People Every Night', description: '' }, (flow) => {
		flow.add(
			{ name: 'Start', type: 'manualTrigger', version: 1, at: [0, 0] },
			edit('Settings', [1, 0], Object.entries({ ...DEFAULTS, ...settings })),
			{
				...{ name: 'Create Plan', type: 'set', version: 3.4, at: [2, 0] },
				parameters: { mode: 'raw', jsonOutput: JSON.stringify(plan), options: {} },
			},
			hold('Approved', [20, 0]),
			hold('Declined', [20, 1]),
			hold('Timed Out', [20, 2]),
		);
		let last: ReturnType<typeof askBlock> | undefined;
		const failing: Failing[] = [];
		for (const [index, level] of levels.entries()) {
			const plan = `Plan for ${level}`;
			flow.add({
				...{ name: plan, type: 'set', version: 3.4, at: [3 + index * 5, 0] },
				parameters: { mode: 'raw', jsonOutput: "={{ $('Create Plan').first().json }}", options: {} },
			});
			const asked = askBlock(flow, [3 + index * 5, 0], {
				...{ level, label: level, plan, planIsThere: true },
				...(last === undefined ? {} : { first: last.ask }),
				...(requester === undefined ? {} : { requester: [requester, "''"] as const }),
			});
			if (last === undefined) flow.link('Start', 'Settings', 'Create Plan', plan);
			else flow.link(last.approved, plan);
			flow.link(asked.declined, 'Declined');
			flow.link(asked.timedOut, 'Timed Out');
			failing.push(...asked.failing);
			last = asked;
		}
		if (last) flow.link(last.approved, 'Approved');
		failures(flow, [20, 3], failing);
	});
const DEFAULTS = {
	...{ approvers: `approver@${DOMAIN}`, reviewers: `reviewer@${DOMAIN}`, owner: `owner@${DOMAIN}`, escalateTo: '' },
	...{ answerWithinHours: 1, remindAfterHours: 24, escalateAfterHours: 48 },
};

export async function startDeskWorld(): Promise<DeskWorld> {
	const folder = await mkdtemp(path.join(tmpdir(), 'desk-'));
	const owner = { email: `owner@${DOMAIN}`, password: inventPassword(), firstName: 'Olga', lastName: 'Owner' };
	const n8n = await n8nServer(await ensureN8n(), { host: '127.0.0.1', userFolder: folder, owner });
	await n8n.start();
	let client = await n8nClient(n8n.url, owner);
	const credential = await addCredential(client, {
		...{ name: 'Approval Desk', type: 'jwtAuth' },
		data: { keyType: 'passphrase', secret: SECRET, algorithm: 'HS256' },
	});
	const withCredential = (template: Template) => ({
		...template,
		nodes: template.nodes.map((node) =>
			node.type.endsWith('.jwt') ? { ...node, credentials: { jwtAuth: credential } } : node,
		),
	});
	for (const template of [failedRuns, askDesk, desk, remind])
		await publish(client, await addWorkflow(client, withCredential(template)));
	const [approver, reviewer, outsider] = await inviteMembers(n8n.url, client, [
		{ email: `approver@${DOMAIN}`, firstName: 'Anna', lastName: 'Approver' },
		{ email: `reviewer@${DOMAIN}`, firstName: 'Rita', lastName: 'Reviewer' },
		{ email: `outsider@${DOMAIN}`, firstName: 'Otto', lastName: 'Outsider' },
	]);
	if (!approver || !reviewer || !outsider) throw new Error('n8n did not invite three people.');
	let count = 0;
	const rowOf = (planId: string, level: string) =>
		waitFor(
			async () => (await tableRows(client, 'ad_waiting_plans', { planId, level, status: 'waiting' })).at(-1),
			`The question of ${planId} at the level ${level}`,
			60_000,
		);
	return {
		...{ n8n, client: () => client, users: { approver, reviewer, outsider } },
		ask: async (question) => {
			count += 1;
			const { plan, levels = ['approver'] } = question;
			const id = await addWorkflow(client, asker(`asker${String(count).padStart(11, '0')}`, question));
			const run = await client.runWorkflow(id, 'Start');
			return {
				...{ run, planId: plan.id },
				row: async (level = levels[0]) => await rowOf(plan.id, level ?? ''),
				end: async () => await client.untilStatus(run, ['success', 'error', 'crashed'], 150_000),
			};
		},
		answers: async (planId) => await tableRows(client, 'ad_plan_answers', { planId }),
		token: (row, by, changes = {}, secret = SECRET) =>
			signToken(secret, {
				...claimsOf({
					shown: shownIn(row),
					...{
						planId: String(row['planId']),
						level: String(row['level']),
						decision: 'approve',
						leftOut: [],
						overLimit: false,
					},
					...{ comment: '', approverId: by.id, approver: by.email, approverName: `${by.firstName} ${by.lastName}` },
				}),
				...changes,
			}),
		post: async ({ resumeUrl }, body, headers) => await postToRun(String(resumeUrl), body, headers),
		killAndStart: async () => {
			await n8n.kill();
			await n8n.start();
			client = await n8nClient(n8n.url, owner);
		},
		stop: async () => {
			await n8n.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
