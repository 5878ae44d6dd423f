import fc from 'fast-check';
import { DateTime } from 'luxon';
import { checkZone, dateReader, type DateOutcome } from '../../../lib/mapping/dates';

const iso = (outcome: DateOutcome) => ('iso' in outcome ? outcome.iso : 'fault' in outcome ? 'fault' : 'empty');
const start = (value: unknown, zone = 'Europe/Berlin', format = '') => iso(dateReader(zone, format).startOfDay(value));
const end = (value: unknown, zone = 'Europe/Berlin', format = '') => iso(dateReader(zone, format).endExclusive(value));

describe('a working day', () => {
	// Instants by the rules of the IANA time zone database, written by hand.
	test.each<[zone: string, day: string, begins: string, isOver: string]>([
		['UTC', '2026-03-31', '2026-03-31T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
		['Europe/Berlin', '2026-01-31', '2026-01-30T23:00:00.000Z', '2026-01-31T23:00:00.000Z'],
		['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
		['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
		['Europe/London', '2026-03-28', '2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z'],
		['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
		['America/Los_Angeles', '2026-11-01', '2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z'],
		['Asia/Tokyo', '2026-12-31', '2026-12-30T15:00:00.000Z', '2026-12-31T15:00:00.000Z'],
		['Asia/Kathmandu', '2026-02-28', '2026-02-27T18:15:00.000Z', '2026-02-28T18:15:00.000Z'],
		['Asia/Kolkata', '2028-02-28', '2028-02-27T18:30:00.000Z', '2028-02-28T18:30:00.000Z'],
		['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', '2026-04-05T13:30:00.000Z'],
		['Pacific/Auckland', '2026-09-27', '2026-09-26T12:00:00.000Z', '2026-09-27T11:00:00.000Z'],
		['Pacific/Kiritimati', '2026-05-01', '2026-04-30T10:00:00.000Z', '2026-05-01T10:00:00.000Z'],
		// Clocks jump from 00:00 to 01:00: the day begins at 01:00.
		['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
		['America/Sao_Paulo', '2018-11-03', '2018-11-03T03:00:00.000Z', '2018-11-04T03:00:00.000Z'],
		['Asia/Beirut', '2026-03-28', '2026-03-27T22:00:00.000Z', '2026-03-28T22:00:00.000Z'],
		['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
		// The day before the one that Samoa left out.
		['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z'],
	])('in %s, %s, begins at %s and is over at %s', (zone, day, begins, isOver) => {
		expect([start(day, zone), end(day, zone)]).toEqual([begins, isOver]);
	});

	test.each<[written: string, zone: string]>([
		['2026-03-31', 'Europe/Berlin'],
		['20260331', 'Europe/Berlin'],
		['2026-03-31T00:00:00', 'Europe/Berlin'],
		['2026-03-31 00:00:00.000', 'Europe/Berlin'],
		['2026-03-31T00:00:00Z', 'Europe/Berlin'],
		['2026-03-31T00:00:00Z', 'America/New_York'],
		['2026-03-31T00:00:00+05:30', 'America/New_York'],
		// 31 March in Berlin, by a system that writes every date in UTC.
		['2026-03-30T22:00:00Z', 'Europe/Berlin'],
		['2026-03-31T04:00:00.000Z', 'America/New_York'],
		['/Date(1774915200000)/', 'Europe/Berlin'],
		['/Date(1774915200000+0000)/', 'America/New_York'],
	])('is 31 March when it is written as %s for %s', (written, zone) => {
		expect(start(written, zone)).toBe(start('2026-03-31', zone));
		expect(end(written, zone)).toBe(end('2026-03-31', zone));
	});

	test.each(['2026-03-31T23:59:59', '2026-03-31T23:59:59.999Z', '2026-03-31T23:59:00+02:00', '2026-03-31T21:59:59Z'])(
		'ends as a whole when its end is written as %s',
		(written) => {
			expect(end(written)).toBe('2026-03-31T22:00:00.000Z');
		},
	);

	test('with a time of day is that instant', () => {
		expect([start('2026-03-31T09:30:00'), end('2026-03-31T17:00:00+02:00')]).toEqual([
			'2026-03-31T07:30:00.000Z',
			'2026-03-31T15:00:00.000Z',
		]);
	});

	test('may come as an object of JavaScript or Luxon, which expressions give', () => {
		expect(start(new Date('2026-03-31'))).toBe(start('2026-03-31'));
		expect(start(DateTime.fromISO('2026-03-31', { zone: 'Asia/Tokyo' }))).toBe(start('2026-03-31'));
		expect(start({ year: 2026 })).toBe('fault');
	});

	test.each<[format: string, written: unknown, day: string]>([
		['dd.MM.yyyy', '31.03.2026', '2026-03-31'],
		['M/d/yyyy', '3/31/2026', '2026-03-31'],
		['d MMMM yyyy', '31 March 2026', '2026-03-31'],
		['X', '1774908000', '2026-03-31'],
		['x', 1_774_908_000_000, '2026-03-31'],
	])('of the form %s is read from %j', (format, written, day) => {
		expect(start(written, 'Europe/Berlin', format)).toBe(start(day));
	});
});

describe('no date', () => {
	test.each<[value: unknown]>([[undefined], [null], [''], ['0000-00-00'], ['0000-00-00 00:00:00']])(
		'is given by %j',
		(value) => {
			expect([start(value), end(value)]).toEqual(['empty', 'empty']);
		},
	);

	test('is the end of the year 9999, which means that there is no end', () => {
		expect(end('9999-12-31')).toBe('empty');
		expect(end('9999-12-31T23:59:59Z')).toBe('empty');
	});

	test.each<[value: unknown]>([
		['03/04/2026'],
		['3.4.26'],
		['2026-02-30'],
		['2026-13-01'],
		['tomorrow'],
		['1600-12-31'],
		['2026'],
		['202603'],
		[1_774_908_000],
		[true],
		[[]],
		[{}],
		['2026-03-31'.padEnd(10_000, ' x')],
		['${x}'],
	])('is a fault in %j, and never a guess', (value) => {
		const outcome = dateReader('Europe/Berlin', '').startOfDay(value);
		expect(iso(outcome)).toBe('fault');
		expect('fault' in outcome && outcome.fault).toMatch(/^.{10,200}\.$/);
	});

	test.each(['Berlin', 'CEST', '', '+02:00', 'Europe/Atlantis', '../etc'])(
		'is in the zone %j, which is none',
		(zone) => {
			expect(checkZone(zone)).toContain('is no time zone');
		},
	);

	test('makes the reader fail, whatever the record holds', () => {
		const reader = dateReader('Europe/Berlin', '');
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary' })), (value) => {
				expect(['fault', 'empty']).toContain(iso(reader.startOfDay(value)).replace(/^.*Z$/, 'empty'));
			}),
		);
	});
});

describe('an attribute’s time', () => {
	const time = (value: unknown, syntax: 'fileTime' | 'time', isEnd = false) => {
		const made = dateReader('Europe/Berlin', '').toAttributeTime(value, syntax, isEnd);
		return 'value' in made ? made.value : 'fault' in made ? 'fault' : 'empty';
	};

	test.each<[value: unknown, syntax: 'fileTime' | 'time', isEnd: boolean, stored: string]>([
		['2026-03-31', 'fileTime', true, '134194680000000000'],
		['2026-03-31', 'fileTime', false, '134193816000000000'],
		['2026-03-31', 'time', false, '20260330220000.0Z'],
		['20260330220000.0Z', 'time', false, '20260330220000.0Z'],
		['134194680000000000', 'fileTime', true, '134194680000000000'],
		['0', 'fileTime', true, '0'],
		['9223372036854775807', 'fileTime', true, '9223372036854775807'],
		['9999-12-31', 'fileTime', true, '9223372036854775807'],
		// Seconds since 1970 would be the year 1601 as a FILETIME: an account that has long expired.
		['1774908000', 'fileTime', true, 'fault'],
		['9223372036854775808', 'fileTime', true, 'fault'],
		['', 'fileTime', true, 'empty'],
		[null, 'time', false, 'empty'],
	])('from %j as %s, the last day %s, is %s', (value, syntax, isEnd, stored) => {
		expect(time(value, syntax, isEnd)).toBe(stored);
	});
});
