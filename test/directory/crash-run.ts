/** A run of Apply in a process of its own that is killed after one of its writes, and the run after it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Plan } from '../../lib/contracts';
import type { ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { credentialFields, withDirectory } from '../support/directory';
import type { Domain } from '../support/samba';
import { applyOnce } from './crash-child';
import { ordersFor, PEOPLE, planFor } from './crash-people';
import { startWire, type Request, type Wire } from './wire';

export type Stage = {
	readonly domain: Domain;
	/** For whatever a test wants to keep. */
	readonly folder: string;
	readonly close: () => void;
};

/** Makes the program that is killed. */
export async function openStage(domain: Domain): Promise<Stage> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-crash-'));
	const options = {
		...{ entryPoints: [path.join(import.meta.dirname, 'crash-child.ts')], outfile: path.join(folder, 'child.cjs') },
		...{ bundle: true, platform: 'node', define: { 'import.meta.dirname': '__dirname' } },
	};
	// In a process of its own: esbuild does not run among jest's globals.
	execFileSync(process.execPath, ['-e', `require('esbuild').buildSync(${JSON.stringify(options)})`]);
	// Its certificate is made before several start at once.
	await (await startWire(domain)).close();
	return { domain, folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}

type Ended = { readonly signal: NodeJS.Signals | null; readonly output: string };

/** Waits for its orders. */
function startChild(folder: string): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
	const child = spawn(process.execPath, [path.join(folder, 'child.cjs')], {
		env: { ...process.env, AD_PROVISIONING_CRASH_CHILD: '1', NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdin.on('error', () => undefined);
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	return {
		child,
		ended: new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (_code, signal) => resolve({ signal, output }));
		}),
	};
}

const isWrite = ({ operation }: Request) => ['add', 'modify', 'rename', 'delete'].includes(operation);

/**
 * Lets so many writes through; the next request of any kind meets a dead process.
 * @param isTold whether the answer to the last of them arrives
 */
function killAfter(wire: Wire, child: ChildProcess, last: number, isTold: boolean): () => number {
	let sent = 0;
	wire.decide((request) => {
		if (sent >= last) {
			child.kill('SIGKILL');
			return 'stall';
		}
		if (!isWrite(request)) return 'pass';
		sent += 1;
		if (sent < last || isTold) return 'pass';
		void wire.quiet().then(() => child.kill('SIGKILL'));
		return 'cut after';
	});
	return () => sent;
}

export type Crash = { readonly round: string; readonly last: number; readonly plan: Plan };
/** A plan made, and applied by a child until it dies. @param last Infinity = it goes on to its end */
export async function crash(
	{ domain, folder }: Stage,
	round: string,
	last: number,
	leaseObject = '',
): Promise<Crash & Ended & { readonly sent: number }> {
	const { child, ended } = startChild(folder);
	const wire = await startWire(domain);
	try {
		const { plan, problems } = await withDirectory(domain, (directory) => planFor(domain, directory, round));
		expect(problems).toEqual([]);
		expect(plan.changes).toHaveLength(PEOPLE.length);
		const sent = killAfter(wire, child, last, last % 2 === 1);
		const fields = credentialFields(domain, { port: wire.port });
		child.stdin?.end(JSON.stringify({ ...ordersFor(plan, leaseObject), fields }));
		return { round, last, plan, ...(await ended), sent: sent() };
	} finally {
		child.kill('SIGKILL');
		await wire.close();
	}
}

/** The controller works on one thing at a time, but a process has to start too. */
export async function inParallel<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	const queue = [...all.entries()];
	const worker = async () => {
		for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
	};
	await Promise.all([worker(), worker(), worker()]);
	return results;
}

export type Again = ApplyResult & { readonly writes: number; readonly waitedMs: number };

/** @param plan that was killed; absent = a new one is made */
export async function runAgain(
	domain: Domain,
	round: string,
	plan: Plan | undefined,
	leaseObject = '',
): Promise<Again> {
	// The controller's clock goes on while nobody has to wait.
	let waitedMs = 0;
	const sleep = (ms: number) => Promise.resolve(void (waitedMs += ms));
	return await withDirectory(domain, async (directory) => {
		const now = async () =>
			new Date(Date.parse(await directory.now()) + waitedMs).toISOString().replace(/\.\d+Z$/, 'Z');
		const made = plan ? { plan, problems: [] } : await planFor(domain, directory, round);
		expect([round, made.problems]).toEqual([round, []]);
		const result = await applyOnce({ ...directory, now }, ordersFor(made.plan, leaseObject), {
			sleep,
			elapsed: () => performance.now() + waitedMs,
		});
		return { ...result, writes: directory.writes(), waitedMs };
	});
}
