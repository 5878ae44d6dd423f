/** HR systems: Personio v2, Zoho People, Rippling, UKG Pro, Oracle HCM, Greenhouse, Sage HR and Namely. */
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { parameters, row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract, type Credential } from './contract';
import { basic, numberIn, opaque, placeOf, serveProduct, staff, type Answer, type Asked, type Product } from './server';

const TOKEN = 'hr-t0ken-of-a-product';
const refused: Answer = { status: 401, json: { message: 'Unauthorized' } };
const bad = (message: string): Answer => ({ status: 400, json: { message } });
const header =
	(value: string, keyName = 'Authorization', keyPrefix = 'Bearer') =>
	(): Credential => ({
		hcmApi: { authenticateWith: 'apiKey', keyName, keyPrefix, keyValue: value },
	});

/** Login by form, then persons by an opaque next link in the body. */
async function personio(people: number): Promise<Product> {
	const all = staff(people).map(({ id, first, last }) => ({ id, first_name: first, last_name: last }));
	return await serveProduct(({ method, path, query, headers, body }, base) => {
		if (path === '/v2/auth/token') {
			const form = new URLSearchParams(body);
			const known = method === 'POST' && form.get('client_id') === 'papi-1' && form.get('client_secret') === TOKEN;
			return known
				? { json: { access_token: 'papi-session', expires_in: 86_400 } }
				: { status: 403, json: { error: 'invalid_client' } };
		}
		if (headers.authorization !== 'Bearer papi-session') return refused;
		const begin = query.has('cursor') ? placeOf(query.get('cursor') ?? '') : 0;
		if (begin === undefined) return bad('cursor');
		const end = begin + 50;
		const links =
			end < all.length ? { links: { next: { href: `${base}/v2/persons?cursor=${opaque(end)}` } } } : { links: {} };
		return { json: { _data: all.slice(begin, end), _meta: links } };
	});
}
const personioCredential =
	(password: string) =>
	(base: string): Credential => ({
		hcmApi: {
			authenticateWith: 'login',
			baseUrl: base,
			loginUrl: '/v2/auth/token',
			loginBodyType: 'form',
			loginBody:
				'{ "grant_type": "client_credentials", "client_id": "{credential.user}", "client_secret": "{credential.password}" }',
			user: 'papi-1',
			password,
		},
	});
export const PERSONIO: Contract = {
	product: 'Personio',
	serve: personio,
	endpoints: PRESETS.personio.endpoints,
	credential: personioCredential(TOKEN),
	wrong: personioCredential(WRONG),
	calls: 6,
	evidence: 'strong',
	total: null,
	sizes: [0, 1, 50, 100],
};

const userOf = (password: string) => (): Credential => ({
	hcmApi: { authenticateWith: 'basic', user: 'service', password },
});

/** The rows of a page by number; undefined for numbers that are none. */
function byPage<T>(
	all: readonly T[],
	{ query }: Asked,
	size: string,
	most: number,
	fallback: number,
): readonly T[] | undefined {
	const [page, per] = [numberIn(query, 'page', 1), numberIn(query, size, fallback)];
	if (!(page >= 1) || !(per >= 1)) return undefined;
	const rows = Math.min(per, most);
	return all.slice((page - 1) * rows, page * rows);
}

export const ZOHO_PEOPLE: Contract = {
	product: 'Zoho People',
	serve: (people) =>
		serveProduct(({ query, headers }) => {
			if (headers.authorization !== `Zoho-oauthtoken ${TOKEN}`) return refused;
			const [index, limit] = [numberIn(query, 'sIndex', 1), numberIn(query, 'limit', 200)];
			if (!(index >= 1) || !(limit >= 1 && limit <= 200)) return bad('sIndex from 1, limit to 200');
			const rows = staff(people).slice(index - 1, index - 1 + limit);
			return {
				json: {
					response: {
						status: 0,
						result: rows.map(({ id, first }) => ({ [`9${id}`]: [{ EmployeeID: id, FirstName: first }] })),
					},
				},
			};
		}),
	endpoints: [
		row({
			url: 'https://people.zoho.com/people/api/forms/employee/getRecords',
			recordsPath: 'response.result',
			primaryKey: 'EmployeeID',
			paging: 'offset',
			pageSize: 200,
			offsetParameter: 'sIndex',
			start: 1,
			settings: { unwrapIdKey: true, idField: 'recordId' },
		}),
	],
	credential: header(TOKEN, 'Authorization', 'Zoho-oauthtoken'),
	wrong: header(WRONG, 'Authorization', 'Zoho-oauthtoken'),
	calls: 2,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 199, 200],
};

export const RIPPLING: Contract = {
	product: 'Rippling',
	serve: (people) =>
		serveProduct(({ query, headers }, base) => {
			if (headers.authorization !== `Bearer ${TOKEN}`) return refused;
			if (headers['rippling-api-version'] !== '2024-06-01') return bad('Rippling-Api-Version is missing');
			const begin = query.has('cursor') ? placeOf(query.get('cursor') ?? '') : 0;
			if (begin === undefined) return bad('cursor');
			const end = begin + Math.min(numberIn(query, 'limit', 50), 100);
			const next_link = end < people ? `${base}/workers?limit=100&cursor=${opaque(end)}` : null;
			return { json: { results: staff(people).slice(begin, end), next_link } };
		}),
	endpoints: [
		row({
			url: 'https://rest.ripplingapis.com/workers',
			headers: parameters(['Rippling-Api-Version', '2024-06-01']),
			recordsPath: 'results',
			paging: 'nextUrl',
			nextPath: 'next_link',
		}),
	],
	credential: header(TOKEN),
	wrong: header(WRONG),
	calls: 3,
	evidence: 'strong',
	total: null,
	sizes: [0, 1, 100, 200],
};

const ukgUser = (password: string) => (): Credential => ({
	hcmApi: {
		authenticateWith: 'basic',
		user: 'service',
		password,
		headerCount: 1,
		header1Name: 'US-Customer-Api-Key',
		header1Value: 'customer-key',
	},
});
export const UKG_PRO: Contract = {
	product: 'UKG Pro',
	serve: (people) =>
		serveProduct((asked) => {
			if (asked.headers.authorization !== basic('service', TOKEN)) return refused;
			if (asked.headers['us-customer-api-key'] !== 'customer-key') return { status: 403, json: {} };
			const rows = byPage(staff(people), asked, 'per_page', 100, 100);
			return rows ? { json: rows } : bad('page');
		}),
	endpoints: [
		row({
			url: 'https://service4.ultipro.com/personnel/v1/employee-changes',
			paging: 'page',
			limitParameter: 'per_page',
		}),
	],
	credential: ukgUser(TOKEN),
	wrong: ukgUser(WRONG),
	calls: 3,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 100, 200],
};

export const ORACLE_HCM: Contract = {
	product: 'Oracle HCM',
	serve: (people) =>
		serveProduct(({ query, headers }) => {
			if (headers.authorization !== basic('service', TOKEN)) return refused;
			if (query.get('orderBy') !== 'PersonId') return bad('without orderBy rows come in any order');
			const [offset, limit] = [numberIn(query, 'offset', 0), Math.min(numberIn(query, 'limit', 25), 500)];
			const items = staff(people)
				.slice(offset, offset + limit)
				.map(({ id }) => ({ PersonId: id }));
			return {
				json: {
					items,
					count: items.length,
					hasMore: offset + items.length < people,
					limit,
					offset,
					totalResults: people,
				},
			};
		}),
	endpoints: [
		row({
			url: 'https://example.fa.oraclecloud.com/hcmRestApi/resources/11.13.18.05/workers',
			query: parameters(['onlyData', 'true'], ['totalResults', 'true'], ['orderBy', 'PersonId']),
			recordsPath: 'items',
			primaryKey: 'PersonId',
			paging: 'offset',
			stops: { hasMorePath: 'hasMore', totalPath: 'totalResults' },
		}),
	],
	credential: userOf(TOKEN),
	wrong: userOf(WRONG),
	calls: 3,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 100, 199, 200],
};

export const GREENHOUSE: Contract = {
	product: 'Greenhouse Harvest v1',
	serve: (people) =>
		serveProduct((asked, base) => {
			if (asked.headers.authorization !== basic(TOKEN, '')) return refused;
			const rows = byPage(staff(people), asked, 'per_page', 100, 100);
			if (!rows) return bad('page');
			const page = numberIn(asked.query, 'page', 1);
			const last = Math.ceil(people / 100);
			const link = (to: number, rel: string) => `<${base}/v1/users?page=${to}&per_page=100>; rel="${rel}"`;
			return { json: rows, headers: page < last ? { link: `${link(page + 1, 'next')}, ${link(last, 'last')}` } : {} };
		}),
	endpoints: [row({ url: 'https://harvest.greenhouse.io/v1/users', paging: 'link', limitParameter: 'per_page' })],
	credential: () => ({ hcmApi: { authenticateWith: 'basic', user: TOKEN, password: '' } }),
	wrong: () => ({ hcmApi: { authenticateWith: 'basic', user: WRONG, password: '' } }),
	calls: 3,
	// The links only count pages.
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 100, 200],
};

export const SAGE_HR: Contract = {
	product: 'Sage HR',
	serve: (people) =>
		serveProduct((asked) => {
			if (asked.headers['x-auth-token'] !== TOKEN) return refused;
			// It takes no page size: thirty rows a page.
			const rows = byPage(
				staff(people),
				{ ...asked, query: new URLSearchParams(`page=${asked.query.get('page')}`) },
				'per',
				30,
				30,
			);
			return rows ? { json: { data: rows } } : bad('page');
		}),
	endpoints: [
		row({
			url: 'https://example.sage.hr/api/employees',
			recordsPath: 'data',
			paging: 'page',
			pageSize: 30,
			limitParameter: '',
			// The page size is the server's own: only an empty page is surely the end.
			stops: { shortPage: false },
		}),
	],
	credential: header(TOKEN, 'X-Auth-Token', ''),
	wrong: header(WRONG, 'X-Auth-Token', ''),
	calls: 10,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 30, 60],
};

export const NAMELY: Contract = {
	product: 'Namely',
	serve: (people) =>
		serveProduct((asked) => {
			if (asked.headers.authorization !== `Bearer ${TOKEN}`) return refused;
			const rows = byPage(staff(people), asked, 'per_page', 50, 50);
			return rows ? { json: { profiles: rows, meta: { count: rows.length } } } : bad('page');
		}),
	endpoints: [
		row({
			url: 'https://example.namely.com/api/v1/profiles',
			recordsPath: 'profiles',
			paging: 'page',
			pageSize: 50,
			limitParameter: 'per_page',
			stops: { shortPage: false },
		}),
	],
	credential: header(TOKEN),
	wrong: header(WRONG),
	calls: 7,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 50, 100],
};
