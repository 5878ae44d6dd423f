/**
 * Everything the main job needs, running: the JumpCloud simulator, a domain controller, and n8n with the packed package, users, credentials
 * and the templates. Used by `npm start` and by the end-to-end tests.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ORGANIZATION, seedPeople } from './jumpcloud/people.ts';
import { startJumpCloud } from './jumpcloud/server.ts';
import { n8nClient, type N8nClient } from './n8n/client.ts';
import { ensureN8n, installPackage, packPackage, type N8nInstall } from './n8n/install.ts';
import { publish } from './n8n/publish.ts';
import { n8nServer, type N8nServer, type Owner } from './n8n/server.ts';
import { inventPassword, inviteMembers, type User } from './n8n/users.ts';
import { chosenDirectory, type TestDirectory } from './directory.ts';
import { step } from './setup/progress.mjs';
import { prepared, readTemplates, toPublish, type Choices, type Template } from './workflows.ts';

export type { Template } from './workflows.ts';
export type JumpCloud = Awaited<ReturnType<typeof startJumpCloud>>;

/** Who logs in to the demo's n8n. */
export type Users = {
	/** Of the instance, and of every plan: may approve none. */
	readonly owner: User;
	/** On the list of the first level. */
	readonly reviewer: User;
	/** On the list of the approvers. */
	readonly approver: User;
	/** On no list. */
	readonly outsider: User;
};

export type World = {
	readonly jumpCloud: JumpCloud;
	/** The key that the simulator accepts. */
	readonly apiKey: string;
	readonly directory: TestDirectory;
	readonly n8n: N8nServer;
	readonly install: N8nInstall;
	readonly owner: Owner;
	readonly users: Users;
	/** Logged in as the owner; of the server's first start. */
	readonly client: N8nClient;
	/** The approval desk signs with it. */
	readonly jwtSecret: string;
	/** What was chosen for the templates. */
	readonly choices: Choices;
	/** As they stand in n8n. */
	readonly templates: readonly Template[];
	/** The one that onboards from JumpCloud. */
	readonly template: Template;
	readonly stop: () => Promise<void>;
};

/** A credential type's field values. */
type CredentialData = Readonly<Record<string, unknown>>;

export type WorldOptions = {
	/** Default: the one that the environment names, or Samba. It is stopped with the world. */
	readonly directory?: TestDirectory;
	/** How n8n reaches the directory when it is not the directory's own address (a proxy in between). */
	readonly controller?: { readonly host: string; readonly port: number };
	readonly people?: number;
	/** Further ones by type, such as `hcmApi` or `smtp`: every node that asks for one gets it. */
	readonly credentials?: Readonly<Record<string, CredentialData>>;
};

const SEED = 20_261_123;
const PEOPLE = 250;
/** The id of "Onboard New Hires from JumpCloud". */
const ONBOARD = 'adpOnboardJc0001';
const HOST = '127.0.0.1';

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
		return { ...(await openWorld(project, options, opened)), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** @param opened gets what must be closed again, in order */
async function openWorld(
	project: string,
	options: WorldOptions,
	opened: (() => Promise<void>)[],
): Promise<Omit<World, 'stop'>> {
	const install = await step('looking for n8n', ensureN8n);
	const directory = options.directory ?? (await step('starting the directory', chosenDirectory));
	opened.push(directory.stop);
	const apiKey = randomBytes(20).toString('hex');
	const people = seedPeople({ seed: SEED, count: options.people ?? PEOPLE });
	const jumpCloud = await startJumpCloud({ host: HOST, people, apiKey, organizationId: ORGANIZATION });
	opened.push(() => jumpCloud.close());
	const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-n8n-'));
	opened.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const owner: Owner = { ...named('owner', 'Olga', 'Owner'), password: inventPassword() };
	const n8n = await n8nServer(install, { host: HOST, userFolder: folder, owner });
	await step('installing the packed package into n8n', async () =>
		installPackage(await packPackage(project, folder), folder, install.env),
	);
	const jwtSecret = randomBytes(32).toString('hex');
	const credentials = credentialsOf({
		adLdapApi: { ...directory.credential, ...controllerOf(options) },
		jumpCloudApi: { apiKey, region: 'custom', customUrl: jumpCloud.url, organizationId: ORGANIZATION },
		jwtAuth: { keyType: 'passphrase', secret: jwtSecret, algorithm: 'HS256' },
		...options.credentials,
	});
	const choices = choicesOf(directory, credentials);
	const templates = prepared(await readTemplates(project), choices);
	await step('importing credentials and templates', async () => {
		await importJson(n8n, folder, 'import:credentials', credentials);
		await importJson(n8n, folder, 'import:workflow', templates);
	});
	opened.push(n8n.stop);
	await step('starting n8n', n8n.start);
	const client = await n8nClient(n8n.url, owner);
	const users = await step('inviting users', () => makeUsers(n8n.url, client, owner));
	await step('publishing the approval desk', async () => {
		for (const { id } of toPublish(templates)) await publish(client, id);
	});
	const template = templates.find(({ id }) => id === ONBOARD);
	if (!template) throw new Error(`There is no template with the id ${ONBOARD} in templates/.`);
	return {
		...{ jumpCloud, apiKey, directory, n8n, install, owner, users, client, jwtSecret },
		...{ choices, templates, template },
	};
}

function controllerOf({ controller }: WorldOptions): CredentialData {
	return controller ? { domainControllers: controller.host, port: controller.port } : {};
}

type StoredCredential = {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly data: CredentialData;
};

/** Ids are fixed, so that workflows can name them. */
const CREDENTIALS: Readonly<Record<string, { readonly id: string; readonly name: string }>> = {
	adLdapApi: { id: 'demoAdLdap000001', name: 'Test domain' },
	jumpCloudApi: { id: 'demoJumpCloud001', name: 'JumpCloud simulator' },
	jwtAuth: { id: 'demoJwtAuth00001', name: 'Approval desk' },
};

function credentialsOf(data: Readonly<Record<string, CredentialData>>): StoredCredential[] {
	return Object.entries(data).map(([type, fields]) => ({
		...(CREDENTIALS[type] ?? { id: `demo${type}00000001`.slice(0, 16), name: type }),
		...{ type, data: fields },
	}));
}

const email = (name: string) => `${name}@corp.example.com`;
const named = (name: string, firstName: string, lastName: string) => ({ email: email(name), firstName, lastName });

/** What a builder would choose: credentials, own organisational unit and UPN suffix, and who approves. */
function choicesOf({ peopleOu, upnSuffix }: TestDirectory, credentials: readonly StoredCredential[]): Choices {
	return {
		credentials: Object.fromEntries(credentials.map(({ type, id, name }) => [type, { id, name }])),
		replace: [
			{ from: 'OU=People,DC=corp,DC=example,DC=com', to: peopleOu },
			{ from: 'DC=corp,DC=example,DC=com', to: peopleOu.replace(/^.*?(?=DC=)/i, '') },
			{ from: '@corp.example.com', to: `@${upnSuffix}` },
		],
		settings: {
			'*': { approvers: email('approver'), reviewers: email('reviewer'), owner: email('owner') },
			// The demo hires a whole company in one day.
			'Onboard New Hires from JumpCloud': { createAtMost: 300 },
		},
	};
}

async function makeUsers(url: string, client: N8nClient, owner: Owner): Promise<Users> {
	const self = (await client.request('GET', '/login')) as { readonly id: string };
	const [reviewer, approver, outsider] = await inviteMembers(url, client, [
		named('reviewer', 'Rita', 'Reviewer'),
		named('approver', 'Arno', 'Approver'),
		named('outsider', 'Oskar', 'Outsider'),
	]);
	if (!reviewer || !approver || !outsider) throw new Error('n8n did not take every invitation.');
	return { owner: { ...owner, id: self.id }, reviewer, approver, outsider };
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
