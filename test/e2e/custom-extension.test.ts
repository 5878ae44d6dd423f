/** The built package as a folder of custom extensions, for whoever does not install packages: node types are called CUSTOM.* there. */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sambaDirectory } from '../../demo/directory.ts';
import { ORGANIZATION, seedPeople } from '../../demo/jumpcloud/people.ts';
import { startJumpCloud, type JumpCloudSimulator } from '../../demo/jumpcloud/server.ts';
import { n8nClient, type Execution, type N8nClient } from '../../demo/n8n/client.ts';
import { ensureN8n } from '../../demo/n8n/install.ts';
import { addCredential, addWorkflow } from '../../demo/n8n/publish.ts';
import { n8nServer, type N8nServer } from '../../demo/n8n/server.ts';
import { workflow, type NodeSpec } from '../../templates/source/flow';
import { addUser } from '../directory/people';
import { startSamba, type Domain } from '../support/samba';

jest.setTimeout(300_000);

const BUILT = path.resolve(__dirname, '../../dist');
const PEOPLE = seedPeople({ seed: 7, count: 60 });
const withKey = PEOPLE.filter(({ employeeIdentifier }) => employeeIdentifier);
const active = withKey.filter(({ state }) => state === 'ACTIVATED');
/** Those who are suspended leave; who is staged has not come yet. */
const mappable = withKey.filter(({ state }) => state !== 'STAGED');

let domain: Domain;
let jumpCloud: JumpCloudSimulator;
let folder: string;
let n8n: N8nServer;
let client: N8nClient;
let run: Execution;

const own = (name: string, type: string, column: number, row: number, parameters: NodeSpec['parameters'] = {}) =>
	({ name, type, version: 1, at: [column, row], parameters }) satisfies NodeSpec;

/** Each node once, and AD Provision on users and on plans. */
const flowIn = (ou: string) =>
	workflow({ id: '', name: 'Custom extension', description: '' }, (flow) => {
		flow.add(
			own('Start by Hand', 'manualTrigger', 0, 0),
			own('Read People', 'customHcmEndpoint', 1, 0, { source: 'jumpCloudUsers' }),
			own('Map to Accounts', 'attributeMap', 2, 0, { preset: 'jumpCloud', ou }),
			own('Look Up', 'adProvision', 3, 1, { resource: 'user', operation: 'get', matchValue: '={{ $json.key }}' }),
			own('Create Plan', 'adProvision', 3, 0, {
				...{ resource: 'plan', operation: 'createPlan', planned: ['create'] },
				feedReport: "={{ $('Read People').first(1).json }}",
				rejected: "={{ $('Map to Accounts').all(1).map((item) => item.json) }}",
				outOfScope: "={{ $('Map to Accounts').all(2).map((item) => item.json) }}",
				searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: ou } }] },
			}),
		);
		flow.link('Start by Hand', 'Read People', 'Map to Accounts', 'Create Plan');
		flow.link('Map to Accounts', 'Look Up');
	});

beforeAll(async () => {
	domain = await startSamba();
	const directory = await sambaDirectory(domain);
	await addUser(domain, directory.peopleOu, 'known', { employeeID: active[0]?.employeeIdentifier ?? '' });
	const apiKey = randomBytes(20).toString('hex');
	jumpCloud = await startJumpCloud({ host: '127.0.0.1', people: PEOPLE, apiKey, organizationId: ORGANIZATION });
	folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-extension-'));
	// Apart from this project: what it has installed must not be what makes it load.
	const extension = path.join(folder, 'extension');
	await cp(BUILT, extension, { recursive: true });
	const install = await ensureN8n();
	const owner = { email: 'owner@corp.example.com', password: 'Demo-extension1', firstName: 'Olga', lastName: 'Owner' };
	n8n = await n8nServer(
		{ ...install, env: { ...install.env, N8N_CUSTOM_EXTENSIONS: extension } },
		{ host: '127.0.0.1', userFolder: path.join(folder, 'user'), owner },
	);
	await n8n.start();
	client = await n8nClient(n8n.url, owner);
	const credentials = {
		adLdapApi: await addCredential(client, { name: 'Domain', type: 'adLdapApi', data: directory.credential }),
		jumpCloudApi: await addCredential(client, {
			...{ name: 'JumpCloud', type: 'jumpCloudApi' },
			data: { apiKey, region: 'custom', customUrl: jumpCloud.url, organizationId: ORGANIZATION },
		}),
	};
	const made = flowIn(directory.peopleOu);
	const nodes = made.nodes.map((node) => ({
		...node,
		type: node.type.replace('n8n-nodes-ad-provisioning.', 'CUSTOM.'),
		...(node.type.startsWith('n8n-nodes-base.') ? {} : { credentials }),
	}));
	const id = await addWorkflow(client, { ...made, nodes });
	run = await client.untilStatus(await client.runWorkflow(id, 'Start by Hand'), ['success', 'error'], 60_000);
});

afterAll(async () => {
	await n8n?.stop();
	await jumpCloud?.close();
	await domain?.stop();
	if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('the flow runs to its end', () => {
	expect([run.status, run.error]).toEqual(['success', undefined]);
});

test('Custom HCM Endpoint reads everybody from JumpCloud', () => {
	const [records = [], report = []] = run.out('Read People');
	expect(records).toHaveLength(PEOPLE.length);
	expect(report[0]?.json).toMatchObject({ complete: true, records: PEOPLE.length });
});

test('Attribute Map makes accounts of those who have a key and have come', () => {
	expect(run.out('Map to Accounts')[0]).toHaveLength(mappable.length);
});

test('AD Provision finds the one account that there is, and plans the others', () => {
	const [found = [], missing = []] = run.out('Look Up');
	expect([found.length, missing.length]).toEqual([1, mappable.length - 1]);
	const [plans = [], changes = []] = run.out('Create Plan');
	expect(plans[0]?.json).toMatchObject({ kind: 'apply', guard: { ok: true } });
	expect(changes).toHaveLength(active.length - 1);
});
