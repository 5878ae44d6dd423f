/** The pages that n8n's Form node makes of HTML, by its own code and template, without starting n8n. And what chats make of Markdown. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { N8nInstall } from '../../demo/n8n/install.ts';

export type FormPage = {
	/** Content of a field *Custom HTML*. */
	readonly html: string;
	/** Option *Custom CSS*; '' = none. */
	readonly css: string;
};

/** In the order of Form Trigger and Form: expressions in the HTML, sanitizing, and then the template. `EVALUATED` is all that an expression gives. */
const SCRIPT = `
const path = require('node:path');
const modules = path.join(process.cwd(), 'node_modules');
const forms = require(path.join(modules, 'n8n-nodes-base/dist/nodes/Form/utils/utils.js'));
const { getResolvables } = require(path.join(modules, 'n8n-nodes-base/dist/utils/utilities.js'));
const { createHandlebarsEngine } = require(path.join(modules, 'n8n/dist/utils/handlebars.util.js'));
const MarkdownIt = require(path.join(modules, 'markdown-it'));
const template = path.join(modules, 'n8n/templates/form-trigger.handlebars');
const render = createHandlebarsEngine();
const page = ({ html, css }) => {
	let evaluated = html;
	for (const resolvable of getResolvables(evaluated)) evaluated = evaluated.replace(resolvable, 'EVALUATED');
	const formFields = forms.prepareFormFields([{ fieldType: 'html', html: evaluated, fieldName: 'changes' }]);
	const data = forms.prepareFormData({
		formTitle: 'Changes to approve', formDescription: '', formSubmittedText: '', formFields, testRun: false, query: {},
		buttonLabel: 'Approve', customCss: css, appendAttribution: false,
	});
	return render(template, { ...data, settings: { views: path.dirname(template) }, layout: false, cache: false });
};
let input = '';
process.stdin.on('data', (text) => (input += text)).on('end', async () => {
	const { pages, markdown } = JSON.parse(input);
	const drawn = markdown.map((text) => new MarkdownIt({ html: true, linkify: true }).render(text));
	process.stdout.write(JSON.stringify({ pages: await Promise.all(pages.map(page)), markdown: drawn }), () => process.exit(0));
});
`;

/** @returns one document for each page, and one fragment for each Markdown text, tags and bare addresses in it being taken for such */
export function drawnByN8n(
	install: N8nInstall,
	input: { readonly pages: readonly FormPage[]; readonly markdown: readonly string[] },
): { readonly pages: readonly string[]; readonly markdown: readonly string[] } {
	const { stdout, stderr, status } = spawnSync(install.node, ['--eval', SCRIPT], {
		cwd: path.resolve(install.folder),
		env: install.env,
		input: JSON.stringify(input),
		encoding: 'utf8',
		maxBuffer: 256 * 1024 * 1024,
	});
	if (status !== 0) throw new Error(`n8n's form code ended with ${status}: ${stderr}`);
	return JSON.parse(stdout) as { readonly pages: readonly string[]; readonly markdown: readonly string[] };
}
