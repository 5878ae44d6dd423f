/** What people report of the pagination of n8n's HTTP Request node (issues of n8n-io/n8n by number): each passes here. */
import { readFeed } from '../../../../lib/hcm/feed';
import type { Endpoint, Feed, Paging } from '../../../../lib/hcm/types';
import { dependencies, endpoint, settings, type SettingsChanges } from '../../../support/feeds';
import { closeAll, opened } from '../../../support/http';
import { serveProduct, type Answer, type Asked } from '../../../support/products/server';

afterEach(closeAll);

const people = (count: number, from = 0) =>
	Array.from({ length: count }, (_, index) => ({ id: from + index, team: 'A' }));
const ids = ({ records }: Feed) => records.map(({ id }) => id);
const everybody = (count: number) => people(count).map(({ id }) => id);

const BY_PAGE: Paging = {
	style: 'page',
	in: 'query',
	pageParameter: 'page',
	firstPage: 1,
	limitParameter: 'limit',
	pageSize: 3,
};

/** Reads with real calls; nobody waits between tries. */
async function read(
	answer: (asked: Asked, base: string) => Answer,
	changes: Omit<Partial<Endpoint>, 'request'> & { readonly request?: Partial<Endpoint['request']> },
	more: SettingsChanges = {},
) {
	const product = await serveProduct(answer);
	const waits: number[] = [];
	const url = `${product.base}/people`;
	const one = endpoint({ ...changes, request: { url, ...changes.request } });
	const { send } = opened();
	const feed = await readFeed(
		settings([one], more),
		dependencies(send, {
			sleep: (ms) => {
				waits.push(ms);
				return Promise.resolve();
			},
		}),
	);
	return { feed, calls: product.calls, waits };
}

describe('a list', () => {
	// n8n takes replies of the same length and ETag for the same (pagination.ts), and stops.
	test('whose pages differ in nothing but their keys is read on (#12272, "identical" five times)', async () => {
		const { feed } = await read(
			({ query }) => {
				const page = Number(query.get('page'));
				return { headers: { etag: '"people"' }, json: { results: page <= 12 ? people(3, 100 + (page - 1) * 3) : [] } };
			},
			{ paging: BY_PAGE },
		);
		expect(ids(feed)).toEqual(everybody(36).map((id) => id + 100));
		expect(feed.report).toMatchObject({ complete: true });
	});

	test('of a server that gives the same page for ever ends, and is not whole (#12553)', async () => {
		const { feed, calls } = await read(() => ({ json: { results: people(3) } }), { paging: BY_PAGE });
		expect(feed.report.complete).toBe(false);
		expect(feed.report.reasons[0]).toContain('is the same as the one before');
		expect(calls.length).toBeLessThanOrEqual(2);
	});

	test('of a server whose cursor leads in a circle ends, and is not whole (#12553)', async () => {
		const { feed, calls } = await read(
			({ query }) => {
				const at = Number(query.get('cursor')?.slice(1) ?? 0);
				return { json: { results: people(2, at * 2), next: `c${(at + 1) % 3}` } };
			},
			{
				paging: {
					style: 'cursor',
					in: 'query',
					cursor: { in: 'body', path: 'next' },
					cursorParameter: 'cursor',
					cursorIn: 'query',
					limitParameter: '',
					pageSize: 2,
				},
			},
		);
		expect(feed.report.complete).toBe(false);
		expect(calls.length).toBeLessThan(8);
	});

	test('in an envelope ends where its list is empty, though the envelope is not', async () => {
		const { feed, calls } = await read(
			({ query }) => {
				const page = Number(query.get('page'));
				return { json: { status: 'ok', results: page <= 2 ? people(3, (page - 1) * 3) : [] } };
			},
			{ paging: BY_PAGE, stops: { shortPage: false } },
		);
		expect(ids(feed)).toEqual(everybody(6));
		expect(calls).toHaveLength(3);
	});

	test('is asked for its second page as long as its flag says that there are more (#34618)', async () => {
		const { feed } = await read(
			({ query }) => {
				const page = Number(query.get('page'));
				return { json: { results: people(3, (page - 1) * 3), more: page < 4 } };
			},
			{ paging: BY_PAGE, stops: { shortPage: true, hasMore: { in: 'body', path: 'more' } } },
		);
		expect(ids(feed)).toEqual(everybody(12));
	});

	test('gives items of people and not of pages, each once', async () => {
		const { feed } = await read(
			({ query }) => ({ json: { results: people(3, (Number(query.get('page')) - 1) * 3), pages: 3 } }),
			{ paging: BY_PAGE, stops: { shortPage: false, pages: { in: 'body', path: 'pages' } } },
		);
		expect(feed.records).toEqual(people(9));
	});
});

describe('two lists', () => {
	test('one after another are each read from their own first page (#18841)', async () => {
		const product = await serveProduct(({ path, query }) => {
			const page = Number(query.get('page'));
			const from = path === '/leavers' ? 100 : 0;
			return { json: { results: page <= 3 ? people(3, from + (page - 1) * 3) : [] } };
		});
		const { send } = opened();
		const of = (name: string) =>
			readFeed(
				settings([endpoint({ name, request: { url: `${product.base}/${name}` }, paging: BY_PAGE })]),
				dependencies(send),
			);
		expect(ids(await of('people'))).toEqual(everybody(9));
		expect(ids(await of('leavers'))).toEqual(everybody(9).map((id) => id + 100));
		expect(ids(await of('people'))).toEqual(everybody(9));
		expect(product.calls.map(({ query }) => query.get('page'))).toEqual([
			'1',
			'2',
			'3',
			'4',
			'1',
			'2',
			'3',
			'4',
			'1',
			'2',
			'3',
			'4',
		]);
	});
});

describe('paging in a body', () => {
	const template = { fields: ['id'], filter: { teams: ['A', 'B'], active: true }, page: { size: 0, from: 0 } };
	const answer = ({ method, body }: Asked): Answer => {
		const asked = JSON.parse(body) as typeof template;
		if (method !== 'POST' || asked.filter.teams.length !== 2 || !asked.filter.active || asked.fields[0] !== 'id')
			return { status: 400, json: { message: `not understood: ${body}` } };
		const { from, size } = asked.page;
		return { json: { results: people(20).slice(from, from + size), total: 20 } };
	};

	test('goes to its place in every call, with the rest as it is, lists too (#12498, #18567, #22876)', async () => {
		const { feed, calls } = await read(answer, {
			request: { method: 'POST', body: { type: 'json', value: template } },
			paging: {
				style: 'offset',
				in: 'body',
				offsetParameter: 'page.from',
				limitParameter: 'page.size',
				pageSize: 8,
				start: 0,
			},
			stops: { shortPage: true, total: { in: 'body', path: 'total' } },
		});
		expect(ids(feed)).toEqual(everybody(20));
		expect(feed.report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(calls.map(({ body }) => (JSON.parse(body) as typeof template).page)).toEqual([
			{ size: 8, from: 0 },
			{ size: 8, from: 7 },
			{ size: 8, from: 14 },
		]);
	});
});

describe('a next link', () => {
	test('is looked for in replies only, so that the first call needs no stand-in (pull request 25557)', async () => {
		const { feed, calls } = await read(
			({ query }, base) => {
				const after = Number(query.get('after')?.slice(1) ?? 0);
				const next = after < 6 ? `${base}/people?after=p${after + 3}` : null;
				return { json: { results: people(3, after), links: { next } } };
			},
			{ paging: { style: 'link', in: 'query', nextPath: 'links.next', limitParameter: '', pageSize: 3 } },
		);
		expect(ids(feed)).toEqual(everybody(9));
		expect(calls.map(({ query }) => query.get('after'))).toEqual([null, 'p3', 'p6']);
	});
});

describe('a server that is busy in the middle', () => {
	const paged = ({ query }: Asked): Answer => ({
		json: { results: people(3, (Number(query.get('page')) - 1) * 3), pages: 3 },
	});
	const stops = { shortPage: false, pages: { in: 'body', path: 'pages' } } as const;

	test('is waited for as long as it asks, and called again', async () => {
		let busy = 2;
		const { feed, waits } = await read(
			(asked) => {
				if (asked.query.get('page') === '2' && busy > 0) {
					busy -= 1;
					return { status: 429, headers: { 'retry-after': '7' }, json: {} };
				}
				return paged(asked);
			},
			{ paging: BY_PAGE, stops },
			{ calling: { retries: 3 } },
		);
		expect(ids(feed)).toEqual(everybody(9));
		expect(waits).toEqual([7000, 7000]);
		expect(feed.report.endpoints[0]).toMatchObject({ calls: 5, retries: 2 });
	});

	test.each([1, 2, 3])('and stays so on page %i makes the feed incomplete, at the cap of pages too', async (page) => {
		const { feed } = await read(
			(asked) => (asked.query.get('page') === String(page) ? { status: 503, json: { message: 'away' } } : paged(asked)),
			{ paging: BY_PAGE, stops },
			{ limits: { maxPages: 3 } },
		);
		expect(feed.report.complete).toBe(false);
		expect(feed.report.reasons[0]).toContain(`page ${page}: `);
		expect(feed.records).toHaveLength((page - 1) * 3);
	});
});

describe('a distance between calls', () => {
	test('is kept between pages too (#8062)', async () => {
		let now = 0;
		const product = await serveProduct(({ query }) => ({
			json: { results: people(3, (Number(query.get('page')) - 1) * 3), pages: 4 },
		}));
		const { send } = opened();
		const waits: number[] = [];
		await readFeed(
			settings(
				[
					endpoint({
						request: { url: `${product.base}/people` },
						paging: BY_PAGE,
						stops: { shortPage: false, pages: { in: 'body', path: 'pages' } },
					}),
				],
				{ calling: { delayMs: 500 } },
			),
			dependencies(send, {
				clock: () => now,
				sleep: (ms) => {
					waits.push(ms);
					now += ms;
					return Promise.resolve();
				},
			}),
		);
		expect(waits).toEqual([500, 500, 500]);
	});
});
