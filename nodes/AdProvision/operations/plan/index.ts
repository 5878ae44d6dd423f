/** The operations of the resource Plan, as the parameter names them. */
import { type IExecuteFunctions } from 'n8n-workflow';
import { textParameter } from '../../parameters';
import { operation as applyPlan } from './applyPlan.operation';
import { operation as createPlan } from './createPlan.operation';
import { operation as createUndoPlan } from './createUndoPlan.operation';
import type { PlanOperation } from './run';
import { operation as undo } from './undo.operation';

const OPERATIONS: Readonly<Record<string, PlanOperation>> = { applyPlan, createPlan, createUndoPlan, undo };

/** @returns undefined for other resources, and for a name that a workflow written by hand may have */
export function planOperationOf(context: IExecuteFunctions): PlanOperation | undefined {
	if (textParameter(context, 'resource', 0) !== 'plan') return undefined;
	const name = textParameter(context, 'operation', 0);
	return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
}
