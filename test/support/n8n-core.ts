/**
 * Runs whole workflows in this process on n8n-core's real engine: real execution contexts, real expressions, real credential look-up.
 * The package's nodes and credentials come from dist/, as they are shipped; n8n's own stock nodes are not here (see test/e2e).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type IConnections,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IRequestOptionsSimplified,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

const PROJECT = path.resolve(__dirname, '../..');
const PACKAGE = 'n8n-nodes-ad-provisioning';

/** Type names of the package's nodes, as a workflow JSON names them. */
export const TYPES = {
	customHcmEndpoint: `${PACKAGE}.customHcmEndpoint`,
	attributeMap: `${PACKAGE}.attributeMap`,
	adProvision: `${PACKAGE}.adProvision`,
	/** Gives the items of `run(..., { input })`, in the harness only. */
	start: 'test.start',
} as const;

export type RunOptions = {
	/** Decrypted credentials by type name. */
	readonly credentials?: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	/** Items of the node of type `TYPES.start`. Default: one empty item. */
	readonly input?: readonly IDataObject[];
	readonly mode?: WorkflowExecuteMode;
	/** Further node types, such as n8n's own, by their full names. */
	readonly extraNodes?: Readonly<Record<string, INodeType>>;
	/** Kept across runs when the same object is passed again. */
	readonly staticData?: IDataObject;
	/** Called with the engine's cancel function as soon as the run has begun. */
	readonly onStart?: (cancel: () => void) => void;
};

export type WorkflowRun = {
	readonly status: string;
	/** The error that stopped the run, as n8n reports it. */
	readonly error:
		| { readonly message: string; readonly description?: string | null; readonly node?: { name: string } }
		| undefined;
	/** Items of a node's last run, by output; `json` only. */
	readonly out: (node: string) => IDataObject[][];
	/** The same with paired items, binary and error. */
	readonly items: (node: string) => INodeExecutionData[][];
	/** Execution hints of a node's last run. */
	readonly hints: (node: string) => readonly string[];
	readonly run: IRun;
	readonly staticData: IDataObject;
};

type Manifest = { readonly n8n: { readonly nodes: readonly string[]; readonly credentials: readonly string[] } };

const manifest = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as Manifest;

function instances<T extends object>(files: readonly string[]): T[] {
	return files.map((file) => {
		const name = path.basename(file).split('.')[0] ?? '';
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- built CommonJS, found at run time
		const exported = require(path.join(PROJECT, file)) as Record<string, new () => T>;
		const Class = exported[name];
		if (!Class) throw new Error(`${file} exports no ${name}. Run the build.`);
		return new Class();
	});
}

const startNode = (input: readonly IDataObject[]): INodeType => ({
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Gives the items of the test',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	execute: () => Promise.resolve([input.map((json) => ({ json }))]),
});

function nodeTypes(input: readonly IDataObject[], extraNodes: Readonly<Record<string, INodeType>>): INodeTypes {
	const known = new Map<string, INodeType>([[TYPES.start, startNode(input)], ...Object.entries(extraNodes)]);
	for (const node of instances<INodeType>(manifest.n8n.nodes)) known.set(`${PACKAGE}.${node.description.name}`, node);
	const find = (type: string): INodeType => {
		const node = known.get(type);
		if (!node) throw new Error(`The harness does not know the node type ${type}.`);
		return node;
	};
	return {
		getByName: find,
		getByNameAndVersion: (type: string, version?: number) => NodeHelpers.getVersionedNodeType(find(type), version),
		getKnownTypes: () => ({}),
	};
}

/** Follows n8n's own helper (packages/cli, credentials-helper.ts) as far as these tests need it. */
class TestCredentials extends ICredentialsHelper {
	private readonly types = new Map(
		instances<ICredentialType>(manifest.n8n.credentials).map((type) => [type.name, type]),
	);
	private readonly data: Readonly<Record<string, ICredentialDataDecryptedObject>>;

	constructor(data: Readonly<Record<string, ICredentialDataDecryptedObject>>) {
		super();
		this.data = data;
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const authenticate = this.types.get(typeName)?.authenticate;
		if (typeof authenticate !== 'function')
			throw new Error(`The harness applies only authenticate functions; ${typeName} has none.`);
		return await authenticate(credentials, request as IHttpRequestOptions);
	}

	preAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	runPreAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	getCredentials(details: INodeCredentialsDetails, type: string): never {
		throw new Error(`Encrypted credentials are not kept here (${details.name}, ${type}).`);
	}

	getDecrypted(
		_additional: unknown,
		_details: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const data = this.data[type];
		if (!data) return Promise.reject(new Error(`The test gives no credential of type ${type}.`));
		return Promise.resolve(data);
	}

	updateCredentials(): Promise<void> {
		return Promise.resolve();
	}

	updateCredentialsOauthTokenData(): Promise<void> {
		return Promise.resolve();
	}

	getCredentialsProperties(type: string): ICredentialType['properties'] {
		return this.types.get(type)?.properties ?? [];
	}
}

/** A node of a test's workflow. Every credential type of the package that the node lists is attached by name. */
export function node(name: string, type: string, parameters: INode['parameters'], extra: Partial<INode> = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...extra };
}

/** Connections in one line, each from the first output to the next node. */
export function chain(...names: readonly string[]): IConnections {
	return Object.fromEntries(
		names
			.slice(0, -1)
			.map((name, index) => [
				name,
				{ main: [[{ node: names[index + 1] ?? '', type: NodeConnectionTypes.Main, index: 0 }]] },
			]),
	);
}

/**
 * Runs a workflow to its end.
 * @param nodes the first must be the start
 */
export async function runWorkflow(
	{
		nodes,
		connections,
		name = 'test',
	}: { readonly nodes: readonly INode[]; readonly connections: IConnections; readonly name?: string },
	{ credentials = {}, input = [{}], mode = 'manual', staticData = {}, extraNodes = {}, onStart }: RunOptions = {},
): Promise<WorkflowRun> {
	const workflow = new Workflow({
		id: 'test',
		name,
		nodes: nodes.map((entry) => ({ ...entry })),
		connections,
		active: false,
		nodeTypes: nodeTypes(input, extraNodes),
		settings: { executionOrder: 'v1' },
		staticData,
	});
	const now = new Date();
	const data = {
		id: 'test',
		name,
		nodes: [...nodes],
		connections,
		active: false,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		activeVersionId: null,
	};
	const additionalData = {
		credentialsHelper: new TestCredentials(credentials),
		executionId: '1',
		webhookBaseUrl: 'http://127.0.0.1/webhook',
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
		formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
		restApiUrl: 'http://127.0.0.1/rest',
		instanceBaseUrl: 'http://127.0.0.1',
		variables: {},
		userId: 'tester',
		currentNodeParameters: undefined,
		setExecutionStatus: () => undefined,
		sendDataToUI: () => undefined,
		logAiEvent: () => undefined,
		hooks: new ExecutionLifecycleHooks(mode, '1', data),
	} as unknown as IWorkflowExecuteAdditionalData;
	const engine = new WorkflowExecute(additionalData, mode);
	// A node of the tests' own is no trigger to n8n: the start is named.
	const startNode = workflow.getNode(nodes[0]?.name ?? '');
	const running = engine.run({ workflow, ...(startNode ? { startNode } : {}) });
	onStart?.(() => running.cancel());
	const run = await running;
	const last = (nodeName: string) => run.data.resultData.runData[nodeName]?.at(-1);
	const items = (nodeName: string) => (last(nodeName)?.data?.['main'] ?? []).map((output) => output ?? []);
	return {
		status: run.status,
		error: run.data.resultData.error as WorkflowRun['error'],
		items,
		out: (nodeName) => items(nodeName).map((output) => output.map((item) => item.json)),
		hints: (nodeName) => (last(nodeName)?.hints ?? []).map((hint) => hint.message),
		run,
		staticData: workflow.staticData,
	};
}

/** Attaches the credentials that the harness is given to a node, by type. */
export function withCredentials(...types: readonly string[]): Partial<INode> {
	return { credentials: Object.fromEntries(types.map((type) => [type, { id: type, name: type }])) };
}

/** What the whole run kept, as text: for searching it for secrets. */
export function everythingKept({ run, staticData }: WorkflowRun): string {
	return JSON.stringify([run, staticData], (_key, value: unknown) =>
		value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
	);
}
