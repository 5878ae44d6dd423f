/** Fields that one request has, whether it reads a list or writes a record. */
import type { INodeProperties } from 'n8n-workflow';

const pairs = (
	displayName: string,
	name: string,
	description: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Parameter',
	default: {},
	description,
	...more,
	options: [
		{
			displayName: 'Parameter',
			name: 'parameters',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
});

const forBody = (...types: readonly string[]): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { bodyType: [...types] } },
});

export const METHOD: INodeProperties = {
	displayName: 'Method',
	name: 'method',
	type: 'options',
	options: [
		{ name: 'DELETE', value: 'DELETE' },
		{ name: 'GET', value: 'GET' },
		{ name: 'PATCH', value: 'PATCH' },
		{ name: 'POST', value: 'POST' },
		{ name: 'PUT', value: 'PUT' },
	],
	default: 'GET',
};

export const QUERY = pairs(
	'Query Parameters',
	'query',
	'What is added to the URL. Values are encoded, and may use {field}.',
);

export const HEADERS = pairs('Headers', 'headers', 'Headers without secrets: those belong into the credential', {
	placeholder: 'Add Header',
});

export const BODY: readonly INodeProperties[] = [
	{
		displayName: 'Body',
		name: 'bodyType',
		type: 'options',
		options: [
			{ name: 'Form', value: 'form' },
			{ name: 'JSON', value: 'json' },
			{ name: 'None', value: 'none' },
			{ name: 'Raw', value: 'raw' },
			{ name: 'XML', value: 'xml' },
		],
		default: 'none',
	},
	{
		displayName: 'JSON Body',
		name: 'jsonBody',
		type: 'json',
		default: '{}',
		...forBody('json'),
		description: 'Texts in it may use {field}. A text that is nothing but {field} becomes the value itself.',
	},
	pairs('Form Fields', 'formBody', 'Sent as application/x-www-form-urlencoded', {
		placeholder: 'Add Field',
		...forBody('form'),
	}),
	{
		displayName: 'Body Text',
		name: 'textBody',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		...forBody('xml', 'raw'),
		description: 'May use {field}; values are escaped as the content type wants it',
	},
	{
		displayName: 'Content Type',
		name: 'textContentType',
		type: 'string',
		default: 'text/plain',
		placeholder: 'e.g. application/graphql',
		...forBody('raw'),
	},
];
