/** From when until when a person works here. */
import type { MappingProblem } from '../contracts';
import { cleanText } from '../schema/text';
import { dateReader, type DateOutcome } from './dates';
import { excerpt } from './excerpt';
import { reader, type ParameterSource, type Person, type Read } from './parameters';

export type LifespanSettings = {
	readonly start: ParameterSource;
	/** The last working day, inclusive. */
	readonly end: ParameterSource;
	/** IANA zone of the person's days. */
	readonly timeZone: ParameterSource;
	/** For people who have none. */
	readonly defaultZone: string;
	/** As Luxon has it; '' = ISO 8601. */
	readonly dateFormat: string;
};

export type Lifespan = { readonly startsAt: string | null; readonly endsAt: string | null };

/** @throws MappingSettingsError */
export function compileLifespan(settings: LifespanSettings): (person: Person, problems: MappingProblem[]) => Lifespan {
	const start = reader(settings.start, 'Start Date');
	const end = reader(settings.end, 'End Date');
	return (person, problems) => {
		const instant = (read: Read, attribute: string, rule: 'startOfDay' | 'endExclusive'): string | null => {
			const got = read(person);
			if ('fault' in got) problems.push({ attribute, rule: 'format', value: '', message: got.fault });
			if (!('value' in got)) return null;
			const value = typeof got.value === 'string' ? cleanText(got.value.toWellFormed()) : got.value;
			if (value === '') return null;
			return iso(dateReader(person.zone, settings.dateFormat)[rule](value), attribute, value, problems);
		};
		const startsAt = instant(start, 'startDate', 'startOfDay');
		const endsAt = instant(end, 'endDate', 'endExclusive');
		if (startsAt !== null && endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt))
			problems.push({
				attribute: 'endDate',
				rule: 'order',
				value: `${startsAt} - ${endsAt}`,
				message: 'The end date is before the start date.',
			});
		return { startsAt, endsAt };
	};
}

function iso(outcome: DateOutcome, attribute: string, given: unknown, problems: MappingProblem[]): string | null {
	if ('fault' in outcome) {
		problems.push({ attribute, rule: 'date', value: excerpt(given), message: outcome.fault });
		return null;
	}
	return 'iso' in outcome ? outcome.iso : null;
}
