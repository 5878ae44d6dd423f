/** Child processes: run one to its end, or start one and stop it surely. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string };

/**
 * Runs a program to its end and collects what it said. Never throws for a non-zero exit.
 * @param timeoutMs the program is killed after that, exit code 124
 */
export function run(
	command: string,
	args: readonly string[],
	{ timeoutMs = 600_000, input, ...options }: SpawnOptions & { timeoutMs?: number; input?: string } = {},
): Promise<Finished> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
		let stdout = '';
		let stderr = '';
		let late = false;
		child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
		child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		const timer = setTimeout(() => {
			late = true;
			child.kill('SIGKILL');
		}, timeoutMs);
		child.once('error', (error) => {
			clearTimeout(timer);
			reject(error);
		});
		child.once('close', (code) => {
			clearTimeout(timer);
			resolve({ code: late ? 124 : (code ?? 1), stdout, stderr });
		});
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(input ?? '');
	});
}

/**
 * Runs a program to its end.
 * @returns what it wrote to standard output
 * @throws with its last words when it exits non-zero
 */
export async function mustRun(
	command: string,
	args: readonly string[],
	options: Parameters<typeof run>[2] = {},
): Promise<string> {
	const { code, stdout, stderr } = await run(command, args, options);
	if (code !== 0) {
		const words = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
		throw new Error(`${command} ${args[0] ?? ''} ended with ${code}:\n${words}`);
	}
	return stdout;
}

/** Sends SIGTERM, and SIGKILL when the process is still there after `graceMs`. Resolves when it is gone. */
export function stopProcess(child: ChildProcess, graceMs = 10_000): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
		child.once('exit', () => {
			clearTimeout(timer);
			resolve();
		});
		child.kill('SIGTERM');
	});
}

/**
 * Asks until it gets an answer.
 * @param ask returns undefined (or throws) while there is none
 * @param what ends the sentence "... was not there after n s"
 * @throws when there is none after `timeoutMs`, with the last fault
 */
export async function waitFor<T>(
	ask: () => Promise<T | undefined>,
	what: string,
	timeoutMs: number,
	everyMs = 200,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	let last = '';
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined) return answer;
		} catch (error) {
			last = error instanceof Error ? ` (${error.message})` : '';
		}
		if (Date.now() > deadline) throw new Error(`${what} was not there after ${timeoutMs / 1000} s${last}.`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}
