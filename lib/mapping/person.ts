/** Texts about a person that are no attribute: the key, the name to show, the language. */
import type { MappingProblem } from '../contracts';
import { cleanText, hasLoneSurrogate } from '../schema/text';
import type { Got } from './parameters';

/**
 * @param parameter as the builder sees it
 * @param missing the message where there is none
 * @returns '' and a problem where there is none
 */
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
		problems.push({ attribute, rule: 'syntax', value: shown(raw), message: `${parameter} must be text.` });
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
	problems.push({ attribute, rule: 'syntax', value: shown(got.value), message: 'Display Name must be text.' });
	return '';
}

/** Text that may be missing; '' and a problem for what is none. */
export function textOrNone(got: Got, attribute: string, problems: MappingProblem[]): string {
	if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
	if (!('value' in got) || got.value === null || got.value === undefined) return '';
	if (typeof got.value === 'string' || typeof got.value === 'number')
		return cleanText(String(got.value).toWellFormed());
	problems.push({ attribute, rule: 'syntax', value: shown(got.value), message: `${attribute} must be text.` });
	return '';
}

const shown = (value: unknown) => (JSON.stringify(value) ?? '').slice(0, 200).toWellFormed();
