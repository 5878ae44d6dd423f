/** n8n itself, in the user's cache folder: 2.9 GB, pinned exactly, shared by demo, tests and CI. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from '../setup/cache.mjs';
import { ensureDebianPackages } from '../setup/debian.ts';
import { ensureNode24, node24Environment, NODE_VERSION, npm } from '../setup/node24.mjs';
import { mustRun } from '../setup/processes.ts';
import { say, step } from '../setup/progress.mjs';

/** 2.41.3 needs a package that the registry does not have; a range without a lock file would pick it. */
export const N8N_VERSION = '2.41.1';

export type N8nInstall = {
	/** The program's script; run it with `node`. */
	readonly script: string;
	readonly node: string;
	/** Holds n8n's own node_modules. */
	readonly folder: string;
	readonly env: NodeJS.ProcessEnv;
};

/** Installs n8n once (about 6 minutes) and finds it again later. */
export async function ensureN8n(): Promise<N8nInstall> {
	const node24 = await ensureNode24();
	const env = node24Environment(node24);
	const { folder } = await cached(
		`n8n-${N8N_VERSION}-node${NODE_VERSION}-${process.platform}-${process.arch}`,
		async (target: string) => {
			if (process.platform === 'linux') await ensureDebianPackages(['compiler']);
			say(`n8n ${N8N_VERSION} is not in the cache yet; this takes about six minutes, once`);
			await writeFile(path.join(target, 'package.json'), '{"private":true}\n');
			// Without install scripts: one dependency's (the Kafka client's) downloads a binary and fails behind a closed network.
			await step(`installing n8n ${N8N_VERSION}`, () =>
				npm(['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', `n8n@${N8N_VERSION}`], {
					cwd: target,
					env,
				}),
			);
			await step("compiling n8n's database driver", () =>
				npm(['rebuild', '--ignore-scripts=false', 'sqlite3', 'isolated-vm'], { cwd: target, env }),
			);
		},
	);
	const script = path.join(folder, 'node_modules/n8n/bin/n8n');
	return { script, node: node24.node, folder, env };
}

/**
 * Packs the built package as it would be published.
 * @returns the path of the tarball in `folder`
 */
export async function packPackage(project: string, folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	const said = await mustRun('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
		cwd: project,
	});
	return path.join(folder, said.trim().split('\n').at(-1) ?? '');
}

/**
 * Installs a tarball of the package into n8n's folder for community nodes, with no network: `--offline` fails on any look-up.
 * @param userFolder what n8n gets as N8N_USER_FOLDER
 */
export async function installPackage(tarball: string, userFolder: string, env: NodeJS.ProcessEnv): Promise<void> {
	const nodes = path.join(userFolder, '.n8n/nodes');
	await mkdir(nodes, { recursive: true });
	await writeFile(path.join(nodes, 'package.json'), '{"name":"installed-nodes","private":true}\n');
	npm(
		[
			'install',
			tarball,
			'--omit=peer',
			'--legacy-peer-deps',
			'--ignore-scripts',
			'--offline',
			'--no-audit',
			'--no-fund',
		],
		{ cwd: nodes, env },
	);
}
