/** Rows of Attributes: what is written, when, and what happens where there is nothing to write. */
import type { AttributeValue, MappingProblem, PersonRef, Value } from '../contracts';
import { attributeFacts, type AttributeFacts } from '../schema/attributes';
import { InvalidAttributeError, parseAttribute } from '../schema/attributeText';
import { whyNeverWritten } from '../schema/neverWritten';
import { toProxyAddresses } from '../schema/proxyAddresses';
import { mixedScriptWords } from '../schema/scripts';
import { isCleanAscii } from '../schema/text';
import { conversionFor, isRefusal, toCountry, type ConversionRule, type CountryValues, type Refusal } from './convert';
import { checkZone } from './dates';
import { MappingSettingsError, reader, type ParameterSource, type Person, type Read } from './parameters';
import { compileTable, TableSettingsError, type TableSettings, type ValueTable } from './valueTable';

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

/** What is known of a person so far. */
export type Findings = {
	readonly attributes: Record<string, AttributeValue>;
	readonly problems: MappingProblem[];
	readonly review: Array<{ readonly attribute: string; readonly reason: string }>;
};

export type CompiledAttribute = {
	readonly attribute: string;
	readonly write: AttributeRule['write'];
	readonly apply: (person: Person, findings: Findings) => void;
};

/** More values than this in one attribute are refused by Active Directory (about 1,300 fit in an object's page), and are no list of HR's. */
const MOST_VALUES = 1000;

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
	const write =
		name === 'c' ? writeCountry : name === 'proxyAddresses' ? proxyWriter(rule) : valueWriter(name, facts, rule);
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

/** @throws MappingSettingsError */
export function tableOf(settings: TableSettings | undefined, parameter: string): ValueTable | undefined {
	if (!settings) return undefined;
	try {
		return compileTable(settings);
	} catch (error) {
		if (error instanceof TableSettingsError)
			throw new MappingSettingsError(
				`${parameter}, Value Table`,
				error.message,
				'Write one row a line, as from;to, or JSON such as {"from": "to"}.',
			);
		throw error;
	}
}

/** @throws MappingSettingsError */
export function refuseZone(zone: string, parameter: string): void {
	const reason = checkZone(zone);
	if (reason) throw new MappingSettingsError(parameter, reason, 'Enter a name such as Europe/Berlin.');
}

/** What a country fills beside its two letters. */
export const COUNTRY_TWINS = ['co', 'countryCode'] as const;

function putIfAbsent(attributes: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
	if (!Object.hasOwn(attributes, name)) attributes[name] = value;
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
			if ('fault' in found)
				problems.push({ attribute, rule: 'table', value: String(value).slice(0, 200), message: found.fault });
			return 'value' in found ? [found.value] : [];
		});
	};
}

/** Puts what the values become into the findings. @returns whether there was anything to write */
type Writer = (values: readonly unknown[], person: Person, findings: Findings) => boolean;

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

function problemOf(attribute: string, { refused }: Refusal): MappingProblem {
	return { attribute, ...refused };
}

function valueWriter(name: string, facts: AttributeFacts | undefined, rule: AttributeRule): Writer {
	const convert = conversionFor(name, facts, rule);
	const isText = facts === undefined || facts.syntax === 'text';
	return (raw, person, { attributes, problems, review }) => {
		const values: Array<Value | PersonRef> = [];
		const seen = raw.length > 1 ? new Set<string>() : undefined;
		for (const one of raw) {
			const value = convert(one, person);
			if (value === undefined) continue;
			if (isRefusal(value)) {
				problems.push(problemOf(name, value));
				continue;
			}
			if (seen) {
				// Active Directory takes "A" and "a" for one value (caseIgnoreMatch), and refuses a list that has both.
				const same = typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value);
				if (seen.has(same)) continue;
				seen.add(same);
			}
			if (isText && typeof value === 'string' && !isCleanAscii(value)) reviewScripts(name, value, review);
			values.push(value);
		}
		const [first] = values;
		if (first === undefined) return false;
		const reason = whyNotThatMany(name, facts, values);
		if (reason) problems.push(reason);
		else attributes[name] = values.length === 1 ? first : values;
		return true;
	};
}

function whyNotThatMany(
	attribute: string,
	facts: AttributeFacts | undefined,
	values: ReadonlyArray<Value | PersonRef>,
): MappingProblem | undefined {
	const show = () =>
		values
			.slice(0, 10)
			.map((value) => (typeof value === 'string' ? value : 'value' in value ? value.value : 'bytes'))
			.join(' · ')
			.slice(0, 200)
			.toWellFormed();
	if (values.length > 1 && facts?.single)
		return {
			attribute,
			rule: 'single',
			value: show(),
			message: `${attribute} takes one value, and there are ${values.length}.`,
		};
	if (values.length > MOST_VALUES)
		return {
			attribute,
			rule: 'count',
			value: show(),
			message: `${attribute} got ${values.length} values, and ${MOST_VALUES} is the most that a directory keeps.`,
		};
	return undefined;
}

/** Words whose letters look alike but come from several scripts are for a person to look at: the directory takes them. */
export function reviewScripts(attribute: string, text: string, review: Findings['review']): void {
	for (const word of mixedScriptWords(text))
		review.push({ attribute, reason: `"${word}" mixes letters of several scripts.` });
}

function writeCountry(values: readonly unknown[], _person: Person, { attributes, problems }: Findings): boolean {
	const found: CountryValues[] = [];
	for (const value of values) {
		const country = toCountry(value);
		if (country === undefined) continue;
		if ('refused' in country) problems.push(problemOf('c', country));
		else found.push(country);
	}
	const [first] = found;
	if (!first) return false;
	if (found.some(({ c }) => c !== first.c)) {
		const value = found.map(({ c }) => c).join(' · ');
		problems.push({
			attribute: 'c',
			rule: 'single',
			value,
			message: `c takes one country, and there are ${found.length}.`,
		});
		return true;
	}
	// A row of its own for co or countryCode has the last word, wherever it stands.
	attributes['c'] = first.c;
	for (const twin of COUNTRY_TWINS) putIfAbsent(attributes, twin, first[twin]);
	return true;
}

function proxyWriter({ keepCase }: AttributeRule): Writer {
	const text = conversionFor('proxyAddresses', undefined, NO_RULE);
	return (raw, person, { attributes, problems }) => {
		const texts: string[] = [];
		for (const one of raw) {
			const value = text(one, person);
			if (isRefusal(value)) problems.push(problemOf('proxyAddresses', value));
			else if (typeof value === 'string') texts.push(value);
		}
		if (texts.length === 0) return false;
		const made = toProxyAddresses(texts, keepCase);
		for (const { value, message } of made.problems)
			problems.push({
				attribute: 'proxyAddresses',
				rule: 'address',
				value: value.slice(0, 200).toWellFormed(),
				message,
			});
		const [only] = made.values;
		if (only !== undefined && made.problems.length === 0)
			attributes['proxyAddresses'] = made.values.length === 1 ? only : made.values;
		return true;
	};
}
