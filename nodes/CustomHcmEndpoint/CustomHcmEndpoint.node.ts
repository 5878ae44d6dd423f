import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { properties } from './descriptions';
import { getRecords } from './getRecords';

export class CustomHcmEndpoint implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Custom HCM Endpoint',
		name: 'customHcmEndpoint',
		icon: { light: 'file:customHcmEndpoint.svg', dark: 'file:customHcmEndpoint.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ { jumpCloudUsers: "JumpCloud users", custom: "custom endpoint" }[$parameter["source"]] }}',
		description: 'Read people from JumpCloud or any HR system with an HTTP interface, whole or not at all',
		defaults: { name: 'Custom HCM Endpoint' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Records', 'Feed Report'],
		usableAsTool: true,
		credentials: [
			{ name: 'jumpCloudApi', required: true, displayOptions: { show: { authentication: ['jumpCloud'] } } },
		],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await getRecords(this);
	}
}
