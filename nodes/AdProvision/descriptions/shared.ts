/** Parameters that several resources share. A name means the same wherever it stands, so that switching the operation keeps what was entered. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

type Conditions = NonNullable<IDisplayOptions['show']>;

/** Shown for these operations of a resource, and only where the further conditions hold. */
export function showFor(resource: string, operation: readonly string[], further: Conditions = {}): IDisplayOptions {
	return { show: { resource: [resource], operation: [...operation], ...further } };
}

type Locator = {
	readonly displayName: string;
	readonly name: string;
	readonly description: string;
	readonly required?: boolean;
	readonly displayOptions?: IDisplayOptions;
};

/** One object of the directory: from a list, by its distinguished name, or by name. */
function locator(
	{ displayName, name, description, required = false, displayOptions }: Locator,
	searchListMethod: string,
	examples: { readonly dn: string; readonly name: string },
	nameMode: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required,
		...(displayOptions ? { displayOptions } : {}),
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose…',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By Distinguished Name', name: 'dn', type: 'string', placeholder: `e.g. ${examples.dn}` },
			{ displayName: nameMode, name: 'name', type: 'string', placeholder: `e.g. ${examples.name}` },
		],
	};
}

export function unitLocator(facts: Locator): INodeProperties {
	const examples = { dn: 'OU=People,DC=corp,DC=example,DC=com', name: 'People' };
	return locator(facts, 'searchUnits', examples, 'By Name');
}

export function groupLocator(facts: Locator): INodeProperties {
	const examples = { dn: 'CN=Staff,OU=Groups,DC=corp,DC=example,DC=com', name: 'Staff' };
	return locator(facts, 'searchGroups', examples, 'By Name');
}

export function userLocator(facts: Locator): INodeProperties {
	const examples = { dn: 'CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com', name: 'ada.lovelace' };
	return locator(facts, 'searchUsers', examples, 'By sAMAccountName');
}

/** An attribute from the schema's list, or by name. */
export function attributeLocator(searchListMethod: string, description: string): INodeProperties {
	return {
		displayName: 'Attribute',
		name: 'attribute',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		noDataExpression: true,
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose an attribute…',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. department' },
		],
	};
}

/** How many at once are no accident any more. */
export function brake(displayOptions: IDisplayOptions, what: string): INodeProperties {
	return {
		displayName: 'At Most per Run',
		name: 'maxPerRun',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 20,
		noDataExpression: true,
		displayOptions,
		description: `A brake: with more ${what} than that in one run nothing is done at all`,
	};
}

/** Get Many: how much of it. */
export function limits(resource: string, operation: readonly string[]): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			displayOptions: showFor(resource, operation),
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: showFor(resource, operation, { returnAll: [false] }),
			description: 'Max number of results to return',
		},
	];
}

/** For every operation that writes. Never an expression: what an agent says must not be able to switch it on. */
export const ALLOW_AS_TOOL: INodeProperties = {
	displayName: 'Allow Writes as a Tool',
	name: 'allowWritesAsTool',
	type: 'boolean',
	default: false,
	noDataExpression: true,
	description:
		'Whether an AI agent may run this operation, with what it makes up as values. Without it the node only reads as a tool.',
};
