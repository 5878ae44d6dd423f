import fc from 'fast-check';
import { findCountry } from '../../../lib/schema/country';

/** ISO 3166-1 and the usual short names, written down here from the standard and not from the package. */
const KNOWN: readonly (readonly [alpha2: string, alpha3: string, number: string, name: string])[] = [
	['AF', 'AFG', '004', 'Afghanistan'],
	['AT', 'AUT', '040', 'Austria'],
	['AU', 'AUS', '036', 'Australia'],
	['BO', 'BOL', '068', 'Bolivia'],
	['CD', 'COD', '180', 'Congo (DRC)'],
	['CG', 'COG', '178', 'Republic of the Congo'],
	['CH', 'CHE', '756', 'Switzerland'],
	['CI', 'CIV', '384', "Côte d'Ivoire"],
	['CN', 'CHN', '156', 'China'],
	['CZ', 'CZE', '203', 'Czechia'],
	['DE', 'DEU', '276', 'Germany'],
	['FR', 'FRA', '250', 'France'],
	['GB', 'GBR', '826', 'United Kingdom'],
	['GR', 'GRC', '300', 'Greece'],
	['IN', 'IND', '356', 'India'],
	['IR', 'IRN', '364', 'Iran'],
	['JP', 'JPN', '392', 'Japan'],
	['KP', 'PRK', '408', 'North Korea'],
	['KR', 'KOR', '410', 'South Korea'],
	['LA', 'LAO', '418', 'Laos'],
	['MD', 'MDA', '498', 'Moldova'],
	['MK', 'MKD', '807', 'North Macedonia'],
	['NL', 'NLD', '528', 'Netherlands'],
	['RO', 'ROU', '642', 'Romania'],
	['RS', 'SRB', '688', 'Serbia'],
	['RU', 'RUS', '643', 'Russia'],
	['SD', 'SDN', '729', 'Sudan'],
	['SE', 'SWE', '752', 'Sweden'],
	['SS', 'SSD', '728', 'South Sudan'],
	['SY', 'SYR', '760', 'Syria'],
	['TR', 'TUR', '792', 'Türkiye'],
	['TW', 'TWN', '158', 'Taiwan'],
	['TZ', 'TZA', '834', 'Tanzania'],
	['US', 'USA', '840', 'United States'],
	['VA', 'VAT', '336', 'Vatican City'],
	['VE', 'VEN', '862', 'Venezuela'],
	['VN', 'VNM', '704', 'Vietnam'],
	['ZA', 'ZAF', '710', 'South Africa'],
];

describe('a country', () => {
	test.each(KNOWN)('%s is found by its codes and its name', (alpha2, alpha3, number, name) => {
		const country = { alpha2, name, numeric: number.replace(/^0+/, '') };
		const texts = [alpha2, alpha3, number, country.numeric, name];
		for (const text of [...texts, ...texts.map((each) => each.toLowerCase()), ` ${name.toUpperCase()}\t`])
			expect([text, findCountry(text)]).toEqual([text, country]);
	});

	test.each([
		['USA', 'US'],
		['U.S.A.', 'US'],
		['U.S.', 'US'],
		['the United States', 'US'],
		['United States of America', 'US'],
		['Great Britain', 'GB'],
		['United Kingdom of Great Britain and Northern Ireland', 'GB'],
		['England', 'GB'],
		['Scotland', 'GB'],
		['Czech Republic', 'CZ'],
		['Turkey', 'TR'],
		['Turkiye', 'TR'],
		['TÜRKİYE', 'TR'],
		['Korea, Republic of', 'KR'],
		['Korea (the Republic of)', 'KR'],
		['Republic of Korea', 'KR'],
		['Korea', 'KR'],
		["Korea (the Democratic People's Republic of)", 'KP'],
		['Democratic Republic of the Congo', 'CD'],
		['Congo (the Democratic Republic of the)', 'CD'],
		['DRC', 'CD'],
		['Congo, Republic of the', 'CG'],
		['Russian Federation', 'RU'],
		['Russian Federation (the)', 'RU'],
		['Iran (Islamic Republic of)', 'IR'],
		['Moldova, Republic of', 'MD'],
		['Bolivia (Plurinational State of)', 'BO'],
		['Tanzania, the United Republic of', 'TZ'],
		['Viet Nam', 'VN'],
		['Ivory Coast', 'CI'],
		['Côte d’Ivoire', 'CI'],
		['COTE DIVOIRE', ''],
		['Holland', 'NL'],
		['The Netherlands', 'NL'],
		['Macedonia', 'MK'],
		['Swaziland', 'SZ'],
		['Burma', 'MM'],
		['UAE', 'AE'],
		['Hong Kong SAR', 'HK'],
		['Macau', 'MO'],
		['Bosnia & Herzegovina', 'BA'],
		['Bosnia-Herzegovina', 'BA'],
		['Trinidad & Tobago', 'TT'],
		['St. Lucia', 'LC'],
		['Saint Barthelemy', 'BL'],
		['Åland', ''],
		['Åland Islands', 'AX'],
		['Curacao', 'CW'],
		['Sao Tome and Principe', 'ST'],
		['Réunion', 'RE'],
		['Federal Republic of Germany', 'DE'],
		['Slovak Republic', 'SK'],
		['Dominica', 'DM'],
		['Dominican Republic', 'DO'],
		['Guinea', 'GN'],
		['Guinea-Bissau', 'GW'],
		['Equatorial Guinea', 'GQ'],
		['Papua New Guinea', 'PG'],
		['Niger', 'NE'],
		['Nigeria', 'NG'],
		['ＤＥ', 'DE'],
		['Ger\u00admany', 'DE'],
	])('%j is %s', (text, alpha2) => {
		expect(findCountry(text)?.alpha2 ?? '').toBe(alpha2);
	});

	test('UK and EL, which ISO does not have as codes, mean GB and GR, and are never written', () => {
		expect(findCountry('UK')).toEqual({ alpha2: 'GB', name: 'United Kingdom', numeric: '826' });
		expect(findCountry('el')).toEqual({ alpha2: 'GR', name: 'Greece', numeric: '300' });
	});

	test('Kosovo has the codes that users of ISO 3166 gave it', () => {
		const kosovo = { alpha2: 'XK', name: 'Kosovo', numeric: '983' };
		expect(['XK', 'xkk', '983', 'Kosovo'].map(findCountry)).toEqual([kosovo, kosovo, kosovo, kosovo]);
	});

	test.each([
		'',
		' ',
		'.',
		'the',
		'Germ',
		'Germany East',
		'German',
		'Deutschland',
		'Berlin',
		'XX',
		'ZZ',
		'EU',
		'AN',
		'YUG',
		'999',
		'0',
		'000',
		'0276',
		'2760',
		'27.6',
		'-276',
		'+276',
		'1e2',
		'2 76',
		'DE,AT',
		'Germany, Austria',
		'Congo',
		'Virgin Islands',
		'America',
		'Republic of China',
		'ДE',
		'日本',
		'Chad日本',
		'constructor',
		'__proto__',
		'toString',
		'a'.repeat(100_000),
		'( '.repeat(100_000),
	])('%j is none', (text) => {
		expect(findCountry(text)).toBeUndefined();
	});

	test('has two letters, a name that `co` can hold and a number that `countryCode` can hold, for all of ISO 3166-1', () => {
		const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
		const codes = letters.flatMap((first) => letters.map((second) => first + second));
		const found = codes.flatMap((code) => findCountry(code) ?? []);
		const countries = [...new Map(found.map((country) => [country.alpha2, country])).values()];
		// The 249 of ISO 3166-1 and Kosovo.
		expect(countries).toHaveLength(250);
		expect(found).toHaveLength(252);
		for (const { alpha2, name, numeric } of countries) {
			expect(alpha2).toMatch(/^[A-Z]{2}$/);
			expect(numeric).toMatch(/^[1-9][0-9]{0,2}$/);
			expect(name.length).toBeLessThanOrEqual(128);
			expect(name).toBe(name.trim().normalize('NFC'));
			expect(findCountry(numeric)?.alpha2).toBe(alpha2);
			expect(findCountry(name)?.alpha2).toBe(alpha2);
		}
		expect(new Set(countries.map(({ name }) => name)).size).toBe(250);
		expect(new Set(countries.map(({ numeric }) => numeric)).size).toBe(250);
	});

	test('is found the same with blanks around and in any case, and never from a part of its name', () => {
		const name = fc.constantFrom(...KNOWN.map((row) => row[3])).filter((each) => !each.includes(' '));
		fc.assert(
			fc.property(name, fc.array(fc.boolean()), fc.nat(), (known, capitals, cut) => {
				const mixed = [...known].map((letter, at) => (capitals[at] ? letter.toUpperCase() : letter.toLowerCase()));
				expect(findCountry(` ${mixed.join('')} `)).toEqual(findCountry(known));
				const part = known.slice(0, 4 + (cut % Math.max(1, known.length - 4)));
				if (part !== known && part.length > 3) expect([part, findCountry(part)]).toEqual([part, undefined]);
			}),
		);
	});

	test('is looked for in any text without an error', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const found = findCountry(text);
				if (found) expect(findCountry(found.alpha2)).toEqual(found);
			}),
		);
	});
});
