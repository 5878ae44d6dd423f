import { getManyGroups } from '../../../../lib/directory/groups/getMany';
import { plain } from '../../results';
import type { Operation } from '../../run';
import { searchOf } from '../search';

/** Groups, Failed. One item for each group. */
export const operation: Operation = {
	outputs: 1,
	writes: false,
	subject: () => ({ key: '', displayName: '' }),
	run: async (context, item, run) => {
		const { limit, ...search } = await searchOf(context, item, run);
		const found = await getManyGroups(run.directory, { ...search, ...(Number.isFinite(limit) ? { limit } : {}) });
		return found.map((group) => ({ json: plain(group), output: 0 }));
	},
};
