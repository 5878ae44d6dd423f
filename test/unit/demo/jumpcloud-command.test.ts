import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

describe('the command', () => {
	const main = path.resolve(__dirname, '../../../demo/jumpcloud/main.ts');

	test('prints an address and a key that work, and stops on SIGTERM', async () => {
		const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
		try {
			let printed = '';
			while (!printed.includes('Ctrl-C')) printed += String((await once(child.stdout, 'data'))[0]);
			const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(printed) ?? [];
			const [, key = ''] = /API key +(\S+)/.exec(printed) ?? [];
			const response = await fetch(`${url}/api/systemusers?limit=1`, { headers: { 'x-api-key': key } });
			expect(await response.json()).toMatchObject({ totalCount: 250 });
			const exit = once(child, 'exit');
			child.kill('SIGTERM');
			expect(await exit).toEqual([0, null]);
		} finally {
			child.kill('SIGKILL');
		}
	}, 30_000);

	test('says what is wrong with a port', async () => {
		const child = spawn(process.execPath, [main, '--port', 'abc'], { stdio: ['ignore', 'ignore', 'pipe'] });
		let said = '';
		child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
		const [code] = (await once(child, 'close')) as [number];
		expect(code).toBe(1);
		expect(said).toContain('--port takes a number up to 65535, not "abc"');
	}, 30_000);
});
