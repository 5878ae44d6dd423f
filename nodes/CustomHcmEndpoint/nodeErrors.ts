/** The engine's errors in n8n's form: what happened, and what to do. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { CancelledError, HcmError } from '../../lib/hcm/errors';
import { PathError } from '../../lib/json/path';

export function toNodeError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	error: unknown,
	itemIndex: number,
): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const node = context.getNode();
	// n8n records a run as canceled, and not as failed, by this word in the message (n8n-core, workflow-execute.ts).
	if (error instanceof CancelledError) return new NodeOperationError(node, 'The execution was canceled', { itemIndex });
	if (error instanceof HcmError)
		return new NodeOperationError(node, `${error.message} [Item ${itemIndex}]`, {
			description: error.whatToDo,
			itemIndex,
		});
	if (error instanceof PathError)
		return new NodeOperationError(node, `${error.message} [Item ${itemIndex}]`, {
			description: 'Correct the path in the endpoint.',
			itemIndex,
		});
	return new NodeOperationError(node, error as Error, { itemIndex });
}
