/**
 * The user's cache folder of this project: Node 24, n8n and an empty domain, each keyed by its version. Plain JavaScript, because
 * it runs before anything is installed, on any Node from 20 on.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** @returns {string} the absolute path of this project's cache folder */
export function cacheFolder() {
	const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
	return path.join(base, 'n8n-nodes-ad-provisioning');
}

/**
 * Runs `fill` once for `name`, also when several processes ask at the same time, and keeps the result.
 * A folder that was filled only in part (the process was killed) is filled again.
 * @param {string} name folder name below the cache folder; carries every version it depends on
 * @param {(folder: string) => void | Promise<void>} fill writes into the empty folder
 * @returns {Promise<{ folder: string, filled: boolean }>} `filled` is false when it was there already
 */
export async function cached(name, fill) {
	const folder = path.join(cacheFolder(), name);
	const done = path.join(folder, '.complete');
	if (existsSync(done)) return { folder, filled: false };
	mkdirSync(cacheFolder(), { recursive: true });
	const release = await lock(`${folder}.lock`);
	try {
		if (existsSync(done)) return { folder, filled: false };
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		await fill(folder);
		writeFileSync(done, `${new Date().toISOString()}\n`);
		return { folder, filled: true };
	} finally {
		release();
	}
}

/** One process at a time; a lock left by a process that is gone is taken over. Waits at most 30 minutes. */
export async function lock(file) {
	const deadline = Date.now() + 30 * 60_000;
	for (;;) {
		try {
			writeFileSync(file, String(process.pid), { flag: 'wx' });
			return () => rmSync(file, { force: true });
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		if (!holderLives(file)) {
			takeAway(file);
			continue;
		}
		if (Date.now() > deadline)
			throw new Error(`Another process holds ${file} for more than 30 minutes. Stop it, or remove the file.`);
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}

/** Renaming is atomic, so of two waiters only one takes a dead lock away, and neither takes a new one. */
function takeAway(file) {
	const aside = `${file}.${process.pid}`;
	try {
		if (holderLives(file)) return;
		renameSync(file, aside);
		if (holderLives(aside)) renameSync(aside, file);
		else rmSync(aside, { force: true });
	} catch (error) {
		if (error.code !== 'ENOENT') throw error;
	}
}

function holderLives(file) {
	try {
		const pid = Number(readFileSync(file, 'utf8'));
		// Just created and not yet written: its holder lives.
		if (!Number.isInteger(pid) || pid === 0) return true;
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}
