import { createOrganizationalUnit } from '../../../../lib/directory/organizationalUnits';
import { placeParameter, textParameter } from '../../parameters';
import { plain } from '../../results';
import type { Operation } from '../../run';

const EXISTS = 1;

/** Created, Exists, Failed. */
export const operation: Operation = {
	outputs: 2,
	writes: true,
	subject: (context, item) => ({ key: textParameter(context, 'name', item), displayName: '' }),
	run: async (context, item, { directory, place }) => {
		const result = await createOrganizationalUnit(directory, {
			name: textParameter(context, 'name', item).trim(),
			parent: await placeParameter(context, place, { name: 'parent', label: 'Below', item }),
			description: textParameter(context, 'unitDescription', item).trim(),
		});
		const { outcome, organizationalUnit } = result;
		return { json: plain({ outcome, ...organizationalUnit }), output: outcome === 'exists' ? EXISTS : 0 };
	},
};
