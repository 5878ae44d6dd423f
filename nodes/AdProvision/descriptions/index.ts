/** The node's parameters. Names stay the same across operations where they mean the same. */
import type { INodeProperties } from 'n8n-workflow';
import { GROUP } from './group';
import { ORGANIZATIONAL_UNIT } from './organizationalUnit';
import { PLAN } from './plan';
import { USER } from './user';

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Group', value: 'group' },
			{ name: 'Organizational Unit', value: 'organizationalUnit' },
			{ name: 'Plan', value: 'plan' },
			{ name: 'User', value: 'user' },
		],
		default: 'user',
	},
	...USER,
	...GROUP,
	...ORGANIZATIONAL_UNIT,
	...PLAN,
];
