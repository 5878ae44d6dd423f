/** Conditions as the editor stores them, run by n8n's own executeFilter. */
import { executeFilter, type FilterValue as N8nFilterValue } from 'n8n-workflow';
import { compileConditions, ConditionError } from '../../lib/conditions';
import { compilePath, PathError } from '../../lib/json/path';

type Operator = { readonly type: string; readonly operation: string; readonly singleValue?: boolean };
type One = readonly [left: unknown, operator: Operator, right?: unknown];

const text = (operation: string): Operator => ({ type: 'string', operation });
const number = (operation: string): Operator => ({ type: 'number', operation });
const flag = (operation: string): Operator => ({ type: 'boolean', operation, singleValue: true });
const EXISTS: Operator = { type: 'string', operation: 'exists', singleValue: true };
const NOT_EXISTS: Operator = { type: 'string', operation: 'notExists', singleValue: true };

const stored = (conditions: readonly One[], combinator: 'and' | 'or' = 'and', options: object = {}) => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2, ...options },
	combinator,
	conditions: conditions.map(([leftValue, operator, rightValue = ''], index) => ({
		id: `c${index}`,
		leftValue,
		rightValue,
		operator,
	})),
});

const compile = (value: unknown) =>
	compileConditions(value, compilePath, (filter) => executeFilter(filter as N8nFilterValue));

const REPLY = {
	body: { done: true, state: 'FINISHED', left: 0, count: '12', list: [{ id: 'a' }], 'work email': 'x', empty: '' },
	headers: { 'x-last': 'yes' },
	status: 200,
};

describe('a condition on a reply', () => {
	test.each<[left: string, operator: Operator, right: unknown, holds: boolean]>([
		['body.state', text('equals'), 'FINISHED', true],
		['body.state', text('equals'), 'finished', false],
		['body.state', text('notEquals'), 'OPEN', true],
		['body.state', text('regex'), '^FIN', true],
		['body.state', text('regex'), '^fin', false],
		['body.state', text('startsWith'), 'FIN', true],
		['body.left', number('equals'), 0, true],
		['body.left', number('equals'), '0', true],
		['body.count', number('gt'), 11, true],
		['body.count', number('lt'), 11, false],
		['status', number('equals'), 200, true],
		['headers.x-last', text('equals'), 'yes', true],
		["headers['x-last']", text('equals'), 'yes', true],
		['body.done', flag('true'), '', true],
		['body.done', flag('false'), '', false],
		['body.state', EXISTS, '', true],
		['body.nothing', EXISTS, '', false],
		['body.nothing', NOT_EXISTS, '', true],
		['body.nothing.at.all', NOT_EXISTS, '', true],
		['body.nothing', text('equals'), 'x', false],
		['body.list[0].id', text('equals'), 'a', true],
		['body.empty', text('empty'), '', true],
	])('%s %j %j: %s', (left, operator, right, holds) => {
		expect(compile(stored([[left, operator, right]]))?.(REPLY)).toBe(holds);
	});

	test.each([
		'={{ $response.body.done }}',
		'={{$response.body.done}}',
		'{{ $response.body.done }}',
		' {{ $json.body.done }} ',
		'={{ $json["body"].done }}',
		"={{ $json['body']['done'] }}",
		'$response.body.done',
		'$json.body["done"]',
		'body.done',
		' body.done ',
		'$.body.done',
	])('names its field as %j', (left) => {
		const holds = compile(stored([[left, flag('true')]]));
		expect(holds?.(REPLY)).toBe(true);
		expect(holds?.({ ...REPLY, body: { done: false } })).toBe(false);
	});

	test('names a field with a blank in brackets', () => {
		expect(compile(stored([['={{ $json.body["work email"] }}', text('equals'), 'x']]))?.(REPLY)).toBe(true);
	});

	test('asks case by the editor’s own switch', () => {
		const holds = compile(stored([['body.state', text('equals'), 'finished']], 'and', { caseSensitive: false }));
		expect(holds?.(REPLY)).toBe(true);
	});
});

describe('several conditions', () => {
	const yes: One = ['body.done', flag('true')];
	const no: One = ['body.state', text('equals'), 'OPEN'];

	test.each<[combinator: 'and' | 'or', conditions: One[], holds: boolean]>([
		['and', [yes, yes], true],
		['and', [yes, no], false],
		['and', [no, no], false],
		['or', [yes, no], true],
		['or', [no, yes], true],
		['or', [no, no], false],
	])('by %s: %j hold: %s', (combinator, conditions, holds) => {
		expect(compile(stored(conditions, combinator))?.(REPLY)).toBe(holds);
	});

	test.each<['and' | 'or']>([['and'], ['or']])(
		'by %s leave a blank one out, which the editor adds by itself',
		(combinator) => {
			const blank: One = ['', text('equals'), ''];
			expect(compile(stored([blank, yes], combinator))?.(REPLY)).toBe(true);
			expect(compile(stored([no, blank], combinator))?.(REPLY)).toBe(false);
		},
	);
});

describe('there is no condition', () => {
	test.each<[what: string, value: unknown]>([
		['nothing is stored', undefined],
		['null is stored', null],
		['an empty object is stored', {}],
		['a text is stored', 'x'],
		['the list is empty', stored([])],
		[
			'all are blank',
			stored([
				['', text('equals'), ''],
				[null, EXISTS],
				[undefined, EXISTS],
			]),
		],
		['an expression was emptied', stored([['=', text('equals'), '']])],
		['only blanks were typed', stored([['  ', text('equals'), '']])],
	])('when %s', (_what, value) => {
		expect(compile(value)).toBeUndefined();
	});
});

describe('a condition is refused', () => {
	test.each([
		'={{ $json.a + 1 }}',
		'={{ $json.a }} and more',
		'={{ $node["x"].json.a }}',
		'={{ $json }}',
		'={{ $json.a.includes("x") }}',
		'={{ process.exit() }}',
		'={{ $json["a\\"b"] }}',
		'=text',
		'{{ a }}',
	])('whose left side is %j, because it is more than a field', (left) => {
		expect(() => compile(stored([[left, EXISTS]]))).toThrow(ConditionError);
		expect(() => compile(stored([[left, EXISTS]]))).toThrow('is more than a field');
	});

	test.each([5, true, ['a'], {}])('whose left side is %j and no path', (left) => {
		expect(() => compile(stored([[left, EXISTS]]))).toThrow(ConditionError);
	});

	test('whose right side is an expression', () => {
		expect(() => compile(stored([['a', text('equals'), '={{ $now }}']]))).toThrow('compares with an expression');
	});

	test('whose path would be run, or names no field', () => {
		expect(() => compile(stored([['a[?(@.b)]', EXISTS]]))).toThrow(PathError);
		expect(() => compile(stored([['__proto__.x', EXISTS]]))).toThrow(PathError);
	});
});

describe('a value that a condition cannot be compared with', () => {
	test.each<[left: string, operator: Operator, right: unknown, typeValidation: string, words: string]>([
		['body.count', number('gt'), 11, 'strict', "'12' is a string but was expecting a number."],
		['body.state', number('gt'), 11, 'loose', "the string 'FINISHED' can't be converted to a number."],
		['body.state', text('regex'), '(', 'strict', 'Invalid regular expression'],
	])('%s %j %j (%s) is told in words', (left, operator, right, typeValidation, words) => {
		const holds = compile(stored([[left, operator, right]], 'and', { typeValidation }));
		expect(() => holds?.(REPLY)).toThrow(ConditionError);
		expect(() => holds?.(REPLY)).toThrow(words);
		expect(() => holds?.(REPLY)).not.toThrow('item 0');
	});
});
