/** User groups in JumpCloud's API v2: bare arrays, other separators and operators than in v1, and an end that is told in several ways. */
import {
	fault,
	isObject,
	pageOf,
	parseObject,
	Refused,
	unusable,
	type Answer,
	type Call,
	type JsonObject,
} from './answers.ts';
import type { Directory } from './directory.ts';
import type { UserGroup } from './groups.ts';
import { order, pick, sortBy, valueOf } from './query.ts';

export type GroupList = 'usergroups' | 'members' | 'membership' | 'memberof';

/**
 * Which lists tell where they end, and how: no reply header is in the published description. JumpCloud's command line tool follows a `Link`
 * where there is one and knows routes without; its PowerShell module reads `x-total-count`.
 */
export type GroupPaging = {
	/** Default: usergroups. */
	readonly link?: readonly GroupList[];
	/** Origin that the links name; default: the simulator's own. Another one is what a client must not send its key to. */
	readonly linkOrigin?: string;
	/** Default: all of them. */
	readonly totalCount?: readonly GroupList[];
};

const LARGEST_LIMIT = 100;
const EVERY_LIST: readonly GroupList[] = ['usergroups', 'members', 'membership', 'memberof'];

/**
 * @returns undefined when the path is none of these routes
 * @throws Refused
 */
export function groupRoute(call: Call, directory: Directory, paging: GroupPaging): Answer | undefined {
	const { method, path } = call;
	if (path === '/api/v2/usergroups' && method === 'GET')
		return listed('usergroups', call, paging, directory.groups.map(published), {});
	const [, userId] = /^\/api\/v2\/users\/([^/]+)\/memberof$/.exec(path) ?? [];
	if (userId !== undefined && method === 'GET') return memberOf(userId, call, directory, paging);
	const [, groupId, list] = /^\/api\/v2\/usergroups\/([^/]+)(?:\/(members|membership))?$/.exec(path) ?? [];
	if (groupId === undefined) return undefined;
	const group = directory.groups.find(({ id }) => id === groupId);
	if (!group) return fault(404, 'Not Found: no such user group');
	if (method === 'POST' && list === 'members') return changeMembers(group, call, directory);
	if (method !== 'GET') return undefined;
	if (list === undefined) return { status: 200, body: group.published };
	const existing = new Set(directory.users.map(({ _id }) => _id));
	const members = group.members.filter((id) => existing.has(id));
	if (list === 'members') {
		const from = { type: 'user_group', id: group.id };
		const edges = members.map((id) => ({ from, to: { type: 'user', id } }));
		return listed('members', call, paging, edges, { filter: [], sort: false });
	}
	const rows = members.map((id) => graphObject('user', id));
	return listed('membership', call, paging, rows, GRAPH);
}

const published = (group: UserGroup): JsonObject => group.published;
/** "Valid filter fields: object_id and type." */
const GRAPH = { filter: ['object_id', 'type'] };

/** Ids only, no names: those are in the list of groups. */
function memberOf(userId: string, call: Call, directory: Directory, paging: GroupPaging): Answer {
	if (!directory.users.some(({ _id }) => _id === userId)) return fault(404, 'Not Found: no such user');
	const rows = directory.groups
		.filter(({ members }) => members.includes(userId))
		.map(({ id }) => graphObject('user_group', id));
	return listed('memberof', call, paging, rows, GRAPH);
}

function graphObject(type: 'user' | 'user_group', id: string): JsonObject {
	return { type, id, compiledAttributes: {}, paths: [[{ to: { type, id } }]] };
}

/**
 * What a second add and the removal of somebody who is no member answer is not documented: 409 and 404 here.
 * @throws Refused
 */
function changeMembers(group: UserGroup, call: Call, directory: Directory): Answer {
	const { op, type, id, attributes } = parseObject(call.body);
	if (type !== 'user') throw unusable('type must be "user"');
	if (op !== 'add' && op !== 'remove' && op !== 'update') throw unusable('op must be add, remove or update');
	if (attributes !== undefined && !isObject(attributes)) throw unusable('attributes is not an object');
	const user = directory.users.find(({ _id }) => _id === id);
	if (!user) throw new Refused(404, 'Not Found: no such user');
	const index = group.members.indexOf(user._id);
	if (op === 'add' && index >= 0) throw new Refused(409, 'Conflict: already a member');
	if (op !== 'add' && index < 0) throw new Refused(404, 'Not Found: not a member');
	if (op === 'add') group.members.push(user._id);
	if (op === 'remove') group.members.splice(index, 1);
	directory.record({
		event_type: 'association_change',
		resource: { id: group.id, type: 'user_group', name: group.name },
		association: {
			op,
			connection: {
				from: { type: 'user_group', object_id: group.id, name: group.name },
				to: { type: 'user', object_id: user._id, name: user.username },
			},
		},
	});
	return { status: 204 };
}

type Taken = {
	/** Fields that may be filtered by; left out = all. */
	readonly filter?: readonly string[];
	readonly sort?: boolean;
};

/** Filter, order, fields and page of a list, and the headers that tell where it ends. */
function listed(
	list: GroupList,
	call: Call,
	paging: GroupPaging,
	all: readonly JsonObject[],
	{ filter, sort = true }: Taken,
): Answer {
	const { query } = call;
	const { limit, skip } = pageOf(query.get('limit'), query.get('skip'), LARGEST_LIMIT);
	const found = query.getAll('filter').reduce((rows, text) => filtered(rows, text, filter), all);
	const names = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean);
	const sorted = sort ? sortBy(found, names('sort')) : found;
	const rows = sorted.slice(skip, skip + limit).map((row) => pick(row, list === 'usergroups' ? names('fields') : []));
	const headers: Record<string, string> = {};
	if ((paging.totalCount ?? EVERY_LIST).includes(list)) headers['x-total-count'] = String(found.length);
	if ((paging.link ?? ['usergroups']).includes(list) && skip + rows.length < found.length) {
		const next = new URL(call.path, paging.linkOrigin ?? call.origin);
		for (const [name, value] of query) if (name !== 'limit' && name !== 'skip') next.searchParams.append(name, value);
		next.searchParams.set('limit', String(limit));
		next.searchParams.set('skip', String(skip + limit));
		headers['link'] = `<${next.href}>; rel="next"`;
	}
	return { status: 200, body: rows, headers };
}

/**
 * `field:operator:value`, the operators without "$". Of `between` and the wildcards the description gives no form, so that they are not here.
 * @throws Refused
 */
function filtered(rows: readonly JsonObject[], filter: string, fields: readonly string[] | undefined): JsonObject[] {
	const [, field = '', operator = '', value = ''] = /^([^:]+):([^:]+):([\s\S]*)$/.exec(filter) ?? [];
	const test = OPERATORS.get(operator);
	if (!test || (fields && !fields.includes(field))) throw unusable(`filter "${filter}" is not valid`);
	const name = field === 'object_id' ? 'id' : field;
	return rows.filter((row) => test(valueOf(row, name), value));
}

type Operator = (own: string | number, value: string) => boolean;
const ordered =
	(holds: (order: number) => boolean): Operator =>
	(own, value) =>
		holds(order(own, typeof own === 'number' ? Number(value) : value));
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
	['eq', ordered((found) => found === 0)],
	['ne', ordered((found) => found !== 0)],
	['gt', ordered((found) => found > 0)],
	['ge', ordered((found) => found >= 0)],
	['lt', ordered((found) => found < 0)],
	['le', ordered((found) => found <= 0)],
	['search', (own, value) => String(own).toLowerCase().includes(value.toLowerCase())],
	// The separator is that of the description's system insights filters.
	['in', (own, value) => value.split('|').includes(String(own))],
]);
