/** A directory in memory, as far as names and references are looked for in it; it writes down what it is asked. */
import type { DesiredAccount, NameLadder, Policy } from '../../../lib/contracts';
import type { Entry } from '../../../lib/directory/entry';
import { guidToBytes } from '../../../lib/directory/guid';
import type { Snapshot } from '../../../lib/directory/snapshot';
import { safeDnKey, parentOf } from '../../../lib/schema/dn';
import type {
	AccountView,
	Decision,
	NameLookup,
	PlaceKnown,
	PlanSource,
	Unfit,
} from '../../../lib/provisioning/plan/types';
import type { NamesContext } from '../../../lib/provisioning/plan/names';

export const DOMAIN = 'corp.example.com';
export const ROOT = 'DC=corp,DC=example,DC=com';
export const PEOPLE = `OU=People,${ROOT}`;
export const OTHERS = `OU=Others,${ROOT}`;

let made = 0;
const nextGuid = () => `00000000-0000-4000-8000-${(made += 1).toString(16).padStart(12, '0')}`;

/** @param attributes under names as the schema spells them */
export function entryOf(dn: string, attributes: Readonly<Record<string, string | readonly string[]>> = {}): Entry {
	const lower = Object.entries(attributes).map(([name, values]) => [name.toLowerCase(), [values].flat()] as const);
	return { dn, attributes: { objectguid: [guidToBytes(nextGuid())], ...Object.fromEntries(lower) } };
}

export function guidIn({ attributes }: Entry): string {
	const hex = (attributes['objectguid']?.[0] as Buffer).toString('hex');
	return `00000000-0000-4000-8000-${hex.slice(20)}`;
}

export function viewOf(entry: Entry, changes: Partial<AccountView> = {}): AccountView {
	return {
		...{ entry, guid: guidIn(entry), dn: entry.dn, key: '', enabled: true, mark: undefined, markFault: undefined },
		...{ snapshot: undefined, protection: undefined, inScope: true },
		...changes,
	};
}

export const snapshotOf = (attributes: Snapshot['attributes'], ou = PEOPLE): Snapshot => ({
	...{ at: '2026-01-01T00:00:00Z', ou: { guid: nextGuid(), dn: ou }, groups: [], attributes, pwdLastSet: '' },
});

const folded = (text: string) => text.normalize('NFC').toLowerCase();

function holds({ dn, attributes }: Entry, lookup: NameLookup): boolean {
	const has = (name: string, value: string) =>
		(attributes[name.toLowerCase()] ?? []).some((text) => folded(String(text)) === folded(value));
	const { attribute, value } = lookup;
	switch (attribute) {
		case 'sAMAccountName':
			return has(attribute, value) || has('userPrincipalName', `${value}@${DOMAIN}`);
		case 'userPrincipalName':
			return (
				has(attribute, value) || (value.endsWith(`@${DOMAIN}`) && has('sAMAccountName', value.split('@')[0] ?? ''))
			);
		case 'mail':
			return has(attribute, value) || has('proxyAddresses', `smtp:${value}`);
		case 'cn':
			return has('cn', value) && safeDnKey(parentOf(dn)) === safeDnKey(lookup.parent);
	}
}

export type Memory = PlanSource & {
	readonly namesAsked: NameLookup[][];
	readonly finds: [string, readonly string[]][];
};

/** @param why the forest is not searched; '' = it is */
export function memory(entries: readonly Entry[], why = ''): Memory {
	const refuse = () => Promise.reject(new Error('Nobody should ask this.'));
	const namesAsked: NameLookup[][] = [];
	const finds: [string, readonly string[]][] = [];
	return {
		...{ namesAsked, finds },
		...{ facts: refuse, accounts: refuse, groups: refuse, places: refuse, protection: refuse },
		...{ overtaken: refuse, schema: refuse, markRoom: refuse },
		forest: () => Promise.resolve({ searched: why === '', why }),
		named: (lookups) => {
			namesAsked.push([...lookups]);
			return Promise.resolve(entries.filter((entry) => lookups.some((lookup) => holds(entry, lookup))));
		},
		find: (attribute, values) => {
			finds.push([attribute, values]);
			const wanted = new Set(values.map(folded));
			const has = (entry: Entry) =>
				(entry.attributes[attribute.toLowerCase()] ?? []).some((text) => wanted.has(folded(String(text))));
			return Promise.resolve(entries.filter(has));
		},
	};
}

type Switches = {
	readonly rename?: boolean;
	readonly move?: boolean;
	readonly restore?: boolean;
	readonly sameCandidate?: boolean;
};

const place = (dn: string): PlaceKnown => ({ guid: nextGuid(), dn });
const PLACES = new Map<string, PlaceKnown | Unfit>([
	[PEOPLE, place(PEOPLE)],
	['People', place(PEOPLE)],
	[OTHERS, place(OTHERS)],
	['OU=Gone', { reason: 'it does not exist' }],
]);

/** As far as names are decided by it. */
export function namesContext({
	rename = false,
	move = false,
	restore = false,
	sameCandidate = false,
}: Switches = {}): NamesContext {
	const policy = {
		movers: { rename, move, keep: [] },
		rehires: { restore },
		names: { sameCandidate },
	} as unknown as Policy;
	return {
		request: { policy } as NamesContext['request'],
		facts: { dn: ROOT, domain: DOMAIN } as NamesContext['facts'],
		places: PLACES,
	};
}

/** Candidates alone, or with numbers up to 99 after the first one. */
export function ladder(candidates: readonly string[], numbered = false): NameLadder {
	const counter = { base: candidates[0] ?? '', start: 2, width: 1, limit: 99, maxLength: 64 };
	return numbered ? { candidates, counter } : { candidates };
}

export function person(key: string, changes: Partial<DesiredAccount> = {}): DesiredAccount {
	return {
		...{ formatVersion: 1, key, previousKeys: [], displayName: `Person ${key}`, lifecycle: 'active', attributes: {} },
		...{ createOnly: [], fillOnly: [], names: {}, review: [], ou: PEOPLE, groups: [], managedGroups: [] },
		...{ startsAt: null, endsAt: null },
		...changes,
	};
}

/** A person with ladders from one word: account name, address, and common name, numbered. */
export function named(key: string, word: string, changes: Partial<DesiredAccount> = {}): DesiredAccount {
	const names = {
		sAMAccountName: ladder([word], true),
		userPrincipalName: ladder([`${word}@${DOMAIN}`], true),
		mail: ladder([`${word}@example.com`], true),
		cn: ladder([word], true),
	};
	return person(key, { names, ...changes });
}

export const joiner = (wanted: DesiredAccount): Decision => ({ kind: 'joiner', person: wanted, enable: true });
export const mover = (wanted: DesiredAccount, account: AccountView): Decision => ({
	...{ kind: 'mover', person: wanted, account, newKey: false },
});
export const rehire = (wanted: DesiredAccount, account: AccountView): Decision => ({
	...{ kind: 'rehire', person: wanted, account, newKey: false },
});
export const unchanged = (wanted: DesiredAccount, account: AccountView | null = null): Decision => ({
	...{ kind: 'unchanged', person: wanted, account, reason: 'nothing differs' },
});
