/**
 * Points in a controller's own order of changes. What is changed later has a higher uSNChanged there, which every controller keeps an index of
 * (MS-ADTS 3.1.1.1.9; win32, "Polling for Changes Using USNChanged"): to look once more for what was not there costs next to nothing.
 */
import type { Directory } from './directory';
import { textOf } from './entry';
import type { Filter } from './filter';
import { atLeast } from './filterParts';

export type Point = {
	readonly usn: bigint;
	/** Of which connection: a new one may lead to another controller, which counts for itself. */
	readonly connection: number;
};

/** Changes that were begun before the point and became visible after it; far more than any controller has under way. */
const MARGIN = 100n;

/** @returns undefined where the controller does not say so @throws DirectoryError */
export async function pointNow(directory: Directory): Promise<Point | undefined> {
	const root = await directory.read('', ['highestCommittedUSN']);
	const text = (root && textOf(root, 'highestCommittedUSN')) ?? '';
	return /^\d{1,19}$/.test(text) ? { usn: BigInt(text), connection: directory.connections() } : undefined;
}

/** Whether the point says anything about the connection that is used now. */
export function isCurrent(directory: Directory, { connection }: Point): boolean {
	return directory.connections() === connection;
}

/** Everything that was changed after a point, and some of what was changed just before it. */
export function changedSince({ usn }: Point): Filter {
	return atLeast('uSNChanged', String(usn > MARGIN ? usn - MARGIN : 0n));
}
