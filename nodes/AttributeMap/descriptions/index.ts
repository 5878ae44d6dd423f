/** The node's parameters. */
import type { INodeProperties } from 'n8n-workflow';
import { parameterOf, PRESETS, type Preset, type PresetName, type Section } from '../presets';
import { ATTRIBUTE_FIELDS, DATE_FORMAT } from './attributes';
import { NAME_FIELDS } from './names';
import { PLACEMENT } from './placement';

const NAMES = Object.keys(PRESETS) as PresetName[];

const FORMAT_HINT =
	'Text with ${field} is a format, an expression is taken as its result, any other text stands as it is';

const PERSON: INodeProperties[] = [
	{
		displayName: 'Country From',
		name: 'countryFrom',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${country}',
		description:
			'Whose phone numbers and, where no language is known, whose letters: ISO 3166 letters or an English name',
	},
	{
		displayName: 'Language From',
		name: 'languageFrom',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${preferredLanguage}',
		description: 'How letters become ASCII: in German ü becomes ue, in Turkish u. A tag such as de-AT.',
	},
	{
		displayName: 'Previous Keys',
		name: 'previousKeys',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${contractorNumber}',
		description: 'Keys that the person had before, such as a contractor who became an employee; several with commas',
	},
];

const DATES: INodeProperties[] = [
	DATE_FORMAT,
	{
		displayName: 'End Date',
		name: 'endDate',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${terminationDate}',
		description: 'The last working day: the account is open until it is over',
	},
	{
		displayName: 'Start Date',
		name: 'startDate',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${hireDate}',
		description: 'The first working day',
	},
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: '',
		placeholder: 'e.g. Europe/Berlin',
		description: "Where a day begins, for everyone or by a field. Leave empty for the workflow's time zone.",
	},
];

const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'string',
			default: '',
			placeholder: 'e.g. DE',
			description: 'For people whose country nothing tells',
		},
		{
			displayName: 'Default Language',
			name: 'defaultLanguage',
			type: 'string',
			default: '',
			placeholder: 'e.g. de',
			description: 'For people whose language neither a field nor their country tells',
		},
		{
			displayName: 'Fallback Prefix',
			name: 'fallbackPrefix',
			type: 'string',
			default: 'u',
			description: 'Stands before the key when no format gives a name',
		},
		{
			displayName: 'Names Never Given',
			name: 'reservedNames',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. boss, reception',
			description:
				'Names that nobody gets, with commas between them. Administrator, guest, postmaster and their like are never given anyway.',
		},
	],
};

/** Sections with a preset's own defaults, each in a parameter of its own. */
function sectionsOf(preset: PresetName, values: Preset): INodeProperties[] {
	const at = (section: Section) => ({
		name: parameterOf(preset, section),
		displayOptions: { show: { preset: [preset] } },
	});
	return [
		{
			displayName: 'Key',
			...at('key'),
			type: 'string',
			required: true,
			default: values.key,
			placeholder: 'e.g. ${employeeNumber}',
			hint: FORMAT_HINT,
			description: 'What tells people apart for good, such as the employee number. People without one are rejected.',
		},
		{
			displayName: 'Display Name',
			...at('displayName'),
			type: 'string',
			default: values.shownName,
			placeholder: 'e.g. ${firstname} ${lastname}',
			description: 'How approvals and reports call the person',
		},
		{
			displayName: 'Person',
			...at('person'),
			type: 'collection',
			placeholder: 'Add Field',
			default: { ...values.person },
			description: 'What else is known of a person',
			options: PERSON,
		},
		{
			displayName: 'Scope',
			...at('scope'),
			type: 'filter',
			default: { ...values.scope },
			typeOptions: { filter: { version: 2, typeValidation: 'loose' } },
			description: 'Who does not meet the conditions leaves by Out of Scope. Without a condition everyone is in scope.',
		},
		{
			displayName: 'Leaver When',
			...at('leaverWhen'),
			type: 'filter',
			default: { ...values.leaverWhen },
			typeOptions: { filter: { version: 2, typeValidation: 'loose' } },
			description:
				'Who meets the conditions has left. Without a condition nobody has. Use "is equal to false" rather than "is false", which a missing field meets too.',
		},
		{
			displayName: 'Away When',
			...at('awayWhen'),
			type: 'filter',
			default: {},
			typeOptions: { filter: { version: 2, typeValidation: 'loose' } },
			description:
				'Who meets the conditions is away, such as on parental leave: the account is not touched. Without a condition nobody is.',
		},
		{
			displayName: 'Dates',
			...at('dates'),
			type: 'collection',
			placeholder: 'Add Date',
			default: { ...values.dates },
			options: DATES,
		},
		{
			displayName: 'Attributes',
			...at('attributes'),
			type: 'fixedCollection',
			typeOptions: {
				multipleValues: true,
				sortable: true,
				hideOptionalFields: true,
				addOptionalFieldButtonText: 'Add Rule',
				fixedCollection: {
					itemTitle:
						'={{ $collection.item.value.attribute.cachedResultName || $collection.item.value.attribute.value || "" }}',
				},
			},
			placeholder: 'Add Attribute',
			default: values.attributes.length > 0 ? { values: values.attributes } : {},
			description:
				'What is written to the account. A missing or empty field leaves its attribute alone, unless the rule says otherwise.',
			options: [{ displayName: 'Attribute', name: 'values', values: ATTRIBUTE_FIELDS }],
		},
		{
			displayName: 'Names',
			...at('names'),
			type: 'fixedCollection',
			typeOptions: {
				multipleValues: true,
				sortable: true,
				hideOptionalFields: true,
				addOptionalFieldButtonText: 'Add Counter',
				fixedCollection: { itemTitle: '={{ $collection.item.value.name }}' },
			},
			placeholder: 'Add Name',
			default: values.names.length > 0 ? { values: values.names } : {},
			description:
				'Names that nobody else may have. The first free one is taken; when all are in use, the first is numbered.',
			options: [{ displayName: 'Name', name: 'values', values: NAME_FIELDS }],
		},
	] as INodeProperties[];
}

export const properties: INodeProperties[] = [
	{
		displayName: 'Preset',
		name: 'preset',
		type: 'options',
		noDataExpression: true,
		default: 'custom',
		options: NAMES.map((value) => ({
			name: PRESETS[value].displayName,
			value,
			description: PRESETS[value].description,
		})).sort((left, right) => (left.name < right.name ? -1 : 1)),
	},
	{
		displayName:
			"The settings below are the preset's, filled in and yours to change. Choosing another preset replaces them by its own: what you changed is lost. Organizational units, groups and options stay.",
		name: 'presetNotice',
		type: 'notice',
		default: '',
		displayOptions: { hide: { preset: ['custom'] } },
	},
	...NAMES.flatMap((preset) => sectionsOf(preset, PRESETS[preset])),
	...PLACEMENT,
	OPTIONS,
];
