/** Apply Plan, Undo and Create Undo Plan; and the options of all operations on plans. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { deliveryOf } from './password';
import { ALLOW_AS_TOOL, showFor } from './shared';

const UNDOING = ['createUndoPlan', 'undo'];
const WRITING = ['applyPlan', 'undo'];
const PLANNING = ['createPlan', 'createUndoPlan'];

export const APPLYING: INodeProperties[] = [
	{
		displayName: 'Plan or Changes',
		name: 'approved',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: showFor('plan', ['applyPlan']),
		placeholder: "e.g. {{ $('Create Plan').first().json }}",
		description:
			'The plan, or those of its changes that were approved: one in each item, or a list. They are sealed: what was edited is refused.',
	},
	{
		displayName: 'Applied Changes',
		name: 'outcomes',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: showFor('plan', UNDOING),
		placeholder: "e.g. {{ $('Apply Plan').all().map((item) => item.json) }}",
		description:
			'What Apply Plan put out, from Applied or from Failed: one in each item, or a list. They are sealed: what was edited is refused.',
	},
	{
		displayName: 'Approved Over Limit',
		name: 'approvedOverLimit',
		type: 'string',
		default: '',
		displayOptions: showFor('plan', ['applyPlan']),
		placeholder: 'e.g. {{ $json.hash }}',
		description:
			'Only for a plan beyond its guards: the field digest.hash of this very plan, as whoever approved it has confirmed it. Everything else is refused.',
	},
	{
		displayName: 'Approver',
		name: 'approver',
		type: 'string',
		default: '',
		displayOptions: showFor('plan', WRITING),
		placeholder: 'e.g. {{ $json.user.email }}',
		description: 'Who approved it. It stands in every outcome.',
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		displayOptions: showFor('plan', ['applyPlan']),
		description: 'Whether to compare everything once more and write nothing. What would be done goes out by Held Back.',
	},
	...deliveryOf((further) => showFor('plan', ['applyPlan'], further)),
	{
		displayName: 'Delete Created Accounts',
		name: 'deleteCreated',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: showFor('plan', UNDOING),
		description:
			'Whether accounts that were created are deleted, as long as nobody has logged on with them and nobody changed them. Otherwise they are disabled and marked.',
	},
];

const only = (operation: readonly string[]): IDisplayOptions => ({ show: { '/operation': [...operation] } });

/** Alphabetical. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show: { resource: ['plan'] } },
	options: [
		{ ...ALLOW_AS_TOOL, displayOptions: only(WRITING) },
		{
			displayName: 'Canary',
			name: 'canary',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			displayOptions: only(['applyPlan']),
			description: 'Only the first so many changes are applied; the rest goes out by Held Back, to be applied later',
		},
		{
			displayName: 'CSV Binary Field',
			name: 'csvField',
			type: 'string',
			default: 'csv',
			displayOptions: only(PLANNING),
			description: 'Name of the binary field of the plan that holds the whole list as CSV. Empty: none.',
		},
		{
			displayName: 'Expires After',
			name: 'expiresAfterHours',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 72,
			displayOptions: only(PLANNING),
			description: 'Hours after which the plan cannot be applied any more',
		},
		{
			displayName: 'Lease Attribute',
			name: 'leaseAttribute',
			type: 'string',
			default: 'description',
			displayOptions: only(WRITING),
			description: 'The attribute of the lease object that is written',
		},
		{
			displayName: 'Lease Object',
			name: 'leaseObject',
			type: 'string',
			default: '',
			placeholder: 'e.g. CN=Provisioning Lease,OU=Services,DC=corp,DC=example,DC=com',
			displayOptions: only(WRITING),
			description:
				'Distinguished name of an object made beforehand, which keeps two plans from being applied at once. Empty: none.',
		},
		{
			displayName: 'Leave Out',
			name: 'leaveOut',
			type: 'string',
			default: '',
			placeholder: "e.g. {{ $('Ask the Approval Desk').first().json.leftOut }}",
			displayOptions: only(['applyPlan']),
			description:
				'IDs of changes that the approver left out: a list, or a text with commas between them. They go out by Held Back. One that does not exist is refused.',
		},
		{
			displayName: 'Mark Attribute',
			name: 'markAttribute',
			type: 'string',
			default: 'carLicense',
			displayOptions: only(['createPlan']),
			description:
				'A multi-valued attribute that holds the signed mark saying why an account is disabled, and the snapshot of those who left. Users must not be able to write it on themselves.',
		},
		{
			displayName: 'Max Changes',
			name: 'maxChanges',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10_000,
			displayOptions: only(['createPlan']),
			description:
				'With more people to change than that there is no plan at all. An expression may only point to a field of one node, such as Settings.',
		},
		{
			displayName: 'Only If Still Planned',
			name: 'stillPlanned',
			type: 'json',
			default: '',
			placeholder: "e.g. {{ $('Create Plan').first(0).json }}",
			displayOptions: only(['applyPlan']),
			description:
				'A plan made again after the approval. Only approved changes that stand in it unchanged are applied, the rest goes out by Held Back; nothing of it is ever applied.',
		},
		{
			displayName: 'Rows in Digest',
			name: 'digestRows',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 50,
			displayOptions: only(PLANNING),
			description: 'People whom the digest shows; the rest is a number. Those of high risk are always shown.',
		},
		{
			displayName: 'Stop After Failures',
			name: 'stopAfterFailures',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			displayOptions: only(WRITING),
			description:
				'When so many people have failed, the rest is not tried and goes out by Failed. Without this option all are tried.',
		},
	],
};
