/** Conditions on a person: n8n's filter control, compiled. A left side is the path of a field, a format, or an expression. */
import {
	compileEach,
	ConditionError,
	holdsFor,
	type CompiledConditions,
	type Condition,
	type ExecuteFilter,
} from '../conditions';
import { compilePath, PathError } from '../json/path';
import { isFormat } from './format';
import { MappingSettingsError, reader, sourceOf, type ParameterSource, type Person } from './parameters';

/** A filter control's raw value, and its path in the node. */
export type StoredConditions = { readonly path: string; readonly stored: unknown };

export type PersonConditions = {
	/** @throws ConditionError for a value that cannot be compared */
	readonly holds: (person: Person) => boolean;
	/** In words, the conditions that this person does not meet. @throws ConditionError */
	readonly unmet: (person: Person) => readonly string[];
};

/** A left side as something to read: n8n's filter control takes paths, expressions and plain text. */
function leftSource(path: string, stored: unknown): ParameterSource {
	if (typeof stored !== 'string')
		throw new ConditionError('A condition compares no field. Enter the path of a field on its left.');
	const text = stored.trim();
	if (stored.startsWith('=')) return sourceOf(path, stored);
	// Typed without the "=" of the editor, these mean the same: no record has fields of such names.
	if (text.includes('{{')) return sourceOf(path, `=${text}`);
	if (/^\$json\s*[.[]/.test(text)) return sourceOf(path, `={{ ${text} }}`);
	if (isFormat(text)) return { format: text };
	return { read: compilePath(text) };
}

/**
 * @param parameter as the builder sees it
 * @returns undefined where there is no condition: the editor stores a blank one by itself
 * @throws MappingSettingsError
 */
export function compilePersonConditions(
	{ path, stored }: StoredConditions,
	parameter: string,
	execute: ExecuteFilter,
): PersonConditions | undefined {
	if (typeof stored === 'string' && stored.trim() !== '')
		throw new MappingSettingsError(
			parameter,
			'The conditions are an expression as a whole.',
			'Enter conditions; the sides of each may be expressions.',
		);
	refuseHalves(stored, parameter);
	try {
		const compiled = compileEach<Person>(
			stored,
			{
				left: (value, index) =>
					valueOf(leftSource(`${path}.conditions[${index}].leftValue`, value), `${parameter}, condition ${index + 1}`),
				right: (value, index) =>
					typeof value === 'string' && value.startsWith('=')
						? valueOf(
								sourceOf(`${path}.conditions[${index}].rightValue`, value),
								`${parameter}, condition ${index + 1}`,
							)
						: () => value,
			},
			execute,
		);
		return compiled && { holds: (person) => holdsFor(compiled, person), unmet: (person) => unmetOf(compiled, person) };
	} catch (error) {
		if (error instanceof ConditionError || error instanceof PathError)
			throw new MappingSettingsError(
				parameter,
				error.message,
				'Enter a field such as state on the left, and a value on the right.',
			);
		throw error;
	}
}

/** Compares nothing with a value: stands alone, without a right side. */
const ALONE: ReadonlySet<string> = new Set(['exists', 'notExists', 'empty', 'notEmpty', 'true', 'false']);

/**
 * "state is equal to" and nothing more is a condition that somebody did not finish. n8n takes it for "is empty", which everybody meets whose
 * record has no such field: a feed without that column would make them all leavers.
 */
function refuseHalves(stored: unknown, parameter: string): void {
	const { conditions } = (stored ?? {}) as { readonly conditions?: readonly Condition[] };
	for (const { leftValue, rightValue, operator } of Array.isArray(conditions) ? (conditions as Condition[]) : []) {
		const { operation = '', singleValue = false } = (operator ?? {}) as { operation?: string; singleValue?: boolean };
		const isBlank = (side: unknown) =>
			side === undefined || side === null || (typeof side === 'string' && /^\s*=?\s*$/.test(side));
		if (isBlank(leftValue) || singleValue || ALONE.has(operation) || !isBlank(rightValue)) continue;
		throw new MappingSettingsError(
			parameter,
			`The condition on ${conditionWords({ leftValue, rightValue, operator }).replace(/ "".*$/, '')} compares with nothing.`,
			'Enter a value on its right, or choose "is empty".',
		);
	}
}

function valueOf(source: ParameterSource, parameter: string): (person: Person) => unknown {
	const read = reader(source, parameter);
	return (person) => {
		const got = read(person);
		if ('fault' in got) throw new ConditionError(`A condition cannot be read: ${got.fault}`);
		return 'value' in got ? got.value : null;
	};
}

function unmetOf({ conditions }: CompiledConditions<Person>, person: Person): readonly string[] {
	return conditions.filter(({ holds }) => !holds(person)).map(({ stored }) => conditionWords(stored));
}

const OPERATIONS: Readonly<Record<string, string>> = {
	equals: 'is',
	notEquals: 'is not',
	contains: 'contains',
	notContains: 'does not contain',
	startsWith: 'starts with',
	notStartsWith: 'does not start with',
	endsWith: 'ends with',
	notEndsWith: 'does not end with',
	regex: 'matches',
	notRegex: 'does not match',
	exists: 'exists',
	notExists: 'does not exist',
	empty: 'is empty',
	notEmpty: 'is not empty',
	true: 'is true',
	false: 'is false',
	gt: 'is greater than',
	lt: 'is less than',
	gte: 'is at least',
	lte: 'is at most',
	after: 'is after',
	before: 'is before',
	afterOrEquals: 'is not before',
	beforeOrEquals: 'is not after',
	lengthEquals: 'has a length of',
	lengthNotEquals: 'does not have a length of',
	lengthGt: 'is longer than',
	lengthLt: 'is shorter than',
	lengthGte: 'has a length of at least',
	lengthLte: 'has a length of at most',
};

/** A condition as a person reads it, such as `state is not "STAGED"`. */
export function conditionWords({ leftValue, rightValue, operator }: Condition): string {
	const { operation = '', singleValue = false } = (operator ?? {}) as { operation?: string; singleValue?: boolean };
	const left = String(leftValue)
		.trim()
		.replace(/^=?\s*\{\{\s*(?:\$json\s*\.?)?([^{}]*?)\s*\}\}$/, '$1')
		.replace(/^\$\{\s*([^{}]*?)\s*\}$/, '$1');
	const words = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : operation;
	const alone = singleValue || ALONE.has(operation);
	return alone ? `${left} ${words}` : `${left} ${words} ${JSON.stringify(rightValue ?? '')}`;
}
