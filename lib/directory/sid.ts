/** objectSid: revision, number of sub-authorities, 6-byte big-endian authority, little-endian sub-authorities (MS-DTYP 2.4.2.2). */

/** @returns `S-1-...` @throws RangeError when the bytes are no SID */
export function sidToText(bytes: Uint8Array): string {
	const buffer = Buffer.from(bytes);
	const count = buffer[1] ?? 0;
	if (buffer.length < 8 || buffer.length !== 8 + 4 * count)
		throw new RangeError(`${buffer.length} bytes are not a SID.`);
	const authority = buffer.readUIntBE(2, 6);
	const subAuthorities = Array.from({ length: count }, (_, index) => buffer.readUInt32LE(8 + 4 * index));
	return ['S', buffer[0], authority, ...subAuthorities].join('-');
}

/** The bytes of a SID's text form. @throws RangeError when the text is none */
export function sidToBytes(text: string): Buffer {
	const match = /^S-(\d+)-(\d+)((?:-\d+){0,15})$/.exec(text);
	if (!match) throw new RangeError(`"${text}" is not a SID.`);
	const subAuthorities = (match[3] ?? '').split('-').slice(1).map(Number);
	const buffer = Buffer.alloc(8 + 4 * subAuthorities.length);
	buffer.writeUInt8(Number(match[1]), 0);
	buffer.writeUInt8(subAuthorities.length, 1);
	buffer.writeUIntBE(Number(match[2]), 2, 6);
	subAuthorities.forEach((part, index) => buffer.writeUInt32LE(part, 8 + 4 * index));
	return buffer;
}

/** The last part, which tells objects of one domain apart. Below 1000 are those that came with the domain (MS-SAMR 2.2.1.15). */
export function ridOf(sid: string): number {
	return Number(sid.slice(sid.lastIndexOf('-') + 1));
}

/** The domain's own SID, of an account's SID. */
export function domainSidOf(sid: string): string {
	return sid.slice(0, sid.lastIndexOf('-'));
}
