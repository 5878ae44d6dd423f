/**
 * `npm run bench:plan`: plans of 1,000, 10,000 and 100,000 people made in memory, 5 % of them changed, and 10,000 joiners; a plan of 10,000 people
 * of a Samba domain for whom nothing is to be done, against the bare paged read of the same attributes; and 1,000 joiners applied, against bare
 * ldapts with the same reads and writes. Warmed up, medians. The last line is JSON: `apply...` is a speed, `noChange...` a time, ours over theirs.
 */
import { startDomain, type Domain } from '../demo/samba/domain.ts';
import type { Change, DesiredAccount } from '../lib/contracts';
import { startWire } from '../test/directory/wire';
import { inOwnProcess, median, round } from './measure';
import { applyBare } from './plan-bare';
import { fillDomain } from './plan-domain';
import { applyOurs, planJoiners, planNothing, readBare } from './plan-live';
import type { Heap, Size, Times } from './plan-memory';
import { newcomers } from './plan-people';

const STAFF = 10_000;
const READS = 5;
const JOINERS = 1000;
const JOINERS_TO_WARM_UP = 100;
const JOINER_RUNS = 3;
const FLAGS = ['--max-old-space-size=6144'];

/** The small ones often, so that the engine is as warm for them as for the big one. */
const SIZES: readonly Size[] = [
	{ count: 1000, warmUp: 60, runs: 31 },
	{ count: 10_000, warmUp: 3, runs: 7 },
	{ count: 100_000, warmUp: 1, runs: 5 },
];
const NEW: readonly Size[] = [
	{ count: 1000, joiners: true, warmUp: 10, runs: 0 },
	{ count: 10_000, joiners: true, warmUp: 2, runs: 5 },
];

function say(what: string, count: number, ms: number): void {
	const each = `${((ms * 1000) / count).toFixed(1)} \u00b5s each`;
	console.log(`${what.padEnd(44)}  ${`${Math.round(ms)} ms`.padStart(9)}  ${each.padStart(16)}`);
}

async function inMemory() {
	const medians = async (sizes: readonly Size[]) => {
		const times = await inOwnProcess<Times[]>('plan-memory.ts', ['time', JSON.stringify(sizes)], { flags: FLAGS });
		return new Map(times.filter(({ ms }) => ms.length > 0).map(({ count, ms }) => [count, median(ms)]));
	};
	const changed = await medians(SIZES);
	for (const [count, ms] of changed) say(`${count.toLocaleString('en-GB')} people, 5 % changed`, count, ms);
	const joiners = (await medians(NEW)).get(10_000) ?? NaN;
	say('10,000 joiners', 10_000, joiners);
	const { peakMb, keptMb } = await inOwnProcess<Heap>('plan-memory.ts', ['heap', '100000'], { flags: FLAGS });
	console.log(`memory for 100,000 people: ${Math.round(peakMb)} MB at most, ${Math.round(keptMb)} MB kept`);
	const cost = (count: number) => (changed.get(count) ?? NaN) / count;
	return {
		planMs: Object.fromEntries([...changed].map(([count, ms]) => [count, Math.round(ms)])),
		joiners10000Ms: Math.round(joiners),
		heapMb: Math.round(peakMb),
		costGrowth: round(cost(100_000) / cost(1000)),
	};
}

/** In turns, so that whatever slows the machine down slows both. */
async function noChange(domain: Domain, people: readonly DesiredAccount[]) {
	const [own, bare]: [number[], number[]] = [[], []];
	let writes = 0;
	for (let run = -1; run < READS; run += 1) {
		const ours = await planNothing(domain, people);
		const theirs = await readBare(domain, people);
		writes += ours.writes;
		if (run < 0) continue;
		own.push(ours.ms);
		bare.push(theirs);
	}
	say('nothing to do: plan', STAFF, median(own));
	say('nothing to do: bare paged read', STAFF, median(bare));
	return { noChangeVsPagedRead: round(median(own) / median(bare)), writes };
}

let joined = 0;

/** A plan that nobody has applied yet. */
async function freshJoiners(domain: Domain, count: number): Promise<readonly Change[]> {
	const people = newcomers(joined, count);
	joined += count;
	return (await planJoiners(domain, people)).changes;
}

/** Both sides send the same number of requests of each kind; otherwise the comparison would be worth nothing. */
async function checkSameRequests(domain: Domain): Promise<void> {
	const wire = await startWire(domain);
	const via = { ...domain, ldapsPort: wire.port };
	const counted = async (apply: typeof applyOurs) => {
		const changes = await freshJoiners(domain, 20);
		const first = wire.requests.length;
		await apply(via, changes);
		const counts: Record<string, number> = {};
		for (const { operation } of wire.requests.slice(first)) counts[operation] = (counts[operation] ?? 0) + 1;
		return JSON.stringify(Object.entries(counts).sort());
	};
	try {
		const [theirs, ours] = [await counted(applyBare), await counted(applyOurs)];
		if (theirs !== ours) throw new Error(`For 20 joiners, bare ldapts sends ${theirs}, applying a plan ${ours}.`);
		console.log(`requests for 20 joiners, both sides: ${ours}`);
	} finally {
		await wire.close();
	}
}

async function apply(domain: Domain): Promise<number> {
	await checkSameRequests(domain);
	const sides = [
		{ name: 'bare ldapts', apply: applyBare, ms: [] as number[] },
		{ name: 'plan applied', apply: applyOurs, ms: [] as number[] },
	] as const;
	for (const side of sides) await side.apply(domain, await freshJoiners(domain, JOINERS_TO_WARM_UP));
	for (let run = 0; run < JOINER_RUNS; run += 1)
		for (const side of run % 2 === 0 ? sides : [...sides].reverse())
			side.ms.push(await side.apply(domain, await freshJoiners(domain, JOINERS)));
	const [bare, own] = sides.map(({ name, ms }) => {
		say(`${JOINERS} joiners: ${name}`, JOINERS, median(ms));
		return median(ms);
	});
	return round((bare ?? NaN) / (own ?? NaN));
}

async function main(): Promise<void> {
	const { costGrowth, ...memory } = await inMemory();
	const domain = await startDomain();
	try {
		console.log(`filling the domain with ${STAFF} users ...`);
		const people = await fillDomain(domain, STAFF);
		const { noChangeVsPagedRead, writes } = await noChange(domain, people);
		const applyVsBareLdapts = await apply(domain);
		const ratios = { costGrowth, noChangeVsPagedRead, applyVsBareLdapts };
		console.log(JSON.stringify({ bench: 'plan', ...memory, ratios, writesOnNoChange: writes }));
	} finally {
		await domain.stop();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
