/** What a run is to do, written from the table of the issue and from nothing else: simple, slow, and without the engine. */
import type { Lifecycle, Policy } from '../../lib/contracts';
import type { NameAttribute } from '../../lib/schema/nameLadder';
import { namesOf, RULED, textsOfPerson, UNITS, type Feed, type GroupName, type Hr, type Person } from './plan-model-hr';

export type Names = Readonly<Record<NameAttribute, string>>;

/** What an account had before it left. */
export type Kept = {
	/** Where the account stood. */
	readonly ou: string;
	readonly groups: ReadonlySet<GroupName>;
	readonly texts: ReadonlyMap<string, { readonly from: string | undefined; readonly to: string | undefined }>;
	readonly manager: Account | null;
	readonly expires: { readonly from: number | null; readonly to: number | null } | undefined;
};

export type Account = {
	readonly id: number;
	/** '' until it was seen in the directory. */
	guid: string;
	key: string;
	enabled: boolean;
	/** It may stand there on an account that somebody enabled by hand. `at` is an hour. */
	mark: { readonly state: 'pending' | 'left'; readonly at: number; readonly kept: Kept } | null;
	/** Nobody has enabled and disabled the account since it was marked. */
	genuine: boolean;
	/** Name of the unit. */
	ou: string;
	names: Names;
	texts: Map<string, string>;
	manager: Account | null;
	/** An hour. */
	expires: number | null;
	groups: Set<GroupName>;
	/** Whether the password has to be changed at the first logon; null = nobody knows. */
	mustChange: boolean | null;
};

export type World = { readonly hr: Hr; readonly policy: Policy; accounts: Account[] };

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

/** The mark that says why the account is disabled. */
export function stateOf({ enabled, mark, genuine }: Account): 'enabled' | 'pending' | 'left' | 'others' {
	if (enabled) return 'enabled';
	return mark && genuine ? mark.state : 'others';
}

/** The unit of leavers belongs to the scope for those who left. */
export function isInScope(account: Account, { leavers }: Policy): boolean {
	if (UNITS.some((unit) => unit === account.ou)) return true;
	return account.ou === 'Leavers' && leavers.moveTo !== '' && stateOf(account) === 'left';
}

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

export const NAME_ATTRIBUTES = ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'] as const;

/** All names of a ladder, the best one first. */
export function namesIn(attribute: NameAttribute, ladder: ReturnType<typeof namesOf>[NameAttribute]): string[] {
	const { candidates, counter } = ladder;
	const [local = '', domain] = (counter?.base ?? '').split('@');
	const last = domain === undefined ? '' : `@${domain}`;
	const numbered = Array.from({ length: 29 }, (_, at) => `${local}${attribute === 'cn' ? ' ' : ''}${at + 2}${last}`);
	return [...candidates, ...numbered];
}

function write(account: Account, person: Person, { movers }: Policy, creating: boolean): void {
	for (const [attribute, value] of Object.entries(textsOfPerson(person))) {
		if (attribute === 'company' && !creating) continue;
		const has = account.texts.has(attribute);
		if (has && (attribute === 'mobile' || (!creating && movers.keep.includes(attribute)))) continue;
		put(account, attribute, value ?? undefined);
	}
}

function put({ texts }: Account, attribute: string, value: string | undefined): void {
	if (value === undefined) texts.delete(attribute);
	else texts.set(attribute, value);
}

function give(account: Account, { groups }: Person, policy: Policy, back: Kept | undefined): void {
	const managed = policy.groups.mode === 'managed';
	const isRuled = (group: GroupName) => RULED.some((ruled) => ruled === group);
	for (const group of back?.groups ?? []) if (!managed || !isRuled(group)) account.groups.add(group);
	if (managed) for (const group of RULED) account.groups.delete(group);
	for (const group of groups) account.groups.add(group);
}

/** Only what still has what leaving wrote. */
function restore(account: Account, { texts, manager, expires }: Kept): void {
	for (const [attribute, { from, to }] of texts) if (account.texts.get(attribute) === to) put(account, attribute, from);
	account.manager ??= manager;
	if (expires && account.expires === expires.to) account.expires = expires.from;
}

/** Its days after the leave are over. */
function isOver(account: Account, { leavers }: Policy, now: number): boolean {
	if (stateOf(account) !== 'left' || leavers.deleteAfterDays === null) return false;
	return now > (account.mark?.at ?? now) + leavers.deleteAfterDays * DAY;
}

function leave(world: World, person: Person | null, account: Account, now: number): void {
	const { leavers } = world.policy;
	const again = stateOf(account) === 'left' ? account.mark : undefined;
	const { ou } = account;
	if (leavers.moveTo !== '') account.ou = 'Leavers';
	const wanted = new Map<string, string | undefined>(leavers.clear.map((attribute) => [attribute, undefined]));
	wanted.delete('manager');
	if (leavers.description !== '') wanted.set('description', leavers.description);
	if (again) return finishLeaving(account, again.kept, leavers.removeFromGroups);
	const texts = new Map(
		[...wanted].flatMap(([attribute, to]) => {
			const from = account.texts.get(attribute);
			return from === to ? [] : [[attribute, { from, to }] as const];
		}),
	);
	const clears = leavers.clear.includes('manager');
	const ends = person?.endsAt ?? null;
	const kept: Kept = {
		...{ ou, texts, manager: clears ? account.manager : null },
		groups: new Set(leavers.removeFromGroups ? account.groups : []),
		expires: ends === null || ends === account.expires ? undefined : { from: account.expires, to: ends },
	};
	for (const [attribute, { to }] of texts) put(account, attribute, to);
	if (clears) account.manager = null;
	if (ends !== null) account.expires = ends;
	if (leavers.removeFromGroups) account.groups.clear();
	Object.assign(account, { enabled: false, genuine: true, mark: { state: 'left', at: now, kept } });
	if (leavers.randomPassword) account.mustChange = false;
}

/** What somebody put back that the snapshot holds. */
function finishLeaving(account: Account, { texts, groups }: Kept, fromGroups: boolean): void {
	for (const [attribute, { from, to }] of texts) if (account.texts.get(attribute) === from) put(account, attribute, to);
	if (fromGroups) for (const group of groups) account.groups.delete(group);
}

/** Links to it go with it. */
export function remove(world: World, account: Account): void {
	world.accounts = world.accounts.filter((one) => one !== account);
	for (const other of world.accounts) if (other.manager === account) other.manager = null;
}

/** What one Modify would write. */
function setOf({ key, texts, manager, expires }: Account): string {
	return JSON.stringify([key, [...texts].sort(), manager?.id ?? null, expires]);
}

function printOf(account: Account): string {
	const { enabled, mark, ou, groups } = account;
	return JSON.stringify([setOf(account), enabled, mark?.state, mark?.at, ou, [...groups].sort()]);
}
