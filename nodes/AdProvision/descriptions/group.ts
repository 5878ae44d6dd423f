/** The resource Group. */
import type { INodeProperties } from 'n8n-workflow';
import { getMany } from './filter';
import { ALLOW_AS_TOOL, brake, groupLocator, limits, showFor } from './shared';

const OPERATION: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['group'] } },
	options: [
		{
			name: 'Add Members',
			value: 'addMembers',
			description: 'Put members into a group',
			action: 'Add members to a group',
		},
		{ name: 'Get Many', value: 'getMany', description: 'List groups', action: 'Get many groups' },
		{
			name: 'Get Members',
			value: 'getMembers',
			description: 'List the members of a group',
			action: 'Get the members of a group',
		},
		{
			name: 'Remove Members',
			value: 'removeMembers',
			description: 'Take members out of a group',
			action: 'Remove members from a group',
		},
		{
			name: 'Set Members',
			value: 'setMembers',
			description: 'Give a group exactly these members',
			action: 'Set the members of a group',
		},
	],
	default: 'getMany',
};

const CHANGING = ['addMembers', 'removeMembers', 'setMembers'];
const WITH_GROUP = [...CHANGING, 'getMembers'];

const MEMBERS: INodeProperties[] = [
	{
		displayName: 'Find Members By',
		name: 'findMembersBy',
		type: 'options',
		noDataExpression: true,
		default: 'objectGUID',
		displayOptions: showFor('group', CHANGING),
		options: [
			{ name: 'Distinguished Name', value: 'distinguishedName' },
			{ name: 'Employee ID', value: 'employeeID' },
			{ name: 'GUID', value: 'objectGUID' },
			{ name: 'Mail', value: 'mail' },
			{ name: 'Match Attribute', value: 'matchAttribute', description: 'Any attribute that tells members apart' },
			{ name: 'sAMAccountName', value: 'sAMAccountName' },
			{ name: 'User Principal Name', value: 'userPrincipalName' },
		],
	},
	{
		displayName: 'Match Attribute',
		name: 'matchAttribute',
		type: 'string',
		required: true,
		default: 'employeeID',
		placeholder: 'e.g. employeeID',
		displayOptions: showFor('group', CHANGING, { findMembersBy: ['matchAttribute'] }),
		description: 'The attribute that tells members apart',
	},
	{
		displayName: 'Members',
		name: 'members',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '={{ $json.guid }}',
		displayOptions: showFor('group', CHANGING),
		placeholder: 'e.g. {{ $json.guid }}',
		hint: 'Items that name the same group are taken together',
		description: 'One a line, or a list by an expression',
	},
];

const SETTING: INodeProperties = {
	displayName: 'Allow Empty List',
	name: 'allowEmpty',
	type: 'boolean',
	default: false,
	noDataExpression: true,
	displayOptions: showFor('group', ['setMembers']),
	description: 'Whether an empty list takes everybody out of the group. Otherwise it is refused.',
};

export const GROUP: INodeProperties[] = [
	OPERATION,
	groupLocator({
		displayName: 'Group',
		name: 'group',
		required: true,
		displayOptions: showFor('group', WITH_GROUP),
		description: 'The group. From the list it is kept by its GUID.',
	}),
	...MEMBERS,
	SETTING,
	{
		displayName: 'Nested',
		name: 'nested',
		type: 'boolean',
		default: false,
		displayOptions: showFor('group', ['getMembers']),
		description: 'Whether members of the groups inside are members too',
	},
	{
		displayName: 'Users Only',
		name: 'usersOnly',
		type: 'boolean',
		default: false,
		displayOptions: showFor('group', ['getMembers']),
		description: "Whether to return people's accounts only: no groups, contacts or computers",
	},
	...getMany('group', 'groups', '(cn={{ $json.team }}*)'),
	...limits('group', ['getMembers']),
	brake(showFor('group', ['removeMembers']), 'members'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showFor('group', CHANGING),
		options: [ALLOW_AS_TOOL],
	},
];
