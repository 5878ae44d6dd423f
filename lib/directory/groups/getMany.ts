/** Groups in a list. */
import { guidOf } from '../accounts/account';
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { allOf, equal, type Filter } from '../filter';
import { searchBelow } from '../searchBelow';

export type GroupsRequest = {
	/** Absent = the credential's search base. */
	readonly base?: string;
	readonly scope: 'one' | 'sub';
	/** Besides that they are groups. */
	readonly filter?: Filter;
	/** No more groups than this; absent = all. */
	readonly limit?: number;
};

export type GroupRecord = {
	readonly guid: string;
	readonly dn: string;
	readonly name: string;
	readonly sAMAccountName: string;
	readonly description: string;
	readonly mail: string;
	readonly scope: 'domainLocal' | 'global' | 'universal' | 'unknown';
	readonly type: 'security' | 'distribution';
	/** Distinguished name; '' = nobody. */
	readonly managedBy: string;
};

const RECORD_ATTRIBUTES = [
	...['objectGUID', 'cn', 'sAMAccountName', 'description', 'mail', 'groupType', 'managedBy'],
] as const;

/** @throws DirectoryError */
export async function getManyGroups(
	directory: Directory,
	{ base, scope, filter, limit }: GroupsRequest,
): Promise<GroupRecord[]> {
	const groups = equal('objectClass', 'group');
	const found = await searchBelow(directory, base, {
		scope,
		filter: filter ? allOf([groups, filter]) : groups,
		attributes: RECORD_ATTRIBUTES,
		...(limit === undefined ? {} : { limit }),
	});
	return found.map(toGroupRecord);
}

/** @param entry with the attributes that the fields are named after, and groupType */
export function toGroupRecord(entry: Entry): GroupRecord {
	const text = (attribute: string) => textOf(entry, attribute) ?? '';
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		name: text('cn'),
		sAMAccountName: text('sAMAccountName'),
		// Multi-valued by the schema, though a domain controller keeps to one for groups.
		description: textsOf(entry, 'description').join('\n'),
		mail: text('mail'),
		...parseGroupType(text('groupType')),
		managedBy: text('managedBy'),
	};
}

/** Bits of groupType (MS-ADTS 2.2.12), which the directory writes as a signed number. */
const SCOPES = [
	[0x2, 'global'],
	[0x4, 'domainLocal'],
	[0x8, 'universal'],
] as const;
const SECURITY = 0x80000000;

/** @param text a signed or unsigned 32-bit number; anything else is a distribution group of unknown scope */
export function parseGroupType(text: string): Pick<GroupRecord, 'scope' | 'type'> {
	const bits = /^-?\d{1,10}$/.test(text) ? Number(text) : 0;
	return {
		scope: SCOPES.find(([bit]) => (bits & bit) !== 0)?.[1] ?? 'unknown',
		type: (bits & SECURITY) === 0 ? 'distribution' : 'security',
	};
}
