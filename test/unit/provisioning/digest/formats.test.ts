import fc from 'fast-check';
import type { Digest } from '../../../../lib/contracts';
import { breakable, escapeHtml } from '../../../../lib/provisioning/digest/html';
import { makeDigest, type PlanWithoutDigest } from '../../../../lib/provisioning/digest/makeDigest';
import { escapeMarkdown } from '../../../../lib/provisioning/digest/markdown';
import { visible } from '../../../../lib/provisioning/digest/visible';
import { NAUGHTY } from '../../../support/naughty';
import { changeOf, everyKind, HASH, hostilePlan, planOf } from './plans';

const digestOf = (plan: PlanWithoutDigest, rows?: number): Digest =>
	makeDigest(plan, { hash: HASH, ...(rows === undefined ? {} : { rows }) });

/** Tags in their order of appearance; sizes differ with the counts. */
const tagsOf = (html: string): readonly string[] =>
	(html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/\d+%/g, '%'));
const ENTITIES: Readonly<Record<string, string>> = {
	...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`', '&#36;': '$', '&nbsp;': ' ' },
	...{ '&rarr;': '→', '&#9632;': '■' },
};
const textOf = (html: string): string =>
	html.replace(/<[^>]*>/g, '\n').replace(/&[#\w]+;/g, (entity) => ENTITIES[entity] ?? `?${entity}?`);
/** What is put in and not seen: breaks, and the isolates of right-to-left text. */
const seen = (text: string): string => text.replace(/[\u200b\u2068\u2069]/g, '');

/** With distinguished names and without, for both kinds of every place in which a text may stand. */
const OURS = [planOf(everyKind()), planOf(everyKind(), { kind: 'undo' }), hostilePlan('CN=x,DC=y'), hostilePlan('x')];
const OUR_TAGS = {
	html: new Set(OURS.flatMap((plan) => tagsOf(digestOf(plan).html))),
	formHtml: new Set(OURS.flatMap((plan) => tagsOf(digestOf(plan).formHtml))),
};

const hostile = fc
	.array(
		fc.oneof(
			fc.constantFrom('<script>', '</td>', '"><img src=x onerror=alert(1)>', '<!--', '{{ $env.X }}', '&lt;', "'", '`'),
			fc.constantFrom('|', '\n', '\r\n', '\u202e', '\u2069', '[x](http://y.z)', '@all', '#12', 'www.x.y', '\\n', '**'),
			fc.string({ unit: 'binary', maxLength: 5 }),
			fc.constantFrom('אב', 'محمد', ' ', '=', '-', '😀', '\u0000', '\ud800'),
		),
		{ minLength: 1, maxLength: 12 },
	)
	.map((parts) => parts.join(''));

function expectHarmless(text: string): void {
	const digest = digestOf(hostilePlan(text));
	const shown = seen(visible(text.length <= 120 ? text : text.slice(0, 110)));
	for (const kind of ['html', 'formHtml'] as const) {
		for (const tag of tagsOf(digest[kind])) expect(OUR_TAGS[kind]).toContain(tag);
		expect(digest[kind].replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
		expect(digest[kind]).not.toContain('{{');
		expect(seen(textOf(digest[kind]))).toContain(shown);
		expect(textOf(digest[kind])).not.toContain('?&');
	}
	expect(digest.markdown.replaceAll('<br>', '')).not.toMatch(/[<>]/);
	for (const line of digest.markdown.split('\n').filter((one) => one.startsWith('|')))
		expect(line.replace(/\\[\s\S]/g, '').match(/\|/g)).toHaveLength(6);
	for (const all of [digest.title, digest.text, digest.markdown, digest.html, digest.formHtml]) {
		expect(all).not.toContain('{{');
		expect(all).not.toMatch(/[\u202a-\u202e\u2066\u2067\u200e\u200f]/);
		expect(all.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cs}/u);
	}
}

describe('hostile text', () => {
	test.each(NAUGHTY)('%.40j is text in every format', (text) => {
		expectHarmless(text);
	});

	test('of any kind makes no element, no template, no row and no turned text', () => {
		fc.assert(fc.property(hostile, expectHarmless), { numRuns: 150 });
	});
});

describe('HTML', () => {
	test('has only what n8n’s forms let through, in the form kind', () => {
		const allowed = /^<\/?(?:h3|h4|p|b|strong|br|table|thead|tbody|tr|th|td|code|ul|li)>$|^<td colspan="2">$/;
		for (const tag of OUR_TAGS.formHtml) expect(tag).toMatch(allowed);
	});

	test('has nothing from outside, no script and no style sheet, in the mail kind', () => {
		for (const tag of OUR_TAGS.html) {
			expect(tag).not.toMatch(/^<(?:script|style|link|img|a|iframe|svg|form|base)\b/i);
			expect(tag).not.toMatch(/\b(?:src|href|on\w+|class|id)=|url\(|@import|expression/i);
		}
	});

	test('a whole plan is a well-formed table', () => {
		const { html } = digestOf(planOf(everyKind()));
		const open: string[] = [];
		for (const tag of tagsOf(html)) {
			const name = /^<\/?(\w+)/.exec(tag)?.[1] ?? '';
			if (['meta', 'br', 'wbr', ''].includes(name)) continue;
			if (tag.startsWith('</')) expect(open.pop()).toBe(name);
			else open.push(name);
		}
		expect(open).toEqual([]);
	});

	test('text comes back from its escaped form', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(textOf(escapeHtml(text))).toBe(text)));
	});

	test('long words may break, and nothing else is put in', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
				expect(breakable(text).replaceAll('\u200b', '')).toBe(text.replaceAll('\u200b', ''));
				expect(breakable(text)).not.toMatch(/[^\s\u200b]{25}/u);
			}),
		);
	});

	test('n8n’s forms find nothing to put in for a dollar sign', () => {
		const drawn = 'before {{ x }} after'.replace('{{ x }}', escapeHtml("$& $' $` $$ ${a}"));
		expect(textOf(drawn)).toBe("before $& $' $` $$ ${a} after");
	});

	test('n8n’s forms find no new line in a backslash', () => {
		expect(breakable('CORP\\name')).toBe('CORP\\\u200bname');
	});
});

describe('Markdown', () => {
	test.each([
		['a|b', 'a\\|b'],
		['`x` *y* _z_ ~q~', '\\`x\\` \\*y\\* \\_z\\_ \\~q\\~'],
		['<b> & </b>', '&lt;b&gt; &amp; &lt;/b&gt;'],
		['[x](y)', '\\[x\\](y)'],
		['![x]', '\\!\\[x\\]'],
		['a\\b', 'a\\\\b'],
		['# title', '\\# title'],
		['#12', '\\#\u200b12'],
		['a@corp.com', 'a@\u200bcorp\u200b.com'],
		['https://x.y', 'https:\u200b//x\u200b.y'],
		['www.x.y', 'www\u200b.x\u200b.y'],
		[':smile:', ':\u200bsmile:'],
		['- item', '\\- item'],
		['1. item', '1\\. item'],
		['+49', '\\+49'],
		['===', '\\==='],
		['a\nb', 'a b'],
		['Ada Lovelace', 'Ada Lovelace'],
	])('%j is written as %j', (text, markdown) => {
		expect(escapeMarkdown(text)).toBe(markdown);
	});
});

describe('plain text', () => {
	test('has before and after side by side', () => {
		const { text } = digestOf(planOf(everyKind()));
		expect(text).toMatch(/^ {2}changed +department +Sales -> Engineering$/m);
		expect(text).toMatch(/^Carl Gauß \(E1777\): leaver, HIGH RISK$/m);
	});

	test('has no line of more than 100 characters where words allow it', () => {
		const long = digestOf(
			planOf(everyKind(), {
				notes: ['word '.repeat(60)],
				feed: { ...planOf([]).feed, absenceRefused: ['why '.repeat(60)] },
			}),
		);
		for (const line of long.text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
	});
});

describe('a long plan', () => {
	const low = Array.from({ length: 120 }, (_, index) =>
		changeOf({
			displayName: `Low ${index}`,
			steps: [{ do: 'set', writes: [{ attribute: 'title', from: 'a', to: 'b' }] }],
		}),
	);
	const high = Array.from({ length: 60 }, (_, index) =>
		changeOf({
			displayName: `High ${index}`,
			lifecycle: 'leaver',
			risk: 'high',
			steps: [{ do: 'disable', fromUac: 512, with: [] }],
		}),
	);
	const formats = ({ text, markdown, html, formHtml }: Digest) => [text, markdown, html, formHtml].map(seen);

	test('is cut after so many people, and says how many more there are', () => {
		const digest = digestOf(planOf(low), 50);
		expect(digest.cut).toBe(70);
		for (const one of formats(digest)) {
			expect(one).toContain('Low 49');
			expect(one).not.toContain('Low 50');
			expect(one).toContain('And 70 more people, none with a high risk');
		}
	});

	test('never loses anybody with a high risk, and shows them first', () => {
		const digest = digestOf(planOf([...low, ...high]), 50);
		expect(digest.cut).toBe(120);
		for (const one of formats(digest)) {
			for (let index = 0; index < 60; index += 1) expect(one).toContain(`High ${index}`);
			expect(one).not.toContain('Low');
		}
		const some = digestOf(planOf([...low, ...high.slice(0, 3)]), 5).text;
		expect(some.indexOf('High 2')).toBeLessThan(some.indexOf('Low 0'));
		expect(some).toContain('Low 1');
		expect(some).not.toContain('Low 2');
	});

	test('is cut further where a mail program would stop, the same in every format', () => {
		const writes = Array.from({ length: 20 }, (_, index) => ({
			attribute: `extensionAttribute${index}`,
			from: null,
			to: 'x'.repeat(120),
		}));
		const wide = low.map((change) => ({ ...change, steps: [{ n: 1, do: 'set' as const, writes }] }));
		const digest = digestOf(planOf([...wide, ...high.slice(0, 2)]), 100);
		expect(Buffer.byteLength(digest.html)).toBeLessThan(102 * 1024);
		expect(Buffer.byteLength(digest.html)).toBeGreaterThan(90 * 1024);
		const shown = 122 - digest.cut;
		expect(digest.cut).toBeGreaterThan(80);
		for (const one of formats(digest)) {
			expect(one).toContain(`Low ${shown - 3}`);
			expect(one).not.toContain(`Low ${shown - 2}`);
			expect(one).toContain(`And ${digest.cut} more people`);
		}
	});

	test('one more person is said in the singular', () => {
		expect(digestOf(planOf(low.slice(0, 3)), 2).text).toContain('And 1 more person, none');
	});
});

test('a digest carries the hash that it was given', () => {
	const digest = digestOf(planOf(everyKind()));
	expect(digest.hash).toBe(HASH);
	for (const one of [digest.text, digest.markdown, digest.html, digest.formHtml]) expect(seen(one)).toContain(HASH);
	expect(digest.formCss).not.toMatch(/[<.]\w*[a-z-]+\s*\{/);
});
