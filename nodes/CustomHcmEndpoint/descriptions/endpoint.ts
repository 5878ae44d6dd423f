/** One row of Endpoints: where a list is, how it is read to its end, and what its rows are. */
import type { INodeProperties } from 'n8n-workflow';
import { BODY, HEADERS, METHOD, QUERY } from './fields';

const styles = (...paging: readonly string[]): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { paging: [...paging] } },
});

/** A path that is typed, or chosen from what the interface answers. */
const path = (
	displayName: string,
	name: string,
	searchListMethod: string,
	more: { readonly description: string; readonly placeholder: string },
): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'path', value: '' },
	description: more.description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod,
				searchable: true,
				slowLoadNotice: { message: 'One page is read from the HR system', timeout: 4000 },
			},
		},
		{ displayName: 'Path', name: 'path', type: 'string', placeholder: more.placeholder },
	],
});

const REQUEST: readonly INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		description:
			'How reports and messages call this endpoint, and the field that its rows go into where several are joined',
	},
	METHOD,
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://hr.example.com/api/employees',
		description:
			'A whole address, or a path below the one in the credential. {field} stands for a field of the record that this endpoint depends on.',
	},
	QUERY,
	HEADERS,
	...BODY,
];

const RECORDS: readonly INodeProperties[] = [
	path('Records Path', 'recordsPath', 'recordsPaths', {
		placeholder: 'e.g. data.employees',
		description:
			'JSONPath to the list of people in the reply. Leave empty for the root list, or the only list there is.',
	}),
	path('Primary Key', 'primaryKey', 'columns', {
		placeholder: 'e.g. ID',
		description: 'The field that tells people apart. A person without it makes the feed incomplete.',
	}),
];

const REPEAT: readonly INodeProperties[] = [
	{
		displayName: 'Repeat Calling',
		name: 'paging',
		type: 'options',
		default: 'none',
		options: [
			{ name: 'Cursor', value: 'cursor', description: 'Each reply has a mark that asks for the next page' },
			{ name: 'Link Header', value: 'link', description: 'Each reply has a header Link with rel="next"' },
			{ name: 'Next URL in Body', value: 'nextUrl', description: 'Each reply has the address of the next page' },
			{ name: 'None', value: 'none', description: 'One call gives everything' },
			{
				name: 'Offset by Rows',
				value: 'offset',
				description: 'Called again with the number of rows to skip; each page overlaps the one before by one row',
			},
			{ name: 'Page Number', value: 'page', description: 'Called again with the next number' },
		],
	},
	{
		displayName: 'Parameters In',
		name: 'pagingIn',
		type: 'options',
		default: 'query',
		options: [
			{ name: 'JSON or Form Body', value: 'body', description: 'Names are paths then, such as page.limit' },
			{ name: 'Query', value: 'query' },
		],
		...styles('offset', 'page', 'cursor'),
		description: 'Where page size, offset and page number go',
	},
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 1 },
		...styles('offset', 'page', 'cursor', 'nextUrl', 'link'),
		description: 'Rows asked for in one call',
	},
	{
		displayName: 'Limit Parameter',
		name: 'limitParameter',
		type: 'string',
		default: '',
		placeholder: 'e.g. limit',
		...styles('offset', 'page', 'cursor', 'nextUrl', 'link'),
		description: 'Parameter that takes the page size. Leave empty if the server alone decides.',
	},
	{
		displayName: 'Offset Parameter',
		name: 'offsetParameter',
		type: 'string',
		default: '',
		placeholder: 'e.g. offset',
		...styles('offset'),
		description:
			'Parameter that takes the number of rows to skip. Leave empty where {paging.offset} stands in the request.',
	},
	{
		displayName: 'First Offset',
		name: 'start',
		type: 'number',
		default: 0,
		...styles('offset'),
		description: 'Offset of the first row: 0, or 1 where rows are counted from one (SCIM, Zoho)',
	},
	{
		displayName: 'Page Parameter',
		name: 'pageParameter',
		type: 'string',
		default: '',
		placeholder: 'e.g. page',
		...styles('page'),
		description: 'Parameter that takes the number of the page. Leave empty where {paging.page} stands in the request.',
	},
	{
		displayName: 'First Page',
		name: 'firstPage',
		type: 'number',
		default: 1,
		...styles('page'),
		description: 'Number of the first page: 0 or 1',
	},
	{
		displayName: 'Cursor Comes In',
		name: 'cursorFrom',
		type: 'options',
		default: 'body',
		options: [
			{ name: 'Reply Body', value: 'body' },
			{ name: 'Reply Header', value: 'header' },
		],
		...styles('cursor'),
	},
	{
		displayName: 'Cursor Path',
		name: 'cursorPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. meta.next_cursor',
		...styles('cursor'),
		description: 'JSONPath in the body, or name of the header. A reply without it is the last.',
	},
	{
		displayName: 'Cursor Parameter',
		name: 'cursorParameter',
		type: 'string',
		default: '',
		placeholder: 'e.g. cursor',
		...styles('cursor'),
		description: 'Parameter that takes the cursor',
	},
	{
		displayName: 'Cursor Goes Into',
		name: 'cursorIn',
		type: 'options',
		default: 'query',
		options: [
			{ name: 'Header', value: 'header' },
			{ name: 'JSON or Form Body', value: 'body' },
			{ name: 'Query', value: 'query' },
		],
		...styles('cursor'),
	},
	{
		displayName: 'Next URL Path',
		name: 'nextPath',
		type: 'string',
		default: '',
		placeholder: "e.g. ['@odata.nextLink']",
		...styles('nextUrl'),
		description: 'JSONPath to the address of the next page. Write a name with dots in brackets and quotes.',
	},
	{
		displayName: 'Last Page',
		name: 'stops',
		type: 'collection',
		placeholder: 'Add sign',
		default: {},
		...styles('offset', 'page', 'cursor', 'nextUrl', 'link'),
		description:
			'How a reply says that it is the last. An empty page, HTTP 204 and a missing cursor or link always say so.',
		options: [
			{
				displayName: 'Conditions',
				name: 'when',
				type: 'filter',
				default: {},
				typeOptions: { filter: { version: 2 } },
				description: 'A reply that meets them is the last. On the left a path: body.done, headers.x-last or status.',
			},
			{
				displayName: 'Has-More Header',
				name: 'hasMoreHeader',
				type: 'string',
				default: '',
				placeholder: 'e.g. x-has-more',
			},
			{
				displayName: 'Has-More Path',
				name: 'hasMorePath',
				type: 'string',
				default: '',
				placeholder: 'e.g. hasMore',
				description: 'JSONPath to a flag that is true while more follow',
			},
			{
				displayName: 'Page Count Header',
				name: 'pagesHeader',
				type: 'string',
				default: '',
				placeholder: 'e.g. x-total-pages',
			},
			{
				displayName: 'Page Count Path',
				name: 'pagesPath',
				type: 'string',
				default: '',
				placeholder: 'e.g. metadata.total_pages',
				description: 'JSONPath to the announced number of pages',
			},
			{
				displayName: 'Short Page',
				name: 'shortPage',
				type: 'boolean',
				default: true,
				description:
					'Whether a page with fewer rows than asked for is the last, where no other sign is given. Switch off where the server caps the page size.',
			},
			{
				displayName: 'Total Header',
				name: 'totalHeader',
				type: 'string',
				default: '',
				placeholder: 'e.g. x-total-count',
			},
			{
				displayName: 'Total Path',
				name: 'totalPath',
				type: 'string',
				default: '',
				placeholder: 'e.g. totalCount',
				description:
					'JSONPath to the announced number of rows. Without one, nobody can prove that the last page was the last.',
			},
		],
	},
];

const FURTHER: INodeProperties = {
	displayName: 'Further Settings',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add setting',
	default: {},
	options: [
		{
			displayName: 'Depends On',
			name: 'dependsOn',
			type: 'string',
			default: '',
			placeholder: 'e.g. People',
			description:
				'Name of another endpoint: this one is called for each of its records, whose fields stand in URL, parameters and body as {field}',
		},
		{
			displayName: 'ID Into Field',
			name: 'idField',
			type: 'string',
			default: '',
			placeholder: 'e.g. recordId',
			description: 'Where the ID goes when records are wrapped in it. Leave empty to drop it.',
		},
		{
			displayName: 'Join On',
			name: 'joinOn',
			type: 'string',
			default: '',
			placeholder: 'e.g. employeeId',
			description: 'The field that says whose record it is, if that is not the primary key',
		},
		{
			displayName: 'List Only',
			name: 'listOnly',
			type: 'boolean',
			default: false,
			description: 'Whether it is read only for endpoints that depend on it. Its records are no people.',
		},
		{
			displayName: 'Parent Fields',
			name: 'parentFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. name, description',
			description: 'Fields of the record it depends on that are copied into each record, separated by commas',
		},
		{
			displayName: 'Records Are Wrapped in an ID',
			name: 'unwrapIdKey',
			type: 'boolean',
			default: false,
			description: 'Whether each entry of the list has the form {"17": record} or {"17": [record]}',
		},
		{
			displayName: 'Response Format',
			name: 'responseFormat',
			type: 'options',
			default: 'auto',
			options: [
				{ name: 'Auto', value: 'auto', description: 'By the content type of the reply' },
				{ name: 'CSV', value: 'csv' },
				{ name: 'JSON', value: 'json' },
				{ name: 'XML', value: 'xml' },
			],
		},
		{
			displayName: 'Returns Only Some People',
			name: 'returnsOnlySome',
			type: 'boolean',
			default: false,
			description: 'Whether the request filters people. Who is missing then has not left: the report calls it a delta.',
		},
		{
			displayName: 'Several per Person',
			name: 'several',
			type: 'boolean',
			default: false,
			description: 'Whether a person may have several records here. They come as a list.',
		},
		{
			displayName: 'Unwrap Path',
			name: 'unwrapPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. fields',
			description: 'Path to the record inside each entry of the list',
		},
	],
};

export const ENDPOINT_FIELDS: readonly INodeProperties[] = [...REQUEST, ...RECORDS, ...REPEAT, FURTHER];
