/** JumpCloud: users of the API v1, groups of v2, events of Directory Insights (reference: JumpCloud's API descriptions and clients). */
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { numberIn, serveProduct, staff, type Answer, type Asked, type Product } from './server';

const KEY = 'jc-k3y';

type Group = { readonly id: string; readonly name: string; readonly members: number };
const GROUPS: readonly Group[] = [
	{ id: 'g-all', name: 'Everybody', members: 251 },
	{ id: 'g-ops', name: 'Operations', members: 120 },
	{ id: 'g-none', name: 'Nobody yet', members: 0 },
];

const refused: Answer = { status: 401, json: { code: 401, message: 'Unauthorized', status: 'Unauthenticated' } };

/** @param cap most rows of a page, whatever is asked for */
export async function jumpCloud(people: number, cap = 100): Promise<Product> {
	const users = staff(people).map(({ id, first, last, department, active }) => ({
		_id: id,
		id,
		firstname: first,
		lastname: last,
		department,
		state: active ? 'ACTIVATED' : 'SUSPENDED',
	}));
	let calls = 0;
	return await serveProduct((asked) => {
		calls += 1;
		const { path, query, headers } = asked;
		if (headers['x-api-key'] !== KEY) return refused;
		// v1 needs a unique order, or rows come twice and get lost (JumpCloud, API best practices): here the order changes with each call.
		if (path === '/api/systemusers')
			return ofV1(query, query.get('sort') === '_id' || calls % 2 === 1 ? users : users.toReversed(), cap);
		if (path === '/api/v2/usergroups') return ofV2(asked, GROUPS, true);
		const group = GROUPS.find(({ id }) => path === `/api/v2/usergroups/${id}/membership`);
		if (!group) return { status: 404, json: { code: 404, message: 'Not Found' } };
		const members = users.slice(0, group.members).map(({ id }) => ({ id, type: 'user', paths: [[{ to: { id } }]] }));
		return ofV2(asked, members, false);
	});
}

function ofV1(query: URLSearchParams, rows: readonly unknown[], cap: number): Answer {
	const [limit, skip] = [numberIn(query, 'limit', 10), numberIn(query, 'skip', 0)];
	if (Number.isNaN(limit) || Number.isNaN(skip)) return { status: 422, json: { message: 'must be integer' } };
	return { json: { totalCount: rows.length, results: rows.slice(skip, skip + Math.min(limit, cap)) } };
}

/** Root arrays, 10 rows unless asked for more and 100 at most; a next link on some routes only. */
function ofV2({ path, query }: Asked, rows: readonly unknown[], linked: boolean): Answer {
	const [limit, skip] = [Math.min(numberIn(query, 'limit', 10), 100), numberIn(query, 'skip', 0)];
	const next = skip + limit < rows.length ? `<${path}?limit=${limit}&skip=${skip + limit}>; rel="next"` : '';
	return {
		headers: { 'x-total-count': String(rows.length), ...(linked && next !== '' ? { link: next } : {}) },
		json: rows.slice(skip, skip + limit),
	};
}

const account = (apiKey: string) => (base: string) =>
	({ jumpCloud: { authenticateWith: 'apiKey', apiKey, region: 'custom', customUrl: base } }) as const;

export const JUMPCLOUD_USERS: Contract = {
	product: 'JumpCloud users',
	serve: jumpCloud,
	endpoints: PRESETS.jumpCloudUsers.endpoints,
	credential: account(KEY),
	wrong: account(WRONG),
	calls: 3,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 100, 199, 200],
};

export const JUMPCLOUD_WITH_GROUPS: Contract = {
	...JUMPCLOUD_USERS,
	product: 'JumpCloud users with groups',
	endpoints: PRESETS.jumpCloudUsersWithGroups.endpoints,
	sizes: [251],
};

const SERVICE = 'directory';
const ORGANIZATION = '5b0e';

/** Events: a root array; the cursor comes in a header, on the last page too, and goes into the body. */
async function directoryInsights(people: number): Promise<Product> {
	const events = staff(people).map(({ id }, index) => ({
		id,
		timestamp: 1_576_181_718_000 + index,
		event_type: 'user_update',
		resource: { id: `u-${id}`, type: 'user' },
	}));
	let first: unknown;
	return await serveProduct(({ method, path, headers, body }) => {
		if (headers['x-api-key'] !== KEY || headers['x-org-id'] !== ORGANIZATION) return refused;
		if (method !== 'POST' || path !== '/insights/directory/v1/events') return { status: 404, json: {} };
		const { search_after: after, ...asked } = JSON.parse(body) as Record<string, unknown>;
		first ??= asked;
		const problem = wrongEvents(asked, after, JSON.stringify(asked) === JSON.stringify(first));
		if (problem !== undefined) return { status: 400, json: { message: problem } };
		const limit = Math.min(typeof asked['limit'] === 'number' ? asked['limit'] : 1000, 10_000);
		const begin = Array.isArray(after) ? events.findIndex(({ id }) => id === after[1]) + 1 : 0;
		const page = events.slice(begin, begin + limit);
		const last = page.at(-1) ?? events.at(-1);
		return {
			headers: {
				'X-Result-Count': String(page.length),
				'X-Limit': String(limit),
				'X-Search_after': JSON.stringify(last ? [last.timestamp, last.id] : []),
			},
			json: page,
		};
	});
}

function wrongEvents(asked: Record<string, unknown>, after: unknown, same: boolean): string | undefined {
	if (JSON.stringify(asked['service']) !== JSON.stringify([SERVICE])) return 'service is required and is a list';
	if (typeof asked['start_time'] !== 'string') return 'start_time is required';
	if (!same) return 'the query must stay the same while it is paged';
	if (after !== undefined && !(Array.isArray(after) && after.length === 2)) return 'search_after is a list of two';
	return undefined;
}

const insights = (apiKey: string) => (base: string) =>
	({
		jumpCloud: { authenticateWith: 'apiKey', apiKey, region: 'custom', customUrl: base, organizationId: ORGANIZATION },
	}) as const;

export const DIRECTORY_INSIGHTS: Contract = {
	product: 'JumpCloud Directory Insights',
	serve: directoryInsights,
	endpoints: [
		row({
			name: 'Events',
			method: 'POST',
			url: '/insights/directory/v1/events',
			bodyType: 'json',
			jsonBody: JSON.stringify({
				service: [SERVICE],
				start_time: '2026-11-01T00:00:00Z',
				end_time: '2026-11-02T00:00:00Z',
				sort: 'ASC',
			}),
			paging: 'cursor',
			pagingIn: 'body',
			cursorFrom: 'header',
			cursorPath: 'X-Search_after',
			cursorParameter: 'search_after',
			cursorIn: 'body',
			// The cursor comes on the last page too: only the number of rows tells the end.
			stops: { shortPage: true },
		}),
	],
	credential: insights(KEY),
	wrong: insights(WRONG),
	calls: 3,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 100, 200],
};
