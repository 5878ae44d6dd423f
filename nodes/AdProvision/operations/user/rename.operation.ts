import { RENAME_ATTRIBUTES, renameAccount } from '../../../../lib/directory/accounts/rename';
import { lookupOf, parameterError, textParameter } from '../../parameters';
import { accountOutcome } from '../../results';
import { finding } from './finding';

export const operation = finding(
	async (context, item, { accounts, subject }) => {
		const name = (parameter: string) => textParameter(context, parameter, item).trim();
		const names = {
			cn: name('newCn'),
			sAMAccountName: name('newSamAccountName'),
			userPrincipalName: name('newUserPrincipalName'),
			displayName: name('newDisplayName'),
		};
		if (Object.values(names).every((text) => text === ''))
			throw parameterError(
				context,
				item,
				'New Common Name (CN)',
				'and the other new names are empty',
				'Enter one of them.',
			);
		return accountOutcome(subject, await renameAccount(accounts, lookupOf(context, item), names));
	},
	{ attributes: () => RENAME_ATTRIBUTES },
);
