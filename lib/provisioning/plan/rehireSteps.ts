/**
 * Somebody who comes back to an account that this tool disabled: what leaving took away is given back, what the feed wants comes on top, and
 * enabling is last. What somebody wrote since the leave is kept.
 */
import { parentText } from '../../schema/dn';
import type { Ref } from '../../contracts';
import { sameValues } from '../../directory/accounts/leaveOptions';
import { valuesOf, type Entry } from '../../directory/entry';
import type { Snapshot, SnapshotAttribute } from '../../directory/snapshot';
import { fromFileTime, NEVER } from '../../schema/instants';
import { changeOf, desiredDeltas, nameDeltas, textDelta, toWrites, type Delta, type Wanted } from './attributes';
import { isManaged, membershipSteps } from './groupSteps';
import { byAttribute, finishing, setSteps, stateOf } from './joinerSteps';
import { inScope, placeFor, relocation, unusable } from './placement';
import { memoryOf, type StepMemory } from './stepMemory';
import { isFault, partsOf, type Fault, type Parts } from './steps';
import type { AccountView, Decision, GroupKnown, PlaceKnown, Resolved, StepContext } from './types';

type Rehire = Extract<Decision, { kind: 'rehire' }>;

type Job = {
	readonly rehire: Rehire;
	readonly resolved: Resolved;
	readonly context: StepContext;
	readonly memory: StepMemory;
	/** What is to be restored; undefined = nothing. */
	readonly snapshot: Snapshot | undefined;
	readonly notes: string[];
};

const EXPIRES = 'accountExpires';

/** @throws DirectoryError (person) for a value that an attribute does not take */
export function rehireSteps(rehire: Rehire, resolved: Resolved, context: StepContext): Parts | Fault {
	const { person, account } = rehire;
	const memory = memoryOf(context);
	const { policy } = context.request;
	const snapshot = policy.rehires.restore ? account.snapshot : undefined;
	const notes: string[] = [];
	if (policy.rehires.restore && !snapshot)
		notes.push('There is no snapshot of what the account had: nothing is restored.');
	const job: Job = { rehire, resolved, context, memory, snapshot, notes };
	const place = placeOf(job);
	if (isFault(place)) return place;
	if (!place && !memory.isInScope(parentText(account.dn))) return staysOutside(account);
	const moved = relocation(account, place, policy.movers.rename ? resolved.names.cn : undefined, context, memory);
	if (isFault(moved)) return moved;
	const writes = toWrites(deltasOf(job), memory);
	const { first, last } = setSteps(writes);
	const { pwdLastSet, uac } = stateOf(account);
	const steps = [
		...(moved ? [moved] : []),
		...first,
		...membershipSteps(person, account.entry, groupsBefore(job), context),
		...finishing({ mustChange: policy.rehires.mustChange }, pwdLastSet, uac),
		...last,
	];
	return partsOf(steps, notes, writes.dependsOn);
}

/** Enabled where leavers stand, it would be out of the scope of every further plan: none would see it leave again. */
function staysOutside({ dn }: AccountView): Fault {
	return unusable(
		`${dn} stands outside the scope of the plan, and nothing says where it is to go.`,
		'Give the person an organisational unit under Placement in Attribute Map, or turn restoring on.',
	);
}

/** Where the record says, else where the account stood. */
function placeOf({ rehire: { person }, context, memory, snapshot }: Job): PlaceKnown | Fault | undefined {
	if (person.ou !== '') return placeFor(person, context, memory);
	if (!snapshot) return undefined;
	const { guid, dn } = snapshot.ou;
	const place = context.places.get(guid);
	if (place && !('reason' in place)) return inScope(place, memory);
	return unusable(
		`The account cannot be moved back: the organisational unit ${dn} does not exist any more, or cannot be read.`,
		'Create or restore it, give the person an organisational unit in Attribute Map, or turn restoring off.',
	);
}

/** Restored, then what the feed wants of the result, then names and anchor; each attribute once, from what stands there now. */
function deltasOf(job: Job): readonly Delta[] {
	const { rehire, resolved, context, memory } = job;
	const { person, account, newKey } = rehire;
	const { entry } = account;
	const { policy, anchor } = context.request;
	const restored = restoredDeltas(job);
	const before = withValues(entry, job.snapshot?.attributes ?? [], restored);
	const desired = desiredDeltas(person, before, { references: resolved.references, memory, creating: false });
	const key = newKey ? textDelta(anchor, person.key.trim(), entry, memory) : undefined;
	const named = policy.movers.rename ? nameDeltas(resolved.names, before, memory) : [];
	const all = byAttribute([...restored, ...desired, ...named, ...(key ? [key] : [])]).flatMap(
		({ rule, to }) => changeOf(rule, valuesOf(entry, rule.key), to, memory) ?? [],
	);
	return withoutPastEnd(all, job);
}

/** Only what still has what leaving wrote: a later change is somebody's decision. */
function restoredDeltas({ rehire, memory, snapshot, notes }: Job): readonly Delta[] {
	const { person, account } = rehire;
	const mapped = new Set(Object.keys(person.attributes).map((name) => name.toLowerCase()));
	return (snapshot?.attributes ?? []).flatMap(({ attribute, from, to }): Delta[] => {
		const rule = memory.rule(attribute);
		const now = valuesOf(account.entry, attribute);
		if (!memory.isRead(attribute)) {
			notes.push(`${attribute} is not restored: it is no longer among the attributes that leaving clears.`);
			return [];
		}
		if (sameValues(now, from)) return [];
		if (sameValues(now, to)) return [{ rule, from: now, to: from.map((value) => asReference(value, snapshot)) }];
		if (!mapped.has(rule.key))
			notes.push(`${attribute} was changed since the account was disabled, and is kept as it is.`);
		return [];
	});
}

/** People are renamed and moved while others are away: a manager comes back by GUID. */
function asReference(dn: string | Buffer, snapshot: Snapshot | undefined): Wanted {
	const guid = snapshot?.references?.[String(dn)];
	return guid === undefined ? dn : ({ guid, dn: String(dn) } satisfies Ref);
}

/** The account as it would be with what is restored. */
function withValues(entry: Entry, held: readonly SnapshotAttribute[], restored: readonly Delta[]): Entry {
	const attributes = { ...entry.attributes };
	for (const { rule } of restored) {
		const from = held.find(({ attribute }) => attribute.toLowerCase() === rule.key)?.from ?? [];
		if (from.length > 0) attributes[rule.key] = from;
		else delete attributes[rule.key];
	}
	return { dn: entry.dn, attributes };
}

/** An end from the time before the leave would keep out somebody who is back. */
function withoutPastEnd(deltas: readonly Delta[], { rehire, context, memory, notes }: Job): readonly Delta[] {
	const { person, account } = rehire;
	const rule = memory.rule(EXPIRES);
	const isMapped = Object.keys(person.attributes).some((name) => name.toLowerCase() === rule.key);
	if (person.endsAt !== null || isMapped) return deltas;
	const planned = deltas.find((delta) => delta.rule.key === rule.key);
	const [end] = planned ? planned.to : valuesOf(account.entry, EXPIRES);
	const at = typeof end === 'string' ? fromFileTime(end) : undefined;
	if (at === undefined || at > Date.parse(context.facts.now)) return deltas;
	notes.push(`The account had ended at ${new Date(at).toISOString().slice(0, 10)}: it has no end any more.`);
	const change = changeOf(rule, valuesOf(account.entry, EXPIRES), [NEVER], memory);
	return [...deltas.filter((delta) => delta !== planned), ...(change ? [change] : [])];
}

/** Those that the person was in; in mode `managed` rules alone say who is in theirs. */
function groupsBefore({ rehire: { person }, context, memory, snapshot, notes }: Job): readonly GroupKnown[] {
	const { mode } = context.request.policy.groups;
	let gone = 0;
	const groups = (snapshot?.groups ?? []).flatMap((guid) => {
		const group = context.groups.get(guid);
		if (group === undefined || 'reason' in group) {
			gone += 1;
			return [];
		}
		if (group.protection !== undefined) {
			notes.push(`The person is not put back into ${group.dn}: it is protected, ${group.protection}.`);
			return [];
		}
		const names = memory.groupAt(memory.keyOf(group.dn))?.names ?? [];
		return mode === 'managed' && isManaged(person, names, memory) ? [] : [group];
	});
	if (gone > 0) notes.push(`${gone} of the groups before leaving do not exist any more, or cannot be read.`);
	return groups;
}
