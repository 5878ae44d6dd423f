import type { INodeProperties } from 'n8n-workflow';

type EndpointValues = {
	readonly name: string;
	readonly url: string;
	readonly query: { parameters: Array<{ name: string; value: string }> };
	readonly recordsPath: string;
	readonly primaryKey: string;
	readonly paging: 'none' | 'offset';
	readonly pageSize: number;
	readonly limitParameter: string;
	readonly offsetParameter: string;
	readonly totalPath: string;
};

const parameter = (name: string, value: string) => ({ name, value });

/** Released defaults never change: a workflow keeps only what differs from them, so a change here would change live flows. */
const JUMPCLOUD_USERS: EndpointValues = {
	name: 'People',
	url: '/api/systemusers',
	// Without a unique sort field JumpCloud repeats and loses rows between pages (its best practices).
	query: { parameters: [parameter('sort', '_id')] },
	recordsPath: 'results',
	primaryKey: '_id',
	paging: 'offset',
	pageSize: 100,
	limitParameter: 'limit',
	offsetParameter: 'skip',
	totalPath: 'totalCount',
};

const CUSTOM: EndpointValues = {
	name: 'People',
	url: '',
	query: { parameters: [] },
	recordsPath: '',
	primaryKey: 'id',
	paging: 'none',
	pageSize: 100,
	limitParameter: 'limit',
	offsetParameter: 'offset',
	totalPath: '',
};

const PAGED = { displayOptions: { show: { paging: ['offset'] } } };

const ENDPOINT_FIELDS: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		description: 'How reports and messages call this endpoint',
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://hr.example.com/api/employees',
		description:
			'The address that is called with GET. With JumpCloud authentication, a path is taken below the credential’s address.',
	},
	{
		displayName: 'Query Parameters',
		name: 'query',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Parameter',
		default: {},
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
	},
	{
		displayName: 'Records Path',
		name: 'recordsPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. data.employees',
		description:
			'JSONPath to the list of people in the reply. Leave empty for the root list, or the only list there is.',
	},
	{
		displayName: 'Primary Key',
		name: 'primaryKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. ID',
		description: 'The field that tells people apart. A person without it makes the feed incomplete.',
	},
	{
		displayName: 'Repeat Calling',
		name: 'paging',
		type: 'options',
		default: 'none',
		options: [
			{ name: 'None', value: 'none', description: 'One call gives everything' },
			{
				name: 'Offset by Rows',
				value: 'offset',
				description: 'Called again with the number of rows to skip, overlapping by one row',
			},
		],
	},
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 1 },
		...PAGED,
		description: 'Rows asked for in one call',
	},
	{
		displayName: 'Limit Parameter',
		name: 'limitParameter',
		type: 'string',
		default: 'limit',
		...PAGED,
		description: 'Query parameter that takes the page size. Leave empty if the server alone decides.',
	},
	{
		displayName: 'Offset Parameter',
		name: 'offsetParameter',
		type: 'string',
		default: '',
		...PAGED,
		description: 'Query parameter that takes the number of rows to skip',
	},
	{
		displayName: 'Total Path',
		name: 'totalPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. totalCount',
		...PAGED,
		description:
			'JSONPath to the announced number of rows. Without one, nobody can prove that the last page was the last.',
	},
];

/** The same parameter with a source's own defaults; n8n shows the one that fits. */
const endpointFor = (source: string, defaults: EndpointValues): INodeProperties => ({
	displayName: 'Endpoints',
	name: 'endpoints',
	type: 'fixedCollection',
	// Several rows even while one is read: n8n 2.41 fails on the default of a collection without them (node-helpers.ts, getNodeParameters).
	typeOptions: {
		multipleValues: true,
		maxAllowedFields: 1,
		fixedCollection: { itemTitle: '={{ $collection.item.value.name }}' },
	},
	required: true,
	placeholder: 'Add Endpoint',
	displayOptions: { show: { source: [source] } },
	default: { values: [defaults] },
	description: 'Where the people are, and how the reply is read',
	options: [
		{
			displayName: 'Endpoint',
			name: 'values',
			// n8n fills a field that is not stored from its own default, not from that of the collection: both must say the same.
			values: ENDPOINT_FIELDS.map((field) => ({ ...field, default: defaults[field.name as keyof EndpointValues] })),
		},
	],
});

export const properties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get Records',
				value: 'getRecords',
				description: 'Read all people of an HR system',
				action: 'Get records',
			},
		],
		default: 'getRecords',
	},
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{ name: 'JumpCloud', value: 'jumpCloud' },
			{ name: 'None', value: 'none' },
		],
		default: 'jumpCloud',
	},
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Custom', value: 'custom', description: 'Any HTTP interface that answers with JSON' },
			{ name: 'JumpCloud Users', value: 'jumpCloudUsers', description: 'The people of a JumpCloud organization' },
		],
		default: 'jumpCloudUsers',
	},
	{
		displayName: 'The settings below are those of the source. Choosing another source replaces them.',
		name: 'sourceNotice',
		type: 'notice',
		default: '',
	},
	endpointFor('jumpCloudUsers', JUMPCLOUD_USERS),
	endpointFor('custom', CUSTOM),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Feed Name',
				name: 'feedName',
				type: 'string',
				default: '',
				placeholder: 'e.g. people',
				description: 'How the report calls this feed, if not by the name of the endpoint',
			},
			{
				displayName: 'Maximum Pages',
				name: 'maxPages',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 10000,
				description: 'A feed with more pages is incomplete',
			},
			{
				displayName: 'Maximum Rows',
				name: 'maxRows',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1000000,
				description: 'A feed with more rows is incomplete',
			},
			{
				displayName: 'Retries',
				name: 'retries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 10 },
				default: 4,
				description: 'How often a call is tried again when the server is busy or the network fails',
			},
			{
				displayName: 'Time-Out (Seconds)',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 60,
				description: 'How long one call may take',
			},
		],
	},
];
