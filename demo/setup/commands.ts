/** The npm scripts, under Node 24 and with the dependencies installed. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureN8n } from '../n8n/install.ts';
import { ensureSamba } from '../samba/domain.ts';
import { ensureDebianPackages } from './debian.ts';
import { step } from './progress.mjs';

type Command = (project: string, args: readonly string[]) => Promise<number>;

/** Runs a program of node_modules with this Node and passes its exit code on. */
const tool = (project: string, script: string, args: readonly string[]): Promise<number> =>
	program(project, [path.join(project, 'node_modules', script), ...args]);

/** Runs Node with these arguments. */
function program(project: string, args: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, { cwd: project, stdio: 'inherit' });
		const forward = (signal: NodeJS.Signals) => child.kill(signal);
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, forward);
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

/** Jest on some of its projects. `.ci/run` names a file for the numbers. */
function jest(project: string, flags: readonly string[], args: readonly string[]): Promise<number> {
	const report = process.env['JEST_REPORT'];
	return tool(project, 'jest/bin/jest.js', [
		...flags,
		...(report ? ['--ci', '--json', `--outputFile=${report}`] : []),
		'--',
		...args,
	]);
}

const build: Command = (project) => tool(project, 'gulp/bin/gulp.js', ['build', '--silent']);

/** The first non-zero exit code of the given jobs, which run one after another; 0 when there is none. */
async function inTurn(...jobs: readonly (() => Promise<number>)[]): Promise<number> {
	for (const job of jobs) {
		const code = await job();
		if (code !== 0) return code;
	}
	return 0;
}

/** A benchmark of the built package against n8n's own nodes. */
async function bench(project: string, file: string): Promise<number> {
	const { folder } = await step('looking for n8n', ensureN8n);
	return await inTurn(
		() => step('building the package', () => build(project, [])),
		() => program(project, ['--require', './bench/register.cjs', file, path.join(folder, 'node_modules')]),
	);
}

const COMMANDS: Readonly<Record<string, Command>> = {
	build,
	start: async (project, args) => {
		const { demo } = await import('../start.ts');
		return await inTurn(
			() => step('building the package', () => build(project, [])),
			() => demo(project, args),
		);
	},
	templates: async (project) => {
		const { writeTemplates } = await import('../../templates/source/write.ts');
		return await writeTemplates(project);
	},
	test: async (project, args) => {
		await step('looking for Samba', ensureSamba);
		return await inTurn(
			() => step('building the package', () => build(project, [])),
			// Much of it waits for a domain controller: one worker for each processor, and none left over for watching.
			() => jest(project, ['--maxWorkers=100%', '--selectProjects', 'unit', 'directory', 'workflows'], args),
		);
	},
	e2e: async (project, args) => {
		await step('looking for Samba', ensureSamba);
		await step('looking for a browser', () => ensureDebianPackages(['browser']));
		await step('looking for n8n', ensureN8n);
		return await inTurn(
			() => step('building the package', () => build(project, [])),
			// Each file has an n8n and a domain of its own, and mostly waits for them: two at a time.
			() => jest(project, ['--selectProjects', 'e2e', '--maxWorkers=2'], args),
		);
	},
	'bench:directory': async (project) => {
		await step('looking for Samba', ensureSamba);
		await step('looking for ldapmodify', () => ensureDebianPackages(['ldapTools']));
		return await bench(project, 'bench/directory.ts');
	},
	'bench:hcm': (project) => bench(project, 'bench/hcm.ts'),
	'bench:mapping': (project) => bench(project, 'bench/mapping.ts'),
	'bench:plan': async (project) => {
		await step('looking for Samba', ensureSamba);
		return await program(project, ['--require', './bench/register.cjs', 'bench/plan.ts']);
	},
	lint: (project) =>
		inTurn(
			() => tool(project, 'eslint/bin/eslint.js', ['--max-warnings', '0', '.', 'package.json']),
			() => tool(project, 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
			() =>
				tool(project, 'typescript/bin/tsc', ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsbuildinfo']),
		),
	format: (project) => tool(project, 'prettier/bin/prettier.cjs', ['--write', '--log-level', 'warn', '.']),
};

/**
 * @param args the command's name and what comes after it
 * @returns the exit code
 */
export async function runCommand(project: string, [name = '', ...args]: readonly string[]): Promise<number> {
	const command = COMMANDS[name];
	if (!command) throw new Error(`There is no command "${name}". Use one of: ${Object.keys(COMMANDS).join(', ')}.`);
	return await command(project, args);
}
