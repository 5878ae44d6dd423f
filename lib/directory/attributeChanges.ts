/**
 * Which attributes of an object were last written when, where and in which transaction: replPropertyMetaData, which the directory keeps itself
 * (MS-DRSR 5.162, PROPERTY_META_DATA_VECTOR_V1). Little-endian: version, reserved, number of entries, reserved, then 48 bytes for each
 * attribute. Links (member, manager) are kept apart by the directory and stand in none of them.
 */
import { attributeType } from './attributeIds';
import { guidToText } from './guid';

const HEADER = 16;
const ENTRY = 48;
/** 1970-01-01 in seconds after 1601-01-01, where DSTIME begins (MS-DRSR 5.51). */
const UNIX_EPOCH_S = 11_644_473_600n;

/** ATTRTYP of userAccountControl, 1.2.840.113556.1.4.8 by the default prefix table (MS-DRSR 5.16.4). */
export const USER_ACCOUNT_CONTROL = 0x90008;

export type AttributeWritten = {
	/** How often it was written. */
	readonly version: number;
	/** Milliseconds since 1970 by the clock of the controller that wrote it, to the second. */
	readonly at: number;
	/** The copy of the directory that wrote it. */
	readonly invocationId: string;
	/** Its number of changes then: attributes with the same were written in one transaction. */
	readonly usnOriginating: bigint;
	/** The number of changes of the controller that answers, when the write came to it. */
	readonly usnLocal: bigint;
};

/**
 * @param bytes value of replPropertyMetaData
 * @returns by ATTRTYP; empty when the bytes are not understood
 */
export function changesOf(bytes: Buffer): ReadonlyMap<number, AttributeWritten> {
	const changes = new Map<number, AttributeWritten>();
	if (bytes.length < HEADER || bytes.readUInt32LE(0) !== 1) return changes;
	const end = HEADER + bytes.readUInt32LE(8) * ENTRY;
	if (bytes.length < end) return changes;
	for (let at = HEADER; at < end; at += ENTRY)
		changes.set(bytes.readUInt32LE(at), {
			version: bytes.readUInt32LE(at + 4),
			at: Number((bytes.readBigInt64LE(at + 8) - UNIX_EPOCH_S) * 1000n),
			invocationId: guidToText(bytes.subarray(at + 16, at + 32)),
			usnOriginating: bytes.readBigUInt64LE(at + 32),
			usnLocal: bytes.readBigUInt64LE(at + 40),
		});
	return changes;
}

/** A point in the life of a directory: of one copy of it, its number of changes, and the instant (ISO 8601). */
export type Since = { readonly invocationId: string; readonly usn: string; readonly at: string };

/**
 * What was written after a point: by the number of changes where the same copy answers that the point was taken of, else by the clock, which
 * shows whole seconds. Links, and attributes without a type, are never among them.
 * @param bytes value of replPropertyMetaData
 * @param ownInvocationId of the copy that answered; '' = not known
 * @param types ATTRTYP by attribute name in lower case, for attributes that not every forest has (attributeTypes.ts)
 * @returns those of `attributes`
 */
export function writtenSince(
	bytes: Buffer,
	attributes: readonly string[],
	{ invocationId, usn, at }: Since,
	ownInvocationId: string,
	types: ReadonlyMap<string, number> = new Map(),
): string[] {
	const written = typesWrittenSince(bytes, { invocationId, usn, at }, ownInvocationId);
	return attributes.filter((attribute) => {
		const type = types.get(attribute.toLowerCase()) ?? attributeType(attribute);
		return type !== undefined && written.has(type);
	});
}

/** The same of all attributes, by ATTRTYP. */
export function typesWrittenSince(
	bytes: Buffer,
	{ invocationId, usn, at }: Since,
	ownInvocationId: string,
): ReadonlySet<number> {
	const isCounted = invocationId !== '' && /^\d+$/.test(usn);
	const [number, instant] = [isCounted ? BigInt(usn) : 0n, Date.parse(at)];
	const isLater = (change: AttributeWritten) => {
		if (isCounted && invocationId === ownInvocationId) return change.usnLocal > number;
		// Another copy keeps the number that the first one wrote it under, whatever the clocks say.
		return isCounted && change.invocationId === invocationId ? change.usnOriginating > number : change.at > instant;
	};
	return new Set([...changesOf(bytes)].flatMap(([type, change]) => (isLater(change) ? [type] : [])));
}
