/** Filter, text search, order and fields of JumpCloud's API v1, as its published description words them. */
import { createHash } from 'node:crypto';
import { isObject, unusable } from './answers.ts';
import type { JumpCloudUser } from './people.ts';

/** What each operator says to the order of the field's value and the given one: below 0, 0, or above 0. */
const OPERATORS: ReadonlyMap<string, (order: number) => boolean> = new Map([
	['$eq', (order) => order === 0],
	['$ne', (order) => order !== 0],
	['$gt', (order) => order > 0],
	['$gte', (order) => order >= 0],
	['$lt', (order) => order < 0],
	['$lte', (order) => order <= 0],
]);

/** Where a text search looks when no fields are named. The description names none: our choice. */
const SEARCHED = ['firstname', 'lastname', 'displayname', 'username', 'email'];

type Test = (user: JumpCloudUser) => boolean;

/**
 * `filter=field:$op:value`, repeated or numbered for AND, `filter[or][0]=` for OR; values are case-sensitive. An operator without its `$` is
 * "undefined behaviour" there and refused here, rather than answering as if no filter had been given.
 * @throws Refused
 */
export function filterUsers(users: readonly JumpCloudUser[], query: URLSearchParams): JumpCloudUser[] {
	const all: Test[] = [];
	const any: Test[] = [];
	for (const [name, filter] of query) {
		if (!name.startsWith('filter')) continue;
		const [, field = '', operator = '', value = ''] = /^([^:]+):([^:]+):([\s\S]*)$/.exec(filter) ?? [];
		const holds = OPERATORS.get(operator);
		const [, conjunction] = /^filter(\[or\]\[\d*\]|(?:\[and\])?\[\d*\])?$/.exec(name) ?? ['', 'unknown'];
		if (!holds || conjunction === 'unknown') throw unusable(`${name} "${filter}" is not valid`);
		(conjunction?.startsWith('[or]') ? any : all).push((user) => {
			const own = valueOf(user, field);
			return holds(order(own, typeof own === 'number' ? Number(value) : value));
		});
	}
	return users.filter(
		(user) => all.every((test) => test(user)) && (any.length === 0 || any.some((test) => test(user))),
	);
}

/**
 * `search`: a term, a JSON object, or the same nested in the parameters' names (`search[searchTerm]=…&search[fields][]=…`).
 * @throws Refused
 */
export function searchUsers(users: readonly JumpCloudUser[], query: URLSearchParams): readonly JumpCloudUser[] {
	const plain = query.get('search');
	const list = (part: string) =>
		[...query].filter(([name]) => name.replace(/\[\d*\]$/, '') === `search[${part}]`).map(([, value]) => value);
	const [terms, fields] = [list('searchTerm'), list('fields')];
	if (plain === null && terms.length === 0) {
		if (fields.length > 0) throw unusable('search needs a searchTerm');
		return users;
	}
	if (plain === null) return matching(users, { searchTerm: terms, fields: fields.length > 0 ? fields : SEARCHED });
	if (!plain.trimStart().startsWith('{')) return matching(users, { searchTerm: plain, fields: SEARCHED });
	let parsed: unknown;
	try {
		parsed = JSON.parse(plain);
	} catch {
		throw unusable('search is not valid JSON');
	}
	return matching(users, parsed);
}

/**
 * @param search `{searchTerm, fields}`: whoever has one of the terms, in any case, as part of one of the fields
 * @throws Refused
 */
export function matching(users: readonly JumpCloudUser[], search: unknown): JumpCloudUser[] {
	if (!isObject(search)) throw unusable('a text search is an object with searchTerm and fields');
	const terms = textList(search['searchTerm'], 'searchTerm').map((term) => term.toLowerCase());
	const fields = textList(search['fields'], 'fields');
	return users.filter((user) =>
		fields.some((field) => {
			const own = String(valueOf(user, field)).toLowerCase();
			return terms.some((term) => own.includes(term));
		}),
	);
}

function textList(value: unknown, name: string): readonly string[] {
	const list: readonly unknown[] = Array.isArray(value) ? value : [value];
	if (list.length === 0 || !list.every((entry) => typeof entry === 'string')) throw unusable(`${name} is not valid`);
	return list;
}

/**
 * By one or more fields, "-" for descending. Without any the order is the server's own and another one for each call: that is the trap.
 * @param turn number of the call; the same turn gives the same order, so that tests repeat
 */
export function sortUsers(users: readonly JumpCloudUser[], sort: string | null, turn: number): JumpCloudUser[] {
	const fields = (sort ?? '').split(' ').filter(Boolean);
	if (fields.length === 0) {
		const rank = new Map(users.map(({ _id }) => [_id, createHash('sha1').update(`${turn} ${_id}`).digest('hex')]));
		return [...users].sort((left, right) => order(rank.get(left._id), rank.get(right._id)));
	}
	return sortBy(users, fields);
}

/** @param fields names, "-" before one for descending */
export function sortBy<T extends Readonly<Record<string, unknown>>>(
	rows: readonly T[],
	fields: readonly string[],
): T[] {
	return [...rows].sort((left, right) => {
		for (const field of fields) {
			const [name, direction] = field.startsWith('-') ? [field.slice(1), -1] : [field, 1];
			const found = order(valueOf(left, name), valueOf(right, name));
			if (found !== 0) return found * direction;
		}
		return 0;
	});
}

/** `fields` separated by blanks; the id always comes. */
export function project(
	user: Readonly<Record<string, unknown>>,
	fields: string | null,
): Readonly<Record<string, unknown>> {
	return pick(user, (fields ?? '').split(' ').filter(Boolean));
}

/** @param wanted names of fields; all when there are none. The id always comes. */
export function pick(
	row: Readonly<Record<string, unknown>>,
	wanted: readonly string[],
): Readonly<Record<string, unknown>> {
	if (wanted.length === 0) return row;
	return Object.fromEntries(
		Object.entries(row).filter(([name]) => name === '_id' || name === 'id' || wanted.includes(name)),
	);
}

/** A field's value to compare: text or a number. What is missing or null is the empty text; the rest is compared as its JSON. */
export function valueOf(row: Readonly<Record<string, unknown>>, field: string): string | number {
	const value = Object.hasOwn(row, field) ? row[field] : undefined;
	if (typeof value === 'string' || typeof value === 'number') return value;
	return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** @returns below 0, 0, or above 0 */
export function order(left: string | number | undefined, right: string | number | undefined): number {
	if (left === right) return 0;
	return left !== undefined && right !== undefined && left < right ? -1 : 1;
}
