/**
 * Names in ASCII letters. any-ascii knows every script but no language: German writes ü as ue, Turkish as u; Russian щ is shch, Bulgarian
 * sht. So the overlay of the person's language comes first and the library does the rest. Its own limits stay: Japanese kanji come out
 * in Chinese (田中 as TianZhong), Arabic and Hebrew without the vowels that are not written.
 */
import anyAscii from 'any-ascii';

/** Pairs of a small letter and its ASCII spelling; an empty one drops the letter. */
type Letters = Readonly<Record<string, string>>;
/** A regular expression for small letters, and the spelling of what it finds. Goes before the letters. */
type Rule = readonly [pattern: string, to: string];
type Overlay = { readonly letters: Letters; readonly rules?: readonly Rule[] };

/** "ä=ae ö=oe" */
const pairs = (text: string): Letters =>
	Object.fromEntries(text.split(' ').map((pair) => [pair.charAt(0), pair.slice(2)]));

/** As German passports and e-mail addresses have it (ICAO Doc 9303 part 3 section 6; DIN 5007-2); ẞ is the capital ß. */
const GERMAN: Overlay = { letters: pairs('ä=ae ö=oe ü=ue ß=ss ẞ=ss') };
/** As passports of both countries have it (ICAO Doc 9303 part 3 section 6); å is the letter that was written aa until 1948 and 1917. */
const DANISH_NORWEGIAN: Overlay = { letters: pairs('æ=ae ø=oe å=aa') };
/** As Swedes and Finns write addresses and account names: without the marks. Only the machine lines of their passports have AE and OE. */
const SWEDISH_FINNISH: Overlay = { letters: pairs('å=a ä=a ö=o') };
const ICELANDIC: Overlay = { letters: pairs('þ=th ð=d æ=ae ö=o') };
/** Without the marks; Azerbaijani has the same letters, and ə, which the library spells e. İ has no small form of one character, so it stands here itself. */
const TURKISH: Overlay = { letters: pairs('ç=c ğ=g ı=i İ=i ö=o ş=s ü=u â=a î=i û=u') };
/** By way of the Serbian Latin letters, one for each Cyrillic one, without their marks; Đ and Ђ as Serbs write them abroad (Djokovic). */
const SERBIAN: Overlay = {
	letters: pairs('đ=dj ђ=dj ж=z ј=j љ=lj њ=nj ћ=c х=h ц=c ч=c џ=dz ш=s'),
};

const CYRILLIC = 'а=a б=b в=v д=d е=e ж=zh з=z к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f ц=ts ч=ch ш=sh';
/** A letter that begins a word; an apostrophe after a letter begins none. The letter comes first in each rule: so the search for it is quick. */
const initial = (letter: string): string => `${letter}(?<![\\p{L}\\p{M}]['’ʼ]?${letter})`;
const WORD_END = '(?![\\p{L}\\p{M}])';

/** ICAO Doc 9303 part 3 section 6, which Russia's passport orders prescribe since 2013 (FMS 320 of 2012, MFA 2113 of 2020). */
const RUSSIAN: Overlay = { letters: pairs(`${CYRILLIC} г=g ё=e и=i й=i х=kh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia`) };

/** Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010: some letters differ at the start of a word. */
const UKRAINIAN: Overlay = {
	letters: pairs(`${CYRILLIC} г=h ґ=g є=ie и=y і=i ї=i й=i х=kh щ=shch ь= ю=iu я=ia`),
	rules: [
		['г(?<=зг)', 'gh'],
		[initial('є'), 'ye'],
		[initial('ї'), 'yi'],
		[initial('й'), 'y'],
		[initial('ю'), 'yu'],
		[initial('я'), 'ya'],
		["['’ʼ](?<=\\p{Script=Cyrillic}.)(?=\\p{Script=Cyrillic})", ''],
	],
};

/** Bulgarian Transliteration Act of 2009; -ия at the end of a word is -ia. */
const BULGARIAN: Overlay = {
	letters: pairs(`${CYRILLIC} г=g и=i ѝ=i й=y х=h щ=sht ъ=a ь=y ю=yu я=ya`),
	rules: [[`я(?<=ия)${WORD_END}`, 'a']],
};

/** ELOT 743 (ISO 843 type 2), as Greek passports have it; for decomposed text, in which a first vowel with an accent is no diphthong. */
const GREEK: Overlay = {
	letters: pairs(
		'α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o',
	),
	rules: [
		['υ(?<=ου)(?!\\p{M}*\\u0308)', 'u'],
		['υ(?<=[αεη]υ)(?!\\p{M}*\\u0308)(?=\\p{M}*[αεηιουωβγδζλμνρ])', 'v'],
		['υ(?<=[αεη]υ)(?!\\p{M}*\\u0308)', 'f'],
		['γ(?=[γξχ])', 'n'],
		['μπ(?<![\\p{L}\\p{M}]μπ)', 'b'],
		[`μπ${WORD_END}`, 'b'],
	],
};

const OVERLAYS = {
	az: TURKISH,
	bg: BULGARIAN,
	da: DANISH_NORWEGIAN,
	de: GERMAN,
	fi: SWEDISH_FINNISH,
	is: ICELANDIC,
	nb: DANISH_NORWEGIAN,
	nn: DANISH_NORWEGIAN,
	no: DANISH_NORWEGIAN,
	ru: RUSSIAN,
	sr: SERBIAN,
	sv: SWEDISH_FINNISH,
	tr: TURKISH,
	uk: UKRAINIAN,
} as const;
export type Language = keyof typeof OVERLAYS;
/** The languages with an overlay. Greek is not among them: its letters are spelt alike for everybody. */
export const LANGUAGES = Object.keys(OVERLAYS) as readonly Language[];

type Speller = (text: string) => string;

/**
 * Two passes. The rules look at the letters around, so all of them are one regular expression and none sees another one's output; the
 * letters that are left are looked up one by one, which is the fast part.
 */
function compile({ letters, rules = [] }: Overlay): Speller {
	const known = new Map<string, string>();
	for (const [letter, to] of Object.entries(letters))
		for (const form of new Set([letter, letter.toUpperCase()])) known.set(form, to);
	const anyLetter = new RegExp(`[${[...known.keys()].filter((form) => form.length === 1).join('')}]`, 'g');
	const spellLetters: Speller = (text) =>
		text.replace(anyLetter, (found, at: number) => inCaseOf(found, known.get(found) ?? found, text, at));
	if (rules.length === 0) return spellLetters;
	const anyRule = new RegExp(rules.map(([pattern]) => `(${pattern})`).join('|'), 'giu');
	return (text) =>
		spellLetters(
			text.replace(anyRule, (found: string, ...rest: unknown[]) => {
				const rule = rules[rest.findIndex((group) => group !== undefined)];
				return inCaseOf(found, rule?.[1] ?? found, text, Number(rest[rules.length]));
			}),
		);
}

const NEXT_LETTER = /^\p{M}*(\p{L})/u;
const LETTER_BEFORE = /(\p{L})\p{M}*$/u;
/** How far to look for a neighbour: a letter and more marks than any language puts on one. */
const NEAR = 8;

/** Ö becomes Oe before a small letter and OE among capitals; at the end of a word the letter before it decides. */
function inCaseOf(found: string, to: string, text: string, at: number): string {
	if (to === '' || found === found.toLowerCase()) return to;
	const capital = to.charAt(0).toUpperCase();
	if (to.length === 1) return capital;
	const end = at + found.length;
	const neighbour =
		NEXT_LETTER.exec(text.slice(end, end + NEAR))?.[1] ??
		LETTER_BEFORE.exec(text.slice(Math.max(0, at - NEAR), at))?.[1] ??
		'';
	return neighbour !== neighbour.toLowerCase() ? to.toUpperCase() : `${capital}${to.slice(1)}`;
}

const SPELLERS: ReadonlyMap<string, Speller> = new Map(
	LANGUAGES.map((language) => [language, compile(OVERLAYS[language])] as const),
);
const spellGreek = compile(GREEK);

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/gu;
const GREEK_LETTERS = /[\u0370-\u03ff\u1f00-\u1fff]/;
/** An iota below is silent, and without case it would pass for a letter of its own. */
const IOTA_BELOW = /\u0345/g;
const SEPARATORS = /[\t\n\v\f\r\u0085\u2028\u2029]/g;
/** Emoji with their skin tones and flags: the library spells them as ":name:", which is no part of anybody's name. */
const EMOJI =
	/[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}][\u200d\u20e3\ufe0e\ufe0f\u{e0020}-\u{e007f}]*/gu;
const BLANKS = / {2,}/g;
const LETTER_OR_MARK = /[\p{L}\p{M}]/u;
const CAPITAL = /\p{Lu}/u;
/** Letters by class, apostrophes by use (Hawaiian, Ukrainian). */
const APOSTROPHES = /[\u02b9\u02bb-\u02bd]/;
const NOT_ALPHANUMERIC = /[^A-Za-z0-9]/g;

/**
 * One character by the library, which knows no capitals around it (Ж is always Zh). The quotes with which it tells letters apart
 * (Armenian ch', Arabic `) are no part of a name.
 */
function asciiOf(character: string, at: number, text: string): string {
	if (APOSTROPHES.test(character)) return "'";
	const ascii = anyAscii(character);
	if (!LETTER_OR_MARK.test(character)) return ascii.replace(NOT_PRINTABLE_ASCII, '');
	const letters = ascii.replace(NOT_ALPHANUMERIC, '');
	return letters.length > 1 && CAPITAL.test(character) ? inCaseOf(character, letters.toLowerCase(), text, at) : letters;
}

function withoutEmoji(text: string): string {
	const without = text.replace(EMOJI, '');
	return without === text ? text : without.replace(BLANKS, ' ').trim();
}

/** Greek letters have no other spelling in any language, so ELOT 743 serves everybody. */
function spellGreekLetters(text: string): string {
	if (!GREEK_LETTERS.test(text)) return text;
	return spellGreek(text.normalize('NFD').replace(IOTA_BELOW, '')).normalize('NFC');
}

/** The overlay for a language tag: by the tag itself, or by what stands before its first hyphen. */
function spellerFor(language: string): Speller | undefined {
	return SPELLERS.get(language) ?? SPELLERS.get(/^[A-Za-z]*(?=[-_]|$)/.exec(language)?.[0].toLowerCase() ?? '');
}

/**
 * Spells a name in ASCII as its language does. Idempotent; the cost grows with the text's length alone.
 * @param text any script
 * @param language a tag such as "de" or "de-AT"; for a language without an overlay, and for '', the library alone
 * @returns printable ASCII; '' when there is nothing to spell (only emoji, for example)
 */
export function toAscii(text: string, language = ''): string {
	if (PRINTABLE_ASCII.test(text)) return text;
	const visible = spellGreekLetters(withoutEmoji(text.normalize('NFC').replace(SEPARATORS, ' ')));
	const spelt = spellerFor(language)?.(visible) ?? visible;
	return spelt.replace(NOT_PRINTABLE_ASCII, asciiOf);
}

/**
 * Microsoft Entra ID's table for NormalizeDiacritics ("Reference for writing expressions for attribute mappings"), letter by letter. It has
 * Latin letters only, no œ without a macron, no đ and nothing of Vietnamese. The capitals are the same table in capitals.
 */
const ENTRA_LETTERS: Readonly<Record<string, string>> = {
	a: 'ä à â ã å á ą ă ā ā́ ā̀ ā̂ ā̃ ǟ ā̈ ǡ a̱ å̄',
	ae: 'æ ǣ',
	c: 'ç č ć c̄ c̱',
	d: 'ď d̄ ḏ',
	e: 'ë è é ê ę ě ė ē ḗ ḕ ē̂ ē̃ ê̄ e̱ ë̄ e̊̄',
	g: 'ğ ḡ g̱',
	i: 'ï î ì í ı ī ī́ ī̀ ī̂ ī̃ i̱',
	l: 'ľ ł l̄ ḹ ḻ',
	n: 'ñ ń ň n̄ ṉ',
	o: 'ö ò ő õ ô ó ō ṓ ṑ ō̂ ō̃ ȫ ō̈ ǭ ȭ ȱ o̱',
	oe: 'ø ø̄ œ̄',
	r: 'ř r̄ ṟ ṝ',
	s: 'š ś ș ş s̄ s̱',
	ss: 'ß',
	t: 'ť ț t̄ ṯ',
	u: 'ü ù û ú ů ű ū ū́ ū̀ ū̂ ū̃ u̇̄ ǖ ṻ ṳ̄ u̱',
	y: 'ÿ ý ȳ ȳ́ ȳ̀ ȳ̃ y̱',
	z: 'ź ž ż z̄ ẕ',
};

/** ß has no capital in the table, and ı shares I with i, whose capital with a dot is the one that stands there. */
const entraTable: ReadonlyMap<string, string> = new Map(
	Object.entries(ENTRA_LETTERS).flatMap(([to, letters]) =>
		letters
			.normalize('NFC')
			.split(' ')
			.flatMap((letter): (readonly [string, string])[] => [
				[letter, to],
				...(letter === 'ß' ? [] : [[letter === 'ı' ? 'İ' : letter.toUpperCase(), to.toUpperCase()] as const]),
			]),
	),
);
const ENTRA_PATTERN = new RegExp(
	[...entraTable.keys()].sort((left, right) => right.length - left.length).join('|'),
	'g',
);

/**
 * Spells a name as Entra ID's expression NormalizeDiacritics does, for accounts that must be named alike on both sides.
 * @returns text in NFC; letters that the table does not have stay as they are, so it need not be ASCII
 */
export function toEntraAscii(text: string): string {
	if (PRINTABLE_ASCII.test(text)) return text;
	return text.normalize('NFC').replace(ENTRA_PATTERN, (letter) => entraTable.get(letter) ?? letter);
}
