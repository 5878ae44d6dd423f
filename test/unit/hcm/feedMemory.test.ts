import fc from 'fast-check';
import { isInstant, later, recall, remember, type FeedMemory } from '../../../lib/hcm/feedMemory';

const SINCE = '2026-11-01T00:00:00.000Z';
const COMPLETE = { at: SINCE, rows: 3, columns: { id: 3 } };
const WHOLE: FeedMemory = { since: SINCE, complete: COMPLETE };

describe('what is remembered of a feed', () => {
	test('is what was put there, under the node’s and the feed’s name', () => {
		const store = remember(remember(undefined, 'HR', 'people', WHOLE), 'HR', 'other', { since: SINCE });
		expect(recall(store, 'HR', 'people')).toEqual(WHOLE);
		expect(recall(store, 'HR', 'other')).toEqual({ since: SINCE });
		expect(recall(store, 'Other', 'people')).toEqual({});
		expect(recall(store, 'HR', 'nobody')).toEqual({});
	});

	test('stays when another one is remembered, and is replaced whole by its own', () => {
		const first = remember({}, 'HR', 'people', WHOLE);
		const second = remember(first, 'Payroll', 'people', { since: SINCE });
		expect(recall(second, 'HR', 'people')).toEqual(WHOLE);
		expect(recall(remember(second, 'HR', 'people', {}), 'HR', 'people')).toEqual({});
		expect(first).toEqual({ HR: { people: WHOLE } });
	});

	test('survives being stored, for any names', () => {
		const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', ''));
		fc.assert(
			fc.property(name, name, name, (node, feed, other) => {
				fc.pre(other !== feed);
				const stored: unknown = JSON.parse(JSON.stringify(remember(remember({}, node, other, {}), node, feed, WHOLE)));
				expect(recall(stored, node, feed)).toEqual(WHOLE);
				expect(recall(stored, node, other)).toEqual({});
			}),
		);
	});

	test.each<[what: string, store: unknown]>([
		['nothing', undefined],
		['null', null],
		['a text', 'x'],
		['a list', [{ people: WHOLE }]],
		['a node that is a text', { HR: 'people' }],
		['a node that is a list', { HR: [WHOLE] }],
		['a feed that is null', { HR: { people: null } }],
		['a date that is none', { HR: { people: { since: 'yesterday' } } }],
		['a date without a zone', { HR: { people: { since: '2026-11-01T00:00:00' } } }],
		['a date that is a number', { HR: { people: { since: 17 } } }],
		['numbers without a date', { HR: { people: { complete: { rows: 3, columns: {} } } } }],
		['rows that are a text', { HR: { people: { complete: { ...COMPLETE, rows: '3' } } } }],
		['rows below none', { HR: { people: { complete: { ...COMPLETE, rows: -3 } } } }],
		['columns that are a list', { HR: { people: { complete: { ...COMPLETE, columns: [] } } } }],
		['columns that are no numbers', { HR: { people: { complete: { ...COMPLETE, columns: { id: 'all' } } } } }],
	])('is nothing where the store holds %s, which is put right by remembering', (_what, store) => {
		expect(recall(store, 'HR', 'people')).toEqual({});
		expect(recall(remember(store, 'HR', 'people', WHOLE), 'HR', 'people')).toEqual(WHOLE);
	});

	test('is nothing that every object has', () => {
		expect(recall({}, 'constructor', 'prototype')).toEqual({});
		expect(recall({}, '__proto__', 'toString')).toEqual({});
	});

	test('is what can be read of it where a part is damaged', () => {
		expect(recall({ HR: { people: { since: SINCE, complete: 'x' } } }, 'HR', 'people')).toEqual({ since: SINCE });
	});
});

describe('the date to read from', () => {
	test('never moves back, however the two are written', () => {
		expect(later(undefined, SINCE)).toBe(SINCE);
		expect(later(SINCE, '2026-11-02T00:00:00Z')).toBe('2026-11-02T00:00:00Z');
		expect(later(SINCE, '2026-10-31T00:00:00Z')).toBe(SINCE);
		// The same day is earlier in the east.
		expect(later('2026-11-01T00:00:00Z', '2026-11-01T01:00:00+02:00')).toBe('2026-11-01T00:00:00Z');
	});

	test.each<[text: string, is: boolean]>([
		[SINCE, true],
		['2026-11-01T00:00Z', true],
		['2026-11-01T00:00:00+02:00', true],
		['2026-11-01T00:00:00-0200', false],
		['2026-11-01T00:00:00', false],
		['2026-11-01', false],
		['2026-13-01T00:00:00Z', false],
		['2026-11-01T25:00:00Z', false],
		['1.11.2026', false],
		['1793491200', false],
		['', false],
		[`x${SINCE}`, false],
		[`${SINCE}\n`, false],
	])('%j is an instant: %s', (text, is) => {
		expect(isInstant(text)).toBe(is);
	});
});
