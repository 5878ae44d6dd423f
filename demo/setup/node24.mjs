/**
 * Node 24 from the npm registry. n8n, ldapts 9 and jsonpath-plus 11 need it; many machines have an older one. The packages
 * `node-<system>-<processor>` hold the official build and have no install script.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cached } from './cache.mjs';
import { say } from './progress.mjs';

export const NODE_VERSION = '24.21.0';
const SYSTEMS = { linux: 'linux', darwin: 'darwin', win32: 'win' };

/**
 * @returns {Promise<{ home: string, bin: string, node: string }>} the folder with headers, its program folder, and the program
 * @throws {Error} when the npm registry has no such build
 */
export async function ensureNode24() {
	const name = `node-${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
	const { folder } = await cached(`node-${NODE_VERSION}-${name}`, (target) => {
		say(`fetching Node ${NODE_VERSION} from the npm registry into the cache ...`);
		writeFileSync(path.join(target, 'package.json'), '{"private":true}\n');
		npm(['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${NODE_VERSION}`], {
			cwd: target,
		});
	});
	const home = path.join(folder, 'node_modules', name);
	const bin = path.join(home, 'bin');
	const node = path.join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
	if (!existsSync(node)) throw new Error(`Node ${NODE_VERSION} was installed, but ${node} is not there.`);
	return { home, bin, node };
}

/**
 * Environment in which `node`, npm and native builds are those of the given Node 24.
 * @param {{ home: string, bin: string }} node24
 * @param {NodeJS.ProcessEnv} [base]
 */
export function node24Environment({ home, bin }, base = process.env) {
	return {
		...base,
		PATH: `${bin}${path.delimiter}${base.PATH ?? ''}`,
		// A user's .npmrc may point node-gyp at the headers of another Node.
		npm_config_nodedir: home,
	};
}

/**
 * Runs npm to its end and shows its output only when it fails.
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @throws {Error} with npm's own last words
 */
export function npm(args, { cwd, env = process.env }) {
	const result = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
		cwd,
		env,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		maxBuffer: 64 * 1024 * 1024,
		shell: process.platform === 'win32',
	});
	if (result.error) throw new Error(`npm could not be started: ${result.error.message}. Install npm 10 or newer.`);
	if (result.status !== 0) {
		const words = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-25).join('\n');
		throw new Error(`npm ${args[0]} ended with ${result.status} in ${cwd}:\n${words}`);
	}
	return result.stdout;
}
