/** What a run is to do, written from the table of the issue and from nothing else: simple, slow, and without the engine. */
import type { Lifecycle, Policy } from '../../lib/contracts';
import {
	give,
	isInScope,
	isOver,
	leave,
	NAME_ATTRIBUTES,
	namesIn,
	printOf,
	remove,
	restore,
} from './plan-model-accounts';
import { setOf, stateOf, write, type Account, type Kept, type Names, type World } from './plan-model-accounts';
import { namesOf, type Feed, type Person } from './plan-model-hr';

export type Expected = {
	/** What was decided about each person and each absent one. */
	readonly decided: readonly string[];
	/** By key: whom the plan changes. */
	readonly changes: ReadonlyMap<string, Lifecycle>;
	/** Kind and key. */
	readonly problems: readonly string[];
	readonly missing: readonly string[];
	/** Leavers who are moved: they may have to be told apart from namesakes. */
	readonly moved: ReadonlySet<Account>;
	/** Who gets names, and from whose ladders. */
	readonly named: ReadonlyMap<Account, Person>;
	/** Whose names wait for the start, but for the common name where a move leads to a namesake. */
	readonly waiting: ReadonlyMap<Account, Person>;
};

type Decision =
	| { readonly kind: 'join'; readonly person: Person; readonly enable: boolean }
	| { readonly kind: 'begin'; readonly person: Person; readonly account: Account; readonly finish: boolean }
	| { readonly kind: 'work' | 'return'; readonly person: Person; readonly account: Account }
	| { readonly kind: 'leave'; readonly person: Person | null; readonly account: Account }
	| { readonly kind: 'nothing'; readonly person: Person; readonly account: Account | undefined }
	| { readonly kind: 'problem'; readonly person: Person; readonly account: Account | undefined; readonly what: string };

const DAY = 24;
const NO_NAMES: Names = { sAMAccountName: '', userPrincipalName: '', mail: '', cn: '' };
const NOTHING_KEPT: Kept = { ou: '', groups: new Set(), texts: new Map(), manager: null, expires: undefined };

/** Decides on everybody, then changes the accounts of the world to what they are to be. */
export function run(world: World, feed: Feed, now: number): Expected {
	const { accounts, policy } = world;
	const decisions = feed.mapped.map((person) => decide(world, person, now));
	const owned = new Set([
		...feed.mapped.flatMap(({ key, previousKeys }) => [key, ...previousKeys]),
		...feed.rejected.map(({ key }) => key),
	]);
	const absent = accounts.filter(
		(account) => isInScope(account, policy) && stateOf(account) !== 'others' && !owned.has(account.key),
	);
	const missing = feed.trusted ? absent.map(({ key }) => key) : [];
	if (feed.trusted && policy.leavers.byAbsence)
		for (const account of absent)
			if (feed.previousMissing?.includes(account.key)) decisions.push({ kind: 'leave', person: null, account });
	const words = new Map(decisions.map((decision) => [decision, inWords(decision, policy, now)]));
	const known = new Map(accounts.map((account) => [account, printOf(account)]));
	const changes = new Map<string, Lifecycle>();
	const named = new Map<Account, Person>();
	const work = decisions.map((decision) => prepare(world, decision, named));
	const gone = new Set(
		decisions.flatMap((one) => (one.kind === 'leave' && isOver(one.account, policy, now) ? [one.account] : [])),
	);
	const bosses = decisions.map((decision) => bossOf(world, decisions, work, decision, gone));
	decisions.forEach((decision, index) => {
		const account = work[index];
		if (!account || decision.kind === 'nothing' || decision.kind === 'problem') return;
		if (!gone.has(account)) act(world, decision, account, bosses[index], now);
		if (
			gone.has(account) ||
			known.get(account) !== printOf(account) ||
			(named.has(account) && hasForeignName(world, decision, account))
		)
			changes.set(decision.person?.key ?? account.key, LIFECYCLES[decision.kind]);
	});
	for (const account of gone) remove(world, account);
	const problems = decisions.flatMap((one) => (one.kind === 'problem' ? [`${one.what} ${one.person.key}`] : []));
	const moved = work.filter((account, index) => decisions[index]?.kind === 'leave' && account?.ou === 'Leavers');
	const waiting = new Map(
		decisions.flatMap((one) =>
			one.kind === 'begin' && !one.finish && policy.movers.rename ? [[one.account, one.person] as const] : [],
		),
	);
	const decided = decisions.map((decision) => words.get(decision) ?? '');
	return {
		decided,
		changes,
		problems,
		missing,
		named,
		waiting,
		moved: new Set(moved.flatMap((account) => account ?? [])),
	};
}

/** The rows of the table that were come by. */
function inWords(decision: Decision, policy: Policy, now: number): string {
	switch (decision.kind) {
		case 'join':
			return decision.enable ? 'joiner, enabled' : 'joiner, pending';
		case 'begin':
			return decision.finish ? 'pending, finished' : 'pending, before the start';
		case 'work':
			return decision.account.key === decision.person.key ? 'mover' : 'mover with a new key';
		case 'return':
			return 'rehire';
		case 'leave': {
			if (isOver(decision.account, policy, now)) return 'leaver, deleted';
			return `leaver, ${decision.person ? 'in the feed' : 'absent'}, ${stateOf(decision.account)}`;
		}
		case 'nothing':
			return `nothing: ${decision.person.lifecycle}, ${decision.account ? stateOf(decision.account) : 'no account'}`;
		case 'problem':
			return `problem: ${decision.what}`;
	}
}

const LIFECYCLES = { join: 'joiner', begin: 'joiner', work: 'mover', return: 'rehire', leave: 'leaver' } as const;

function decide({ accounts, policy }: World, person: Person, now: number): Decision {
	const own = accounts.filter(({ key }) => key === person.key || person.previousKeys.includes(key));
	const [account, ...more] = own.filter((one) => isInScope(one, policy));
	if (more.length > 0) return { kind: 'problem', person, account: undefined, what: 'conflict' };
	const outsider = own.find((one) => !isInScope(one, policy));
	if (person.lifecycle === 'away') return { kind: 'nothing', person, account };
	const state = account && stateOf(account);
	if (person.lifecycle === 'leaver' || (person.endsAt ?? Infinity) <= now) {
		if (!account || state === 'others') return { kind: 'nothing', person, account };
		return { kind: 'leave', person, account };
	}
	const { joiners, rehires } = policy;
	const due = now >= (person.startsAt ?? -Infinity) - joiners.daysBefore * DAY;
	const started = now >= (person.startsAt ?? -Infinity) || (joiners.until === 'enabled' && due);
	if (!account) {
		if (outsider) return { kind: 'problem', person, account: outsider, what: 'out of scope' };
		return due ? { kind: 'join', person, enable: started } : { kind: 'nothing', person, account };
	}
	if (state === 'enabled') return { kind: 'work', person, account };
	if (state === 'others') return { kind: 'problem', person, account, what: 'disabled by others' };
	if (state === 'pending') {
		if (account.key !== person.key) return { kind: 'problem', person, account, what: 'review' };
		return { kind: 'begin', person, account, finish: started };
	}
	if (now > (account.mark?.at ?? 0) + rehires.withinDays * DAY)
		return { kind: 'problem', person, account, what: 'left long ago' };
	return started ? { kind: 'return', person, account } : { kind: 'nothing', person, account };
}

let made = 0;

/** The account that a decision is about: a new one for a joiner. Also says who gets names. */
function prepare(world: World, decision: Decision, named: Map<Account, Person>): Account | undefined {
	if (decision.kind === 'join') {
		const account: Account = {
			...{
				id: (made += 1),
				guid: '',
				key: decision.person.key,
				enabled: decision.enable,
				genuine: true,
				names: NO_NAMES,
			},
			...{ mark: null, ou: decision.person.unit, texts: new Map(), manager: null, expires: null },
			...{ groups: new Set(), mustChange: null },
		};
		world.accounts.push(account);
		named.set(account, decision.person);
		return account;
	}
	const { kind, account, person } = decision;
	const renamed = kind === 'work' || kind === 'return' || (kind === 'begin' && decision.finish);
	if (account && person && renamed && world.policy.movers.rename) named.set(account, person);
	return account;
}

/** Whoever has the key, or is to have it, and is there after the run. @returns undefined when that is nobody, or more than one */
function bossOf(
	world: World,
	decisions: readonly Decision[],
	work: readonly (Account | undefined)[],
	decision: Decision,
	gone: ReadonlySet<Account>,
): Account | null | undefined {
	if (!decision.person?.boss) return null;
	const { key } = decision.person.boss;
	const next = decisions.flatMap((one, at) => (one.person?.key === key ? (work[at] ?? []) : []));
	// A joiner is no account yet for anybody but the plan.
	const fresh = new Set(decisions.flatMap((one, at) => (one.kind === 'join' ? (work[at] ?? []) : [])));
	const having = world.accounts.filter((one) => one.key === key && !fresh.has(one));
	const all = [...new Set([...next, ...having])].filter((one) => !gone.has(one));
	return all.length === 1 ? all[0] : undefined;
}

function act(
	world: World,
	decision: Exclude<Decision, { kind: 'nothing' | 'problem' }>,
	account: Account,
	boss: Account | null | undefined,
	now: number,
): void {
	const { policy } = world;
	if (decision.kind === 'leave') return leave(world, decision.person, account, now);
	const { person, kind } = decision;
	const before = setOf(account);
	const creating = kind === 'join' || kind === 'begin';
	const back = kind === 'return' && policy.rehires.restore ? account.mark?.kept : undefined;
	if (back) restore(account, back);
	write(account, person, policy, creating);
	if (boss !== undefined) account.manager = boss;
	if (person.endsAt !== null) account.expires = person.endsAt;
	else if (kind === 'return' && (account.expires ?? Infinity) <= now) account.expires = null;
	give(account, person, policy, back);
	if (policy.movers.move || kind === 'return') account.ou = person.unit;
	account.key = person.key;
	if (kind === 'join') account.mark = decision.enable ? null : { state: 'pending', at: now, kept: NOTHING_KEPT };
	const enables = kind === 'return' || (kind === 'begin' && decision.finish) || (kind === 'join' && decision.enable);
	if (enables) {
		Object.assign(account, { enabled: true, mark: null });
		account.mustChange = (kind === 'return' ? policy.rehires : policy.joiners).mustChange;
	}
	// A mark that stands on an enabled account is none any more: the first thing written takes it away.
	const written = before !== setOf(account) || (policy.movers.rename && hasForeignName(world, decision, account));
	if (kind === 'work' && written) account.mark = null;
}

/** Name for name, whether one is none of the person's. The common name is no attribute that is set. */
function hasForeignName({ hr }: World, { person }: Decision, { names }: Account): boolean {
	if (!person) return false;
	const wanted = namesOf(hr, person);
	return NAME_ATTRIBUTES.some((attribute) => !namesIn(attribute, wanted[attribute]).includes(names[attribute]));
}
