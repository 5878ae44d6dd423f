/**
 * Desired attributes against those that an account has. Most people have nothing to change: whatever is equal is seen to be equal where it
 * stands, and only what is not is looked at by the rules.
 */
import type { AttributeValue, DesiredAccount, PersonRef, Ref, Value, Write } from '../../contracts';
import { fileTimeOf, ownName } from '../../directory/accounts/desired';
import { checked, isPersonRef, personFault, sameValue, single, toList } from '../../directory/accounts/values';
import type { Entry } from '../../directory/entry';
import { guidDn } from '../../directory/guid';
import { safeDnKey } from '../../schema/dn';
import { NEVER } from '../../schema/instants';
import type { NameAttribute } from '../../schema/nameLadder';
import type { AttributeRule, StepMemory } from './stepMemory';
import type { ChosenNames, Resolved } from './types';

/** A value to have: as it is sent, or somebody by reference. */
export type Wanted = string | Buffer | Ref;
/** Values as the directory gave them. */
export type Present = readonly (string | Buffer)[];

/** One attribute that is to change; `to` is all that it is to have. */
export type Delta = { readonly rule: AttributeRule; readonly from: Present; readonly to: readonly Wanted[] };

const NO_DELTAS: readonly Delta[] = [];
const NO_VALUES: Present = [];
const EXPIRES = 'accountexpires';

/** @param creating whether the account is still being made: then `createOnly` attributes count, and nothing is kept */
export type Comparing = {
	readonly references: Resolved['references'];
	readonly memory: StepMemory;
	readonly creating: boolean;
};

/**
 * What an account lacks of what the person is to have; anchor and names are not looked at.
 * @throws DirectoryError (person) for an attribute that cannot be written, or a value that it does not take
 */
export function desiredDeltas(person: DesiredAccount, entry: Entry, comparing: Comparing): readonly Delta[] {
	const { attributes } = person;
	const { memory, references } = comparing;
	let deltas: Delta[] | undefined;
	let expires = person.endsAt !== null;
	for (const name in attributes) {
		const wanted = attributes[name];
		const rule = memory.rule(name);
		if (rule.isApart || wanted === undefined) continue;
		if (rule.fault) throw personFault(rule.fault.message, rule.fault.whatToDo);
		if (rule.key === EXPIRES) expires = false;
		const has = entry.attributes[rule.key];
		if (isPlainlySame(wanted, has, references[rule.key])) continue;
		const delta = deltaOf(person, rule, wanted, has ?? NO_VALUES, comparing);
		if (delta) (deltas ??= []).push(delta);
	}
	// The last day also ends the account by itself, so that it closes even when nobody runs anything on that day.
	if (expires && person.endsAt !== null) {
		const rule = memory.rule('accountExpires');
		const delta = deltaOf(person, rule, fileTimeOf(person.endsAt), entry.attributes[EXPIRES] ?? NO_VALUES, comparing);
		if (delta) (deltas ??= []).push(delta);
	}
	return deltas ?? NO_DELTAS;
}

/** The quick answer for what is equal to the letter; false = it has to be looked at. */
function isPlainlySame(
	wanted: AttributeValue,
	has: Present | undefined,
	references: readonly Ref[] | undefined,
): boolean {
	if (wanted === null) return has === undefined;
	if (has === undefined) return false;
	if (typeof wanted === 'string') return has.length === 1 && has[0] === wanted;
	if (isList(wanted)) {
		// The directory holds no value twice: as many, and each of them wanted, are the same.
		return has.length === wanted.length && has.every((value) => typeof value === 'string' && wanted.includes(value));
	}
	if (references?.length !== 1 || has.length !== 1 || !('by' in wanted)) return false;
	const [reference] = references;
	return reference !== undefined && 'dn' in reference && has[0] === reference.dn;
}

function isList(wanted: AttributeValue): wanted is ReadonlyArray<Value | PersonRef> {
	return Array.isArray(wanted);
}

function deltaOf(
	person: DesiredAccount,
	rule: AttributeRule,
	wanted: AttributeValue,
	from: Present,
	{ creating, memory, references }: Comparing,
): Delta | undefined {
	if (!creating && isNamed(person.createOnly, rule)) return undefined;
	if (from.length > 0 && (isNamed(person.fillOnly, rule) || (rule.isKept && !creating))) return undefined;
	// The ladder knows what to do when an address is taken.
	if (rule.key === 'mail' && ownName(person.names, 'mail') !== undefined) return undefined;
	const to = valuesToHave(rule, wanted, references[rule.key] ?? [], memory);
	return to && changeOf(rule, from, to, memory);
}

function isNamed(names: readonly string[], { key }: AttributeRule): boolean {
	return names.some((name) => name.toLowerCase() === key);
}

/** @returns undefined when somebody among them could not be found: written without, the attribute would lose a value that may well be right */
function valuesToHave(
	rule: AttributeRule,
	wanted: AttributeValue,
	references: readonly Ref[],
	memory: StepMemory,
): readonly Wanted[] | undefined {
	const values: Wanted[] = [];
	let next = 0;
	for (const value of toList(wanted)) {
		const one = isPersonRef(value) ? references[next++] : checked(rule.name, value, rule.facts);
		if (one === undefined) return undefined;
		if (!values.some((other) => isSame(rule, one, other, memory))) values.push(one);
	}
	// Removing it is refused with 53 (MS-SAMR 3.1.1.8.4): an account without an end has a value that says so.
	if (values.length === 0 && rule.key === EXPIRES) return [NEVER];
	single(rule.name, values.map(textOfWanted), rule.facts);
	return values;
}

function textOfWanted(value: Wanted): string | Buffer {
	return typeof value === 'string' || Buffer.isBuffer(value) ? value : '';
}

/** @returns undefined when they are the same */
export function changeOf(
	rule: AttributeRule,
	from: Present,
	to: readonly Wanted[],
	memory: StepMemory,
): Delta | undefined {
	// Not to be read, or not in a snapshot of the directory: every account has it, and most have no end.
	if (rule.key === EXPIRES && from.length === 0 && to[0] === NEVER) return undefined;
	const isUnchanged =
		from.length === to.length && from.every((value) => to.some((other) => isSame(rule, value, other, memory)));
	return isUnchanged ? undefined : { rule, from, to };
}

/** Exact, but for spellings that mean the same. */
function isSame(rule: AttributeRule, left: Wanted, right: Wanted, memory: StepMemory): boolean {
	if (isRef(left)) return isRef(right) ? refKey(left) === refKey(right) : isSame(rule, right, left, memory);
	if (!isRef(right)) return sameValue(rule.name, left, right, memory.facts);
	return 'dn' in right && typeof left === 'string' && safeDnKey(left) === safeDnKey(right.dn);
}

function isRef(value: Wanted): value is Ref {
	return typeof value === 'object' && !Buffer.isBuffer(value);
}

function refKey(ref: Ref): string {
	return 'guid' in ref ? guidDn(ref.guid) : ref.change;
}

/** The writes of one step, those that have to wait until a joiner of the same plan is there, and the joiners. */
export type Writes = { readonly now: readonly Write[]; readonly later: readonly Write[]; readonly dependsOn: string[] };

/** Changes as they stand in steps. */
export function toWrites(deltas: readonly Delta[], memory: StepMemory): Writes {
	const now: Write[] = [];
	const later: Write[] = [];
	const dependsOn = new Set<string>();
	for (const { rule, from, to } of deltas) {
		const joiners = to.flatMap((value) => (isRef(value) && 'change' in value ? [value] : []));
		for (const { change } of joiners) dependsOn.add(change);
		const attribute = rule.name;
		if (rule.facts?.single === true && from.length < 2 && to.length < 2) {
			const write = { attribute, from: toValue(named(rule, from[0], memory)), to: toValue(to[0]) };
			(joiners.length > 0 ? later : now).push(write);
			continue;
		}
		const added = to.filter((value) => !from.some((other) => isSame(rule, value, other, memory)));
		const remove = from.filter((value) => !to.some((other) => isSame(rule, value, other, memory)));
		const add = added.filter((value) => !isRef(value) || !('change' in value));
		if (add.length + remove.length > 0)
			now.push({
				attribute,
				remove: remove.map((value) => toPlainValue(named(rule, value, memory))),
				add: add.map(toPlainValue),
			});
		if (joiners.length > 0) later.push({ attribute, remove: [], add: joiners });
	}
	return { now, later, dependsOn: [...dependsOn] };
}

/**
 * Whom an attribute names now, by GUID: one plan moves or renames people, and changes who names them; and what was half applied is applied again.
 */
function named<V extends string | Buffer | undefined>(rule: AttributeRule, value: V, memory: StepMemory): V | Ref {
	if (rule.facts?.syntax !== 'dn' || typeof value !== 'string') return value;
	return memory.accountAt(value) ?? value;
}

function toValue(value: Wanted | undefined): Value | Ref | null {
	return value === undefined ? null : toPlainValue(value);
}

/** As it stands in plain JSON. */
export function toPlainValue(value: Wanted): Value | Ref {
	return Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value;
}

const ATTRIBUTE_NAMES: readonly Exclude<NameAttribute, 'cn'>[] = ['sAMAccountName', 'userPrincipalName', 'mail'];

/** Names to be given that are attributes; the common name is the object's own name. */
export function nameDeltas(names: ChosenNames, entry: Entry, memory: StepMemory): readonly Delta[] {
	let deltas: Delta[] | undefined;
	for (const attribute of ATTRIBUTE_NAMES) {
		const name = names[attribute];
		if (name === undefined) continue;
		const delta = textDelta(attribute, name, entry, memory);
		if (delta) (deltas ??= []).push(delta);
	}
	return deltas ?? NO_DELTAS;
}

/** One text that an attribute is to have, in this very spelling. */
export function textDelta(attribute: string, text: string, entry: Entry, memory: StepMemory): Delta | undefined {
	const rule = memory.rule(attribute);
	const from = entry.attributes[rule.key] ?? NO_VALUES;
	return from.length === 1 && from[0] === text ? undefined : { rule, from, to: [text] };
}
