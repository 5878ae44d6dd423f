/**
 * Whose letters and numbers: a person's language and country, read from what an HR system says of them. The language comes as a tag in most
 * (SCIM, RFC 7643 section 4.1.1 "preferredLanguage": as in the header Accept-Language), as a name in some.
 */
import { findCountry } from '../schema/country';
import type { Locale } from './locale';

/** ISO 639-1, then 639-2 (two codes where libraries have one of their own), then English names without accents. */
const LANGUAGES = `
aa aar: Afar; ab abk: Abkhazian; af afr: Afrikaans; ak aka: Akan; am amh: Amharic; an arg: Aragonese; ar ara: Arabic; as asm: Assamese;
av ava: Avaric; ay aym: Aymara; az aze: Azerbaijani, Azeri; ba bak: Bashkir; be bel: Belarusian, Belorussian; bg bul: Bulgarian;
bi bis: Bislama; bm bam: Bambara; bn ben: Bengali, Bangla; bo bod tib: Tibetan; br bre: Breton; bs bos: Bosnian;
ca cat: Catalan, Valencian; ce che: Chechen; ch cha: Chamorro; co cos: Corsican; cr cre: Cree; cs ces cze: Czech; cv chv: Chuvash;
cy cym wel: Welsh; da dan: Danish; de deu ger: German; dv div: Divehi; dz dzo: Dzongkha; ee ewe: Ewe; el ell gre: Greek, Modern Greek;
en eng: English; eo epo: Esperanto; es spa: Spanish, Castilian; et est: Estonian; eu eus baq: Basque; fa fas per: Persian, Farsi;
ff ful: Fula; fi fin: Finnish; fj fij: Fijian; fo fao: Faroese; fr fra fre: French; fy fry: Western Frisian; ga gle: Irish, Irish Gaelic;
gd gla: Scottish Gaelic; gl glg: Galician; gn grn: Guarani; gu guj: Gujarati; gv glv: Manx; ha hau: Hausa; he heb: Hebrew; hi hin: Hindi;
ho hmo: Hiri Motu; hr hrv: Croatian; ht hat: Haitian Creole, Haitian; hu hun: Hungarian; hy hye arm: Armenian; hz her: Herero;
id ind: Indonesian, Bahasa Indonesia; ig ibo: Igbo; ii iii: Sichuan Yi; ik ipk: Inupiaq; is isl ice: Icelandic; it ita: Italian;
iu iku: Inuktitut; ja jpn: Japanese; jv jav: Javanese; ka kat geo: Georgian; kg kon: Kongo; ki kik: Kikuyu; kj kua: Kuanyama;
kk kaz: Kazakh; kl kal: Kalaallisut, Greenlandic; km khm: Khmer, Cambodian; kn kan: Kannada; ko kor: Korean; kr kau: Kanuri;
ks kas: Kashmiri; ku kur: Kurdish; kv kom: Komi; kw cor: Cornish; ky kir: Kyrgyz, Kirghiz; la lat: Latin;
lb ltz: Luxembourgish, Luxemburgish; lg lug: Ganda; li lim: Limburgish; ln lin: Lingala; lo lao: Lao; lt lit: Lithuanian;
lu lub: Luba-Katanga; lv lav: Latvian; mg mlg: Malagasy; mh mah: Marshallese; mi mri mao: Maori; mk mkd mac: Macedonian;
ml mal: Malayalam; mn mon: Mongolian; mr mar: Marathi; ms msa may: Malay; mt mlt: Maltese; my mya bur: Burmese, Myanmar; na nau: Nauru;
nb nob: Norwegian Bokmal, Bokmal; nd nde: North Ndebele; ne nep: Nepali; ng ndo: Ndonga; nl nld dut: Dutch, Flemish;
nn nno: Norwegian Nynorsk, Nynorsk; no nor: Norwegian; nr nbl: South Ndebele; nv nav: Navajo; ny nya: Nyanja, Chichewa; oc oci: Occitan;
oj oji: Ojibwa; om orm: Oromo; or ori: Odia, Oriya; os oss: Ossetic, Ossetian; pa pan: Punjabi, Panjabi; pl pol: Polish;
ps pus: Pashto, Pushto; pt por: Portuguese; qu que: Quechua; rm roh: Romansh, Rhaeto-Romance; rn run: Rundi;
ro ron rum: Romanian, Moldovan, Moldavian; ru rus: Russian; rw kin: Kinyarwanda, Rwanda; sa san: Sanskrit; sc srd: Sardinian;
sd snd: Sindhi; se sme: Northern Sami, Sami; sg sag: Sango; si sin: Sinhala, Sinhalese; sk slk slo: Slovak; sl slv: Slovenian, Slovene;
sm smo: Samoan; sn sna: Shona; so som: Somali; sq sqi alb: Albanian; sr srp: Serbian; ss ssw: Swati; st sot: Southern Sotho, Sesotho;
su sun: Sundanese; sv swe: Swedish; sw swa: Swahili, Kiswahili; ta tam: Tamil; te tel: Telugu; tg tgk: Tajik; th tha: Thai;
ti tir: Tigrinya; tk tuk: Turkmen; tl tgl: Tagalog; tn tsn: Tswana; to ton: Tongan; tr tur: Turkish; ts tso: Tsonga; tt tat: Tatar;
tw twi: Twi; ty tah: Tahitian; ug uig: Uyghur, Uighur; uk ukr: Ukrainian; ur urd: Urdu; uz uzb: Uzbek; ve ven: Venda; vi vie: Vietnamese;
wa wln: Walloon; wo wol: Wolof; xh xho: Xhosa; yi yid: Yiddish; yo yor: Yoruba; za zha: Zhuang;
zh zho chi: Chinese, Mandarin, Mandarin Chinese; zu zul: Zulu
`;

/** Withdrawn codes (ISO 639-1/RA: iw, in, ji, mo, sh), and spoken languages that share the spelling of a written one. */
const OTHER_CODES: readonly (readonly [code: string, language: string])[] = [
	['iw', 'he'],
	['in', 'id'],
	['ji', 'yi'],
	['mo', 'ro'],
	['sh', 'sr'],
	['cmn', 'zh'],
	['gsw', 'de'],
	['fil', 'tl'],
];

/**
 * The one language in which a country writes names in its registers: official alone, or in fact (US, GB, AU). Where names come in the
 * spelling of two or more (BE, BY, CA, CH, HK, IN, LU, SG, ZA …) a country says nothing about its people. Finland is here: Finnish and Swedish
 * letters are spelt alike. So is Cyprus, whose registers of the Republic are Greek.
 */
const COUNTRIES_OF: Readonly<Record<string, string>> = {
	ar: 'AE BH EG JO KW LB LY OM QA SA SY TN YE',
	az: 'AZ',
	bg: 'BG',
	cs: 'CZ',
	da: 'DK',
	de: 'AT DE LI',
	el: 'CY GR',
	en: 'AU GB IE JM NZ US',
	es: 'AR CL CO CR CU DO EC ES GT HN MX NI PA PE SV UY VE',
	et: 'EE',
	fa: 'IR',
	fi: 'FI',
	fr: 'FR MC',
	he: 'IL',
	hr: 'HR',
	hu: 'HU',
	hy: 'AM',
	id: 'ID',
	is: 'IS',
	it: 'IT SM VA',
	ja: 'JP',
	ka: 'GE',
	ko: 'KP KR',
	lt: 'LT',
	lv: 'LV',
	mn: 'MN',
	nl: 'NL',
	no: 'NO SJ',
	pl: 'PL',
	pt: 'AO BR MZ PT',
	ro: 'MD RO',
	ru: 'RU',
	sk: 'SK',
	sl: 'SI',
	sq: 'AL',
	sr: 'RS',
	sv: 'AX SE',
	th: 'TH',
	tr: 'TR',
	uk: 'UA',
	vi: 'VN',
	zh: 'CN TW',
};

const languageByCode = new Map<string, string>();
const languageByName = new Map<string, string>();
const languageByCountry = new Map<string, string>();

/** Letters and digits in small ASCII, one blank between words; other letters stay and so match no name. */
const nameKey = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();

function fill(): void {
	for (const entry of LANGUAGES.trim().split(/;\s*/)) {
		const [codes = '', names = ''] = entry.split(': ');
		const [language = '', ...others] = codes.split(' ');
		for (const code of [language, ...others]) languageByCode.set(code, language);
		for (const name of names.split(', ')) languageByName.set(nameKey(name), language);
	}
	for (const [code, language] of OTHER_CODES) languageByCode.set(code, language);
	languageByName.set('filipino', 'tl');
	languageByName.set('swiss german', 'de');
	for (const [language, countries] of Object.entries(COUNTRIES_OF))
		for (const country of countries.split(' ')) languageByCountry.set(country, language);
}
fill();

/** Longer than any tag or name in use; a longer text is neither, and is not worth the work. */
const MAX_LENGTH = 100;
/** Several languages in order of preference ("de-AT, en;q=0.8"), or a system's character set ("de_DE.UTF-8", "de_DE@euro"): the first counts. */
const AFTER_TAG = /[,;.@].*$/s;
const TAG = /^[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*$/i;
/** RFC 5646 section 2.1: language, up to three extended languages, script, region. */
const REGION = /^[a-z]{2,3}(?:[-_][a-z]{3}){0,3}(?:[-_][a-z]{4})?[-_]([a-z]{2}|[0-9]{3})(?![a-z0-9])/i;
/** "German (Austria)", "English - United States", "English, US". */
const NAME_AND_PLACE = /^([^(,/\u2013-]+)[(,/\u2013-]([^)]*)\)?$/u;

const NOTHING: Locale = { language: '', country: '' };

/** What a text says of a language and, beside it, of a country; '' for what it does not. */
function readLanguage(text: string): Locale {
	if (text === '' || text.length > MAX_LENGTH) return NOTHING;
	const plain = text.normalize('NFKC').trim();
	const tag = plain.replace(AFTER_TAG, '').trim();
	if (TAG.test(tag)) {
		const language = languageByCode.get((/^[a-z]+/i.exec(tag)?.[0] ?? '').toLowerCase());
		const region = REGION.exec(tag)?.[1] ?? '';
		if (language !== undefined || region !== '')
			return { language: language ?? '', country: findCountry(region)?.alpha2 ?? '' };
	}
	const whole = languageByName.get(nameKey(plain));
	if (whole !== undefined) return { language: whole, country: '' };
	const [, name = '', place = ''] = NAME_AND_PLACE.exec(plain) ?? [];
	const language = languageByName.get(nameKey(name));
	return language === undefined ? NOTHING : { language, country: findCountry(place)?.alpha2 ?? '' };
}

/**
 * A person's language and country. Each comes from its own field; the region of a language tag ("de-AT") serves as country where the
 * country's field gives none, and the country as language where the language's field gives none and the country has one only.
 * @param given the texts of the two fields, '' for none: a tag, an ISO 639 code or an English name, and anything `findCountry` reads;
 * what cannot be read counts as none
 * @param fallback for what is still unknown then
 */
export function personLocale(given: { readonly language: string; readonly country: string }, fallback: Locale): Locale {
	const read = readLanguage(given.language);
	const country = (given.country === '' ? undefined : findCountry(given.country)?.alpha2) ?? read.country;
	const language = read.language || (languageByCountry.get(country) ?? '');
	return { language: language || fallback.language, country: country || fallback.country };
}
