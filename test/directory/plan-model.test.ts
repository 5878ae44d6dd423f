/**
 * Random walks of people who join, move, leave and return, and of administrators who hold, move and edit accounts by hand: planned and applied on a
 * real domain, which afterwards is what a simple reference model says; and a second plan finds nothing to do.
 */
import fc from 'fast-check';
import { openAccounts } from '../../lib/directory/accounts/locate';
import { applyChanges } from '../../lib/provisioning/apply/applyChanges';
import { checkApproval } from '../../lib/provisioning/apply/approval';
import { makePlan, type MadePlan } from '../../lib/provisioning/plan/makePlan';
import type { PlanRequest } from '../../lib/provisioning/plan/types';
import { liveSource } from '../../lib/provisioning/source/live';
import { MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { openClock, type Clock } from './plan-model-clock';
import { desired, feedInput, HR_ACTIONS, pick, UNITS, type Feed, type Hr } from './plan-model-hr';
import { beforeRun, takeNames, type Before } from './plan-model-names';
import { HANDS, openOffice, openReader, readOffice, shown } from './plan-model-office';
import type { Office, Reader, Seen } from './plan-model-office';
import type { World } from './plan-model-accounts';
import { run, type Expected } from './plan-model-reference';
import { anyWalk, FIRST, policyOf, type Move, type Walk } from './plan-model-walks';

let domain: Domain;
beforeAll(async () => {
	domain = await startSamba();
}, 120_000);
afterAll(() => domain?.stop());

/** Everything that was decided about anybody. */
const met = new Map<string, number>();
let walks = 0;

/** A few letters for each walk. */
function nextTag(): string {
	walks += 1;
	return `x${String.fromCharCode(97 + (walks % 26), 97 + (Math.floor(walks / 26) % 26))}`;
}

async function walkAll(all: readonly Walk[]): Promise<void> {
	const reader = openReader(domain, all.length);
	const ended = await Promise.allSettled(all.map((one) => walk(one, reader).finally(reader.leave)));
	for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

async function walk({ rules, moves }: Walk, reader: Reader): Promise<void> {
	const tag = nextTag();
	await withDirectory(domain, async (own) => {
		const clock = await openClock(own);
		const office = await asAdministrator(domain, (client) => openOffice(client, domain, tag));
		const world: World = {
			hr: { tag, people: [], ownNames: !rules.rename },
			...{ policy: policyOf(rules, office), accounts: [] },
		};
		let previousMissing: readonly string[] | null = null;
		for (const move of [FIRST, ...moves]) {
			if (move.days > 0) await clock.pass(move.days * 24 + 1);
			await actAll(move, world, office, clock.hours());
			const feed = feedOf(move, world.hr, previousMissing);
			previousMissing = await runOnce({ world, office, clock, feed, reader });
		}
	});
}

async function actAll({ actions }: Move, world: World, office: Office, now: number): Promise<void> {
	for (const { what, who, n } of actions) {
		if (HR_ACTIONS[what]?.(world.hr, who, n, now)) continue;
		const hand = HANDS[what];
		const able = world.accounts.filter((account) => hand?.may(account, world, now));
		if (!hand || able.length === 0) continue;
		await asAdministrator(domain, (client) => hand.does(pick(able, who), { client, office, world, now }, n));
	}
}

function feedOf({ rejected, trusted }: Move, { people }: Hr, previousMissing: readonly string[] | null): Feed {
	const listed = people.filter((person) => person.listed);
	const unmapped = rejected === null || listed.length === 0 ? [] : [pick(listed, rejected)];
	return {
		...{ mapped: listed.filter((person) => !unmapped.includes(person)), rejected: unmapped },
		...{ trusted, previousMissing },
	};
}

type Place = {
	readonly world: World;
	readonly office: Office;
	readonly clock: Clock;
	readonly feed: Feed;
	readonly reader: Reader;
};

/** One plan, applied; then the domain against the model, and a second plan. @returns who is missing */
async function runOnce({ world, office, clock, feed, reader }: Place): Promise<readonly string[]> {
	const request: PlanRequest = {
		people: feed.mapped.map((person) => desired(world.hr, person, clock.instant, office.dnOf)),
		feed: feedInput(feed),
		scope: {
			bases: UNITS.map(office.dnOf),
			filterText: '',
			filter: undefined,
			excludedOus: [],
		},
		...{ anchor: MARKING.matchAttribute, markAttribute: MARKING.markAttribute, matchOn: [] },
		...{ policy: world.policy, signingKey: SIGNING_KEY },
	};
	const planned = async (id: string) =>
		await makePlan(liveSource(clock.directory), request, { newId: () => id, digestRows: 5 });
	const before = beforeRun(world);
	const made = await planned(`plan-${clock.hours()}`);
	const expected = run(world, feed, clock.hours());
	for (const what of expected.decided) met.set(what, (met.get(what) ?? 0) + 1);
	expect(inWords(made)).toEqual({
		changes: [...expected.changes].sort(),
		problems: [...expected.problems].sort(),
		missing: [...expected.missing].sort(),
		breaches: [],
	});
	await applyAll(clock, made);
	compare(await readOffice(reader, office, clock), world, expected, before);
	const again = await planned('plan-again');
	expect(again.plan.changes.map(({ key, steps }) => ({ key, steps }))).toEqual([]);
	return made.plan.feed.missing;
}

function inWords({ plan, problems }: MadePlan) {
	return {
		changes: plan.changes.map(({ key, lifecycle }) => [key, lifecycle]).sort(),
		problems: problems.map(({ kind, key }) => `${kind} ${key}`).sort(),
		missing: [...plan.feed.missing].sort(),
		breaches: plan.guard.breaches,
	};
}

async function applyAll({ directory }: Clock, { plan }: MadePlan): Promise<void> {
	const { domainGuid } = await directory.domain();
	const approval = { signingKey: SIGNING_KEY, domainGuid, approvedOverLimit: '', now: await directory.now() };
	const { changes } = checkApproval({ plan, changes: [], ...approval });
	const { results } = await applyChanges({
		...{ run: openAccounts(directory, MARKING, SIGNING_KEY), changes, runId: 'run-1', approver: '' },
		...{ stopAfterFailures: null, canary: null, dryRun: false, delivery: { kind: 'none' } },
		...{ lease: { check: () => Promise.resolve() }, progress: () => undefined },
	});
	const failed = results.filter(({ outcome }) => outcome.status !== 'applied').map(({ outcome }) => outcome);
	expect(failed).toEqual([]);
}

/** The whole office, account for account. Names that were given are looked at, and from then on are the account's. */
function compare(seen: readonly Seen[], world: World, expected: Expected, before: Before): void {
	for (const account of world.accounts) account.guid ||= seen.find(({ key }) => key === account.key)?.guid ?? '';
	const faults = takeNames(seen, world, expected, before);
	const byGuid = new Map(seen.map((one) => [one.guid, one]));
	const model = world.accounts.map((account) => shown(account, byGuid.get(account.guid)));
	const sorted = (list: readonly Seen[]) => [...list].sort((left, right) => left.key.localeCompare(right.key));
	expect(sorted(seen)).toEqual(sorted(model));
	expect(faults).toEqual([]);
}

const RANDOM = Math.floor(Math.random() * 0x7fff_ffff);
/** What people are come by as, on the fixed seed alone. */
const ROWS = [
	...['joiner, enabled', 'joiner, pending', 'pending, before the start', 'pending, finished', 'mover', 'rehire'],
	...['mover with a new key', 'leaver, in the feed, enabled', 'leaver, in the feed, left', 'leaver, absent, enabled'],
	...['leaver, absent, left', 'leaver, deleted', 'problem: out of scope', 'problem: disabled by others'],
	...['problem: left long ago', 'nothing: away, enabled', 'nothing: away, left', 'nothing: active, no account'],
	...['nothing: active, left', 'nothing: leaver, no account', 'nothing: leaver, others'],
];
/** At once: they share what takes longest. */
const TOGETHER = 5;

async function walkAtRandom(seed: number, numRuns: number): Promise<void> {
	const some = fc.array(anyWalk, { minLength: TOGETHER, maxLength: TOGETHER });
	await fc.assert(fc.asyncProperty(some, walkAll), { seed, numRuns, endOnFailure: true });
}

describe('after each run the domain is what the model says, and a second plan is empty', () => {
	test('on walks that come by every row of the table', async () => {
		await walkAtRandom(6, 4);
		expect(ROWS.filter((row) => !met.has(row))).toEqual([]);
	}, 300_000);

	// The seed stands in the name, and in fast-check's words when it fails.
	test(`on walks of their own each time (seed ${RANDOM})`, () => walkAtRandom(RANDOM, 1), 300_000);
});
