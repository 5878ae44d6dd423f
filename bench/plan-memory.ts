/**
 * Plans made in memory, in a process of its own: `time` measures how long they take, `heap` how much memory they need at most beyond people and
 * accounts. The last line is JSON. Each plan has people and accounts of its own, so that nothing is remembered from the one before.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { makePlan } from '../lib/provisioning/plan/makePlan';
import { snapshotSource } from '../lib/provisioning/source/snapshot';
import { BASE, changedCase, joinersCase, NOW, requestFor, type Case } from './plan-people';

/** How many people, and whether they are all new. */
export type Size = { readonly count: number; readonly joiners?: true; readonly warmUp: number; readonly runs: number };
export type Times = { readonly count: number; readonly joiners: boolean; readonly ms: readonly number[] };
export type Heap = { readonly peakMb: number; readonly keptMb: number };

const MIB = 1024 * 1024;
const SAMPLE_MS = 2;
const NAMES = ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'] as const;

const collect = (): void => (globalThis as unknown as { gc: () => void }).gc();

/** @returns the plan's making, begun by calling it: what comes before is not measured */
async function prepare({ people, entries }: Case) {
	const source = snapshotSource(entries, { now: NOW });
	const request = requestFor(people);
	// A directory has its indexes before anybody asks; those of the snapshot are made when first needed.
	await source.named(NAMES.map((attribute) => ({ attribute, value: 'nobody', parent: BASE })));
	await source.find(request.anchor, ['nobody'], []);
	await source.protection();
	collect();
	return () => makePlan(source, request, { newId: () => 'plan of the benchmark', digestRows: 200 });
}

async function time({ count, joiners, warmUp, runs }: Size): Promise<Times> {
	const ms: number[] = [];
	for (let run = -warmUp; run < runs; run += 1) {
		const make = await prepare(joiners ? joinersCase(count) : changedCase(count));
		const begin = performance.now();
		const { plan, problems } = await make();
		if (run >= 0) ms.push(performance.now() - begin);
		check(count, joiners === true, plan.counts.people, problems.length);
	}
	return { count, joiners: joiners === true, ms };
}

/** A plan that finds nothing to do would be quick, and worth nothing. */
function check(count: number, joiners: boolean, people: Readonly<Record<string, number>>, problems: number): void {
	const changed = ['joiner', 'mover', 'leaver', 'rehire'].reduce((sum, kind) => sum + (people[kind] ?? 0), 0);
	const wanted = joiners ? count : count / 20;
	if (changed !== wanted || problems > 0)
		throw new Error(`${changed} instead of ${wanted} people change, ${problems} problems: ${JSON.stringify(people)}`);
}

/** The plan is made in a thread, whose memory is looked at from here while it works. */
async function heap(count: number): Promise<Heap> {
	const worker = new Worker(__filename, { workerData: { count }, resourceLimits: { maxOldGenerationSizeMb: 6144 } });
	const used = async () => (await worker.getHeapStatistics()).used_heap_size;
	await once(worker, 'message');
	const before = await used();
	let peak = before;
	let done = false;
	const finished = once(worker, 'message').then(() => (done = true));
	worker.postMessage('begin');
	while (!done) {
		peak = Math.max(peak, await used());
		await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
	}
	await finished;
	const kept = await used();
	await worker.terminate();
	return { peakMb: (peak - before) / MIB, keptMb: (kept - before) / MIB };
}

async function work({ count }: { count: number }): Promise<void> {
	const port = parentPort;
	if (!port) return;
	const made = changedCase(count);
	const make = await prepare(made);
	port.postMessage('ready');
	await once(port, 'message');
	const plan = await make();
	collect();
	port.postMessage('done');
	// Neither people nor plan may go before the last look at the memory.
	await once(port, 'message');
	console.log(made.people.length, plan.plan.changes.length);
}

async function main([mode, text = '']: readonly string[]): Promise<void> {
	if (mode === 'heap') return console.log(JSON.stringify(await heap(Number(text))));
	const times: Times[] = [];
	for (const size of JSON.parse(text) as readonly Size[]) times.push(await time(size));
	console.log(JSON.stringify(times));
}

(isMainThread ? main(process.argv.slice(2)) : work(workerData as { count: number })).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
