/** From the bytes of a reply to its text: decompressed within a limit, and read in its character set. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { TransportError } from './networkErrors';

type Options = { readonly maxOutputLength: number };
type Decoder = (bytes: Buffer, options: Options) => Promise<Buffer>;

const decodeGzip: Decoder = promisify<Buffer, Options, Buffer>(gunzip);
const decodeBrotli: Decoder = promisify<Buffer, Options, Buffer>(brotliDecompress);
const decodeZlib: Decoder = promisify<Buffer, Options, Buffer>(inflate);
const decodeRaw: Decoder = promisify<Buffer, Options, Buffer>(inflateRaw);

/** "deflate" is the zlib format; some servers send it without its header (RFC 9110 section 8.4.1.2). */
const decodeDeflate: Decoder = (bytes, options) =>
	((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
		? decodeZlib(bytes, options)
		: decodeRaw(bytes, options);

const DECODERS: Readonly<Record<string, Decoder>> = {
	gzip: decodeGzip,
	'x-gzip': decodeGzip,
	br: decodeBrotli,
	deflate: decodeDeflate,
};

/** What is asked for, in the header `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** More than two in a row are sent by nobody but an attacker. */
const MAX_ENCODINGS = 2;

/**
 * @param encoding header `Content-Encoding`; '' = none
 * @param maxBytes of each step's result
 * @throws TransportError where the result is larger, ends in the middle, or is encoded in an unknown way
 */
export async function decompress(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
	const names = encoding
		.toLowerCase()
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '' && name !== 'identity');
	if (bytes.length < 2 || names.length === 0) return bytes;
	const steps = names.map((name) => (Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined));
	let result = bytes;
	// What was applied last is undone first.
	for (const step of steps.reverse()) {
		if (step === undefined || steps.length > MAX_ENCODINGS) throw unknownEncoding(names);
		try {
			result = await step(result, { maxOutputLength: maxBytes });
		} catch (error) {
			throw decodingFailed(error, maxBytes);
		}
	}
	return result;
}

function unknownEncoding(names: readonly string[]): TransportError {
	const shown = names.join(', ').replace(/[^a-z0-9, *_-]/g, '?');
	return new TransportError(
		`the reply is compressed in a way that is not known (${shown.slice(0, 50)})`,
		`Only ${ACCEPTED_ENCODINGS} are asked for: remove the header Accept-Encoding from the endpoint.`,
	);
}

function decodingFailed(error: unknown, maxBytes: number): TransportError {
	const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
	if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
	const cut = code === 'Z_BUF_ERROR' || code === 'ERR_BROTLI_DECODER_ERROR_UNREACHABLE';
	return cut
		? new TransportError(
				'the compressed reply ends in the middle',
				'The connection broke off; run again. If it stays so, lower the page size.',
				{ passing: true },
			)
		: new TransportError('the compressed reply is damaged', 'Run again; otherwise tell the operator of the server.', {
				passing: true,
			});
}

export function tooLarge(maxBytes: number): TransportError {
	const size = maxBytes >= 1_000_000 ? `${Math.round(maxBytes / 100_000) / 10} MB` : `${maxBytes} bytes`;
	return new TransportError(
		`the reply is larger than ${size}`,
		"Lower the page size of the endpoint, or raise 'Maximum Reply Size' in the options.",
	);
}

/**
 * By the byte order mark, the `charset` of the content type, or the declaration of XML; otherwise UTF-8.
 * @param strict whether bytes that are no text of the character set are an error; a name must not reach a directory with
 * replaced characters. Messages of refused calls are read without.
 * @throws TransportError when strict
 */
export function toText(bytes: Buffer, contentType: string, strict: boolean): string {
	const label = markOf(bytes) ?? charsetOf(contentType) ?? declaredInXml(bytes, contentType) ?? 'utf-8';
	if (/^(utf-?8|us-ascii)$/.test(label) || !isKnown(label)) {
		if (strict && !isUtf8(bytes)) throw notText(label);
		return bytes.toString('utf8');
	}
	try {
		return new TextDecoder(label, { fatal: strict }).decode(bytes);
	} catch {
		throw notText(label);
	}
}

function markOf(bytes: Buffer): string | undefined {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

function charsetOf(contentType: string): string | undefined {
	return /;\s*charset\s*=\s*"?([\w.:+-]{1,40})/i.exec(contentType)?.[1]?.toLowerCase();
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>`, all ASCII in every set that may stand there (XML 1.0 appendix F). */
function declaredInXml(bytes: Buffer, contentType: string): string | undefined {
	if (/json|csv/i.test(contentType)) return undefined;
	const begin = bytes.subarray(0, 200).toString('latin1');
	return /^\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(begin)?.[1]?.toLowerCase();
}

function isKnown(label: string): boolean {
	try {
		new TextDecoder(label);
		return true;
	} catch {
		return false;
	}
}

function notText(label: string): TransportError {
	return new TransportError(
		`the reply is no text in the character set ${label}`,
		'The server must name the character set it uses in its Content-Type: tell its operator. Names would be damaged otherwise.',
	);
}
