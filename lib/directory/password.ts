/** Random initial passwords, and the form in which Active Directory takes them. */

/** An unbiased random integer, 0 <= n < `below` (node:crypto randomInt in production). */
export type RandomInt = (below: number) => number;

/** No character that is read wrongly (0 O 1 l I |) or that scripts take for syntax (" ' ` \). */
const CLASSES = [
	'ABCDEFGHJKLMNPQRSTUVWXYZ',
	'abcdefghijkmnopqrstuvwxyz',
	'23456789',
	'!#$%&()*+,-./:;<=>?@[]^_{}~',
] as const;
const ALL = CLASSES.join('');

/** Long enough that no policy of a real domain asks for more, except by its own minimum length. */
export const PASSWORD_LENGTH = 20;

/**
 * A random password with at least one character of each of four classes, in random order.
 * @param minimumLength the domain's or the account's own policy; at most 120 are used
 * @param names account and display name: neither they nor parts of them of three characters or more stand in the password, as AD's
 * complexity rule asks
 */
export function randomPassword(randomInt: RandomInt, minimumLength = 0, names: readonly string[] = []): string {
	const length = Math.min(Math.max(PASSWORD_LENGTH, minimumLength), 120);
	const tokens = names
		.map((name) => name.toLowerCase())
		.flatMap((name) => [name, ...name.split(/[\s,.\-_#]+/)])
		.filter((token) => token.length >= 3);
	for (let attempt = 0; attempt < 100; attempt += 1) {
		const characters = Array.from({ length }, (_, index) => pick(randomInt, CLASSES[index] ?? ALL));
		shuffle(randomInt, characters);
		const password = characters.join('');
		if (!tokens.some((token) => password.toLowerCase().includes(token))) return password;
	}
	throw new Error('A hundred random passwords in a row held a part of the account name. The random source is broken.');
}

function pick(randomInt: RandomInt, characters: string): string {
	return characters[randomInt(characters.length)] ?? '';
}

/** Fisher-Yates, so that the four guaranteed characters stand anywhere. */
function shuffle(randomInt: RandomInt, characters: string[]): void {
	for (let last = characters.length - 1; last > 0; last -= 1) {
		const other = randomInt(last + 1);
		[characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
	}
}

/** The value of unicodePwd: the password in double quotes, UTF-16LE (MS-ADTS 3.1.1.3.1.5.1). */
export function encodePassword(password: string): Buffer {
	return Buffer.from(`"${password}"`, 'utf16le');
}
