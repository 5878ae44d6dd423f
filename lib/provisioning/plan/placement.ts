/** Where an account is to stand, and the one ModifyDN that brings it there. */
import type { DesiredAccount } from '../../contracts';
import { rdnOf } from '../../directory/accounts/relocate';
import { formatDn, parentText } from '../../schema/dn';
import type { StepMemory } from './stepMemory';
import type { Fault, StepBody } from './steps';
import type { AccountView, PlaceKnown, StepContext } from './types';

/** The container that an account stands in; undefined when it could not be read. */
export function containerOf(
	{ dn }: AccountView,
	{ containers }: StepContext,
	memory: StepMemory,
): PlaceKnown | undefined {
	return containers.get(memory.keyOf(parentText(dn)));
}

/** Whether an account stands right in a place. */
export function isIn({ dn }: AccountView, place: PlaceKnown, memory: StepMemory): boolean {
	const parent = parentText(dn);
	return parent === place.dn || memory.keyOf(parent) === memory.keyOf(place.dn);
}

/** The organisational unit that the person's record asks for. It must exist, and lie where the next plan will read it again. */
export function placeFor({ ou }: DesiredAccount, context: StepContext, memory: StepMemory): PlaceKnown | Fault {
	if (ou === '')
		return unusable('There is no organisational unit for the account.', 'Enter one under Placement in Attribute Map.');
	const place = context.places.get(ou);
	if (!place || 'reason' in place)
		return unusable(
			`The organisational unit "${ou}" cannot be used: ${place?.reason ?? 'it was not found'}.`,
			'Correct it in the HR system or under Placement in Attribute Map, or create it: a plan never does.',
		);
	return inScope(place, memory);
}

/** @returns the place, when accounts in it are in the scope of the plan */
export function inScope(place: PlaceKnown, memory: StepMemory): PlaceKnown | Fault {
	return memory.isInScope(place.dn)
		? place
		: unusable(
				`The organisational unit ${place.dn} lies outside the scope of the plan, so the account could not be found there again.`,
				'Widen the search bases of the plan, or choose an organisational unit inside them.',
			);
}

export function unusable(message: string, whatToDo: string): Fault {
	return { kind: 'organisational unit', message, whatToDo };
}

/** The name of an object in its container, as requests have it. */
export function commonName(cn: string): string {
	return formatDn([[{ attribute: 'CN', value: cn }]]);
}

/**
 * Renames, moves, or both at once.
 * @param to undefined = it stays where it is
 * @param cn undefined = it keeps its name
 * @returns undefined when it stands there under this name
 */
export function relocation(
	account: AccountView,
	to: PlaceKnown | undefined,
	cn: string | undefined,
	context: StepContext,
	memory: StepMemory,
): StepBody | Fault | undefined {
	const moves = to !== undefined && !isIn(account, to, memory);
	if (!moves && cn === undefined) return undefined;
	const rdn = rdnOf(account.dn);
	const wanted = cn === undefined ? rdn : commonName(cn);
	if (!moves && wanted === rdn) return undefined;
	const parent = containerOf(account, context, memory);
	if (!parent)
		return unusable(
			`The service account cannot read ${parentText(account.dn)}, where the account stands.`,
			'Give it the right to read it: a move is taken back by knowing the place.',
		);
	return { do: 'relocate', from: { parent, rdn }, to: { parent: moves ? to : parent, rdn: wanted } };
}
