/** Texts about a person that are no attribute: the key, the name to show, the language. */
import type { MappingProblem } from '../contracts';
import { cleanText, hasLoneSurrogate } from '../schema/text';
import { excerpt } from './excerpt';
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
		problems.push({ attribute, rule: 'syntax', value: excerpt(raw), message: `${parameter} must be text.` });
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

/**
 * Text that may be missing.
 * @param parameter as the builder sees it
 * @returns '' for nothing, and with a problem for what is no text
 */
export function textOrNone(got: Got, attribute: string, parameter: string, problems: MappingProblem[]): string {
	if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
	if (!('value' in got) || got.value === null || got.value === undefined) return '';
	if (typeof got.value === 'string' || typeof got.value === 'number')
		return cleanText(String(got.value).toWellFormed());
	problems.push({ attribute, rule: 'syntax', value: excerpt(got.value), message: `${parameter} must be text.` });
	return '';
}
