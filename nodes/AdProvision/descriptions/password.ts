/** New passwords: where they come from, and how they leave. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { showFor } from './shared';

const OPERATIONS = ['create', 'createOrUpdate', 'enable', 'resetPassword'];
const of = (further: Record<string, string[]> = {}) => ({ displayOptions: showFor('user', OPERATIONS, further) });

const MUST_CHANGE = {
	displayName: 'Must Change at Next Logon',
	name: 'mustChange',
	type: 'boolean',
	default: false,
	description: 'Whether the person has to choose a password of their own at the next logon',
} as const satisfies INodeProperties;

export const PASSWORD: INodeProperties[] = [
	{
		displayName: 'Password',
		name: 'passwordFrom',
		type: 'options',
		noDataExpression: true,
		default: 'random',
		...of(),
		options: [
			{ name: 'From Field', value: 'field', description: 'One that you have' },
			{ name: 'Random', value: 'random', description: "By the domain's policy, 20 characters or more" },
		],
	},
	{
		displayName: 'Password Value',
		name: 'password',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		...of({ passwordFrom: ['field'] }),
		placeholder: 'e.g. {{ $json.password }}',
		description: 'What comes out of an item stands in n8n’s execution data already. A random one does not.',
	},
	{ ...MUST_CHANGE, displayOptions: showFor('user', ['create', 'createOrUpdate', 'enable']) },
	// Whoever is told the password at a reset should not know it for long.
	{ ...MUST_CHANGE, default: true, displayOptions: showFor('user', ['resetPassword']) },
	...deliveryOf((further) => showFor('user', OPERATIONS, further)),
];

/** n8n shows what depends on an expression whatever it gives, but for what is hidden by it: an expression never leads here. */
function inField(shown: () => IDisplayOptions): IDisplayOptions {
	return { ...shown(), hide: { delivery: ['none', 'encrypted', { _cnd: { startsWith: '=' } }] } };
}

/** How a new password leaves, wherever one may be made. @param shown says where, and under which further conditions */
export function deliveryOf(shown: (further?: Record<string, string[]>) => IDisplayOptions): INodeProperties[] {
	return [
		{
			displayName: 'Initial Password',
			name: 'delivery',
			type: 'options',
			default: 'none',
			displayOptions: shown(),
			options: [
				{
					name: 'Encrypted to a Public Key',
					value: 'encrypted',
					description: 'Only who has the private key can read it (RSA-OAEP)',
				},
				{ name: 'In an Output Field', value: 'field', description: 'Readable by everyone who sees the execution' },
				{ name: 'Not Returned', value: 'none', description: 'Set another one when you hand the account over' },
			],
			description:
				'How you get to know the new password. An expression may give encrypted or none; the output field is chosen by hand only.',
		},
		{
			displayName: 'Public Key',
			name: 'publicKey',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			displayOptions: shown({ delivery: ['encrypted'] }),
			placeholder: 'e.g. -----BEGIN PUBLIC KEY-----',
			description: 'RSA, 2048 bits or more, PEM. The private key stays with whoever hands passwords on.',
		},
		{
			displayName:
				'The password will stand in the execution data, where everyone who may open this workflow can read it, in every node after this one, and in backups. Prefer a public key.',
			name: 'passwordNotice',
			type: 'notice',
			default: '',
			displayOptions: inField(shown),
		},
		...[
			{ displayOptions: shown({ delivery: ['encrypted'] }), value: 'encryptedPassword' },
			{ displayOptions: inField(shown), value: 'initialPassword' },
		].map(
			({ displayOptions, value }): INodeProperties => ({
				displayName: 'Output Field',
				name: 'deliveredIn',
				type: 'string',
				default: value,
				required: true,
				noDataExpression: true,
				displayOptions,
				description: 'Name of the field of the result that holds it',
			}),
		),
	];
}
