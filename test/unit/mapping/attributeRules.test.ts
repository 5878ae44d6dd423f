/** Exceptions: value tables, separators, formats of dates, and the rest of a row's Rule. */
import type { AttributeRule } from '../../../lib/mapping/attributes';
import {
	attribute,
	format,
	mapOne,
	mapped,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
} from '../../support/mapping';

const one = (name: string, rule: Partial<AttributeRule> = {}) =>
	settings({ attributes: [attribute(name, result('value'), rule)] });
const outcomeOf = (name: string, value: unknown, rule: Partial<AttributeRule> = {}, record = RECORD) =>
	mapOne(one(name, rule), record, { value });
const attributesOf = (...args: Parameters<typeof outcomeOf>) => mapped(outcomeOf(...args)).attributes;

describe('a rule', () => {
	const rows = [
		{ from: 'eng', to: 'Engineering' },
		{ from: 'old', to: '' },
	];
	const table = (more: object = {}): Partial<AttributeRule> => ({
		table: { rows, pasted: 'fin;Finance', ignoreCase: false, notInTable: 'reject', fallback: undefined, ...more },
	});

	test.each<[given: unknown, more: object, stored: unknown]>([
		['eng', {}, 'Engineering'],
		['fin', {}, 'Finance'],
		['old', {}, undefined],
		['', {}, undefined],
		['ENG', { ignoreCase: true }, 'Engineering'],
		['law', { fallback: 'Other' }, 'Other'],
		['law', { notInTable: 'keep' }, 'law'],
		['law', { notInTable: 'empty' }, undefined],
		['__proto__', { notInTable: 'empty' }, undefined],
	])('with a value table makes %j with %j into %j', (given, more, stored) => {
		expect(attributesOf('department', given, table(more))['department']).toEqual(stored);
	});

	test('with a value table rejects a value that it does not have', () => {
		const outcome = outcomeOf('department', 'law', table());
		expect(rules(outcome)).toEqual([['department', 'table']]);
		expect(rejected(outcome).problems[0]?.message).toContain('law');
	});

	test('with a value table looks up each of several values', () => {
		expect(attributesOf('carLicense', 'eng; fin', { ...table(), separator: ';' })).toEqual({
			carLicense: ['Engineering', 'Finance'],
		});
	});

	test.each<[separator: string, given: unknown, stored: unknown]>([
		[';', 'a; b;;a', ['a', 'b']],
		['\\n', 'a\nb', ['a', 'b']],
		['', 'a;b', 'a;b'],
		[';', ['a;b', 'c'], ['a;b', 'c']],
	])('with the separator %j parts %j', (separator, given, stored) => {
		expect(attributesOf('carLicense', given, { separator })).toEqual({ carLicense: stored });
	});

	test('keeps the case of addresses', () => {
		expect(attributesOf('mail', 'Ada@Example.com', { keepCase: true })).toEqual({ mail: 'Ada@Example.com' });
		expect(attributesOf('proxyAddresses', 'Ada@Example.com', { keepCase: true })).toEqual({
			proxyAddresses: 'SMTP:Ada@Example.com',
		});
	});

	test('keeps phone numbers as they are given', () => {
		expect(attributesOf('mobile', '+49 (0)30 901820', { phone: 'asGiven' })).toEqual({ mobile: '+49 (0)30 901820' });
	});

	test('finds people by another attribute', () => {
		expect(attributesOf('manager', 'x7', { referenceBy: 'employeeNumber' })).toEqual({
			manager: { by: 'employeeNumber', value: 'x7' },
		});
	});

	test('has a date format and a time zone of its own', () => {
		expect(attributesOf('accountExpires', '31.03.2026', { dateFormat: 'dd.MM.yyyy', timeZone: 'UTC' })).toEqual({
			accountExpires: '134194752000000000',
		});
	});

	test('takes a phone number for one of the person’s country', () => {
		const all = settings({
			person: { country: format('${land}') },
			attributes: [attribute('mobile', format('${number}'))],
		});
		const mobile = (land: string) =>
			mapped(mapOne(all, { ...RECORD, land, number: '030 901820' })).attributes['mobile'];
		expect([mobile('DE'), mobile('')]).toEqual(['+4930901820', '030 901820']);
	});

	test.each<[rule: Partial<AttributeRule>, parameter: string]>([
		[{ timeZone: 'Berlin' }, 'Attributes, row 1 (department), Time Zone'],
		[table({ pasted: '{"a":' }), 'Attributes, row 1 (department), Value Table'],
		[table({ pasted: 'eng;Sales\neng;Law' }), 'Attributes, row 1 (department), Value Table'],
	])('is refused before anybody is mapped: %j', (rule, parameter) => {
		expect(refusal({ attributes: [attribute('department', format('x'), rule)] }).parameter).toBe(parameter);
	});
});
