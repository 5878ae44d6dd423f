/** Reading the node's parameters: raw once for all people, and the expressions among them once for each. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { MappingSettings } from '../../lib/mapping/map';
import { ExpressionFault, type Evaluated, type ParameterSource } from '../../lib/mapping/parameters';
import type { NameAttribute } from '../../lib/schema/nameLadder';

type Rows<T> = { readonly values?: readonly T[] };
type AttributeRow = { readonly attribute?: string; readonly value?: string };
type NameRow = { readonly name?: NameAttribute; readonly formats?: string };
type Options = {
	readonly counterStart?: number;
	readonly counterLimit?: number;
	readonly fallbackPrefix?: string;
	readonly language?: string;
};

export type MapParameters = {
	readonly settings: MappingSettings;
	/** Results of the expressions for one item. */
	readonly evaluate: (item: number) => Evaluated;
};

/** n8n keeps an expression as text that starts with "="; everything else is plain text. */
function sourceOf(raw: unknown): ParameterSource {
	const text = typeof raw === 'string' ? raw : '';
	return text.startsWith('=') ? { expression: true } : { format: text };
}

export function readParameters(context: IExecuteFunctions): MapParameters {
	const raw = (name: string, fallback?: unknown): unknown =>
		context.getNodeParameter(name, 0, fallback as object, { rawExpressions: true });
	const attributes = (raw('attributes', {}) as Rows<AttributeRow>).values ?? [];
	const names = (raw('names', {}) as Rows<NameRow>).values ?? [];
	const {
		counterStart = 2,
		counterLimit = 99,
		fallbackPrefix = 'u',
		language = '',
	} = context.getNodeParameter('options', 0, {}) as Options;
	const settings: MappingSettings = {
		key: sourceOf(raw('key')),
		displayName: sourceOf(raw('displayName')),
		ou: sourceOf(raw('ou')),
		attributes: attributes.map(({ attribute = '', value }) => ({ attribute, value: sourceOf(value) })),
		names: names.map(({ name = 'sAMAccountName', formats }) => ({ name, formats: sourceOf(formats) })),
		// An option may be an expression, which can give a number as text.
		ladder: {
			counterStart: Number(counterStart),
			counterLimit: Number(counterLimit),
			counterWidth: 1,
			fallbackPrefix: String(fallbackPrefix),
			language: String(language),
		},
	};
	const expressions = expressionPaths(settings);
	return {
		settings,
		evaluate: (item) => Object.fromEntries(expressions.map(({ name, path }) => [name, evaluated(context, path, item)])),
	};
}

/** An expression that fails for one person rejects that person and nobody else. */
function evaluated(context: IExecuteFunctions, path: string, item: number): unknown {
	try {
		return context.getNodeParameter(path, item);
	} catch (error) {
		return new ExpressionFault(error instanceof Error ? error.message : String(error));
	}
}

/** Engine's names of the parameters that are expressions, with their paths in the node. */
function expressionPaths({
	key,
	displayName,
	ou,
	attributes,
	names,
}: MappingSettings): ReadonlyArray<{ readonly name: string; readonly path: string }> {
	const all = [
		{ name: 'key', path: 'key', source: key },
		{ name: 'displayName', path: 'displayName', source: displayName },
		{ name: 'ou', path: 'ou', source: ou },
		...attributes.map(({ value }, row) => ({
			name: `attributes.${row}`,
			path: `attributes.values[${row}].value`,
			source: value,
		})),
		...names.map(({ formats }, row) => ({
			name: `names.${row}`,
			path: `names.values[${row}].formats`,
			source: formats,
		})),
	];
	return all.filter(({ source }) => 'expression' in source);
}
