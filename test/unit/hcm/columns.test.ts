import fc from 'fast-check';
import { columnsOf, listsOf } from '../../../lib/hcm/columns';
import { compilePath } from '../../../lib/json/path';

describe('the columns of records', () => {
	test('are the paths to their values, in order of appearance, each with an example', () => {
		const records = [
			{
				id: 1,
				name: { family: 'Meier' },
				active: false,
				mails: [{ value: 'a@x' }, { value: 'b@x' }],
				tags: [],
				boss: null,
			},
			{ id: 2, phone: '030', boss: 'b' },
		];
		expect(columnsOf(records)).toEqual([
			{ path: 'id', example: '1' },
			{ path: 'name.family', example: 'Meier' },
			{ path: 'active', example: 'false' },
			{ path: 'mails[0].value', example: 'a@x' },
			{ path: 'tags', example: '' },
			{ path: 'boss', example: 'b' },
			{ path: 'phone', example: '030' },
		]);
	});

	test.each<[name: string, path: string]>([
		['@odata.type', "['@odata.type']"],
		['work email', "['work email']"],
		["boss's", `["boss's"]`],
		['urn:a:2.0:User', "['urn:a:2.0:User']"],
		['größe', 'größe'],
		['cost-center', 'cost-center'],
		['$count', '$count'],
		['$', "['$']"],
		['0', "['0']"],
		['', "['']"],
	])('called %j are found at %s', (name, path) => {
		expect(columnsOf([{ [name]: 'x' }])).toEqual([{ path, example: 'x' }]);
		expect(compilePath(path)({ [name]: 'x' })).toBe('x');
	});

	test('that no path can name are not offered', () => {
		const record: unknown = JSON.parse('{"a\'\\"b": 1, "a\\\\b": 1, "__proto__": {"x": 1}, "constructor": 1, "ok": 1}');
		expect(columnsOf([record, { ['x'.repeat(501)]: 1 }])).toEqual([{ path: 'ok', example: '1' }]);
	});

	test('lead to what their example says, whatever the records are', () => {
		fc.assert(
			fc.property(
				fc.array(fc.object({ maxDepth: 4, values: [fc.string(), fc.integer(), fc.constant(null)] })),
				(records) => {
					for (const { path, example } of columnsOf(records)) {
						const values = records.map(compilePath(path));
						expect(values.some((value) => value !== undefined)).toBe(true);
						if (example !== '' && !example.endsWith('…'))
							expect(
								values.map((value) =>
									String(value)
										.replace(/[\p{Cc}\s]+/gu, ' ')
										.trim(),
								),
							).toContain(example);
					}
				},
			),
			{ numRuns: 300 },
		);
	});

	test('have short examples on one line', () => {
		expect(columnsOf([{ note: 'a\n\tb' }])[0]?.example).toBe('a b');
		expect(columnsOf([{ note: 'x'.repeat(100) }])[0]?.example).toBe(`${'x'.repeat(39)}…`);
	});

	test('are bounded in number and in depth', () => {
		const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
		expect(columnsOf([wide])).toHaveLength(400);
		expect(columnsOf([{ a: { b: { c: { d: { e: 1 } } }, x: 1 } }])).toEqual([{ path: 'a.x', example: '1' }]);
	});

	test('of what are no records are none', () => {
		expect(columnsOf([])).toEqual([]);
		expect(columnsOf([null, 'text', 3, {}])).toEqual([]);
	});
});

describe('the lists of a reply', () => {
	test.each<[body: unknown, lists: [path: string, example: string][]]>([
		[[{ id: 1 }], [['$', '1 entry']]],
		[[], [['$', '0 entries']]],
		[{ results: [{ id: 1 }, { id: 2 }], total: 2 }, [['results', '2 entries']]],
		[
			{ data: { employees: [], tags: ['a'] }, '@graph.x': [{}] },
			[
				['data.employees', '0 entries'],
				["['@graph.x']", '1 entry'],
			],
		],
		[{ a: { b: { c: { d: { e: [] } } } } }, []],
		[{ $: [{}] }, [["['$']", '1 entry']]],
		['text', []],
		[null, []],
		[undefined, []],
	])('%j are %j', (body, lists) => {
		expect(listsOf(body)).toEqual(lists.map(([path, example]) => ({ path, example })));
		for (const [path] of lists) expect(Array.isArray(compilePath(path)(body))).toBe(true);
	});

	test('are bounded in number', () => {
		const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, []]));
		expect(listsOf(wide)).toHaveLength(400);
	});
});
