/** What the values of a row become in an account: one text or several, a country's three attributes, the addresses of a mailbox. */
import type { AttributeValue, MappingProblem, PersonRef, Value } from '../contracts';
import type { AttributeFacts } from '../schema/attributes';
import { toProxyAddresses } from '../schema/proxyAddresses';
import { mixedScriptWords } from '../schema/scripts';
import { isCleanAscii } from '../schema/text';
import { conversionFor, isRefusal, toCountry, type ConversionRule, type CountryValues, type Refusal } from './convert';
import { excerpt } from './excerpt';
import type { Person } from './parameters';

/** What is known of a person so far. */
export type Findings = {
	readonly attributes: Record<string, AttributeValue>;
	readonly problems: MappingProblem[];
	readonly review: Array<{ readonly attribute: string; readonly reason: string }>;
};

/** More values than this in one attribute are refused by Active Directory (about 1,300 fit in an object's page), and are no list of HR's. */
const MOST_VALUES = 1000;

/** What a country fills beside its two letters. */
export const COUNTRY_TWINS = ['co', 'countryCode'] as const;

export function putIfAbsent(attributes: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
	if (!Object.hasOwn(attributes, name)) attributes[name] = value;
}

/** Puts what the values become into the findings. @returns whether there was anything to write */
export type Writer = (values: readonly unknown[], person: Person, findings: Findings) => boolean;

/** @param attribute LDAP name as the schema spells it */
export function writerFor(attribute: string, facts: AttributeFacts | undefined, rule: ConversionRule): Writer {
	if (attribute === 'c') return writeCountry;
	return attribute === 'proxyAddresses' ? proxyWriter(rule) : valueWriter(attribute, facts, rule);
}

function problemOf(attribute: string, { refused }: Refusal): MappingProblem {
	return { attribute, ...refused };
}

function valueWriter(name: string, facts: AttributeFacts | undefined, rule: ConversionRule): Writer {
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
		excerpt(
			values
				.slice(0, 10)
				.map((value) => (typeof value === 'string' ? value : 'value' in value ? value.value : 'bytes'))
				.join(' · '),
		);
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

function proxyWriter(rule: ConversionRule): Writer {
	const text = conversionFor('proxyAddresses', undefined, rule);
	return (raw, person, { attributes, problems }) => {
		const texts: string[] = [];
		for (const one of raw) {
			const value = text(one, person);
			if (isRefusal(value)) problems.push(problemOf('proxyAddresses', value));
			else if (typeof value === 'string') texts.push(value);
		}
		if (texts.length === 0) return false;
		const made = toProxyAddresses(texts, rule.keepCase);
		for (const { value, message } of made.problems)
			problems.push({
				attribute: 'proxyAddresses',
				rule: 'address',
				value: excerpt(value),
				message,
			});
		const [only] = made.values;
		if (only !== undefined && made.problems.length === 0)
			attributes['proxyAddresses'] = made.values.length === 1 ? only : made.values;
		return true;
	};
}
