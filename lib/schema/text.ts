/** Text from an HR system, made fit for a directory. The directory itself stores anything, what cannot be seen included. */

/** Line breaks and tabs separate words; the rest of Cc and Cf (zero-width, bidirectional, soft hyphen, BOM) only hides. */
const SEPARATORS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
/** Most text of most people: words of printable ASCII with one blank between them, which cleaning does not change. */
const CLEAN = /^[!-~]+(?: [!-~]+)*$/;

/** A high surrogate without a low one, or the other way round: it has no UTF-8 and would turn into U+FFFD on the way. */
export function hasLoneSurrogate(text: string): boolean {
	return !text.isWellFormed();
}

/** Whether every character is printable ASCII, single blanks between words. */
export function isCleanAscii(text: string): boolean {
	return CLEAN.test(text);
}

/** NFC, without control, zero-width and bidirectional characters, without outer and repeated blanks. Idempotent. */
export function cleanText(text: string): string {
	if (CLEAN.test(text)) return text;
	return text.replace(SEPARATORS, ' ').replace(INVISIBLE, '').normalize('NFC').replace(/\s+/g, ' ').trim();
}
