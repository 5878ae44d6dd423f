/** Plans made and applied on a Samba domain, against bare ldapts with the same reads and writes. */
import { randomInt, randomUUID } from 'node:crypto';
import { PresenceFilter } from 'ldapts';
import type { Domain } from '../demo/samba/domain.ts';
import type { Change, DesiredAccount, Plan } from '../lib/contracts';
import { openAccounts } from '../lib/directory/accounts/locate';
import { openDirectory, type Directory } from '../lib/directory/directory';
import { parseSettings } from '../lib/directory/settings';
import { applyChanges } from '../lib/provisioning/apply/applyChanges';
import { noLease } from '../lib/provisioning/apply/lease';
import { makePlan } from '../lib/provisioning/plan/makePlan';
import { liveSource } from '../lib/provisioning/source/live';
import { credentialFields } from '../test/support/directory';
import { logOn, type Target } from './directory-people';
import { attributesToPlan, BASE, policyWith, requestFor } from './plan-people';

const SIGNING_KEY = 'a signing key of the benchmark';

async function withOwn<T>(target: Target, work: (directory: Directory) => Promise<T>): Promise<T> {
	const settings = parseSettings(credentialFields(target as Domain, { signingSecret: SIGNING_KEY }));
	const directory = openDirectory(settings, { randomInt: (below) => randomInt(below), clock: () => Date.now() });
	try {
		return await work(directory);
	} finally {
		await directory.close();
	}
}

/** @param people all of them, and nothing is to be done for any */
export async function planNothing(
	target: Target,
	people: readonly DesiredAccount[],
): Promise<{ readonly ms: number; readonly writes: number }> {
	const begin = performance.now();
	const { plan, writes } = await withOwn(target, async (directory) => {
		const made = await makePlan(liveSource(directory), requestFor(people), { newId: randomUUID, digestRows: 200 });
		return { plan: made.plan, writes: directory.writes() };
	});
	const ms = performance.now() - begin;
	if (plan.changes.length > 0 || plan.counts.people.problem > 0)
		throw new Error(
			`Nothing was to be done: ${JSON.stringify(plan.counts.people)}, ${JSON.stringify(plan.changes[0])}`,
		);
	return { ms, writes };
}

/** What somebody would write by hand to read everybody with the same attributes. @returns milliseconds */
export async function readBare(target: Target, people: readonly DesiredAccount[]): Promise<number> {
	const attributes = attributesToPlan(requestFor(people));
	const begin = performance.now();
	const client = await logOn(target);
	let found = 0;
	const options = {
		...{ scope: 'sub' as const, attributes, explicitBufferAttributes: ['objectGUID', 'objectSid'] },
		filter: new PresenceFilter({ attribute: 'employeeID' }),
	};
	for await (const page of client.searchPaginated(`OU=Staff,${BASE}`, { ...options, paged: { pageSize: 1000 } }))
		found += page.searchEntries.length;
	await client.unbind();
	if (found !== people.length) throw new Error(`${found} of ${people.length} people were read.`);
	return performance.now() - begin;
}

/** A plan that creates everybody, enabled from the first day. */
export async function planJoiners(target: Target, people: readonly DesiredAccount[]): Promise<Plan> {
	const { plan, problems } = await withOwn(target, async (directory) =>
		makePlan(liveSource(directory), joinersOnly(people), { newId: randomUUID, digestRows: 1 }),
	);
	if (plan.counts.people.joiner !== people.length)
		throw new Error(`Everybody was to join: ${JSON.stringify(plan.counts.people)}, ${JSON.stringify(problems[0])}`);
	return plan;
}

/** Selected people: nobody else is looked at. */
const joinersOnly = (people: readonly DesiredAccount[]) =>
	requestFor(people, {
		feed: { input: 'people', report: null, rejected: [], outOfScope: [], previousMissing: null },
		policy: policyWith({ joiners: { create: true, daysBefore: 0, until: 'enabled', mustChange: true } }),
	});

/** @returns milliseconds */
export async function applyOurs(target: Target, changes: readonly Change[]): Promise<number> {
	const begin = performance.now();
	const { results } = await withOwn(target, async (directory) =>
		applyChanges({
			run: openAccounts(directory, { matchAttribute: 'employeeID', markAttribute: 'carLicense' }, SIGNING_KEY),
			...{ changes, runId: randomUUID(), approver: '', stopAfterFailures: null, canary: null, dryRun: false },
			...{ delivery: { kind: 'none' }, lease: noLease(''), progress: () => undefined },
		}),
	);
	const ms = performance.now() - begin;
	const open = results.filter(({ outcome }) => outcome.status !== 'applied');
	if (open.length > 0) throw new Error(`${open.length} people were not made: ${JSON.stringify(open[0]?.outcome)}`);
	return ms;
}
