/** What every operation of the node shares: the directory for one run, one result for each item, and where results leave the node. */
import { randomInt } from 'node:crypto';
import {
	NodeConnectionTypes,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { AccountResult, Matching } from '../../lib/directory/accounts/account';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { describeError, DirectoryError } from '../../lib/directory/errors';
import { isSelfWritable } from '../../lib/directory/mark';
import { protection, type Protection } from '../../lib/directory/protect';
import { parseSettings } from '../../lib/directory/settings';

/** One item's turn. */
export type ItemRun = {
	readonly directory: Directory;
	readonly guard: Protection;
	readonly markAttribute: string;
	readonly signingKey: string;
};

export type ItemOutcome = {
	readonly result: AccountResult;
	/** Output number; the last output is Failed. */
	readonly output: number;
	/** Leaves instead of the result. */
	readonly json?: IDataObject;
};

/** Who the item is about, for results and for texts. */
export type Subject = { readonly key: string; readonly displayName: string };

export type Operation = {
	/** Outputs before Failed. */
	readonly outputs: number;
	readonly writes: boolean;
	/** @throws NodeOperationError for a parameter that cannot be used */
	readonly subject: (context: IExecuteFunctions, item: number) => Subject;
	/** @throws DirectoryError */
	readonly run: (context: IExecuteFunctions, item: number, run: ItemRun) => Promise<ItemOutcome>;
};

/** These want a person to look, so they leave by Failed. */
const LOOK_AT = new Set<AccountResult['outcome']>(['ambiguous', 'protected', 'not found']);

/** A result goes out by the first output, unless somebody has to look at it. */
export function leavesBy(result: AccountResult, failed: number): ItemOutcome {
	return { result, output: LOOK_AT.has(result.outcome) ? failed : 0 };
}

/**
 * Runs an operation for all items over one connection. Faults of single persons leave by Failed. Connection, credential and configuration
 * faults stop the node as long as nothing was written; afterwards what is left leaves by Failed, because a node that throws loses what it did.
 */
export async function runOperation(context: IExecuteFunctions, operation: Operation): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const outputs: INodeExecutionData[][] = Array.from({ length: operation.outputs + 1 }, () => []);
	const failed = outputs.at(-1) ?? [];
	const { directory, signingKey } = await open(context, operation);
	const guard = protection(directory);
	let stopped: DirectoryError | undefined;
	let lostInARow = 0;
	try {
		for (let item = 0; item < items.length; item += 1) {
			const pairedItem = { item };
			try {
				if (stopped) throw stopped;
				const subject = operation.subject(context, item);
				const { result, output, json } = await operation.run(context, item, {
					directory,
					guard,
					signingKey,
					markAttribute: markAttribute(context, item),
				});
				outputs[output]?.push({ json: json ?? toJson(subject, result), pairedItem });
				lostInARow = 0;
			} catch (error) {
				const mayThrow = directory.writes() === 0 && !context.continueOnFail();
				if (error instanceof NodeOperationError && mayThrow)
					throw new NodeOperationError(context.getNode(), error, { itemIndex: item });
				const fault = asDirectoryError(error);
				lostInARow = fault.kind === 'lost' ? lostInARow + 1 : 0;
				if (concernsAll(fault) && mayThrow) throw toNodeError(context, fault, item);
				if (concernsAll(fault) && (fault.kind !== 'lost' || fault.stage || lostInARow > 1)) stopped = fault;
				failed.push({ json: failureJson(context, operation, item, fault), pairedItem });
			}
		}
	} finally {
		await directory.close();
	}
	if (failed.length > 0) {
		context.addExecutionHints({
			message: `${failed.length} of ${items.length} people left by the output Failed. Look at message and whatToDo there.`,
			type: 'warning',
			location: 'outputPane',
		});
	}
	return outputs;
}

/**
 * Whether an AI agent runs the node. isToolExecution() knows it only for agents that call the tool themselves; those that ask the engine to
 * (n8n-core, requests-response.ts) run it like any node, of the type that n8n makes for tools, and mark it by where its output is shown.
 */
function isTool(context: IExecuteFunctions): boolean {
	const { type, rewireOutputLogTo } = context.getNode();
	return context.isToolExecution() || rewireOutputLogTo === NodeConnectionTypes.AiTool || type.endsWith('Tool');
}

async function open(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<{ directory: Directory; signingKey: string }> {
	if (operation.writes && isTool(context)) {
		throw new NodeOperationError(context.getNode(), 'As a tool of an AI agent this node only reads', {
			description: 'Use the operation Get for the tool, and let a workflow with an approval do the writing.',
		});
	}
	const signal = context.getExecutionCancelSignal();
	try {
		const settings = parseSettings(await context.getCredentials('adLdapApi'));
		const directory = openDirectory(settings, {
			randomInt: (below) => randomInt(below),
			clock: () => Date.now(),
			...(signal ? { signal } : {}),
		});
		// Refused before the first write, not in the middle of it.
		if (operation.writes) directory.signingKey();
		return { directory, signingKey: settings.signingKey };
	} catch (error) {
		if (error instanceof DirectoryError) throw toNodeError(context, error);
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

/** @throws NodeOperationError for an attribute that people can write on themselves */
function markAttribute(context: IExecuteFunctions, item: number): string {
	const { markAttribute: name = 'carLicense' } = context.getNodeParameter('options', item, {}) as {
		markAttribute?: string;
	};
	if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name) || isSelfWritable(name)) {
		throw new NodeOperationError(context.getNode(), `'Mark Attribute' cannot be "${name}" [Item ${item}]`, {
			description: 'Choose a multi-valued attribute that users cannot write on themselves, such as carLicense.',
			itemIndex: item,
		});
	}
	return name;
}

/** Faults that the next person would meet too. A connection that broke once may well be made again for the next. */
function concernsAll({ kind }: DirectoryError): boolean {
	return kind === 'lost' || kind === 'busy' || kind === 'cancelled' || kind === 'configuration';
}

/** Anything else that was thrown is a defect of a parameter or of this node: shown as it is, for this item only. */
function asDirectoryError(error: unknown): DirectoryError {
	if (error instanceof DirectoryError) return error;
	const message = error instanceof Error ? error.message : String(error);
	const description =
		error instanceof NodeOperationError && error.description
			? String(error.description)
			: 'Check the parameters of the node for this item.';
	return new DirectoryError({ kind: 'person', message, whatToDo: description });
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

function toJson(
	{ key, displayName }: Subject,
	{ outcome, account, changes, notes, message, whatToDo }: AccountResult,
): IDataObject {
	return {
		outcome,
		key,
		displayName: displayName || (account?.displayName ?? ''),
		...(message === undefined ? {} : { message }),
		...(whatToDo === undefined ? {} : { whatToDo }),
		guid: account?.guid ?? null,
		dn: account?.dn ?? null,
		sAMAccountName: account?.sAMAccountName ?? null,
		userPrincipalName: account?.userPrincipalName ?? null,
		enabled: account?.enabled ?? null,
		state: account?.state ?? null,
		changes: changes.map((change) => ({ ...change })),
		notes: [...notes],
	};
}

function failureJson(
	context: IExecuteFunctions,
	operation: Operation,
	item: number,
	error: DirectoryError,
): IDataObject {
	let subject: Subject = { key: '', displayName: '' };
	try {
		subject = operation.subject(context, item);
	} catch {
		// The parameter that names the person is itself what failed: the message says so, and the paired item says who.
	}
	return {
		outcome: error.kind === 'conflict' ? 'conflict' : 'failed',
		...subject,
		message: error.message,
		whatToDo: describeError(error),
		code: error.code ?? null,
	};
}

/** How get and disable find their account. */
export function matching(context: IExecuteFunctions, item: number, mark: string): Matching {
	return {
		matchAttribute: context.getNodeParameter('matchAttribute', item) as string,
		matchValue: asText(context.getNodeParameter('matchValue', item)),
		markAttribute: mark,
	};
}

/** An expression may give a number; anything else that is no text is no value to look for. */
function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Get and disable name people by the value they look for; the item's own words for the person are taken along where it has any. */
export function subjectByValue(context: IExecuteFunctions, item: number): Subject {
	const { displayName } = context.getInputData()[item]?.json ?? {};
	return {
		key: matching(context, item, '').matchValue,
		displayName: typeof displayName === 'string' ? displayName : '',
	};
}
