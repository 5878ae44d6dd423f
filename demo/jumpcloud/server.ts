/**
 * A stand-in for JumpCloud's API v1 on loopback: a real HTTP server with state, for the routes that this package uses. It follows the
 * published description and the traps that JumpCloud documents: ten rows unless asked for more, and no stable order without `sort`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JumpCloudUser } from './people.ts';
import { filterUsers, project, sortUsers, UnusableQuery } from './query.ts';

export type LoggedRequest = {
	readonly method: string;
	readonly path: string;
	/** By name; of a repeated one the last. */
	readonly query: Readonly<Record<string, string>>;
	/** As sent, with everything that was repeated. */
	readonly search: string;
	readonly headerNames: readonly string[];
};

export type PlannedFailure = {
	readonly status: number;
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
};

export type JumpCloudSimulator = {
	readonly url: string;
	readonly port: number;
	/** The people, to be changed while it runs. */
	readonly users: JumpCloudUser[];
	/** Every request so far, without any header's value. */
	readonly requests: readonly LoggedRequest[];
	/** The next requests get these answers instead, one each. */
	readonly failNext: (...failures: readonly PlannedFailure[]) => void;
	/** Called after each answered request: the moment between two pages. */
	onRequest: ((request: LoggedRequest) => void) | undefined;
	readonly close: () => Promise<void>;
};

export type JumpCloudOptions = {
	readonly host: string;
	readonly port?: number;
	readonly people: readonly JumpCloudUser[];
	readonly apiKey: string;
	readonly organizationId: string;
	/** Whether the key's administrator has several organizations and must say which one. */
	readonly multiTenant?: boolean;
};

type Answer = { readonly status: number; readonly body: unknown };

const DEFAULT_LIMIT = 10;
const LARGEST_LIMIT = 100;
/** Routes that must not get an organization id. */
const WITHOUT_ORGANIZATION = /^\/api\/(organizations|v2\/providers|v2\/organizations)(\/|$)/;

const fault = (status: number, message: string): Answer => ({
	status,
	body: { code: status, message, status: String(status) },
});

/**
 * Starts it.
 * @param options `host` is a loopback address (127.x.y.z), `port` a free one when left out
 * @returns when it listens
 * @throws when the address is not on loopback, or taken
 */
export async function startJumpCloud(options: JumpCloudOptions): Promise<JumpCloudSimulator> {
	if (!/^127(\.\d{1,3}){3}$/.test(options.host))
		throw new Error(`The simulator listens on loopback only (127.x.y.z), not on ${options.host}.`);
	const users = [...options.people];
	const requests: LoggedRequest[] = [];
	const failures: PlannedFailure[] = [];
	const server = createServer((request, response) => {
		// A client that goes away in the middle of its body must not stop the simulator for the others.
		handle(request, response).catch((error: unknown) => {
			if (request.destroyed && !request.complete) return;
			console.error(error);
			if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify(fault(500, 'Internal Server Error').body));
		});
	});
	const handle = async (request: IncomingMessage, response: ServerResponse) => {
		const url = new URL(`http://simulator${request.url ?? '/'}`);
		const logged: LoggedRequest = {
			method: request.method ?? 'GET',
			path: url.pathname,
			query: Object.fromEntries(url.searchParams),
			search: url.search,
			headerNames: Object.keys(request.headers),
		};
		requests.push(logged);
		const body = await readBody(request);
		const planned = failures.shift();
		if (planned) {
			response
				.writeHead(planned.status, { 'content-type': 'application/json', ...planned.headers })
				.end(planned.body ?? JSON.stringify(fault(planned.status, 'Planned failure').body));
		} else {
			const { status, body: answer } = answerTo(request, url, body, users, options, requests.length);
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		}
		simulator.onRequest?.(logged);
	};
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, options.host, resolve);
	});
	const { port } = server.address() as AddressInfo;
	const simulator: JumpCloudSimulator = {
		url: `http://${options.host}:${port}`,
		port,
		users,
		requests,
		failNext: (...planned) => {
			failures.push(...planned);
		},
		onRequest: undefined,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return simulator;
}

function answerTo(
	request: IncomingMessage,
	url: URL,
	body: string,
	users: JumpCloudUser[],
	options: JumpCloudOptions,
	turn: number,
): Answer {
	const refused = refusal(request, url.pathname, options);
	if (refused) return refused;
	// The published description itself writes /api/organizations/ with a slash at the end.
	const path = url.pathname.replace(/\/$/, '');
	const [, id] = /^\/api\/systemusers\/([^/]+)$/.exec(path) ?? [];
	try {
		if (request.method === 'GET' && path === '/api/organizations') {
			return {
				status: 200,
				body: {
					results: [{ _id: options.organizationId, id: options.organizationId, displayName: 'Example Corporation' }],
					totalCount: 1,
				},
			};
		}
		if (request.method === 'GET' && path === '/api/systemusers') return list(url, users, turn);
		if (id !== undefined) return one(request.method ?? 'GET', id, url, body, users);
	} catch (error) {
		if (error instanceof UnusableQuery) return fault(400, `Bad Request: ${error.message}`);
		throw error;
	}
	return fault(404, 'Not Found');
}

/** Key and organization, in the order in which the published description tells the answers apart. */
function refusal(
	request: IncomingMessage,
	path: string,
	{ apiKey, organizationId, multiTenant = false }: JumpCloudOptions,
): Answer | undefined {
	if (request.headers['x-api-key'] !== apiKey) return fault(401, 'Unauthorized: api key not provided or not valid');
	const organization = request.headers['x-org-id'];
	if (WITHOUT_ORGANIZATION.test(path))
		return organization === undefined ? undefined : fault(403, 'Forbidden: x-org-id is not accepted on this route');
	if (organization === undefined)
		return multiTenant ? fault(401, 'Unauthorized: x-org-id is required for multi-tenant administrators') : undefined;
	if (typeof organization !== 'string' || !/^[0-9a-f]{24}$/.test(organization))
		return fault(400, 'Bad Request: x-org-id is malformed');
	return organization === organizationId ? undefined : fault(404, 'Not Found: unknown organization');
}

function list(url: URL, users: readonly JumpCloudUser[], turn: number): Answer {
	const whole = (name: string, fallback: number, least: number) => {
		const text = url.searchParams.get(name);
		if (text === null) return fallback;
		if (!/^\d+$/.test(text) || Number(text) < least)
			throw new UnusableQuery(`request parameter "${name}" is not valid`);
		return Number(text);
	};
	const limit = whole('limit', DEFAULT_LIMIT, 1);
	if (limit > LARGEST_LIMIT)
		throw new UnusableQuery(`request parameter "limit" exceeds maximum value of ${LARGEST_LIMIT}`);
	const skip = whole('skip', 0, 0);
	const found = filterUsers(users, url.searchParams);
	const sorted = sortUsers(found, url.searchParams.get('sort'), turn);
	return {
		status: 200,
		body: {
			results: sorted.slice(skip, skip + limit).map((user) => project(user, url.searchParams.get('fields'))),
			totalCount: found.length,
		},
	};
}

function one(method: string, id: string, url: URL, body: string, users: JumpCloudUser[]): Answer {
	const index = users.findIndex((user) => user._id === id);
	const user = users[index];
	if (!user) return fault(404, 'Not Found');
	if (method === 'GET') return { status: 200, body: project(user, url.searchParams.get('fields')) };
	if (method !== 'PUT') return fault(404, 'Not Found');
	const changes = parseChanges(body);
	// `suspended` alone is the older way to say it; a staged person is not activated by `suspended: false`.
	const resumed = changes.suspended === false && user.state === 'SUSPENDED' ? 'ACTIVATED' : user.state;
	const state = changes.state ?? (changes.suspended === true ? 'SUSPENDED' : resumed);
	users[index] = { ...user, ...changes, _id: user._id, id: user.id, state, suspended: state === 'SUSPENDED' };
	return { status: 200, body: users[index] };
}

/** PUT is partial in practice; it does not take people back to STAGED. */
function parseChanges(body: string): Partial<JumpCloudUser> {
	let changes: unknown;
	try {
		changes = JSON.parse(body);
	} catch {
		throw new UnusableQuery('the body is not valid JSON');
	}
	if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
		throw new UnusableQuery('the body is not an object');
	if ('state' in changes && changes.state !== 'ACTIVATED' && changes.state !== 'SUSPENDED')
		throw new UnusableQuery('state is not valid');
	return changes;
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}
