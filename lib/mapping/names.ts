/** Name ladders: what the formats give, made legal, in order; the directory decides which is free. */
import type { NameLadder } from '../contracts';
import {
	CN_MAX_LENGTH,
	isAccountName,
	isAddress,
	isCommonName,
	isReserved,
	LOCAL_PART_MAX_LENGTH,
	SAM_MAX_LENGTH,
	toAccountName,
	toLocalPart,
} from '../schema/accountNames';
import { cutText, type NameAttribute } from '../schema/nameLadder';
import { cleanText } from '../schema/text';
import { toAscii } from './ascii';

export type LadderOptions = {
	readonly counterStart: number;
	/** Last number tried; below counterStart = no counter. */
	readonly counterLimit: number;
	readonly counterWidth: number;
	/** Stands before the key when no format gives a name. */
	readonly fallbackPrefix: string;
	readonly language: string;
};

/** @returns a legal name, '' when the text gives none */
type MakeName = (text: string, language: string) => string;

const makeAccountName: MakeName = (text, language) => {
	const name = cutText(toAccountName(toAscii(text, language)), SAM_MAX_LENGTH).replace(/\.+$/, '');
	return isAccountName(name) && !isReserved(name) ? name : '';
};

const makeAddress: MakeName = (text, language) => {
	const at = text.lastIndexOf('@');
	const local = cutText(toLocalPart(toAscii(text.slice(0, at), language)), LOCAL_PART_MAX_LENGTH).replace(/\.+$/, '');
	const address = `${local}@${text.slice(at + 1).trim()}`;
	return at >= 0 && isAddress(address) && !isReserved(local) ? address : '';
};

const makeCommonName: MakeName = (text) => {
	const name = cutText(text, CN_MAX_LENGTH).trim();
	return isCommonName(name) ? name : '';
};

const MAKERS: Readonly<Record<NameAttribute, { readonly make: MakeName; readonly maxLength: number }>> = {
	sAMAccountName: { make: makeAccountName, maxLength: SAM_MAX_LENGTH },
	userPrincipalName: { make: makeAddress, maxLength: LOCAL_PART_MAX_LENGTH },
	mail: { make: makeAddress, maxLength: LOCAL_PART_MAX_LENGTH },
	cn: { make: makeCommonName, maxLength: CN_MAX_LENGTH },
};

/**
 * @param texts what the formats gave, in order; one that gave nothing is left out by the caller
 * @param domain of the addresses: the suffix of the fallback name
 * @returns undefined when not even the key gives a name
 */
export function makeLadder(
	attribute: NameAttribute,
	texts: readonly string[],
	key: string,
	options: LadderOptions,
): NameLadder | undefined {
	const { make, maxLength } = MAKERS[attribute];
	const { counterStart: start, counterLimit: limit, counterWidth: width, language } = options;
	const candidates = unique(texts.map((text) => make(cleanText(text), language)).filter((name) => name !== ''));
	if (candidates.length === 0) {
		const fallback = make(cleanText(`${options.fallbackPrefix}${key}${suffixOf(texts)}`), language);
		return fallback === '' ? undefined : { candidates: [fallback] };
	}
	const [base = ''] = candidates;
	return limit >= start ? { candidates, counter: { base, start, width, limit, maxLength } } : { candidates };
}

/** "@domain" of the first text that has one; addresses without it are no addresses. */
function suffixOf(texts: readonly string[]): string {
	return texts.map((text) => text.slice(text.lastIndexOf('@'))).find((text) => text.startsWith('@')) ?? '';
}

function unique(names: readonly string[]): string[] {
	const seen = new Set<string>();
	return names.filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}
