/** Memberships: which are missing, which are no longer given, and which groups cannot be used at all. */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { textOf, type Entry } from '../../directory/entry';
import { sameList, wantsGroups } from './planReads';
import { memoryOf, type StepMemory } from './stepMemory';
import type { StepBody } from './steps';
import type { Decision, GroupKnown, StepContext, Unfit } from './types';

/** What new accounts have for a primary group: Domain Users (MS-ADTS 6.1.1.6.6). */
const DOMAIN_USERS = '513';
const NONE: readonly StepBody[] = [];

/** One membership more, or one less. */
export function linkStep(kind: 'link' | 'unlink', { guid, dn }: Pick<GroupKnown, 'guid' | 'dn'>): StepBody {
	return { do: kind, group: { guid, dn } };
}

/** Whether a group may be in steps. */
function isUsable(group: GroupKnown | Unfit | undefined): group is GroupKnown {
	return group !== undefined && !('reason' in group) && group.protection === undefined;
}

/**
 * Into the groups that are wanted, and, in mode `managed`, out of those that rules give and did not give this person.
 * @param entry undefined = there is no account yet
 * @param more groups from before the person left
 */
export function membershipSteps(
	person: DesiredAccount,
	entry: Entry | undefined,
	more: readonly GroupKnown[],
	context: StepContext,
): readonly StepBody[] {
	const memory = memoryOf(context);
	const has = entry?.attributes['memberof'] ?? [];
	let keys: ReadonlySet<string> | undefined;
	const isMember = (group: GroupKnown) => {
		if (has.includes(group.dn) || isPrimary(group, entry)) return true;
		keys ??= new Set(has.map((dn) => memory.keyOf(String(dn))));
		return keys.has(memory.keyOf(group.dn));
	};
	let missing: Map<string, GroupKnown> | undefined;
	const want = (group: GroupKnown) => {
		if (!isMember(group)) (missing ??= new Map<string, GroupKnown>()).set(group.guid, group);
	};
	for (const name of person.groups) {
		const group = context.groups.get(name);
		if (isUsable(group)) want(group);
	}
	more.forEach(want);
	const links = missing ? [...missing.values()].map((group) => linkStep('link', group)) : NONE;
	if (has.length === 0 || context.request.policy.groups.mode === 'add') return links;
	const left = noLongerGiven(person, has, memory);
	return left.length > 0 ? [...links, ...left] : links;
}

/** It has the account for a member without saying so in memberOf (MS-ADTS 3.1.1.4.5.1): a link would be planned for ever. */
function isPrimary({ rid }: GroupKnown, entry: Entry | undefined): boolean {
	if (rid === undefined) return false;
	return String(rid) === (entry ? textOf(entry, 'primaryGroupID') : DOMAIN_USERS);
}

function noLongerGiven(
	person: DesiredAccount,
	has: readonly (string | Buffer)[],
	memory: StepMemory,
): readonly StepBody[] {
	let steps: StepBody[] | undefined;
	for (const dn of has) {
		// Under every name that anybody gave: the person's own names are among them.
		const named = memory.groupAt(memory.keyOf(String(dn)));
		if (!named || named.names.some((name) => person.groups.includes(name))) continue;
		const { group } = named;
		if (!isManaged(person, named.names, memory) || !isUsable(group)) continue;
		(steps ??= []).push(linkStep('unlink', group));
	}
	return steps ?? NONE;
}

/** Whether memberships of this person in a group are the mapping's to take away. */
export function isManaged(person: DesiredAccount, names: readonly string[], memory: StepMemory): boolean {
	return names.some((name) => memory.isRetired(name) || person.managedGroups.includes(name));
}

/**
 * The groups that cannot be used, each as one problem of the whole plan: one for each person would hide all others.
 * @returns in the order in which they are met
 */
export function groupProblems(decisions: readonly Decision[], context: StepContext): PlanProblem[] {
	const { policy } = context.request;
	// Whatever anybody names was asked for: where all of it can be used, nobody needs to be looked at.
	if ([...context.groups.values()].every(isUsable)) return [];
	/** By name: how many people are to be in it. */
	const people = new Map<string, number>();
	const isManagedMode = policy.groups.mode === 'managed';
	const others = new Set<string>(isManagedMode ? policy.groups.retired : []);
	let last: readonly string[] = [];
	for (const decision of decisions) {
		const person = wantsGroups(decision, policy.movers.update);
		if (!person) continue;
		for (const name of person.groups)
			if (!isUsable(context.groups.get(name))) people.set(name, (people.get(name) ?? 0) + 1);
		if (isManagedMode && !sameList(person.managedGroups, last)) {
			last = person.managedGroups;
			for (const name of last) if (!isUsable(context.groups.get(name))) others.add(name);
		}
	}
	for (const name of others) if (!people.has(name) && !isUsable(context.groups.get(name))) people.set(name, 0);
	return [...people].map(([name, count]) => toProblem(name, count, context.groups.get(name)));
}

function toProblem(name: string, count: number, group: GroupKnown | Unfit | undefined): PlanProblem {
	const isKnown = group !== undefined && !('reason' in group);
	const why = isKnown
		? `is protected: ${group.protection ?? ''}`
		: `cannot be used: ${group?.reason ?? 'it was not found'}`;
	const who = count === 1 ? '1 person is' : `${count} people are`;
	const effect =
		count > 0 ? `${who} to be in it, and the plan leaves it out for them` : 'The plan takes nobody out of it';
	return {
		...{ kind: 'group', urgent: false, key: '', displayName: '', record: null },
		accounts: isKnown ? [{ guid: group.guid, dn: group.dn }] : [],
		message: `The group "${name}" ${why}. ${effect}.`,
		whatToDo: isKnown
			? 'Change its members by hand, and take it out of Attribute Map and of this node.'
			: 'Correct its name in Attribute Map or in this node, or create it: a plan never does.',
	};
}
