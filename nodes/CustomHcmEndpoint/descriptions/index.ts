import type { INodeProperties } from 'n8n-workflow';
import { getRecordsProperties } from './getRecords';
import { OPTIONS } from './options';
import { sendRecordProperties } from './sendRecord';

const OPERATION: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Confirm Feed',
			value: 'confirmFeed',
			description: 'Move the date of Changed Since forward, after the changes were applied',
			action: 'Confirm feed',
		},
		{
			name: 'Get Records',
			value: 'getRecords',
			description: 'Read all people of an HR system',
			action: 'Get records',
		},
		{
			name: 'Send Record',
			value: 'sendRecord',
			description: 'Write back to an HR system, one call for each item',
			action: 'Send record',
		},
	],
	default: 'getRecords',
};

const AUTHENTICATION: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'HCM API', value: 'hcmApi', description: 'API key, Basic, Bearer, log in first, or client certificate' },
		{ name: 'HCM OAuth2', value: 'hcmOAuth2Api' },
		{ name: 'JumpCloud', value: 'jumpCloud' },
		{ name: 'None', value: 'none' },
	],
	default: 'jumpCloud',
	displayOptions: { show: { operation: ['getRecords', 'sendRecord'] } },
};

const CONFIRM_NOTICE: INodeProperties = {
	displayName:
		'Each input item is a Feed Report. The date of its feed moves forward to its <code>nextSince</code>, so that the next run reads what changed after it. Put this node behind the one that applies the changes.',
	name: 'confirmNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { operation: ['confirmFeed'] } },
};

export const properties: INodeProperties[] = [
	OPERATION,
	AUTHENTICATION,
	CONFIRM_NOTICE,
	...getRecordsProperties,
	...sendRecordProperties,
	...OPTIONS,
];
