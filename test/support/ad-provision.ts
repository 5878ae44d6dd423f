/** Runs the node AD Provision in n8n's engine, against a domain controller of the tests. */
import type { IDataObject, INode } from 'n8n-workflow';
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
