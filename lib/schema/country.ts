/**
 * Countries as the directory keeps them: `c` has the two letters, `co` the name and `countryCode` the number of ISO 3166-1, and Active
 * Directory Users and Computers fills all three from its one country list (Microsoft, "User Object User Interface Mapping").
 * Codes and most English names come from the data files of i18n-iso-countries; its code is not used, so only about 17 kB are bundled.
 */
import codes from 'i18n-iso-countries/codes.json';
import english from 'i18n-iso-countries/langs/en.json';

export type Country = {
	/** ISO 3166-1 alpha-2 in capitals such as "DE", for `c`. */
	readonly alpha2: string;
	/** The usual English short name such as "Germany", for `co`. */
	readonly name: string;
	/** ISO 3166-1 numeric as decimal text without leading zeros such as "276" or "36", for `countryCode`. */
	readonly numeric: string;
};

/**
 * Names that are usual but not in the package, and those that should come first there. The first of a line is the name that is written:
 * where ISO has a formal name ("Iran (Islamic Republic of)"), the short one of Unicode CLDR and the Windows country list.
 * The order of the words, "the", "and", accents and punctuation make no difference, so "Korea, Republic of" needs no line of its own.
 * Not here on purpose, since they mean two countries: Congo, Virgin Islands, America.
 */
const NAMES = `
AE United Arab Emirates; Emirates; U.A.E.
AU Australia; Commonwealth of Australia
AT Austria; Republic of Austria
BA Bosnia and Herzegovina; Bosnia
BE Belgium; Kingdom of Belgium
BG Bulgaria; Republic of Bulgaria
BL Saint Barthélemy; Saint Barts
BN Brunei; Brunei Darussalam
BO Bolivia; Plurinational State of Bolivia
BQ Caribbean Netherlands; Bonaire, Sint Eustatius and Saba
BR Brazil; Brasil; Federative Republic of Brazil
BS Bahamas; Commonwealth of the Bahamas
BY Belarus; Republic of Belarus; Byelorussia
CC Cocos (Keeling) Islands; Cocos Islands; Keeling Islands
CD Congo (DRC); Democratic Republic of the Congo; DR Congo; D.R.C.; Congo Kinshasa; Zaire
CG Republic of the Congo; Congo Brazzaville
CH Switzerland; Swiss Confederation
CI Côte d'Ivoire; Ivory Coast
CN China; People's Republic of China; P.R. China; P.R.C.; Mainland China
CV Cabo Verde; Cape Verde
CY Cyprus; Republic of Cyprus
CZ Czechia; Czech Republic
DE Germany; Federal Republic of Germany
DK Denmark; Kingdom of Denmark
EE Estonia; Republic of Estonia
EG Egypt; Arab Republic of Egypt
ES Spain; Kingdom of Spain
FI Finland; Republic of Finland
FK Falkland Islands; Falkland Islands (Malvinas); Malvinas
FM Micronesia; Federated States of Micronesia
FR France; French Republic
GB United Kingdom; United Kingdom of Great Britain and Northern Ireland; Great Britain; Britain; U.K.; G.B.; England; Scotland; Wales; Northern Ireland
GM Gambia; Republic of the Gambia
GR Greece; Hellenic Republic; Hellas
GS South Georgia and the South Sandwich Islands; South Georgia
HK Hong Kong; Hong Kong SAR; Hong Kong SAR China; Hong Kong, China; Hongkong
HM Heard Island and McDonald Islands; Heard and McDonald Islands
HR Croatia; Republic of Croatia
HU Hungary; Republic of Hungary
IE Ireland; Republic of Ireland; Eire
IN India; Republic of India
IR Iran; Islamic Republic of Iran
IT Italy; Italian Republic
JP Japan; State of Japan
KN Saint Kitts and Nevis; Saint Christopher and Nevis
KP North Korea; Democratic People's Republic of Korea; D.P.R.K.
KR South Korea; Republic of Korea; Korea
KZ Kazakhstan; Republic of Kazakhstan
LA Laos; Lao People's Democratic Republic; Lao P.D.R.
LI Liechtenstein; Principality of Liechtenstein
LT Lithuania; Republic of Lithuania
LU Luxembourg; Luxemburg; Grand Duchy of Luxembourg
LV Latvia; Republic of Latvia
LY Libya; Libyan Arab Jamahiriya; State of Libya
MD Moldova; Republic of Moldova
MF Saint Martin; Saint Martin (French part)
MK North Macedonia; Republic of North Macedonia; Macedonia; F.Y.R.O.M.; Former Yugoslav Republic of Macedonia
MM Myanmar; Burma; Myanmar (Burma)
MO Macao; Macau; Macao SAR; Macau SAR; Macao SAR China; Macau SAR China
MT Malta; Republic of Malta
MX Mexico; United Mexican States
NL Netherlands; Kingdom of the Netherlands; Holland
NO Norway; Kingdom of Norway
PH Philippines; Republic of the Philippines
PL Poland; Republic of Poland
PN Pitcairn Islands; Pitcairn
PS Palestine; State of Palestine; Palestinian Territories; Palestinian Territory, Occupied; Palestinian Authority
PT Portugal; Portuguese Republic
RE Réunion
RO Romania; Rumania
RS Serbia; Republic of Serbia
RU Russia; Russian Federation
SA Saudi Arabia; Kingdom of Saudi Arabia; K.S.A.
SE Sweden; Kingdom of Sweden
SH Saint Helena; Saint Helena, Ascension and Tristan da Cunha
SI Slovenia; Republic of Slovenia
SJ Svalbard and Jan Mayen; Svalbard
SK Slovakia; Slovak Republic
ST São Tomé and Príncipe
SX Sint Maarten; Sint Maarten (Dutch part)
SY Syria; Syrian Arab Republic
SZ Eswatini; Swaziland; Kingdom of Eswatini
TF French Southern Territories; French Southern and Antarctic Lands
TL Timor-Leste; East Timor
TR Türkiye; Turkey; Republic of Turkey; Republic of Türkiye
TW Taiwan; Taiwan, Province of China; Chinese Taipei
TZ Tanzania; United Republic of Tanzania
UA Ukraine; The Ukraine
UM U.S. Outlying Islands; United States Minor Outlying Islands
US United States; United States of America; U.S.A.; U.S.
VA Vatican City; Holy See; Vatican; Vatican City State; Holy See (Vatican City State)
VE Venezuela; Bolivarian Republic of Venezuela
VG British Virgin Islands; Virgin Islands, British; B.V.I.
VI U.S. Virgin Islands; Virgin Islands, U.S.; United States Virgin Islands; U.S.V.I.
VN Vietnam; Viet Nam; Socialist Republic of Vietnam
XK Kosovo; Republic of Kosovo
ZA South Africa; Republic of South Africa; R.S.A.
`;

/**
 * Codes in wide use beside ISO's own. UK: exceptionally reserved in ISO 3166-1 for the United Kingdom, whose code is GB. EL: Greece in the
 * European Union's texts and forms (Interinstitutional Style Guide, 7.1), in ISO 3166-1 it is GR.
 * Kosovo has no ISO code. XK, XKK and 983 lie in the ranges left to users; the EU uses the first and Unicode CLDR all three, so they are
 * taken and written here too: a person in Kosovo keeps a country, and a reader who knows ISO only sees that it is none of its own.
 */
const OTHER_CODES: readonly (readonly [code: string, alpha2: string])[] = [
	['UK', 'GB'],
	['EL', 'GR'],
];

/** The package has these names for two countries each: neither is taken. */
const AMBIGUOUS = new Set(['Congo']);

const NUMBER = /^[0-9]{1,3}$/;
const MARKS = /\p{M}/gu;
/** What cannot be seen, soft hyphens for example. */
const INVISIBLE = /\p{Cf}/gu;
/** As in "U.S.A." and "St. Lucia"; not in codes, where "27.6" would become 276. */
const FULL_STOPS = /\./g;
const NOT_A_WORD = /[^\p{L}\p{N}]+/gu;
const ALIASES: Readonly<Record<string, string>> = { st: 'saint', and: '', of: '', the: '' };

/** Codes in capitals, and the names as they are written: what most records have is found at once. */
const byCode = new Map<string, Country>();
const byName = new Map<string, Country>();

/** The words of a name in one order: "Korea, Republic of" and "the Republic of Korea" are the same. Linear in the text's length. */
function nameKey(text: string): string {
	const plain = text.normalize('NFKD').replace(MARKS, '').replace(INVISIBLE, '').replace(FULL_STOPS, '').toLowerCase();
	const words = plain.replace(NOT_A_WORD, ' ').trim().split(' ');
	return words
		.map((word) => (Object.hasOwn(ALIASES, word) ? (ALIASES[word] ?? '') : word))
		.filter((word) => word !== '')
		.sort()
		.join(' ');
}

function fill(): void {
	const lines = NAMES.trim().split('\n');
	const usual = new Map(lines.map((line) => [line.slice(0, 2), line.slice(3).split('; ')]));
	const published: Readonly<Record<string, string | readonly string[]>> = english.countries;
	for (const [alpha2 = '', alpha3 = '', number = ''] of codes) {
		const names = [...(usual.get(alpha2) ?? []), ...[published[alpha2] ?? []].flat()];
		const country: Country = { alpha2, name: names[0] ?? alpha2, numeric: String(Number(number)) };
		for (const code of [alpha2, alpha3, country.numeric, country.name]) byCode.set(code, country);
		for (const name of names) if (!AMBIGUOUS.has(name)) byName.set(nameKey(name), country);
	}
	for (const [code, alpha2] of OTHER_CODES) {
		const country = byCode.get(alpha2);
		if (country) byCode.set(code, country);
	}
}
fill();

/** Longer than every country's name; a longer text is none, and is not worth the work. */
const MAX_LENGTH = 100;

/**
 * The country that a text names as a whole; never one that it only begins like.
 * @param text ISO 3166-1 alpha-2, alpha-3 or numeric ("276", "036", "36"), or an English name ("Czech Republic", "USA"), in any case
 * @returns undefined when it is none, or may be two
 */
export function findCountry(text: string): Country | undefined {
	const exact = byCode.get(text);
	if (exact) return exact;
	if (text.length > MAX_LENGTH) return undefined;
	const code = text.normalize('NFKC').replace(INVISIBLE, '').trim().toUpperCase();
	if (NUMBER.test(code)) return byCode.get(String(Number(code)));
	return byCode.get(code) ?? byName.get(nameKey(text));
}
