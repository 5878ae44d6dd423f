/** Where the account stands, and its groups. */
import type { INodeProperties } from 'n8n-workflow';
import { ignoreCase, pastedTable, tableRows } from './table';

const byConditions = { displayOptions: { show: { by: ['conditions'] } } };
const byTable = { displayOptions: { show: { by: ['table'] } } };

/** Fields of one rule. @param target where somebody who meets the conditions goes */
const ruleFields = (target: INodeProperties, meaning: string): INodeProperties[] => [
	{
		displayName: 'Rule By',
		name: 'by',
		type: 'options',
		default: 'conditions',
		noDataExpression: true,
		options: [
			{ name: 'Conditions', value: 'conditions', description: 'For everyone who meets them' },
			{ name: 'Value Table', value: 'table', description: 'By what a field holds' },
		],
	},
	{
		displayName: 'Conditions',
		name: 'conditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, typeValidation: 'loose' } },
		...byConditions,
		description: 'Without a condition the rule is for everyone',
	},
	{ ...target, ...byConditions },
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		placeholder: 'e.g. ${department}',
		...byTable,
		description: 'What is looked up in the table. Who is not in it gets nothing by this rule.',
	},
	tableRows(meaning, byTable),
	pastedTable(byTable),
	ignoreCase(byTable),
];

const rules = (
	displayName: string,
	name: string,
	description: string,
	fields: INodeProperties[],
	title: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true, fixedCollection: { itemTitle: title } },
	placeholder: 'Add Rule',
	default: {},
	description,
	options: [{ displayName: 'Rule', name: 'values', values: fields }],
});

const TITLE = (target: string) =>
	`={{ $collection.item.value.by === "table" ? "Table of " + $collection.item.value.value : $collection.item.value.${target} }}`;

export const PLACEMENT: INodeProperties[] = [
	{
		displayName: 'Organizational Unit',
		name: 'ou',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. OU=People,DC=corp,DC=example,DC=com',
		description:
			'Where the account stands when no rule says otherwise, as a distinguished name. It must exist; it is never created. In a format a field is always one name, never a path of several.',
	},
	rules(
		'Organizational Unit Rules',
		'ouRules',
		'The first rule that gives an organisational unit decides',
		ruleFields(
			{
				displayName: 'Organizational Unit',
				name: 'ou',
				type: 'string',
				default: '',
				placeholder: 'e.g. OU=Sales,OU=People,DC=corp,DC=example,DC=com',
			},
			'the distinguished name of an organisational unit',
		),
		TITLE('ou'),
	),
	{
		displayName: 'Groups',
		name: 'groups',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. CN=Staff,OU=Groups,DC=corp,DC=example,DC=com',
		description:
			'Groups of people to whom no rule gives any, one a line: distinguished names, or account names of groups',
	},
	rules(
		'Group Rules',
		'groupRules',
		'Each rule that fits adds its groups. All groups that the rules can give are managed: AD Provision may take people out of these, and of no others.',
		ruleFields(
			{
				displayName: 'Groups',
				name: 'groups',
				type: 'string',
				typeOptions: { rows: 2 },
				default: '',
				placeholder: 'e.g. CN=Sales,OU=Groups,DC=corp,DC=example,DC=com',
				description: 'One a line: distinguished names, or account names of groups',
			},
			'groups, with semicolons between them',
		),
		TITLE('groups'),
	),
];
