/** Who is in scope, who leaves and who is away. */
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import type { HcmRecord } from '../../../lib/contracts';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import {
	attribute,
	BLANK,
	flag,
	format,
	ladder,
	mapOne,
	mapped,
	outOfScope,
	RECORD,
	refusal,
	rejected,
	rules,
	settings,
	stored,
	text,
	type Evaluated,
	scope,
	leaverWhen,
	STATE_IS,
	kind,
} from '../../support/mapping';

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
