/** Persons that attributes name, such as the manager: found among all accounts that were read, and all people of the feed. */
import type { AttributeValue, DesiredAccount, PersonRef, PlanProblem, Ref } from '../../contracts';
import { guidOf } from '../../directory/accounts/account';
import { valuesOf, type Entry } from '../../directory/entry';
import { safeDnKey } from '../../schema/dn';
import { personKey } from '../keys';
import type { AccountView, ChosenNames, Decision, PlanSource, Resolved } from './types';

export type PersonReferences = Pick<Resolved, 'references' | 'notes'>;

export type ReferencesContext = {
	/** Attribute that holds the people's keys. */
	readonly anchor: string;
	/** All accounts that were read. */
	readonly accounts: readonly AccountView[];
	/** Names that are given in this plan (names.ts). */
	readonly names: ReadonlyMap<string, ChosenNames | PlanProblem>;
	/** Id of a joiner's change by `personKey`; undefined = no account is made for this person. */
	readonly joiner: (key: string) => string | undefined;
};

/** What is asked for by one attribute, and who has it. */
type Index = {
	/** Attribute in lower case, and as it was first spelled. */
	readonly name: string;
	readonly by: string;
	/** As they are compared, by how they are given. */
	readonly given: Map<string, string>;
	/** How they are given, by how they are compared. */
	readonly values: Map<string, string>;
	/** Exactly one, or null for more than one, by how they are compared. */
	readonly found: Map<string, Ref | null>;
	/** People of the feed who are to have the value, and get no account in this plan. */
	readonly leftOut: Set<string>;
};

type Indexes = (by: string) => Index;

const NONE: PersonReferences = { references: {}, notes: [] };

/**
 * @param decisions exactly one for each person of the input
 * @returns by `personKey`; whoever names nobody is not there. An attribute that names somebody who is not found, or not alone, is left out,
 * and a note says so.
 * @throws DirectoryError
 */
export async function resolveReferences(
	decisions: readonly Decision[],
	source: PlanSource,
	context: ReferencesContext,
): Promise<ReadonlyMap<string, PersonReferences>> {
	const { indexes, all } = openIndexes();
	forEachReference(decisions, (_person, _attribute, { by, value }) => {
		const index = indexes(by);
		if (index.given.has(value)) return;
		const wanted = compared(index.name, value);
		index.given.set(value, wanted);
		index.values.set(wanted, value.trim());
	});
	const going = deletedBy(decisions);
	const staying = going.size === 0 ? context.accounts : context.accounts.filter(({ guid }) => !going.has(guid));
	for (const index of all()) {
		addAccounts(index, staying);
		addPeople(index, decisions, context);
		await addRest(index, source, going);
	}
	return answers(decisions, indexes);
}

/** Accounts that this plan deletes: whoever names one of them would name nobody by the time that it is applied, which an Add is refused for. */
function deletedBy(decisions: readonly Decision[]): ReadonlySet<string> {
	return new Set(decisions.flatMap((decision) => (isDeletion(decision) ? [decision.account.guid] : [])));
}

function isDeletion(decision: Decision): decision is Extract<Decision, { kind: 'leaver' }> {
	return decision.kind === 'leaver' && decision.remove;
}

/** One for each attribute, however it is spelled. */
function openIndexes(): { readonly indexes: Indexes; readonly all: () => Iterable<Index> } {
	const spelled = new Map<string, Index>();
	const known = new Map<string, Index>();
	const open = (by: string) => {
		const name = by.toLowerCase();
		const index = known.get(name) ?? {
			...{ name, by, given: new Map<string, string>(), values: new Map<string, string>() },
			...{ found: new Map<string, Ref | null>(), leftOut: new Set<string>() },
		};
		spelled.set(by, index);
		known.set(name, index);
		return index;
	};
	return { indexes: (by) => spelled.get(by) ?? open(by), all: () => known.values() };
}

function forEachReference(
	decisions: readonly Decision[],
	work: (person: DesiredAccount, attribute: string, reference: PersonRef) => void,
): void {
	for (const decision of decisions) {
		if (decision.kind === 'unchanged' || decision.kind === 'problem' || decision.kind === 'leaver') continue;
		const { attributes } = decision.person;
		for (const attribute in attributes) {
			const wanted = attributes[attribute];
			if (typeof wanted !== 'object' || wanted === null) continue;
			if (!isList(wanted)) {
				if ('by' in wanted) work(decision.person, attribute, wanted);
			} else
				for (const value of wanted)
					if (typeof value === 'object' && 'by' in value) work(decision.person, attribute, value);
		}
	}
}

function isList(value: AttributeValue): value is Extract<AttributeValue, readonly unknown[]> {
	return Array.isArray(value);
}

/** @param by in lower case */
function compared(by: string, value: string): string {
	const text = value.trim();
	if (by === 'distinguishedname') return safeDnKey(text);
	if (by === 'objectguid') return text.replace(/^<GUID=(.*)>$/i, '$1').toLowerCase();
	return text.normalize('NFC').toLowerCase();
}

function valuesIn(by: string, entry: Entry): readonly (string | Buffer)[] {
	if (by === 'distinguishedname') return [entry.dn];
	return by === 'objectguid' ? [guidOf(entry)] : valuesOf(entry, by);
}

function add({ found }: Index, value: string, ref: Ref): void {
	const before = found.get(value);
	if (before === undefined) found.set(value, ref);
	else if (before !== null && idOf(before) !== idOf(ref)) found.set(value, null);
}

const idOf = (ref: Ref) => ('guid' in ref ? ref.guid : ref.change);

function addAccounts(index: Index, accounts: readonly AccountView[]): void {
	for (const account of accounts) {
		for (const text of valuesIn(index.name, account.entry)) {
			const value = typeof text === 'string' ? compared(index.name, text) : '';
			if (index.values.has(value)) add(index, value, { guid: account.guid, dn: account.dn });
		}
	}
}

/** What people are to have counts as well: the account that has it tomorrow may have another value today, or not be there at all. */
function addPeople(index: Index, decisions: readonly Decision[], context: ReferencesContext): void {
	for (const decision of decisions) {
		const person = decision.kind === 'problem' ? decision.problem.record : decision.person;
		if (!person) continue;
		for (const text of desiredValues(person, index.name, context)) {
			const value = compared(index.name, text);
			if (!index.values.has(value)) continue;
			const ref = refOf(decision, context);
			if (ref) add(index, value, ref);
			else index.leftOut.add(value);
		}
	}
}

function desiredValues(
	person: DesiredAccount,
	by: string,
	{ anchor, names }: Pick<ReferencesContext, 'anchor' | 'names'>,
): readonly string[] {
	if (by === anchor.toLowerCase()) return [person.key];
	const texts: string[] = [];
	for (const attribute in person.attributes) {
		if (attribute.length !== by.length || attribute.toLowerCase() !== by) continue;
		for (const value of [person.attributes[attribute]].flat()) if (typeof value === 'string') texts.push(value);
	}
	const chosen = names.get(personKey(person.key));
	if (chosen && !('kind' in chosen))
		for (const [attribute, value] of Object.entries(chosen)) if (attribute.toLowerCase() === by) texts.push(value);
	return texts;
}

/** The account of a person, or the change that makes it. */
function refOf(decision: Decision, { joiner }: ReferencesContext): Ref | undefined {
	if (decision.kind === 'problem') {
		const [only, ...more] = decision.problem.accounts;
		return only && more.length === 0 ? { guid: only.guid, dn: only.dn } : undefined;
	}
	if (decision.kind === 'joiner') {
		const change = joiner(personKey(decision.person.key));
		return change === undefined ? undefined : { change };
	}
	if (isDeletion(decision)) return undefined;
	return decision.account ? { guid: decision.account.guid, dn: decision.account.dn } : undefined;
}

/** Whoever stands outside what was read: all that are open in one question. */
async function addRest(index: Index, source: PlanSource, going: ReadonlySet<string>): Promise<void> {
	const { name, by, found, values } = index;
	const isOpen = (value: string) => value !== '' && !value.includes('\u0000') && !found.has(value);
	const open = [...values].flatMap(([value, given]) => (isOpen(value) ? [given] : []));
	if (open.length === 0) return;
	for (const entry of await source.find(by, open, ['objectGUID', by])) {
		if (going.has(guidOf(entry))) continue;
		// A server may take values for equal that are not the same here (accents, blanks).
		for (const text of valuesIn(name, entry)) {
			const value = typeof text === 'string' ? compared(name, text) : '';
			if (values.has(value)) add(index, value, { guid: guidOf(entry), dn: entry.dn });
		}
	}
}

function answers(decisions: readonly Decision[], indexes: Indexes): ReadonlyMap<string, PersonReferences> {
	const result = new Map<string, PersonReferences>();
	const unresolved = new Map<string, Set<string>>();
	const shared = sharedAnswers();
	forEachReference(decisions, (person, spelled, reference) => {
		const key = personKey(person.key);
		const before = result.get(key);
		const { found, given, leftOut } = indexes(reference.by);
		const value = given.get(reference.value) ?? '';
		const ref = found.get(value);
		if (ref) {
			result.set(key, before ? withRef(before, spelled.toLowerCase(), ref) : shared(spelled, ref));
			return;
		}
		const { references, notes } = before ?? NONE;
		result.set(key, { references, notes: [...notes, whyOpen(spelled, reference, ref !== null && leftOut.has(value))] });
		unresolved.set(key, (unresolved.get(key) ?? new Set()).add(spelled.toLowerCase()));
	});
	// Written without the one who was not found, an attribute would lose a value that may well be right.
	for (const [key, open] of unresolved) {
		const { references, notes } = result.get(key) ?? NONE;
		const whole = Object.entries(references).filter(([attribute]) => !open.has(attribute));
		result.set(key, { references: Object.fromEntries(whole), notes });
	}
	return result;
}

function withRef({ references, notes }: PersonReferences, attribute: string, ref: Ref): PersonReferences {
	const before = Object.hasOwn(references, attribute) ? (references[attribute] ?? []) : [];
	return { references: { ...references, [attribute]: [...before, ref] }, notes };
}

/** Nearly everybody names a manager alone, and many the same one: one answer does for all of them. */
function sharedAnswers(): (spelled: string, ref: Ref) => PersonReferences {
	const made = new Map<string, Map<Ref, PersonReferences>>();
	return (spelled, ref) => {
		const byRef = made.get(spelled) ?? new Map<Ref, PersonReferences>();
		const answer = byRef.get(ref) ?? withRef(NONE, spelled.toLowerCase(), ref);
		made.set(spelled, byRef);
		byRef.set(ref, answer);
		return answer;
	};
}

function whyOpen(attribute: string, { by, value }: PersonRef, isLeftOut: boolean): string {
	if (isLeftOut)
		return `${attribute} was left as it is: ${by} "${value}" is in the feed, and has no account in this plan.`;
	return `${attribute} was left as it is: nobody, or more than one, has ${by} "${value}".`;
}
