/** Whether an item is the account that a person should have, with everything that a plan asks of it. */
import type { DesiredAccount } from '../../contracts';
import { whyNoDesiredAccount } from '../../desiredAccount';
import { NAME_ATTRIBUTES } from '../../directory/accounts/names';

/** ISO 8601 with a zone: without one it would depend on the machine when a person is let in. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * @param value any JSON
 * @returns the person, or the first thing that is wrong with it, as the end of a sentence
 */
export function parsePerson(value: unknown): DesiredAccount | string {
	const reason = whyNoDesiredAccount(value) ?? whyNotPlanned(value as Partial<Record<keyof DesiredAccount, unknown>>);
	return reason ?? (value as DesiredAccount);
}

/** What operations on one account do not need, and a plan does. */
function whyNotPlanned(value: Partial<Record<keyof DesiredAccount, unknown>>): string | undefined {
	for (const name of ['previousKeys', 'groups', 'managedGroups'] as const)
		if (!isTextList(value[name])) return `its ${name} are not a list of texts`;
	for (const name of ['startsAt', 'endsAt'] as const)
		if (value[name] !== null && !isInstant(value[name]))
			return `its ${name} is neither null nor an instant such as 2026-12-31T23:00:00Z`;
	if (!Array.isArray(value.review) || !value.review.every(isReview))
		return 'its review is not a list of attributes with reasons';
	const known: readonly string[] = NAME_ATTRIBUTES;
	const strange = Object.keys(value.names as object).find((name) => !known.includes(name));
	return strange === undefined
		? undefined
		: `its names have ${strange}, and name ladders are for ${NAME_ATTRIBUTES.join(', ')} only`;
}

function isTextList(value: unknown): boolean {
	return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** Programs read much more as an instant, "-0" for example: nobody leaves because of that. */
export function isInstant(value: unknown): boolean {
	return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function isReview(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const { attribute, reason } = value as Readonly<Record<string, unknown>>;
	return typeof attribute === 'string' && typeof reason === 'string';
}
