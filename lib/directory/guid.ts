/** objectGUID: 16 bytes whose first three groups are little-endian (MS-DTYP 2.3.4.2). */

const TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Byte positions in the order in which the text form shows them. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
/** Every byte as two digits: a plan turns a hundred thousand GUIDs into text. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * @param bytes 16 bytes as the directory gives them
 * @returns lower-case text, 8-4-4-4-12
 * @throws RangeError when there are not 16 bytes
 */
export function guidToText(bytes: Uint8Array): string {
	if (bytes.length !== 16) throw new RangeError(`A GUID has 16 bytes, not ${bytes.length}.`);
	const hex = (from: number, to: number) =>
		ORDER.slice(from, to).reduce((text, position) => text + (HEX[bytes[position] ?? 0] ?? ''), '');
	return `${hex(0, 4)}-${hex(4, 6)}-${hex(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`;
}

/** The 16 bytes of a GUID's text form (case and braces do not matter). @throws RangeError when the text is none */
export function guidToBytes(text: string): Buffer {
	const plain = text
		.trim()
		.replace(/^\{(.*)\}$/, '$1')
		.toLowerCase();
	if (!TEXT.test(plain)) throw new RangeError(`"${text}" is not a GUID.`);
	const shown = Buffer.from(plain.replaceAll('-', ''), 'hex');
	const bytes = Buffer.alloc(16);
	ORDER.forEach((position, index) => (bytes[position] = shown[index] ?? 0));
	return bytes;
}

/** The distinguished name by GUID, which stays right when the object moves (MS-ADTS 3.1.1.3.1.2.4). */
export function guidDn(guid: string): string {
	return `<GUID=${guid}>`;
}

/** The same for a text that is a GUID, alone or in `<GUID=...>`; undefined when it is none. */
export function guidDnIn(text: string): string | undefined {
	try {
		return guidDn(guidToText(guidToBytes(text.replace(/^<GUID=(.*)>$/i, '$1'))));
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}
