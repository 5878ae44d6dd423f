/** What both kinds of HTML share. */

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
	'`': '&#96;',
	$: '&#36;',
};

/**
 * Text for an element or a quoted attribute. The dollar sign too: n8n's Form node puts an expression's value into its HTML by String.replace, where
 * "$&" stands for the expression itself.
 */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"'`$]/g, (character) => ENTITIES[character] ?? '');
}

/** Characters in a row that no browser breaks; a column of the form is about three times as wide. */
const RUN = 12;
const BREAK = '\u200b';

/**
 * Text that breaks anywhere where it must, for pages whose style is not ours: after punctuation, else within a long word. A break stands behind
 * each backslash, for n8n's forms take `\n` in a description for a new line (handleNewlines in its Form node).
 */
export function breakable(text: string): string {
	if (!/\S{12}|[\\\ufdf0-\ufdff]/.test(text)) return text;
	let run = 0;
	let broken = '';
	for (const character of text) {
		broken += character;
		run = /\s/.test(character) ? 0 : run + 1;
		if (character === '\\' || run >= RUN || (run > 3 && /[,;:=@._/&+\-\]]/.test(character)) || WIDE.test(character)) {
			broken += BREAK;
			run = 0;
		}
	}
	return broken;
}

/** Whole sentences drawn as one character. */
const WIDE = /[\ufdf0-\ufdff]/;
