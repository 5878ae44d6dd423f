/** Settings of a mapping, as short as a test wants them. */
import { executeFilter, type FilterValue } from 'n8n-workflow';
import type { DesiredAccount, HcmRecord, RejectedPerson } from '../../lib/contracts';
import type { ExecuteFilter } from '../../lib/conditions';
import { NO_RULE, type AttributeRow, type AttributeRule } from '../../lib/mapping/attributes';
import type { LadderRow } from '../../lib/mapping/ladders';
import { NO_LOCALE } from '../../lib/mapping/locale';
import type { MappingOutcome, OutOfScopePerson } from '../../lib/mapping/batch';
import { compileMapping, type MappingSettings } from '../../lib/mapping/map';
import { MappingSettingsError, type Evaluate, type ParameterSource } from '../../lib/mapping/parameters';
import type { NameAttribute } from '../../lib/schema/nameLadder';

/** n8n's own. */
export const execute: ExecuteFilter = (filter) => executeFilter(filter as FilterValue);

export const OU = 'OU=People,DC=corp,DC=example,DC=com';

export const format = (text: string): ParameterSource => ({ format: text });
/** An expression whose result a test gives under this name. */
export const result = (slot: string): ParameterSource => ({ expression: slot });
/** An expression that only reads a field. */
export const field = (name: string): ParameterSource => ({ read: (record) => record[name] });

export const attribute = (name: string, value: ParameterSource, rule: Partial<AttributeRule> = {}): AttributeRow => ({
	attribute: name,
	value,
	rule: { ...NO_RULE, ...rule },
});

export const ladder = (
	name: NameAttribute,
	formats: ParameterSource,
	counter: Partial<LadderRow['counter']> = {},
): LadderRow => ({ name, formats, counter: { start: 2, width: 1, limit: 9, ...counter } });

type Operator = { readonly type: string; readonly operation: string; readonly singleValue?: boolean };
export type One = readonly [left: unknown, operator: Operator, right?: unknown];

export const text = (operation: string): Operator => ({ type: 'string', operation });
export const flag = (operation: string): Operator => ({ type: 'boolean', operation, singleValue: true });

/** Conditions as n8n's editor stores them. */
export function stored(conditions: readonly One[], combinator: 'and' | 'or' = 'and', options: object = {}): object {
	return {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2, ...options },
		combinator,
		conditions: conditions.map(([leftValue, operator, rightValue = ''], index) => ({
			id: `c${index}`,
			leftValue,
			rightValue,
			operator,
		})),
	};
}

/** What the editor stores by itself where nobody entered a condition. */
export const BLANK = stored([['', text('equals'), '']]);

export const RECORD: HcmRecord = {
	_id: '5f2b8c9d1e3a4b6c7d8e9f01',
	id: 1042,
	firstname: 'Ada',
	lastname: 'Lovelace',
	department: '  Analytical\u200b  Engines ',
	phones: ['+44 1', '+44 2'],
	address: { city: 'London' },
	middlename: '',
	manager: null,
	state: 'ACTIVATED',
};

/** A mapping of `RECORD`, with what a test changes of it. */
export function settings({
	person,
	...changes
}: Partial<Omit<MappingSettings, 'person'>> & {
	readonly person?: Partial<MappingSettings['person']>;
} = {}): MappingSettings {
	return {
		person: {
			key: format('${id}'),
			previousKeys: format(''),
			displayName: format('${firstname} ${lastname}'),
			language: format(''),
			country: format(''),
			...person,
		},
		scope: { path: 'scope', stored: {} },
		leaverWhen: { path: 'leaverWhen', stored: {} },
		awayWhen: { path: 'awayWhen', stored: {} },
		lifespan: {
			start: format(''),
			end: format(''),
			timeZone: format(''),
			defaultZone: 'Europe/Berlin',
			dateFormat: '',
		},
		attributes: [attribute('department', format('${department}'))],
		names: [
			ladder('sAMAccountName', format('${firstname | first_chars: 1}${lastname}\n${lastname}')),
			ladder('cn', format('${firstname} ${lastname}')),
		],
		placement: { ou: format(OU), ouRules: [], groups: format(''), groupRules: [] },
		options: { locale: NO_LOCALE, fallbackPrefix: 'u', reservedNames: [] },
		...changes,
	};
}

/** One person through a mapping. */
export function mapOne(all: MappingSettings, record: HcmRecord = RECORD, evaluated: Evaluated = {}): MappingOutcome {
	return compileMapping(all, execute).map(record, giving(evaluated));
}

/** What n8n's expressions give, by their names. */
export type Evaluated = Readonly<Record<string, unknown>>;
export const giving =
	(evaluated: Evaluated): Evaluate =>
	(path) =>
		evaluated[path];

/** A whole batch, finished. */
export function mapAll(all: MappingSettings, records: readonly HcmRecord[]): MappingOutcome[] {
	const { map, finish } = compileMapping(all, execute);
	return finish(
		records.map((record) => map(record, giving({}))),
		records,
	);
}

export function mapped(outcome: MappingOutcome | undefined): DesiredAccount {
	if (outcome && 'mapped' in outcome) return outcome.mapped;
	throw new Error(`The person was not mapped: ${JSON.stringify(outcome)}`);
}

export function rejected(outcome: MappingOutcome | undefined): RejectedPerson {
	if (outcome && 'rejected' in outcome) return outcome.rejected;
	throw new Error(`The person was not rejected: ${JSON.stringify(outcome)}`);
}

export function outOfScope(outcome: MappingOutcome | undefined): OutOfScopePerson {
	if (outcome && 'outOfScope' in outcome) return outcome.outOfScope;
	throw new Error(`The person is not out of scope: ${JSON.stringify(outcome)}`);
}

/** The attribute and the rule of each problem. */
export const rules = (outcome: MappingOutcome | undefined) =>
	rejected(outcome).problems.map((one) => [one.attribute, one.rule]);

/** Why settings are refused before anybody is mapped. */
export function refusal(changes: Parameters<typeof settings>[0]): MappingSettingsError {
	try {
		compileMapping(settings(changes), execute);
	} catch (error) {
		if (error instanceof MappingSettingsError) return error;
		throw error;
	}
	throw new Error('The settings were taken.');
}

/** Only these people, by conditions as the editor stores them. */
export const scope = (conditions: unknown) => settings({ scope: { path: 'scope', stored: conditions } });
/** These people leave. */
export const leaverWhen = (conditions: unknown) => settings({ leaverWhen: { path: 'leaverWhen', stored: conditions } });
export const STATE_IS = (state: string) => stored([['={{ $json.state }}', text('equals'), state]]);
/** By which output somebody leaves. */
export const kind = (outcome: MappingOutcome) => Object.keys(outcome)[0];
