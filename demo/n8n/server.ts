/** A real n8n of one's own: its settings, its command line, and its server as a child process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { freePorts } from '../setup/addresses.ts';
import { run, stopProcess, waitFor } from '../setup/processes.ts';
import type { N8nInstall } from './install.ts';

export type Owner = {
	readonly email: string;
	readonly password: string;
	readonly firstName: string;
	readonly lastName: string;
};

export type N8nServer = {
	readonly url: string;
	readonly userFolder: string;
	readonly logFile: string;
	readonly database: string;
	/** For programs that run n8n's command line on this folder. */
	readonly env: NodeJS.ProcessEnv;
	/** Starts the server on the same folder and port again. */
	readonly start: () => Promise<void>;
	readonly stop: () => Promise<void>;
	/** kill -9: what a power cut does. */
	readonly kill: () => Promise<void>;
	/** Runs a command of n8n's command line while the server is stopped. */
	readonly command: (...args: readonly string[]) => Promise<string>;
};

/** Switches off everything that looks for a network. */
const QUIET: Readonly<Record<string, string>> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub,mcp,insights,instance-reporting',
};

/**
 * Prepares a server on a fresh or an existing user folder; `start` boots it.
 * @param host loopback address
 */
export async function n8nServer(
	install: N8nInstall,
	{ host, userFolder, owner }: { host: string; userFolder: string; owner: Owner },
): Promise<N8nServer> {
	const [port = 0, broker = 0] = await freePorts(host, 2);
	const url = `http://${host}:${port}`;
	await mkdir(path.join(userFolder, '.n8n'), { recursive: true });
	const logFile = path.join(userFolder, 'n8n.log');
	const env: NodeJS.ProcessEnv = {
		...install.env,
		...QUIET,
		...ownerSettings(install, owner),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		// A fixed key: credentials and the signatures of waiting forms outlive a restart.
		N8N_ENCRYPTION_KEY: await encryptionKey(userFolder),
		N8N_PORT: String(port),
		N8N_HOST: host,
		N8N_LISTEN_ADDRESS: host,
		N8N_EDITOR_BASE_URL: url,
		WEBHOOK_URL: url,
		N8N_RUNNERS_BROKER_PORT: String(broker),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		TZ: 'UTC',
		GENERIC_TIMEZONE: 'UTC',
	};
	let child: ChildProcess | undefined;
	return {
		url,
		userFolder,
		logFile,
		env,
		database: path.join(userFolder, '.n8n/database.sqlite'),
		start: async () => {
			child = await boot(install, env, url, logFile);
		},
		stop: async () => {
			if (child) await stopProcess(child);
			child = undefined;
		},
		kill: async () => {
			const killed = child;
			child = undefined;
			if (killed?.exitCode !== null) return;
			const gone = new Promise((resolve) => killed.once('exit', resolve));
			// n8n's task runner is a child in the same group; it would go by itself, only later.
			if (killed.pid !== undefined) process.kill(-killed.pid, 'SIGKILL');
			await gone;
		},
		command: async (...args) => {
			const { code, stdout, stderr } = await run(install.node, [install.script, ...args], { env, timeoutMs: 180_000 });
			if (code !== 0)
				throw new Error(
					`n8n ${args[0] ?? ''} ended with ${code}:\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')}`,
				);
			return stdout;
		},
	};
}

async function boot(install: N8nInstall, env: NodeJS.ProcessEnv, url: string, logFile: string): Promise<ChildProcess> {
	const log = await open(logFile, 'a');
	const child = spawn(install.node, [install.script, 'start'], {
		env,
		stdio: ['ignore', log.fd, log.fd],
		detached: true,
	});
	const failed = new Promise<never>((_, reject) => child.once('error', reject));
	failed.catch(() => undefined);
	await log.close();
	const ready = waitFor(
		async () => {
			if (child.exitCode !== null) return 'ended' as const;
			const reply = await fetch(`${url}/healthz/readiness`);
			return reply.ok ? ('ready' as const) : undefined;
		},
		`n8n on ${url}`,
		120_000,
	);
	const state = await Promise.race([ready, failed]);
	if (state === 'ended') {
		const words = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-15).join('\n');
		throw new Error(`n8n ended with ${child.exitCode} while it started:\n${words}`);
	}
	return child;
}

/** n8n makes its owner from these at start; the password travels as a bcrypt hash, made by n8n's own library. */
function ownerSettings(install: N8nInstall, owner: Owner): Record<string, string> {
	const require = createRequire(path.join(install.folder, 'node_modules/n8n/package.json'));
	const bcrypt = require('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
	return {
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: owner.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: owner.firstName,
		N8N_INSTANCE_OWNER_LAST_NAME: owner.lastName,
		N8N_INSTANCE_OWNER_PASSWORD_HASH: bcrypt.hashSync(owner.password, 10),
	};
}

async function encryptionKey(userFolder: string): Promise<string> {
	const file = path.join(userFolder, 'encryption-key');
	try {
		return await readFile(file, 'utf8');
	} catch {
		const key = randomBytes(24).toString('hex');
		await writeFile(file, key, { mode: 0o600 });
		return key;
	}
}
