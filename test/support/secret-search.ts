/** Looks for a secret in everything a run leaves behind, in every form in which it could have been written. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A form of the secret, as bytes to look for. */
export type SecretForm = { readonly name: string; readonly bytes: Buffer };

/**
 * The text itself, UTF-16LE (as it goes into unicodePwd), hex of both, and base64 of both: of base64 the part that is the same whatever
 * stands before and after, for each of the three alignments.
 */
export function secretForms(secret: string): SecretForm[] {
	return [
		{ name: 'text', bytes: Buffer.from(secret, 'utf8') },
		{ name: 'UTF-16LE', bytes: Buffer.from(secret, 'utf16le') },
		{ name: 'JSON text', bytes: Buffer.from(JSON.stringify(secret).slice(1, -1), 'utf8') },
		...[Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')].flatMap((bytes, index) => {
			const of = index === 0 ? 'text' : 'UTF-16LE';
			return [
				{ name: `hex of ${of}`, bytes: Buffer.from(bytes.toString('hex'), 'ascii') },
				{ name: `upper-case hex of ${of}`, bytes: Buffer.from(bytes.toString('hex').toUpperCase(), 'ascii') },
				...[0, 1, 2].map((shift) => ({
					name: `base64 of ${of}, shift ${shift}`,
					bytes: Buffer.from(base64Core(bytes, shift), 'ascii'),
				})),
			];
		}),
	];
}

/** Base64 of `bytes` standing `shift` bytes after a multiple of three, without the characters that its neighbours share. */
function base64Core(bytes: Buffer, shift: number): string {
	const text = Buffer.concat([Buffer.alloc(shift), bytes])
		.toString('base64')
		.replace(/=+$/, '');
	const first = shift === 0 ? 0 : shift + 1;
	const last = (shift + bytes.length) % 3 === 0 ? text.length : text.length - 1;
	return text.slice(first, last);
}

/** Names of the places and forms in which the secret stands; empty = nowhere. */
export function findSecret(secret: string, places: Readonly<Record<string, Buffer>>): string[] {
	return Object.entries(places).flatMap(([place, content]) =>
		secretForms(secret)
			.filter(({ bytes }) => content.includes(bytes))
			.map(({ name }) => `${place}: ${name}`),
	);
}

/** Every file below a folder, by its path; node_modules left out (what npm installed, not what a run wrote). */
export function filesBelow(folder: string): Record<string, Buffer> {
	const places: Record<string, Buffer> = {};
	for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
		if (!entry.isFile()) continue;
		const file = path.join(entry.parentPath, entry.name);
		if (!file.includes(`${path.sep}node_modules${path.sep}`)) places[path.relative(folder, file)] = readFileSync(file);
	}
	return places;
}
