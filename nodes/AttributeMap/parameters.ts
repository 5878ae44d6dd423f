/** Reading the node's parameters: raw once for all people, and the expressions that n8n must evaluate once for each. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NO_RULE, type AttributeRow, type AttributeRule } from '../../lib/mapping/attributes';
import { leftSource, type StoredConditions } from '../../lib/mapping/conditions';
import type { LadderRow } from '../../lib/mapping/ladders';
import { personLocale } from '../../lib/mapping/language';
import { NO_LOCALE } from '../../lib/mapping/locale';
import type { MappingSettings } from '../../lib/mapping/map';
import { ExpressionFault, sourceOf, type Evaluated, type ParameterSource } from '../../lib/mapping/parameters';
import type { PlacementRule } from '../../lib/mapping/placement';
import type { TableSettings } from '../../lib/mapping/valueTable';
import {
	parameterOf,
	type AttributeValues,
	type NameValues,
	type PresetName,
	type RuleValues,
	type Section,
} from './presets';

export type MapParameters = {
	readonly settings: MappingSettings;
	/** Results of the expressions and the bytes of the photos for one item. */
	readonly evaluate: (item: number) => Promise<Evaluated>;
};

type Rows<T> = { readonly values?: readonly T[] };
type Fields = Readonly<Record<string, unknown>>;
type RuleRow = Fields & TableValues & { readonly by?: 'conditions' | 'table' };
type TableValues = Pick<RuleValues, 'table' | 'pastedTable' | 'ignoreCase' | 'notInTable' | 'tableDefault'>;

/** Collects what n8n has to evaluate for each person while the parameters are read. */
type Reading = {
	readonly raw: (name: string, fallback: unknown) => unknown;
	readonly source: (path: string, raw: unknown) => ParameterSource;
	readonly binary: (field: string) => ParameterSource;
	readonly conditions: (path: string, raw: unknown) => StoredConditions;
	readonly expressions: Set<string>;
	readonly binaries: Map<string, string>;
};

function startReading(context: IExecuteFunctions): Reading {
	const expressions = new Set<string>();
	const binaries = new Map<string, string>();
	const source = (path: string, raw: unknown): ParameterSource => {
		const made = sourceOf(path, raw);
		if ('expression' in made) expressions.add(made.expression);
		return made;
	};
	return {
		raw: (name, fallback) => context.getNodeParameter(name, 0, fallback as object, { rawExpressions: true }),
		source,
		binary: (field) => {
			const slot = `binary.${field}`;
			binaries.set(slot, field);
			return { expression: slot };
		},
		conditions: (path, stored) => {
			const rows = (stored as { conditions?: ReadonlyArray<{ leftValue?: unknown; rightValue?: unknown }> } | undefined)
				?.conditions;
			if (Array.isArray(rows))
				rows.forEach(({ leftValue, rightValue }: { leftValue?: unknown; rightValue?: unknown }, index) => {
					const left =
						typeof leftValue === 'string' && leftValue.includes('{{')
							? leftSource(`${path}.conditions[${index}].leftValue`, leftValue)
							: undefined;
					if (left && 'expression' in left) expressions.add(left.expression);
					if (typeof rightValue === 'string' && rightValue.startsWith('='))
						source(`${path}.conditions[${index}].rightValue`, rightValue);
				});
			return { path, stored };
		},
		expressions,
		binaries,
	};
}

/** @throws PathError for a condition's path that is none */
export function readParameters(context: IExecuteFunctions): MapParameters {
	const reading = startReading(context);
	const preset = context.getNodeParameter('preset', 0, 'custom') as PresetName;
	const name = (section: Section) => parameterOf(preset, section);
	const text = (section: Section) => reading.source(name(section), reading.raw(name(section), ''));
	const conditions = (section: Section) => reading.conditions(name(section), reading.raw(name(section), {}));
	const fieldOf = (section: Section) => {
		const fields = reading.raw(name(section), {}) as Fields;
		return (field: string) => reading.source(`${name(section)}.${field}`, fields[field]);
	};
	const rowsOf = <T>(parameter: string) => (reading.raw(parameter, {}) as Rows<T>).values ?? [];
	const person = fieldOf('person');
	const dates = fieldOf('dates');
	const { dateFormat = '' } = reading.raw(name('dates'), {}) as { dateFormat?: string };
	const settings: MappingSettings = {
		person: {
			key: text('key'),
			previousKeys: person('previousKeys'),
			displayName: text('displayName'),
			language: person('languageFrom'),
			country: person('countryFrom'),
		},
		scope: conditions('scope'),
		leaverWhen: conditions('leaverWhen'),
		awayWhen: conditions('awayWhen'),
		lifespan: {
			start: dates('startDate'),
			end: dates('endDate'),
			timeZone: dates('timeZone'),
			defaultZone: context.getTimezone(),
			dateFormat,
		},
		attributes: rowsOf<AttributeValues>(name('attributes')).map((row, index) =>
			attributeRow(row, `${name('attributes')}.values[${index}]`, reading),
		),
		names: rowsOf<NameValues>(name('names')).map((row, index) =>
			nameRow(row, `${name('names')}.values[${index}]`, reading),
		),
		placement: {
			ou: reading.source('ou', reading.raw('ou', '')),
			ouRules: rowsOf<RuleRow>('ouRules').map((row, index) => ruleRow(row, 'ou', `ouRules.values[${index}]`, reading)),
			groups: reading.source('groups', reading.raw('groups', '')),
			groupRules: rowsOf<RuleRow>('groupRules').map((row, index) =>
				ruleRow(row, 'groups', `groupRules.values[${index}]`, reading),
			),
		},
		options: optionsOf(context),
	};
	return { settings, evaluate: evaluator(context, reading) };
}

function optionsOf(context: IExecuteFunctions): MappingSettings['options'] {
	// An option may be an expression, which can give anything; it is the same for everybody.
	const options = context.getNodeParameter('options', 0, {}) as Fields;
	const text = (name: string, fallback: string) => {
		const value = options[name] ?? fallback;
		return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	};
	return {
		locale: personLocale({ language: text('defaultLanguage', ''), country: text('defaultCountry', '') }, NO_LOCALE),
		fallbackPrefix: text('fallbackPrefix', 'u'),
		reservedNames: text('reservedNames', '').split(/[\n,;]/),
	};
}

/** A resource locator holds its value inside; a workflow written by hand may hold it as text. */
function located(value: unknown): string {
	const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
	return typeof inner === 'string' ? inner : '';
}

function attributeRow({ attribute, value, rule = {} }: AttributeValues, path: string, reading: Reading): AttributeRow {
	const field = rule.binaryField?.trim() ?? '';
	return {
		attribute: located(attribute),
		value: field === '' ? reading.source(`${path}.value`, value) : reading.binary(field),
		rule: ruleOf(rule),
	};
}

function ruleOf(rule: RuleValues): AttributeRule {
	const table = tableOf(rule);
	return {
		write: rule.write ?? NO_RULE.write,
		ifEmpty: rule.ifEmpty ?? NO_RULE.ifEmpty,
		...(table ? { table } : {}),
		separator: rule.separator ?? '',
		timeZone: rule.timeZone?.trim() ?? '',
		dateFormat: rule.dateFormat?.trim() ?? '',
		keepCase: rule.keepCase ?? false,
		phone: rule.phone ?? NO_RULE.phone,
		referenceBy: rule.referenceBy?.trim() ? rule.referenceBy.trim() : NO_RULE.referenceBy,
	};
}

/** @returns undefined where there is no table at all */
function tableOf({
	table,
	pastedTable = '',
	ignoreCase = false,
	notInTable,
	tableDefault = '',
}: TableValues): TableSettings | undefined {
	const rows = (table?.values ?? []).map(({ from = '', to = '' }) => ({ from, to }));
	if (rows.length === 0 && pastedTable.trim() === '') return undefined;
	return {
		rows,
		pasted: pastedTable,
		ignoreCase,
		notInTable: notInTable ?? 'reject',
		fallback: tableDefault === '' ? undefined : tableDefault,
	};
}

function nameRow(
	{ name = 'sAMAccountName', formats, counter = {} }: NameValues,
	path: string,
	reading: Reading,
): LadderRow {
	const { start = 2, width = 1, highest = 99 } = counter;
	return { name, formats: reading.source(`${path}.formats`, formats), counter: { start, width, limit: highest } };
}

function ruleRow(row: RuleRow, target: 'ou' | 'groups', path: string, reading: Reading): PlacementRule {
	if (row.by === 'table')
		return {
			by: 'table',
			value: reading.source(`${path}.value`, row['value']),
			// Who is not in the table gets nothing by this rule; a later one may give something.
			table: {
				...(tableOf(row) ?? { rows: [], pasted: '', ignoreCase: false, fallback: undefined }),
				notInTable: 'empty',
			},
		};
	return {
		by: 'conditions',
		conditions: reading.conditions(`${path}.conditions`, row['conditions']),
		target: reading.source(`${path}.${target}`, row[target]),
	};
}

const NOTHING: Evaluated = {};

function evaluator(context: IExecuteFunctions, { expressions, binaries }: Reading): MapParameters['evaluate'] {
	if (expressions.size === 0 && binaries.size === 0) return () => Promise.resolve(NOTHING);
	const items = binaries.size > 0 ? context.getInputData() : [];
	return async (item) => {
		const evaluated: Record<string, unknown> = {};
		for (const path of expressions) evaluated[path] = evaluatedAt(context, path, item);
		for (const [slot, field] of binaries) evaluated[slot] = await bytesOf(context, items[item], field, item);
		return evaluated;
	};
}

/** An expression that fails for one person rejects that person and nobody else. */
function evaluatedAt(context: IExecuteFunctions, path: string, item: number): unknown {
	try {
		return context.getNodeParameter(path, item);
	} catch (error) {
		return new ExpressionFault(error instanceof Error ? error.message : String(error));
	}
}

async function bytesOf(
	context: IExecuteFunctions,
	item: INodeExecutionData | undefined,
	field: string,
	index: number,
): Promise<unknown> {
	const file = item?.binary?.[field];
	if (!file) return undefined;
	try {
		return { base64: (await context.helpers.getBinaryDataBuffer(index, field)).toString('base64') };
	} catch (error) {
		return new ExpressionFault(error instanceof Error ? error.message : String(error));
	}
}
