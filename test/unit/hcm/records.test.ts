import { HcmError } from '../../../lib/hcm/errors';
import { compileRows } from '../../../lib/hcm/records';
import type { Endpoint } from '../../../lib/hcm/types';
import { endpoint } from '../../support/feeds';

const CALL = { endpoint: 'users', page: 1 };
const rows = (changes: Partial<Endpoint>, body: unknown, { xml = false, page = 1 } = {}) =>
	compileRows(endpoint({ ...changes, request: {} }))(body, xml, { ...CALL, page });
const A = { id: 'a' };
const B = { id: 'b' };

describe('the records of a reply', () => {
	test.each<[path: string, body: unknown, found: unknown[]]>([
		['', [A, B], [A, B]],
		['', [], []],
		['', { people: [A, B], total: 2 }, [A, B]],
		['', { people: [], total: 0 }, []],
		['$', [A], [A]],
		['$', A, [A]],
		['results', { results: [A, B] }, [A, B]],
		[' $.data.employees ', { data: { employees: [A] } }, [A]],
		["['@graph.x']", { '@graph.x': [A] }, [A]],
		['results', { results: null }, []],
		['results', { results: [] }, []],
		['results', { results: A }, [A]],
		['results[*]', { results: [A, B] }, [A, B]],
		['results[*]', { results: [A] }, [A]],
		['results[*]', { results: [] }, []],
		['results[*].employee', { results: [{ employee: A }, { employee: B }] }, [A, B]],
		['results[*].employee', { results: [] }, []],
		['$[*]', [], []],
		['$[*].employee', [{ employee: A }], [A]],
	])('at %j of %j are %j', (recordsPath, body, found) => {
		expect(rows({ recordsPath }, body)).toEqual(found);
	});

	test('are none in an empty reply', () => {
		for (const recordsPath of ['', '$', 'results']) expect(rows({ recordsPath }, undefined)).toEqual([]);
	});

	test.each<[path: string, body: unknown]>([
		['', {}],
		['', { one: [A], two: [B] }],
		['', { nothing: true }],
		['', 'text'],
		['', null],
		['results', { result: [A] }],
		['results', [A]],
		['results.list', { results: [A] }],
		['results[*].employee', { results: [{ person: A }] }],
		['$', 'text'],
	])('at %j of %j are nowhere, which is said and never taken for an empty list', (recordsPath, body) => {
		expect(() => rows({ recordsPath }, body)).toThrow(HcmError);
		expect(() => rows({ recordsPath }, body)).toThrow(/^Endpoint "users", page 1: no list of records stands at/);
	});

	test.each([[['a']], [[A, null]], [[[A]]], [[17]]])('that are %j are no records', (results) => {
		expect(() => rows({ recordsPath: 'results' }, { results })).toThrow('page 1: a record is no object but');
	});

	test('of a strange reply are described in few words', () => {
		const body = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}${'x'.repeat(200)}`, 1]));
		expect(() => rows({ recordsPath: 'results' }, body)).toThrow(/^.{0,450}$/);
	});

	test('are not looked for by a path that would be run', () => {
		expect(() => compileRows(endpoint({ recordsPath: 'a[?(@.b)]' }))).toThrow('scripts are not run');
	});
});

describe('the reply about one person', () => {
	const details = { dependsOn: 'users', recordsPath: '' };

	test.each<[what: string, body: object]>([
		['without a list', { id: 'a', name: 'A' }],
		['with one list, of telephone numbers', { id: 'a', phones: [{ id: 'p', number: '1' }] }],
		['with two lists', { id: 'a', phones: [], mails: [] }],
		['without a key and without a list', { name: 'A' }],
	])('%s is the record itself', (_what, body) => {
		expect(rows(details, body)).toEqual([body]);
	});

	test('that is a list around them gives its entries', () => {
		expect(rows(details, { results: [A, B], totalCount: 2 })).toEqual([A, B]);
		expect(rows(details, [A, B])).toEqual([A, B]);
	});
});

describe('records out of XML', () => {
	const read = (recordsPath: string, body: unknown, page = 1) => rows({ recordsPath }, body, { xml: true, page });

	test.each<[what: string, path: string, body: unknown, found: unknown[]]>([
		['several elements', 'people.person', { people: { person: [A, B] } }, [A, B]],
		['one element', 'people.person', { people: { person: A } }, [A]],
		['an empty element around them', 'people.person', { people: '' }, []],
		['an element around them with nothing but attributes', 'people.person', { people: { '@count': '0' } }, []],
		['an empty element where they stand', 'people.person', { people: { person: '' } }, []],
		['the path of the element around them', 'people', { people: '' }, []],
	])('with %s', (_what, path, body, found) => {
		expect(read(path, body)).toEqual(found);
	});

	test('are none on a later page that has other fields left', () => {
		expect(read('people.person', { people: { total: '5' } }, 2)).toEqual([]);
		expect(() => read('people.person', { people: { total: '5' } }, 1)).toThrow('no list of records stands at');
		expect(() => read('people.person', { fault: 'x' }, 2)).toThrow('no list of records stands at');
	});

	test('are looked for so in XML only', () => {
		expect(() => rows({ recordsPath: 'people.person' }, { people: '' }, { page: 2 })).toThrow(HcmError);
	});
});

describe('wrapped records', () => {
	test('inside a field are taken out', () => {
		const unwrap = { type: 'path', path: 'employee.data' } as const;
		expect(rows({ unwrap }, { results: [{ employee: { data: A } }, { employee: { data: B } }] })).toEqual([A, B]);
		for (const wrong of [{ employee: {} }, { employee: { data: null } }, { id: 1 }])
			expect(() => rows({ unwrap }, { results: [wrong] })).toThrow('a row is not wrapped in "employee.data"');
	});

	test('under an id key, as Zoho sends them, come with the id', () => {
		const results = [{ '100': [{ name: 'A' }] }, { '200': { name: 'B' }, '300': [{ name: 'C' }, { name: 'D' }] }];
		expect(rows({ unwrap: { type: 'idKey', idField: 'id' } }, { results })).toEqual([
			{ name: 'A', id: '100' },
			{ name: 'B', id: '200' },
			{ name: 'C', id: '300' },
			{ name: 'D', id: '300' },
		]);
		expect(rows({ unwrap: { type: 'idKey', idField: '' } }, { results })[0]).toEqual({ name: 'A' });
	});

	test('under an id key that is none are refused', () => {
		expect(() => rows({ unwrap: { type: 'idKey', idField: '' } }, { results: [['a']] })).toThrow(
			'not wrapped in an id',
		);
		expect(() => rows({ unwrap: { type: 'idKey', idField: 'id' } }, { results: [{ '1': 'text' }] })).toThrow(
			'is no object',
		);
	});

	test('never reach the prototype of anything', () => {
		const results: unknown = JSON.parse('[{"__proto__": {"admin": true}}]');
		const [row] = rows({ unwrap: { type: 'idKey', idField: 'id' } }, { results });
		expect(row).toEqual({ admin: true, id: '__proto__' });
		expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
	});
});
