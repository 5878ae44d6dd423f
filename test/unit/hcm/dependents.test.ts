/** An endpoint that is read once for each row of another one. */
import { CancelledError, HcmError } from '../../../lib/hcm/errors';
import { readFeed } from '../../../lib/hcm/feed';
import type { Endpoint, HttpReply, HttpRequest } from '../../../lib/hcm/types';
import { dependencies, endpoint, json, OFFSET, queryOf, settings, type SettingsChanges } from '../../support/feeds';

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ id: `p${index}`, team: `t${index % 2}` }));
const tick = () => new Promise((resolve) => setImmediate(resolve));

type Answer = (id: string, request: HttpRequest, call: number) => HttpReply | Promise<HttpReply>;

/** A list of people, and an address for each of them. */
async function read(
	count: number,
	answer: Answer,
	changes: Partial<Endpoint> = {},
	more: SettingsChanges = {},
	signal?: AbortSignal,
) {
	const asked: string[] = [];
	const send = async (request: HttpRequest): Promise<HttpReply> => {
		const id = /\/users\/([^/?]+)/.exec(request.url)?.[1];
		if (id === undefined) return json({ results: people(count) });
		asked.push(id);
		return await answer(id, request, asked.length);
	};
	const details = endpoint({
		name: 'details',
		recordsPath: '',
		dependsOn: 'users',
		...changes,
		request: { url: 'https://hr.example.com/users/{id}' },
	});
	const feed = await readFeed(settings([endpoint(), details], more), dependencies(send, signal ? { signal } : {}));
	return { ...feed, asked, details: feed.report.endpoints[1] };
}

const detail: Answer = (id) => json({ id, city: `city of ${id}` });

describe('details of each person', () => {
	test('are read once each and stand under the endpoint’s name', async () => {
		const { records, report, asked, details } = await read(3, detail);
		expect(records).toEqual(people(3).map((one) => ({ ...one, details: { id: one.id, city: `city of ${one.id}` } })));
		expect(report).toMatchObject({ complete: true, evidence: 'strong', reasons: [] });
		expect(asked).toEqual(['p0', 'p1', 'p2']);
		expect(details).toMatchObject({ name: 'details', calls: 3, pages: 3, rows: 3, unique: 3, total: null });
	});

	test('that hold a list are still the details', async () => {
		const { records } = await read(1, (id) => json({ id, phones: [{ id: 'home', number: '1' }] }));
		expect(records[0]).toMatchObject({ id: 'p0', details: { id: 'p0', phones: [{ number: '1' }] } });
	});

	test('that do not repeat whose they are get the key of the one they were read for', async () => {
		const { records, report } = await read(2, (id) => json({ city: id }));
		expect(records.map((record) => record['details'])).toEqual([
			{ city: 'p0', id: 'p0' },
			{ city: 'p1', id: 'p1' },
		]);
		expect(report.complete).toBe(true);
	});

	test('lose nothing to that key: a row that has something else there is reported', async () => {
		const { records, report } = await read(1, () => json({ id: { hr: 7 } }));
		expect(records[0]?.['details']).toBeNull();
		expect(report).toMatchObject({ complete: false, reasons: ['1 rows of "details" have no id'] });
	});

	test('have fields of the one they were read for, and none that it lacks', async () => {
		const { records } = await read(
			1,
			detail,
			{ parentFields: ['team', 'gone'] },
			{ join: { as: 'spread', unmatched: 'drop' } },
		);
		expect(records).toEqual([{ id: 'p0', team: 't0', city: 'city of p0' }]);
		const own = await read(1, (id) => json({ id, team: 'own' }), { parentFields: ['team'] });
		expect(own.records[0]?.['details']).toEqual({ id: 'p0', team: 'own' });
	});

	test('that several people have each alone come as a list', async () => {
		const { records, report } = await read(2, (id) => json({ results: [{ job: 1 }, { job: id === 'p0' ? 2 : 1 }] }), {
			recordsPath: 'results',
			primaryKey: 'job',
			joinOn: 'person',
			several: true,
			parentFields: [],
		});
		// Nothing says whose they are.
		expect(report.reasons).toEqual(['4 rows of "details" have no job']);
		expect(records.map((record) => record['details'])).toEqual([[], []]);
	});

	test('are read in order however many are under way, and never more than allowed', async () => {
		let [now, most] = [0, 0];
		const slow: Answer = async (id) => {
			now += 1;
			most = Math.max(most, now);
			for (let turn = Number(id.slice(1)) % 3; turn >= 0; turn -= 1) await tick();
			now -= 1;
			return json({ id });
		};
		const { records, details } = await read(9, slow, {}, { calling: { concurrency: 4 } });
		expect(records.map(({ details: one }) => one)).toEqual(people(9).map(({ id }) => ({ id })));
		expect(details).toMatchObject({ calls: 9 });
		expect(most).toBe(4);
	});

	test('are none where there is nobody', async () => {
		const { records, report } = await read(0, detail);
		expect(records).toEqual([]);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
	});

	test('of a person whose key is hostile stay below that person’s address', async () => {
		const urls: string[] = [];
		const send = (request: HttpRequest): Promise<HttpReply> => {
			urls.push(request.url);
			return Promise.resolve(json(urls.length === 1 ? { results: [{ id: '../admin?x=1#' }] } : { city: 'x' }));
		};
		const details = endpoint({
			name: 'details',
			dependsOn: 'users',
			recordsPath: '$',
			request: { url: 'https://hr.example.com/users/{id}' },
		});
		await readFeed(settings([endpoint(), details]), dependencies(send));
		expect(urls[1]).toBe('https://hr.example.com/users/..%2Fadmin%3Fx%3D1%23');
	});
});

describe('details that are not there', () => {
	test.each([404, 410])('for one of many (HTTP %i) mean that this person was deleted since', async (status) => {
		const { records, report } = await read(3, (id, request, call) =>
			id === 'p1' ? json({}, status) : detail(id, request, call),
		);
		expect(report).toMatchObject({ complete: true, reasons: [] });
		expect(records.map((record) => record['details'] === null)).toEqual([false, true, false]);
	});

	test('for anybody mean a wrong address', async () => {
		const reading = read(4, () => json({}, 404));
		await expect(reading).rejects.toBeInstanceOf(HcmError);
		await expect(reading).rejects.toThrow(
			'Endpoint "details": there is nothing at the addresses of all 4 calls (HTTP 404).',
		);
	});

	test.each([401, 403])(
		'because the first calls are refused (HTTP %i) end the feed after few calls',
		async (status) => {
			let calls = 0;
			const refuse: Answer = () => {
				calls += 1;
				return json({}, status);
			};
			await expect(read(50, refuse)).rejects.toMatchObject({ status, endpoint: 'details of p0' });
			expect(calls).toBeLessThanOrEqual(3);
		},
	);

	test('for some, because the server is out of order, make the feed incomplete and keep the rest', async () => {
		const { records, report, fault } = await read(5, (id, request, call) =>
			['p1', 'p3'].includes(id) ? json({}, 500) : detail(id, request, call),
		);
		expect(report).toMatchObject({ complete: false, evidence: 'weak' });
		expect(report.reasons).toHaveLength(1);
		expect(report.reasons[0]).toMatch(
			/^"details" could not be read whole for 2 of 5 rows: Endpoint "details of p1", page 1: .*HTTP 500/,
		);
		expect(records.filter((record) => record['details'] !== null)).toHaveLength(3);
		expect(fault).toMatchObject({ status: 500 });
	});

	test('for three in a row leave the others alone, and all of them are counted', async () => {
		const { report, asked } = await read(50, () => json({}, 503));
		expect(asked).toHaveLength(3);
		expect(report.reasons).toHaveLength(1);
		expect(report.reasons[0]).toMatch(/^"details" could not be read whole for 50 of 50 rows: .*HTTP 503/);
	});

	test('for three, with answers in between, do not: HTTP 404 is one too', async () => {
		const answers = [500, 404, 500, 404, 500, 200, 200];
		const { asked, report } = await read(7, (id, request, call) => {
			const status = answers[call - 1] ?? 200;
			return status === 200 ? detail(id, request, call) : json({}, status);
		});
		expect(asked).toHaveLength(7);
		expect(report.reasons[0]).toContain('for 3 of 7 rows');
	});

	test('because a field in the address is empty name the person and the field', async () => {
		const rows = [
			{ id: 'a', code: '' },
			{ id: 'b', code: 'x' },
		];
		const send = (request: HttpRequest): Promise<HttpReply> =>
			Promise.resolve(json(request.url.includes('/d/') ? { n: 1 } : { results: rows }));
		const details = endpoint({
			name: 'details',
			dependsOn: 'users',
			recordsPath: '$',
			request: { url: 'https://hr.example.com/d/{code}' },
		});
		const { report } = await readFeed(settings([endpoint(), details]), dependencies(send));
		expect(report.reasons[0]).toContain('for 1 of 2 rows: Endpoint "details of a", page 1: the record has no "code".');
	});

	test('because the run was stopped end it at once', async () => {
		const controller = new AbortController();
		const stopping: Answer = (id, request, call) => {
			if (id === 'p1') controller.abort();
			return detail(id, request, call);
		};
		await expect(read(50, stopping, {}, { calling: { concurrency: 2 } }, controller.signal)).rejects.toBeInstanceOf(
			CancelledError,
		);
	});
});

describe('lists of each person', () => {
	const jobs: Partial<Endpoint> = {
		name: 'jobs',
		recordsPath: 'results',
		primaryKey: 'job',
		joinOn: 'person',
		several: true,
		paging: OFFSET,
		stops: { shortPage: true, total: { in: 'body', path: 'totalCount' } },
		parentFields: ['id'],
	};
	const paged =
		(rows: (id: string, call: number) => readonly object[], announced?: number): Answer =>
		(id, request, call) => {
			const skip = Number(queryOf(request)['skip']);
			const all = rows(id, call);
			return json({ results: all.slice(skip, skip + 4), totalCount: announced ?? all.length });
		};
	const jobsOf = (count: number) => Array.from({ length: count }, (_, job) => ({ job }));

	test('are paged each, and joined on the copied field', async () => {
		const { records, report, details } = await read(
			2,
			paged(() => jobsOf(6)),
			{ ...jobs, joinOn: 'id' },
		);
		expect(records.map((record) => (record['jobs'] as unknown[]).length)).toEqual([6, 6]);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(details).toMatchObject({ rows: 12, unique: 12, pages: 4 });
	});

	test('with fewer rows than announced are not whole', async () => {
		const { report } = await read(
			2,
			paged(() => jobsOf(3), 5),
			{ ...jobs, joinOn: 'id' },
		);
		expect(report).toMatchObject({ complete: false, evidence: 'weak' });
		expect(report.reasons).toContain('"jobs of p0" announced 5 rows and gave 3 different ones');
	});

	test('whose rows move are found out, though nothing in a row says whose it is', async () => {
		const moving = paged((_id, call) => (call % 2 === 1 ? jobsOf(8) : jobsOf(8).slice(1)), 8);
		const { report } = await read(1, moving, { ...jobs, joinOn: 'id' });
		expect(report).toMatchObject({ complete: false, reasons: ['rows moved while "jobs" was read, twice in a row'] });
	});

	test('are not cut by the limit of people, who are', async () => {
		const { records, report, asked } = await read(
			5,
			paged(() => jobsOf(3)),
			{ ...jobs, joinOn: 'id' },
			{ limits: { limit: 2 } },
		);
		expect(records.map((record) => (record['jobs'] as unknown[]).length)).toEqual([3, 3]);
		expect(asked).toEqual(['p0', 'p1']);
		expect(report).toMatchObject({ complete: false, reasons: ['limit'], warnings: [] });
	});

	test('stop at the cap of rows for all of them together', async () => {
		const { report, asked } = await read(
			50,
			paged(() => jobsOf(3)),
			{ ...jobs, joinOn: 'id' },
			{ limits: { maxRows: 60 } },
		);
		expect(asked).toHaveLength(20);
		expect(report.complete).toBe(false);
		expect(report.reasons[0]).toBe('the cap of 60 rows was reached');
	});

	test('that fail in as many ways as there are people are told in a few words', async () => {
		const { report } = await read(
			9,
			paged(() => jobsOf(1), 2),
			{ ...jobs, joinOn: 'id' },
		);
		expect(report.reasons).toHaveLength(4);
		expect(report.reasons.at(-1)).toBe('and 6 more of "jobs"');
	});
});
