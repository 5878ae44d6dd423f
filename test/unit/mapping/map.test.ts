import fc from 'fast-check';
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import { compileMapping } from '../../../lib/mapping/map';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import {
	attribute,
	execute,
	format,
	giving,
	ladder,
	mapOne,
	mapped,
	OU,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
	type Evaluated,
} from '../../support/mapping';

describe('a person', () => {
	test('becomes the account that the settings describe', () => {
		expect(mapOne(settings())).toEqual({
			mapped: {
				formatVersion: 1,
				key: '1042',
				previousKeys: [],
				displayName: 'Ada Lovelace',
				lifecycle: 'active',
				attributes: { department: 'Analytical Engines' },
				createOnly: [],
				fillOnly: [],
				names: {
					sAMAccountName: {
						candidates: ['ALovelace', 'Lovelace'],
						counter: { base: 'ALovelace', start: 2, width: 1, limit: 9, maxLength: 20 },
					},
					cn: {
						candidates: ['Ada Lovelace'],
						counter: { base: 'Ada Lovelace', start: 2, width: 1, limit: 9, maxLength: 64 },
					},
				},
				review: [],
				ou: OU,
				groups: [],
				managedGroups: [],
				startsAt: null,
				endsAt: null,
			},
		});
	});

	test('becomes an account that the next node takes, the same each time', () => {
		const { map } = compileMapping(settings(), execute);
		expect(whyNoDesiredAccount(mapped(map(RECORD, giving({}))))).toBeUndefined();
		expect(map(RECORD, giving({}))).toEqual(map(structuredClone(RECORD), giving({})));
	});

	test('is never changed, by no tag and no filter', () => {
		const record = structuredClone(RECORD);
		const before = JSON.stringify(record);
		for (const info of [
			'{% assign firstname = "x" %}{% for firstname in phones %}${firstname}{% endfor %}',
			'${phones | sort | join}${id | plus: 1}',
			'{% increment id %}',
		])
			mapOne(settings({ attributes: [attribute('info', format(info))] }), record);
		expect(JSON.stringify(record)).toBe(before);
	});

	test('with several things wrong is told all of them at once', () => {
		const all = settings({
			person: { key: format('${nothing}') },
			attributes: [
				attribute('employeeID', format('${_id}')),
				attribute('title', format('${address}')),
				attribute('countryCode', format('${firstname}')),
				attribute('telephoneNumber', result('phone')),
			],
			names: [ladder('userPrincipalName', format('${firstname}'))],
			placement: { ou: format('OU=${middlename}'), ouRules: [], groups: format(''), groupRules: [] },
			lifespan: { ...settings().lifespan, start: format('soon') },
		});
		const outcome = mapOne(all, RECORD, { phone: ['1', '2'] });
		expect(rules(outcome)).toEqual([
			['key', 'required'],
			['employeeID', 'length'],
			['title', 'format'],
			['countryCode', 'syntax'],
			['telephoneNumber', 'single'],
			['userPrincipalName', 'name'],
			['ou', 'required'],
			['startDate', 'date'],
		]);
		expect(rejected(outcome)).toMatchObject({ key: '', displayName: 'Ada Lovelace', record: RECORD });
		for (const { message } of rejected(outcome).problems) expect(message).toMatch(/^[^\n]{10,400}$/);
	});
});

describe('the name to show', () => {
	test.each<[value: unknown, name: string]>([
		['Ada', 'Ada'],
		[7, '7'],
		[null, '1042'],
		['\u200b', '1042'],
	])('that an expression gives as %j is %j', (value, name) => {
		const all = settings({ person: { displayName: result('shown') } });
		expect(mapped(mapOne(all, RECORD, { shown: value })).displayName).toBe(name);
	});

	test.each<[value: unknown, rule: string]>([
		[{ a: 1 }, 'syntax'],
		[['Ada'], 'syntax'],
		[new ExpressionFault('x is not defined'), 'format'],
	])('may not be %j: the rule is %s', (value, rule) => {
		const all = settings({ person: { displayName: result('shown') } });
		expect(rules(mapOne(all, RECORD, { shown: value }))).toEqual([['displayName', rule]]);
	});

	test('with letters of two alphabets in a word is for a person to look at', () => {
		const record = { ...RECORD, firstname: 'P\u0430ul' };
		expect(mapped(mapOne(settings(), record)).review).toEqual(
			expect.arrayContaining([expect.objectContaining({ attribute: 'displayName' })]),
		);
	});
});

describe('an expression', () => {
	const all = settings({
		person: { key: result('key'), displayName: result('shown') },
		attributes: [attribute('info', result('info'))],
		names: [ladder('cn', result('cn'))],
		placement: { ou: result('ou'), ouRules: [], groups: format(''), groupRules: [] },
	});

	test('that gives text like a format is never rendered as one', () => {
		const hostile = fc
			.array(fc.constantFrom('${firstname}', '${', '}', '{% if 1 %}', '{%', ' | upcase', 'x'), {
				minLength: 1,
				maxLength: 5,
			})
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(hostile, (given) => {
				const clean = given.replace(/\s+/g, ' ').trim();
				const evaluated: Evaluated = { key: given, shown: given, info: given, cn: given, ou: OU };
				const account = mapped(mapOne(all, RECORD, evaluated));
				expect([account.key, account.displayName, account.attributes['info']]).toEqual([clean, clean, clean]);
				expect(account.names['cn']?.candidates).toEqual([clean]);
			}),
		);
	});

	test('that cannot be evaluated rejects the person, wherever it stands', () => {
		const fault = new ExpressionFault('Cannot read properties of undefined');
		const fine: Evaluated = { key: '1', shown: 'Ada', info: 't', cn: 'Ada', ou: OU };
		expect(mapped(mapOne(all, RECORD, fine)).names['cn']?.candidates).toEqual(['Ada']);
		for (const [slot, where] of [
			['key', 'key'],
			['shown', 'displayName'],
			['info', 'info'],
			['cn', 'cn'],
			['ou', 'ou'],
		] as const) {
			expect(rejected(mapOne(all, RECORD, { ...fine, [slot]: fault })).problems).toEqual([
				expect.objectContaining({
					attribute: where,
					rule: 'format',
					message: 'The expression cannot be evaluated: Cannot read properties of undefined',
				}),
			]);
		}
	});
});

describe('a format that cannot be read', () => {
	const bad = format('${id');
	test.each<[Parameters<typeof settings>[0], string]>([
		[{ person: { key: bad } }, 'Key'],
		[{ person: { displayName: bad } }, 'Display Name'],
		[{ person: { previousKeys: bad } }, 'Previous Keys'],
		[{ person: { language: bad } }, 'Language From'],
		[{ lifespan: { ...settings().lifespan, start: bad } }, 'Start Date'],
		[{ placement: { ...settings().placement, ou: bad } }, 'Organizational Unit'],
		[{ placement: { ...settings().placement, groups: bad } }, 'Groups'],
		[{ attributes: [attribute('title', bad)] }, 'Attributes, row 1 (title)'],
		[{ names: [ladder('cn', format('x\n${id'))] }, 'Names, row 1 (cn)'],
	])('is told by the parameter, for nobody can be mapped: %j', (changes, parameter) => {
		const error = refusal(changes);
		expect(error.parameter).toBe(parameter);
		expect(error.message).toContain('"${id" cannot be read');
		expect(error.message).toContain('(column 1)');
		expect(error.whatToDo).toContain('${firstname}');
	});
});
