/** Everything that is looked at before the first item: whether the node may run at all, and the directory for the run. */
import { randomInt } from 'node:crypto';
import { NodeConnectionTypes, NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Marking } from '../../lib/directory/accounts/account';
import { openAccounts, type AccountRun } from '../../lib/directory/accounts/locate';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { describeError, DirectoryError } from '../../lib/directory/errors';
import { isSelfWritable } from '../../lib/directory/mark';
import { parseSettings, type DirectorySettings } from '../../lib/directory/settings';
import { asText, parameterError } from './parameters';
import type { Operation } from './run';

/**
 * Whether an AI agent runs the node. isToolExecution() knows it only for agents that call the tool themselves; those that ask the engine to
 * (n8n-core, requests-response.ts) run it like any node, of the type that n8n makes for tools, and mark it by where its output is shown.
 */
function isTool(context: IExecuteFunctions): boolean {
	const { type, rewireOutputLogTo } = context.getNode();
	return context.isToolExecution() || rewireOutputLogTo === NodeConnectionTypes.AiTool || type.endsWith('Tool');
}

/** @throws NodeOperationError when an agent runs an operation that writes, and the builder has not said that it may */
export function refuseTool(context: IExecuteFunctions, { writes }: Pick<Operation, 'writes'>): void {
	if (!writes || !isTool(context)) return;
	// As it was typed: an expression, which may say what an agent wants, is no word of the builder's.
	const options = context.getNodeParameter('options', 0, {}, { rawExpressions: true }) as Record<string, unknown>;
	if (options['allowWritesAsTool'] === true) return;
	throw new NodeOperationError(context.getNode(), 'As a tool of an AI agent this node only reads', {
		description:
			'Use Get or Get Many for the tool and let a workflow with an approval do the writing, or switch on Allow Writes as a Tool in the options.',
	});
}

/** @throws NodeOperationError when more is to be done than the builder allows at once */
export function applyBrake(context: IExecuteFunctions, { brake }: Operation): void {
	if (!brake) return;
	// As it was typed: what comes in must not raise the limit on itself.
	const most: unknown = context.getNodeParameter('maxPerRun', 0, 20, { rawExpressions: true });
	if (typeof most !== 'number' || !(most >= 1))
		throw parameterError(context, 0, 'At Most per Run', 'is no number of 1 or more', 'Enter one, not an expression.');
	const count = brake.count(context);
	if (count <= most) return;
	throw new NodeOperationError(
		context.getNode(),
		`${count} ${brake.what} are more than 'At Most per Run' allows (${most}). Nothing was done`,
		{ description: 'If so many are meant, raise At Most per Run; otherwise look at what comes in.' },
	);
}

/** @throws NodeOperationError */
export async function openRun(context: IExecuteFunctions, operation: Operation): Promise<AccountRun> {
	const signal = context.getExecutionCancelSignal();
	try {
		operation.check?.(context);
		const settings = parseSettings(await context.getCredentials('adLdapApi'));
		const marking = markingOf(context);
		const directory = openDirectory(settings, {
			randomInt: (below) => randomInt(below),
			clock: () => Date.now(),
			...(signal ? { signal } : {}),
		});
		// Refused before the first write, not in the middle of it.
		if (operation.signs?.(context)) directory.signingKey();
		return openAccounts(directory, marking, settings.signingKey);
	} catch (error) {
		if (error instanceof DirectoryError) throw toNodeError(context, error);
		throw error instanceof NodeOperationError ? error : new NodeOperationError(context.getNode(), error as Error);
	}
}

/** What operations on plans share. */
export type PlanRun = {
	readonly directory: Directory;
	readonly settings: DirectorySettings;
	readonly signingKey: string;
	readonly signal: AbortSignal | undefined;
	/** A further directory, with other settings. */
	readonly open: (settings: DirectorySettings) => Directory;
};

/** Plans, changes and outcomes are sealed: the credential must have a signing key. @throws NodeOperationError, DirectoryError */
export async function openPlanRun(context: IExecuteFunctions): Promise<PlanRun> {
	const signal = context.getExecutionCancelSignal();
	const settings = parseSettings(await context.getCredentials('adLdapApi'));
	const open = (given: DirectorySettings) =>
		openDirectory(given, {
			randomInt: (below) => randomInt(below),
			clock: () => Date.now(),
			...(signal ? { signal } : {}),
		});
	// Nothing is sent yet.
	const directory = open(settings);
	return { directory, settings, signingKey: directory.signingKey(), signal, open };
}

/** @throws NodeOperationError for an attribute that people can write on themselves */
export function markAttributeOf(context: IExecuteFunctions): string {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const markAttribute = asText(options['markAttribute'] ?? 'carLicense').trim();
	if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(markAttribute) || isSelfWritable(markAttribute)) {
		throw parameterError(
			context,
			0,
			'Mark Attribute',
			`cannot be "${markAttribute}"`,
			'Choose a multi-valued attribute that users cannot write on themselves, such as carLicense.',
		);
	}
	return markAttribute;
}

/** One for the whole run. @throws NodeOperationError for an attribute that people can write on themselves */
function markingOf(context: IExecuteFunctions): Marking {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const markAttribute = markAttributeOf(context);
	const anchor = asText(options['anchorAttribute']).trim();
	const findBy = context.getNodeParameter('findBy', 0, 'matchAttribute');
	const matched = findBy === 'matchAttribute' ? asText(context.getNodeParameter('matchAttribute', 0, '')).trim() : '';
	return { markAttribute, matchAttribute: anchor || matched || 'employeeID' };
}

export function toNodeError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	error: DirectoryError,
	itemIndex?: number,
): NodeOperationError {
	// n8n records a run as canceled, and not as failed, by this word in the message (n8n-core, workflow-execute.ts).
	const message = error.kind === 'cancelled' ? 'The execution was canceled' : error.message;
	return new NodeOperationError(context.getNode(), message, {
		description: describeError(error),
		...(itemIndex === undefined ? {} : { itemIndex }),
	});
}
