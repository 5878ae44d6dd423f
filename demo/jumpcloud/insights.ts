/** Directory Insights: `POST /insights/directory/v1/events`. Rules and headers as its published description words them. */
import { parseObject, isObject, unusable, type Answer, type Call, type JsonObject } from './answers.ts';
import type { Directory } from './directory.ts';
import type { DirectoryEvent } from './events.ts';
import { order } from './query.ts';

/** Both spellings: the text says `alert`, `saas_app_management` is in the list of the schema only. */
const SERVICES: ReadonlySet<string> = new Set(
	'access_management alert alerts all asset_management directory ldap mdm notifications object_storage password_manager radius reports saas_app_management software sso systems'.split(
		' ',
	),
);
const DEFAULT_LIMIT = 1000;
const LARGEST_LIMIT = 10_000;
const RETENTION_MS = 90 * 86_400_000;
/** RFC 3339. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

type Token = readonly [time: number, id: string];

/**
 * One page of events, oldest first unless asked otherwise.
 * @throws Refused
 */
export function listEvents(call: Call, directory: Directory): Answer {
	const query = parseObject(call.body);
	const now = directory.now().getTime();
	const fits = eventTest(query, now);
	const descending = typeof query['sort'] === 'string' && query['sort'].toUpperCase() === 'DESC';
	const limit = limitOf(query['limit']);
	const after = tokenOf(query['search_after']);
	const direction = descending ? -1 : 1;
	const rows = directory.events
		.filter((event) => Date.parse(event.timestamp) >= now - RETENTION_MS && fits(event))
		.sort((left, right) => direction * compareTokens(tokenFor(left), tokenFor(right)))
		.filter((event) => after === undefined || direction * compareTokens(tokenFor(event), after) > 0);
	const skip = query['skip'] === undefined ? 0 : Number(query['skip']);
	if (!Number.isInteger(skip) || skip < 0) throw unusable('skip is not valid');
	const page = rows.slice(skip, skip + limit);
	const last = page.at(-1);
	return {
		status: 200,
		body: page.map(projection(query['fields'], directory.events)),
		headers: {
			'x-result-count': String(page.length),
			'x-limit': String(limit),
			'x-sort': descending ? 'DESC' : 'ASC',
			// Always sent, on the last page too: only result count and limit tell where the end is.
			'x-search_after': JSON.stringify(last ? tokenFor(last) : (after ?? [])),
			'x-request-id': `simulated-${call.turn}`,
		},
	};
}

function eventTest(query: JsonObject, now: number): (event: DirectoryEvent) => boolean {
	const services = query['service'];
	if (!Array.isArray(services) || services.length === 0 || !services.every((name) => SERVICES.has(String(name))))
		throw unusable(`service must be a list of: ${[...SERVICES].join(', ')}`);
	const from = timeOf(query['start_time'], 'start_time');
	const to = query['end_time'] === undefined ? Infinity : timeOf(query['end_time'], 'end_time');
	if (from > now) throw unusable('start_time is in the future');
	if (to <= from) throw unusable('end_time must be after start_time');
	const found = query['search_term'] === undefined ? () => true : termTest(query['search_term']);
	const words = query['q'];
	if (words !== undefined && typeof words !== 'string') throw unusable('q is not a text');
	return (event) => {
		const time = Date.parse(event.timestamp);
		const ofService = services.includes('all') || services.includes(event.service);
		const hasWords = words === undefined || JSON.stringify(event).toLowerCase().includes(words.toLowerCase());
		return ofService && time >= from && time <= to && hasWords && found(event);
	};
}

function timeOf(value: unknown, name: string): number {
	if (typeof value !== 'string' || !TIME.test(value) || Number.isNaN(Date.parse(value)))
		throw unusable(`${name} is missing or no date of RFC 3339`);
	return Date.parse(value);
}

/** "Nonsensical values cause the system to return the default row count." */
function limitOf(value: unknown): number {
	const usable = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_LIMIT;
	return usable ? value : DEFAULT_LIMIT;
}

/** A number and a text: the schema says two texts, its own examples and headers say otherwise. */
function tokenOf(value: unknown): Token | undefined {
	// What an empty first page gave.
	if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
	const [time, id] = Array.isArray(value) ? (value as readonly unknown[]) : [];
	if (typeof time !== 'number' || typeof id !== 'string') throw unusable('search_after is not valid');
	return [time, id];
}

const tokenFor = (event: DirectoryEvent): Token => [Date.parse(event.timestamp), event.id];

/** Two events may have one time: the id decides then. */
const compareTokens = (left: Token, right: Token): number => order(left[0], right[0]) || order(left[1], right[1]);

/** `{and|or|not: conditions}`, nested at will; a condition is `{field: value}` or `{field: [values]}`, compared in lower case. */
function termTest(term: unknown): (event: DirectoryEvent) => boolean {
	if (!isObject(term)) throw unusable('search_term is not an object');
	const tests = Object.entries(term).map(([name, value]) => {
		if (name !== 'and' && name !== 'or' && name !== 'not') return fieldTest(name, value);
		const parts = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(termTest);
		if (name === 'and') return (event: DirectoryEvent) => parts.every((part) => part(event));
		return (event: DirectoryEvent) => parts.some((part) => part(event)) === (name === 'or');
	});
	return (event) => tests.every((test) => test(event));
}

function fieldTest(path: string, wanted: unknown): (event: DirectoryEvent) => boolean {
	if (/^(changes|useragent|system_timestamp)(\.|$)/.test(path)) throw unusable(`${path} is not searchable`);
	const values = (Array.isArray(wanted) ? (wanted as readonly unknown[]) : [wanted]).map((one) => comparable(one));
	return (event) => {
		const own = valueAt(event, path);
		return own !== undefined && values.includes(comparable(own));
	};
}

const comparable = (value: unknown): string =>
	(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase();

function valueAt(event: JsonObject, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), event);
}

/** "An empty list or a list containing no known fields": 400. Known is what stands in an event. */
function projection(fields: unknown, events: readonly DirectoryEvent[]): (event: DirectoryEvent) => JsonObject {
	if (fields === undefined) return (event) => event;
	if (!Array.isArray(fields) || !fields.every((field) => typeof field === 'string'))
		throw unusable('fields is not a list of names');
	const isKnown = (field: string) =>
		field === 'id' || field === 'timestamp' || events.some((event) => valueAt(event, field) !== undefined);
	if (!fields.some(isKnown)) throw unusable('fields names no known field');
	return (event) => {
		const picked: Record<string, unknown> = {};
		for (const field of fields) {
			const [parent = '', child] = field.split('.');
			const value = valueAt(event, field);
			if (value === undefined) continue;
			picked[parent] = child === undefined ? value : { ...(picked[parent] as JsonObject | undefined), [child]: value };
		}
		return picked;
	};
}
