/** The node's parameters, compiled once and read for each person: a format, fixed text, or the result of an n8n expression. */
import type { HcmRecord, MappingProblem } from '../contracts';
import { hasLoneSurrogate } from '../schema/text';
import { compileFormat, FormatError, isFormat, type Format, type Spell } from './format';
import { suffixOf } from './names';

/** A parameter: plain text (a format, or fixed), or an n8n expression that the node evaluates for each person. */
export type ParameterSource = { readonly format: string } | { readonly expression: true };

/** Results of the expressions, by parameter: `key`, `displayName`, `ou`, `attributes.<row>`, `names.<row>`. */
export type Evaluated = Readonly<Record<string, unknown>>;

/** Stands in `Evaluated` for an expression that could not be evaluated for this person. */
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

export type Read = (record: HcmRecord, evaluated: Evaluated) => Got;
export type Got = { readonly value: unknown } | { readonly empty: true } | { readonly fault: string };

const SYNTAX_HELP = 'Write fields as ${firstname}, filters as ${firstname | first_chars: 1}.';

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
 * @param spell how a format spells the record's values; the result of an expression is the builder's own
 * @throws MappingSettingsError for a format that is none
 */
export function reader(
	source: ParameterSource,
	name: string,
	parameter: string,
	language: string,
	spell?: Spell,
): Read {
	if ('expression' in source) return (_record, evaluated) => given(evaluated[name]);
	const format = compile(source.format, parameter, spell);
	return (record) => rendered(format, record, language);
}

function given(value: unknown): Got {
	if (value instanceof ExpressionFault) return { fault: `The expression cannot be evaluated: ${value.message}` };
	return value === undefined || value === null ? { empty: true } : { value };
}

function rendered(format: Format, record: HcmRecord, language: string): Got {
	const result = format(record, language);
	if (result.kind === 'text') return { value: result.text };
	return result.kind === 'empty' ? { empty: true } : { fault: result.message };
}

/** One name's candidates for one person, as given; what is wrong with them is added to `problems`. */
export type ReadLines = (
	record: HcmRecord,
	evaluated: Evaluated,
	attribute: string,
	problems: MappingProblem[],
) => string[];

/** Candidates, one a line (or an expression's list); those that give nothing are left out, those that cannot be read are told. */
export function lineReader(source: ParameterSource, name: string, parameter: string, language: string): ReadLines {
	const lines =
		'format' in source
			? source.format
					.split('\n')
					.filter((line) => line.trim() !== '')
					.map((line) => compile(line.trim(), parameter))
			: [];
	if ('format' in source && lines.length === 0)
		throw new MappingSettingsError(parameter, 'The row has no format.', SYNTAX_HELP);
	return (record, evaluated, attribute, problems) => {
		const evaluatedValue = evaluated[name];
		const got =
			'expression' in source
				? (Array.isArray(evaluatedValue)
						? (evaluatedValue as unknown[])
						: typeof evaluatedValue === 'string'
							? evaluatedValue.split('\n')
							: [evaluatedValue]
					).map(given)
				: lines.map((format) => rendered(format, record, language));
		return got.flatMap((entry) => {
			if ('fault' in entry) problems.push({ attribute, rule: 'format', value: '', message: entry.fault });
			if (!('value' in entry)) return [];
			if (typeof entry.value !== 'string' && typeof entry.value !== 'number') {
				const message = `${attribute} got something that is no text; let the expression give a text, or a list of texts.`;
				problems.push({ attribute, rule: 'syntax', value: (JSON.stringify(entry.value) ?? '').slice(0, 200), message });
				return [];
			}
			const text = String(entry.value);
			return hasLoneSurrogate(text) ? [] : [text];
		});
	};
}

/** "@domain" as the first format that has one fixes it, whoever the person is; '' when none does. */
export function fixedSuffix(source: ParameterSource): string {
	const lines = 'format' in source ? source.format.split('\n').map((line) => line.trim()) : [];
	return suffixOf(lines.filter((line) => !isFormat(line.slice(Math.max(0, line.lastIndexOf('@'))))));
}
