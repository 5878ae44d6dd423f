/**
 * Conditions as n8n's filter control stores them, made to run on a value. The control is read raw and compiled once: evaluated as an expression
 * it costs 60 to 80 microseconds for each record, so less than one (measured with n8n 2.41).
 */

/** A condition of n8n's filter control (n8n-workflow, FilterConditionValue), as far as it matters here. */
type Condition = {
	readonly id?: string;
	readonly leftValue: unknown;
	readonly rightValue: unknown;
	readonly operator: unknown;
};
export type FilterValue = {
	readonly combinator: 'and' | 'or';
	readonly options: unknown;
	readonly conditions: readonly Condition[];
};

/** n8n-workflow's `executeFilter`: whether the conditions hold, with values in the place of paths. */
export type ExecuteFilter = (filter: FilterValue) => boolean;

export class ConditionError extends Error {
	override readonly name = 'ConditionError';
}

/** `$json.state`, `$response.body.done`, `$json["work email"]`: one path and nothing else. */
const SIMPLE = /^\$(?:json|response)\s*((?:\.[\p{L}_$][\p{L}\p{N}_$]*|\[\s*(?:"[^"\\]*"|'[^'\\]*'|\d+)\s*\])+)$/u;

/**
 * @param stored the parameter's raw value
 * @param compile makes a path readable; it throws for a path that is none
 * @returns whether a value meets the conditions, which throws ConditionError for a value that they cannot be compared with (a text where a
 * number is expected); undefined where there is none: the editor stores a blank condition by itself
 * @throws ConditionError for an expression that is more than a path
 */
export function compileConditions(
	stored: unknown,
	compile: (path: string) => (value: unknown) => unknown,
	execute: ExecuteFilter,
): ((value: unknown) => boolean) | undefined {
	if (!isFilter(stored)) return undefined;
	const conditions = stored.conditions
		.filter((condition) => !isBlank(condition))
		.map((condition) => ({
			...condition,
			left: compile(pathOf(condition.leftValue)),
			right: constant(condition.rightValue),
		}));
	if (conditions.length === 0) return undefined;
	return (value) => {
		const filled = conditions.map(({ left, right, ...condition }) => ({
			...condition,
			leftValue: left(value) ?? null,
			rightValue: right,
		}));
		try {
			return execute({ ...stored, conditions: filled });
		} catch (error) {
			const words = error instanceof Error ? error.message.replace(/\s*\[condition.*$/, '') : String(error);
			throw new ConditionError(`A condition cannot be compared with what was read: ${words}.`);
		}
	};
}

function isFilter(stored: unknown): stored is FilterValue {
	return typeof stored === 'object' && stored !== null && 'conditions' in stored && Array.isArray(stored.conditions);
}

/** "=" is what an emptied expression leaves. */
const isBlank = ({ leftValue }: Condition) =>
	leftValue === undefined || leftValue === null || (typeof leftValue === 'string' && /^\s*=?\s*$/.test(leftValue));

/** The path that a left value names: typed as it is, or dragged in as an expression. */
function pathOf(leftValue: unknown): string {
	if (typeof leftValue !== 'string')
		throw new ConditionError('A condition compares no field. Enter the path of a field on its left.');
	const isExpression = leftValue.startsWith('=') || leftValue.includes('{{');
	const inside = /^=?\s*\{\{([^]*)\}\}\s*$/.exec(leftValue)?.[1] ?? (isExpression ? '' : leftValue);
	const [, path] = SIMPLE.exec(inside.trim()) ?? [];
	// Typed without braces, "$json.state" means the same: no reply has a field of that name.
	if (path === undefined && !isExpression) return leftValue.trim();
	if (path === undefined)
		throw new ConditionError(
			`The condition on ${leftValue} is more than a field. Enter the path of one, such as body.done, or change the value in a node before.`,
		);
	return path.replace(/^\./, '');
}

function constant(rightValue: unknown): unknown {
	if (typeof rightValue === 'string' && rightValue.startsWith('='))
		throw new ConditionError(
			`The condition compares with an expression (${rightValue}). Enter a fixed value on its right.`,
		);
	return rightValue;
}
