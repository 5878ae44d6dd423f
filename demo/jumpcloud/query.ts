/** Filter, order and fields of JumpCloud's API v1, as its published description words them. */
import { createHash } from 'node:crypto';
import type { JumpCloudUser } from './people.ts';

/** Becomes a 400. */
export class UnusableQuery extends Error {}

/** What each operator says to the order of the field's value and the given one: below 0, 0, or above 0. */
const OPERATORS: ReadonlyMap<string, (order: number) => boolean> = new Map([
	['$eq', (order) => order === 0],
	['$ne', (order) => order !== 0],
	['$gt', (order) => order > 0],
	['$gte', (order) => order >= 0],
	['$lt', (order) => order < 0],
	['$lte', (order) => order <= 0],
]);

/**
 * `filter=field:$op:value`, repeated (or numbered) for AND; values are case-sensitive. An operator without its `$` is "undefined behaviour"
 * there and refused here, and so is the form for OR (`filter[or][0]`), rather than answering as if no filter had been given.
 * @throws UnusableQuery
 */
export function filterUsers(users: readonly JumpCloudUser[], query: URLSearchParams): JumpCloudUser[] {
	const tests = [...query]
		.filter(([name]) => name.startsWith('filter'))
		.map(([name, filter]) => {
			const [, field = '', operator = '', value = ''] = /^([^:]+):([^:]+):([\s\S]*)$/.exec(filter) ?? [];
			const holds = OPERATORS.get(operator);
			if (!holds || !/^filter(\[\d+\])?$/.test(name)) throw new UnusableQuery(`${name} "${filter}" is not valid`);
			return (user: JumpCloudUser) => {
				const own = valueOf(user, field);
				return holds(order(own, typeof own === 'number' ? Number(value) : value));
			};
		});
	return users.filter((user) => tests.every((test) => test(user)));
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
	return [...users].sort((left, right) => {
		for (const field of fields) {
			const [name, direction] = field.startsWith('-') ? [field.slice(1), -1] : [field, 1];
			const found = order(valueOf(left, name), valueOf(right, name));
			if (found !== 0) return found * direction;
		}
		return 0;
	});
}

/** `fields` separated by blanks; the id always comes. */
export function project(user: JumpCloudUser, fields: string | null): Readonly<Record<string, unknown>> {
	const wanted = (fields ?? '').split(' ').filter(Boolean);
	if (wanted.length === 0) return user;
	return Object.fromEntries(
		Object.entries(user).filter(([name]) => name === '_id' || name === 'id' || wanted.includes(name)),
	);
}

/** A field's value to compare: text or a number. What is missing or null is the empty text; the rest is compared as its JSON. */
function valueOf(user: JumpCloudUser, field: string): string | number {
	const value = Object.hasOwn(user, field) ? user[field] : undefined;
	if (typeof value === 'string' || typeof value === 'number') return value;
	return value === undefined || value === null ? '' : JSON.stringify(value);
}

function order(left: string | number | undefined, right: string | number | undefined): number {
	if (left === right) return 0;
	return left !== undefined && right !== undefined && left < right ? -1 : 1;
}
