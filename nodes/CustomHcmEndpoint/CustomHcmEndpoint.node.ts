import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { columns, recordsPaths } from './columns';
import { confirmFeed } from './confirmFeed';
import { credentialTests } from './credentialTests';
import { properties } from './descriptions';
import { getRecords } from './getRecords';
import { PRESETS } from './presets';
import { sendRecords } from './sendRecord';

/** For the subtitle: n8n evaluates that in the editor, where nothing of this file exists. */
const SOURCE_NAMES = JSON.stringify(
	Object.fromEntries(Object.entries(PRESETS).map(([source, { displayName }]) => [source, displayName])),
);

const OPERATIONS = { getRecords, sendRecord: sendRecords, confirmFeed } as const;

export class CustomHcmEndpoint implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Custom HCM Endpoint',
		name: 'customHcmEndpoint',
		icon: { light: 'file:customHcmEndpoint.svg', dark: 'file:customHcmEndpoint.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: `={{ ({ confirmFeed: "confirm feed", sendRecord: "send record" })[$parameter["operation"]] ?? (${SOURCE_NAMES})[$parameter["source"]] }}`,
		description:
			'Read people from JumpCloud or any HR system with an HTTP interface, whole or not at all, and write back',
		defaults: { name: 'Custom HCM Endpoint' },
		inputs: [NodeConnectionTypes.Main],
		// A literal text: n8n evaluates it in the editor, where nothing of this file exists.
		outputs:
			'={{ ({ getRecords: ["Records", "Feed Report"], sendRecord: ["Sent", "Failed"], confirmFeed: ["Confirmed"] }[$parameter["operation"]] ?? ["Records", "Feed Report"]).map((displayName) => ({ type: "main", displayName })) }}',
		usableAsTool: true,
		credentials: [
			{
				name: 'jumpCloudApi',
				required: true,
				testedBy: 'jumpCloudApiTest',
				displayOptions: { show: { authentication: ['jumpCloud'], operation: ['getRecords', 'sendRecord'] } },
			},
			{
				name: 'hcmApi',
				required: true,
				testedBy: 'hcmApiTest',
				displayOptions: { show: { authentication: ['hcmApi'], operation: ['getRecords', 'sendRecord'] } },
			},
			{
				name: 'hcmOAuth2Api',
				required: true,
				testedBy: 'hcmOAuth2ApiTest',
				displayOptions: { show: { authentication: ['hcmOAuth2Api'], operation: ['getRecords', 'sendRecord'] } },
			},
		],
		properties,
	};

	methods = { credentialTest: credentialTests, listSearch: { columns, recordsPaths } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0) as keyof typeof OPERATIONS;
		return await OPERATIONS[operation](this);
	}
}
