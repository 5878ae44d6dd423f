/** Feeds to read in tests: an endpoint and settings that need nothing said but what a test is about. */
import type {
	Calling,
	Endpoint,
	FeedDependencies,
	FeedSettings,
	HttpReply,
	HttpRequest,
	Limits,
	OffsetPaging,
	RequestTemplate,
} from '../../lib/hcm/types';

export const OFFSET: OffsetPaging = {
	style: 'offset',
	in: 'query',
	offsetParameter: 'skip',
	limitParameter: 'limit',
	pageSize: 4,
	start: 0,
};

const REQUEST: RequestTemplate = {
	method: 'GET',
	url: 'https://hr.example.com/users',
	query: [],
	headers: [],
	body: { type: 'none' },
};

const ENDPOINT: Endpoint = {
	name: 'users',
	request: REQUEST,
	format: 'auto',
	recordsPath: 'results',
	unwrap: { type: 'none' },
	primaryKey: 'id',
	joinOn: '',
	several: false,
	listOnly: false,
	dependsOn: '',
	parentFields: [],
	paging: { style: 'none' },
	stops: { shortPage: true },
	partial: false,
};

/** An endpoint "users" that is called once, changed as said. */
export function endpoint({
	request = {},
	...changes
}: Partial<Omit<Endpoint, 'request'>> & { readonly request?: Partial<RequestTemplate> } = {}): Endpoint {
	return { ...ENDPOINT, ...changes, request: { ...REQUEST, ...request } };
}

export type SettingsChanges = Partial<Omit<FeedSettings, 'limits' | 'calling'>> & {
	readonly limits?: Partial<Limits>;
	readonly calling?: Partial<Calling>;
};

/** Settings that read the endpoints given, without retries and without waiting. */
export function settings(
	endpoints: readonly Endpoint[],
	{ limits, calling, ...changes }: SettingsChanges = {},
): FeedSettings {
	return {
		node: 'HR',
		feed: 'people',
		endpoints,
		join: { as: 'nested', unmatched: 'report' },
		limits: { maxPages: 1000, maxRows: 100_000, limit: null, ...limits },
		calling: { retries: 0, delayMs: 0, concurrency: 1, pagesInParallel: 1, allowedHosts: [], ...calling },
		whenIncomplete: 'goOn',
		confirmBySecondRead: false,
		deltaBy: '',
		nextSince: null,
		variables: { preset: {}, credential: {} },
		secrets: () => [],
		...changes,
	};
}

/** The world around a feed, in which no time passes. */
export function dependencies(
	send: FeedDependencies['send'],
	changes: Partial<FeedDependencies> = {},
): FeedDependencies {
	return { send, clock: () => 0, sleep: () => Promise.resolve(), random: () => 0, ...changes };
}

export function json(value: unknown, status = 200, headers: HttpReply['headers'] = {}): HttpReply {
	return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The query of a request by name, that of its address included. */
export function queryOf({ url, query }: HttpRequest): Readonly<Record<string, string>> {
	return { ...Object.fromEntries(new URL(url).searchParams), ...Object.fromEntries(query) };
}
