import { EXPIRY_ATTRIBUTES, setExpiry } from '../../../../lib/directory/accounts/expiry';
import { NEVER } from '../../../../lib/schema/instants';
import { fileTimeOf, lookupOf } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) => {
		const never = context.getNodeParameter('expiry', item, 'at') === 'never';
		const given: unknown = never ? '' : context.getNodeParameter('expiresAt', item, '');
		const fileTime = never ? NEVER : fileTimeOf(context, 'Expires At', given, item);
		return accountOutcome(subject, await setExpiry(accounts, lookupOf(context, item), fileTime));
	},
	{ attributes: () => EXPIRY_ATTRIBUTES },
);
