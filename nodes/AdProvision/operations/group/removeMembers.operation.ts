import type { IExecuteFunctions } from 'n8n-workflow';
import { removeMembers } from '../../../../lib/directory/groups/change';
import { askedOf, changeMembers } from './changeMembers';

/** Members of all items; what cannot be read counts for one, and says so when its turn comes. */
function count(context: IExecuteFunctions): number {
	return context.getInputData().reduce((sum, _, item) => {
		try {
			return sum + askedOf(context, item).members.length;
		} catch {
			return sum + 1;
		}
	}, 0);
}

export const operation = changeMembers({ change: () => removeMembers, brake: { what: 'members', count } });
