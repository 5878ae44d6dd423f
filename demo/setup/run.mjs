#!/usr/bin/env node
/**
 * Every npm script starts here: `node demo/setup/run.mjs <command> [arguments]`. Runs on Node 20 with nothing installed; fetches
 * Node 24 when this one is older, installs the dependencies of the lock file, then runs the command under Node 24.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from './cache.mjs';
import { ensureNode24, node24Environment, npm } from './node24.mjs';
import { step } from './progress.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '../..');

async function main() {
	if (Number(process.versions.node.split('.')[0]) < 24) {
		const node24 = await ensureNode24();
		process.exitCode = await runToItsEnd(
			node24.node,
			[fileURLToPath(import.meta.url), ...process.argv.slice(2)],
			node24Environment(node24),
		);
		return;
	}
	await ensureDependencies();
	const { runCommand } = await import('./commands.ts');
	// Everything was stopped in order by now; what may still run is a poll that waits for an answer nobody will give.
	process.exit(await runCommand(project, process.argv.slice(2)));
}

/** `npm ci` when node_modules is not what the lock file says. The stamp is written last, so a killed install is made again. */
async function ensureDependencies() {
	const wanted = createHash('sha256')
		.update(readFileSync(path.join(project, 'package-lock.json')))
		.digest('hex');
	const stamp = path.join(project, 'node_modules', '.installed-lock');
	const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
	if (installed()) return;
	mkdirSync(path.join(project, 'node_modules'), { recursive: true });
	const release = await lock(path.join(project, '.install.lock'));
	try {
		if (installed()) return;
		await step('installing the dependencies of the lock file', () =>
			npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: project }),
		);
		writeFileSync(stamp, wanted);
	} finally {
		release();
	}
}

/** Passes signals on, so that Ctrl-C stops the child in its own orderly way and this process ends after it. */
function runToItsEnd(command, args, env) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { stdio: 'inherit', env });
		const forward = (signal) => child.kill(signal);
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
	});
}

main().catch((error) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
});
