/** From an endpoint's template to one request. */
import { placeNames } from '../json/path';
import { withPlace } from '../json/place';
import { fillHeader, fillJson, fillText, fillUrl, fillValue, TemplateError, type Scope } from './template';
import type { HttpRequest, Placed, RequestTemplate } from './types';

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * @param placed what paging adds; it replaces a query parameter, form field or header of the same name
 * @returns the request with all places filled
 * @throws TemplateError, PathError for a place in the body that is none
 */
export function buildRequest(template: RequestTemplate, scope: Scope, placed: readonly Placed[] = []): HttpRequest {
	const named = (place: Placed['in']) => placed.filter(({ in: where }) => where === place);
	const replaced = (place: Placed['in'], name: string) =>
		named(place).some((entry) =>
			place === 'header' ? entry.name.toLowerCase() === name.toLowerCase() : entry.name === name,
		);
	const body = bodyOf(template, scope, named('body'));
	return {
		method: template.method,
		url: withoutParameters(fillUrl(template.url.trim(), scope), (name) => replaced('query', name)),
		query: [
			...template.query
				.filter(([name]) => !replaced('query', name))
				.map(([name, value]) => [name, fillValue(value, scope)] as const),
			...named('query').map(({ name, value }) => [name, text(value)] as const),
		],
		headers: Object.fromEntries([
			...template.headers
				.filter(([name]) => !replaced('header', name))
				.map(([name, value]) => [name, fillHeader(value, scope)] as const),
			...named('header').map(({ name, value }) => [name, text(value)] as const),
		]),
		...(body ? { body } : {}),
		withCredential: true,
	};
}

/** An address as people paste it has "?page=1" in it. What stays is not touched: some servers compare their query as it was written. */
function withoutParameters(url: string, isReplaced: (name: string) => boolean): string {
	const [, address = '', query = ''] = /^([^?#]*)\?([^#]*)/.exec(url) ?? [];
	const pieces = query.split('&');
	const kept = pieces.filter((piece) => ![...new URLSearchParams(piece).keys()].some(isReplaced));
	if (kept.length === pieces.length) return url;
	return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

function bodyOf({ body }: RequestTemplate, scope: Scope, placed: readonly Placed[]): HttpRequest['body'] {
	if (placed.length > 0 && body.type !== 'json' && body.type !== 'none' && body.type !== 'form')
		throw new TemplateError(
			'paging parameters cannot be put into this body',
			'Leave their names empty and write {paging.page}, {paging.offset} or {paging.cursor} into the body where they belong.',
		);
	switch (body.type) {
		case 'none':
		case 'json': {
			if (body.type === 'none' && placed.length === 0) return undefined;
			const filled = body.type === 'none' ? {} : fillJson(body.value, scope);
			const whole = placed.reduce((value, { name, value: put }) => withPlace(value, placeNames(name), put), filled);
			return { text: JSON.stringify(whole), contentType: 'application/json' };
		}
		case 'form': {
			const fields: Array<[string, string]> = [
				...body.fields
					.filter(([name]) => !placed.some((entry) => entry.name === name))
					.map(([name, value]): [string, string] => [name, fillValue(value, scope)]),
				...placed.map(({ name, value }): [string, string] => [name, text(value)]),
			];
			return { text: new URLSearchParams(fields).toString(), contentType: 'application/x-www-form-urlencoded' };
		}
		case 'xml':
			// Escaped as XML under whatever name it is sent.
			return { text: fillText(body.text, 'text/xml', scope), contentType: body.contentType };
		case 'raw':
			return { text: fillText(body.text, body.contentType, scope), contentType: body.contentType };
	}
}
