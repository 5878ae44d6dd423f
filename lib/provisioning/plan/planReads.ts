/** What has to be read of the directory before steps can be made: attributes, groups, places, containers. */
import { parentText } from '../../schema/dn';
import type { AttributeValue, DesiredAccount, PersonRef, Value } from '../../contracts';
import { NAME_ATTRIBUTES } from '../../directory/accounts/names';
import { textsOf } from '../../directory/entry';
import { PROTECTION_ATTRIBUTES } from '../../directory/protect';
import { isAttributeName } from '../../schema/attributeName';
import { whyNeverWritten } from '../../schema/neverWritten';
import type { Decision, PlanRequest } from './types';

/** Whatever is planned: who it is, what state it is in, and what it is called. */
const ALWAYS = [
	...['objectGUID', 'userAccountControl', 'pwdLastSet', 'accountExpires', 'description', 'displayName'],
	...['whenCreated', 'uSNChanged', 'proxyAddresses'],
	...NAME_ATTRIBUTES,
	...PROTECTION_ATTRIBUTES,
] as const;

/** Every attribute that accounts have to be read with, each once. */
export function attributesToPlan(request: PlanRequest): string[] {
	const { people, policy, anchor, markAttribute, matchOn } = request;
	const names = new Set<string>([...ALWAYS, anchor, markAttribute, ...matchOn]);
	let groups = policy.groups.mode === 'managed' || policy.leavers.removeFromGroups || policy.rehires.restore;
	for (const { attributes, groups: wanted } of people) {
		groups ||= wanted.length > 0;
		for (const name in attributes) {
			// What is refused anyway is not read either: a password's hash, for example.
			if (!names.has(name) && isAttributeName(name) && whyNeverWritten(name) === undefined) names.add(name);
			const wanted = attributes[name];
			if (typeof wanted === 'object' && wanted !== null) addLookedUpBy(names, wanted);
		}
	}
	if (groups) names.add('memberOf');
	for (const name of [...policy.leavers.clear, policy.leavers.hideAttribute]) if (name !== '') names.add(name);
	const seen = new Set<string>();
	return [...names].filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}

function addLookedUpBy(names: Set<string>, wanted: AttributeValue): void {
	if (typeof wanted !== 'object' || wanted === null) return;
	if (isList(wanted)) for (const value of wanted) addLookedUpBy(names, value);
	else if ('by' in wanted && !names.has(wanted.by) && isAttributeName(wanted.by)) names.add(wanted.by);
}

function isList(wanted: object): wanted is ReadonlyArray<Value | PersonRef> {
	return Array.isArray(wanted);
}

/** Names of groups, as somebody gave them, and those that memberships and snapshots hold as far as they matter. */
export function groupsToResolve(decisions: readonly Decision[], { policy }: PlanRequest): string[] {
	const isManaged = policy.groups.mode === 'managed';
	const names = new Set<string>(isManaged ? policy.groups.retired : []);
	let last: readonly string[] = [];
	for (const decision of decisions) {
		const person = wantsGroups(decision, policy.movers.update);
		if (person) {
			for (const name of person.groups) names.add(name);
			// All people of a mapping have the same list.
			if (isManaged && !sameList(person.managedGroups, last)) {
				last = person.managedGroups;
				for (const name of last) names.add(name);
			}
		}
		if (decision.kind === 'leaver' && !decision.remove && policy.leavers.removeFromGroups)
			for (const name of textsOf(decision.account.entry, 'memberOf')) names.add(name);
		if (decision.kind === 'rehire' && policy.rehires.restore)
			for (const guid of decision.account.snapshot?.groups ?? []) names.add(guid);
	}
	return [...names];
}

/** Whose groups are looked at. */
export function wantsGroups(decision: Decision, update: boolean): DesiredAccount | undefined {
	switch (decision.kind) {
		case 'joiner':
		case 'pending':
		case 'rehire':
			return decision.person;
		case 'mover':
			return update ? decision.person : undefined;
		case 'leaver':
		case 'unchanged':
		case 'problem':
			return undefined;
	}
}

/** Whether two lists hold the same in the same order. */
export function sameList(left: readonly string[], right: readonly string[]): boolean {
	return left === right || (left.length === right.length && left.every((value, index) => value === right[index]));
}

/** Organisational units, as somebody gave them, and those where people who come back stood. */
export function placesToResolve(decisions: readonly Decision[], { policy }: PlanRequest): string[] {
	const names = new Set<string>();
	for (const decision of decisions) {
		switch (decision.kind) {
			case 'joiner':
				names.add(decision.person.ou);
				break;
			case 'pending':
			case 'mover':
				if (policy.movers.move) names.add(decision.person.ou);
				break;
			case 'rehire':
				if (decision.person.ou !== '') names.add(decision.person.ou);
				else if (policy.rehires.restore && decision.account.snapshot) names.add(decision.account.snapshot.ou.guid);
				break;
			case 'leaver':
				if (!decision.remove) names.add(policy.leavers.moveTo);
				break;
			case 'unchanged':
			case 'problem':
		}
	}
	names.delete('');
	return [...names];
}

/**
 * Distinguished names of containers whose GUIDs are needed: of accounts that may be moved, renamed or disabled.
 * @param request without it, those of all accounts
 */
export function containersOf(decisions: readonly Decision[], request?: PlanRequest): string[] {
	const movers = request?.policy.movers;
	const containers = new Set<string>();
	for (const decision of decisions) {
		if (decision.kind === 'unchanged' || decision.kind === 'problem' || decision.kind === 'joiner') continue;
		if (decision.kind === 'leaver' && decision.remove) continue;
		const isBrought = decision.kind === 'mover' || decision.kind === 'pending';
		if (isBrought && movers && !movers.move && !movers.rename) continue;
		containers.add(parentText(decision.account.dn));
	}
	return [...containers];
}
