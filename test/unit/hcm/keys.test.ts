import fc from 'fast-check';
import { identityReader, identityWithin, keyReader, toKey, unique } from '../../../lib/hcm/keys';
import { endpoint } from '../../support/feeds';

describe('a key', () => {
	test.each<[value: unknown, key: string | null]>([
		['a', 'a'],
		[' a ', 'a'],
		[17, '17'],
		['017', '017'],
		[0, '0'],
		[17n, '17'],
		['', null],
		['  ', null],
		[null, null],
		[undefined, null],
		[true, null],
		[{}, null],
		[['a'], null],
	])('of %p is %j', (value, key) => {
		expect(toKey(value)).toBe(key);
	});

	test('stands at its path', () => {
		expect(keyReader('ids.hr')({ ids: { hr: ' 7' } })).toBe('7');
		expect(keyReader("['Employee ID']")({ 'Employee ID': 7 })).toBe('7');
		expect(keyReader('toString')({})).toBeNull();
		expect(() => keyReader('__proto__')).toThrow();
	});
});

describe('what tells rows apart', () => {
	const jobs = [{ person: 'a', job: 1 }, { person: 'a', job: 2 }, { job: 1, person: 'a' }, { job: 3 }];

	test('is the primary key where a person has one row', () => {
		const keyOf = identityReader(endpoint({ primaryKey: 'person' }));
		expect(jobs.map(keyOf)).toEqual(['a', 'a', 'a', null]);
	});

	test.each(['', 'person', ' person', '$.person'])(
		'is all a row says where a person has several, and it is joined on %j',
		(joinOn) => {
			const keyOf = identityReader(endpoint({ primaryKey: 'person', several: true, joinOn }));
			const [one, two, again, nobody] = jobs.map(keyOf);
			expect(two).not.toBe(one);
			expect(again).toBe(one);
			expect(nobody).toBeNull();
		},
	);

	test('is whose it is and the primary key where rows are joined on another field', () => {
		const keyOf = identityReader(endpoint({ primaryKey: 'job', several: true, joinOn: 'person' }));
		expect(jobs.map(keyOf)).toEqual(['["a","1"]', '["a","2"]', '["a","1"]', null]);
	});
});

describe('what tells rows apart that come for one row of another endpoint', () => {
	test('is all they say while nothing says whose they are', () => {
		const keyOf = identityWithin(endpoint({ primaryKey: 'job', several: true, joinOn: 'person' }));
		expect(keyOf({ job: 1, person: 'a' })).toBe('["a","1"]');
		expect(keyOf({ job: 1, from: 2 })).toBe(keyOf({ from: 2, job: 1 }));
		expect(keyOf({ job: 1 })).not.toBe(keyOf({ job: 2 }));
	});

	test('is the primary key where there is one row for each', () => {
		const keyOf = identityWithin(endpoint({ primaryKey: 'id' }));
		expect(keyOf({ id: 1 })).toBe('1');
		expect(keyOf({ name: 'x' })).toBeNull();
	});
});

describe('different rows', () => {
	test('are the first of each key, in order, and every row is counted once', () => {
		const row = fc.record({ id: fc.oneof(fc.nat({ max: 5 }), fc.constantFrom('1', ' 2', '', null)), n: fc.nat() });
		fc.assert(
			fc.property(fc.array(row), (rows) => {
				const { records, duplicates, withoutKey } = unique(rows, keyReader('id'));
				expect(records.length + duplicates + withoutKey).toBe(rows.length);
				const keys = records.map((record) => toKey(record['id']));
				expect(new Set(keys).size).toBe(keys.length);
				expect(new Set(keys)).toEqual(new Set(rows.map(({ id }) => toKey(id)).filter((key) => key !== null)));
				for (const record of records) expect(rows.find(({ id }) => toKey(id) === toKey(record['id']))).toBe(record);
			}),
		);
	});
});
