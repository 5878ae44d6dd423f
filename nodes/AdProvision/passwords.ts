/** The parameters about a new password. */
import type { KeyObject } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { PasswordOptions } from '../../lib/directory/newPassword';
import { readPublicKey, type PasswordDelivery } from '../../lib/directory/passwordDelivery';
import { booleanParameter, parameterError, textParameter } from './parameters';
import { OWN_FIELDS } from './results';

/** @throws NodeOperationError, DirectoryError for a public key that is none */
export function passwordOptions(context: IExecuteFunctions, item: number): PasswordOptions {
	const fromField = context.getNodeParameter('passwordFrom', item, 'random') === 'field';
	const given = fromField ? textParameter(context, 'password', item) : '';
	// An empty text would be a random one, which nobody asked for.
	if (fromField && given === '')
		throw parameterError(
			context,
			item,
			'Password Value',
			'is empty',
			'Point it to the field with the password, or choose Random.',
		);
	return { given, mustChange: booleanParameter(context, 'mustChange', item), delivery: deliveryOf(context, item) };
}

/**
 * Looks at how passwords are to leave, for all items: a key that is none must not be found out about when the first account is made already.
 * @throws NodeOperationError, DirectoryError
 */
export function checkDelivery(context: IExecuteFunctions): void {
	const differs = ['delivery', 'publicKey'].some((name) => {
		const raw: unknown = context.getNodeParameter(name, 0, '', { rawExpressions: true });
		return typeof raw === 'string' && raw.startsWith('=');
	});
	const items = differs ? context.getInputData().length : 1;
	for (let item = 0; item < items; item += 1) deliveryOf(context, item);
}

/** @throws NodeOperationError, DirectoryError for a public key that is none */
export function deliveryOf(context: IExecuteFunctions, item: number): PasswordDelivery {
	const kind = kindOf(context, item);
	if (kind === 'none') return { kind };
	const field = textParameter(context, 'deliveredIn', item).trim();
	const taken = OWN_FIELDS.has(field) || (kind === 'encrypted' && OWN_FIELDS.has(`${field}Key`));
	if (!/^[A-Za-z_][A-Za-z0-9_ -]*$/.test(field) || taken || field === '__proto__')
		throw parameterError(
			context,
			item,
			'Output Field',
			`cannot be "${field.slice(0, 100)}"`,
			'Enter a name of letters and digits that no other field of the result has.',
		);
	return kind === 'field'
		? { kind, field }
		: { kind, field, publicKey: keyOf(textParameter(context, 'publicKey', item)) };
}

/**
 * An expression may say whether a password is told only to who has the private key, or to nobody. That it is readable for everyone is for the
 * builder to choose by hand.
 * @throws NodeOperationError
 */
function kindOf(context: IExecuteFunctions, item: number): PasswordDelivery['kind'] {
	const raw: unknown = context.getNodeParameter('delivery', item, 'none', { rawExpressions: true });
	const isExpression = typeof raw === 'string' && raw.startsWith('=');
	const kind: unknown = isExpression ? context.getNodeParameter('delivery', item, 'none') : raw;
	if (kind === 'none' || kind === 'encrypted' || (kind === 'field' && !isExpression)) return kind;
	throw parameterError(
		context,
		item,
		'Initial Password',
		kind === 'field' ? 'cannot be put in an output field by an expression' : 'is none of its choices',
		"Let the expression give 'encrypted' or 'none'; a password that everyone may read is chosen by hand only.",
	);
}

/** The last key that was read: mostly one for all. */
let last: { readonly pem: string; readonly key: KeyObject } | undefined;

function keyOf(pem: string): KeyObject {
	if (last?.pem !== pem) last = { pem, key: readPublicKey(pem) };
	return last.key;
}
