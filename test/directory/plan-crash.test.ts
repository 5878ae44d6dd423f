/**
 * A run that is killed (SIGKILL) after any of its writes, in a process of its own: ten people who join, leave, return and move. Run again, by the same plan
 * or by a new one, it ends in the tree of a run that nobody disturbed; and what stands between is nothing that must not be.
 */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { parseLease } from '../../lib/provisioning/apply/leaseText';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { canBind } from './administrator';
import { LEASE_ATTRIBUTE } from './crash-child';
import { isJoiner, isLeaver, isRehire, leaseOf, openGround, PEOPLE, planFor, settle, type Who } from './crash-people';
import { crash, inParallel, openStage, runAgain, type Crash, type Stage } from './crash-run';
import { trees, type Seen, type Tree } from './crash-trees';

let domain: Domain;
let stage: Stage;
let whole: Tree;
let before: Tree;
let writes = 0;

beforeAll(async () => {
	domain = await startSamba();
	stage = await openStage(domain);
	await openGround(domain);
}, 120_000);
afterAll(async () => {
	await domain?.stop();
	stage?.close();
});

/** With what stood when it was killed. */
type Crashed = Crash & { readonly tree: Tree };

const UNIT = 'OU=Staff,OU=ROUND,OU=Crash,DC=corp,DC=example,DC=com';

function treeOf(all: ReadonlyMap<string, Tree>, round: string): Tree {
	const tree = all.get(round);
	if (!tree) throw new Error(`There is no round ${round}.`);
	return tree;
}

const only = (tree: Tree, who: Who): Seen => {
	const [one, ...more] = tree[who];
	if (!one || more.length > 0) throw new Error(`${more.length + (one ? 1 : 0)} accounts of ${who}`);
	return one;
};

/** What must hold at any moment at all. */
function checkBetween(tree: Tree): void {
	for (const who of PEOPLE) {
		const [now, ...more] = tree[who];
		expect([who, more]).toEqual([who, []]);
		if (!now) {
			expect([who, isJoiner(who)]).toEqual([who, true]);
			continue;
		}
		const end = only(whole, who);
		const isEnabled = now.control === '512';
		if (isJoiner(who) || isRehire(who)) {
			// Enabled with everything, or disabled and marked; only who is whose manager comes later.
			if (isEnabled) expect([who, now.dn, now.groups, now.marks]).toEqual([who, end.dn, end.groups, []]);
			else
				expect([who, now.control, now.marks]).toEqual([
					who,
					'514',
					isJoiner(who) ? ['pending'] : only(before, who).marks,
				]);
		}
		if (isLeaver(who)) {
			// Nothing is taken away before what was is written down.
			if (isEnabled) expect([who, now]).toEqual([who, only(before, who)]);
			else expect([who, now.marks]).toEqual([who, end.marks]);
		}
	}
}

/** Whoever got a password from this run can log on with it. */
async function checkTold({ results }: ApplyResult): Promise<void> {
	const [first] = results.filter(({ delivered }) => delivered['password'] !== undefined);
	if (first) expect(await canBind(domain, first.outcome.dn, first.delivered['password'] ?? '')).toBe(true);
}

const doneOnly = ({ results }: ApplyResult) =>
	results
		.filter(({ outcome: { status } }) => status !== 'applied' && status !== 'already done')
		.map(({ outcome }) => outcome);

/** Place, state and groups of everybody, in words. */
const inWords = (tree: Tree) =>
	Object.fromEntries(
		PEOPLE.map((who) => {
			const { dn, control, groups, marks, newPassword } = only(tree, who);
			const place = dn.replace(/^[^,]*,/, '').replace(/,OU=ROUND,.*/, '');
			const names = groups.map((name) => name.replace('crash ', ''));
			return [who, [place, control, names.join(' '), marks.length, newPassword].join(', ')];
		}),
	);
const managerOf = (tree: Tree, who: Who) => (only(tree, who).rest as { manager?: readonly string[] }).manager?.[0];

test('without trouble, everybody is done', async () => {
	await settle(domain, ['qq00']);
	before = treeOf(await trees(domain, ['qq00']), 'qq00');
	const { signal, output, sent } = await crash(stage, 'qq00', Infinity);
	expect([signal, output]).toEqual([null, JSON.stringify(Array(PEOPLE.length).fill('applied'))]);
	whole = treeOf(await trees(domain, ['qq00']), 'qq00');
	expect(inWords(whole)).toEqual({
		j1: 'OU=Staff, 512, sales staff, 0, ',
		j2: 'OU=Staff, 512, staff, 0, ',
		j3: 'OU=Staff, 512, staff vpn, 0, ',
		...{ l1: 'OU=Leavers, 514, , 2, true', l2: 'OU=Leavers, 514, , 2, true', l3: 'OU=Leavers, 514, , 2, true' },
		r1: 'OU=Staff, 512, poets staff vpn, 0, ',
		r2: 'OU=Staff, 512, sales staff, 0, ',
		r3: 'OU=Staff, 512, poets staff, 0, ',
		m1: 'OU=Moved,OU=Staff, 512, staff vpn, 0, ',
	});
	for (const [who, manager] of [
		['j1', 'j2'],
		['j2', 'j1'],
		['j3', 'm1'],
		['r1', 'm1'],
		['r2', 'j1'],
	] as const)
		expect(managerOf(whole, who)).toBe(only(whole, manager).dn);
	for (const who of ['l1', 'l2', 'l3'] as const)
		expect(only(whole, who).marks).toMatchObject(['left', { groups: only(before, who).groups, ou: UNIT }]);
	writes = sent;
	// Three are made, three leave by three writes each, three return by four, one is moved by two; seven groups; three are enabled; three managers.
	expect(writes).toBe(39);
}, 60_000);

/** Every round killed after the write that its name says, and what stands then. */
async function crashAll(rounds: readonly string[], leased = false): Promise<Crashed[]> {
	expect(rounds).not.toEqual([]);
	await settle(domain, rounds);
	const crashes = await inParallel(rounds, (round) =>
		crash(stage, round, Number(round.slice(2)), leased ? leaseOf(domain, round) : ''),
	);
	const between = await trees(domain, rounds);
	return crashes.map(({ signal, output, sent, ...crashed }) => {
		// After the last write and its answer there may be no further request.
		const isAtEnd = crashed.last === writes && signal === null;
		expect([crashed.round, sent, isAtEnd ? 'SIGKILL' : signal, isAtEnd ? '' : output]).toEqual([
			...[crashed.round, crashed.last, 'SIGKILL', ''],
		]);
		const tree = treeOf(between, crashed.round);
		checkBetween(tree);
		return { ...crashed, tree };
	});
}

/** As nobody had ever disturbed it; and nothing is left to be planned. */
async function checkEnd(crashes: readonly Crashed[]): Promise<void> {
	expect(crashes).not.toEqual([]);
	const rounds = crashes.map(({ round }) => round);
	const end = await trees(domain, rounds);
	for (const round of rounds) expect([round, end.get(round)]).toEqual([round, whole]);
	await withDirectory(domain, async (directory) => {
		for (const round of rounds)
			expect([round, (await planFor(domain, directory, round)).plan.changes]).toEqual([round, []]);
	});
}

describe('killed after any write', () => {
	let crashes: readonly Crashed[] = [];
	const copy = (direction: 'save' | 'restore') =>
		domain.whileStopped(async ({ database }) => {
			const pairs = ['', '.d'].map((end) => [`${database}${end}`, path.join(stage.folder, `saved${end}`)] as const);
			for (const [live, saved] of pairs)
				await (direction === 'save' ? cp(live, saved, { recursive: true }) : cp(saved, live, { recursive: true }));
		});

	test('nobody is there twice or enabled early, and nothing is taken away that is not written down', async () => {
		const numbers = Array.from({ length: writes }, (_, index) => String(index + 1).padStart(2, '0'));
		crashes = await crashAll(numbers.map((number) => `qa${number}`));
		await copy('save');
	}, 240_000);

	test('and applied again, the same plan ends in the same tree, with no write more than needed', async () => {
		for (const { round, plan, last, tree } of crashes) {
			const again = await runAgain(domain, round, plan);
			expect([round, doneOnly(again)]).toEqual([round, []]);
			// A password that nobody was told is made anew, before the account is enabled.
			const untold = PEOPLE.filter((who) => isJoiner(who) && tree[who][0]?.control === '514').length;
			expect([round, again.writes]).toEqual([round, writes - last + untold]);
			await checkTold(again);
		}
		await checkEnd(crashes);
	}, 240_000);

	test('a new plan ends in the same tree', async () => {
		await copy('restore');
		for (const { round, tree } of crashes) {
			// As it was when it was killed.
			if (round === 'qa20') expect((await trees(domain, [round])).get(round)).toEqual(tree);
			const again = await runAgain(domain, round, undefined);
			expect([round, doneOnly(again)]).toEqual([round, []]);
			await checkTold(again);
		}
		await checkEnd(crashes);
	}, 240_000);
});

describe('killed while it holds the lease', () => {
	const held = async (round: string) => {
		const found = await domain.ldbsearch('(objectClass=container)', [LEASE_ATTRIBUTE], leaseOf(domain, round));
		return (found[0]?.attributes[LEASE_ATTRIBUTE] ?? []).map((text) => parseLease(text)?.planId);
	};

	test('the same plan goes on at once, and ends in the same tree', async () => {
		const crashes = await crashAll(['qc01', 'qc20'], true);
		for (const { round, plan } of crashes) {
			expect(await held(round)).toEqual([plan.id]);
			const again = await runAgain(domain, round, plan, leaseOf(domain, round));
			expect([round, doneOnly(again), again.waitedMs, again.notes]).toEqual([round, [], 0, []]);
		}
		await checkEnd(crashes);
	}, 60_000);

	test('a new plan waits until the lease has run out, says so, and ends in the same tree', async () => {
		const crashes = await crashAll(['qd12', 'qd40'], true);
		for (const { round, plan } of crashes) {
			expect(await held(round)).toEqual([plan.id]);
			const again = await runAgain(domain, round, undefined, leaseOf(domain, round));
			expect([round, doneOnly(again), again.waitedMs > 0]).toEqual([round, [], true]);
			expect(again.notes).toContainEqual(expect.stringContaining(`The lease of plan ${plan.id} had run out`));
			expect(await held(round)).toEqual([]);
		}
		await checkEnd(crashes);
	}, 60_000);
});
