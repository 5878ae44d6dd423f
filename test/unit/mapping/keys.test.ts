/** The key that tells people apart, and those they had before. */
import fc from 'fast-check';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import {
	attribute,
	field,
	format,
	mapAll,
	mapOne,
	mapped,
	outOfScope,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
	scope,
	leaverWhen,
	STATE_IS,
	kind,
} from '../../support/mapping';

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

	test('go along with whoever is rejected or out of scope, whose account may still have one of them', () => {
		const person = { previousKeys: field('old') };
		const record = { ...RECORD, old: 'C-7', state: 'STAGED' };
		const bad = settings({ person: { ...person, key: field('missing') } });
		expect(rejected(mapOne(bad, record)).previousKeys).toEqual(['C-7']);
		const all = settings({ person, scope: { path: 'scope', stored: STATE_IS('ACTIVATED') } });
		expect(outOfScope(mapOne(all, record)).previousKeys).toEqual(['C-7']);
		const twice = mapAll(settings({ person }), [record, { ...RECORD, old: '' }]);
		expect(twice.map((outcome) => rejected(outcome).previousKeys)).toEqual([['C-7'], undefined]);
	});
});
