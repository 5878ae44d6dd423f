import { getManyOrganizationalUnits } from '../../../../lib/directory/organizationalUnits';
import { plain } from '../../results';
import type { Operation } from '../../run';
import { searchOf } from '../search';

/** Organizational Units, Failed. One item for each. */
export const operation: Operation = {
	outputs: 1,
	writes: false,
	subject: () => ({ key: '', displayName: '' }),
	run: async (context, item, run) => {
		const { limit, ...search } = await searchOf(context, item, run);
		const found = await getManyOrganizationalUnits(run.directory, {
			...search,
			...(Number.isFinite(limit) ? { limit } : {}),
		});
		return found.map((unit) => ({ json: plain(unit), output: 0 }));
	},
};
