/** Rules about names, texts and expressions. */
import type { TemplateNode } from '../../../templates/source/flow';
import { WORKFLOW } from '../../../templates/source/ids';
import { at, kindOf, notesOf, ofKind, settingsOf, stepsOf, textAt, textsIn, type Rule } from './reading';

const VERBS = ['Answer', 'Ask', 'Offboard', 'Onboard', 'Provision', 'Reconcile', 'Rehire', 'Remind', 'Report', 'Undo'];
const SMALL =
	'a an and as at by for from if in into is it its no not of off on one or than that the to until was were what when where whether who with without n8n'.split(
		' ',
	);
/** They have nothing to be set: everything comes in. */
const WITHOUT_SETTINGS: readonly string[] = [WORKFLOW.askDesk];
const DESCRIPTION = { least: 40, most: 400 };
const NOTE_MOST = 350;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const HOST = /https?:\/\/([^/\s"'`$?#:)\\]+)/g;
const HOSTS = ['console.jumpcloud.com', 'docs.n8n.io', 'hr.example.com'];
const NAMED_STEP = /\$\(\s*(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")\s*\)/g;
const NAMED_SETTING = /\$\((['"])Settings\1\)\.(?:first\(\)|item)\.json\.([A-Za-z]\w*)/g;

export const named: Rule = ({ name, description }) => [
	...(VERBS.includes(name.split(' ')[0] ?? '') ? [] : [`"${name}" does not begin with a verb that the tests know.`]),
	...(description.length >= DESCRIPTION.least && description.length <= DESCRIPTION.most && description.endsWith('.')
		? []
		: ['Its description is no sentence or two.']),
];

const inTitleCase = (name: string): boolean =>
	name
		.split(/[\s:()]+/)
		.filter((word) => /^[a-z]/i.test(word))
		.every((word, index) => /^[A-Z]/.test(word) || (index > 0 && SMALL.includes(word.replace(/[^a-z0-9]/g, ''))));

export const stepsInTitleCase: Rule = (template) =>
	stepsOf(template)
		.filter(({ name, type }) => !inTitleCase(name) || name === kindOf({ type }))
		.map(({ name }) => `"${name}" does not say what it does in Title Case.`);

export const notesAreShort: Rule = (template) => {
	const notes = notesOf(template).map(({ parameters }) => textAt(parameters, 'content'));
	return [
		...(notes.length > 0 ? [] : ['There is no sticky note.']),
		...notes.filter((text) => !/^### \S/.test(text)).map((text) => `A note has no title: ${text.slice(0, 40)}`),
		...notes.filter((text) => text.length > NOTE_MOST).map((text) => `A note is too long: ${text.slice(0, 40)}`),
	];
};

export const oneSettings: Rule = (template) => {
	const found = ofKind(template, 'set').filter(({ name }) => name.startsWith('Settings'));
	const wanted = WITHOUT_SETTINGS.includes(template.id) ? 0 : 1;
	return found.length === wanted ? [] : [`It has ${found.length} steps "Settings", not ${wanted}.`];
};

/** Amounts that a builder sets: they stand in Settings alone. */
const AMOUNTS: Readonly<Record<string, readonly string[]>> = {
	adProvision: ['options.expiresAfterHours', 'options.leaseObject', 'leaverOptions.deleteAfterDays', 'minimumFeed'],
	emailSend: ['toEmail'],
	wait: ['maxDateAndTime', 'amount'],
};
export const amountsAreInSettings: Rule = (template) =>
	stepsOf(template).flatMap((node) => {
		const literal = (AMOUNTS[kindOf(node)] ?? []).filter((path) => {
			const value = at(node.parameters, path);
			// 0 = no limit is wanted.
			return value !== undefined && value !== 0 && !(typeof value === 'string' && value.startsWith('='));
		});
		return literal.map((path) => `"${node.name}" has ${path} of its own, not from Settings.`);
	});

/** Of all parameters, and the notes below a step. */
const texts = ({ parameters, ...node }: TemplateNode) => [...textsIn(parameters), ...textsIn(node['notes'])];

export const settingsThatExist: Rule = (template) =>
	stepsOf(template).flatMap((node) =>
		texts(node).flatMap((text) =>
			[...text.matchAll(NAMED_SETTING)]
				.map(([, , field = '']) => field)
				.filter((field) => !settingsOf(template).includes(field))
				.map((field) => `"${node.name}" reads "${field}", which Settings does not have.`),
		),
	);

export const stepsThatExist: Rule = (template) => {
	const names = stepsOf(template).map(({ name }) => name);
	return stepsOf(template).flatMap((node) =>
		texts(node).flatMap((text) =>
			[...text.matchAll(NAMED_STEP)]
				.map(([, single, double]) => (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'))
				.filter((name) => !names.includes(name))
				.map((name) => `"${node.name}" reads "${name}", which there is not.`),
		),
	);
};

/** A text with braces that does not begin with `=` is shown as it stands. */
export const expressionsAreOnes: Rule = (template) =>
	stepsOf(template).flatMap((node) =>
		texts(node)
			.filter((text) => !text.startsWith('=') && /\{\{\s*(?:\$|DateTime)/.test(text))
			.map((text) => `"${node.name}" has an expression that does not begin with "=": ${text.slice(0, 60)}`),
	);

export const noPersonalData: Rule = (template) =>
	template.nodes.flatMap((node) => [
		...texts(node)
			.flatMap((text) => text.match(EMAIL) ?? [])
			.filter((address) => !/@(?:[\w-]+\.)*example\.(?:com|org|net)$/i.test(address))
			.map((address) => `"${node.name}" holds the address ${address}.`),
		...texts(node)
			.flatMap((text) => [...text.matchAll(HOST)].map(([, host = '']) => host))
			.filter((host) => !HOSTS.includes(host) && !host.endsWith('.example.com'))
			.map((host) => `"${node.name}" holds the host ${host}.`),
	]);

export const noCredentials: Rule = (template) => [
	...template.nodes.filter((node) => 'credentials' in node).map(({ name }) => `"${name}" holds a credential.`),
	...('pinData' in template ? ['It holds pinned data.'] : []),
];

/** Where this n8n is, which the address of a waiting run begins with. */
const ADDRESS_OF_N8N = /resumeUrl\.split\('\?'\)\[0\]\.split\('\/'\)\.slice\(0, -\d\)/g;

/** Whoever has the address of a waiting run could answer it: a mail has the desk's link alone. */
export const mails: Rule = (template) =>
	ofKind(template, 'emailSend').flatMap((node) => [
		...(node['disabled'] === true ? [] : [`"${node.name}" is not switched off.`]),
		...(texts(node).some((text) => /resumeUrl|resumeFormUrl|webhook-waiting/.test(text.replaceAll(ADDRESS_OF_N8N, '')))
			? [`"${node.name}" sends the address of a waiting run.`]
			: []),
	]);
