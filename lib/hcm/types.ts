/** What the engine is told about an HR system, and what it needs of the world around it. */
import type { FeedReport, HcmRecord } from '../contracts';
import type { HcmError } from './errors';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Name and value, in order; a name may stand twice. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

export type HttpRequest = {
	readonly method: HttpMethod;
	/** Absolute. What stands behind its "?" is kept, `query` is added to it. */
	readonly url: string;
	readonly query: Pairs;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: { readonly text: string; readonly contentType: string };
	/** Whether the credential goes with it: not to a host that the builder allowed for links only. */
	readonly withCredential: boolean;
};

export type HttpReply = {
	readonly status: number;
	/** Names in lower case. Of a repeated header the values, joined by ", ". */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
};

/**
 * Sends one request and gives the whole reply, whatever its status. Redirects are not followed. Rejects with TransportError where the reply is
 * too large or the address is not allowed, with CancelledError, and otherwise only when no reply came: the reason is in `code` (ECONNREFUSED,
 * ...) or in a cause's.
 */
export type Send = (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpReply>;

/** A body with `{places}` that are filled in for each call. */
export type BodyTemplate =
	| { readonly type: 'none' }
	| { readonly type: 'json'; readonly value: unknown }
	| { readonly type: 'form'; readonly fields: Pairs }
	| { readonly type: 'xml' | 'raw'; readonly text: string; readonly contentType: string };

/** A request with `{places}`: `{field}` of the record it is made for, `{preset.name}`, `{credential.name}`. */
export type RequestTemplate = {
	readonly method: HttpMethod;
	readonly url: string;
	readonly query: Pairs;
	readonly headers: Pairs;
	readonly body: BodyTemplate;
};

/** Where something is put into a request. In a JSON body, `name` is a path. */
export type Placed = {
	readonly in: 'query' | 'body' | 'header';
	readonly name: string;
	readonly value: unknown;
};

/** Where something stands in a reply: `path` is a path into the body, or a header's name. */
export type ReplyPlace = { readonly in: 'body' | 'header'; readonly path: string };

type PageSize = {
	/** '' = the server alone decides how many rows it gives. */
	readonly limitParameter: string;
	readonly pageSize: number;
	/** Where the parameters of paging go, the cursor of `cursor` excepted. */
	readonly in: 'query' | 'body';
};

export type OffsetPaging = PageSize & {
	readonly style: 'offset';
	readonly offsetParameter: string;
	/** Offset of the first row: 0, or 1 for SCIM and Zoho; any whole number. */
	readonly start: number;
};

export type PagePaging = PageSize & {
	readonly style: 'page';
	readonly pageParameter: string;
	/** Number of the first page: 0 or 1. */
	readonly firstPage: number;
};

export type CursorPaging = PageSize & {
	readonly style: 'cursor';
	/** Where the cursor of the next page stands. */
	readonly cursor: ReplyPlace;
	readonly cursorParameter: string;
	readonly cursorIn: 'query' | 'body' | 'header';
};

export type LinkPaging = PageSize & {
	readonly style: 'link';
	/** Path of the next address in the body; null = the header `Link` with rel="next" (RFC 8288). */
	readonly nextPath: string | null;
};

export type Paging = { readonly style: 'none' } | OffsetPaging | PagePaging | CursorPaging | LinkPaging;

/** How the server says that there are no more. An empty page, HTTP 204 and a missing cursor always say so. */
export type Stops = {
	/** The announced number of rows. */
	readonly total?: ReplyPlace;
	/** The announced number of pages. */
	readonly pages?: ReplyPlace;
	/** true (or 1, "true", "yes") while more pages follow. */
	readonly hasMore?: ReplyPlace;
	/** Whether a page with fewer rows than asked for is the last. Not where a server caps the page size. */
	readonly shortPage: boolean;
	/** The builder's own conditions: true = this page is the last. */
	readonly when?: (reply: {
		readonly body: unknown;
		readonly headers: HttpReply['headers'];
		readonly status: number;
	}) => boolean;
};

/** Records that stand inside something: `path` inside each row, or rows of the shape `{id: record}` or `{id: [record]}`. */
export type Unwrap =
	| { readonly type: 'none' }
	| { readonly type: 'path'; readonly path: string }
	| { readonly type: 'idKey'; /** Field that takes the id; '' = it is dropped. */ readonly idField: string };

export type ReplyFormat = 'auto' | 'json' | 'xml' | 'csv';

export type Endpoint = {
	readonly name: string;
	readonly request: RequestTemplate;
	readonly format: ReplyFormat;
	/** JSONPath to the records; '' = the root array, or the only array found. */
	readonly recordsPath: string;
	readonly unwrap: Unwrap;
	/** Path of the field that tells rows apart. */
	readonly primaryKey: string;
	/** Path of the field that says whose row it is; '' = the primary key. */
	readonly joinOn: string;
	/** Whether a person may have several rows here: they come as a list. */
	readonly several: boolean;
	/** Read for those that depend on it; its rows are no part of the records. */
	readonly listOnly: boolean;
	/** Name of the endpoint for each of whose rows this one is called; '' = none. */
	readonly dependsOn: string;
	/** Fields of that row copied into the rows read here. */
	readonly parentFields: readonly string[];
	readonly paging: Paging;
	readonly stops: Stops;
	/** The endpoint returns only some people, by the builder's word: the feed is a delta. */
	readonly partial: boolean;
};

export type Join = {
	/** nested: under the endpoint's name; spread: its fields beside those of the first. */
	readonly as: 'nested' | 'spread';
	/** What becomes of rows whose key the first endpoint does not have. */
	readonly unmatched: 'keep' | 'drop' | 'report';
};

export type Limits = {
	readonly maxPages: number;
	readonly maxRows: number;
	/** Stop after so many records; null = read all. */
	readonly limit: number | null;
};

export type Calling = {
	/** Further tries of a call that failed in a way that may pass. */
	readonly retries: number;
	readonly delayMs: number;
	/** Calls at a time for records of another endpoint. */
	readonly concurrency: number;
	/** Pages at a time, for offset paging with a total. */
	readonly pagesInParallel: number;
	/** Hosts that a next link may lead to; they get no credential. */
	readonly allowedHosts: readonly string[];
};

/** What `{preset.name}`, `{credential.name}` and `{since}` stand for. */
export type Variables = {
	/** The date to read changes from, in the builder's format; absent = none is known. */
	readonly since?: string;
	readonly preset: Readonly<Record<string, string>>;
	readonly credential: Readonly<Record<string, string>>;
};

export type FeedSettings = {
	/** The reading node's name and the feed's, for the report. */
	readonly node: string;
	readonly feed: string;
	readonly endpoints: readonly Endpoint[];
	readonly join: Join;
	readonly limits: Limits;
	readonly calling: Calling;
	/** stop: nothing further is read once a list turned out not to be whole. */
	readonly whenIncomplete: 'stop' | 'goOn';
	/** Whether lists without overlap are read twice and compared. */
	readonly confirmBySecondRead: boolean;
	/** Why the feed is a delta besides `partial` and `limit`, such as a changed-since date; '' = it is not. */
	readonly deltaBy: string;
	/** What the report offers as the next date to read from; null = none is kept. */
	readonly nextSince: string | null;
	readonly variables: Variables;
	/** What must stand in no message, though the server repeats it: keys, passwords and tokens. */
	readonly secrets: () => readonly string[];
};

export type FeedDependencies = {
	readonly send: Send;
	/** Milliseconds since 1970. */
	readonly clock: () => number;
	/** Ends early, by rejecting, when the signal aborts. */
	readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
	/** 0 <= n < 1, for the jitter of retries. */
	readonly random: () => number;
	readonly signal?: AbortSignal;
};

export type Feed = {
	readonly records: readonly HcmRecord[];
	readonly report: FeedReport;
	/** What failed where the report says that a page could not be read: the text for who wants no incomplete feed. */
	readonly fault?: HcmError;
};
