/** Name ladders: what the formats give, made legal, in order; the directory decides which is free. */
import type { NameLadder } from '../contracts';
import {
	CN_MAX_LENGTH,
	LOCAL_PART_MAX_LENGTH,
	SAM_MAX_LENGTH,
	toAccountName,
	toLocalPart,
} from '../schema/accountNames';
import { cutText, isFitName, type NameAttribute } from '../schema/nameLadder';
import { cleanText } from '../schema/text';
import { toAscii } from './ascii';
import type { Locale } from './locale';

export type LadderOptions = {
	readonly counterStart: number;
	/** Last number tried; below counterStart = no counter. */
	readonly counterLimit: number;
	readonly counterWidth: number;
	/** Stands before the key when no format gives a name. */
	readonly fallbackPrefix: string;
	readonly locale: Locale;
	/** Names never given beside those that everybody reserves, in small letters. */
	readonly reserved: ReadonlySet<string>;
};

/** @returns the text as far as the name can hold it, not yet checked */
type MakeName = (text: string, language: string) => string;

const makeAccountName: MakeName = (text, language) =>
	cutText(toAccountName(toAscii(text, language)), SAM_MAX_LENGTH).replace(/\.+$/, '');

const makeAddress: MakeName = (text, language) => {
	const at = text.lastIndexOf('@');
	const local = cutText(toLocalPart(toAscii(text.slice(0, at), language)), LOCAL_PART_MAX_LENGTH).replace(/\.+$/, '');
	return at < 0 ? '' : `${local}@${text.slice(at + 1).trim()}`;
};

const makeCommonName: MakeName = (text) => cutText(text, CN_MAX_LENGTH).trim();

const MAKERS: Readonly<Record<NameAttribute, { readonly make: MakeName; readonly maxLength: number }>> = {
	sAMAccountName: { make: makeAccountName, maxLength: SAM_MAX_LENGTH },
	userPrincipalName: { make: makeAddress, maxLength: LOCAL_PART_MAX_LENGTH },
	mail: { make: makeAddress, maxLength: LOCAL_PART_MAX_LENGTH },
	cn: { make: makeCommonName, maxLength: CN_MAX_LENGTH },
};

/**
 * @param texts what the formats gave, in order; one that gave nothing is left out by the caller
 * @param suffix "@domain" that the formats fix, for the fallback of an address none of whose formats gave anything
 * @returns undefined when not even the key gives a name
 */
export function makeLadder(
	attribute: NameAttribute,
	texts: readonly string[],
	key: string,
	options: LadderOptions,
	suffix = '',
): NameLadder | undefined {
	const { make, maxLength } = MAKERS[attribute];
	const { counterStart: start, counterLimit: limit, counterWidth: width, locale, reserved } = options;
	const isFree = (name: string) =>
		isFitName(attribute, name) && (reserved.size === 0 || !reserved.has(ownPart(attribute, name).toLowerCase()));
	const fit = (candidateTexts: readonly string[]) =>
		unique(candidateTexts.map((text) => make(cleanText(text), locale.language)).filter(isFree));
	const candidates = fit(texts);
	if (candidates.length === 0) {
		const isAddress = attribute === 'mail' || attribute === 'userPrincipalName';
		const fallback = fit([`${options.fallbackPrefix}${key}${isAddress ? suffixOf(texts) || suffix : ''}`]);
		return fallback.length === 0 ? undefined : { candidates: fallback };
	}
	const [base = ''] = candidates;
	return limit >= start ? { candidates, counter: { base, start, width, limit, maxLength } } : { candidates };
}

/** What a person is called by: of an address the part before the "@". */
function ownPart(attribute: NameAttribute, name: string): string {
	return attribute === 'mail' || attribute === 'userPrincipalName' ? name.slice(0, name.lastIndexOf('@')) : name;
}

/** "@domain" of the first text that has one, else ''; addresses without it are no addresses. */
export function suffixOf(texts: readonly string[]): string {
	return texts.map((text) => text.slice(text.lastIndexOf('@'))).find((text) => text.startsWith('@')) ?? '';
}

function unique(names: readonly string[]): string[] {
	const seen = new Set<string>();
	const kept = names.filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
	// A copy has no room to grow: filtered lists have it for sixteen more, for each name of each of a hundred thousand people.
	return kept.slice();
}
