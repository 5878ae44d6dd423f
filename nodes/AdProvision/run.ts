/** What every operation of the node shares: one connection for all items, one result for each, and where results leave the node. */
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Lookup, Marking } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { findPlace } from '../../lib/directory/places';
import { applyBrake, openRun, refuseTool, toNodeError } from './open';
import { failureJson, type ItemOutcome, type Subject } from './results';

/** One item's turn. */
export type ItemRun = {
	readonly accounts: AccountRun;
	readonly directory: Directory;
	readonly subject: Subject;
	/** The distinguished name of an organisational unit, by GUID, distinguished name or name; looked for once in a run. */
	readonly place: (text: string) => Promise<string>;
};

export type Operation = {
	/** Outputs before Failed. */
	readonly outputs: number;
	readonly writes: boolean;
	/** Whether it makes or believes marks: then it needs the signing key. */
	readonly signs?: (context: IExecuteFunctions) => boolean;
	/** Looks at parameters before anything is sent. @throws NodeOperationError, DirectoryError */
	readonly check?: (context: IExecuteFunctions) => void;
	/** What At Most per Run counts. */
	readonly brake?: { readonly what: string; readonly count: (context: IExecuteFunctions) => number };
	/** @throws NodeOperationError for a parameter that cannot be used */
	readonly subject: (context: IExecuteFunctions, item: number) => Subject;
	/** Whom the item will look for, for reading many at once. @throws NodeOperationError, DirectoryError */
	readonly lookups?: (context: IExecuteFunctions, item: number, marking: Marking) => readonly Lookup[];
	/** What will be read of them. @throws NodeOperationError, DirectoryError */
	readonly attributes?: (context: IExecuteFunctions, item: number) => readonly string[];
	/** @throws DirectoryError */
	readonly run: (context: IExecuteFunctions, item: number, run: ItemRun) => Promise<ItemOutcome | ItemOutcome[]>;
};

/** Fewer are read one by one: they cost less than a search with many keys. */
const FEW = 20;
/** Read at once, just before their turn: what was read long ago may be wrong. */
const BLOCK = 100;

/**
 * Runs an operation for all items over one connection. Faults of single persons leave by Failed. Connection, credential and configuration
 * faults stop the node as long as nothing was written; afterwards what is left leaves by Failed, because a node that throws loses what it did.
 */
export async function runOperation(context: IExecuteFunctions, operation: Operation): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = Array.from({ length: operation.outputs + 1 }, () => []);
	const failed = outputs.at(-1) ?? [];
	if (context.getInputData().length === 0) return outputs;
	refuseTool(context, operation);
	const accounts = await begin(context, operation);
	if (accounts instanceof Error) {
		if (!context.continueOnFail()) throw accounts;
		// Were the node just to throw, n8n would pass the items on by the first output, as if all had been done.
		const fault = asDirectoryError(accounts);
		context.getInputData().forEach((_, item) => failed.push(failure(context, operation, item, fault)));
		return outputs;
	}
	try {
		await runItems(context, operation, accounts, outputs);
	} finally {
		await accounts.directory.close();
	}
	hint(context, failed);
	return outputs;
}

/** @returns why nothing can be done at all, as an error for n8n */
async function begin(context: IExecuteFunctions, operation: Operation): Promise<AccountRun | NodeOperationError> {
	try {
		applyBrake(context, operation);
		return await openRun(context, operation);
	} catch (error) {
		return error instanceof NodeOperationError ? error : new NodeOperationError(context.getNode(), error as Error);
	}
}

async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
	accounts: AccountRun,
	outputs: INodeExecutionData[][],
): Promise<void> {
	const { directory } = accounts;
	const items = context.getInputData().length;
	const place = placeFinder(directory);
	let stopped: DirectoryError | undefined;
	let lostInARow = 0;
	/** Items whose own parameters cannot be used. */
	const unusable: { readonly item: number; readonly error: NodeOperationError }[] = [];
	for (let item = 0; item < items; item += 1) {
		try {
			if (stopped) throw stopped;
			// Another controller, taken when the first was lost, may know things otherwise.
			const moved = directory.nextObject();
			if (items > FEW && item === 0) await expectAll(context, operation, accounts);
			if (items > FEW && (item % BLOCK === 0 || moved)) await prefetch(context, operation, accounts, item);
			const subject = operation.subject(context, item);
			const ran = await operation.run(context, item, { accounts, directory, subject, place });
			for (const { output, json } of Array.isArray(ran) ? ran : [ran])
				outputs.at(output === 'failed' ? -1 : output)?.push({ json, pairedItem: { item } });
			lostInARow = 0;
		} catch (error) {
			const mayThrow = directory.writes() === 0 && !context.continueOnFail();
			if (error instanceof NodeOperationError) unusable.push({ item, error });
			const fault = asDirectoryError(error);
			lostInARow = fault.kind === 'lost' ? lostInARow + 1 : 0;
			if (concernsAll(fault) && mayThrow) throw toNodeError(context, fault, item);
			// A controller that is lost stops the run only where no other one may take its place.
			const lostForGood = (fault.stage !== undefined || lostInARow > 1) && !directory.nextObject();
			if (concernsAll(fault) && (fault.kind !== 'lost' || lostForGood)) stopped = fault;
			outputs.at(-1)?.push(failure(context, operation, item, fault));
		}
	}
	// One bad item is a matter of its own, wherever it stands; when it is all of them, the node is set up wrongly.
	const [first] = unusable;
	if (first && unusable.length === items && directory.writes() === 0 && !context.continueOnFail())
		throw new NodeOperationError(context.getNode(), first.error, { itemIndex: first.item });
}

function placeFinder(directory: Directory): ItemRun['place'] {
	const known = new Map<string, Promise<string>>();
	return (text) => {
		const place = known.get(text) ?? findPlace(directory, text);
		known.set(text, place);
		// What failed because the connection broke is asked for again.
		place.catch(() => known.delete(text));
		return place;
	};
}

/**
 * Tells the finder of everybody who will be looked for: an attribute that the directory keeps no index of is then read once for all.
 * @throws DirectoryError
 */
async function expectAll(
	context: IExecuteFunctions,
	operation: Operation,
	{ finder, marking }: AccountRun,
): Promise<void> {
	const items = context.getInputData().length;
	await finder.expect(lookupsOfItems(context, operation, marking, 0, items));
}

function lookupsOfItems(
	context: IExecuteFunctions,
	{ lookups }: Operation,
	marking: Marking,
	first: number,
	end: number,
): Lookup[] {
	const wanted: Lookup[] = [];
	for (let item = first; lookups && item < end; item += 1) {
		try {
			wanted.push(...lookups(context, item, marking));
		} catch {
			// Its parameters cannot be used; its turn comes, and says why.
		}
	}
	return wanted;
}

/** Reads the accounts of a block of items at once. What cannot be read so is read one by one, and says then why not. */
async function prefetch(
	context: IExecuteFunctions,
	operation: Operation,
	{ finder, guard, marking }: AccountRun,
	first: number,
): Promise<void> {
	const { lookups, attributes, writes } = operation;
	if (!lookups) return;
	const names = new Set<string>();
	const end = Math.min(first - (first % BLOCK) + BLOCK, context.getInputData().length);
	const wanted = lookupsOfItems(context, operation, marking, first, end);
	for (let item = first; item < end; item += 1) {
		try {
			for (const name of attributes?.(context, item) ?? []) names.add(name);
		} catch {
			// Its parameters cannot be used; its turn comes, and says why.
		}
	}
	await finder
		.prefetch(wanted, [...names])
		.then((entries) => (writes ? guard.prefetch(entries) : undefined))
		.catch((error: unknown) => {
			if (!(error instanceof DirectoryError) || concernsAll(error)) throw error;
		});
}

function hint(context: IExecuteFunctions, failed: readonly INodeExecutionData[]): void {
	if (failed.length === 0) return;
	const what = context.getNodeParameter('resource', 0, 'user') === 'user' ? 'people' : 'items';
	context.addExecutionHints({
		message: `${failed.length} of ${context.getInputData().length} ${what} left by the output Failed. Look at message and whatToDo there.`,
		type: 'warning',
		location: 'outputPane',
	});
}

function failure(
	context: IExecuteFunctions,
	operation: Operation,
	item: number,
	error: DirectoryError,
): INodeExecutionData {
	let subject: Subject = { key: '', displayName: '' };
	try {
		subject = operation.subject(context, item);
	} catch {
		// The parameter that names the person is itself what failed: the message says so, and the paired item says who.
	}
	return { json: failureJson(subject, error), pairedItem: { item } };
}

/** Faults that the next person would meet too. A connection that broke once may well be made again for the next. */
function concernsAll({ kind }: DirectoryError): boolean {
	return kind === 'lost' || kind === 'busy' || kind === 'cancelled' || kind === 'configuration';
}

/** Anything else that was thrown is a defect of a parameter or of this node: shown as it is, for this item only. */
export function asDirectoryError(error: unknown): DirectoryError {
	if (error instanceof DirectoryError) return error;
	const message = error instanceof Error ? error.message : String(error);
	const description =
		error instanceof NodeOperationError && error.description
			? String(error.description)
			: 'Check the parameters of the node for this item.';
	return new DirectoryError({ kind: 'person', message, whatToDo: description });
}
