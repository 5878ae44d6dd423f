import fc from 'fast-check';
import { LANGUAGES, toAscii } from '../../../lib/mapping/ascii';

describe('a name in ASCII', () => {
	test.each([
		// German
		['Jürgen Groß', 'de', 'Juergen Gross'],
		['Änne Öztürk', 'de', 'Aenne Oeztuerk'],
		['Jürgen', 'de-AT', 'Juergen'],
		['Jürgen', 'DE_ch', 'Juergen'],
		['MÜLLER', 'de', 'MUELLER'],
		['Ü', 'de', 'Ue'],
		['STRAẞE', 'de', 'STRASSE'],
		// Swedish, Finnish
		['Björn Öberg', 'sv', 'Bjorn Oberg'],
		['Åsa Ängström', 'sv', 'Asa Angstrom'],
		['Päivi Mäkelä', 'fi', 'Paivi Makela'],
		// Danish, Norwegian
		['Søren Kjærgård', 'da', 'Soeren Kjaergaard'],
		['Øyvind Ås', 'nb', 'Oeyvind Aas'],
		['ØYVIND', 'no', 'OEYVIND'],
		['Æsa Bjørnå', 'nn', 'Aesa Bjoernaa'],
		// Icelandic
		['Þórður Guðjónsson', 'is', 'Thordur Gudjonsson'],
		['ÞÓRA', 'is', 'THORA'],
		// Turkish
		['Işık Yıldız', 'tr', 'Isik Yildiz'],
		['İbrahim Gül', 'tr', 'Ibrahim Gul'],
		['Çağla Şengör', 'tr', 'Cagla Sengor'],
		// Greek (ELOT 743)
		['Γιώργος Παπαδόπουλος', 'el', 'Giorgos Papadopoulos'],
		['Ουρανία', 'el', 'Ourania'],
		['Λούκας', 'el', 'Loukas'],
		['Ευάγγελος', 'el', 'Evangelos'],
		['Λευτέρης', 'el', 'Lefteris'],
		['Παύλος', 'el', 'Pavlos'],
		['Μπάμπης', 'el', 'Bampis'],
		['Ντίνος', 'el', 'Ntinos'],
		['Χρήστος', 'el', 'Christos'],
		['Κυριάκος', 'el', 'Kyriakos'],
		// Without an overlay: the library alone
		['José Muñoz', 'es', 'Jose Munoz'],
		['François Lefèvre', 'fr', 'Francois Lefevre'],
		['Łukasz Żółć', 'pl', 'Lukasz Zolc'],
		['Jiří Dvořák', 'cs', 'Jiri Dvorak'],
		['Đorđe', '', 'Dorde'],
		['Юрий Хрущёва', 'ru', 'Yuriy Khrushcheva'],
		['王小明', 'zh', 'WangXiaoMing'],
		['たなか', 'ja', 'tanaka'],
		['João', 'pt', 'Joao'],
		['Ștefan Țepeș', 'ro', 'Stefan Tepes'],
		['Jürgen', '', 'Jurgen'],
		['O’Brien', 'en', "O'Brien"],
	])('%s in the language %j is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
	});

	test('differs by language where the letters do', () => {
		expect(['de', 'sv', 'tr', ''].map((language) => toAscii('Öz', language))).toEqual(['Oez', 'Oz', 'Oz', 'Oz']);
	});

	test('is the same for composed and decomposed letters', () => {
		for (const language of [...LANGUAGES, ''])
			for (const name of ['Jürgen', 'Åsa', 'Öberg', 'Γιώργος Λούκας', 'İ'])
				expect(toAscii(name.normalize('NFD'), language)).toBe(toAscii(name, language));
	});

	test.each(['', '😀', '🏳️‍🌈', '\u200b'])('is nothing for %j', (text) => {
		expect(toAscii(text)).toBe('');
	});

	test('leaves out emoji and keeps the name around them', () => {
		expect(toAscii('Ada😀 Lovelace', 'de')).toBe('Ada Lovelace');
	});

	test('is printable ASCII always, whatever the text and the language', () => {
		const language = fc.oneof(fc.constantFrom(...LANGUAGES, '', 'zh-Hant'), fc.string());
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), language, (text, tag) => {
				expect(toAscii(text, tag)).toMatch(/^[\x20-\x7e]*$/);
			}),
			{ numRuns: 1000 },
		);
	});

	test.each(['constructor', '__proto__', 'toString', 'xx', 'deutsch', '-', '1'])(
		'takes no notice of the language %j',
		(tag) => {
			expect(toAscii('Öz', tag)).toBe('Oz');
		},
	);

	test('leaves printable ASCII as it is, in every language', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom(...LANGUAGES, ''), (text, language) => {
				expect(toAscii(text, language)).toBe(text);
			}),
		);
	});
});
