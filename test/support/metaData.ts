/** replPropertyMetaData as a directory gives it (MS-DRSR 5.162), of what a test says. */
import { guidToBytes } from '../../lib/directory/guid';

/** Two copies of a directory. */
export const HERE = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
export const THERE = '22222222-2222-4222-8222-222222222222';

export type Written = {
	/** ATTRTYP. */
	readonly type: number;
	readonly at: string;
	readonly version?: number;
	readonly by?: string;
	readonly usn?: bigint;
	readonly local?: bigint;
};

export function metaData(written: readonly Written[]): Buffer {
	const bytes = Buffer.alloc(16 + 48 * written.length);
	bytes.writeUInt32LE(1, 0);
	bytes.writeUInt32LE(written.length, 8);
	for (const [index, { type, at, version = 1, by = HERE, usn = 1n, local = usn }] of written.entries()) {
		const start = 16 + 48 * index;
		bytes.writeUInt32LE(type >>> 0, start);
		bytes.writeUInt32LE(version, start + 4);
		bytes.writeBigInt64LE(BigInt(Math.floor(Date.parse(at) / 1000)) + 11_644_473_600n, start + 8);
		guidToBytes(by).copy(bytes, start + 16);
		bytes.writeBigUInt64LE(usn, start + 32);
		bytes.writeBigUInt64LE(local, start + 40);
	}
	return bytes;
}
