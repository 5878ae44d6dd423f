/** n8n's own command line, wherever it runs: on this machine, in a container, or behind ssh. */
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const WINDOWS = process.platform === 'win32';
const LAST_LINES = 12;

/**
 * @typedef {{
 *   readonly importWorkflows: (workflows: readonly unknown[]) => Promise<void>,
 *   readonly publish: (id: string) => Promise<void>,
 *   readonly published: () => Promise<string>,
 * }} N8n `published` gives what n8n printed, which names the ids
 */

/**
 * @param {string} command such as `docker exec -i n8n n8n`
 * @returns {N8n}
 */
export function n8nCommandLine(command) {
	const words = splitWords(command);
	return {
		importWorkflows: (workflows) =>
			withFile(JSON.stringify(workflows), async (file) => {
				// n8n opens the path by itself, and a container does not see this machine's files: so it comes by standard input.
				const handle = await open(file, 'r');
				try {
					const input = WINDOWS && words.length === 1 ? file : '/dev/stdin';
					const said = await run(words, ['import:workflow', `--input=${input}`], handle.fd);
					const skipped = said.split('\n').filter((line) => line.includes('Skipped workflow'));
					if (skipped.length > 0) throw new Error(`n8n did not take every workflow:\n${skipped.join('\n')}`);
				} finally {
					await handle.close();
				}
			}),
		publish: async (id) => {
			await run(words, ['publish:workflow', `--id=${id}`]);
		},
		published: () => run(words, ['list:workflow', '--active=true', '--onlyId']),
	};
}

/**
 * As a shell would; nothing but quotes and spaces means anything.
 * @param {string} command
 * @returns {string[]}
 */
export function splitWords(command) {
	const words = [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ''));
	if (words.length === 0) throw new Error('--n8n needs the command that starts n8n, such as: docker exec -i n8n n8n');
	return words;
}

/**
 * @param {readonly string[]} words @param {readonly string[]} args
 * @param {number | 'ignore'} input file descriptor
 * @returns {Promise<string>} what it printed
 */
function run([program = '', ...first], args, input = 'ignore') {
	return new Promise((resolve, reject) => {
		// npm's programs are scripts for the command interpreter on Windows.
		const child = spawn(program, [...first, ...args], { stdio: [input, 'pipe', 'pipe'], shell: WINDOWS });
		let said = '';
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
		child.once('error', (error) => {
			reject(
				new Error(
					/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT'
						? `There is no program "${program}" here. Say with --n8n how n8n's command line is started, such as --n8n "docker exec -i n8n n8n".`
						: `"${program}" could not be started: ${error.message}`,
				),
			);
		});
		child.once('close', (code) => {
			if (code === 0) return resolve(said);
			const words = said.trim().split('\n').slice(-LAST_LINES).join('\n') || 'It printed nothing.';
			const command = [program, ...first, args[0]].join(' ');
			reject(new Error(`"${command}" ended with ${code ?? 'a signal'}:\n${words}${hint(said)}`));
		});
	});
}

/** @param {string} said @returns {string} */
function hint(said) {
	if (/Failed to find owner|Could not find any entity of type "User"/i.test(said))
		return '\nThis n8n has no owner yet. Open its editor once and set up the owner account, then import again.';
	if (/permission to deactivate/i.test(said))
		return '\nThis n8n was never started, or the workflow belongs to somebody else than its owner. Start n8n once, then import again.';
	if (/ENXIO|ENOENT.*stdin|EAGAIN/i.test(said))
		return '\nn8n could not read its standard input. With docker and kubectl the option -i is needed: docker exec -i ...';
	return '';
}

/**
 * @param {string} text @param {(file: string) => Promise<void>} work
 */
async function withFile(text, work) {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-import-'));
	try {
		const file = path.join(folder, 'workflows.json');
		await writeFile(file, text, { mode: 0o600 });
		await work(file);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
