/**
 * An attribute as a row of a mapping keeps it: its LDAP name, and in brackets what the schema of the domain says of it, where it was picked from
 * that domain's list. It reads well wherever n8n shows it, and a run needs no domain.
 */
import type { AttributeFacts, Characters, Syntax } from './attributes';

export class InvalidAttributeError extends Error {
	override readonly name = 'InvalidAttributeError';
}

const SYNTAXES: ReadonlySet<string> = new Set<Syntax>([
	...(['text', 'boolean', 'integer', 'largeInteger', 'fileTime', 'time', 'bytes', 'dn'] as const),
]);
const isCharacters = (word: string): word is Characters => ['ia5', 'printable', 'numeric'].includes(word);
const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const WHOLE = /^([A-Za-z][A-Za-z0-9-]*)\s*\(([^()]*)\)$/;

/** Such as `acmeBadge (text, single, 64)` or `acmeLevel (integer, single, 0 to 9)`. */
export function formatAttribute({ name, ...facts }: AttributeFacts): string {
	return `${name} (${describeFacts(facts)})`;
}

/** What the schema says, in words: `text, single, 64`. */
export function describeFacts({
	syntax,
	single,
	maxLength,
	characters,
	min,
	max,
}: Omit<AttributeFacts, 'name' | 'title'>): string {
	const range = min === undefined || max === undefined ? [] : [`${min} to ${max}`];
	const limits = [...(maxLength === null ? [] : [String(maxLength)]), ...(characters ? [characters] : []), ...range];
	return [syntax, single ? 'single' : 'multiple', ...limits].join(', ');
}

/**
 * @param text a name alone, or with facts
 * @returns facts where the text has them
 * @throws InvalidAttributeError
 */
export function parseAttribute(text: string): { readonly name: string; readonly facts: AttributeFacts | undefined } {
	const trimmed = text.trim();
	if (NAME.test(trimmed)) return { name: trimmed, facts: undefined };
	const [, name = '', words = ''] = WHOLE.exec(trimmed) ?? [];
	const facts =
		name === ''
			? undefined
			: parseFacts(
					name,
					words.split(',').map((word) => word.trim()),
				);
	if (!facts) throw new InvalidAttributeError(`"${trimmed.slice(0, 100)}" is no attribute name.`);
	return { name, facts };
}

function parseFacts(
	name: string,
	[syntax = '', values = '', ...limits]: readonly string[],
): AttributeFacts | undefined {
	if (!SYNTAXES.has(syntax) || !['single', 'multiple'].includes(values)) return undefined;
	let maxLength: number | null = null;
	let more: Pick<AttributeFacts, 'characters' | 'min' | 'max'> = {};
	for (const limit of limits) {
		const [, min, max] = /^(-?\d{1,10}) to (-?\d{1,10})$/.exec(limit) ?? [];
		if (/^\d{1,10}$/.test(limit)) maxLength = Number(limit);
		else if (min !== undefined && max !== undefined) more = { ...more, min: Number(min), max: Number(max) };
		else if (isCharacters(limit)) more = { ...more, characters: limit };
		else return undefined;
	}
	return { name, title: name, syntax: syntax as Syntax, single: values === 'single', maxLength, ...more };
}
