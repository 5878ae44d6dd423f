/** What can be taken away from a leaver, so that the snapshot of it has room in the attribute that holds it. */
import { parentText } from '../../schema/dn';
import { makeSnapshot, type Snapshot, type SnapshotAttribute } from '../../directory/snapshot';
import { attributeFacts } from '../../schema/attributes';
import { stateOf } from './joinerSteps';
import { containerOf } from './placement';
import type { StepMemory } from './stepMemory';
import type { AccountView, GroupKnown, StepContext } from './types';

export type Taken = { readonly attributes: readonly SnapshotAttribute[]; readonly groups: readonly GroupKnown[] };

/** `mayMove`: whether the place from before would be known. */
export type Fitting = Taken & { readonly mayMove: boolean; readonly note: string | undefined };

/** As long as any other. */
const ANY_GUID = '00000000-0000-0000-0000-000000000000';

/**
 * All of it, or without the groups, or without the attributes too, or nothing: what could not be restored is kept.
 * Measured on the snapshot that applying will write.
 */
export function fitting(account: AccountView, full: Taken, context: StepContext, memory: StepMemory): Fitting {
	const { markRoom, request } = context;
	if (markRoom === Infinity) return { ...full, mayMove: true, note: undefined };
	const fits = ({ attributes, groups }: Taken) =>
		makeSnapshot(request.signingKey, account.guid, {
			at: context.facts.now,
			ou: containerOf(account, context, memory) ?? { guid: ANY_GUID, dn: parentText(account.dn) },
			groups: groups.map(({ guid }) => guid),
			attributes,
			references: referencesOf(attributes),
			pwdLastSet: stateOf(account).pwdLastSet,
		}).length <= markRoom;
	const { attributes } = full;
	const none: Taken = { attributes: [], groups: [] };
	const because = `The snapshot does not fit into ${request.markAttribute}: the account is disabled`;
	if (fits(full)) return { ...full, mayMove: true, note: undefined };
	if (fits({ attributes, groups: [] }))
		return { attributes, groups: [], mayMove: true, note: `${because}, the groups are kept.` };
	if (fits(none)) return { ...none, mayMove: true, note: `${because}, groups and attributes are kept.` };
	return {
		...none,
		mayMove: false,
		note: `${because}, groups, attributes and place are kept, and cannot be restored.`,
	};
}

/** The names of others that it will hold by GUID too. */
function referencesOf(attributes: readonly SnapshotAttribute[]): NonNullable<Snapshot['references']> {
	return Object.fromEntries(
		attributes
			.filter(({ attribute }) => attributeFacts(attribute)?.syntax === 'dn')
			.flatMap(({ from }) => from.map((name) => [String(name), ANY_GUID] as const)),
	);
}
