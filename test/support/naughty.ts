/** Strings that break things, by what they break; after the "Big List of Naughty Strings". */
export const NAUGHTY: readonly string[] = [
	...['undefined', 'null', 'NaN', 'true', '0x0', '1e1000', '-0', '__proto__', 'constructor', 'hasOwnProperty'],
	...[
		'\u0000',
		'\u0001\u0002\u001f',
		'\u200b\u200e\u202e\u2066test\u2069',
		'\ufeff',
		'\ufffe',
		'\ud800',
		'\udfff\ud800',
	],
	...[
		'Ω≈ç√∫˜µ≤≥÷',
		'部落格',
		'사회과학원 어학연구소',
		'찦차를 타고 온 펲시맨과',
		'ﷺ',
		'田中さんにあげて下さい',
		'👩🏽‍💻👨‍👩‍👧‍👦',
	],
	...['Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤', '˙ɐnbᴉlɐ', '𝕋𝕙𝕖 𝕢𝕦𝕚𝕔𝕜', 'ﬁ', '０１２', 'ﾊﾝｶｸ'],
	...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' OR 1=1 --", '${7*7}', '{{7*7}}', '{% raw %}'],
	...['%s%s%n', '../../../../etc/passwd', '\\\\host\\c$', 'CN=x,DC=y', '*)(objectClass=*', '=cmd|calc', '@SUM(1+1)'],
	...['a'.repeat(70_000), ' '.repeat(5000), '\n'.repeat(500), "Robert'); DROP TABLE Students;--", '$(touch x)'],
	...['a\r\nb', 'a;b\\', 'x,OU=Admins', '2026-02-30', '+49 30 901820', 'SMTP:x@y', 'a@b.c', '${key}', '{% if %}'],
];
