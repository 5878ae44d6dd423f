/**
 * An HR system of no product's shape, for template 5: a list of workers in pages of a cursor, details one by one, and a place where the account
 * name of a worker is put. It keeps its people, refuses whoever has not its key, and sends nothing that its own description does not allow.
 */
import { randomBytes } from 'node:crypto';
import Ajv, { type ValidateFunction } from 'ajv';
import { serveProduct, type Answer, type Asked, type Product } from './products/server';
import { SCHEMAS } from './worker-service-schema';

export type Worker = {
	readonly workerId: string;
	readonly number: string;
	/** Active, terminated, on leave. */
	readonly status: 'A' | 'T' | 'L';
	readonly person: {
		readonly name: { readonly given: string; readonly family: string };
		readonly contact: ReadonlyArray<{ readonly kind: 'mobile' | 'private'; readonly value: string }>;
	};
	readonly job: {
		readonly title: string;
		readonly unit: string;
		readonly site: { readonly code: string; readonly country: string };
		readonly manager?: string;
	};
	/** dd.MM.yyyy; `to` is the last day. */
	readonly contract: { readonly kind: string; readonly from: string; readonly to?: string };
};
export type LogonAccount = { readonly logonName: string; readonly mail: string };

export type WorkerService = Product & {
	/** The only key that it takes, in the header X-Api-Key. */
	readonly key: string;
	/** To be changed while it runs. */
	readonly workers: Worker[];
	/** What was written back, by worker. */
	readonly accounts: Map<string, LogonAccount>;
};

const PAGE = 2;
const ajv = new Ajv({ strict: true });
const checks = Object.fromEntries(
	Object.entries(SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]),
) as Readonly<Record<keyof typeof SCHEMAS, ValidateFunction>>;

export async function startWorkerService(people: readonly Worker[]): Promise<WorkerService> {
	const key = randomBytes(20).toString('hex');
	const workers = [...people];
	const accounts = new Map<string, LogonAccount>();
	const product = await serveProduct((asked) => {
		if (asked.headers['x-api-key'] !== key) return { status: 401, json: { fault: 'unknown key' } };
		return answer(asked, workers, accounts);
	});
	return { ...product, key, workers, accounts };
}

function answer(asked: Asked, workers: readonly Worker[], accounts: Map<string, LogonAccount>): Answer {
	const [, id = '', account] = /^\/v1\/workers(?:\/([^/]+)(\/account)?)?$/.exec(asked.path) ?? [];
	if (asked.method === 'GET' && asked.path === '/v1/workers') return page(asked, workers);
	const worker = workers.find(({ workerId }) => workerId === decodeURIComponent(id));
	if (!worker) return { status: 404, json: { fault: 'no such worker' } };
	if (asked.method === 'GET' && !account) {
		const { workerId, person, job, contract } = worker;
		return { json: allowed('details', { workerId, person, job, contract }) };
	}
	if (asked.method !== 'PUT' || !account) return { status: 405, json: { fault: 'not that way' } };
	const body = JSON.parse(asked.body) as LogonAccount;
	if (!checks.account(body)) return { status: 400, json: { fault: ajv.errorsText(checks.account.errors) } };
	accounts.set(worker.workerId, body);
	return { status: 204 };
}

function page({ query }: Asked, workers: readonly Worker[]): Answer {
	const from = Number(query.get('after') ?? 0);
	const to = from + Math.min(PAGE, Number(query.get('limit') ?? PAGE));
	const rows = workers.slice(from, to).map(({ workerId, number, status }) => ({ workerId, number, status }));
	return { json: allowed('list', { workers: rows, ...(to < workers.length ? { next: String(to) } : {}) }) };
}

/** @throws Error when the service would say what its description does not allow */
function allowed(name: keyof typeof SCHEMAS, value: object): object {
	if (checks[name](value)) return value;
	throw new Error(`The reply is no ${name}: ${ajv.errorsText(checks[name].errors)}`);
}
