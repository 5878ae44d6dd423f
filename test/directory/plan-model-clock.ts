/**
 * Days that pass in a test. The controller's clock cannot be moved, so what the engine reads of it is: the rootDSE, and the instants at which
 * attributes were written (which tell whether somebody has overtaken a mark). Those of earlier days are known by their number of changes.
 */
import { Buffer } from 'node:buffer';
import type { Directory } from '../../lib/directory/directory';
import { bytesOf, textOf, type Entry } from '../../lib/directory/entry';
import { parseGeneralizedTime } from '../../lib/directory/rootDse';
import { toGeneralizedTime } from '../../lib/schema/instants';

export type Clock = {
	/** Whole hours since the walk began. */
	readonly hours: () => number;
	/** Lets time pass: everything that was written until now was written that much earlier. */
	readonly pass: (hours: number) => Promise<void>;
	/** The instant of an hour, ISO 8601. */
	readonly instant: (hour: number) => string;
	/** The whole hour of an instant. */
	readonly hourOf: (instant: string) => number;
	/** What the engine is given. */
	readonly directory: Directory;
};

const HOUR_MS = 3_600_000;
const HEADER = 16;
const ENTRY = 48;

export async function openClock(own: Directory): Promise<Clock> {
	const base = Date.parse(await own.now());
	/** From which number of changes on which hour it is. */
	const days: { readonly usn: bigint; readonly hours: number }[] = [{ usn: 0n, hours: 0 }];
	const hours = () => days.at(-1)?.hours ?? 0;
	const hoursAt = (usn: bigint) => days.findLast((day) => day.usn < usn)?.hours ?? 0;
	const shifted = (entry: Entry): Entry => {
		const attributes = { ...entry.attributes };
		const bytes = bytesOf(entry, 'replPropertyMetaData');
		if (bytes) attributes['replpropertymetadata'] = [withHours(bytes, hoursAt)];
		const now = parseGeneralizedTime(textOf(entry, 'currentTime'));
		if (now !== undefined) attributes['currenttime'] = [toGeneralizedTime(now + hours() * HOUR_MS)];
		return { ...entry, attributes };
	};
	return {
		hours,
		pass: async (more) => {
			const root = await own.read('', ['highestCommittedUSN']);
			days.push({ usn: BigInt((root && textOf(root, 'highestCommittedUSN')) ?? '0'), hours: hours() + more });
		},
		instant: (hour) => new Date(base + hour * HOUR_MS).toISOString(),
		hourOf: (instant) => Math.floor((Date.parse(instant) - base) / HOUR_MS),
		directory: {
			...own,
			now: async () => new Date(Date.parse(await own.now()) + hours() * HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z'),
			read: async (dn, attributes) => {
				const entry = await own.read(dn, attributes);
				return entry && shifted(entry);
			},
			search: async (dn, request) => (await own.search(dn, request)).map(shifted),
		},
	};
}

/** As MS-DRSR 5.162 lays it out: the instant at 8, the controller's own number of changes at 40 of each entry. */
function withHours(bytes: Buffer, hoursAt: (usn: bigint) => number): Buffer {
	const moved = Buffer.from(bytes);
	for (let at = HEADER; at + ENTRY <= moved.length; at += ENTRY) {
		const hours = hoursAt(moved.readBigUInt64LE(at + 40));
		moved.writeBigInt64LE(moved.readBigInt64LE(at + 8) + BigInt(hours * 3600), at + 8);
	}
	return moved;
}
