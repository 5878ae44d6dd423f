import fc from 'fast-check';
import { compileTable, TableSettingsError, type TableSettings } from '../../../lib/mapping/valueTable';

const table = (changes: Partial<TableSettings> = {}) =>
	compileTable({ rows: [], pasted: '', ignoreCase: false, fallback: undefined, notInTable: 'reject', ...changes });
const look = (value: unknown, changes: Partial<TableSettings> = {}) => {
	const found = table(changes).lookUp(value);
	return 'value' in found ? found.value : 'fault' in found ? 'fault' : 'empty';
};

describe('a value table', () => {
	test.each<[what: string, pasted: string]>([
		['semicolons', 'eng;Engineering\nfin;"Finance; Law"'],
		['commas', 'eng,Engineering\nfin,"Finance; Law"'],
		['tabs', 'eng\tEngineering\nfin\tFinance; Law'],
		['a head', 'From;To\neng;Engineering\nfin;"Finance; Law"'],
		['Windows’s line ends and mark', '\ufefffrom;to\r\neng;Engineering\r\n\r\nfin;"Finance; Law"\r\n'],
		['an object', '{"eng": "Engineering", "fin": "Finance; Law"}'],
		['a list of objects', '[{"from": "eng", "to": "Engineering"}, {"from": "fin", "to": "Finance; Law"}]'],
		['a list of pairs', '[["eng", "Engineering"], ["fin", "Finance; Law"]]'],
	])('is read from text with %s', (_what, pasted) => {
		expect([look('eng', { pasted }), look(' fin ', { pasted })]).toEqual(['Engineering', 'Finance; Law']);
	});

	const rows = [
		{ from: 'eng', to: 'Engineering' },
		{ from: '7', to: 'Seven' },
		{ from: 'true', to: 'Yes' },
		{ from: 'J\u00fcrgen', to: 'J' },
		{ from: 'old', to: '' },
		{ from: ' ', to: 'nobody' },
	];

	test.each<[value: unknown, stored: unknown]>([
		['eng', 'Engineering'],
		[7, 'Seven'],
		[true, 'Yes'],
		['Ju\u0308rgen', 'J'],
		['old', 'empty'],
		['', 'empty'],
		['  ', 'empty'],
		[null, 'empty'],
		[undefined, 'empty'],
		['ENG', 'fault'],
		['__proto__', 'fault'],
		['constructor', 'fault'],
		[{}, 'fault'],
		[['eng'], 'fault'],
	])('makes %j into %j', (value, stored) => {
		expect(look(value, { rows })).toBe(stored);
	});

	test('ignores case by choice, in every alphabet', () => {
		const ignoring = { rows: [{ from: 'ÖL', to: 'oil' }], ignoreCase: true };
		expect([look('öl', ignoring), look('Öl', ignoring)]).toEqual(['oil', 'oil']);
	});

	test.each<[changes: Partial<TableSettings>, stored: unknown]>([
		[{ fallback: 'Other' }, 'Other'],
		[{ fallback: 'Other', notInTable: 'keep' }, 'Other'],
		[{ notInTable: 'keep' }, 'law'],
		[{ notInTable: 'empty' }, 'empty'],
		[{ notInTable: 'reject' }, 'fault'],
	])('with %j makes what it does not have into %j', (changes, stored) => {
		expect(look('law', { rows, ...changes })).toBe(stored);
	});

	test('lets a row have the last word over pasted text', () => {
		expect(look('eng', { rows, pasted: 'eng;Pasted' })).toBe('Engineering');
	});

	test('knows all that it can give', () => {
		expect(table({ rows, pasted: 'a;Engineering\nb;Beta', fallback: 'Other' }).targets()).toEqual([
			'Engineering',
			'Beta',
			'Seven',
			'Yes',
			'J',
			'Other',
		]);
	});

	test('finds every row that it was given, and nothing else', () => {
		const name = fc.stringMatching(/^[a-z]{1,4}$/);
		fc.assert(
			fc.property(fc.dictionary(name, name), name, (given, other) => {
				const found = table({ pasted: JSON.stringify(given), notInTable: 'empty' });
				for (const [from, to] of Object.entries(given)) expect(found.lookUp(from)).toEqual({ value: to });
				if (!Object.hasOwn(given, other)) expect(found.lookUp(other)).toEqual({ empty: true });
			}),
		);
	});
});

describe('a table that cannot be read', () => {
	test.each<[pasted: string, words: string]>([
		['{"a":', 'no JSON'],
		['[1]', 'Entry 1'],
		['[["a","b","c"]]', 'Entry 1'],
		['{"a": {"b": 1}}', 'Entry 1'],
		['a;b\nc', 'Row 2'],
		['a;b;c', 'Row 1'],
		['a;"b', 'no CSV'],
		['a;b\na;c', '"a" stands twice'],
		['x'.repeat(2_000_001), '2000001 characters'],
	])('%j says what is wrong', (pasted, words) => {
		expect(() => table({ pasted })).toThrow(TableSettingsError);
		expect(() => table({ pasted })).toThrow(words);
	});

	test('may be made of rows too', () => {
		const rows = [
			{ from: 'a', to: 'x' },
			{ from: ' a', to: 'y' },
		];
		expect(() => table({ rows })).toThrow('stands twice');
	});
});
