import fc from 'fast-check';
import { Ber, BerReader, BerWriter } from 'ldapts';
import { allOf, anyOf, equal, memberInChain, not, present, type Filter } from '../../../lib/directory/filter';

const hostile = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary', maxLength: 5 }),
			fc.constantFrom('*', '(', ')', '\\', '\\2a', ')(objectClass=*', '*)(|(cn=*', '\u0000', '&', '!', '=', '~='),
		),
		{ maxLength: 8 },
	)
	.map((parts) => parts.join(''));

function written(filter: Filter): BerReader {
	const writer = new BerWriter();
	filter.write(writer);
	return new BerReader(writer.buffer);
}

// RFC 4511 section 4.5.1: the choices of a filter by their tags.
const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUALITY = 0xa3;
const PRESENT = 0x87;
const EXTENSIBLE = 0xa9;

describe('a search for a value', () => {
	test('carries the value as one octet string, whatever it holds', () => {
		fc.assert(
			fc.property(hostile, (value) => {
				const reader = written(equal('employeeID', value));
				expect(reader.readSequence()).toBe(EQUALITY);
				expect(reader.readString()).toBe('employeeID');
				expect(reader.readString(Ber.OctetString, true)?.toString('utf8')).toBe(value);
				expect(reader.remain).toBe(0);
			}),
			{ numRuns: 500 },
		);
	});

	test('carries bytes as they are', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const reader = written(equal('objectGUID', Buffer.from(bytes)));
				expect(reader.readSequence()).toBe(EQUALITY);
				expect(reader.readString()).toBe('objectGUID');
				expect([...(reader.readString(Ber.OctetString, true) ?? [])]).toEqual([...bytes]);
				expect(reader.remain).toBe(0);
			}),
		);
	});

	test.each([
		['*', '(cn=\\2a)'],
		['a)(objectClass=*', '(cn=a\\29\\28objectClass=\\2a)'],
		['\\2a', '(cn=\\5c2a)'],
		['\u0000', '(cn=\\00)'],
	])('for %j is shown as %s', (value, text) => {
		expect(String(equal('cn', value))).toBe(text);
	});
});

describe('a search for members of a group', () => {
	test('carries the name of the group as one value, with the rule that goes through groups', () => {
		fc.assert(
			fc.property(hostile, (value) => {
				const reader = written(memberInChain(value));
				expect(reader.readSequence()).toBe(EXTENSIBLE);
				expect(reader.readString(0x81)).toBe('1.2.840.113556.1.4.1941');
				expect(reader.readString(0x82)).toBe('memberOf');
				expect(reader.readString(0x83, true)?.toString('utf8')).toBe(value);
				expect(reader.remain).toBe(0);
			}),
		);
	});
});

describe('a search made of others', () => {
	test.each<[string, (parts: Filter[]) => Filter, number]>([
		['all of them', allOf, AND],
		['any of them', anyOf, OR],
	])('asks for %s, and for no more than were given', (_what, join, tag) => {
		fc.assert(
			fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), (values) => {
				const reader = written(join(values.map((value) => equal('cn', value))));
				expect(reader.readSequence()).toBe(tag);
				for (const value of values) {
					expect(reader.readSequence()).toBe(EQUALITY);
					expect(reader.readString()).toBe('cn');
					expect(reader.readString(Ber.OctetString, true)?.toString('utf8')).toBe(value);
				}
				expect(reader.remain).toBe(0);
			}),
		);
	});

	test('may ask for the opposite, and for any value', () => {
		const reader = written(not(present('mail')));
		expect(reader.readSequence()).toBe(NOT);
		expect(reader.readString(PRESENT)).toBe('mail');
		expect(reader.remain).toBe(0);
		expect(String(not(present('mail')))).toBe('(!(mail=*))');
	});

	test('keeps its own list', () => {
		const parts = [equal('cn', 'a')];
		const filter = anyOf(parts);
		parts.push(equal('cn', 'b'));
		expect(String(filter)).toBe('(|(cn=a))');
	});
});
