import {
	executeFilter,
	NodeConnectionTypes,
	NodeOperationError,
	type FilterValue,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { RejectedPerson } from '../../lib/contracts';
import type { MappingOutcome } from '../../lib/mapping/batch';
import { compileMapping, type Mapping } from '../../lib/mapping/map';
import { MappingSettingsError } from '../../lib/mapping/parameters';
import { adLdapApiTest } from '../AdProvision/credentialTest';
import { searchAttributes } from './attributeList';
import { properties } from './descriptions';
import { readParameters, type MapParameters } from './parameters';

/** So many people at once; then whatever else n8n has to do gets its turn, cancelling included. */
const TURN = 500;

export class AttributeMap implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Attribute Map',
		name: 'attributeMap',
		icon: { light: 'file:attributeMap.svg', dark: 'file:attributeMap.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { custom: "Custom", jumpCloud: "JumpCloud to AD", microsoftGraph: "Microsoft Graph to AD", scim: "SCIM to AD" }[$parameter["preset"]] }}',
		description: 'Turn HR records into the Active Directory accounts that people should have',
		defaults: { name: 'Attribute Map' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Mapped', 'Rejected', 'Out of Scope'],
		usableAsTool: true,
		// Only for the list of attributes: a run contacts nothing.
		credentials: [{ name: 'adLdapApi', required: false, testedBy: 'adLdapApiTest' }],
		properties,
	};

	methods = { credentialTest: { adLdapApiTest }, listSearch: { searchAttributes } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (items.length === 0) return [[], [], []];
		const prepared = prepare(this);
		if (prepared instanceof NodeOperationError) {
			if (!this.continueOnFail()) throw prepared;
			const withError = this.getNode().onError === 'continueErrorOutput';
			return [[], items.map(({ json }, item) => unmapped(json, prepared, item, withError)), []];
		}
		const { mapping, evaluate } = prepared;
		const outcomes: MappingOutcome[] = [];
		for (const [item, { json }] of items.entries()) {
			if (item > 0 && item % TURN === 0) await nextTurn(this);
			outcomes.push(mapping.map(json, await evaluate(item)));
		}
		const outputs = sorted(
			mapping.finish(
				outcomes,
				items.map(({ json }) => json),
			),
		);
		hint(this, outputs, items.length);
		return outputs;
	}
}

async function nextTurn(context: IExecuteFunctions): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
	if (context.getExecutionCancelSignal()?.aborted)
		throw new NodeOperationError(context.getNode(), 'The run was cancelled', {
			description: 'Nobody was mapped. Run the workflow again.',
		});
}

function sorted(outcomes: readonly MappingOutcome[]): INodeExecutionData[][] {
	const mapped: INodeExecutionData[] = [];
	const rejected: INodeExecutionData[] = [];
	const outOfScope: INodeExecutionData[] = [];
	outcomes.forEach((outcome, item) => {
		const pairedItem = { item };
		if ('mapped' in outcome) mapped.push({ json: outcome.mapped, pairedItem });
		else if ('rejected' in outcome) rejected.push({ json: outcome.rejected, pairedItem });
		else outOfScope.push({ json: outcome.outOfScope, pairedItem });
	});
	return [mapped, rejected, outOfScope];
}

function hint(context: IExecuteFunctions, [mapped = [], rejected = []]: INodeExecutionData[][], people: number): void {
	if (rejected.length > 0)
		context.addExecutionHints({
			message: `${rejected.length} of ${people} people were rejected. The output Rejected says why.`,
			type: 'warning',
			location: 'outputPane',
		});
	const looked = mapped.filter(({ json }) => (json['review'] as readonly unknown[]).length > 0).length;
	if (looked > 0)
		context.addExecutionHints({
			message: `${looked} of ${people} people have something to look at. Their field review says what.`,
			type: 'info',
			location: 'outputPane',
		});
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

type Prepared = { readonly mapping: Mapping; readonly evaluate: MapParameters['evaluate'] };

/** @returns an error that names the row when the settings are at fault */
function prepare(context: IExecuteFunctions): Prepared | NodeOperationError {
	try {
		const { settings, evaluate } = readParameters(context);
		return { mapping: compileMapping(settings, (filter) => executeFilter(filter as FilterValue)), evaluate };
	} catch (error) {
		if (error instanceof MappingSettingsError)
			return new NodeOperationError(context.getNode(), `'${error.parameter}': ${error.message}`, {
				description: error.whatToDo,
				itemIndex: 0,
			});
		return new NodeOperationError(context.getNode(), error as Error, { itemIndex: 0 });
	}
}
