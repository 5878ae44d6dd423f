/** Personio v1: a log-in first, then employees by offset, each wrapped in its attributes. */
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { numberIn, serveProduct, staff, type Answer, type Product } from './server';

const CLIENT = 'papi-client';
const SECRET = 'papi-s3cr3t';
const refused: Answer = { status: 401, json: { success: false, error: { message: 'Unauthenticated' } } };

/** @param lasts how many calls a token is good for; then it is refused, and a new one must be fetched */
function tokens(lasts: number) {
	let issued = 0;
	let left = 0;
	return {
		issue: () => {
			issued += 1;
			left = lasts;
			return `papi-${issued}`;
		},
		takes: (authorization: string | undefined): boolean => {
			if (issued === 0 || left === 0 || authorization !== `Bearer papi-${issued}`) return false;
			left -= 1;
			return true;
		},
	};
}

/** @param lasts calls that a token is good for */
export async function personioV1(people: number, lasts = 1000): Promise<Product> {
	const all = staff(people).map(({ id, first, last }) => ({
		type: 'Employee',
		attributes: {
			id: { label: 'ID', value: Number(id) },
			first_name: { label: 'First name', value: first },
			last_name: { label: 'Last name', value: last },
		},
	}));
	const keys = tokens(lasts);
	return await serveProduct(({ method, path, query, headers, body }) => {
		if (method === 'POST' && path === '/v1/auth') {
			const { client_id, client_secret } = JSON.parse(body) as Record<string, unknown>;
			return client_id === CLIENT && client_secret === SECRET
				? { json: { success: true, data: { token: keys.issue() } } }
				: refused;
		}
		if (!keys.takes(headers.authorization)) return refused;
		if (path !== '/v1/company/employees') return { status: 404, json: { success: false } };
		// Without both parameters 50 come, and never more than 100 (Personio, Pagination Adoption Guide).
		const [limit, offset] = [numberIn(query, 'limit', 50), numberIn(query, 'offset', 0)];
		if (limit > 100) return { status: 400, json: { success: false, error: { message: 'limit' } } };
		const metadata = {
			total_elements: all.length,
			current_page: Math.floor(offset / limit),
			total_pages: Math.ceil(all.length / limit),
		};
		return { json: { success: true, metadata, offset, limit, data: all.slice(offset, offset + limit) } };
	});
}

const logIn = (client_secret: string) => (base: string) =>
	({
		hcmApi: {
			authenticateWith: 'login',
			baseUrl: base,
			loginUrl: '/v1/auth',
			loginMethod: 'POST',
			loginBodyType: 'json',
			loginBody: '{ "client_id": "{credential.user}", "client_secret": "{credential.password}" }',
			tokenPath: 'data.token',
			user: CLIENT,
			password: client_secret,
		},
	}) as const;

export const PERSONIO_V1: Contract = {
	product: 'Personio v1',
	serve: personioV1,
	endpoints: [
		row({
			url: 'https://api.personio.de/v1/company/employees',
			recordsPath: 'data',
			primaryKey: 'id.value',
			paging: 'offset',
			stops: { totalPath: 'metadata.total_elements' },
			settings: { unwrapPath: 'attributes' },
		}),
	],
	credential: logIn(SECRET),
	wrong: logIn(WRONG),
	calls: 3,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 100, 199],
};
