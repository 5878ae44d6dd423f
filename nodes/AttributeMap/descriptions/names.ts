/** Rows of Names: formats in order of preference, and the counter behind them. */
import type { INodeProperties } from 'n8n-workflow';

const COUNTER: INodeProperties[] = [
	{
		displayName: 'Highest Number',
		name: 'highest',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 9999 },
		default: 99,
		noDataExpression: true,
		description: 'The last number that is tried when a name is in use. 0 switches numbering off.',
	},
	{
		displayName: 'Start',
		name: 'start',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 9999 },
		default: 2,
		noDataExpression: true,
		description: 'The first number that is tried when a name is in use',
	},
	{
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 9 },
		default: 1,
		noDataExpression: true,
		description: 'Digits of the number, with zeros before it: 2 makes 02',
	},
];

export const NAME_FIELDS: INodeProperties[] = [
	{
		displayName: 'For',
		name: 'name',
		type: 'options',
		options: [
			{ name: 'Common Name (Cn)', value: 'cn' },
			{ name: 'E-Mail (Mail)', value: 'mail' },
			{ name: 'Logon Name (userPrincipalName)', value: 'userPrincipalName' },
			{ name: 'Logon Name, Pre-Windows 2000 (sAMAccountName)', value: 'sAMAccountName' },
		],
		default: 'sAMAccountName',
		required: true,
		noDataExpression: true,
	},
	{
		displayName: 'Formats',
		name: 'formats',
		type: 'string',
		typeOptions: { rows: 3, showEvenWhenOptional: true },
		default: '',
		placeholder: 'e.g. ${firstname | first_chars: 1}${lastname}',
		description:
			'One format a line, in order of preference. Letters are made ASCII and cut to length where the name needs it; a line with an empty field is passed over.',
	},
	{
		displayName: 'Counter',
		name: 'counter',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		noDataExpression: true,
		description: 'How the first name is numbered when all are in use',
		options: COUNTER,
	},
];
