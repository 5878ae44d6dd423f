/**
 * What a snapshot leaves out, made up so that it is always made up in the same way: GUIDs and SIDs from the names, memberships from the groups'
 * lists of members, groups and places that are only mentioned.
 */
import { createHash } from 'node:crypto';
import { textOf, textsOf, valuesOf, type Entry } from '../../directory/entry';
import { isGroup } from '../../directory/groups/find';
import { sidToBytes } from '../../directory/sid';
import { isObjectName, parseDn, safeDnKey } from '../../schema/dn';
import { guidKey } from './liveFind';

export type Domain = {
	readonly dn: string;
	readonly name: string;
	readonly guid: Buffer;
	/** SID without the last part. */
	readonly sid: string;
};

/** Of groups whose SID is not in the snapshot, by English name (MS-DTYP 2.4.2.4): else nobody would be privileged in it. */
const WELL_KNOWN: ReadonlyMap<string, string> = new Map([
	...(
		[
			['domain admins', 512],
			['domain controllers', 516],
			['cert publishers', 517],
			['schema admins', 518],
			['enterprise admins', 519],
			['group policy creator owners', 520],
			['key admins', 526],
			['enterprise key admins', 527],
		] as const
	).map(([name, rid]) => [name, `-${rid}`] as const),
	...(
		[
			['administrators', 544],
			['users', 545],
			['account operators', 548],
			['server operators', 549],
			['print operators', 550],
			['backup operators', 551],
			['replicator', 552],
			['remote desktop users', 555],
		] as const
	).map(([name, rid]) => [name, `S-1-5-32-${rid}`] as const),
]);

/** Bytes that are the same for every spelling of a name, and for no other. */
function bytesFrom(kind: string, dn: string): Buffer {
	return createHash('sha256')
		.update(JSON.stringify([kind, safeDnKey(dn)]))
		.digest();
}

export function derivedGuid(dn: string): Buffer {
	return bytesFrom('objectGUID', dn).subarray(0, 16);
}

/** Of the form of a domain's SID. */
export function derivedDomainSid(dn: string): string {
	const bytes = bytesFrom('objectSid', dn);
	return `S-1-5-21-${[0, 4, 8].map((at) => bytes.readUInt32LE(at)).join('-')}`;
}

/** Above those that came with the domain. */
function derivedSid(entry: Entry, domainSid: string): string {
	const known = isGroup(entry) ? WELL_KNOWN.get(nameOf(entry).toLowerCase()) : undefined;
	if (known !== undefined) return known.startsWith('S') ? known : `${domainSid}${known}`;
	return `${domainSid}-${1000 + (bytesFrom('objectSid', entry.dn).readUInt32LE(0) % 2_000_000_000)}`;
}

/** Nothing is a user or a group without a SID. */
export function withSid(entry: Entry, domainSid: string): Entry {
	return valuesOf(entry, 'objectSid').length > 0
		? entry
		: withValue(entry, 'objectsid', sidToBytes(derivedSid(entry, domainSid)));
}

function nameOf(entry: Entry): string {
	return textOf(entry, 'sAMAccountName') ?? textOf(entry, 'cn') ?? firstValue(entry.dn);
}

/** The value of the first name. */
export function firstValue(dn: string): string {
	return parseDn(dn)[0]?.[0]?.value ?? '';
}

/** Each object once, with a GUID. */
export function identified(entries: readonly Entry[]): Entry[] {
	const seen = new Set<string>();
	const unique: Entry[] = [];
	for (const entry of entries) {
		const whole =
			valuesOf(entry, 'objectGUID').length > 0 ? entry : withValue(entry, 'objectguid', derivedGuid(entry.dn));
		const key = guidKey(whole);
		if (seen.has(key)) continue;
		seen.add(key);
		unique.push(whole);
	}
	return unique;
}

export function withValue(entry: Entry, attribute: string, ...values: readonly (string | Buffer)[]): Entry {
	return { dn: entry.dn, attributes: { ...entry.attributes, [attribute]: values } };
}

/** Where no account says what it is a member of, its groups do. */
export function withMemberships(entries: readonly Entry[]): readonly Entry[] {
	if (entries.some((entry) => !isGroup(entry) && valuesOf(entry, 'memberOf').length > 0)) return entries;
	const groups = new Map<string, string[]>();
	for (const group of entries.filter(isGroup)) {
		for (const member of textsOf(group, 'member')) {
			const key = safeDnKey(member);
			groups.set(key, [...(groups.get(key) ?? []), group.dn]);
		}
	}
	if (groups.size === 0) return entries;
	return entries.map((entry) => {
		const own = valuesOf(entry, 'memberOf').length > 0 ? undefined : groups.get(safeDnKey(entry.dn));
		return own ? withValue(entry, 'memberof', ...own) : entry;
	});
}

/** Groups that are mentioned and stand in the snapshot nowhere: a leaver is taken out of them all the same. */
export function mentionedGroups(entries: readonly Entry[], groups: readonly Entry[], domainSid: string): Entry[] {
	const names = new Set<string>();
	for (const entry of entries)
		for (const name of valuesOf(entry, 'memberOf')) if (typeof name === 'string') names.add(name);
	const known = new Set(groups.map(({ dn }) => safeDnKey(dn)));
	const mentioned = new Map([...names].filter(isObjectName).map((name) => [safeDnKey(name), name]));
	return [...mentioned]
		.filter(([key]) => !known.has(key))
		.map(([, dn]) => {
			const name = firstValue(dn);
			const attributes = { objectclass: ['top', 'group'], cn: [name], samaccountname: [name] };
			return withSid({ dn, attributes: { ...attributes, objectguid: [derivedGuid(dn)] } }, domainSid);
		});
}
