/** What Undo and Create Undo Plan share: the outcomes that came in, and the plan that takes them back. */
import { randomUUID } from 'node:crypto';
import { type IExecuteFunctions } from 'n8n-workflow';
import type { Outcome } from '../../../../lib/contracts';
import { personKey } from '../../../../lib/provisioning/keys';
import { makeUndo } from '../../../../lib/provisioning/undo/makeUndo';
import type { PlanRun } from '../../open';
import { asText, parameterError, switchedOn } from '../../parameters';
import { givenByItems, isObject } from './given';
import type { MadePlan } from './planItems';
import { wholeOption } from './policy';
import { withSource } from './scope';

export type ToUndo = {
	/** Not checked yet. */
	readonly outcomes: readonly unknown[];
	/** The input item of each person, by `personKey`. */
	readonly itemOf: ReadonlyMap<string, number>;
};

const OUTCOME = {
	...{ bind: true, runId: true, changeId: true, key: true, displayName: true, lifecycle: true, guid: true, dn: true },
	...{ status: true, message: true, whatToDo: true, notes: true, steps: true, dc: true, at: true, approver: true },
	seal: true,
} as const satisfies Record<keyof Outcome, true>;

/** @throws NodeOperationError for what is no outcome */
export function readOutcomes(context: IExecuteFunctions): ToUndo {
	const given = givenByItems(context, 'outcomes', 'Applied Changes').map(({ value, item }) => ({
		value: parsed(value),
		item,
	}));
	const stranger = given.find(({ value }) => !isOutcome(value));
	if (stranger)
		throw parameterError(
			context,
			stranger.item,
			'Applied Changes',
			'holds something else than what Apply Plan put out',
			'Connect the output Applied of Apply Plan, or point the parameter to its items.',
		);
	return {
		outcomes: given.map(({ value }) => sealedPart(value as object)),
		itemOf: new Map(given.map(({ value, item }) => [personKey(asText((value as Outcome).key)), item])),
	};
}

/** A table keeps an outcome as text. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return value;
	}
}

function isOutcome(value: unknown): boolean {
	return isObject(value) && 'changeId' in value && Array.isArray(value['steps']) && isObject(value['bind']);
}

/** Passwords leave beside the outcome, in fields that the seal is not about. */
function sealedPart(value: object): object {
	return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(OUTCOME, name)));
}

/** @throws NodeOperationError, DirectoryError */
export async function undoPlan(
	context: IExecuteFunctions,
	run: PlanRun,
	outcomes: readonly unknown[],
	digestRows: number,
): Promise<MadePlan> {
	const options = context.getNodeParameter('options', 0, {}) as Readonly<Record<string, unknown>>;
	const expiresAfterHours = wholeOption(context, 'Expires After', options, 'expiresAfterHours', 72);
	const deleteCreated = switchedOn(context, 'deleteCreated');
	return await withSource(run, undefined, (source) =>
		makeUndo(
			source,
			{ outcomes, signingKey: run.signingKey, deleteCreated, expiresAfterHours },
			{ newId: () => randomUUID(), digestRows },
		),
	);
}
