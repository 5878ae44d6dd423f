/**
 * The filters of formats: this package's own, and LiquidJS's under two rules of ours: an empty field makes the whole value empty (never
 * "Zoe."), and an object or a list is never spelled out.
 */
import type { FilterImplOptions, Liquid } from 'liquidjs';
import { toAccountName, toLocalPart } from '../schema/accountNames';
import { cleanText } from '../schema/text';
import { toAscii, toEntraAscii } from './ascii';
import type { Locale } from './locale';
import { toPhone } from './phone';

export class FormatError extends Error {
	override readonly name = 'FormatError';
}

/** A field that is missing stops the rendering. */
export class MissingField extends Error {}
/** An object or a list where text is needed. */
export class NotText extends Error {}

/** A name that no format can spell, so that the locale is no field of the record. */
export const LOCALE = '\u0000locale';

type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>;
export type FilterThis = ThisParameterType<FilterHandler>;

/** @throws NotText */
export function asText(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	throw new NotText();
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !(value instanceof Date);

/** They take lists, or say themselves what an empty value becomes. */
const TAKE_ANYTHING = new Set([
	...['default', 'json', 'jsonify', 'inspect'],
	...['first', 'last', 'map', 'size', 'sum', 'compact', 'uniq', 'reverse', 'sort', 'sort_natural'],
	...['concat', 'push', 'unshift', 'pop', 'shift', 'where', 'where_exp', 'reject', 'reject_exp'],
	...['group_by', 'group_by_exp', 'has', 'has_exp', 'find', 'find_exp', 'find_index', 'find_index_exp'],
]);
/** They take a list of texts, too. */
const TAKE_LISTS = new Set(['join', 'slice', 'array_to_sentence_string']);

function guarded(name: string, filter: FilterImplOptions): FilterHandler {
	const handler = typeof filter === 'function' ? filter : filter.handler;
	return function (this: FilterThis, value: unknown, ...given: unknown[]): unknown {
		const parts = TAKE_LISTS.has(name) && Array.isArray(value) ? (value as unknown[]) : [value];
		if (parts.some(isObject)) throw new NotText();
		// Whatever is made of nothing is nothing: outputText sees it, and `| default:` can catch it.
		if (isEmpty(value)) return undefined;
		if ((name === 'append' || name === 'prepend') && given.some(isEmpty)) return undefined;
		if (name.startsWith('date') && (value === 'now' || value === 'today'))
			throw new FormatError('A mapping gives the same result every day, so it cannot show the current date');
		return handler.call(this, value, ...(given as never[])) as unknown;
	};
}

function count(value: unknown, filter: string): number {
	const number = Number(value);
	if (!Number.isInteger(number) || number < 0)
		throw new FormatError(`The filter ${filter} takes a whole number, as in "${filter}: 1".`);
	return number;
}

/** Whole characters as a person counts them, so that an emoji or an accent is never cut in half. */
const graphemes = (text: string): readonly string[] =>
	isAscii(text) ? text.split('') : [...SEGMENTER.segment(text)].map(({ segment }) => segment);
const isAscii = (text: string) => /^[ -~]*$/.test(text);
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });

const localeOf = ({ context }: FilterThis): Locale => context.environments[LOCALE] as Locale;

/** Puts our filters into an engine, and its own under our rules. */
export function registerFilters(engine: Liquid): void {
	// raw would go round outputText; sample gives something else each time.
	for (const name of ['raw', 'sample']) Reflect.deleteProperty(engine.filters, name);
	for (const [name, filter] of Object.entries(engine.filters))
		if (!TAKE_ANYTHING.has(name)) engine.registerFilter(name, guarded(name, filter));
	for (const [name, filter] of Object.entries(OWN)) engine.registerFilter(name, guarded(name, filter));
}

/** A filter's argument that is a text; undefined where there is none. */
function textArgument(value: unknown, filter: string): string | undefined {
	if (value === undefined) return undefined;
	if (typeof value === 'string') return value;
	throw new FormatError(`The filter ${filter} takes a text in quotes`);
}

function wordOf(text: string, position: unknown, separators: string | undefined): string {
	const at = Number(position);
	if (!Number.isInteger(at) || at === 0)
		throw new FormatError('The filter word takes the number of the word, as in "word: 1", or "word: -1" for the last');
	const isSeparator = (character: string) => (separators ?? ' ').includes(character);
	const words: string[] = [''];
	for (const character of text) {
		if (isSeparator(character)) words.push('');
		else words[words.length - 1] += character;
	}
	return words.filter((word) => word !== '').at(at > 0 ? at - 1 : at) ?? '';
}

/** More digits than any number of an HR system has. */
const WIDEST = 64;

function padded(text: string, width: unknown, character: string): string {
	const wanted = count(width, 'pad');
	if (wanted > WIDEST || graphemes(character).length !== 1)
		throw new FormatError(`The filter pad takes a width of at most ${WIDEST} and one character, as in "pad: 6"`);
	return character.repeat(Math.max(0, wanted - graphemes(text).length)) + text;
}

/** Words begin after blanks, hyphens and apostrophes: Anna-Lena, O'Neil. */
function properCase(text: string): string {
	return text
		.toLowerCase()
		.replace(/(^|[\s'’.-])(\p{L})/gu, (_found, before: string, letter: string) => before + letter.toUpperCase());
}

function slugOf(text: string, separator: string): string {
	return text
		.toLowerCase()
		.replace(/['’]/g, '')
		.split(/[^a-z0-9]+/)
		.filter((part) => part !== '')
		.join(separator);
}

type OwnFilter = (this: FilterThis, value: unknown, ...given: unknown[]) => unknown;

const ascii = (context: FilterThis, value: unknown, language?: string): string =>
	toAscii(asText(value), language ?? localeOf(context).language);

/** The filters that are ours. An empty value never gets here. */
const OWN: Readonly<Record<string, OwnFilter>> = {
	ascii(value, language) {
		return ascii(this, value, textArgument(language, 'ascii'));
	},
	entra_ascii: (value) => toEntraAscii(asText(value)),
	sam(value) {
		return toAccountName(ascii(this, value));
	},
	mailbox(value) {
		return toLocalPart(ascii(this, value));
	},
	slug(value, separator) {
		return slugOf(ascii(this, value), textArgument(separator, 'slug') ?? '-');
	},
	phone(value, country) {
		const given = textArgument(country, 'phone');
		return toPhone(cleanText(asText(value)), given?.toUpperCase() ?? localeOf(this).country).text;
	},
	first_chars: (value, length) => {
		const [text, wanted] = [asText(value), count(length, 'first_chars')];
		return isAscii(text) ? text.slice(0, wanted) : graphemes(text).slice(0, wanted).join('');
	},
	last_chars: (value, length) => {
		const wanted = count(length, 'last_chars');
		return wanted === 0 ? '' : graphemes(asText(value)).slice(-wanted).join('');
	},
	word: (value, position, separators) => wordOf(asText(value), position, textArgument(separators, 'word')),
	initials: (value) =>
		asText(value)
			.split(/[\s-]+/)
			.map((word) => graphemes(word)[0] ?? '')
			.join(''),
	pad: (value, width, character) => padded(asText(value), width, textArgument(character, 'pad') ?? '0'),
	digits: (value) => asText(value).replace(/\D/g, ''),
	proper_case: (value) => properCase(asText(value)),
};
