/**
 * `npm start`: the whole job on real parts, up to the approval desk, where the person at the terminal answers in a browser. With `--once`
 * the demo answers by itself, with a token signed as the desk signs it, checks the directory, and ends with 0 only when everything is as
 * planned.
 */
import { answerPlan, shownIn } from './desk.ts';
import type { Execution, StoredItem } from './n8n/client.ts';
import type { User } from './n8n/users.ts';
import { say } from './setup/progress.mjs';
import {
	deskAddress,
	untilAnswered,
	untilEnd,
	untilQuestion,
	waitingPlans,
	type Reached,
	type WaitingPlan,
} from './waitingPlans.ts';
import { startWorld, type World } from './world.ts';

const TRIGGER = 'Start by Hand';
const PLAN = 'Create Plan';
const APPLY = 'Apply the Plan';
/** How long the template itself waits for an answer, and a day more. */
const APPROVAL_MS = 4 * 24 * 3_600_000;

type Planned = { readonly key: string; readonly displayName: string; readonly account: string };

/** @returns the exit code */
export async function demo(project: string, args: readonly string[]): Promise<number> {
	const unknown = args.filter((arg) => arg !== '--once');
	if (unknown.length > 0)
		throw new Error(`npm start does not know ${unknown.join(' ')}. Use it alone, or as: npm start -- --once`);
	const once = args.includes('--once');
	const interrupted = interruption();
	let world: World | undefined;
	try {
		const started = startWorld(project);
		world = await Promise.race([started, interrupted.promise]);
		if (!world) {
			// Ctrl-C while it was starting: what is up by now must go down again.
			world = await started.catch(() => undefined);
			return 130;
		}
		return await Promise.race([play(world, once), interrupted.promise.then(() => 130)]);
	} finally {
		if (world) {
			say('stopping n8n, the simulator and the directory ...');
			await world.stop();
		}
		interrupted.done();
	}
}

async function play(world: World, once: boolean): Promise<number> {
	const { execution, waiting } = await untilDesk(world);
	const planned = joiners(execution);
	printLeftOver(problems(execution), () => 'not planned');
	if (!waiting || planned.length === 0) {
		console.log('\nEverybody with a key has an account already: nobody is to be created.');
		return 0;
	}
	printInvitation(world, planned, waiting);
	if (once) await answerByToken(world, waiting);
	else say('waiting for the answer at the approval desk; Ctrl-C stops everything');
	const { status, answeredBy } = await untilAnswered(world.client, waiting, once ? 60_000 : APPROVAL_MS);
	if (answeredBy) say(`${status} by ${printable(String(answeredBy))}; the flow goes on`);
	const finished = await untilEnd(world.client, execution.id, once ? 300_000 : APPROVAL_MS);
	const asPlanned = await report(world, finished, planned, waiting);
	if (once) return asPlanned && problems(execution).length === 0 ? 0 : 1;
	console.log('\nThe editor stays open. Press Ctrl-C to stop everything.');
	return await new Promise<number>(() => undefined);
}

async function untilDesk({ client, template }: World): Promise<Reached> {
	say('running the onboarding template to the approval desk');
	const id = await client.runWorkflow(template.id, TRIGGER);
	const reached = await untilQuestion(client, id);
	const { execution } = reached;
	if (!reached.waiting && execution.status !== 'success')
		throw new Error(`The template did not reach the approval desk: ${execution.error ?? execution.status}`);
	const plan = execution.out(PLAN)[0]?.[0]?.json as { readonly feed?: { readonly rejected?: number } } | undefined;
	say(
		`${joiners(execution).length} people are to be created, ${plan?.feed?.rejected ?? 0} were rejected by the mapping`,
	);
	return reached;
}

type CreateStep = { readonly do: string; readonly attributes?: Readonly<Record<string, readonly string[]>> };

/** Who is new in the plan. */
function joiners(execution: Execution): Planned[] {
	return (execution.out(PLAN)[1] ?? [])
		.filter(({ json }) => json['lifecycle'] === 'joiner')
		.map(({ json }) => {
			const create = (json['steps'] as readonly CreateStep[]).find((step) => step.do === 'create');
			return {
				key: String(json['key']),
				displayName: String(json['displayName']),
				account: create?.attributes?.['sAMAccountName']?.[0] ?? '',
			};
		});
}

/** Whom the plan leaves to a person to look at. */
function problems(execution: Execution): StoredItem[] {
	return (execution.out(PLAN)[2] ?? []).filter(({ json }) => typeof json['kind'] === 'string');
}

function printInvitation(
	{ directory, n8n, users, jumpCloud, template }: World,
	planned: readonly Planned[],
	{ planId }: WaitingPlan,
): void {
	console.log(`\nWho will be created in ${directory.peopleOu} (${planned.length} people):`);
	for (const person of planned.slice(0, 15))
		console.log(`  ${person.key.padEnd(10)} ${person.account.padEnd(22)} ${printable(person.displayName)}`);
	if (planned.length > 15) console.log(`  ... and ${planned.length - 15} more, all listed at the desk`);
	console.log(`\n  Approval desk  ${deskAddress(n8n.url, planId)}`);
	console.log('                 log in as the approver; the others are there to be refused');
	for (const [role, user] of Object.entries<User>(users))
		console.log(`  ${role.padEnd(13)}  ${user.email.padEnd(28)} ${user.password}`);
	console.log(`  Editor         ${n8n.url}/workflow/${template.id}   log in as the owner`);
	console.log(`  Directory      ${directory.title}`);
	console.log(`  JumpCloud      ${jumpCloud.url} (simulator)\n`);
}

/** What the approver does at the desk, without a browser. */
async function answerByToken({ users: { approver }, jwtSecret }: World, waiting: WaitingPlan): Promise<void> {
	say(`approving as ${approver.email}`);
	const { status, body } = await answerPlan(waiting.resumeUrl, jwtSecret, {
		...{ planId: waiting.planId, level: waiting.level, decision: 'approve', leftOut: [], overLimit: false },
		...{ approverId: approver.id, approver: approver.email },
		approverName: `${approver.firstName} ${approver.lastName}`,
		comment: 'Answered by npm start -- --once',
		shown: shownIn(waiting),
	});
	if (status !== 200) throw new Error(`The waiting run did not take the approval: ${status} ${JSON.stringify(body)}`);
}

/** Prints what was created and what the directory says; true when both are what was planned. */
async function report(
	world: World,
	execution: Execution,
	planned: readonly Planned[],
	{ planId }: WaitingPlan,
): Promise<boolean> {
	if (execution.status !== 'success') {
		console.log(`\nThe run ended as "${execution.status}": ${execution.error ?? 'n8n gave no reason'}`);
		return false;
	}
	const [done = [], failed = [], heldBack = []] = execution.out(APPLY);
	const answer = (await waitingPlans(world.client, { planId })).at(-1);
	if (done.length + failed.length + heldBack.length === 0) {
		console.log(`\nThe plan was ${answer?.status ?? 'not approved'}: nobody was created.`);
		return false;
	}
	// Partial: who has an account, though not with everything.
	printLeftOver(failed, ({ json }) => String(json['status']));
	printLeftOver(heldBack, () => 'held back');
	const left = new Set([...failed, ...heldBack].map(({ json }) => String(json['key'])));
	const wrong = await notAsPlanned(world, planned);
	console.log(
		`\nSummary: ${done.length} of ${planned.length} people have their account with all that was planned; ${failed.length} not, ${heldBack.length} held back.`,
	);
	for (const { key, fault } of wrong)
		console.log(`  NOT AS PLANNED: ${printable(fault)}${left.has(key) ? ' (see above)' : ''}`);
	return wrong.length === 0 && failed.length === 0;
}

function printLeftOver(items: readonly StoredItem[], what: (item: StoredItem) => string): void {
	for (const item of items)
		console.log(
			`  ${what(item)}: ${printable(`${String(item.json['displayName'])}: ${String(item.json['message'])}`)}`,
		);
}

/** Reads the directory back, prints some of it, and says where it is not what was planned. */
async function notAsPlanned(
	{ directory }: World,
	planned: readonly Planned[],
): Promise<{ readonly key: string; readonly fault: string }[]> {
	const found = new Map((await directory.readPeople()).map((person) => [person.employeeId, person]));
	const enabled = [...found.values()].filter((person) => person.enabled).length;
	console.log(`\nRead back from the directory: ${found.size} accounts, ${enabled} of them enabled.`);
	for (const person of [...found.values()].slice(0, 10)) {
		console.log(
			`  ${person.employeeId.padEnd(10)} ${person.sAMAccountName.padEnd(22)} ${printable(person.displayName)}`,
		);
	}
	if (found.size > 10) console.log(`  ... and ${found.size - 10} more`);
	return planned.flatMap(({ key, displayName }) => {
		const account = found.get(key);
		if (!account) return [{ key, fault: `${key} ${displayName}: not in the directory` }];
		if (!account.enabled) return [{ key, fault: `${key} ${displayName}: ${account.dn} is disabled` }];
		if (account.displayName !== displayName)
			return [{ key, fault: `${key}: the directory says "${account.displayName}", planned was "${displayName}"` }];
		return [];
	});
}

/** Names come from an HR system: no control character of theirs may reach the terminal. */
function printable(text: string): string {
	return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** Ctrl-C or SIGTERM, as a promise of undefined. A second Ctrl-C does not cut the orderly stop short. */
function interruption(): { readonly promise: Promise<undefined>; readonly done: () => void } {
	let interrupt: () => void = () => undefined;
	const promise = new Promise<undefined>((resolve) => {
		interrupt = () => resolve(undefined);
	});
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, interrupt);
	return { promise, done: () => signals.forEach((signal) => process.off(signal, interrupt)) };
}
