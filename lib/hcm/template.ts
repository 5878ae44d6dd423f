/**
 * Fills `{places}` of a request. What stands in a place comes from an HR system and is hostile: it is written so that it can only be a value
 * where it stands, never a path, a header, JSON or markup. A place without a value is refused, because an empty text there would ask for
 * something else (`/users/` instead of `/users/17`).
 */
import { compilePath, PathError } from '../json/path';
import type { Variables } from './types';

export class TemplateError extends Error {
	override readonly name = 'TemplateError';
	readonly whatToDo: string;

	constructor(message: string, whatToDo: string) {
		super(message);
		this.whatToDo = whatToDo;
	}
}

/** What the places stand for. */
export type Scope = {
	/** The record that the call is made for; undefined = for none. */
	readonly record?: unknown;
	readonly variables: Variables;
	/** `{paging.page}`, `{paging.offset}`, `{paging.cursor}`, `{paging.limit}` of this call. */
	readonly paging?: Readonly<Record<string, string>>;
};

type Origin = 'record' | 'builder';
type Found = { readonly value: unknown; readonly from: Origin };

/** A name, or a path of names: never a blank or a quote, so that the braces of JSON and of style sheets are left alone. */
const PLACE = /\{([\p{L}_@$][\p{L}\p{N}_@$.[\]-]*)\}/gu;
// What no header may carry (RFC 9110 section 5.5).
const CONTROL = /[\u0000-\u001f\u007f]/;
// What no XML may carry, not even as a character reference (XML 1.0 section 2.2).
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The names of all places in a text. */
export function placesOf(text: string): string[] {
	return [...text.matchAll(PLACE)].map(([, name]) => name ?? '');
}

function lookUp(name: string, scope: Scope): Found {
	const [first = '', ...rest] = name.split('.');
	const own = rest.join('.');
	const group =
		first === 'preset' || first === 'credential'
			? scope.variables[first]
			: first === 'paging'
				? (scope.paging ?? {})
				: undefined;
	if (group !== undefined && own !== '') {
		if (Object.hasOwn(group, own) && group[own] !== '') return { value: group[own], from: 'builder' };
		throw new TemplateError(
			`{${name}} has no value`,
			first === 'paging'
				? 'Use {paging.page}, {paging.offset}, {paging.cursor} or {paging.limit}, as the style of repeat calling gives it.'
				: `Fill it in: it is a field of the ${first === 'preset' ? 'node' : 'credential'}.`,
		);
	}
	if (name === 'since' && scope.variables.since !== undefined) return { value: scope.variables.since, from: 'builder' };
	if (name === 'since' && scope.record === undefined)
		throw new TemplateError('{since} has no date yet', "Enter a date in 'Start With' of the option 'Changed Since'.");
	if (scope.record === undefined)
		throw new TemplateError(
			`{${name}} stands for nothing`,
			"Only an endpoint with 'Depends On', or Send Record, has a record to take it from. Write %7B and %7D for braces that are meant as such.",
		);
	const value = valueAt(name, scope.record);
	if (value === undefined || value === null || value === '')
		throw new TemplateError(
			`the record has no "${name}"`,
			'Correct the name in braces, or leave out records without it by a filter before.',
		);
	return { value, from: 'record' };
}

function valueAt(name: string, record: unknown): unknown {
	try {
		return compilePath(name)(record);
	} catch (error) {
		if (error instanceof PathError)
			throw new TemplateError(`{${name}} names no field of a record`, 'Correct the name in braces.');
		throw error;
	}
}

function asText(name: string, { value }: Found): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	throw new TemplateError(
		`"${name}" of the record is a list or an object`,
		'Name a field in it, such as {name.family}.',
	);
}

function fill(text: string, scope: Scope, write: (value: string, name: string, from: Origin) => string): string {
	return text.replace(PLACE, (_whole, name: string) => {
		const found = lookUp(name, scope);
		return write(asText(name, found), name, found.from);
	});
}

/**
 * Fills a URL. In the host only what the builder entered may stand, and only as a name; behind it every value becomes one segment or one
 * query value (RFC 3986 section 2.1).
 * @throws TemplateError for a missing value, and for one that would be read as "this" or "the folder above" (RFC 3986 section 5.2.4)
 */
export function fillUrl(template: string, scope: Scope): string {
	const [origin = ''] = /^[a-z][a-z0-9+.-]*:\/*[^/?#]*/i.exec(template) ?? [];
	const host = fill(origin, scope, (value, name, from) => {
		if (from === 'record')
			throw new TemplateError(
				`{${name}} stands in the host of the URL`,
				'A record never chooses the server: put it into the path or the query.',
			);
		if (/^[a-z0-9.-]+(:\d+)?$/i.test(value)) return value;
		throw new TemplateError(
			`{${name}} is no name of a host: "${value}"`,
			'Enter it without https:// and without a path.',
		);
	});
	const [path = '', ...behind] = template.slice(origin.length).split(/(?=[?#])/);
	const filledPath = path
		.split(/([/\\])/)
		.map((segment) => fillSegment(segment, scope))
		.join('');
	return host + filledPath + fill(behind.join(''), scope, encode);
}

function fillSegment(segment: string, scope: Scope): string {
	const filled = fill(segment, scope, encode);
	// What URLs read as "this" and "the folder above" (WHATWG URL, single-dot and double-dot path segments).
	if (filled !== segment && /^(\.|%2e){1,2}$/i.test(filled))
		throw new TemplateError(
			`"${segment}" would become "${filled}", which leads to another address`,
			'Correct the value where it comes from.',
		);
	return filled;
}

/** Quotes and brackets too: `Users('{name}')` is how OData names a record. */
function encode(value: string): string {
	return encodeURIComponent(value.toWellFormed()).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** Fills a query value or a form field: encoded later as a whole. @throws TemplateError */
export function fillValue(template: string, scope: Scope): string {
	return fill(template, scope, (value) => value);
}

/** Fills a header. @throws TemplateError also for a value with line breaks or other control characters */
export function fillHeader(template: string, scope: Scope): string {
	return fill(template, scope, (value, name) => withoutControl(value, name));
}

function withoutControl(value: string, name: string): string {
	if (CONTROL.test(value))
		throw new TemplateError(`{${name}} has a line break or another control character`, 'Correct the record.');
	return value;
}

/**
 * Fills the texts of a JSON body. A text that is one place and nothing else becomes the value itself: a number stays a number.
 * @throws TemplateError
 */
export function fillJson(template: unknown, scope: Scope): unknown {
	if (typeof template === 'string') {
		const [only] = placesOf(template);
		if (only !== undefined && template === `{${only}}`) return lookUp(only, scope).value;
		return fillValue(template, scope);
	}
	if (Array.isArray(template)) return template.map((entry) => fillJson(entry, scope));
	if (typeof template === 'object' && template !== null)
		return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillJson(value, scope)]));
	return template;
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};
// Line breaks and tabs as references, which attributes keep (XML 1.0 section 3.3.3).
const escapeXml = (value: string) =>
	value
		.toWellFormed()
		.replace(/[&<>"'\t\n\r]/g, (character) => XML_ESCAPES[character] ?? `&#${character.charCodeAt(0)};`);

/**
 * Fills a text body as its content type wants it: JSON, XML and form values are escaped. In a text of any other kind a record's value must
 * be one line.
 * @throws TemplateError
 */
export function fillText(template: string, contentType: string, scope: Scope): string {
	if (/json/i.test(contentType)) return fillJsonText(template, scope);
	return fill(template, scope, (value, name) => {
		if (/xml/i.test(contentType)) return inXml(value, name);
		if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent(value.toWellFormed());
		return withoutControl(value, name);
	});
}

/** In double quotes a value is a part of that text; outside it becomes a value of its own, quoted unless it is a number or a word of JSON. */
function fillJsonText(template: string, scope: Scope): string {
	return template.replace(/("(?:[^"\\]|\\[^])*"?)|[^"]+/g, (piece: string, quoted: string | undefined) =>
		fill(piece, scope, (value) => {
			if (quoted !== undefined) return JSON.stringify(value).slice(1, -1);
			return JSON_SCALAR.test(value) ? value : JSON.stringify(value);
		}),
	);
}

/** RFC 8259 sections 3 and 6. */
const JSON_SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

function inXml(value: string, name: string): string {
	if (NOT_XML.test(value))
		throw new TemplateError(`{${name}} has a character that XML cannot carry`, 'Correct the record.');
	return escapeXml(value);
}
