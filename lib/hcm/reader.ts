/** Reads one page of an endpoint: builds the request, sends it with retries, finds the rows. */
import type { HcmRecord } from '../contracts';
import { callWithRetries, type CallCounts } from './call';
import { HcmError } from './errors';
import { compileRows } from './records';
import { buildRequest } from './request';
import type { PageReply } from './stops';
import { TemplateError } from './template';
import type { Endpoint, FeedDependencies, FeedSettings, HttpRequest, Placed } from './types';

export type Asked = {
	/** Counted from 1. */
	readonly page: number;
	readonly placed?: readonly Placed[];
	/** What `{paging.…}` stands for. */
	readonly paging?: Readonly<Record<string, string>>;
	/** A next link: sent as it is. */
	readonly request?: HttpRequest;
};

export type Page = PageReply & {
	readonly rows: readonly HcmRecord[];
	readonly request: HttpRequest;
};

export type ReadPage = (asked: Asked) => Promise<Page>;

/**
 * @param record the row of the other endpoint that this one is called for; undefined = for none
 * @param counts counts every call made
 * @param label how messages call it
 * @returns reads a page; it rejects with HcmError or CancelledError
 * @throws PathError
 */
export function pageReader(
	endpoint: Endpoint,
	{ calling, variables, secrets }: Pick<FeedSettings, 'calling' | 'variables' | 'secrets'>,
	dependencies: FeedDependencies,
	counts: CallCounts,
	record?: HcmRecord,
	label = endpoint.name,
): ReadPage {
	const rowsOf = compileRows(endpoint);
	const { format, request: template } = endpoint;
	return async ({ page, placed = [], paging = {}, request: link }) => {
		const call = { endpoint: label, page };
		let request: HttpRequest;
		try {
			request = link ?? buildRequest(template, { record, variables, paging }, placed);
		} catch (error) {
			if (!(error instanceof TemplateError)) throw error;
			throw new HcmError(`Endpoint "${label}", page ${page}: ${error.message}.`, { ...call, whatToDo: error.whatToDo });
		}
		const { body, reply } = await callWithRetries(
			request,
			{ ...call, format },
			// Reading changes nothing, a search by POST included.
			{ retries: calling.retries, secrets, repeatable: true },
			dependencies,
			counts,
		);
		const xml = format === 'xml' || (format === 'auto' && /^\s*</.test(reply.body.slice(0, 100)));
		return { rows: rowsOf(body, xml, call), body, headers: reply.headers, status: reply.status, request };
	};
}
