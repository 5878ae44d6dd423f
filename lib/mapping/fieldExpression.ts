/**
 * n8n expressions that only read fields, such as `={{ $json.address.city }}`, read without n8n: it takes 60-80 µs for each of them and each
 * person. Whatever is not plainly of this kind is left to n8n. What such an expression gives is what n8n 2.41 gives (n8n-workflow, expression.ts;
 * @n8n/tournament; @n8n/expression-runtime), in its isolate, which is the default, and in its older engine:
 *
 * - An object or a list is the record's own, as in the older engine; the isolate copies it. Nobody may change it.
 * - The isolate fails on an object that has a field named as a method (`toString`). Here it is given, as by the older engine.
 * - With text around it an object is "[object Object]" whatever its fields are named, as in the isolate; the older engine fails on `toString`.
 */

/** @param json the record: what JSON can say, dates and undefined */
export type FieldReader = (json: Readonly<Record<string, unknown>>) => unknown;

/** The name of a field as text, and as a position in a list where it is one. */
type Key = { readonly name: string; readonly index: number };
type Part = { readonly text: string } | { readonly read: FieldReader };

/**
 * Names that mean something else than a field: what values inherit (`length`, `map`, `toString`), for n8n's isolate finds that first, and
 * what n8n forbids (n8n-workflow, utils.ts, unsafeObjectProperties) or replaces in an expression (expression-sandboxing.ts).
 */
const NOT_FIELDS: ReadonlySet<string> = new Set([
	...[Object, Array, String, Number, Boolean, BigInt, Date].flatMap((type) =>
		Object.getOwnPropertyNames(type.prototype),
	),
	...['__proto__', 'prototype', 'constructor', 'getPrototypeOf', 'setPrototypeOf', 'getOwnPropertyDescriptor'],
	...['getOwnPropertyDescriptors', 'defineProperty', 'defineProperties', 'mainModule', 'binding', '_linkedBinding'],
	...['_load', 'prepareStackTrace', '__lookupGetter__', '__lookupSetter__', '__defineGetter__', '__defineSetter__'],
	...['caller', 'callee', 'arguments', 'getBuiltinModule', 'dlopen', 'execve', 'loadEnvFile'],
	...['$', 'globalThis', '__sanitize', '___n8n_data'],
]);

/** A backslash escapes braces for n8n, and characters in a quoted name. */
const ESCAPE = '\\';
/** n8n refuses these words wherever they stand, in plain text too (expression.ts, resolveSimpleParameterValue). */
const REFUSED_WORDS = /\.\s*constructor/;
/** Inside quotes this could look like the call of one of n8n's own functions, and n8n would rewrite the expression. */
const CALL = /(?:\$if|\.\w+\s*(?:\?\.)?)\s*\(/;

const BLANK = '[ \\t\\r\\n]*';
/** Latin, Greek and Cyrillic letters, which n8n's parser knows as such; its Unicode tables are older than those of Node. */
const LETTER = '(?:[A-Za-z_$]|(?=[\\u00aa-\\u052f])\\p{ID_Start})';
const LETTER_OR_DIGIT = '(?:[A-Za-z0-9_$]|(?=[\\u00aa-\\u052f])\\p{ID_Continue})';
const POSITION = '(?<position>0|[1-9]\\d{0,8})';
const QUOTED = `"(?<double>[^"{}\\p{C}\\p{Zl}\\p{Zp}]*)"|'(?<single>[^'{}\\p{C}\\p{Zl}\\p{Zp}]*)'`;

const START = new RegExp(`${BLANK}\\$json`, 'uy');
const STEP = new RegExp(
	`${BLANK}(?:\\??\\.${BLANK}(?<name>${LETTER}${LETTER_OR_DIGIT}*)|(?:\\?\\.${BLANK})?\\[${BLANK}(?:${POSITION}|${QUOTED})${BLANK}\\])`,
	'uy',
);
const END = new RegExp(`${BLANK};?${BLANK}$`, 'uy');

/**
 * @param expression as n8n stores it, with its leading "="
 * @returns what the expression gives for a record, exactly as n8n would (the value itself, or text when there is text around the braces);
 * undefined for an expression that does anything else than read fields of the item: n8n must evaluate it
 */
export function compileFieldExpression(expression: string): FieldReader | undefined {
	if (!expression.startsWith('=') || expression.includes(ESCAPE) || REFUSED_WORDS.test(expression)) return undefined;
	const parts = partsOf(expression.slice(1));
	if (!parts) return undefined;
	const [only] = parts;
	if (only === undefined) return () => '';
	return parts.length === 1 ? alone(only) : joined(parts);
}

/** Fixed text is text; a field keeps its type. */
function alone(part: Part): FieldReader | undefined {
	if ('read' in part) return part.read;
	const { text } = part;
	// n8n's older engine looks for `toString` and the like among the expressions that it has seen, and finds what objects inherit.
	return text in {} ? undefined : () => text;
}

/** With text around it, blanks included, or with several fields, everything becomes text. */
function joined(parts: readonly Part[]): FieldReader {
	const pieces = parts.map((part) => ('text' in part ? part.text : part.read));
	return (json) => {
		let text = '';
		for (const piece of pieces) text += typeof piece === 'string' ? piece : fieldText(piece(json));
		return text;
	};
}

/**
 * Splits as n8n does: the first "{{" opens, the next "}}" closes, also where they stand in quotes.
 * @returns undefined when something between braces is no plain reading of a field, or is not closed
 */
function partsOf(template: string): readonly Part[] | undefined {
	const parts: Part[] = [];
	let from = 0;
	while (from < template.length) {
		const open = template.indexOf('{{', from);
		if (open === -1) {
			parts.push({ text: template.slice(from) });
			break;
		}
		const close = template.indexOf('}}', open + 2);
		const path = close === -1 ? undefined : pathOf(template.slice(open + 2, close));
		if (!path) return undefined;
		// n8n joins as soon as there is a second pair of braces or any text: an empty text before the first pair is none.
		if (open > from) parts.push({ text: template.slice(from, open) });
		parts.push({ read: reader(path) });
		from = close + 2;
	}
	return parts;
}

/** The names that follow `$json` in an expression's code; undefined when it is anything else. */
function pathOf(code: string): readonly Key[] | undefined {
	if (CALL.test(code)) return undefined;
	START.lastIndex = 0;
	if (!START.test(code)) return undefined;
	const path: Key[] = [];
	let at = START.lastIndex;
	for (let groups = stepAt(code, at); groups; groups = stepAt(code, at)) {
		const name = groups['name'] ?? groups['position'] ?? groups['double'] ?? groups['single'] ?? '';
		if (NOT_FIELDS.has(name)) return undefined;
		path.push({ name, index: /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : -1 });
		at = STEP.lastIndex;
	}
	END.lastIndex = at;
	return END.test(code) ? path : undefined;
}

function stepAt(code: string, at: number): Readonly<Record<string, string | undefined>> | undefined {
	STEP.lastIndex = at;
	return STEP.exec(code)?.groups;
}

function reader(path: readonly Key[]): FieldReader {
	const [first, second] = path;
	if (!first) return (json) => json;
	if (!second) return (json) => fieldOf(json, first);
	if (path.length === 2) return (json) => fieldOf(fieldOf(json, first), second);
	return (json) => {
		let value: unknown = json;
		for (const key of path) value = fieldOf(value, key);
		return value;
	};
}

/**
 * One step into a value, over its own properties alone. A step into nothing gives nothing, with or without "?.": n8n swallows the error. Text
 * has characters by position.
 */
function fieldOf(value: unknown, { name, index }: Key): unknown {
	if (typeof value === 'string') return index >= 0 ? value[index] : undefined;
	if (typeof value !== 'object' || value === null) return undefined;
	if (Array.isArray(value)) {
		const element: unknown = index >= 0 && index < value.length ? value[index] : undefined;
		return typeof element === 'function' ? undefined : element;
	}
	if (!Object.hasOwn(value, name)) return undefined;
	const field = (value as Readonly<Record<string, unknown>>)[name];
	return typeof field === 'function' ? undefined : field;
}

/** How n8n puts a field into text (@n8n/tournament, ExpressionBuilder.ts): nothing for null, an empty text and what is no number. */
function fieldText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'object' && value !== null) return objectText(value);
	return value || value === 0 || value === false ? scalarText(value) : '';
}

function scalarText(value: unknown): string {
	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

/** Deeper lists are cut; n8n itself gives up earlier. */
const DEEPEST = 10_000;

/** As JavaScript's own: lists with commas, lists within them too; but what the record calls `toString` is never called. */
function objectText(value: object): string {
	if (value instanceof Date) return String(value);
	if (!Array.isArray(value)) return '[object Object]';
	const texts: string[] = [];
	const open: Array<{ readonly list: readonly unknown[]; next: number }> = [
		{ list: value as readonly unknown[], next: 0 },
	];
	for (let top = open.at(-1); top; top = open.at(-1)) {
		if (top.next >= top.list.length) {
			if (top.list.length === 0) texts.push('');
			open.pop();
			continue;
		}
		const element = top.list[top.next];
		top.next += 1;
		if (Array.isArray(element) && open.length < DEEPEST) open.push({ list: element as readonly unknown[], next: 0 });
		else if (typeof element === 'string') texts.push(element);
		else if (typeof element !== 'object' || element === null || Array.isArray(element)) texts.push(scalarText(element));
		else texts.push(element instanceof Date ? String(element) : '[object Object]');
	}
	return texts.join(',');
}
