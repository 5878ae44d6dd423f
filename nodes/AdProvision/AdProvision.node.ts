import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { adLdapApiTest } from './credentialTest';
import { properties } from './descriptions';
import { operation as createOrUpdate } from './operations/user/createOrUpdate.operation';
import { operation as disable } from './operations/user/disable.operation';
import { operation as get } from './operations/user/get.operation';
import { runOperation } from './run';

const OPERATIONS = { user: { createOrUpdate, disable, get } } as const;

export class AdProvision implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AD Provision',
		name: 'adProvision',
		icon: { light: 'file:adProvision.svg', dark: 'file:adProvision.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ { createOrUpdate: "create or update", disable: "disable", get: "get" }[$parameter["operation"]] + ": " + $parameter["resource"] }}',
		description: 'Create, update, disable and look up user accounts in Active Directory',
		defaults: { name: 'AD Provision' },
		inputs: [NodeConnectionTypes.Main],
		// A literal text: n8n evaluates it in the editor, where nothing of this file exists.
		outputs:
			'={{ $parameter["operation"] === "get" ? [{ type: "main", displayName: "Found" }, { type: "main", displayName: "Not Found" }, { type: "main", displayName: "Failed" }] : [{ type: "main", displayName: "Done" }, { type: "main", displayName: "Failed" }] }}',
		usableAsTool: true,
		credentials: [{ name: 'adLdapApi', required: true, testedBy: 'adLdapApiTest' }],
		properties,
	};

	methods = { credentialTest: { adLdapApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0) as keyof (typeof OPERATIONS)['user'];
		return await runOperation(this, OPERATIONS.user[operation]);
	}
}
