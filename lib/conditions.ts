/**
 * Conditions as n8n's filter control stores them, made to run on a value. The control is read raw and compiled once: evaluated as an expression
 * it costs 60 to 80 microseconds for each record, so less than one (measured with n8n 2.41).
 */

/** A condition of n8n's filter control (n8n-workflow, FilterConditionValue), as far as it matters here. */
export type Condition = {
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

/** Where the two sides of a condition come from. Both are asked once for each condition, and may throw ConditionError. */
export type Operands<V> = {
	readonly left: (stored: unknown, index: number) => (value: V) => unknown;
	readonly right: (stored: unknown, index: number) => (value: V) => unknown;
};

export type CompiledCondition<V> = {
	readonly stored: Condition;
	/** @throws ConditionError for a value that it cannot be compared with (a text where a number is expected) */
	readonly holds: (value: V) => boolean;
};

export type CompiledConditions<V> = {
	readonly combinator: 'and' | 'or';
	readonly conditions: ReadonlyArray<CompiledCondition<V>>;
};

/**
 * @param stored the parameter's raw value
 * @returns undefined where there is none: the editor stores a blank condition by itself
 * @throws ConditionError for one that is half filled in, and whatever the operands throw
 */
export function compileEach<V>(
	stored: unknown,
	operands: Operands<V>,
	execute: ExecuteFilter,
): CompiledConditions<V> | undefined {
	if (!isFilter(stored)) return undefined;
	const conditions = stored.conditions.flatMap((condition, index) => {
		if (isBlank(condition)) return [];
		const left = operands.left(condition.leftValue, index);
		const right = operands.right(condition.rightValue, index);
		const holds = (value: V): boolean => {
			const filled = { ...condition, leftValue: left(value) ?? null, rightValue: right(value) };
			try {
				return execute({ options: stored.options, combinator: 'and', conditions: [filled] });
			} catch (error) {
				const words = error instanceof Error ? error.message.replace(/\s*\[condition.*$/, '') : String(error);
				throw new ConditionError(`A condition cannot be compared with what was read: ${words}.`);
			}
		};
		return [{ stored: condition, holds }];
	});
	return conditions.length === 0 ? undefined : { combinator: stored.combinator, conditions };
}

/** Whether they hold together. @throws ConditionError */
export function holdsFor<V>({ combinator, conditions }: CompiledConditions<V>, value: V): boolean {
	return combinator === 'or'
		? conditions.some(({ holds }) => holds(value))
		: conditions.every(({ holds }) => holds(value));
}

/**
 * Conditions on fields alone, compared with fixed values.
 * @param stored the parameter's raw value
 * @param compile makes a path readable; it throws for a path that is none
 * @returns whether a value meets the conditions, which throws ConditionError for a value that they cannot be compared with; undefined where
 * there is none
 * @throws ConditionError for an expression that is more than a path
 */
export function compileConditions(
	stored: unknown,
	compile: (path: string) => (value: unknown) => unknown,
	execute: ExecuteFilter,
): ((value: unknown) => boolean) | undefined {
	const operands: Operands<unknown> = {
		left: (leftValue) => compile(pathOf(leftValue)),
		right: (rightValue) => {
			const fixed = constant(rightValue);
			return () => fixed;
		},
	};
	const compiled = compileEach(stored, operands, execute);
	return compiled && ((value) => holdsFor(compiled, value));
}

function isFilter(stored: unknown): stored is FilterValue {
	return typeof stored === 'object' && stored !== null && 'conditions' in stored && Array.isArray(stored.conditions);
}

/** "=" is what an emptied expression leaves. */
const isNothing = (side: unknown) =>
	side === undefined || side === null || (typeof side === 'string' && /^\s*=?\s*$/.test(side));

/** @throws ConditionError for a row with a right side alone: passed over, it would let everyone through, or nobody */
function isBlank({ leftValue, rightValue }: Condition): boolean {
	if (!isNothing(leftValue)) return false;
	if (isNothing(rightValue)) return true;
	throw new ConditionError(
		`A condition compares no field with "${String(rightValue)}". Enter the path of a field on its left, or take the condition out.`,
	);
}

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
