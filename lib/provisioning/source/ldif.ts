/**
 * LDIF (RFC 2849) as ldbsearch, ldapsearch and ldifde write it: the content of a directory, not changes to one. What comes in is somebody's file,
 * so every error names its line.
 */
import { binaryAttributes } from '../../directory/binary';
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { guidToBytes } from '../../directory/guid';
import { sidToBytes } from '../../directory/sid';
import { InvalidDnError, parseDn } from '../../schema/dn';

const BINARY: ReadonlySet<string> = new Set(binaryAttributes().map((name) => name.toLowerCase()));
const GUID_TEXT = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;
const SID_TEXT = /^S-1-\d+(?:-\d+){0,15}$/;
/** RFC 4512 section 2.5: name or object identifier, then options. */
const ATTRIBUTE = /^((?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+))((?:;[A-Za-z0-9=*-]+)*)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** A line as it is meant: continued ones joined (RFC 2849 note 2). */
type Line = { readonly text: string; readonly number: number };

/**
 * @returns the objects in their order; attribute names in lower case, empty values left out
 * @throws DirectoryError (configuration) that names the line
 */
export function parseLdif(text: string): Entry[] {
	const entries: Entry[] = [];
	let record: Line[] = [];
	const end = () => {
		const entry = record.length > 0 ? toEntry(record) : undefined;
		if (entry) entries.push(entry);
		record = [];
	};
	for (const line of logicalLines(text)) {
		if (line.text === '') end();
		else if (entries.length > 0 || record.length > 0 || !/^version:/i.test(line.text)) record.push(line);
		else checkVersion(line);
	}
	end();
	return entries;
}

/** Comments go, and what continues them. */
function* logicalLines(text: string): Generator<Line, void> {
	let current: Line | undefined;
	const isComment = (line: Line) => line.text.startsWith('#');
	const lines = text.replace(/^\ufeff/, '').split('\n');
	for (const [index, raw] of lines.entries()) {
		const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
		if (line.startsWith(' ') && current && current.text !== '') {
			current = { text: current.text + line.slice(1), number: current.number };
			continue;
		}
		if (current && !isComment(current)) yield current;
		current = { text: line.trim() === '' ? '' : line, number: index + 1 };
	}
	if (current && !isComment(current)) yield current;
}

function checkVersion({ text, number }: Line): void {
	if (!/^version:\s*1\s*$/i.test(text)) throw wrong(number, 'only version 1 of LDIF is known', 'Export it again.');
}

/** Undefined for what search programs print beside the objects: references to other servers, and their own result. */
function toEntry(record: readonly Line[]): Entry | undefined {
	const [first = { text: '', number: 0 }, ...lines] = record;
	const head = splitLine(first);
	if (['ref', 'search', 'result'].includes(head.name)) return undefined;
	if (head.name !== 'dn') throw wrong(first.number, 'an object begins with "dn:"', 'Look at what stands before it.');
	const attributes = new Map<string, (string | Buffer)[]>();
	for (const line of lines) {
		const { name, value } = splitLine(line);
		const known = attributes.get(name);
		if (name === 'changetype') refuseChanges(line, value);
		else if (value.length > 0 && known) known.push(value);
		else if (value.length > 0) attributes.set(name, [value]);
	}
	const dn = checkedDn(head.value.toString('utf8'), first.number);
	// The rootDSE.
	return dn === '' ? undefined : { dn, attributes: Object.fromEntries(attributes) };
}

function checkedDn(dn: string, number: number): string {
	try {
		parseDn(dn);
		return dn;
	} catch (error) {
		if (!(error instanceof InvalidDnError)) throw error;
		throw wrong(number, error.message, 'Mend the name of the object.');
	}
}

/** ldifde writes what it exports as additions. */
function refuseChanges({ number }: Line, kind: string | Buffer): void {
	if (kind.toString('utf8').toLowerCase() === 'add') return;
	throw wrong(
		number,
		'it describes changes (changetype), not objects as they are',
		'Give an export of the directory, such as ldifde -f or ldbsearch write it.',
	);
}

/** `name: text`, `name:: base64`; `name:< URL` would have this machine read whatever the file names. */
function splitLine({ text, number }: Line): { readonly name: string; readonly value: string | Buffer } {
	const colon = text.indexOf(':');
	const [, name = '', options = ''] = ATTRIBUTE.exec(colon < 0 ? '' : text.slice(0, colon)) ?? [];
	if (name === '') throw wrong(number, 'it is no "attribute: value"', 'Look for a line break in a value.');
	refusePart(options, number);
	const attribute = name.toLowerCase();
	const kind = text[colon + 1] ?? '';
	if (kind === '<')
		throw wrong(number, 'values from files and URLs are not read', 'Put the value itself there, in base64.');
	if (kind !== ':') return { name: attribute, value: fromText(attribute, text.slice(colon + 1).replace(/^ +/, '')) };
	const base64 = text.slice(colon + 2).trim();
	if (!BASE64.test(base64)) throw wrong(number, 'the value is no base64', 'Export it again.');
	return { name: attribute, value: fromBytes(attribute, Buffer.from(base64, 'base64')) };
}

/** A part of a group's members is no group's members. */
function refusePart(options: string, number: number): void {
	if (/;range=\d+-\d+/i.test(options))
		throw wrong(number, 'only some of the values are there (range)', 'Export the attribute with all of its values.');
}

/** @param value as a program shows it: GUIDs and SIDs in their text forms */
export function fromText(attribute: string, value: string): string | Buffer {
	if (!BINARY.has(attribute)) return value;
	if (GUID_TEXT.test(value)) return guidToBytes(value);
	return SID_TEXT.test(value) ? sidToBytes(value) : Buffer.from(value, 'utf8');
}

/** Text where it is text, as from a live directory. */
export function fromBytes(attribute: string, bytes: Buffer): string | Buffer {
	if (BINARY.has(attribute)) return bytes;
	const text = bytes.toString('utf8');
	return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes;
}

function wrong(number: number, reason: string, whatToDo: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The LDIF cannot be read at line ${number}: ${reason}.`,
		whatToDo,
	});
}
