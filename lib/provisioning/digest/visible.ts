/**
 * Text of people and directories, so that it looks like what it is. A name can hold characters that nobody sees and that turn around, hide or
 * cover what stands beside it (Unicode TR 36, section 2.10; CVE-2021-42574); an approver would approve something else than what is written.
 */

/** Nothing to be done: by far the most values. */
const PLAIN = /^(?! )(?!.* $)(?!.* {2})[\x20-\x7e]*$/;

/**
 * Controls, everything that has no shape of its own (direction marks, zero-width characters, tags, variation selectors), halves of surrogate
 * pairs, noncharacters, line and paragraph separators, and blanks that look like an ordinary one. The ideographic blank (U+3000) is seen.
 */
const UNSEEN =
	/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb\u2800]|(?![ \u3000])\p{Zs}/gu;
/** Marks above marks would cover the lines around. Four in a row is more than any language has. */
const PILED = /(?<=\p{M}{4})\p{M}/gu;
/** Blanks that HTML would swallow. */
const SWALLOWED = / {2,}|^ | $/g;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const escape = (character: string): string =>
	`[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/** The text with everything shown that is not seen: `[U+202E]` for a character, `↵` for a new line, `␣` for a blank that would get lost. */
export function visible(text: string): string {
	if (PLAIN.test(text)) return text;
	return text
		.replace(/\r\n|[\r\n]/g, '↵')
		.replace(SWALLOWED, (blanks) => '␣'.repeat(blanks.length))
		.replace(UNSEEN, escape)
		.replace(PILED, escape);
}

/**
 * What is shown of a text in a message: visible, at most `limit` characters of it, kept apart from what stands beside it, and no template.
 *
 * Right-to-left text pulls what follows it to its other side, so that "before -> after" would read "after <- before": isolates (Unicode TR 9,
 * 2.4.2) keep it in its place. n8n's form nodes evaluate {{ }} in the HTML that an expression gave them (getResolvables in its Form node), so
 * two braces never stand together.
 */
export function excerpt(text: string, limit: number): string {
	const shown = visible(cut(text, limit)).replace(/\{(?=\{)/g, '{\u200b');
	return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}

function cut(text: string, limit: number): string {
	if (text.length <= limit) return text;
	// No half of a surrogate pair stays behind.
	const last = text.charCodeAt(limit - 1);
	const end = last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit;
	return `${text.slice(0, end)}… (${grouped(text.length)} characters)`;
}

/** 12345 -> 12,345. */
export function grouped(count: number): string {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** "1 joiner", "1,204 joiners". */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** "2026-03-31 22:00 UTC"; the text itself when it is no instant. */
export function instantWords(instant: string | number): string {
	const date = new Date(instant);
	if (Number.isNaN(date.getTime())) return String(instant);
	return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
