/** What comes into Apply Plan: one plan, or some of its changes. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { givenByItems, isObject, type Given } from './given';

export type Approved = {
	/** Not checked yet; undefined when changes came in by themselves. */
	readonly plan: unknown;
	readonly changes: readonly unknown[];
	/** The input item of each change, by its id. */
	readonly itemOf: ReadonlyMap<string, number>;
};

/** @throws NodeOperationError for anything else, and for both at once */
export function readApproved(context: IExecuteFunctions): Approved {
	const given = givenByItems(context, 'approved', 'Plan or Changes');
	const plans = distinct(given.filter(({ value }) => isPlan(value)));
	const changes = given.filter(({ value }) => isChange(value));
	const stranger = given.find(({ value }) => !isPlan(value) && !isChange(value));
	if (stranger)
		throw refused(
			context,
			`'Plan or Changes' holds neither a plan nor a change [Item ${stranger.item}]`,
			"Give it the plan or the changes of Create Plan; behind an approval by an expression, such as {{ $('Create Plan').first().json }}.",
		);
	if (plans.length > 1 || (plans.length > 0 && changes.length > 0))
		throw refused(
			context,
			plans.length > 1 ? "'Plan or Changes' holds several plans" : "'Plan or Changes' holds a plan and changes at once",
			'Apply one plan at a time: the plan as a whole, or those of its changes that were approved.',
		);
	const [plan] = plans;
	return plan
		? wholePlan(plan)
		: { plan: undefined, changes: changes.map(({ value }) => value), itemOf: itemsOf(changes) };
}

function wholePlan({ value, item }: Given): Approved {
	const changes = (value as { readonly changes: readonly unknown[] }).changes;
	return { plan: value, changes, itemOf: itemsOf(changes.map((change) => ({ value: change, item }))) };
}

function itemsOf(given: readonly Given[]): ReadonlyMap<string, number> {
	return new Map(
		given.map(({ value, item }) => [isObject(value) && typeof value['id'] === 'string' ? value['id'] : '', item]),
	);
}

/** The same plan with each of several items is one plan. */
function distinct(plans: readonly Given[]): Given[] {
	const bySeal = new Map<unknown, Given>();
	for (const plan of plans) {
		const seal = isObject(plan.value) ? plan.value['seal'] : undefined;
		if (!bySeal.has(seal)) bySeal.set(seal, plan);
	}
	return [...bySeal.values()];
}

function isPlan(value: unknown): boolean {
	return isObject(value) && Array.isArray(value['changes']) && isObject(value['digest']);
}

function isChange(value: unknown): boolean {
	return isObject(value) && Array.isArray(value['steps']) && isObject(value['bind']) && 'stepsHash' in value;
}

function refused(context: IExecuteFunctions, message: string, description: string): NodeOperationError {
	return new NodeOperationError(context.getNode(), message, { description });
}
