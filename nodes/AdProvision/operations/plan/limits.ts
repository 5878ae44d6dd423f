/**
 * Limits of a plan: numbers as they were typed, or fields of a node that the builder names, as Settings. What comes in must not raise a limit on
 * itself, and a text that gives nothing must not take it away.
 */
import { type IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../parameters';
import { fieldOfNode } from './given';

type Limit = {
	readonly label: string;
	/** The raw parameter. */
	readonly typed: unknown;
	readonly least: number;
	/** What an empty field means; undefined = it may not be empty. */
	readonly otherwise?: number;
};

/** @throws NodeOperationError for anything but a whole number, `least` or more */
export function limitOf(context: IExecuteFunctions, { label, typed, least, otherwise }: Limit): number {
	const isExpression = typeof typed === 'string' && typed.startsWith('=');
	const value = isExpression ? pointedTo(context, label, typed) : typed;
	const isEmpty = value === undefined || value === null || value === '';
	if (isEmpty && isExpression)
		throw parameterError(context, 0, label, 'is empty', 'Look at what the expression points to: it must be a number.');
	const number = isEmpty ? otherwise : strictly(value);
	if (number !== undefined && Number.isSafeInteger(number) && number >= least) return number;
	throw parameterError(context, 0, label, `is no whole number of ${least} or more`, 'Enter one.');
}

/** A number, or the digits of one: what somebody typed into Settings may be a text. */
function strictly(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}

function pointedTo(context: IExecuteFunctions, label: string, typed: string): unknown {
	const field = fieldOfNode(context, typed);
	if (field) return field.value;
	throw parameterError(
		context,
		0,
		label,
		'is an expression that is not taken here, for what comes in must not raise a limit',
		"Enter a number, or point to a field of one node, such as {{ $('Settings').first().json.atMost }}, and nothing else.",
	);
}
