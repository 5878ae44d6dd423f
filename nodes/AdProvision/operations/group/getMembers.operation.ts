import { findGroup, toGroupRef } from '../../../../lib/directory/groups/find';
import { getMembers } from '../../../../lib/directory/groups/members';
import { booleanParameter, locatorParameter, requiredLocator } from '../../parameters';
import { plain, plainOutcome } from '../../results';
import type { Operation } from '../../run';
import { limitOf } from '../search';

/** Members, Failed. One item for each member. */
export const operation: Operation = {
	outputs: 1,
	writes: false,
	subject: (context, item) => ({ key: locatorParameter(context, 'group', item), displayName: '' }),
	run: async (context, item, { directory }) => {
		const found = await findGroup(directory, requiredLocator(context, 'group', 'Group', item));
		if (found.outcome !== 'found') return plainOutcome(found);
		const limit = limitOf(context, item);
		const { members, notes } = await getMembers(directory, found.entry, {
			nested: booleanParameter(context, 'nested', item),
			usersOnly: booleanParameter(context, 'usersOnly', item),
			...(Number.isFinite(limit) ? { limit } : {}),
		});
		const group = toGroupRef(found.entry);
		if (notes.length > 0)
			context.addExecutionHints({ message: `${group.name}: ${notes.join(' ')}`, location: 'outputPane' });
		return members.map(({ entry: _entry, ...member }) => ({ json: plain({ ...member, group }), output: 0 }));
	},
};
