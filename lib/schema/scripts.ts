/** Letters of several scripts in one word: they look alike, and a person should look (UTS 39, "single script" and "highly restrictive"). */

const PLAIN = /^[\u0000-\u024f\u1e00-\u1eff\u2000-\u206f]*$/;
const LETTERS = /\p{L}+(?:[\p{L}\p{M}'’.-]*\p{L})?/gu;
const SCRIPTS = [
	...[
		'Latin',
		'Cyrillic',
		'Greek',
		'Armenian',
		'Cherokee',
		'Coptic',
		'Georgian',
		'Hebrew',
		'Arabic',
		'Devanagari',
		'Thai',
	],
	...['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo'],
].map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);
/** Letters of any script but these: some of Lisu and Tifinagh look like Latin ones too. */
const ELSEWHERE = new RegExp(
	`(?![\\p{Script=Common}\\p{Script=Inherited}${SCRIPTS.map(([name]) => `\\p{Script=${name}}`).join('')}])\\p{L}`,
	'u',
);
/** Written together in one word by those who write them. */
const TOGETHER: ReadonlyArray<ReadonlySet<string>> = [
	new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
	new Set(['Latin', 'Han', 'Bopomofo']),
	new Set(['Latin', 'Han', 'Hangul']),
];

/** @returns the words whose letters come from scripts that nobody writes together */
export function mixedScriptWords(text: string): readonly string[] {
	if (PLAIN.test(text)) return [];
	return (text.match(LETTERS) ?? []).filter((word) => {
		const scripts = SCRIPTS.filter(([, letters]) => letters.test(word)).map(([name]) => name);
		if (ELSEWHERE.test(word)) scripts.push('another');
		return scripts.length > 1 && !TOGETHER.some((set) => scripts.every((name) => set.has(name)));
	});
}
