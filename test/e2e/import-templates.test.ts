/** `templates/import.mjs` on n8n's real command line: what it says it did, n8n has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { n8nClient } from '../../demo/n8n/client.ts';
import { ensureN8n, type N8nInstall } from '../../demo/n8n/install.ts';
import { n8nServer, type N8nServer, type Owner } from '../../demo/n8n/server.ts';
import { inventPassword } from '../../demo/n8n/users.ts';
import { run } from '../../demo/setup/processes.ts';
import { WORKFLOW } from '../../templates/source/ids';

jest.setTimeout(500_000);

const PROJECT = path.resolve(__dirname, '../..');
const HELPER = 'Ask the Approval Desk';
const owner: Owner = {
	...{ email: 'owner@corp.example.com', firstName: 'Olga', lastName: 'Owner' },
	password: inventPassword(),
};

let folder: string;
let install: N8nInstall;
let n8n: N8nServer;

const importThem = (...args: string[]) =>
	run(
		install.node,
		[path.join(PROJECT, 'templates/import.mjs'), '--n8n', `"${install.node}" "${install.script}"`, ...args],
		{ env: n8n.env },
	);

type Stored = {
	readonly id: string;
	readonly activeVersionId: string | null;
	readonly nodes: readonly { readonly type: string; readonly credentials?: unknown }[];
};

beforeAll(async () => {
	install = await ensureN8n();
	folder = mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-import-'));
	n8n = await n8nServer(install, { host: '127.0.0.1', userFolder: folder, owner });
	// It runs meanwhile, as in an operator's container. Before its first start n8n knows no rights, and takes nothing back.
	await n8n.start();
});
afterAll(async () => {
	await n8n?.stop();
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('imports with fixed ids, chooses credentials and publishes; a second import renews', async () => {
	const credentials = path.join(folder, 'credentials.json');
	writeFileSync(credentials, JSON.stringify({ jwtAuth: { id: 'jwtOfTheDesk0001', name: 'Approval desk' } }));
	const jwt = { id: 'jwtOfTheDesk0001', name: 'Approval desk', type: 'jwtAuth', data: { keyType: 'passphrase' } };
	writeFileSync(path.join(folder, 'jwt.json'), JSON.stringify([jwt]));
	await n8n.command('import:credentials', `--input=${path.join(folder, 'jwt.json')}`);

	const first = await importThem('--only', HELPER);
	expect([first.code, first.stderr]).toEqual([0, '']);
	expect(first.stdout).toContain(`${WORKFLOW.askDesk}  ${HELPER} (published)`);
	expect(first.stdout).toContain('choose a credential (jwtAuth) in: ');
	const again = await importThem('--only', HELPER, '--credentials', credentials);
	expect([again.code, again.stderr]).toEqual([0, '']);
	expect(again.stdout).not.toContain('choose a credential');

	const client = await n8nClient(n8n.url, owner);
	const listed = (await client.request('GET', '/workflows')) as { id: string }[];
	const ids: readonly string[] = listed.map(({ id }) => id).sort();
	expect(ids).toContain(WORKFLOW.askDesk);
	expect(new Set(ids).size).toBe(ids.length);
	for (const id of ids) {
		const stored = (await client.request('GET', `/workflows/${id}`)) as Stored;
		expect([id, typeof stored.activeVersionId]).toEqual([id, 'string']);
	}
	const helper = (await client.request('GET', `/workflows/${WORKFLOW.askDesk}`)) as Stored;
	const signing = helper.nodes.filter(({ type }) => type === 'n8n-nodes-base.jwt');
	expect(signing.map((node) => node.credentials)).toEqual(
		signing.map(() => ({ jwtAuth: { id: 'jwtOfTheDesk0001', name: 'Approval desk' } })),
	);
	expect(signing).not.toHaveLength(0);
});

test('says what n8n said when it cannot', async () => {
	const { code, stderr } = await run(
		install.node,
		[path.join(PROJECT, 'templates/import.mjs'), '--n8n', `"${install.node}" "${install.script}" --nonsense`],
		{ env: { ...n8n.env, DB_TYPE: 'nothing' } },
	);
	expect(code).toBe(1);
	expect(stderr).toContain('list:workflow" ended with');
});
