/**
 * Names in ASCII letters. any-ascii knows every script but no language: German writes ü as ue, Swedish ö as o, Greek ου as ou. The overlay
 * of the person's language comes first (ELOT 743 for Greek, the usual passport spellings for the others).
 */
import anyAscii from 'any-ascii';

export const LANGUAGES = ['da', 'de', 'el', 'fi', 'is', 'nb', 'nn', 'no', 'sv', 'tr'] as const;
export type Language = (typeof LANGUAGES)[number];

type Rules = readonly (readonly [from: RegExp, to: string])[];

const DANISH_NORWEGIAN: Rules = [
	[/æ/g, 'ae'],
	[/ø/g, 'oe'],
	[/å/g, 'aa'],
];
const SWEDISH_FINNISH: Rules = [
	[/[åä]/g, 'a'],
	[/ö/g, 'o'],
];

/** For lower-case text; capital letters are put back afterwards. */
const OVERLAYS: Readonly<Record<Language, Rules>> = {
	de: [
		[/ä/g, 'ae'],
		[/ö/g, 'oe'],
		[/ü/g, 'ue'],
		[/ß/g, 'ss'],
		// Its own rule: without the flag u, a regular expression does not know that ẞ is a capital ß.
		[/ẞ/g, 'ss'],
	],
	da: DANISH_NORWEGIAN,
	nb: DANISH_NORWEGIAN,
	nn: DANISH_NORWEGIAN,
	no: DANISH_NORWEGIAN,
	sv: SWEDISH_FINNISH,
	fi: SWEDISH_FINNISH,
	tr: [
		[/ı/g, 'i'],
		[/ö/g, 'o'],
		[/ü/g, 'u'],
	],
	is: [
		[/þ/g, 'th'],
		[/ð/g, 'd'],
		[/æ/g, 'ae'],
		[/ö/g, 'o'],
	],
	el: [
		[/ο[υύ]/g, 'ou'],
		[/ε[υύ](?=[αεηιουωάέήίόύώβγδζλμνρ])/g, 'ev'],
		[/ε[υύ]/g, 'ef'],
		[/α[υύ](?=[αεηιουωάέήίόύώβγδζλμνρ])/g, 'av'],
		[/α[υύ]/g, 'af'],
		[/(?<![\p{L}])μπ/gu, 'b'],
		[/μπ/g, 'mp'],
		[/(?<![\p{L}])ντ/gu, 'nt'],
		[/γγ/g, 'ng'],
		[/χ/g, 'ch'],
		[/η|ή/g, 'i'],
		[/υ|ύ/g, 'y'],
	],
};

/**
 * @param text any script; NFC
 * @param language a tag such as "de" or "de-AT"; anything else is left to the library alone
 * @returns printable ASCII; '' when there is nothing to spell (only emoji, for example)
 */
export function toAscii(text: string, language = ''): string {
	const tag = language.toLowerCase().split(/[-_]/)[0] ?? '';
	const rules = Object.hasOwn(OVERLAYS, tag) ? OVERLAYS[tag as Language] : [];
	// The library spells emoji as ":name:", which is no part of anybody's name.
	const letters = text.normalize('NFC').replace(/\p{Extended_Pictographic}/gu, '');
	return anyAscii(overlay(letters, rules)).replace(/[^\x20-\x7e]/g, '');
}

/** Each rule on lower-case and on capital letters: Ö becomes Oe before a small letter, OE among capitals. */
function overlay(text: string, rules: Rules): string {
	return rules.reduce((current, [from, to]) => {
		const anyCase = new RegExp(from.source, `${from.flags.replace('i', '')}i`);
		return current.replace(anyCase, (found: string, ...rest: unknown[]) => {
			if (found === found.toLocaleLowerCase('und')) return to;
			const offset = rest.find((part): part is number => typeof part === 'number') ?? 0;
			const next = current[offset + found.length] ?? current[offset - 1] ?? '';
			const capitals = next !== next.toLowerCase();
			return capitals ? to.toUpperCase() : `${to.charAt(0).toUpperCase()}${to.slice(1)}`;
		});
	}, text);
}
