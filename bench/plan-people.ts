/** The people of `npm run bench:plan`, and the accounts that they have: always the same, with names as unlike as real ones. */
import type { DesiredAccount, Policy } from '../lib/contracts';
import { attributesToPlan } from '../lib/provisioning/plan/planReads';
import type { PlanRequest } from '../lib/provisioning/plan/types';
import type { Entry } from '../lib/directory/entry';
import { guidToBytes } from '../lib/directory/guid';
import { sidToBytes } from '../lib/directory/sid';

export const DOMAIN = 'corp.example.com';
export const BASE = 'DC=corp,DC=example,DC=com';
/** The instant of every plan. */
export const NOW = '2026-06-01T06:00:00Z';
const DOMAIN_SID = 'S-1-5-21-1111111111-2222222222-3333333333';

const STARTS = ['Ma', 'Le', 'Jo', 'Ka', 'Ri', 'Su', 'To', 'Vi', 'An', 'Be', 'El', 'Ha', 'Ni', 'Os', 'Pe', 'Zo'];
const MIDDLES = ['ri', 'na', 'lo', 'mi', 'sa', 'ten', 'var', 'dou', 'gen', 'ki', 'ber', 'lan'];
const ENDS = ['a', 'us', 'ette', 'son', 'sen', 'ini', 'berg', 'wald', 'mann', 'ova', 'ez', 'sky', 'ard', 'es'];
const TITLES = ['Engineer', 'Senior Accountant', 'Head of Logistics', 'Nurse', 'Working Student', 'Buyer', 'Clerk'];
const CITIES = [
	['Berlin', 'Invalidenstra\u00dfe', '10115', '+49 30'],
	['K\u00f8benhavn', 'R\u00e5dhuspladsen', '1550', '+45 33'],
	['\u0141\u00f3d\u017a', 'Piotrkowska', '90-001', '+48 42'],
	['Boston', 'Beacon Street', '02108', '+1 617'],
] as const;
const UNITS = Array.from({ length: 12 }, (_, index) => `OU=Division ${index},OU=Staff,${BASE}`);
const GROUPS = Array.from({ length: 60 }, (_, index) => `CN=Team ${index},OU=Groups,${BASE}`);

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
/** Spread over all names, and the same each time. */
const mixed = (index: number, salt: number): number =>
	(Math.imul(index + 1, 2_654_435_761 + salt * 40_503) >>> 0) >>> 4;
const word = (number: number): string =>
	`${pick(STARTS, number)}${pick(MIDDLES, number >>> 4)}${pick(MIDDLES, number >>> 9)}${pick(ENDS, number >>> 14)}`;
const keyOf = (index: number): string => `E${String(index).padStart(7, '0')}`;

/** Everything about a person from which both sides are made. */
type Facts = ReturnType<typeof factsOf>;

function factsOf(index: number) {
	const [givenName, sn] = [word(mixed(index, 1)), word(mixed(index, 2))];
	const [l, street, postalCode, dial] = pick(CITIES, index);
	const digits = (length: number) => String((index * 7919) % 10 ** length).padStart(length, '0');
	const login = `${givenName.charAt(0)}${sn}`.toLowerCase().slice(0, 15);
	return {
		...{ key: keyOf(index), givenName, sn, login, address: `${givenName}.${sn}`.toLowerCase() },
		ou: pick(UNITS, index),
		groups: [pick(GROUPS, index % 40), pick(GROUPS, 40 + (index % 20))],
		manager: index - (index % 10),
		values: {
			...{ displayName: `${givenName} ${sn}`, givenName, sn, title: pick(TITLES, index) },
			...{ department: `Department ${index % 90}`, company: 'Example Corporation', division: `Division ${index % 12}` },
			...{ physicalDeliveryOfficeName: `B ${index % 900}`, telephoneNumber: `${dial} ${digits(6)}` },
			...{ mobile: `+49 151 ${digits(8)}`, streetAddress: `${street} ${1 + (index % 200)}`, l, postalCode },
		},
	};
}

/** @param number of several people of one name */
const numbered = (text: string, number: number): string => (number === 1 ? text : `${text}${number}`);

function personOf({ key, values, login, address, ou, groups, manager }: Facts): DesiredAccount {
	const count = { start: 2, width: 1, limit: 999 };
	const upn = `${address}@${DOMAIN}`;
	const mail = `${address}@example.com`;
	return {
		...{ formatVersion: 1, key, previousKeys: [], displayName: values.displayName, lifecycle: 'active' },
		attributes: { employeeID: key, ...values, manager: { by: 'employeeID', value: keyOf(manager) } },
		...{ createOnly: [], fillOnly: ['mobile'] },
		names: {
			sAMAccountName: { candidates: [login], counter: { ...count, base: login, maxLength: 20 } },
			userPrincipalName: { candidates: [upn], counter: { ...count, base: upn, maxLength: 64 } },
			mail: { candidates: [mail], counter: { ...count, base: mail, maxLength: 64 } },
			cn: { candidates: [values.displayName], counter: { ...count, base: values.displayName, maxLength: 64 } },
		},
		...{ review: [], ou, groups, managedGroups: GROUPS, startsAt: '2020-01-01T00:00:00Z', endsAt: null },
	};
}

const guidOf = (kind: number, index: number): Buffer =>
	guidToBytes(`${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`);

/** What distinguishes people of one name. */
type Numbers = { readonly name: number; readonly login: number };

/** As ldapts gives it. @param manager distinguished name */
function accountOf(facts: Facts, index: number, numbers: Numbers, manager: string): Entry {
	const { key, values, login, address, groups } = facts;
	const local = numbered(address, numbers.name);
	const mail = `${local}@example.com`;
	const attributes: Record<string, string | readonly string[]> = {
		...{ cn: commonName(facts, numbers), sAMAccountName: numbered(login, numbers.login) },
		...{ userPrincipalName: `${local}@${DOMAIN}`, mail, employeeID: key, ...values, manager },
		...{ proxyAddresses: [`SMTP:${mail}`, `smtp:${login}${index}@example.com`], memberOf: groups },
		...{ objectClass: ['top', 'person', 'organizationalPerson', 'user'], userAccountControl: '512' },
		...{ pwdLastSet: String(133_700_000_000_000_000n + BigInt(index)), accountExpires: '9223372036854775807' },
		...{ whenCreated: '20240229083000.0Z', uSNChanged: String(10_000 + index), primaryGroupID: '513' },
	};
	const lower = Object.entries(attributes).map(([name, values_]) => [name.toLowerCase(), [values_].flat()] as const);
	// Through JSON, so that no text is shared or put together from pieces: so it comes off the wire.
	const { dn, texts } = JSON.parse(JSON.stringify({ dn: dnOf(facts, numbers), texts: Object.fromEntries(lower) })) as {
		dn: string;
		texts: Record<string, string[]>;
	};
	const sid = sidToBytes(`${DOMAIN_SID}-${10_000 + index}`);
	return { dn, attributes: { ...texts, objectguid: [guidOf(1, index)], objectsid: [sid] } };
}

const commonName = ({ values: { displayName } }: Facts, { name }: Numbers): string =>
	name === 1 ? displayName : `${displayName} ${name}`;
const dnOf = (facts: Facts, numbers: Numbers): string => `CN=${commonName(facts, numbers)},${facts.ou}`;

/** The domain, its units and groups. */
function frame(): Entry[] {
	const unit = (dn: string, index: number): Entry => ({
		dn,
		attributes: {
			...{ objectclass: ['top', 'organizationalUnit'], objectguid: [guidOf(2, index)] },
			...{ ou: [dn.slice(3, dn.indexOf(','))], name: [dn.slice(3, dn.indexOf(','))] },
		},
	});
	const group = (dn: string, index: number): Entry => ({
		dn,
		attributes: {
			...{ objectclass: ['top', 'group'], objectguid: [guidOf(3, index)], grouptype: ['-2147483646'] },
			...{
				cn: [`Team ${index}`],
				samaccountname: [`Team ${index}`],
				objectsid: [sidToBytes(`${DOMAIN_SID}-${2000 + index}`)],
			},
		},
	});
	const domain: Entry = {
		dn: BASE,
		attributes: {
			objectclass: ['top', 'domain', 'domainDNS'],
			objectguid: [guidOf(4, 0)],
			objectsid: [sidToBytes(DOMAIN_SID)],
		},
	};
	return [
		domain,
		...[`OU=Staff,${BASE}`, `OU=Groups,${BASE}`, `OU=Left,${BASE}`, ...UNITS].map(unit),
		...GROUPS.map(group),
	];
}

export type Case = { readonly people: readonly DesiredAccount[]; readonly entries: readonly Entry[] };

/** Names that several have are numbered, in the order of the people. */
function numberer() {
	const seen = new Map<string, number>();
	return (name: string): number => {
		const number = (seen.get(name) ?? 0) + 1;
		seen.set(name, number);
		return number;
	};
}

/** @param indexOf which people have the accounts */
function directory(count: number, indexOf = (index: number) => index): Entry[] {
	const [nextName, nextLogin] = [numberer(), numberer()];
	const accounts = Array.from({ length: count }, (_, index) => {
		const facts = factsOf(indexOf(index));
		return { facts, numbers: { name: nextName(facts.address), login: nextLogin(facts.login) } };
	});
	const dns = accounts.map(({ facts, numbers }) => dnOf(facts, numbers));
	// The first of every ten manages them.
	const entries = accounts.map(({ facts, numbers }, index) =>
		accountOf(facts, index, numbers, dns[index - (index % 10)] ?? ''),
	);
	return [...frame(), ...entries];
}

/** One person in twenty differs: values, manager, place or groups; one of them leaves, one is new. */
function changed(person: DesiredAccount, index: number): DesiredAccount {
	const { attributes } = person;
	switch (index % 200) {
		case 0:
			return { ...person, attributes: { ...attributes, title: 'Head of Everything' } };
		case 20:
			return { ...person, attributes: { ...attributes, manager: { by: 'employeeID', value: keyOf(index >> 1) } } };
		case 40:
			return { ...person, ou: pick(UNITS, index + 5), attributes: { ...attributes, division: 'Division 5' } };
		case 60:
			return { ...person, groups: [...person.groups, pick(GROUPS, index + 9)] };
		case 80:
			return { ...person, attributes: { ...attributes, telephoneNumber: '+49 30 900000', postalCode: null } };
		case 100:
			return { ...person, lifecycle: 'leaver' };
		case 120:
			return { ...person, attributes: { ...attributes, department: 'Department 91', company: 'Example Services' } };
		case 140:
			return { ...person, groups: person.groups.slice(1) };
		case 160:
			return { ...person, key: `N${person.key}`, attributes: { ...attributes, employeeID: `N${person.key}` } };
		case 180:
			return { ...person, endsAt: '2026-12-31T23:00:00Z' };
		default:
			return person;
	}
}

const fresh = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** As many people as accounts, 5 % of them changed. */
export function changedCase(count: number): Case {
	const people = Array.from({ length: count }, (_, index) => fresh(changed(personOf(factsOf(index)), index)));
	return { people, entries: directory(count) };
}

/** Everybody is new; the accounts are other people's, some of the same names. */
export function joinersCase(count: number): Case {
	const people = Array.from({ length: count }, (_, index) => {
		const facts = factsOf(index);
		const [key, manager] = [`J${facts.key}`, index - (index % 10)];
		const person = personOf({ ...facts, key, manager });
		// Of every ten, nine have a joiner for their manager.
		return fresh({
			...person,
			attributes: { ...person.attributes, employeeID: key, manager: { by: 'employeeID', value: `J${keyOf(manager)}` } },
		});
	});
	// One account in ten has the names of a joiner.
	return { people, entries: directory(count, (index) => (index % 10 === 0 ? index : count + index)) };
}

/**
 * For a real domain: who manages others has no manager, so that accounts can be made in any order.
 * @returns people to whose accounts nothing is to be done
 */
export function settledCase(count: number): Case {
	const people = Array.from({ length: count }, (_, index) => {
		const person = personOf(factsOf(index));
		if (index % 10 > 0) return fresh(person);
		const { manager: _manager, ...attributes } = person.attributes;
		return fresh({ ...person, attributes });
	});
	const entries = directory(count).map((entry) => {
		const { manager, ...attributes } = entry.attributes;
		return entry.dn.startsWith(String(manager?.[0])) ? { ...entry, attributes } : entry;
	});
	return { people, entries };
}

/** Newcomers for a real domain, nobody twice. @param first number of the first one */
export function newcomers(first: number, count: number): DesiredAccount[] {
	return Array.from({ length: count }, (_, index) => {
		const facts = factsOf(1_000_000 + first + index);
		const key = `N${facts.key}`;
		const { manager: _manager, ...attributes } = personOf(facts).attributes;
		return fresh({ ...personOf(facts), key, attributes: { ...attributes, employeeID: key } });
	});
}

const POLICY: Policy = {
	joiners: { create: true, daysBefore: 7, until: 'pending', mustChange: true },
	movers: { update: true, move: true, rename: false, keep: [] },
	leavers: {
		...{ disable: true, byAbsence: false, randomPassword: true, clear: ['mobile'], removeFromGroups: true },
		...{ hideAttribute: '', description: 'Left', moveTo: `OU=Left,${BASE}`, deleteAfterDays: null },
	},
	rehires: { enable: true, withinDays: 90, restore: true, mustChange: true },
	groups: { mode: 'managed', retired: [] },
	names: { sameCandidate: true },
	guards: { minimumFeed: 1, disable: { percent: 50 } },
	maxChanges: 10_000,
	expiresAfterHours: 72,
};

/** What a whole, trusted feed asks for. */
export function requestFor(people: readonly DesiredAccount[], changes: Partial<PlanRequest> = {}): PlanRequest {
	const report = {
		...{
			formatVersion: 1 as const,
			node: 'Custom HCM Endpoint',
			feed: 'People',
			kind: 'full' as const,
			complete: true,
		},
		...{ reasons: [], evidence: 'strong' as const, warnings: [], comparison: '', records: people.length },
		...{ nextSince: null, endpoints: [] },
	};
	return {
		people,
		feed: { input: 'whole', report, rejected: [], outOfScope: [], previousMissing: [] },
		scope: { bases: [`OU=Staff,${BASE}`], filterText: '', filter: undefined, excludedOus: [] },
		...{ anchor: 'employeeID', markAttribute: 'carLicense', matchOn: [], policy: POLICY },
		signingKey: 'a signing key of the benchmark',
		...changes,
	};
}

export const policyWith = (changes: Partial<Policy>): Policy => ({ ...POLICY, ...changes });
export { attributesToPlan };
