/** What Apply Plan and Undo share: the options, the lease, and where outcomes leave the node. */
import { randomUUID } from 'node:crypto';
import { type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Change, Outcome } from '../../../../lib/contracts';
import { openAccounts } from '../../../../lib/directory/accounts/locate';
import { describeError, DirectoryError } from '../../../../lib/directory/errors';
import type { PasswordDelivery } from '../../../../lib/directory/passwordDelivery';
import { applyChanges } from '../../../../lib/provisioning/apply/applyChanges';
import { noLease, openLease, type Lease } from '../../../../lib/provisioning/apply/lease';
import type { Applied, ApplyResult } from '../../../../lib/provisioning/apply/types';
import { wait } from '../../../../lib/wait';
import type { PlanRun } from '../../open';
import { asText, attributeNames, optionValue, parameterError, textParameter } from '../../parameters';
import { passwordNews } from '../../passwordNews';
import { asJson, paired } from './planItems';
import { whole } from './policy';
import { hint } from './run';

export type ApplySettings = {
	readonly approver: string;
	readonly dryRun: boolean;
	readonly canary: number | null;
	readonly stopAfterFailures: number | null;
	/** Distinguished name; '' = none. */
	readonly leaseObject: string;
	readonly leaseAttribute: string;
	readonly delivery: PasswordDelivery;
};

/** A name or an address; whoever sends a novel sends it elsewhere. */
const APPROVER_LENGTH = 256;

/** @throws NodeOperationError, DirectoryError for a public key that is none */
export function readApplySettings(context: IExecuteFunctions, delivery: PasswordDelivery): ApplySettings {
	const leaseAttribute = attributeOf(context);
	return {
		approver: textParameter(context, 'approver', 0).trim().slice(0, APPROVER_LENGTH).toWellFormed(),
		dryRun: dryRunOf(context),
		canary: counted(context, 'canary', 'Canary'),
		stopAfterFailures: counted(context, 'stopAfterFailures', 'Stop After Failures'),
		leaseObject: leaseObjectOf(context),
		...{ leaseAttribute, delivery },
	};
}

/** @throws NodeOperationError for an option that was added and gives nothing: it would be no limit at all */
function counted(context: IExecuteFunctions, name: string, label: string): number | null {
	const option = optionValue(context, name);
	if (!option) return null;
	const number = whole(context, label, option.value, 0);
	if (number > 0) return number;
	throw parameterError(context, 0, label, 'is no number of 1 or more', 'Enter one, or take the option out.');
}

function attributeOf(context: IExecuteFunctions): string {
	const label = 'Lease Attribute';
	const [attribute = 'description', ...more] = attributeNames(
		context,
		label,
		optionValue(context, 'leaseAttribute')?.value,
		0,
	);
	if (more.length > 0) throw parameterError(context, 0, label, 'names several attributes', 'Enter one.');
	return attribute;
}

/** @throws NodeOperationError for an expression that gives nothing at all; an empty text says that there is none */
function leaseObjectOf(context: IExecuteFunctions): string {
	const option = optionValue(context, 'leaseObject');
	if (option && typeof option.value !== 'string')
		throw parameterError(
			context,
			0,
			'Lease Object',
			'is no text',
			'Look at what the expression gives: a distinguished name, or an empty text for none.',
		);
	return option ? asText(option.value).trim() : '';
}

/**
 * Undo has none: an undo plan can be applied dry.
 * @throws NodeOperationError for what an expression gave and is neither: "true" as text must not write
 */
function dryRunOf(context: IExecuteFunctions): boolean {
	const given: unknown = context.getNodeParameter('dryRun', 0, false);
	if (typeof given === 'boolean') return given;
	throw parameterError(
		context,
		0,
		'Dry Run',
		'is neither true nor false',
		'Let the expression give one of the two, not a text; or set the switch by hand.',
	);
}

/**
 * Applies changes whose seals were checked.
 * @throws DirectoryError as long as nothing was written
 */
export async function applyAll(
	context: IExecuteFunctions,
	run: PlanRun,
	changes: readonly Change[],
	settings: ApplySettings,
): Promise<ApplyResult> {
	const [first] = changes;
	if (!first) return { results: [], heldBack: [], notes: [] };
	const { directory, signingKey } = run;
	const { anchor, markAttribute, planId } = first.bind;
	const runId = randomUUID();
	const lease = leaseOf(run, settings, planId, runId);
	const notes = await lease.begin();
	try {
		const { approver, canary, delivery, dryRun, stopAfterFailures } = settings;
		const result = await applyChanges({
			run: openAccounts(directory, { matchAttribute: anchor, markAttribute }, signingKey),
			...{ changes, runId, approver, canary, delivery, dryRun, stopAfterFailures, lease },
			progress: (done, of, what) => context.sendMessageToUI(`${what}: ${done} of ${of}`),
		});
		return { ...result, notes: [...notes, ...result.notes] };
	} finally {
		await release(context, lease);
	}
}

function leaseOf({ directory, signal }: PlanRun, settings: ApplySettings, planId: string, runId: string): Lease {
	const { dryRun, leaseObject: dn, leaseAttribute: attribute } = settings;
	if (dryRun) return noLease('');
	if (dn === '')
		return noLease('No lease object is set: nothing keeps another plan from being applied at the same time.');
	return openLease(directory, { dn, attribute, planId, runId, sleep: wait, signal });
}

/** What was done is known: a lease that could not be given back ends by itself. */
async function release(context: IExecuteFunctions, lease: Lease): Promise<void> {
	try {
		await lease.release();
	} catch (error) {
		const why = error instanceof DirectoryError ? `${error.message} ${describeError(error)}` : String(error);
		hint(context, `The lease was not given back and ends by itself within a minute: ${why}`);
	}
}

const APPLIED: ReadonlySet<Outcome['status']> = new Set(['applied', 'already done']);

export type Sorted = {
	readonly applied: INodeExecutionData[];
	readonly failed: INodeExecutionData[];
	/** Of a dry run: what would be done. */
	readonly rehearsed: INodeExecutionData[];
};

function outputOf({ outcome: { status }, rehearsed }: Applied): keyof Sorted {
	if (APPLIED.has(status)) return 'applied';
	return rehearsed ? 'rehearsed' : 'failed';
}

export type SortFacts = {
	/** The input item of an outcome. */
	readonly itemOf: (outcome: Outcome) => number | undefined;
	readonly delivery: PasswordDelivery;
};

export function sortOutcomes(
	context: IExecuteFunctions,
	{ results, notes }: ApplyResult,
	{ itemOf, delivery }: SortFacts,
): Sorted {
	const sorted: Sorted = { applied: [], failed: [], rehearsed: [] };
	for (const applied of results) {
		const { outcome, delivered } = applied;
		const json: IDataObject = { ...asJson(outcome), ...delivered, ...passwordNews(applied, delivery) };
		sorted[outputOf(applied)].push({ json, pairedItem: paired(itemOf(outcome)) });
	}
	for (const note of notes) if (note !== '') hint(context, note, 'info');
	if (sorted.failed.length > 0)
		hint(
			context,
			`${sorted.failed.length} of ${results.length} changes left by the output Failed. Look at message and whatToDo there.`,
		);
	return sorted;
}
