/** n8n's editor in a real browser (Debian's Chromium), and pictures of it. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import type { Owner } from '../../demo/n8n/server.ts';

const PROJECT = path.resolve(__dirname, '../..');

/** As root Chromium needs --no-sandbox; the others keep it from looking for a network. */
const FLAGS = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}

export async function newPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
	page.setDefaultTimeout(60_000);
	return page;
}

export async function signIn(page: Page, url: string, owner: Owner): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email]').fill(owner.email);
	await page.locator('input[type=password]').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((address) => !address.pathname.includes('signin'));
}

export async function openWorkflow(page: Page, url: string, workflowId: string): Promise<void> {
	await page.goto(`${url}/workflow/${workflowId}`);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
}

/** Opens a node's panel, gives it to `look`, and closes it. */
export async function withPanel(
	page: Page,
	nodeName: string,
	look: (panel: ReturnType<Page['locator']>) => Promise<void>,
): Promise<void> {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).dblclick();
	const panel = page.locator('[data-test-id="node-parameters"]').first();
	await panel.waitFor();
	await look(panel);
	// Escape would close only what has the focus in it: a list, say.
	await page.locator('[data-test-id="ndv-close-button"]').first().click();
	await panel.waitFor({ state: 'hidden' });
}

/**
 * Keeps a picture in test-results/, and in docs/images/ when UPDATE_PICTURES is set: addresses and times differ in each run, so the
 * committed ones change only on purpose.
 */
export async function picture(page: Page, name: string): Promise<void> {
	// What moves (a panel sliding in) is still before the picture is taken.
	await page.waitForTimeout(800);
	const folder = path.join(PROJECT, 'test-results');
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, `${name}.png`);
	await page.screenshot({ path: file });
	if (process.env['UPDATE_PICTURES']) copyFileSync(file, path.join(PROJECT, 'docs/images', `${name}.png`));
}

/** Labels of a node's outputs on the canvas, from top to bottom. */
export async function outputNames(place: Page | Frame, nodeName: string): Promise<string[]> {
	const node = place.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`);
	return await place
		.locator(`.vue-flow__node:has([data-node-name="${nodeName}"]) [data-test-id="canvas-node-output-handle"]`)
		.or(node.locator('[data-test-id="canvas-node-output-handle"]'))
		.allInnerTexts();
}

/** The open node's parameters, by their names. */
export function panelOf(page: () => Page): {
	readonly field: (name: string) => Locator;
	readonly textOf: (name: string, at?: number) => Promise<string>;
	readonly choose: (name: string, option: string) => Promise<void>;
	readonly save: () => Promise<void>;
} {
	const field = (name: string) => page().locator(`[data-test-id="parameter-input-${name}"]`);
	return {
		field,
		textOf: (name, at = 0) => field(name).nth(at).locator('input, textarea').first().inputValue(),
		choose: async (name, option) => {
			await field(name).first().click();
			const options = page().locator('[role=option]:visible');
			await options
				.filter({ has: page().getByText(option, { exact: true }) })
				.first()
				.click();
			await options.first().waitFor({ state: 'hidden' });
		},
		save: async () => {
			await page().keyboard.press('Control+s');
			await page().waitForTimeout(1500);
		},
	};
}
