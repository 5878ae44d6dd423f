/** Which format a body has, and reading it. */
import { CUT_ADVICE, CUT_REASON, FormatFault } from './formatFault';
import { isLoginPage, isWebPage } from './markup';
import { readCsv } from './replyCsv';
import { readXml } from './replyXml';
import type { ReplyFormat } from './types';

/**
 * A number whose digits may not fit a JavaScript number: 16 digits and dots in a row, or an exponent of three digits. The
 * character before it tells a number from text, or every second page of hexadecimal ids would be looked at value by value.
 */
const LONG_NUMBER = /(?:^|[:,[\s])-?(?:[\d.]{16}|\d[\d.]*e\+?\d{3})/i;

/**
 * @param body without byte order mark, not blank
 * @param contentType of the reply, with or without parameters
 * @returns the data of the body
 * @throws FormatFault for a web page, another format than the one chosen, and what cannot be read
 */
export function readBody(body: string, contentType: string, format: ReplyFormat): unknown {
	const text = body.trim();
	const label = contentType.trim().toLowerCase();
	if (text.startsWith('<') && isWebPage(text, label)) throw webPage(text);
	switch (format === 'auto' ? chooseFormat(text, label) : format) {
		case 'xml':
			if (!text.startsWith('<')) throw otherFormat('XML', text);
			return readXml(text);
		case 'csv':
			if (text.startsWith('<')) throw otherFormat('CSV', text);
			// As it came: blanks at the end may be the empty last columns of a row.
			return readCsv(body);
		case 'json':
			if (text.startsWith('<')) throw otherFormat('JSON', text);
			return readJson(text);
	}
}

/**
 * By the label, unless the first character says otherwise: neither JSON nor CSV of records begins with "<", nor XML with "{".
 * @param label content type in lower case
 */
export function chooseFormat(text: string, label: string): Exclude<ReplyFormat, 'auto'> {
	if (text.startsWith('<')) return 'xml';
	if (/^(text|application)\/(x-)?(csv|comma-separated-values|tab-separated-values)\b/.test(label)) return 'csv';
	if (/[/+]xml\b/.test(label) && !/^[[{]/.test(text)) return 'xml';
	return 'json';
}

/**
 * @returns the parsed JSON; numbers whose digits do not fit a JavaScript number as text
 * @throws FormatFault
 */
export function readJson(text: string): unknown {
	try {
		// Looking at each value costs more than parsing, so it is done only where there may be such a number.
		return (LONG_NUMBER.test(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text)) as unknown;
	} catch {
		if (/^[[{]/.test(text) && !/[\]}]$/.test(text)) throw new FormatFault(CUT_REASON, CUT_ADVICE, true);
		throw new FormatFault(
			'the reply is no JSON',
			"Check the endpoint's URL, its Accept header, and its Response Format.",
		);
	}
}

/** Ids of more than 15 digits lose their last ones as a JavaScript number (IEEE 754). The source text is given since Node 21. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
	const source = context?.source;
	if (typeof value !== 'number' || source === undefined) return value;
	if (/^-?\d{16,}$/.test(source)) return source;
	return losesDigits(source, value) ? source : value;
}

/** Whether the number says something else than its source, apart from zeros at the ends and the way it is written. */
function losesDigits(source: string, value: number): boolean {
	if (!Number.isFinite(value)) return true;
	const [left, right] = [normal(source), normal(String(value))];
	return left.digits !== right.digits || (left.digits !== '' && left.exponent !== right.exponent);
}

/** Digits without zeros at the ends, and the power of ten that they stand for: 0.0120 is 12 and -3. */
function normal(number: string): { digits: string; exponent: number } {
	const [mantissa = '', power = '0'] = number.toLowerCase().replace(/^-/, '').split('e');
	const [whole = '', fraction = ''] = mantissa.split('.');
	const all = (whole + fraction).replace(/^0+/, '');
	const digits = trimZeros(all);
	return { digits, exponent: Number(power) - fraction.length + (all.length - digits.length) };
}

function trimZeros(digits: string): string {
	let end = digits.length;
	while (end > 0 && digits.charAt(end - 1) === '0') end -= 1;
	return digits.slice(0, end);
}

function webPage(text: string): FormatFault {
	return isLoginPage(text)
		? new FormatFault(
				'the server sent a login page, a web page instead of data',
				'The credential was not taken, or the URL is one for people: check both. A proxy in between may answer so too.',
			)
		: new FormatFault(
				'the server sent a web page instead of data',
				'Usually this is a login page: check the URL and the credential. A proxy in between may answer so too.',
			);
}

function otherFormat(wanted: string, text: string): FormatFault {
	const found = text.startsWith('<') ? 'XML' : /^[[{]/.test(text) ? 'JSON' : 'something else';
	return new FormatFault(
		`the reply is ${found} and not ${wanted}`,
		"Choose another Response Format in the endpoint ('Auto' takes what comes), or ask for the right one by an Accept header.",
	);
}
