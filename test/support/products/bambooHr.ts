/** BambooHR: the directory in one reply, and the dataset page by page. */
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { basic, serveProduct, staff, type Answer, type Asked, type Product } from './server';

const KEY = 'bamboo-k3y';
const COMPANY = 'example';
/** The fields of this account; another name is refused. */
const FIELDS: ReadonlySet<unknown> = new Set([
	...['employeeNumber', 'firstName', 'lastName', 'preferredName', 'email', 'hireDate', 'terminationDate', 'status'],
	...['jobInformationDepartment', 'jobInformationLocation', 'jobInformationDivision', 'jobInformationReportsTo'],
]);

/** @param busyAt the call that is answered with 503 and Retry-After; 0 = none */
export async function bambooHr(people: number, busyAt = 0): Promise<Product> {
	let calls = 0;
	return await serveProduct((asked) => {
		calls += 1;
		const { path, headers } = asked;
		// The key is the user, "x" the password.
		if (headers.authorization !== basic(KEY, 'x')) return { status: 401 };
		if (calls === busyAt)
			return { status: 503, headers: { 'retry-after': '7', 'x-bamboohr-error-message': 'Rate limit exceeded' } };
		if (headers.accept?.includes('application/json') !== true)
			return { text: '<directory><employee id="1"/></directory>', type: 'text/xml' };
		const [, rest] = path.split(`/api/gateway.php/${COMPANY}`);
		if (rest === '/v1/employees/directory') return directoryOf(people);
		if (rest === '/v2/datasets/employee/data') return datasetOf(asked, people);
		return { status: 404 };
	});
}

function directoryOf(people: number): Answer {
	return {
		json: {
			fields: [{ id: 'displayName', type: 'text', name: 'Display Name' }],
			employees: staff(people).map(({ id, first, last }) => ({ id, displayName: `${first} ${last}` })),
		},
	};
}

/** The whole question stands in the body; what stands in the query is not looked at. */
function datasetOf({ method, headers, body }: Asked, people: number): Answer {
	if (method !== 'POST') return { status: 405 };
	if (headers['content-type'] !== 'application/json') return { status: 400, json: { title: 'Invalid JSON' } };
	const { fields, page = 1, pageSize = 100, orderBy } = JSON.parse(body) as Record<string, unknown>;
	if (!Array.isArray(fields) || fields.some((field) => !FIELDS.has(field)))
		return { status: 400, json: { title: 'Invalid field' } };
	if (typeof page !== 'number' || typeof pageSize !== 'number' || page < 1 || pageSize < 1 || pageSize > 1000)
		return { status: 400, json: { title: 'page and pageSize are numbers, pageSize at most 1000' } };
	if (orderBy !== undefined && !(typeof orderBy === 'string' && /^\w+ (asc|desc)$/.test(orderBy)))
		return { status: 400, json: { title: 'orderBy is a field and asc or desc' } };
	const all = staff(people).map(({ id, first, last, department }) => ({
		fields: { employeeNumber: id, firstName: first, lastName: last, jobInformationDepartment: department },
	}));
	const begin = (page - 1) * pageSize;
	return {
		json: {
			data: all.slice(begin, begin + pageSize),
			links: {},
			meta: { page, pageSize, totalPages: Math.ceil(all.length / pageSize), totalItems: all.length },
		},
	};
}

const key = (user: string) => () => ({ hcmApi: { authenticateWith: 'basic', user, password: 'x' } }) as const;
const SHARED = {
	serve: bambooHr,
	preset: () => ({ companyDomain: COMPANY }),
	credential: key(KEY),
	wrong: key(WRONG),
};

/** The preset, with pages of 100 so that 251 people are several. */
export const BAMBOOHR_DATASET: Contract = {
	...SHARED,
	product: 'BambooHR dataset',
	endpoints: PRESETS.bambooHrEmployees.endpoints.map((values) => ({ ...values, pageSize: 100 })),
	calls: 3,
	evidence: 'weak',
	total: 251,
	sizes: [0, 1, 100, 200],
};

export const BAMBOOHR_DIRECTORY: Contract = {
	...SHARED,
	product: 'BambooHR directory',
	endpoints: [
		row({
			url: 'https://api.bamboohr.com/api/gateway.php/{preset.companyDomain}/v1/employees/directory',
			recordsPath: 'employees',
		}),
	],
	calls: 1,
	evidence: 'strong',
	total: null,
	sizes: [0, 1],
};
