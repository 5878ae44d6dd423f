/** Reading only what changed: where the date goes, and in which form. */
import { DateTime } from 'luxon';
import { HcmError } from './errors';
import type { Endpoint, Pairs } from './types';

export type SinceFormat = 'iso' | 'isoDate' | 'epochSeconds' | 'epochMilliseconds' | 'custom';

export type ChangedSince = {
	/** Name of the endpoint; '' = the first that gives people. */
	readonly endpoint: string;
	/** Query parameter that takes the date; '' = `{since}` stands in the endpoint itself. */
	readonly parameter: string;
	/** Its value, with `{since}` in it. */
	readonly value: string;
	readonly format: SinceFormat;
	/** Luxon's format, for `custom`. */
	readonly customFormat: string;
	/** IANA name; dates without a zone are written in it. */
	readonly timeZone: string;
	/** Read again so many minutes before the date, for records that show up late. */
	readonly overlapMinutes: number;
};

/**
 * Writes an instant as an HR system wants it.
 * @param since ISO 8601
 * @throws HcmError for a time zone that there is not, and for an empty format
 */
export function formatSince(since: string, settings: ChangedSince): string {
	const at = DateTime.fromISO(since, { zone: settings.timeZone }).minus({ minutes: settings.overlapMinutes });
	if (!at.isValid)
		throw new HcmError(`Changed Since: ${at.invalidExplanation ?? 'the date cannot be read'}.`, {
			endpoint: settings.endpoint,
			page: 0,
			whatToDo: 'Correct the time zone in the options, such as Europe/Berlin.',
		});
	switch (settings.format) {
		case 'iso':
			return at.toUTC().toISO({ suppressMilliseconds: true });
		case 'isoDate':
			return at.toFormat('yyyy-MM-dd');
		case 'epochSeconds':
			return String(Math.floor(at.toSeconds()));
		case 'epochMilliseconds':
			return String(at.toMillis());
		case 'custom': {
			const text = at.toFormat(settings.customFormat, { locale: 'en' });
			if (text.trim() !== '') return text;
			// An empty parameter would ask for everything, or for nothing.
			throw new HcmError('Changed Since: the custom format is empty.', {
				endpoint: settings.endpoint,
				page: 0,
				whatToDo: "Enter a format of Luxon in 'Custom Format', such as yyyy-MM-dd'T'HH:mm:ss.",
			});
		}
	}
}

/**
 * Puts the parameter for the date into its endpoint; the date itself is filled in as `{since}` with every other place.
 * @param known whether there is a date; without one everything is read, and the parameter is left out
 * @returns the endpoints
 * @throws HcmError where the endpoint is not there
 */
export function withSince(
	endpoints: readonly Endpoint[],
	{ endpoint: wanted, parameter, value }: ChangedSince,
	known: boolean,
): readonly Endpoint[] {
	const target = endpoints.find(({ name, listOnly }) => (wanted === '' ? !listOnly : name === wanted));
	if (!target)
		throw new HcmError(`Changed Since: there is no endpoint "${wanted}".`, {
			endpoint: wanted,
			page: 0,
			whatToDo: 'Enter the name of one of the endpoints, or leave it empty for the first.',
		});
	if (parameter === '' || !known) return endpoints;
	const query: Pairs = [
		...target.request.query.filter(([name]) => name !== parameter),
		[parameter, value.trim() === '' ? '{since}' : value],
	];
	return endpoints.map((endpoint) =>
		endpoint === target ? { ...endpoint, request: { ...endpoint.request, query } } : endpoint,
	);
}
