import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cached } from '../../../demo/setup/cache.mjs';

describe('the cache folder', () => {
	let home: string;
	const before = process.env['XDG_CACHE_HOME'];
	beforeEach(() => {
		home = mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-cache-'));
		process.env['XDG_CACHE_HOME'] = home;
	});
	afterEach(() => {
		if (before === undefined) delete process.env['XDG_CACHE_HOME'];
		else process.env['XDG_CACHE_HOME'] = before;
		rmSync(home, { recursive: true, force: true });
	});

	test('fills a folder once, also when two ask at the same time', async () => {
		let fills = 0;
		const fill = async (folder: string) => {
			fills += 1;
			await new Promise((resolve) => setTimeout(resolve, 20));
			writeFileSync(path.join(folder, 'content'), 'x');
		};
		const both = await Promise.all([cached('thing-1', fill), cached('thing-1', fill)]);
		await cached('thing-1', fill);
		expect(fills).toBe(1);
		expect(both.map(({ filled }) => filled).sort()).toEqual([false, true]);
	});

	test('fills a folder again whose filling failed, from an empty one', async () => {
		const failing = (folder: string) => {
			writeFileSync(path.join(folder, 'half'), 'x');
			throw new Error('killed');
		};
		await expect(cached('thing-1', failing)).rejects.toThrow('killed');
		let found: string[] = ['not looked'];
		await cached('thing-1', (folder: string) => {
			found = readdirSync(folder);
		});
		expect(found).toEqual([]);
	});

	test('takes over a lock whose holder is gone', async () => {
		await cached('other', () => undefined);
		// No process has this id: Linux counts to 4,194,304 (proc(5), pid_max).
		writeFileSync(path.join(home, 'n8n-nodes-ad-provisioning/thing-1.lock'), '4194999');
		const { filled } = await cached('thing-1', () => undefined);
		expect(filled).toBe(true);
	});
});
