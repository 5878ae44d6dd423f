/** A new account, and one that an earlier run began and has not finished. */
import type { Ref, Value, Write } from '../../contracts';
import { NEEDED_NAMES } from '../../directory/accounts/names';
import { textOf, type Entry } from '../../directory/entry';
import { NEW_DISABLED_ACCOUNT, parseUserAccountControl } from '../../directory/userAccountControl';
import { NEVER } from '../../schema/instants';
import { desiredDeltas, nameDeltas, textDelta, toPlainValue, toWrites, type Delta, type Writes } from './attributes';
import { membershipSteps } from './groupSteps';
import { commonName, placeFor, relocation } from './placement';
import { memoryOf } from './stepMemory';
import { isFault, partsOf, type Fault, type Parts, type StepBody } from './steps';
import type { AccountView, Decision, Resolved, StepContext } from './types';

type Joiner = Extract<Decision, { kind: 'joiner' }>;
type Pending = Extract<Decision, { kind: 'pending' }>;

/** The account before there is one. */
const NO_ACCOUNT: Entry = { dn: '', attributes: {} };

/**
 * One Add with everything in it, the groups, and, when the start is reached, password and enabling.
 * @throws DirectoryError (person) for a value that an attribute does not take
 */
export function joinerSteps({ person, enable }: Joiner, resolved: Resolved, context: StepContext): Parts | Fault {
	const memory = memoryOf(context);
	const { anchor, policy } = context.request;
	const { names, references } = resolved;
	// First: names are looked for in a place, so without one there are none, and that would be the wrong thing to say.
	const place = placeFor(person, context, memory);
	if (isFault(place)) return place;
	const missing = NEEDED_NAMES.find((name) => names[name] === undefined);
	if (missing !== undefined || names.cn === undefined)
		return {
			kind: 'no name',
			message: `There is no name to give: nothing says what ${missing ?? 'cn'} is to be.`,
			whatToDo: `Give ${missing ?? 'cn'} by a row under Names in Attribute Map.`,
		};
	const deltas = byAttribute([
		...desiredDeltas(person, NO_ACCOUNT, { references, memory, creating: true }),
		...nameDeltas(names, NO_ACCOUNT, memory),
		...toList(textDelta(anchor, person.key.trim(), NO_ACCOUNT, memory)),
	]);
	const { later, dependsOn } = toWrites(deltas, memory);
	const rule = { mustChange: policy.joiners.mustChange };
	const parent = { guid: place.guid, dn: place.dn };
	const steps: StepBody[] = [
		{ do: 'create', parent, rdn: commonName(names.cn), attributes: toAdd(deltas), password: rule },
		...membershipSteps(person, undefined, [], context),
		...(enable ? finishing(rule, '', NEW_DISABLED_ACCOUNT) : []),
		...setStep(later),
	];
	return partsOf(steps, [], dependsOn);
}

function toList<T>(value: T | undefined): readonly T[] {
	return value === undefined ? [] : [value];
}

/** The values of an Add; those who do not exist yet are written when they do. */
function toAdd(deltas: readonly Delta[]): Readonly<Record<string, ReadonlyArray<Value | Ref>>> {
	return Object.fromEntries(
		deltas.flatMap(({ rule, to }) => {
			const values = to.map(toPlainValue).filter((value) => typeof value === 'string' || !('change' in value));
			// No end is what an account begins with.
			return values.length === 0 || values[0] === NEVER ? [] : [[rule.name, values] as const];
		}),
	);
}

/** The last word for each attribute: a name from a ladder comes after what is mapped. */
export function byAttribute(deltas: readonly Delta[]): readonly Delta[] {
	return deltas.length < 2 ? deltas : [...new Map(deltas.map((delta) => [delta.rule.key, delta])).values()];
}

/** One Modify, or none. */
export function setStep(writes: readonly Write[]): readonly StepBody[] {
	return writes.length > 0 ? [{ do: 'set', writes }] : [];
}

/** The first Modify, and the last one, which waits for joiners. */
export function setSteps({ now, later }: Writes): { first: readonly StepBody[]; last: readonly StepBody[] } {
	return { first: setStep(now), last: setStep(later) };
}

/** A password, and the account enabled after it. */
export function finishing(
	rule: { readonly mustChange: boolean },
	pwdLastSetBefore: string,
	fromUac: number,
): readonly StepBody[] {
	return [
		{ do: 'setPassword', rule, pwdLastSetBefore },
		{ do: 'enable', fromUac, with: [] },
	];
}

/** The account's own numbers, as the steps that are about them hold them. */
export function stateOf({ entry }: AccountView): { readonly pwdLastSet: string; readonly uac: number } {
	return {
		pwdLastSet: textOf(entry, 'pwdLastSet') ?? '',
		uac: parseUserAccountControl(textOf(entry, 'userAccountControl')),
	};
}

/**
 * Brought to what is wanted now, by the rules of creation, since nobody has worked with it yet. Finished when the start is reached, with the names
 * of a mover: else the next plan would rename somebody on the first day. Until then it is renamed only where it moves to a namesake.
 * @throws DirectoryError (person) for a value that an attribute does not take
 */
export function pendingSteps(
	{ person, account, finish }: Pending,
	resolved: Resolved,
	context: StepContext,
): Parts | Fault {
	const memory = memoryOf(context);
	const { policy } = context.request;
	const { references, names } = resolved;
	const { move, rename } = policy.movers;
	const deltas = byAttribute([
		...desiredDeltas(person, account.entry, { references, memory, creating: true }),
		...(rename ? nameDeltas(names, account.entry, memory) : []),
	]);
	const writes = toWrites(deltas, memory);
	const place = move && person.ou !== '' ? placeFor(person, context, memory) : undefined;
	if (isFault(place)) return place;
	const moved = relocation(account, place, rename ? names.cn : undefined, context, memory);
	if (isFault(moved)) return moved;
	const { first, last } = setSteps(writes);
	const { pwdLastSet, uac } = stateOf(account);
	const steps = [
		...first,
		...toList(moved),
		...membershipSteps(person, account.entry, [], context),
		...(finish ? finishing({ mustChange: policy.joiners.mustChange }, pwdLastSet, uac) : []),
		...last,
	];
	return partsOf(steps, [], writes.dependsOn);
}
