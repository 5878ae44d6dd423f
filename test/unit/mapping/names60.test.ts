import { toAscii } from '../../../lib/mapping/ascii';
import { personLocale } from '../../../lib/mapping/language';
import { NO_LOCALE } from '../../../lib/mapping/locale';
import { findCountry } from '../../../lib/schema/country';

type Row = readonly [name: string, language: string, ascii: string];

/** What the state's own rule or its passports give: named in lib/mapping/ascii.ts for each language. */
const BY_RULE: readonly Row[] = [
	// German
	['Jürgen Groß', 'de', 'Juergen Gross'],
	['Änne Weißmüller-Lüdenscheidt', 'de', 'Aenne Weissmueller-Luedenscheidt'],
	['ÖZGÜR STRAẞER', 'de', 'OEZGUER STRASSER'],
	['Jörg Böhm', 'de-AT', 'Joerg Boehm'],
	// Swedish, Finnish
	['Björn Öberg', 'sv', 'Bjorn Oberg'],
	['Åsa Hägglund', 'sv', 'Asa Hagglund'],
	['Väinö Hämäläinen', 'fi', 'Vaino Hamalainen'],
	// Danish, Norwegian
	['Søren Kjærgård', 'da', 'Soeren Kjaergaard'],
	['Åge Ærøskov', 'da', 'Aage Aeroeskov'],
	['Øyvind Ødegård', 'nb', 'Oeyvind Oedegaard'],
	['KÅRE BJØRNÆS', 'nn', 'KAARE BJOERNAES'],
	// Icelandic
	['Þórður Guðjónsson', 'is', 'Thordur Gudjonsson'],
	['Ægir Björnsson', 'is', 'Aegir Bjornsson'],
	// Turkish, Azerbaijani
	['Işık Yıldız', 'tr', 'Isik Yildiz'],
	['İbrahim Çağlayan', 'tr', 'Ibrahim Caglayan'],
	['Şule Öztürk', 'tr', 'Sule Ozturk'],
	['Çingiz İsmayılov', 'az', 'Cingiz Ismayilov'],
	// Greek
	['Γιώργος Παπαδόπουλος', 'el', 'Giorgos Papadopoulos'],
	['Αύρα Ευθυμίου', 'el', 'Avra Efthymiou'],
	['ΑΓΓΕΛΙΚΗ ΜΠΟΥΜΠΟΥΡΗ', 'el', 'ANGELIKI BOUMPOURI'],
	['Χαράλαμπος Γκίκας', 'el', 'Charalampos Gkikas'],
	['Σφίγγα Ψαρρού', 'el', 'Sfinga Psarrou'],
	// Russian
	['Дмитрий Щербаков', 'ru', 'Dmitrii Shcherbakov'],
	['Семён Королёв', 'ru', 'Semen Korolev'],
	['Юлия Подъячева', 'ru', 'Iuliia Podieiacheva'],
	['ХЬЮБЕРТ ЦЫГАНОВ', 'ru', 'KHIUBERT TSYGANOV'],
	// Ukrainian: the examples of resolution 55 and names made of them
	['Юрій Згурський', 'uk', 'Yurii Zghurskyi'],
	['Дем’ян Їжакевич', 'uk', 'Demian Yizhakevych'],
	["Костянтин Короп'є", 'uk', 'Kostiantyn Koropie'],
	['Соломія Ярошенко-Єнакієва', 'uk', 'Solomiia Yaroshenko-Yenakiieva'],
	// Bulgarian
	['Мария Щерева', 'bg', 'Maria Shtereva'],
	['Кръстьо Юруков', 'bg', 'Krastyo Yurukov'],
	['ИЛИЯ ХАДЖИЙСКИ', 'bg', 'ILIA HADZHIYSKI'],
	// Serbian, in both of its scripts
	['Љубица Цветковић', 'sr', 'Ljubica Cvetkovic'],
	['Ђорђе Жаркић', 'sr', 'Djordje Zarkic'],
	['Đorđe Žarkić', 'sr', 'Djordje Zarkic'],
];

/** No overlay: the letters without their marks, or what the usual romanisation of the script gives. */
const BY_LIBRARY: readonly Row[] = [
	// Latin letters whose marks are left out
	['Łukasz Brzęczyszczykiewicz', 'pl', 'Lukasz Brzeczyszczykiewicz'],
	['Růžena Šťastná', 'cs', 'Ruzena Stastna'],
	['Ľubomír Kráľ', 'sk', 'Lubomir Kral'],
	['Győző Szűcs', 'hu', 'Gyozo Szucs'],
	['Ștefan Țepeș', 'ro', 'Stefan Tepes'],
	['Željko Čačić', 'hr', 'Zeljko Cacic'],
	['Jānis Bērziņš', 'lv', 'Janis Berzins'],
	['Žydrūnas Šimkevičius', 'lt', 'Zydrunas Simkevicius'],
	['Ġorġ Żammit', 'mt', 'Gorg Zammit'],
	['Pádraig Ó Súilleabháin', 'ga', 'Padraig O Suilleabhain'],
	['François Lefèvre', 'fr', 'Francois Lefevre'],
	['José Íñiguez Muñoz', 'es', 'Jose Iniguez Munoz'],
	['João Gonçalves', 'pt', 'Joao Goncalves'],
	['Nguyễn Thị Minh Khai', 'vi', 'Nguyen Thi Minh Khai'],
	['Đặng Văn Ước', 'vi', 'Dang Van Uoc'],
	// Cyrillic of other languages
	['Никола Груевски', 'mk', 'Nikola Gruevski'],
	['Бат-Эрдэнэ', 'mn', 'Bat-Erdene'],
	// Georgian (national system of 2002) and Armenian: no apostrophes, as in passports
	['გიორგი ბერიძე', 'ka', 'giorgi beridze'],
	['კახა თოიძე', 'ka', 'kakha toidze'],
	['Արամ Խաչատրյան', 'hy', 'Aram Khachatryan'],
	// Scripts that leave vowels out
	['דוד לוי', 'he', 'dvd lvy'],
	['محمد علي', 'ar', 'mhmd ly'],
	// Scripts of India, Ethiopia and Thailand
	['मीना देवी', 'hi', 'mina devi'],
	['মীনা', 'bn', 'mina'],
	['ਰਾਣੀ', 'pa', 'rani'],
	['மாலா', 'ta', 'mala'],
	['రాము', 'te', 'ramu'],
	['മാലിനി', 'ml', 'malini'],
	['አበበ', 'am', 'abebe'],
	['มานี', 'th', 'mani'],
	// Pinyin, Hepburn, Revised Romanisation
	['王小明', 'zh', 'WangXiaoMing'],
	['陳美玲', 'zh-Hant-TW', 'ChenMeiLing'],
	['たなか さくら', 'ja', 'tanaka sakura'],
	['スズキ ハナコ', 'ja', 'suzuki hanako'],
	['김민수', 'ko', 'GimMinSu'],
];

describe('names of the world in ASCII', () => {
	test('are at least 60 in at least 15 scripts', () => {
		const names = [...BY_RULE, ...BY_LIBRARY].map(([name]) => name);
		const scripts = 'Arab Armn Beng Cyrl Deva Ethi Geor Grek Guru Hang Hani Hebr Hira Kana Latn Mlym Taml Telu Thai';
		const found = scripts
			.split(' ')
			.filter((script) => names.some((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)));
		expect(new Set(names).size).toBeGreaterThanOrEqual(60);
		expect(found.length).toBeGreaterThanOrEqual(15);
	});

	test.each(BY_RULE)('%s (%s) is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
		expect(toAscii(name.normalize('NFD'), language)).toBe(ascii);
	});

	test.each(BY_LIBRARY)('%s (%s) is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
		expect(toAscii(name.normalize('NFD'), language)).toBe(ascii);
	});
});

describe('the published traps', () => {
	test('UK is no ISO code, and means GB as a country but Ukrainian as a language', () => {
		expect(findCountry('UK')?.alpha2).toBe('GB');
		expect(personLocale({ language: 'en-UK', country: '' }, NO_LOCALE)).toEqual({ language: 'en', country: 'GB' });
		expect(personLocale({ language: 'uk', country: '' }, NO_LOCALE).language).toBe('uk');
	});

	test('a Swedish Ö is not a German Ö', () => {
		const spelt = (country: string) =>
			toAscii('Öberg', personLocale({ language: '', country }, { language: 'en', country: '' }).language);
		expect(['Sweden', 'DE', 'AUT', 'CH', ''].map(spelt)).toEqual(['Oberg', 'Oeberg', 'Oeberg', 'Oberg', 'Oberg']);
	});

	test.each(['el', 'de', 'en', ''])('a Greek ου is ou and not oy, for a person of the language %j too', (language) => {
		expect(toAscii('Παπαδόπουλος Ουρανία ΛΟΥΚΆΣ', language)).toBe('Papadopoulos Ourania LOUKAS');
	});

	test.each([
		['İI ıi', 'II ii'],
		['İ'.normalize('NFD'), 'I'],
		['DİYARBAKIRLI', 'DIYARBAKIRLI'],
		['Iğdır', 'Igdir'],
	])('the four Turkish i keep their case: %s is %s', (name, ascii) => {
		expect(toAscii(name, 'tr')).toBe(ascii);
	});

	test.each([
		['O’Neil', 'en', "O'Neil"],
		["D'Angelo", 'it', "D'Angelo"],
		['D’Angelò', 'it', "D'Angelo"],
		['Kaʻiulani', 'haw', "Ka'iulani"],
		['N‘Diaye', 'fr', "N'Diaye"],
		['O’Neil Знам’янський', 'uk', "O'Neil Znamianskyi"],
	])('an apostrophe of a name stays one: %s (%s) is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
	});

	test.each([
		['García–Márquez', 'es', 'Garcia-Marquez'],
		['Müller-Lüdenscheidt', 'de', 'Mueller-Luedenscheidt'],
		['García y Núñez', 'es', 'Garcia y Nunez'],
		['Ющенко-Ярова', 'uk', 'Yushchenko-Yarova'],
		['Παπαδοπούλου-Μπότση', 'el', 'Papadopoulou-Botsi'],
	])('a double surname keeps both its halves: %s (%s) is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
	});

	test.each([
		['Björk', 'is', 'Bjork'],
		['Suharto', 'id', 'Suharto'],
		['Ö', 'de', 'Oe'],
		['Щ', 'bg', 'Sht'],
	])('a name of one word is one: %s (%s) is %s', (name, language, ascii) => {
		expect(toAscii(name, language)).toBe(ascii);
	});

	test('a name of 64 characters is not cut, and grows where its letters do', () => {
		const ascii = `${'Wolfeschlegelstein'.repeat(3)}hausenberg`;
		expect(ascii).toHaveLength(64);
		expect(toAscii(ascii, 'de')).toBe(ascii);
		expect(toAscii('ü'.repeat(64), 'de')).toBe('ue'.repeat(64));
		expect(toAscii('щ'.repeat(64), 'ru')).toBe('shch'.repeat(64));
	});

	test.each([
		['Ada 😀 Lovelace', 'Ada Lovelace'],
		['Ada😀', 'Ada'],
		['👩🏽‍💻 Grace Hopper 🇺🇸', 'Grace Hopper'],
		['José ❤️ 1️⃣', 'Jose 1'],
		['🏴󠁧󠁢󠁥󠁮󠁧󠁿 Alan Turing ®', 'Alan Turing'],
	])('emoji are no part of a name: %s is %s', (name, ascii) => {
		expect(toAscii(name)).toBe(ascii);
	});
});
