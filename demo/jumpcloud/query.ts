/** Filter, order and fields of JumpCloud's API v1, as its published description words them. */
import type { JumpCloudUser } from './people.ts';

/** Becomes a 400. */
export class UnusableQuery extends Error {}

type Compare = (left: string, right: string) => boolean;
const OPERATORS: Readonly<Record<string, Compare>> = {
	$eq: (left, right) => left === right,
	$ne: (left, right) => left !== right,
	$gt: (left, right) => left > right,
	$gte: (left, right) => left >= right,
	$lt: (left, right) => left < right,
	$lte: (left, right) => left <= right,
};

const text = (value: unknown): string =>
	typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** `filter=field:$op:value`, repeated (or numbered) for AND; values are case-sensitive. */
export function filterUsers(users: readonly JumpCloudUser[], query: URLSearchParams): JumpCloudUser[] {
	const filters = [...query].filter(([name]) => /^filter(\[\d+\])?$/.test(name)).map(([, value]) => value);
	const tests = filters.map((filter) => {
		const [, field = '', operator = '', value = ''] = /^([^:]+):([^:]+):([\s\S]*)$/.exec(filter) ?? [];
		const compare = OPERATORS[operator];
		if (!compare) throw new UnusableQuery(`filter "${filter}" is not valid`);
		return (user: JumpCloudUser) => compare(text(user[field]), value);
	});
	return users.filter((user) => tests.every((test) => test(user)));
}

/**
 * By one or more fields, "-" for descending. Without any the order is the server's own and another one for each call: that is the trap.
 * @param turn number of the call
 */
export function sortUsers(users: readonly JumpCloudUser[], sort: string | null, turn: number): JumpCloudUser[] {
	const fields = (sort ?? '').split(' ').filter(Boolean);
	if (fields.length === 0) {
		const shift = users.length === 0 ? 0 : (turn * 37) % users.length;
		return [...users.slice(shift), ...users.slice(0, shift)];
	}
	return [...users].sort((left, right) => {
		for (const field of fields) {
			const [name, direction] = field.startsWith('-') ? [field.slice(1), -1] : [field, 1];
			const [a, b] = [text(left[name]), text(right[name])];
			if (a !== b) return a < b ? -direction : direction;
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
