import fc from 'fast-check';
import { BerWriter } from 'ldapts';
import { allOf, anyOf, equal, not, present, type Filter } from '../../../lib/directory/filter';
import { atLeast, atMost, hasBits, substring } from '../../../lib/directory/filterParts';
import { filterOfRows, type FilterCondition } from '../../../lib/directory/filterRows';
import { guidToBytes } from '../../../lib/directory/guid';
import { sidToBytes } from '../../../lib/directory/sid';
import { toFileTime } from '../../../lib/schema/instants';

const GUID = 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab';
const SID = 'S-1-5-21-1-2-3-1105';

function bytes(filter: Filter): string {
	const writer = new BerWriter();
	filter.write(writer);
	return writer.buffer.toString('hex');
}

const one = (attribute: string, condition: FilterCondition, value = '') =>
	filterOfRows([{ attribute, condition, value }], 'all');
const isDisabled = hasBits('userAccountControl', 2);

describe('a row of a filter', () => {
	test.each<[string, FilterCondition, string, Filter]>([
		['mail', 'equals', 'a@b', equal('mail', 'a@b')],
		['mail', 'notEquals', 'a@b', not(equal('mail', 'a@b'))],
		['mail', 'contains', 'a', substring('mail', { any: ['a'] })],
		['mail', 'notContains', 'a', not(substring('mail', { any: ['a'] }))],
		['mail', 'startsWith', 'a', substring('mail', { initial: 'a' })],
		['mail', 'endsWith', 'a', substring('mail', { final: 'a' })],
		['mail', 'present', 'ignored', present('mail')],
		['mail', 'absent', '', not(present('mail'))],
		['uSNChanged', 'greaterOrEqual', '5', atLeast('uSNChanged', '5')],
		['uSNChanged', 'lessOrEqual', '5', atMost('uSNChanged', '5')],
		['', 'disabled', '', isDisabled],
		['', 'enabled', '', allOf([present('userAccountControl'), not(isDisabled)])],
		['objectGUID', 'equals', GUID, equal('objectGUID', guidToBytes(GUID))],
		['objectSid', 'equals', SID, equal('objectSid', sidToBytes(SID))],
		['accountExpires', 'lessOrEqual', '2026-12-31', atMost('accountExpires', toFileTime(Date.UTC(2026, 11, 31)))],
		['accountExpires', 'equals', '0', equal('accountExpires', '0')],
		['whenCreated', 'greaterOrEqual', '2026-01-01T02:00:00+02:00', atLeast('whenCreated', '20260101000000.0Z')],
	])('%s %s %j', (attribute, condition, value, filter) => {
		expect(bytes(one(attribute, condition, value))).toBe(bytes(filter));
	});

	test.each<[string, FilterCondition, string, string]>([
		['mail)(x', 'equals', 'a', 'Filter row 1: "mail)(x" is no name of an attribute.'],
		['', 'present', '', 'Filter row 1: "" is no name of an attribute.'],
		['mail', 'contains', '', 'Filter row 1: there is no value to compare mail with.'],
		['mail', 'contains', 'a\u0000', 'Filter row 1: the value has a NUL character in it.'],
		['objectGUID', 'equals', 'x', 'Filter row 1: "x" is not a GUID.'],
		['objectSid', 'equals', 'x', 'Filter row 1: "x" is not a SID.'],
		['accountExpires', 'equals', '2026-13-01', 'Filter row 1: "2026-13-01" is no day of the calendar.'],
	])('may not be %s %s %j', (attribute, condition, value, message) => {
		expect(() => one(attribute, condition, value)).toThrow(message);
	});

	test('has its value as data, whatever it holds', () => {
		const conditions = fc.constantFrom<FilterCondition>('equals', 'contains', 'startsWith', 'endsWith', 'lessOrEqual');
		fc.assert(
			fc.property(conditions, fc.string({ unit: 'binary', minLength: 1 }), (condition, text) => {
				const value = text.replaceAll('\u0000', 'x');
				const written = bytes(one('mail', condition, value));
				const length = (other: string) => bytes(one('mail', condition, other)).length;
				expect(written).toContain(Buffer.from(value).toString('hex'));
				expect(written.length).toBe(length('x'.repeat(Buffer.byteLength(value))));
			}),
		);
	});
});

describe('several rows', () => {
	const rows = [
		{ attribute: 'mail', condition: 'present', value: '' },
		{ attribute: 'sn', condition: 'equals', value: 'x' },
	] as const;

	test('hold all together or any of them', () => {
		const filters = [present('mail'), equal('sn', 'x')];
		expect(bytes(filterOfRows(rows, 'all'))).toBe(bytes(allOf(filters)));
		expect(bytes(filterOfRows(rows, 'any'))).toBe(bytes(anyOf(filters)));
	});

	test('are counted in a message', () => {
		expect(() => filterOfRows([...rows, { attribute: '?', condition: 'present', value: '' }], 'any')).toThrow(
			'Filter row 3',
		);
	});

	test('may be none, which finds everything', () => {
		expect(bytes(filterOfRows([], 'any'))).toBe(bytes(present('objectClass')));
	});
});
