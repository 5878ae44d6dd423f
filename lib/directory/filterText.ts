/**
 * LDAP filters as text (RFC 4515), in which expressions stand. What an expression gives is data: it is escaped before it becomes part of the
 * text, down to every character that could mean something anywhere in a filter, and an empty value is refused, because `(mail=**)` would find
 * everybody. ldapts has a parser of its own, which turns escaped bytes into UTF-8 and so finds no GUID.
 */
import { DirectoryError } from './errors';
import { allOf, anyOf, equal, not, present, type Filter } from './filter';
import { approximately, atLeast, atMost, extensible, substring } from './filterParts';

/** A piece of the text as it stands, or what stands between `{{` and `}}`, the braces left out. */
export type FilterPiece = { readonly text: string } | { readonly expression: string };

/** Letters, digits and marks that mean nothing in a filter or in the name of an attribute. */
const PLAIN = /^[\p{L}\p{M}\p{N} _@.,/'+#?%-]$/u;
/** Deeper ones are made by programs gone wrong; servers take about a hundred (MS-ADTS 3.1.1.3.4.6). */
const DEEPEST = 100;
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/;
const RULE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;

/**
 * Cuts the raw text of a parameter where n8n cuts it: at the next `}}`, in quotes or not, unless a backslash stands before it
 * (@n8n/tournament, ExpressionSplitter). So what the editor shows as an expression is what is evaluated.
 * @param raw as n8n stores it; only with `=` in front it has expressions
 * @throws DirectoryError (configuration) for an expression without an end
 */
export function splitExpressions(raw: string): FilterPiece[] {
	if (!raw.startsWith('=')) return [{ text: raw }];
	const pieces: FilterPiece[] = [];
	let at = 1;
	for (;;) {
		const open = unescaped(raw, '{{', at);
		const before = open < 0 ? raw.slice(at) : raw.slice(at, open);
		if (before !== '') pieces.push({ text: before });
		if (open < 0) return pieces;
		const close = unescaped(raw, '}}', open + 2);
		if (close < 0) throw wrong(open, 'an expression begins with {{ and does not end', 'Write }} at its end.');
		pieces.push({ expression: raw.slice(open + 2, close) });
		at = close + 2;
	}
}

function unescaped(text: string, braces: string, from: number): number {
	for (let at = text.indexOf(braces, from); at >= 0; at = text.indexOf(braces, at + 2)) {
		const [slashes = ''] = /\\*$/.exec(text.slice(from, at)) ?? [];
		if (slashes.length % 2 === 0) return at;
	}
	return -1;
}

/**
 * The text with the values of its expressions in their places.
 * @param values of the expressions, in their order
 * @throws DirectoryError (person) for a value that is none
 */
export function fillFilterText(pieces: readonly FilterPiece[], values: readonly unknown[]): string {
	const left = [...values];
	return pieces
		.map((piece) => {
			if ('text' in piece) return piece.text;
			const value = left.shift();
			try {
				return escapeFilterValue(value);
			} catch (error) {
				if (!(error instanceof DirectoryError)) throw error;
				throw new DirectoryError({
					kind: 'person',
					message: `{{${piece.expression}}} in the filter: ${error.message}`,
					whatToDo: error.whatToDo,
				});
			}
		})
		.join('');
}

/**
 * A value for its place in the text of a filter (RFC 4515 section 3, valueencoding). More is escaped than must be, so that the value is one
 * even where a builder has put it elsewhere.
 * @param value text, number, true or false
 * @throws DirectoryError (person) for nothing, lists and objects
 */
export function escapeFilterValue(value: unknown): string {
	if (typeof value === 'number' || typeof value === 'bigint') return escapeFilterValue(String(value));
	// As the directory writes them (RFC 4517 section 3.3.3).
	if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
	if (typeof value !== 'string')
		throw new DirectoryError({
			kind: 'person',
			message: value === undefined || value === null ? 'there is no value' : 'the value is a list or an object',
			whatToDo: 'Let the expression give one text; skip the people who have none before this node.',
		});
	if (value === '')
		throw new DirectoryError({
			kind: 'person',
			message: 'the value is empty, and an empty value would change what the filter finds',
			whatToDo: 'Skip the people who have none before this node, or give another value for them.',
		});
	// Samba ends a value at NUL when it compares, and so finds somebody else (measured).
	if (value.includes('\u0000'))
		throw new DirectoryError({
			kind: 'person',
			message: 'the value has a NUL character in it',
			whatToDo: 'Mend the value where it comes from.',
		});
	return Array.from(value, (character) =>
		PLAIN.test(character)
			? character
			: [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
	).join('');
}

/**
 * A filter out of its text. Blanks and line breaks may stand between filters, not in them.
 * @throws DirectoryError (configuration) that says where it is wrong
 */
export function parseFilterText(text: string): Filter {
	const { filter, end } = parseOne(text, skip(text, 0), 0);
	const rest = skip(text, end);
	if (rest < text.length) throw wrong(rest, 'the filter has ended already', 'Put several filters into (&…) or (|…).');
	return filter;
}

type Parsed = { readonly filter: Filter; readonly end: number };

function skip(text: string, from: number): number {
	let at = from;
	while (/\s/.test(text[at] ?? '')) at += 1;
	return at;
}

function parseOne(text: string, start: number, depth: number): Parsed {
	if (text[start] !== '(')
		throw wrong(start, start < text.length ? 'a filter begins with (' : 'a filter is missing', EXAMPLE);
	if (depth > DEEPEST) throw wrong(start, `filters stand more than ${DEEPEST} deep in each other`, 'Simplify it.');
	const at = skip(text, start + 1);
	const operator = text[at] ?? '';
	if (!'&|!'.includes(operator) || operator === '') return parseItem(text, start + 1);
	const filters: Filter[] = [];
	let next = skip(text, at + 1);
	while (text[next] === '(') {
		const { filter, end } = parseOne(text, next, depth + 1);
		filters.push(filter);
		next = skip(text, end);
	}
	if (text[next] !== ')') throw wrong(next, 'a ) is missing', EXAMPLE);
	const [first] = filters;
	if (!first) throw wrong(next, `${operator} has no filter after it`, EXAMPLE);
	if (operator === '!' && filters.length > 1) throw wrong(at, '! takes one filter only', 'Write (!(&(…)(…))).');
	const filter = operator === '!' ? not(first) : operator === '&' ? allOf(filters) : anyOf(filters);
	return { filter, end: next + 1 };
}

/** attribute, comparison, value (RFC 4515 section 3, item). */
function parseItem(text: string, start: number): Parsed {
	const equals = text.indexOf('=', start);
	const close = text.indexOf(')', start);
	if (equals < 0 || (close >= 0 && close < equals)) throw wrong(start, 'attribute=value is missing', EXAMPLE);
	const before = text[equals - 1] ?? '';
	const kind = '~<>:'.includes(before) && equals > start ? before : '=';
	const left = text.slice(start, kind === '=' ? equals : equals - 1);
	const { parts, end } = parseValue(text, equals + 1, kind === '=');
	const [value = Buffer.alloc(0)] = parts;
	if (kind === ':') return { filter: extensible({ ...parseMatch(left, start), value: plainest(value) }), end };
	checkAttribute(left, start);
	switch (kind) {
		case '~':
			return { filter: approximately(left, plainest(value)), end };
		case '>':
			return { filter: atLeast(left, plainest(value)), end };
		case '<':
			return { filter: atMost(left, plainest(value)), end };
		default:
			return { filter: equalOrLike(left, parts, equals + 1), end };
	}
}

function equalOrLike(attribute: string, parts: readonly Buffer[], at: number): Filter {
	const [initial = Buffer.alloc(0), ...rest] = parts;
	const final = rest.pop();
	if (final === undefined) {
		if (initial.length === 0) throw wrong(at, 'a value is missing', `Write (!(${attribute}=*)) for those without one.`);
		return equal(attribute, plainest(initial));
	}
	if (rest.some((part) => part.length === 0)) throw wrong(at, 'two * stand side by side', 'Write one.');
	if (rest.length === 0 && initial.length === 0 && final.length === 0) return present(attribute);
	return substring(attribute, { initial, any: rest, final });
}

function checkAttribute(name: string, at: number): void {
	if (!ATTRIBUTE.test(name)) throw wrong(at, `"${name.slice(0, 60)}" is no name of an attribute`, EXAMPLE);
}

/** `attribute:dn:rule`, any of them left out but not both attribute and rule. */
function parseMatch(
	left: string,
	at: number,
): { readonly attribute: string; readonly rule: string; readonly dnAttributes: boolean } {
	const [attribute = '', ...more] = left.split(':');
	const dnAttributes = more[0]?.toLowerCase() === 'dn';
	const [rule = '', ...rest] = dnAttributes ? more.slice(1) : more;
	if (attribute !== '') checkAttribute(attribute, at);
	if (rest.length > 0 || (rule !== '' && !RULE.test(rule)) || (attribute === '' && rule === ''))
		throw wrong(
			at,
			`"${left.slice(0, 60)}" is no matching rule`,
			'Write attribute:1.2.840.113556.1.4.803:=2, for example.',
		);
	return { attribute, rule, dnAttributes };
}

/** Up to the closing bracket, cut at every `*` that is no data. */
function parseValue(text: string, start: number, stars: boolean): { parts: Buffer[]; end: number } {
	const parts: Buffer[] = [];
	let bytes: number[] = [];
	for (let at = start; at < text.length; at += 1) {
		const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
		if (character === ')') return { parts: [...parts, Buffer.from(bytes)], end: at + 1 };
		if (character === '(' || character === '\u0000' || (character === '*' && !stars))
			throw wrong(at, `${JSON.stringify(character)} cannot stand in a value as it is`, ESCAPES);
		if (character === '*') {
			parts.push(Buffer.from(bytes));
			bytes = [];
		} else if (character === '\\') {
			const pair = text.slice(at + 1, at + 3);
			if (!/^[0-9A-Fa-f]{2}$/.test(pair)) throw wrong(at, 'two hexadecimal digits belong after a backslash', ESCAPES);
			bytes.push(Number.parseInt(pair, 16));
			at += 2;
		} else {
			bytes.push(...Buffer.from(character));
			at += character.length - 1;
		}
	}
	throw wrong(text.length, 'a ) is missing', EXAMPLE);
}

/** As text where the bytes are text, which is how ldapts shows it. */
function plainest(bytes: Buffer): string | Buffer {
	const text = bytes.toString('utf8');
	return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes;
}

const EXAMPLE = 'A filter looks like (&(department=Sales)(!(mail=*))).';
const ESCAPES = 'Write \\2a for *, \\28 for (, \\29 for ) and \\5c for \\.';

/** @param at counted from 0 */
function wrong(at: number, reason: string, whatToDo: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The LDAP filter is wrong at character ${at + 1}: ${reason}.`,
		whatToDo,
	});
}
