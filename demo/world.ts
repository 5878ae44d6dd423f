/**
 * Everything the main job needs, running: the JumpCloud simulator, a domain controller, and n8n with the packed package, credentials and
 * the onboarding template. Used by `npm start` and by the end-to-end tests.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { seedPeople } from './jumpcloud/people.ts';
import { startJumpCloud } from './jumpcloud/server.ts';
import { ensureN8n, installPackage, packPackage, type N8nInstall } from './n8n/install.ts';
import { n8nServer, type N8nServer, type Owner } from './n8n/server.ts';
import { chosenDirectory, type TestDirectory } from './directory.ts';
import { step } from './setup/progress.mjs';

export type JumpCloud = Awaited<ReturnType<typeof startJumpCloud>>;

export type World = {
	readonly jumpCloud: JumpCloud;
	/** The key that the simulator accepts. */
	readonly apiKey: string;
	readonly directory: TestDirectory;
	readonly n8n: N8nServer;
	readonly install: N8nInstall;
	readonly owner: Owner;
	readonly template: Template;
	readonly stop: () => Promise<void>;
};

export type Template = {
	readonly id: string;
	readonly name: string;
	readonly nodes: readonly {
		readonly name: string;
		readonly type: string;
		readonly parameters: Record<string, unknown>;
	}[];
};

export type WorldOptions = {
	/** Default: the one that the environment names, or Samba. It is stopped with the world. */
	readonly directory?: TestDirectory;
	/** How n8n reaches the directory when it is not the directory's own address (a proxy in between). */
	readonly controller?: { readonly host: string; readonly port: number };
	readonly people?: number;
};

const SEED = 20_261_123;
const PEOPLE = 250;
const TEMPLATE = 'templates/onboard-from-jumpcloud.json';
const ORGANIZATION = '5f1b1bb2c9e77742c1cd0b66';
/** Which credential the template's nodes get, by the credential's type; ids are fixed so that the workflow can name them. */
const CREDENTIAL_IDS = { jumpCloudApi: 'demoJumpCloud001', adLdapApi: 'demoAdLdap000001' } as const;
const CREDENTIAL_OF_NODE: Readonly<Record<string, keyof typeof CREDENTIAL_IDS>> = {
	'n8n-nodes-ad-provisioning.customHcmEndpoint': 'jumpCloudApi',
	'n8n-nodes-ad-provisioning.adProvision': 'adLdapApi',
};

/**
 * Starts it all; n8n is ready when this returns.
 * @param project the project's folder; the package must be built
 */
export async function startWorld(project: string, options: WorldOptions = {}): Promise<World> {
	const opened: (() => Promise<void>)[] = [];
	const stop = async () => {
		for (const close of opened.splice(0).reverse()) await close();
	};
	try {
		const install = await step('looking for n8n', ensureN8n);
		const directory = options.directory ?? (await step('starting the directory', chosenDirectory));
		opened.push(directory.stop);
		const apiKey = randomBytes(20).toString('hex');
		const people = seedPeople({ seed: SEED, count: options.people ?? PEOPLE });
		const jumpCloud = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
		opened.push(() => jumpCloud.close());
		const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-n8n-'));
		opened.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const owner: Owner = {
			email: 'owner@corp.example.com',
			password: `Demo-${randomBytes(9).toString('base64url')}1`,
			firstName: 'Demo',
			lastName: 'Owner',
		};
		const n8n = await n8nServer(install, { host: '127.0.0.1', userFolder: folder, owner });
		await step('installing the packed package into n8n', async () =>
			installPackage(await packPackage(project, folder), folder, install.env),
		);
		const template = await ownTemplate(project, directory);
		await step('importing credentials and the onboarding template', async () => {
			const credentials = [
				{
					id: CREDENTIAL_IDS.jumpCloudApi,
					name: 'JumpCloud simulator',
					type: 'jumpCloudApi',
					data: { apiKey, region: 'custom', customUrl: jumpCloud.url, organizationId: ORGANIZATION },
				},
				{
					id: CREDENTIAL_IDS.adLdapApi,
					name: 'Test domain',
					type: 'adLdapApi',
					data: { ...directory.credential, ...controllerOf(options) },
				},
			];
			await importJson(n8n, folder, 'import:credentials', credentials);
			await importJson(n8n, folder, 'import:workflow', [template]);
		});
		opened.push(n8n.stop);
		await step('starting n8n', n8n.start);
		return { jumpCloud, apiKey, directory, n8n, install, owner, template, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

function controllerOf({ controller }: WorldOptions): Record<string, unknown> {
	return controller ? { domainControllers: controller.host, port: controller.port } : {};
}

/** n8n's own import reads a file; it is removed at once, because it holds credentials. */
async function importJson(n8n: N8nServer, folder: string, command: string, content: unknown): Promise<void> {
	const file = path.join(folder, 'import.json');
	await writeFile(file, JSON.stringify(content), { mode: 0o600 });
	try {
		await n8n.command(command, `--input=${file}`);
	} finally {
		await rm(file, { force: true });
	}
}

/** The shipped template as a builder would set it up: credentials chosen, own organisational unit and UPN suffix put in. */
async function ownTemplate(project: string, directory: TestDirectory): Promise<Template> {
	const text = await readFile(path.join(project, TEMPLATE), 'utf8');
	const own = text
		.replaceAll('OU=People,DC=corp,DC=example,DC=com', JSON.stringify(directory.peopleOu).slice(1, -1))
		.replaceAll('@corp.example.com', `@${JSON.stringify(directory.upnSuffix).slice(1, -1)}`);
	const template = JSON.parse(own) as Template;
	return {
		...template,
		id: 'demoOnboard000001',
		nodes: template.nodes.map((node) => {
			const type = CREDENTIAL_OF_NODE[node.type];
			return type ? { ...node, credentials: { [type]: { id: CREDENTIAL_IDS[type], name: type } } } : node;
		}),
	};
}
