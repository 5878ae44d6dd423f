/** How whoever hands a new account over has its password: beside the outcome, for reports; never the password. */
import type { IDataObject } from 'n8n-workflow';
import type { PasswordDelivery } from '../../lib/directory/passwordDelivery';
import type { Applied } from '../../lib/provisioning/apply/types';

type Delivery = 'encrypted' | 'output field' | 'not returned' | 'set before' | 'not set yet';

/** @returns `passwordDelivery` and `passwordMessage`; nothing for changes that give nobody a password to know */
export function passwordNews({ outcome, delivered }: Applied, delivery: PasswordDelivery): IDataObject {
	const { bind, lifecycle, status, steps } = outcome;
	if (bind.kind === 'undo' || (lifecycle !== 'joiner' && lifecycle !== 'rehire')) return {};
	const step = steps.find((result) => result.step.do === 'setPassword');
	// Nobody needs one who got no account, or whose account was only written to.
	if (!step && !steps.some((result) => result.step.do === 'create')) return {};
	if (step?.status === 'done') return Object.keys(delivered).length > 0 ? known(delivery, delivered) : NOT_RETURNED;
	if (step?.status === 'already done') return SET_BEFORE;
	const isThere = status === 'applied' || status === 'already done' || status === 'partial';
	return isThere ? NOT_YET : {};
}

const news = (passwordDelivery: Delivery, passwordMessage: string): IDataObject => ({
	passwordDelivery,
	passwordMessage,
});

function known(delivery: PasswordDelivery, delivered: Applied['delivered']): IDataObject {
	if (delivery.kind !== 'encrypted')
		return news('output field', 'It stands in a field of the output, readable for whoever may see the execution.');
	const { field } = delivery;
	return news(
		'encrypted',
		`Encrypted in the field ${field}: only who has the private key of the public key ${delivered[`${field}Key`] ?? ''} can read it.`,
	);
}

const NOT_RETURNED = news('not returned', 'Nobody knows it: set another one when you hand the account over.');
const SET_BEFORE = news(
	'set before',
	'It was set before this run, which cannot tell it: set another one if whoever set it has not handed it on.',
);
const NOT_YET = news('not set yet', 'None to hand over yet: a new one is set when the account is enabled.');
