/** Reading the node's parameters: raw once for all people, and the expressions that n8n must evaluate once for each. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NO_RULE, type AttributeRow, type AttributeRule } from '../../lib/mapping/attributes';
import type { LadderRow } from '../../lib/mapping/ladders';
import { personLocale } from '../../lib/mapping/language';
import { NO_LOCALE } from '../../lib/mapping/locale';
import type { MappingSettings } from '../../lib/mapping/map';
import { ExpressionFault, sourceOf, type Evaluate } from '../../lib/mapping/parameters';
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
	/** What n8n's expressions and the files of an item give. */
	readonly evaluate: (item: number) => Promise<Evaluate>;
};

type Rows<T> = { readonly values?: readonly T[] };
type Fields = Readonly<Record<string, unknown>>;
type RuleRow = Fields & TableValues & { readonly by?: 'conditions' | 'table' };
type TableValues = Pick<RuleValues, 'table' | 'pastedTable' | 'ignoreCase' | 'notInTable' | 'tableDefault'>;

export function readParameters(context: IExecuteFunctions): MapParameters {
	const raw = (parameter: string, fallback: unknown): unknown =>
		context.getNodeParameter(parameter, 0, fallback as object, { rawExpressions: true });
	const preset = context.getNodeParameter('preset', 0, 'custom') as PresetName;
	const name = (section: Section) => parameterOf(preset, section);
	const text = (parameter: string) => sourceOf(parameter, raw(parameter, ''));
	const conditions = (section: Section) => ({ path: name(section), stored: raw(name(section), {}) });
	const fieldOf = (section: Section) => {
		const fields = raw(name(section), {}) as Fields;
		return (field: string) => sourceOf(`${name(section)}.${field}`, fields[field]);
	};
	const rowsOf = <T>(parameter: string) => (raw(parameter, {}) as Rows<T>).values ?? [];
	const person = fieldOf('person');
	const dates = fieldOf('dates');
	const { dateFormat = '' } = raw(name('dates'), {}) as { dateFormat?: string };
	const settings: MappingSettings = {
		person: {
			key: text(name('key')),
			previousKeys: person('previousKeys'),
			displayName: text(name('displayName')),
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
			attributeRow(row, `${name('attributes')}.values[${index}]`),
		),
		names: rowsOf<NameValues>(name('names')).map((row, index) => nameRow(row, `${name('names')}.values[${index}]`)),
		placement: {
			ou: text('ou'),
			ouRules: rowsOf<RuleRow>('ouRules').map((row, index) => ruleRow(row, 'ou', `ouRules.values[${index}]`)),
			groups: text('groups'),
			groupRules: rowsOf<RuleRow>('groupRules').map((row, index) =>
				ruleRow(row, 'groups', `groupRules.values[${index}]`),
			),
		},
		options: optionsOf(context),
	};
	return { settings, evaluate: evaluator(context, settings) };
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

function attributeRow({ attribute, value, rule = {} }: AttributeValues, path: string): AttributeRow {
	const field = rule.binaryField?.trim() ?? '';
	return {
		attribute: located(attribute),
		value: field === '' ? sourceOf(`${path}.value`, value) : { expression: `${BINARY}${field}` },
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

function nameRow({ name = 'sAMAccountName', formats, counter = {} }: NameValues, path: string): LadderRow {
	const { start = 2, width = 1, highest = 99 } = counter;
	return { name, formats: sourceOf(`${path}.formats`, formats), counter: { start, width, limit: highest } };
}

function ruleRow(row: RuleRow, target: 'ou' | 'groups', path: string): PlacementRule {
	if (row.by === 'table')
		return {
			by: 'table',
			value: sourceOf(`${path}.value`, row['value']),
			// Who is not in the table gets nothing by this rule; a later one may give something.
			table: {
				...(tableOf(row) ?? { rows: [], pasted: '', ignoreCase: false, fallback: undefined }),
				notInTable: 'empty',
			},
		};
	return {
		by: 'conditions',
		conditions: { path: `${path}.conditions`, stored: row['conditions'] },
		target: sourceOf(`${path}.${target}`, row[target]),
	};
}

/** Before the name of a binary field, where a row takes its value from a file. No parameter's path has a colon. */
const BINARY = 'binary:';

/** Expressions are evaluated when they are asked for; files, which are read in their own time, before. */
function evaluator(context: IExecuteFunctions, { attributes }: MappingSettings): MapParameters['evaluate'] {
	const slots = attributes.flatMap(({ value }) =>
		'expression' in value && value.expression.startsWith(BINARY) ? [value.expression] : [],
	);
	const items = slots.length > 0 ? context.getInputData() : [];
	return async (item) => {
		const files = new Map<string, unknown>();
		for (const slot of slots) files.set(slot, await bytesOf(context, items[item], slot.slice(BINARY.length), item));
		return (path) => (path.startsWith(BINARY) ? files.get(path) : evaluatedAt(context, path, item));
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
