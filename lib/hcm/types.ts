/** What the engine needs of HTTP: one function that sends a request and gives the whole reply. */

export type HttpRequest = {
	readonly method: 'GET';
	/** Absolute, or a path below the credential's own address. */
	readonly url: string;
	readonly query: Readonly<Record<string, string>>;
	readonly headers: Readonly<Record<string, string>>;
};

export type HttpReply = {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
};

/** Rejects only when no reply came; the reason is in `code` (ECONNREFUSED, ...). Redirects are not followed. */
export type Send = (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpReply>;

export type OffsetPaging = {
	readonly style: 'offset';
	readonly offsetParameter: string;
	/** '' = the server takes none. */
	readonly limitParameter: string;
	readonly pageSize: number;
	/** Offset of the first row: 0, or 1 for SCIM-like interfaces. */
	readonly start: number;
	/** Where the announced total stands in a reply; '' = none is announced. */
	readonly totalPath: string;
};

export type Endpoint = {
	readonly name: string;
	readonly url: string;
	readonly query: Readonly<Record<string, string>>;
	readonly headers: Readonly<Record<string, string>>;
	/** JSONPath to the records; '' = the root array, or the only array found. */
	readonly recordsPath: string;
	/** Path of the field that tells records apart. */
	readonly primaryKey: string;
	readonly paging: OffsetPaging | { readonly style: 'none' };
};

export type FeedSettings = {
	/** The reading node's name and the feed's, for the report. */
	readonly node: string;
	readonly feed: string;
	readonly endpoint: Endpoint;
	readonly maxPages: number;
	readonly maxRows: number;
	/** Further tries of a call that failed in a way that may pass. */
	readonly retries: number;
	/** Characters of one reply. */
	readonly maxReplyLength: number;
	/** What must stand in no message, though the server repeats it: keys and passwords of the credential. */
	readonly secrets: readonly string[];
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
