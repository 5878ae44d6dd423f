#!/usr/bin/env node
/** Imports the templates into a self-hosted n8n by n8n's own command line. `node import.mjs --help` says how. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { n8nCommandLine } from './import/commandLine.mjs';
import {
	calledBy,
	childrenFirst,
	choiceFaults,
	missingCredentials,
	namingExample,
	parseReplacement,
	prepareTemplate,
	SHARED,
} from './import/prepare.mjs';

/** @typedef {import('./import/prepare.mjs').Template} Template */

const HELP = `Imports the workflow templates of n8n-nodes-ad-provisioning into a self-hosted n8n, with fixed ids: importing
again renews them and leaves no second copy. What was changed in them in the editor is lost then.

  node import.mjs [options]

  --n8n "<command>"       how n8n's command line is started. Default: n8n. Others: "docker exec -i n8n n8n"
  --credentials <file>    JSON: { "<credential type>": { "id": "...", "name": "..." } }; every node of that type gets it.
                          Types: adLdapApi, jumpCloudApi, hcmApi, jwtAuth, smtp. The id is the last part of
                          the address in the editor while the credential is open. No secret belongs into this file
  --replace "<old>=><new>"   text in the nodes' parameters, such as "DC=corp,DC=example,DC=com=>DC=acme,DC=test" and
                          "corp.example.com=>acme.test". May be given several times
  --settings <file>       JSON: { "<template>": { "<field of its Settings node>": value } }; "*" is for every template
                          that has the field
  --only "<template>"     only this one, and the workflows that it calls. May be given several times
  --publish "<template>"  make it live, so that its schedule or form works; "all" for all. May be given several times.
                          The approval desk with its helpers and the error workflow are always published,
                          and so is what was published before
  --help                  this text

A published workflow runs on its schedule: look at its Settings first. A running n8n takes up what was published when
it is started again.`;

const OPTIONS = /** @type {const} */ ({
	n8n: { type: 'string', default: 'n8n' },
	credentials: { type: 'string' },
	settings: { type: 'string' },
	replace: { type: 'string', multiple: true, default: [] },
	only: { type: 'string', multiple: true, default: [] },
	publish: { type: 'string', multiple: true, default: [] },
	help: { type: 'boolean', default: false },
});

/** @param {readonly string[]} args */
async function main(args) {
	const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
	if (values.help) return console.log(HELP);
	const all = await readTemplates(path.dirname(fileURLToPath(import.meta.url)));
	const choices = {
		credentials: checkedCredentials(await readObject(values.credentials, '--credentials'), values.credentials ?? ''),
		settings: checkedSettings(await readObject(values.settings, '--settings'), values.settings ?? ''),
		replace: values.replace.map(parseReplacement),
	};
	const faults = choiceFaults(all, choices);
	if (faults.length > 0) throw new Error(faults.join('\n'));
	const wanted = withCalled(all, named(all, values.only, '--only'));
	const live = named(all, values.publish, '--publish');
	// Everything is made ready before n8n hears of anything: a fault leaves n8n as it was.
	const prepared = childrenFirst(wanted).map((template) => prepareTemplate(template, choices));
	await bringIn(prepared, new Set(live.map(({ id }) => id)), values.n8n);
}

/** @param {readonly Template[]} templates @param {ReadonlySet<string>} chosen ids @param {string} command */
async function bringIn(templates, chosen, command) {
	const n8n = n8nCommandLine(command);
	// An import takes back what was published, so it is asked for first.
	const before = await n8n.published();
	await n8n.importWorkflows(templates);
	console.log(`Imported ${templates.length} ${templates.length === 1 ? 'workflow' : 'workflows'}:`);
	for (const template of templates) {
		const { id, name } = template;
		const publish = SHARED.includes(id) || chosen.has(id) || new RegExp(`\\b${id}\\b`).test(before);
		if (publish) await n8n.publish(id);
		console.log(`  ${id}  ${name}${publish ? ' (published)' : ''}`);
		for (const [type, steps] of missingCredentials(template))
			console.log(`    choose a credential (${type}) in: ${steps.join(', ')}`);
		const examples = namingExample(template);
		if (examples.length > 0)
			console.log(`    put your own names in place of corp.example.com in: ${examples.join(', ')}`);
	}
	console.log('Start n8n again if it is running: only then does it take up what was published.');
}

/** @param {string} folder @returns {Promise<Template[]>} */
async function readTemplates(folder) {
	const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
	return await Promise.all(files.map(async (file) => JSON.parse(await readFile(path.join(folder, file), 'utf8'))));
}

/** @param {readonly Template[]} all @param {readonly string[]} names @param {string} option */
function named(all, names, option) {
	if (names.includes('all')) return [...all];
	return names.map((wanted) => {
		const found = all.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
		if (found) return found;
		throw new Error(
			`${option} names "${wanted}", which is no template. There are:\n${all.map(({ name }) => `  ${name}`).join('\n')}`,
		);
	});
}

/** @param {readonly Template[]} all @param {readonly Template[]} chosen none = all */
function withCalled(all, chosen) {
	if (chosen.length === 0) return [...all];
	/** @type {Set<string>} */
	const ids = new Set();
	/** @param {Template} template */
	const take = (template) => {
		if (ids.has(template.id)) return;
		ids.add(template.id);
		const called = calledBy(template);
		all.filter(({ id }) => called.includes(id)).forEach(take);
	};
	chosen.forEach(take);
	return all.filter(({ id }) => ids.has(id));
}

/** @param {string | undefined} file @param {string} option @returns {Promise<object>} */
async function readObject(file, option) {
	if (file === undefined) return {};
	let text;
	try {
		text = await readFile(file, 'utf8');
	} catch {
		throw new Error(`${option} names the file ${file}, which cannot be read.`);
	}
	let value;
	try {
		value = JSON.parse(text);
	} catch (error) {
		// The parser's words would quote the file.
		throw new Error(`${file} is not JSON${/at position \d+/.exec(String(error))?.[0].replace(/^/, ' ') ?? ''}.`);
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new Error(`${file} needs an object, { ... }. node import.mjs --help shows one.`);
	return value;
}

/** @param {object} value @param {string} file @returns {import('./import/prepare.mjs').Credentials} */
function checkedCredentials(value, file) {
	for (const [type, credential] of Object.entries(value)) {
		const { id, name, ...rest } = Object(credential);
		if (typeof id !== 'string' || typeof name !== 'string')
			throw new Error(`${file}: "${type}" needs an "id" and a "name", both text, as n8n's editor shows them.`);
		if (Object.keys(rest).length > 0)
			throw new Error(
				`${file}: "${type}" has more than an id and a name. Make the credential in n8n's editor; its secrets do not belong here.`,
			);
	}
	return Object(value);
}

/** @param {object} value @param {string} file @returns {Readonly<Record<string, import('./import/prepare.mjs').Fields>>} */
function checkedSettings(value, file) {
	for (const [name, fields] of Object.entries(value))
		if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
			throw new Error(`${file}: "${name}" needs an object: { "<field of its Settings node>": value }.`);
	return Object(value);
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error instanceof Error ? error.message : String(error));
	if (error?.code?.startsWith?.('ERR_PARSE_ARGS')) console.error('node import.mjs --help says what there is.');
	process.exitCode = 1;
});
