/**
 * Scenarios of the shipped templates, many at the same time in one n8n and one domain: each is a copy of a template with an organisational
 * unit, a JumpCloud simulator with people, a credential, and settings of its own.
 */
import { randomBytes } from 'node:crypto';
import { ORGANIZATION, type JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import { startJumpCloud, type JumpCloudSimulator } from '../../demo/jumpcloud/server.ts';
import type { Execution } from '../../demo/n8n/client.ts';
import { addCredential, addWorkflow, publish } from '../../demo/n8n/publish.ts';
import type { LdifEntry } from '../../demo/samba/ldbsearch.ts';
import { waitFor } from '../../demo/setup/processes.ts';
import { untilEnd, untilQuestion, type Reached, type WaitingPlan } from '../../demo/waitingPlans.ts';
import { prepared, type Template, type TemplateNode } from '../../demo/workflows.ts';
import { asAdministrator } from '../directory/administrator';
import { answer, type Given, type Reply } from './desk-answers';
import type { Stage } from './world-templates';

const BY_HAND = 'Start by Hand';
const BY_WEBHOOK = 'Start by Webhook';
/** Node types with an address that must be theirs alone. */
const ADDRESSED: readonly string[] = ['n8n-nodes-base.formTrigger', 'n8n-nodes-base.webhook'];

export type ScenarioOptions = {
	/** Short, in small letters and figures, not used twice: names the copy, its organisational unit and its address. */
	readonly name: string;
	/** The template's name, or its id. */
	readonly template: string;
	readonly people: readonly JumpCloudUser[];
	/** Fields of its Settings node that are not as in the demo. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Any other change of the copy. */
	readonly change?: (template: Template) => Template;
	/** Further organisational units below the scenario's own, such as `OU=Staff`. Those that the template names are made anyway. */
	readonly units?: readonly string[];
};

export type Scenario = {
	readonly name: string;
	/** The copy's, under which tables and executions know the flow. */
	readonly flow: string;
	readonly workflowId: string;
	readonly jumpCloud: JumpCloudSimulator;
	/** Everything of this scenario in the directory lies below. */
	readonly base: string;
	/** As a person starts it in the editor. @returns the run's id */
	readonly start: () => Promise<string>;
	/** As a production run, which alone calls the error workflow. The copy is published for it. @returns the run's id */
	readonly startForReal: () => Promise<string>;
	/** Until the run's question waits at the desk, or the run ended. */
	readonly reached: (runId: string, level?: string) => Promise<Reached>;
	/** The same, where there must be a question. */
	readonly question: (runId: string, level?: string) => Promise<WaitingPlan>;
	readonly answer: (question: WaitingPlan, given: Given) => Promise<Reply>;
	readonly untilEnd: (runId: string, timeoutMs?: number) => Promise<Execution>;
	/** The accounts below `base`, read from Samba's own database, by employeeID. */
	readonly accounts: () => Promise<Map<string, LdifEntry>>;
	/** Every entry below `base` with all its attributes: the same text = nothing was written. */
	readonly picture: () => Promise<string>;
	readonly close: () => Promise<void>;
};

export async function scenario(stage: Stage, options: ScenarioOptions): Promise<Scenario> {
	const { world, domain } = stage;
	const { client } = world;
	const { name, people } = options;
	const base = `OU=${name},${domain.baseDn}`;
	const apiKey = randomBytes(20).toString('hex');
	const jumpCloud = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
	const jumpCloudApi = await addCredential(client, {
		...{ name: `JumpCloud of ${name}`, type: 'jumpCloudApi' },
		data: { apiKey, region: 'custom', customUrl: jumpCloud.url, organizationId: ORGANIZATION },
	});
	const copy = copyOf(stage, options, base, jumpCloudApi);
	await makeUnits(stage, [base, ...unitsIn(copy, base), ...(options.units ?? []).map((unit) => `${unit},${base}`)]);
	const { id: _none, ...unsaved } = copy;
	const workflowId = await addWorkflow(client, unsaved);
	const read = (filter: string) => domain.ldbsearch(filter, [], base);
	const reached = (runId: string, level?: string) => untilQuestion(client, runId, level === undefined ? {} : { level });
	return {
		...{ name, flow: copy.name, workflowId, jumpCloud, base, reached },
		start: () => client.runWorkflow(workflowId, BY_HAND),
		startForReal: () => startByWebhook(stage, workflowId, name),
		question: async (runId, level) => {
			const { waiting, execution } = await reached(runId, level);
			if (waiting) return waiting;
			throw new Error(`${copy.name} asked nothing and ended as ${execution.status}: ${execution.error ?? 'no error'}`);
		},
		answer: (question, given) => answer(world, question, given),
		untilEnd: (runId, timeoutMs) => untilEnd(client, runId, timeoutMs),
		accounts: async () => {
			const entries = await read('(&(objectClass=user)(employeeID=*))');
			return new Map(entries.map((entry) => [entry.attributes['employeeID']?.[0] ?? '', entry]));
		},
		picture: async () => JSON.stringify(await read('(objectClass=*)')),
		close: jumpCloud.close,
	};
}

type Named = { readonly id: string; readonly name: string };

/** The shipped template, set up as the demo's own is, but for what is the scenario's. */
function copyOf(
	{ world, domain, shipped }: Stage,
	options: ScenarioOptions,
	base: string,
	jumpCloudApi: Named,
): Template {
	const { name, template: wanted, settings = {}, change = (same) => same } = options;
	const template = shipped.find((one) => one.name === wanted || one.id === wanted);
	if (!template) throw new Error(`There is no template "${wanted}".`);
	const [copy = template] = prepared([template], {
		credentials: { ...world.choices.credentials, jumpCloudApi },
		replace: [{ from: domain.baseDn, to: base }],
		settings: { ...world.choices.settings, [template.name]: settings },
	});
	const { nodes, connections, settings: own } = change(copy);
	return {
		...{ id: '', name: `${copy.name} (${name})`, settings: own },
		...withWebhook(name, { nodes: nodes.map((node) => withOwnAddress(node, name)), connections }),
	};
}

function withOwnAddress(node: TemplateNode, name: string): TemplateNode {
	if (!ADDRESSED.includes(node.type)) return node;
	const { path, options, ...parameters } = node.parameters as { path?: string; options?: { path?: string } };
	return {
		...node,
		webhookId: `${name}-${node.id}`,
		parameters: {
			...parameters,
			...(path === undefined ? {} : { path: `${name}-${path}` }),
			...(options === undefined
				? {}
				: { options: { ...options, ...(options.path === undefined ? {} : { path: `${name}-${options.path}` }) } }),
		},
	};
}

/** A further trigger beside the one by hand: a production run that a test can start. */
function withWebhook(
	name: string,
	{ nodes, connections }: Pick<Template, 'nodes' | 'connections'>,
): Pick<Template, 'nodes' | 'connections'> {
	const byHand = connections[BY_HAND];
	if (byHand === undefined) return { nodes, connections };
	const webhook: TemplateNode = {
		...{ id: 'start-by-webhook', name: BY_WEBHOOK, type: 'n8n-nodes-base.webhook', typeVersion: 2 },
		...{ position: [-224, -176], webhookId: `start-${name}` },
		parameters: { httpMethod: 'POST', path: `start-${name}`, responseMode: 'onReceived', options: {} },
	};
	return { nodes: [...nodes, webhook], connections: { ...connections, [BY_WEBHOOK]: byHand } };
}

async function startByWebhook({ world: { client, n8n } }: Stage, workflowId: string, name: string): Promise<string> {
	const newest = async () => {
		const query = new URLSearchParams({ filter: JSON.stringify({ workflowId }), limit: '1' });
		const { results } = (await client.request('GET', `/executions?${query.toString()}`)) as {
			results: { id: string }[];
		};
		return results[0]?.id;
	};
	await publish(client, workflowId);
	const before = await newest();
	await waitFor(
		// n8n takes up an address some tenths of a second after it was published.
		async () => ((await fetch(`${n8n.url}/webhook/start-${name}`, { method: 'POST' })).ok ? true : undefined),
		`The webhook of ${name}`,
		10_000,
	);
	return await waitFor(
		async () => {
			const id = await newest();
			return id === before ? undefined : id;
		},
		`The run of ${name}`,
		10_000,
	);
}

/** The organisational units below `base` that a template's parameters name, with those above them. */
function unitsIn({ nodes }: Template, base: string): string[] {
	const below = new RegExp(`((?:OU=[^,"'\\\\$\`{}<>\\n]+,)+)${base}`, 'g');
	const text = JSON.stringify(nodes.map(({ parameters }) => parameters));
	return [...text.matchAll(below)].flatMap(([, path = '']) => {
		const names = path.split(',').filter(Boolean);
		return names.map((_, index) => `${names.slice(index).join(',')},${base}`);
	});
}

async function makeUnits({ domain }: Stage, units: readonly string[]): Promise<void> {
	const topFirst = [...new Set(units)].sort((left, right) => left.split(',').length - right.split(',').length);
	await asAdministrator(domain, async (directory) => {
		for (const unit of topFirst) await directory.add(unit, { objectClass: 'organizationalUnit' });
	});
}
