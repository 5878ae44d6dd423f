/**
 * When an attribute of an object was last written anywhere in the domain: replPropertyMetaData, which the directory keeps itself (MS-DRSR
 * 5.162, PROPERTY_META_DATA_VECTOR_V1). Little-endian: version, reserved, number of entries, reserved, then 48 bytes for each attribute.
 */
const HEADER = 16;
const ENTRY = 48;
/** 1970-01-01 in seconds after 1601-01-01, where DSTIME begins (MS-DRSR 5.51). */
const UNIX_EPOCH_S = 11_644_473_600n;

/** ATTRTYP of userAccountControl, 1.2.840.113556.1.4.8 by the default prefix table (MS-DRSR 5.16.4). */
export const USER_ACCOUNT_CONTROL = 0x90008;

/**
 * @param bytes value of replPropertyMetaData
 * @param attribute ATTRTYP
 * @returns milliseconds since 1970 by the clock of the controller that wrote it; undefined when it was never written, or the bytes are not understood
 */
export function lastWritten(bytes: Buffer, attribute: number): number | undefined {
	if (bytes.length < HEADER || bytes.readUInt32LE(0) !== 1) return undefined;
	const count = bytes.readUInt32LE(8);
	if (bytes.length < HEADER + count * ENTRY) return undefined;
	for (let at = HEADER; at < HEADER + count * ENTRY; at += ENTRY)
		if (bytes.readUInt32LE(at) === attribute) return Number((bytes.readBigUInt64LE(at + 8) - UNIX_EPOCH_S) * 1000n);
	return undefined;
}
