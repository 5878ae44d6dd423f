/** A value table, wherever one stands. */
import type { INodeProperties } from 'n8n-workflow';

type Show = Pick<INodeProperties, 'displayOptions'>;

/** @param meaning what the right column is */
export const tableRows = (meaning: string, shown: Show = {}): INodeProperties => ({
	displayName: 'Value Table',
	name: 'table',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.from ? $collection.item.value.from + " → " + $collection.item.value.to : "" }}',
		},
	},
	placeholder: 'Add Row',
	default: {},
	...shown,
	description: `What each value becomes: ${meaning}`,
	options: [
		{
			displayName: 'Row',
			name: 'values',
			values: [
				{ displayName: 'From', name: 'from', type: 'string', default: '', noDataExpression: true },
				{ displayName: 'To', name: 'to', type: 'string', default: '', noDataExpression: true },
			],
		},
	],
});

export const pastedTable = (shown: Show = {}): INodeProperties => ({
	displayName: 'Value Table, Pasted',
	name: 'pastedTable',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	noDataExpression: true,
	placeholder: 'e.g. Sales;OU=Sales',
	...shown,
	description:
		'The same as text: CSV with two columns (comma, semicolon or tab between them), or JSON such as {"from": "to"}. Rows above have the last word.',
});

export const ignoreCase = (shown: Show = {}): INodeProperties => ({
	displayName: 'Value Table Ignores Case',
	name: 'ignoreCase',
	type: 'boolean',
	default: false,
	noDataExpression: true,
	...shown,
	description: 'Whether "Sales" finds the row of "SALES"',
});
