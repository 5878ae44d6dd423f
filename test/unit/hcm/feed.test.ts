import fc from 'fast-check';
import { CancelledError, HcmError } from '../../../lib/hcm/errors';
import { readFeed } from '../../../lib/hcm/feed';
import type {
	FeedDependencies,
	FeedSettings,
	HttpReply,
	HttpRequest,
	OffsetPaging,
	Stops,
} from '../../../lib/hcm/types';
import { PathError } from '../../../lib/json/path';
import { dependencies, endpoint, json, OFFSET, queryOf, settings, type SettingsChanges } from '../../support/feeds';

type Paging = Partial<OffsetPaging> & { readonly total?: false };

/** People at "results", read by offset with the total at "totalCount". */
function feed({ total, ...paging }: Paging = {}, changes: SettingsChanges = {}): FeedSettings {
	const stops: Stops = { shortPage: true, ...(total === false ? {} : { total: { in: 'body', path: 'totalCount' } }) };
	const request = { query: [['fields', 'id']] as const, headers: [['accept', 'application/json']] as const };
	return settings([endpoint({ request, paging: { ...OFFSET, ...paging }, stops })], changes);
}

const people = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `p${index}` }));

type Row = { readonly id: string };
type Edit = { readonly kind: 'remove' | 'insert'; readonly at: number };
/** When a server says how many rows there are. */
type Totals = 'always' | 'never' | 'first' | 'zero later';

/** People who come and go between the calls; they keep their order, as a server that sorts by id keeps it. */
function hrSystem(count: number, totals: Totals = 'always', edits: readonly (readonly Edit[])[] = [], cap = 1000) {
	const rows: Row[] = people(count);
	const throughout = new Set(rows.map(({ id }) => id));
	const requests: HttpRequest[] = [];
	let born = 0;
	const edit = ({ kind, at }: Edit) => {
		if (kind === 'insert') rows.splice(at % (rows.length + 1), 0, { id: `n${(born += 1)}` });
		else if (rows.length > 0) for (const { id } of rows.splice(at % rows.length, 1)) throughout.delete(id);
	};
	const send: FeedDependencies['send'] = (request) => {
		// Nothing happens before the first call: those who are there then are the people in question.
		if (requests.length > 0) edits[requests.length - 1]?.forEach(edit);
		requests.push(request);
		const offset = Number(queryOf(request)['skip']);
		const results = rows.slice(offset, offset + Math.min(cap, Number(queryOf(request)['limit'])));
		const told = totals === 'always' || (totals !== 'never' && requests.length === 1);
		const totalCount = told ? rows.length : totals === 'zero later' ? 0 : undefined;
		return Promise.resolve(json({ results, totalCount }));
	};
	return { send, rows, throughout, requests };
}

const withQuery = (request: HttpRequest, changes: Readonly<Record<string, string>>): HttpRequest => ({
	...request,
	query: Object.entries({ ...queryOf(request), ...changes }),
});

const count = fc.integer({ min: 0, max: 25 });
const pageSize = fc.integer({ min: 1, max: 8 });
const cap = fc.oneof(fc.constant(1000), fc.integer({ min: 1, max: 8 }));
const totals = fc.constantFrom<Totals>('always', 'never');
const edit: fc.Arbitrary<Edit> = fc.record({ kind: fc.constantFrom('remove', 'insert'), at: fc.nat({ max: 30 }) });
const edits = fc.array(
	fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(edit, { maxLength: 4 }) }),
	{ maxLength: 20 },
);
const ids = (records: readonly unknown[]) => records.map((record) => (record as Row).id);

describe('a feed of people who come and go while it is read', () => {
	test('that is complete with strong evidence has everybody who was there throughout', async () => {
		let trusted = 0;
		await fc.assert(
			fc.asyncProperty(count, pageSize, cap, totals, edits, async (people, size, most, told, changes) => {
				const system = hrSystem(people, told, changes, most);
				const { records, report } = await readFeed(feed({ pageSize: size }), dependencies(system.send));
				expect(new Set(ids(records)).size).toBe(records.length);
				expect(report.reasons.length === 0).toBe(report.complete);
				if (!report.complete || report.evidence !== 'strong') return;
				trusted += 1;
				const missing = [...system.throughout].filter((id) => !ids(records).includes(id));
				expect(missing).toEqual([]);
			}),
			{ numRuns: 3000 },
		);
		expect(trusted).toBeGreaterThan(100);
	});

	test.each<Totals>(['first', 'zero later'])(
		'and that announces its total as "%s" is not trusted with people missing',
		async (told) => {
			await fc.assert(
				fc.asyncProperty(count, pageSize, cap, edits, async (people, size, most, changes) => {
					const system = hrSystem(people, told, changes, most);
					const { records, report } = await readFeed(feed({ pageSize: size }), dependencies(system.send));
					if (!report.complete || report.evidence !== 'strong') return;
					expect([...system.throughout].filter((id) => !ids(records).includes(id))).toEqual([]);
				}),
				{ numRuns: 3000, examples: [[10, 4, 1000, [[4, 4, 4].map((at): Edit => ({ kind: 'insert', at }))]]] },
			);
		},
	);

	test('is read once more when rows moved, and is whole when they stay then', async () => {
		const system = hrSystem(10, 'always', [[{ kind: 'remove', at: 0 }]]);
		const { records, report } = await readFeed(feed(), dependencies(system.send));
		expect(ids(records)).toEqual(ids(system.rows));
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 9 });
		expect(system.requests.map((request) => queryOf(request)['skip'])).toEqual(['0', '3', '0', '3', '6']);
	});

	test('is not whole when rows move twice in a row', async () => {
		const removal: Edit[] = [{ kind: 'remove', at: 0 }];
		const system = hrSystem(10, 'always', [removal, [], removal]);
		const { report } = await readFeed(feed(), dependencies(system.send));
		expect(report).toMatchObject({
			complete: false,
			evidence: 'weak',
			reasons: ['rows moved while "users" was read, twice in a row'],
		});
	});
});

describe('a feed of people who stay', () => {
	test('is everybody, once, in order', async () => {
		await fc.assert(
			fc.asyncProperty(
				count,
				fc.integer({ min: 2, max: 8 }),
				fc.constantFrom(0, 1),
				totals,
				async (people, size, start, told) => {
					const system = hrSystem(people, told);
					const shifted: FeedDependencies['send'] = (request, signal) =>
						system.send(withQuery(request, { skip: String(Number(queryOf(request)['skip']) - start) }), signal);
					const { records, report } = await readFeed(feed({ pageSize: size, start }), dependencies(shifted));
					expect(ids(records)).toEqual(ids(system.rows));
					expect(report).toMatchObject({
						complete: true,
						reasons: [],
						evidence: told === 'always' ? 'strong' : 'weak',
						records: people,
					});
				},
			),
		);
	});

	test('is asked for with the endpoint’s own address, query and headers, page by page', async () => {
		const system = hrSystem(8);
		await readFeed(feed(), dependencies(system.send));
		expect(system.requests).toEqual(
			['0', '3', '6'].map((skip) => ({
				method: 'GET',
				url: 'https://hr.example.com/users',
				query: [
					['fields', 'id'],
					['limit', '4'],
					['skip', skip],
				],
				headers: { accept: 'application/json' },
				withCredential: true,
			})),
		);
	});

	test('has a report of what was read', async () => {
		let now = 1000;
		const system = hrSystem(8);
		const { report } = await readFeed(feed(), dependencies(system.send, { clock: () => (now += 10.4) }));
		expect(report).toEqual({
			formatVersion: 1,
			node: 'HR',
			feed: 'people',
			kind: 'full',
			complete: true,
			reasons: [],
			evidence: 'strong',
			warnings: [],
			comparison: 'not compared',
			records: 8,
			nextSince: null,
			endpoints: [
				{
					name: 'users',
					calls: 3,
					retries: 0,
					rows: 8,
					unique: 8,
					duplicates: 0,
					total: 8,
					pages: 3,
					ms: expect.any(Number) as number,
				},
			],
		});
	});

	test('is asked for without a page size where the server takes none', async () => {
		const system = hrSystem(8);
		const limited: FeedDependencies['send'] = (request, signal) =>
			system.send(withQuery(request, { limit: '4' }), signal);
		const asked: HttpRequest[] = [];
		const { records } = await readFeed(
			feed({ limitParameter: '' }),
			dependencies((request, signal) => {
				asked.push(request);
				return limited(request, signal);
			}),
		);
		expect(ids(records)).toEqual(ids(system.rows));
		expect(asked.map(queryOf)).toEqual(['0', '3', '6'].map((skip) => ({ fields: 'id', skip })));
	});

	test.each<Totals>(['first', 'zero later'])(
		'and whose total is told as "%s" is proven by the empty end',
		async (told) => {
			await fc.assert(
				fc.asyncProperty(count, fc.integer({ min: 2, max: 8 }), async (people, size) => {
					const system = hrSystem(people, told);
					const { records, report } = await readFeed(feed({ pageSize: size }), dependencies(system.send));
					expect(ids(records)).toEqual(ids(system.rows));
					expect(report).toMatchObject({ complete: true, evidence: 'strong' });
				}),
			);
		},
	);

	test('counts retries', async () => {
		const system = hrSystem(3);
		let calls = 0;
		const send: FeedDependencies['send'] = (request, signal) =>
			(calls += 1) === 1 ? Promise.resolve(json({}, 503)) : system.send(request, signal);
		const { report } = await readFeed(feed({}, { calling: { retries: 1 } }), dependencies(send));
		expect(report.endpoints[0]).toMatchObject({ calls: 2, retries: 1, pages: 1 });
	});

	test('in one reply is whole, with strong evidence', async () => {
		const { records, report } = await readFeed(
			settings([endpoint()]),
			dependencies(() => Promise.resolve(json({ results: people(5) }))),
		);
		expect(ids(records)).toEqual(ids(people(5)));
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 5 });
	});

	test('with an empty answer has nobody', async () => {
		const nobody: HttpReply = { status: 204, headers: {}, body: '' };
		const { records, report } = await readFeed(
			feed(),
			dependencies(() => Promise.resolve(nobody)),
		);
		expect(records).toEqual([]);
		expect(report).toMatchObject({ complete: true, evidence: 'weak', records: 0 });
	});
});

describe('a feed is not whole', () => {
	const read = (from: FeedSettings, results: readonly unknown[], totalCount?: number) =>
		readFeed(
			from,
			dependencies((request) => {
				const offset = Number(queryOf(request)['skip'] ?? 0);
				return Promise.resolve(json({ results: results.slice(offset, offset + 4), totalCount }));
			}),
		);

	test('when fewer people came than were announced', async () => {
		const { report } = await read(feed(), people(6), 9);
		expect(report).toMatchObject({ complete: false, reasons: ['"users" announced 9 rows and gave 6 different ones'] });
	});

	test('when more people came than were announced', async () => {
		const { report } = await read(feed(), people(4), 3);
		expect(report).toMatchObject({ complete: false, reasons: ['"users" announced 3 rows and gave 4 different ones'] });
	});

	test('when rows have no key, which are left out', async () => {
		const rows = [{ id: 1 }, { name: 'x' }, { id: '' }, { id: null }, { id: ' ' }, { id: {} }, { id: 2 }];
		const { records, report } = await readFeed(
			settings([endpoint()]),
			dependencies(() => Promise.resolve(json({ results: rows }))),
		);
		expect(ids(records)).toEqual([1, 2]);
		expect(report).toMatchObject({ complete: false, reasons: ['5 rows of "users" have no id'], records: 2 });
	});

	test('when a person comes twice and another one is missing for it', async () => {
		const rows = [{ id: 'a' }, { id: 'b' }, { id: 'b' }];
		const { records, report } = await read(feed(), rows, 3);
		expect(ids(records)).toEqual(['a', 'b']);
		expect(report.complete).toBe(false);
		expect(report.endpoints[0]).toMatchObject({ rows: 3, unique: 2, duplicates: 1 });
	});

	test('when the cap of pages or of rows is reached', async () => {
		const pages = await read(feed({}, { limits: { maxPages: 2 } }), people(20), 20);
		expect(pages.report.complete).toBe(false);
		expect(pages.report.reasons).toContain('the cap of 2 pages was reached');
		const rows = await read(feed({}, { limits: { maxRows: 5 } }), people(20));
		expect(rows.report).toMatchObject({ complete: false, reasons: ['the cap of 5 rows was reached'] });
	});

	test('but is when it ends just at the cap', async () => {
		expect((await read(feed({}, { limits: { maxPages: 2 } }), people(7), 7)).report.complete).toBe(true);
	});

	test.each([1, 2, 4])('when the server ignores the offset, with pages of %i', async (size) => {
		const rows = people(size);
		const system = { calls: 0 };
		const { report } = await readFeed(
			feed({ pageSize: size, total: false }),
			dependencies(() => {
				system.calls += 1;
				return Promise.resolve(json({ results: rows }));
			}),
		);
		expect(report).toMatchObject({
			complete: false,
			reasons: ['page 2 of "users" is the same as the one before; the server seems to ignore skip'],
		});
		expect(system.calls).toBeLessThan(6);
	});
});

describe('the key of a person', () => {
	test('is the same as number and as text, blanks left out', async () => {
		const rows = [{ id: 17 }, { id: '17 ' }, { id: ' 17' }, { id: '018' }, { id: 18 }];
		const { records, report } = await readFeed(
			settings([endpoint()]),
			dependencies(() => Promise.resolve(json({ results: rows }))),
		);
		expect(ids(records)).toEqual([17, '018', 18]);
		expect(report.endpoints[0]).toMatchObject({ rows: 5, unique: 3, duplicates: 2 });
	});

	test('may stand deeper, and may have more digits than a number', async () => {
		const body = '{"results": [{"a": {"b": 12345678901234567}}, {"a": {"b": 12345678901234568}}]}';
		const { records } = await readFeed(
			settings([endpoint({ primaryKey: 'a.b' })]),
			dependencies(() => Promise.resolve({ status: 200, headers: {}, body })),
		);
		expect(records).toHaveLength(2);
	});
});

describe('the records of a reply', () => {
	const read = (recordsPath: string, reply: unknown) =>
		readFeed(
			settings([endpoint({ recordsPath })]),
			dependencies(() => Promise.resolve(json(reply))),
		);

	test.each<[path: string, reply: unknown]>([
		['', [{ id: 1 }]],
		['', { total: 1, people: [{ id: 1 }] }],
		['results', { results: [{ id: 1 }], others: [] }],
		['data.people', { data: { people: [{ id: 1 }] } }],
		['$.data[*]', { data: [{ id: 1 }] }],
	])('stand at %j in %j', async (path, reply) => {
		expect((await read(path, reply)).records).toEqual([{ id: 1 }]);
	});

	test.each<[path: string, reply: unknown, words: string]>([
		['results', { people: [] }, 'no list of records stands at "results". The reply has the fields people.'],
		['', { a: [], b: [] }, 'no list of records stands at "the root". The reply has the fields a, b.'],
		['', {}, 'The reply has the fields (none).'],
		['', 'text', 'The reply has no fields.'],
		['results', { results: ['Ada'] }, 'a record is no object but "Ada"'],
		['results', { results: [[1]] }, 'a record is no object but [1]'],
		['results', { results: [null] }, 'a record is no object but null'],
	])('do not stand at %j in %j: %s', async (path, reply, words) => {
		await expect(read(path, reply)).rejects.toThrow(HcmError);
		await expect(read(path, reply)).rejects.toThrow(words);
	});

	test('are not looked for with a path that is none', async () => {
		await expect(read('results[?(@.id)]', { results: [] })).rejects.toThrow(PathError);
	});
});

describe('a feed that breaks off', () => {
	test('names the page', async () => {
		const system = hrSystem(10);
		const send: FeedDependencies['send'] = (request, signal) =>
			queryOf(request)['skip'] === '0' ? system.send(request, signal) : Promise.resolve(json({}, 401));
		const { records, report, fault } = await readFeed(feed(), dependencies(send));
		expect(fault).toMatchObject({ page: 2, status: 401 });
		expect(report).toMatchObject({ complete: false, reasons: [fault?.message], evidence: 'weak' });
		expect(records).toHaveLength(4);
	});

	test('before anything was read says what is wrong', async () => {
		const refused = readFeed(
			feed(),
			dependencies(() => Promise.resolve(json({}, 401))),
		);
		await expect(refused).rejects.toMatchObject({ page: 1, status: 401 });
	});

	test('because the run was stopped says so', async () => {
		const controller = new AbortController();
		const system = hrSystem(10);
		const send: FeedDependencies['send'] = (request, signal) => {
			controller.abort();
			return system.send(request, signal);
		};
		const stopped = readFeed(feed(), dependencies(send, { signal: controller.signal }));
		await expect(stopped).rejects.toBeInstanceOf(CancelledError);
		expect(system.requests).toHaveLength(1);
	});
});

describe('a feed with a limit', () => {
	test('says so in one word though rows lack a key, which it warns of', async () => {
		const rows = [{ id: 1 }, { name: 'x' }, ...people(20)];
		const { records, report } = await readFeed(
			feed({}, { limits: { limit: 5 } }),
			dependencies((request) => {
				const offset = Number(queryOf(request)['skip']);
				return Promise.resolve(json({ results: rows.slice(offset, offset + 4), totalCount: rows.length }));
			}),
		);
		expect(records).toHaveLength(5);
		expect(report).toMatchObject({
			complete: false,
			reasons: ['limit'],
			kind: 'delta',
			evidence: 'weak',
			warnings: ['1 rows of "users" have no id'],
		});
	});

	test('is whole where there are fewer', async () => {
		const system = hrSystem(3);
		const { report } = await readFeed(feed({}, { limits: { limit: 5 } }), dependencies(system.send));
		expect(report).toMatchObject({ complete: true, reasons: [], kind: 'delta', records: 3 });
	});
});
