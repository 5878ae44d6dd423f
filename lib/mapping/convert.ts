/** Values as their attributes take them: clean, checked, one or several. What cannot be taken becomes a problem of the person. */
import type { AttributeValue, MappingProblem, Value } from '../contracts';
import { whyNoValue, type AttributeFacts } from '../schema/attributes';
import { formatDn, InvalidDnError, parseDn } from '../schema/dn';
import { cleanText, hasLoneSurrogate } from '../schema/text';
import type { Got } from './parameters';

export function requiredText(
	got: Got,
	attribute: string,
	parameter: string,
	missing: string,
	problems: MappingProblem[],
): string {
	if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
	const raw = 'value' in got ? got.value : '';
	if (typeof raw !== 'string' && !Number.isFinite(raw)) {
		problems.push({
			attribute,
			rule: 'syntax',
			value: (JSON.stringify(raw) ?? '').slice(0, 200),
			message: `${parameter} must be text.`,
		});
		return '';
	}
	if (hasLoneSurrogate(String(raw))) {
		problems.push({ attribute, rule: 'characters', value: '', message: `${parameter} holds half a character.` });
		return '';
	}
	const text = cleanText(String(raw));
	if (text === '' && !('fault' in got)) problems.push({ attribute, rule: 'required', value: '', message: missing });
	return text;
}

/** What a person is called in approvals and reports; '' = nothing was given. */
export function shownText(got: Got, problems: MappingProblem[]): string {
	const attribute = 'displayName';
	if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
	if (!('value' in got)) return '';
	if (typeof got.value === 'string' || typeof got.value === 'number')
		return cleanText(String(got.value).toWellFormed());
	const value = (JSON.stringify(got.value) ?? '').slice(0, 200);
	problems.push({ attribute, rule: 'syntax', value, message: 'Display Name must be text.' });
	return '';
}

/** A field's value as one value of a distinguished name. */
export function spellDnValue(value: string): string {
	return formatDn([[{ attribute: 'OU', value: cleanText(value) }]]).slice('OU='.length);
}

export function checkOu(ou: string, problems: MappingProblem[]): void {
	try {
		if (parseDn(ou).length < 2)
			problems.push({
				attribute: 'ou',
				rule: 'syntax',
				value: ou,
				message: 'The organisational unit has no domain. Write it like OU=People,DC=corp,DC=example,DC=com.',
			});
	} catch (error) {
		if (!(error instanceof InvalidDnError)) throw error;
		problems.push({ attribute: 'ou', rule: 'syntax', value: ou, message: error.message });
	}
}

/** One attribute's value, clean and checked; undefined = leave the attribute alone. */
export function convert(
	attribute: string,
	facts: AttributeFacts | undefined,
	got: Got,
	problems: MappingProblem[],
): AttributeValue | undefined {
	if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
	if (!('value' in got)) return undefined;
	const several = Array.isArray(got.value) ? (got.value as unknown[]) : [got.value];
	const values: Value[] = [];
	for (const raw of several) {
		const value = convertOne(attribute, facts, raw, problems);
		if (value !== undefined && !values.some((other) => JSON.stringify(other) === JSON.stringify(value)))
			values.push(value);
	}
	const [first] = values;
	if (first === undefined) return undefined;
	if (values.length > 1 && facts?.single) {
		problems.push({
			attribute,
			rule: 'single',
			value: values.map((value) => (typeof value === 'string' ? value : 'binary')).join(' · '),
			message: `${attribute} takes one value, and there are ${values.length}.`,
		});
		return undefined;
	}
	return values.length === 1 ? first : values;
}

function convertOne(
	attribute: string,
	facts: AttributeFacts | undefined,
	raw: unknown,
	problems: MappingProblem[],
): Value | undefined {
	if (raw === undefined || raw === null) return undefined;
	const refuse = (rule: string, value: string, message: string): undefined => {
		problems.push({ attribute, rule, value: value.slice(0, 200), message });
	};
	if (facts?.syntax === 'boolean' && typeof raw === 'boolean') return raw ? 'TRUE' : 'FALSE';
	if (typeof raw === 'number' && !Number.isFinite(raw))
		return refuse(
			'syntax',
			String(raw),
			`${attribute} got a calculation without a result; see to the fields it takes.`,
		);
	if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
		const message = `${attribute} got an object or a list of lists; name one of its fields.`;
		return refuse('syntax', JSON.stringify(raw) ?? '', message);
	}
	const given = String(raw);
	if (hasLoneSurrogate(given)) {
		const message = `${attribute} holds half a character, which no directory can store.`;
		return refuse('characters', given.toWellFormed(), message);
	}
	// Base64 is often wrapped.
	const text = facts?.syntax === 'bytes' ? given.replace(/\s/g, '') : cleanText(given);
	if (text === '') return undefined;
	const reason = whyNoValue(facts, text);
	if (reason) return refuse(reason.rule, text, reason.message + hintFor(attribute, text));
	return facts?.syntax === 'bytes' ? { base64: text } : text;
}

/** JumpCloud's and MongoDB's ids are 24 hexadecimal digits: tempting as a key, and too long for the attribute made for keys. */
function hintFor(attribute: string, value: string): string {
	return attribute === 'employeeID' && /^[0-9a-f]{24}$/i.test(value)
		? " It looks like JumpCloud's _id: use employeeIdentifier, or map _id to employeeNumber."
		: '';
}
