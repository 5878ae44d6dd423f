/** Keeps secrets out of what people read, though a server repeats what it was sent. */

/** Shorter ones stand in too many words by chance. */
const SHORTEST = 4;

/** Of a piece of base64, for the same reason. */
const SHORTEST_INSIDE = 6;

/**
 * @param text what a server or a library said
 * @param secrets keys, passwords and tokens; those of less than 4 characters are left out
 * @returns `text` with `***` where a secret stands: as it is, as in JSON, in XML, in a URL or a form, or in base64, also as a
 * part of what was encoded (a password inside Basic authentication)
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
	const forms = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf);
	// The longest first, because one secret may be part of another one.
	const ordered = [...new Set(forms)].sort((left, right) => right.length - left.length);
	return ordered.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}

function formsOf(secret: string): string[] {
	const json = JSON.stringify(secret).slice(1, -1);
	const percent = encodeURIComponent(secret.toWellFormed());
	const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
	const lower = (encoded: string) => encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
	const plain = [secret, json, json.replaceAll('/', '\\/'), percent, lower(percent), inForm, lower(inForm)];
	return [...plain, ...xmlForms(secret), ...base64Forms(secret)];
}

function xmlForms(secret: string): string[] {
	const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	const quotes = text.replaceAll('"', '&quot;');
	return [text, quotes, quotes.replaceAll("'", '&#39;'), quotes.replaceAll("'", '&apos;')];
}

/**
 * Base64 packs three bytes into four characters, so a secret inside a longer text looks different at each of three offsets. The
 * first and the last character may carry bits of the neighbours: they are no part of the piece looked for.
 */
function base64Forms(secret: string): string[] {
	const bytes = Buffer.from(secret, 'utf8');
	const pieces = [0, 1, 2].map((offset) => {
		const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
		return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
	});
	const whole = bytes.toString('base64');
	return [whole, ...pieces.filter((piece) => piece.length >= SHORTEST_INSIDE)].flatMap((form) => [
		form,
		form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
	]);
}
