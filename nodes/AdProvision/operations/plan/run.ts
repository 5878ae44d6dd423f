/** What operations on plans share: all items at once over one connection, and the way out when nothing can be done. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { DirectoryError } from '../../../../lib/directory/errors';
import { openPlanRun, refuseTool, toNodeError, type PlanRun } from '../../open';
import { failureJson } from '../../results';
import { asDirectoryError } from '../../run';

export type PlanOperation = {
	/** Their number, and by which faults leave when the node is to go on after an error. */
	readonly outputs: number;
	readonly faultsLeaveBy: number;
	readonly writes: boolean;
	/** Reads parameters, before anything is opened. @throws NodeOperationError, DirectoryError */
	readonly prepare: (context: IExecuteFunctions) => Promise<Prepared>;
};

/**
 * @returns items by output
 * @throws NodeOperationError, DirectoryError as long as nothing was written
 */
export type Prepared = (run: PlanRun) => Promise<INodeExecutionData[][]>;

/**
 * Runs an operation once for all items. What makes it impossible stops the node, or leaves by the output for faults when n8n is to go on:
 * were the node just to throw, n8n would pass the items on by the first output, as if all had been done.
 */
export async function runPlanOperation(
	context: IExecuteFunctions,
	operation: PlanOperation,
): Promise<INodeExecutionData[][]> {
	if (context.getInputData().length === 0) return noItems(operation);
	refuseTool(context, operation);
	try {
		return await runOpened(context, await operation.prepare(context));
	} catch (error) {
		if (!context.continueOnFail()) throw nodeErrorOf(context, error);
		const outputs = noItems(operation);
		// Once for a whole feed; for each where each is a change that somebody approved.
		const items = operation.writes ? context.getInputData() : context.getInputData().slice(0, 1);
		const json = faultFor(context, operation, error);
		outputs[operation.faultsLeaveBy] = items.map((_, item) => ({ json, pairedItem: { item } }));
		return outputs;
	}
}

async function runOpened(context: IExecuteFunctions, prepared: Prepared): Promise<INodeExecutionData[][]> {
	const run = await openPlanRun(context);
	try {
		return await prepared(run);
	} finally {
		await run.directory.close();
	}
}

/** With an error output n8n takes there what has these fields and no others (n8n-core, workflow-execute.ts, handleNodeErrorOutput). */
function faultFor(context: IExecuteFunctions, operation: PlanOperation, error: unknown): IDataObject {
	if (context.getNode().onError !== 'continueErrorOutput') return faultOf(operation, error);
	const { message, description } = nodeErrorOf(context, error);
	return { error: message, details: description ?? '' };
}

/** The same for every item: it is about none of them. */
function faultOf({ writes }: PlanOperation, error: unknown): IDataObject {
	const fault = failureJson({ key: '', displayName: '' }, asDirectoryError(error));
	// As outcomes have it: nothing was tried.
	return writes ? { status: 'refused', ...fault } : fault;
}

function nodeErrorOf(context: IExecuteFunctions, error: unknown): NodeOperationError {
	if (error instanceof DirectoryError) return toNodeError(context, error);
	return error instanceof NodeOperationError ? error : new NodeOperationError(context.getNode(), error as Error);
}

export function noItems({ outputs }: Pick<PlanOperation, 'outputs'>): INodeExecutionData[][] {
	return Array.from({ length: outputs }, () => []);
}

/** Shown with the output. */
export function hint(context: IExecuteFunctions, message: string, type: 'info' | 'warning' = 'warning'): void {
	context.addExecutionHints({ message, type, location: 'outputPane' });
}
