/** What the benchmarks share: middle values, and measuring in a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const median = (values: readonly number[]): number =>
	[...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

/** To three decimals. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * Runs a program of this folder in a Node of its own, with `gc()` exposed.
 * @param file its name in this folder
 * @returns the JSON that it prints last
 * @throws when it ends with another code than 0
 */
export function inOwnProcess<T>(
	file: string,
	args: readonly string[],
	{ env = {}, flags = [] }: { readonly env?: NodeJS.ProcessEnv; readonly flags?: readonly string[] } = {},
): Promise<T> {
	return new Promise((resolve, reject) => {
		const child = spawn(
			process.execPath,
			[
				'--expose-gc',
				...flags,
				...['--require', path.join(__dirname, 'register.cjs')],
				path.join(__dirname, file),
				...args,
			],
			{ stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, N8N_LOG_LEVEL: 'silent', ...env } },
		);
		let said = '';
		child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
		child.once('error', reject);
		child.once('exit', (code) => {
			const line = said.trim().split('\n').at(-1) ?? '';
			if (code === 0) resolve(JSON.parse(line) as T);
			else reject(new Error(`${[file, ...args].join(' ')} ended with code ${code}.`));
		});
	});
}
