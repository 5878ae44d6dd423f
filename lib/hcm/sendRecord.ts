/** One call for each record: writing back to an HR system. */
import { compilePath, placeNames } from '../json/path';
import { withPlace } from '../json/place';
import { callWithRetries, type CallCounts } from './call';
import { HcmError } from './errors';
import { buildRequest } from './request';
import { TemplateError } from './template';
import type { FeedDependencies, HttpRequest, ReplyFormat, RequestTemplate, Variables } from './types';

export type SendSettings = {
	/** How messages call it. */
	readonly name: string;
	readonly request: RequestTemplate;
	readonly format: ReplyFormat;
	readonly retries: number;
	/** Whether a call is tried again though the first may have been carried out: POST and PATCH may do something twice. */
	readonly retryUnsafe: boolean;
	readonly variables: Variables;
	readonly secrets: () => readonly string[];
	/** Read first, and put into the body: for interfaces that replace a whole list. */
	readonly merge?: Merge;
};

/** A list of names and values of which one entry is set and the others stay. */
export type Merge = {
	/** Path to the list in the reply to a GET of the same address. */
	readonly list: string;
	readonly nameField: string;
	readonly valueField: string;
	readonly name: string;
	/** null = the entry is taken out. */
	readonly value: string | null;
};

export type Sent = {
	readonly method: string;
	readonly url: string;
	readonly status: number;
	readonly response: unknown;
	readonly calls: number;
	readonly retries: number;
	/** Whether nothing was sent because everything is as it should be. */
	readonly unchanged: boolean;
};

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);

/**
 * @param record what `{field}` stands for
 * @returns what was sent and answered
 * @throws HcmError, CancelledError
 */
export async function sendRecord(
	settings: SendSettings,
	record: unknown,
	dependencies: FeedDependencies,
): Promise<Sent> {
	const counts: CallCounts = { calls: 0, retries: 0 };
	const call = { endpoint: settings.name, page: 1, format: settings.format };
	const own = requestOf(settings, record);
	const send = (request: HttpRequest) =>
		callWithRetries(
			request,
			call,
			{
				retries: settings.retries,
				secrets: settings.secrets,
				repeatable: settings.retryUnsafe || IDEMPOTENT.has(request.method),
			},
			dependencies,
			counts,
		);
	const merged = settings.merge ? await merge(settings.merge, own, send, call) : { request: own };
	if (merged.request === undefined)
		return { method: own.method, url: own.url, status: 200, response: merged.found, ...counts, unchanged: true };
	const { body, reply } = await send(merged.request);
	return {
		method: own.method,
		url: own.url,
		status: reply.status,
		response: body ?? null,
		...counts,
		unchanged: false,
	};
}

function requestOf({ name, request, variables }: SendSettings, record: unknown): HttpRequest {
	try {
		return buildRequest(request, { record, variables });
	} catch (error) {
		if (!(error instanceof TemplateError)) throw error;
		throw new HcmError(`"${name}": ${error.message}.`, { endpoint: name, page: 1, whatToDo: error.whatToDo });
	}
}

/** Reads the list, sets the one entry and gives the request that writes the whole list; none where the entry is so already. */
async function merge(
	{ list, nameField, valueField, name, value }: Merge,
	request: HttpRequest,
	send: (request: HttpRequest) => Promise<{ readonly body: unknown }>,
	call: { readonly endpoint: string; readonly page: number },
): Promise<{ readonly request?: HttpRequest; readonly found?: unknown }> {
	const { body: _body, ...bare } = request;
	const { body: found } = await send({ ...bare, method: 'GET' });
	// What is no record has no list either, and writing one would take everything away that stands in the real one.
	const isRecord = typeof found === 'object' && found !== null && !Array.isArray(found);
	const entries = isRecord ? (compilePath(list)(found) ?? []) : undefined;
	if (!Array.isArray(entries))
		throw new HcmError(`"${call.endpoint}": "${list}" of the record is no list.`, {
			...call,
			whatToDo: 'Nothing was written. Look at what the interface answers to a GET of this address.',
		});
	const isNamed = (entry: unknown) => read(entry, nameField) === name;
	const before = (entries as unknown[]).filter(isNamed);
	const as = value === null ? before.length === 0 : before.length === 1 && read(before[0], valueField) === value;
	if (as) return { found };
	const at = (entries as unknown[]).findIndex(isNamed);
	const others = (entries as unknown[]).filter((entry) => !isNamed(entry));
	// The entry keeps its place, so that the list is not turned over by writing one value.
	const place = at < 0 ? others.length : at;
	const entry = { ...(before[0] as object | undefined), [nameField]: name, [valueField]: value };
	const whole = value === null ? others : others.toSpliced(place, 0, entry);
	const text = JSON.stringify(withPlace({}, placeNames(list), whole));
	return { request: { ...request, body: { text, contentType: 'application/json' } } };
}

function read(entry: unknown, name: string): unknown {
	return typeof entry === 'object' && entry !== null && Object.hasOwn(entry, name)
		? (entry as Readonly<Record<string, unknown>>)[name]
		: undefined;
}
