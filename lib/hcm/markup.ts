/** What a text that begins with "<" is: a web page, or XML. */

/**
 * Where the root element or the document type begins: behind declaration, processing instructions, comments and blanks.
 * A walk and no regular expression, because a page of many comments would keep one busy for hours.
 */
export function skipProlog(text: string): number {
	let at = 0;
	for (;;) {
		while (at < text.length && /\s|\uFEFF/.test(text.charAt(at))) at += 1;
		const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
		if (end === undefined) return at;
		const close = text.indexOf(end, at);
		if (close === -1) return text.length;
		at = close + end.length;
	}
}

/**
 * @param contentType in lower case
 * @returns whether the text is a page for people: it says so, or is labelled so and is no XML document
 */
export function isWebPage(text: string, contentType: string): boolean {
	const begin = skipProlog(text);
	const head = text.slice(begin, begin + 20).toLowerCase();
	if (/^<(!doctype\s+html|html|head|body)\b/.test(head)) return true;
	return head.startsWith('<') && /^(text\/html|application\/xhtml)/.test(contentType) && !text.startsWith('<?xml');
}

/** Whether a page asks for a password, or says that it is there to sign in. */
export function isLoginPage(text: string): boolean {
	const head = text.slice(0, 200_000);
	return (
		/type\s{0,5}=\s{0,5}["']?password/i.test(head) ||
		/<title[^>]{0,100}>[^<]{0,200}(log|sign)[ -]?(in|on)\b/i.test(head)
	);
}
