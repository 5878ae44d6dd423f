/** The one group that a text means, or why there is none. Groups come from lists, from mappings and from hand-written names. */
import { isObjectName } from '../../schema/dn';
import { guidOf } from '../accounts/account';
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { allOf, anyOf, equal, refuseNul } from '../filter';
import { guidDnIn } from '../guid';
import { PROTECTION_ATTRIBUTES } from '../protect';

/** What every operation on a group reads. */
export const GROUP_ATTRIBUTES = [
	...['objectGUID', 'sAMAccountName', 'cn', 'name', 'groupType'],
	...PROTECTION_ATTRIBUTES,
] as const;

export type GroupFound =
	| { readonly outcome: 'found'; readonly entry: Entry }
	| { readonly outcome: 'not found'; readonly message: string; readonly whatToDo: string }
	| {
			readonly outcome: 'ambiguous';
			readonly dns: readonly string[];
			readonly message: string;
			readonly whatToDo: string;
	  };

/** What a result says about its group. */
export type GroupRef = {
	readonly guid: string;
	readonly dn: string;
	readonly name: string;
	readonly sAMAccountName: string;
};

/** @param entry with GROUP_ATTRIBUTES */
export function toGroupRef(entry: Entry): GroupRef {
	const sAMAccountName = textOf(entry, 'sAMAccountName') ?? '';
	return { guid: guidOf(entry), dn: entry.dn, name: textOf(entry, 'cn') ?? sAMAccountName, sAMAccountName };
}

export function isGroup(entry: Entry): boolean {
	return textsOf(entry, 'objectClass').some((name) => name.toLowerCase() === 'group');
}

/**
 * Looks for a group by GUID (with or without `<GUID=...>`), by distinguished name, and else by account name or common name in the whole
 * domain. A text that could be either form is tried as both, since a group may be called anything.
 * @param attributes to be read besides GROUP_ATTRIBUTES
 * @throws DirectoryError
 */
export async function findGroup(
	directory: Directory,
	text: string,
	attributes: readonly string[] = [],
): Promise<GroupFound> {
	const wanted = [...new Set([...GROUP_ATTRIBUTES, ...attributes])];
	const name = text.trim();
	refuseNul('the group', name);
	if (name === '')
		throw new DirectoryError({
			kind: 'person',
			message: 'There is no name of a group to look for.',
			whatToDo: 'Give the group by its name, its distinguished name or its GUID.',
		});
	const guid = guidDnIn(name);
	const itself = guid ?? (isObjectName(name) ? name : undefined);
	const direct = itself === undefined ? undefined : await directory.read(itself, wanted);
	if (direct && isGroup(direct)) return { outcome: 'found', entry: direct };
	const named = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: allOf([equal('objectClass', 'group'), anyOf([equal('sAMAccountName', name), equal('cn', name)])]),
		attributes: wanted,
	});
	const [entry] = named;
	if (named.length === 1 && entry) return { outcome: 'found', entry };
	if (entry) return severalGroups(name, named);
	return {
		outcome: 'not found',
		message: direct ? `${direct.dn} is no group.` : `There is no group "${name}" in the domain.`,
		whatToDo: 'Check the group, and that the service account may read the place where it stands.',
	};
}

function severalGroups(name: string, found: readonly Entry[]): GroupFound {
	const dns = found.map(({ dn }) => dn);
	return {
		outcome: 'ambiguous',
		dns,
		message: `${dns.length} groups are called "${name}": ${dns.slice(0, 5).join(' · ')}`,
		whatToDo: 'Give the group by its distinguished name or its GUID.',
	};
}
