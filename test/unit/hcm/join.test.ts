import fc from 'fast-check';
import type { HcmRecord } from '../../../lib/contracts';
import { joinRows } from '../../../lib/hcm/join';
import type { Endpoint, Join } from '../../../lib/hcm/types';
import { endpoint } from '../../support/feeds';

const of = (rows: readonly HcmRecord[], changes: Partial<Endpoint> = {}) => ({
	endpoint: endpoint({ ...changes, request: {} }),
	rows,
});
const NESTED: Join = { as: 'nested', unmatched: 'report' };
const SPREAD: Join = { as: 'spread', unmatched: 'report' };

const A = { id: 'a', name: 'Anna' };
const B = { id: 'b', name: 'Bert' };

describe('one list alone', () => {
	test('is what it is', () => {
		const rows = [A, B];
		expect(joinRows(of(rows), [], NESTED)).toEqual({ records: rows, warnings: [] });
	});
});

describe('joined records', () => {
	test('stand under their endpoint’s name', () => {
		const { records, warnings } = joinRows(of([A, B]), [of([{ id: 'b', city: 'Bonn' }], { name: 'place' })], NESTED);
		expect(records).toEqual([
			{ ...A, place: null },
			{ ...B, place: { id: 'b', city: 'Bonn' } },
		]);
		expect(warnings).toEqual([]);
	});

	test('are compared as trimmed text', () => {
		const { records } = joinRows(of([{ id: 17 }]), [of([{ id: ' 17 ', city: 'Bonn' }], { name: 'place' })], NESTED);
		expect(records).toEqual([{ id: 17, place: { id: ' 17 ', city: 'Bonn' } }]);
		expect(joinRows(of([{ id: '017' }]), [of([{ id: 17 }], { name: 'place' })], NESTED).records).toEqual([
			{ id: '017', place: null },
		]);
	});

	test('spread flat stand beside the others, later ones over earlier ones', () => {
		const two = of([{ id: 'a', city: 'Bonn', name: 'Ann' }], { name: 'two' });
		const three = of([{ id: 'a', city: 'Berlin' }], { name: 'three' });
		expect(joinRows(of([A]), [two, three], SPREAD).records).toEqual([{ id: 'a', name: 'Ann', city: 'Berlin' }]);
		expect(joinRows(of([A]), [three, two], SPREAD).records).toEqual([{ id: 'a', name: 'Ann', city: 'Bonn' }]);
	});

	test('spread flat never change who a person is', () => {
		const contracts = of([{ id: 'contract 9', person: 'a', until: '2027' }], { name: 'contracts', joinOn: 'person' });
		expect(joinRows(of([A]), [contracts], SPREAD).records).toEqual([{ ...A, person: 'a', until: '2027' }]);
		const numbered = of([{ id: ' a', n: 1 }], { name: 'n' });
		expect(joinRows(of([A]), [numbered], SPREAD).records).toEqual([{ ...A, n: 1 }]);
	});

	test('that a person has several of come as a list, spread or not', () => {
		const jobs = of(
			[
				{ id: 'a', job: 1 },
				{ id: 'a', job: 2 },
			],
			{ name: 'jobs', several: true },
		);
		const both = [
			{ id: 'a', job: 1 },
			{ id: 'a', job: 2 },
		];
		for (const join of [NESTED, SPREAD])
			expect(joinRows(of([A, B]), [jobs], join).records).toEqual([
				{ ...A, jobs: both },
				{ ...B, jobs: [] },
			]);
	});

	test('that somebody has several of though the endpoint gives one each are warned of', () => {
		const jobs = of(
			[
				{ id: 1, who: 'a' },
				{ id: 2, who: 'a' },
				{ id: 3, who: 'b' },
			],
			{ name: 'jobs', joinOn: 'who' },
		);
		const { records, warnings } = joinRows(of([A, B]), [jobs], NESTED);
		expect(records.map(({ jobs: one }) => one)).toEqual([
			{ id: 1, who: 'a' },
			{ id: 3, who: 'b' },
		]);
		expect(warnings).toEqual([
			'"jobs" has several rows for 1 people, and only the first of each is used: switch on \'Several per Person\'',
		]);
	});

	test('that say nothing of whose they are are warned of', () => {
		const jobs = of([{ id: 1 }, { id: 2, who: ' ' }, { id: 3, who: 'b' }], { name: 'jobs', joinOn: 'who' });
		expect(joinRows(of([A, B]), [jobs], NESTED).warnings).toEqual([
			'2 rows of "jobs" have no who and belong to nobody',
		]);
	});

	test('join on another field than the key, of the first endpoint too', () => {
		const first = of([{ id: 1, login: 'anna' }, { id: 2, login: 'bert' }, { id: 3 }], { joinOn: 'login' });
		const mails = of([{ user: { name: 'bert' }, mail: 'b@x' }], {
			name: 'mail',
			primaryKey: 'mail',
			joinOn: 'user.name',
		});
		expect(joinRows(first, [mails], NESTED).records).toEqual([
			{ id: 1, login: 'anna', mail: null },
			{ id: 2, login: 'bert', mail: { user: { name: 'bert' }, mail: 'b@x' } },
			{ id: 3, mail: null },
		]);
	});

	test('leave the rows that they are made of as they were', () => {
		const [first, second] = [{ ...A }, { id: 'a', city: 'Bonn' }];
		joinRows(of([first]), [of([second], { name: 'place' })], SPREAD);
		expect([first, second]).toEqual([A, { id: 'a', city: 'Bonn' }]);
	});

	test('with fields called __proto__ change no prototype', () => {
		const evil = JSON.parse('{"id":"a","__proto__":{"admin":true}}') as HcmRecord;
		for (const join of [NESTED, SPREAD]) {
			const [record] = joinRows(of([A]), [of([evil], { name: '__proto__' })], join).records;
			expect((record as { admin?: unknown } | undefined)?.admin).toBeUndefined();
		}
		expect(({} as { admin?: unknown }).admin).toBeUndefined();
	});
});

describe('records whose key the first endpoint does not have', () => {
	const others = [
		of(
			[
				{ id: 'b', city: 'Bonn' },
				{ id: 'c', city: 'Celle' },
			],
			{ name: 'place' },
		),
		of(
			[
				{ id: 'd', car: 'x' },
				{ id: 'c', car: 'y' },
			],
			{ name: 'cars' },
		),
	];

	test('are reported by name and in number', () => {
		const { records, warnings } = joinRows(of([B]), others, NESTED);
		expect(records).toEqual([{ ...B, place: { id: 'b', city: 'Bonn' }, cars: null }]);
		expect(warnings).toEqual([
			'"place" has 1 person that "users" does not have: c',
			'"cars" has 2 people that "users" does not have: d, c',
		]);
	});

	test('are reported by five of their keys at most', () => {
		const many = of(
			Array.from({ length: 7 }, (_, id) => ({ id })),
			{ name: 'place' },
		);
		expect(joinRows(of([B]), [many], NESTED).warnings).toEqual([
			'"place" has 7 people that "users" does not have: 0, 1, 2, 3, 4, ...',
		]);
	});

	test('are dropped without a word', () => {
		const { records, warnings } = joinRows(of([B]), others, { as: 'nested', unmatched: 'drop' });
		expect(records).toHaveLength(1);
		expect(warnings).toEqual([]);
	});

	test('are kept as records of their own, each person once', () => {
		expect(joinRows(of([B]), others, { as: 'nested', unmatched: 'keep' }).records).toEqual([
			{ ...B, place: { id: 'b', city: 'Bonn' }, cars: null },
			{ id: 'c', place: { id: 'c', city: 'Celle' }, cars: { id: 'c', car: 'y' } },
			{ id: 'd', place: null, cars: { id: 'd', car: 'x' } },
		]);
		expect(joinRows(of([B]), others, { as: 'spread', unmatched: 'keep' }).records.slice(1)).toEqual([
			{ id: 'c', city: 'Celle', car: 'y' },
			{ id: 'd', car: 'x' },
		]);
	});

	test('are kept with the key where the first endpoint has it', () => {
		const first = of([{ ids: { hr: 1 } }], { primaryKey: 'ids.hr' });
		const { records } = joinRows(first, [of([{ id: 2 }], { name: 'x' })], { as: 'nested', unmatched: 'keep' });
		expect(records[1]).toEqual({ ids: { hr: '2' }, x: { id: 2 } });
	});
});

describe('any join', () => {
	test('has everybody of the first endpoint once and in order, and nobody else unless they are kept', () => {
		const keys = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 10 });
		const join = fc.record<Join>({
			as: fc.constantFrom('nested', 'spread'),
			unmatched: fc.constantFrom('keep', 'drop', 'report'),
		});
		fc.assert(
			fc.property(
				keys,
				fc.array(fc.record({ id: fc.nat({ max: 12 }), n: fc.nat() })),
				fc.boolean(),
				join,
				(first, rows, several, how) => {
					const { records } = joinRows(of(first.map((id) => ({ id }))), [of(rows, { name: 'other', several })], how);
					const strangers = [...new Set(rows.map(({ id }) => id))].filter((id) => !first.includes(id));
					const kept = how.unmatched === 'keep' ? strangers : [];
					expect(records.map(({ id }) => Number(id))).toEqual([...first, ...kept]);
					if (several)
						expect(records.flatMap(({ other }) => other as unknown[])).toHaveLength(
							rows.filter(({ id }) => first.includes(id) || kept.includes(id)).length,
						);
				},
			),
		);
	});
});
