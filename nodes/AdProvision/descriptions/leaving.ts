/** Leaving and coming back. */
import type { INodeProperties } from 'n8n-workflow';
import { showFor, unitLocator } from './shared';

/** Alphabetical; what a leaver keeps is not in the list. */
export const LEAVER_OPTIONS: INodeProperties = {
	displayName: 'Leaver Options',
	name: 'leaverOptions',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: showFor('user', ['disable']),
	description: 'What else happens when somebody leaves. Enable with Restore From Snapshot takes it back.',
	options: [
		{
			displayName: 'Clear Attributes',
			name: 'clear',
			type: 'string',
			default: '',
			placeholder: 'e.g. telephoneNumber, mobile',
			description: 'LDAP names with commas between them',
		},
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			default: '',
			placeholder: 'e.g. Left on {{ $today.toISODate() }}',
			description: 'Replaces the description. Empty: it stays.',
		},
		{
			displayName: 'Expires At',
			name: 'expiresAt',
			type: 'dateTime',
			default: '',
			description: 'Instant at which the account ends by itself. Empty: it stays as it is.',
		},
		{
			displayName: 'Hide From Address Lists By',
			name: 'hideAttribute',
			type: 'string',
			default: 'msExchHideFromAddressLists',
			description: 'The attribute that is set to TRUE, if the schema of the domain has it',
		},
		unitLocator({
			displayName: 'Move To',
			name: 'moveTo',
			description: 'Organisational unit of the people who left. It is done last.',
		}),
		{
			displayName: 'Random Password',
			name: 'randomPassword',
			type: 'boolean',
			default: true,
			description: 'Whether the account gets a password that nobody knows',
		},
		{
			displayName: 'Remove From Groups',
			name: 'removeFromGroups',
			type: 'boolean',
			default: true,
			description: 'Whether the account is taken out of all groups but its primary one',
		},
	],
};

export const RETURNING: INodeProperties[] = [
	{
		displayName: 'Restore From Snapshot',
		name: 'restore',
		type: 'boolean',
		default: true,
		displayOptions: showFor('user', ['enable']),
		description: 'Whether organisational unit, groups and attributes become what they were before the person left',
	},
	{
		displayName: 'Accounts Disabled by Others Too',
		name: 'othersToo',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: showFor('user', ['enable']),
		description:
			'Whether to enable accounts that bear no mark of this node, such as those that an administrator disabled',
	},
];
