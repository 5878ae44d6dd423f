/** One value of one attribute, in words. */
import type { Place, Ref, Value } from '../../contracts';
import { parseUserAccountControl, isDisabled } from '../../directory/userAccountControl';
import { attributeFacts, isFileTime } from '../../schema/attributes';
import { InvalidDnError, parseDn } from '../../schema/dn';
import { fromFileTime, isNever } from '../../schema/instants';
import { isSecret } from '../../schema/neverWritten';
import { excerpt, grouped, instantWords, visible } from './visible';

/** A value as people read it. `detail` is the distinguished name of an object that is shown by its own name. */
export type Shown = { readonly text: string; readonly detail?: string };

/** How values are written for one output. */
export type Wording = {
	/** Text of a person or a directory, made fit to be shown; cut where an output is no place for the whole. */
	readonly show: (text: string, limit?: number) => string;
	readonly bytes: (count: number) => string;
	/** Name of the joiner of this plan that has a change's id. */
	readonly joiner: (changeId: string) => string | undefined;
	/** Distinguished names that were taken apart already: groups and containers occur again and again. */
	readonly known: Map<string, DnParts>;
};

type DnParts = { readonly attribute: string; readonly value: string; readonly dn: string };

/** Characters of one value that a message shows; a CSV has the whole. */
const SHOWN = 120;
/** Of a sentence, or a distinguished name: the end of one says where an account goes. */
const SENTENCE = 300;

const EMPTY: Shown = { text: '(empty)' };

/** For messages: long values are cut. */
export function messageWording(joiner: Wording['joiner']): Wording {
	return {
		show: (text, limit = SHOWN) => excerpt(text, limit),
		bytes: (count) => (count < 1024 ? `${count} bytes` : `${grouped(Math.round(count / 1024))} KB`),
		joiner,
		known: new Map(),
	};
}

/** For the CSV: everything is there. */
export function wholeWording(joiner: Wording['joiner']): Wording {
	return { show: (text) => visible(text), bytes: (count) => `${count} bytes`, joiner, known: new Map() };
}

/** Reasons, notes and other sentences that may hold names. */
export function sentence(text: string): string {
	return excerpt(text, SENTENCE);
}

/** @param attribute LDAP name, which says how the value is read */
export function valueWords(wording: Wording, attribute: string, value: Value | Ref | null): Shown {
	if (value === null || value === '') return EMPTY;
	if (isSecret(attribute)) return { text: '(not shown)' };
	if (typeof value === 'string') return textWords(wording, attribute, value);
	if ('base64' in value) return { text: `(binary, ${wording.bytes(Buffer.byteLength(value.base64, 'base64'))})` };
	return refWords(wording, value);
}

/** An object of the directory by its own name, or a joiner of the same plan. */
export function refWords(wording: Wording, ref: Ref): Shown {
	if ('dn' in ref) return dnWords(wording, ref.dn);
	const name = wording.joiner(ref.change);
	return { text: name === undefined ? 'a joiner of this plan' : `${wording.show(name)} (joiner of this plan)` };
}

/** A container: "OU Sales", with its distinguished name. */
export function containerWords(wording: Wording, dn: string): Shown {
	const parts = partsOf(wording, dn);
	return parts.attribute === ''
		? { text: parts.value }
		: { text: `${parts.attribute} ${parts.value}`, detail: parts.dn };
}

/** The name of an object in its container, without the attribute that it is held in. */
export function rdnWords(wording: Wording, { rdn }: Pick<Place, 'rdn'>): Shown {
	return { text: wording.show(firstPart(rdn)?.value ?? rdn) };
}

function dnWords(wording: Wording, dn: string): Shown {
	const parts = partsOf(wording, dn);
	return parts.attribute === '' ? { text: parts.value } : { text: parts.value, detail: parts.dn };
}

/** As shown; without attribute when it is no distinguished name. */
function partsOf({ show, known }: Wording, dn: string): DnParts {
	const before = known.get(dn);
	if (before) return before;
	const first = firstPart(dn);
	const parts = first
		? { attribute: show(first.attribute), value: show(first.value), dn: show(dn, SENTENCE) }
		: { attribute: '', value: show(dn), dn: '' };
	known.set(dn, parts);
	return parts;
}

function firstPart(dn: string): { readonly attribute: string; readonly value: string } | undefined {
	try {
		return parseDn(dn)[0]?.[0];
	} catch (error) {
		if (error instanceof InvalidDnError) return undefined;
		throw error;
	}
}

function textWords(wording: Wording, attribute: string, value: string): Shown {
	const name = attribute.toLowerCase();
	if (name === 'useraccountcontrol') return { text: accountWords(wording, value) };
	if (name === 'pwdlastset' && value === '0') return { text: 'to be changed at the next logon' };
	if (isFileTime(name)) return { text: fileTimeWords(wording, value) };
	if (attributeFacts(name)?.syntax === 'dn') return dnWords(wording, value);
	return { text: wording.show(value) };
}

function fileTimeWords(wording: Wording, value: string): string {
	if (isNever(value)) return 'never';
	const ms = fromFileTime(value);
	return ms === undefined ? wording.show(value) : instantWords(ms);
}

/** The number stays: other bits may change as well. */
function accountWords(wording: Wording, value: string): string {
	const bits = /^-?\d{1,10}$/.test(value) ? parseUserAccountControl(value) : undefined;
	if (bits === undefined) return wording.show(value);
	return `${isDisabled(bits) ? 'disabled' : 'enabled'} (${bits})`;
}
