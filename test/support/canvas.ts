/** Pictures of whole workflows, for docs/templates, and what can be seen to be wrong with them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkflow } from './editor';

const PROJECT = path.resolve(__dirname, '../..');
/** Of the picture; a wider workflow is drawn smaller. */
const WIDEST = 3200;
/** Around the workflow, for what n8n's editor itself shows there. */
const MARGIN = { width: 340, height: 420 };
/** Everything that lies over the canvas. */
const OVERLAYS =
	'[data-test-id="canvas-controls"], [data-test-id="execute-workflow-button"], [class*="executionButtons"], [class*="nodeViewCreator"], [data-test-id="logs-panel"], [class*="nodeCreatorButton"]';

/** A workflow as far as its size is concerned. */
export type Drawn = {
	readonly nodes: ReadonlyArray<{
		readonly position: readonly [number, number];
		readonly parameters: Readonly<Record<string, unknown>>;
	}>;
};

/**
 * The canvas from end to end, its texts large enough to be read. Kept in test-results/, and in docs/templates/ when UPDATE_PICTURES is set.
 * @param file without `.png`: the template's
 */
export async function canvasPicture(
	page: Page,
	url: string,
	workflowId: string,
	file: string,
	drawn: Drawn,
): Promise<void> {
	const before = page.viewportSize();
	await page.setViewportSize(viewportFor(drawn));
	await openWorkflow(page, url, workflowId);
	// The key of n8n's "zoom to fit".
	await page
		.locator('[data-test-id="canvas-wrapper"], .vue-flow__pane')
		.first()
		.click({ position: { x: 5, y: 5 } });
	await page.keyboard.press('1');
	await page.addStyleTag({ content: `${OVERLAYS} { visibility: hidden !important }` });
	await page.waitForTimeout(1000);
	const kept = path.join(PROJECT, 'test-results', `${file}.png`);
	mkdirSync(path.dirname(kept), { recursive: true });
	await page.screenshot({ path: kept, clip: await drawnArea(page) });
	if (process.env['UPDATE_PICTURES']) {
		const shipped = path.join(PROJECT, 'docs/templates');
		mkdirSync(shipped, { recursive: true });
		copyFileSync(kept, path.join(shipped, `${file}.png`));
	}
	if (before) await page.setViewportSize(before);
}

function viewportFor({ nodes }: Drawn): { readonly width: number; readonly height: number } {
	const span = (axis: 0 | 1, size: 'width' | 'height') => {
		const ends = nodes.map(({ position, parameters }) => position[axis] + Number(parameters[size] ?? 150));
		return Math.max(...ends) - Math.min(...nodes.map(({ position }) => position[axis]));
	};
	const [width, height] = [span(0, 'width'), span(1, 'height')];
	const scale = Math.min(0.8, WIDEST / width);
	return {
		width: Math.round(Math.max(1000, width * scale) + MARGIN.width),
		height: Math.round(height * scale + MARGIN.height),
	};
}

/** Steps, their names, notes and lines, and a little around them. */
async function drawnArea(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
	return await page.evaluate(`(() => {
		const canvas = document.querySelector('[data-test-id="canvas"]').getBoundingClientRect();
		const drawn = '[data-test-id="canvas-node"], [data-test-id="sticky"], .vue-flow__edge path';
		const boxes = [...document.querySelectorAll(drawn)].map((one) => one.getBoundingClientRect()).filter(({ width }) => width > 0);
		const around = 60;
		const x = Math.max(canvas.left, Math.min(...boxes.map(({ left }) => left)) - around);
		const y = Math.max(canvas.top, Math.min(...boxes.map(({ top }) => top)) - around);
		const right = Math.min(canvas.right, Math.max(...boxes.map(({ right }) => right)) + around);
		const bottom = Math.min(canvas.bottom, Math.max(...boxes.map(({ bottom }) => bottom)) + 2 * around);
		return { x, y, width: right - x, height: bottom - y };
	})()`);
}

/**
 * What is wrong with the workflow on the canvas, as it is drawn: steps that lie on each other or on a name, and notes whose text is cut.
 * @returns a sentence each
 */
export async function flawsOnCanvas(page: Page): Promise<string[]> {
	return await page.evaluate<string[]>(`(() => {
		const flaws = [];
		const boxes = [...document.querySelectorAll('[data-test-id="canvas-node"]')].map((one) => {
			const name = one.getAttribute('data-node-name');
			// With its name below it.
			const texts = [...one.querySelectorAll('[class*="_label_"]')].map((text) => text.getBoundingClientRect().bottom);
			const { left, top, right, bottom } = one.getBoundingClientRect();
			return { name, left, top, right, bottom: Math.max(bottom, ...texts) };
		});
		for (const [index, one] of boxes.entries())
			for (const other of boxes.slice(index + 1))
				if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
					flaws.push(one.name + ' lies on ' + other.name + '.');
		for (const sticky of document.querySelectorAll('[data-test-id="sticky"]'))
			for (const text of [sticky, ...sticky.querySelectorAll('*')])
				if (text.scrollHeight > text.clientHeight + 2 && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(text).overflowY))
					flaws.push('The note "' + sticky.textContent.trim().slice(0, 30) + '" is cut.');
		return [...new Set(flaws)];
	})()`);
}
