/** What reading one list gives: once, again where rows moved, and a second time where that proves it. */
import type { HcmRecord } from '../../../lib/contracts';
import { ConditionError } from '../../../lib/conditions';
import { HcmError } from '../../../lib/hcm/errors';
import { readFeed } from '../../../lib/hcm/feed';
import type { Endpoint, HttpReply, HttpRequest } from '../../../lib/hcm/types';
import { dependencies, endpoint, json, OFFSET, queryOf, settings, type SettingsChanges } from '../../support/feeds';

const people = (count: number): HcmRecord[] => Array.from({ length: count }, (_, index) => ({ id: `p${index}` }));

async function read(
	changes: Partial<Endpoint>,
	answer: (request: HttpRequest, call: number) => HttpReply,
	more: SettingsChanges = {},
) {
	let calls = 0;
	const send = (request: HttpRequest): Promise<HttpReply> => {
		calls += 1;
		return Promise.resolve(answer(request, calls));
	};
	const { records, report } = await readFeed(
		settings([endpoint({ ...changes, request: {} })], more),
		dependencies(send),
	);
	return { records, report, calls };
}

describe('a list that is called once', () => {
	test('is whole and proven', async () => {
		const { report, calls } = await read({}, () => json({ results: people(3) }));
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 3 });
		expect(calls).toBe(1);
	});

	test.each<[what: string, reply: HttpReply]>([
		['a next link', json({ results: people(3), next: '/users?page=2' })],
		['OData’s inner next link', json({ results: people(3), d: { __next: 'https://x' } })],
		['a header', json({ results: people(3) }, 200, { link: '</u?page=2>; rel="next"' })],
		['a total', json({ results: people(3), total: 30 })],
	])('and says that more follow by %s is not whole, and the message says what to choose', async (_what, reply) => {
		const { report } = await read({}, () => reply);
		expect(report).toMatchObject({ complete: false, evidence: 'weak' });
		expect(report.reasons[0]).toMatch(
			/^"users" was called once and gave 3 rows, and .* choose a style in 'Repeat Calling'$/,
		);
	});

	test('and cannot be read for now is an incomplete feed without people, and an error where trying again cannot help', async () => {
		const { report, records } = await read({}, () => json({}, 503));
		expect(records).toEqual([]);
		expect(report.complete).toBe(false);
		await expect(read({}, () => json({}, 403))).rejects.toBeInstanceOf(HcmError);
	});
});

describe('a limit', () => {
	const pages = (total: number) => (request: HttpRequest) => {
		const skip = Number(queryOf(request)['skip']);
		return json({ results: people(total).slice(skip, skip + 4), totalCount: total });
	};
	const offset: Partial<Endpoint> = {
		paging: OFFSET,
		stops: { shortPage: true, total: { in: 'body', path: 'totalCount' } },
	};

	test.each([
		[1, 1],
		[4, 1],
		[5, 2],
		[7, 2],
		[8, 3],
	])('of %i stops after %i calls, and is the one reason', async (limit, calls) => {
		const read10 = await read(offset, pages(10), { limits: { limit } });
		expect(read10.records).toEqual(people(limit));
		expect(read10.calls).toBe(calls);
		expect(read10.report).toMatchObject({
			complete: false,
			reasons: ['limit'],
			kind: 'delta',
			evidence: 'weak',
			nextSince: null,
		});
	});

	test('cuts a list that came in one reply', async () => {
		const { records, report } = await read({}, () => json({ results: people(9) }), { limits: { limit: 2 } });
		expect(records).toEqual(people(2));
		expect(report).toMatchObject({ complete: false, reasons: ['limit'] });
	});

	test.each([10, 11])('of %i leaves nobody out of ten', async (limit) => {
		const { records, report } = await read(offset, pages(10), { limits: { limit } });
		expect(records).toHaveLength(10);
		expect(report).toMatchObject({ complete: true, reasons: [], kind: 'delta' });
	});

	test('is no second reading', async () => {
		const { calls, report } = await read({ paging: OFFSET }, pages(10), {
			limits: { limit: 2 },
			confirmBySecondRead: true,
		});
		expect(calls).toBe(1);
		expect(report.reasons).toEqual(['limit']);
	});
});

describe('a second reading', () => {
	const paging = {
		style: 'page',
		in: 'query',
		pageParameter: 'page',
		firstPage: 1,
		limitParameter: 'limit',
		pageSize: 4,
	} as const;
	const inPages = (rows: readonly HcmRecord[]) => (request: HttpRequest) => {
		const skip = (Number(queryOf(request)['page']) - 1) * 4;
		return json({ results: rows.slice(skip, skip + 4) });
	};

	test('proves nothing where rows have no key, or one comes twice', async () => {
		const twice = [...people(4), { id: 'p3' }];
		const { report } = await read({ paging }, inPages(twice), { confirmBySecondRead: true });
		expect(report).toMatchObject({ complete: true, evidence: 'weak' });
		const without = await read({ paging }, inPages([...people(4), { name: 'x' }]), { confirmBySecondRead: true });
		expect(without.report).toMatchObject({
			complete: false,
			evidence: 'weak',
			reasons: ['1 rows of "users" have no id'],
		});
	});

	test('in another order each time is told so', async () => {
		const orders = [people(3), people(3).reverse(), people(3)];
		const { report } = await read({ paging }, (request, call) => inPages(orders[call - 1] ?? [])(request), {
			confirmBySecondRead: true,
		});
		expect(report.reasons).toEqual(['two readings of "users" differ: their order is another']);
	});

	test('that fails makes the feed incomplete', async () => {
		const { report } = await read(
			{ paging },
			(request, call) => (call === 2 ? json({}, 500) : inPages(people(3))(request)),
			{ confirmBySecondRead: true },
		);
		expect(report.complete).toBe(false);
		expect(report.reasons[0]).toContain('HTTP 500');
	});
});

describe('a server that ignores the offset', () => {
	test('is found out though it announces so many pages', async () => {
		const { report } = await read(
			{ paging: { ...OFFSET, pageSize: 1 }, stops: { shortPage: true, pages: { in: 'body', path: 'pages' } } },
			() => json({ results: people(1), pages: 2 }),
		);
		expect(report).toMatchObject({ complete: false });
		expect(report.reasons[0]).toContain('the server seems to ignore skip');
	});
});

describe("a builder's condition", () => {
	const paged = {
		style: 'page',
		in: 'query',
		pageParameter: 'page',
		firstPage: 1,
		limitParameter: 'limit',
		pageSize: 4,
	} as const;

	test.each([OFFSET, paged])(
		'that cannot be compared with a page names endpoint, page and what to do',
		async (paging) => {
			const when = (): boolean => {
				throw new ConditionError('A condition cannot be compared with what was read: x.');
			};
			const reading = read({ paging, stops: { shortPage: true, when } }, () => json({ results: people(4) }));
			await expect(reading).rejects.toMatchObject({
				message: 'Endpoint "users", page 1: A condition cannot be compared with what was read: x.',
				endpoint: 'users',
				page: 1,
				whatToDo: expect.stringContaining("'Last Page'") as string,
			});
		},
	);
});
