/**
 * Makes a shipped template ready for one n8n: credentials chosen, example names replaced, amounts set. Pure: files and programs are the
 * business of `../import.mjs`; the demo and the tests prepare their workflows with this too.
 */

/**
 * @typedef {{ readonly id: string, readonly name: string }} Credential as n8n knows it: no secret
 * @typedef {Readonly<Record<string, Credential>>} Credentials by credential type, such as `adLdapApi`
 * @typedef {{ readonly from: string, readonly to: string }} Replacement
 * @typedef {Readonly<Record<string, unknown>>} Fields values by the name of a field of a Settings node
 * @typedef {{
 *   readonly id: string, readonly name: string, readonly type: string, readonly parameters: Readonly<Record<string, unknown>>,
 *   readonly credentials?: Credentials, readonly [setting: string]: unknown,
 * }} TemplateNode
 * @typedef {{
 *   readonly id: string, readonly name: string, readonly nodes: readonly TemplateNode[],
 *   readonly connections: Readonly<Record<string, unknown>>, readonly settings: Readonly<Record<string, unknown>>,
 *   readonly [field: string]: unknown,
 * }} Template
 * @typedef {{
 *   readonly credentials?: Credentials, readonly replace?: readonly Replacement[],
 *   readonly settings?: Readonly<Record<string, Fields>>,
 * }} Choices `settings`: by the template's name; `*` is for every template that has the field
 */

/** Of no use before they are published, and harmless then: the approval desk, its helper for the wait, its reminders, the error workflow. */
export const SHARED = ['adpAskDesk000001', 'adpApprovalDesk1', 'adpRemindDesk001', 'adpReportError01'];

/** The step that holds a template's amounts. */
export const SETTINGS = 'Settings';
const EVERY = '*';

/**
 * @param {Template} template
 * @param {Choices} choices
 * @returns {Template}
 * @throws Error in words when a choice does not fit the template
 */
export function prepareTemplate(template, { credentials = {}, replace = [], settings = {} }) {
	const replaced = withReplacements(template, replace);
	const everywhere = settings[EVERY] ?? {};
	const known = fieldNames(replaced);
	const common = Object.fromEntries(Object.entries(everywhere).filter(([name]) => known.includes(name)));
	return withCredentials(withSettings(replaced, { ...common, ...settings[template.name] }), credentials);
}

/**
 * What is wrong with the choices as a whole: a misspelt name would else be passed over in silence.
 * @param {readonly Template[]} templates
 * @param {Choices} choices
 * @returns {string[]} sentences
 */
export function choiceFaults(templates, { credentials = {}, replace = [], settings = {} }) {
	const names = templates.map(({ name }) => name);
	const fields = new Set(templates.flatMap(fieldNames));
	const types = [...new Set(templates.flatMap(({ nodes }) => nodes.flatMap(credentialTypesOf)))].sort();
	const texts = templates.flatMap(({ nodes }) => nodes.flatMap(({ parameters }) => textsIn(parameters)));
	return [
		...Object.keys(credentials)
			.filter((type) => !types.includes(type))
			.map((type) => `The credentials name a type "${type}", which no template has. There are: ${types.join(', ')}.`),
		...replace
			.filter(({ from }) => !texts.some((text) => text.includes(from)))
			.map(({ from }) => `"${from}", which is to be replaced, stands in no template.`),
		...Object.keys(settings)
			.filter((name) => name !== EVERY && !names.includes(name))
			.map((name) => `The settings name a template "${name}", which there is not. There are: ${names.join(', ')}.`),
		...Object.keys(settings[EVERY] ?? {})
			.filter((field) => !fields.has(field))
			.map((field) => `The settings for every template name "${field}", which no template has.`),
	];
}

/**
 * Sub-workflows and error workflows before the workflows that name them: n8n publishes a parent only after its child.
 * @template {Template} T
 * @param {readonly T[]} templates
 * @returns {T[]}
 * @throws Error when two name each other
 */
export function childrenFirst(templates) {
	const byId = new Map(templates.map((template) => [template.id, template]));
	/** @type {T[]} */
	const sorted = [];
	/** @param {T} template @param {readonly string[]} above */
	const place = (template, above) => {
		if (sorted.includes(template)) return;
		if (above.includes(template.id)) throw new Error(`"${template.name}" calls itself by way of other workflows.`);
		for (const id of calledBy(template)) {
			const child = byId.get(id);
			if (child) place(child, [...above, template.id]);
		}
		sorted.push(template);
	};
	for (const template of templates) place(template, []);
	return sorted;
}

/**
 * @param {Template} template
 * @returns {string[]} ids of the other workflows that it names: as a sub-workflow, or as its error workflow
 */
export function calledBy({ id: own, nodes, settings }) {
	const ids = nodes
		.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow')
		.map(({ parameters }) => Object(parameters['workflowId'])['value']);
	return [...new Set([...ids, settings?.['errorWorkflow']])].filter(
		(id) => typeof id === 'string' && id !== '' && id !== own,
	);
}

/**
 * The types of the credentials that a node asks for, by its parameters.
 * @param {TemplateNode} node
 * @returns {string[]}
 */
export function credentialTypesOf({ type, parameters }) {
	switch (type) {
		case 'n8n-nodes-ad-provisioning.adProvision':
		case 'n8n-nodes-ad-provisioning.attributeMap':
			return ['adLdapApi'];
		case 'n8n-nodes-ad-provisioning.customHcmEndpoint': {
			if (parameters['operation'] === 'confirmFeed') return [];
			const { authentication = 'jumpCloud' } = parameters;
			if (authentication === 'none') return [];
			return [authentication === 'jumpCloud' ? 'jumpCloudApi' : String(authentication)];
		}
		case 'n8n-nodes-base.jwt':
			return ['jwtAuth'];
		case 'n8n-nodes-base.emailSend':
			return ['smtp'];
		case 'n8n-nodes-base.httpRequest':
			return [parameters['nodeCredentialType'], parameters['genericAuthType']].filter(
				(name) => typeof name === 'string' && name !== '',
			);
		default:
			return [];
	}
}

/**
 * @param {Template} template prepared
 * @returns {Map<string, string[]>} steps that still lack a credential, by its type; what is switched off, and what only offers lists, needs none
 */
export function missingCredentials({ nodes }) {
	/** @type {Map<string, string[]>} */
	const missing = new Map();
	for (const node of nodes) {
		if (node['disabled'] === true || node.type === 'n8n-nodes-ad-provisioning.attributeMap') continue;
		for (const type of credentialTypesOf(node))
			if (!node.credentials?.[type]) missing.set(type, [...(missing.get(type) ?? []), node.name]);
	}
	return missing;
}

/**
 * @param {Template} template prepared
 * @returns {string[]} steps that still name the example's domain, its people or its units; what is switched off is passed over
 */
export function namingExample({ nodes }) {
	return nodes
		.filter(({ type, parameters, ...node }) => {
			if (node['disabled'] === true || type === 'n8n-nodes-base.stickyNote') return false;
			return textsIn(parameters).some((text) => /corp\.example\.com|DC=corp,DC=example,DC=com/.test(text));
		})
		.map(({ name }) => name);
}

/**
 * @param {string} text `from=>to`; a plain `=` stands in every distinguished name
 * @returns {Replacement}
 */
export function parseReplacement(text) {
	const at = text.indexOf('=>');
	const from = text.slice(0, Math.max(at, 0));
	if (at < 0 || from === '')
		throw new Error(`"${text}" is no replacement. Write it as "old=>new", such as "corp.example.com=>corp.acme.test".`);
	return { from, to: text.slice(at + 2) };
}

/** @param {Template} template @param {Credentials} credentials @returns {Template} */
function withCredentials(template, credentials) {
	return {
		...template,
		nodes: template.nodes.map((node) => {
			const chosen = credentialTypesOf(node).flatMap((type) => {
				const credential = credentials[type];
				return credential ? [[type, { id: credential.id, name: credential.name }]] : [];
			});
			return chosen.length === 0
				? node
				: { ...node, credentials: { ...node.credentials, ...Object.fromEntries(chosen) } };
		}),
	};
}

/**
 * All in one pass, the longest first: what was put in is not replaced again.
 * @param {Template} template @param {readonly Replacement[]} replace @returns {Template}
 */
function withReplacements(template, replace) {
	if (replace.length === 0) return template;
	const byFrom = new Map(replace.map(({ from, to }) => [from, to]));
	const longestFirst = [...byFrom.keys()].sort((left, right) => right.length - left.length);
	const pattern = new RegExp(longestFirst.map(escaped).join('|'), 'g');
	/** @param {string} text */
	const inText = (text) =>
		text.replace(pattern, (from) => {
			const to = byFrom.get(from) ?? from;
			// In an expression it stands inside a text in quotes; a quote of its own would end that one.
			if (text.startsWith('=') && /['"`\\]|\{\{|\}\}|\$\{|[\r\n]/.test(to))
				throw new Error(
					`"${from}" stands in an expression of "${template.name}", where "${to}" cannot be put: it has a quote, a backslash, a brace or a line break. Replace it in the editor, by hand.`,
				);
			return to;
		});
	return {
		...template,
		nodes: template.nodes.map((node) => ({ ...node, parameters: mapTexts(node.parameters, inText) })),
	};
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * @template T
 * @param {T} value @param {(text: string) => string} change
 * @returns {T}
 */
function mapTexts(value, change) {
	if (typeof value === 'string') return /** @type {T} */ (change(value));
	if (Array.isArray(value)) return /** @type {T} */ (value.map((part) => mapTexts(part, change)));
	if (typeof value !== 'object' || value === null) return value;
	return /** @type {T} */ (
		Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, change)]))
	);
}

/** @param {unknown} value @returns {string[]} */
const textsIn = (value) =>
	typeof value === 'string'
		? [value]
		: typeof value === 'object' && value !== null
			? Object.values(value).flatMap(textsIn)
			: [];

/** @param {TemplateNode | undefined} node @returns {{ readonly name: string, readonly type: string, readonly value: unknown }[]} */
const assignmentsOf = (node) => Object(Object(node?.parameters)['assignments'])['assignments'] ?? [];

/** @param {Template} template @returns {string[]} */
const fieldNames = ({ nodes }) =>
	assignmentsOf(nodes.find(({ name }) => name === SETTINGS)).map((assignment) => assignment.name);

/** @param {Template} template @param {Fields} fields @returns {Template} */
function withSettings(template, fields) {
	if (Object.keys(fields).length === 0) return template;
	const known = fieldNames(template);
	for (const field of Object.keys(fields))
		if (!known.includes(field))
			throw new Error(
				`The settings of "${template.name}" have no "${field}". They have: ${known.join(', ') || 'no field at all'}.`,
			);
	return {
		...template,
		nodes: template.nodes.map((node) => {
			if (node.name !== SETTINGS) return node;
			const assignments = assignmentsOf(node).map((assignment) =>
				assignment.name in fields
					? { ...assignment, value: stored(template.name, assignment, fields[assignment.name]) }
					: assignment,
			);
			return { ...node, parameters: { ...node.parameters, assignments: { assignments } } };
		}),
	};
}

/**
 * A value as Edit Fields keeps it: lists and objects as JSON text.
 * @param {string} template @param {{ readonly name: string, readonly type: string }} field @param {unknown} value
 */
function stored(template, { name, type }, value) {
	const given = Array.isArray(value) ? 'array' : typeof value;
	if (given !== type || value === null)
		throw new Error(
			`"${name}" of "${template}" takes ${type === 'array' ? 'a list' : `a value of the type ${type}`}, not ${JSON.stringify(value)}.`,
		);
	return type === 'array' || type === 'object' ? JSON.stringify(value) : value;
}
