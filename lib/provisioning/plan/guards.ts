/** Limits that stop a plan before it does to everybody what was meant for a few. */
import type { Breach, Guards, GuardLimit, GuardRule, Step } from '../../contracts';
import type { Match } from './match';
import type { AccountView } from './types';

/** What is counted against a limit: accounts made, disabled and deleted, moved and renamed; memberships taken away; people changed. */
export type CountedRule = Exclude<GuardRule, 'feedSize' | 'attribute'>;
export type GuardCounts = Readonly<Record<CountedRule, number>>;

export type GuardInput = {
	readonly counts: GuardCounts;
	readonly guards: Guards;
	/** Enabled accounts that were matched, before anything is done (`enabledMatched`). */
	readonly matchedEnabled: number;
	readonly input: 'whole' | 'people';
	/** `leftLast24Hours`. */
	readonly leftLast24h: number;
	/** Existing accounts that each attribute changes for (`attributeChanges`). */
	readonly attributeChanges: ReadonlyMap<string, number>;
	/** People that came out of the HR system: mapped, rejected and out of scope. */
	readonly received: number;
};

type Drafted = { readonly steps: readonly Step[] };

const RULES = ['create', 'disable', 'move', 'rename', 'groupRemoval', 'delete', 'allChanges'] as const;
const DAY_MS = 86_400_000;

/** Limits that hold where the builder sets none: 5 % of the enabled accounts that were matched, but at least 3 and at most 20. */
const DEFAULT_PERCENT = 5;
const DEFAULT_LEAST = 3;
const DEFAULT_MOST = 20;
const BY_DEFAULT: ReadonlySet<string> = new Set<CountedRule>(['disable', 'delete']);

/** Selected people are held to counts only: they say nothing of how many there are. */
export function guardPlan(input: GuardInput): { readonly ok: boolean; readonly breaches: readonly Breach[] } {
	const { guards, counts, leftLast24h, matchedEnabled } = input;
	const breaches: Breach[] = [];
	if (input.input === 'whole' && input.received < guards.minimumFeed)
		breaches.push({
			...{ rule: 'feedSize', limit: guards.minimumFeed, actual: input.received },
			message: `${input.received} people came out of the HR system, and ${guards.minimumFeed} are the least that is believed.`,
		});
	for (const rule of RULES) {
		const limit = limitOf(rule, input);
		const actual = counts[rule] + (rule === 'disable' ? leftLast24h : 0);
		// Those who were disabled yesterday, by an approved plan, do not keep out those who join today.
		if (limit !== undefined && counts[rule] > 0 && actual > limit)
			breaches.push({ rule, limit, actual, message: wordsOf(rule, actual, limit, leftLast24h) });
	}
	if (input.input === 'whole' && guards.attributePercent !== undefined) {
		const limit = shareOf(guards.attributePercent, matchedEnabled);
		for (const [attribute, actual] of input.attributeChanges)
			if (actual > limit)
				breaches.push({
					...{ rule: 'attribute', limit, actual, attribute },
					message: `${attribute} is to change for ${actual} people, and the limit is ${limit}.`,
				});
	}
	return { ok: breaches.length === 0, breaches };
}

/** The builder's own limit takes the place of the default. @returns undefined where there is none */
function limitOf(rule: CountedRule, { guards, input, matchedEnabled }: GuardInput): number | undefined {
	const { count, percent }: GuardLimit = guards[rule] ?? {};
	const limits = [
		...(count === undefined ? [] : [count]),
		...(percent === undefined || input === 'people' ? [] : [shareOf(percent, matchedEnabled)]),
	];
	if (limits.length > 0) return Math.min(...limits);
	if (!BY_DEFAULT.has(rule)) return undefined;
	if (input === 'people') return DEFAULT_MOST;
	return Math.max(DEFAULT_LEAST, Math.min(DEFAULT_MOST, shareOf(DEFAULT_PERCENT, matchedEnabled)));
}

/** The whole people in a percentage; 0.07 % of 10,000 is 7, whatever binary fractions make of it. */
function shareOf(percent: number, people: number): number {
	return Math.floor((percent * people) / 100 + 1e-9);
}

/** One of them, more of them, and what becomes of them. */
const WORDS: Readonly<Record<CountedRule, readonly [one: string, more: string, fate: string]>> = {
	create: ['account', 'accounts', 'created'],
	disable: ['account', 'accounts', 'disabled'],
	move: ['account', 'accounts', 'moved'],
	rename: ['account', 'accounts', 'renamed'],
	groupRemoval: ['membership in groups', 'memberships in groups', 'taken away'],
	delete: ['account', 'accounts', 'deleted'],
	allChanges: ['person', 'people', 'changed'],
};

function wordsOf(rule: CountedRule, actual: number, limit: number, leftLast24h: number): string {
	const before = rule === 'disable' && leftLast24h > 0 ? ` or were so in the last 24 hours (${leftLast24h})` : '';
	const [one, more, fate] = WORDS[rule];
	const who = actual === 1 ? `1 ${one} is` : `${actual} ${more} are`;
	return `${who} to be ${fate}${before}, and the limit is ${limit}.`;
}

/** @param drafts one for each person that something is to be done for; those without steps do not count */
export function countGuarded(drafts: readonly Drafted[]): GuardCounts {
	const counts: Record<CountedRule, number> = {
		...{ create: 0, disable: 0, move: 0, rename: 0, groupRemoval: 0, delete: 0 },
		allChanges: 0,
	};
	for (const { steps } of drafts) {
		if (steps.length === 0) continue;
		counts.allChanges += 1;
		let renamed = false;
		for (const step of steps) {
			if (step.do === 'create' || step.do === 'disable' || step.do === 'delete') counts[step.do] += 1;
			else if (step.do === 'unlink') counts.groupRemoval += 1;
			else if (step.do === 'relocate' && step.from.parent.guid !== step.to.parent.guid) counts.move += 1;
			renamed ||= isRename(step);
		}
		if (renamed) counts.rename += 1;
	}
	return counts;
}

const NAMES = new Set(['samaccountname', 'userprincipalname', 'mail']);

/** Another name in the place of one; a name where there was none is not. */
function isRename(step: Step): boolean {
	if (step.do === 'relocate') return step.from.rdn !== step.to.rdn;
	if (step.do !== 'set') return false;
	return step.writes.some(
		(write) => 'to' in write && write.from !== null && write.to !== null && NAMES.has(write.attribute.toLowerCase()),
	);
}

/** For how many existing accounts each attribute changes, by the first spelling seen. What leaving writes is no change of HR data. */
export function attributeChanges(drafts: readonly Drafted[]): ReadonlyMap<string, number> {
	const spelled = new Map<string, string>();
	const changes = new Map<string, number>();
	for (const { steps } of drafts) {
		const counted = new Set<string>();
		for (const step of steps) {
			if (step.do !== 'set') continue;
			for (const { attribute } of step.writes) {
				const name = spelled.get(attribute.toLowerCase()) ?? attribute;
				spelled.set(attribute.toLowerCase(), name);
				if (counted.has(name)) continue;
				counted.add(name);
				changes.set(name, (changes.get(name) ?? 0) + 1);
			}
		}
	}
	return changes;
}

/** What percentages are of. */
export function enabledMatched(matches: readonly Match[]): number {
	let count = 0;
	for (const { account } of matches) if (account?.enabled) count += 1;
	return count;
}

/**
 * Accounts that this tool disabled in the last 24 hours: many small plans are one large one.
 * @param now milliseconds since 1970, by the controller's clock
 */
export function leftLast24Hours(accounts: readonly AccountView[], now: number): number {
	let count = 0;
	for (const { mark } of accounts) if (mark?.state === 'left' && Date.parse(mark.at) > now - DAY_MS) count += 1;
	return count;
}
