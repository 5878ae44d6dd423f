/** n8n's two ways to load this package: installed, or as a folder of custom extensions. */
import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Whether a folder lies where n8n looks for custom extensions: `.n8n/custom`, or a folder that N8N_CUSTOM_EXTENSIONS names.
 * @param folder without symbolic links, as Node gives `__dirname`
 */
export function isCustomExtension(folder: string, env: Readonly<Record<string, string | undefined>>): boolean {
	const custom = path.join(env['N8N_USER_FOLDER'] ?? os.homedir(), '.n8n/custom');
	const named = (env['N8N_CUSTOM_EXTENSIONS'] ?? '').split(';').filter((one) => one !== '');
	return [custom, ...named].some((one) => isBelow(folder, one));
}

function isBelow(folder: string, above: string): boolean {
	const way = path.relative(real(above), folder);
	return way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

function real(folder: string): string {
	try {
		return realpathSync(folder);
	} catch {
		return path.resolve(folder);
	}
}
