/** Parameters of Send Record. */
import type { INodeProperties } from 'n8n-workflow';
import { BODY, HEADERS, METHOD, QUERY } from './fields';

const OPERATION = { operation: ['sendRecord'] };
const JUMPCLOUD = ['jumpCloudActivateUser', 'jumpCloudSetAttribute', 'jumpCloudSuspendUser'];

const custom = (field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { show: { ...OPERATION, action: ['custom'], ...field.displayOptions?.show } },
});

export const sendRecordProperties: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'options',
		noDataExpression: true,
		default: 'jumpCloudSuspendUser',
		displayOptions: { show: OPERATION },
		options: [
			{ name: 'Custom', value: 'custom', description: 'Any call', action: 'Send record by a custom call' },
			{
				name: 'JumpCloud: Activate User',
				value: 'jumpCloudActivateUser',
				description: 'Set the state of a suspended or staged user to ACTIVATED',
				action: 'Activate jump cloud user',
			},
			{
				name: 'JumpCloud: Set Attribute',
				value: 'jumpCloudSetAttribute',
				description: 'Set one custom attribute; the others are read first and stay',
				action: 'Set jump cloud attribute',
			},
			{
				name: 'JumpCloud: Suspend User',
				value: 'jumpCloudSuspendUser',
				description: 'Set the state of a user to SUSPENDED',
				action: 'Suspend jump cloud user',
			},
		],
	},
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 5f1b1bb2c9e77742c1cd0b66',
		displayOptions: { show: { ...OPERATION, action: JUMPCLOUD } },
		description: "JumpCloud's own ID of the user (_id)",
	},
	{
		displayName: 'Attribute Name',
		name: 'attributeName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. adAccount',
		displayOptions: { show: { ...OPERATION, action: ['jumpCloudSetAttribute'] } },
	},
	{
		displayName: 'Attribute Value',
		name: 'attributeValue',
		type: 'string',
		default: '',
		displayOptions: { show: { ...OPERATION, action: ['jumpCloudSetAttribute'] } },
		description: 'Leave empty to remove the attribute',
	},
	{ ...custom(METHOD), default: 'POST' },
	custom({
		displayName: 'URL',
		name: 'url',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://hr.example.com/api/employees/{number}',
		description:
			'A whole address, or a path below the one in the credential. {field} stands for a field of the input item and is encoded.',
	}),
	custom(QUERY),
	custom(HEADERS),
	...BODY.map(custom),
];
