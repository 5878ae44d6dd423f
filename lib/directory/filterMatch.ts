/**
 * Filters held against objects in memory, for directories that are a snapshot only. What is looked at is what would be sent: the filter as bytes
 * of the protocol (RFC 4511 section 4.5.1), whoever made it and of whatever parts.
 */
import { BerWriter, SearchFilter } from 'ldapts';
import { comparable } from './accounts/lookups';
import { safeDnKey } from '../schema/dn';
import { textOf, valuesOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import type { Filter } from './filter';
import { guidToBytes } from './guid';
import { sidToBytes } from './sid';

type Test = (entry: Entry) => boolean;
type Part = { readonly tag: number; readonly body: Buffer };

/** LDAP_MATCHING_RULE_BIT_AND and _OR (MS-ADTS 3.1.1.3.4.4.1, 3.1.1.3.4.4.2). */
const ALL_BITS = '1.2.840.113556.1.4.803';
const ANY_BIT = '1.2.840.113556.1.4.804';

/**
 * A filter as a question to an entry. Text is compared without case as directories do; what an object does not have is not equal to anything.
 * @throws DirectoryError (configuration) for what only a directory can answer: memberships over several groups, ambiguous name resolution
 */
export function filterTest(filter: Filter): Test {
	const writer = new BerWriter();
	filter.write(writer);
	const [part] = partsOf(writer.buffer);
	return part ? testOf(part) : () => true;
}

function testOf({ tag, body }: Part): Test {
	const parts = tag === SearchFilter.present ? [] : partsOf(body);
	const [first, second] = parts;
	switch (tag) {
		case SearchFilter.and: {
			const tests = parts.map(testOf);
			return (entry) => tests.every((test) => test(entry));
		}
		case SearchFilter.or: {
			const tests = parts.map(testOf);
			return (entry) => tests.some((test) => test(entry));
		}
		case SearchFilter.not: {
			const test = first ? testOf(first) : () => true;
			return (entry) => !test(entry);
		}
		case SearchFilter.present: {
			const attribute = attributeIn(body);
			return (entry) => held(entry, attribute).length > 0;
		}
		case SearchFilter.extensibleMatch:
			return extensibleTest(parts);
		default: {
			const attribute = attributeIn(first?.body ?? Buffer.alloc(0));
			const test = valueTest(tag, attribute, second?.body ?? Buffer.alloc(0));
			return (entry) => held(entry, attribute).some(test);
		}
	}
}

function attributeIn(name: Buffer): string {
	const attribute = name.toString('utf8').toLowerCase();
	if (attribute === 'anr') throw unanswerable('anr (ambiguous name resolution)');
	return attribute;
}

function held(entry: Entry, attribute: string): readonly (string | Buffer)[] {
	const values = valuesOf(entry, attribute);
	return values.length === 0 && attribute === 'distinguishedname' ? [entry.dn] : values;
}

function valueTest(tag: number, attribute: string, body: Buffer): (value: string | Buffer) => boolean {
	switch (tag) {
		case SearchFilter.substrings:
			return substringTest(partsOf(body));
		case SearchFilter.greaterOrEqual:
			return (value) => ordered(value, body) >= 0;
		case SearchFilter.lessOrEqual:
			return (value) => ordered(value, body) <= 0;
		default:
			return equalityTest(attribute, body);
	}
}

function equalityTest(attribute: string, body: Buffer): (value: string | Buffer) => boolean {
	const text = body.toString('utf8');
	const wanted = comparable(text);
	const name = text.includes('=') ? safeDnKey(text) : undefined;
	const bytes = asBytes(attribute, text) ?? body;
	// Written by the name of a class, kept as the distinguished name of the class (MS-ADTS 3.1.1.3.1.3.1).
	const category = attribute === 'objectcategory' && name === undefined ? `cn=${wanted},` : undefined;
	return (value) => {
		if (typeof value !== 'string') return value.equals(bytes);
		if (comparable(value) === wanted) return true;
		if (category !== undefined) return value.toLowerCase().startsWith(category);
		return name !== undefined && safeDnKey(value) === name;
	};
}

/** GUIDs and SIDs may be asked for by their text (MS-ADTS 3.1.1.3.1.3.1). */
function asBytes(attribute: string, text: string): Buffer | undefined {
	try {
		if (attribute === 'objectguid') return guidToBytes(text);
		return attribute === 'objectsid' ? sidToBytes(text) : undefined;
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

function substringTest(parts: readonly Part[]): (value: string | Buffer) => boolean {
	const wanted = parts.map(({ tag, body }) => ({ tag, text: body.toString('utf8').toLowerCase() }));
	return (value) => {
		const text = value.toString('utf8').toLowerCase();
		let at = 0;
		return wanted.every(({ tag, text: piece }) => {
			// RFC 4511 section 4.5.1: initial [0], any [1], final [2].
			const found =
				tag === 0x82
					? text.length - piece.length >= at && text.endsWith(piece)
						? text.length - piece.length
						: -1
					: text.indexOf(piece, at);
			if (found < 0 || (tag === 0x80 && found > 0)) return false;
			at = found + piece.length;
			return true;
		});
	};
}

const INTEGER = /^-?\d{1,20}$/;

function ordered(value: string | Buffer, body: Buffer): number {
	const [left, right] = [value.toString('utf8').toLowerCase(), body.toString('utf8').toLowerCase()];
	if (INTEGER.test(left) && INTEGER.test(right)) {
		const [one, other] = [BigInt(left), BigInt(right)];
		return one < other ? -1 : Number(one > other);
	}
	return left < right ? -1 : Number(left > right);
}

/** RFC 4511 section 4.5.1: matchingRule [1], type [2], matchValue [3]. */
function extensibleTest(parts: readonly Part[]): Test {
	const body = (tag: number) => parts.find((part) => part.tag === tag)?.body ?? Buffer.alloc(0);
	const [rule, attribute, value] = [body(0x81).toString('utf8'), attributeIn(body(0x82)), body(0x83)];
	if (rule === '') {
		const test = equalityTest(attribute, value);
		return (entry) => held(entry, attribute).some(test);
	}
	const text = value.toString('utf8');
	if ((rule !== ALL_BITS && rule !== ANY_BIT) || !INTEGER.test(text)) throw unanswerable(`the matching rule ${rule}`);
	const bits = BigInt(text);
	return (entry) => {
		const now = textOf(entry, attribute) ?? '';
		if (!INTEGER.test(now)) return false;
		const common = BigInt.asUintN(64, BigInt(now)) & bits;
		return rule === ALL_BITS ? common === bits : common !== 0n;
	};
}

function unanswerable(what: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The LDAP filter asks for ${what}, which a snapshot of a directory cannot answer.`,
		whatToDo: 'Plan against the live directory, or leave that part of the filter out.',
	});
}

/** Tag, length, value one after the other (X.690 section 8.1; lengths in short or long form). */
function partsOf(bytes: Buffer): Part[] {
	const parts: Part[] = [];
	for (let at = 0; at < bytes.length; ) {
		const tag = bytes.readUInt8(at);
		const short = bytes.readUInt8(at + 1);
		const octets = short < 0x80 ? 0 : short & 0x7f;
		const length = octets === 0 ? short : bytes.readUIntBE(at + 2, octets);
		const start = at + 2 + octets;
		parts.push({ tag, body: bytes.subarray(start, start + length) });
		at = start + length;
	}
	return parts;
}
