/** Somebody who works here: whatever differs, and nothing else. */
import { desiredDeltas, nameDeltas, textDelta, toWrites, type Delta } from './attributes';
import { membershipSteps } from './groupSteps';
import { byAttribute, setSteps } from './joinerSteps';
import { placeFor, relocation } from './placement';
import { memoryOf } from './stepMemory';
import { isFault, NOTHING, partsOf, type Fault, type Parts, type StepBody } from './steps';
import type { Decision, Resolved, StepContext } from './types';

type Mover = Extract<Decision, { kind: 'mover' }>;

const NO_DELTAS: readonly Delta[] = [];
const NO_STEPS: readonly StepBody[] = [];

/**
 * Attributes, names and anchor in one Modify; name and place in one ModifyDN; groups.
 * @throws DirectoryError (person) for a value that an attribute does not take
 */
export function moverSteps(mover: Mover, resolved: Resolved, context: StepContext): Parts | Fault {
	const { person, account } = mover;
	const { update, move, rename } = context.request.policy.movers;
	const memory = memoryOf(context);
	const place = move && person.ou !== '' ? placeFor(person, context, memory) : undefined;
	if (isFault(place)) return place;
	const moved = relocation(account, place, rename ? resolved.names.cn : undefined, context, memory);
	if (isFault(moved)) return moved;
	const deltas = deltasOf(mover, resolved, context);
	const links = update ? membershipSteps(person, account.entry, [], context) : NO_STEPS;
	if (deltas.length === 0 && moved === undefined && links.length === 0) return NOTHING;
	const writes = toWrites(byAttribute(deltas), memory);
	const { first, last } = setSteps(writes);
	return partsOf([...first, ...(moved ? [moved] : []), ...links, ...last], [], writes.dependsOn);
}

function deltasOf(
	{ person, account: { entry }, newKey }: Mover,
	{ names, references }: Resolved,
	context: StepContext,
): readonly Delta[] {
	const memory = memoryOf(context);
	const { policy, anchor } = context.request;
	const desired = policy.movers.update
		? desiredDeltas(person, entry, { references, memory, creating: false })
		: NO_DELTAS;
	const named = policy.movers.rename ? nameDeltas(names, entry, memory) : NO_DELTAS;
	// Without it the account would be looked for by the previous key for ever, and be lost when HR forgets that one.
	const key = newKey ? textDelta(anchor, person.key.trim(), entry, memory) : undefined;
	if (named.length === 0 && key === undefined) return desired;
	return [...desired, ...named, ...(key ? [key] : [])];
}
