import type { IExecuteFunctions } from 'n8n-workflow';
import { disableAccount, NO_LEAVE_OPTIONS, type LeaveOptions } from '../../../../lib/directory/accounts/disable';
import {
	asText,
	attributeNames,
	fileTimeOf,
	located,
	lookupOf,
	parameterError,
	placeParameter,
} from '../../parameters';
import { accountOutcome } from '../../results';
import type { ItemRun } from '../../run';
import { finding, PEOPLE } from './finding';

/** Without a leaver option the account is disabled, and nothing else. */
async function leaveOptions(context: IExecuteFunctions, item: number, run: ItemRun): Promise<LeaveOptions> {
	const options = context.getNodeParameter('leaverOptions', item, {}) as Record<string, unknown>;
	const hideAttribute = asText(options['hideAttribute']).trim();
	if (attributeNames(context, 'Hide From Address Lists By', hideAttribute, item).length > 1)
		throw parameterError(context, item, 'Hide From Address Lists By', 'names several attributes', 'Enter one.');
	const expiresAt = options['expiresAt'] ?? '';
	const moveTo = { name: 'leaverOptions.moveTo', label: 'Move To', item };
	return {
		...NO_LEAVE_OPTIONS,
		randomPassword: options['randomPassword'] === true,
		clear: attributeNames(context, 'Clear Attributes', options['clear'], item),
		removeFromGroups: options['removeFromGroups'] === true,
		hideAttribute,
		description: asText(options['description']).trim(),
		expiresAt: expiresAt === '' ? null : fileTimeOf(context, 'Expires At', expiresAt, item),
		moveTo: located(options['moveTo']) === '' ? '' : await placeParameter(context, run.place, moveTo),
	};
}

export const operation = finding(
	async (context, item, run) => {
		const options = await leaveOptions(context, item, run);
		return accountOutcome(run.subject, await disableAccount(run.accounts, lookupOf(context, item), options));
	},
	{ signs: () => true, brake: PEOPLE },
);
