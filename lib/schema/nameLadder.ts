/** The names of a ladder in the order in which they are tried. */
import type { NameCounter, NameLadder } from '../contracts';
import { isAccountName, isAddress, isCommonName, isReserved } from './accountNames';

/** Attributes whose values come from a name ladder and are unique somewhere. */
export type NameAttribute = 'sAMAccountName' | 'userPrincipalName' | 'mail' | 'cn';

/** Whether a name may be given: legal, and not one that means somebody or something else. */
export function isFitName(attribute: NameAttribute, name: string): boolean {
	switch (attribute) {
		case 'sAMAccountName':
			return isAccountName(name) && !isReserved(name);
		case 'userPrincipalName':
		case 'mail':
			return isAddress(name) && !isReserved(name.slice(0, name.lastIndexOf('@')));
		case 'cn':
			return isCommonName(name);
	}
}

/**
 * The candidates, then those of the counter's names that are fit: "com" is, "com2" is a device of Windows. No name twice (case ignored).
 */
export function* ladderNames(attribute: NameAttribute, { candidates, counter }: NameLadder): Generator<string, void> {
	const given = new Set<string>();
	const isNew = (name: string) => !given.has(name.toLowerCase()) && given.add(name.toLowerCase());
	for (const name of candidates) if (isNew(name)) yield name;
	if (!counter) return;
	for (let number = counter.start; number <= counter.limit; number += 1) {
		const name = numberedName(attribute, counter, number);
		if (isFitName(attribute, name) && isNew(name)) yield name;
	}
}

/** Whether a name is one of a ladder's, numbered ones included (case ignored): an account that has one keeps it. */
export function isOfLadder(attribute: NameAttribute, { candidates, counter }: NameLadder, name: string): boolean {
	const wanted = name.toLowerCase();
	if (candidates.some((candidate) => candidate === name || candidate.toLowerCase() === wanted)) return true;
	if (!counter) return false;
	// The base may end in digits itself, so every number that the name could end in is tried; there are few.
	const at = attribute === 'mail' || attribute === 'userPrincipalName' ? name.lastIndexOf('@') : -1;
	const digits = /\d*$/.exec(at < 0 ? name : name.slice(0, at))?.[0] ?? '';
	for (let first = Math.max(0, digits.length - MOST_DIGITS); first < digits.length; first += 1) {
		const number = Number(digits.slice(first));
		if (number < counter.start || number > counter.limit) continue;
		if (numberedName(attribute, counter, number).toLowerCase() === wanted) return isFitName(attribute, name);
	}
	return false;
}

/** Of a number that JavaScript counts with exactly. */
const MOST_DIGITS = 15;

/**
 * The counter's base with a number: before the "@" of addresses, after a blank in cn. The base is cut, never the number.
 * @param counter its maxLength is in UTF-16 units, of the part before "@" of an address
 */
export function numberedName(
	attribute: NameAttribute,
	{ base, width, maxLength }: NameCounter,
	number: number,
): string {
	const at = attribute === 'mail' || attribute === 'userPrincipalName' ? base.lastIndexOf('@') : -1;
	const [stem, domain] = at < 0 ? [base, ''] : [base.slice(0, at), base.slice(at)];
	const suffix = `${attribute === 'cn' ? ' ' : ''}${String(number).padStart(width, '0')}`;
	return `${cutText(stem, maxLength - suffix.length).replace(/[.\s]+$/, '')}${suffix}${domain}`;
}

/** At most `length` UTF-16 units, never half a surrogate pair. */
export function cutText(text: string, length: number): string {
	const cut = text.slice(0, Math.max(0, length));
	return cut.length < text.length && /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
