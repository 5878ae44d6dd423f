/**
 * An attribute as a row of a mapping keeps it: its LDAP name, and in brackets what the schema of the domain says of it, where it was picked from
 * that domain's list. It reads well wherever n8n shows it, and a run needs no domain.
 */
import { isAttributeName } from './attributeName';
import { attributeFacts, type AttributeFacts, type Characters, type Syntax } from './attributes';

export class InvalidAttributeError extends Error {
	override readonly name = 'InvalidAttributeError';
}

const SYNTAXES: Readonly<Record<Syntax, true>> = {
	text: true,
	boolean: true,
	integer: true,
	largeInteger: true,
	fileTime: true,
	time: true,
	bytes: true,
	dn: true,
};

/** What text may be made of, in words; the rows of released workflows keep them. */
const CHARACTER_WORDS: Readonly<Record<Characters, string>> = {
	ia5: 'ASCII',
	printable: 'plain ASCII',
	numeric: 'digits',
};

/** What has a length; of everything else limits are those of a number. */
const hasLength = (syntax: Syntax): boolean => syntax === 'text' || syntax === 'bytes';

/** Such as `acmeBadge (text, single, 64)` or `acmeLevel (integer, single, 0 to 9)`. */
export function formatAttribute({ name, ...facts }: AttributeFacts): string {
	return `${name} (${describeFacts(facts)})`;
}

/** What the schema says, in words: `text, single, 64`. */
export function describeFacts(facts: Omit<AttributeFacts, 'name' | 'title'>): string {
	const { syntax, single, maxLength, minLength, characters, min, max } = facts;
	const limits = hasLength(syntax) ? lengthWords(minLength, maxLength) : rangeWords(min, max);
	return [
		...[syntax, single ? 'single' : 'multiple', ...limits],
		...(characters ? [CHARACTER_WORDS[characters]] : []),
	].join(', ');
}

function lengthWords(min: number | undefined, max: number | null): readonly string[] {
	if (min !== undefined) return rangeWords(min, max ?? undefined);
	return max === null ? [] : [String(max)];
}

function rangeWords(min: number | undefined, max: number | undefined): readonly string[] {
	if (min === undefined) return max === undefined ? [] : [`at most ${max}`];
	return [max === undefined ? `at least ${min}` : `${min} to ${max}`];
}

/**
 * @param text a name alone, or with facts
 * @returns the name as the built-in list spells it, where it has it; facts where the text has them
 * @throws InvalidAttributeError
 */
export function parseAttribute(text: string): { readonly name: string; readonly facts: AttributeFacts | undefined } {
	const trimmed = text.trim();
	const bracket = trimmed.indexOf('(');
	const given = bracket < 0 ? trimmed : trimmed.slice(0, bracket).trimEnd();
	if (!isAttributeName(given)) throw invalid(trimmed, 'is no attribute name');
	const name = attributeFacts(given)?.name ?? given;
	if (bracket < 0) return { name, facts: undefined };
	const facts = trimmed.endsWith(')') ? parseFacts(name, trimmed.slice(bracket + 1, -1)) : undefined;
	if (!facts) throw invalid(trimmed, 'does not say what its attribute takes, as in "acmeBadge (text, single, 64)"');
	return { name, facts };
}

const invalid = (text: string, why: string) =>
	new InvalidAttributeError(`"${text.slice(0, 100).toWellFormed()}" ${why}.`);

function parseFacts(name: string, words: string): AttributeFacts | undefined {
	const [syntax = '', values, ...limits] = words.split(',').map((word) => word.trim());
	if (!isSyntax(syntax) || (values !== 'single' && values !== 'multiple')) return undefined;
	let facts: AttributeFacts = { name, title: name, syntax, single: values === 'single', maxLength: null };
	for (const word of limits) {
		const limit = parseLimit(syntax, word);
		// What is said twice, one of them is wrong.
		if (!limit || Object.keys(limit).some((key) => (facts[key as keyof AttributeFacts] ?? null) !== null))
			return undefined;
		facts = { ...facts, ...limit };
	}
	return facts;
}

const isSyntax = (word: string): word is Syntax => Object.hasOwn(SYNTAXES, word);

/** Up to 32 bits: the schema's rangeLower and rangeUpper have no more. */
const NUMBER = '(-?\\d{1,10})';
const RANGES = [
	new RegExp(`^${NUMBER} to ${NUMBER}$`),
	new RegExp(`^at least ${NUMBER}()$`),
	new RegExp(`^at most ()${NUMBER}$`),
];

function parseLimit(syntax: Syntax, word: string): Partial<AttributeFacts> | undefined {
	for (const [characters, own] of Object.entries(CHARACTER_WORDS) as ReadonlyArray<[Characters, string]>)
		if (word === own) return syntax === 'text' ? { characters } : undefined;
	if (hasLength(syntax) && /^\d{1,10}$/.test(word)) return { maxLength: Number(word) };
	const [, low = '', high = ''] = RANGES.map((range) => range.exec(word)).find((found) => found) ?? [];
	const [min, max] = [low, high].map((text) => (text === '' ? undefined : Number(text)));
	if (min === undefined && max === undefined) return undefined;
	if (min !== undefined && max !== undefined && min > max) return undefined;
	if (!hasLength(syntax)) return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
	if ((min ?? 0) < 0 || (max ?? 0) < 0) return undefined;
	return {
		...(min === undefined ? {} : { minLength: min }),
		...(max === undefined ? {} : { maxLength: max }),
	};
}
