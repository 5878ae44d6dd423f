/**
 * What a workflow remembers of its feeds between runs: the date to read changes from, and the numbers of the last complete feed. It is kept
 * under the reading node's and the feed's name, both in the report, so that another node can move the date on after the changes were applied.
 */
import type { FeedSummary } from './compare';

export type FeedMemory = {
	/** Changes are read from here on, ISO 8601; absent = everything is read. */
	readonly since?: string;
	readonly complete?: FeedSummary;
};

/** By node, then by feed. */
export type Memories = Readonly<Record<string, Readonly<Record<string, FeedMemory>>>>;

/** @returns what is remembered of a feed; nothing where the store holds something else */
export function recall(store: unknown, node: string, feed: string): FeedMemory {
	const memory = field(field(store, node), feed);
	const since = field(memory, 'since');
	const complete = field(memory, 'complete');
	return {
		...(typeof since === 'string' && isInstant(since) ? { since } : {}),
		...(isSummary(complete) ? { complete } : {}),
	};
}

/** @returns a new store in which the feed is remembered so; other feeds stay as they are */
export function remember(store: unknown, node: string, feed: string, memory: FeedMemory): Memories {
	const memories = isObject(store) ? (store as Memories) : {};
	const feeds = field(memories, node);
	return {
		...memories,
		[node]: { ...(isObject(feeds) ? (feeds as Readonly<Record<string, FeedMemory>>) : {}), [feed]: memory },
	};
}

/** The later of two dates: a report that is confirmed late, or twice, never moves the date back. */
export function later(current: string | undefined, next: string): string {
	return current !== undefined && Date.parse(current) > Date.parse(next) ? current : next;
}

/** Whether a text is an instant in ISO 8601 with its zone. */
export function isInstant(text: string): boolean {
	return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isSummary(value: unknown): value is FeedSummary {
	const columns = field(value, 'columns');
	return (
		typeof field(value, 'at') === 'string' &&
		isCount(field(value, 'rows')) &&
		isObject(columns) &&
		Object.values(columns).every(isCount)
	);
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function field(value: unknown, name: string): unknown {
	return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
