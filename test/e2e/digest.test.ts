/** The digest where approvers read it: as mail, and in a form that n8n's own code makes, both in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { ensureN8n } from '../../demo/n8n/install.ts';
import type { Digest } from '../../lib/contracts';
import { makeDigest, type PlanWithoutDigest } from '../../lib/provisioning/digest/makeDigest';
import { visible } from '../../lib/provisioning/digest/visible';
import { newPage, openBrowser, picture } from '../support/editor';
import { drawnByN8n } from '../support/n8n-form';
import { NAUGHTY } from '../support/naughty';
import { changeOf, everyKind, HASH, hostilePlan, planOf } from '../unit/provisioning/digest/plans';

jest.setTimeout(300_000);

/** Each would set a flag, open a dialog or ask for something from outside, if it were alive. */
const LIVE = [
	'<script>window.hacked = 1; alert(1)</script>',
	'"><img src=x onerror="window.hacked=2">',
	"'><svg onload=window.hacked=3>",
	'</td></tr></table><iframe srcdoc="<script>parent.hacked=4</script>">',
	'<a href="javascript:window.hacked=5">x</a><style>@import "https://evil.example/x.css"</style>',
	'--><form action=https://evil.example><input name=x autofocus onfocus=window.hacked=6>',
	'&lt;script&gt;window.hacked=7&lt;/script&gt;',
	'{{ $env.N8N_ENCRYPTION_KEY }}',
	'<!--<img src="https://evil.example/pixel.png">',
	'https://evil.example/login www.evil.example ada@evil.example [x](https://evil.example) ![x](https://evil.example/x.png)',
	'\u202e\u2066evil\u2069\u0000',
	'W'.repeat(120),
	'﷽ﷺ'.repeat(30),
	'عبدالرحمن'.repeat(12),
	'\\n\\\\n',
];
/** Texts that stand on one page: each live one has a page of its own, so that none can undo what another does. */
const PAGES: ReadonlyArray<readonly string[]> = [...LIVE.map((text) => [text]), NAUGHTY];
const ordinary = 'CN=x,DC=y';

let browser: Browser;
let page: Page;
let digests: readonly Digest[];
let forms: { readonly plain: readonly string[]; readonly styled: readonly string[] };
let markdown: readonly string[];
/** Answered by the test itself. */
const ADDRESS = 'https://digest.example/';
let document: string;
/** What the pages did, beyond being drawn. */
let doings: string[];

/** One plan of all of them; the first makes the head. */
function hostilePlans(texts: readonly string[]): PlanWithoutDigest {
	return { ...hostilePlan(texts[0] ?? ''), changes: texts.flatMap((text) => hostilePlan(text).changes) };
}

const digestOf = (plan: PlanWithoutDigest) => makeDigest(plan, { hash: HASH });

beforeAll(async () => {
	digests = [...PAGES, [ordinary]].map((texts) => digestOf(hostilePlans(texts)));
	const drawn = drawnByN8n(await ensureN8n(), {
		pages: [
			...digests.map(({ formHtml }) => ({ html: formHtml, css: '' })),
			...digests.map(({ formHtml, formCss }) => ({ html: formHtml, css: formCss })),
		],
		markdown: digests.map((digest) => digest.markdown),
	});
	forms = { plain: drawn.pages.slice(0, digests.length), styled: drawn.pages.slice(digests.length) };
	markdown = drawn.markdown;
	browser = await openBrowser();
	page = await newPage(browser);
	page.on('dialog', (dialog) => {
		doings.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	page.on('pageerror', (error) => doings.push(`error: ${error.message}`));
	// Nothing is fetched; the form's own font and picture are n8n's, and not asked about.
	await page.route('**/*', async (route) => {
		const url = route.request().url();
		if (url === ADDRESS) return await route.fulfill({ body: document, contentType: 'text/html; charset=utf-8' });
		if (!/^https:\/\/(?:fonts\.googleapis\.com|n8n\.io)\//.test(url)) doings.push(`request: ${url}`);
		await route.abort();
	});
});

beforeEach(() => {
	doings = [];
});

afterAll(async () => {
	await browser?.close();
});

type Drawn = { readonly text: string; readonly elements: readonly string[]; readonly wide: readonly string[] };

/** What stands in a part of the page: its text, each kind of element with its attributes, and what sticks out of it to the side. */
const LOOK = (selector: string) => `(() => {
	const part = document.querySelector(${JSON.stringify(selector)});
	const all = [...part.querySelectorAll('*')];
	const described = (one) => [one.localName, ...[...one.attributes].map((attribute) => attribute.name).sort()].join(' ');
	const { scrollWidth, clientWidth } = document.scrollingElement;
	const edge = Math.min(part.getBoundingClientRect().right, clientWidth) + 1;
	const wide = all.filter((one) => one.getBoundingClientRect().right > edge).map((one) => one.outerHTML.slice(0, 200));
	return {
		text: part.textContent,
		elements: [...new Set(all.map(described))].sort(),
		wide: scrollWidth <= clientWidth ? wide : [...wide, 'the page is ' + scrollWidth + ' wide'],
	};
})()`;

async function look(html: string, width: number, selector: string): Promise<Drawn> {
	document = html;
	await page.goto(ADDRESS, { waitUntil: 'domcontentloaded' });
	return await lookAgain(width, selector);
}

async function lookAgain(width: number, selector: string): Promise<Drawn> {
	await page.setViewportSize({ width, height: 900 });
	return await page.evaluate<Drawn>(LOOK(selector));
}

const seen = (text: string): string => text.replace(/[\u200b\u2068\u2069]/g, '');
const shownOf = (text: string): string => seen(visible(text.length <= 120 ? text : text.slice(0, 110)));

async function expectHarmless(
	html: string,
	texts: readonly string[],
	selector: string,
	elements: readonly string[],
): Promise<void> {
	for (const drawn of [await look(html, 450, selector), await lookAgain(800, selector)]) {
		expect(drawn.wide).toEqual([]);
		for (const element of drawn.elements) expect(elements).toContain(element);
		for (const text of texts) expect(seen(drawn.text)).toContain(shownOf(text));
	}
	expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
	expect(doings).toEqual([]);
}

/** What the digest of a plan that means no harm is made of, with distinguished names in it and without. */
async function ours(pages: readonly (readonly [html: string, selector: string])[]): Promise<readonly string[]> {
	const elements: string[] = [];
	for (const [html, selector] of pages) elements.push(...(await look(html, 800, selector)).elements);
	return elements;
}

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

test('a mail of hostile text holds nothing but text, and does not scroll sideways', async () => {
	const elements = await ours([[last(digests).html, 'body']]);
	for (const element of elements) expect(element).not.toMatch(/ on|href|src|script|class| id/);
	for (const [index, texts] of PAGES.entries())
		await expectHarmless(digests[index]?.html ?? '', texts, 'body', [...elements, 'span style']);
});

test.each(['plain', 'styled'] as const)('a %s form of hostile text holds nothing but text', async (kind) => {
	const elements = await ours([[last(forms[kind]), 'div.html']]);
	for (const element of elements) expect(element).toMatch(/^(?:\w+|td colspan|input id name type value)$/);
	for (const [index, texts] of PAGES.entries()) {
		const html = forms[kind][index] ?? '';
		expect(html).not.toContain('EVALUATED');
		await expectHarmless(html, texts, 'div.html', elements);
	}
});

test('Markdown of hostile text holds no link, no picture and no markup of its own', async () => {
	const elements = await ours([[last(markdown), 'body']]);
	for (const element of elements) expect(element).toMatch(/^(?:h3|p|strong|ul|li|table|thead|tbody|tr|th|td|br)$/);
	for (const [index, texts] of PAGES.entries()) {
		const drawn = await look(markdown[index] ?? '', 800, 'body');
		for (const element of drawn.elements) expect(elements).toContain(element);
		for (const text of texts) expect(seen(drawn.text)).toContain(shownOf(text));
	}
	expect(doings).toEqual([]);
});

describe('an ordinary plan', () => {
	const movers = Array.from({ length: 60 }, (_, index) =>
		changeOf({
			key: `E${3000 + index}`,
			displayName: `Mover ${index + 1}`,
			steps: [{ do: 'set', writes: [{ attribute: 'department', from: 'Sales', to: 'Engineering' }] }],
		}),
	);
	const plan = planOf([...everyKind(), ...movers], {
		guard: {
			ok: false,
			breaches: [
				{
					rule: 'disable',
					limit: 3,
					actual: 12,
					message: '12 accounts would be disabled in 24 hours, and the limit is 3 (5 % of 58).',
				},
			],
		},
		notes: ['The group "Night Shift" cannot be used: it does not exist.'],
	});

	test('reads well as mail', async () => {
		const { text } = await look(digestOf(plan).html, 800, 'body');
		expect(text).toContain('OVER LIMIT: 65 changes');
		await page.setViewportSize({ width: 800, height: 1400 });
		await picture(page, 'digest-mail');
	});

	test('reads well in a form', async () => {
		const { formHtml, formCss } = digestOf(plan);
		const { pages } = drawnByN8n(await ensureN8n(), { pages: [{ html: formHtml, css: formCss }], markdown: [] });
		const { text } = await look(pages[0] ?? '', 900, 'div.html');
		expect(seen(text)).toContain('OVER LIMIT: 65 changes');
		await page.setViewportSize({ width: 900, height: 1400 });
		await picture(page, 'digest-form');
	});
});
