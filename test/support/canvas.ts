/** Pictures of whole workflows, for docs/templates. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkflow } from './editor';

const PROJECT = path.resolve(__dirname, '../..');

/**
 * The canvas from end to end. Kept in test-results/, and in docs/templates/ when UPDATE_PICTURES is set.
 * @param file without `.png`: the template's
 */
export async function canvasPicture(page: Page, url: string, workflowId: string, file: string): Promise<void> {
	const before = page.viewportSize();
	await page.setViewportSize({ width: 1600, height: 900 });
	await openWorkflow(page, url, workflowId);
	// The key of n8n's "zoom to fit".
	await page
		.locator('[data-test-id="canvas-wrapper"], .vue-flow__pane')
		.first()
		.click({ position: { x: 5, y: 5 } });
	await page.keyboard.press('1');
	await page.waitForTimeout(1500);
	const kept = path.join(PROJECT, 'test-results', `${file}.png`);
	mkdirSync(path.dirname(kept), { recursive: true });
	await page.screenshot({ path: kept });
	if (process.env['UPDATE_PICTURES']) {
		const shipped = path.join(PROJECT, 'docs/templates');
		mkdirSync(shipped, { recursive: true });
		copyFileSync(kept, path.join(shipped, `${file}.png`));
	}
	if (before) await page.setViewportSize(before);
}
