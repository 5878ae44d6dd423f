/** What a builder has on the first day: n8n with the packed package in it, a domain, an HR system, and nothing set up yet. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sambaDirectory } from '../../demo/directory.ts';
import { ORGANIZATION, seedPeople } from '../../demo/jumpcloud/people.ts';
import { startJumpCloud, type JumpCloudSimulator } from '../../demo/jumpcloud/server.ts';
import { n8nClient, type N8nClient } from '../../demo/n8n/client.ts';
import { ensureN8n, installPackage, packPackage } from '../../demo/n8n/install.ts';
import { n8nServer, type N8nServer, type Owner } from '../../demo/n8n/server.ts';
import { inventPassword } from '../../demo/n8n/users.ts';
import { startSamba, type Domain } from './samba';

const PROJECT = path.resolve(__dirname, '../..');
const HOST = '127.0.0.1';
const SEED = 20_261_128;
/** The least that the simulator's people can be. */
const PEOPLE = 60;

export type FreshN8n = {
	readonly n8n: N8nServer;
	readonly owner: Owner;
	/** To look at what the editor has stored. */
	readonly client: N8nClient;
	readonly domain: Domain;
	readonly jumpCloud: JumpCloudSimulator;
	readonly apiKey: string;
	readonly organization: string;
	readonly stop: () => Promise<void>;
};

export async function startFreshN8n(): Promise<FreshN8n> {
	const opened: (() => Promise<void>)[] = [];
	const stop = async () => {
		for (const close of opened.splice(0).reverse()) await close();
	};
	try {
		const domain = await startSamba();
		opened.push(domain.stop);
		// The organizational unit that the templates name.
		await sambaDirectory(domain);
		const apiKey = randomBytes(20).toString('hex');
		const people = seedPeople({ seed: SEED, count: PEOPLE });
		const jumpCloud = await startJumpCloud({ host: HOST, people, apiKey, organizationId: ORGANIZATION });
		opened.push(() => jumpCloud.close());
		const folder = await mkdtemp(path.join(tmpdir(), 'ad-provisioning-fresh-'));
		opened.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const owner = { email: 'owner@corp.example.com', password: inventPassword(), firstName: 'Olga', lastName: 'Owner' };
		const install = await ensureN8n();
		const n8n = await n8nServer(install, { host: HOST, userFolder: folder, owner });
		await installPackage(await packPackage(PROJECT, folder), folder, install.env);
		opened.push(n8n.stop);
		await n8n.start();
		const client = await n8nClient(n8n.url, owner);
		return { n8n, owner, client, domain, jumpCloud, apiKey, organization: ORGANIZATION, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
