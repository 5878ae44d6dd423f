/** What the rules for templates read in them. A rule gives sentences, one for each fault; none = it is kept. */
import type { Template, TemplateNode } from '../../../templates/source/flow';

export type Rule = (template: Template) => readonly string[];

const NOTE = 'n8n-nodes-base.stickyNote';
const OWN = 'n8n-nodes-ad-provisioning.';

export const isOwn = ({ type }: TemplateNode): boolean => type.startsWith(OWN);
/** Without the package's name: `dataTable`, `adProvision`. */
export const kindOf = ({ type }: Pick<TemplateNode, 'type'>): string => type.slice(type.indexOf('.') + 1);
export const notesOf = ({ nodes }: Template): readonly TemplateNode[] => nodes.filter(({ type }) => type === NOTE);
/** All but sticky notes. */
export const stepsOf = ({ nodes }: Template): readonly TemplateNode[] => nodes.filter(({ type }) => type !== NOTE);
export const ofKind = (template: Template, ...kinds: readonly string[]): readonly TemplateNode[] =>
	stepsOf(template).filter((node) => kinds.includes(kindOf(node)));

/** A field of a parameter, by its path: `dataTableId.value`. */
export function at(value: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>(
			(from, name) => (typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined),
			value,
		);
}
export const textAt = (value: unknown, path: string): string => {
	const found = at(value, path);
	return typeof found === 'string' ? found : '';
};
export const listAt = (value: unknown, path: string): readonly Readonly<Record<string, unknown>>[] => {
	const found = at(value, path);
	return Array.isArray(found) ? (found as Readonly<Record<string, unknown>>[]) : [];
};

/** Every text in a value, however deep. */
export function textsIn(value: unknown): readonly string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsIn);
}

/** Names of the steps that an output of a node leads to. */
export const targetsOf = ({ connections }: Template, node: string, output: number): readonly string[] =>
	(connections[node]?.main[output] ?? []).map((target) => target.node);

/** Fields of the step Settings. */
export const settingsOf = (template: Template): readonly string[] =>
	listAt(stepsOf(template).find(({ name }) => name === 'Settings')?.parameters, 'assignments.assignments').map(
		({ name }) => String(name),
	);
