/**
 * Nobody privileged is touched: members of privileged groups, directly or through other groups, accounts that came with the domain, service
 * accounts, and the account that is logged on. A service account with too many rights must not turn an HR record into a takeover.
 */
import type { Directory } from './directory';
import { bytesOf, textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { allOf, anyOf, equal, memberInChain, type Filter } from './filter';
import { guidDn, guidToText } from './guid';
import { domainSidOf, ridOf, sidToBytes, sidToText } from './sid';

/** Attributes of an entry that `protectionOf` needs. */
export const PROTECTION_ATTRIBUTES = [
	'objectSid',
	'objectClass',
	'adminCount',
	'isCriticalSystemObject',
	'primaryGroupID',
	'servicePrincipalName',
] as const;

const DOMAIN_ADMINS = 512;
/** By the last part of the SID in the domain (MS-DTYP 2.4.2.4): administrators of domain, schema, forest, policies, keys; controllers. */
const DOMAIN_GROUPS = [DOMAIN_ADMINS, 519, 518, 520, 516, 517, 498, 521, 526, 527] as const;
/** Built-in groups, the same SID everywhere: Administrators, Account, Server, Print and Backup Operators, Replicator. */
const BUILTIN_GROUPS = [544, 548, 549, 550, 551, 552] as const;
/** Accounts below came with the domain (MS-SAMR 2.2.1.15). */
const FIRST_OWN_RID = 1000;
const SERVICE_CLASSES = new Set([
	'computer',
	'msds-managedserviceaccount',
	'msds-groupmanagedserviceaccount',
	'msds-delegatedmanagedserviceaccount',
]);

/** A group that came with Windows' DNS server; whose members can have the controllers load a program (MS-DNSP 3.1.1.1.1, ServerLevelPluginDll). */
const TAKES_OVER_CONTROLLERS = 'dnsadmins';
const DOMAIN_USERS = 513;

export type Protection = {
	/**
	 * @param entry with PROTECTION_ATTRIBUTES and objectGUID
	 * @returns why the account must not be touched, as the end of "... is protected: "; undefined when it may be
	 */
	readonly of: (entry: Entry) => Promise<string | undefined>;
	/**
	 * @param entry with PROTECTION_ATTRIBUTES and sAMAccountName
	 * @returns why nobody may be added to the group or taken out of it; undefined when it may be done
	 */
	readonly ofGroup: (entry: Entry) => Promise<string | undefined>;
	/** Asks for the memberships of many accounts at once; `of` then need not. What was asked before is forgotten. */
	readonly prefetch: (entries: readonly Entry[]) => Promise<void>;
};

/** The privileged groups and the own account are looked up once, when first needed. */
export function protection(directory: Directory): Protection {
	let privileged: Promise<{ groups: Entry[]; own: Set<string> }> | undefined;
	const known = () => {
		privileged ??= Promise.all([privilegedGroups(directory), ownSids(directory)])
			.then(([groups, own]) => ({ groups, own }))
			.catch((error: unknown) => {
				privileged = undefined;
				throw error;
			});
		return privileged;
	};
	/** By GUID: whether the account is a member of a privileged group. */
	const members = new Map<string, boolean>();
	return {
		of: async (entry) => {
			const plain = protectedByItself(entry);
			if (plain) return plain;
			const { groups, own } = await known();
			const sid = bytesOf(entry, 'objectSid');
			if (sid && own.has(sidToText(sid))) return OWN_ACCOUNT;
			return (
				(await protectedByPrimaryGroup(directory, entry, groups)) ??
				(members.get(guidKey(entry)) === false ? undefined : await privilegedMembership(directory, entry, groups))
			);
		},
		ofGroup: async (entry) => {
			const { groups } = await known();
			return groupByItself(entry) ?? (await privilegedMembership(directory, entry, groups));
		},
		prefetch: async (entries) => {
			members.clear();
			if (entries.length === 0) return;
			const { groups } = await known();
			const { dn } = await directory.domain();
			const found = await directory.search(dn, {
				scope: 'sub',
				filter: allOf([
					anyOf(
						entries.flatMap((entry) => bytesOf(entry, 'objectGUID') ?? []).map((guid) => equal('objectGUID', guid)),
					),
					anyOf(groups.map((group) => memberInChain(group.dn))),
				]),
				attributes: ['objectGUID'],
			});
			const privileged = new Set(found.map(guidKey));
			for (const entry of entries) members.set(guidKey(entry), privileged.has(guidKey(entry)));
		},
	};
}

function guidKey(entry: Entry): string {
	return bytesOf(entry, 'objectGUID')?.toString('hex') ?? '';
}

/** What a group's own attributes say: why nobody may be added to it or taken out of it. */
export function groupByItself(entry: Entry): string | undefined {
	const sid = bytesOf(entry, 'objectSid');
	if (!sid) return 'it has no security identifier, so it is no group';
	const text = sidToText(sid);
	if (text.startsWith('S-1-5-32-') || ridOf(text) < FIRST_OWN_RID) return 'it came with the domain';
	if (textOf(entry, 'isCriticalSystemObject') === 'TRUE') return 'it is critical to the system';
	if (textOf(entry, 'adminCount') === '1') return 'it is or was part of a privileged group (adminCount is 1)';
	if (textOf(entry, 'sAMAccountName')?.toLowerCase() === TAKES_OVER_CONTROLLERS)
		return 'its members can take over the domain controllers';
	return undefined;
}

/** memberOf does not show the primary group, and a filter on it does not either: one that is not the usual one is looked at itself. */
async function protectedByPrimaryGroup(
	directory: Directory,
	entry: Entry,
	groups: readonly Entry[],
): Promise<string | undefined> {
	const primary = primaryGroupOf(entry);
	if (primary === DOMAIN_USERS) return undefined;
	const { dn, domainSid } = await directory.domain();
	const [group] = await directory.search(dn, {
		scope: 'sub',
		filter: equal('objectSid', sidToBytes(`${domainSid}-${primary}`)),
		attributes: ['objectSid', 'objectGUID'],
	});
	const reason = group && (await privilegedMembership(directory, group, groups));
	return reason && byPrimaryGroup(reason);
}

/** The last part of the SID of the group that memberOf does not show. */
export function primaryGroupOf(entry: Entry): number {
	return Number(textOf(entry, 'primaryGroupID') ?? DOMAIN_USERS);
}

export const OWN_ACCOUNT = 'it is the service account that this run is logged on with';

/** @param reason why its group is */
export function byPrimaryGroup(reason: string): string {
	return `its primary group is privileged: ${reason}`;
}

/** @param group a privileged one, with cn */
export function byMembership(group: Entry): string {
	return `it is a member of ${textOf(group, 'cn') ?? group.dn}, directly or through other groups`;
}

/** What the account's own attributes say. Of every account of a plan: the SID is not written out for it. */
export function protectedByItself(entry: Entry): string | undefined {
	const sid = bytesOf(entry, 'objectSid');
	if (!sid || sid.length < 8) return 'it has no security identifier, so it is no account';
	if (sid.readUInt32LE(sid.length - 4) < FIRST_OWN_RID) return 'it came with the domain';
	if (textOf(entry, 'isCriticalSystemObject') === 'TRUE') return 'it is critical to the system';
	if (textOf(entry, 'adminCount') === '1') return 'it is or was a member of a privileged group (adminCount is 1)';
	const service = textsOf(entry, 'objectClass').find((name) => SERVICE_CLASSES.has(name.toLowerCase()));
	if (service) return `it is a service or computer account (${service})`;
	if (textsOf(entry, 'servicePrincipalName').length > 0)
		return 'it is a service account (it has a service principal name)';
	const primary = Number(textOf(entry, 'primaryGroupID'));
	if ((DOMAIN_GROUPS as readonly number[]).includes(primary)) return 'its primary group is a privileged one';
	return undefined;
}

/** adminCount comes up to an hour late, and never with nesting on some servers: the groups are asked themselves. */
async function privilegedMembership(
	directory: Directory,
	entry: Entry,
	groups: readonly Entry[],
): Promise<string | undefined> {
	const member = async (filters: readonly Entry[]) =>
		// By GUID: somebody may move it meanwhile.
		(
			await directory.search(nameOf(entry), {
				scope: 'base',
				filter: anyOf(filters.map(({ dn }) => memberInChain(dn))),
				attributes: ['objectSid'],
			})
		).length > 0;
	if (!(await member(groups))) return undefined;
	for (const group of groups) {
		if (await member([group])) return byMembership(group);
	}
	return 'it is a member of a privileged group';
}

/** SIDs of the privileged groups of a domain, those first that are the better reason to show. */
export function privilegedSids(domainSid: string): string[] {
	return [...DOMAIN_GROUPS.map((rid) => `${domainSid}-${rid}`), ...BUILTIN_GROUPS.map((rid) => `S-1-5-32-${rid}`)];
}

/**
 * @param attributes to be read besides cn and objectSid
 * @throws DirectoryError (configuration) when they cannot be seen
 */
export async function privilegedGroups(directory: Directory, attributes: readonly string[] = []): Promise<Entry[]> {
	const { dn, domainSid } = await directory.domain();
	const sids = privilegedSids(domainSid);
	const groups = await directory.search(dn, {
		scope: 'sub',
		filter: allOf([equal('objectClass', 'group'), anyOf(sids.map((sid) => equal('objectSid', sidToBytes(sid))))]),
		attributes: ['cn', 'objectSid', ...attributes],
	});
	// Every domain has them. Not to see them would be to protect nobody.
	if (!groups.some((group) => ridOf(sidOf(group)) === DOMAIN_ADMINS)) {
		throw new DirectoryError({
			kind: 'configuration',
			message: 'The service account cannot see the group Domain Admins, so nobody could be told to be privileged.',
			whatToDo: 'Give it the right to read the groups of the domain.',
		});
	}
	// Domain Admins are Administrators too: the narrower group is the better reason to show.
	const place = (group: Entry) => sids.indexOf(sidOf(group));
	return groups.sort((left, right) => place(left) - place(right));
}

function sidOf(entry: Entry): string {
	const sid = bytesOf(entry, 'objectSid');
	return sid ? sidToText(sid) : '';
}

/**
 * SIDs of the account that is logged on: those of its token, its groups' among them, and that of the name in the credential, which a logon by
 * certificate does not have.
 * @throws DirectoryError (configuration) when neither says who it is
 */
export async function ownSids(directory: Directory): Promise<Set<string>> {
	const { dn, domainSid, ownSids: token } = await directory.domain();
	const found =
		directory.boundAs === ''
			? []
			: await directory.search(dn, { scope: 'sub', filter: nameFilter(directory.boundAs), attributes: ['objectSid'] });
	const sids = [...token, ...found.map(sidOf)].filter((sid) => domainSidOf(sid) === domainSid);
	if (sids.length > 0 || directory.boundAs !== '') return new Set(sids);
	throw new DirectoryError({
		kind: 'configuration',
		message: 'The controller does not say which account the client certificate logged on.',
		whatToDo:
			'Log on with a bind name and a password: the tool never changes its own account, so it must know which one that is.',
	});
}

/** DN, DOMAIN\\user, or a UPN, which may be the implicit one (account name @ domain, MS-ADTS 5.1.1.1.1). */
function nameFilter(name: string): Filter {
	if (name.includes('=')) return equal('distinguishedName', name);
	if (name.includes('\\')) return equal('sAMAccountName', name.slice(name.indexOf('\\') + 1));
	return anyOf([equal('userPrincipalName', name), equal('sAMAccountName', name.split('@')[0] ?? name)]);
}

function nameOf(entry: Entry): string {
	const guid = bytesOf(entry, 'objectGUID');
	return guid ? guidDn(guidToText(guid)) : entry.dn;
}
