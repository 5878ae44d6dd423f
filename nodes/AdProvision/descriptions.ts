/** The node's parameters. Names stay the same across operations where they mean the same. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

const forOperations = (...operation: string[]): IDisplayOptions => ({
	show: { resource: ['user'], operation },
});

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [{ name: 'User', value: 'user' }],
		default: 'user',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['user'] } },
		options: [
			{
				name: 'Create or Update',
				value: 'createOrUpdate',
				description: 'Create a new account, or update the current one if it already exists (upsert)',
				action: 'Create or update a user',
			},
			{
				name: 'Disable',
				value: 'disable',
				description: 'Disable an account and mark it as left',
				action: 'Disable a user',
			},
			{ name: 'Get', value: 'get', description: 'Look up the account of a person', action: 'Get a user' },
		],
		default: 'createOrUpdate',
	},
	{
		displayName: 'Mapped Account',
		name: 'mappedAccount',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: forOperations('createOrUpdate'),
		description: 'The account a person should have, as the Attribute Map node puts it out',
	},
	{
		displayName: 'Match Attribute',
		name: 'matchAttribute',
		type: 'string',
		required: true,
		default: 'employeeID',
		placeholder: 'e.g. employeeID',
		displayOptions: forOperations('createOrUpdate', 'disable', 'get'),
		description:
			'The attribute that tells people apart. It is compared over the whole domain; two accounts with one value are never guessed between.',
	},
	{
		displayName: 'Match Value',
		name: 'matchValue',
		type: 'string',
		required: true,
		default: '={{ $json.key }}',
		placeholder: 'e.g. E10023',
		displayOptions: forOperations('disable', 'get'),
		description: 'The value to look for',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: forOperations('createOrUpdate', 'disable', 'get'),
		options: [
			{
				displayName: 'Mark Attribute',
				name: 'markAttribute',
				type: 'string',
				default: 'carLicense',
				description:
					'A multi-valued attribute that holds the signed mark saying why an account is disabled. Users must not be able to write it on themselves.',
			},
			{
				displayName: 'Treat Unfinished as Not Found',
				name: 'unfinishedAsNotFound',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/operation': ['get'] } },
				description:
					'Whether an account that a stopped run left half-made goes out by Not Found, so that Create or Update finishes it',
			},
		],
	},
];
