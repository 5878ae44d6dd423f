/** Who holds which names: in the directory, and those kept for people who left. */
import { guidOf } from '../../directory/accounts/account';
import { NAME_ATTRIBUTES, namesHeld } from '../../directory/accounts/names';
import { textsOf, type Entry } from '../../directory/entry';
import { formatDn, InvalidDnError, parseDn, safeDnKey } from '../../schema/dn';
import type { NameAttribute } from '../../schema/nameLadder';
import type { AccountView, NameLookup, PlanFacts } from './types';

/** Where an account stands or is to stand. `key` is the same for all spellings of the name. */
export type Container = { readonly dn: string; readonly key: string };

/** One name that may be given. */
export type Name = {
	readonly attribute: NameAttribute;
	readonly value: string;
	/** Nobody else may hold it. */
	readonly key: string;
	/** What nobody else can have any more once it is given. */
	readonly takes: readonly string[];
	readonly lookup: NameLookup;
};

export type Ledger = {
	/** Whether anybody but the owner holds it. @param owner GUID of the account that the name is for, or any other text */
	readonly isHeld: (key: string, owner: string) => boolean;
	/** Whether the directory was asked for it. */
	readonly isKnown: (key: string) => boolean;
	/** @param entries what the directory answered to the lookups of `names` */
	readonly learn: (names: readonly Name[], entries: readonly Entry[]) => void;
};

/** An account has these, and some more that follow from them. */
const NAMES_READ = [...NAME_ATTRIBUTES, 'proxyAddresses'] as const;
const BY_DOMAIN: readonly NameAttribute[] = ['sAMAccountName', 'userPrincipalName', 'mail'];
/** What is unique in the forest; account names are in their domain only (MS-ADTS 3.1.1.5.1.2). */
const BY_FOREST: readonly NameAttribute[] = ['userPrincipalName', 'mail'];

/** As directories compare names: without case, composed. */
function folded(text: string): string {
	return text.normalize('NFC').toLowerCase();
}

/** One text for a name: the same exactly when two names cannot both be given. @param container of a cn */
export function nameKey(attribute: NameAttribute, value: string, container = ''): string {
	return attribute === 'cn' ? `cn\n${container}\n${folded(value)}` : `${attribute}\n${folded(value)}`;
}

/** @param domain DNS name of the domain @param container for a cn */
export function makeName(attribute: NameAttribute, value: string, domain: string, container: Container): Name {
	if (attribute === 'cn') {
		const key = nameKey('cn', value, container.key);
		return { attribute, value, key, takes: [key], lookup: { attribute, value, parent: container.dn } };
	}
	return {
		attribute,
		value,
		key: nameKey(attribute, value),
		takes: takenBy(attribute, value, domain),
		lookup: { attribute, value },
	};
}

/** The implicit user principal name goes with an account name, and the other way round (MS-ADTS 5.1.1.1.1). */
function takenBy(attribute: Exclude<NameAttribute, 'cn'>, value: string, domain: string): string[] {
	const key = nameKey(attribute, value);
	if (attribute === 'mail') return [key];
	if (attribute === 'sAMAccountName') return [key, nameKey('userPrincipalName', `${value}@${domain}`)];
	const at = value.lastIndexOf('@');
	const isOwn = at >= 0 && value.slice(at + 1).toLowerCase() === domain.toLowerCase();
	return isOwn ? [key, nameKey('sAMAccountName', value.slice(0, at))] : [key];
}

function keysOf(
	values: readonly (readonly [string, string])[],
	attributes: readonly NameAttribute[],
	domain: string,
): string[] {
	return attributes.flatMap((attribute) =>
		namesHeld(attribute, values, domain).map((name) => nameKey(attribute, name)),
	);
}

/** Nobody is asked for yet. Names that leaving took from an account stay its own: it may come back. */
export function openLedger({ dn, domain }: Pick<PlanFacts, 'dn' | 'domain'>, accounts: readonly AccountView[]): Ledger {
	const holders = new Map<string, string[]>();
	const known = new Set<string>();
	const root = safeDnKey(dn);
	const hold = (keys: readonly string[], guid: string) => {
		for (const key of keys) {
			const others = holders.get(key);
			if (!others) holders.set(key, [guid]);
			else if (!others.includes(guid)) others.push(guid);
		}
	};
	for (const account of accounts) if (account.snapshot) hold(keysKept(account, domain), account.guid);
	const learnEntry = (entry: Entry) => {
		const { rdn, parent, domainKey } = partsOf(entry.dn);
		const elsewhere = domainKey !== root;
		const values = NAMES_READ.filter((name) => !elsewhere || name !== 'sAMAccountName').flatMap((name) =>
			textsOf(entry, name).map((value) => [name, value] as const),
		);
		const keys = keysOf(values, elsewhere ? BY_FOREST : BY_DOMAIN, domain);
		const common = [rdn, ...textsOf(entry, 'cn')].map((value) => nameKey('cn', value, parent));
		hold([...keys, ...common], guidOf(entry));
	};
	return {
		isHeld: (key, owner) => holders.get(key)?.some((guid) => guid !== owner) ?? false,
		isKnown: (key) => known.has(key),
		learn: (names, entries) => {
			for (const { key } of names) known.add(key);
			entries.forEach(learnEntry);
		},
	};
}

/** What an account had before it left and may get back: its addresses, and its place. */
function keysKept({ dn, snapshot }: AccountView, domain: string): string[] {
	if (!snapshot) return [];
	const values = snapshot.attributes.flatMap(({ attribute, from }) => {
		const name = NAMES_READ.find((one) => one.toLowerCase() === attribute.toLowerCase());
		return name === undefined ? [] : from.map((value) => [name, value.toString()] as const);
	});
	return [...keysOf(values, BY_DOMAIN, domain), nameKey('cn', partsOf(dn).rdn, safeDnKey(snapshot.ou.dn))];
}

/** Of objects that were found, which are few: the whole name is parsed. */
function partsOf(dn: string): { readonly rdn: string; readonly parent: string; readonly domainKey: string } {
	try {
		const parsed = parseDn(dn);
		const isDomain = (index: number) => parsed[index]?.[0]?.attribute.toLowerCase() === 'dc';
		let first = parsed.length;
		while (first > 0 && isDomain(first - 1)) first -= 1;
		const key = (from: number) => safeDnKey(formatDn(parsed.slice(from)));
		return { rdn: parsed[0]?.[0]?.value ?? '', parent: key(1), domainKey: key(first) };
	} catch (error) {
		if (error instanceof InvalidDnError) return { rdn: '', parent: '', domainKey: '' };
		throw error;
	}
}
