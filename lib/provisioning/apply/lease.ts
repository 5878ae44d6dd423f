/**
 * The lease: one plan at a time. An object made beforehand holds in one attribute whose turn it is and until when, taken, renewed and given back by
 * compare-and-swap (delete the old value, add the new one, in one Modify). Workers of one plan share it: the value names all of them, and it is
 * free when the last one is done. It holds on one domain controller: who writes to another one is seen only when that has replicated.
 */
import type { Directory } from '../../directory/directory';
import { DirectoryError } from '../../directory/errors';
import { cancelled } from '../../directory/within';
import { heldTooLong, lostLease, ranOut } from './leaseErrors';
import { HOLD_MS, leaseSwaps, type LeaseSwaps } from './leaseSwaps';
import type { LeaseValue } from './leaseText';

export type Lease = {
	/**
	 * Takes the lease, or waits for it.
	 * @returns what an operator should know
	 * @throws DirectoryError (busy) when another plan holds it for too long; (configuration) when the object cannot be used; (cancelled)
	 */
	readonly begin: () => Promise<string[]>;
	/** Before each person; writes only when it is time to renew. @throws DirectoryError (conflict) when the lease is lost */
	readonly check: () => Promise<void>;
	/** Gives it back, if it is still held. @throws DirectoryError; then it ends by itself */
	readonly release: () => Promise<void>;
};

export type LeaseRequest = {
	/** Distinguished name of the object. */
	readonly dn: string;
	/** Text attribute of it that nothing else uses; with one value, or several, such as adminDescription. */
	readonly attribute: string;
	readonly planId: string;
	readonly runId: string;
	readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
	readonly signal: AbortSignal | undefined;
	/** Milliseconds that only ever go on. */
	readonly elapsed?: () => number;
};

const RENEW_MS = 20_000;
/** How long another plan waits to begin. */
const PATIENCE_MS = 90_000;
/** Between two looks at a lease that another plan holds. */
const POLL_MS = { least: 1000, most: 3000 };
/** Before a swap that was lost is tried again. */
const AGAIN_MS = { least: 10, most: 200 };
/** Workers that swap at the same moment; far more than there are. */
const MOST_SWAPS = 50;

/** For a run without an object for it. @param note what the operator is told; '' = nothing */
export function noLease(note: string): Lease {
	const nothing = () => Promise.resolve();
	return { begin: () => Promise.resolve(note === '' ? [] : [note]), check: nothing, release: nothing };
}

/** Nothing is sent before `begin`. */
export function openLease(directory: Directory, request: LeaseRequest): Lease {
	const { sleep, signal, elapsed = () => performance.now() } = request;
	const swaps = leaseSwaps(directory, request);
	const pause = async ({ least, most }: typeof POLL_MS) => {
		try {
			await sleep(least + directory.randomInt(most - least), signal);
		} catch (error) {
			throw signal?.aborted ? cancelled() : error;
		}
	};
	/** When it was last renewed, by `elapsed`; undefined = it is not held. */
	let renewed: number | undefined;
	const holding: Holding = { request, swaps, elapsed, pause };
	return {
		begin: async () => {
			const { asked, notes } = await begin(holding);
			renewed = asked;
			return notes;
		},
		check: async () => {
			if (renewed === undefined) throw ranOut(request);
			if (elapsed() - renewed < RENEW_MS) return;
			try {
				renewed = await renew(holding, renewed);
			} catch (error) {
				if (error instanceof DirectoryError && error.kind === 'conflict') renewed = undefined;
				throw error;
			}
		},
		release: async () => {
			renewed = undefined;
			for (let swap = 1; swap <= MOST_SWAPS; swap += 1) {
				if (await swaps.leave()) return;
				await pause(AGAIN_MS);
			}
		},
	};
}

type Holding = {
	readonly request: LeaseRequest;
	readonly swaps: LeaseSwaps;
	readonly elapsed: () => number;
	readonly pause: (bounds: typeof POLL_MS) => Promise<void>;
};

/** @returns when the lease was asked for, by `elapsed`: it is good from then on */
async function begin({ request, swaps, elapsed, pause }: Holding): Promise<{ asked: number; notes: string[] }> {
	const started = elapsed();
	let waitedFor: LeaseValue | undefined;
	for (;;) {
		const asked = elapsed();
		const values = await swaps.read();
		const now = await swaps.now();
		const other = values.find((value) => value.planId !== swaps.planId && Date.parse(value.expiry) > now);
		if (!other && (await swaps.take(values, now))) {
			const left = values.find((value) => value.planId !== swaps.planId);
			return { asked, notes: notesOf(left, waitedFor, asked - started) };
		}
		waitedFor = other ?? waitedFor;
		if (asked - started >= PATIENCE_MS) throw heldTooLong(request, other);
		await pause(other ? POLL_MS : AGAIN_MS);
	}
}

/**
 * A swap that was lost to a worker of the same plan is tried again, and a lease that is free is taken again; another plan's ends the run.
 * @param before when it was renewed last
 * @returns when it was renewed now
 */
async function renew({ request, swaps, elapsed, pause }: Holding, before: number): Promise<number> {
	for (let swap = 1; swap <= MOST_SWAPS; swap += 1) {
		const asked = elapsed();
		const values = await swaps.read();
		const now = await swaps.now();
		// With our name still there nobody else has had it, however long ago it was renewed. Another value beside it steps back by itself.
		const own = values.filter(swaps.isOurs);
		const other = values.find((value) => value.planId !== swaps.planId);
		if (own.length === 0 && other) throw lostLease(request, other);
		if (own.length === 0 && asked - before >= HOLD_MS) throw ranOut(request);
		if (own.length > 0 ? await swaps.renew(values, now) : await swaps.take(values, now)) return asked;
		await pause(AGAIN_MS);
	}
	throw ranOut(request);
}

function notesOf(left: LeaseValue | undefined, waitedFor: LeaseValue | undefined, waitedMs: number): string[] {
	return [
		...(waitedFor
			? [`Waited ${Math.round(waitedMs / 1000)} s for the lease, which plan ${waitedFor.planId} held.`]
			: []),
		...(left
			? [
					`The lease of plan ${left.planId} had run out at ${left.expiry} without being given back: its run was stopped before its end. Apply that plan again, or look what it has done.`,
				]
			: []),
	];
}
