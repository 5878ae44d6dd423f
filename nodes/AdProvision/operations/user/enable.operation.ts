import { enableAccount } from '../../../../lib/directory/accounts/enable';
import { booleanParameter, fileTimeOf, lookupOf, switchedOn } from '../../parameters';
import { checkDelivery, passwordOptions } from '../../passwords';
import { accountOutcome } from '../../results';
import { finding } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) => {
		const options = context.getNodeParameter('options', item, {}) as Record<string, unknown>;
		const expiresAt = options['expiresAt'] ?? '';
		const result = await enableAccount(accounts, lookupOf(context, item), {
			restore: booleanParameter(context, 'restore', item, true),
			password: passwordOptions(context, item),
			expiresAt: expiresAt === '' ? null : fileTimeOf(context, 'Expires At', expiresAt, item),
			othersToo: switchedOn(context, 'othersToo'),
		});
		return accountOutcome(subject, result);
	},
	{ signs: () => true, check: checkDelivery },
);
