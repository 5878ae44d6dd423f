/**
 * `npm start`: the whole job on real parts, up to the approval; the person at the terminal answers it in a browser. With `--once` the
 * demo answers by itself, checks the directory, and ends with 0 only when everything is as planned.
 */
import { answerForm, n8nClient, type Execution, type N8nClient } from './n8n/client.ts';
import { say } from './setup/progress.mjs';
import { startWorld, type World } from './world.ts';

const TRIGGER = 'Start by Hand';
const WAIT = 'Ask for Approval';
const LOOK_UP = 'Look Up in Active Directory';
const CREATE = 'Create Accounts';
const MAP = 'Map to Accounts';
const YES = 'Create these people';
/** How long the template itself waits for an answer. */
const APPROVAL_MS = 3 * 24 * 3_600_000;

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
	const client = await n8nClient(world.n8n.url, world.owner);
	const { execution, planned } = await untilApproval(world, client);
	if (planned.length === 0) {
		console.log('\nEverybody with a key has an account already: nobody is to be created.');
		return 0;
	}
	const formUrl = execution.formUrl(WAIT);
	if (!formUrl) throw new Error(`n8n gave no address for the form of "${WAIT}".`);
	printInvitation(world, planned, formUrl);
	if (once) {
		say(`answering the form with "${YES}"`);
		await answerForm(formUrl, { Decision: YES, Comment: 'Answered by npm start -- --once' });
	}
	const finished = await client.untilStatus(
		execution.id,
		['success', 'error', 'crashed', 'canceled'],
		once ? 300_000 : APPROVAL_MS,
	);
	const asPlanned = await report(world, finished, planned, once);
	if (once) return asPlanned ? 0 : 1;
	console.log('\nThe editor stays open. Press Ctrl-C to stop everything.');
	return await new Promise<number>(() => undefined);
}

async function untilApproval(world: World, client: N8nClient): Promise<{ execution: Execution; planned: Planned[] }> {
	say('running the onboarding template to its approval');
	const id = await client.runWorkflow(world.template.id, TRIGGER);
	const execution = await client.untilStatus(id, ['waiting', 'success', 'error', 'crashed'], 180_000);
	if (execution.status !== 'waiting' && execution.status !== 'success') {
		throw new Error(`The template did not reach its approval: ${execution.error ?? execution.status}`);
	}
	const planned = (execution.out(LOOK_UP)[1] ?? []).map(({ json }) => ({
		key: String(json['key']),
		displayName: String(json['displayName']),
		account: String((json['names'] as Record<string, { candidates: string[] }>)['sAMAccountName']?.candidates[0] ?? ''),
	}));
	const rejected = execution.out(MAP)[1] ?? [];
	say(`${planned.length} people are to be created, ${rejected.length} were rejected by the mapping`);
	return { execution, planned };
}

function printInvitation(world: World, planned: readonly Planned[], formUrl: string): void {
	console.log(`\nWho will be created in ${world.directory.peopleOu} (${planned.length} people):`);
	for (const person of planned.slice(0, 15))
		console.log(`  ${person.key.padEnd(10)} ${person.account.padEnd(22)} ${printable(person.displayName)}`);
	if (planned.length > 15) console.log(`  ... and ${planned.length - 15} more, all listed in the form`);
	console.log(`\n  Editor         ${world.n8n.url}/workflow/${world.template.id}`);
	console.log(`  Login          ${world.owner.email}   ${world.owner.password}`);
	console.log(`  Approval form  ${formUrl}`);
	console.log(`  Directory      ${world.directory.title}`);
	console.log(`  JumpCloud      ${world.jumpCloud.url} (simulator)\n`);
}

/** Prints what was created and what the directory says; true when both are what was planned. */
async function report(
	world: World,
	execution: Execution,
	planned: readonly Planned[],
	mustCreate: boolean,
): Promise<boolean> {
	if (execution.status !== 'success') {
		console.log(`\nThe run ended as "${execution.status}": ${execution.error ?? 'n8n gave no reason'}`);
		return false;
	}
	const [done = [], failed = []] = execution.out(CREATE);
	if (done.length === 0 && failed.length === 0 && !mustCreate) {
		console.log('\nThe answer was not to create: nobody was created.');
		return true;
	}
	const found = new Map((await world.directory.readPeople()).map((person) => [person.employeeId, person]));
	const wrong = planned.flatMap((person) => {
		const account = found.get(person.key);
		if (!account) return [`${person.key} ${person.displayName}: not in the directory`];
		if (!account.enabled) return [`${person.key} ${person.displayName}: ${account.dn} is disabled`];
		if (account.displayName !== person.displayName)
			return [`${person.key}: the directory says "${account.displayName}", planned was "${person.displayName}"`];
		return [];
	});
	console.log(
		`\nSummary: ${done.length} of ${planned.length} people have their account, ${failed.length} were refused.`,
	);
	for (const { json } of failed)
		console.log(`  refused: ${printable(`${String(json['displayName'])}: ${String(json['message'])}`)}`);
	console.log(
		`Read back from the directory: ${found.size} accounts, ${[...found.values()].filter((person) => person.enabled).length} of them enabled.`,
	);
	for (const person of [...found.values()].slice(0, 10)) {
		console.log(
			`  ${person.employeeId.padEnd(10)} ${person.sAMAccountName.padEnd(22)} ${printable(person.displayName)}`,
		);
	}
	if (found.size > 10) console.log(`  ... and ${found.size - 10} more`);
	for (const line of wrong) console.log(`  NOT AS PLANNED: ${printable(line)}`);
	return wrong.length === 0 && failed.length === 0 && planned.length > 0;
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
