/** People in JumpCloud's API v1: list, search, read, create, change, activate, delete. */
import { fault, pageOf, parseObject, unusable, type Answer, type Call } from './answers.ts';
import type { Directory } from './directory.ts';
import { changeEvents, resourceOf } from './events.ts';
import type { JumpCloudUser } from './people.ts';
import { filterUsers, matching, project, searchUsers, sortUsers } from './query.ts';
import { searchTest } from './search.ts';
import { changed, created, type Writing } from './writes.ts';

const LARGEST_LIMIT = 100;
/** What JumpCloud's PowerShell module asks of the search since its version 1.10.0. */
const LARGEST_SEARCH_LIMIT = 1000;

/**
 * @returns undefined when the path is none of these routes
 * @throws Refused
 */
export function userRoute(call: Call, directory: Directory): Answer | undefined {
	const { method, path } = call;
	if (path === '/api/systemusers' && method === 'GET') return list(call, directory);
	if (path === '/api/systemusers' && method === 'POST') return create(call, directory);
	if (path === '/api/search/systemusers' && method === 'POST') return search(call, directory);
	const [, id, activation] = /^\/api\/systemusers\/([^/]+)(\/state\/activate)?$/.exec(path) ?? [];
	if (id === undefined) return undefined;
	const user = directory.users.find(({ _id }) => _id === id);
	if (!user) return fault(404, 'Not Found');
	if (activation !== undefined) return method === 'POST' ? activate(user, call, directory) : undefined;
	if (method === 'GET') return { status: 200, body: project(user, call.query.get('fields')) };
	if (method === 'PUT') return change(user, call, directory);
	return method === 'DELETE' ? remove(user, call, directory) : undefined;
}

function list({ query, turn }: Call, { users }: Directory): Answer {
	const { limit, skip } = pageOf(query.get('limit'), query.get('skip'), LARGEST_LIMIT);
	const found = filterUsers(searchUsers(users, query), query);
	const sorted = sortUsers(found, query.get('sort'), turn);
	return {
		status: 200,
		body: {
			results: sorted.slice(skip, skip + limit).map((user) => project(user, query.get('fields'))),
			totalCount: found.length,
		},
	};
}

/** Everything in the body; limit and skip in the query count only where the body has none (an older description put them there). */
function search({ body, query, turn }: Call, { users, groups }: Directory): Answer {
	const asked = parseObject(body);
	const text = (name: string) => {
		const value = asked[name];
		if (value !== undefined && typeof value !== 'string') throw unusable(`${name} is not a text`);
		return value ?? null;
	};
	const number = (name: string) => (asked[name] === undefined ? query.get(name) : JSON.stringify(asked[name]));
	const { limit, skip } = pageOf(number('limit'), number('skip'), LARGEST_SEARCH_LIMIT);
	const [fields, sort] = [text('fields'), text('sort')];
	const fits = searchTest(asked['filter']);
	const among = asked['searchFilter'] === undefined ? users : matching(users, asked['searchFilter']);
	const found = among.filter((user) => fits(user));
	const results = sortUsers(found, sort, turn)
		.slice(skip, skip + limit)
		.map(({ delegatedAuthority: _notHere, ...user }) => {
			const memberof = groups.filter(({ members }) => members.includes(user._id)).map(({ id }) => id);
			return project({ ...user, memberof }, fields);
		});
	return { status: 200, body: { results, totalCount: found.length } };
}

const writing = ({ users, now, newId }: Directory): Writing => ({ users, now: now(), newId });

function create(call: Call, directory: Directory): Answer {
	const user = created(parseObject(call.body), directory.newUserState, directory.organizationId, writing(directory));
	directory.users.push(user);
	directory.record({ event_type: 'user_create', resource: resourceOf(user) });
	return { status: 200, body: user };
}

function change(user: JumpCloudUser, call: Call, directory: Directory): Answer {
	const body = parseObject(call.body);
	const after = changed(user, body, writing(directory));
	replace(user, after, directory, body['password'] !== undefined);
	return { status: 200, body: after };
}

function replace(user: JumpCloudUser, after: JumpCloudUser, directory: Directory, newPassword: boolean): void {
	directory.users[directory.users.indexOf(user)] = after;
	changeEvents(user, after, newPassword).forEach(directory.record);
}

/** Of a staged person; the text allows a boolean for `email`, the schema says text. What others get is not documented: 400. */
function activate(user: JumpCloudUser, call: Call, directory: Directory): Answer {
	const { email } = call.body === '' ? {} : parseObject(call.body);
	if (email !== undefined && typeof email !== 'boolean' && typeof email !== 'string')
		throw unusable('email is neither true, false nor an address');
	if (user.state !== 'STAGED') throw unusable('the user is not staged');
	replace(user, { ...user, state: 'ACTIVATED', suspended: false, activated: true }, directory, false);
	return { status: 200, body: {} };
}

/** `cascade_manager` clears (null) or reassigns (an id) the manager of the direct reports; without it they keep the id of nobody. */
function remove(user: JumpCloudUser, call: Call, directory: Directory): Answer {
	const heir = call.query.get('cascade_manager');
	const { users } = directory;
	if (heir !== null && heir !== 'null' && (heir === user._id || !users.some(({ _id }) => _id === heir)))
		throw unusable('cascade_manager is neither null nor another user');
	users.splice(users.indexOf(user), 1);
	directory.record({ event_type: 'user_delete', resource: resourceOf(user) });
	if (heir !== null)
		for (const report of users.filter(({ manager }) => manager === user._id)) {
			const { manager: _gone, ...orphan } = report;
			const isHeir = report._id === heir;
			replace(report, heir === 'null' || isHeir ? orphan : { ...report, manager: heir }, directory, false);
		}
	return { status: 200, body: user };
}
