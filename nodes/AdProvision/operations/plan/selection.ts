/** Apply Plan: which of the approved changes are applied, out of the options Leave Out and Only If Still Planned. */
import { type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { HeldBack, SelectionRequest } from '../../../../lib/provisioning/apply/stillPlanned';
import { asText, optionValue, parameterError } from '../../parameters';
import { bare, jsonParameter } from './given';
import { paired } from './planItems';

/** @throws NodeOperationError for an option that was added and gives nothing: nothing would be held back, and nobody would know */
export function readSelection(context: IExecuteFunctions): Pick<SelectionRequest, 'leaveOut' | 'again'> {
	return { leaveOut: leaveOutOf(context), again: againOf(context) };
}

const LEAVE_OUT = 'Leave Out';

function leaveOutOf(context: IExecuteFunctions): readonly string[] {
	const option = optionValue(context, 'leaveOut');
	if (!option) return [];
	const given = typeof option.value === 'string' ? listIn(option.value) : option.value;
	if (Array.isArray(given) && given.every((id) => typeof id === 'string'))
		return given.map((id) => id.trim()).filter((id) => id !== '');
	throw parameterError(
		context,
		0,
		LEAVE_OUT,
		given === undefined || given === null ? 'is empty' : 'is no list of ids',
		'Let the expression give a list of ids of changes, an empty one for none, or a text with commas between them; or take the option out.',
	);
}

/** Ids with commas or blanks between them; or a list as a table keeps it, in JSON. */
function listIn(text: string): unknown {
	if (!text.trim().startsWith('[')) return text.split(/[\s,;]+/);
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function againOf(context: IExecuteFunctions): SelectionRequest['again'] {
	const label = 'Only If Still Planned';
	// Read by its path: the collection as a whole would go through the expression engine, which a large plan does not get through.
	const options = context.getNodeParameter('options', 0, {}, { rawExpressions: true }) as object;
	if (!Object.hasOwn(options, 'stillPlanned')) return undefined;
	const given = jsonParameter(context, 'options.stillPlanned', label);
	const plans: readonly unknown[] = Array.isArray(given) ? given.map(bare) : [bare(given)];
	const [plan] = plans;
	if (plan !== undefined && plan !== null && plans.length === 1) return { plan };
	throw parameterError(
		context,
		0,
		label,
		plans.length > 1 ? 'holds several plans' : 'is empty',
		"The option was added, so it must give the plan that was made again after the approval, such as {{ $('Create Plan').first(0).json }}. Or take the option out.",
	);
}

/**
 * They are no changes any more, for nobody is to apply them as they are: fields named as those of outcomes, for one report about both.
 * @param itemOf the input item of each change, by its id
 */
export function heldBackItems(
	held: readonly HeldBack[],
	itemOf: ReadonlyMap<string, number>,
): readonly INodeExecutionData[] {
	return held.map(({ change: { bind, id, key, displayName, lifecycle, target }, why, message, whatToDo }) => ({
		json: {
			...{ status: 'held back', heldBack: why, message, whatToDo },
			...{ planId: bind.planId, changeId: id, key, displayName, lifecycle },
			...{ guid: asText(target?.guid), dn: asText(target?.dn) },
		},
		pairedItem: paired(itemOf.get(id)),
	}));
}
