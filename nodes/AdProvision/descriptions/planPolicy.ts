/** Create Plan: what a plan may do, and how much of it. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { LEAVER_OPTIONS } from './leaving';
import { showFor } from './shared';

const displayOptions: IDisplayOptions = showFor('plan', ['createPlan']);

const collection = (
	displayName: string,
	name: string,
	description: string,
	options: INodeProperties[],
): INodeProperties => ({
	...{ displayName, name, type: 'collection', placeholder: 'Add Option', default: {} },
	...{ displayOptions, description, options },
});

const PLANNED: INodeProperties = {
	displayName: 'Planned',
	name: 'planned',
	type: 'multiOptions',
	noDataExpression: true,
	default: ['create', 'update', 'disable', 'enable'],
	displayOptions,
	options: [
		{ name: 'Create Joiners', value: 'create', description: 'Active people who have no account get one' },
		{
			name: 'Disable Leavers',
			value: 'disable',
			description: 'Whom the HR system says has left, or whose end is past',
		},
		{
			name: 'Disable Missing People',
			value: 'absence',
			description: 'Whoever was missing from two feeds that can be trusted, one after the other',
		},
		{ name: 'Enable Rehires', value: 'enable', description: 'Whom this tool disabled as a leaver, and who is back' },
		{ name: 'Move Accounts', value: 'move', description: 'To the organizational unit that the mapping gives' },
		{ name: 'Rename Accounts', value: 'rename', description: 'Whose name is none of the candidates any more' },
		{ name: 'Update Accounts', value: 'update', description: 'Attributes and groups of people who have an account' },
	],
	description:
		'What a plan may hold. What is not chosen stays as it is; those who would join, leave or come back are named in the notes of the plan.',
};

const MUST_CHANGE: INodeProperties = {
	displayName: 'Must Change at Next Logon',
	name: 'mustChange',
	type: 'boolean',
	default: false,
	description: 'Whether the person has to choose a password of their own at the next logon',
};

const JOINER_OPTIONS = collection('Joiner Options', 'joinerOptions', 'When accounts are made, and what they are then', [
	{
		displayName: 'Days Before Start',
		name: 'daysBefore',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 7,
		description:
			'Whole days before the start at which the account is made. Without this option: on the day of the start.',
	},
	MUST_CHANGE,
	{
		displayName: 'Until the Start',
		name: 'until',
		type: 'options',
		default: 'pending',
		options: [
			{ name: 'Disabled', value: 'pending', description: 'A later plan enables it, with a new password' },
			{ name: 'Enabled', value: 'enabled', description: 'The person can log on before the start' },
		],
		description: 'What the account is between the day it is made and the start. Without this option: disabled.',
	},
]);

const MOVER_OPTIONS = collection('Mover Options', 'moverOptions', 'What is left alone in accounts that are there', [
	{
		displayName: 'Keep Attributes',
		name: 'keep',
		type: 'string',
		default: '',
		placeholder: 'e.g. telephoneNumber, mobile',
		description: 'LDAP names with commas between them. Where these have a value, it is never overwritten.',
	},
]);

/** Those of Disable, which means the same; when the account ends, the person's end date says. */
const LEAVING = (LEAVER_OPTIONS.options as INodeProperties[]).filter(({ name }) => name !== 'expiresAt');

const DELETING: INodeProperties = {
	displayName: 'Delete After Days',
	name: 'deleteAfterDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 90,
	description:
		'Days after the leave when the account is deleted, in a change of its own, if it still bears the mark of this tool. Without this option it never is. An expression may only point to a field of one node, such as Settings.',
};

const REHIRE_OPTIONS = collection('Rehire Options', 'rehireOptions', 'How somebody comes back', [
	MUST_CHANGE,
	{
		displayName: 'Restore From Snapshot',
		name: 'restore',
		type: 'boolean',
		default: true,
		description:
			'Whether organisational unit, groups and attributes become what they were before the person left. What the mapping gives comes on top. Without this option: yes.',
	},
	{
		displayName: 'Within Days',
		name: 'withinDays',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 90,
		description: 'Whoever left longer ago is a matter for a person to look at. Without this option: 90.',
	},
]);

const GROUP_OPTIONS = collection('Group Options', 'groupOptions', 'Whether people are taken out of groups', [
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		default: 'managed',
		noDataExpression: true,
		options: [
			{ name: 'Add Only', value: 'add', description: 'Nobody is taken out of a group' },
			{
				name: 'Managed Set',
				value: 'managed',
				description: 'People are taken out of groups that the mapping’s rules can give and do not give them',
			},
		],
		description: 'Without this option: add only',
	},
	{
		displayName: 'Retired Groups',
		name: 'retired',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. CN=Old Team,OU=Groups,DC=corp,DC=example,DC=com',
		description: 'Groups that no rule gives any more, one a line. With Managed Set people are taken out of these too.',
	},
]);

const NAME_OPTIONS = collection('Name Options', 'nameOptions', 'How names are given to new accounts', [
	{
		displayName: 'Same Candidate for Mail and UPN',
		name: 'sameCandidate',
		type: 'boolean',
		default: true,
		description:
			'Whether mail and user principal name take the candidate at the same place of their ladders. Without this option each takes its first free one.',
	},
]);

const GUARD_ROW: INodeProperties[] = [
	{
		displayName: 'Of',
		name: 'rule',
		type: 'options',
		noDataExpression: true,
		default: 'disable',
		options: [
			{ name: 'All Changes', value: 'allChanges' },
			{ name: 'Create', value: 'create' },
			{ name: 'Delete', value: 'delete' },
			{ name: 'Disable', value: 'disable', description: 'Those of the last 24 hours are counted in' },
			{ name: 'Group Removal', value: 'groupRemoval' },
			{ name: 'Move', value: 'move' },
			{ name: 'One Attribute', value: 'attribute', description: 'One attribute changing for many, whichever it is' },
			{ name: 'Rename', value: 'rename' },
		],
	},
	{
		displayName: 'Counted In',
		name: 'unit',
		type: 'options',
		noDataExpression: true,
		default: 'count',
		displayOptions: { hide: { rule: ['attribute'] } },
		options: [
			{ name: 'People', value: 'count' },
			{ name: 'Percent', value: 'percent', description: 'Of the enabled accounts that were matched' },
		],
	},
	{
		displayName: 'At Most',
		name: 'most',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 20,
		description:
			'More than that is over the limit. For One Attribute: percent of the enabled accounts that were matched. An expression may only point to a field of one node, such as Settings.',
	},
];

const GUARDS: INodeProperties[] = [
	{
		displayName: 'Guards',
		name: 'guards',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			fixedCollection: { itemTitle: '={{ $collection.item.value.rule }}' },
		},
		placeholder: 'Add Guard',
		default: {},
		displayOptions,
		description:
			'A plan beyond one of these is applied only when Approved Over Limit says so. For Disable and for Delete there always is one: 5 % of the enabled accounts matched, at least 3 and at most 20. A guard of your own takes its place. Two of the same kind, people and percent: the lower one counts.',
		options: [{ displayName: 'Guard', name: 'values', values: GUARD_ROW }],
	},
	{
		displayName: 'Minimum Feed Size',
		name: 'minimumFeed',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1,
		displayOptions: showFor('plan', ['createPlan'], { planInput: ['whole'] }),
		description:
			'With fewer people in the feed (mapped, rejected and out of scope) the plan is over the limit. An expression may only point to a field of one node, such as Settings.',
	},
];

export const PLAN_POLICY: INodeProperties[] = [
	PLANNED,
	JOINER_OPTIONS,
	MOVER_OPTIONS,
	{
		...LEAVER_OPTIONS,
		displayOptions,
		description: 'What else happens when somebody leaves',
		options: [...LEAVING, DELETING].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
	REHIRE_OPTIONS,
	GROUP_OPTIONS,
	NAME_OPTIONS,
	...GUARDS,
];
