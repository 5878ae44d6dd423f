/**
 * Two runs at once, each through a wire of its own. Two plans with a lease never write at the same time; workers of one plan share it; without a
 * lease two runs of one plan end where one does.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { Change, Outcome, Plan } from '../../lib/contracts';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { textsOf } from '../../lib/directory/entry';
import { DirectoryError } from '../../lib/directory/errors';
import { checkApproval } from '../../lib/provisioning/apply/approval';
import { applyChanges, type ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { noLease, openLease, type LeaseRequest } from '../../lib/provisioning/apply/lease';
import { wait } from '../../lib/wait';
import { MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { canBind } from './administrator';
import {
	isJoiner,
	isLeaver,
	isRehire,
	keyOf,
	leaseOf,
	openGround,
	PEOPLE,
	planFor,
	settle,
	type Who,
} from './crash-people';
import { trees, type Tree } from './crash-trees';
import { startWire, type Wire } from './wire';

let domain: Domain;
/** Of a run that nobody disturbed: what it ended in, and what it wrote. */
let whole: Tree;
let alone: readonly Written[];

const SEEDS = [1, 2, 3, randomInt(1_000_000)];
const named = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `w${letter}0${index}`);
const ROUNDS = [
	'ws00',
	...named('a', 4),
	...named('g', 2),
	...named('b', 2),
	...named('l', 2),
	...named('o', SEEDS.length),
];

beforeAll(async () => {
	domain = await startSamba();
	await openGround(domain);
	await settle(domain, ROUNDS);
	// So that its certificate is made before two start at once.
	await (await startWire(domain)).close();
	const log: Written[] = [];
	await run('A', await planOf('ws00'), { log });
	alone = log;
	whole = await treeOf('ws00');
}, 120_000);
afterAll(() => domain?.stop());

/** A write as the wire saw it. */
type Written = { readonly who: string; readonly operation: string; readonly object: string };

const WRITES = new Set(['add', 'modify', 'rename', 'delete']);
const planOf = async (round: string): Promise<Plan> =>
	withDirectory(domain, async (directory) => (await planFor(domain, directory, round)).plan);
const treeOf = async (round: string): Promise<Tree> => {
	const tree = (await trees(domain, [round])).get(round);
	if (!tree) throw new Error(`There is no round ${round}.`);
	return tree;
};
const changesOf = (plan: Plan, round: string, ...people: readonly Who[]): readonly Change[] =>
	plan.changes.filter(({ key }) => people.some((who) => keyOf(who, round) === key));
const statuses = (ran: ApplyResult) => ran.results.map(({ outcome: { status } }) => status);
const all = (status: Outcome['status'], many: number = PEOPLE.length) => Array<Outcome['status']>(many).fill(status);

type Running = {
	/** Everything that any run wrote, in its order. */
	readonly log?: Written[];
	/** Distinguished name; absent = without. */
	readonly lease?: string;
	readonly changes?: readonly Change[];
	readonly time?: Pick<LeaseRequest, 'sleep' | 'elapsed'>;
	readonly wrap?: (directory: Directory) => Directory;
};

/** Waiting for a lease is quick here, so that the first moment at which it is free is seen. */
const QUICK: NonNullable<Running['time']> = { sleep: (ms, signal) => wait(Math.ceil(ms / 50), signal) };

/** Seals, lease, steps, and the lease given back: as the node does it, through a wire. */
async function run(who: string, plan: Plan, running: Running = {}): Promise<ApplyResult> {
	const { log = [], lease: object = '', changes: some = [], time = QUICK, wrap = (same) => same } = running;
	const wire: Wire = await startWire(domain);
	wire.decide(({ operation, object: name }) => {
		if (WRITES.has(operation) && name !== object) log.push({ who, operation, object: name });
		return 'pass';
	});
	try {
		return await withDirectory(
			domain,
			async (direct) => {
				const directory = wrap(direct);
				const { domainGuid } = await directory.domain();
				const approval = {
					plan,
					signingKey: SIGNING_KEY,
					now: await directory.now(),
					domainGuid,
					approvedOverLimit: '',
				};
				const { changes } = checkApproval({ ...approval, changes: some });
				const [planId, runId] = [plan.id, randomUUID()];
				const lease =
					object === ''
						? noLease('')
						: openLease(directory, { dn: object, attribute: 'description', planId, runId, signal: undefined, ...time });
				const notes = await lease.begin();
				try {
					const result = await applyChanges({
						run: openAccounts(directory, MARKING, SIGNING_KEY),
						...{ changes, runId, lease, approver: '', stopAfterFailures: null, canary: null, dryRun: false },
						...{ delivery: { kind: 'field', field: 'password' }, progress: () => undefined },
					});
					return { ...result, notes: [...notes, ...result.notes] };
				} finally {
					await lease.release();
				}
			},
			{ fields: { port: wire.port } },
		);
	} finally {
		await wire.close();
	}
}

/** How often the turn goes from one to the other. */
const turns = (log: readonly Written[]) =>
	log.filter(({ who }, index) => index > 0 && log[index - 1]?.who !== who).length;
const count = (log: readonly Written[], operation: string) => log.filter((one) => one.operation === operation).length;

async function heldBy(dn: string): Promise<readonly string[]> {
	return await withDirectory(domain, async (directory) => {
		const entry = await directory.read(dn, ['description']);
		return entry ? textsOf(entry, 'description') : [];
	});
}

/** Around every write of a run. */
const around =
	(write: (pass: () => Promise<void>) => Promise<void>) =>
	(directory: Directory): Directory => ({
		...directory,
		add: (...asked) => write(() => directory.add(...asked)),
		modify: (...asked) => write(() => directory.modify(...asked)),
		rename: (...asked) => write(() => directory.rename(...asked)),
	});

describe('two plans', () => {
	test('write at the same time without a lease: the wire would show it', async () => {
		const log: Written[] = [];
		const [one, other] = [await planOf('wa00'), await planOf('wa01')];
		await Promise.all([run('A', one, { log }), run('B', other, { log })]);
		expect(turns(log)).toBeGreaterThan(1);
	});

	test('with a lease are applied one after the other, and the second one says that it waited', async () => {
		const log: Written[] = [];
		const [one, other] = [await planOf('wa02'), await planOf('wa03')];
		const lease = leaseOf(domain, 'wa02');
		const ran = await Promise.all([run('A', one, { log, lease }), run('B', other, { log, lease })]);
		expect(turns(log)).toBe(1);
		expect(log).toHaveLength(2 * alone.length);
		expect(ran.map(statuses)).toEqual([all('applied'), all('applied')]);
		const notes = ran.map((result) => result.notes);
		const first = log[0]?.who === 'A' ? 0 : 1;
		expect(notes[first]).toEqual([]);
		expect(notes[1 - first]).toEqual([expect.stringMatching(/^Waited \d+ s for the lease, which plan .* held\.$/)]);
		expect([await treeOf('wa02'), await treeOf('wa03')]).toEqual([whole, whole]);
		expect(await heldBy(lease)).toEqual([]);
	});

	test('of which the first does not end: the second gives up in words, and has written nothing', async () => {
		const log: Written[] = [];
		const [one, other] = [await planOf('wg00'), await planOf('wg01')];
		const lease = leaseOf(domain, 'wg00');
		let writes = 0;
		let begun: () => void = () => undefined;
		const isBegun = new Promise<void>((resolve) => (begun = resolve));
		let go: () => void = () => undefined;
		const mayGo = new Promise<void>((resolve) => (go = resolve));
		const held = around(async (pass) => {
			writes += 1;
			if (writes === 6) {
				begun();
				await mayGo;
			}
			await pass();
		});
		const first = run('A', one, { log, lease, wrap: held });
		await isBegun;
		let waited = 0;
		const time = { elapsed: () => waited, sleep: (ms: number) => Promise.resolve(void (waited += ms)) };
		const error: unknown = await run('B', other, { log, lease, time }).catch((reason: unknown) => reason);
		go();
		expect(error).toBeInstanceOf(DirectoryError);
		expect(error).toMatchObject({
			kind: 'busy',
			message: expect.stringContaining(`plan ${one.id} holds the lease`) as unknown,
		});
		expect((error as DirectoryError).message).toMatch(/Nothing was written\.$/);
		expect(waited).toBeLessThan(95_000);
		expect(statuses(await first)).toEqual(all('applied'));
		expect(log.filter(({ who }) => who === 'B')).toEqual([]);
		expect(await treeOf('wg00')).toEqual(whole);
	});

	test('of which one took the lease while the other slept: that one stops, and nothing of it comes between', async () => {
		const log: Written[] = [];
		const [one, other] = [await planOf('wl00'), await planOf('wl01')];
		const lease = leaseOf(domain, 'wl00');
		let elapsed = 0;
		let writes = 0;
		let second: Promise<ApplyResult> | undefined;
		/** A minute later by the controller's clock. */
		const later = (directory: Directory): Directory => ({
			...directory,
			now: async () => new Date(Date.parse(await directory.now()) + 61_000).toISOString().replace(/\.\d+Z$/, 'Z'),
		});
		let began: () => void = () => undefined;
		const hasBegun = new Promise<void>((resolve) => (began = resolve));
		const asleep = around(async (pass) => {
			await pass();
			writes += 1;
			// The lease is the first.
			if (writes !== 4) return;
			elapsed += 61_000;
			second = run('B', other, {
				...{ log, lease },
				wrap: (directory) => {
					const bound = later(directory);
					return { ...bound, add: (...asked) => (began(), bound.add(...asked)) };
				},
			});
			await hasBegun;
		});
		const time = { ...QUICK, elapsed: () => elapsed };
		const stopped = await run('A', one, { log, lease, time, wrap: asleep });
		const after = await second;
		expect(statuses(after ?? { results: [], heldBack: [], notes: [] })).toEqual(all('applied'));
		expect(after?.notes).toEqual([expect.stringContaining(`The lease of plan ${one.id} had run out`)]);
		expect(turns(log)).toBe(1);
		expect(log.filter(({ who }) => who === 'A')).toHaveLength(3);
		// Three were made; nobody was finished.
		expect(statuses(stopped)).toEqual([...all('partial', 3), ...all('refused', 7)]);
		for (const { outcome } of stopped.results) {
			expect(outcome.message).toContain(`was lost: plan ${other.id} has taken it`);
			expect(outcome.whatToDo).toContain('then apply this one again');
		}
		expect(await treeOf('wl01')).toEqual(whole);
		expect(await heldBy(lease)).toEqual([]);
		expect(statuses(await run('A', one, { lease }))).toEqual(all('applied'));
		expect(await treeOf('wl00')).toEqual(whole);
	});
});

describe('batches of one plan', () => {
	/** Objects of people, by the operation: groups are written once for each batch that has somebody in them. */
	const ofPeople = (log: readonly Written[]) =>
		['add', 'modify', 'rename'].map((operation) =>
			count(
				log.filter(({ object }) => groups.every((guid) => object !== `<GUID=${guid}>`)),
				operation,
			),
		);
	let groups: readonly string[];
	beforeAll(async () => {
		const { changes } = await planOf('wb00');
		groups = changes.flatMap(({ steps }) =>
			steps.flatMap((step) =>
				(step.do === 'link' || step.do === 'unlink') && 'guid' in step.group ? [step.group.guid] : [],
			),
		);
	});

	test('are done by two workers at the same time, everything once', async () => {
		const log: Written[] = [];
		const plan = await planOf('wb00');
		const lease = leaseOf(domain, 'wb00');
		const halves = [
			changesOf(plan, 'wb00', 'j1', 'j2', 'r2', 'l1', 'l2'),
			changesOf(plan, 'wb00', 'j3', 'r1', 'm1', 'r3', 'l3'),
		] as const;
		const ran = await Promise.all([
			run('A', plan, { log, lease, changes: halves[0] }),
			run('B', plan, { log, lease, changes: halves[1] }),
		]);
		expect(ran.map(statuses)).toEqual([all('applied', 5), all('applied', 5)]);
		expect(ran.flatMap(({ notes }) => notes)).toEqual([]);
		expect(turns(log)).toBeGreaterThan(1);
		expect(ofPeople(log)).toEqual(ofPeople(alone));
		const done = ran.flatMap(({ results }) =>
			results.flatMap(({ outcome }) => outcome.steps.map(({ n, status }) => [outcome.key, n, status].join(' '))),
		);
		const planned = plan.changes.flatMap(({ key, steps }) => steps.map(({ n }) => [key, n, 'done'].join(' ')));
		expect(done.sort()).toEqual(planned.sort());
		expect(await treeOf('wb00')).toEqual(whole);
		expect(await heldBy(lease)).toEqual([]);
	});

	test('that name joiners of each other are whole when they are applied once more, whichever came first', async () => {
		const log: Written[] = [];
		const plan = await planOf('wb01');
		const lease = leaseOf(domain, 'wb01');
		const halves = [
			changesOf(plan, 'wb01', 'j1', 'j3', 'm1'),
			changesOf(plan, 'wb01', 'j2', 'r1', 'r2', 'r3', 'l1', 'l2', 'l3'),
		];
		const again = () =>
			Promise.all(halves.map((changes, index) => run('AB'[index] ?? '', plan, { log, lease, changes })));
		await again();
		const last = await again();
		expect(last.flatMap(statuses).filter((status) => status !== 'applied' && status !== 'already done')).toEqual([]);
		expect(count(log, 'add')).toBe(3);
		expect(await treeOf('wb01')).toEqual(whole);
	});
});

/** Small, and the same for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

describe('the same plan applied twice at once, without a lease', () => {
	test.each(SEEDS.map((seed, index) => [seed, `wo0${index}`] as const))(
		'ends where one run does, and nobody is worse off on the way (seed %i)',
		async (seed, round) => {
			const plan = await planOf(round);
			const random = randomOf(seed);
			const slow = around(async (pass) => {
				await wait(random(12), undefined);
				await pass();
			});
			const ran = await Promise.all([run('A', plan, { wrap: slow }), run('B', plan, { wrap: slow })]);
			const between = await treeOf(round);
			for (const who of PEOPLE) {
				const [now, ...more] = between[who];
				const [end] = whole[who];
				expect([seed, who, more]).toEqual([seed, who, []]);
				// Enabled with everything but whose manager comes last; or disabled, with a mark that counts.
				if (isJoiner(who) || isRehire(who)) {
					if (now?.control === '512')
						expect([seed, who, now.dn, now.groups, now.marks]).toEqual([seed, who, end?.dn, end?.groups, []]);
					else
						expect([seed, who, now?.control, now?.marks[0]]).toEqual([
							seed,
							who,
							'514',
							isJoiner(who) ? 'pending' : 'left',
						]);
				}
				if (isLeaver(who)) expect([seed, who, now?.control, now?.marks]).toEqual([seed, who, '514', end?.marks]);
			}
			const again = await run('A', plan);
			expect([seed, statuses(again).filter((status) => status !== 'applied' && status !== 'already done')]).toEqual([
				seed,
				[],
			]);
			expect([seed, await treeOf(round)]).toEqual([seed, whole]);
			await checkTold(seed, [...ran, again]);
		},
	);

	/** Each of those who can log on now was told a password by one of the runs that is the right one. */
	async function checkTold(seed: number, ran: readonly ApplyResult[]): Promise<void> {
		const told = ran.flatMap(({ results }) => results);
		const people = new Set(
			told.filter(({ delivered }) => delivered['password'] !== undefined).map(({ outcome }) => outcome.key),
		);
		expect([seed, people.size]).toEqual([seed, 6]);
		for (const key of people) {
			const own = told.filter(({ outcome }) => outcome.key === key);
			const dn = own.at(-1)?.outcome.dn ?? '';
			const good = await Promise.all(own.map(({ delivered }) => canBind(domain, dn, delivered['password'] ?? 'none')));
			expect([seed, key, good.filter(Boolean).length]).toEqual([seed, key, 1]);
		}
	}
});
