/** The resource User: its operations, and the parameters that belong to one of them. */
import type { INodeProperties } from 'n8n-workflow';
import { ACCOUNT } from './account';
import { getMany, RETURNED } from './filter';
import { LEAVER_OPTIONS, RETURNING } from './leaving';
import { LOOKUP } from './lookup';
import { PASSWORD } from './password';
import { ALLOW_AS_TOOL, brake, showFor, unitLocator } from './shared';

const OPERATION: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['user'] } },
	options: [
		{
			name: 'Create',
			value: 'create',
			description: 'Create an account, unless the person has one',
			action: 'Create a user',
		},
		{
			name: 'Create or Update',
			value: 'createOrUpdate',
			description: 'Create a new account, or update the current one if it already exists (upsert)',
			action: 'Create or update a user',
		},
		{ name: 'Delete', value: 'delete', description: 'Delete an account for good', action: 'Delete a user' },
		{
			name: 'Disable',
			value: 'disable',
			description: 'Disable an account and mark it as left',
			action: 'Disable a user',
		},
		{
			name: 'Enable',
			value: 'enable',
			description: 'Bring somebody back whom this node disabled',
			action: 'Enable a user',
		},
		{ name: 'Get', value: 'get', description: 'Look up the account of a person', action: 'Get a user' },
		{ name: 'Get Many', value: 'getMany', description: 'List accounts', action: 'Get many users' },
		{
			name: 'Move',
			value: 'move',
			description: 'Move an account to another organisational unit',
			action: 'Move a user',
		},
		{ name: 'Rename', value: 'rename', description: 'Change the names of an account', action: 'Rename a user' },
		{
			name: 'Reset Password',
			value: 'resetPassword',
			description: 'Give an account a new password',
			action: 'Reset the password of a user',
		},
		{
			name: 'Restore Deleted',
			value: 'restoreDeleted',
			description: 'Bring a deleted account back, disabled',
			action: 'Restore a deleted user',
		},
		{
			name: 'Set Expiry',
			value: 'setExpiry',
			description: 'Say when an account ends by itself',
			action: 'Set the expiry of a user',
		},
		{
			name: 'Unlock',
			value: 'unlock',
			description: 'Unlock an account after too many wrong passwords',
			action: 'Unlock a user',
		},
		{ name: 'Update', value: 'update', description: 'Update an account that exists', action: 'Update a user' },
	],
	default: 'createOrUpdate',
};

const NAMES: INodeProperties[] = [
	{ displayName: 'New Common Name (CN)', name: 'newCn', placeholder: 'e.g. Ada King' },
	{ displayName: 'New sAMAccountName', name: 'newSamAccountName', placeholder: 'e.g. ada.king' },
	{
		displayName: 'New User Principal Name',
		name: 'newUserPrincipalName',
		placeholder: 'e.g. ada.king@corp.example.com',
	},
	{ displayName: 'New Display Name', name: 'newDisplayName', placeholder: 'e.g. Ada King' },
].map((facts) => ({
	...facts,
	type: 'string',
	default: '',
	displayOptions: showFor('user', ['rename']),
	description: 'Empty: it stays as it is',
}));

const EXPIRY: INodeProperties[] = [
	{
		displayName: 'Expiry',
		name: 'expiry',
		type: 'options',
		default: 'at',
		displayOptions: showFor('user', ['setExpiry']),
		options: [
			{ name: 'At a Time', value: 'at' },
			{ name: 'Never', value: 'never' },
		],
	},
	{
		displayName: 'Expires At',
		name: 'expiresAt',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: showFor('user', ['setExpiry'], { expiry: ['at'] }),
		description:
			"The account ends at this instant. Without a time it is the beginning of the day, without an offset it is in the workflow's time zone.",
	},
];

const RESTORING: INodeProperties[] = [
	{
		displayName: 'Deleted Object',
		name: 'deletedObject',
		type: 'string',
		required: true,
		default: '={{ $json.guid }}',
		placeholder: 'e.g. 0a1b2c3d-0000-4000-8000-000000000000',
		displayOptions: showFor('user', ['restoreDeleted']),
		description: 'GUID or distinguished name of the deleted account',
	},
	{
		displayName: 'Anchor Value',
		name: 'anchor',
		type: 'string',
		default: '',
		placeholder: 'e.g. E10023',
		displayOptions: showFor('user', ['restoreDeleted']),
		description: 'Value of the match attribute that the account gets back. Empty: the one it had, where it is known.',
	},
	unitLocator({
		displayName: 'Restore To',
		name: 'ou',
		displayOptions: showFor('user', ['restoreDeleted']),
		description: 'Empty: where it was',
	}),
];

/** Operations that write, which an agent may not run unless the builder says so. */
const WRITES = [
	...['create', 'createOrUpdate', 'delete', 'disable', 'enable', 'move', 'rename', 'resetPassword', 'restoreDeleted'],
	...['setExpiry', 'unlock', 'update'],
];
const ALL = [...WRITES, 'get'];

const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: showFor('user', ALL),
	options: [
		{ ...ALLOW_AS_TOOL, displayOptions: { show: { '/operation': WRITES } } },
		{
			displayName: 'Attributes',
			name: 'returnAttributes',
			type: 'string',
			default: '',
			placeholder: 'e.g. department, manager',
			displayOptions: { show: { '/operation': ['get'] } },
			description: 'Further attributes to return in the field record: LDAP names with commas between them',
		},
		{
			displayName: 'Expires At',
			name: 'expiresAt',
			type: 'dateTime',
			default: '',
			displayOptions: { show: { '/operation': ['enable'] } },
			description: 'Instant at which the account ends by itself, instead of the one from before the person left',
		},
		{
			displayName: 'Mark Attribute',
			name: 'markAttribute',
			type: 'string',
			default: 'carLicense',
			description:
				'A multi-valued attribute that holds the signed mark saying why an account is disabled, and the snapshot of those who left. Users must not be able to write it on themselves.',
		},
		{
			displayName: 'Marks Bound To',
			name: 'anchorAttribute',
			type: 'string',
			default: 'employeeID',
			displayOptions: { hide: { '/operation': ['create', 'createOrUpdate', 'restoreDeleted'] } },
			description:
				'The match attribute of Create or Update, if it is another one than employeeID. Marks of unfinished accounts are bound to its value.',
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
		{
			displayName: 'Update Names',
			name: 'updateNames',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/operation': ['create', 'createOrUpdate', 'update'] } },
			description:
				'Whether an existing account is renamed when its name is none of the candidates. Otherwise it keeps its name. Update with names defined below always renames.',
		},
	],
};

export const USER: INodeProperties[] = [
	OPERATION,
	...LOOKUP,
	...ACCOUNT,
	...getMany('user', 'users', '(department={{ $json.department }})'),
	...RETURNED,
	...RETURNING,
	...PASSWORD,
	{
		displayName: 'Unlock',
		name: 'unlock',
		type: 'boolean',
		default: true,
		displayOptions: showFor('user', ['resetPassword']),
		description: 'Whether a locked account is unlocked too',
	},
	unitLocator({
		displayName: 'Move To',
		name: 'moveTo',
		required: true,
		displayOptions: showFor('user', ['move']),
		description: 'The organisational unit in which the account is to stand',
	}),
	...NAMES,
	...EXPIRY,
	...RESTORING,
	{
		displayName: 'Allow Delete',
		name: 'allowDelete',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: showFor('user', ['delete']),
		description:
			'Whether accounts are deleted at all. What is deleted loses its groups and cannot be brought back whole.',
	},
	{
		displayName: 'Unmarked Accounts Too',
		name: 'unmarkedToo',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: showFor('user', ['delete']),
		description:
			'Whether to delete accounts too that this node has not disabled before, such as enabled ones. Protected accounts are never deleted.',
	},
	LEAVER_OPTIONS,
	brake(showFor('user', ['delete', 'disable', 'move']), 'people'),
	OPTIONS,
];
