/** Where the account stands, and its groups: ordered rules, each by conditions or by a value table. */
import { ConditionError, type ExecuteFilter } from '../conditions';
import type { MappingProblem } from '../contracts';
import { PathError } from '../json/path';
import { formatDn, InvalidDnError, isObjectName, parseDn } from '../schema/dn';
import { cleanText, hasLoneSurrogate } from '../schema/text';
import { tableOf } from './checks';
import { compilePersonConditions, type StoredConditions } from './conditions';
import { excerpt } from './excerpt';
import { isFormat } from './format';
import {
	isUnset,
	lineReader,
	linesOf,
	MappingSettingsError,
	reader,
	type ParameterSource,
	type Person,
	type Read,
	type ReadLines,
} from './parameters';
import type { TableSettings, ValueTable } from './valueTable';

export type PlacementRule =
	| { readonly by: 'conditions'; readonly conditions: StoredConditions; readonly target: ParameterSource }
	| { readonly by: 'table'; readonly value: ParameterSource; readonly table: TableSettings };

export type PlacementSettings = {
	/** Where no rule gives one. */
	readonly ou: ParameterSource;
	readonly ouRules: readonly PlacementRule[];
	/** Where no rule gives any, one a line. */
	readonly groups: ParameterSource;
	readonly groupRules: readonly PlacementRule[];
};

const NONE: readonly string[] = Object.freeze([]);

export type Placement = {
	/** '' and a problem where there is none. */
	readonly ou: (person: Person, problems: MappingProblem[]) => string;
	readonly groups: (person: Person, problems: MappingProblem[]) => readonly string[];
	/** Every group that the rules name themselves. */
	readonly managed: readonly string[];
	/** Whether rules can give groups that only people's fields name. */
	readonly open: boolean;
};

/** A field's value as one value of a distinguished name: a department called "IT,OU=Admins" leads nowhere else. */
export function spellDnValue(value: string): string {
	return formatDn([[{ attribute: 'OU', value: cleanText(value) }]]).slice('OU='.length);
}

/** @throws MappingSettingsError */
export function compilePlacement(settings: PlacementSettings, execute: ExecuteFilter): Placement {
	const ou = compileOu(settings, execute);
	return { ou, ...compileGroups(settings, execute) };
}

function compileOu({ ou, ouRules }: PlacementSettings, execute: ExecuteFilter): Placement['ou'] {
	const parameter = 'Organizational Unit';
	const fallback = ouReader(ou, parameter);
	const rules = ouRules.map((rule, index) => {
		const name = `Organizational Unit Rules, row ${index + 1}`;
		if (rule.by === 'table') {
			const { value, table } = compileTableRule(rule, name);
			for (const target of table.targets()) refuseOu(target, name);
			return (person: Person, problems: MappingProblem[]) => ouText(lookedUp(value, table, person), problems);
		}
		if (isUnset(rule.target))
			throw new MappingSettingsError(name, 'The rule names no organisational unit.', 'Enter its distinguished name.');
		const holds = conditionsOf('ou', rule.conditions, name, execute);
		const target = ouReader(rule.target, name);
		return (person: Person, problems: MappingProblem[]) => (holds(person, problems) ? target(person, problems) : '');
	});
	return (person, problems) => {
		const before = problems.length;
		for (const rule of rules) {
			const text = rule(person, problems);
			if (text !== '' || problems.length > before) return text;
		}
		const text = fallback(person, problems);
		if (text === '' && problems.length === before)
			problems.push({
				attribute: 'ou',
				rule: 'required',
				value: '',
				message: 'There is no organisational unit for the account.',
			});
		return text;
	};
}

type Holds = (person: Person, problems: MappingProblem[]) => boolean;

/** An empty one means everyone. A value that cannot be compared is the person's problem, and the rule does not fit. */
function conditionsOf(attribute: string, stored: StoredConditions, parameter: string, execute: ExecuteFilter): Holds {
	const compiled = compilePersonConditions(stored, parameter, execute);
	if (!compiled) return () => true;
	return (person, problems) => {
		try {
			return compiled.holds(person);
		} catch (error) {
			if (!(error instanceof ConditionError || error instanceof PathError)) throw error;
			problems.push({ attribute, rule: 'condition', value: '', message: error.message });
			return false;
		}
	};
}

function compileTableRule(
	{ value, table }: Extract<PlacementRule, { by: 'table' }>,
	parameter: string,
): { value: Read; table: ValueTable } {
	if (isUnset(value))
		throw new MappingSettingsError(
			parameter,
			'The rule has no value to look up.',
			'Enter a field, such as ${department}.',
		);
	const compiled = tableOf(table, parameter);
	if (!compiled || compiled.targets().length === 0)
		throw new MappingSettingsError(parameter, 'The value table is empty.', 'Add a row, or paste a table.');
	return { value: reader(value, parameter), table: compiled };
}

/** A person whose value is not in the table, or who has none, gets nothing by this rule; a later one may give something. */
function lookedUp(read: Read, table: ValueTable, person: Person): ReturnType<Read> {
	const got = read(person);
	if (!('value' in got)) return got;
	return table.lookUp(got.value);
}

/** What is fixed is checked once, before anybody is mapped. */
function ouReader(source: ParameterSource, parameter: string): Placement['ou'] {
	if ('format' in source && !isFormat(source.format)) {
		const fixed = cleanText(source.format);
		if (fixed !== '') refuseOu(fixed, parameter);
		return () => fixed;
	}
	const read = reader(source, parameter, spellDnValue);
	return (person, problems) => ouText(read(person), problems);
}

function refuseOu(text: string, parameter: string): void {
	const reason = whyNoOu(text.trim());
	if (reason)
		throw new MappingSettingsError(parameter, reason, 'Enter the distinguished name of an organisational unit.');
}

function whyNoOu(text: string): string | undefined {
	try {
		return parseDn(text).length < 2
			? 'The organisational unit has no domain. Write it like OU=People,DC=corp,DC=example,DC=com.'
			: undefined;
	} catch (error) {
		if (error instanceof InvalidDnError) return error.message;
		throw error;
	}
}

function ouText(got: ReturnType<Read>, problems: MappingProblem[]): string {
	const refuse = (rule: string, value: unknown, message: string): string => {
		problems.push({ attribute: 'ou', rule, value: excerpt(value), message });
		return '';
	};
	if ('fault' in got) return refuse('format', '', got.fault);
	if (!('value' in got)) return '';
	if (typeof got.value !== 'string') return refuse('syntax', got.value, 'Organizational Unit must be text.');
	if (hasLoneSurrogate(got.value)) return refuse('characters', '', 'Organizational Unit holds half a character.');
	const text = cleanText(got.value);
	const reason = text === '' ? undefined : whyNoOu(text);
	return reason ? refuse('syntax', text, reason) : text;
}

/** A group's line that is a distinguished name, or becomes one with a person's values in it. */
const looksLikeDn = (line: string) => /^\s*(?:CN|OU)\s*=/i.test(line);

/** Groups in one cell of a table, or in what an expression gives: one a line, or with semicolons between them. */
const groupsOf = (text: string): readonly string[] =>
	text
		.split(/\n|(?<!\\);/)
		.map(cleanText)
		.filter((group) => group !== '');

function compileGroups(
	{ groups, groupRules }: PlacementSettings,
	execute: ExecuteFilter,
): Pick<Placement, 'groups' | 'managed' | 'open'> {
	const fallback = groupReader(groups, 'Groups');
	const sources = [groups, ...groupRules.flatMap((rule) => (rule.by === 'conditions' ? [rule.target] : []))];
	const fixed = sources.flatMap((source) =>
		'format' in source ? linesOf(source.format).filter((line) => !isFormat(line)) : [],
	);
	const tables: string[] = [];
	const rules = groupRules.map((rule, index) => {
		const name = `Group Rules, row ${index + 1}`;
		if (rule.by === 'table') {
			const { value, table } = compileTableRule(rule, name);
			tables.push(...table.targets());
			return (person: Person, problems: MappingProblem[]) => {
				const got = lookedUp(value, table, person);
				if ('fault' in got) problems.push({ attribute: 'groups', rule: 'format', value: '', message: got.fault });
				return 'value' in got ? [got.value].flat().flatMap((text) => groupsOf(String(text))) : [];
			};
		}
		if (isUnset(rule.target))
			throw new MappingSettingsError(name, 'The rule names no group.', 'Enter groups, one a line.');
		const holds = conditionsOf('groups', rule.conditions, name, execute);
		const read = groupReader(rule.target, name);
		return (person: Person, problems: MappingProblem[]) =>
			holds(person, problems) ? read(person, 'groups', problems) : [];
	});
	return {
		managed: Object.freeze(uniqueGroups([...fixed, ...tables].flatMap(groupsOf))),
		open: sources.some((source) => !('format' in source) || linesOf(source.format).some(isFormat)),
		groups: (person, problems) => {
			if (rules.length === 0 && isUnset(groups)) return NONE;
			const given = rules.flatMap((rule) => rule(person, problems));
			return uniqueGroups(given.length > 0 ? given : fallback(person, 'groups', problems));
		},
	};
}

/**
 * Groups for a person. In a distinguished name a field is one value; anywhere else it is a name, and refused where it is written as a
 * distinguished name: which group of the whole domain somebody joins is not for HR data to say.
 */
function groupReader(source: ParameterSource, parameter: string): ReadLines {
	if (!('format' in source)) {
		const read = lineReader(source, parameter);
		return (person, attribute, problems) => read(person, attribute, problems).flatMap(groupsOf);
	}
	const lines = linesOf(source.format);
	const isOwn = (line: string) => !isFormat(line) || looksLikeDn(line);
	const text = (kept: readonly string[]): ParameterSource => ({ format: kept.join('\n') });
	const own = lineReader(text(lines.filter(isOwn)), parameter, (line) => (isFormat(line) ? spellDnValue : undefined));
	const named = lineReader(text(lines.filter((line) => !isOwn(line))), parameter);
	return (person, attribute, problems) => [
		...own(person, attribute, problems).flatMap(groupsOf),
		...named(person, attribute, problems)
			.map(cleanText)
			.filter((group) => group !== '' && !refuseDn(group, problems)),
	];
}

function refuseDn(group: string, problems: MappingProblem[]): boolean {
	if (!isObjectName(group)) return false;
	const message = 'A field gives a whole distinguished name as a group. Write CN=${field},OU=… around it.';
	problems.push({ attribute: 'groups', rule: 'syntax', value: excerpt(group), message });
	return true;
}

/** Each once, however it is written. */
export function uniqueGroups(groups: readonly string[]): readonly string[] {
	if (groups.length < 2) return groups;
	const seen = new Set<string>();
	return groups.filter((group) => !seen.has(spelling(group)) && seen.add(spelling(group)));
}

/** A few groups for many people: each is parsed once, as far as this holds them. */
const spellings = new Map<string, string>();
const MOST_SPELLINGS = 10_000;

/** The same text for the same group. */
function spelling(group: string): string {
	const known = spellings.get(group);
	if (known !== undefined) return known;
	const made = (isObjectName(group) ? formatDn(parseDn(group)) : group).toLowerCase();
	if (spellings.size < MOST_SPELLINGS) spellings.set(group, made);
	return made;
}
