/** Phone numbers in one form (ITU-T E.164), where they are valid ones. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type Phone = {
	/** "+" and digits, or the text as it was given. */
	readonly text: string;
	readonly e164: boolean;
};

/** Longer texts are no phone numbers, and none of HR's fields for them holds more (rangeUpper of telephoneNumber). */
const LONGEST = 64;

/**
 * @param text clean text
 * @param country ISO alpha-2 of the person, for numbers without a prefix of their own; '' = unknown
 * @returns the number in E.164 when it is valid and has no extension, for which E.164 has no place
 */
export function toPhone(text: string, country: string): Phone {
	const asGiven = { text, e164: false };
	if (text.length > LONGEST || !/\p{Nd}/u.test(text)) return asGiven;
	// Letters of a number are a word to remember it by, or an extension in words: either way somebody meant them.
	const number = text.normalize('NFKC').replace(/^tel:/i, '');
	// "901820/22" is a range of extensions, and a comma or semicolon parts two numbers, or begins an extension.
	if (/\p{L}|[,;]|\/\s*\d{1,3}$/u.test(number)) return asGiven;
	const home = isSupportedCountry(country) ? country : undefined;
	// The international prefix of most countries (ITU-T E.164 annex), for those who do not say where they dial from.
	const dialled = home === undefined ? number.replace(/^\s*00/, '+') : number;
	const parsed = parsePhoneNumberFromString(dialled, {
		...(home === undefined ? {} : { defaultCountry: home }),
		extract: false,
	});
	if (!parsed?.isValid() || parsed.ext !== undefined) return asGiven;
	return { text: parsed.number, e164: true };
}
