/**
 * Formats: plain text with `${ field | filter }`, by LiquidJS. Compiled once, rendered for each record. A record is data: it is never parsed
 * as a format, and reaches nothing but its own properties.
 */
import { Liquid, LiquidError, type FilterImplOptions, type Template } from 'liquidjs';
import { toAccountName } from '../schema/accountNames';
import { cutText } from '../schema/nameLadder';
import { toAscii } from './ascii';

export class FormatError extends Error {
	override readonly name = 'FormatError';
}

export type Rendered =
	| { readonly kind: 'text'; readonly text: string }
	/** A field that the format uses is missing or empty: so is the value. */
	| { readonly kind: 'empty'; readonly field: string }
	/** The record has something that the format cannot show. */
	| { readonly kind: 'fault'; readonly message: string };

export type Format = (record: Readonly<Record<string, unknown>>, language?: string) => Rendered;

/** A field that is missing stops the rendering; it carries the field's name out of the engine. */
class MissingField extends Error {
	readonly field: string;
	constructor(field: string) {
		super(`${field} is empty`);
		this.field = field;
	}
}
class NotText extends Error {}

/** Characters of one format, milliseconds and memory units of one rendering: far above what a name or an address needs. */
const LIMITS = { parse: 10_000, render: 1000, memory: 1_000_000 } as const;
const LONGEST_VALUE = 200_000;

const asText = (value: unknown): string => {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	throw new NotText();
};
const count = (value: unknown, filter: string): number => {
	const number = Number(value);
	if (!Number.isInteger(number) || number < 0)
		throw new FormatError(`The filter ${filter} takes a whole number, as in "${filter}: 1".`);
	return number;
};

/** Whole characters as a person counts them, so that an emoji or an accent is never cut in half. */
const graphemes = (text: string) =>
	[...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);

/** A name that no format can spell, so that the language is no field of the record. */
const LANGUAGE = '\u0000language';

type FilterThis = ThisParameterType<Extract<FilterImplOptions, (...args: never[]) => unknown>>;
const languageOf = ({ context }: FilterThis): string =>
	(context.globals as Readonly<Record<string, string | undefined>>)[LANGUAGE] ?? '';

function makeEngine(): Liquid {
	const engine = new Liquid({
		outputDelimiterLeft: '${',
		outputDelimiterRight: '}',
		ownPropertyOnly: true,
		strictFilters: true,
		parseLimit: LIMITS.parse,
		renderLimit: LIMITS.render,
		memoryLimit: LIMITS.memory,
		// No file is ever read: include, render and layout find nothing.
		templates: {},
		outputEscape: outputText,
	});
	for (const tag of ['include', 'render', 'layout', 'block']) Reflect.deleteProperty(engine.tags, tag);
	// It would go round outputText.
	Reflect.deleteProperty(engine.filters, 'raw');
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
	return engine;
}

/** Called by the engine with what each `${ }` gives: the one place where an empty value, an object or a list can be seen. */
function outputText(value: unknown): string {
	if (value === undefined || value === null || value === '') throw new MissingField('');
	const text = asText(value);
	if (text.trim() === '') throw new MissingField('');
	return text;
}

const engine = makeEngine();

/** Whether a parameter's plain text is a format at all; other text is taken as it stands. */
export function isFormat(text: string): boolean {
	return text.includes('${') || text.includes('{%');
}

/**
 * @param text with `${field}` for output and `{% if %}` for conditions
 * @throws FormatError for text that is no format, with the column
 */
export function compileFormat(text: string): Format {
	if (!isFormat(text)) return () => ({ kind: 'text', text });
	let templates: Template[];
	try {
		templates = engine.parse(text);
	} catch (error) {
		throw new FormatError(describe(error));
	}
	return (record, language = '') => {
		try {
			const rendered: unknown = engine.renderSync(templates, record, { globals: { [LANGUAGE]: language }, sync: true });
			return { kind: 'text', text: cutText(String(rendered), LONGEST_VALUE) };
		} catch (error) {
			const cause = rootCause(error);
			if (cause instanceof MissingField) return { kind: 'empty', field: fieldOf(error, text) };
			if (cause instanceof NotText)
				return { kind: 'fault', message: `${fieldOf(error, text)} gives an object or a list; name one of its fields.` };
			return { kind: 'fault', message: cause instanceof FormatError ? cause.message : describe(error) };
		}
	};
}

function rootCause(error: unknown): unknown {
	let cause = error;
	while (cause instanceof LiquidError && cause.originalError) cause = cause.originalError;
	return cause;
}

/** The `${ }` that gave nothing, as it is written. */
function fieldOf(error: unknown, text: string): string {
	const token = error instanceof LiquidError ? error.token : undefined;
	return token?.input === text && token.end > token.begin ? text.slice(token.begin, token.end) : text;
}

/** LiquidJS's own words without its code frame, with the column that its token has. */
function describe(error: unknown): string {
	if (!(error instanceof LiquidError)) return error instanceof Error ? error.message : String(error);
	const [, column] = error.token.getPosition();
	const words = error.originalError?.message ?? error.message.split(', line:')[0] ?? '';
	return `${words} (column ${column})`;
}
