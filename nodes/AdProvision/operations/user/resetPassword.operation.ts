import { RESET_ATTRIBUTES, resetPassword } from '../../../../lib/directory/accounts/resetPassword';
import { booleanParameter, lookupOf } from '../../parameters';
import { checkDelivery, passwordOptions } from '../../passwords';
import { accountOutcome } from '../../results';
import { finding } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) =>
		accountOutcome(
			subject,
			await resetPassword(accounts, lookupOf(context, item), {
				password: passwordOptions(context, item),
				unlock: booleanParameter(context, 'unlock', item, true),
			}),
		),
	{ check: checkDelivery, attributes: () => RESET_ATTRIBUTES },
);
