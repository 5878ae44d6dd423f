/** Making a person a member of the groups that the desired account names. */
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { findGroup } from '../groups/find';
import { writeLinks } from '../groups/links';
import { guidDn } from '../guid';
import { dnKey } from '../../schema/dn';
import { guidOf } from './account';
import type { AccountRun } from './locate';

export type WantedGroup = { readonly guid: string; readonly dn: string; readonly name: string };

/** By name as given: the group, or why it cannot be used. */
export type KnownGroups = Map<string, WantedGroup | Unfit>;
type Unfit = { readonly kind: 'person' | 'protected'; readonly reason: string };

/**
 * The groups by their names, each looked for once in a run.
 * @param names distinguished names, GUIDs, account names or common names
 * @throws DirectoryError (person) when one cannot be used: before anything is written for the person
 */
export async function wantedGroups(run: AccountRun, names: readonly string[]): Promise<WantedGroup[]> {
	const groups: WantedGroup[] = [];
	for (const name of new Set(names)) {
		const known = run.known.groups.get(name) ?? (await groupBy(run, name));
		run.known.groups.set(name, known);
		if ('reason' in known) {
			throw new DirectoryError({
				kind: known.kind,
				message: `The group "${name}" cannot be given: ${known.reason}. Nothing was written for this person.`,
				whatToDo: 'Correct the group, or take it out; groups are never created.',
			});
		}
		groups.push(known);
	}
	return groups;
}

async function groupBy(run: AccountRun, name: string): Promise<WantedGroup | Unfit> {
	const found = await findGroup(run.directory, name);
	const unfit = (reason: string, kind: Unfit['kind'] = 'person'): Unfit => ({ kind, reason });
	if (found.outcome === 'not found') return unfit('there is no such group');
	if (found.outcome === 'ambiguous')
		return unfit(`several groups are called so (${found.dns.slice(0, 3).join(' · ')})`);
	const reason = await run.guard.ofGroup(found.entry);
	if (reason) return unfit(`it is protected (${reason})`, 'protected');
	return { guid: guidOf(found.entry), dn: found.entry.dn, name: textOf(found.entry, 'sAMAccountName') ?? name };
}

/** Those that the person is no member of yet. @param entry with memberOf */
export function missingGroups(entry: Entry, groups: readonly WantedGroup[]): readonly WantedGroup[] {
	const has = new Set(textsOf(entry, 'memberOf').map(dnKey));
	return groups.filter(({ dn }) => !has.has(dnKey(dn)));
}

/** @returns groups joined now, and what could not be done, in words */
export async function joinGroups(
	{ directory }: AccountRun,
	guid: string,
	groups: readonly WantedGroup[],
): Promise<{ joined: readonly WantedGroup[]; failed: readonly string[] }> {
	const joined: WantedGroup[] = [];
	const failed: string[] = [];
	for (const group of groups) {
		const [outcome] = await writeLinks(directory, guidDn(group.guid), 'add', [guidDn(guid)]);
		if (outcome?.status === 'done') joined.push(group);
		if (outcome?.status === 'failed') failed.push(`${group.name}: ${outcome.error?.message ?? 'refused'}`);
	}
	return { joined, failed };
}
