/** An independent reader: Samba's `ldbsearch` on the database files, and a parser for what it prints (LDIF, RFC 2849). */
import { existsSync } from 'node:fs';
import { mustRun } from '../setup/processes.ts';

/** One entry: its DN, and every attribute's values in the order printed. Attribute names as the directory spells them. */
export type LdifEntry = { readonly dn: string; readonly attributes: Readonly<Record<string, readonly string[]>> };

const MODULE_FOLDERS = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((triplet) => `/usr/lib/${triplet}/samba/ldb`);

/**
 * Searches the whole subtree of `base` in a `sam.ldb`.
 * @param attributes empty = all
 */
export async function searchDatabase(
	file: string,
	{ filter, attributes, base }: { filter: string; attributes: readonly string[]; base: string },
): Promise<LdifEntry[]> {
	const env = ldbEnvironment();
	return parseLdif(
		await mustRun('ldbsearch', ['-H', file, '-b', base, '-s', 'sub', filter, ...attributes], {
			env,
			timeoutMs: 60_000,
		}),
	);
}

/** The environment in which ldb tools find Samba's modules. */
export function ldbEnvironment(): NodeJS.ProcessEnv {
	const modules = MODULE_FOLDERS.find((folder) => existsSync(folder));
	return { ...process.env, ...(modules ? { LDB_MODULES_PATH: modules } : {}) };
}

/** Entries of an LDIF text; comments, references and continued lines (RFC 2849 note 2) are taken care of. */
export function parseLdif(text: string): LdifEntry[] {
	const entries: LdifEntry[] = [];
	for (const block of text
		.replaceAll('\r\n', '\n')
		.replaceAll('\n ', '')
		.split(/\n{2,}/)) {
		let dn: string | undefined;
		const attributes: Record<string, string[]> = {};
		for (const line of block.split('\n')) {
			const match = /^([^#:][^:]*)(::?) ?(.*)$/.exec(line);
			if (!match) continue;
			const [, name = '', colons, raw = ''] = match;
			const value = colons === '::' ? Buffer.from(raw, 'base64').toString('utf8') : raw;
			if (name === 'dn') dn = value;
			else (attributes[name] ??= []).push(value);
		}
		if (dn !== undefined) entries.push({ dn, attributes });
	}
	return entries;
}
