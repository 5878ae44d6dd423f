/** n8n's forms as a signed-in person fills them in, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import type { Owner } from '../../demo/n8n/server.ts';
import { signIn } from './editor';

/** A window of somebody's own, signed in. */
export async function windowOf(browser: Browser, url: string, user: Owner): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1000, height: 1000 } });
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	await signIn(page, url, user);
	return page;
}

/** Opens a first page. n8n asks once whether the form may know who somebody is. */
export async function openForm(page: Page, address: string, button: string): Promise<void> {
	await page.goto(address);
	const start = page.getByRole('button', { name: button });
	const allow = page.getByRole('button', { name: /allow|authorize|continue/i });
	await start.or(allow).first().waitFor();
	if (await allow.isVisible()) await allow.click();
	await start.waitFor();
}

/** A page has its heading; nothing on it is alive, and nothing sticks out to the side. */
export async function seePage(page: Page, heading: string): Promise<string> {
	await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
	const { alive, wide, text } = await page.evaluate<{ alive: string[]; wide: boolean; text: string }>(`({
		alive: [...document.querySelectorAll('.card a, .card img, .card iframe, .card script')].map((one) => one.outerHTML),
		wide: document.documentElement.scrollWidth > window.innerWidth,
		text: document.querySelector('.container').innerText,
	})`);
	if (alive.length > 0) throw new Error(`Alive on the page "${heading}": ${alive.join(' ')}`);
	if (wide) throw new Error(`The page "${heading}" scrolls sideways.`);
	return text.replaceAll('\u200b', '');
}
