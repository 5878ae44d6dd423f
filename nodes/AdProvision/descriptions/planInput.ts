/** Create Plan: the people, how far their feed can be trusted, and the directory that they are compared with. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { showFor, unitLocator } from './shared';

const shown = (further: Record<string, string[]> = {}): IDisplayOptions => showFor('plan', ['createPlan'], further);
const whole = { planInput: ['whole'] };

/** JSON by an expression, mostly. As text: an empty editor of n8n's for JSON shows an error, and no example. */
const JSON_TEXT = { type: 'string', default: '' } as const;

export const PLAN_PEOPLE: INodeProperties[] = [
	{
		displayName: 'Input Is',
		name: 'planInput',
		type: 'options',
		noDataExpression: true,
		default: 'whole',
		displayOptions: shown(),
		options: [
			{
				name: 'Selected People',
				value: 'people',
				description: 'Some people only. Nobody is a leaver because of being absent, and guards count people only.',
			},
			{ name: 'The Whole Feed', value: 'whole', description: 'Everybody whom the HR system has' },
		],
		description: 'Whether all people of the HR system come in, or some of them',
	},
	{
		displayName: 'Mapped Account',
		name: 'mappedAccount',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: shown(),
		description:
			'The account a person should have, as the output Mapped of the Attribute Map node puts it out. One empty item, as Always Output Data makes it, means nobody.',
	},
	{
		displayName: 'Feed Report',
		name: 'feedReport',
		...JSON_TEXT,
		required: true,
		displayOptions: shown(whole),
		placeholder: "e.g. {{ $('Custom HCM Endpoint').first(1).json }}",
		description:
			'How far the feed can be trusted: the item of the output Feed Report of the Custom HCM Endpoint node. From a feed that was not read whole nobody is a leaver by absence.',
	},
	...[
		{ displayName: 'Rejected People', name: 'rejected', branch: 1, output: 'Rejected' },
		{ displayName: 'People Out of Scope', name: 'outOfScope', branch: 2, output: 'Out of Scope' },
	].map(
		({ displayName, name, branch, output }): INodeProperties => ({
			displayName,
			name,
			...JSON_TEXT,
			displayOptions: shown(whole),
			placeholder: `e.g. {{ $('Attribute Map').all(${branch}).map((item) => item.json) }}`,
			description: `The items of the output ${output} of the Attribute Map node, as a list. They are in the HR system, and so not absent.`,
		}),
	),
	{
		displayName: 'Missing in the Plan Before',
		name: 'missingBefore',
		...JSON_TEXT,
		displayOptions: shown(whole),
		placeholder: "e.g. {{ $('Last Plan').first().json.missing }}",
		description:
			'The field feed.missing of the plan before, kept by the workflow. Nobody leaves by absence who was not missing there too. Empty: this is the first plan, and nobody leaves by absence.',
	},
];

const unitRows = (displayName: string, name: string, button: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		fixedCollection: {
			itemTitle: '={{ $collection.item.value.unit.cachedResultName || $collection.item.value.unit.value || "" }}',
		},
	},
	placeholder: button,
	default: {},
	displayOptions: shown(),
	description,
	options: [
		{
			displayName: 'Organizational Unit',
			name: 'values',
			values: [
				unitLocator({
					displayName: 'Organizational Unit',
					name: 'unit',
					required: true,
					description: 'With everything below it',
				}),
			],
		},
	],
});

const SOURCE: INodeProperties[] = [
	{
		displayName: 'Directory',
		name: 'directorySource',
		type: 'options',
		noDataExpression: true,
		default: 'live',
		displayOptions: shown(),
		options: [
			{ name: 'Items', value: 'items', description: 'Objects as AD Provision lists them, for trying a flow' },
			{ name: 'LDIF File', value: 'ldifFile', description: 'An export, for trying a flow without a domain' },
			{ name: 'LDIF Text', value: 'ldifText', description: 'An export as text' },
			{ name: 'Live', value: 'live', description: 'The domain that the credential leads to' },
		],
		description: 'What the people are compared with. Nothing is sent to the domain with an export or with items.',
	},
	{
		displayName: 'Snapshot Items',
		name: 'snapshotItems',
		...JSON_TEXT,
		required: true,
		displayOptions: shown({ directorySource: ['items'] }),
		placeholder: "e.g. {{ $('Get Many').all().map((item) => item.json) }}",
		description: 'Objects with dn and their attributes by LDAP name, as a list',
	},
	{
		displayName: 'LDIF',
		name: 'ldifText',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		displayOptions: shown({ directorySource: ['ldifText'] }),
		placeholder: 'e.g. dn: CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com',
		description: 'Objects as ldifde or ldbsearch write them (RFC 2849)',
	},
	{
		displayName: 'LDIF Binary Field',
		name: 'ldifField',
		type: 'string',
		required: true,
		default: 'data',
		displayOptions: shown({ directorySource: ['ldifFile'] }),
		placeholder: 'e.g. data',
		hint: 'The name of the field of the first item that holds the file, or the field itself by an expression',
		description: 'The file, as ldifde or ldbsearch write it (RFC 2849)',
	},
];

export const PLAN_DIRECTORY: INodeProperties[] = [
	...SOURCE,
	unitRows(
		'Search Bases',
		'searchBases',
		'Add Search Base',
		'Where the accounts of these people stand. Accounts elsewhere are never changed. Empty: the search base of the credential, or the whole domain.',
	),
	{
		displayName: 'LDAP Filter',
		name: 'filterText',
		type: 'string',
		default: '',
		displayOptions: shown(),
		placeholder: 'e.g. (employeeType=internal)',
		hint: 'The value of every expression is escaped, so it can change what is looked for, never the filter',
		description: 'Only users that an LDAP filter (RFC 4515) takes are in scope. Empty: all users below the bases.',
	},
	unitRows(
		'Excluded Organizational Units',
		'excludedOus',
		'Add Organizational Unit',
		'Whoever stands in or below one of these is not in scope, service accounts for example',
	),
	{
		displayName: 'Anchor Attribute',
		name: 'matchAttribute',
		type: 'string',
		required: true,
		default: 'employeeID',
		placeholder: 'e.g. employeeID',
		displayOptions: shown(),
		description: 'The attribute that holds the key of the HR system',
	},
	{
		displayName: 'Match On',
		name: 'matchOn',
		type: 'string',
		default: '',
		placeholder: 'e.g. mail, sAMAccountName',
		displayOptions: shown(),
		description:
			'Further attributes, with commas between them, by which people without a match are looked for. What is found so is for a person to look at; nothing is written to it.',
	},
];
