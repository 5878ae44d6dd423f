/** The resource Organizational Unit. */
import type { INodeProperties } from 'n8n-workflow';
import { getMany } from './filter';
import { ALLOW_AS_TOOL, showFor, unitLocator } from './shared';

const create = showFor('organizationalUnit', ['create']);

export const ORGANIZATIONAL_UNIT: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['organizationalUnit'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				description: 'Create an organisational unit, unless it is there',
				action: 'Create an organizational unit',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				description: 'List organisational units',
				action: 'Get many organizational units',
			},
		],
		default: 'getMany',
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		displayOptions: create,
		placeholder: 'e.g. Sales',
		description: 'One name, never a path: a comma in it is part of the name',
	},
	unitLocator({
		displayName: 'Below',
		name: 'parent',
		required: true,
		displayOptions: create,
		description: 'The organisational unit in which it stands, or the domain',
	}),
	{
		displayName: 'Description',
		name: 'unitDescription',
		type: 'string',
		default: '',
		displayOptions: create,
	},
	...getMany('organizationalUnit', 'organisational units', '(ou={{ $json.site }})'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: create,
		options: [ALLOW_AS_TOOL],
	},
];
