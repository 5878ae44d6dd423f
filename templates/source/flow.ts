/**
 * Templates are written here and kept as JSON beside this folder (`npm run templates`), so that what several of them share is the same in all.
 * A workflow in the shape that n8n imports; positions are cells of a grid.
 */

/** Parameters as n8n stores them. */
export type Parameters = Readonly<Record<string, unknown>>;

export type NodeSpec = {
	readonly name: string;
	/** 'set' is n8n's own; 'adProvision' and so on are ours. */
	readonly type: string;
	readonly version: number;
	readonly parameters?: Parameters;
	/** Column and row; fractions are fine. */
	readonly at: readonly [column: number, row: number];
	/** What fails goes out by a further, last output. */
	readonly errorOutput?: boolean;
	/** What fails goes on by the usual output. */
	readonly goOn?: boolean;
	readonly alwaysOutputData?: boolean;
	readonly executeOnce?: boolean;
	/** Three tries, two seconds apart: for what is safe to repeat. */
	readonly retry?: boolean;
	readonly disabled?: boolean;
	/** Shown below the node on the canvas. */
	readonly notes?: string;
	/** Of nodes that have an address: stays the same wherever the workflow is imported. */
	readonly webhookId?: string;
};

export type Note = {
	readonly text: string;
	readonly at: readonly [column: number, row: number];
	/** In cells. */
	readonly size: readonly [columns: number, rows: number];
	readonly color?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
};

export type TemplateNode = {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly parameters: Parameters;
	readonly [setting: string]: unknown;
};
type Target = { readonly node: string; readonly type: 'main'; readonly index: number };
export type Template = {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly nodes: readonly TemplateNode[];
	readonly connections: Readonly<Record<string, { readonly main: readonly (readonly Target[])[] }>>;
	readonly settings: Readonly<Record<string, unknown>>;
	readonly meta: { readonly templateCredsSetupCompleted: false };
};

export type Flow = {
	readonly add: (...nodes: readonly NodeSpec[]) => void;
	/** From one node's output to the next, and so on: a chain. `['Switch', 2]` is its third output; a pair at the end means that input. */
	readonly link: (...chain: readonly (string | readonly [name: string, index: number])[]) => void;
	readonly note: (note: Note) => void;
};

export type Head = {
	/** Fixed: sub-workflows and the error workflow are named by it. */
	readonly id: string;
	readonly name: string;
	/** One or two sentences. */
	readonly description: string;
	/** Of the workflow that takes what fails. Not in that one itself. */
	readonly errorWorkflow?: string;
};

const GRID = { column: 224, row: 176 };
const OWN = new Set(['adProvision', 'attributeMap', 'customHcmEndpoint']);

/** @throws Error for a link to a node that is not there, and for two nodes of one name */
export function workflow(head: Head, build: (flow: Flow) => void): Template {
	const nodes: TemplateNode[] = [];
	const links: Record<string, { main: Target[][] }> = {};
	let notes = 0;
	const place = ([column, row]: readonly [number, number]) =>
		[Math.round(column * GRID.column), Math.round(row * GRID.row)] as const;
	const add = (node: TemplateNode) => {
		if (nodes.some(({ name }) => name === node.name)) throw new Error(`${head.name}: two nodes "${node.name}"`);
		nodes.push(node);
	};
	build({
		add: (...specs) => specs.forEach((spec) => add(nodeOf(spec, place(spec.at)))),
		link: (...chain) => {
			for (const [index, from] of chain.slice(0, -1).entries())
				connect(links, from, chain[index + 1] ?? from, index > 0);
		},
		note: ({ text, at, size: [columns, rows], color = 1 }) => {
			notes += 1;
			const [width, height] = place([columns, rows]);
			add({
				...{ id: `note-${notes}`, name: `Note ${notes}`, type: 'n8n-nodes-base.stickyNote', typeVersion: 1 },
				...{ position: place(at), parameters: { content: text, width, height, color } },
			});
		},
	});
	const known = new Set(nodes.map(({ name }) => name));
	for (const [from, { main }] of Object.entries(links))
		for (const name of [from, ...main.flat().map(({ node }) => node)])
			if (!known.has(name)) throw new Error(`${head.name}: there is no node "${name}"`);
	const { errorWorkflow, ...described } = head;
	return {
		...described,
		nodes,
		connections: links,
		settings: { executionOrder: 'v1', ...(errorWorkflow === undefined ? {} : { errorWorkflow }) },
		meta: { templateCredsSetupCompleted: false },
	};
}

function nodeOf(spec: NodeSpec, position: readonly [number, number]): TemplateNode {
	const { name, type, version, parameters = {}, errorOutput, goOn, retry, notes, at: _at, ...settings } = spec;
	return {
		id: name
			.toLowerCase()
			.replaceAll(/[^a-z0-9]+/g, '-')
			.replaceAll(/^-|-$/g, ''),
		name,
		type: OWN.has(type) ? `n8n-nodes-ad-provisioning.${type}` : `n8n-nodes-base.${type}`,
		typeVersion: version,
		position,
		parameters,
		...settings,
		...(errorOutput ? { onError: 'continueErrorOutput' } : goOn ? { onError: 'continueRegularOutput' } : {}),
		...(retry ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 2000 } : {}),
		...(notes === undefined ? {} : { notes, notesInFlow: true }),
	};
}

/** @param passing whether `from` was an end itself: a pair is then the input that the chain came in by, and it goes on from output 0 */
function connect(
	links: Record<string, { main: Target[][] }>,
	from: string | readonly [string, number],
	to: string | readonly [string, number],
	passing: boolean,
): void {
	const [source, output] = typeof from === 'string' ? [from, 0] : [from[0], passing ? 0 : from[1]];
	const [node, index] = typeof to === 'string' ? [to, 0] : to;
	const { main } = (links[source] ??= { main: [] });
	while (main.length <= output) main.push([]);
	main[output]?.push({ node, type: 'main', index });
}
