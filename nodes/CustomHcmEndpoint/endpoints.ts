/** From the rows that the editor stores to the endpoints that the engine reads. */
import { executeFilter, type FilterValue as N8nFilterValue } from 'n8n-workflow';
import { compileConditions } from '../../lib/conditions';
import { HcmError } from '../../lib/hcm/errors';
import type { BodyTemplate, Endpoint, Paging, Pairs, ReplyPlace, RequestTemplate, Stops } from '../../lib/hcm/types';
import { compilePath } from '../../lib/json/path';
import type { EndpointValues } from './presets';

type StoredPairs = { readonly parameters?: ReadonlyArray<{ readonly name: string; readonly value: unknown }> };
/** What one request has, in a row of Endpoints or in Send Record. */
export type RequestValues = Pick<
	EndpointValues,
	'name' | 'method' | 'url' | 'bodyType' | 'jsonBody' | 'textBody' | 'textContentType'
> & { readonly query?: StoredPairs; readonly headers?: StoredPairs; readonly formBody?: StoredPairs };

/** @throws HcmError for a row that cannot be read: it names the field */
export function toEndpoint(values: EndpointValues): Endpoint {
	const { name, settings = {} } = values;
	const primaryKey = pathText(values.primaryKey);
	if (name.trim() === '')
		throw fault(name, "'Name' is empty", 'Give each endpoint a name; reports and messages use it.');
	if (primaryKey === '')
		throw fault(name, "'Primary Key' is empty", 'Enter the field that tells people apart, such as id.');
	return {
		name: name.trim(),
		request: toRequest(values),
		format: settings.responseFormat ?? 'auto',
		recordsPath: pathText(values.recordsPath),
		unwrap: unwrapOf(values),
		primaryKey,
		joinOn: settings.joinOn?.trim() ?? '',
		several: settings.several ?? false,
		listOnly: settings.listOnly ?? false,
		dependsOn: settings.dependsOn?.trim() ?? '',
		parentFields: (settings.parentFields ?? '')
			.split(',')
			.map((field) => field.trim())
			.filter((field) => field !== ''),
		paging: toPaging(values),
		stops: toStops(values),
		partial: settings.returnsOnlySome ?? false,
	};
}

/** A resource locator holds its path inside; a workflow written by hand may hold it as text. */
export function pathText(value: unknown): string {
	const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
	return typeof inner === 'string' ? inner.trim() : '';
}

/** A parameter that an expression may have made a number of; anything else that is no text is no value. */
export function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** @throws HcmError for a JSON body that is none */
export function toRequest(values: RequestValues): RequestTemplate {
	const url = values.url.trim();
	if (url === '')
		throw fault(values.name, "'URL' is empty", 'Enter a whole address, or a path below the one in the credential.');
	if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^https?:\/\//i.test(url))
		throw fault(values.name, "'URL' must begin with https://", 'Enter an address of the web.');
	return {
		method: values.method,
		url,
		query: toPairs(values.query),
		headers: toPairs(values.headers),
		body: toBody(values),
	};
}

function toPairs(stored: StoredPairs | undefined): Pairs {
	return (stored?.parameters ?? [])
		.filter(({ name }) => name.trim() !== '')
		.map(({ name, value }) => [name.trim(), typeof value === 'string' ? value : JSON.stringify(value ?? '')] as const);
}

function toBody({ name, bodyType, jsonBody, formBody, textBody, textContentType }: RequestValues): BodyTemplate {
	switch (bodyType) {
		case 'json':
			try {
				// An expression may give the object itself.
				const value: unknown = typeof jsonBody === 'string' ? JSON.parse(jsonBody) : jsonBody;
				return { type: 'json', value };
			} catch (error) {
				throw fault(
					name,
					`'JSON Body' is no JSON: ${error instanceof Error ? error.message : ''}`,
					'Write names and texts in double quotes; {field} goes inside the quotes.',
				);
			}
		case 'form':
			return { type: 'form', fields: toPairs(formBody) };
		case 'xml':
			return { type: 'xml', text: textBody, contentType: 'text/xml; charset=utf-8' };
		case 'raw':
			return { type: 'raw', text: textBody, contentType: textContentType.trim() || 'text/plain' };
		default:
			return { type: 'none' };
	}
}

function unwrapOf({ settings = {} }: EndpointValues): Endpoint['unwrap'] {
	if (settings.unwrapIdKey === true) return { type: 'idKey', idField: settings.idField?.trim() ?? '' };
	const path = settings.unwrapPath?.trim() ?? '';
	return path === '' ? { type: 'none' } : { type: 'path', path };
}

function toPaging(values: EndpointValues): Paging {
	const { name, paging, pageSize } = values;
	if (paging === 'none') return { style: 'none' };
	if (!Number.isInteger(pageSize) || pageSize < 1)
		throw fault(name, `'Page Size' is ${String(pageSize)}`, 'Enter a whole number from 1, such as 100.');
	const text = (value: string) => value.trim();
	const need = (field: string, value: string, uses: string): string => {
		if (value.trim() === '' && !usesPlace(values, uses))
			throw fault(name, `'${field}' is empty`, `Enter it, or write {${uses}} into the request where it belongs.`);
		return value.trim();
	};
	const whole = (field: string, value: number): number => {
		if (!Number.isInteger(value)) throw fault(name, `'${field}' is ${String(value)}`, 'Enter a whole number.');
		return value;
	};
	const size = { limitParameter: text(values.limitParameter), pageSize, in: values.pagingIn };
	switch (paging) {
		case 'offset': {
			const offsetParameter = need('Offset Parameter', values.offsetParameter, 'paging.offset');
			return { ...size, style: 'offset', offsetParameter, start: whole('First Offset', values.start) };
		}
		case 'page': {
			const pageParameter = need('Page Parameter', values.pageParameter, 'paging.page');
			return { ...size, style: 'page', pageParameter, firstPage: whole('First Page', values.firstPage) };
		}
		case 'cursor': {
			const path = text(values.cursorPath);
			if (path === '')
				throw fault(name, "'Cursor Path' is empty", 'Enter where the reply has its cursor, such as meta.next_cursor.');
			const cursorParameter = need('Cursor Parameter', values.cursorParameter, 'paging.cursor');
			return {
				...size,
				style: 'cursor',
				cursor: { in: values.cursorFrom, path },
				cursorParameter,
				cursorIn: values.cursorIn,
			};
		}
		case 'nextUrl': {
			const nextPath = text(values.nextPath);
			if (nextPath === '') throw fault(name, "'Next URL Path' is empty", 'Enter where the reply has the next address.');
			return { ...size, in: 'query', style: 'link', nextPath };
		}
		case 'link':
			return { ...size, in: 'query', style: 'link', nextPath: null };
	}
}

function usesPlace(values: EndpointValues, place: string): boolean {
	return JSON.stringify([
		values.url,
		values.query,
		values.headers,
		values.jsonBody,
		values.textBody,
		values.formBody,
	]).includes(`{${place}}`);
}

function toStops({ name, paging, stops = {} }: EndpointValues): Stops {
	if (paging === 'none') return { shortPage: false };
	const place = (path: string | undefined, header: string | undefined): ReplyPlace | undefined => {
		if (path?.trim()) return { in: 'body', path: path.trim() };
		return header?.trim() ? { in: 'header', path: header.trim() } : undefined;
	};
	const total = place(stops.totalPath, stops.totalHeader);
	const pages = place(stops.pagesPath, stops.pagesHeader);
	const hasMore = place(stops.hasMorePath, stops.hasMoreHeader);
	let when: Stops['when'];
	try {
		when = compileConditions(stops.when, compilePath, (filter) => executeFilter(filter as N8nFilterValue));
	} catch (error) {
		throw fault(name, error instanceof Error ? error.message : String(error), "Correct the conditions in 'Last Page'.");
	}
	return {
		...(total ? { total } : {}),
		...(pages ? { pages } : {}),
		...(hasMore ? { hasMore } : {}),
		// A cursor or a link says itself where the end is: a page that the server caps is none.
		shortPage: stops.shortPage ?? (paging === 'offset' || paging === 'page'),
		...(when ? { when } : {}),
	};
}

function fault(name: string, what: string, whatToDo: string): HcmError {
	return new HcmError(`Endpoint "${name}": ${what.replace(/\.$/, '')}.`, { endpoint: name, page: 0, whatToDo });
}
