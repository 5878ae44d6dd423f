/** Rows of Attributes: attribute, value, and the rule for exceptions. */
import type { INodeProperties } from 'n8n-workflow';
import { ignoreCase, pastedTable, tableRows } from './table';

/** For dates of a person, and of one attribute. */
export const DATE_FORMAT: INodeProperties = {
	displayName: 'Date Format',
	name: 'dateFormat',
	type: 'string',
	default: '',
	noDataExpression: true,
	placeholder: 'e.g. dd.MM.yyyy',
	description: 'How dates are written in the HR system. Leave empty for ISO 8601, such as 2026-03-31.',
};

/** Beside each other in the list, alphabetical. */
const RULE: readonly INodeProperties[] = [
	DATE_FORMAT,
	{
		displayName: 'If Empty',
		name: 'ifEmpty',
		type: 'options',
		default: 'leave',
		noDataExpression: true,
		options: [
			{ name: 'Clear', value: 'clear', description: 'Take away what the directory has' },
			{ name: 'Leave Alone', value: 'leave', description: 'Keep what the directory has' },
			{ name: 'Reject the Person', value: 'reject', description: 'The person leaves by Rejected' },
		],
		description: 'What a missing or empty value means',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		default: '',
		noDataExpression: true,
		placeholder: 'e.g. data',
		hint: 'Instead of the value: the name of the field with the file',
		description: 'Takes the bytes of a photo from binary data of the item',
	},
	{
		displayName: 'Keep Case',
		name: 'keepCase',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		description: 'Whether addresses stay as they are written. They become small letters otherwise.',
	},
	{
		displayName: 'Not in Value Table',
		name: 'notInTable',
		type: 'options',
		default: 'reject',
		noDataExpression: true,
		options: [
			{ name: 'Keep the Value', value: 'keep' },
			{ name: 'Reject the Person', value: 'reject', description: 'The person leaves by Rejected' },
			{ name: 'Treat as Empty', value: 'empty', description: 'If Empty says what happens' },
		],
		description: 'What happens to a value that no row of the table has, where there is no default',
	},
	{
		displayName: 'Person Named By',
		name: 'referenceBy',
		type: 'string',
		default: 'employeeID',
		noDataExpression: true,
		placeholder: 'e.g. employeeNumber',
		description:
			'For manager and other people: the attribute of their account that holds the value. A distinguished name stands as it is.',
	},
	{
		displayName: 'Phone Numbers',
		name: 'phone',
		type: 'options',
		default: 'e164',
		noDataExpression: true,
		options: [
			{ name: 'As Given', value: 'asGiven' },
			{
				name: 'International (E.164)',
				value: 'e164',
				description: 'Such as +493012345678, where the number is a valid one',
			},
		],
	},
	{
		displayName: 'Separator',
		name: 'separator',
		type: 'string',
		default: '',
		noDataExpression: true,
		placeholder: 'e.g. ;',
		description: 'Parts a text into several values. A list is several values anyway.',
	},
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: '',
		noDataExpression: true,
		placeholder: 'e.g. Europe/Berlin',
		description: "The zone in which a date begins. Leave empty for the person's.",
	},
	tableRows('what stands in the attribute'),
	{
		displayName: 'Value Table Default',
		name: 'tableDefault',
		type: 'string',
		default: '',
		noDataExpression: true,
		description: 'Stands for every value that the table does not have',
	},
	ignoreCase(),
	pastedTable(),
	{
		displayName: 'Written',
		name: 'write',
		type: 'options',
		default: 'always',
		noDataExpression: true,
		options: [
			{ name: 'Always', value: 'always' },
			{ name: 'On Create Only', value: 'create', description: 'Never changed afterwards' },
			{ name: 'Only Where Empty', value: 'fill', description: 'Where the directory has no value' },
		],
		description: 'When the directory gets the value',
	},
];

export const ATTRIBUTE_FIELDS: INodeProperties[] = [
	{
		displayName: 'Attribute',
		name: 'attribute',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		noDataExpression: true,
		description:
			"Attribute in Active Directory. With a credential chosen the list has the domain's own attributes too; what its schema says is kept with the row.",
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose an attribute…',
				typeOptions: {
					searchListMethod: 'searchAttributes',
					searchable: true,
					// The list is there without a domain too.
					skipCredentialsCheckInRLC: true,
				},
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. department' },
		],
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		typeOptions: { showEvenWhenOptional: true },
		placeholder: 'e.g. ${department}',
		description:
			'A format such as ${firstname | first_chars: 1}. ${lastname}, an expression, or fixed text. The type of the attribute decides how it is converted.',
	},
	{
		displayName: 'Rule',
		name: 'rule',
		type: 'collection',
		placeholder: 'Add Rule',
		default: {},
		noDataExpression: true,
		description: 'For exceptions: when it is written, what an empty value means, what values become',
		options: [...RULE],
	},
];
