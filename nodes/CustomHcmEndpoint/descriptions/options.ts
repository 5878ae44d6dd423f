/** Options of Get Records and Send Record. */
import type { INodeProperties } from 'n8n-workflow';

const RETRIES: INodeProperties = {
	displayName: 'Retries',
	name: 'retries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10 },
	default: 4,
	description: 'How often a call is tried again when the server is busy or the network fails',
};

const TIME_OUT: INodeProperties = {
	displayName: 'Time-Out (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description: 'How long one call may take',
};

const MAXIMUM_REPLY_SIZE: INodeProperties = {
	displayName: 'Maximum Reply Size (MB)',
	name: 'maxReplySize',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'A larger reply is cut off and fails',
};

const DELAY: INodeProperties = {
	displayName: 'Delay Between Calls (Ms)',
	name: 'delay',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
};

const CHANGED_SINCE: INodeProperties = {
	displayName: 'Changed Since',
	name: 'changedSince',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Add date',
	description:
		'Read only what changed since the last feed. Kept with the workflow, in production runs only: a manual run reads as the first one does.',
	options: [
		{
			displayName: 'Date',
			name: 'values',
			values: [
				{
					displayName: 'Custom Format',
					name: 'customFormat',
					type: 'string',
					default: "yyyy-MM-dd'T'HH:mm:ss",
					displayOptions: { show: { format: ['custom'] } },
					description: 'In tokens of Luxon',
				},
				{
					displayName: 'Endpoint',
					name: 'endpoint',
					type: 'string',
					default: '',
					description: 'Name of the endpoint that takes the date. Leave empty for the first.',
				},
				{
					displayName: 'Format',
					name: 'format',
					type: 'options',
					default: 'iso',
					options: [
						{ name: 'Custom', value: 'custom' },
						{ name: 'Date Only', value: 'isoDate' },
						{ name: 'ISO 8601', value: 'iso' },
						{ name: 'Milliseconds Since 1970', value: 'epochMilliseconds' },
						{ name: 'Seconds Since 1970', value: 'epochSeconds' },
					],
				},
				{
					displayName: 'Moves Forward',
					name: 'advance',
					type: 'options',
					default: 'confirm',
					options: [
						{
							name: 'By Confirm Feed',
							value: 'confirm',
							description: 'After the changes were applied, by that operation of this node',
						},
						{ name: 'When Read', value: 'read', description: 'A change that cannot be applied is not read again' },
					],
				},
				{
					displayName: 'Overlap (Minutes)',
					name: 'overlap',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 10,
					description: 'Read again so many minutes before the date, for records that show up late',
				},
				{
					displayName: 'Parameter',
					name: 'parameter',
					type: 'string',
					default: '',
					placeholder: 'e.g. updated_after',
					description: 'Query parameter that takes the date. Leave empty where {since} stands in the request.',
				},
				{
					displayName: 'Start With',
					name: 'startWith',
					type: 'dateTime',
					default: '',
					description: 'The date for the first run. Leave empty to read everything first.',
				},
				{
					displayName: 'Time Zone',
					name: 'timeZone',
					type: 'string',
					default: '',
					placeholder: 'e.g. Europe/Berlin',
					description: "For dates without a zone. Leave empty for the workflow's.",
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '{since}',
					placeholder: 'e.g. lastUpdated gt "{since}"',
					description: 'The value of the parameter, with {since} where the date goes',
				},
			],
		},
	],
};

const COMPARE: INodeProperties = {
	displayName: 'Compare With Last Feed',
	name: 'compare',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Change tolerance',
	description: 'Full feeds of production runs are compared with the last complete one',
	options: [
		{
			displayName: 'Tolerance',
			name: 'values',
			values: [
				{
					displayName: 'Beyond It',
					name: 'beyond',
					type: 'options',
					default: 'warn',
					options: [
						{ name: 'Feed Is Incomplete', value: 'incomplete' },
						{ name: 'Warn in the Report', value: 'warn' },
					],
				},
				{
					displayName: 'Emptied Column (%)',
					name: 'columns',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 100 },
					default: 30,
					description: 'A field may be empty in so many percent more of the rows than before',
				},
				{
					displayName: 'Fewer Rows (%)',
					name: 'rows',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 100 },
					default: 10,
					description: 'So many percent of the rows may be gone',
				},
			],
		},
	],
};

export const OPTIONS: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: ['getRecords'] } },
		options: [
			{
				displayName: 'Allowed Hosts',
				name: 'allowedHosts',
				type: 'string',
				default: '',
				placeholder: 'e.g. pages.example.com',
				description:
					'Other hosts that next links may lead to, separated by commas. They get no credential. Without them such a link is refused.',
			},
			CHANGED_SINCE,
			COMPARE,
			{
				displayName: 'Concurrency',
				name: 'concurrency',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 20 },
				default: 4,
				description: 'Calls at a time, for an endpoint that depends on another one',
			},
			{
				displayName: 'Confirm by Second Read',
				name: 'confirmBySecondRead',
				type: 'boolean',
				default: false,
				description:
					'Whether a list whose end nobody proves is read twice and compared. Leavers by absence ask for strong evidence.',
			},
			DELAY,
			{
				displayName: 'Feed Name',
				name: 'feedName',
				type: 'string',
				default: '',
				placeholder: 'e.g. people',
				description: 'How the report calls this feed, if not by the name of the first endpoint',
			},
			{
				displayName: 'If Incomplete',
				name: 'ifIncomplete',
				type: 'options',
				default: 'fail',
				options: [
					{ name: 'Fail', value: 'fail', description: 'The node fails and passes nothing on' },
					{ name: 'Go On', value: 'goOn', description: 'What was read is passed on; the report says what is missing' },
				],
			},
			{
				displayName: 'Limit',
				name: 'limit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Max number of results to return',
			},
			{
				displayName: 'Maximum Pages',
				name: 'maxPages',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 10000,
				description: 'A feed with more pages is incomplete',
			},
			MAXIMUM_REPLY_SIZE,
			{
				displayName: 'Maximum Rows',
				name: 'maxRows',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1000000,
				description: 'A feed with more rows is incomplete',
			},
			{
				displayName: 'Pages in Parallel',
				name: 'pagesInParallel',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10 },
				default: 1,
				description:
					'Pages that are on their way together, for offset paging with a total. Safe, because each page shares a row with the one before.',
			},
			RETRIES,
			TIME_OUT,
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: ['sendRecord'] } },
		options: [
			DELAY,
			MAXIMUM_REPLY_SIZE,
			RETRIES,
			{
				displayName: 'Retry Unsafe Calls',
				name: 'retryUnsafe',
				type: 'boolean',
				default: false,
				description:
					'Whether POST and PATCH are tried again too. The server may have carried out the first call, and then does it twice.',
			},
			TIME_OUT,
		],
	},
];
