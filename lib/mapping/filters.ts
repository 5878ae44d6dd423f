/**
 * The filters of formats: this package's own, and LiquidJS's under two rules of ours: an empty field makes the whole value empty (never
 * "Zoe."), and an object or a list is never spelled out.
 */
import type { FilterImplOptions, Liquid } from 'liquidjs';
import { toAccountName } from '../schema/accountNames';
import { toAscii } from './ascii';

export class FormatError extends Error {
	override readonly name = 'FormatError';
}

/** A field that is missing stops the rendering. */
export class MissingField extends Error {}
/** An object or a list where text is needed. */
export class NotText extends Error {}

/** A name that no format can spell, so that the language is no field of the record. */
export const LANGUAGE = '\u0000language';

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
const graphemes = (text: string) =>
	[...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);

const languageOf = ({ context }: FilterThis): string => String(context.environments[LANGUAGE]);

/** Puts our filters into an engine, and its own under our rules. */
export function registerFilters(engine: Liquid): void {
	// raw would go round outputText; sample gives something else each time.
	for (const name of ['raw', 'sample']) Reflect.deleteProperty(engine.filters, name);
	for (const [name, filter] of Object.entries(engine.filters))
		if (!TAKE_ANYTHING.has(name)) engine.registerFilter(name, guarded(name, filter));
	engine.registerFilter('ascii', function (this: FilterThis, value: unknown) {
		return toAscii(asText(value), languageOf(this));
	});
	engine.registerFilter('sam', function (this: FilterThis, value: unknown) {
		return toAccountName(toAscii(asText(value), languageOf(this)));
	});
	engine.registerFilter('first_chars', (value: unknown, length: unknown) =>
		graphemes(asText(value)).slice(0, count(length, 'first_chars')).join(''),
	);
	engine.registerFilter('last_chars', (value: unknown, length: unknown) => {
		const wanted = count(length, 'last_chars');
		return wanted === 0 ? '' : graphemes(asText(value)).slice(-wanted).join('');
	});
	engine.registerFilter('initials', (value: unknown) =>
		asText(value)
			.split(/[\s-]+/)
			.map((word) => graphemes(word)[0] ?? '')
			.join(''),
	);
	engine.registerFilter('digits', (value: unknown) => asText(value).replace(/\D/g, ''));
}
