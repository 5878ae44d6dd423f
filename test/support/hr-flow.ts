/** The three nodes as a builder connects them: Custom HCM Endpoint, Attribute Map, Create Plan, and Apply Plan straight behind it. */
import type { IDataObject, INode, INodeType } from 'n8n-workflow';
import { planNode, type Parameters } from './ad-provision';
import { chain, node, runWorkflow, TYPES, type WorkflowRun } from './n8n-core';
import { serveProduct, type Answer, type Asked } from './products/server';

export type HrPerson = {
	/** By which the feed tells rows apart; `number` is the key of the mapping. */
	readonly id: string;
	readonly number: string | null;
	readonly first: string;
	readonly last: string;
	readonly department: string;
	readonly state: string;
	readonly [field: string]: unknown;
};

export function hrPeople(prefix: string, count: number): readonly HrPerson[] {
	return Array.from({ length: count }, (_, index) => {
		const number = `${prefix}${String(index + 1).padStart(3, '0')}`;
		return { id: `id-${number}`, number, first: 'Zoë', last: number, department: 'Engines', state: 'ACTIVE' };
	});
}

/** How a HR system hands out a list, and how the node reads that. */
export type Style = 'offset' | 'cursor' | 'whole';
export const PAGE = 10;

/** A HR system in order: everybody, each once, page by page. */
export function listing(style: Style, people: readonly HrPerson[]): (asked: Asked) => Answer {
	return ({ query }) => {
		if (style === 'whole') return { json: people };
		const at = Number(query.get(style === 'offset' ? 'offset' : 'cursor') ?? 0);
		const rows = people.slice(at, at + PAGE);
		if (style === 'offset') return { json: { total: people.length, rows } };
		const next = at + PAGE;
		return { json: { rows, next: next < people.length ? String(next) : null } };
	};
}

const ENDPOINTS: Readonly<Record<Style, IDataObject>> = {
	offset: { recordsPath: 'rows', paging: 'offset', pageSize: PAGE, stops: { totalPath: 'total' } },
	cursor: {
		...{ recordsPath: 'rows', paging: 'cursor', pageSize: PAGE, cursorParameter: 'cursor', cursorPath: 'next' },
	},
	whole: {},
};

/** As the editor stores it. */
export const condition = (field: string, operation: string, rightValue: string): IDataObject => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	combinator: 'and',
	conditions: [{ id: '1', leftValue: `={{ $json.${field} }}`, rightValue, operator: { type: 'string', operation } }],
});

const mapping = (ou: string): IDataObject => ({
	key: '${number}',
	displayName: '${first} ${last}',
	scope: condition('state', 'notEquals', 'ROBOT'),
	leaverWhen: condition('state', 'equals', 'GONE'),
	attributes: {
		values: Object.entries({ givenName: 'first', sn: 'last', department: 'department' }).map(([attribute, field]) => ({
			attribute,
			value: `\${${field}}`,
		})),
	},
	names: {
		values: [
			{ name: 'sAMAccountName', formats: '${number | downcase}' },
			{ name: 'userPrincipalName', formats: '${number | downcase}@corp.example.com' },
			{ name: 'cn', formats: '${first} ${last}' },
		],
	},
	ou,
	options: {},
});

/** What a builder set otherwise. */
export type FlowSettings = {
	readonly style?: Style;
	/** Of the only row of Endpoints. */
	readonly endpoint?: IDataObject;
	/** Options of the Custom HCM Endpoint. */
	readonly reading?: IDataObject;
	readonly hr?: Partial<INode>;
	readonly map?: Partial<INode>;
	readonly mapping?: IDataObject;
	/** A node between Attribute Map and Create Plan. */
	readonly between?: INodeType;
	readonly plan?: Parameters;
	readonly apply?: Parameters;
	/** Whether every node is told to go on after an error. */
	readonly goOn?: boolean;
	/** Without Apply Plan. */
	readonly planOnly?: boolean;
};

/** What a workflow keeps from one run to the next: n8n's static data, and the missing keys of the last plan that there was. */
export type Memory = { readonly staticData: IDataObject; readonly missing: readonly string[] | undefined };
export const NO_MEMORY: Memory = { staticData: {}, missing: undefined };

export type FlowRun = {
	readonly ran: WorkflowRun;
	/** undefined where no plan came to be. */
	readonly plan: IDataObject | undefined;
	readonly changes: readonly IDataObject[];
	readonly memory: Memory;
};

/** Where the flow runs: the credential, the unit of its people, and the parameters that say so. */
export type Place = { readonly credentials: IDataObject; readonly ou: string; readonly scope: Parameters };

/** One production run of the workflow against a HR system that answers so. */
export async function runFlow(
	place: Place,
	answer: (asked: Asked) => Answer,
	{ staticData: kept, missing }: Memory,
	settings: FlowSettings = {},
): Promise<FlowRun> {
	const { base } = await serveProduct(answer);
	// As n8n's database gives it back.
	const staticData = JSON.parse(JSON.stringify(kept)) as IDataObject;
	const { between } = settings;
	const nodes = flowNodes(place, base, settings);
	const ran = await runWorkflow(
		{ nodes, connections: chain(...nodes.map(({ name }) => name)) },
		{
			...{ mode: 'trigger', staticData },
			credentials: { adLdapApi: place.credentials as never },
			input: [missing ? { missing: [...missing] } : {}],
			extraNodes: between ? { 'test.between': between } : {},
		},
	);
	const [plans = [], changes = []] = ran.out('Plan');
	const plan = plans.find(({ formatVersion }) => formatVersion === 1);
	const feed = plan?.['feed'] as { readonly missing: readonly string[] } | undefined;
	return { ran, plan, changes, memory: { staticData, missing: feed?.missing ?? missing } };
}

function flowNodes({ ou, scope }: Place, base: string, settings: FlowSettings): INode[] {
	const { style = 'offset', endpoint = {}, reading = {}, between } = settings;
	const row = { name: 'People', url: `${base}/people`, primaryKey: 'id', ...ENDPOINTS[style], ...endpoint };
	const onError: Partial<INode> = settings.goOn === true ? { onError: 'continueRegularOutput' } : {};
	const always = { alwaysOutputData: true, ...onError };
	const planning = (name: string, parameters: Parameters) => ({ ...planNode(name, parameters), ...onError });
	return [
		node('Start', TYPES.start, {}),
		node(
			'HR',
			TYPES.customHcmEndpoint,
			{
				...{ source: 'custom', authentication: 'none', endpoints: { values: [row] } as IDataObject as never },
				options: { retries: 0, ...reading },
			},
			{ ...always, ...settings.hr },
		),
		node('Map', TYPES.attributeMap, { ...mapping(ou), ...settings.mapping } as never, { ...always, ...settings.map }),
		...(between ? [node('Between', 'test.between', {}, always)] : []),
		planning('Plan', {
			...{ operation: 'createPlan', planned: ['create', 'update', 'disable', 'enable', 'absence'] },
			feedReport: "={{ $('HR').first(1).json }}",
			rejected: "={{ $('Map').all(1).map((item) => item.json) }}",
			outOfScope: "={{ $('Map').all(2).map((item) => item.json) }}",
			missingBefore: "={{ $('Start').first().json.missing }}",
			...{ ...scope, ...settings.plan },
		}),
		...(settings.planOnly === true ? [] : [planning('Apply', { operation: 'applyPlan', ...settings.apply })]),
	];
}
