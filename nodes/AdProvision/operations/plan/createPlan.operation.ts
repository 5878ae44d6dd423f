import { randomUUID } from 'node:crypto';
import { type IExecuteFunctions } from 'n8n-workflow';
import { makePlan } from '../../../../lib/provisioning/plan/makePlan';
import { markAttributeOf } from '../../open';
import { attributeNames, parameterError } from '../../parameters';
import { readPeople } from './people';
import { planOutputs, readPlanOptions } from './planItems';
import { readPolicy } from './policy';
import type { PlanOperation } from './run';
import { readScope, readSnapshot, resolveScope, withSource } from './scope';

/** Plan, Changes, Problems. */
export const operation: PlanOperation = {
	outputs: 3,
	faultsLeaveBy: 2,
	writes: false,
	prepare: async (context) => {
		const { people, feed, itemOf, problems: further } = readPeople(context);
		const policy = readPolicy(context);
		const { digestRows, csvField } = readPlanOptions(context);
		const texts = readScope(context);
		const snapshot = await readSnapshot(context);
		const attributes = {
			anchor: anchorOf(context),
			matchOn: attributeNames(context, 'Match On', context.getNodeParameter('matchOn', 0, ''), 0),
			markAttribute: markAttributeOf(context),
		};
		return async (run) =>
			await withSource(run, snapshot, async (source) => {
				// The plan's instant lies before everything that is read.
				await source.facts();
				const { moveTo, ...scope } = await resolveScope(source, texts, snapshot ? run.settings.baseDn : '');
				const request = {
					...{ people, feed, scope, signingKey: run.signingKey },
					...attributes,
					policy: { ...policy, leavers: { ...policy.leavers, moveTo } },
				};
				const made = await makePlan(source, request, { newId: () => randomUUID(), digestRows });
				return await planOutputs(context, made, { csvField, itemOf, further });
			});
	},
};

function anchorOf(context: IExecuteFunctions): string {
	const given = context.getNodeParameter('matchAttribute', 0, 'employeeID');
	const [anchor, ...more] = attributeNames(context, 'Anchor Attribute', given, 0);
	if (anchor !== undefined && more.length === 0) return anchor;
	throw parameterError(
		context,
		0,
		'Anchor Attribute',
		'names no attribute, or several',
		'Enter one, such as employeeID.',
	);
}
