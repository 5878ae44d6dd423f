import fc from 'fast-check';
import type { DesiredAccount, HcmRecord, RejectedPerson } from '../../../lib/contracts';
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import { compileMapping, rejectSharedKeys, type MappingOutcome, type MappingSettings } from '../../../lib/mapping/map';
import { ExpressionFault, MappingSettingsError, type Evaluated } from '../../../lib/mapping/parameters';
import { attributeFacts, ATTRIBUTES, whyNoValue } from '../../../lib/schema/attributes';
import { parseDn } from '../../../lib/schema/dn';
import { cleanText } from '../../../lib/schema/text';

const OU = 'OU=People,DC=corp,DC=example,DC=com';
const EXPRESSION = { expression: true } as const;
const RECORD: HcmRecord = {
	_id: '5f2b8c9d1e3a4b6c7d8e9f01',
	id: 1042,
	firstname: 'Ada',
	lastname: 'Lovelace',
	department: '  Analytical\u200b  Engines ',
	phones: ['+44 1', '+44 2'],
	address: { city: 'London' },
	middlename: '',
	manager: null,
};

function settings(changes: Partial<MappingSettings> = {}): MappingSettings {
	return {
		key: { format: '${id}' },
		displayName: { format: '${firstname} ${lastname}' },
		attributes: [{ attribute: 'department', value: { format: '${department}' } }],
		names: [
			{ name: 'sAMAccountName', formats: { format: '${firstname | first_chars: 1}${lastname}\n${lastname}' } },
			{ name: 'cn', formats: { format: '${firstname} ${lastname}' } },
		],
		ou: { format: OU },
		ladder: { counterStart: 2, counterLimit: 9, counterWidth: 1, fallbackPrefix: 'u', language: '' },
		...changes,
	};
}

const attribute = (name: string, value: MappingSettings['attributes'][number]['value']) =>
	settings({ attributes: [{ attribute: name, value }] });

function mapped(outcome: MappingOutcome): DesiredAccount {
	if ('mapped' in outcome) return outcome.mapped;
	throw new Error(JSON.stringify(outcome.rejected.problems));
}

function rejected(outcome: MappingOutcome): RejectedPerson {
	if ('rejected' in outcome) return outcome.rejected;
	throw new Error('The person was mapped.');
}

const rules = (outcome: MappingOutcome) => rejected(outcome).problems.map((one) => [one.attribute, one.rule]);

function refusal(changes: Partial<MappingSettings>): MappingSettingsError {
	try {
		compileMapping(settings(changes));
	} catch (error) {
		if (error instanceof MappingSettingsError) return error;
		throw error;
	}
	throw new Error('The settings were taken.');
}

describe('a person', () => {
	test('becomes the account that the settings describe', () => {
		expect(compileMapping(settings())(RECORD, {})).toEqual({
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
		const map = compileMapping(settings());
		expect(whyNoDesiredAccount(mapped(map(RECORD, {})))).toBeUndefined();
		expect(map(RECORD, {})).toEqual(map(structuredClone(RECORD), {}));
	});

	test('without a name to show is shown by the key', () => {
		expect(mapped(compileMapping(settings({ displayName: { format: '${nickname}' } }))(RECORD, {})).displayName).toBe(
			'1042',
		);
	});

	test('is never changed', () => {
		const record = structuredClone(RECORD);
		const before = JSON.stringify(record);
		const format = '{% assign firstname = "x" %}{% for firstname in phones %}${firstname}{% endfor %}';
		compileMapping(attribute('info', { format }))(record, {});
		compileMapping(attribute('info', { format: '${phones | sort | join}${id | plus: 1}' }))(record, {});
		expect(JSON.stringify(record)).toBe(before);
	});

	test('is not changed by a counting tag either', () => {
		const record = structuredClone(RECORD);
		compileMapping(attribute('info', { format: '{% increment id %}' }))(record, {});
		expect(record).toEqual(RECORD);
	});

	test('with several things wrong is told all of them at once', () => {
		const map = compileMapping(
			settings({
				attributes: [
					{ attribute: 'employeeID', value: { format: '${_id}' } },
					{ attribute: 'title', value: { format: '${address}' } },
					{ attribute: 'countryCode', value: { format: '${firstname}' } },
					{ attribute: 'telephoneNumber', value: EXPRESSION },
				],
				names: [{ name: 'userPrincipalName', formats: { format: '${firstname}' } }],
				key: { format: '${nothing}' },
				ou: { format: 'People' },
			}),
		);
		const outcome = map(RECORD, { 'attributes.3': ['1', '2'] });
		expect(rules(outcome)).toEqual([
			['key', 'required'],
			['ou', 'syntax'],
			['employeeID', 'length'],
			['title', 'format'],
			['countryCode', 'syntax'],
			['telephoneNumber', 'single'],
			['userPrincipalName', 'name'],
		]);
		expect(rejected(outcome)).toMatchObject({ key: '', displayName: 'Ada Lovelace', record: RECORD });
		for (const { message } of rejected(outcome).problems) expect(message).toMatch(/\S/);
	});
});

describe('the key', () => {
	test.each<[format: string, key: string]>([
		['${id}', '1042'],
		['K-${id}', 'K-1042'],
		['${lastname}\u200b ', 'Lovelace'],
	])('from %j is %j', (format, key) => {
		expect(mapped(compileMapping(settings({ key: { format } }))(RECORD, {})).key).toBe(key);
	});

	test.each<[value: unknown, rule: string | undefined]>([
		['x', undefined],
		[1042, undefined],
		[0, undefined],
		['', 'required'],
		['  \u200b', 'required'],
		[null, 'required'],
		[undefined, 'required'],
		[true, 'syntax'],
		[{ a: 1 }, 'syntax'],
		[['x'], 'syntax'],
		['x\ud83d', 'characters'],
		[new ExpressionFault('x is not defined'), 'format'],
	])('that an expression gives as %j breaks the rule %s', (value, rule) => {
		const outcome = compileMapping(settings({ key: EXPRESSION }))(RECORD, { key: value });
		expect('mapped' in outcome ? undefined : outcome.rejected.problems.map((one) => one.rule)).toEqual(
			rule === undefined ? undefined : [rule],
		);
	});

	test('that two people have, in whatever case, rejects both of them and nobody else', () => {
		const map = compileMapping(settings({ key: { format: '${key}' } }));
		const records = ['a1', 'B2', 'A1', 'c3', 'b2', 'B2'].map((key) => ({ ...RECORD, key }));
		const outcomes = rejectSharedKeys(
			records.map((record) => map(record, {})),
			records,
		);
		expect(outcomes.map((outcome) => 'mapped' in outcome)).toEqual([false, false, false, true, false, false]);
		const [first, fifth] = [outcomes[0], outcomes[4]].map((outcome) => outcome && rejected(outcome));
		expect(first).toEqual({
			key: 'a1',
			displayName: 'Ada Lovelace',
			problems: [
				{
					attribute: 'key',
					rule: 'unique',
					value: 'a1',
					message: '2 people have the key "a1". Give each person a key of their own.',
				},
			],
			record: records[0],
		});
		expect(fifth?.problems[0]?.message).toContain('3 people have the key "b2"');
	});

	test('that a rejected person shares rejects the other one too, with all problems told', () => {
		const map = compileMapping(attribute('initials', { format: '${initials}' }));
		const records = [
			{ ...RECORD, initials: 'AL' },
			{ ...RECORD, initials: 'much too long' },
		];
		const outcomes = rejectSharedKeys(
			records.map((record) => map(record, {})),
			records,
		);
		expect(outcomes.map(rules)).toEqual([
			[['key', 'unique']],
			[
				['initials', 'length'],
				['key', 'unique'],
			],
		]);
	});

	test('that is missing is not a key that is shared', () => {
		const map = compileMapping(settings({ key: { format: '${missing}' } }));
		const outcomes = rejectSharedKeys([map(RECORD, {}), map(RECORD, {})], [RECORD, RECORD]);
		expect(outcomes.map(rules)).toEqual([[['key', 'required']], [['key', 'required']]]);
	});

	test('is left with one person, or with none', () => {
		const keys = fc.array(fc.constantFrom('a', 'A', 'b', 'c', 'd', 'D'), { maxLength: 8 });
		const map = compileMapping(settings({ key: { format: '${key}' } }));
		fc.assert(
			fc.property(keys, (list) => {
				const records = list.map((key) => ({ ...RECORD, key }));
				const outcomes = rejectSharedKeys(
					records.map((record) => map(record, {})),
					records,
				);
				const alone = list.map((key) => list.filter((other) => other.toLowerCase() === key.toLowerCase()).length === 1);
				expect(outcomes.map((outcome) => 'mapped' in outcome)).toEqual(alone);
			}),
		);
	});
});

describe('an attribute', () => {
	test.each<[name: string, value: unknown, stored: unknown]>([
		['department', ' Sales\u200b\tEMEA ', 'Sales EMEA'],
		['department', 'Ju\u0308rgen', 'J\u00fcrgen'],
		['department', 42, '42'],
		['department', true, 'true'],
		['department', '${firstname}', '${firstname}'],
		['department', '{% if %}', '{% if %}'],
		['department', ['Sales', 'Sales '], 'Sales'],
		['department', ['Sales', '', null], 'Sales'],
		['department', 'x'.repeat(64), 'x'.repeat(64)],
		['msExchHideFromAddressLists', true, 'TRUE'],
		['msExchHideFromAddressLists', false, 'FALSE'],
		['countryCode', 276, '276'],
		['accountExpires', '9223372036854775807', '9223372036854775807'],
		['otherTelephone', ['1', '2', '1'], ['1', '2']],
		['otherTelephone', ['1'], '1'],
		['someOwnAttribute', ['a', 'b'], ['a', 'b']],
		['DEPARTMENT', 'Sales', 'Sales'],
		['manager', 'CN=Bob,OU=People,DC=corp', 'CN=Bob,OU=People,DC=corp'],
		['thumbnailPhoto', 'aGVs\r\nbG8=', { base64: 'aGVsbG8=' }],
		['homeDirectory', '\\\\srv\\home\\ada..l', '\\\\srv\\home\\ada..l'],
	])('%s takes %j as %j', (name, value, stored) => {
		const account = mapped(compileMapping(attribute(name, EXPRESSION))(RECORD, { 'attributes.0': value }));
		expect(account.attributes).toEqual({ [attributeFacts(name)?.name ?? name]: stored });
	});

	test.each<[value: unknown]>([[''], ['  \u200b '], [null], [undefined], [[]], [['', null]]])(
		'is left alone when the value is %j',
		(value) => {
			const account = mapped(compileMapping(attribute('department', EXPRESSION))(RECORD, { 'attributes.0': value }));
			expect(account.attributes).toEqual({});
		},
	);

	test.each(['${middlename}', '${manager}', '${nothing}', '${firstname} ${nothing}'])(
		'is left alone when a field of its format is empty: %j',
		(format) => {
			expect(mapped(compileMapping(attribute('department', { format }))(RECORD, {})).attributes).toEqual({});
		},
	);

	test.each<[name: string, value: unknown, rule: string]>([
		['department', 'x'.repeat(65), 'length'],
		['initials', 'ABCDEFG', 'length'],
		['otherTelephone', ['1', 'x'.repeat(65)], 'length'],
		['countryCode', 'DE', 'syntax'],
		['accountExpires', '2026-01-01', 'syntax'],
		['msExchHideFromAddressLists', 'yes', 'syntax'],
		['telephoneNumber', ['1', '2'], 'single'],
		['department', { a: 1 }, 'syntax'],
		['department', [['a']], 'syntax'],
		['otherTelephone', ['1', { a: 1 }], 'syntax'],
		['department', 'half \ud83d', 'characters'],
		['department', Number.NaN, 'syntax'],
		['department', Infinity, 'syntax'],
		['manager', 'Bob', 'syntax'],
		['manager', 'CN=Bob', 'syntax'],
		['thumbnailPhoto', 'hello', 'syntax'],
		['homeDirectory', '\\\\srv\\home\\..\\..\\c$', 'path'],
		['department', new ExpressionFault('x is not defined'), 'format'],
	])('%s does not take %j: the rule is %s', (name, value, rule) => {
		const outcome = compileMapping(attribute(name, EXPRESSION))(RECORD, { 'attributes.0': value });
		expect(rules(outcome)).toEqual([[name, rule]]);
		expect(rejected(outcome).problems[0]?.message).toContain(rule === 'format' ? 'x is not defined' : name);
	});

	test('that would hold JumpCloud’s _id as employeeID is refused with a hint', () => {
		const outcome = compileMapping(attribute('employeeID', { format: '${_id}' }))(RECORD, {});
		expect(rejected(outcome).problems).toEqual([
			{
				attribute: 'employeeID',
				rule: 'length',
				value: RECORD['_id'],
				message:
					"employeeID takes at most 16 characters, and this value has 24. It looks like JumpCloud's _id: use employeeIdentifier, or map _id to employeeNumber.",
			},
		]);
		const other = compileMapping(attribute('employeeID', { format: 'x'.repeat(24) }))(RECORD, {});
		expect(rejected(other).problems[0]?.message).not.toContain('JumpCloud');
	});

	test('that gets an object by its format is told to name a field', () => {
		const outcome = compileMapping(attribute('l', { format: '${address}' }))(RECORD, {});
		expect(rejected(outcome).problems).toEqual([
			{
				attribute: 'l',
				rule: 'format',
				value: '',
				message: '${address} gives an object or a list; name one of its fields.',
			},
		]);
	});

	test('never breaks its own limit, whatever the record holds', () => {
		const rows = [...ATTRIBUTES.map(({ name }) => name), 'someOwnAttribute'].filter(
			(name) => !['sAMAccountName', 'userPrincipalName'].includes(name),
		);
		const value = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.string({ minLength: 50, maxLength: 200 }),
			fc.constantFrom('TRUE', '12', '-1', 'x'.repeat(1500), '\ud83d', ''),
			fc.integer(),
			fc.boolean(),
			fc.array(fc.string(), { maxLength: 3 }),
			fc.jsonValue(),
		);
		const compiled = rows.map((name) => compileMapping(attribute(name, EXPRESSION)));
		fc.assert(
			fc.property(fc.nat({ max: rows.length - 1 }), value, (row, given) => {
				const outcome = compiled[row]?.(RECORD, { 'attributes.0': given });
				if (!outcome || 'rejected' in outcome) return;
				for (const [name, stored] of Object.entries(outcome.mapped.attributes)) {
					const facts = attributeFacts(name);
					const list = Array.isArray(stored) ? (stored as unknown[]) : [stored];
					if (facts?.single) expect(list).toHaveLength(1);
					for (const value of list) {
						const bytes = facts?.syntax === 'bytes';
						const one = bytes ? (value as { base64: string }).base64 : value;
						expect(typeof one).toBe('string');
						expect(one).not.toBe('');
						expect(whyNoValue(facts, String(one))).toBeUndefined();
						expect(String(one)).not.toMatch(/[\p{Cc}\p{Cf}]|^\s|\s$/u);
						expect(String(one).isWellFormed()).toBe(true);
					}
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test.each([
		'userAccountControl',
		'unicodePwd',
		'MEMBER',
		'servicePrincipalName',
		'objectSid',
		'cn',
		'memberOf',
		'name',
	])('%s is refused by name, before anybody is mapped', (name) => {
		const error = refusal({ attributes: [{ attribute: name, value: { format: 'x' } }] });
		expect(error.parameter).toBe('Attributes, row 1');
		expect(error.message).toContain(`${name} cannot be mapped`);
		expect(error.whatToDo).not.toBe('');
	});

	test.each(['sAMAccountName', 'userprincipalname'])('%s must be a name and no plain value', (name) => {
		expect(refusal({ attributes: [{ attribute: name, value: { format: 'x' } }] }).message).toContain('must be unique');
	});

	test.each(['', ' ', 'a b', '1a', 'a=b', 'département', 'a;b', '__proto__'])('%j is no attribute name', (name) => {
		expect(refusal({ attributes: [{ attribute: name, value: { format: 'x' } }] }).parameter).toBe('Attributes, row 1');
	});

	test.each([
		['title', 'title'],
		['title', ' TITLE '],
	])('%j may not stand in a second row as %j', (first, second) => {
		const value = { format: 'x' };
		const error = refusal({
			attributes: [
				{ attribute: first, value },
				{ attribute: second, value },
			],
		});
		expect(error.parameter).toBe('Attributes, row 2');
		expect(error.message).toContain('stands in two rows');
	});

	test('may not stand under Names too', () => {
		const error = refusal({
			attributes: [{ attribute: 'mail', value: { format: 'x' } }],
			names: [{ name: 'mail', formats: { format: 'a@x.y' } }],
		});
		expect(error.parameter).toBe('Names, row 1');
	});
});

describe('an expression', () => {
	test('that gives text like a format is never rendered as one', () => {
		const hostile = fc
			.array(fc.constantFrom('${firstname}', '${', '}', '{% if 1 %}', '{%', ' | upcase', 'x'), {
				minLength: 1,
				maxLength: 5,
			})
			.map((parts) => parts.join(''));
		const map = compileMapping(
			settings({
				key: EXPRESSION,
				displayName: EXPRESSION,
				attributes: [{ attribute: 'info', value: EXPRESSION }],
				names: [{ name: 'cn', formats: EXPRESSION }],
			}),
		);
		fc.assert(
			fc.property(hostile, (text) => {
				const clean = text.replace(/\s+/g, ' ').trim();
				const evaluated: Evaluated = { key: text, displayName: text, 'attributes.0': text, 'names.0': text };
				const account = mapped(map(RECORD, evaluated));
				expect([account.key, account.displayName, account.attributes['info']]).toEqual([clean, clean, clean]);
				expect(account.names['cn']?.candidates).toEqual([clean]);
			}),
		);
	});

	test('that cannot be evaluated rejects the person, wherever it stands', () => {
		const fault = new ExpressionFault('Cannot read properties of undefined');
		const map = compileMapping(
			settings({
				key: EXPRESSION,
				ou: EXPRESSION,
				attributes: [{ attribute: 'title', value: EXPRESSION }],
				names: [{ name: 'cn', formats: EXPRESSION }],
			}),
		);
		const fine: Evaluated = { key: '1', ou: OU, 'attributes.0': 't', 'names.0': 'Ada' };
		expect(mapped(map(RECORD, fine)).names['cn']?.candidates).toEqual(['Ada']);
		for (const [parameter, where] of [
			['key', 'key'],
			['ou', 'ou'],
			['attributes.0', 'title'],
			['names.0', 'cn'],
		] as const) {
			expect(rejected(map(RECORD, { ...fine, [parameter]: fault })).problems).toEqual([
				expect.objectContaining({
					attribute: where,
					rule: 'format',
					message: 'The expression cannot be evaluated: Cannot read properties of undefined',
				}),
			]);
		}
	});

	test.each<[value: unknown, candidates: string[]]>([
		['Ada\nAda L', ['Ada', 'Ada L']],
		[
			['Ada', 'Ada L'],
			['Ada', 'Ada L'],
		],
		[['Ada', null, '', 'Ada'], ['Ada']],
		['\n\nAda\n', ['Ada']],
		[null, ['u1042']],
		['half \ud83d', ['u1042']],
		[1042, ['1042']],
	])('for a name may give %j, which means %j', (value, candidates) => {
		const map = compileMapping(settings({ names: [{ name: 'cn', formats: EXPRESSION }] }));
		expect(mapped(map(RECORD, { 'names.0': value })).names['cn']?.candidates).toEqual(candidates);
	});
});

describe('the name to show', () => {
	test.each<[value: unknown, name: string]>([
		['Ada', 'Ada'],
		[7, '7'],
		[null, '1042'],
		['\u200b', '1042'],
	])('that an expression gives as %j is %j', (value, name) => {
		const map = compileMapping(settings({ displayName: EXPRESSION }));
		expect(mapped(map(RECORD, { displayName: value })).displayName).toBe(name);
	});

	test.each<[value: unknown, rule: string]>([
		[{ a: 1 }, 'syntax'],
		[['Ada'], 'syntax'],
		[new ExpressionFault('x is not defined'), 'format'],
	])('may not be %j: the rule is %s', (value, rule) => {
		const map = compileMapping(settings({ displayName: EXPRESSION }));
		expect(rules(map(RECORD, { displayName: value }))).toEqual([['displayName', rule]]);
	});
});

describe('the organisational unit', () => {
	test('has one part for each field, which keeps its text whatever it is', () => {
		const map = compileMapping(settings({ ou: { format: 'OU=${city},DC=corp,DC=example' } }));
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 1 }), (city) => {
				const outcome = map({ ...RECORD, city }, {});
				if ('rejected' in outcome) expect(cleanText(city)).toBe('');
				else expect(parseDn(outcome.mapped.ou)[0]).toEqual([{ attribute: 'OU', value: cleanText(city) }]);
				if ('mapped' in outcome) expect(parseDn(outcome.mapped.ou)).toHaveLength(3);
			}),
			{ numRuns: 1000 },
		);
	});

	test('is taken as a whole from an expression, which is the builder’s own', () => {
		const map = compileMapping(settings({ ou: EXPRESSION }));
		expect(mapped(map(RECORD, { ou: OU })).ou).toBe(OU);
	});

	test('may come from the record, and is data there', () => {
		const map = compileMapping(settings({ ou: { format: 'OU=${city},DC=corp,DC=example' } }));
		expect(mapped(map({ ...RECORD, city: 'London' }, {})).ou).toBe('OU=London,DC=corp,DC=example');
	});

	test.each([
		['', 'required'],
		['People', 'syntax'],
		['DC=corp', 'syntax'],
		['OU=,DC=corp', 'syntax'],
		['corp.example.com/People', 'syntax'],
	])('may not be %j: the rule is %s', (ou, rule) => {
		expect(rules(compileMapping(settings({ ou: { format: ou } }))(RECORD, {}))).toEqual([['ou', rule]]);
	});

	// HR data is hostile: a field's value is one value of the distinguished name and never a further part of it.
	test('never gets a part more from a field of the record', () => {
		const map = compileMapping(settings({ ou: { format: 'OU=${city},OU=Staff,DC=corp,DC=example' } }));
		const outcome = map({ ...RECORD, city: 'London,OU=Admins' }, {});
		const parts = 'mapped' in outcome ? outcome.mapped.ou.split(',').length : 4;
		expect(parts).toBe(4);
	});
});

describe('names', () => {
	test('that no format gives fall back to the key, and reject the person when the key gives none', () => {
		const map = compileMapping(
			settings({
				key: { format: '${key}' },
				names: [{ name: 'sAMAccountName', formats: { format: '${login}' } }],
				ladder: { ...settings().ladder, fallbackPrefix: '' },
			}),
		);
		expect(mapped(map({ ...RECORD, key: 'k1' }, {})).names['sAMAccountName']).toEqual({ candidates: ['k1'] });
		expect(rules(map({ ...RECORD, key: '1042' }, {}))).toEqual([['sAMAccountName', 'name']]);
	});

	test.each<[format: string, candidates: string[] | undefined]>([
		['${login}@corp.example', ['u1042@corp.example']],
		['${login}@${domain}\n${login}.${lastname}@corp.example', ['u1042@corp.example']],
		['${login}@${domain}', undefined],
		['${login}', undefined],
	])('of a person without any keep the suffix of their formats: %j gives %j', (format, candidates) => {
		const outcome = compileMapping(settings({ names: [{ name: 'userPrincipalName', formats: { format } }] }))(
			RECORD,
			{},
		);
		const ladder = 'mapped' in outcome ? outcome.mapped.names['userPrincipalName'] : undefined;
		expect(ladder?.candidates).toEqual(candidates);
	});

	test.each([{ a: 1 }, true, ['Ada', ['A']]])('that an expression gives as %j are told to be no text', (value) => {
		const map = compileMapping(settings({ names: [{ name: 'cn', formats: EXPRESSION }] }));
		expect(rules(map(RECORD, { 'names.0': value }))).toEqual([['cn', 'syntax']]);
	});

	test.each([
		['counterStart', -1],
		['counterStart', 1.5],
		['counterLimit', Number.NaN],
		['counterLimit', 10_000],
	] as const)('are not counted with %s %j', (option, value) => {
		const error = refusal({ ladder: { ...settings().ladder, [option]: value } });
		expect(error.parameter).toBe(option === 'counterStart' ? 'Options, Counter Start' : 'Options, Counter Limit');
	});

	test('leave out the lines that have nothing to show', () => {
		const formats = { format: '${nickname}\n\n  ${firstname}  \n${middlename} ${lastname}' };
		const account = mapped(compileMapping(settings({ names: [{ name: 'cn', formats }] }))(RECORD, {}));
		expect(account.names['cn']?.candidates).toEqual(['Ada']);
	});

	test('tell of every line that cannot be shown', () => {
		const formats = { format: '${address}\n${phones}\n${firstname}' };
		const outcome = compileMapping(settings({ names: [{ name: 'cn', formats }] }))(RECORD, {});
		expect(rules(outcome)).toEqual([
			['cn', 'format'],
			['cn', 'format'],
		]);
	});

	test.each(['', '\n \n'])('need a format: %j', (format) => {
		const error = refusal({ names: [{ name: 'cn', formats: { format } }] });
		expect([error.parameter, error.message]).toEqual(['Names, row 1 (cn)', 'The row has no format.']);
	});

	test('may not stand in two rows', () => {
		const formats = { format: 'x' };
		const error = refusal({
			names: [
				{ name: 'cn', formats },
				{ name: 'cn', formats },
			],
		});
		expect(error.parameter).toBe('Names, row 2');
	});
});

describe('a format that cannot be read', () => {
	test.each<[Partial<MappingSettings>, string]>([
		[{ key: { format: '${id' } }, 'Key'],
		[{ displayName: { format: '${id' } }, 'Display Name'],
		[{ ou: { format: '${id' } }, 'Organizational Unit'],
		[{ attributes: [{ attribute: 'title', value: { format: '${id' } }] }, 'Attributes, row 1 (title)'],
		[{ names: [{ name: 'cn', formats: { format: 'x\n${id' } }] }, 'Names, row 1 (cn)'],
	])('is told by the parameter, for nobody can be mapped: %j', (changes, parameter) => {
		const error = refusal(changes);
		expect(error.parameter).toBe(parameter);
		expect(error.message).toContain('"${id" cannot be read');
		expect(error.message).toContain('(column 1)');
		expect(error.whatToDo).toContain('${firstname}');
	});
});
