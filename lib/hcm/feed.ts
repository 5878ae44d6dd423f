/** Reads a feed: all pages of all endpoints, joined, and a report that says how far it can be trusted. */
import type { EndpointReport, FeedReport, HcmRecord } from '../contracts';
import type { CallCounts } from './call';
import { readDependents } from './dependents';
import { joinRows, type EndpointRows } from './join';
import { identityReader, unique } from './keys';
import { readList } from './list';
import { orderEndpoints } from './order';
import { paced } from './pace';
import { pageReader } from './reader';
import { countFault, type Reading } from './reading';
import type { Endpoint, Feed, FeedDependencies, FeedSettings, Join } from './types';

type EndpointResult = EndpointRows & {
	readonly reading: Reading;
	readonly reasons: readonly string[];
	readonly report: EndpointReport;
};

/**
 * @returns every record once, and the report; an incomplete feed is no error here, the caller decides
 * @throws HcmError when nothing could be read or the endpoints do not fit together, PathError for a path that is none, CancelledError
 */
export async function readFeed(settings: FeedSettings, given: FeedDependencies): Promise<Feed> {
	const dependencies: FeedDependencies = { ...given, send: paced(given, settings.calling.delayMs) };
	const results = new Map<string, EndpointResult>();
	for (const endpoint of orderEndpoints(settings.endpoints)) {
		const result = await readEndpoint(endpoint, results, settings, dependencies);
		results.set(endpoint.name, result);
		if (result.reasons.length > 0 && settings.whenIncomplete === 'stop') break;
	}
	// In the builder's order, which says whose fields stand over whose.
	const read = settings.endpoints.flatMap(({ name }) => results.get(name) ?? []);
	const [first, ...others] = read.filter(({ endpoint }) => !endpoint.listOnly);
	// Whom the limit left out is no stranger.
	const join: Join = first?.reading.limited ? { ...settings.join, unmatched: 'drop' } : settings.join;
	const joined = first ? joinRows(first, others, join) : { records: [], warnings: [] };
	const { limit } = settings.limits;
	const records = limit === null ? joined.records : joined.records.slice(0, limit);
	const limited = read.some(({ reading }) => reading.limited) || records.length < joined.records.length;
	return { records, ...reportOf(settings, read, { records, warnings: joined.warnings, limited }) };
}

async function readEndpoint(
	endpoint: Endpoint,
	earlier: ReadonlyMap<string, EndpointResult>,
	settings: FeedSettings,
	dependencies: FeedDependencies,
): Promise<EndpointResult> {
	const begin = dependencies.clock();
	const counts: CallCounts = { calls: 0, retries: 0 };
	const parent = earlier.get(endpoint.dependsOn);
	// The limit counts people: lists of something else, and what depends on a list, are read whole.
	const counted = parent === undefined && !endpoint.listOnly ? settings : unlimited(settings);
	const reading = parent
		? await readDependents(endpoint, parent.endpoint, parent.rows, counted, dependencies, counts)
		: await readList(endpoint, pageReader(endpoint, settings, dependencies, counts), counted);
	const { records, duplicates, withoutKey } = unique(reading.rows, identityReader(endpoint));
	const rows = counted.limits.limit === null ? records : records.slice(0, counted.limits.limit);
	return {
		endpoint,
		rows,
		reading: { ...reading, limited: reading.limited || rows.length < records.length },
		reasons: reasonsOf(endpoint, reading, records.length, withoutKey),
		report: {
			name: endpoint.name,
			...counts,
			rows: reading.rows.length,
			unique: records.length,
			duplicates,
			total: reading.total,
			pages: reading.pages,
			ms: Math.round(dependencies.clock() - begin),
		},
	};
}

const unlimited = (settings: FeedSettings): FeedSettings => ({
	...settings,
	limits: { ...settings.limits, limit: null },
});

function reasonsOf({ name, primaryKey }: Endpoint, reading: Reading, found: number, withoutKey: number): string[] {
	const reasons = [...reading.reasons];
	if (withoutKey > 0) reasons.push(`${withoutKey} rows of "${name}" have no ${primaryKey}`);
	return [...reasons, ...countFault(reading, name, found + withoutKey)];
}

function reportOf(
	{ node, feed, deltaBy, limits, endpoints, nextSince }: FeedSettings,
	read: readonly EndpointResult[],
	{
		records,
		warnings,
		limited,
	}: { readonly records: readonly HcmRecord[]; readonly warnings: readonly string[]; readonly limited: boolean },
): Pick<Feed, 'report' | 'fault'> {
	const reasons = read.flatMap((result) => result.reasons);
	const fault = read.find(({ reading }) => reading.fault !== undefined)?.reading.fault;
	// Stopped by the builder's own limit: said in one word, which templates look for. Nothing but a call that failed fails such a feed.
	const stopped = limited && fault === undefined;
	const all = stopped ? ['limit'] : reasons;
	const complete = all.length === 0;
	const isDelta = deltaBy !== '' || limits.limit !== null || endpoints.some(({ partial }) => partial);
	const report: FeedReport = {
		formatVersion: 1,
		node,
		feed,
		kind: isDelta ? 'delta' : 'full',
		complete,
		reasons: all,
		// Groups or details that were not proven whole take rights away as wrongly as a missing person does: the weakest counts.
		evidence: !limited && read.every(({ reading }) => reading.proven) ? 'strong' : 'weak',
		warnings: stopped ? [...reasons, ...warnings] : warnings,
		comparison: 'not compared',
		records: records.length,
		nextSince: complete ? nextSince : null,
		endpoints: read.map((result) => result.report),
	};
	return { report, ...(fault === undefined ? {} : { fault }) };
}
