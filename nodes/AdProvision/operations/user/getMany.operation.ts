import { getManyAccounts } from '../../../../lib/directory/accounts/getMany';
import { simplify, SIMPLIFIED_ATTRIBUTES, toRecord } from '../../../../lib/directory/records';
import { attributeNames, booleanParameter } from '../../parameters';
import { plain } from '../../results';
import type { Operation } from '../../run';
import { searchOf } from '../search';

/** Users, Failed. One item for each account. */
export const operation: Operation = {
	outputs: 1,
	writes: false,
	subject: () => ({ key: '', displayName: '' }),
	run: async (context, item, run) => {
		const search = await searchOf(context, item, run);
		const simple = booleanParameter(context, 'simplify', item, true);
		const given: unknown = context.getNodeParameter('returnAttributes', item, '');
		const attributes = simple ? [...SIMPLIFIED_ATTRIBUTES] : attributeNames(context, 'Attributes', given, item);
		const found = await getManyAccounts(run.directory, { ...search, attributes });
		return found.map((entry) => ({
			json: plain(simple ? simplify(entry) : { dn: entry.dn, ...toRecord(entry, attributes) }),
			output: 0,
		}));
	},
};
