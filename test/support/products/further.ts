/** SAP SuccessFactors by next link, Deel by offset. */
import { parameters, row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { basic, numberIn, opaque, placeOf, serveProduct, staff, type Product } from './server';

const USER = 'integration@example';
const PASSWORD = 'su1te-p4ss';
const login = (password: string) => () => ({ hcmApi: { authenticateWith: 'basic', user: USER, password } }) as const;

const KEY = 'hr-k3y';
const bearer = (token: string) => () => ({ hcmApi: { authenticateWith: 'bearer', token } }) as const;

/** OData v2: rows and link stand under "d"; the link's token is opaque where paging=snapshot asks for it (SAP KBA 3308165, 2723468). */
async function successFactors(people: number): Promise<Product> {
	const all = staff(people).map(({ id }) => ({ __metadata: { type: 'SFOData.PerPerson' }, personIdExternal: id }));
	return await serveProduct(({ path, query, headers }, base) => {
		if (headers.authorization !== basic(USER, PASSWORD)) return { status: 401, json: { error: { code: 'LGN0001' } } };
		if (path !== '/odata/v2/PerPerson') return { status: 404 };
		if (query.get('$format') !== 'json')
			return { text: '<feed xmlns="http://www.w3.org/2005/Atom"/>', type: 'application/atom+xml' };
		const size = Math.min(numberIn(query, 'customPageSize', 1000), 1000);
		const token = query.get('$skiptoken');
		const begin = token === null ? 0 : placeOf(token);
		if (begin === undefined || query.get('paging') !== 'snapshot')
			return { status: 400, json: { error: { code: 'COE_PROPERTY' } } };
		const results = all.slice(begin, begin + size);
		const end = begin + results.length;
		const link = `${base}/odata/v2/PerPerson?$format=json&paging=snapshot&customPageSize=${size}&$skiptoken=${opaque(end)}`;
		return { json: { d: { results, ...(end < all.length ? { __next: link } : {}) } } };
	});
}

export const SUCCESSFACTORS: Contract = {
	product: 'SAP SuccessFactors',
	serve: successFactors,
	endpoints: [
		row({
			url: '/odata/v2/PerPerson',
			query: parameters(['$format', 'json'], ['paging', 'snapshot']),
			recordsPath: 'd.results',
			primaryKey: 'personIdExternal',
			paging: 'nextUrl',
			limitParameter: 'customPageSize',
			nextPath: 'd.__next',
		}),
	],
	credential: login(PASSWORD),
	wrong: login(WRONG),
	calls: 3,
	evidence: 'strong',
	total: null,
	sizes: [0, 1, 100, 200],
};

/** Offsets with the total under "page"; 99 rows at most. */
async function deel(count: number): Promise<Product> {
	const all = staff(count).map(({ id, first, last }) => ({ id, first_name: first, last_name: last }));
	return await serveProduct(({ path, query, headers }) => {
		if (headers.authorization !== `Bearer ${KEY}`)
			return { status: 401, json: { errors: [{ message: 'Unauthorized' }] } };
		if (path !== '/rest/v2/people') return { status: 404 };
		const [limit, offset] = [numberIn(query, 'limit', 50), numberIn(query, 'offset', 0)];
		if (!(limit >= 1 && limit <= 99))
			return { status: 400, json: { errors: [{ message: 'limit must be at most 99' }] } };
		const data = all.slice(offset, offset + limit);
		return { json: { data, page: { offset, total_rows: all.length, items_per_page: limit } } };
	});
}

export const DEEL: Contract = {
	product: 'Deel',
	serve: deel,
	endpoints: [
		row({
			url: 'https://api.letsdeel.com/rest/v2/people',
			recordsPath: 'data',
			paging: 'offset',
			pageSize: 99,
			stops: { totalPath: 'page.total_rows' },
		}),
	],
	credential: bearer(KEY),
	wrong: bearer(WRONG),
	calls: 3,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 99, 197],
};
