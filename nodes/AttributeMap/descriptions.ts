import type { INodeProperties } from 'n8n-workflow';

const FORMAT_HINT =
	'Text with ${field} is a format, an expression is taken as its result, any other text stands as it is';

export const properties: INodeProperties[] = [
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '${employeeIdentifier}',
		placeholder: 'e.g. ${employeeIdentifier}',
		hint: FORMAT_HINT,
		description: 'What tells people apart for good, such as the employee number. People without one are rejected.',
	},
	{
		displayName: 'Display Name',
		name: 'displayName',
		type: 'string',
		default: '${displayname}',
		placeholder: 'e.g. ${firstname} ${lastname}',
		description: 'How approvals and reports call the person',
	},
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			sortable: true,
			fixedCollection: { itemTitle: '={{ $collection.item.value.attribute }}' },
		},
		placeholder: 'Add Attribute',
		default: {},
		description: 'What is written to the account. A missing or empty field leaves its attribute alone.',
		options: [
			{
				displayName: 'Attribute',
				name: 'values',
				values: [
					{
						displayName: 'Attribute',
						name: 'attribute',
						type: 'string',
						default: '',
						required: true,
						noDataExpression: true,
						placeholder: 'e.g. department',
						description: 'LDAP name of the attribute in Active Directory',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. ${department}',
						description: 'A format such as ${firstname | first_chars: 1}. ${lastname}, an expression, or fixed text.',
					},
				],
			},
		],
	},
	{
		displayName: 'Names',
		name: 'names',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			sortable: true,
			fixedCollection: { itemTitle: '={{ $collection.item.value.name }}' },
		},
		placeholder: 'Add Name',
		default: {},
		description:
			'Names that nobody else may have. The first free one is taken; when all are in use, the first is numbered.',
		options: [
			{
				displayName: 'Name',
				name: 'values',
				values: [
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
						noDataExpression: true,
					},
					{
						displayName: 'Formats',
						name: 'formats',
						type: 'string',
						typeOptions: { rows: 3 },
						default: '',
						placeholder: 'e.g. ${firstname | first_chars: 1}${lastname}',
						description:
							'One format a line, in order of preference. Letters are made ASCII and cut to length where the name needs it.',
					},
				],
			},
		],
	},
	{
		displayName: 'Organizational Unit',
		name: 'ou',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. OU=People,DC=corp,DC=example,DC=com',
		description:
			'Where the account stands, as a distinguished name. It must exist; it is never created. In a format, a field is always one name, never a path of several.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Counter Limit',
				name: 'counterLimit',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 9999 },
				default: 99,
				description: 'The last number that is tried when a name is in use. 0 switches numbering off.',
			},
			{
				displayName: 'Counter Start',
				name: 'counterStart',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 9999 },
				default: 2,
				description: 'The first number that is tried when a name is in use',
			},
			{
				displayName: 'Fallback Prefix',
				name: 'fallbackPrefix',
				type: 'string',
				default: 'u',
				description: 'Stands before the key when no format gives a name',
			},
			{
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. de',
				description: 'How letters are made ASCII: in German ü becomes ue, without a language u',
			},
		],
	},
];
