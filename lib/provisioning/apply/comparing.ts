/** A planned write against the account as it stands: at its beginning, at its end, or elsewhere. */
import type { Ref, Value, Write } from '../../contracts';
import { swap } from '../../directory/accounts/values';
import type { Modification } from '../../directory/connection';
import { valuesOf, type Entry } from '../../directory/entry';
import { guidDn } from '../../directory/guid';
import { attributeFacts } from '../../schema/attributes';
import { safeDnKey } from '../../schema/dn';
import { isNever } from '../../schema/instants';

/** Objects that steps name, as they are called now. */
export type Names = {
	/** Distinguished names by GUID; what is missing does not exist any more, or cannot be read. */
	readonly byGuid: ReadonlyMap<string, string>;
	/** Accounts of joiners of the same plan, by the id of their change; what is missing has none yet. */
	readonly joiners: ReadonlyMap<string, { readonly guid: string; readonly dn: string }>;
};

export type WriteState = 'open' | 'done' | 'conflict';

const EXPIRY = 'accountexpires';

/**
 * Exactly: conditions of a Modify notice neither a change of capitals nor of blanks (docs/directory.md), so it is here that they are seen.
 * @param entry with the attribute
 */
export function stateOfWrite(write: Write, entry: Entry, names: Names): WriteState {
	const present = valuesOf(entry, write.attribute);
	const is = (wanted: Value | Ref) => present.some((value) => isSame(write.attribute, value, wanted, names));
	// A link to an object goes with it: who was deleted since, perhaps by this very plan, is not named any more.
	const exists = (wanted: Value | Ref) =>
		typeof wanted === 'string' || !('guid' in wanted) || names.byGuid.has(wanted.guid);
	if ('add' in write) {
		const [removed, added] = [write.remove.filter(exists).map((value) => !is(value)), write.add.map(is)];
		const steps = [...removed, ...added];
		if (steps.every((done) => done)) return 'done';
		return steps.some((done) => done) ? 'conflict' : 'open';
	}
	const stands = (wanted: Value | Ref | null) => {
		if (wanted === null) return present.length === 0 || (isExpiry(write) && present.every(isNoEnd));
		return present.length === 0 ? isExpiry(write) && isNoEnd(wanted) : present.length === 1 && is(wanted);
	};
	// Where both are the same, nothing is to be done.
	if (stands(write.to)) return 'done';
	const { from } = write;
	return stands(from !== null && exists(from) ? from : null) ? 'open' : 'conflict';
}

/** No end has three spellings: none at all, 0, and the greatest number (MS-ADTS 2.2.18, accountExpires). */
function isNoEnd(value: string | Buffer | Value | Ref): boolean {
	return typeof value === 'string' && isNever(value);
}

function isExpiry({ attribute }: Write): boolean {
	return attribute.toLowerCase() === EXPIRY;
}

/** Whether a value of the directory is the planned one. */
export function isSame(attribute: string, present: string | Buffer, wanted: Value | Ref, names: Names): boolean {
	if (typeof wanted === 'string') {
		const text = present.toString('utf8');
		if (text === wanted) return true;
		if (attribute.toLowerCase() === EXPIRY) return isNever(text) && isNever(wanted);
		// The server spells distinguished names its own way.
		return attributeFacts(attribute)?.syntax === 'dn' && safeDnKey(text) === safeDnKey(wanted);
	}
	if ('base64' in wanted) return Buffer.from(present as string).equals(Buffer.from(wanted.base64, 'base64'));
	const dn = nameOf(wanted, names);
	return dn !== undefined && safeDnKey(present.toString('utf8')) === safeDnKey(dn);
}

/** How an object is called now; undefined = there is none. */
export function nameOf(ref: Ref, { byGuid, joiners }: Names): string | undefined {
	return 'change' in ref ? joiners.get(ref.change)?.dn : byGuid.get(ref.guid);
}

/** Why values cannot be written, for people: whom they name is gone. The directory would say so too, but when other steps are done. */
export function goneIn(attribute: string, values: readonly (Value | Ref | null)[], { byGuid }: Names): string[] {
	return values.flatMap((value) =>
		typeof value === 'object' && value && 'guid' in value && !byGuid.has(value.guid)
			? [`${attribute} is to name ${value.dn}, which does not exist any more`]
			: [],
	);
}

/** What stands there when a write is done, as far as it brings it. */
export function broughtBy(write: Write): readonly (Value | Ref | null)[] {
	return 'add' in write ? write.add : [write.to];
}

/** A value as it is sent: objects by GUID, which stays right when they are renamed. @returns undefined for a joiner without account */
export function sent(value: Value | Ref, { joiners }: Names): string | Buffer | undefined {
	if (typeof value === 'string') return value;
	if ('base64' in value) return Buffer.from(value.base64, 'base64');
	if ('guid' in value) return guidDn(value.guid);
	const joiner = joiners.get(value.change);
	return joiner && guidDn(joiner.guid);
}

/** Whether a write names a joiner who has no account yet. */
export function lacksJoiner(write: Write, { joiners }: Names): boolean {
	const values = 'add' in write ? [...write.add, ...write.remove] : [write.from, write.to];
	return values.some((value) => typeof value === 'object' && value && 'change' in value && !joiners.has(value.change));
}

/** The write with joiners as what they are now: plain objects. */
export function resolved(write: Write, names: Names): Write {
	const one = (value: Value | Ref): Value | Ref =>
		typeof value === 'object' && 'change' in value ? (names.joiners.get(value.change) ?? value) : value;
	if ('add' in write) return { ...write, remove: write.remove.map(one), add: write.add.map(one) };
	return { ...write, from: write.from === null ? null : one(write.from), to: write.to === null ? null : one(write.to) };
}

/**
 * What is sent for a write that is open: values that stand there are removed by name, which makes the Modify fail when somebody was quicker.
 * @param entry with the attribute, as `stateOfWrite` saw it
 */
export function toModifications(write: Write, entry: Entry, names: Names): Modification[] {
	const { attribute } = write;
	const present = valuesOf(entry, attribute);
	const toSend = (values: readonly (Value | Ref)[]) => values.flatMap((value) => sent(value, names) ?? []);
	if (!('add' in write)) return swap(attribute, present, write.to === null ? [] : toSend([write.to]), [], []);
	const gone = present.filter((value) => write.remove.some((wanted) => isSame(attribute, value, wanted, names)));
	const added = toSend(write.add);
	const kept = present.filter((value) => !gone.includes(value));
	return swap(attribute, gone, added, kept, [...kept, ...added]);
}

/** Values before and after, as a snapshot keeps them. @param entry with the attribute, as `stateOfWrite` saw it */
export function beforeAndAfter(
	write: Write,
	entry: Entry,
	names: Names,
): { readonly from: readonly (string | Buffer)[]; readonly to: readonly (string | Buffer)[] } {
	const from = valuesOf(entry, write.attribute);
	const toSend = (values: readonly (Value | Ref)[]) => values.flatMap((value) => sent(value, names) ?? []);
	if (!('add' in write)) return { from, to: write.to === null ? [] : toSend([write.to]) };
	const kept = from.filter((value) => !write.remove.some((wanted) => isSame(write.attribute, value, wanted, names)));
	return { from, to: [...kept, ...toSend(write.add)] };
}

/** Longest value in a message. */
const SHOWN = 80;

/** Values as a message shows them; bytes are not for reading. */
export function inWords(values: readonly (string | Buffer | Value | Ref)[]): string {
	if (values.length === 0) return 'empty';
	return values.map(one).join(', ');
}

function one(value: string | Buffer | Value | Ref): string {
	// Not half a character: an outcome is sealed, and no seal can be made of one.
	if (typeof value === 'string')
		return `"${value.length > SHOWN ? `${value.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, '')}…` : value}"`;
	if ('dn' in value) return `"${value.dn}"`;
	return 'change' in value ? 'a person of this plan' : '(binary)';
}

/** Why a write cannot be done, for people. */
export function conflictInWords(write: Write, entry: Entry): string {
	const expected = 'add' in write ? write.remove : write.from === null ? [] : [write.from];
	const now = valuesOf(entry, write.attribute);
	if (!('add' in write))
		return `${write.attribute} is ${inWords(now)}, and was ${inWords(expected)} when this was planned`;
	const asked = [
		...(write.remove.length > 0 ? [`${inWords(write.remove)} taken out`] : []),
		...(write.add.length > 0 ? [`${inWords(write.add)} added`] : []),
	];
	return `${write.attribute} is ${inWords(now)}, where ${asked.join(' and ')} was planned`;
}
