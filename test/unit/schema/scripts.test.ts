import fc from 'fast-check';
import { mixedScriptWords } from '../../../lib/schema/scripts';

describe('words that mix letters of several scripts', () => {
	test.each<[text: string, words: string[]]>([
		['P\u0430ul Smith', ['P\u0430ul']],
		['Paul Smi\u03c4h', ['Smi\u03c4h']],
		['\u0410dmin', ['\u0410dmin']],
		['\u0561dmin and P\u0430ul', ['\u0561dmin', 'P\u0430ul']],
		// Lisu's letters A and B.
		['\ua4ee\ua4d0na', ['\ua4ee\ua4d0na']],
		["O'\u0411rien", ["O'\u0411rien"]],
		['Anna-\u041c\u0430\u0440\u0438\u044f', ['Anna-\u041c\u0430\u0440\u0438\u044f']],
	])('are found in %j', (text, words) => {
		expect(mixedScriptWords(text)).toEqual(words);
	});

	test.each([
		'',
		'Paul Smith',
		'Jürgen Müller',
		'Łukasz Ångström',
		'Nguyễn Thị Ánh',
		'Юрий Хрущёв',
		'Παπαδόπουλος Γιώργος',
		'Анна Smith',
		'王小明',
		'たなか カオル 田中',
		'김민준 Kim',
		'T社 Yamada太郎',
		'محمد علي',
		'משה כהן',
		'Room 5б'.replace('б', 'b'),
		'e\u0301 a\u0300',
	])('are not in %j', (text) => {
		expect(mixedScriptWords(text)).toEqual([]);
	});

	test('are never found in Latin text, whatever its marks', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[A-Za-zÀ-ɏ\u0300-\u036f0-9 '.-]{0,40}$/), (text) => {
				expect(mixedScriptWords(text)).toEqual([]);
			}),
		);
	});
});
