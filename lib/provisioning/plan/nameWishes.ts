/** Which names a person is to get, and in which order they are tried. */
import type { DesiredAccount, NameLadder, Policy } from '../../contracts';
import { NAME_ATTRIBUTES, NEEDED_NAMES } from '../../directory/accounts/names';
import { textOf } from '../../directory/entry';
import { InvalidDnError, parentText, parseDn, safeDnKey } from '../../schema/dn';
import { cutText, isFitName, isOfLadder, ladderNames, numberedName, type NameAttribute } from '../../schema/nameLadder';
import { makeName, type Container, type Name } from './nameLedger';
import type { AccountView, ChangingDecision, StepContext } from './types';

/** Names that are taken together, or not at all. */
export type Rung = readonly Name[];

export type Wish = {
	readonly attributes: readonly NameAttribute[];
	/** From the best on; undefined = there are no more. */
	readonly rung: (index: number) => Rung | undefined;
	/** The first one is what the account is called now: it moves, and would like to take its name along. */
	readonly keeps: boolean;
};

export type WishList = {
	/** Of the person; of the account of somebody who is in no feed. */
	readonly key: string;
	/** Whose problem it is when there is no name; undefined for a leaver, who is disabled all the same. */
	readonly person: DesiredAccount | undefined;
	readonly account: AccountView | undefined;
	/** Tells who holds a name. */
	readonly owner: string;
	readonly wishes: readonly Wish[];
	/** A name that nobody can do without, and that nothing says. */
	readonly missing: NameAttribute | undefined;
	readonly container: Container;
};

export type WishContext = Pick<StepContext, 'facts' | 'places'> & { readonly policy: Policy };

type Wanted = { readonly attributes: readonly NameAttribute[]; readonly names: Candidates };
type Pair = { readonly userPrincipalName: NameLadder; readonly mail: NameLadder };
type Candidates = Iterator<readonly (readonly [NameAttribute, string])[], void>;

/** @returns what a decision asks for; undefined = no name */
export type WishReader = (decision: ChangingDecision) => WishList | undefined;

/** Place names are few and people many, so each name is parsed once. */
export function wishReader(context: WishContext): WishReader {
	const containers = new Map<string, Container>();
	const container = (dn: string): Container => {
		const known = containers.get(dn) ?? { dn, key: safeDnKey(dn) };
		containers.set(dn, known);
		return known;
	};
	const placed = (text: string): Container | undefined => {
		const place = text === '' ? undefined : context.places.get(text);
		return place && 'dn' in place ? container(place.dn) : undefined;
	};
	return (decision) => {
		if (decision.kind === 'leaver')
			return ofLeaver(decision, context, placed(context.policy.leavers.moveTo), container);
		if (decision.kind !== 'joiner') return ofAccount(decision, context, placed, container);
		// Without a place there is no account: the steps say so.
		const place = placed(decision.person.ou);
		return place && ofJoiner(decision.person, context, place);
	};
}

function ofJoiner(person: DesiredAccount, { policy, facts }: WishContext, place: Container): WishList {
	const open = NAME_ATTRIBUTES.filter((attribute) => ladderOf(person, attribute) !== undefined);
	return {
		...{ key: person.key, person, account: undefined, owner: `joiner ${person.key}`, container: place },
		wishes: wishesFor(person, open, () => undefined, policy).map(({ attributes, names }) => ({
			...{ attributes, keeps: false },
			rung: rungs(names, facts.domain, place),
		})),
		missing: NEEDED_NAMES.find((attribute) => !open.includes(attribute)),
	};
}

/** Those who left are many, and namesakes among them: whoever cannot take the name along is told apart by the key. */
function ofLeaver(
	{ person, account, remove }: Extract<ChangingDecision, { kind: 'leaver' }>,
	{ facts }: WishContext,
	place: Container | undefined,
	container: (dn: string) => Container,
): WishList | undefined {
	const parent = parentText(account.dn);
	if (!place || remove || place.key === container(parent).key) return undefined;
	const names = leaverNames(commonName(account.dn, parent), account.key.trim());
	return {
		...{
			key: person?.key ?? account.key,
			person: undefined,
			account,
			owner: account.guid,
			container: place,
			missing: undefined,
		},
		wishes: [{ attributes: ['cn'], keeps: true, rung: rungs(names, facts.domain, place) }],
	};
}

function* leaverNames(cn: string, key: string): Generator<readonly [readonly ['cn', string]], void> {
	yield [['cn', cn]];
	const suffix = ` (${key})`;
	if (key !== '') yield [['cn', `${cutText(cn, LONGEST_CN - suffix.length).trimEnd()}${suffix}`]];
}

/** rangeUpper of cn (win32 ADSchema, a-cn). */
const LONGEST_CN = 64;

function ofAccount(
	decision: Exclude<ChangingDecision, { kind: 'joiner' | 'leaver' }>,
	{ policy, facts }: WishContext,
	placed: (text: string) => Container | undefined,
	container: (dn: string) => Container,
): WishList | undefined {
	const { person, account, kind } = decision;
	// Until the start is reached, only attributes and memberships of a new account are looked after.
	const rename = policy.movers.rename && (decision.kind !== 'pending' || decision.finish);
	const wanted = destination(decision, policy, placed);
	if (!rename && (!wanted || standsIn(account.dn, wanted.dn))) return undefined;
	const parent = parentText(account.dn);
	const home = container(parent);
	const place = wanted ?? home;
	const moves = place.key !== home.key;
	if (!rename && !moves) return undefined;
	const cn = commonName(account.dn, parent);
	const present = (attribute: NameAttribute) =>
		attribute === 'cn' ? cn : presentName(decision.account, attribute, kind === 'rehire' && policy.rehires.restore);
	const open = !rename
		? []
		: NAME_ATTRIBUTES.filter((attribute) => {
				const ladder = ladderOf(person, attribute);
				const name = present(attribute);
				if (ladder === undefined || name === undefined) return ladder !== undefined;
				return !isOfLadder(attribute, ladder, name) && !isKept(attribute, decision, policy);
			});
	const keeps = moves && !open.includes('cn');
	if (open.length === 0 && !keeps) return undefined;
	const others = policy.movers.rename && !isKept('cn', decision, policy) ? ladderOf(person, 'cn') : undefined;
	const kept = keeps ? [{ attributes: ['cn'] as const, names: first('cn', cn, others), keeps }] : [];
	const given = wishesFor(person, open, present, policy).map((wish) => ({ ...wish, keeps: false }));
	return {
		...{ key: person.key, person, account, owner: account.guid, container: place, missing: undefined },
		wishes: [...kept, ...given].map(({ attributes, names, keeps: keepsName }) => ({
			...{ attributes, keeps: keepsName },
			rung: rungs(names, facts.domain, place),
		})),
	};
}

/** Where an account is to stand; undefined = where it is. What cannot be used is told by the steps. */
function destination(
	{ person, account, kind }: Exclude<ChangingDecision, { kind: 'joiner' | 'leaver' }>,
	policy: Policy,
	placed: (text: string) => Container | undefined,
): Container | undefined {
	if (kind !== 'rehire') return policy.movers.move ? placed(person.ou) : undefined;
	if (person.ou !== '') return placed(person.ou);
	return policy.rehires.restore && account.snapshot ? placed(account.snapshot.ou.guid) : undefined;
}

/** Never overwritten where there is a value; whoever has not begun has none that anybody could miss. */
function isKept(name: NameAttribute, { kind }: ChangingDecision, { movers }: Policy): boolean {
	return kind !== 'pending' && movers.keep.some((kept) => kept.toLowerCase() === name.toLowerCase());
}

/** As nearly everybody does; false where that takes more than a look. */
function standsIn(dn: string, place: string): boolean {
	const cut = dn.length - place.length - 1;
	return cut > 0 && dn.endsWith(place) && dn.indexOf(',') === cut;
}

/** What leaving cleared comes back with a rehire. */
function presentName({ entry, snapshot }: AccountView, attribute: string, restores: boolean): string | undefined {
	const now = textOf(entry, attribute);
	if (now !== undefined || !restores) return now;
	const kept = snapshot?.attributes.find((one) => one.attribute.toLowerCase() === attribute.toLowerCase());
	return kept?.from[0]?.toString();
}

/** A ladder with at least one name. */
function ladderOf({ names }: DesiredAccount, attribute: NameAttribute): NameLadder | undefined {
	const ladder = names[attribute];
	return ladder && (ladder.candidates.length > 0 || ladder.counter) ? ladder : undefined;
}

/** @param open what a name is wanted for @param present the names that the account has */
function wishesFor(
	person: DesiredAccount,
	open: readonly NameAttribute[],
	present: (attribute: NameAttribute) => string | undefined,
	{ names: { sameCandidate } }: Policy,
): Wanted[] {
	const [upn, mail] = [ladderOf(person, 'userPrincipalName'), ladderOf(person, 'mail')];
	const paired = sameCandidate && upn && mail ? { userPrincipalName: upn, mail } : undefined;
	const both = paired && open.includes('userPrincipalName') && open.includes('mail');
	const alone = (attribute: NameAttribute): Wanted[] => {
		const ladder = ladderOf(person, attribute);
		if (!ladder) return [];
		if (!paired || (attribute !== 'userPrincipalName' && attribute !== 'mail'))
			return [{ attributes: [attribute], names: first(attribute, undefined, ladder) }];
		const other = attribute === 'mail' ? 'userPrincipalName' : 'mail';
		return [{ attributes: [attribute], names: first(attribute, besideOf(attribute, paired, present(other)), ladder) }];
	};
	if (!both) return open.flatMap(alone);
	return open.flatMap((attribute): Wanted[] => {
		if (attribute === 'mail') return [];
		if (attribute !== 'userPrincipalName') return alone(attribute);
		return [{ attributes: ['userPrincipalName', 'mail'], names: together(paired) }];
	});
}

/** @param best tried before all others */
function* first(
	attribute: NameAttribute,
	best: string | undefined,
	ladder: NameLadder | undefined,
): Generator<readonly [readonly [NameAttribute, string]], void> {
	if (best !== undefined) yield [[attribute, best]];
	for (const name of ladder ? ladderNames(attribute, ladder) : []) if (name !== best) yield [[attribute, name]];
}

function* together(pair: Pair): Generator<readonly (readonly [NameAttribute, string])[], void> {
	for (const [upn, mail] of samePlaces(pair))
		yield [
			['userPrincipalName', upn],
			['mail', mail],
		];
}

/** The names at the same place of both ladders: the same candidate, then the same number. Where one of them has none, neither has. */
function* samePlaces({ userPrincipalName, mail }: Pair): Generator<readonly [upn: string, mail: string], void> {
	for (const [index, name] of userPrincipalName.candidates.entries()) {
		const other = mail.candidates[index];
		if (other !== undefined) yield [name, other];
	}
	const [left, right] = [userPrincipalName.counter, mail.counter];
	if (!left || !right) return;
	const last = Math.min(left.limit, right.limit);
	for (let number = Math.max(left.start, right.start); number <= last; number += 1) {
		const name = numberedName('userPrincipalName', left, number);
		const other = numberedName('mail', right, number);
		if (isFitName('userPrincipalName', name) && isFitName('mail', other)) yield [name, other];
	}
}

/** The name at the place at which the other one stands that the account keeps. */
function besideOf(attribute: 'userPrincipalName' | 'mail', pair: Pair, kept: string | undefined): string | undefined {
	if (kept === undefined) return undefined;
	for (const [upn, mail] of samePlaces(pair)) {
		const [own, other] = attribute === 'mail' ? [mail, upn] : [upn, mail];
		if (other.toLowerCase() === kept.toLowerCase()) return own;
	}
	return undefined;
}

/** Made as they are asked for, and kept: people are gone through more than once. */
function rungs(names: Candidates, domain: string, place: Container): Wish['rung'] {
	const made: Rung[] = [];
	let ended = false;
	return (index) => {
		while (!ended && made.length <= index) {
			const next = names.next();
			if (next.done) ended = true;
			else if (next.value.every(canBeAsked))
				made.push(next.value.map(([attribute, name]) => makeName(attribute, name, domain, place)));
		}
		return made[index];
	};
}

/** An empty name would be looked for as any name, NUL ends a name for some servers, and half a character is none for any. */
function canBeAsked([, name]: readonly [NameAttribute, string]): boolean {
	return name !== '' && !name.includes('\u0000') && name.isWellFormed();
}

/** Nearly all names have neither escapes nor several parts, and need no parser: there are as many as accounts. */
const PLAIN = /^cn=([^+\\"#]+)$/i;

function commonName(dn: string, parent: string): string {
	const plain = PLAIN.exec(dn.slice(0, dn.length - parent.length - 1))?.[1];
	if (plain !== undefined) return plain.trim();
	try {
		return parseDn(dn)[0]?.[0]?.value ?? '';
	} catch (error) {
		if (error instanceof InvalidDnError) return '';
		throw error;
	}
}
