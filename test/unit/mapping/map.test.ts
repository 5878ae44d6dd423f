import fc from 'fast-check';
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import type { HcmRecord } from '../../../lib/contracts';
import type { MappingOutcome } from '../../../lib/mapping/batch';
import { compileMapping } from '../../../lib/mapping/map';
import { parseDn } from '../../../lib/schema/dn';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import {
	attribute,
	BLANK,
	execute,
	field,
	flag,
	format,
	giving,
	ladder,
	mapAll,
	mapOne,
	mapped,
	OU,
	outOfScope,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
	stored,
	text,
	type Evaluated,
} from '../../support/mapping';
import { NAUGHTY } from '../../support/naughty';

const scope = (conditions: unknown) => settings({ scope: { path: 'scope', stored: conditions } });
const leaverWhen = (conditions: unknown) => settings({ leaverWhen: { path: 'leaverWhen', stored: conditions } });
const STATE_IS = (state: string) => stored([['={{ $json.state }}', text('equals'), state]]);
const kind = (outcome: MappingOutcome) => Object.keys(outcome)[0];

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

describe('the key', () => {
	test.each<[text: string, key: string]>([
		['${id}', '1042'],
		['K-${id}', 'K-1042'],
		['${lastname}\u200b ', 'Lovelace'],
	])('from %j is %j', (text, key) => {
		expect(mapped(mapOne(settings({ person: { key: format(text) } }))).key).toBe(key);
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
		const outcome = mapOne(settings({ person: { key: result('key') } }), RECORD, { key: value });
		expect('mapped' in outcome ? undefined : rules(outcome)).toEqual(rule === undefined ? undefined : [['key', rule]]);
	});

	test('must be asked for: without a parameter nobody is mapped', () => {
		expect(refusal({ person: { key: format(' ') } }).parameter).toBe('Key');
	});

	test('that two people have, in whatever case, rejects both of them and nobody else', () => {
		const records = ['a1', 'B2', 'A1', 'c3', 'b2', 'B2'].map((key) => ({ ...RECORD, key }));
		const outcomes = mapAll(settings({ person: { key: format('${key}') } }), records);
		expect(outcomes.map(kind)).toEqual(['rejected', 'rejected', 'rejected', 'mapped', 'rejected', 'rejected']);
		expect(rejected(outcomes[0])).toEqual({
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
		expect(rejected(outcomes[4]).problems[0]?.message).toContain('3 people have the key "b2"');
	});

	test('that a rejected person shares rejects the other one too, with all problems told', () => {
		const outcomes = mapAll(settings({ attributes: [attribute('initials', format('${initials}'))] }), [
			{ ...RECORD, initials: 'AL' },
			{ ...RECORD, initials: 'much too long' },
		]);
		expect(outcomes.map(rules)).toEqual([
			[['key', 'unique']],
			[
				['initials', 'length'],
				['key', 'unique'],
			],
		]);
	});

	test('that two leavers share rejects both: either may be the one who still works here', () => {
		const all = leaverWhen(STATE_IS('GONE'));
		expect(mapAll(all, [{ ...RECORD, state: 'GONE' }, RECORD]).map(kind)).toEqual(['rejected', 'rejected']);
	});

	test('of somebody out of scope is nobody’s rival', () => {
		const outcomes = mapAll(scope(STATE_IS('ACTIVATED')), [{ ...RECORD, state: 'STAGED' }, RECORD]);
		expect(outcomes.map(kind)).toEqual(['outOfScope', 'mapped']);
	});

	test('that is missing is not a key that is shared', () => {
		const outcomes = mapAll(settings({ person: { key: format('${missing}') } }), [RECORD, RECORD]);
		expect(outcomes.map(rules)).toEqual([[['key', 'required']], [['key', 'required']]]);
	});

	test('is left with one person, or with none', () => {
		const keys = fc.array(fc.constantFrom('a', 'A', 'b', 'c', 'd', 'D'), { maxLength: 8 });
		fc.assert(
			fc.property(keys, (list) => {
				const outcomes = mapAll(
					settings({ person: { key: format('${key}') } }),
					list.map((key) => ({ ...RECORD, key })),
				);
				const alone = list.map((key) => list.filter((other) => other.toLowerCase() === key.toLowerCase()).length === 1);
				expect(outcomes.map((outcome) => 'mapped' in outcome)).toEqual(alone);
			}),
		);
	});
});

describe('previous keys', () => {
	test.each<[given: unknown, keys: string[]]>([
		[undefined, []],
		['', []],
		['C-7', ['C-7']],
		[7, ['7']],
		['C-7, C-8;C-9\nC-7', ['C-7', 'C-8', 'C-9']],
		[
			['C-7', '', null, ' c-7 ', 'C-8'],
			['C-7', 'C-8'],
		],
		['1042', []],
	])('given as %j are %j', (given, keys) => {
		const all = settings({ person: { previousKeys: field('old') } });
		expect(mapped(mapOne(all, { ...RECORD, old: given })).previousKeys).toEqual(keys);
	});

	test('that are no text reject the person', () => {
		const all = settings({ person: { previousKeys: field('old') } });
		expect(rules(mapOne(all, { ...RECORD, old: [{ id: 7 }] }))).toEqual([['previousKeys', 'syntax']]);
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

describe('the scope', () => {
	test.each<[what: string, conditions: unknown]>([
		['nothing is stored', undefined],
		['the editor stored its blank condition', BLANK],
		['the list is empty', stored([])],
	])('is everyone when %s', (_what, conditions) => {
		expect(kind(mapOne(scope(conditions)))).toBe('mapped');
	});

	test('says which conditions are not met, in words', () => {
		const all = scope(
			stored([
				['={{ $json.state }}', text('notEquals'), 'ACTIVATED'],
				['={{ $json.lastname }}', text('equals'), 'Lovelace'],
				['={{ $json["manager"] }}', { type: 'string', operation: 'notEmpty', singleValue: true }],
				['${phones | join: ","}', text('contains'), '+49'],
				['address.city', text('startsWith'), 'Ber'],
			]),
		);
		expect(outOfScope(mapOne(all))).toEqual({
			key: '1042',
			displayName: 'Ada Lovelace',
			conditions: [
				'state is not "ACTIVATED"',
				'["manager"] is not empty',
				'phones | join: "," contains "+49"',
				'address.city starts with "Ber"',
			],
		});
	});

	test('with one condition or the other is left by those who meet neither', () => {
		const all = scope(
			stored(
				[
					['state', text('equals'), 'A'],
					['state', text('equals'), 'B'],
				],
				'or',
			),
		);
		expect(kind(mapOne(all, { ...RECORD, state: 'B' }))).toBe('mapped');
		expect(outOfScope(mapOne(all)).conditions).toEqual(['state is "A"', 'state is "B"']);
	});

	test('is left by people without a key too, and with nothing else wrong', () => {
		const all = settings({
			scope: { path: 'scope', stored: STATE_IS('STAGED') },
			person: { key: format('${nothing}') },
			attributes: [attribute('initials', format('${lastname}'))],
		});
		expect(outOfScope(mapOne(all))).toMatchObject({ key: '', displayName: 'Ada Lovelace' });
	});

	test('that cannot be judged rejects the person', () => {
		const all = scope(stored([['={{ $json.state }}', { type: 'number', operation: 'gt' }, 5]]));
		expect(rules(mapOne(all))).toEqual([['', 'condition']]);
		expect(rejected(mapOne(all)).problems[0]?.message).toContain("'ACTIVATED'");
	});
});

describe('a leaver', () => {
	test.each<[what: string, conditions: unknown]>([
		['nothing is stored', undefined],
		['the editor stored its blank condition', BLANK],
		[
			'two blank conditions are stored',
			stored([
				['', text('equals')],
				['', text('equals')],
			]),
		],
		['an expression was emptied', stored([['=', text('equals'), '']])],
		['the list is empty', stored([])],
	])('is nobody when %s', (_what, conditions) => {
		expect(mapped(mapOne(leaverWhen(conditions))).lifecycle).toBe('active');
		const away = settings({ awayWhen: { path: 'awayWhen', stored: conditions } });
		expect(mapped(mapOne(away)).lifecycle).toBe('active');
	});

	test('is nobody for a condition that was forgotten half-way: it is refused', () => {
		const error = refusal({ leaverWhen: { path: 'leaverWhen', stored: stored([['', text('equals'), 'GONE']]) } });
		expect([error.parameter, error.message]).toEqual([
			'Leaver When',
			'A condition compares no field with "GONE". Enter the path of a field on its left, or take the condition out.',
		]);
	});

	test.each(['equals', 'notEquals', 'contains', 'regex', 'startsWith'])(
		'is nobody for a condition that compares with nothing by %s, which a feed without the field would meet: it is refused',
		(operation) => {
			const half = stored([['={{ $json.state }}', text(operation), '']]);
			const error = refusal({ leaverWhen: { path: 'leaverWhen', stored: half } });
			expect(error.parameter).toBe('Leaver When');
			expect(error.message).toMatch(/^The condition on state .* compares with nothing\.$/);
		},
	);

	test('is nobody for conditions that are an expression as a whole: they are refused', () => {
		expect(refusal({ leaverWhen: { path: 'leaverWhen', stored: '={{ true }}' } }).parameter).toBe('Leaver When');
	});

	test.each<[state: string, away: boolean, lifecycle: string]>([
		['ACTIVATED', false, 'active'],
		['ACTIVATED', true, 'away'],
		['SUSPENDED', false, 'leaver'],
		['SUSPENDED', true, 'leaver'],
	])('by state %s, away %s, is %s', (state, away, lifecycle) => {
		const all = settings({
			leaverWhen: { path: 'leaverWhen', stored: STATE_IS('SUSPENDED') },
			awayWhen: { path: 'awayWhen', stored: stored([['={{ $json.away }}', flag('true')]]) },
		});
		expect(mapped(mapOne(all, { ...RECORD, state, away })).lifecycle).toBe(lifecycle);
	});

	test('may be told by an expression that n8n evaluates', () => {
		const all = leaverWhen(stored([['={{ $json.state.toLowerCase() }}', text('equals'), 'gone']]));
		const evaluated = (value: string): Evaluated => ({ 'leaverWhen.conditions[0].leftValue': value });
		expect(mapped(mapOne(all, RECORD, evaluated('gone'))).lifecycle).toBe('leaver');
		expect(mapped(mapOne(all, RECORD, evaluated('here'))).lifecycle).toBe('active');
		expect(rules(mapOne(all, RECORD, evaluated(new ExpressionFault('no') as unknown as string)))).toEqual([
			['', 'condition'],
		]);
	});

	const broken: HcmRecord = { ...RECORD, state: 'SUSPENDED', department: 'x'.repeat(65), site: { a: 1 } };
	const strict = settings({
		leaverWhen: { path: 'leaverWhen', stored: STATE_IS('SUSPENDED') },
		attributes: [
			attribute('department', format('${department}')),
			attribute('title', format('Engineer')),
			attribute('info', format('${nothing}'), { ifEmpty: 'reject' }),
		],
		names: [ladder('userPrincipalName', format('${nothing}'))],
		placement: { ou: format('OU=${site},DC=corp,DC=example'), ouRules: [], groups: format('${site}'), groupRules: [] },
		lifespan: { ...settings().lifespan, end: format('last spring') },
	});

	test('with a key is never rejected: what failed is left out and named for review', () => {
		const account = mapped(mapOne(strict, broken));
		expect(account).toMatchObject({ key: '1042', lifecycle: 'leaver', attributes: { title: 'Engineer' }, ou: '' });
		expect(account.attributes).toEqual({ title: 'Engineer' });
		expect(account.review.map((entry) => entry.attribute)).toEqual([
			'department',
			'info',
			'userPrincipalName',
			'ou',
			'groups',
			'endDate',
		]);
		expect(whyNoDesiredAccount(account)).toBeUndefined();
		// The same person, still here, is rejected for each of these.
		expect(rules(mapOne(strict, { ...broken, state: 'ACTIVATED' }))).toHaveLength(6);
	});

	test('without a key is rejected all the same: nobody could tell whose account to close', () => {
		const all = { ...strict, person: { ...strict.person, key: format('${nothing}') } };
		expect(rules(mapOne(all, broken))).toContainEqual(['key', 'required']);
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

describe('a poisoned string in any field', () => {
	const FIELDS = [
		'id',
		'first',
		'last',
		'mail',
		'phone',
		'country',
		'boss',
		'site',
		'team',
		'start',
		'badge',
		'flag',
		'proxy',
	];
	const HEALTHY: HcmRecord = {
		...{ id: 'K1', first: 'Ada', last: 'Lovelace', mail: 'ada@example.com', phone: '+44 20 7946 0000', country: 'GB' },
		...{
			boss: 'K2',
			site: 'HQ',
			team: 'Blue',
			start: '2026-01-01',
			badge: 'B7',
			flag: 'yes',
			proxy: 'ada@example.com',
		},
	};
	const { map } = compileMapping(
		settings({
			person: { key: format('${id}'), displayName: format('${first} ${last}'), country: format('${country}') },
			lifespan: { ...settings().lifespan, start: format('${start}') },
			attributes: [
				attribute('givenName', field('first')),
				attribute('sn', format('${last}')),
				attribute('displayName', format('${first} ${last | upcase}')),
				attribute('mail', field('mail')),
				attribute('proxyAddresses', format('${proxy}'), { separator: ';' }),
				attribute('telephoneNumber', field('phone')),
				attribute('c', field('country')),
				attribute('manager', field('boss')),
				attribute('acmeBadge', field('badge')),
				attribute('msExchHideFromAddressLists', field('flag')),
				attribute('homeDirectory', format('\\\\srv\\home\\${first | sam}')),
			],
			names: [
				ladder('sAMAccountName', format('${first | first_chars: 1}${last}')),
				ladder('userPrincipalName', format('${first}.${last}@corp.example.com')),
				ladder('cn', format('${first} ${last}')),
			],
			placement: {
				ou: format('OU=${site},DC=corp,DC=example'),
				ouRules: [],
				groups: format('CN=${team},OU=Groups,DC=corp,DC=example\n${team}'),
				groupRules: [],
			},
		}),
		execute,
	);

	test('is healthy when nothing is poisoned', () => {
		expect(rules({ rejected: { key: '', displayName: '', problems: [], record: {} } })).toEqual([]);
		expect(kind(map(HEALTHY, giving({})))).toBe('mapped');
	});

	test.each(FIELDS)('comes out clean, or is rejected with its reason: %s', (name) => {
		for (const poison of NAUGHTY) {
			const outcome = map({ ...HEALTHY, [name]: poison }, giving({}));
			if ('rejected' in outcome) {
				expect(outcome.rejected.problems.length).toBeGreaterThan(0);
				for (const { message, value } of outcome.rejected.problems) {
					expect(message).toMatch(/\S/);
					expect(value.length).toBeLessThanOrEqual(200);
				}
				continue;
			}
			const account = mapped(outcome);
			expect(whyNoDesiredAccount(account)).toBeUndefined();
			// Record and review apart, no control, invisible or half character leaves the node, and no name of another place.
			for (const text of textsIn({ ...account, review: [] })) {
				expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
				expect(text.isWellFormed()).toBe(true);
				expect(text).toBe(text.trim());
			}
			expect(parseDn(account.ou)).toHaveLength(3);
			for (const group of account.groups.filter((one) => one.startsWith('CN=') && one.includes('OU=Groups')))
				expect(parseDn(group)).toHaveLength(4);
		}
	});
});

function textsIn(value: unknown): readonly string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
