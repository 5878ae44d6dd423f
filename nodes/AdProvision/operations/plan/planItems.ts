/** How a plan leaves the node: Plan, Changes, Problems. */
import { type IBinaryKeyData, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Plan, PlanProblem } from '../../../../lib/contracts';
import { planCsv } from '../../../../lib/provisioning/digest/csv';
import { personKey } from '../../../../lib/provisioning/keys';
import { asText, parameterError } from '../../parameters';
import { hint } from './run';
import { wholeOption } from './policy';
import { DEFAULT_ROWS } from '../../../../lib/provisioning/digest/makeDigest';

export type MadePlan = { readonly plan: Plan; readonly problems: readonly PlanProblem[] };

/** Options of operations that make a plan. @throws NodeOperationError */
export function readPlanOptions(context: IExecuteFunctions): {
	readonly digestRows: number;
	readonly csvField: string;
} {
	const options = context.getNodeParameter('options', 0, {}) as Readonly<Record<string, unknown>>;
	const csvField = asText(options['csvField'] ?? 'csv').trim();
	if (csvField !== '' && !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(csvField))
		throw parameterError(context, 0, 'CSV Binary Field', 'is no name of a field', 'Enter one of letters and digits.');
	return { digestRows: wholeOption(context, 'Rows in Digest', options, 'digestRows', DEFAULT_ROWS), csvField };
}

/**
 * @param itemOf the input item of each person, by `personKey`
 * @param further problems that were found before, with their items
 */
export async function planOutputs(
	context: IExecuteFunctions,
	{ plan, problems }: MadePlan,
	{ csvField, itemOf, further = [] }: PlanOutputFacts,
): Promise<INodeExecutionData[][]> {
	const pairedItem = (key: string) => paired(itemOf.get(personKey(key)));
	const binary: IBinaryKeyData =
		csvField === ''
			? {}
			: { [csvField]: await context.helpers.prepareBinaryData(csvBytes(plan), `plan-${plan.id}.csv`, 'text/csv') };
	hints(context, plan, problems.length + further.length);
	return [
		[{ json: asJson(plan), ...(csvField === '' ? {} : { binary }), pairedItem: { item: 0 } }],
		plan.changes.map((change) => ({ json: asJson(change), pairedItem: pairedItem(change.key) })),
		urgentFirst([
			...problems.map((problem) => ({ problem, pairedItem: pairedItem(problem.key) })),
			...further.map(({ problem, item }) => ({ problem, pairedItem: { item } })),
		]).map(({ problem, pairedItem: item }) => ({ json: asJson(problem), pairedItem: item })),
	];
}

function urgentFirst<T extends { readonly problem: PlanProblem }>(problems: readonly T[]): readonly T[] {
	const isUrgent = ({ problem }: T) => problem.urgent;
	return [...problems.filter(isUrgent), ...problems.filter((one) => !isUrgent(one))];
}

type PlanOutputFacts = {
	readonly csvField: string;
	readonly itemOf: ReadonlyMap<string, number>;
	readonly further?: ReadonlyArray<{ readonly problem: PlanProblem; readonly item: number }>;
};

/** Whoever came in by no item, such as a leaver by absence, is paired with none: n8n would otherwise take the item at the same place. */
export function paired(item: number | undefined): { item: number } | never[] {
	return item === undefined ? [] : { item };
}

/** Plans are plain JSON: n8n's type of the same. */
export function asJson(value: object): IDataObject {
	return value as IDataObject;
}

function csvBytes(plan: Plan): Buffer {
	return Buffer.from(planCsv(plan), 'utf8');
}

function hints(context: IExecuteFunctions, { guard, feed }: Plan, problems: number): void {
	if (!guard.ok) {
		const breaches = guard.breaches.map(({ message }) => message).join(' ');
		hint(context, `This plan is beyond its guards: ${breaches} It is applied only with Approved Over Limit.`);
	}
	if (problems > 0)
		hint(
			context,
			`${problems} ${problems === 1 ? 'matter wants' : 'matters want'} a person to look: see the output Problems.`,
		);
	if (feed.input === 'whole' && !feed.complete)
		hint(context, 'The feed was not read whole: nobody is a leaver because of being absent.', 'info');
}
