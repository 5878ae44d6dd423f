/**
 * Comparisons that filter.ts has not, made of data only. ldapts writes their values as text, so bytes that are no text (a part of a GUID) are
 * written here.
 */
import {
	ApproximateFilter,
	Ber,
	ExtensibleFilter,
	GreaterThanEqualsFilter,
	LessThanEqualsFilter,
	SubstringFilter,
	type BerWriter,
	type Filter,
} from 'ldapts';

/** Context-specific tags of RFC 4511 section 4.5.1. */
const INITIAL = 0x80;
const ANY = 0x81;
const FINAL = 0x82;
const MATCHING_RULE = 0x81;
const TYPE = 0x82;
const MATCH_VALUE = 0x83;
const DN_ATTRIBUTES = 0x84;

type Bytes = string | Buffer;

/** ldapts's filter of the kind, with a body of our own. */
function withBody(filter: Filter, body: (writer: BerWriter) => void): Filter {
	return Object.assign(filter, { writeFilter: body });
}

function text(value: Bytes): string {
	return typeof value === 'string' ? value : value.toString('latin1');
}

function octets(writer: BerWriter, value: Bytes, tag: number = Ber.OctetString): void {
	writer.writeBuffer(Buffer.from(value), tag);
}

/** Values that begin with, hold one after the other, and end with the given parts; '' and [] = no matter. */
export function substring(
	attribute: string,
	{ initial = '', any = [], final = '' }: { initial?: Bytes; any?: readonly Bytes[]; final?: Bytes },
): Filter {
	const shown = { attribute, initial: text(initial), any: any.map(text), final: text(final) };
	return withBody(new SubstringFilter(shown), (writer) => {
		writer.writeString(attribute);
		writer.startSequence();
		if (initial.length > 0) octets(writer, initial, INITIAL);
		for (const part of any) octets(writer, part, ANY);
		if (final.length > 0) octets(writer, final, FINAL);
		writer.endSequence();
	});
}

function assertion(attribute: string, value: Bytes): (writer: BerWriter) => void {
	return (writer) => {
		writer.writeString(attribute);
		octets(writer, value);
	};
}

export function atLeast(attribute: string, value: Bytes): Filter {
	return withBody(new GreaterThanEqualsFilter({ attribute, value: text(value) }), assertion(attribute, value));
}

export function atMost(attribute: string, value: Bytes): Filter {
	return withBody(new LessThanEqualsFilter({ attribute, value: text(value) }), assertion(attribute, value));
}

/** Active Directory takes it for equality (MS-ADTS 3.1.1.3.1.3.1). */
export function approximately(attribute: string, value: Bytes): Filter {
	return withBody(new ApproximateFilter({ attribute, value: text(value) }), assertion(attribute, value));
}

export type Extensible = {
	/** '' = none: any attribute that the rule is for. */
	readonly attribute: string;
	/** Object identifier or name of the matching rule; '' = the attribute's own. */
	readonly rule: string;
	readonly dnAttributes: boolean;
	readonly value: Bytes;
};

export function extensible({ attribute, rule, dnAttributes, value }: Extensible): Filter {
	const shown = { matchType: attribute, rule, dnAttributes, value: text(value) };
	return withBody(new ExtensibleFilter(shown), (writer) => {
		if (rule !== '') writer.writeString(rule, MATCHING_RULE);
		if (attribute !== '') writer.writeString(attribute, TYPE);
		octets(writer, value, MATCH_VALUE);
		if (dnAttributes) writer.writeBoolean(true, DN_ATTRIBUTES);
	});
}

/** LDAP_MATCHING_RULE_BIT_AND: all of the bits are set (MS-ADTS 3.1.1.3.4.4.1). */
export function hasBits(attribute: string, bits: number): Filter {
	return extensible({ attribute, rule: '1.2.840.113556.1.4.803', dnAttributes: false, value: String(bits) });
}
