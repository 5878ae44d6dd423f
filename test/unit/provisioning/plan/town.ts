/** A small town as LDIF: its places and groups, people's accounts in the states of the table, and a plan made over them. */
import { createHash } from 'node:crypto';
import type { DesiredAccount, FeedReport, Policy } from '../../../../lib/contracts';
import type { Entry } from '../../../../lib/directory/entry';
import { parseFilterText } from '../../../../lib/directory/filterText';
import { makeMark } from '../../../../lib/directory/mark';
import { makePlan, type MadePlan } from '../../../../lib/provisioning/plan/makePlan';
import type { FeedInput, PlanRequest } from '../../../../lib/provisioning/plan/types';
import { parseLdif } from '../../../../lib/provisioning/source/ldif';
import { snapshotSource } from '../../../../lib/provisioning/source/snapshot';
import { desiredAccount, SIGNING_KEY } from '../../../support/directory';
import { groupDn, LEAVERS, OUTSIDE, POLICY, ROOT, SALES, STAFF } from '../steps/world';

export const NOW = '2026-06-01T08:00:00Z';
const DOMAIN_GUID = 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab';
const DOMAIN_SID = 'S-1-5-21-1111-2222-3333';
export const GUESTS = `OU=Guests,${STAFF}`;
const DAY_MS = 86_400_000;

type Values = Readonly<Record<string, string | Buffer | readonly (string | Buffer)[]>>;

/** An instant some days, and seconds, after now; before it when negative. */
export function inDays(days: number, seconds = 0): string {
	return new Date(Date.parse(NOW) + days * DAY_MS + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** What RFC 2849 lets stand as it is; everything else goes in base64. */
function line(name: string, value: string | Buffer): string {
	if (typeof value === 'string' && /^[!-9;=-~](?:[ -~]*[!-~])?$/.test(value)) return `${name}: ${value}\n`;
	return `${name}:: ${Buffer.from(value as string).toString('base64')}\n`;
}

/** Like a GUID, the same for the same name. */
export function guidFor(name: string): string {
	const hex = createHash('sha256').update(name).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** One object. @param attributes under names as the schema spells them */
export function ldifOf(dn: string, attributes: Values): string {
	const lines = Object.entries({ objectGUID: guidFor(dn), ...attributes }).flatMap(([name, values]) =>
		[values].flat().map((value) => line(name, value)),
	);
	return `${line('dn', dn)}${lines.join('')}\n`;
}

const unit = (dn: string) => ldifOf(dn, { objectClass: ['top', 'organizationalUnit'] });

/** Below the unit for groups, unless the whole name is given. */
export function group(name: string, attributes: Values = {}, dn = groupDn(name)): string {
	return ldifOf(dn, { objectClass: ['top', 'group'], cn: name, sAMAccountName: name, ...attributes });
}

const builtin = (name: string, attributes: Values) => group(name, attributes, `CN=${name},CN=Builtin,${ROOT}`);

/** Places and groups. "Print Masters" leads to a group that came with the domain, "Wheel" to one that is privileged. */
export const TOWN = [
	ldifOf(ROOT, { objectClass: ['top', 'domain', 'domainDNS'], objectGUID: DOMAIN_GUID, objectSid: DOMAIN_SID }),
	...[STAFF, SALES, GUESTS, LEAVERS, OUTSIDE, `OU=Groups,${ROOT}`].map(unit),
	...['All Staff', 'Sales', 'Support', 'Old Sales', 'Poets'].map((name) => group(name)),
	group('Domain Admins', { objectSid: `${DOMAIN_SID}-512` }),
	group('Domain Users', { objectSid: `${DOMAIN_SID}-513` }),
	builtin('Event Log Readers', { objectSid: 'S-1-5-32-573' }),
	group('Print Masters', { memberOf: `CN=Event Log Readers,CN=Builtin,${ROOT}` }),
	group('Wheel', { memberOf: groupDn('Domain Admins') }),
].join('');

export type Given = {
	readonly state?: 'enabled' | 'pending' | 'left' | 'others';
	/** Of the mark. */
	readonly since?: string;
	readonly ou?: string;
	readonly groups?: readonly string[];
	readonly protected?: boolean;
};

/** The account that `person` is to have, as it stands when nothing is to be done. @param key '' = it has none */
export function account(key: string, given: Given = {}, attributes: Values = {}, name = key): string {
	const { state = 'enabled', since = inDays(-10), ou = STAFF, groups = [] } = given;
	const guid = guidFor(name);
	const bound = { domainGuid: DOMAIN_GUID, matchAttribute: 'employeeID', matchValue: key };
	const marks = {
		...{ enabled: [], others: [] },
		pending: [makeMark(SIGNING_KEY, { state: 'pending', ...bound }, since)],
		left: [makeMark(SIGNING_KEY, { state: 'left', objectGuid: guid }, since)],
	}[state];
	return ldifOf(`CN=User ${name},${ou}`, {
		...{ objectClass: ['top', 'person', 'organizationalPerson', 'user'], objectGUID: guid, cn: `User ${name}` },
		...{ sAMAccountName: `user${name.toLowerCase()}`, displayName: `User ${name}`, givenName: 'User', sn: name },
		...{ userPrincipalName: `user${name.toLowerCase()}@corp.example.com`, pwdLastSet: '133000000000000000' },
		...{ employeeID: key === '' ? [] : key, userAccountControl: state === 'enabled' ? '512' : '514' },
		...{ carLicense: marks, memberOf: [...groups, ...(given.protected ? ['Wheel'] : [])].map(groupDn) },
		...attributes,
	});
}

export const person = (key: string, changes: Partial<DesiredAccount> = {}): DesiredAccount =>
	desiredAccount(STAFF, key, changes);

/** A person with these attributes besides the usual ones. */
export function personWith(
	key: string,
	attributes: DesiredAccount['attributes'],
	changes: Partial<DesiredAccount> = {},
): DesiredAccount {
	const usual = person(key);
	return { ...usual, attributes: { ...usual.attributes, ...attributes }, ...changes };
}

export const report = (records: number, changes: Partial<FeedReport> = {}): FeedReport => ({
	...{ formatVersion: 1, node: 'Custom HCM Endpoint', feed: 'people', kind: 'full', complete: true, reasons: [] },
	...{ evidence: 'strong', warnings: [], comparison: '', records, nextSince: null, endpoints: [] },
	...changes,
});

export type World = {
	/** LDIF besides the town; or all objects. */
	readonly accounts?: string | readonly string[];
	readonly entries?: readonly Entry[];
	readonly people?: readonly DesiredAccount[];
	readonly policy?: Policy;
	readonly feed?: Partial<FeedInput>;
	readonly scope?: Partial<Omit<PlanRequest['scope'], 'filter'>>;
	readonly matchOn?: readonly string[];
	readonly anchor?: string;
	readonly now?: string;
	readonly id?: string;
};

/** The objects of a world. */
export function entriesOf({ accounts = '', entries }: World): readonly Entry[] {
	return entries ?? parseLdif([TOWN, accounts].flat().join(''));
}

/** For the whole feed, whose report counts what comes in; below Staff. */
export async function planOf(world: World): Promise<MadePlan> {
	const { people = [], feed = {}, scope = {} } = world;
	const received = people.length + (feed.rejected?.length ?? 0) + (feed.outOfScope?.length ?? 0);
	const filterText = scope.filterText ?? '';
	const request: PlanRequest = {
		...{ people, anchor: world.anchor ?? 'employeeID', markAttribute: 'carLicense', matchOn: world.matchOn ?? [] },
		...{ policy: world.policy ?? POLICY, signingKey: SIGNING_KEY },
		feed: {
			...{ input: 'whole', report: report(received), rejected: [], outOfScope: [], previousMissing: null },
			...feed,
		},
		scope: {
			...{ bases: [STAFF], excludedOus: [], ...scope },
			...{ filterText, filter: filterText === '' ? undefined : parseFilterText(filterText) },
		},
	};
	return await makePlan(snapshotSource(entriesOf(world), { now: world.now ?? NOW }), request, {
		...{ newId: () => world.id ?? 'plan-1', digestRows: 100 },
	});
}
