/** Runs the node AD Provision in n8n's engine, against a domain controller of the tests. */
import { NodeConnectionTypes, type IDataObject, type INode } from 'n8n-workflow';
import type { FeedReport } from '../../lib/contracts';
import { asAdministrator } from '../directory/administrator';
import { credentialFields } from './directory';
import { chain, node, runWorkflow, TYPES, withCredentials, type RunOptions, type WorkflowRun } from './n8n-core';
import type { Domain } from './samba';

/** As a workflow's JSON has them. */
export type Parameters = Readonly<Record<string, unknown>>;

export type NodeRunOptions = RunOptions & {
	/** Of the credential. */
	readonly fields?: Record<string, unknown>;
	readonly node?: Partial<INode>;
};

/** Start, then AD Provision named "AD". */
export async function runAdProvision(
	domain: Domain,
	parameters: Parameters,
	input: readonly object[],
	{ fields = {}, node: extra = {}, ...options }: NodeRunOptions = {},
): Promise<WorkflowRun> {
	return await runWorkflow(
		{
			nodes: [
				node('Start', TYPES.start, {}),
				node('AD', TYPES.adProvision, parameters as INode['parameters'], { ...withCredentials('adLdapApi'), ...extra }),
			],
			connections: chain('Start', 'AD'),
		},
		{
			credentials: { adLdapApi: credentialFields(domain, fields) as IDataObject as never },
			input: input as readonly IDataObject[],
			...options,
		},
	);
}

/** A resource locator as the editor stores it. */
export function locator(mode: 'list' | 'dn' | 'name', value: string): IDataObject {
	return { __rl: true, mode, value };
}

/** Rows of a fixedCollection. */
export function rows(...values: readonly object[]): IDataObject {
	return { values: values };
}

/** Rows of Attributes: each attribute by its name, written always. */
export function attributeRows(values: Readonly<Record<string, unknown>>): IDataObject {
	return rows(
		...Object.entries(values).map(([attribute, value]) => ({
			attribute: locator('name', attribute),
			...(value === null ? { write: 'clear' } : { value }),
		})),
	);
}

export function outcomes(items: readonly IDataObject[] = []): unknown[] {
	return items.map(({ outcome }) => outcome);
}

/** A field of an item, '' when it is no text. */
export function textIn(item: IDataObject | undefined, field: string): string {
	const value = item?.[field];
	return typeof value === 'string' ? value : '';
}

/** What the Custom HCM Endpoint says of a feed that can be trusted. */
export function feedReport(records: number, changes: Partial<FeedReport> = {}): FeedReport {
	return {
		...{ formatVersion: 1, node: 'Custom HCM Endpoint', feed: 'people', kind: 'full', complete: true, reasons: [] },
		...{ evidence: 'strong', warnings: [], comparison: 'not compared', records, nextSince: null, endpoints: [] },
		...changes,
	};
}

/** An operation of the resource Plan by itself: Start, then AD Provision named "AD". */
export async function runPlanOperation(
	domain: Domain,
	operation: string,
	parameters: Parameters,
	input: readonly object[],
	options: NodeRunOptions = {},
): Promise<WorkflowRun> {
	return await runAdProvision(domain, { resource: 'plan', operation, ...parameters }, input, options);
}

/** Create Plan for the whole feed, with a report of exactly these people. */
export async function createPlan(
	domain: Domain,
	people: readonly object[],
	parameters: Parameters = {},
	options: NodeRunOptions = {},
): Promise<WorkflowRun> {
	const report = JSON.stringify(feedReport(people.length));
	return await runPlanOperation(domain, 'createPlan', { feedReport: report, ...parameters }, people, options);
}

/** A unit of its own for the people of one test, as a plan's scope. */
export async function newScope(parent: string, domain: Domain): Promise<{ ou: string; scope: Parameters }> {
	scopes += 1;
	const ou = `OU=Scope ${scopes},${parent}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
	return { ou, scope: { searchBases: rows({ unit: locator('dn', ou) }) } };
}

let scopes = 0;

/** Who the items are about, and as what. */
export function lifecycles(items: readonly IDataObject[] = []): unknown[] {
	return items.map(({ key, lifecycle }) => [key, lifecycle]);
}

/** A node of the tests that gives these items. */
export const giving = (outputs: readonly string[], items: readonly (readonly IDataObject[])[]) => ({
	description: {
		displayName: 'Giver',
		name: 'giver',
		group: ['transform' as const],
		version: 1,
		description: 'Gives the items of a test',
		defaults: { name: 'Giver' },
		inputs: [NodeConnectionTypes.Main],
		outputs: outputs.map(() => NodeConnectionTypes.Main),
		properties: [],
	},
	execute: () => Promise.resolve(items.map((output) => output.map((json) => ({ json, pairedItem: { item: 0 } })))),
});

/** AD Provision with the resource Plan. */
export const planNode = (name: string, parameters: Parameters): INode =>
	node(name, TYPES.adProvision, { resource: 'plan', ...parameters }, withCredentials('adLdapApi'));
