import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
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

/** @throws NodeOperationError that names the row */
function compiled(context: IExecuteFunctions, settings: MapParameters['settings']): Mapping {
	try {
		return compileMapping(settings);
	} catch (error) {
		if (!(error instanceof MappingSettingsError))
			throw new NodeOperationError(context.getNode(), error as Error, { itemIndex: 0 });
		throw new NodeOperationError(context.getNode(), `'${error.parameter}': ${error.message}`, {
			description: error.whatToDo,
			itemIndex: 0,
		});
	}
}
