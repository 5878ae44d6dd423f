/**
 * Formats: plain text with `${ field | filter }`, by LiquidJS. Compiled once, rendered for each record. A record is data: it is never parsed
 * as a format, and reaches nothing but its own properties.
 */
import { Liquid, LiquidError, type Template } from 'liquidjs';
import { asText, FormatError, LOCALE, MissingField, NotText, registerFilters, type FilterThis } from './filters';
import { NO_LOCALE, type Locale } from './locale';

export { FormatError } from './filters';

export type Rendered =
	| { readonly kind: 'text'; readonly text: string }
	/** A field that the format uses is missing or empty: so is the value. */
	| { readonly kind: 'empty'; readonly field: string }
	/** The record has something that the format cannot show. */
	| { readonly kind: 'fault'; readonly message: string };

export type Format = (record: Readonly<Record<string, unknown>>, locale?: Locale) => Rendered;

/** How a field's value is spelled where the text around it has a syntax of its own, such as a distinguished name. */
export type Spell = (value: string) => string;

/** Characters of one format, milliseconds and memory units of one rendering: far above what a name or an address needs. */
const LIMITS = { parse: 10_000, render: 1000, memory: 1_000_000 } as const;
/** A format that is stopped for so many people is not tried for the others: a second for each of ten thousand would be hours. */
const MOST_STOPS = 3;
/** UTF-16 units; the largest value that Active Directory keeps for a person, a photo in base64, is shorter. */
const LONGEST_VALUE = 200_000;

/** What LiquidJS says when one of its limits is reached. */
const LIMIT = 'limit exceeded';
const TIME_LIMIT = 'render limit exceeded';

/** A name that no format can spell, as LOCALE. */
const SPELL = '\u0000spell';

function makeEngine(): Liquid {
	const engine = new Liquid({
		outputDelimiterLeft: '${',
		outputDelimiterRight: '}',
		ownPropertyOnly: true,
		strictFilters: true,
		parseLimit: LIMITS.parse,
		renderLimit: LIMITS.render,
		memoryLimit: LIMITS.memory,
		// Dates are shown in their own zone, or UTC: never in the zone of the machine that happens to run the workflow.
		preserveTimezones: true,
		timezoneOffset: 0,
		// No file is ever read: include, render and layout find nothing.
		templates: {},
		outputEscape: outputText,
	});
	// The last one would go round outputText.
	for (const tag of ['include', 'render', 'layout', 'block', 'cycle']) Reflect.deleteProperty(engine.tags, tag);
	registerFilters(engine);
	return engine;
}

/** Called by the engine with what each `${ }` gives: the one place where an empty value, an object or a list can be seen. */
function outputText(this: FilterThis, value: unknown): string {
	const text = asText(value);
	// What cannot be seen is taken out of the value afterwards, so it is nothing here already.
	if (!/[^\s\p{Cc}\p{Cf}]/u.test(text)) throw new MissingField();
	const spell = this.context.environments[SPELL] as Spell | undefined;
	return spell ? spell(text) : text;
}

const engine = makeEngine();

/** Whether a parameter's plain text is a format at all; other text is taken as it stands. */
export function isFormat(text: string): boolean {
	return text.includes('${') || text.includes('{%');
}

/**
 * @param text with `${field}` for output and `{% if %}` for conditions
 * @param spell applied to what each `${ }` gives
 * @throws FormatError for text that is no format, with the column
 */
export function compileFormat(text: string, spell?: Spell): Format {
	if (!isFormat(text)) return () => ({ kind: 'text', text });
	let templates: Template[];
	try {
		templates = engine.parse(text);
	} catch (error) {
		throw new FormatError(describe(error));
	}
	let stops = 0;
	return (record, locale = NO_LOCALE) => {
		if (stops >= MOST_STOPS)
			return {
				kind: 'fault',
				message: `The format ran too long for ${MOST_STOPS} people and is not tried for others.`,
			};
		try {
			// The record stands behind an empty scope of its own: {% increment %} writes there, and the record is never changed.
			const scope = Object.assign(Object.create(null) as object, { [LOCALE]: locale, [SPELL]: spell });
			const rendered = String(engine.renderSync(templates, scope, { globals: record, sync: true }));
			return rendered.length <= LONGEST_VALUE
				? { kind: 'text', text: rendered }
				: { kind: 'fault', message: `The value has ${rendered.length} characters, more than any attribute takes.` };
		} catch (error) {
			const cause = rootCause(error);
			if (cause instanceof MissingField) return { kind: 'empty', field: fieldOf(error, text) };
			if (cause instanceof NotText)
				return { kind: 'fault', message: `${fieldOf(error, text)} gives an object or a list; name one of its fields.` };
			const message = cause instanceof FormatError ? cause.message : describe(error);
			// Only time is the format's own fault; memory can be a single record's.
			if (message.includes(TIME_LIMIT)) stops += 1;
			return { kind: 'fault', message };
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
	const help = words.includes(LIMIT) ? '; the format is too long, or repeats itself too often' : '';
	return `${words}${help} (column ${column})`;
}
