/** People who have no account by their keys, and accounts that have their mail address or name: for a person to look at. */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { ownName } from '../../directory/accounts/desired';
import { textsOf } from '../../directory/entry';
import { namesOf, personProblem } from './problems';
import type { AccountView, PlanRequest } from './types';

/** Somebody without an account, and their place in the feed. */
export type Unmatched = { readonly index: number; readonly person: DesiredAccount };

/** What was found for one of them. */
export type Seen = {
	readonly who: Unmatched;
	readonly accounts: readonly AccountView[];
	readonly problem: PlanProblem;
};

/** Who looks for a value, and the accounts that have it. An attribute that half of the company shares must cost no more than another. */
type Wanted = { readonly value: string; readonly people: Unmatched[]; readonly accounts: AccountView[] };

/** Accounts named in one problem. */
const SHOWN = 20;

/**
 * Each attribute in its turn, for those whom the ones before did not find.
 * @param isSettled whether an account with this key is known to be somebody else's: a namesake's, whose name a joiner does not get anyway
 */
export function matchByAttributes(
	{ matchOn, anchor }: Pick<PlanRequest, 'matchOn' | 'anchor'>,
	accounts: readonly AccountView[],
	people: readonly Unmatched[],
	isSettled: (key: string) => boolean,
): readonly Seen[] {
	const seen: Seen[] = [];
	let open = people;
	for (const attribute of matchOn) {
		const found = search(attribute, open, accounts, isSettled);
		const several = withSeveralFinders(found);
		const done = new Map<Unmatched, Wanted[]>();
		for (const wanted of found) for (const one of wanted.people) done.set(one, [...(done.get(one) ?? []), wanted]);
		for (const [one, values] of done) {
			const [first] = values;
			const all = values.length === 1 && first ? first.accounts : unique(values.flatMap((wanted) => wanted.accounts));
			const shared = all.find(({ guid }) => several.has(guid));
			const problem = shared
				? ofSeveral(one.person, shared, attribute, anchor)
				: problemOf(one.person, all, first?.value ?? '', attribute, anchor);
			seen.push({ who: one, accounts: all, problem });
		}
		open = open.filter((one) => !done.has(one));
	}
	return seen;
}

/** One pass over the accounts, whatever the number of people. @returns the values that some account has */
function search(
	attribute: string,
	people: readonly Unmatched[],
	accounts: readonly AccountView[],
	isSettled: (key: string) => boolean,
): readonly Wanted[] {
	const byValue = new Map<string, Wanted>();
	for (const one of people) {
		for (const value of valuesToFind(one.person, attribute)) {
			const wanted = byValue.get(folded(value)) ?? { value, people: [], accounts: [] };
			byValue.set(folded(value), wanted);
			if (wanted.people.at(-1) !== one) wanted.people.push(one);
		}
	}
	if (byValue.size === 0) return [];
	for (const account of accounts) {
		for (const value of textsOf(account.entry, attribute)) {
			const wanted = byValue.get(folded(value));
			if (!wanted || wanted.accounts.at(-1) === account || isSettled(account.key)) continue;
			wanted.accounts.push(account);
		}
	}
	return [...byValue.values()].filter((wanted) => wanted.accounts.length > 0);
}

/** GUIDs of accounts that more than one person leads to. */
function withSeveralFinders(found: readonly Wanted[]): ReadonlySet<string> {
	const finders = new Map<string, Unmatched>();
	const several = new Set<string>();
	for (const { people, accounts } of found) {
		const [only, ...more] = people;
		for (const { guid } of accounts) {
			const before = finders.get(guid);
			if (only) finders.set(guid, only);
			if (more.length > 0 || (before && before !== only)) several.add(guid);
		}
	}
	return several;
}

/** What the person is to have there: the mapped values, or the first name of the ladder, the one that nobody but a namesake has. */
function valuesToFind({ attributes, names }: DesiredAccount, attribute: string): readonly string[] {
	const mapped = attributes[ownName(attributes, attribute) ?? ''];
	const values: readonly unknown[] = Array.isArray(mapped) ? mapped : [mapped];
	const texts = values.filter((value): value is string => typeof value === 'string' && value.trim() !== '');
	if (texts.length > 0) return texts;
	const [first] = names[ownName(names, attribute) ?? '']?.candidates ?? [];
	return first === undefined ? [] : [first];
}

function folded(value: string): string {
	return value.trim().normalize('NFC').toLowerCase();
}

function unique(accounts: readonly AccountView[]): readonly AccountView[] {
	return [...new Set(accounts)];
}

function problemOf(
	person: DesiredAccount,
	accounts: readonly AccountView[],
	value: string,
	attribute: string,
	anchor: string,
): PlanProblem {
	const [account, ...more] = accounts;
	const whatToDo = `If it is the person's account, write the ${anchor} "${person.key}" into it by hand and run again. If it is somebody else's, mend ${attribute} in one of the two, or take ${attribute} out of Match On.`;
	if (more.length > 0)
		return personProblem(person, accounts.slice(0, SHOWN), {
			kind: 'ambiguous',
			message: `No account has the ${anchor} "${person.key}", and ${accounts.length} have the person's ${attribute}: ${namesOf(accounts)}.`,
			whatToDo,
		});
	const own = account?.key ?? '';
	const keyed = own === '' ? `has no ${anchor}` : `has the ${anchor} "${own}"`;
	return personProblem(person, accounts, {
		kind: 'review',
		message: `No account has the ${anchor} "${person.key}", but ${account?.dn ?? ''} has the person's ${attribute} "${value}". It ${keyed}.`,
		whatToDo,
	});
}

function ofSeveral(person: DesiredAccount, shared: AccountView, attribute: string, anchor: string): PlanProblem {
	return personProblem(person, [shared], {
		kind: 'conflict',
		message: `${shared.dn} has the ${attribute} of more than one person who has no account by ${anchor}.`,
		whatToDo: `Write the ${anchor} of the one whose account it is into it by hand, then run again.`,
	});
}
