import {
	NodeConnectionTypes,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { RejectedPerson } from '../../lib/contracts';
import { compileMapping, rejectSharedKeys, type Mapping } from '../../lib/mapping/map';
import { MappingSettingsError } from '../../lib/mapping/parameters';
import { properties } from './descriptions';
import { readParameters, type MapParameters } from './parameters';

export class AttributeMap implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Attribute Map',
		name: 'attributeMap',
		icon: { light: 'file:attributeMap.svg', dark: 'file:attributeMap.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ($parameter["attributes"]["values"] ?? []).length }} attributes',
		description: 'Turn HR records into the Active Directory accounts that people should have',
		defaults: { name: 'Attribute Map' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Mapped', 'Rejected'],
		usableAsTool: true,
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const mapped: INodeExecutionData[] = [];
		const rejected: INodeExecutionData[] = [];
		if (items.length === 0) return [mapped, rejected];
		const { settings, evaluate } = readParameters(this);
		const mapping = compiled(this, settings);
		if (mapping instanceof NodeOperationError) {
			if (!this.continueOnFail()) throw mapping;
			const withError = this.getNode().onError === 'continueErrorOutput';
			return [mapped, items.map(({ json }, item) => unmapped(json, mapping, item, withError))];
		}
		const outcomes = rejectSharedKeys(
			items.map(({ json }, item) => mapping(json, evaluate(item))),
			items.map(({ json }) => json),
		);
		outcomes.forEach((outcome, item) => {
			if ('mapped' in outcome) mapped.push({ json: outcome.mapped, pairedItem: { item } });
			else rejected.push({ json: outcome.rejected, pairedItem: { item } });
		});
		if (rejected.length > 0) {
			this.addExecutionHints({
				message: `${rejected.length} of ${items.length} people were rejected. The output Rejected says why.`,
				type: 'warning',
				location: 'outputPane',
			});
		}
		return await Promise.resolve([mapped, rejected]);
	}
}

/**
 * Everybody is rejected with settings that nobody can be mapped with. Were the node just to throw, n8n would pass the HR records through the
 * output Mapped when it continues after an error.
 * @param withError for the error output, to which n8n moves such items; without one it would put the message in the person's place
 */
function unmapped(
	record: IDataObject,
	error: NodeOperationError,
	item: number,
	withError: boolean,
): INodeExecutionData {
	const json: RejectedPerson = {
		key: '',
		displayName: '',
		problems: [{ attribute: '', rule: 'settings', value: '', message: error.message }],
		record,
	};
	return { json, ...(withError ? { error } : {}), pairedItem: { item } };
}

/** @returns an error that names the row when the settings are at fault */
function compiled(context: IExecuteFunctions, settings: MapParameters['settings']): Mapping | NodeOperationError {
	try {
		return compileMapping(settings);
	} catch (error) {
		if (!(error instanceof MappingSettingsError))
			return new NodeOperationError(context.getNode(), error as Error, { itemIndex: 0 });
		return new NodeOperationError(context.getNode(), `'${error.parameter}': ${error.message}`, {
			description: error.whatToDo,
			itemIndex: 0,
		});
	}
}
