import fc from 'fast-check';
import { formatSince, withSince, type ChangedSince, type SinceFormat } from '../../../lib/hcm/changedSince';
import { HcmError } from '../../../lib/hcm/errors';
import { buildRequest } from '../../../lib/hcm/request';
import { endpoint } from '../../support/feeds';

const RULE: ChangedSince = {
	endpoint: '',
	parameter: 'updated',
	value: '{since}',
	format: 'iso',
	customFormat: '',
	timeZone: 'UTC',
	overlapMinutes: 0,
};
const write = (since: string, changes: Partial<ChangedSince> = {}) => formatSince(since, { ...RULE, ...changes });

describe('a date', () => {
	const AT = '2026-07-01T22:30:00.000Z';

	test.each<[format: SinceFormat, zone: string, customFormat: string, text: string]>([
		['iso', 'UTC', '', '2026-07-01T22:30:00Z'],
		['iso', 'Europe/Berlin', '', '2026-07-01T22:30:00Z'],
		['isoDate', 'UTC', '', '2026-07-01'],
		['isoDate', 'Europe/Berlin', '', '2026-07-02'],
		['isoDate', 'America/New_York', '', '2026-07-01'],
		['epochSeconds', 'Europe/Berlin', '', '1782945000'],
		['epochMilliseconds', 'Europe/Berlin', '', '1782945000000'],
		['custom', 'Europe/Berlin', 'dd.MM.yyyy HH:mm:ss', '02.07.2026 00:30:00'],
		['custom', 'UTC', "yyyy-MM-dd'T'HH:mm:ssZZ", '2026-07-01T22:30:00+00:00'],
		['custom', 'Asia/Tokyo', 'd MMM yyyy', '2 Jul 2026'],
	])('as %s in %s (%s) is %s', (format, timeZone, customFormat, text) => {
		expect(write(AT, { format, timeZone, customFormat })).toBe(text);
	});

	test('keeps its milliseconds, and seconds are cut, so that nothing is left out', () => {
		expect(write('2026-07-01T22:30:00.999Z')).toBe('2026-07-01T22:30:00.999Z');
		expect(write('2026-07-01T22:30:00.999Z', { format: 'epochSeconds' })).toBe('1782945000');
	});

	test('lies as many minutes before as are read again, over midnight and the change of the clock', () => {
		expect(write('2026-07-02T00:05:00Z', { overlapMinutes: 10 })).toBe('2026-07-01T23:55:00Z');
		expect(write('2026-07-02T00:05:00Z', { overlapMinutes: 10, format: 'isoDate' })).toBe('2026-07-01');
		// Clocks in Berlin went from 3 to 2 at 01:00 UTC.
		expect(write('2026-10-25T01:05:00Z', { overlapMinutes: 10, timeZone: 'Europe/Berlin' })).toBe(
			'2026-10-25T00:55:00Z',
		);
	});

	test('is never later than it was', () => {
		const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
		const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia');
		fc.assert(
			fc.property(instants, zone, fc.nat({ max: 3000 }), (instant, timeZone, overlapMinutes) => {
				const since = instant.toISOString();
				const until = instant.getTime() - overlapMinutes * 60_000;
				const text = (format: SinceFormat) => write(since, { format, timeZone, overlapMinutes });
				expect(Date.parse(text('iso'))).toBe(until);
				expect(Number(text('epochMilliseconds'))).toBe(until);
				expect(Number(text('epochSeconds'))).toBe(Math.floor(until / 1000));
			}),
		);
	});

	test.each<[what: string, changes: Partial<ChangedSince>]>([
		['in a zone that there is not', { timeZone: 'Europe/Entenhausen' }],
		['in an empty format, which would ask for everything or nothing', { format: 'custom', customFormat: ' ' }],
	])('%s is refused', (_what, changes) => {
		expect(() => write(AT, changes)).toThrow(HcmError);
		expect(() => write(AT, changes)).toThrow(/^Changed Since: /);
	});

	test('that is none is refused', () => {
		expect(() => write('yesterday')).toThrow(HcmError);
	});
});

describe('the parameter for the date', () => {
	const list = endpoint({ name: 'teams', listOnly: true });
	const people = endpoint({
		name: 'people',
		request: {
			query: [
				['limit', '5'],
				['updated', 'x'],
			],
		},
	});
	const jobs = endpoint({ name: 'jobs' });
	const all = [list, people, jobs];
	const queries = (changes: Partial<ChangedSince>, known = true) =>
		withSince(all, { ...RULE, ...changes }, known).map(({ request }) => request.query);

	test('goes into the first endpoint that gives people, instead of one of its name', () => {
		expect(queries({})).toEqual([
			[],
			[
				['limit', '5'],
				['updated', '{since}'],
			],
			[],
		]);
	});

	test('goes into the endpoint that is named', () => {
		expect(queries({ endpoint: 'jobs', value: 'gt:{since}' })).toEqual([
			[],
			people.request.query,
			[['updated', 'gt:{since}']],
		]);
		expect(queries({ endpoint: 'jobs', value: ' ' })[2]).toEqual([['updated', '{since}']]);
	});

	test('is left out while no date is known: everything is read', () => {
		expect(withSince(all, RULE, false)).toBe(all);
	});

	test('is left out where the date stands in the endpoint itself', () => {
		expect(withSince(all, { ...RULE, parameter: '' }, true)).toBe(all);
	});

	test.each([true, false])('is refused for an endpoint that there is not, a date known: %s', (known) => {
		expect(() => queries({ endpoint: 'gone' }, known)).toThrow('Changed Since: there is no endpoint "gone".');
	});

	test('is filled with the date as it was written', () => {
		const [, changed] = withSince(all, { ...RULE, value: 'updated gt "{since}"' }, true);
		if (!changed) throw new Error('It is there.');
		const request = buildRequest(changed.request, {
			variables: { preset: {}, credential: {}, since: write('2026-07-01T00:00:00Z') },
		});
		expect(request.query).toEqual([
			['limit', '5'],
			['updated', 'updated gt "2026-07-01T00:00:00Z"'],
		]);
	});
});
