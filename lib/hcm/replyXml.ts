/** XML replies as plain objects: of SOAP services and of HR systems that answer in XML where nothing else is asked for. */
import { XMLParser, XMLValidator, type EntityDecoderOptions } from 'fast-xml-parser';
import { CUT_ADVICE, CUT_REASON, FormatFault } from './formatFault';
import { skipProlog } from './markup';

const MAX_DEPTH = 100;

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What the validator says of a document that lacks its end. */
const UNFINISHED = /^Unclosed tag|^Invalid '|have open quote|doesn't have proper closing|Start tag expected/;

/**
 * Elements become fields, repeated ones lists, attributes fields under `@name`, and the text of an element that has
 * attributes or children is `#text`. Prefixes of namespaces are left away; values stay text, because "007" is no number.
 * @throws FormatFault for a document type (entities could read files and fill the memory: OWASP, XML External Entity), an
 * unknown entity, nesting of more than 100, and what is no XML
 */
export function readXml(text: string): unknown {
	refuseDocumentType(text);
	const valid = XMLValidator.validate(text);
	if (valid !== true) throw invalid(text, valid.err.msg, valid.err.line);
	const parsed = parse(text);
	// The validator misses a second root behind one without content.
	const [root, ...more] = Object.values<unknown>({ ...parsed });
	if (root === undefined || more.length > 0 || Array.isArray(root)) throw invalid(text, '', 1);
	return parsed;
}

function parse(text: string): object {
	try {
		return parser().parse(text) as object;
	} catch (error) {
		if (error instanceof FormatFault) throw error;
		const words = error instanceof Error ? error.message : '';
		if (/not closed|Unclosed/.test(words)) throw new FormatFault(CUT_REASON, CUT_ADVICE, true);
		throw new FormatFault(
			unreadable(words),
			'Tell the operator of the server, or ask for JSON or CSV if it knows them.',
		);
	}
}

function unreadable(words: string): string {
	if (/nested/i.test(words)) return `the XML is nested more than ${MAX_DEPTH} deep`;
	return words.includes('[SECURITY]')
		? 'the XML has an element or attribute called __proto__, constructor or prototype, which is not read'
		: 'the reply is XML that cannot be read';
}

function parser(): XMLParser {
	return new XMLParser({
		ignoreAttributes: false,
		attributeNamePrefix: '@',
		textNodeName: '#text',
		removeNSPrefix: true,
		ignoreDeclaration: true,
		ignorePiTags: true,
		parseTagValue: false,
		parseAttributeValue: false,
		maxNestedTags: MAX_DEPTH,
		processEntities: { enabled: true },
		entityDecoder: ENTITIES,
	});
}

/** Character references and the five names of XML; there are no others without a document type (XML 1.0 section 4.6). */
const ENTITIES: EntityDecoderOptions = {
	decode: (text) => (text.includes('&') ? text.replace(/&([^;&\s]{0,40});?/g, decodeOne) : text),
	addInputEntities: () => {
		throw documentType();
	},
	setExternalEntities: () => undefined,
	reset: () => undefined,
	setXmlVersion: () => undefined,
};

function decodeOne(whole: string, name: string): string {
	const character = name.startsWith('#')
		? numeric(name)
		: Object.hasOwn(PREDEFINED, name)
			? PREDEFINED[name]
			: undefined;
	if (character !== undefined && whole.endsWith(';')) return character;
	throw new FormatFault(
		`the XML names the entity ${whole.slice(0, 40)}, which XML does not know`,
		'Tell the operator of the server: a name with it would be written wrongly.',
	);
}

/** XML 1.0 section 2.2: not every number is a character. */
function numeric(name: string): string | undefined {
	const hex = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
	const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
	const code = hex !== undefined ? parseInt(hex, 16) : decimal !== undefined ? parseInt(decimal, 10) : -1;
	const allowed =
		[0x9, 0xa, 0xd].includes(code) ||
		(code >= 0x20 && code <= 0xd7ff) ||
		(code >= 0xe000 && code <= 0xfffd) ||
		(code >= 0x10000 && code <= 0x10ffff);
	return allowed ? String.fromCodePoint(code) : undefined;
}

function refuseDocumentType(text: string): void {
	if (/^<!doctype/i.test(text.slice(skipProlog(text), skipProlog(text) + 9))) throw documentType();
}

function documentType(): FormatFault {
	return new FormatFault(
		'the XML has a document type (<!DOCTYPE>), which is not read',
		'Its entities could name files and fill the memory. Ask for JSON, or for XML without a document type.',
	);
}

function invalid(text: string, words: string, line: number): FormatFault {
	// An element that is open at the very end: the rest did not come.
	const cut = UNFINISHED.test(words) || !text.trimEnd().endsWith('>');
	if (cut) return new FormatFault(CUT_REASON, CUT_ADVICE, true);
	return new FormatFault(
		`the reply is no well-formed XML (line ${line})`,
		"Check the endpoint's URL and its Response Format; otherwise tell the operator of the server.",
	);
}
