/** Keeps secrets out of what people read, though a server repeats what it was sent. */

/** Shorter ones stand in too many words by chance. */
const SHORTEST = 4;

/** @returns `text` with `***` where a secret stands: as it is, as in JSON, in a URL, or in base64 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
	const forms = secrets
		.filter((secret) => secret.length >= SHORTEST)
		.flatMap((secret) => [
			secret,
			JSON.stringify(secret).slice(1, -1),
			encodeURIComponent(secret.toWellFormed()),
			Buffer.from(secret, 'utf8').toString('base64'),
		]);
	// The longest first, because one secret may be part of another one.
	const ordered = [...new Set(forms)].sort((left, right) => right.length - left.length);
	return ordered.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
