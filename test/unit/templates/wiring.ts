/** Rules about nodes and the lines between them. */
import type { TemplateNode } from '../../../templates/source/flow';
import { WORKFLOW } from '../../../templates/source/ids';
import { isOwn, kindOf, listAt, ofKind, stepsOf, targetsOf, textAt, type Rule } from './reading';

const TRIGGERS = ['manualTrigger', 'scheduleTrigger', 'formTrigger', 'executeWorkflowTrigger', 'errorTrigger'];
const CAN_FAIL = ['httpRequest', 'dataTable', 'executeWorkflow'];
/** Outputs besides that of errors, where there is not one. */
const OUTPUTS: Readonly<Record<string, number>> = {
	...{
		'adProvision createPlan': 3,
		'adProvision createUndoPlan': 3,
		'adProvision applyPlan': 3,
		'adProvision undo': 2,
	},
	...{ 'adProvision get': 3, 'adProvision getMany': 2, 'attributeMap ': 3 },
	...{ 'customHcmEndpoint ': 2, 'customHcmEndpoint getRecords': 2, 'customHcmEndpoint sendRecord': 2 },
	'customHcmEndpoint confirmFeed': 1,
};
/** Of n8n 2.41.1: the newest that templates may use. */
const VERSIONS: Readonly<Record<string, readonly number[]>> = {
	...{
		manualTrigger: [1],
		scheduleTrigger: [1.2, 1.3],
		formTrigger: [2.6],
		executeWorkflowTrigger: [1.1],
		errorTrigger: [1],
	},
	...{ set: [3.4], if: [2.2, 2.3], switch: [3.2, 3.3, 3.4], filter: [2.2, 2.3], merge: [3.2], noOp: [1], wait: [1.1] },
	...{ dataTable: [1.1], splitOut: [1], aggregate: [1], summarize: [1.1], limit: [1], removeDuplicates: [2] },
	...{
		crypto: [2],
		executeWorkflow: [1.2, 1.3],
		httpRequest: [4.2, 4.3, 4.4],
		jwt: [1],
		respondToWebhook: [1.4, 1.5],
		form: [2.5],
	},
	...{ emailSend: [2.1], stopAndError: [1], sort: [1], splitInBatches: [3], stickyNote: [1], dateTime: [2] },
	...{ adProvision: [1], attributeMap: [1], customHcmEndpoint: [1] },
};
/** A further run of the same workflow. */
const ITSELF = '={{ $workflow.id }}';
const SPACE = { across: 150, down: 90 };

const outputsOf = (node: TemplateNode): number => {
	if (!isOwn(node)) return 1;
	return OUTPUTS[`${kindOf(node)} ${textAt(node.parameters, 'operation')}`] ?? 2;
};

export const knownVersions: Rule = ({ nodes }) =>
	nodes
		.filter((node) => VERSIONS[kindOf(node)]?.includes(node.typeVersion) !== true)
		.map(({ name, type, typeVersion }) => `"${name}" is ${type} ${typeVersion}, which the tests do not know.`);

/** Two first runs may make the same table at the same moment; where it is really missing, the step that uses it fails. */
const goesOn = (node: TemplateNode): boolean =>
	node['onError'] === 'continueRegularOutput' && textAt(node.parameters, 'resource') === 'table';

export const wiredErrors: Rule = (template) =>
	stepsOf(template)
		.filter((node) => !goesOn(node))
		.filter((node) => isOwn(node) || CAN_FAIL.includes(kindOf(node)))
		.flatMap((node) => {
			if (node['onError'] !== 'continueErrorOutput') return [`"${node.name}" can fail, and has no error output.`];
			return targetsOf(template, node.name, outputsOf(node)).length > 0
				? []
				: [`The error output of "${node.name}" leads nowhere.`];
		});

export const everyStepIsReached: Rule = (template) => {
	const reached = new Set(
		Object.values(template.connections).flatMap(({ main }) => main.flat().map(({ node }) => node)),
	);
	return stepsOf(template)
		.filter((node) => !reached.has(node.name) && !TRIGGERS.includes(kindOf(node)))
		.map(({ name }) => `Nothing leads to "${name}".`);
};

export const linksLeadToSteps: Rule = (template) => {
	const names = stepsOf(template).map(({ name }) => name);
	const linked = Object.entries(template.connections).flatMap(([from, { main }]) => [
		from,
		...main.flat().map(({ node }) => node),
	]);
	return [
		...linked.filter((name) => !names.includes(name)).map((name) => `A line names "${name}", which there is not.`),
		...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `Two steps are called "${name}".`),
	];
};

/** A question to the desk has three answers; anything else asks again. */
export const approvals: Rule = (template) =>
	ofKind(template, 'executeWorkflow')
		.filter(({ parameters }) => textAt(parameters, 'workflowId.value') === WORKFLOW.askDesk)
		.flatMap(({ name }) => {
			const [decision = ''] = targetsOf(template, name, 0);
			const node = stepsOf(template).find((step) => step.name === decision);
			const answers = listAt(node?.parameters, 'rules.values').map(({ outputKey }) => outputKey);
			if (answers.join() !== 'Approved,Declined,Timed Out')
				return [`Behind "${name}" comes no Switch of Approved, Declined and Timed Out.`];
			const ways = [0, 1, 2].map((output) => targetsOf(template, decision, output));
			const [again = ''] = targetsOf(template, decision, 3);
			return [
				...ways.flatMap((way, output) =>
					way.length > 0 ? [] : [`The answer ${String(answers[output])} of "${decision}" leads nowhere.`],
				),
				...(new Set(ways.flat()).size === ways.flat().length ? [] : [`Two answers of "${decision}" go the same way.`]),
				...(again === name || targetsOf(template, again, 0).includes(name)
					? []
					: [`No answer at all does not lead from "${decision}" back to "${name}".`]),
			];
		});

export const subWorkflows: Rule = (template) => {
	const ids: readonly string[] = Object.values(WORKFLOW);
	const errors = textAt(template.settings, 'errorWorkflow');
	return [
		...ofKind(template, 'executeWorkflow')
			.filter(({ parameters }) => ![...ids, ITSELF].includes(textAt(parameters, 'workflowId.value')))
			.map(({ name }) => `"${name}" calls a workflow that is none of the templates.`),
		...(ids.includes(template.id) ? [] : [`Its id ${template.id} does not stand in ids.ts.`]),
		...(errors === (template.id === WORKFLOW.failedRuns ? '' : WORKFLOW.failedRuns)
			? []
			: [`Its error workflow is "${errors}".`]),
	];
};

/** Steps that lie on each other cannot be read. */
export const roomOnTheCanvas: Rule = (template) => {
	const steps = stepsOf(template);
	return steps.flatMap((one, index) =>
		steps
			.slice(index + 1)
			.filter(
				({ position: [x, y] }) =>
					Math.abs(x - one.position[0]) < SPACE.across && Math.abs(y - one.position[1]) < SPACE.down,
			)
			.map((other) => `"${one.name}" and "${other.name}" lie on each other.`),
	);
};
