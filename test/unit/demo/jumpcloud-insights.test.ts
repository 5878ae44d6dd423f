import fc from 'fast-check';
import { makeEvent, type DirectoryEvent } from '../../../demo/jumpcloud/events';
import { ORGANIZATION } from '../../../demo/jumpcloud/people';
import { apiKey, people, runningSimulator, type Reply } from './simulator';

let now = new Date('2026-11-01T12:00:00Z');
beforeEach(() => (now = new Date('2026-11-01T12:00:00Z')));
const { simulator, call } = runningSimulator({ now: () => now });

const route = '/insights/directory/v1/events';
const since = { service: ['directory'], start_time: '2026-10-01T00:00:00Z' };
const ask = (body: object) => call('POST', route, { ...since, ...body });
const eventsIn = (reply: Reply) => reply.body as readonly DirectoryEvent[];
const idsIn = (reply: Reply) => eventsIn(reply).map(({ id }) => id);
const [somebody, other] = people;

/** Adds events at these minutes of 31 October. */
function happened(minutes: readonly number[]): DirectoryEvent[] {
	const events = minutes.map((minute, index) =>
		makeEvent(
			{ event_type: index % 2 === 0 ? 'user_update' : 'user_create', resource: { id: `user-${index}`, type: 'user' } },
			ORGANIZATION,
			1000 + index,
			new Date(Date.UTC(2026, 9, 31, 0, minute)),
		),
	);
	simulator().events.push(...events);
	return events;
}

/** As the description says it: the same body again with the token, until fewer come than could. */
async function walk(body: object): Promise<string[]> {
	const found: string[] = [];
	let token: unknown;
	for (;;) {
		const reply = await ask({ ...body, ...(token === undefined ? {} : { search_after: token }) });
		found.push(...idsIn(reply));
		if (Number(reply.headers.get('x-result-count')) < Number(reply.headers.get('x-limit'))) return found;
		token = JSON.parse(reply.headers.get('x-search_after') ?? 'null');
	}
}

describe('the events', () => {
	test('tell what was changed through the API, oldest first', async () => {
		await call('PUT', `/api/systemusers/${somebody?._id}`, { state: 'SUSPENDED' });
		now = new Date('2026-11-01T12:00:05Z');
		await call('DELETE', `/api/systemusers/${other?._id}`);
		const reply = await ask({});
		expect(eventsIn(reply)).toMatchObject([
			{
				event_type: 'user_suspended',
				timestamp: '2026-11-01T12:00:00.000Z',
				service: 'directory',
				organization: ORGANIZATION,
				success: true,
				resource: { id: somebody?._id, type: 'user', username: somebody?.username },
			},
			{ event_type: 'user_delete', timestamp: '2026-11-01T12:00:05.000Z', resource: { id: other?._id } },
		]);
		expect(new Set(idsIn(reply)).size).toBe(2);
	});

	test('tell nothing of what a test changes by hand, nor of reading', async () => {
		simulator().users.splice(0, 1);
		await call('GET', '/api/systemusers');
		expect((await ask({})).body).toEqual([]);
	});

	test('are read to the last one, each once, for any times and any page size', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }),
				fc.integer({ min: 1, max: 12 }),
				fc.constantFrom('ASC', 'DESC'),
				async (minutes, limit, sort) => {
					simulator().events.length = 0;
					happened(minutes);
					const found = await walk({ limit, sort });
					expect(new Set(found).size).toBe(minutes.length);
					expect(found).toHaveLength(minutes.length);
				},
			),
			{ numRuns: 30 },
		);
	});

	test('come with a token on the last page too, and on an empty one', async () => {
		const [first, last] = happened([1, 2]);
		const page = await ask({});
		const names = ['x-result-count', 'x-limit', 'x-sort'].map((name) => page.headers.get(name));
		expect(names).toEqual(['2', '1000', 'ASC']);
		const token = [Date.parse(last?.timestamp ?? ''), last?.id];
		expect(JSON.parse(page.headers.get('x-search_after') ?? '')).toEqual(token);
		const empty = await ask({ search_after: token });
		expect([empty.body, JSON.parse(empty.headers.get('x-search_after') ?? '')]).toEqual([[], token]);
		expect(idsIn(await ask({ search_after: token, sort: 'desc' }))).toEqual([first?.id]);
	});

	test('are those between two times, both included, of the last 90 days', async () => {
		const [, second, third] = happened([1, 2, 3, 4]);
		const start_time = '2026-10-31T00:02:00Z';
		expect(idsIn(await ask({ start_time, end_time: '2026-10-31T01:03:00+01:00' }))).toEqual([second?.id, third?.id]);
		now = new Date('2027-01-29T00:02:30Z');
		expect(idsIn(await ask({}))).toHaveLength(2);
	});

	test.each<[string, unknown, readonly number[]]>([
		['a value', { event_type: 'user_create' }, [1, 3]],
		['a value in lower case, as all are kept', { event_type: 'USER_CREATE' }, [1, 3]],
		['one of several', { 'resource.id': ['user-0', 'user-3'] }, [0, 3]],
		['and', { and: [{ event_type: 'user_create' }, { 'resource.id': 'user-3' }] }, [3]],
		['or', { or: [{ event_type: 'user_create' }, { 'resource.id': 'user-2' }] }, [1, 2, 3]],
		['not', { not: { event_type: 'user_create' } }, [0, 2]],
		['one within another', { and: [{ success: 'true' }, { or: [{ 'resource.id': 'user-1' }] }] }, [1]],
		['a boolean', { success: true }, [0, 1, 2, 3]],
		['a field that no event has', { username: 'x' }, []],
	])('are found by %s', async (_what, search_term, found) => {
		const events = happened([1, 2, 3, 4]);
		expect(idsIn(await ask({ search_term }))).toEqual(found.map((index) => events[index]?.id));
	});

	test('are found by words, by service, and from a place on', async () => {
		const events = happened([1, 2, 3]);
		expect(idsIn(await ask({ q: 'USER-1' }))).toEqual([events[1]?.id]);
		expect(idsIn(await ask({ service: ['radius'] }))).toEqual([]);
		expect(idsIn(await ask({ service: ['all'], skip: 2 }))).toEqual([events[2]?.id]);
	});

	test('come with the wanted fields only, those within others too', async () => {
		happened([1]);
		expect((await ask({ fields: ['event_type', 'resource.id', 'resource.type', 'nonsense'] })).body).toEqual([
			{ event_type: 'user_update', resource: { id: 'user-0', type: 'user' } },
		]);
	});

	test.each([0, -1, 10_001, 1.5, '5', null])('come by thousands where the limit is nonsense: %j', async (limit) => {
		expect((await ask({ limit })).headers.get('x-limit')).toBe('1000');
	});

	test('come oldest first where the order is nonsense', async () => {
		expect((await ask({ sort: 'sideways' })).headers.get('x-sort')).toBe('ASC');
	});

	test.each<[string, object]>([
		['no service', { service: [] }],
		['a service that there is not', { service: ['payroll'] }],
		['no start', { start_time: undefined }],
		['a start without a zone', { start_time: '2026-10-01T00:00:00' }],
		['a start that is no date', { start_time: '2026-13-01T00:00:00Z' }],
		['a start in the future', { start_time: '2026-12-01T00:00:00Z' }],
		['an end before the start', { end_time: '2026-09-01T00:00:00Z' }],
		['an empty list of fields', { fields: [] }],
		['fields that no event has', { fields: ['nonsense'] }],
		['fields as text', { fields: 'id' }],
		['a token of two texts', { search_after: ['1', 'a'] }],
		['a token that is text', { search_after: 'a' }],
		['a skip below 0', { skip: -1 }],
		['a term that is text', { search_term: 'x' }],
		['a search in what cannot be searched', { search_term: { 'changes.field': 'state' } }],
		['words that are none', { q: 1 }],
	])('answer 400 to %s', async (_what, body) => {
		expect(await ask(body)).toMatchObject({ status: 400, body: { code: 400 } });
	});

	test('take the id of the organization, several times too, and refuse one of another', async () => {
		const status = async (organization: string) =>
			(await call('POST', route, since, { 'x-api-key': apiKey, 'x-org-id': organization })).status;
		expect(await status(ORGANIZATION)).toBe(200);
		expect(await status(`${ORGANIZATION}, ${ORGANIZATION}`)).toBe(200);
		expect(await status(`${ORGANIZATION}, 0123456789abcdef01234567`)).toBe(404);
		expect(await status('x')).toBe(400);
	});
});
