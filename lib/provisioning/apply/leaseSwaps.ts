/** Single reads and swaps of a lease's value. */
import { writeOnce } from '../../directory/accounts/writeOnce';
import type { Directory } from '../../directory/directory';
import { textsOf } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { foreignText, noObject, noRight } from './leaseErrors';
import { leaseId, leaseText, parseLease, type LeaseValue } from './leaseText';

/** How long a lease is good for, by the controller's clock. */
export const HOLD_MS = 60_000;

export type LeaseSwaps = {
	readonly planId: string;
	/** Whether this run is among those that hold it. */
	readonly isOurs: (value: LeaseValue) => boolean;
	/** One value; none = it is free; several, while runs that began at the same moment are finding out. @throws DirectoryError */
	readonly read: () => Promise<LeaseValue[]>;
	/** By the controller's clock, milliseconds since 1970. @throws DirectoryError */
	readonly now: () => Promise<number>;
	/** For who does not hold it. @returns whether it is held now; false when somebody was quicker */
	readonly take: (from: readonly LeaseValue[], now: number) => Promise<boolean>;
	/** For who holds it. @returns false when the value is another one by now */
	readonly renew: (from: readonly LeaseValue[], now: number) => Promise<boolean>;
	/** Takes this run's name off. @returns false when the value is another one by now */
	readonly leave: () => Promise<boolean>;
};

type Place = { readonly directory: Directory; readonly dn: string; readonly attribute: string };

export function leaseSwaps(
	directory: Directory,
	{ dn, attribute, ...ids }: { dn: string; attribute: string; planId: string; runId: string },
): LeaseSwaps {
	const place = { directory, dn, attribute };
	const [planId, runId] = [leaseId(ids.planId), leaseId(ids.runId)];
	const isOurs = (value: LeaseValue) => value.planId === planId && value.runs.includes(runId);
	const read = () => readLease(place);
	const swap = (from: readonly LeaseValue[], holding: readonly LeaseValue[], now: number) =>
		write(place, from.map(toText), [
			leaseText(planId, [...new Set([...holding.flatMap(toRuns), runId])], now + HOLD_MS),
		]);
	const leave = async () => {
		const own = (await read()).filter(isOurs);
		if (own.length === 0) return true;
		const others = [...new Set(own.flatMap(toRuns))].filter((run) => run !== runId);
		const expiry = Math.max(...own.map((value) => Date.parse(value.expiry)));
		return await write(place, own.map(toText), others.length > 0 ? [leaseText(planId, others, expiry)] : []);
	};
	return {
		...{ planId, isOurs, read, leave },
		now: async () => Date.parse(await directory.now()),
		renew: (from, now) => swap(from, from.filter(isOurs), now),
		take: async (from, now) => {
			const living = from.filter((value) => value.planId === planId && Date.parse(value.expiry) > now);
			if (!(await swap(from, living, now))) return false;
			// Where there was no value, and the attribute takes several, nothing kept another run from adding its own: whoever is not alone steps back.
			const [only, ...more] = await read();
			if (only && more.length === 0 && isOurs(only)) return true;
			await leave();
			return false;
		},
	};
}

const toText = ({ text }: LeaseValue) => text;
const toRuns = ({ runs }: LeaseValue) => runs;

/** @throws DirectoryError (configuration) when there is no object, or when it holds something else */
async function readLease(place: Place): Promise<LeaseValue[]> {
	return (await textsIn(place)).map((text) => {
		const value = parseLease(text);
		if (value) return value;
		throw foreignText(place);
	});
}

async function textsIn(place: Place): Promise<string[]> {
	const entry = await place.directory.read(place.dn, [place.attribute]);
	if (!entry) throw noObject(place);
	return textsOf(entry, place.attribute);
}

/** @returns false when the values are not those any more @throws DirectoryError */
async function write(place: Place, from: readonly string[], to: readonly string[]): Promise<boolean> {
	const { directory, dn, attribute } = place;
	// Within one second the text is the same: nothing is to be sent.
	const gone = from.filter((text) => !to.includes(text));
	const added = to.filter((text) => !from.includes(text));
	if (gone.length + added.length === 0) return true;
	const isDone = async () => {
		const now = await textsIn(place);
		return added.length > 0 ? added.every((text) => now.includes(text)) : !gone.some((text) => now.includes(text));
	};
	try {
		await writeOnce(
			() =>
				directory.modify(dn, [
					...(gone.length > 0 ? [{ type: 'delete' as const, attribute, values: gone }] : []),
					...(added.length > 0 ? [{ type: 'add' as const, attribute, values: added }] : []),
				]),
			isDone,
		);
		return true;
	} catch (error) {
		if (!(error instanceof DirectoryError)) throw error;
		if (error.kind === 'conflict') return false;
		throw error.kind === 'person' || error.kind === 'configuration' ? noRight(place, error) : error;
	}
}
