/** `npm start` as a person runs it: a process of its own, judged by what it prints, how it ends, and what it leaves behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'ldapts';
import { seedPeople } from '../../demo/jumpcloud/people.ts';
import { ldbEnvironment } from '../../demo/samba/ldbsearch.ts';
import { mustRun, waitFor } from '../../demo/setup/processes.ts';
import { startSamba, type Domain } from '../support/samba';

jest.setTimeout(400_000);

const PROJECT = path.resolve(__dirname, '../..');

type Demo = { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<number> };

const running: Demo[] = [];
// A demo that a failed test left behind would hold n8n, and a domain controller.
afterEach(async () => {
	for (const { child, ended } of running.splice(0)) {
		child.kill('SIGINT');
		await ended;
	}
});

function startDemo(args: readonly string[], env: NodeJS.ProcessEnv = {}): Demo {
	const child = spawn(process.execPath, [path.join(PROJECT, 'demo/setup/run.mjs'), 'start', ...args], {
		cwd: PROJECT,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (text: string) => (said += text));
	const demo: Demo = {
		child,
		said: () => said,
		ended: new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1))),
	};
	running.push(demo);
	return demo;
}

function answers(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = net.connect({ host, port });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

describe('npm start -- --once, on a test domain of one’s own', () => {
	const ou = (domain: Domain) => `OU=Test People,${domain.baseDn}`;
	/** The domain's own schema is stricter than everybody else's: one character less than the longest job title. */
	const titles = seedPeople({ seed: 20_261_123, count: 250 })
		.filter(({ state, employeeIdentifier }) => state === 'ACTIVATED' && employeeIdentifier)
		.map(({ jobTitle, displayname }) => ({ jobTitle, displayname }))
		.sort((left, right) => right.jobTitle.length - left.jobTitle.length);
	const limit = (titles[0]?.jobTitle.length ?? 0) - 1;
	const refused = titles.filter(({ jobTitle }) => jobTitle.length > limit);

	let domain: Domain;
	let folder: string;

	beforeAll(async () => {
		domain = await startSamba();
		folder = mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-start-'));
		writeFileSync(path.join(folder, 'ca.pem'), domain.caPem);
		await domain.whileStopped(async ({ database, configuration }) => {
			const change = `dn: CN=Title,CN=Schema,CN=Configuration,${domain.baseDn}\nchangetype: modify\nreplace: rangeUpper\nrangeUpper: ${limit}\n`;
			const file = path.join(folder, 'schema.ldif');
			writeFileSync(file, change);
			const options = [`--configfile=${configuration}`, '--option=dsdb:schema update allowed=true'];
			await mustRun('ldbmodify', ['-H', database, ...options, file], { env: ldbEnvironment() });
		});
		const client = new Client({
			url: domain.ldapsUrl,
			tlsOptions: { ca: [domain.caPem], servername: domain.serverName },
		});
		await client.bind(domain.bindDn, domain.password);
		await client.add(ou(domain), { objectClass: 'organizationalUnit' });
		await client.unbind();
	});

	afterAll(async () => {
		await domain?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	test('ends non-zero when the domain does not take one person’s title, says who and why, and creates the others', async () => {
		expect(refused).toHaveLength(1);
		const demo = startDemo(['--once'], {
			AD_TEST_CONTROLLER: domain.host,
			AD_TEST_PORT: String(domain.ldapsPort),
			AD_TEST_CA_FILE: path.join(folder, 'ca.pem'),
			AD_TEST_SERVER_NAME: domain.serverName,
			AD_TEST_BIND_NAME: domain.bindDn,
			AD_TEST_BIND_PASSWORD: domain.password,
			AD_TEST_OU: ou(domain),
		});
		expect([await demo.ended, demo.said()]).toEqual([1, expect.stringContaining('NOT AS PLANNED')]);
		expect(demo.said()).toContain(`failed: ${refused[0]?.displayname}`);
		expect(demo.said()).toContain('A value has a length or a form that its attribute does not allow');
		const people = await domain.ldbsearch('(&(objectClass=user)(employeeID=*))', ['displayName'], ou(domain));
		const there = people.map(({ attributes }) => attributes['displayName']?.[0] ?? '').sort();
		const expected = titles.map(({ displayname }) => displayname).filter((name) => name !== refused[0]?.displayname);
		// With what the demo said, so that whoever is missing can be looked up there.
		const said = expect.stringContaining(`of ${titles.length} people have their account`) as string;
		expect({ there, said: demo.said() }).toEqual({ there: expected.sort(), said });
	});

	test('names the variable that is missing', async () => {
		const demo = startDemo(['--once'], { AD_TEST_CONTROLLER: domain.host, AD_TEST_OU: '' });
		expect(await demo.ended).toBe(1);
		expect(demo.said()).toContain('AD_TEST_OU must be set too');
	});
});

describe('npm start', () => {
	test('prints the logins and the desk’s address, waits there, and stops all that it started on Ctrl-C', async () => {
		const demo = startDemo([]);
		const printed = await waitFor(
			() =>
				Promise.resolve(
					/Editor\s+http:\/\/([\d.]+):(\d+)[\s\S]*on (127\.[\d.]+)\s[\s\S]*JumpCloud\s+http:\/\/([\d.]+):(\d+)/.exec(
						demo.said(),
					) ?? undefined,
				),
			'What npm start prints at the approval desk',
			300_000,
		);
		for (const role of ['owner', 'reviewer', 'approver', 'outsider'])
			expect(demo.said()).toMatch(new RegExp(`${role} +${role}@corp\\.example\\.com +Demo-\\S{12,}`));
		const desk = /Approval desk\s+(http:\S+\/form\/ad-approval-desk\?Plan=[\w-]+)/.exec(demo.said())?.[1] ?? '';
		// Nobody has logged in here, so the page is not shown, but it is there: n8n sends on to its login.
		expect([desk, (await fetch(desk, { redirect: 'manual' })).status]).toEqual([desk, 302]);
		const [, editorHost = '', editorPort, controller = '', jumpCloudHost = '', jumpCloudPort] = printed;
		const servers = [
			[editorHost, Number(editorPort)],
			[controller, process.getuid?.() === 0 ? 636 : 10_636],
			[jumpCloudHost, Number(jumpCloudPort)],
		] as const;
		for (const [host, port] of servers) expect([host, port, await answers(host, port)]).toEqual([host, port, true]);
		demo.child.kill('SIGINT');
		expect(await demo.ended).toBe(130);
		for (const [host, port] of servers) expect([host, port, await answers(host, port)]).toEqual([host, port, false]);
	});

	test('refuses an argument that it does not know', async () => {
		const demo = startDemo(['--onse']);
		expect(await demo.ended).toBe(1);
		expect(demo.said()).toContain('npm start does not know --onse');
	});
});
