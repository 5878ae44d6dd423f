/** What a feed may be trusted with when people come and go while it is read, for every style of reading. */
import fc from 'fast-check';
import { readFeed } from '../../../lib/hcm/feed';
import type { Endpoint, FeedDependencies, HttpRequest, Paging, Stops } from '../../../lib/hcm/types';
import { dependencies, endpoint, json, OFFSET, queryOf, settings, type SettingsChanges } from '../../support/feeds';

type Row = { readonly id: string };
type Edit = { readonly kind: 'remove' | 'insert'; readonly at: number };
type Style = 'offset' | 'page' | 'keyset cursor' | 'offset cursor' | 'keyset link' | 'page link';

/** Sorted by id like a server's list; a new person may stand anywhere, and no id is used twice. */
function hrSystem(count: number, edits: readonly (readonly Edit[])[]) {
	const rows: Row[] = Array.from({ length: count }, (_, index) => ({ id: `${String(index).padStart(4, '0')}m` }));
	const throughout = new Set(rows.map(({ id }) => id));
	let calls = 0;
	let born = 0;
	const insert = (at: number) => {
		born += 1;
		const before = rows[(at % (rows.length + 1)) - 1]?.id ?? '';
		// Behind "before" in the order of ids, and never one that was there.
		rows.push({ id: `${before}+${String(born).padStart(6, '0')}` });
		rows.sort((left, right) => (left.id < right.id ? -1 : 1));
	};
	const between = () => {
		if (calls > 0)
			for (const { kind, at } of edits[calls - 1] ?? []) {
				if (kind === 'insert') insert(at);
				else if (rows.length > 0) for (const { id } of rows.splice(at % rows.length, 1)) throughout.delete(id);
			}
		calls += 1;
	};
	return { rows, throughout, between, calls: () => calls };
}

type System = ReturnType<typeof hrSystem>;
type Facts = { readonly size: number; readonly total: boolean };

/** Each style as a server gives it, and as a builder enters it. */
const STYLES: Readonly<
	Record<
		Style,
		(facts: Facts) => {
			paging: Paging;
			reply: (system: System, request: HttpRequest) => unknown;
			headers?: (system: System, request: HttpRequest) => Record<string, string>;
		}
	>
> = {
	offset: ({ size }) => ({
		paging: { ...OFFSET, pageSize: size },
		reply: ({ rows }, request) => {
			const skip = Number(queryOf(request)['skip']);
			return { results: rows.slice(skip, skip + size) };
		},
	}),
	page: ({ size }) => ({
		paging: {
			style: 'page',
			in: 'query',
			pageParameter: 'page',
			firstPage: 1,
			limitParameter: 'limit',
			pageSize: size,
		},
		reply: ({ rows }, request) => {
			const skip = (Number(queryOf(request)['page']) - 1) * size;
			return { results: rows.slice(skip, skip + size) };
		},
	}),
	'keyset cursor': ({ size }) => ({
		paging: cursor(size),
		reply: ({ rows }, request) => {
			const after = queryOf(request)['cursor'] ?? '';
			const page = rows.filter(({ id }) => id > after).slice(0, size);
			return { results: page, next: page.length < size ? null : page.at(-1)?.id };
		},
	}),
	'offset cursor': ({ size }) => ({
		paging: cursor(size),
		reply: ({ rows }, request) => {
			const skip = Number(queryOf(request)['cursor'] ?? 0);
			const page = rows.slice(skip, skip + size);
			return { results: page, next: skip + size < rows.length ? skip + size : null };
		},
	}),
	'keyset link': ({ size }) => ({
		paging: { style: 'link', in: 'query', nextPath: 'next', limitParameter: '', pageSize: size },
		reply: ({ rows }, request) => {
			const after = queryOf(request)['after'] ?? '';
			const page = rows.filter(({ id }) => id > after).slice(0, size);
			return {
				results: page,
				next: page.length < size ? null : `/users?after=${encodeURIComponent(page.at(-1)?.id ?? '')}`,
			};
		},
	}),
	'page link': ({ size }) => ({
		paging: { style: 'link', in: 'query', nextPath: null, limitParameter: '', pageSize: size },
		reply: ({ rows }, request) => {
			const skip = (Number(queryOf(request)['page'] ?? 1) - 1) * size;
			return { results: rows.slice(skip, skip + size) };
		},
		headers: ({ rows }, request) => {
			const page = Number(queryOf(request)['page'] ?? 1);
			return page * size < rows.length ? { link: `</users?page=${page + 1}>; rel="next"` } : {};
		},
	}),
};

function cursor(size: number): Paging {
	return {
		style: 'cursor',
		in: 'query',
		cursor: { in: 'body', path: 'next' },
		cursorParameter: 'cursor',
		cursorIn: 'query',
		limitParameter: 'limit',
		pageSize: size,
	};
}

function feedOf(style: Style, facts: Facts, changes: readonly (readonly Edit[])[], count: number) {
	const system = hrSystem(count, changes);
	const { paging, reply, headers } = STYLES[style](facts);
	const send: FeedDependencies['send'] = (request) => {
		system.between();
		const totalCount = facts.total ? system.rows.length : undefined;
		return Promise.resolve(
			json({ ...(reply(system, request) as object), totalCount }, 200, headers?.(system, request) ?? {}),
		);
	};
	const stops: Stops = { shortPage: true, ...(facts.total ? { total: { in: 'body', path: 'totalCount' } } : {}) };
	const read: Endpoint = endpoint({ paging, stops });
	return { system, read: (more: SettingsChanges = {}) => readFeed(settings([read], more), dependencies(send)) };
}

const edit: fc.Arbitrary<Edit> = fc.record({ kind: fc.constantFrom('remove', 'insert'), at: fc.nat({ max: 40 }) });
const edits = fc.array(
	fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(edit, { maxLength: 3 }) }),
	{ maxLength: 24 },
);
const count = fc.integer({ min: 0, max: 25 });
const size = fc.integer({ min: 1, max: 8 });
const ids = (records: readonly unknown[]) => records.map((record) => (record as Row).id);

const READINGS: ReadonlyArray<readonly [how: string, changes: SettingsChanges]> = [
	['once', {}],
	['and confirmed by a second reading', { confirmBySecondRead: true }],
	['with three pages in parallel', { calling: { pagesInParallel: 3 } }],
];

describe.each(Object.keys(STYLES) as Style[])('a feed by %s', (style) => {
	test.each(READINGS)('read %s, complete and strong, has everybody who was there throughout', async (_how, changes) => {
		await fc.assert(
			fc.asyncProperty(count, size, fc.boolean(), edits, async (people, pageSize, total, moves) => {
				const { system, read } = feedOf(style, { size: pageSize, total }, moves, people);
				const { records, report } = await read(changes);
				expect(new Set(ids(records)).size).toBe(records.length);
				expect(report.complete).toBe(report.reasons.length === 0);
				if (!report.complete || report.evidence !== 'strong') return;
				expect([...system.throughout].filter((id) => !ids(records).includes(id))).toEqual([]);
			}),
			{ numRuns: 800 },
		);
	});

	test.each(READINGS)('read %s, is everybody where nobody comes or goes', async (_how, changes) => {
		await fc.assert(
			fc.asyncProperty(count, size, fc.boolean(), async (people, pageSize, total) => {
				const { system, read } = feedOf(style, { size: pageSize, total }, [], people);
				const { records, report } = await read(changes);
				expect(ids(records)).toEqual(ids(system.rows));
				expect(report).toMatchObject({ complete: true, reasons: [] });
			}),
		);
	});
});

describe('the evidence for people who stay', () => {
	test.each<[style: Style, total: boolean, second: boolean, evidence: 'strong' | 'weak']>([
		['offset', true, false, 'strong'],
		['offset', false, false, 'weak'],
		['offset', false, true, 'strong'],
		['page', true, false, 'weak'],
		['page', false, false, 'weak'],
		['page', true, true, 'strong'],
		['page', false, true, 'strong'],
		['keyset cursor', false, false, 'strong'],
		['keyset link', false, false, 'strong'],
		['offset cursor', false, false, 'weak'],
		['offset cursor', false, true, 'strong'],
		['page link', false, false, 'weak'],
		['page link', false, true, 'strong'],
	])('by %s, with a total: %s, read twice: %s, is %s', async (style, total, confirmBySecondRead, evidence) => {
		const { report } = await feedOf(style, { size: 4, total }, [], 18).read({ confirmBySecondRead });
		expect(report.evidence).toBe(evidence);
	});
});

describe('a second reading', () => {
	const removal: Edit[] = [{ kind: 'remove', at: 0 }];

	test('that differs is followed by a third, and two equal ones are enough', async () => {
		const { system, read } = feedOf('page', { size: 4, total: false }, [[], [], removal], 10);
		const { records, report } = await read({ confirmBySecondRead: true });
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 9 });
		expect(ids(records)).toEqual(ids(system.rows));
		expect(system.calls()).toBe(9);
	});

	test('and a third that differ again make the feed incomplete', async () => {
		const { read } = feedOf('page', { size: 4, total: false }, [[], [], removal, [], [], removal], 12);
		const { report } = await read({ confirmBySecondRead: true });
		expect(report).toMatchObject({
			complete: false,
			reasons: ['two readings of "users" differ: 2 rows stand in one of them only'],
		});
	});

	test('is not made where the first one proves itself', async () => {
		const { system, read } = feedOf('keyset cursor', { size: 4, total: false }, [], 10);
		await read({ confirmBySecondRead: true });
		expect(system.calls()).toBe(3);
	});
});

describe('pages in parallel', () => {
	test('are on their way together, no more than asked for', async () => {
		const system = hrSystem(50, []);
		let [now, most] = [0, 0];
		const send: FeedDependencies['send'] = async (request) => {
			now += 1;
			most = Math.max(most, now);
			await new Promise((resolve) => setImmediate(resolve));
			now -= 1;
			const skip = Number(queryOf(request)['skip']);
			return json({ results: system.rows.slice(skip, skip + 5), totalCount: 50 });
		};
		const read = endpoint({
			paging: { ...OFFSET, pageSize: 5 },
			stops: { shortPage: true, total: { in: 'body', path: 'totalCount' } },
		});
		const { records, report } = await readFeed(
			settings([read], { calling: { pagesInParallel: 4 } }),
			dependencies(send),
		);
		expect(ids(records)).toEqual(ids(system.rows));
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(most).toBe(4);
		// 50 rows in pages of 5 that share one with the page before.
		expect(report.endpoints[0]).toMatchObject({ calls: 13, pages: 13, rows: 50 });
	});
});
