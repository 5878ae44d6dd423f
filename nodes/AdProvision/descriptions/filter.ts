/** Get Many: which objects, from where, and what of them. */
import type { INodeProperties } from 'n8n-workflow';
import { attributeLocator, limits, showFor, unitLocator } from './shared';

/** Of accounts alone. */
const OF_USERS = new Set<unknown>(['disabled', 'enabled']);

const CONDITION = {
	displayName: 'Condition',
	name: 'condition',
	type: 'options',
	default: 'equals',
	noDataExpression: true,
	options: [
		{ name: 'Account Is Disabled', value: 'disabled' },
		{ name: 'Account Is Enabled', value: 'enabled' },
		{ name: 'Contains', value: 'contains' },
		{ name: 'Does Not Contain', value: 'notContains' },
		{ name: 'Ends With', value: 'endsWith' },
		{ name: 'Equals', value: 'equals' },
		{ name: 'Greater or Equal', value: 'greaterOrEqual' },
		{ name: 'Has a Value', value: 'present' },
		{ name: 'Has No Value', value: 'absent' },
		{ name: 'Is Not', value: 'notEquals' },
		{ name: 'Less or Equal', value: 'lessOrEqual' },
		{ name: 'Starts With', value: 'startsWith' },
	],
} satisfies INodeProperties;

const ROW: INodeProperties[] = [
	{
		...attributeLocator('searchReadable', 'The attribute that is compared'),
		displayOptions: { hide: { condition: ['enabled', 'disabled'] } },
	},
	{ ...CONDITION, displayOptions: { show: { '/resource': ['user'] } } },
	{
		...CONDITION,
		options: CONDITION.options.filter(({ value }) => !OF_USERS.has(value)),
		displayOptions: { hide: { '/resource': ['user'] } },
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		displayOptions: { hide: { condition: ['present', 'absent', 'enabled', 'disabled'] } },
		placeholder: 'e.g. Sales',
		description: 'Data, never filter syntax: * ( ) and \\ stand for themselves',
	},
];

const operation = ['getMany'];

/** @param objects what is listed, in the plural, as in "users" */
export function getMany(resource: string, objects: string, example: string): INodeProperties[] {
	return [
		...whereFrom(resource),
		{
			displayName: 'Filter By',
			name: 'filterBy',
			type: 'options',
			default: 'rows',
			noDataExpression: true,
			displayOptions: showFor(resource, operation),
			options: [
				{ name: 'Conditions', value: 'rows' },
				{ name: 'LDAP Filter', value: 'text', description: 'Written by hand' },
			],
		},
		...conditions(resource, objects),
		{
			displayName: 'LDAP Filter',
			name: 'filterText',
			type: 'string',
			default: '',
			required: true,
			displayOptions: showFor(resource, operation, { filterBy: ['text'] }),
			placeholder: `e.g. ${example}`,
			hint: 'The value of every expression is escaped, so it can change what is looked for, never the filter',
			description: `An LDAP filter (RFC 4515). It is applied to ${objects} only.`,
		},
		...limits(resource, operation),
	];
}

function whereFrom(resource: string): INodeProperties[] {
	return [
		unitLocator({
			displayName: 'Search Base',
			name: 'searchBase',
			displayOptions: showFor(resource, operation),
			description: 'Where to look. Empty: the search base of the credential, or the whole domain.',
		}),
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'options',
			default: 'sub',
			displayOptions: showFor(resource, operation),
			options: [
				{ name: 'Directly Below', value: 'one', description: 'Nothing of the organisational units inside' },
				{ name: 'Everything Below', value: 'sub' },
			],
			description: 'How deep to look',
		},
	];
}

function conditions(resource: string, objects: string): INodeProperties[] {
	return [
		{
			displayName: 'Conditions',
			name: 'filterRows',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Condition',
			default: {},
			displayOptions: showFor(resource, operation, { filterBy: ['rows'] }),
			description: `Without a condition all ${objects} are returned`,
			options: [{ displayName: 'Condition', name: 'values', values: ROW }],
		},
		{
			displayName: 'Must Match',
			name: 'combine',
			type: 'options',
			default: 'all',
			noDataExpression: true,
			displayOptions: showFor(resource, operation, { filterBy: ['rows'] }),
			options: [
				{ name: 'All Conditions', value: 'all' },
				{ name: 'Any Condition', value: 'any' },
			],
		},
	];
}

/** What of each account is returned. */
export const RETURNED: INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		displayOptions: showFor('user', ['getMany']),
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Attributes',
		name: 'returnAttributes',
		type: 'string',
		default: '',
		displayOptions: showFor('user', ['getMany'], { simplify: [false] }),
		placeholder: 'e.g. displayName, mail, memberOf',
		description: 'LDAP names with commas between them. Empty: all that the service account may read.',
	},
];
