/** The resource Plan: its operations, and which parameters belong to which of them. */
import type { INodeProperties } from 'n8n-workflow';
import { APPLYING, OPTIONS } from './planApply';
import { PLAN_DIRECTORY, PLAN_PEOPLE } from './planInput';
import { PLAN_POLICY } from './planPolicy';

const OPERATION: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['plan'] } },
	options: [
		{
			name: 'Apply Plan',
			value: 'applyPlan',
			description: 'Do what was approved, whole or in part, after comparing it with the directory once more',
			action: 'Apply a plan',
		},
		{
			name: 'Create Plan',
			value: 'createPlan',
			description: 'Compare all people with the directory and say what would be done. Writes nothing.',
			action: 'Create a plan',
		},
		{
			name: 'Create Undo Plan',
			value: 'createUndoPlan',
			description: 'Say what taking applied changes back would do, for approval. Writes nothing.',
			action: 'Create an undo plan',
		},
		{
			name: 'Undo',
			value: 'undo',
			description: 'Take applied changes back where nobody has changed the values since',
			action: 'Undo applied changes',
		},
	],
	default: 'createPlan',
};

export const PLAN: INodeProperties[] = [
	OPERATION,
	...PLAN_PEOPLE,
	...PLAN_DIRECTORY,
	...PLAN_POLICY,
	...APPLYING,
	OPTIONS,
];
