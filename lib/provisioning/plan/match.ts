/**
 * Which account is whose: by key, then by previous keys. What else is found is for a person to look at, and is never taken for a match: a key
 * that was written into the wrong account hands one person's account to another.
 */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { personKey, personKeys } from '../keys';
import { matchByAttributes, type Unmatched } from './matchOn';
import { namesOf, personProblem } from './problems';
import type { AccountView, OtherKey, PlanRequest } from './types';

/** One person, and what the directory has for them. With a problem there is no account. */
export type Match = {
	readonly person: DesiredAccount;
	readonly account?: AccountView;
	readonly by?: 'key' | 'previous key';
	readonly problem?: PlanProblem;
};

export type Matches = {
	/** In the order of the people. */
	readonly matches: readonly Match[];
	/** Whether somebody in the feed may have the account: then it is not missing. */
	readonly isPresent: (account: AccountView) => boolean;
};

/** Accounts by folded key: the first one with a key, and all of them where there are several. */
export type AccountsByKey = {
	readonly first: ReadonlyMap<string, AccountView>;
	readonly several: ReadonlyMap<string, readonly AccountView[]>;
};

/** Who has a key, or had it before: people, and rejected persons, which would be people if their records were mended. */
type Owner = DesiredAccount | OtherKey;

/**
 * @param accounts those that are not in scope are left out
 * @param now milliseconds since 1970, by the controller's clock
 */
export function matchPeople(request: PlanRequest, accounts: readonly AccountView[], now: number): Matches {
	const { people, feed, anchor } = request;
	const inScope = accounts.filter((account) => account.inScope);
	const byKey = accountsByKey(inScope);
	const keysOf = people.map(personKeys);
	const { owners, shared } = ownersOf(people, keysOf, feed.rejected);
	const mapped = spellingsOf(people, anchor);
	const open: Unmatched[] = [];
	const matches = people.map((person, index): Match => {
		const keys = keysOf[index] ?? [];
		const problem = whyUnusable(person, anchor, mapped) ?? whyDuplicate(person, keys, shared);
		if (problem) return { person, problem };
		const match = matchByKeys(person, keys, byKey, anchor);
		if (!match.account && !match.problem) open.push({ index, person });
		return match;
	});
	const isOthers = (key: string) => isSettled(owners.get(personKey(key)), now);
	const seen = matchByAttributes(request, inScope, open, isOthers);
	for (const { who, problem } of seen) matches[who.index] = { person: who.person, problem };
	// People who look for the same value share one list: each is gone through once.
	const lists = new Set(seen.map((one) => one.accounts));
	const seenGuids = new Set<string>();
	for (const list of lists) for (const { guid } of list) seenGuids.add(guid);
	const outOfScope = new Set(feed.outOfScope.flatMap((other) => personKeys({ previousKeys: [], ...other })));
	const isPresent = (account: AccountView) => {
		const folded = personKey(account.key);
		return owners.has(folded) || outOfScope.has(folded) || (seenGuids.size > 0 && seenGuids.has(account.guid));
	};
	return { matches, isPresent };
}

/**
 * Keys of people who have no account in scope: to be looked for in the whole domain, so that nobody gets a second account because the first
 * one stands elsewhere. Nothing is done for who is away, wherever their accounts are.
 */
export function keysToFind(matches: readonly Match[]): readonly string[] {
	return matches.flatMap(({ person, account, problem }) =>
		account || problem || person.lifecycle === 'away' ? [] : [person.key, ...person.previousKeys],
	);
}

/** @param accounts of which each is taken once, those without a key not at all */
export function accountsByKey(accounts: readonly AccountView[]): AccountsByKey {
	const first = new Map<string, AccountView>();
	const several = new Map<string, AccountView[]>();
	for (const account of accounts) {
		const key = personKey(account.key);
		if (key === '') continue;
		const other = first.get(key);
		if (!other) first.set(key, account);
		else {
			const all = several.get(key) ?? [other];
			if (!all.some(({ guid }) => guid === account.guid)) several.set(key, [...all, account]);
		}
	}
	return { first, several };
}

/** All accounts with a key. */
export function accountsOf({ first, several }: AccountsByKey, key: string): readonly AccountView[] {
	const account = first.get(key);
	return account ? (several.get(key) ?? [account]) : [];
}

/** How the people spell an attribute: they share their names, so this is one spelling, or none. */
function spellingsOf(people: readonly DesiredAccount[], attribute: string): readonly string[] {
	const lower = attribute.toLowerCase();
	const seen = new Set<string>();
	for (const { attributes, names } of people) {
		for (const name in attributes) seen.add(name);
		for (const name in names) seen.add(name);
	}
	return [...seen].filter((name) => name.toLowerCase() === lower);
}

/** Who has each key, and the keys that more than one has. @param keysOf the people's keys, folded */
function ownersOf(
	people: readonly DesiredAccount[],
	keysOf: ReadonlyArray<readonly string[]>,
	rejected: readonly OtherKey[],
): { owners: ReadonlyMap<string, Owner>; shared: ReadonlyMap<string, readonly Owner[]> } {
	const owners = new Map<string, Owner>();
	const shared = new Map<string, Owner[]>();
	const claim = (key: string, owner: Owner) => {
		const first = owners.get(key);
		if (first === undefined) owners.set(key, owner);
		else shared.set(key, [...(shared.get(key) ?? [first]), owner]);
	};
	people.forEach((person, index) => {
		for (const key of keysOf[index] ?? []) claim(key, person);
	});
	for (const other of rejected) for (const key of personKeys({ previousKeys: [], ...other })) claim(key, other);
	return { owners, shared };
}

/** Somebody who stays has the key: the account is theirs, and not that of a namesake. */
function isSettled(owner: Owner | undefined, now: number): boolean {
	if (!owner || !('lifecycle' in owner) || owner.lifecycle === 'leaver') return false;
	return owner.endsAt === null || Date.parse(owner.endsAt) > now;
}

/** @param mapped how the people spell the anchor attribute */
function whyUnusable(person: DesiredAccount, anchor: string, mapped: readonly string[]): PlanProblem | undefined {
	if (personKey(person.key) === '')
		return personProblem(person, [], {
			kind: 'unusable',
			message: 'The person has no key.',
			whatToDo: 'Give the person a key in the HR system, or mend the Key in Attribute Map.',
		});
	if (person.key.includes('\u0000') || !person.key.isWellFormed())
		return personProblem(person, [], {
			kind: 'unusable',
			message: `The person's key holds a character that no directory can keep (NUL, or half of a character).`,
			whatToDo: 'Mend the key in the HR system, or the Key in Attribute Map.',
		});
	const { attributes, names } = person;
	const other = mapped
		.map((name) => attributes[name] ?? names[name]?.candidates[0])
		.find((value) => typeof value !== 'string' || personKey(value) !== personKey(person.key));
	if (other === undefined || other === null) return undefined;
	const what = typeof other === 'string' ? `"${other}"` : 'something else than text';
	return personProblem(person, [], {
		kind: 'unusable',
		message: `The person's key is "${person.key}", and ${anchor}, which is to hold the key, is mapped to ${what}.`,
		whatToDo: `Take ${anchor} out of the attributes in Attribute Map, or map it to the key; or choose another Anchor Attribute.`,
	});
}

function whyDuplicate(
	person: DesiredAccount,
	keys: readonly string[],
	shared: ReadonlyMap<string, readonly Owner[]>,
): PlanProblem | undefined {
	if (shared.size === 0) return undefined;
	const key = keys.find((one) => shared.has(one));
	if (key === undefined) return undefined;
	const owners = shared.get(key) ?? [];
	const names = owners.slice(0, 5).map(({ displayName, key: own }) => `${displayName} (${own})`);
	return personProblem(person, [], {
		kind: 'duplicate',
		message: `${owners.length} people have or had the key "${key}": ${names.join(' · ')}. Nothing is planned for any of them.`,
		whatToDo: 'Give each person a key of their own in the HR system, and a previous key to one person only.',
	});
}

function matchByKeys(person: DesiredAccount, keys: readonly string[], byKey: AccountsByKey, anchor: string): Match {
	let account: AccountView | undefined;
	let by: 'key' | 'previous key' = 'key';
	for (const [index, key] of keys.entries()) {
		const found = byKey.first.get(key);
		if (!found) continue;
		const several = byKey.several.get(key);
		if (several) return { person, problem: severalWithKey(person, key, several, anchor) };
		if (account) return { person, problem: severalKeys(person, keys, byKey, anchor) };
		account = found;
		if (index > 0) by = 'previous key';
	}
	return account ? { person, account, by } : { person };
}

function severalWithKey(
	person: DesiredAccount,
	key: string,
	accounts: readonly AccountView[],
	anchor: string,
): PlanProblem {
	return personProblem(person, accounts, {
		kind: 'ambiguous',
		message: `${accounts.length} accounts have the ${anchor} "${key}": ${namesOf(accounts)}.`,
		whatToDo: `Take the ${anchor} from all of them but the person's own.`,
	});
}

function severalKeys(
	person: DesiredAccount,
	keys: readonly string[],
	byKey: AccountsByKey,
	anchor: string,
): PlanProblem {
	const accounts = keys.flatMap((key) => accountsOf(byKey, key));
	return personProblem(person, accounts, {
		kind: 'conflict',
		message: `The person's key and previous keys lead to different accounts: ${accounts
			.slice(0, 5)
			.map(({ dn, key }) => `${dn} (${key})`)
			.join(' · ')}.`,
		whatToDo: `Decide which account is to stay, and take the ${anchor} from the others; or take the previous key out of the HR system.`,
	});
}
