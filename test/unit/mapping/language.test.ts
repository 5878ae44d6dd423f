import fc from 'fast-check';
import { personLocale } from '../../../lib/mapping/language';
import { NO_LOCALE, type Locale } from '../../../lib/mapping/locale';

const FALLBACK: Locale = { language: 'en', country: 'US' };
const read = (language: string, country = '', fallback = NO_LOCALE) => {
	const locale = personLocale({ language, country }, fallback);
	return `${locale.language}|${locale.country}`;
};

describe("a person's language", () => {
	test.each([
		// Tags
		['de', 'de|'],
		['DE', 'de|'],
		['de-AT', 'de|AT'],
		['DE_at', 'de|AT'],
		['de_DE.UTF-8', 'de|DE'],
		['de_DE@euro', 'de|DE'],
		['zh-Hant-TW', 'zh|TW'],
		['zh-cmn-Hans-CN', 'zh|CN'],
		['sr-Latn', 'sr|'],
		['es-419', 'es|'],
		['de-276', 'de|DE'],
		['en-UK', 'en|GB'],
		['el-EL', 'el|GR'],
		['de-DE-u-co-phonebk', 'de|DE'],
		['de-u-rg-atzzzz', 'de|'],
		['en-x-at', 'en|'],
		['de-CH-1996', 'de|CH'],
		['nn-NO', 'nn|NO'],
		['no', 'no|'],
		['uk', 'uk|'],
		['iw', 'he|'],
		['en-XX', 'en|'],
		// Preference lists (SCIM's preferredLanguage is one)
		['de-AT, en;q=0.8', 'de|AT'],
		['fr;q=1.0', 'fr|'],
		// ISO 639-2 and 639-3
		['deu', 'de|'],
		['ger', 'de|'],
		['GRE', 'el|'],
		['ell', 'el|'],
		['cze', 'cs|'],
		['ces-CZ', 'cs|CZ'],
		['cmn', 'zh|'],
		['gsw-CH', 'de|CH'],
		// English names
		['German', 'de|'],
		['GERMAN', 'de|'],
		[' Norwegian Bokmål ', 'nb|'],
		['Norwegian (Bokmål)', 'nb|'],
		['Farsi', 'fa|'],
		['Chinese (Simplified)', 'zh|'],
		['Portuguese (Brazil)', 'pt|BR'],
		['English - United Kingdom', 'en|GB'],
		['English (UK)', 'en|GB'],
		['German, Austria', 'de|AT'],
		['English/US', 'en|US'],
		['Lao', 'lo|'],
		['(German)', 'de|'],
		// What says nothing
		['', '|'],
		[' ', '|'],
		['xx', '|'],
		['zxx', '|'],
		['und', '|'],
		['Deutsch', '|'],
		['Klingon', '|'],
		['n/a', '|'],
		['-', '|'],
		['C', '|'],
		['12', '|'],
		['Germans', '|'],
		['Germ', '|'],
		['constructor', '|'],
		['__proto__', '|'],
		['German'.repeat(50), '|'],
		['a-'.repeat(100_000), '|'],
	])('%j says %s', (language, locale) => {
		expect(read(language)).toBe(locale);
	});

	test('leaves the region of a tag standing whose language nobody knows', () => {
		expect(read('ceb-PH')).toBe('|PH');
	});
});

describe('a country without a language', () => {
	test.each([
		['AT', 'de'],
		['LI', 'de'],
		['DE', 'de'],
		['Germany', 'de'],
		['276', 'de'],
		['DEU', 'de'],
		['SE', 'sv'],
		['AX', 'sv'],
		['FI', 'fi'],
		['DK', 'da'],
		['NO', 'no'],
		['IS', 'is'],
		['GR', 'el'],
		['EL', 'el'],
		['CY', 'el'],
		['UA', 'uk'],
		['BG', 'bg'],
		['RU', 'ru'],
		['RS', 'sr'],
		['TR', 'tr'],
		['Turkey', 'tr'],
		['AZ', 'az'],
		['PL', 'pl'],
		['UK', 'en'],
		['US', 'en'],
		['BR', 'pt'],
	])('%s has the language %s', (country, language) => {
		expect(personLocale({ language: '', country }, { language: 'xx', country: '' }).language).toBe(language);
	});

	test.each(['BE', 'BY', 'CA', 'CH', 'HK', 'IN', 'LU', 'SG', 'ZA', 'BA', 'XK', 'Narnia', ''])(
		'%j has none of its own, and the fallback serves',
		(country) => {
			expect(personLocale({ language: '', country }, { language: 'fr', country: '' }).language).toBe('fr');
		},
	);

	test('comes from the region of a tag as well', () => {
		expect(read('xx-SE')).toBe('sv|SE');
	});
});

describe('language and country together', () => {
	test.each([
		// language, country, what is read, with the fallback en|US
		['de', 'CH', 'de|CH'],
		['de-AT', 'CH', 'de|CH'],
		['de-AT', '', 'de|AT'],
		['de-AT', 'Narnia', 'de|AT'],
		['sv', '', 'sv|US'],
		['sv', 'Narnia', 'sv|US'],
		['', 'SE', 'sv|SE'],
		['Klingon', 'SE', 'sv|SE'],
		['', 'CH', 'en|CH'],
		['Klingon', 'Narnia', 'en|US'],
		['', '', 'en|US'],
		['sv', 'Germany', 'sv|DE'],
	])('%j and %j are %s', (language, country, locale) => {
		expect(read(language, country, FALLBACK)).toBe(locale);
	});

	test('a default is read like a person, with nothing behind it', () => {
		expect(personLocale({ language: '', country: 'Austria' }, NO_LOCALE)).toEqual({ language: 'de', country: 'AT' });
	});

	test('are codes always, whatever the texts say', () => {
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.string({
				unit: fc.constantFrom('de', 'en', '-', '_', '(', ')', ' ', 'AT', 'German', ',', '.', '419', '\u0301'),
			}),
		);
		fc.assert(
			fc.property(text, text, (language, country) => {
				const locale = personLocale({ language, country }, NO_LOCALE);
				expect(locale.language).toMatch(/^(?:[a-z]{2})?$/);
				expect(locale.country).toMatch(/^(?:[A-Z]{2})?$/);
				expect(personLocale(locale, NO_LOCALE)).toEqual(locale);
			}),
			{ numRuns: 1000 },
		);
	});
});
