/** Rows of Attributes: what is written, when, and what happens where there is nothing to write. */
import { attributeFacts, type AttributeFacts } from '../schema/attributes';
import { InvalidAttributeError, parseAttribute } from '../schema/attributeText';
import { whyNeverWritten } from '../schema/neverWritten';
import type { MappingProblem } from '../contracts';
import { refuseZone, tableOf } from './checks';
import type { ConversionRule } from './convert';
import { excerpt } from './excerpt';
import { MappingSettingsError, reader, type ParameterSource, type Person, type Read } from './parameters';
import type { TableSettings, ValueTable } from './valueTable';
import { COUNTRY_TWINS, putIfAbsent, writerFor, type Findings } from './writers';

export type AttributeRule = ConversionRule & {
	readonly write: 'always' | 'create' | 'fill';
	readonly ifEmpty: 'leave' | 'clear' | 'reject';
	/** undefined = values stand as they are. */
	readonly table?: TableSettings;
	/** Parts a text into several values; '' = it is one. */
	readonly separator: string;
};

export const NO_RULE: AttributeRule = {
	write: 'always',
	ifEmpty: 'leave',
	separator: '',
	timeZone: '',
	dateFormat: '',
	keepCase: false,
	phone: 'e164',
	referenceBy: 'employeeID',
};

export type AttributeRow = {
	/** LDAP name, with the schema's facts where the row was picked from a domain's list. */
	readonly attribute: string;
	readonly value: ParameterSource;
	readonly rule: AttributeRule;
};

export type CompiledAttribute = {
	readonly attribute: string;
	readonly write: AttributeRule['write'];
	readonly apply: (person: Person, findings: Findings) => void;
};

/**
 * @throws MappingSettingsError for a name that is none, an attribute that is never written or has a ladder, a format or a table that is none
 */
export function compileAttribute({ attribute, value, rule }: AttributeRow, index: number): CompiledAttribute {
	const parameter = `Attributes, row ${index + 1}`;
	const { name, facts } = attributeOf(attribute, parameter);
	const read = reader(value, `${parameter} (${name})`);
	const table = tableOf(rule.table, `${parameter} (${name})`);
	if (rule.timeZone !== '') refuseZone(rule.timeZone, `${parameter} (${name}), Time Zone`);
	const empty = emptyRule(name, facts, rule);
	const parts = valuesOf(read, name, rule, table);
	const write = writerFor(name, facts, rule);
	return {
		attribute: name,
		write: rule.write,
		apply: (person, findings) => {
			const before = findings.problems.length;
			const wrote = write(parts(person, findings.problems), person, findings);
			if (!wrote && findings.problems.length === before) empty(findings);
		},
	};
}

function attributeOf(text: string, parameter: string): { name: string; facts: AttributeFacts | undefined } {
	if (text.trim() === '')
		throw new MappingSettingsError(
			parameter,
			'The row names no attribute.',
			'Choose one from the list, or enter its LDAP name, such as department.',
		);
	try {
		const { name: given, facts: own } = parseAttribute(text);
		const facts = own ?? attributeFacts(given);
		const name = facts?.name ?? given;
		const reason = whyNeverWritten(name);
		if (reason) throw new MappingSettingsError(parameter, `${name} cannot be mapped: ${reason}.`, 'Take the row out.');
		if (['samaccountname', 'userprincipalname'].includes(name.toLowerCase()))
			throw new MappingSettingsError(
				parameter,
				`${name} must be unique, so it cannot be a plain value.`,
				'Give it a row under Names instead.',
			);
		return { name, facts };
	} catch (error) {
		if (error instanceof InvalidAttributeError)
			throw new MappingSettingsError(
				parameter,
				error.message,
				'Choose the attribute from the list, or enter its LDAP name, such as department.',
			);
		throw error;
	}
}

/** Separators as they are typed into a field of one line. */
const typed = (separator: string) => separator.replaceAll('\\n', '\n').replaceAll('\\t', '\t');

/** The row's values for one person: parted, and looked up in the table. Those that are nothing are left out. */
function valuesOf(
	read: Read,
	attribute: string,
	rule: AttributeRule,
	table: ValueTable | undefined,
): (person: Person, problems: MappingProblem[]) => readonly unknown[] {
	const separator = typed(rule.separator);
	const part = (value: unknown): readonly unknown[] => {
		if (Array.isArray(value)) return value as unknown[];
		return separator !== '' && typeof value === 'string' ? value.split(separator) : [value];
	};
	return (person, problems) => {
		const got = read(person);
		if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
		if (!('value' in got)) return [];
		const values = part(got.value);
		if (!table) return values;
		return values.flatMap((value) => {
			const found = table.lookUp(value);
			if ('fault' in found) problems.push({ attribute, rule: 'table', value: excerpt(value), message: found.fault });
			return 'value' in found ? [found.value] : [];
		});
	};
}

function emptyRule(
	name: string,
	facts: AttributeFacts | undefined,
	{ ifEmpty }: AttributeRule,
): (findings: Findings) => void {
	if (ifEmpty === 'leave') return () => undefined;
	if (ifEmpty === 'reject') {
		const title = facts && facts.title !== name ? `${facts.title} (${name})` : name;
		const message = `${title} is empty, and this mapping does not take people without it.`;
		return ({ problems }) => void problems.push({ attribute: name, rule: 'required', value: '', message });
	}
	return ({ attributes }) => {
		attributes[name] = null;
		if (name === 'c') for (const twin of COUNTRY_TWINS) putIfAbsent(attributes, twin, null);
	};
}
