/** Debian packages that a fresh machine lacks: as root they are installed, otherwise the missing ones are named. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mustRun, run } from './processes.ts';
import { say } from './progress.mjs';

/** What each job needs, by package. `have` is looked for first, so that a program from elsewhere counts too. */
type Need = { readonly packages: readonly string[]; readonly have: () => boolean };

const onPath = (...programs: readonly string[]) =>
	programs.every((program) =>
		[...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'].some((folder) =>
			existsSync(path.join(folder, program)),
		),
	);

const SAMBA_MODULES = ['/usr/lib', '/usr/lib64'].flatMap((base) =>
	['', '/x86_64-linux-gnu', '/aarch64-linux-gnu'].map((triplet) => `${base}${triplet}/samba`),
);

export const NEEDS = {
	samba: {
		packages: [
			'samba',
			'samba-ad-provision',
			'samba-dsdb-modules',
			'samba-vfs-modules',
			'python3-samba',
			'ldb-tools',
			'openssl',
		],
		have: () =>
			onPath('samba', 'samba-tool', 'ldbsearch', 'openssl') &&
			existsSync('/usr/share/samba/setup/provision.ldif') &&
			SAMBA_MODULES.some((folder) => existsSync(`${folder}/ldb/samldb.so`)),
	},
	/** A rootless domain controller moves its ports through a shim that is compiled on the spot. */
	sambaWithoutRoot: { packages: ['gcc', 'libc6-dev'], have: () => onPath('gcc') },
	/** node-gyp compiles n8n's sqlite3. */
	compiler: { packages: ['python3', 'make', 'g++'], have: () => onPath('python3', 'make', 'g++') },
	/** OpenLDAP's own tools, which bench:directory compares with. */
	ldapTools: { packages: ['ldap-utils'], have: () => onPath('ldapmodify') },
	/** With a font for Chinese and Japanese names, which would be empty boxes in the pictures. */
	browser: {
		packages: ['chromium', 'fonts-droid-fallback'],
		have: () => existsSync('/usr/bin/chromium') && existsSync('/usr/share/fonts/truetype/droid'),
	},
} satisfies Record<string, Need>;

/**
 * Sees to it that the named needs are met.
 * @throws when a package is missing and cannot be installed from here, with the command that installs it
 */
export async function ensureDebianPackages(names: ReadonlyArray<keyof typeof NEEDS>): Promise<void> {
	const missing = names.filter((name) => !NEEDS[name].have()).flatMap((name) => NEEDS[name].packages);
	if (missing.length === 0) return;
	const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
	if (process.getuid?.() !== 0 || !onPath('apt-get')) {
		throw new Error(`Programs are missing on this machine. Run this as root, then try again:\n  ${command}`);
	}
	say(`installing Debian packages: ${missing.join(' ')} ...`);
	// Services would start with the package on a machine with an init system: none is wanted, each run starts its own.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	const wait = ['-o', 'DPkg::Lock::Timeout=600'];
	await run('apt-get', [...wait, 'update'], { env });
	await mustRun('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...missing], {
		env,
		timeoutMs: 1_200_000,
	});
	const still = names.filter((name) => !NEEDS[name].have());
	if (still.length > 0)
		throw new Error(`The packages were installed, but what they should bring is not there: ${still.join(', ')}.`);
}
