import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { adLdapApiTest } from './credentialTest';
import { properties } from './descriptions';
import { searchAttributes, searchGroups, searchReadable, searchUnits, searchUsers } from './lists';
import { operationOf } from './operations';
import { planOperationOf } from './operations/plan';
import { runPlanOperation } from './operations/plan/run';
import { runOperation } from './run';

export class AdProvision implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AD Provision',
		name: 'adProvision',
		icon: { light: 'file:adProvision.svg', dark: 'file:adProvision.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) + ": " + $parameter["resource"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Plan, approve, apply and undo changes in Active Directory; create, update, disable and look up users',
		defaults: { name: 'AD Provision' },
		inputs: [NodeConnectionTypes.Main],
		// A literal text: n8n evaluates it in the editor, where nothing of this file exists.
		outputs:
			'={{ (({ "user:get": ["Found", "Not Found"], "user:create": ["Created", "Exists"], "user:getMany": ["Users"], "group:getMany": ["Groups"], "group:getMembers": ["Members"], "organizationalUnit:getMany": ["Organizational Units"], "organizationalUnit:create": ["Created", "Exists"], "plan:createPlan": ["Plan", "Changes", "Problems"], "plan:createUndoPlan": ["Plan", "Changes", "Problems"], "plan:applyPlan": ["Applied", "Failed", "Held Back"], "plan:undo": ["Applied", "Failed"] })[$parameter["resource"] + ":" + $parameter["operation"]] || ["Done"]).concat($parameter["resource"] === "plan" ? [] : "Failed").map((name) => ({ type: "main", displayName: name })) }}',
		// Under its default name; for n8n to hide in its views, and stored with the execution all the same.
		sensitiveOutputFields: ['initialPassword'],
		usableAsTool: true,
		credentials: [{ name: 'adLdapApi', required: true, testedBy: 'adLdapApiTest' }],
		properties,
	};

	methods = {
		credentialTest: { adLdapApiTest },
		listSearch: { searchAttributes, searchGroups, searchReadable, searchUnits, searchUsers },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const planOperation = planOperationOf(this);
		if (planOperation) return await runPlanOperation(this, planOperation);
		const operation = operationOf(this);
		if (!operation)
			throw new NodeOperationError(this.getNode(), 'The resource has no such operation', {
				description: 'Choose Resource and Operation from their lists.',
			});
		return await runOperation(this, operation);
	}
}
