/** What an account is to have: from Attribute Map, or row by row. */
import type { INodeProperties } from 'n8n-workflow';
import { attributeLocator, groupLocator, showFor, unitLocator } from './shared';

const WRITING = ['create', 'createOrUpdate', 'update'];
const MAKING = ['create', 'createOrUpdate'];
const defined = { input: ['define'] };

const ATTRIBUTE_ROW: INodeProperties[] = [
	attributeLocator(
		'searchAttributes',
		'An attribute of the domain. The list says what its schema says: kind, single or multiple, limit.',
	),
	{
		displayName: 'Written',
		name: 'write',
		type: 'options',
		default: 'always',
		noDataExpression: true,
		options: [
			{ name: 'Always', value: 'always', description: 'An empty value leaves the attribute alone' },
			{ name: 'Clear', value: 'clear', description: 'Take away what the directory has' },
			{ name: 'On Create Only', value: 'create', description: 'Never changed afterwards' },
			{ name: 'Only Where Empty', value: 'fill', description: 'Where the directory has no value' },
		],
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		typeOptions: { rows: 1 },
		displayOptions: { hide: { write: ['clear'] } },
		placeholder: 'e.g. Sales',
		description:
			'Several values: one a line, or a list by an expression. Dates as ISO 8601, bytes as base64, persons by their distinguished name.',
	},
];

const NAME_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Common Name (CN)',
		name: 'cn',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ada Lovelace',
		description: "The object's name in its organisational unit. Empty: the display name, or the sAMAccountName.",
	},
	{ displayName: 'Mail', name: 'mail', type: 'string', default: '', placeholder: 'e.g. ada@example.com' },
	{
		displayName: 'sAMAccountName',
		name: 'sAMAccountName',
		type: 'string',
		default: '',
		placeholder: 'e.g. ada.lovelace',
		description: 'Logon name without the domain, at most 20 characters',
	},
	{
		displayName: 'User Principal Name',
		name: 'userPrincipalName',
		type: 'string',
		default: '',
		placeholder: 'e.g. ada.lovelace@corp.example.com',
		description: 'Logon name with the domain',
	},
];

export const ACCOUNT: INodeProperties[] = [
	{
		displayName: 'Input',
		name: 'input',
		type: 'options',
		noDataExpression: true,
		default: 'mapped',
		displayOptions: showFor('user', WRITING),
		options: [
			{ name: 'Define Below', value: 'define', description: 'Attributes row by row' },
			{ name: 'Use Mapped Account', value: 'mapped', description: 'From the node Attribute Map' },
		],
	},
	{
		displayName: 'Mapped Account',
		name: 'mappedAccount',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: showFor('user', WRITING, { input: ['mapped'] }),
		description: 'The account a person should have, as the Attribute Map node puts it out',
	},
	unitLocator({
		displayName: 'Organizational Unit',
		name: 'ou',
		required: true,
		displayOptions: showFor('user', MAKING, defined),
		description: 'Where a new account stands. It must exist; it is never created.',
	}),
	{
		displayName: 'Names',
		name: 'names',
		type: 'collection',
		placeholder: 'Add Name',
		default: {},
		displayOptions: showFor('user', WRITING, defined),
		description:
			'Names that nobody else may have. Several, one a line: the first free one is taken. A new account needs a sAMAccountName.',
		options: NAME_OPTIONS,
	},
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			sortable: true,
			fixedCollection: {
				itemTitle:
					'={{ $collection.item.value.attribute.cachedResultName || $collection.item.value.attribute.value || "" }}',
			},
		},
		placeholder: 'Add Attribute',
		default: {},
		displayOptions: showFor('user', WRITING, defined),
		description: 'What is written to the account. What no row names stays as it is.',
		options: [{ displayName: 'Attribute', name: 'values', values: ATTRIBUTE_ROW }],
	},
	{
		displayName: 'Groups',
		name: 'groups',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			fixedCollection: {
				itemTitle: '={{ $collection.item.value.group.cachedResultName || $collection.item.value.group.value || "" }}',
			},
		},
		placeholder: 'Add Group',
		default: {},
		displayOptions: showFor('user', WRITING, defined),
		description: 'Groups that the account is put into. It is taken out of none.',
		options: [
			{
				displayName: 'Group',
				name: 'values',
				values: [groupLocator({ displayName: 'Group', name: 'group', required: true, description: 'One group' })],
			},
		],
	},
	{
		displayName: 'Enable',
		name: 'enable',
		type: 'boolean',
		default: true,
		displayOptions: showFor('user', MAKING),
		description: 'Whether a new account is enabled when it is complete. Otherwise it stays disabled and unfinished.',
	},
];
