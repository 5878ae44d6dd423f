/** Taking a leaver out of groups, and bringing somebody back into them. */
import { dnKey } from '../../schema/dn';
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal } from '../filter';
import { writeLinks, type LinkKind } from '../groups/links';
import { guidDn, guidToBytes } from '../guid';
import { PROTECTION_ATTRIBUTES } from '../protect';
import { guidOf } from './account';
import { attempt, isTakenOver, type Progress } from './leaveProgress';

export type Membership = { readonly guid: string; readonly dn: string; readonly name: string };

/** With what the check for protected groups needs. */
const GROUP_ATTRIBUTES = ['objectGUID', 'sAMAccountName', ...PROTECTION_ATTRIBUTES] as const;

/** Keys in one filter, as lib/directory/accounts/find.ts has it. */
const BATCH = 100;

/**
 * The groups that have the account as a member of their own; the primary group has not (MS-ADTS 3.1.1.4.5.1). Asked of the groups, because
 * memberOf names them without GUID, and gives no more than 1,500 at once.
 * @param entry with memberOf; `unseen` are the groups that only it names: of other domains, or not to be read by the service account
 */
export async function membershipsOf(
	directory: Directory,
	entry: Entry,
): Promise<{ groups: readonly Entry[]; unseen: readonly string[] }> {
	const { dn } = await directory.domain();
	const found = await directory.search(dn, {
		scope: 'sub',
		filter: equal('member', entry.dn),
		attributes: GROUP_ATTRIBUTES,
	});
	const seen = new Set(found.map((group) => dnKey(group.dn)));
	return {
		groups: found,
		unseen: textsOf(entry, 'memberOf').filter((name) => !seen.has(dnKey(name))),
	};
}

export function toMembership(group: Entry): Membership {
	return { guid: guidOf(group), dn: group.dn, name: textOf(group, 'sAMAccountName') ?? group.dn };
}

/** The groups by their GUIDs as they are now; those that are gone are left out. */
export async function groupsByGuid(directory: Directory, guids: readonly string[]): Promise<readonly Entry[]> {
	const { dn } = await directory.domain();
	const found: Entry[] = [];
	for (let first = 0; first < guids.length; first += BATCH) {
		const batch = guids.slice(first, first + BATCH);
		const entries = await directory.search(dn, {
			scope: 'sub',
			filter: anyOf(batch.map((guid) => equal('objectGUID', guidToBytes(guid)))),
			attributes: GROUP_ATTRIBUTES,
		});
		for (const entry of entries) found.push(entry);
	}
	return found;
}

/**
 * One group after the other; one that refuses does not keep the others.
 * @param before looked at just before each, since a membership has no condition of its own; what it throws ends all
 */
export async function writeMemberships(
	directory: Directory,
	progress: Progress,
	kind: LinkKind,
	groups: readonly Membership[],
	account: string,
	before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
	const written: string[] = [];
	for (const group of groups) {
		if (isTakenOver(progress)) break;
		await attempt(progress, `${kind === 'add' ? 'into' : 'out of'} the group ${group.name}`, async () => {
			await before();
			const [outcome] = await writeLinks(directory, guidDn(group.guid), kind, [account]);
			if (!outcome || outcome.status === 'failed') throw outcome?.error ?? refusal(group);
			if (outcome.status === 'done') written.push(group.dn);
			return outcome.status === 'done';
		});
	}
	if (written.length > 0)
		progress.changes.push({
			attribute: 'memberOf',
			...(kind === 'add' ? { from: [], to: written } : { from: written, to: [] }),
		});
}

function refusal(group: Membership): DirectoryError {
	return new DirectoryError({
		kind: 'person',
		message: 'The directory refuses it.',
		whatToDo: `Look at the group ${group.dn}.`,
	});
}
