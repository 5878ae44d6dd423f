/** The filter in the body of `POST /api/search/systemusers`: expressions in the manner of MongoDB. */
import { isObject, unusable, type JsonObject } from './answers.ts';
import { order } from './query.ts';

type Test = (user: JsonObject) => boolean;

/**
 * @param filter `{and: […]}`, `{or: […]}`, a bare list (the description's own example: all of them), or one expression
 * @returns whether a user fits; undefined = no filter: everybody
 * @throws Refused, also for what is not known here, rather than answering as if no filter had been given
 */
export function searchTest(filter: unknown): Test {
	if (filter === undefined) return () => true;
	if (Array.isArray(filter)) return every(filter);
	if (!isObject(filter)) throw unusable('filter is not an object');
	const tests = Object.entries(filter).map(([name, value]): Test => {
		if (name !== 'and' && name !== 'or') return fieldTest(name, value);
		if (!Array.isArray(value)) throw unusable(`filter: "${name}" is not a list`);
		return name === 'and' ? every(value) : some(value);
	});
	return (user) => tests.every((test) => test(user));
}

function every(filters: readonly unknown[]): Test {
	const tests = filters.map(searchTest);
	return (user) => tests.every((test) => test(user));
}

function some(filters: readonly unknown[]): Test {
	const tests = filters.map(searchTest);
	return (user) => tests.some((test) => test(user));
}

/** `{field: value}` or `{field: {$operator: value}}`; of a list in the record one entry must fit, as in MongoDB. */
function fieldTest(path: string, wanted: unknown): Test {
	const operators = isObject(wanted) ? Object.entries(wanted) : [['$eq', wanted] as const];
	if (operators.length === 0 || operators.some(([name]) => !name.startsWith('$')))
		throw unusable(`filter: the value of "${path}" is not valid`);
	const tests = operators.map(([name, value]) => operatorTest(name, value));
	return (user) => {
		const values = valuesAt(user, path.split('.'));
		return tests.every((test) => test(values));
	};
}

/** What an operator says to the values at a path; none = the field is missing. */
function operatorTest(name: string, wanted: unknown): (values: readonly unknown[]) => boolean {
	const equal = (value: unknown) => compare(value, wanted) === 0;
	// null stands for a field that is missing, too.
	const fits = (values: readonly unknown[]) =>
		wanted === null ? values.every((value) => value === null) : values.some(equal);
	const compared = (holds: (order: number) => boolean) => (values: readonly unknown[]) =>
		values.some((value) => {
			const found = compare(value, wanted);
			return found !== undefined && holds(found);
		});
	switch (name) {
		case '$eq':
			return fits;
		case '$ne':
			return (values) => !fits(values);
		case '$gt':
			return compared((found) => found > 0);
		case '$gte':
			return compared((found) => found >= 0);
		case '$lt':
			return compared((found) => found < 0);
		case '$lte':
			return compared((found) => found <= 0);
		case '$in':
		case '$nin': {
			if (!Array.isArray(wanted)) throw unusable(`filter: ${name} needs a list`);
			const among = (values: readonly unknown[]) => wanted.some((one) => operatorTest('$eq', one)(values));
			return name === '$in' ? among : (values) => !among(values);
		}
		case '$exists':
			return (values) => values.length > 0 === (wanted === true);
		case '$regex': {
			const expression = regularExpression(wanted);
			return (values) => values.some((value) => typeof value === 'string' && expression.test(value));
		}
		default:
			throw unusable(`filter: the operator ${name} is not known`);
	}
}

/** JumpCloud's PowerShell module writes `(?i)` before the expression, for any case; JavaScript has a flag for it. */
function regularExpression(text: unknown): RegExp {
	if (typeof text !== 'string') throw unusable('filter: $regex needs a text');
	try {
		return text.startsWith('(?i)') ? new RegExp(text.slice(4), 'iu') : new RegExp(text, 'u');
	} catch {
		throw unusable('filter: $regex is not a regular expression');
	}
}

const DATE = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/;

/** Only what is of one kind has an order; dates are compared as times. */
function compare(left: unknown, right: unknown): number | undefined {
	if (typeof left === 'boolean' && typeof right === 'boolean') return left === right ? 0 : 1;
	if (typeof left === 'number' && typeof right === 'number') return order(left, right);
	if (typeof left !== 'string' || typeof right !== 'string') return undefined;
	if (DATE.test(left) && DATE.test(right)) return order(Date.parse(left), Date.parse(right));
	return order(left, right);
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
	if (Array.isArray(value)) return value.flatMap((entry) => valuesAt(entry, name === undefined ? [] : [name, ...rest]));
	if (name === undefined) return [value];
	return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}
