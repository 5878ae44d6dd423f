/** The shipped templates as a builder would set them up in the demo's n8n. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { childrenFirst, prepareTemplate, SHARED, type Choices, type Template } from '../templates/import/prepare.mjs';

export type { Choices, Template, TemplateNode } from '../templates/import/prepare.mjs';

const FORM = 'n8n-nodes-base.formTrigger';

/** All of them, as shipped, children first. */
export async function readTemplates(project: string): Promise<Template[]> {
	const folder = path.join(project, 'templates');
	const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
	const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
	return childrenFirst(texts.map((text) => JSON.parse(text) as Template));
}

export function prepared(templates: readonly Template[], choices: Choices): Template[] {
	return templates.map((template) => prepareTemplate(template, choices));
}

/** Those that do nothing before they are published: what others call, and pages. A schedule stays off in the demo and the tests. */
export function toPublish(templates: readonly Template[]): Template[] {
	return templates.filter(({ id, nodes }) => SHARED.includes(id) || nodes.some(({ type }) => type === FORM));
}
