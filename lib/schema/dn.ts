/** Distinguished names: parsing, writing and comparing them (RFC 4514; RFC 4512 section 1.4 for attribute types). */

export type RdnPart = { readonly attribute: string; readonly value: string };
/** Usually one part; several are joined by "+". */
export type Rdn = readonly RdnPart[];
/** From the object itself to the root of the tree. */
export type Dn = readonly Rdn[];

export class InvalidDnError extends Error {
	override readonly name = 'InvalidDnError';
	readonly text: string;
	/** Where the text stops being a distinguished name, counted from 0. */
	readonly position: number;

	constructor(text: string, position: number, reason: string) {
		super(
			`"${text}" is not a distinguished name: ${reason} at character ${position + 1}. Write it like OU=People,DC=corp,DC=example,DC=com.`,
		);
		this.text = text;
		this.position = position;
	}
}

const ATTRIBUTE_TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)$/;
const ESCAPED_AS_THEMSELVES = ' "#+,;<=>\\';
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;

/**
 * Parses a distinguished name. Blanks around names and values are left out, escaped ones are kept.
 * @param text "" is the root of the tree, an empty list
 * @throws InvalidDnError
 */
export function parseDn(text: string): Dn {
	if (text.trim() === '') return [];
	const dn: Rdn[] = [];
	let rdn: RdnPart[] = [];
	let at = 0;
	for (;;) {
		const equals = text.indexOf('=', at);
		if (equals < 0) throw new InvalidDnError(text, at, 'an attribute with "=" is missing');
		const attribute = text.slice(at, equals).trim();
		if (!ATTRIBUTE_TYPE.test(attribute)) throw new InvalidDnError(text, at, `"${attribute}" is not an attribute`);
		const { value, end } = parseValue(text, equals + 1);
		rdn.push({ attribute, value });
		const separator = text[end];
		if (separator !== '+') {
			dn.push(rdn);
			rdn = [];
		}
		if (separator === undefined) return dn;
		at = end + 1;
	}
}

/** A value that is written as it is, up to its end; nearly all are. */
const UNESCAPED = /[^ ,+;"<>\\\ud800-\udfff][^,+;"<>\\\ud800-\udfff]*(?=[,+;]|$)/y;

/** Reads one value up to the next unescaped separator. Hex pairs are bytes of UTF-8 (RFC 4514 section 2.4). */
function parseValue(text: string, start: number): { value: string; end: number } {
	let at = start;
	while (text[at] === ' ') at += 1;
	if (text[at] === '#') return parseHexValue(text, at);
	UNESCAPED.lastIndex = at;
	const [plain = ''] = UNESCAPED.exec(text) ?? [];
	if (plain !== '') return { value: withoutBlanksAtEnd(plain), end: at + plain.length };
	const bytes: number[] = [];
	/** Length without trailing blanks that are not escaped. */
	let kept = 0;
	for (; at < text.length; at += 1) {
		const character = text[at] ?? '';
		if (character === ',' || character === '+' || character === ';') break;
		if (character === '"' || character === '<' || character === '>')
			throw new InvalidDnError(text, at, `an unescaped ${character} stands`);
		if (character === '\\') {
			const pair = text.slice(at + 1, at + 3);
			const next = text[at + 1];
			if (HEX_PAIR.test(pair)) {
				bytes.push(Number.parseInt(pair, 16));
				at += 2;
			} else if (next !== undefined && ESCAPED_AS_THEMSELVES.includes(next)) {
				bytes.push(...Buffer.from(next));
				at += 1;
			} else
				throw new InvalidDnError(
					text,
					at,
					'a backslash is not followed by a special character or two hexadecimal digits',
				);
			kept = bytes.length;
			continue;
		}
		const codePoint = String.fromCodePoint(text.codePointAt(at) ?? 0);
		bytes.push(...Buffer.from(codePoint));
		at += codePoint.length - 1;
		if (character !== ' ') kept = bytes.length;
	}
	if (kept === 0) throw new InvalidDnError(text, start, 'a value is empty');
	return { value: Buffer.from(bytes.slice(0, kept)).toString('utf8'), end: at };
}

function withoutBlanksAtEnd(text: string): string {
	let end = text.length;
	while (text[end - 1] === ' ') end -= 1;
	return text.slice(0, end);
}

/** "#" and the BER encoding in hex (RFC 4514 section 2.4); only string types in definite short form are understood. */
function parseHexValue(text: string, start: number): { value: string; end: number } {
	const match = /^#((?:[0-9A-Fa-f]{2})+) *(?=[,+;]|$)/.exec(text.slice(start));
	const bytes = Buffer.from(match?.[1] ?? '', 'hex');
	if (!match || bytes.length < 3 || bytes[1] !== bytes.length - 2)
		throw new InvalidDnError(text, start, 'a value in hexadecimal form is broken');
	return { value: bytes.subarray(2).toString('utf8'), end: start + match[0].length };
}

/**
 * Writes a distinguished name. Every special character goes out as a hex pair: ldapts splits new names at commas that are not preceded by a
 * backslash, so `\\,` would be split, `\5C\2C` is not.
 */
export function formatDn(dn: Dn): string {
	return dn.map((rdn) => rdn.map(({ attribute, value }) => `${attribute}=${escapeValue(value)}`).join('+')).join(',');
}

/** One value, escaped for its place in a distinguished name. */
function escapeValue(value: string): string {
	const hex = (character: string) =>
		[...Buffer.from(character)].map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
	return value
		.replace(/[\u0000-\u001f\u007f"#+,;<=>\\]/g, hex)
		.replace(/^ +| +$/g, (blanks) => '\\20'.repeat(blanks.length));
}

/**
 * The name of a new object: `attribute=value` below a parent.
 * @param value any text; it is data and never syntax
 * @throws InvalidDnError when the parent is none
 */
export function childDn(attribute: string, value: string, parent: string): string {
	return formatDn([[{ attribute, value }], ...parseDn(parent)]);
}

/** Whether a text is the whole distinguished name of something below a root: at least two names. */
export function isObjectName(text: string): boolean {
	if (!text.includes('=')) return false;
	try {
		return parseDn(text).length > 1;
	} catch (error) {
		if (error instanceof InvalidDnError) return false;
		throw error;
	}
}

/**
 * The container's name as it stands in the name of an object that the directory gave: nothing is parsed, which is too dear for 100,000 of them.
 * '' when there is none.
 */
export function parentText(dn: string): string {
	for (let comma = dn.indexOf(','); comma >= 0; comma = dn.indexOf(',', comma + 1)) {
		let slashes = 0;
		while (dn[comma - 1 - slashes] === '\\') slashes += 1;
		if (slashes % 2 === 0) return dn.slice(comma + 1);
	}
	return '';
}

/** The container of an object. @throws InvalidDnError */
export function parentOf(dn: string): string {
	return formatDn(parseDn(dn).slice(1));
}

/** Whether two names mean the same object: attributes and values are compared without case, spelling of escapes does not matter. @throws InvalidDnError */
export function sameDn(left: string, right: string): boolean {
	return dnKey(left) === dnKey(right);
}

/** Whether an object is the given base or stands below it. @throws InvalidDnError */
export function isWithin(dn: string, base: string): boolean {
	const [object, top] = [parseDn(dn), parseDn(base)];
	return object.length >= top.length && comparable(object.slice(object.length - top.length)) === comparable(top);
}

/** One text for all spellings of a name: equal for two names exactly when they mean the same object. @throws InvalidDnError */
export function dnKey(dn: string): string {
	return PLAIN_DN.test(dn) ? plainKey(dn) : comparable(parseDn(dn));
}

/** As directories write most names, where nothing needs parsing: a plan compares hundreds of thousands of them. */
const PLAIN_DN =
	/^[A-Za-z][A-Za-z0-9-]*=[\w.@'()-]+(?: +[\w.@'()-]+)*(?:,[A-Za-z][A-Za-z0-9-]*=[\w.@'()-]+(?: +[\w.@'()-]+)*)*$/;

/** What `comparable` makes of it. */
function plainKey(dn: string): string {
	return `["${dn.toLowerCase().replaceAll(',', '"],["').replaceAll('=', '","')}"]`;
}

/** As `dnKey`; the text itself when it is no distinguished name. */
export function safeDnKey(dn: string): string {
	try {
		return dnKey(dn);
	} catch (error) {
		if (error instanceof InvalidDnError) return dn;
		throw error;
	}
}

function comparable(dn: Dn): string {
	const rdns = dn.map((rdn) =>
		rdn
			.map(({ attribute, value }) => JSON.stringify([attribute.toLowerCase(), value.normalize('NFC').toLowerCase()]))
			.sort()
			.join('+'),
	);
	return rdns.join(',');
}
