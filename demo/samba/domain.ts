/**
 * A throw-away Samba Active Directory domain controller (LDAP, LDAPS, StartTLS, global catalogue), on loopback only. Root gets the
 * usual ports, anyone else the same plus 10,000. It ends with the process that started it, however that one ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { claimAddress, domainControllerPorts } from '../setup/addresses.ts';
import { cached } from '../setup/cache.mjs';
import { ensureDebianPackages } from '../setup/debian.ts';
import { mustRun, stopProcess } from '../setup/processes.ts';
import { waitForPort } from '../setup/ports.ts';
import { searchDatabase, type LdifEntry } from './ldbsearch.ts';
import { makeCertificate } from './certificate.ts';

export type Domain = {
	readonly host: string;
	/** The address that this domain claimed; other servers of the same run may share it. */
	readonly ldapPort: number;
	readonly ldapsPort: number;
	readonly ldapsUrl: string;
	readonly serverName: string;
	readonly caPem: string;
	/** Key and certificate of a second server, signed by the same authority (for a recording proxy). */
	readonly tlsFolder: string;
	readonly baseDn: string;
	readonly bindDn: string;
	readonly password: string;
	/** Reads the database itself, not through LDAP: an independent look at what was written. */
	readonly ldbsearch: (filter: string, attributes?: readonly string[], base?: string) => Promise<LdifEntry[]>;
	/** Stops Samba, lets `work` change its database (with Samba's ldb tools), and starts it again. */
	readonly whileStopped: (
		work: (files: { readonly database: string; readonly configuration: string }) => Promise<void>,
	) => Promise<void>;
	/** Back to the empty domain, in less than a second. */
	readonly reset: () => Promise<void>;
	readonly stop: () => Promise<void>;
};

const REALM = 'CORP.EXAMPLE.COM';
const DOMAIN = REALM.toLowerCase();
const BASE_DN = `DC=${DOMAIN.replaceAll('.', ',DC=')}`;
const ADMINISTRATOR_PASSWORD = 'Passw0rd!Admin';
/** Part of the cache key: change it when anything about the empty domain changes. */
const PROVISION_VERSION = 1;

const rootless = () => process.getuid?.() !== 0;

/**
 * Starts a domain controller of its own on a free loopback address.
 * @throws where Samba cannot be had, saying what to do instead
 */
export async function startDomain(): Promise<Domain> {
	await ensureSamba();
	const shift = rootless() ? 10_000 : 0;
	const address = await claimAddress(domainControllerPorts(shift));
	const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-domain-'));
	let child: ChildProcess | undefined;
	const stop = async () => {
		if (child) await stopProcess(child);
		await address.release();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const pristine = await emptyDomain();
		const tls = path.join(folder, 'tls');
		const serverName = `dc1.${DOMAIN}`;
		await makeCertificate(tls, {
			commonName: serverName,
			names: [serverName, DOMAIN, 'localhost'],
			addresses: [address.host, '127.0.0.1'],
		});
		const begin = async () => {
			await rm(path.join(folder, 'live'), { recursive: true, force: true });
			await cp(pristine, path.join(folder, 'live'), { recursive: true, preserveTimestamps: true });
			child = await startSamba(folder, address.host, shift);
		};
		await begin();
		return {
			host: address.host,
			ldapPort: 389 + shift,
			ldapsPort: 636 + shift,
			ldapsUrl: `ldaps://${address.host}:${636 + shift}`,
			serverName,
			caPem: await readFile(path.join(tls, 'ca.pem'), 'utf8'),
			tlsFolder: tls,
			baseDn: BASE_DN,
			bindDn: `CN=Administrator,CN=Users,${BASE_DN}`,
			password: ADMINISTRATOR_PASSWORD,
			ldbsearch: (filter, attributes = [], base = BASE_DN) =>
				searchDatabase(path.join(folder, 'live/private/sam.ldb'), { filter, attributes, base }),
			whileStopped: async (work) => {
				if (child) await stopProcess(child);
				await work({
					database: path.join(folder, 'live/private/sam.ldb'),
					configuration: path.join(folder, 'smb.conf'),
				});
				child = await startSamba(folder, address.host, shift);
			},
			reset: async () => {
				if (child) await stopProcess(child);
				await begin();
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * Installs what Samba needs, as root.
 * @throws on systems without Samba's domain controller, and when packages are missing and this is not root
 */
export async function ensureSamba(): Promise<void> {
	if (process.platform !== 'linux') {
		throw new Error(
			`Samba's domain controller does not run on ${process.platform}. Use a Linux machine (Debian is tested), or name a test domain of your own ` +
				'by AD_TEST_CONTROLLER and the other variables in docs/demo.md.',
		);
	}
	await ensureDebianPackages(rootless() ? ['samba', 'sambaWithoutRoot'] : ['samba']);
}

/** The provisioned, empty domain, made once for each Samba version (about 5 s) and copied for each run. */
async function emptyDomain(): Promise<string> {
	const version = (await mustRun('samba', ['--version'])).trim().replaceAll(/[^\w.]+/g, '-');
	const { folder } = await cached(
		`domain-${PROVISION_VERSION}-${version}-uid${process.getuid?.() ?? 0}`,
		async (target: string) => {
			await chmod(target, 0o700);
			const empty = path.join(target, 'empty.conf');
			await writeFile(empty, '[global]\n');
			const [program, ...first] = rootless()
				? ['/usr/bin/python3', path.join(import.meta.dirname, 'provision-nonroot.py')]
				: ['samba-tool'];
			await mustRun(program ?? 'samba-tool', [
				...first,
				'domain',
				'provision',
				// Without an own file Debian's /etc/samba/smb.conf is merged in.
				...['-s', empty, `--targetdir=${target}/pristine`, `--realm=${REALM}`, `--domain=${REALM.split('.')[0] ?? ''}`],
				...[
					'--server-role=dc',
					'--dns-backend=NONE',
					`--adminpass=${ADMINISTRATOR_PASSWORD}`,
					'--host-name=DC1',
					'--host-ip=127.0.0.1',
				],
				...[
					'--option=interfaces=127.0.0.1/8',
					'--option=bind interfaces only=yes',
					`--option=log file=${target}/provision.log`,
				],
				...['--backend-store=mdb', '--backend-store-size=4Gb'],
			]);
		},
	);
	return path.join(folder, 'pristine');
}

async function startSamba(folder: string, host: string, shift: number): Promise<ChildProcess> {
	const live = path.join(folder, 'live');
	for (const name of ['lock', 'state', 'cache', 'run', 'bind-dns'])
		await mkdir(path.join(live, name), { recursive: true });
	await writeFile(path.join(folder, 'smb.conf'), configuration(folder, host));
	const log = await open(path.join(folder, 'samba.out'), 'a');
	const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
	if (shift > 0) Object.assign(env, { LD_PRELOAD: await bindShim(), BIND_SHIFT: String(shift) });
	// -i ends Samba when its standard input closes, so it never outlives the process that started it.
	const child = spawn('samba', ['-i', '-M', 'single', '-s', path.join(folder, 'smb.conf'), '--no-process-group'], {
		stdio: ['pipe', log.fd, log.fd],
		env,
		// Of its own process group: Ctrl-C in the terminal is answered by the demo, which stops Samba last.
		detached: true,
	});
	const spawned = new Promise<never>((_, reject) => child.once('error', reject));
	await log.close();
	const ended = new Promise<never>((_, reject) =>
		child.once('exit', (code) => {
			readFile(path.join(folder, 'samba.out'), 'utf8').then(
				(text) => reject(new Error(`Samba ended with ${code}:\n${text.split('\n').slice(-15).join('\n')}`)),
				reject,
			);
		}),
	);
	ended.catch(() => undefined);
	spawned.catch(() => undefined);
	for (const port of [636, 389, 3268, 3269])
		await Promise.race([waitForPort(host, port + shift, 30_000), ended, spawned]);
	return child;
}

function configuration(folder: string, host: string): string {
	const live = path.join(folder, 'live');
	const tls = path.join(folder, 'tls');
	const settings: Record<string, string> = {
		'netbios name': 'DC1',
		realm: REALM,
		workgroup: REALM.split('.')[0] ?? '',
		'server role': 'active directory domain controller',
		// LDAP alone: no Kerberos, RPC, file service or DNS is asked for here.
		'server services': 'ldap',
		interfaces: `${host}/8`,
		'bind interfaces only': 'yes',
		'private dir': `${live}/private`,
		'lock directory': `${live}/lock`,
		'state directory': `${live}/state`,
		'cache directory': `${live}/cache`,
		'pid directory': `${live}/run`,
		'ncalrpc dir': `${live}/run/ncalrpc`,
		'binddns dir': `${live}/bind-dns`,
		'log file': `${folder}/samba.log`,
		'max log size': '0',
		'disable netbios': 'yes',
		'load printers': 'no',
		'tls keyfile': `${tls}/key.pem`,
		'tls certfile': `${tls}/cert.pem`,
		'tls cafile': `${tls}/ca.pem`,
		'ldap server require strong auth': 'allow_sasl_over_tls',
		// Else the password before the last reset logs on for another hour, and hides from a test that a new one is wrong.
		'old password allowed period': '0',
		// Throw-away data: four times faster writes without fsync.
		'ldb:nosync': 'true',
	};
	const lines = Object.entries(settings).map(([name, value]) => `\t${name} = ${value}`);
	return `[global]\n${lines.join('\n')}\n[sysvol]\n\tpath = ${live}/state/sysvol\n\tread only = no\n`;
}

async function bindShim(): Promise<string> {
	const { folder } = await cached(`bindshift-1-${process.arch}`, (target: string) =>
		mustRun('gcc', [
			'-shared',
			'-fPIC',
			'-O2',
			'-o',
			path.join(target, 'bindshift.so'),
			path.join(import.meta.dirname, 'bindshift.c'),
			'-ldl',
		]).then(() => undefined),
	);
	const shim = path.join(folder, 'bindshift.so');
	if (!existsSync(shim)) throw new Error(`${shim} was compiled, but is not there.`);
	return shim;
}
