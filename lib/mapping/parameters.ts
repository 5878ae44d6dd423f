/** The node's parameters, compiled once and read for each person: a format, fixed text, fields of the record, or the result of an n8n expression. */
import type { HcmRecord, MappingProblem } from '../contracts';
import { hasLoneSurrogate } from '../schema/text';
import { excerpt } from './excerpt';
import { compileFieldExpression } from './fieldExpression';
import { compileFormat, FormatError, isFormat, type Format, type Spell } from './format';
import type { Locale } from './locale';
import { suffixOf } from './names';

export type ParameterSource =
	/** Plain text: a format, or fixed. */
	| { readonly format: string }
	/** An expression that only reads fields, or a fixed value that is no text. */
	| { readonly read: (record: HcmRecord) => unknown }
	/** An expression that n8n evaluates for each person; the text is the path of its parameter. */
	| { readonly expression: string };

/** Asks n8n for the result of an expression for this person, by the path of its parameter; an ExpressionFault where it has none. */
export type Evaluate = (path: string) => unknown;

/** Whom a parameter is read for. */
export type Person = {
	readonly record: HcmRecord;
	readonly evaluate: Evaluate;
	readonly locale: Locale;
	/** IANA zone in which this person's days begin and end. */
	readonly zone: string;
};

/** An expression that could not be evaluated for this person. */
export class ExpressionFault {
	readonly message: string;

	constructor(message: string) {
		this.message = message;
	}
}

/** A setting that no person could be mapped with. `parameter` is the one to mend, as the builder sees it. */
export class MappingSettingsError extends Error {
	override readonly name = 'MappingSettingsError';
	readonly parameter: string;
	readonly whatToDo: string;

	constructor(parameter: string, message: string, whatToDo: string) {
		super(message);
		this.parameter = parameter;
		this.whatToDo = whatToDo;
	}
}

export type Got = { readonly value: unknown } | { readonly empty: true } | { readonly fault: string };
export type Read = (person: Person) => Got;

const EMPTY: Got = { empty: true };
const SYNTAX_HELP = 'Write fields as ${firstname}, filters as ${firstname | first_chars: 1}.';

/**
 * Where a parameter's values come from.
 * @param path the parameter's path in the node, such as `attributes.values[0].value`
 * @param raw as n8n stores it: an expression is text that starts with "="
 */
export function sourceOf(path: string, raw: unknown): ParameterSource {
	if (raw === undefined || raw === null) return { format: '' };
	if (typeof raw !== 'string') return { read: () => raw };
	if (!raw.startsWith('=')) return { format: raw };
	const read = compileFieldExpression(raw);
	return read ? { read } : { expression: path };
}

/** Whether nothing was entered. */
export function isUnset(source: ParameterSource): boolean {
	return 'format' in source && source.format.trim() === '';
}

function compile(text: string, parameter: string, spell?: Spell): Format {
	try {
		return compileFormat(text, spell);
	} catch (error) {
		if (error instanceof FormatError)
			throw new MappingSettingsError(parameter, `The format "${text}" cannot be read: ${error.message}.`, SYNTAX_HELP);
		throw error;
	}
}

/**
 * @param parameter as the builder sees it, for messages
 * @param spell how a format spells the record's values; the result of an expression is the builder's own
 * @throws MappingSettingsError for a format that is none
 */
export function reader(source: ParameterSource, parameter: string, spell?: Spell): Read {
	if ('read' in source) return ({ record }) => given(source.read(record));
	if ('expression' in source) return ({ evaluate }) => given(evaluate(source.expression));
	if (source.format === '') return () => EMPTY;
	const format = compile(source.format, parameter, spell);
	return ({ record, locale }) => rendered(format, record, locale);
}

function given(value: unknown): Got {
	if (value instanceof ExpressionFault) return { fault: `The expression cannot be evaluated: ${value.message}` };
	return value === undefined || value === null ? EMPTY : { value };
}

function rendered(format: Format, record: HcmRecord, locale: Locale): Got {
	const result = format(record, locale);
	if (result.kind === 'text') return { value: result.text };
	return result.kind === 'empty' ? EMPTY : { fault: result.message };
}

/** Several texts for one person, as given; what is wrong with them is added to `problems`. */
export type ReadLines = (person: Person, attribute: string, problems: MappingProblem[]) => string[];

/**
 * One text a line (or an expression's list); those that give nothing are left out, those that cannot be read are told.
 * @param spellFor how the values in a line's format are spelled
 * @throws MappingSettingsError for a format that is none
 */
export function lineReader(
	source: ParameterSource,
	parameter: string,
	spellFor: (line: string) => Spell | undefined = () => undefined,
): ReadLines {
	const formats =
		'format' in source ? linesOf(source.format).map((line) => compile(line, parameter, spellFor(line))) : [];
	const gotten = (person: Person): readonly Got[] => {
		if ('format' in source) return formats.map((format) => rendered(format, person.record, person.locale));
		const value = 'read' in source ? source.read(person.record) : person.evaluate(source.expression);
		if (Array.isArray(value)) return (value as unknown[]).map(given);
		return typeof value === 'string' ? linesOf(value).map(given) : [given(value)];
	};
	return (person, attribute, problems) => {
		const texts: string[] = [];
		for (const entry of gotten(person)) {
			if ('fault' in entry) problems.push({ attribute, rule: 'format', value: '', message: entry.fault });
			if (!('value' in entry)) continue;
			if (typeof entry.value !== 'string' && typeof entry.value !== 'number') {
				const message = `${attribute} got something that is no text; let the expression give a text, or a list of texts.`;
				problems.push({ attribute, rule: 'syntax', value: excerpt(entry.value), message });
				continue;
			}
			const text = String(entry.value);
			if (!hasLoneSurrogate(text)) texts.push(text);
		}
		return texts;
	};
}

/** The lines of a text that have something in them. */
export function linesOf(text: string): readonly string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

/** "@domain" as the first format that has one fixes it, whoever the person is; '' when none does. */
export function fixedSuffix(source: ParameterSource): string {
	const lines = 'format' in source ? linesOf(source.format) : [];
	return suffixOf(lines.filter((line) => !isFormat(line.slice(Math.max(0, line.lastIndexOf('@'))))));
}
