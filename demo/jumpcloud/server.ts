/**
 * A stand-in for JumpCloud on loopback: a real HTTP server with state, for the routes of API v1, API v2 and Directory Insights that this
 * package uses. It follows the published description and the traps that JumpCloud documents: ten rows unless asked for more, and no stable
 * order without `sort`. What is not documented is said where it is decided.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccountState } from './account.ts';
import { makeAccess, type Access, type AccessOptions } from './access.ts';
import { fault, isObject, Refused, type Answer, type Call } from './answers.ts';
import type { Directory } from './directory.ts';
import { makeEvent, type DirectoryEvent } from './events.ts';
import { answerInstead, makePlans, sendAnswer, sendPlanned, type Plans } from './failures.ts';
import { groupRoute, type GroupPaging } from './groupRoutes.ts';
import { seedGroups, type UserGroup } from './groups.ts';
import { listEvents } from './insights.ts';
import { loggable, logOf, parsed, type Log, type LoggedRequest } from './log.ts';
import type { JumpCloudUser } from './people.ts';
import { userRoute } from './userRoutes.ts';

export type { PlannedFailure } from './failures.ts';
export type { LoggedRequest } from './log.ts';

export type JumpCloudSimulator = {
	readonly url: string;
	readonly port: number;
	/** The people, to be changed while it runs. */
	readonly users: JumpCloudUser[];
	/** The user groups, whose lists of members may be changed while it runs. */
	readonly groups: UserGroup[];
	/** What Directory Insights tells, oldest first: the simulator's own changes and what tests add. */
	readonly events: DirectoryEvent[];
	/** Every request so far, without any header's value. */
	readonly requests: readonly LoggedRequest[];
	/** The next requests get these answers instead, one each. */
	readonly failNext: Plans['failNext'];
	/** Each request that fits fails like this, until it did so `times` times or it is ended; what `failNext` planned comes first. */
	readonly failWhen: Plans['failWhen'];
	/** No token of the service account that was given so far counts any more. */
	readonly expireTokens: () => void;
	/** Called after each answered request: the moment between two pages. */
	onRequest: ((request: LoggedRequest) => void) | undefined;
	readonly close: () => Promise<void>;
};

export type JumpCloudOptions = AccessOptions & {
	readonly host: string;
	readonly port?: number;
	readonly people: readonly JumpCloudUser[];
	/** Default: made of the people. */
	readonly groups?: readonly UserGroup[];
	/** How the lists of API v2 tell where they end. */
	readonly groupPaging?: GroupPaging;
	/** Default STAGED. */
	readonly newUserState?: Exclude<AccountState, 'SUSPENDED'>;
	/** Default: the real clock. Tokens and events go by it. */
	readonly now?: () => Date;
};

/**
 * Starts it.
 * @param options `host` is a loopback address (127.x.y.z), `port` a free one when left out
 * @returns when it listens
 * @throws when the address is not on loopback, or taken
 */
export async function startJumpCloud(options: JumpCloudOptions): Promise<JumpCloudSimulator> {
	if (!/^127(\.\d{1,3}){3}$/.test(options.host))
		throw new Error(`The simulator listens on loopback only (127.x.y.z), not on ${options.host}.`);
	const directory = makeDirectory(options);
	const access = makeAccess(options, directory.now);
	const plans = makePlans();
	const requests: Log[] = [];
	const server = createServer((request, response) => {
		const handled = handle(request, response, requests, plans.take, (call) =>
			answerTo(call, request.headers, directory, access, options.groupPaging),
		);
		handled
			.then((logged) => simulator.onRequest?.(logged))
			// A client that goes away in the middle of its body must not stop the simulator for the others.
			.catch((error: unknown) => {
				if (request.destroyed && !request.complete) return;
				console.error(error);
				if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
				response.end(JSON.stringify(fault(500, 'Internal Server Error').body));
			});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, options.host, resolve);
	});
	const { port } = server.address() as AddressInfo;
	const { users, groups, events } = directory;
	const { failNext, failWhen } = plans;
	const simulator: JumpCloudSimulator = {
		...{ url: `http://${options.host}:${port}`, port, users, groups, events, requests, failNext, failWhen },
		expireTokens: access.expireTokens,
		onRequest: undefined,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return simulator;
}

/** One request from its first byte to its answer, or to what was planned instead. */
async function handle(
	request: IncomingMessage,
	response: ServerResponse,
	requests: Log[],
	takePlan: Plans['take'],
	answer: (call: Call) => Answer,
): Promise<LoggedRequest> {
	const url = new URL(`http://simulator${request.url ?? '/'}`);
	const logged = logOf(request, url);
	const turn = requests.push(logged);
	const body = await readBody(request);
	if (logged.method !== 'GET') logged.body = loggable(body, request.headers['content-type'] ?? '');
	const failure = takePlan(logged);
	const instead = answerInstead(failure);
	if (instead) {
		sendPlanned(response, instead);
		return logged;
	}
	const { localAddress, localPort } = request.socket;
	const call = toCall(url, logged.method, body, turn, `http://${localAddress}:${localPort}`);
	if (failure?.kind !== 'reset') {
		await sendAnswer(response, answer(failure?.kind === 'samePage' ? firstPage(call) : call), failure);
		return logged;
	}
	if (failure.done) answer(call);
	request.socket.resetAndDestroy();
	return logged;
}

function makeDirectory(options: JumpCloudOptions): Directory {
	const { organizationId, people, newUserState = 'STAGED', now = () => new Date() } = options;
	const events: DirectoryEvent[] = [];
	let ids = 0;
	let told = 0;
	return {
		users: [...people],
		groups: (options.groups ?? seedGroups(people)).map((group) => ({ ...group, members: [...group.members] })),
		events,
		organizationId,
		newUserState,
		now,
		record: (event) => {
			events.push(makeEvent(event, organizationId, (told += 1), now()));
		},
		newId: () =>
			createHash('sha1')
				.update(`id ${(ids += 1)}`)
				.digest('hex')
				.slice(0, 24),
	};
}

function answerTo(
	call: Call,
	headers: IncomingHttpHeaders,
	directory: Directory,
	access: Access,
	groupPaging: GroupPaging = {},
): Answer {
	const { method, path } = call;
	if (method === 'POST' && path === '/oauth2/token') return access.token(call, headers);
	const refused = access.refusal(path, headers);
	if (refused) return refused;
	try {
		if (method === 'GET' && path === '/api/organizations') return organizations(directory.organizationId);
		if (method === 'POST' && path === '/insights/directory/v1/events') return listEvents(call, directory);
		return userRoute(call, directory) ?? groupRoute(call, directory, groupPaging) ?? fault(404, 'Not Found');
	} catch (error) {
		if (error instanceof Refused) return fault(error.status, error.message);
		throw error;
	}
}

function organizations(organizationId: string): Answer {
	const only = { _id: organizationId, id: organizationId, displayName: 'Example Corporation' };
	return { status: 200, body: { results: [only], totalCount: 1 } };
}

function toCall(url: URL, method: string, body: string, turn: number, origin: string): Call {
	return { method, path: url.pathname.replace(/\/$/, ''), query: url.searchParams, body, turn, origin };
}

/** The same question without the place to go on from. */
function firstPage(call: Call): Call {
	const query = new URLSearchParams(call.query);
	query.delete('skip');
	const asked = parsed(call.body);
	if (!isObject(asked)) return { ...call, query };
	const { skip: _skip, search_after: _after, ...rest } = asked;
	return { ...call, query, body: JSON.stringify(rest) };
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}
