/** HiBob in one reply, Gusto page by page. */
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { WRONG, type Contract } from './contract';
import { basic, numberIn, serveProduct, staff, type Product } from './server';

const TOKEN = 'hr-t0ken';
const bearer = (token: string) => () => ({ hcmApi: { authenticateWith: 'bearer', token } }) as const;

const SERVICE_USER = 'SERVICE-1234';
const SERVICE_TOKEN = 'bob-t0ken';

export type HiBobFaults = { readonly busyAt?: number; readonly resetInSeconds?: number };

/** Everybody in one reply; who has left only where showInactive says so; 50 calls a minute. */
export async function hiBob(people: number, { busyAt = 0, resetInSeconds = 0 }: HiBobFaults = {}): Promise<Product> {
	let calls = 0;
	return await serveProduct(({ method, path, headers, body }) => {
		calls += 1;
		if (headers.authorization !== basic(SERVICE_USER, SERVICE_TOKEN))
			return { status: 401, json: { error: 'Unauthorized' } };
		if (calls === busyAt)
			return {
				status: 429,
				headers: {
					'x-ratelimit-remaining': '0',
					'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + resetInSeconds),
				},
			};
		if (method !== 'POST' || path !== '/v1/people/search' || headers['content-type'] !== 'application/json')
			return { status: 400, json: { error: 'The request contains incorrect parameters or syntax errors' } };
		const { showInactive = false, humanReadable = '' } = JSON.parse(body) as Record<string, unknown>;
		const employees = staff(people)
			.filter(({ active }) => active || showInactive === true)
			.map(({ id, first, last, department }) => ({
				id,
				fullName: `${first} ${last}`,
				'/personal/shortBirthDate': { value: '01-31' },
				work: { department: '209192163', startDate: '2026-09-08' },
				...(humanReadable === 'APPEND' ? { humanReadable: { work: { department, startDate: '08/09/2026' } } } : {}),
			}));
		return { json: { employees } };
	});
}

const serviceUser = (password: string) => () =>
	({ hcmApi: { authenticateWith: 'basic', user: SERVICE_USER, password } }) as const;

export const HIBOB: Contract = {
	product: 'HiBob',
	serve: hiBob,
	endpoints: PRESETS.hiBob.endpoints,
	credential: serviceUser(SERVICE_TOKEN),
	wrong: serviceUser(WRONG),
	calls: 1,
	evidence: 'strong',
	total: null,
	sizes: [0, 1],
};

const COMPANY = '2f1c6b1e-5c8e-4a9e-9d0e-0f6c1f0f6a11';

/** 25 rows unless asked for more; the headers come only where page or per stands in the query. @param cap most rows of a page */
export async function gusto(people: number, cap = 100): Promise<Product> {
	const all = staff(people).map(({ id, first, last, active }) => ({
		uuid: id,
		first_name: first,
		last_name: last,
		terminated: !active,
	}));
	return await serveProduct(({ path, query, headers }) => {
		if (headers.authorization !== `Bearer ${TOKEN}`)
			return { status: 401, json: { errors: [{ category: 'unauthorized' }] } };
		if (path !== `/v1/companies/${COMPANY}/employees`)
			return { status: 404, json: { errors: [{ category: 'not_found' }] } };
		const [page, per] = [numberIn(query, 'page', 1), Math.min(numberIn(query, 'per', 25), cap)];
		const paged = query.has('page') || query.has('per');
		const counts = {
			'X-Page': String(page),
			'X-Total-Count': String(all.length),
			'X-Total-Pages': String(Math.ceil(all.length / per)),
			'X-Per-Page': String(per),
		};
		return { headers: paged ? counts : {}, json: all.slice((page - 1) * per, page * per) };
	});
}

export const GUSTO: Contract = {
	product: 'Gusto',
	serve: gusto,
	endpoints: PRESETS.gusto.endpoints,
	preset: () => ({ gustoCompany: COMPANY }),
	credential: bearer(TOKEN),
	wrong: bearer(WRONG),
	calls: 3,
	evidence: 'weak',
	total: 251,
	sizes: [0, 1, 100, 200],
};
