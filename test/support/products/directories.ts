/** Directories: SCIM 2.0 by index and by cursor, Okta by Link header, Microsoft Graph by next link in the body. */
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { numberIn, opaque, placeOf, serveProduct, staff, type Answer, type Product } from './server';

const TOKEN = 'directory-t0ken';
const bearer = (token: string) => () => ({ hcmApi: { authenticateWith: 'bearer', token } }) as const;
const users = (people: number) =>
	staff(people).map(({ id, first, last, active }) => ({
		id,
		userName: `u${id}`,
		name: { givenName: first, familyName: last },
		active,
	}));

const SCIM = 'application/scim+json';
const scimError = (status: number, detail: string): Answer => ({
	status,
	type: SCIM,
	json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail },
});
const listOf = (more: object): Answer => ({
	type: SCIM,
	json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], ...more },
});

/** RFC 7644 section 3.4.2.4: the first index is 1, less than 1 means 1, and a provider may give fewer than asked for. */
async function scim(people: number): Promise<Product> {
	const all = users(people);
	return await serveProduct(({ path, query, headers }) => {
		if (headers.authorization !== `Bearer ${TOKEN}`) return scimError(401, 'Authorization failure');
		if (headers.accept?.includes(SCIM) !== true || path !== '/Users') return scimError(404, 'Not found');
		const [startIndex, count] = [Math.max(1, numberIn(query, 'startIndex', 1)), numberIn(query, 'count', 20)];
		const Resources = all.slice(startIndex - 1, startIndex - 1 + Math.min(count, 50));
		return listOf({ totalResults: all.length, startIndex, itemsPerPage: Resources.length, Resources });
	});
}

export const SCIM_USERS: Contract = {
	product: 'SCIM 2.0',
	serve: scim,
	endpoints: PRESETS.scimUsers.endpoints,
	credential: bearer(TOKEN),
	wrong: bearer(WRONG),
	// 50 rows a page although 100 are asked for, and each page shares a row with the one before.
	calls: 6,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 50, 99, 100],
};

/** RFC 9865: `cursor` without a value begins; `nextCursor` is absent at the end. Pages may be shorter than `count`. */
async function scimCursor(people: number): Promise<Product> {
	const all = users(people);
	return await serveProduct(({ query, headers }) => {
		if (headers.authorization !== `Bearer ${TOKEN}`) return scimError(401, 'Authorization failure');
		const cursor = query.get('cursor');
		if (cursor === null) return scimError(400, 'this provider pages by cursor');
		const begin = cursor === '' ? 0 : placeOf(cursor);
		if (begin === undefined) return scimError(400, 'invalidCursor');
		const Resources = all.slice(begin, begin + Math.min(numberIn(query, 'count', 20), 60));
		const end = begin + Resources.length;
		const nextCursor = end < all.length ? { nextCursor: opaque(end) } : {};
		return listOf({ totalResults: all.length, itemsPerPage: Resources.length, ...nextCursor, Resources });
	});
}

export const SCIM_CURSOR: Contract = {
	...SCIM_USERS,
	product: 'SCIM 2.0 by cursor',
	serve: scimCursor,
	endpoints: [
		row({
			url: '/Users',
			query: { parameters: [{ name: 'cursor', value: '' }] },
			recordsPath: 'Resources',
			paging: 'cursor',
			limitParameter: 'count',
			cursorPath: 'nextCursor',
			stops: { totalPath: 'totalResults', shortPage: false },
		}),
	],
	calls: 5,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 60, 120],
};

export type OktaFaults = { readonly busyAt?: number; readonly resetInSeconds?: number };

/** Two Link headers, one of them for the page itself; the token stands behind SSWS; 200 rows at most. */
export async function okta(people: number, { busyAt = 0, resetInSeconds = 0 }: OktaFaults = {}): Promise<Product> {
	const all = users(people);
	let calls = 0;
	return await serveProduct(({ path, query, headers }, base) => {
		calls += 1;
		if (headers.authorization !== `SSWS ${TOKEN}`)
			return { status: 401, json: { errorCode: 'E0000011', errorSummary: 'Invalid token provided' } };
		if (calls === busyAt)
			return {
				status: 429,
				headers: {
					'x-rate-limit-remaining': '0',
					'x-rate-limit-reset': String(Math.floor(Date.now() / 1000) + resetInSeconds),
				},
				json: { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit due to too many requests.' },
			};
		if (path !== '/api/v1/users') return { status: 404, json: { errorCode: 'E0000022' } };
		const limit = numberIn(query, 'limit', 200);
		const begin = query.has('after') ? placeOf(query.get('after') ?? '') : 0;
		if (begin === undefined || !(limit >= 1 && limit <= 200)) return { status: 400, json: { errorCode: 'E0000031' } };
		const page = all.slice(begin, begin + limit);
		const self = `<${base}${path}?limit=${limit}>; rel="self"`;
		const next = `<${base}${path}?after=${opaque(begin + page.length)}&limit=${limit}>; rel="next"`;
		return { headers: { link: begin + page.length < all.length ? [self, next] : [self] }, json: page };
	});
}

const ssws = (keyValue: string) => () =>
	({
		hcmApi: { authenticateWith: 'apiKey', keyIn: 'header', keyName: 'Authorization', keyPrefix: 'SSWS', keyValue },
	}) as const;

export const OKTA_USERS: Contract = {
	product: 'Okta',
	serve: okta,
	endpoints: PRESETS.oktaUsers.endpoints,
	credential: ssws(TOKEN),
	wrong: ssws(WRONG),
	calls: 2,
	evidence: 'strong',
	total: null,
	sizes: [0, 1, 200, 400],
};

export type GraphPages = {
	/** Rows of each page in turn, whatever $top asks for; then as many as asked for. */
	readonly rows?: readonly number[];
};

/** The next link is opaque and carries the whole question; without $select there are few fields. */
export async function graph(people: number, { rows = [] }: GraphPages = {}): Promise<Product> {
	const all = users(people);
	let calls = 0;
	return await serveProduct(({ path, query, headers }, base) => {
		if (headers.authorization !== `Bearer ${TOKEN}`)
			return {
				status: 401,
				json: { error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.' } },
			};
		const [select, top, token] = [query.get('$select'), numberIn(query, '$top', 100), query.get('$skiptoken')];
		// The number of the call makes each link another one, as Graph's are.
		const begin = token === null ? 0 : placeOf(token.replace(/\.\d+$/, ''));
		if (path !== '/v1.0/users') return { status: 404, json: { error: { code: 'ResourceNotFound' } } };
		if (begin === undefined || select?.includes('employeeId') !== true || !(top >= 1 && top <= 999))
			return { status: 400, json: { error: { code: 'BadRequest', message: 'Invalid page size or select' } } };
		const value = all.slice(begin, begin + (rows[calls] ?? top));
		calls += 1;
		const end = begin + value.length;
		const link = `${base}${path}?$select=${encodeURIComponent(select)}&$top=${top}&$skiptoken=${opaque(end)}.${calls}`;
		return {
			json: {
				'@odata.context': `${base}/v1.0/$metadata#users`,
				...(end < all.length ? { '@odata.nextLink': link } : {}),
				value,
			},
		};
	});
}

/** The preset, with pages of 100 so that 251 people are several. */
export const GRAPH_USERS: Contract = {
	product: 'Microsoft Graph',
	serve: graph,
	endpoints: PRESETS.graphUsers.endpoints.map((values) => ({ ...values, pageSize: 100 })),
	credential: bearer(TOKEN),
	wrong: bearer(WRONG),
	calls: 3,
	evidence: 'strong',
	total: null,
	sizes: [0, 1, 100, 200],
};
