/** What a preset is made of, in the shapes that the editor stores. */
import type { FilterValue, INodeParameterResourceLocator } from 'n8n-workflow';
import { attributeFacts } from '../../lib/schema/attributes';
import type { NameAttribute } from '../../lib/schema/nameLadder';
import { attributeLabel } from './attributeList';

/** A row's Rule, as stored; what is not there has its default. */
export type RuleValues = {
	readonly write?: 'always' | 'create' | 'fill';
	readonly ifEmpty?: 'leave' | 'clear' | 'reject';
	readonly table?: { readonly values?: ReadonlyArray<{ readonly from?: string; readonly to?: string }> };
	readonly pastedTable?: string;
	readonly ignoreCase?: boolean;
	readonly notInTable?: 'reject' | 'keep' | 'empty';
	readonly tableDefault?: string;
	readonly separator?: string;
	readonly timeZone?: string;
	readonly dateFormat?: string;
	readonly keepCase?: boolean;
	readonly phone?: 'e164' | 'asGiven';
	readonly referenceBy?: string;
	readonly binaryField?: string;
};

export type AttributeValues = {
	readonly attribute: INodeParameterResourceLocator | string;
	readonly value?: unknown;
	readonly rule?: RuleValues;
};

export type NameValues = {
	readonly name?: NameAttribute;
	readonly formats?: unknown;
	readonly counter?: { readonly start?: number; readonly width?: number; readonly highest?: number };
};

export type Preset = {
	readonly displayName: string;
	readonly description: string;
	readonly key: string;
	readonly shownName: string;
	readonly person: { readonly previousKeys?: string; readonly languageFrom?: string; readonly countryFrom?: string };
	readonly scope: FilterValue | Record<string, never>;
	readonly leaverWhen: FilterValue | Record<string, never>;
	readonly dates: { readonly startDate?: string; readonly endDate?: string };
	readonly attributes: readonly AttributeValues[];
	readonly names: readonly NameValues[];
};

/** A row of Attributes. @param attribute LDAP name of one of the built-in list */
export function row(attribute: string, value: string, rule?: RuleValues): AttributeValues {
	const facts = attributeFacts(attribute);
	if (!facts) throw new Error(`${attribute} is not in the list of attributes.`);
	return {
		attribute: { __rl: true, mode: 'list', value: facts.name, cachedResultName: attributeLabel(facts) },
		value,
		...(rule ? { rule } : {}),
	};
}

/** Candidates of a name, best first. */
export function name(attribute: NameAttribute, ...formats: readonly string[]): NameValues {
	return { name: attribute, formats: formats.join('\n') };
}

type Operation = readonly [
	left: string,
	operator: FilterValue['conditions'][number]['operator'],
	right: string | boolean,
];

/** Conditions as n8n's filter control stores them; all must hold. */
export function conditions(...all: readonly Operation[]): FilterValue {
	return {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: all.map(([leftValue, operator, rightValue], index) => ({
			id: `preset-${index + 1}`,
			leftValue,
			rightValue,
			operator,
		})),
	};
}
