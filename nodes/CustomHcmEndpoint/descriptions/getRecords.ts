/** Parameters of Get Records. */
import type { INodeProperties } from 'n8n-workflow';
import {
	endpointsParameter,
	filterParameter,
	PRESETS,
	type EndpointValues,
	type Preset,
	type PresetName,
} from '../presets';
import { ENDPOINT_FIELDS } from './endpoint';

const OPERATION = { operation: ['getRecords'] };
const shown: Pick<INodeProperties, 'displayOptions'> = { displayOptions: { show: OPERATION } };
const shownFor = (source: string): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { ...OPERATION, source: [source] } },
});

const SOURCES = Object.entries(PRESETS) as ReadonlyArray<[PresetName, Preset]>;

const SOURCE: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	noDataExpression: true,
	options: SOURCES.map(([value, { displayName, description }]) => ({ name: displayName, value, description })).sort(
		(left, right) => (left.name < right.name ? -1 : 1),
	),
	default: 'jumpCloudUsers',
	...shown,
};

/** The few ids that a source asks for, and its filter. */
const idsOf = (source: PresetName, { ids, filter }: Preset): INodeProperties[] => [
	...ids.map(
		({ name, displayName, placeholder, description }): INodeProperties => ({
			displayName,
			name,
			type: 'string',
			required: true,
			default: '',
			placeholder,
			description,
			...shownFor(source),
		}),
	),
	...(filter
		? [
				{
					displayName: filter.displayName,
					name: filterParameter(source),
					type: 'string',
					default: '',
					placeholder: filter.placeholder,
					description: filter.description,
					...shownFor(source),
				} satisfies INodeProperties,
			]
		: []),
];

/** n8n fills a field that is not stored from its own default, not from that of the collection: both must say the same. */
const withDefaults = (values: EndpointValues): INodeProperties[] =>
	ENDPOINT_FIELDS.map((field) => ({ ...field, default: storedAs(field, values) }));

function storedAs(field: INodeProperties, values: EndpointValues): INodeProperties['default'] {
	const value = values[field.name as keyof EndpointValues];
	return (field.type === 'resourceLocator' ? { __rl: true, mode: 'path', value } : value) as INodeProperties['default'];
}

const rowOf = (values: EndpointValues) =>
	Object.fromEntries(ENDPOINT_FIELDS.map((field) => [field.name, storedAs(field, values)]));

/**
 * Each source's own rows, under a name of their own: with one name for all, n8n 2.41 keeps an edited field when the source is switched and fills the
 * others with the new defaults, so that two products' settings mix.
 */
const endpointsOf = (source: PresetName, { endpoints }: Preset): INodeProperties[] => {
	const [first] = endpoints;
	if (!first) return [];
	return [
		{
			displayName: 'Endpoints',
			name: endpointsParameter(source),
			type: 'fixedCollection',
			typeOptions: {
				multipleValues: true,
				sortable: true,
				fixedCollection: { itemTitle: '={{ $collection.item.value.name }}' },
			},
			required: true,
			placeholder: 'Add Endpoint',
			...shownFor(source),
			default: { values: endpoints.map(rowOf) },
			description:
				'Where the people are, and how the replies are read. The first one says who there is; others add to it.',
			options: [{ displayName: 'Endpoint', name: 'values', values: withDefaults(first) }],
		},
	];
};

const JOIN: INodeProperties = {
	displayName: 'Join',
	name: 'join',
	type: 'collection',
	placeholder: 'Add setting',
	default: {},
	description: 'How records of several endpoints are put together: on their primary keys, compared as trimmed text',
	...shown,
	options: [
		{
			displayName: 'Records of Later Endpoints',
			name: 'as',
			type: 'options',
			default: 'nested',
			options: [
				{ name: 'Nested', value: 'nested', description: "Under the endpoint's name" },
				{
					name: 'Spread',
					value: 'spread',
					description: 'Their fields beside those of the first, over fields of the same name',
				},
			],
		},
		{
			displayName: 'Records of Nobody',
			name: 'unmatched',
			type: 'options',
			default: 'report',
			options: [
				{ name: 'Drop', value: 'drop' },
				{ name: 'Drop and Report', value: 'report', description: 'The report warns of them' },
				{ name: 'Keep', value: 'keep', description: 'As people of their own' },
			],
			description: 'Records of later endpoints whose key the first one does not have',
		},
	],
};

const notice = (source: string, { hint }: Preset): INodeProperties => ({
	displayName:
		`The settings below are those of the source. Choosing another source replaces them by its own: what you changed is lost. ${hint}`.trim(),
	name: 'sourceNotice',
	type: 'notice',
	default: '',
	...shownFor(source),
});

export const getRecordsProperties: INodeProperties[] = [
	SOURCE,
	...SOURCES.flatMap(([source, preset]) => idsOf(source, preset)),
	...SOURCES.map(([source, preset]) => notice(source, preset)),
	...SOURCES.flatMap(([source, preset]) => endpointsOf(source, preset)),
	JOIN,
];
