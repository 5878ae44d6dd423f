import fc from 'fast-check';
import { BerReader, BerWriter } from 'ldapts';
import { DirectoryError } from '../../../lib/directory/errors';
import { allOf, anyOf, equal, not, present, type Filter } from '../../../lib/directory/filter';
import { approximately, atLeast, atMost, extensible, substring } from '../../../lib/directory/filterParts';
import {
	escapeFilterValue,
	fillFilterText,
	parseFilterText,
	splitExpressions,
	type FilterPiece,
} from '../../../lib/directory/filterText';
import { NAUGHTY } from '../../support/naughty';

/** n8n's own, which its package does not export by name. */
type Chunk = { readonly type: 'text' | 'code'; readonly text: string; readonly hasClosingBrackets?: boolean };
const { splitExpression } = jest.requireActual<{ splitExpression: (text: string) => Chunk[] }>(
	'@n8n/tournament/dist/ExpressionSplitter.js',
);

const HOSTILE = [
	'*',
	'(',
	')',
	'\\',
	'\\2a',
	')(objectClass=*',
	'*)(|(cn=*',
	'\u0000',
	'&',
	'!',
	'=',
	'~=',
	':=',
	'}}',
];
const hostile = fc
	.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom(...HOSTILE, ...NAUGHTY.slice(0, 30))), {
		minLength: 1,
		maxLength: 6,
	})
	.map((parts) => parts.join(''))
	// NUL is refused, which has a test of its own.
	.map((text) => text.replaceAll('\u0000', '') || 'x');
const attribute = fc.constantFrom('cn', 'mail', 'msDS-x', '2.5.4.3', 'userCertificate;binary');

function bytes(filter: Filter): string {
	const writer = new BerWriter();
	filter.write(writer);
	return writer.buffer.toString('hex');
}

/** A filter as the tree of its tags and octet strings (RFC 4511 section 4.5.1), read by itself. */
type Node = { readonly tag: number; readonly parts: readonly Node[] | Buffer };

function tree(filter: Filter): Node {
	const read = (data: Buffer): Node[] => {
		const reader = new BerReader(data);
		const nodes: Node[] = [];
		while (reader.remain > 0) {
			const tag = reader.peek() ?? 0;
			const content = reader.readString(tag, true) ?? Buffer.alloc(0);
			nodes.push({ tag, parts: (tag & 0x20) === 0 ? content : read(content) });
		}
		return nodes;
	};
	const writer = new BerWriter();
	filter.write(writer);
	const [only] = read(writer.buffer);
	if (!only) throw new Error('The filter wrote nothing.');
	return only;
}

/** The tree without its values. */
function shape({ tag, parts }: Node): unknown {
	return Buffer.isBuffer(parts) ? tag : [tag, ...parts.map(shape)];
}

function leaves({ parts }: Node): string[] {
	return Buffer.isBuffer(parts) ? [parts.toString('utf8')] : parts.flatMap(leaves);
}

describe('the text of a filter', () => {
	test.each<[string, Filter]>([
		['(mail=ada@example.com)', equal('mail', 'ada@example.com')],
		['(mail=*)', present('mail')],
		['(cn= a b )', equal('cn', ' a b ')],
		['(cn=a=b:c>d)', equal('cn', 'a=b:c>d')],
		['(cn=\\2a\\28\\29\\5c\\00)', equal('cn', '*()\\\u0000')],
		['(cn=Zo\\c3\\ab 😀)', equal('cn', 'Zoë 😀')],
		['(2.5.4.3=x)', equal('2.5.4.3', 'x')],
		['(userCertificate;binary=x)', equal('userCertificate;binary', 'x')],
		['(cn=a*)', substring('cn', { initial: 'a' })],
		['(cn=*a)', substring('cn', { final: 'a' })],
		['(cn=*a*b\\2ac*)', substring('cn', { any: ['a', 'b*c'] })],
		['(cn=a*b*c)', substring('cn', { initial: 'a', any: ['b'], final: 'c' })],
		['(cn~=a)', approximately('cn', 'a')],
		['(uSNChanged>=5)', atLeast('uSNChanged', '5')],
		['(uSNChanged<=5)', atMost('uSNChanged', '5')],
		['(&(a=1)(b=2))', allOf([equal('a', '1'), equal('b', '2')])],
		['(|(a=1))', anyOf([equal('a', '1')])],
		['(!(a=1))', not(equal('a', '1'))],
		[
			' ( & (a=1)\n\t(|(b=*) (!(c=x*)) ) )\r\n',
			allOf([equal('a', '1'), anyOf([present('b'), not(substring('c', { initial: 'x' }))])]),
		],
		[
			'(userAccountControl:1.2.840.113556.1.4.803:=2)',
			extensible({
				attribute: 'userAccountControl',
				rule: '1.2.840.113556.1.4.803',
				dnAttributes: false,
				value: '2',
			}),
		],
		['(ou:dn:=People)', extensible({ attribute: 'ou', rule: '', dnAttributes: true, value: 'People' })],
		['(:dn:2.4.6:=x)', extensible({ attribute: '', rule: '2.4.6', dnAttributes: true, value: 'x' })],
		['(:caseExactMatch:=x)', extensible({ attribute: '', rule: 'caseExactMatch', dnAttributes: false, value: 'x' })],
	])('%s is what it says', (text, filter) => {
		expect(bytes(parseFilterText(text))).toBe(bytes(filter));
	});

	test('keeps bytes that are no text, in every place of a value', () => {
		const guid = Buffer.from('c8bd7f01ff00', 'hex');
		const escaped = '\\c8\\bd\\7f\\01\\ff\\00';
		expect(bytes(parseFilterText(`(objectGUID=${escaped})`))).toBe(bytes(equal('objectGUID', guid)));
		for (const text of [`(a=${escaped}*)`, `(a=*${escaped})`, `(a=*${escaped}*)`, `(a>=${escaped})`, `(a:=${escaped})`])
			expect([text, bytes(parseFilterText(text)).includes(guid.toString('hex'))]).toEqual([text, true]);
	});

	test.each<[string, number, string]>([
		['', 1, 'a filter is missing'],
		['mail=x', 1, 'a filter begins with ('],
		['(mail=x', 8, 'a ) is missing'],
		['(mail=x))', 9, 'the filter has ended already'],
		['(a=1)(b=2)', 6, 'the filter has ended already'],
		['()', 2, 'attribute=value is missing'],
		['(mail)', 2, 'attribute=value is missing'],
		['(=x)', 2, '"" is no name of an attribute'],
		['(ma il=x)', 2, '"ma il" is no name of an attribute'],
		['(mail=)', 7, 'a value is missing'],
		['(mail=**)', 7, 'two * stand side by side'],
		['(mail=a**b)', 7, 'two * stand side by side'],
		['(mail=a(b)', 8, '"(" cannot stand in a value as it is'],
		['(mail>=a*)', 9, '"*" cannot stand in a value as it is'],
		['(mail=\u0000)', 7, '"\\u0000" cannot stand in a value as it is'],
		['(mail=a\\zz)', 8, 'two hexadecimal digits belong after a backslash'],
		['(mail=a\\2)', 8, 'two hexadecimal digits belong after a backslash'],
		['(&)', 3, '& has no filter after it'],
		['(!(a=1)(b=2))', 2, '! takes one filter only'],
		['(&(a=1)', 8, 'a ) is missing'],
		['(&(a=1)b=2)', 8, 'a ) is missing'],
		[':=x', 1, 'a filter begins with ('],
		['(:=x)', 2, '"" is no matching rule'],
		['(a:b c:=x)', 2, '"a:b c" is no matching rule'],
		['(a:dn:b:c:=x)', 2, '"a:dn:b:c" is no matching rule'],
	])('%j is wrong at character %i: %s', (text, at, reason) => {
		expect(() => parseFilterText(text)).toThrow(`The LDAP filter is wrong at character ${at}: ${reason}.`);
	});

	test('that nests without an end is refused in words', () => {
		expect(() => parseFilterText('(!'.repeat(50_000))).toThrow('more than 100 deep');
	});

	test('is parsed or refused in words, whatever it is', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					hostile,
					hostile.map((text) => `(cn=${text})`),
				),
				(text) => {
					try {
						expect(bytes(parseFilterText(text))).not.toBe('');
					} catch (error) {
						expect(error).toBeInstanceOf(DirectoryError);
					}
				},
			),
		);
	});
});

describe('a value of an expression', () => {
	test('is the same value when the filter is read, whatever it holds', () => {
		fc.assert(
			fc.property(attribute, hostile, (name, value) => {
				const found = parseFilterText(`(${name}=${escapeFilterValue(value)})`);
				expect(bytes(found)).toBe(bytes(equal(name, value)));
			}),
			{ numRuns: 500 },
		);
	});

	test('never changes what kind of filter it stands in, only the values', () => {
		const template = fc.constantFrom<[FilterPiece[], number]>(
			[[{ text: '(&(objectClass=user)(mail=' }, { expression: '' }, { text: '))' }], 1],
			[[{ text: '(|(cn=' }, { expression: '' }, { text: '*)(!(sn=*' }, { expression: '' }, { text: '*b)))' }], 2],
			[[{ text: '(uSNChanged>=' }, { expression: '' }, { text: ')' }], 1],
			[[{ text: '(memberOf:1.2.840.113556.1.4.1941:=' }, { expression: '' }, { text: ')' }], 1],
			[[{ text: '(cn=' }, { expression: '' }, { text: ' ' }, { expression: '' }, { text: ')' }], 2],
		);
		fc.assert(
			fc.property(template, hostile, hostile, ([pieces, count], first, second) => {
				const values = [first, second].slice(0, count);
				const harmless = tree(
					parseFilterText(
						fillFilterText(
							pieces,
							values.map(() => 'x'),
						),
					),
				);
				const filled = tree(parseFilterText(fillFilterText(pieces, values)));
				expect(shape(filled)).toEqual(shape(harmless));
				const all = leaves(filled).join('\n');
				for (const value of values) expect(all).toContain(Buffer.from(value).toString('utf8'));
			}),
			{ numRuns: 500 },
		);
	});

	test('makes no filter of its own where it stands for a whole one, or for the name of an attribute', () => {
		const templates: FilterPiece[][] = [
			[{ text: '(&(objectClass=user)' }, { expression: '' }, { text: ')' }],
			[{ text: '(' }, { expression: '' }, { text: '=x)' }],
			[{ text: '(' }, { expression: '' }, { text: ')' }],
			[{ expression: '' }],
		];
		fc.assert(
			fc.property(fc.constantFrom(...templates), hostile, (pieces, value) => {
				const text = fillFilterText(pieces, [value]);
				// A value can be no more than the name of another attribute.
				if (/^[A-Za-z][A-Za-z0-9-]*$|^[0-9]+(\.[0-9]+)+$/.test(value)) return;
				expect(() => parseFilterText(text)).toThrow(DirectoryError);
			}),
		);
	});

	test.each([
		[5, '5'],
		[-1.5, '-1.5'],
		[9223372036854775807n, '9223372036854775807'],
		[true, 'TRUE'],
		[false, 'FALSE'],
		["O'Brien, Zoë", "O'Brien, Zoë"],
		['*)(x=', '\\2a\\29\\28x\\3d'],
	])('%p is written %s', (value, text) => {
		expect(escapeFilterValue(value)).toBe(text);
	});

	test.each([
		[undefined, 'there is no value'],
		[null, 'there is no value'],
		['', 'the value is empty'],
		['a\u0000b', 'a NUL character'],
		[['a'], 'a list or an object'],
		[{ a: 1 }, 'a list or an object'],
	])('must not be %p, and the message says which expression gave it', (value, reason) => {
		expect(() => fillFilterText([{ expression: ' $json.mail ' }], [value])).toThrow('{{ $json.mail }} in the filter: ');
		expect(() => escapeFilterValue(value)).toThrow(reason);
	});
});

describe('expressions in the text', () => {
	test.each<[string, FilterPiece[]]>([
		['(a={{ 1 }})', [{ text: '(a={{ 1 }})' }]],
		['=', []],
		['=(a=1)', [{ text: '(a=1)' }]],
		['={{ $json.filter }}', [{ expression: ' $json.filter ' }]],
		[
			'=(&(a={{ $json.a }})(b={{$json.b}}))',
			[{ text: '(&(a=' }, { expression: ' $json.a ' }, { text: ')(b=' }, { expression: '$json.b' }, { text: '))' }],
		],
		['={{ "\\}}" }}x', [{ expression: ' "\\}}" ' }, { text: 'x' }]],
		['={{ "}}" }}', [{ expression: ' "' }, { text: '" }}' }]],
	])('%s stand where n8n sees them', (raw, pieces) => {
		expect(splitExpressions(raw)).toEqual(pieces);
	});

	test('are those that n8n itself sees, whatever the text', () => {
		const part = fc.constantFrom('{{', '}}', '\\', '\\\\', '"', '}', '{', 'a', '(cn=', ')', '\n');
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
				const text = `${parts.join('')} `;
				const seen = splitExpression(text);
				if (seen.some((chunk) => chunk.type === 'code' && !chunk.hasClosingBrackets)) {
					expect(() => splitExpressions(`=${text}`)).toThrow('an expression begins with {{ and does not end');
					return;
				}
				const expressions = splitExpressions(`=${text}`).flatMap((piece) =>
					'expression' in piece ? [piece.expression.replace('\\}}', '}}')] : [],
				);
				expect(expressions).toEqual(seen.flatMap((chunk) => (chunk.type === 'code' ? [chunk.text] : [])));
			}),
			{ numRuns: 1000 },
		);
	});
});
