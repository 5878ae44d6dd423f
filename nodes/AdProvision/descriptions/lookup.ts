/** How a user is found. */
import type { INodeProperties } from 'n8n-workflow';
import { showFor, userLocator } from './shared';

/** Operations on one account that is there already. */
export const FINDING = [
	...['delete', 'disable', 'enable', 'get', 'move', 'rename', 'resetPassword', 'setExpiry', 'unlock', 'update'],
] as const;

/** What `findBy` offers, the attribute that each stands for, and the field in which this node puts its value out. */
const KEYS = [
	{ name: 'Distinguished Name', value: 'distinguishedName', field: 'dn', placeholder: 'e.g. CN=Ada,OU=People,DC=corp' },
	{ name: 'Employee ID', value: 'employeeID', field: 'key', placeholder: 'e.g. E10023' },
	{ name: 'GUID', value: 'objectGUID', field: 'guid', placeholder: 'e.g. 0a1b2c3d-0000-4000-8000-000000000000' },
	{ name: 'Mail', value: 'mail', field: 'mail', placeholder: 'e.g. ada@example.com' },
	{ name: 'sAMAccountName', value: 'sAMAccountName', field: 'sAMAccountName', placeholder: 'e.g. ada.lovelace' },
	{
		name: 'User Principal Name',
		value: 'userPrincipalName',
		field: 'userPrincipalName',
		placeholder: 'e.g. ada@corp.example.com',
	},
] as const;

const MATCH_ATTRIBUTE = {
	displayName: 'Match Attribute',
	name: 'matchAttribute',
	type: 'string',
	required: true,
	default: 'employeeID',
	placeholder: 'e.g. employeeID',
	description:
		'The attribute that tells people apart. It is compared over the whole domain; two accounts with one value are never guessed between.',
} as const satisfies INodeProperties;

const MATCH_VALUE = {
	displayName: 'Match Value',
	name: 'matchValue',
	type: 'string',
	required: true,
	default: '={{ $json.key }}',
	placeholder: 'e.g. E10023',
	description: 'The value to look for',
} as const satisfies INodeProperties;

export const LOOKUP: INodeProperties[] = [
	{
		displayName: 'Find By',
		name: 'findBy',
		type: 'options',
		noDataExpression: true,
		// What workflows of before have: an attribute of one's own, employeeID where nothing else is said.
		default: 'matchAttribute',
		displayOptions: showFor('user', FINDING),
		options: [
			{ name: 'Distinguished Name', value: 'distinguishedName' },
			{ name: 'Employee ID', value: 'employeeID' },
			{ name: 'GUID', value: 'objectGUID', description: 'Stays the same when the account is renamed or moved' },
			{ name: 'Mail', value: 'mail' },
			{ name: 'Match Attribute', value: 'matchAttribute', description: 'Any attribute that tells people apart' },
			{ name: 'sAMAccountName', value: 'sAMAccountName', description: 'Logon name without the domain' },
			{ name: 'User', value: 'user', description: 'One user, chosen from a list' },
			{ name: 'User Principal Name', value: 'userPrincipalName', description: 'Logon name with the domain' },
		],
	},
	userLocator({
		displayName: 'User',
		name: 'user',
		required: true,
		displayOptions: showFor('user', FINDING, { findBy: ['user'] }),
		description: 'The account. From the list it is kept by its GUID.',
	}),
	{ ...MATCH_ATTRIBUTE, displayOptions: showFor('user', FINDING, { findBy: ['matchAttribute'] }) },
	{ ...MATCH_ATTRIBUTE, displayOptions: showFor('user', ['create', 'createOrUpdate', 'restoreDeleted']) },
	{ ...MATCH_VALUE, displayOptions: showFor('user', FINDING, { findBy: ['matchAttribute'] }) },
	{ ...MATCH_VALUE, displayOptions: showFor('user', ['create', 'createOrUpdate'], { input: ['define'] }) },
	...KEYS.map(
		({ value, field, placeholder }): INodeProperties => ({
			...MATCH_VALUE,
			default: `={{ $json.${field} }}`,
			placeholder,
			displayOptions: showFor('user', FINDING, { findBy: [value] }),
		}),
	),
];
