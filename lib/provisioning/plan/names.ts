/**
 * Who gets which name. People are gone through in the order of the feed, each taking the best names that nobody has: a name that has not been
 * looked for yet counts as free, all of those are looked for together, and everybody is gone through again, until nothing was taken on trust.
 * So it ends as if each person had been asked for one after another, with few questions to the directory.
 */
import type { PlanProblem } from '../../contracts';
import { noneFree, noneGiven } from '../../directory/accounts/names';
import { makeName, openLedger, type Ledger, type Name } from './nameLedger';
import { wishReader, type Rung, type Wish, type WishList } from './nameWishes';
import { personKey } from '../keys';
import { personProblem } from './problems';
import type { AccountView, ChosenNames, Decision, PlanSource, StepContext } from './types';

export type NamesChosen = {
	/** By `personKey`. Whoever keeps all names is not there. */
	readonly names: ReadonlyMap<string, ChosenNames | PlanProblem>;
	/** Why a person does not get the first name, by `personKey`. */
	readonly personNotes: ReadonlyMap<string, readonly string[]>;
	/** For the whole plan. */
	readonly notes: readonly string[];
};

export type NamesContext = Pick<StepContext, 'request' | 'facts' | 'places'>;

/** Names looked for ahead at most, once a person's first one is held by somebody: more with each one that is. */
const AHEAD = 25;
const AHEAD_FIRST = 4;

/**
 * Names for joiners, and for those whose names are none of their ladders where renaming is on. A name is free when nobody in the domain holds
 * it, nobody before gets it in this plan, and nobody who left had it; a name that somebody gives up in this plan is not free yet.
 * @param decisions in the order of the feed
 * @param accounts all that were read
 * @throws DirectoryError
 */
export async function chooseNames(
	decisions: readonly Decision[],
	source: PlanSource,
	{ request, facts, places }: NamesContext,
	accounts: readonly AccountView[],
): Promise<NamesChosen> {
	const wishesOf = wishReader({ facts, places, policy: request.policy });
	const lists = decisions.flatMap((decision) => {
		const list = decision.kind === 'unchanged' || decision.kind === 'problem' ? undefined : wishesOf(decision);
		return list ? [list] : [];
	});
	const open = lists.filter(({ missing, wishes }) => missing === undefined && wishes.length > 0);
	// Whoever moves can only take the own name along; whoever is new can take another.
	const inTurn = [...open.filter(keepsName), ...open.filter((list) => !keepsName(list))];
	const ledger = openLedger(facts, accounts);
	const reserved = open.some(asksForMail) ? addressesOf(decisions, facts.domain) : [];
	let round = assign(inTurn, ledger, reserved);
	while (round.untried.length > 0) {
		ledger.learn(round.untried, await source.named(round.untried.map(({ lookup }) => lookup)));
		if (!round.trusted.some(({ name, owner }) => ledger.isHeld(name.key, owner))) break;
		round = assign(inTurn, ledger, reserved);
	}
	return { ...results(lists, round.chosen), notes: open.length > 0 ? await forestNote(source) : [] };
}

const keepsName = ({ wishes }: WishList) => wishes.some(({ keeps }) => keeps);
const asksForMail = ({ wishes }: WishList) => wishes.some(({ attributes }) => attributes.includes('mail'));

async function forestNote(source: PlanSource): Promise<readonly string[]> {
	const { searched, why } = await source.forest();
	if (searched) return [];
	return [
		`User principal names and mail addresses were looked for in this domain only, not in the whole forest: ${why}`,
	];
}

/** What a wish was given; undefined = no name of it is free. */
type Picks = ReadonlyMap<Wish, Rung | undefined>;
type Reserved = readonly (readonly [key: string, owner: string])[];

type Round = {
	readonly chosen: Picks;
	/** Names that were given without having been looked for. */
	readonly trusted: readonly Given[];
	/** Those, and some that may be needed in their place. */
	readonly untried: readonly Name[];
};
type Given = { readonly name: Name; readonly owner: string };

/** Everybody in turn, with what is known now. */
function assign(lists: readonly WishList[], ledger: Ledger, reserved: Reserved): Round {
	const given = new Map<string, string>(reserved);
	const chosen = new Map<Wish, Rung | undefined>();
	const trusted: Given[] = [];
	const untried = new Map<string, Name>();
	for (const { wishes, owner } of lists) {
		const isFree = ({ key }: Name) => (given.get(key) ?? owner) === owner;
		const picks = wishes.map((wish) => pick(wish, owner, ledger, isFree, untried));
		wishes.forEach((wish, index) => chosen.set(wish, picks[index]));
		// Who cannot have all names has none, and takes none away.
		if (picks.includes(undefined)) continue;
		for (const name of picks.flatMap((rung) => rung ?? [])) {
			if (!ledger.isKnown(name.key)) trusted.push({ name, owner });
			for (const key of name.takes) if (!given.has(key)) given.set(key, owner);
		}
	}
	return { chosen, trusted, untried: [...untried.values()] };
}

function pick(
	{ rung }: Wish,
	owner: string,
	ledger: Ledger,
	isFree: (name: Name) => boolean,
	untried: Map<string, Name>,
): Rung | undefined {
	let held = 0;
	for (let index = 0; ; index += 1) {
		const names = rung(index);
		if (!names) return undefined;
		if (names.some(({ key }) => ledger.isHeld(key, owner))) {
			held += 1;
			continue;
		}
		if (!names.every(isFree)) continue;
		if (names.every(({ key }) => ledger.isKnown(key))) return names;
		// The first name alone: it is free for nearly everybody.
		const last = index + (held === 0 ? 1 : Math.min(AHEAD, held * AHEAD_FIRST));
		for (let ahead = index; ahead < last; ahead += 1)
			for (const name of rung(ahead) ?? []) if (!ledger.isKnown(name.key)) untried.set(name.key, name);
		return names;
	}
}

/** Addresses that come straight from the HR system: whoever has one there gets it, so no ladder gives it to another. */
function addressesOf(decisions: readonly Decision[], domain: string): Reserved {
	const reserved = new Map<string, string>();
	const spelled = new Map<string, boolean>();
	for (const decision of decisions) {
		if (decision.kind === 'unchanged' || decision.kind === 'problem' || decision.kind === 'leaver') continue;
		const { attributes, key } = decision.person;
		const owner = decision.kind === 'joiner' ? `joiner ${key}` : decision.account.guid;
		for (const attribute in attributes) {
			let isAddress = spelled.get(attribute);
			if (isAddress === undefined) spelled.set(attribute, (isAddress = ADDRESSES.has(attribute.toLowerCase())));
			if (!isAddress) continue;
			for (const text of [attributes[attribute]].flat()) {
				if (typeof text !== 'string') continue;
				const name = makeName('mail', text.replace(/^smtp:/i, ''), domain, NOWHERE);
				if (!reserved.has(name.key)) reserved.set(name.key, owner);
			}
		}
	}
	return [...reserved];
}

const ADDRESSES = new Set(['mail', 'proxyaddresses']);
const NOWHERE = { dn: '', key: '' };

function results(lists: readonly WishList[], chosen: Picks): Omit<NamesChosen, 'notes'> {
	const names = new Map<string, ChosenNames | PlanProblem>();
	const personNotes = new Map<string, readonly string[]>();
	const fail = ({ key, person, account }: WishList, words: NameFault) => {
		const about = account ? [account] : [];
		if (person) names.set(personKey(key), personProblem(person, about, { kind: 'no name', urgent: false, ...words }));
	};
	for (const list of lists) {
		const key = personKey(list.key);
		const failed = list.wishes.find((wish) => chosen.has(wish) && chosen.get(wish) === undefined);
		if (list.missing !== undefined) fail(list, noneGiven(list.missing));
		else if (failed) fail(list, whyNone(list, failed));
		else {
			const { given, notes } = namesOf(list, chosen);
			if (Object.keys(given).length > 0) names.set(key, given);
			if (notes.length > 0) personNotes.set(key, notes);
		}
	}
	return { names, personNotes };
}

function namesOf({ wishes }: WishList, chosen: Picks): { given: ChosenNames; notes: readonly string[] } {
	const given: Record<string, string> = {};
	const notes: string[] = [];
	for (const wish of wishes) {
		const [best, rung = []] = [wish.rung(0), chosen.get(wish)];
		if (wish.keeps && rung === best) continue;
		for (const [index, { attribute, value }] of rung.entries()) {
			given[attribute] = value;
			const first = best?.[index]?.value ?? value;
			if (first !== value) notes.push(`${attribute} is to be "${value}", since "${first}" cannot be had.`);
		}
	}
	return { given, notes };
}

type NameFault = Pick<PlanProblem, 'message' | 'whatToDo'>;

function whyNone({ account, container }: WishList, { attributes, rung, keeps }: Wish): NameFault {
	const first = rung(0)?.[0]?.value ?? '';
	if (!keeps || !account || rung(1)) return noneFree(attributes, first);
	return {
		message: `${account.dn} cannot be moved to ${container.dn}: an object there is called "${first}", or is to be called so by this plan.`,
		whatToDo: 'Rename one of the two first, or turn on renaming and give cn further names to try.',
	};
}
