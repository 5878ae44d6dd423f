import fc from 'fast-check';
import type { AttributeRule } from '../../../lib/mapping/attributes';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import { attributeFacts, ATTRIBUTES, whyNoValue } from '../../../lib/schema/attributes';
import { whyNeverWritten } from '../../../lib/schema/neverWritten';
import {
	attribute,
	execute,
	format,
	giving,
	ladder,
	mapOne,
	mapped,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
} from '../../support/mapping';
import { compileMapping } from '../../../lib/mapping/map';

const PHOTO = '/9j/4AAQSkZJRg==';
const one = (name: string, rule: Partial<AttributeRule> = {}) =>
	settings({ attributes: [attribute(name, result('value'), rule)] });
const outcomeOf = (name: string, value: unknown, rule: Partial<AttributeRule> = {}, record = RECORD) =>
	mapOne(one(name, rule), record, { value });
const attributesOf = (...args: Parameters<typeof outcomeOf>) => mapped(outcomeOf(...args)).attributes;

describe('a value', () => {
	test.each<[name: string, value: unknown, stored: unknown]>([
		['department', ' Sales\u200b\tEMEA ', 'Sales EMEA'],
		['department', 'Ju\u0308rgen', 'J\u00fcrgen'],
		['department', 42, '42'],
		['department', 1e21, '1000000000000000000000'],
		['department', true, 'true'],
		['department', '${firstname}', '${firstname}'],
		['department', '{% if %}', '{% if %}'],
		['department', ['Sales', 'Sales '], 'Sales'],
		['department', 'x'.repeat(64), 'x'.repeat(64)],
		['DEPARTMENT', 'Sales', 'Sales'],
		['thumbnailPhoto', 'aGVs\r\nbG8=', { base64: 'aGVsbG8=' }],
		['thumbnailPhoto', `data:image/jpeg;base64,${PHOTO}`, { base64: PHOTO }],
		['thumbnailPhoto', '_-8', { base64: '/+8=' }],
		['thumbnailPhoto', { base64: PHOTO }, { base64: PHOTO }],
		['homeDirectory', '\\\\srv\\home\\ada..l', '\\\\srv\\home\\ada..l'],
		['countryCode', '+49', '49'],
		['accountExpires', 0, '0'],
		['accountExpires', ' 2026-03-31\u200b', '134194680000000000'],
		['accountExpires', ' 0\ufeff', '0'],
		['telephoneNumber', 'ask reception', 'ask reception'],
	])('of %s given as %j is stored as %j', (name, value, stored) => {
		expect(attributesOf(name, value)).toEqual({ [attributeFacts(name)?.name ?? name]: stored });
	});

	test.each(['${middlename}', '${manager}', '${nothing}', '${firstname} ${nothing}'])(
		'of a format with an empty field is none: %j',
		(text) => {
			const all = settings({ attributes: [attribute('department', format(text))] });
			expect(mapped(mapOne(all)).attributes).toEqual({});
		},
	);

	test.each<[name: string, value: unknown, rule: string]>([
		['department', 'x'.repeat(65), 'length'],
		['initials', 'ABCDEFG', 'length'],
		['carLicense', Array.from({ length: 1001 }, (_, index) => `v${index}`), 'count'],
		['countryCode', 'DE', 'syntax'],
		['countryCode', 1.5, 'syntax'],
		['accountExpires', 'last spring', 'date'],
		['accountExpires', '03/04/2026', 'date'],
		['msExchHideFromAddressLists', 'maybe', 'syntax'],
		['telephoneNumber', ['1', '2'], 'single'],
		['department', { a: 1 }, 'syntax'],
		['department', [['a']], 'syntax'],
		['carLicense', ['1', { a: 1 }], 'syntax'],
		['department', 'half \ud83d', 'characters'],
		['department', Number.NaN, 'syntax'],
		['department', Infinity, 'syntax'],
		['manager', ['a', 'b'], 'single'],
		['manager', { id: 1 }, 'syntax'],
		['manager', 'x'.repeat(600), 'length'],
		['mail', 'ada', 'address'],
		['mail', 'ada@', 'address'],
		['mail', 'a@b@c', 'address'],
		['mail', 'a b@c', 'address'],
		['mail', 'a@b.c, d@e.f', 'address'],
		['proxyAddresses', ['ada@example.com', 'no address'], 'address'],
		['thumbnailPhoto', 'hello!', 'syntax'],
		['thumbnailPhoto', 7, 'syntax'],
		['homeDirectory', '\\\\srv\\home\\..\\..\\c$', 'path'],
		['c', 'Atlantis', 'country'],
		['c', ['DE', 'FR'], 'single'],
		['department', new ExpressionFault('x is not defined'), 'format'],
	])('of %s may not be %j: the rule is %s', (name, value, rule) => {
		const outcome = outcomeOf(name, value);
		expect(rules(outcome)).toEqual([[name, rule]]);
		expect(rejected(outcome).problems[0]?.message).toMatch(/^\S.{10,}[.?]$|x is not defined/);
	});

	test('that would hold JumpCloud’s _id as employeeID is refused with a hint', () => {
		expect(rejected(outcomeOf('employeeID', RECORD['_id'])).problems).toEqual([
			{
				attribute: 'employeeID',
				rule: 'length',
				value: RECORD['_id'],
				message:
					"employeeID takes at most 16 characters, and this value has 24. It looks like JumpCloud's _id: use employeeIdentifier, or map _id to employeeNumber.",
			},
		]);
		expect(rejected(outcomeOf('employeeID', 'x'.repeat(24))).problems[0]?.message).not.toContain('JumpCloud');
	});

	test('that is an object by its format is told to name a field', () => {
		const all = settings({ attributes: [attribute('l', format('${address}'))] });
		expect(rejected(mapOne(all)).problems).toEqual([
			{
				attribute: 'l',
				rule: 'format',
				value: '',
				message: '${address} gives an object or a list; name one of its fields.',
			},
		]);
	});

	test('whose word mixes two alphabets is stored, and is for a person to look at', () => {
		const account = mapped(outcomeOf('title', 'Engin\u0435er in chief'));
		expect(account.attributes).toEqual({ title: 'Engin\u0435er in chief' });
		expect(account.review).toEqual([
			{ attribute: 'title', reason: '"Engin\u0435er" mixes letters of several scripts.' },
		]);
	});
});

describe('a country', () => {
	test.each<[given: unknown, triple: readonly string[]]>([
		['DE', ['DE', 'Germany', '276']],
		['deu', ['DE', 'Germany', '276']],
		[276, ['DE', 'Germany', '276']],
		['Germany', ['DE', 'Germany', '276']],
		// Not ISO 3166, but what the United Kingdom's own data say.
		['UK', ['GB', 'United Kingdom', '826']],
		['AUS', ['AU', 'Australia', '36']],
	])('given as %j fills three attributes', (given, [c, co, countryCode]) => {
		expect(attributesOf('c', given)).toEqual({ c, co, countryCode });
	});

	test.each([
		['before', 0],
		['after', 1],
	])('leaves co to a row of its own that stands %s it', (_where, at) => {
		const all = [attribute('c', format('DE'))];
		all.splice(at, 0, attribute('co', format('Deutschland')));
		expect(mapped(mapOne(settings({ attributes: all }))).attributes).toEqual({
			c: 'DE',
			co: 'Deutschland',
			countryCode: '276',
		});
	});
});

describe('an attribute', () => {
	test.each([
		...['userAccountControl', 'unicodePwd', 'MEMBER', 'servicePrincipalName', 'objectSid', 'cn', 'memberOf', 'name'],
		...['ms-Mcs-AdmPwd', 'msDS-KeyCredentialLink', 'sIDHistory', 'adminCount', 'nTSecurityDescriptor'],
	])('%s is refused by name, before anybody is mapped', (name) => {
		const error = refusal({ attributes: [attribute(name, format('x'))] });
		expect(error.parameter).toBe('Attributes, row 1');
		expect(error.message).toContain(`${name} cannot be mapped`);
		expect(error.whatToDo).not.toBe('');
	});

	test.each(['sAMAccountName', 'userprincipalname'])('%s must be a name and no plain value', (name) => {
		expect(refusal({ attributes: [attribute(name, format('x'))] }).message).toContain('must be unique');
	});

	test.each(['', ' ', 'a b', '1a', 'a=b', 'département', 'a;b', '__proto__', 'userCertificate;binary'])(
		'is not %j',
		(name) => {
			expect(refusal({ attributes: [attribute(name, format('x'))] }).parameter).toBe('Attributes, row 1');
		},
	);

	test.each([
		['title', 'title'],
		['title', ' TITLE '],
	])('%j may not stand in a second row as %j', (first, second) => {
		const error = refusal({ attributes: [attribute(first, format('x')), attribute(second, format('x'))] });
		expect([error.parameter, error.message]).toEqual(['Attributes, row 2', 'title stands in two rows.']);
	});

	test('may not stand under Names too', () => {
		const error = refusal({
			attributes: [attribute('mail', format('x'))],
			names: [ladder('mail', format('a@x.y'))],
		});
		expect(error.parameter).toBe('Names, row 1');
	});

	test('brings what its domain’s schema says, and is held to it', () => {
		const picked = 'acmeLevel (integer, single, 0 to 9)';
		expect(attributesOf(picked, '7')).toEqual({ acmeLevel: '7' });
		expect(rules(outcomeOf(picked, '12'))).toEqual([['acmeLevel', 'range']]);
		expect(rules(outcomeOf('acmeBadge (text, single, 4)', '12345'))).toEqual([['acmeBadge', 'length']]);
	});

	test('never breaks its own limit, whatever the record holds', () => {
		const names = [...ATTRIBUTES.map(({ name }) => name), 'someOwnAttribute'].filter(
			(name) => !whyNeverWritten(name) && !['sAMAccountName', 'userPrincipalName'].includes(name),
		);
		const value = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.string({ minLength: 50, maxLength: 200 }),
			fc.constantFrom('TRUE', '12', '-1', 'x'.repeat(1500), '\ud83d', '', '2026-03-31', 'a@b.c', 'DE', PHOTO),
			fc.integer(),
			fc.boolean(),
			fc.array(fc.string(), { maxLength: 3 }),
			fc.jsonValue(),
		);
		const compiled = names.map((name) => compileMapping(one(name), execute).map);
		fc.assert(
			fc.property(fc.nat({ max: names.length - 1 }), value, (row, given) => {
				const outcome = compiled[row]?.(RECORD, giving({ value: given }));
				if (!outcome || !('mapped' in outcome)) return;
				for (const [name, stored] of Object.entries(outcome.mapped.attributes)) {
					const facts = attributeFacts(name);
					const list = Array.isArray(stored) ? (stored as unknown[]) : [stored];
					if (facts?.single) expect(list).toHaveLength(1);
					for (const value of list) {
						if (typeof value === 'object' && value !== null && 'by' in value) continue;
						const bytes = facts?.syntax === 'bytes';
						const text = bytes ? (value as { base64: string }).base64 : value;
						expect(typeof text).toBe('string');
						expect(text).not.toBe('');
						expect(whyNoValue(facts, String(text))).toBeUndefined();
						expect(String(text)).not.toMatch(/[\p{Cc}\p{Cf}]|^\s|\s$/u);
						expect(String(text).isWellFormed()).toBe(true);
					}
				}
			}),
			{ numRuns: 3000 },
		);
	});

	test('mapped again from its own value stays the same', () => {
		const names = [
			'department',
			'carLicense',
			'telephoneNumber',
			'mail',
			'proxyAddresses',
			'c',
			'manager',
			'countryCode',
		];
		const value = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('Ada@Example.com', '+49 (0)30 901820', 'Germany', '042', ' a  b '),
			fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
		);
		fc.assert(
			fc.property(fc.constantFrom(...names), value, (name, given) => {
				const first = outcomeOf(name, given);
				if (!('mapped' in first)) return;
				const stored = first.mapped.attributes[name];
				if (stored === undefined || (typeof stored === 'object' && stored !== null && 'by' in stored)) return;
				expect(attributesOf(name, stored)[name]).toEqual(stored);
			}),
			{ numRuns: 1000 },
		);
	});
});
